// The rules of one @auth directive.
#pragma once

#include <optional>

#include "api/overlay.h"
#include "graphql/ast.h"

namespace tenon::api {

// What the rules let the holder of the API key do; nullopt when something in them is wrong or not supported,
// which `diagnostics` then says.
std::optional<ModelAccess> read_rules(const graphql::Document& document, base::SourceId source,
                                      const graphql::Directive& auth, base::Diagnostics& diagnostics);

}  // namespace tenon::api
