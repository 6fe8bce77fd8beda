// What the values of scalars that hold a text of some form must be like: AppSync's, and those of an overlay.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/overlay/overlay.h"
#include "graphql/input.h"

namespace tenon::api {

// Why a regular expression cannot be one of a scalar's; empty: it can.
std::string pattern_problem(std::string_view pattern);

// Why a value is none of the scalar's, as a message for the client; nullopt: it is one. Lists are checked
// item by item. A scalar that is neither AppSync's nor the overlay's takes everything.
std::optional<std::string> scalar_problem(const Overlay& overlay, std::string_view scalar,
                                          const graphql::InputTree& tree, const graphql::InputNode& node);

}  // namespace tenon::api
