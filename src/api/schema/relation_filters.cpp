#include "api/schema/relation_filters.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "api/schema/types.h"
#include "api/values/scalars.h"

namespace tenon::api {

namespace {

using catalog::TypeKind;
using Input = InputBinding::Kind;

struct CountOperator {
  std::string_view name;
  FilterOperator filter;
};
constexpr auto comparisons = std::to_array<CountOperator>({{"eq", FilterOperator::eq},
                                                           {"ne", FilterOperator::ne},
                                                           {"lt", FilterOperator::lt},
                                                           {"le", FilterOperator::le},
                                                           {"gt", FilterOperator::gt},
                                                           {"ge", FilterOperator::ge}});

// Columns of one group can be compared with each other. Empty: the column can be with none.
std::string comparison_group(const catalog::Catalog& catalog, const catalog::Column& column) {
  if (column.type.is_array()) return {};
  switch (column.type.kind) {
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
      return "Number";
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
      // Two collations of their own leave the engine without one to compare by.
      return column.collation.empty() ? "String" : "";
    case TypeKind::uuid:
      return "ID";
    case TypeKind::boolean:
      return "Boolean";
    case TypeKind::date:
      return "Date";
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return "DateTime";
    case TypeKind::time:
      return "Time";
    case TypeKind::enumeration:
      return enum_title(catalog[*column.type.enum_id].enum_name);
    default:
      return {};
  }
}

using Groups = std::map<std::string, std::vector<catalog::ColumnId>>;

// Groups of two or more.
Groups groups_of(const std::vector<catalog::ColumnId>& columns, const catalog::Catalog& catalog) {
  Groups groups;
  for (const catalog::ColumnId id : columns)
    if (const std::string group = comparison_group(catalog, catalog[id]); !group.empty())
      groups[group].push_back(id);
  std::erase_if(groups, [](const auto& group) { return group.second.size() < 2; });
  return groups;
}

std::string compare_input(const std::string& title) { return "Model" + title + "CompareInput"; }
std::string group_input(const std::string& title, const std::string& group) {
  return "Model" + title + "Compare" + group + "Input";
}
std::string group_enum(const std::string& title, const std::string& group) {
  return "Model" + title + group + "Column";
}

std::string composite_input(const Model& model) { return "Model" + model.title + "PrimaryCompositeKeyInput"; }
std::string composite_condition(const Model& model) {
  return "Model" + model.title + "PrimaryCompositeKeyConditionInput";
}

bool has_composite_sort_key(const Model& model, const catalog::Catalog& catalog) {
  return model.key.size() > 2 && std::ranges::all_of(model.key, [&](catalog::ColumnId id) {
           return !catalog[id].type.is_array() && comparability(catalog[id].type) == Comparability::order;
         });
}

}  // namespace

void append_relation_filters(std::vector<DraftInput>& fields, const Model& model, const Exposure& exposure,
                             const catalog::Catalog& catalog) {
  const auto reserved = [](const std::string& name) {
    return name == "and" || name == "or" || name == "not";
  };
  bool has_compare = false;
  for (const catalog::ColumnId id : model.columns)
    has_compare = has_compare || catalog[id].field_name == "compare";
  for (const ModelRelation& member : model.relations) {
    const Relation& relation = exposure.relations[member.relation];
    const Model& to = *exposure.find(relation.to);
    has_compare = has_compare || member.field == "compare";
    if (relation.crosses || !to.access.list || reserved(member.field)) continue;
    fields.push_back({.name = member.field,
                      .type = "Model" + to.title + (relation.many ? "RelationFilterInput" : "FilterInput"),
                      .binding = {.kind = relation.many ? Input::filter_to_many : Input::filter_to_one,
                                  .relation = member.relation}});
  }
  if (!has_compare && !groups_of(model.columns, catalog).empty())
    fields.push_back(
        {.name = "compare", .type = compare_input(model.title), .binding = {.kind = Input::filter_compare}});
}

void add_relation_filter_types(SchemaDraft& draft, const Model& model, const Exposure& exposure) {
  const bool used = std::ranges::any_of(exposure.relations, [&](const Relation& relation) {
    return relation.many && !relation.crosses && relation.to == model.table;
  });
  if (!used) return;
  const auto member = [&](std::string name, Input kind) {
    return DraftInput{
        .name = std::move(name), .type = "Model" + model.title + "FilterInput", .binding = {.kind = kind}};
  };
  draft.add_input("Model" + model.title + "RelationFilterInput",
                  {member("some", Input::filter_some), member("every", Input::filter_every),
                   member("none", Input::filter_none)});
}

void add_compare_types(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog) {
  const Groups groups = groups_of(model.columns, catalog);
  if (groups.empty()) return;
  std::vector<DraftInput> members;
  for (const catalog::ColumnId id : model.columns) {
    const std::string group = comparison_group(catalog, catalog[id]);
    if (groups.contains(group))
      members.push_back({.name = catalog[id].field_name,
                         .type = group_input(model.title, group),
                         .binding = {.kind = Input::compare_column, .column = id}});
  }
  draft.add_input(compare_input(model.title), std::move(members));
  for (const auto& [group, columns] : groups) {
    std::vector<graphql::EnumValueSpec> values;
    for (const catalog::ColumnId id : columns) values.push_back({.name = catalog[id].field_name});
    draft.builder().add_enum(group_enum(model.title, group), std::move(values));
    std::vector<DraftInput> operators;
    for (const CountOperator& op : comparisons)
      operators.push_back(
          {.name = std::string(op.name),
           .type = group_enum(model.title, group),
           .binding = {.kind = Input::filter_operator, .filter = op.filter, .shapes_statement = true}});
    draft.add_input(group_input(model.title, group), std::move(operators));
  }
}

std::vector<std::string> compare_type_names(const std::string& title,
                                            const std::vector<catalog::ColumnId>& columns,
                                            const catalog::Catalog& catalog) {
  std::vector<std::string> names{compare_input(title)};
  for (const auto& [group, members] : groups_of(columns, catalog)) {
    names.push_back(group_input(title, group));
    names.push_back(group_enum(title, group));
  }
  return names;
}

std::optional<DraftInput> composite_sort_key_argument(const Model& model, const catalog::Catalog& catalog) {
  if (!has_composite_sort_key(model, catalog)) return std::nullopt;
  std::string name;
  for (std::size_t i = 1; i < model.key.size(); ++i) {
    const std::string& field = catalog[model.key[i]].field_name;
    name += i == 1 ? field : upper_first(field);
  }
  return DraftInput{
      .name = std::move(name), .type = composite_condition(model), .binding = {.kind = Input::sort_key}};
}

void add_composite_sort_key_types(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog) {
  if (!has_composite_sort_key(model, catalog)) return;
  std::vector<DraftInput> parts;
  for (std::size_t i = 1; i < model.key.size(); ++i) {
    const catalog::Column& column = catalog[model.key[i]];
    parts.push_back({.name = column.field_name,
                     .type = column_type(catalog, column, draft),
                     .binding = {.kind = Input::sort_key_column, .column = model.key[i]}});
  }
  const std::string value = composite_input(model);
  draft.add_input(value, std::move(parts));
  const auto member = [&](std::string name, std::string type, FilterOperator op) {
    return DraftInput{.name = std::move(name),
                      .type = std::move(type),
                      .binding = {.kind = Input::filter_operator, .filter = op}};
  };
  draft.add_input(
      composite_condition(model),
      {member("eq", value, FilterOperator::eq), member("le", value, FilterOperator::le),
       member("lt", value, FilterOperator::lt), member("ge", value, FilterOperator::ge),
       member("gt", value, FilterOperator::gt), member("between", "[" + value + "]", FilterOperator::between),
       member("beginsWith", value, FilterOperator::begins_with)});
}

}  // namespace tenon::api
