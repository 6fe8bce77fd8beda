// Primary keys, unique keys and indexes.
#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "psl/constraint_names.h"
#include "psl/model_facts.h"
#include "psl/operator_classes.h"
#include "psl/reader.h"

namespace tenon::psl {

using namespace catalog;

namespace {

std::optional<IndexKind> index_kind(std::string_view attribute) {
  if (attribute == "id") return IndexKind::primary;
  if (attribute == "unique") return IndexKind::unique;
  if (attribute == "index") return IndexKind::normal;
  if (attribute == "fulltext") return IndexKind::fulltext;
  return std::nullopt;
}

std::string method_of(std::string_view word) {
  for (const std::string_view method : {"btree", "hash", "gist", "gin", "spgist", "brin"})
    if (method_name(method) == word) return std::string(method);
  return {};
}

std::string sql_string(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + '\'';
}

std::string sql_value(const Expression& value) {
  return value.kind == Expression::Kind::string ? sql_string(value.text) : value.text;
}

}  // namespace

void Reader::read_indexes(Model& model) {
  const auto first = static_cast<std::uint32_t>(catalog().indexes.size());
  for (const IndexKind wanted :
       {IndexKind::primary, IndexKind::unique, IndexKind::normal, IndexKind::fulltext}) {
    for (const Field& field : model.block->fields)
      for (const Attribute& attribute : field.attributes)
        if ((attribute.name.text == "id" || attribute.name.text == "unique") &&
            index_kind(attribute.name.text) == wanted)
          read_field_index(model, field, attribute);
    for (const Attribute& attribute : model.block->attributes)
      if (index_kind(attribute.name.text) == wanted) read_block_index(model, attribute);
  }
  const auto count = static_cast<std::uint32_t>(catalog().indexes.size()) - first;
  catalog()[model.table].indexes = {.first = first, .count = count};
  for (const Attribute& attribute : model.block->attributes) {
    const std::string_view name = attribute.name.text;
    if (!index_kind(name) && name != "map" && name != "schema" && name != "ignore" && name != "shardKey")
      error(fmt::format("Attribute not known: \"@@{}\".", name), attribute.span);
  }
  check_identifier(model);
}

void Reader::read_field_index(const Model& model, const Field& field, const Attribute& attribute) {
  const bool is_id = attribute.name.text == "id";
  AttributeReader reader(attribute, "@", {"map", "length", "sort", "clustered", "where"}, diagnostics_);
  const std::optional<ColumnId> column = catalog().find_field(model.table, field.name.text);
  if (!column) {
    field_error(model, field, "The field is a relation field and cannot be marked with `@id` or `@unique`.");
    return;
  }
  if (is_id && catalog()[*column].nullable) reader.error("Fields that are marked as id must be required.");
  Index index;
  index.kind = is_id ? IndexKind::primary : IndexKind::unique;
  IndexPart part;
  part.column = column;
  if (const Expression* length = reader.find("length")) {
    std::uint32_t value = 0;
    std::from_chars(length->text.data(), length->text.data() + length->text.size(), value);
    part.length = value;
  }
  part.descending = reader.constant("sort").value_or("Asc") == "Desc";
  index.parts.push_back(std::move(part));
  add_index(model, reader, std::move(index));
}

void Reader::read_block_index(const Model& model, const Attribute& attribute) {
  AttributeReader reader(attribute, "@@", {"fields", "name", "map", "type", "clustered", "where"},
                         diagnostics_);
  Index index;
  index.kind = *index_kind(attribute.name.text);
  const Expression* fields = reader.find("fields");
  if (fields == nullptr) {
    reader.error("Argument \"fields\" is missing.");
    return;
  }
  if (model.block->kind == BlockKind::view && index.kind == IndexKind::normal)
    error("Views cannot have indexes.", attribute.span);
  // A single field may stand without its brackets.
  const std::vector<Expression> single{*fields};
  const std::vector<Expression>& items = fields->kind == Expression::Kind::array ? fields->items : single;
  if (items.empty())
    reader.error("The list of fields in an index cannot be empty. Please specify at least one field.");
  for (const Expression& item : items) {
    IndexPart part;
    if (!read_part(model, reader, item, part)) return;
    index.parts.push_back(std::move(part));
  }
  if (index.parts.empty()) return;
  if (const std::optional<std::string> word = reader.constant("type")) {
    index.method = method_of(*word);
    if (index.method.empty()) reader.error(fmt::format("Unknown index type: {}.", *word));
  }
  add_index(model, reader, std::move(index));
}

bool Reader::read_part(const Model& model, AttributeReader& reader, const Expression& item, IndexPart& part) {
  if (item.kind != Expression::Kind::constant && item.kind != Expression::Kind::function) {
    reader.error(fmt::format("Expected a constant literal value, but found `{}`.", describe(item)),
                 item.span);
    return false;
  }
  part.column = catalog().find_field(model.table, item.text);
  if (!part.column) {
    const bool is_relation = std::ranges::any_of(
        model.relation_fields, [&](const Field* field) { return field->name.text == item.text; });
    error(is_relation
              ? fmt::format(
                    "Error validating model \"{}\": The index definition refers to the relation fields {}. "
                    "Index definitions must reference only scalar fields.",
                    model.block->name.text, item.text)
              : fmt::format(
                    "Error validating model \"{}\": The index definition refers to the unknown fields: {}.",
                    model.block->name.text, item.text),
          reader.span());
    return false;
  }
  read_part_arguments(reader, item, part);
  return true;
}

void Reader::read_part_arguments(AttributeReader& reader, const Expression& item, IndexPart& part) {
  for (const Argument& argument : item.arguments) {
    const std::string_view name = argument.name ? argument.name->text : "";
    if (!argument.value) continue;
    const Expression& value = *argument.value;
    if (name == "sort") {
      if (value.text != "Asc" && value.text != "Desc")
        reader.error("Unexpected token. Expected one of: Asc, Desc", value.span);
      part.descending = value.text == "Desc";
    } else if (name == "length") {
      std::uint32_t length = 0;
      std::from_chars(value.text.data(), value.text.data() + value.text.size(), length);
      part.length = length;
    } else if (name == "ops" && value.kind == Expression::Kind::function && value.text == "raw") {
      if (!value.arguments.empty() && value.arguments[0].value)
        part.operator_class = value.arguments[0].value->text;
    } else if (name == "ops") {
      part.operator_class = operator_class_sql(value.text);
      if (part.operator_class.empty())
        reader.error(fmt::format("Invalid operator class: {}.", value.text), value.span);
    } else {
      reader.error("No such argument.", argument.span);
    }
  }
}

// `raw("…")` or an object of fields and values, as SQL.
std::string Reader::read_predicate(const Model& model, AttributeReader& reader) {
  const Expression* where = reader.find("where");
  if (where == nullptr) return {};
  if (catalog().engine == Engine::mysql)
    reader.error("Partial indexes (with a `where` clause) are not supported by the current connector.");
  if (where->kind == Expression::Kind::function && where->text == "raw" && where->arguments.size() == 1 &&
      where->arguments[0].value)
    return where->arguments[0].value->text;
  if (where->kind != Expression::Kind::object) {
    reader.error(
        "The `where` argument must be either a raw() function call or an object literal, e.g. `where: "
        "raw(\"status = "
        "'active'\")` or `where: { active: true }`.");
    return {};
  }
  std::vector<std::string> conditions;
  for (const Argument& member : where->arguments) {
    if (!member.name || !member.value) continue;
    const std::optional<ColumnId> column = catalog().find_field(model.table, member.name->text);
    if (!column) {
      reader.error(
          fmt::format("Field '{}' does not exist in model '{}'.", member.name->text, model.block->name.text));
      continue;
    }
    const bool negated = member.value->kind == Expression::Kind::object && !member.value->arguments.empty() &&
                         member.value->arguments[0].value;
    const Expression& value = negated ? *member.value->arguments[0].value : *member.value;
    const bool is_null = value.kind == Expression::Kind::constant && value.text == "null";
    conditions.push_back(fmt::format("\"{}\" {} {}", catalog()[*column].name,
                                     is_null ? (negated ? "IS NOT" : "IS") : (negated ? "<>" : "="),
                                     is_null ? "NULL" : sql_value(value)));
  }
  return fmt::format("({})", fmt::join(conditions, " AND "));
}

void Reader::add_index(const Model& model, AttributeReader& reader, Index index) {
  index.table = model.table;
  index.is_constraint = index.kind == IndexKind::primary;
  index.predicate = read_predicate(model, reader);
  const bool names_constraint = index.kind == IndexKind::primary || index.kind == IndexKind::unique;
  std::optional<std::string> map = reader.string("map");
  if (std::optional<std::string> name = reader.string("name")) {
    // On an index, `name` is the old word for `map`.
    if (names_constraint)
      index.client_name = *name;
    else if (!map)
      map = name;
  }
  index.name = map ? *map : default_index_name(catalog(), index);
  for (std::size_t i = catalog().indexes.size(); i > 0 && catalog().indexes[i - 1].table == model.table; --i)
    if (index.kind == IndexKind::primary && catalog().indexes[i - 1].kind == IndexKind::primary)
      error(fmt::format("Error validating model \"{}\": Each model must have at most one id criteria.",
                        model.block->name.text),
            reader.span());
  catalog().indexes.push_back(std::move(index));
}

void Reader::check_identifier(const Model& model) {
  const Table& table = table_of(model);
  if (table.is_view() || table.ignored) return;
  const bool found = std::ranges::any_of(table.indexes, [&](IndexId id) {
    const Index& index = catalog()[id];
    return (index.kind == IndexKind::primary || index.kind == IndexKind::unique) &&
           std::ranges::none_of(index_columns(index),
                                [&](ColumnId column) { return catalog()[column].nullable; });
  });
  if (found) return;
  error(
      fmt::format(
          "Error validating model \"{}\": Each model must have at least one unique criteria that has only "
          "required fields. Either mark a single field with `@id`, `@unique` or add a multi field criterion "
          "with `@@id([])` or `@@unique([])` to the model.",
          model.block->name.text),
      model.block->span);
}

}  // namespace tenon::psl
