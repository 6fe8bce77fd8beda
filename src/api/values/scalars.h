// How column types appear in the API: which scalar, how a coerced input becomes the engine's text for a
// parameter, and how the engine's text becomes JSON. Nothing is lost on the way (docs/api.md, "Types").
//
// The engine's text is that of a session with DateStyle ISO, bytea_output hex and extra_float_digits 1 or
// more; TimeZone may be any, UTC gives the `Z` forms.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "graphql/input.h"

namespace tenon::api {

// How a cell's text is written as JSON. Chosen once per column when a plan is made.
enum class OutputFormat : std::uint8_t {
  string,       // quoted and escaped
  integer,      // the digits as they are
  float_,       // shortest digits; NaN and infinities are quoted strings
  boolean,      // t/f, or 0/1
  json,         // copied as it is
  big_integer,  // quoted digits: JavaScript keeps 53 bits only
  decimal,      // quoted digits
  timestamp,    // 2024-01-01T00:00:00.123Z
  timestamptz,
  time,
  timetz,
  base64,       // bytes
  bits,         // MySQL's bit(n), read as a number: its n digits
  enumeration,  // label → value name
  identity,     // what is behind the last `::`, quoted and escaped
};

// A scalar that GraphQL itself does not have.
struct CustomScalar {
  std::string_view name;
  std::string_view description;
  std::string_view specified_by;  // empty: no document says it
};
std::span<const CustomScalar> custom_scalars();

// The GraphQL name of a column's scalar or enum, without list and non-null marks: "Int", "BigInt", "Decimal",
// "DateTime" …
std::string scalar_name(const catalog::Catalog& catalog, const catalog::Column& column);

// What the API calls the type of a field of this column: what the overlay says, or the above.
std::string shown_scalar(const catalog::Catalog& catalog, const catalog::Column& column);

// What the engine can do with values of a column, and so which filter operators and orderings it has.
enum class Comparability : std::uint8_t {
  order,    // equality, order, and patterns over the text form
  equal,    // equality alone
  nothing,  // not even equality (xml, most geometry, types we do not know): only whether there is a value
};
Comparability comparability(const catalog::ColumnType& type);

// Whether the engine's text for a column is its bytes as they are (MySQL), any of them.
bool is_raw_binary(const catalog::Catalog& catalog, catalog::ColumnId column);

OutputFormat output_format(const catalog::Column& column);
// That of a field of this column, whose type is shown_scalar.
OutputFormat shown_format(const catalog::Column& column);

// What append_output does to a cell, for who would rather do the simple ones on the spot.
enum class CellCopy : std::uint8_t {
  as_it_is,
  quoted,
  escaped,    // quoted, with JSON's escapes
  number,     // as it is when it begins with a digit
  boolean,    // t or 1 is true
  utc,        // a time stamp when it ends in +00
  converted,  // something else, as are the other cases of the last three: leave it to append_output
};
CellCopy cell_copy(const catalog::Catalog& catalog, const catalog::Column& column, OutputFormat format);

// Appends the JSON of a cell of this column (arrays included). `text` is not NULL.
void append_output(std::string& out, const catalog::Catalog& catalog, const catalog::Column& column,
                   OutputFormat format, std::string_view text);

// The engine's text for an input value of this column (an element when `element` of an array column).
// nullopt is NULL. The error is a message for the client that says what form is expected.
std::expected<std::optional<std::string>, std::string> input_text(const catalog::Catalog& catalog,
                                                                  const catalog::Column& column,
                                                                  const graphql::InputTree& tree,
                                                                  const graphql::InputNode& node,
                                                                  bool element = false);

}  // namespace tenon::api
