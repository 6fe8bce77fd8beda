// Array text from the database and dates and times from clients: whatever the bytes, reading ends without
// harm, and what is accepted survives its own round trip.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api/values/scalars.h"
#include "api/values/time_text.h"
#include "sql/array_text.h"

namespace {

using namespace tenon;

void expect(bool holds) {
  if (!holds) std::abort();
}

// The array's tokens written again read as the same tokens.
void array(std::string_view text) {
  using Token = sql::ArrayReader::Token;
  std::string again;
  bool needs_comma = false;
  sql::ArrayReader reader(text);
  while (true) {
    const Token token = reader.next();
    if (token == Token::malformed) return;
    if (token == Token::end) break;
    if (token == Token::close) {
      again += '}';
      needs_comma = true;
      continue;
    }
    if (needs_comma) again += ',';
    needs_comma = token != Token::open;
    if (token == Token::open) again += '{';
    if (token == Token::null) again += "NULL";
    if (token == Token::element) sql::append_quoted_element(again, reader.element());
  }
  sql::ArrayReader first(text);
  sql::ArrayReader second(again);
  while (true) {
    const Token token = first.next();
    expect(token == second.next());
    if (token == Token::element) expect(first.element() == second.element());
    if (token == Token::end) return;
  }
}

void text_array(std::string_view text) {
  static const catalog::Catalog catalog;
  catalog::Column column;
  column.type.kind = catalog::TypeKind::text;
  column.type.array_dimensions = 1;
  std::string out;
  api::append_output(out, catalog, column, api::output_format(column), text);
  expect(!out.empty());
}

// Input, output, and input again give the same text for the database.
void timestamp(std::string_view text, api::TimeZone zone) {
  const auto first = api::timestamp_input(text, zone);
  if (!first) return;
  std::string json;
  if (zone == api::TimeZone::kept) {
    api::append_timestamptz(json, *first);
  } else {
    api::append_timestamp(json, *first);
  }
  const auto second = api::timestamp_input(std::string_view(json).substr(1, json.size() - 2), zone);
  expect(second && *first == *second);
}

void time_of_day(std::string_view text) {
  if (const auto first = api::time_input(text, api::TimeZone::none))
    expect(api::time_input(*first, api::TimeZone::none) == first);
  if (const auto first = api::time_input(text, api::TimeZone::kept)) {
    std::string json;
    api::append_timetz(json, *first);
    expect(api::time_input(std::string_view(json).substr(1, json.size() - 2), api::TimeZone::kept) == first);
  }
  if (const auto first = api::date_input(text)) expect(api::date_input(*first) == first);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  array(text);
  text_array(text);
  timestamp(text, api::TimeZone::none);
  timestamp(text, api::TimeZone::kept);
  time_of_day(text);
  return 0;
}
