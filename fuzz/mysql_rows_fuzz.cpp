// Rows of MySQL's binary protocol and arrays of a program: whatever the bytes, reading ends without harm, and
// what is read stays inside of what came.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sql/mysql/expansion.h"
#include "sql/mysql/version.h"

namespace {

using namespace tenon::sql;

void expect(bool holds) {
  if (!holds) std::abort();
}

constexpr enum_field_types types[] = {
    MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_LONG,       MYSQL_TYPE_LONGLONG, MYSQL_TYPE_INT24,
    MYSQL_TYPE_YEAR, MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE,     MYSQL_TYPE_DATE,     MYSQL_TYPE_DATETIME,
    MYSQL_TYPE_TIME, MYSQL_TYPE_BIT,   MYSQL_TYPE_NEWDECIMAL, MYSQL_TYPE_STRING,   MYSQL_TYPE_NULL};

// The first byte says how many columns there are, the next ones of which types.
void rows(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t count = static_cast<unsigned char>(bytes[0]) % 20;
  if (bytes.size() < 1 + count) return;
  std::vector<mysql::ResultColumn> columns;
  for (std::size_t i = 0; i < count; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[1 + i]);
    columns.push_back({.type = types[byte % std::size(types)],
                       .is_unsigned = (byte & 0x80) != 0,
                       .decimals = static_cast<std::uint32_t>(byte / std::size(types))});
  }
  bytes.remove_prefix(1 + count);
  mysql::RowSet set(std::move(columns));
  if (!set.append_binary(bytes)) return;
  std::vector<Cell> cells(count);
  set.read(0, cells);
  for (const Cell& cell : cells) expect(cell.text().size() <= bytes.size() * 64 + 64);
}

// As many `?` as values, for each kind of padding.
void program(std::string_view array) {
  mysql::Step step{.text = "select (?), ?"};
  step.arguments = {{.source = mysql::Argument::Source::element, .type = mysql::BindType::integer},
                    {.source = mysql::Argument::Source::parameter, .type = mysql::BindType::datetime}};
  for (const auto padding :
       {mysql::Repeat::Padding::none, mysql::Repeat::Padding::null, mysql::Repeat::Padding::last})
    for (const bool may_split : {false, true}) {
      step.repeats = {{.begin = 8,
                       .end = 9,
                       .first_argument = 0,
                       .argument_count = 1,
                       .separator = ", ",
                       .empty = "NULL",
                       .padding = padding,
                       .may_split = may_split}};
      const std::vector<Parameter> parameters{array, array};
      auto expansion = mysql::Expansion::make(step, parameters, {});
      if (!expansion) return;
      mysql::Bindings bindings;
      while (expansion->next_run().value_or(false)) {
        const std::string text = expansion->text();
        expect(static_cast<std::size_t>(std::count(text.begin(), text.end(), '?')) ==
               expansion->values().size());
        static_cast<void>(bindings.bind(expansion->values()));
      }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  rows(bytes);
  program(bytes);
  static_cast<void>(mysql::parse_version(bytes));
  return 0;
}
