// Columns: types, native types, defaults and the other attributes of fields.
#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/hash.h"
#include "psl/reader.h"

namespace tenon::psl {

using namespace catalog;

namespace {

std::string quoted_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::string enum_native(const Catalog& catalog, const Enum& row) {
  if (catalog.engine == Engine::postgresql)
    return fmt::format("{}.{}", quoted_identifier(catalog[row.schema].name), quoted_identifier(row.name));
  std::vector<std::string> labels;
  for (const EnumValue& value : row.values) {
    std::string label = "'";
    for (const char c : value.label) label.append(c == '\'' ? 2 : 1, c);
    labels.push_back(label + '\'');
  }
  return fmt::format("enum({})", fmt::join(labels, ","));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

// A scalar or model spelled with other capitals; empty when there is none.
std::string similar_name(std::string_view name, const auto& models, const auto& enums) {
  for (const std::string_view scalar :
       {"Int", "BigInt", "Float", "Decimal", "Boolean", "String", "DateTime", "Json", "Bytes"})
    if (lower(scalar) == lower(name)) return std::string(scalar);
  for (const auto& [model, id] : models)
    if (lower(model) == lower(name)) return std::string(model);
  for (const auto& [row, id] : enums)
    if (lower(row) == lower(name)) return std::string(row);
  return {};
}

}  // namespace

void Reader::read_columns(Model& model) {
  IdRange<ColumnId> range{.first = static_cast<std::uint32_t>(catalog().columns.size()), .count = 0};
  std::set<std::string_view> seen;
  for (const Field& field : model.block->fields) {
    const std::string_view name = field.name.text;
    if (!seen.insert(name).second)
      error(fmt::format("Field \"{}\" is already defined on {} \"{}\".", name,
                        model.block->kind == BlockKind::view ? "view" : "model", model.block->name.text),
            field.name.span);
    if (!field.type.is_unsupported && model_ids_.contains(field.type.name.text))
      model.relation_fields.push_back(&field);
    else
      read_column(model, field);
  }
  range.count = static_cast<std::uint32_t>(catalog().columns.size()) - range.first;
  catalog()[model.table].columns = range;
  if (model.block->fields.empty())
    error(fmt::format("Error validating: {} must have at least one field.", "A model"), model.block->span);
}

void Reader::read_column(Model& model, const Field& field) {
  Column column;
  column.table = model.table;
  column.name = field.name.text;
  column.field_name = field.name.text;
  if (!read_type(model, field, column)) return;
  column.nullable = field.type.arity == Arity::optional;
  if (field.type.arity == Arity::list) column.type.array_dimensions = 1;
  if (column.type.is_array() && catalog().engine == Engine::mysql)
    error(fmt::format(
              "Field \"{}\" in model \"{}\" can't be a list. The current connector does not support lists of "
              "primitive types.",
              field.name.text, model.block->name.text),
          field.span);
  read_native_type(field, column);
  read_field_attributes(field, column);
  for (std::uint32_t i = static_cast<std::uint32_t>(catalog().columns.size()); i > 0; --i) {
    const Column& other = catalog().columns[i - 1];
    if (other.table != model.table) break;
    if (other.name == column.name)
      error(fmt::format("Field \"{}\" is already defined on model \"{}\".", field.name.text,
                        model.block->name.text),
            field.span);
  }
  catalog().columns.push_back(std::move(column));
}

bool Reader::read_type(const Model& model, const Field& field, Column& column) {
  const std::string_view name = field.type.name.text;
  if (field.type.is_unsupported) {
    std::string_view text = field.type.unsupported;
    // Prisma shows an array by its internal name, which has a _ in front.
    if (field.type.arity == Arity::list && text.starts_with('_')) text.remove_prefix(1);
    column.type = unsupported_type(catalog().engine, text);
    return true;
  }
  if (const std::optional<Scalar> scalar = find_scalar(name)) {
    column.type = default_type(catalog().engine, *scalar);
    return true;
  }
  if (const auto found = enum_ids_.find(name); found != enum_ids_.end()) {
    column.type.kind = TypeKind::enumeration;
    column.type.enum_id = found->second;
    column.type.native = enum_native(catalog(), catalog()[found->second]);
    return true;
  }
  const std::string similar = similar_name(name, model_ids_, enum_ids_);
  error(fmt::format(
            "Type \"{}\" is neither a built-in type, nor refers to another model, composite type, or enum.{}",
            name, similar.empty() ? "" : fmt::format(" Did you mean \"{}\"?", similar)),
        field.type.span);
  static_cast<void>(model);
  return false;
}

void Reader::read_native_type(const Field& field, Column& column) {
  for (const Attribute& attribute : field.attributes) {
    const std::size_t dot = attribute.name.text.find('.');
    if (dot == std::string_view::npos) continue;
    const std::string_view prefix = attribute.name.text.substr(0, dot);
    const std::string_view name = attribute.name.text.substr(dot + 1);
    if (prefix != schema_.datasource.name) {
      error(fmt::format(
                "The prefix {0} is invalid. It must be equal to the name of an existing datasource e.g. {1}. "
                "Did you mean to use {1}.{2}?",
                prefix, schema_.datasource.name, name),
            attribute.span);
      continue;
    }
    std::vector<std::string> arguments;
    for (const Argument& argument : attribute.arguments)
      if (argument.value) arguments.push_back(describe(*argument.value));
    const std::optional<Scalar> scalar =
        field.type.is_unsupported ? std::nullopt : find_scalar(field.type.name.text);
    if (!scalar) {
      error(fmt::format("Native type {} is not compatible with declared field type {}.", name,
                        field.type.name.text),
            attribute.span);
      continue;
    }
    auto type = native_type(catalog().engine, *scalar, name, arguments);
    if (!type) {
      error(type.error().message, attribute.span);
      continue;
    }
    type->array_dimensions = column.type.array_dimensions;
    column.type = std::move(*type);
  }
}

void Reader::read_field_attributes(const Field& field, Column& column) {
  std::set<std::string_view> seen;
  for (const Attribute& attribute : field.attributes) {
    const std::string_view name = attribute.name.text;
    if (name.find('.') != std::string_view::npos) continue;
    if (!seen.insert(name).second)
      error(fmt::format("Attribute \"@{}\" can only be defined once.", name), attribute.span);
    if (name == "map") {
      AttributeReader reader(attribute, "@", {"name"}, diagnostics_);
      if (reader.find("name") == nullptr) reader.error("Argument \"name\" is missing.");
      column.name = reader.string("name").value_or(column.name);
    } else if (name == "default") {
      read_default(field, attribute, column);
    } else if (name == "updatedAt") {
      AttributeReader reader(attribute, "@", {}, diagnostics_);
      if (column.type.is_array() || find_scalar(field.type.name.text) != Scalar::date_time)
        reader.error("Fields that are marked with @updatedAt must be of type DateTime.");
      column.updated_at = true;
    } else if (name == "ignore") {
      AttributeReader(attribute, "@", {}, diagnostics_);
      column.ignored = true;
    } else if (name != "id" && name != "unique" && name != "shardKey") {
      error(fmt::format("Attribute not known: \"@{}\".", name), attribute.span);
    }
  }
}

void Reader::read_default(const Field& field, const Attribute& attribute, Column& column) {
  AttributeReader reader(attribute, "@", {"value", "map"}, diagnostics_);
  const Expression* value = reader.find("value");
  if (value == nullptr) {
    reader.error("Argument \"value\" is missing.");
    return;
  }
  const bool is_dbgenerated = value->kind == Expression::Kind::function && value->text == "dbgenerated";
  if (field.type.is_unsupported && !is_dbgenerated) {
    reader.error("Only @default(dbgenerated(\"...\")) can be used for Unsupported types.");
  } else if (value->kind == Expression::Kind::function) {
    read_default_function(reader, *value, column);
  } else if (value->kind == Expression::Kind::array) {
    if (!column.type.is_array()) reader.error("The default value of a non-list field cannot be a list.");
    column.default_value.kind = Default::Kind::literal;
    column.default_value.is_array = true;
    for (const Expression& item : value->items)
      column.default_value.items.push_back(read_literal(reader, item, column));
  } else {
    if (column.type.is_array()) reader.error("The default value of a list field must be a list.");
    column.default_value.kind = Default::Kind::literal;
    column.default_value.text = read_literal(reader, *value, column);
  }
}

void Reader::read_default_function(AttributeReader& reader, const Expression& value, Column& column) {
  const std::string_view name = value.text;
  std::string text;
  bool has_argument = false;
  if (!value.arguments.empty() && value.arguments[0].value) {
    has_argument = true;
    text = value.arguments[0].value->text;
  }
  std::uint8_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  const std::optional<Scalar> scalar =
      column.type.enum_id ? std::nullopt : spell_type(catalog().engine, column.type).scalar;
  const auto wants = [&](bool fits) {
    if (!fits)
      reader.error(fmt::format("The function `{}()` cannot be used on fields of type `{}`.", name,
                               scalar ? to_string(*scalar) : "enum"));
  };
  if (name == "dbgenerated") {
    if (has_argument && text.empty())
      reader.error("dbgenerated() takes either no argument, or a single nonempty string argument.");
    column.default_value.kind = Default::Kind::expression;
    column.default_value.text = text;
  } else if (name == "autoincrement") {
    wants(scalar == Scalar::integer || scalar == Scalar::big_int);
    column.default_value.kind = Default::Kind::autoincrement;
  } else if (name == "now") {
    wants(scalar == Scalar::date_time);
    column.default_value.kind = Default::Kind::now;
  } else if (name == "uuid" || name == "cuid" || name == "nanoid" || name == "ulid") {
    wants(scalar == Scalar::string);
    column.client_default = {.kind = name == "uuid"     ? ClientDefault::Kind::uuid
                                     : name == "cuid"   ? ClientDefault::Kind::cuid
                                     : name == "nanoid" ? ClientDefault::Kind::nanoid
                                                        : ClientDefault::Kind::ulid,
                             .argument = number};
  } else if (name == "auto" || name == "sequence") {
    reader.error(fmt::format("The current connector does not support the `{}()` function.", name));
  } else {
    reader.error(
        fmt::format("Unknown function in @default(): `{}` is not known. You can read about the available "
                    "functions here: https://pris.ly/d/attribute-functions",
                    name));
  }
}

// The value of a literal as the catalog holds it; an error when it does not fit the column's type.
std::string Reader::read_literal(AttributeReader& reader, const Expression& value, const Column& column) {
  using enum Expression::Kind;
  const auto wrong = [&](std::string_view wanted) {
    reader.error(fmt::format("Expected {} value, but found `{}`.", wanted, describe(value)));
    return std::string();
  };
  if (column.type.enum_id) {
    if (value.kind != constant) return wrong("an enum");
    const Enum& row = catalog()[*column.type.enum_id];
    const auto found = std::ranges::find(row.values, value.text, &EnumValue::value_name);
    if (found != row.values.end()) return found->label;
    reader.error(fmt::format(
        "The defined default value `{}` is not a valid value of the enum specified for the field.",
        value.text));
    return {};
  }
  const std::optional<Scalar> scalar = spell_type(catalog().engine, column.type).scalar;
  if (!scalar) return {};
  switch (*scalar) {
    case Scalar::integer:
    case Scalar::big_int:
    case Scalar::floating:
      return value.kind == number ? value.text : wrong("a numeric");
    case Scalar::decimal:
      return value.kind == number || value.kind == string ? value.text : wrong("a numeric");
    case Scalar::boolean:
      if (value.kind == constant && (value.text == "true" || value.text == "false")) return value.text;
      reader.error("A boolean literal must be `true` or `false`.");
      return {};
    case Scalar::string:
    case Scalar::date_time:
    case Scalar::json:
      return value.kind == string ? value.text : wrong("a String");
    case Scalar::bytes: {
      if (value.kind != string) return wrong("a String");
      const std::optional<std::string> bytes = base::decode_base64(value.text);
      if (bytes) return "\\x" + base::hex(*bytes);
      reader.error(fmt::format("Parse error: \"{}\" is not a valid base64 string.", value.text));
      return {};
    }
  }
  return {};
}

}  // namespace tenon::psl
