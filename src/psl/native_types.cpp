#include "psl/native_types.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tenon::psl {

using catalog::ColumnType;
using catalog::Engine;
using catalog::TypeKind;

namespace {

constexpr std::array<std::string_view, 9> scalar_names{"Int",    "BigInt",   "Float", "Decimal", "Boolean",
                                                       "String", "DateTime", "Json",  "Bytes"};

// What a native type takes between its parentheses.
enum class Takes : std::uint8_t { nothing, length, required_length, fraction, decimal };

struct NativeType {
  std::string_view name;  // after `@db.`
  Scalar scalar;
  TypeKind kind;
  Takes takes;
  std::string_view sql;            // the engine's own name; the argument goes behind its first word …
  std::string_view sql_tail = "";  // … or words, and before these
  bool is_unsigned = false;
};

using enum Scalar;

// In each group of one kind, the first is what a name that matches none is taken for.
constexpr NativeType postgres_types[] = {
    {"SmallInt", integer, TypeKind::int16, Takes::nothing, "smallint"},
    {"Integer", integer, TypeKind::int32, Takes::nothing, "integer"},
    {"Oid", integer, TypeKind::oid, Takes::nothing, "oid"},
    {"BigInt", big_int, TypeKind::int64, Takes::nothing, "bigint"},
    {"Decimal", decimal, TypeKind::decimal, Takes::decimal, "numeric"},
    {"Money", decimal, TypeKind::money, Takes::nothing, "money"},
    {"Real", floating, TypeKind::float32, Takes::nothing, "real"},
    {"DoublePrecision", floating, TypeKind::float64, Takes::nothing, "double precision"},
    {"Text", string, TypeKind::text, Takes::nothing, "text"},
    {"Citext", string, TypeKind::text, Takes::nothing, "citext"},
    {"VarChar", string, TypeKind::varchar, Takes::length, "character varying"},
    {"Char", string, TypeKind::character, Takes::length, "character"},
    {"Bit", string, TypeKind::bit, Takes::length, "bit"},
    {"VarBit", string, TypeKind::varbit, Takes::length, "bit varying"},
    {"Uuid", string, TypeKind::uuid, Takes::nothing, "uuid"},
    {"Xml", string, TypeKind::xml, Takes::nothing, "xml"},
    {"Inet", string, TypeKind::inet, Takes::nothing, "inet"},
    {"ByteA", bytes, TypeKind::bytes, Takes::nothing, "bytea"},
    {"Boolean", boolean, TypeKind::boolean, Takes::nothing, "boolean"},
    {"Timestamp", date_time, TypeKind::timestamp, Takes::fraction, "timestamp", " without time zone"},
    {"Timestamptz", date_time, TypeKind::timestamptz, Takes::fraction, "timestamp", " with time zone"},
    {"Date", date_time, TypeKind::date, Takes::nothing, "date"},
    {"Time", date_time, TypeKind::time, Takes::fraction, "time", " without time zone"},
    {"Timetz", date_time, TypeKind::timetz, Takes::fraction, "time", " with time zone"},
    {"Json", json, TypeKind::json, Takes::nothing, "json"},
    {"JsonB", json, TypeKind::jsonb, Takes::nothing, "jsonb"},
};

constexpr NativeType mysql_types[] = {
    {"Int", integer, TypeKind::int32, Takes::nothing, "int"},
    {"UnsignedInt", integer, TypeKind::int32, Takes::nothing, "int", " unsigned", true},
    {"SmallInt", integer, TypeKind::int16, Takes::nothing, "smallint"},
    {"UnsignedSmallInt", integer, TypeKind::int16, Takes::nothing, "smallint", " unsigned", true},
    {"MediumInt", integer, TypeKind::int24, Takes::nothing, "mediumint"},
    {"UnsignedMediumInt", integer, TypeKind::int24, Takes::nothing, "mediumint", " unsigned", true},
    {"TinyInt", boolean, TypeKind::boolean, Takes::nothing, "tinyint(1)"},
    {"UnsignedTinyInt", boolean, TypeKind::boolean, Takes::nothing, "tinyint(1)", " unsigned", true},
    {"TinyInt", integer, TypeKind::int8, Takes::nothing, "tinyint"},
    {"UnsignedTinyInt", integer, TypeKind::int8, Takes::nothing, "tinyint", " unsigned", true},
    {"Bit", boolean, TypeKind::boolean, Takes::required_length, "bit"},
    {"Year", integer, TypeKind::year, Takes::nothing, "year"},
    {"BigInt", big_int, TypeKind::int64, Takes::nothing, "bigint"},
    {"UnsignedBigInt", big_int, TypeKind::int64, Takes::nothing, "bigint", " unsigned", true},
    {"Decimal", decimal, TypeKind::decimal, Takes::decimal, "decimal"},
    {"Float", floating, TypeKind::float32, Takes::nothing, "float"},
    {"Double", floating, TypeKind::float64, Takes::nothing, "double"},
    {"Bit", bytes, TypeKind::bit, Takes::required_length, "bit"},
    {"VarChar", string, TypeKind::varchar, Takes::required_length, "varchar"},
    {"Char", string, TypeKind::character, Takes::required_length, "char"},
    {"Text", string, TypeKind::text, Takes::nothing, "text"},
    {"TinyText", string, TypeKind::text, Takes::nothing, "tinytext"},
    {"MediumText", string, TypeKind::text, Takes::nothing, "mediumtext"},
    {"LongText", string, TypeKind::text, Takes::nothing, "longtext"},
    {"LongBlob", bytes, TypeKind::bytes, Takes::nothing, "longblob"},
    {"Blob", bytes, TypeKind::bytes, Takes::nothing, "blob"},
    {"TinyBlob", bytes, TypeKind::bytes, Takes::nothing, "tinyblob"},
    {"MediumBlob", bytes, TypeKind::bytes, Takes::nothing, "mediumblob"},
    {"Binary", bytes, TypeKind::bytes, Takes::required_length, "binary"},
    {"VarBinary", bytes, TypeKind::bytes, Takes::required_length, "varbinary"},
    {"Date", date_time, TypeKind::date, Takes::nothing, "date"},
    {"Time", date_time, TypeKind::time, Takes::fraction, "time"},
    {"DateTime", date_time, TypeKind::timestamp, Takes::fraction, "datetime"},
    {"Timestamp", date_time, TypeKind::timestamptz, Takes::fraction, "timestamp"},
    {"Json", json, TypeKind::json, Takes::nothing, "json"},
};

std::span<const NativeType> types_of(Engine engine) {
  if (engine == Engine::mysql) return mysql_types;
  return postgres_types;
}

std::string_view engine_name(Engine engine) { return engine == Engine::mysql ? "mysql" : "postgresql"; }

struct DefaultType {
  std::string_view name;  // of the native type
  std::string_view arguments;
};

// In the order of Scalar.
constexpr std::array<DefaultType, 9> postgres_defaults{{{"Integer", ""},
                                                        {"BigInt", ""},
                                                        {"DoublePrecision", ""},
                                                        {"Decimal", "65, 30"},
                                                        {"Boolean", ""},
                                                        {"Text", ""},
                                                        {"Timestamp", "3"},
                                                        {"JsonB", ""},
                                                        {"ByteA", ""}}};
constexpr std::array<DefaultType, 9> mysql_defaults{{{"Int", ""},
                                                     {"BigInt", ""},
                                                     {"Double", ""},
                                                     {"Decimal", "65, 30"},
                                                     {"TinyInt", ""},
                                                     {"VarChar", "191"},
                                                     {"DateTime", "3"},
                                                     {"Json", ""},
                                                     {"LongBlob", ""}}};

const DefaultType& default_of(Engine engine, Scalar scalar) {
  const auto index = static_cast<std::size_t>(scalar);
  return engine == Engine::mysql ? mysql_defaults[index] : postgres_defaults[index];
}

// `timestamp(3) with time zone` -> `timestamp with time zone`, `"public"."citext"` -> `citext`.
std::string plain_name(std::string_view native) {
  std::string name;
  std::string part;
  bool quoted = false;
  int depth = 0;
  for (std::size_t i = 0; i < native.size(); ++i) {
    const char c = native[i];
    if (c == '"' && quoted && i + 1 < native.size() && native[i + 1] == '"') {
      part += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '.') {
      part.clear();
    } else if (!quoted && c == '(') {
      ++depth;
    } else if (!quoted && c == ')') {
      --depth;
    } else if (depth == 0) {
      part += c;
    }
  }
  return part;
}

std::string base_name(const NativeType& type) {
  return plain_name(std::string(type.sql) + std::string(type.sql_tail));
}

// `float unsigned zerofill` -> `float unsigned` -> `float`
void remove_last_word(std::string& name) {
  const std::size_t space = name.rfind(' ');
  name.resize(space == std::string::npos ? 0 : space);
}

const NativeType* find_native(Engine engine, const ColumnType& type) {
  const NativeType* same_kind = nullptr;
  // The language leaves the sign of a decimal and the zeros before a number away.
  for (std::string name = plain_name(type.native);; remove_last_word(name)) {
    for (const NativeType& native : types_of(engine)) {
      if (native.kind != type.kind || (native.is_unsigned && !type.is_unsigned)) continue;
      if (same_kind == nullptr || (native.is_unsigned && !same_kind->is_unsigned)) same_kind = &native;
      if (base_name(native) == name) return &native;
    }
    if (engine != Engine::mysql || name.empty()) return same_kind;
  }
}

std::string arguments_of(const NativeType& native, const ColumnType& type, Engine engine) {
  switch (native.takes) {
    case Takes::nothing:
      return {};
    case Takes::length:
    case Takes::required_length:
      if (type.length) return std::to_string(*type.length);
      return native.kind == TypeKind::bit || native.takes == Takes::required_length ? "1" : "";
    case Takes::fraction:
      if (type.precision) return std::to_string(*type.precision);
      return engine == Engine::postgresql ? "6" : "0";
    case Takes::decimal:
      return type.precision ? fmt::format("{}, {}", *type.precision, type.scale.value_or(0)) : "";
  }
  return {};
}

ColumnType make(const NativeType& native, std::span<const std::uint32_t> arguments) {
  ColumnType type;
  type.kind = native.kind;
  type.is_unsigned = native.is_unsigned;
  type.native = native.sql;
  if (native.takes == Takes::decimal && arguments.size() == 2) {
    type.precision = arguments[0];
    type.scale = arguments[1];
    type.native += fmt::format("({},{})", arguments[0], arguments[1]);
  } else if (!arguments.empty()) {
    (native.takes == Takes::fraction ? type.precision : type.length) = arguments[0];
    type.native += fmt::format("({})", arguments[0]);
  }
  type.native += native.sql_tail;
  return type;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return std::nullopt;
  return value;
}

std::vector<std::uint32_t> numbers(std::string_view list) {
  std::vector<std::uint32_t> found;
  for (const auto part : std::views::split(list, std::string_view(", ")))
    if (const std::optional<std::uint32_t> value = number({part.begin(), part.end()}))
      found.push_back(*value);
  return found;
}

std::unexpected<NativeTypeError> fail(std::string message) {
  return std::unexpected(NativeTypeError{std::move(message)});
}

std::string count_error(const NativeType& native, std::size_t given) {
  switch (native.takes) {
    case Takes::nothing:
      return fmt::format("Function \"{}\" takes 0 arguments, but received {}.", native.name, given);
    case Takes::required_length:
      return fmt::format("Function \"{}\" takes 1 arguments, but received {}.", native.name, given);
    case Takes::decimal:
      return fmt::format("Native type {} takes 2 optional arguments, but received {}.", native.name, given);
    default:
      return fmt::format("Native type {} takes 1 optional arguments, but received {}.", native.name, given);
  }
}

bool count_fits(const NativeType& native, std::size_t given) {
  switch (native.takes) {
    case Takes::nothing:
      return given == 0;
    case Takes::required_length:
      return given == 1;
    case Takes::decimal:
      return given == 0 || given == 2;
    default:
      return given <= 1;
  }
}

// numeric(3,5) and numeric(2,-3) are types of PostgreSQL that Decimal() refuses. The catalog may hold a
// negative scale only in the type's own text.
bool is_odd_decimal(Engine engine, const ColumnType& type) {
  if (engine != Engine::postgresql || type.kind != TypeKind::decimal || !type.precision) return false;
  return type.scale.value_or(0) > *type.precision || type.native.find('-') != std::string::npos;
}

using Numbers = std::vector<std::uint32_t>;

// nullopt when an argument is no number or their count is wrong.
std::optional<Numbers> read_numbers(const NativeType& native, std::span<const std::string> arguments) {
  if (native.takes == Takes::nothing) return Numbers();
  if (!count_fits(native, arguments.size())) return std::nullopt;
  Numbers values;
  for (const std::string& argument : arguments) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), value);
    if (error != std::errc() || end != argument.data() + argument.size()) return std::nullopt;
    values.push_back(value);
  }
  return values;
}

