// Names and strings as SQL, in the few places where a schema's text holds SQL of its own: types of enums and
// predicates of indexes. Statements are never made from these.
#pragma once

#include <string>
#include <string_view>

namespace tenon::psl {

// `"a""b"`
inline std::string quoted_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

// `'it''s'`
inline std::string sql_string(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + '\'';
}

}  // namespace tenon::psl
