// Texts in string literals of defaults: whether each is what its field's type wants, and if not why, in the
// words of the libraries that Prisma's validator uses (serde_json, chrono, bigdecimal).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tenon::psl {

// Each gives nothing for a good text.
std::optional<std::string> json_problem(std::string_view text);
std::optional<std::string> rfc3339_problem(std::string_view text);
std::optional<std::string> integer_problem(std::string_view text);
std::optional<std::string> decimal_problem(std::string_view text);

}  // namespace tenon::psl