// `Decimal(10,2)`
std::string spell(const NativeType& native, const Numbers& arguments) {
  return arguments.empty() ? std::string(native.name)
                           : fmt::format("{}({})", native.name, fmt::join(arguments, ","));
}

// What the first argument of a type can be.
struct LengthRange {
  std::string_view name;
  std::uint32_t least;
  std::uint32_t most;
  std::string_view message;
};

constexpr std::uint32_t any_length = 0xFFFFFFFFU;
constexpr LengthRange postgres_ranges[] = {
    {"Bit", 1, any_length, "M must be a positive integer."},
    {"VarBit", 1, any_length, "M must be a positive integer."},
    {"Timestamp", 0, 6, "M can range from 0 to 6."},
    {"Timestamptz", 0, 6, "M can range from 0 to 6."},
    {"Time", 0, 6, "M can range from 0 to 6."},
    {"Timetz", 0, 6, "M can range from 0 to 6."},
};
constexpr LengthRange mysql_ranges[] = {
    {"Bit", 1, 64, "M can range from 1 to 64."},
    {"Char", 0, 255, "M can range from 0 to 255."},
    {"VarChar", 0, 65535, "M can range from 0 to 65,535."},
};

std::string_view decimal_error(Engine engine, std::uint32_t precision, std::uint32_t scale) {
  if (engine == Engine::postgresql)
    return precision == 0 || precision > 1000 ? "Precision must be positive with a maximum value of 1000."
                                              : "";
  if (precision > 65) return "Precision can range from 1 to 65.";
  return scale > 30 ? "Scale can range from 0 to 30." : "";
}

