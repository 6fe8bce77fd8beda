#include "psl/spelling.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/base64.h"
#include "psl/constraint_names.h"
#include "psl/expressible.h"
#include "psl/lexer.h"
#include "psl/model_facts.h"
#include "psl/native_types.h"
#include "psl/operator_classes.h"

namespace tenon::psl {

using namespace catalog;

namespace {

std::string call(std::string_view name, const std::vector<std::string>& arguments) {
  return arguments.empty() ? std::string(name) : fmt::format("{}({})", name, fmt::join(arguments, ", "));
}

// The name that the schema has for an enum's label; nullopt when it has none.
std::optional<std::string> value_name(const Enum& row, std::string_view label) {
  const auto found = std::ranges::find(row.values, label, &EnumValue::label);
  if (found == row.values.end() || found->value_name.empty()) return std::nullopt;
  return found->value_name;
}

bool is_number(const std::string& text) {
  const std::vector<Token> tokens = tokenize(text);
  return tokens.size() == 2 && tokens[0].kind == TokenKind::number;
}

// The literal `text` of the column's element type; nullopt when the language cannot write it as a literal.
std::optional<std::string> spell_literal(const Catalog& catalog, const Column& column,
                                         const std::string& text) {
  if (column.type.kind == TypeKind::enumeration && column.type.enum_id)
    return value_name(catalog[*column.type.enum_id], text);
  const TypeSpelling type = spell_type(catalog.engine, column.type);
  if (!type.scalar || column.type.kind == TypeKind::uuid) return std::nullopt;
  switch (*type.scalar) {
    case Scalar::integer:
    case Scalar::big_int:
    case Scalar::floating:
    case Scalar::decimal:
      // NaN, Infinity and 1e+20 are no numbers of the language.
      return is_number(text) ? std::optional(text) : std::nullopt;
    case Scalar::boolean:
      return text;
    case Scalar::string:
    case Scalar::json:
      return encode_string(text);
    case Scalar::bytes: {
      if (!text.starts_with("\\x")) return std::nullopt;
      const std::optional<std::string> bytes = base::decode_hex(std::string_view(text).substr(2));
      if (!bytes) return std::nullopt;
      return encode_string(base::encode_base64(*bytes));
    }
    case Scalar::date_time:
      return std::nullopt;
  }
  return std::nullopt;
}

// A literal as an SQL expression, for types whose literals the language does not write.
std::string sql_literal(Engine engine, const Column& column, const std::string& text) {
  const bool is_mysql = engine == Engine::mysql;
  std::string quoted;
  for (const char c : text) quoted.append(c == '\'' || (c == '\\' && is_mysql) ? 2 : 1, c);
  if (is_mysql) return fmt::format("'{}'", quoted);
  std::string type = column.type.native;
  if (const std::size_t open = type.find('(');
      open != std::string::npos && column.type.kind != TypeKind::enumeration)
    type.erase(open, type.find(')', open) - open + 1);
  return fmt::format("'{}'::{}{}", quoted, type, column.type.is_array() ? "[]" : "");
}

std::string dbgenerated(const std::string& expression) {
  return expression.empty() ? "dbgenerated()" : fmt::format("dbgenerated({})", encode_string(expression));
}

std::string spell_client_default(const ClientDefault& value) {
  const std::string argument = value.argument == 0 ? "" : std::to_string(value.argument);
  switch (value.kind) {
    case ClientDefault::Kind::none:
      return {};
    case ClientDefault::Kind::uuid:
      return fmt::format("uuid({})", argument);
    case ClientDefault::Kind::cuid:
      return fmt::format("cuid({})", argument);
    case ClientDefault::Kind::nanoid:
      return fmt::format("nanoid({})", argument);
    case ClientDefault::Kind::ulid:
      return "ulid()";
  }
  return {};
}

bool is_integer(const Catalog& catalog, const Column& column) {
  const std::optional<Scalar> scalar = spell_type(catalog.engine, column.type).scalar;
  return scalar == Scalar::integer || scalar == Scalar::big_int;
}

std::string spell_part(const Catalog& catalog, const Index& index, const IndexPart& part) {
  std::vector<std::string> arguments;
  if (part.length) arguments.push_back(fmt::format("length: {}", *part.length));
  if (part.descending) arguments.emplace_back("sort: Desc");
  // The language knows operator classes of plain indexes only.
  if (!part.operator_class.empty() && index.kind == IndexKind::normal) {
    const std::string_view word = operator_class_word(part.operator_class);
    arguments.push_back(word.empty() ? fmt::format("ops: raw({})", encode_string(part.operator_class))
                                     : fmt::format("ops: {}", word));
  }
  return call(catalog[*part.column].field_name, arguments);
}

std::vector<std::string> field_names(const Catalog& catalog, const std::vector<ColumnId>& columns) {
  std::vector<std::string> names;
  for (const ColumnId id : columns) names.push_back(catalog[id].field_name);
  return names;
}

std::string map_argument(const Catalog& catalog, const Index& index) {
  if (index.name == default_index_name(catalog, index) || index.name.empty()) return {};
  if (index.kind == IndexKind::primary && catalog.engine == Engine::mysql) return {};
  return fmt::format("map: {}", encode_string(index.name));
}

std::string predicate_argument(const Index& index) {
  return fmt::format("where: raw({})", encode_string(index.predicate));
}

std::string_view action_name(ReferentialAction action) {
  switch (action) {
    case ReferentialAction::no_action:
      return "NoAction";
    case ReferentialAction::restrict:
      return "Restrict";
    case ReferentialAction::cascade:
      return "Cascade";
    case ReferentialAction::set_null:
      return "SetNull";
    case ReferentialAction::set_default:
      return "SetDefault";
  }
  return "NoAction";
}

// What a reader takes when onDelete is left out: it looks at whether the relation field is optional. Prisma
// looks at whether any column is required instead, which changes the action of a key with columns of both
// kinds.
bool is_default_on_delete(const Catalog& catalog, const ForeignKey& key) {
  const auto is_nullable = [&](ColumnId id) { return catalog[id].nullable; };
  if (std::ranges::none_of(key.columns, is_nullable)) return key.on_delete == ReferentialAction::restrict;
  return std::ranges::all_of(key.columns, is_nullable) && key.on_delete == ReferentialAction::set_null;
}

}  // namespace

std::string spell_field_type(const Catalog& catalog, const Column& column) {
  const TypeSpelling type = spell_type(catalog.engine, column.type);
  std::string text;
  if (column.type.kind == TypeKind::enumeration && column.type.enum_id)
    text = catalog[*column.type.enum_id].enum_name;
  else if (type.scalar)
    text = to_string(*type.scalar);
  else
    text = fmt::format("Unsupported({})", encode_string(type.unsupported));
  return text + (column.type.is_array() ? "[]" : column.nullable ? "?" : "");
}

std::string spell_native_type(const Catalog& catalog, const Column& column) {
  if (column.type.kind == TypeKind::enumeration) return {};
  return spell_type(catalog.engine, column.type).native;
}

Default expressible_default(const Catalog& catalog, const Column& column) {
  const auto expression = [](std::string text) {
    Default value;
    value.kind = Default::Kind::expression;
    value.text = std::move(text);
    return value;
  };
  const Default& value = column.default_value;
  Default plain;
  plain.kind = value.kind;
  if (column.client_default.kind != ClientDefault::Kind::none) return {};
  // MySQL wants parentheses where a default is more than a literal.
  if (!column.generated.empty())
    return expression(catalog.engine == Engine::mysql ? "(" + column.generated + ")" : column.generated);
  if (column.identity != Identity::none || value.kind == Default::Kind::autoincrement) {
    plain.kind = Default::Kind::autoincrement;
    return is_integer(catalog, column) ? plain : expression("");
  }
  switch (value.kind) {
    case Default::Kind::none:
    case Default::Kind::autoincrement:
      return plain;
    case Default::Kind::expression:
      return expression(value.text);
    case Default::Kind::now:
      if (spell_type(catalog.engine, column.type).scalar == Scalar::date_time) return plain;
      return expression(value.text.empty() ? "now()" : value.text);
    case Default::Kind::literal:
      break;
  }
  const std::vector<std::string> single{value.text};
  for (const std::string& item : value.is_array ? value.items : single)
    if (!spell_literal(catalog, column, item))
      return expression(
          sql_literal(catalog.engine, column,
                      value.is_array ? fmt::format("{{{}}}", fmt::join(value.items, ",")) : value.text));
  plain.text = value.text;
  plain.items = value.items;
  plain.is_array = value.is_array;
  return plain;
}

std::string spell_default(const Catalog& catalog, const Column& column) {
  if (column.client_default.kind != ClientDefault::Kind::none)
    return spell_client_default(column.client_default);
  const Default value = expressible_default(catalog, column);
  switch (value.kind) {
    case Default::Kind::none:
      return {};
    case Default::Kind::expression:
      return dbgenerated(value.text);
    case Default::Kind::now:
      return "now()";
    case Default::Kind::autoincrement:
      return "autoincrement()";
    case Default::Kind::literal:
      break;
  }
  if (!value.is_array) return spell_literal(catalog, column, value.text).value_or("");
  std::vector<std::string> items;
  for (const std::string& item : value.items)
    items.push_back(spell_literal(catalog, column, item).value_or(""));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

std::string spell_field_index(const Catalog& catalog, const Index& index) {
  std::vector<std::string> arguments;
  const bool is_primary = index.kind == IndexKind::primary;
  const std::string map = map_argument(catalog, index);
  const IndexPart& part = index.parts.front();
  if (!is_primary && !map.empty()) arguments.push_back(map);
  if (part.descending) arguments.emplace_back("sort: Desc");
  if (part.length) arguments.push_back(fmt::format("length: {}", *part.length));
  if (is_primary && !map.empty()) arguments.push_back(map);
  if (!index.predicate.empty()) arguments.push_back(predicate_argument(index));
  return call(is_primary ? "@id" : "@unique", arguments);
}

std::string spell_block_index(const Catalog& catalog, const Index& index) {
  std::vector<std::string> fields;
  for (const IndexPart& part : index.parts) fields.push_back(spell_part(catalog, index, part));
  if (index.kind == IndexKind::normal)
    for (const ColumnId id : index.included) fields.push_back(catalog[id].field_name);
  std::vector<std::string> arguments{fmt::format("[{}]", fmt::join(fields, ", "))};
  if (!index.client_name.empty())
    arguments.push_back(fmt::format("name: {}", encode_string(index.client_name)));
  if (std::string map = map_argument(catalog, index); !map.empty()) arguments.push_back(std::move(map));
  // MySQL's engines choose the method themselves.
  const std::string_view method = catalog.engine == Engine::mysql ? "BTree" : method_name(index.method);
  if (index.kind == IndexKind::normal && method != "BTree" && !method.empty())
    arguments.push_back(fmt::format("type: {}", method));
  if (!index.predicate.empty()) arguments.push_back(predicate_argument(index));
  switch (index.kind) {
    case IndexKind::primary:
      return call("@@id", arguments);
    case IndexKind::unique:
      return call("@@unique", arguments);
    case IndexKind::fulltext:
      return call("@@fulltext", arguments);
    default:
      return call("@@index", arguments);
  }
}

std::string spell_relation(const Catalog& catalog, const ForeignKey& key) {
  std::vector<std::string> arguments;
  if (!key.relation_name.empty()) arguments.push_back(encode_string(key.relation_name));
  arguments.push_back(fmt::format("fields: [{}]", fmt::join(field_names(catalog, key.columns), ", ")));
  arguments.push_back(
      fmt::format("references: [{}]", fmt::join(field_names(catalog, key.target_columns), ", ")));
  if (!is_default_on_delete(catalog, key))
    arguments.push_back(fmt::format("onDelete: {}", action_name(key.on_delete)));
  if (key.on_update != ReferentialAction::cascade)
    arguments.push_back(fmt::format("onUpdate: {}", action_name(key.on_update)));
  if (!key.name.empty() && key.name != default_foreign_key_name(catalog, key))
    arguments.push_back(fmt::format("map: {}", encode_string(key.name)));
  return call("@relation", arguments);
}

}  // namespace tenon::psl
