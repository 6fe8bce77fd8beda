// Constant values written as text, such as defaults, parsed together into one document.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "graphql/ast.h"
#include "graphql/error.h"

namespace tenon::graphql {

struct Constants {
  Document document;
  std::vector<ValueId> values;  // one for each text, in order
};

// The error names the first text that is no constant value.
std::expected<Constants, Error> parse_constants(const std::vector<std::string>& texts);

}  // namespace tenon::graphql