std::string_view length_error(Engine engine, const NativeType& native, std::uint32_t value) {
  const std::span<const LengthRange> ranges =
      engine == Engine::mysql ? std::span<const LengthRange>(mysql_ranges) : postgres_ranges;
  for (const LengthRange& range : ranges)
    if (range.name == native.name && (value < range.least || value > range.most)) return range.message;
  return native.scalar == boolean && value > 1 ? "only Bit(1) can be used as Boolean." : "";
}

// Empty when the arguments are within the engine's limits.
std::string range_error(Engine engine, const NativeType& native, const Numbers& arguments) {
  if (arguments.empty()) return {};
  const std::string_view product = engine == Engine::mysql ? "MySQL" : "Postgres";
  const bool is_decimal = native.takes == Takes::decimal;
  if (is_decimal && arguments[1] > arguments[0])
    return fmt::format("The scale must not be larger than the precision for the {} native type in {}.",
                       spell(native, arguments), product);
  const std::string_view message = is_decimal ? decimal_error(engine, arguments[0], arguments[1])
                                              : length_error(engine, native, arguments[0]);
  if (message.empty()) return {};
  return fmt::format("Argument M is out of range for native type `{}` of {}: {}", spell(native, arguments),
                     product, message);
}

}  // namespace

std::optional<Scalar> find_scalar(std::string_view name) {
  const auto found = std::ranges::find(scalar_names, name);
  if (found == scalar_names.end()) return std::nullopt;
  return static_cast<Scalar>(found - scalar_names.begin());
}

