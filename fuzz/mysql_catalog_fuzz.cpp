// What information_schema of MySQL says of columns: types and defaults, whose text is partly its users'.
#include <algorithm>
#include <string_view>

#include "sql/mysql/default.h"
#include "sql/mysql/introspect_types.h"

using namespace tenon::sql::mysql;

// A type, a line break, a default.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = std::min(input.find('\n'), input.size());
  const std::string_view type_text = input.substr(0, line);
  const std::string value(input.substr(std::min(line + 1, input.size())));
  const TypeText parsed = parse_type_text(type_text);
  const auto type = column_type(parsed, {});
  // What is told to the engine is read as the same labels, but for backslashes, which it escapes by itself.
  const bool is_plain = std::ranges::none_of(
      parsed.labels, [](const std::string& label) { return label.find('\\') != label.npos; });
  if (is_plain && !parsed.labels.empty() && parse_type_text(type.native).labels != parsed.labels)
    __builtin_trap();
  for (const bool is_mariadb : {false, true})
    for (const bool is_expression : {false, true})
      (void)parse_default(value, is_expression, type,
                          {.quotes_defaults = is_mariadb, .escapes_catalog = !is_mariadb});
  return 0;
}
