// Statements that the owner of a database wrote, with `:name` where a value is to be bound. What stands in
// quotes, dollar quotes and comments is text like any other, and so are casts (`::int`) and assignments
// (`:=`).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::sql {

struct NamedParameter {
  std::string_view name;    // of the text that was scanned
  std::uint32_t begin = 0;  // of the colon
  std::uint32_t end = 0;
};

struct NamedParameters {
  std::vector<NamedParameter> found;  // in the order of the text; a name may come several times
  std::uint32_t end = 0;              // of the statement, without a semicolon behind it
};

// Why a text is not one statement with parameters by name, and where.
struct NamedParameterProblem {
  std::string message;
  std::uint32_t offset = 0;
};

// Refuses quotes and comments that do not end, a second statement, `:name:` (elsewhere a way to pass a name
// as it is, which would make SQL of a value), and the engine's own placeholders, whose numbers would be taken
// for others.
std::expected<NamedParameters, NamedParameterProblem> find_named_parameters(std::string_view text,
                                                                            catalog::Engine engine);

}  // namespace tenon::sql