std::string_view to_string(Scalar scalar) { return scalar_names[static_cast<std::size_t>(scalar)]; }

TypeSpelling spell_type(Engine engine, const ColumnType& type) {
  // As in Prisma: a set is a text.
  if (engine == Engine::mysql && type.kind == TypeKind::set)
    return {.scalar = string, .unsupported = {}, .native = {}};
  const NativeType* native = find_native(engine, type);
  if (native == nullptr)
    return {.scalar = {},
            .unsupported = engine == Engine::mysql ? type.native : short_type_name(type),
            .native = {}};
  if (is_odd_decimal(engine, type)) return {.scalar = {}, .unsupported = type.native, .native = {}};
  const std::string arguments = arguments_of(*native, type, engine);
  const DefaultType& standard = default_of(engine, native->scalar);
  TypeSpelling spelling{.scalar = native->scalar, .unsupported = {}, .native = {}};
  if (standard.name == native->name && standard.arguments == arguments) return spelling;
  spelling.native =
      arguments.empty() ? std::string(native->name) : fmt::format("{}({})", native->name, arguments);
  return spelling;
}

ColumnType canonical_type(Engine engine, const ColumnType& type) {
  if (engine == Engine::mysql && type.kind == TypeKind::set) return default_type(engine, string);
  const NativeType* native = find_native(engine, type);
  if (native == nullptr || is_odd_decimal(engine, type)) return type;
  const bool implied = engine == Engine::mysql || (native->takes == Takes::fraction && !type.precision) ||
                       (native->takes == Takes::length && !type.length) || native->kind == TypeKind::text;
  if (!implied) return type;
  ColumnType canonical = make(*native, numbers(arguments_of(*native, type, engine)));
  canonical.array_dimensions = type.array_dimensions;
  canonical.domain = type.domain;
  return canonical;
}

