// Columns: types and defaults.
#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/base64.h"
#include "base/hash.h"
#include "psl/catalog_builder.h"
#include "psl/sql_text.h"

namespace tenon::psl {

using namespace catalog;

namespace {

std::string enum_native(const Catalog& catalog, const Enum& row) {
  if (catalog.engine == Engine::postgresql)
    return fmt::format("{}.{}", quoted_identifier(catalog[row.schema].name), quoted_identifier(row.name));
  std::vector<std::string> labels;
  for (const EnumValue& value : row.values) labels.push_back(sql_string(value.label));
  return fmt::format("enum({})", fmt::join(labels, ","));
}

ClientDefault::Kind client_function(std::string_view name) {
  using enum ClientDefault::Kind;
  if (name == "uuid") return uuid;
  if (name == "cuid") return cuid;
  if (name == "nanoid") return nanoid;
  if (name == "ulid") return ulid;
  return none;
}

}  // namespace

void CatalogBuilder::add_columns(ModelId id) {
  IdRange<ColumnId> range{.first = static_cast<std::uint32_t>(catalog_.columns.size()), .count = 0};
  for (const ScalarFieldId field : resolved_[id].scalar_fields) {
    columns_[field.value] = ColumnId{static_cast<std::uint32_t>(catalog_.columns.size())};
    catalog_.columns.push_back(column(resolved_[field]));
  }
  range.count = static_cast<std::uint32_t>(catalog_.columns.size()) - range.first;
  catalog_[table_of(id)].columns = range;
}

Column CatalogBuilder::column(const ScalarField& field) {
  Column column;
  column.table = table_of(field.model);
  column.name = field.database_name();
  column.field_name = field.name();
  column.type = type_of(field);
  if (field.is_list()) column.type.array_dimensions = 1;
  column.nullable = field.is_optional();
  column.updated_at = field.is_updated_at;
  column.ignored = field.is_ignored;
  if (field.default_value) set_default(field, column);
  return column;
}

ColumnType CatalogBuilder::type_of(const ScalarField& field) {
  if (field.is_unsupported()) {
    std::string_view text = field.field->type.unsupported;
    // Prisma shows an array by its internal name, which has a _ in front.
    if (field.is_list() && text.starts_with('_')) text.remove_prefix(1);
    return unsupported_type(catalog_.engine, text);
  }
  if (const EnumerationId* row = std::get_if<EnumerationId>(&field.type)) {
    ColumnType type;
    type.kind = TypeKind::enumeration;
    type.enum_id = EnumId{row->value};
    type.native = enum_native(catalog_, catalog_[EnumId{row->value}]);
    return type;
  }
  const Scalar scalar = *field.scalar();
  if (!field.native_type) return default_type(catalog_.engine, scalar);
  auto native = native_type(catalog_.engine, scalar, field.native_type->name, field.native_type->arguments);
  if (native) return std::move(*native);
  // A type that Prisma lets pass though no server has it.
  diagnostics_.error(base::code::schema_invalid, native.error().message, field.native_type->attribute->span);
  return default_type(catalog_.engine, scalar);
}

void CatalogBuilder::set_default(const ScalarField& field, Column& column) {
  const Expression& value = *field.default_value->value;
  const Expression* argument =
      !value.arguments.empty() && value.arguments[0].value ? &*value.arguments[0].value : nullptr;
  if (value.kind == Expression::Kind::array) {
    column.default_value.kind = Default::Kind::literal;
    column.default_value.is_array = true;
    for (const Expression& item : value.items) column.default_value.items.push_back(literal(field, item));
  } else if (value.kind != Expression::Kind::function) {
    column.default_value.kind = Default::Kind::literal;
    column.default_value.text = literal(field, value);
  } else if (value.text == "autoincrement") {
    column.default_value.kind = Default::Kind::autoincrement;
  } else if (value.text == "now") {
    column.default_value.kind = Default::Kind::now;
  } else if (value.text == "dbgenerated") {
    column.default_value.kind = Default::Kind::expression;
    if (argument != nullptr) column.default_value.text = argument->text;
  } else {
    column.client_default.kind = client_function(value.text);
    if (argument != nullptr)
      std::from_chars(argument->text.data(), argument->text.data() + argument->text.size(),
                      column.client_default.argument);
  }
}

// The value of a literal as the catalog holds it.
std::string CatalogBuilder::literal(const ScalarField& field, const Expression& value) const {
  if (const EnumerationId* row = std::get_if<EnumerationId>(&field.type)) {
    const EnumerationValue* found = resolved_[*row].find(value.text);
    return found != nullptr ? std::string(found->database_name()) : value.text;
  }
  if (field.scalar() != Scalar::bytes) return value.text;
  return "\\x" + base::hex(base::decode_base64(value.text).value_or(""));
}

}  // namespace tenon::psl
