#include "api/values/scalars.h"

#include <array>

namespace tenon::api {

namespace {

using catalog::TypeKind;

constexpr auto scalars = std::to_array<CustomScalar>({
    {"BigInt", "An integer of 64 bits, as a string of digits. Inputs may be integers or strings.", ""},
    {"Decimal",
     "A decimal number of any size, as a string that keeps every digit: \"12.50\", \"NaN\". Inputs may be "
     "numbers "
     "or strings; a string is never rounded.",
     ""},
    {"Date", "A calendar date: \"2024-01-31\".", ""},
    {"Time", "A time of day: \"12:30:00\" or \"12:30:00.25\"; columns that store an offset show it.", ""},
    {"DateTime",
     "A point in time: \"2024-01-31T12:30:00Z\". Inputs may have any offset, or none for UTC. Dates that ISO "
     "8601 "
     "cannot write are in the database's form: \"infinity\".",
     "https://www.rfc-editor.org/rfc/rfc3339"},
    {"JSON", "Any JSON value, not wrapped in a string.", "https://www.rfc-editor.org/rfc/rfc8259"},
    {"Bytes", "Bytes in base64, padded.", "https://www.rfc-editor.org/rfc/rfc4648#section-4"},
    {"AWSDate", "A calendar date: \"2024-01-31\".", ""},
    {"AWSTime", "A time of day: \"12:30:00\", \"12:30:00.25Z\".", ""},
    {"AWSDateTime", "A point in time: \"2024-01-31T12:30:00Z\".", ""},
    {"AWSTimestamp", "Seconds since 1970-01-01T00:00Z.", ""},
    {"AWSEmail", "An e-mail address.", ""},
    {"AWSJSON", "A JSON text inside a string.", ""},
    {"AWSURL", "An absolute URL.", ""},
    {"AWSPhone", "A phone number.", ""},
    {"AWSIPAddress", "An IPv4 or IPv6 address, with or without the length of a prefix.", ""},
});

}  // namespace

std::span<const CustomScalar> custom_scalars() { return scalars; }

std::string scalar_name(const catalog::Catalog& catalog, const catalog::Column& column) {
  const catalog::ColumnType& type = column.type;
  switch (type.kind) {
    case TypeKind::boolean:
      return "Boolean";
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::year:
      return "Int";
    case TypeKind::int32:
      return type.is_unsigned ? "BigInt" : "Int";
    case TypeKind::int64:
    case TypeKind::oid:
      return "BigInt";
    case TypeKind::float32:
    case TypeKind::float64:
      return "Float";
    case TypeKind::decimal:
    case TypeKind::money:
      return "Decimal";
    case TypeKind::bytes:
      return "Bytes";
    case TypeKind::date:
      return "Date";
    case TypeKind::time:
    case TypeKind::timetz:
      return "Time";
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return "DateTime";
    case TypeKind::uuid:
      return "ID";
    case TypeKind::json:
    case TypeKind::jsonb:
      return "JSON";
    case TypeKind::enumeration:
      return type.enum_id ? catalog[*type.enum_id].enum_name : "String";
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
    case TypeKind::interval:
    case TypeKind::xml:
    case TypeKind::set:
    case TypeKind::bit:
    case TypeKind::varbit:
    case TypeKind::inet:
    case TypeKind::cidr:
    case TypeKind::macaddr:
    case TypeKind::name:
    case TypeKind::tsvector:
    case TypeKind::tsquery:
    case TypeKind::range:
    case TypeKind::multirange:
    case TypeKind::geometry:
    case TypeKind::composite:
    case TypeKind::hstore:
    case TypeKind::other:
      return "String";
  }
  return "String";
}

std::string shown_scalar(const catalog::Catalog& catalog, const catalog::Column& column) {
  return column.scalar.empty() ? scalar_name(catalog, column) : column.scalar;
}

OutputFormat shown_format(const catalog::Column& column) {
  const OutputFormat own = output_format(column);
  const std::string& scalar = column.scalar;
  if (scalar == "Int" || scalar == "AWSTimestamp") return OutputFormat::integer;
  if (scalar == "Float") return OutputFormat::float_;
  if (scalar == "Boolean") return OutputFormat::boolean;
  if (scalar != "String" && scalar != "ID" && scalar != "AWSJSON") return own;
  switch (own) {
    case OutputFormat::integer:
      return OutputFormat::big_integer;
    case OutputFormat::float_:
    case OutputFormat::json:
      return OutputFormat::string;
    default:
      return own;
  }
}

Comparability comparability(const catalog::ColumnType& type) {
  switch (type.kind) {
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
    case TypeKind::name:
    case TypeKind::hstore:
    case TypeKind::tsvector:
    case TypeKind::tsquery:
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
    case TypeKind::money:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timetz:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
    case TypeKind::year:
    case TypeKind::interval:
    case TypeKind::uuid:
    case TypeKind::enumeration:
    case TypeKind::bytes:
    case TypeKind::bit:
    case TypeKind::varbit:
    case TypeKind::inet:
    case TypeKind::cidr:
    case TypeKind::macaddr:
    case TypeKind::oid:
    case TypeKind::range:
    case TypeKind::multirange:
    case TypeKind::boolean:
      return Comparability::order;
    case TypeKind::json:
    case TypeKind::jsonb:
    case TypeKind::set:  // ordered as a number, compared as a text
      return Comparability::equal;
    case TypeKind::xml:
    case TypeKind::geometry:
    case TypeKind::composite:
    case TypeKind::other:
      return Comparability::nothing;
  }
  return Comparability::nothing;
}

bool is_raw_binary(const catalog::Catalog& catalog, catalog::ColumnId column) {
  return catalog[column].type.kind == TypeKind::bytes &&
         catalog.engine_of(catalog[column].table) == catalog::Engine::mysql;
}

OutputFormat output_format(const catalog::Column& column) {
  switch (column.type.kind) {
    case TypeKind::boolean:
      return OutputFormat::boolean;
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::year:
      return OutputFormat::integer;
    case TypeKind::int32:
      return column.type.is_unsigned ? OutputFormat::big_integer : OutputFormat::integer;
    case TypeKind::int64:
    case TypeKind::oid:
      return OutputFormat::big_integer;
    case TypeKind::float32:
    case TypeKind::float64:
      return OutputFormat::float_;
    case TypeKind::decimal:
    case TypeKind::money:
      return OutputFormat::decimal;
    case TypeKind::bytes:
      return OutputFormat::base64;
    case TypeKind::time:
      return OutputFormat::time;
    case TypeKind::timetz:
      return OutputFormat::timetz;
    case TypeKind::timestamp:
      return OutputFormat::timestamp;
    case TypeKind::timestamptz:
      return OutputFormat::timestamptz;
    case TypeKind::json:
    case TypeKind::jsonb:
      return OutputFormat::json;
    case TypeKind::bit:
      return OutputFormat::bits;
    case TypeKind::enumeration:
      return column.type.enum_id ? OutputFormat::enumeration : OutputFormat::string;
    case TypeKind::date:
    case TypeKind::uuid:
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
    case TypeKind::interval:
    case TypeKind::xml:
    case TypeKind::set:
    case TypeKind::varbit:
    case TypeKind::inet:
    case TypeKind::cidr:
    case TypeKind::macaddr:
    case TypeKind::name:
    case TypeKind::tsvector:
    case TypeKind::tsquery:
    case TypeKind::range:
    case TypeKind::multirange:
    case TypeKind::geometry:
    case TypeKind::composite:
    case TypeKind::hstore:
    case TypeKind::other:
      return column.joined_identity ? OutputFormat::identity : OutputFormat::string;
  }
  return OutputFormat::string;
}

}  // namespace tenon::api