ColumnType default_type(Engine engine, Scalar scalar) {
  const DefaultType& standard = default_of(engine, scalar);
  for (const NativeType& native : types_of(engine))
    if (native.name == standard.name && native.scalar == scalar)
      return make(native, numbers(standard.arguments));
  return {};
}

std::expected<ColumnType, NativeTypeError> native_type(Engine engine, Scalar scalar, std::string_view name,
                                                       std::span<const std::string> arguments) {
  const NativeType* any = nullptr;
  const NativeType* found = nullptr;
  std::string scalars;
  for (const NativeType& native : types_of(engine)) {
    if (native.name != name) continue;
    any = &native;
    if (native.scalar == scalar) found = &native;
    scalars += fmt::format("{}{}", scalars.empty() ? "" : " or ", to_string(native.scalar));
  }
  if (any == nullptr)
    return fail(fmt::format("Native type {} is not supported for {} connector.", name, engine_name(engine)));
  // One argument for two is only seen when they are read.
  const bool lacks_one = any->takes == Takes::decimal && arguments.size() == 1;
  if (!count_fits(*any, arguments.size()) && !lacks_one) return fail(count_error(*any, arguments.size()));
  if (found == nullptr)
    return fail(
        fmt::format("Native type {} is not compatible with declared field type {}, expected field type {}.",
                    name, to_string(scalar), scalars));
  const std::optional<Numbers> values = read_numbers(*found, arguments);
  if (!values)
    return fail(
        fmt::format("Expected {}, but found ({}).",
                    found->takes == Takes::decimal ? "two nonnegative integers" : "a nonnegative integer",
                    fmt::join(arguments, ", ")));
  if (std::string message = range_error(engine, *found, *values); !message.empty())
    return fail(std::move(message));
  return make(*found, *values);
}

