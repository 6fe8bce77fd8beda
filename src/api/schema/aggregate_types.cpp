#include "api/schema/aggregate_types.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "api/schema/aggregates.h"
#include "api/schema/inputs.h"

namespace tenon::api {

namespace {

using catalog::ColumnId;
using sql::AggregateFunction;
using Output = OutputBinding::Kind;
using Input = InputBinding::Kind;

constexpr std::string_view date_part_type = "ModelDatePart";

// A function over columns: the member it has in results, conditions and orders, and its types there.
struct Function {
  std::string_view member;
  AggregateFunction function;
  std::string_view title;  // of its types; functions of one title share them
  bool (*applies)(const catalog::ColumnType&);
};
constexpr auto measures = std::to_array<Function>({
    {"countDistinct", AggregateFunction::count_distinct, "CountDistinct", has_distinct_count},
    {"sum", AggregateFunction::sum, "Sum", has_sum},
    {"avg", AggregateFunction::avg, "Avg", has_sum},
    {"min", AggregateFunction::min, "MinMax", has_extremes},
    {"max", AggregateFunction::max, "MinMax", has_extremes},
});

std::vector<ColumnId> columns_of(const Model& model, const catalog::Catalog& catalog,
                                 const Function& function) {
  std::vector<ColumnId> found;
  for (const ColumnId id : model.columns)
    if (function.applies(catalog[id].type)) found.push_back(id);
  return found;
}

// Columns that rows can be grouped by; their names are values of an enum, where three words mean something
// else.
std::vector<ColumnId> group_columns(const Model& model, const catalog::Catalog& catalog) {
  std::vector<ColumnId> found = orderable_columns(model, catalog);
  std::erase_if(found, [&](ColumnId id) {
    const std::string& name = catalog[id].field_name;
    return name == "true" || name == "false" || name == "null";
  });
  return found;
}

bool has_group_parts(const Model& model, const catalog::Catalog& catalog) {
  return std::ranges::any_of(group_columns(model, catalog),
                             [&](ColumnId id) { return has_parts(catalog[id].type); });
}

std::string type_name(const Model& model, std::string_view suffix) {
  return ("Model" + model.title).append(suffix);
}

// Everything but conditions on values decides the statement's text.
DraftInput shaping_argument(std::string name, std::string type, Input kind, bool shapes = true) {
  return {.name = std::move(name),
          .type = std::move(type),
          .binding = {.kind = kind, .shapes_statement = shapes}};
}

DraftInput part_argument() {
  return shaping_argument("part", std::string(date_part_type), Input::group_part);
}

std::vector<DraftInput> group_arguments(const Model& model, const catalog::Catalog& catalog) {
  std::vector<DraftInput> arguments;
  if (!group_columns(model, catalog).empty())
    arguments.push_back(
        shaping_argument("groupBy", "[" + type_name(model, "GroupByInput") + "!]", Input::group_by));
  arguments.push_back(shaping_argument("having", type_name(model, "HavingInput"), Input::having, false));
  arguments.push_back(shaping_argument("orderBy", "[" + type_name(model, "AggregateOrderByInput") + "!]",
                                       Input::aggregate_order));
  arguments.push_back(shaping_argument("limit", "Int", Input::limit));
  arguments.push_back(shaping_argument("offset", "Int", Input::offset));
  return arguments;
}

void add_group_inputs(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog) {
  const std::vector<ColumnId> columns = group_columns(model, catalog);
  if (columns.empty()) return;
  std::vector<graphql::EnumValueSpec> names;
  for (const ColumnId id : columns) names.push_back({.name = catalog[id].field_name});
  draft.builder().add_enum(type_name(model, "GroupByField"), std::move(names));
  std::vector<DraftInput> fields{
      shaping_argument("field", type_name(model, "GroupByField") + "!", Input::group_field)};
  if (has_group_parts(model, catalog)) fields.push_back(part_argument());
  draft.add_input(type_name(model, "GroupByInput"), std::move(fields));
}

// What rows of a group have in common. All may be null: there may be no such rows.
void add_group_object(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog) {
  std::vector<DraftField> fields;
  for (const ColumnId id : group_columns(model, catalog)) {
    DraftField field{.name = catalog[id].field_name,
                     .type = draft.use_leaf(scalar_name(catalog, catalog[id])),
                     .binding = {.kind = Output::aggregate_column, .table = model.table, .column = id}};
    if (has_parts(catalog[id].type)) field.arguments.push_back(part_argument());
    fields.push_back(std::move(field));
  }
  draft.add_object(type_name(model, "AggregateGroup"), std::move(fields));
}

void add_values_object(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog,
                       const Function& function, const std::vector<ColumnId>& columns) {
  std::vector<DraftField> fields;
  for (const ColumnId id : columns) {
    std::string type = draft.use_leaf(result_scalar(catalog, {.function = function.function, .column = id}));
    if (function.function == AggregateFunction::count_distinct) type += '!';
    fields.push_back({.name = catalog[id].field_name,
                      .type = std::move(type),
                      .binding = {.kind = Output::aggregate_column, .table = model.table, .column = id}});
  }
  draft.add_object(type_name(model, "Aggregate").append(function.title), std::move(fields));
}

void add_values_inputs(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog,
                       const Function& function, const std::vector<ColumnId>& columns) {
  std::vector<DraftInput> conditions;
  std::vector<DraftInput> directions;
  for (const ColumnId id : columns) {
    const std::string leaf =
        draft.use_leaf(result_scalar(catalog, {.function = function.function, .column = id}));
    const std::string& name = catalog[id].field_name;
    conditions.push_back({.name = name,
                          .type = draft.use_filter(comparison_input(leaf)),
                          .binding = {.kind = Input::aggregate_column, .column = id}});
    directions.push_back(
        {.name = name,
         .type = "ModelSortDirection",
         .binding = {.kind = Input::aggregate_column, .column = id, .shapes_statement = true}});
  }
  draft.add_input(type_name(model, function.title) + "HavingInput", std::move(conditions));
  // Sums and averages are of the same columns.
  if (function.function != AggregateFunction::avg)
    draft.add_input(type_name(model, function.title) + "OrderByInput", std::move(directions), true);
}

std::string order_type(const Model& model, const Function& function) {
  const std::string_view title = function.function == AggregateFunction::avg ? "Sum" : function.title;
  return type_name(model, title) + "OrderByInput";
}

}  // namespace

std::vector<std::string> aggregate_names(const std::string& title, const std::string& plural) {
  std::vector<std::string> names{"aggregate" + plural};
  constexpr auto suffixes =
      std::to_array<std::string_view>({"Aggregate", "AggregateGroup", "GroupByField", "GroupByInput",
                                       "HavingInput", "AggregateOrderByInput"});
  for (const std::string_view suffix : suffixes) names.push_back(("Model" + title).append(suffix));
  for (const Function& function : measures) {
    if (function.function == AggregateFunction::max) continue;  // shares those of min
    const std::string own(function.title);
    names.push_back("Model" + title + "Aggregate" + own);
    names.push_back("Model" + title + own + "HavingInput");
    names.push_back("Model" + title + own + "OrderByInput");
  }
  return names;
}

DraftField aggregate_query(const Model& model, const catalog::Catalog& catalog) {
  DraftField field{.name = "aggregate" + model.plural,
                   .type = "[" + type_name(model, "Aggregate") + "!]!",
                   .binding = {.kind = Output::aggregate_list, .table = model.table},
                   .arguments = group_arguments(model, catalog)};
  field.arguments.insert(field.arguments.begin(),
                         shaping_argument("filter", type_name(model, "FilterInput"), Input::filter, false));
  return field;
}

std::vector<DraftField> aggregate_fields(const Model& model, const catalog::Catalog& catalog) {
  const auto field = [&](std::string name, std::string type, Output kind) {
    return DraftField{
        .name = std::move(name), .type = std::move(type), .binding = {.kind = kind, .table = model.table}};
  };
  std::vector<DraftField> fields{
      field("totalCount", "Int", Output::total_count),
      field("estimatedCount", "Int", Output::estimated_count),
      field("aggregate", type_name(model, "Aggregate") + "!", Output::aggregate),
      field("groups", "[" + type_name(model, "Aggregate") + "!]!", Output::aggregate_groups)};
  fields.front().arguments = {shaping_argument("atMost", "Int", Input::count_max)};
  fields.back().arguments = group_arguments(model, catalog);
  return fields;
}

void add_aggregate_types(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog) {
  std::vector<DraftField> values;
  std::vector<DraftInput> conditions;
  std::vector<DraftInput> orders;
  const auto add = [&](std::string_view member, std::string type, AggregateFunction function) {
    values.push_back(
        {.name = std::string(member),
         .type = std::move(type),
         .binding = {.kind = Output::aggregate_values, .table = model.table, .function = function}});
  };
  const auto add_order = [&](std::string_view member, std::string type, AggregateFunction function) {
    orders.push_back(
        {.name = std::string(member),
         .type = std::move(type),
         .binding = {.kind = Input::aggregate_values, .function = function, .shapes_statement = true}});
  };
  values.push_back(
      {.name = "count", .type = "Int!", .binding = {.kind = Output::aggregate_count, .table = model.table}});
  conditions.push_back(shaping_argument("count", draft.use_filter(comparison_input(draft.use_leaf("Int"))),
                                        Input::aggregate_count, false));
  orders.push_back(shaping_argument("count", "ModelSortDirection", Input::aggregate_count));
  if (!group_columns(model, catalog).empty()) {
    add_group_object(draft, model, catalog);
    add("group", type_name(model, "AggregateGroup") + "!", AggregateFunction::value);
    add_order("group", type_name(model, "OrderByInput"), AggregateFunction::value);
  }
  if (has_group_parts(model, catalog))
    values.push_back(
        {.name = "datePart",
         .type = "Int",
         .binding = {.kind = Output::aggregate_part, .table = model.table},
         .arguments = {shaping_argument("field", type_name(model, "GroupByField") + "!", Input::group_field),
                       shaping_argument("part", std::string(date_part_type) + "!", Input::group_part)}});
  for (const Function& function : measures) {
    const std::vector<ColumnId> columns = columns_of(model, catalog, function);
    if (columns.empty()) continue;
    if (function.function != AggregateFunction::max) {
      add_values_object(draft, model, catalog, function, columns);
      add_values_inputs(draft, model, catalog, function, columns);
    }
    add(function.member, type_name(model, "Aggregate").append(function.title) + "!", function.function);
    conditions.push_back({.name = std::string(function.member),
                          .type = type_name(model, function.title) + "HavingInput",
                          .binding = {.kind = Input::aggregate_values, .function = function.function}});
    add_order(function.member, order_type(model, function), function.function);
  }
  const std::string having = type_name(model, "HavingInput");
  conditions.push_back(shaping_argument("and", "[" + having + "!]", Input::filter_and, false));
  conditions.push_back(shaping_argument("or", "[" + having + "!]", Input::filter_or, false));
  conditions.push_back(shaping_argument("not", having, Input::filter_not, false));
  draft.add_object(type_name(model, "Aggregate"), std::move(values));
  draft.add_input(having, std::move(conditions));
  draft.add_input(type_name(model, "AggregateOrderByInput"), std::move(orders), true);
  add_group_inputs(draft, model, catalog);
}

void add_shared_aggregate_types(SchemaDraft& draft) {
  std::vector<graphql::EnumValueSpec> values;
  for (const DatePartName& part : date_parts())
    values.push_back({.name = std::string(part.name), .description = std::string(part.description)});
  draft.builder().add_enum(std::string(date_part_type), std::move(values),
                           "What of a date or time rows are grouped by.");
}

}  // namespace tenon::api
