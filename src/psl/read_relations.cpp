// Relations: pairs of fields become foreign keys, or a link table when both are lists.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "psl/constraint_names.h"
#include "psl/reader.h"

namespace tenon::psl {

using namespace catalog;

namespace {

std::optional<ReferentialAction> find_action(std::string_view word) {
  if (word == "NoAction") return ReferentialAction::no_action;
  if (word == "Restrict") return ReferentialAction::restrict;
  if (word == "Cascade") return ReferentialAction::cascade;
  if (word == "SetNull") return ReferentialAction::set_null;
  if (word == "SetDefault") return ReferentialAction::set_default;
  return std::nullopt;
}

constexpr std::initializer_list<std::string_view> relation_arguments{"name",     "fields",   "references",
                                                                     "onDelete", "onUpdate", "map"};

}  // namespace

void Reader::read_relations() {
  foreign_keys_.resize(catalog().tables.size());
  std::vector<RelationField> fields;
  collect_relation_fields(fields);
  pair_relation_fields(fields);
  store_foreign_keys();
}

void Reader::collect_relation_fields(std::vector<RelationField>& fields) {
  for (std::uint32_t i = 0; i < models_.size(); ++i)
    for (const Field* field : models_[i].relation_fields) {
      RelationField found{.model = i,
                          .target = model_ids_.at(field->type.name.text),
                          .field = field,
                          .name = {},
                          .attribute = nullptr};
      for (const Attribute& attribute : field->attributes) {
        if (attribute.name.text == "relation") {
          AttributeReader reader(attribute, "@", relation_arguments, diagnostics_);
          found.attribute = &attribute;
          found.name = reader.string("name").value_or("");
          found.has_columns = reader.find("fields") != nullptr || reader.find("references") != nullptr;
          if (reader.find("name") != nullptr && found.name.empty())
            error("A relation cannot have an empty name.", attribute.span);
        } else if (attribute.name.text != "ignore" && attribute.name.text != "id" &&
                   attribute.name.text != "unique") {
          error(fmt::format("Attribute not known: \"@{}\".", attribute.name.text), attribute.span);
        }
      }
      fields.push_back(std::move(found));
    }
}

// Fields of one relation have one key: the two models, in alphabetical order, and the relation's name.
std::string Reader::relation_key(const RelationField& field) const {
  std::string_view a = models_[field.model].block->name.text;
  std::string_view b = models_[field.target].block->name.text;
  if (b < a) std::swap(a, b);
  return fmt::format("{}\n{}\n{}", a, b, field.name);
}

void Reader::pair_relation_fields(const std::vector<RelationField>& fields) {
  std::map<std::string, std::vector<const RelationField*>> relations;
  std::vector<std::string> order;  // of first appearance, so that errors and link tables follow the file
  for (const RelationField& field : fields) {
    std::vector<const RelationField*>& members = relations[relation_key(field)];
    if (members.empty()) order.push_back(relation_key(field));
    members.push_back(&field);
  }
  for (const std::string& key : order) {
    const std::vector<const RelationField*>& members = relations[key];
    const bool opposite = members.size() == 2 &&
                          (members[0]->model != members[1]->model || members[0]->model == members[0]->target);
    if (opposite) {
      read_pair(*members[0], *members[1]);
    } else if (members.size() <= 2) {
      for (const RelationField* member : members) missing_opposite(*member);
    } else {
      for (const RelationField* member : members)
        error(fmt::format(
                  "Error validating model \"{}\": Ambiguous relation detected. The field `{}` in model `{}` "
                  "refers to the same model as others. Please provide different relation names by adding "
                  "`@relation(<name>).",
                  models_[member->model].block->name.text, member->field->name.text,
                  models_[member->model].block->name.text),
              member->field->span);
    }
  }
}

void Reader::missing_opposite(const RelationField& field) {
  field_error(
      models_[field.model], *field.field,
      fmt::format("The relation field `{}` on model `{}` is missing an opposite relation field on the model "
                  "`{}`. Either run `prisma format` or add it manually.",
                  field.field->name.text, models_[field.model].block->name.text,
                  models_[field.target].block->name.text));
}

void Reader::read_pair(const RelationField& first, const RelationField& second) {
  const bool first_is_list = first.field->type.arity == Arity::list;
  const bool second_is_list = second.field->type.arity == Arity::list;
  if (first.has_columns && second.has_columns) {
    field_error(models_[first.model], *first.field,
                "Only one of the two sides of a relation can have the arguments `fields` and `references`.");
  } else if (first.has_columns) {
    read_foreign_key(first, second);
  } else if (second.has_columns) {
    read_foreign_key(second, first);
  } else if (first_is_list && second_is_list) {
    const bool swap = first.model == first.target
                          ? second.field->name.text < first.field->name.text
                          : models_[second.model].block->name.text < models_[first.model].block->name.text;
    swap ? add_link_table(second, first) : add_link_table(first, second);
  } else {
    const RelationField& forward = first_is_list ? second : first;
    field_error(
        models_[forward.model], *forward.field,
        fmt::format(
            "The relation field `{}` on model `{}` must specify the `fields` argument in the @relation "
            "attribute.",
            forward.field->name.text, models_[forward.model].block->name.text));
  }
}

std::vector<ColumnId> Reader::read_columns_list(AttributeReader& reader, std::string_view argument,
                                                const Model& model) {
  std::vector<ColumnId> columns;
  const Expression* list = reader.find(argument);
  if (list == nullptr) {
    reader.error(fmt::format("Argument \"{}\" is missing.", argument));
    return columns;
  }
  // A single field may stand without its brackets.
  const std::vector<Expression> single{*list};
  for (const Expression& item : list->kind == Expression::Kind::array ? list->items : single) {
    if (const std::optional<ColumnId> column = catalog().find_field(model.table, item.text))
      columns.push_back(*column);
    else
      error(fmt::format(
                "Error validating: The argument {} must refer only to existing fields. The following fields "
                "do not exist in this model: {}",
                argument, item.text),
            reader.span());
  }
  return columns;
}

void Reader::read_actions(AttributeReader& reader, ForeignKey& key, bool optional) {
  key.on_delete = optional ? ReferentialAction::set_null : ReferentialAction::restrict;
  key.on_update = ReferentialAction::cascade;
  for (const auto& [argument, action] :
       {std::pair{"onDelete", &key.on_delete}, std::pair{"onUpdate", &key.on_update}}) {
    const std::optional<std::string> word = reader.constant(argument);
    if (!word) continue;
    if (const std::optional<ReferentialAction> found = find_action(*word))
      *action = *found;
    else
      error(fmt::format("Invalid referential action: `{}`", *word), reader.find(argument)->span);
  }
}

void Reader::read_foreign_key(const RelationField& forward, const RelationField& back) {
  const Model& model = models_[forward.model];
  const Model& target = models_[forward.target];
  AttributeReader reader(*forward.attribute, "@", diagnostics_);
  ForeignKey key;
  key.table = model.table;
  key.target = target.table;
  key.columns = read_columns_list(reader, "fields", model);
  key.target_columns = read_columns_list(reader, "references", target);
  if (key.columns.empty() || key.target_columns.empty()) return;
  if (key.columns.size() != key.target_columns.size()) {
    field_error(model, *forward.field,
                "You must specify the same number of fields in `fields` and `references`.");
    return;
  }
  const bool any_nullable =
      std::ranges::any_of(key.columns, [&](ColumnId id) { return catalog()[id].nullable; });
  const bool optional = forward.field->type.arity == Arity::optional;
  if (forward.field->type.arity == Arity::list)
    field_error(model, *forward.field, "The side of a relation with the argument `fields` cannot be a list.");
  if (any_nullable && !optional)
    error(fmt::format(
              "Error validating: The relation field `{}` uses the scalar fields {}. At least one of those "
              "fields is optional. Hence the relation field must be optional as well.",
              forward.field->name.text, catalog()[key.columns[0]].field_name),
          forward.field->span);
  read_actions(reader, key, optional);
  key.name = reader.string("map").value_or(default_foreign_key_name(catalog(), key));
  key.emulated = schema_.datasource.relation_mode == RelationMode::prisma || table_of(model).is_view() ||
                 table_of(target).is_view();
  key.relation_name = forward.name;
  key.field_name = forward.field->name.text;
  key.back_field_name = back.field->name.text;
  foreign_keys_[key.table.value].push_back(std::move(key));
}

void Reader::add_link_table(const RelationField& a, const RelationField& b) {
  const TableId id{static_cast<std::uint32_t>(catalog().tables.size())};
  const Engine engine = catalog().engine;
  std::string relation = a.name;
  if (relation.empty())
    relation = fmt::format("{}To{}", models_[a.model].block->name.text, models_[b.model].block->name.text);

  Table table;
  table.schema = table_of(models_[a.model]).schema;
  table.name = link_table_name(engine, relation);
  table.implicit_link = true;
  table.columns = {.first = static_cast<std::uint32_t>(catalog().columns.size()), .count = 2};
  table.indexes = {.first = static_cast<std::uint32_t>(catalog().indexes.size()), .count = 2};
  std::vector<ForeignKey> keys;
  for (const bool is_a : {true, false}) {
    const RelationField& side = is_a ? a : b;
    const TableId target = models_[side.model].table;
    const std::optional<IndexId> primary = catalog().primary_key(target);
    if (!primary || catalog()[*primary].parts.size() != 1) {
      field_error(
          models_[side.model], *side.field,
          fmt::format(
              "The model `{}` of an implicit many-to-many relation must have an id of a single field.",
              models_[side.model].block->name.text));
      return;
    }
    Column column;
    column.table = id;
    column.name = is_a ? "A" : "B";
    column.type = catalog()[*catalog()[*primary].parts[0].column].type;
    column.nullable = false;
    ForeignKey key;
    key.table = id;
    key.name = link_object_name(engine, table.name, is_a ? "_A_fkey" : "_B_fkey");
    key.columns = {table.columns[is_a ? 0 : 1]};
    key.target = target;
    key.target_columns = {*catalog()[*primary].parts[0].column};
    key.on_delete = key.on_update = ReferentialAction::cascade;
    key.emulated = schema_.datasource.relation_mode == RelationMode::prisma;
    key.relation_name = a.name;
    key.back_field_name = side.field->name.text;
    keys.push_back(std::move(key));
    catalog().columns.push_back(std::move(column));
  }
  Index pair;
  pair.table = id;
  pair.kind = engine == Engine::mysql ? IndexKind::unique : IndexKind::primary;
  pair.is_constraint = pair.kind == IndexKind::primary;
  pair.name = link_object_name(engine, table.name, engine == Engine::mysql ? "_AB_unique" : "_AB_pkey");
  pair.parts.resize(2);
  pair.parts[0].column = table.columns[0];
  pair.parts[1].column = table.columns[1];
  Index by_b;
  by_b.table = id;
  by_b.name = link_object_name(engine, table.name, "_B_index");
  by_b.parts.resize(1);
  by_b.parts[0].column = table.columns[1];
  catalog().indexes.push_back(std::move(pair));
  catalog().indexes.push_back(std::move(by_b));
  catalog().tables.push_back(std::move(table));
  foreign_keys_.push_back(std::move(keys));
}

void Reader::store_foreign_keys() {
  for (std::uint32_t i = 0; i < catalog().tables.size(); ++i) {
    std::vector<ForeignKey>& keys = foreign_keys_[i];
    catalog().tables[i].foreign_keys = {.first = static_cast<std::uint32_t>(catalog().foreign_keys.size()),
                                        .count = static_cast<std::uint32_t>(keys.size())};
    std::ranges::move(keys, std::back_inserter(catalog().foreign_keys));
  }
}

}  // namespace tenon::psl