std::optional<NativeSpelling> find_native_spelling(Engine engine, std::string_view text) {
  const std::size_t open = text.find('(');
  std::string_view name = text.substr(0, open);
  while (name.starts_with(' ')) name.remove_prefix(1);
  while (name.ends_with(' ')) name.remove_suffix(1);
  std::vector<std::string> arguments;
  const std::size_t close = open == std::string_view::npos ? open : text.find(')', open);
  if (close != std::string_view::npos)
    for (const auto part : std::views::split(text.substr(open + 1, close - open - 1), ',')) {
      std::string_view argument(part.begin(), part.end());
      while (argument.starts_with(' ')) argument.remove_prefix(1);
      while (argument.ends_with(' ')) argument.remove_suffix(1);
      arguments.emplace_back(argument);
    }
  for (const NativeType& native : types_of(engine)) {
    // Of two scalars that a type of MySQL can have, Boolean is not what it is.
    if (native.name != name || (engine == Engine::mysql && native.scalar == boolean)) continue;
    if (const std::optional<Numbers> values = read_numbers(native, arguments))
      return NativeSpelling{.scalar = native.scalar, .text = spell(native, *values)};
  }
  return std::nullopt;
}

namespace {

// Of types that the language has no word for.
TypeKind mysql_kind(std::string_view name, TypeKind otherwise) {
  constexpr std::array<std::string_view, 6> shapes{"linestring",   "multipoint",         "multilinestring",
                                                   "multipolygon", "geometrycollection", "geomcollection"};
  if (std::ranges::find(shapes, name) != shapes.end()) return TypeKind::geometry;
  if (name == "uuid") return TypeKind::uuid;
  if (name == "inet4" || name == "inet6") return TypeKind::inet;
  return otherwise;
}

}  // namespace

ColumnType unsupported_type(Engine engine, std::string_view text) {
  struct Known {
    std::string_view name;
    TypeKind kind;
  };
  static constexpr Known known[] = {
      {"interval", TypeKind::interval}, {"cidr", TypeKind::cidr},         {"macaddr", TypeKind::macaddr},
      {"macaddr8", TypeKind::macaddr},  {"name", TypeKind::name},         {"tsvector", TypeKind::tsvector},
      {"tsquery", TypeKind::tsquery},   {"int4range", TypeKind::range},   {"int8range", TypeKind::range},
      {"numrange", TypeKind::range},    {"tsrange", TypeKind::range},     {"tstzrange", TypeKind::range},
      {"daterange", TypeKind::range},   {"geometry", TypeKind::geometry}, {"geography", TypeKind::geometry},
      {"hstore", TypeKind::hstore},     {"point", TypeKind::geometry},    {"line", TypeKind::geometry},
      {"lseg", TypeKind::geometry},     {"box", TypeKind::geometry},      {"path", TypeKind::geometry},
      {"polygon", TypeKind::geometry},  {"circle", TypeKind::geometry},
  };
  ColumnType type;
  type.native = text;
  const auto* found = std::ranges::find(known, plain_name(text), &Known::name);
  type.kind = found == std::end(known) ? TypeKind::other : found->kind;
  if (engine == Engine::mysql) type.kind = mysql_kind(plain_name(text), type.kind);
  if (plain_name(text).ends_with("multirange")) type.kind = TypeKind::multirange;
  if (const std::size_t open = text.find('('); text.starts_with("numeric(") && text.ends_with(')')) {
    const std::string_view arguments = text.substr(open + 1, text.size() - open - 2);
    const std::size_t comma = arguments.find(',');
    ColumnType decimal = type;
    decimal.kind = TypeKind::decimal;
    decimal.precision = number(arguments.substr(0, comma));
    decimal.scale = comma == std::string_view::npos ? std::nullopt : number(arguments.substr(comma + 1));
    if (is_odd_decimal(Engine::postgresql, decimal)) return decimal;
  }
  return type;
}

std::string short_type_name(const ColumnType& type) {
  std::string name = plain_name(type.native);
  while (name.ends_with("[]")) name.resize(name.size() - 2);
  while (!name.empty() && name.back() == ' ') name.pop_back();
  return (type.is_array() ? "_" : "") + name;
}

}  // namespace tenon::psl
