#include "api/plan/levels.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.h"

namespace tenon::api {

using graphql::OperationField;
using Kind = OutputField::Kind;

OutputField start_field(const PlannerScope& scope, const OperationField& field) {
  const graphql::Schema& schema = *scope.schema.graphql;
  OutputField result;
  result.key = field.response_key;
  result.literal = "," + base::json_string(field.response_key) + ":";
  result.location = scope.operation.position(field);
  if (field.field == schema.typename_field()) {
    result.kind = Kind::type_name;
    result.non_null = true;
    result.text = base::json_string(schema[field.parent_type].name);
    return result;
  }
  const graphql::TypeReference type = schema[field.field].type;
  result.non_null = type.is_non_null();
  if (type.nullable().is_list()) result.item_non_null = type.nullable().inner().is_non_null();
  return result;
}

std::uint32_t LevelPlanner::output(LevelIndex level, std::uint32_t source, catalog::ColumnId column) {
  std::vector<sql::ColumnRef>& outputs = drafts_[level].select.outputs;
  const sql::ColumnRef wanted{.source = source, .column = column};
  auto found = std::ranges::find(outputs, wanted);
  if (found == outputs.end()) found = outputs.insert(outputs.end(), wanted);
  return plan_.levels[level].key_count + static_cast<std::uint32_t>(found - outputs.begin());
}

// The source number of a joined relation; the same relation of the same row is joined once.
std::uint32_t LevelPlanner::join(LevelIndex level, std::uint32_t source, std::uint32_t relation) {
  const Relation& wanted = scope_.schema.relations[relation];
  std::vector<sql::Join>& joins = drafts_[level].select.joins;
  for (std::uint32_t i = 0; i < joins.size(); ++i)
    if (joins[i].parent == source && joins[i].table == wanted.to &&
        joins[i].parent_columns == wanted.from_columns && joins[i].columns == wanted.to_columns)
      return i + 1;
  joins.push_back({.table = wanted.to,
                   .parent = source,
                   .parent_columns = wanted.from_columns,
                   .columns = wanted.to_columns});
  return static_cast<std::uint32_t>(joins.size());
}

std::uint32_t add_fields(Plan& plan, std::uint32_t index, std::uint32_t count) {
  const auto first = static_cast<std::uint32_t>(plan.fields.size());
  plan.fields.resize(first + count);
  plan.fields[index].first_child = first;
  plan.fields[index].child_count = count;
  return first;
}

void LevelPlanner::object(std::uint32_t index, const OperationField& field, LevelIndex level,
                          std::uint32_t source) {
  if (!scope_.errors.empty()) return;  // in vain: a hostile operation would still fill memory with levels
  const std::uint32_t first = add_fields(plan_, index, field.child_count);
  for (std::uint32_t i = 0; i < field.child_count; ++i)
    member(first + i, scope_.operation.fields[field.first_child + i], level, source);
}

void LevelPlanner::member(std::uint32_t index, const OperationField& field, LevelIndex level,
                          std::uint32_t source) {
  plan_.fields[index] = start_field(scope_, field);
  if (plan_.fields[index].kind == Kind::type_name) return;
  const OutputBinding& binding = scope_.schema[field.field];
  if (std::ranges::binary_search(scope_.rights.denied, field.field)) return deny(index, field);
  switch (binding.kind) {
    case OutputBinding::Kind::column: {
      OutputField& column = plan_.fields[index];
      if (hides_own_column(column, level, source, binding.column)) {
        column.kind = Kind::raw;
        column.text = "null";
        return;
      }
      if (!guard(index, field, level, source, {binding.column})) return;
      column.kind = Kind::column;
      column.column = binding.column;
      column.format = shown_format(scope_.catalog()[binding.column]);
      column.copy = cell_copy(scope_.catalog(), scope_.catalog()[binding.column], column.format);
      column.cell = output(level, source, binding.column);
      return;
    }
    case OutputBinding::Kind::to_one:
      return to_one(index, field, level, source, binding.relation);
    case OutputBinding::Kind::to_many:
      return to_many(index, field, level, source, scope_.schema.relations[binding.relation]);
    default:
      scope_.fail(field.offset, "this field cannot be answered here");
      return;
  }
}

void LevelPlanner::to_one(std::uint32_t index, const OperationField& field, LevelIndex level,
                          std::uint32_t source, std::uint32_t relation) {
  const Relation& wanted = scope_.schema.relations[relation];
  if (!scope_.rights.leads_on(scope_.schema, wanted)) return deny(index, field);
  if (!guard(index, field, level, source, wanted.from_columns)) return;
  if (wanted.crosses) return beyond_to_one(index, field, level, source, wanted);
  const std::uint32_t joined = join(level, source, relation);
  OutputField& row = plan_.fields[index];
  row.kind = Kind::object;
  row.level = level;
  // A joined row's key is NULL only when there is no such row.
  row.cell = output(level, joined, wanted.to_columns.front());
  object(index, field, level, joined);
}

LevelIndex LevelPlanner::add_level(catalog::TableId table, graphql::Offset offset,
                                   policy::Operation reading) {
  const LevelIndex level = level_count();
  if (level >= scope_.options.limits.statements_max && scope_.errors.empty())
    scope_.fail(offset,
                fmt::format("the operation needs more than {} statements; ask for less at once",
                            scope_.options.limits.statements_max),
                graphql::code::query_too_complex);
  plan_.levels.push_back({.table = table, .database = scope_.catalog().database_of(table)});
  Draft& draft = drafts_.emplace_back();
  draft.reading = reading;
  draft.select.catalog = draft.count.catalog = scope_.schema.catalog.get();
  draft.select.from = draft.count.from = table;
  draft.count.count = true;
  return level;
}

LevelIndex LevelPlanner::add_row_level(catalog::TableId table, graphql::Offset offset) {
  return add_level(table, offset, policy::Operation::get);
}

LevelIndex LevelPlanner::add_written_level(catalog::TableId table, const std::vector<catalog::ColumnId>& key,
                                           graphql::Offset offset) {
  const LevelIndex level = add_level(table, offset, policy::Operation::get);
  plan_.levels[level].key_count = static_cast<std::uint32_t>(key.size());
  return level;
}

void LevelPlanner::written(std::uint32_t index, const OperationField& field, LevelIndex level) {
  plan_.fields[index].kind = Kind::connection;
  plan_.fields[index].level = level;
  const std::uint32_t first = add_fields(plan_, index, field.child_count);
  bool wants_rows = false;
  for (std::uint32_t i = 0; i < field.child_count; ++i) {
    const OperationField& selected = scope_.operation.fields[field.first_child + i];
    const std::uint32_t child = first + i;
    plan_.fields[child] = start_field(scope_, selected);
    plan_.fields[child].level = level;
    if (plan_.fields[child].kind == Kind::type_name) continue;
    if (scope_.schema[selected.field].kind != OutputBinding::Kind::items) {
      plan_.fields[child].kind = Kind::total_count;
      continue;
    }
    wants_rows = true;
    plan_.fields[child].kind = Kind::items;
    object(child, selected, level, 0);
  }
  drafts_[level].wants_rows = wants_rows;
}

void LevelPlanner::read_by_keys(LevelIndex index, const std::vector<catalog::ColumnId>& key) {
  sql::Select& select = drafts_[index].select;
  sql::Keys keys{.columns = key, .parent_columns = key, .parameters = {}};
  for (std::uint32_t i = 0; i < key.size(); ++i)
    keys.parameters.push_back(
        drafts_[index].parameters.add({.kind = ParameterSource::Kind::row_keys, .part = i}));
  select.keys = std::move(keys);
  select.total_limit = std::uint64_t{scope_.options.limits.rows_answer_max} + 1;
}

LevelIndex LevelPlanner::add_own_level(catalog::TableId table, graphql::Offset offset) {
  const LevelIndex level = add_level(table, offset, policy::Operation::list);
  drafts_[level].wants_rows = false;
  return level;
}

void LevelPlanner::root_connection(std::uint32_t index, const OperationField& field, catalog::TableId table) {
  connection(index, field, add_level(table, field.offset));
}

// Rows that `relation` leads to, by the keys of a row of the parent's.
LevelIndex LevelPlanner::add_child_level(LevelIndex parent, std::uint32_t source, const Relation& relation,
                                         graphql::Offset offset) {
  const LevelIndex level = add_level(relation.to, offset, reading_of(relation));
  Level& child = plan_.levels[level];
  child.parent = parent;
  child.depth = plan_.levels[parent].depth + 1;
  child.beyond = plan_.levels[parent].beyond || relation.crosses;
  child.key_count = static_cast<std::uint32_t>(relation.from_columns.size());
  sql::Keys keys{.columns = relation.to_columns, .parent_columns = relation.from_columns, .parameters = {}};
  if (relation.link) {
    keys.columns = relation.link->from_columns;
    keys.link = link_of(relation);
  }
  if (relation.crosses) {
    // The types of columns of another database would mean nothing there.
    keys.parent_columns = relation.to_columns;
    for (std::uint32_t i = 0; i < child.key_count; ++i)
      child.key_forms.push_back(key_form(scope_.catalog(), relation.from_columns[i], relation.to_columns[i]));
  }
  Draft& draft = drafts_[level];
  for (std::uint32_t i = 0; i < child.key_count; ++i) {
    child.parent_cells.push_back(output(parent, source, relation.from_columns[i]));
    const ParameterSource key{.kind = ParameterSource::Kind::parent_key, .part = i};
    keys.parameters.push_back(draft.parameters.add(key));
    draft.count_parameters.add(key);
  }
  draft.count.keys = keys;
  draft.select.keys = std::move(keys);
  return level;
}

void LevelPlanner::to_many(std::uint32_t index, const OperationField& field, LevelIndex parent,
                           std::uint32_t source, const Relation& relation) {
  if (!scope_.rights.leads_on(scope_.schema, relation)) return deny(index, field);
  if (!guard(index, field, parent, source, relation.from_columns)) return;
  connection(index, field, add_child_level(parent, source, relation, field.offset));
}

// A row of another database cannot be joined: one statement reads those of all parents.
void LevelPlanner::beyond_to_one(std::uint32_t index, const OperationField& field, LevelIndex parent,
                                 std::uint32_t source, const Relation& relation) {
  const LevelIndex level = add_child_level(parent, source, relation, field.offset);
  plan_.fields[index].kind = Kind::row;
  plan_.fields[index].level = level;
  drafts_[level].select.total_limit = std::uint64_t{scope_.options.limits.rows_answer_max} + 1;
  object(index, field, level, 0);
}

void LevelPlanner::connection(std::uint32_t index, const OperationField& field, LevelIndex level) {
  if (!scope_.errors.empty()) return;
  plan_.fields[index].kind = Kind::connection;
  plan_.fields[index].level = level;
  const std::uint32_t first = add_fields(plan_, index, field.child_count);
  bool wants_rows = false;
  std::optional<LevelIndex> group;
  for (std::uint32_t i = 0; i < field.child_count; ++i) {
    const OperationField& selected = scope_.operation.fields[field.first_child + i];
    const std::uint32_t child = first + i;
    plan_.fields[child] = start_field(scope_, selected);
    plan_.fields[child].level = level;
    if (plan_.fields[child].kind == Kind::type_name) continue;
    switch (scope_.schema[selected.field].kind) {
      case OutputBinding::Kind::items:
        wants_rows = true;
        plan_.fields[child].kind = Kind::items;
        object(child, selected, level, 0);
        break;
      case OutputBinding::Kind::next_token:
        wants_rows = true;
        plan_.fields[child].kind = Kind::next_token;
        plan_.levels[level].next_token = true;
        break;
      case OutputBinding::Kind::total_count:
        connection_count(child, selected, level, field);
        break;
      case OutputBinding::Kind::estimated_count:
        connection_estimate(child, level, field);
        break;
      case OutputBinding::Kind::aggregate:
        connection_group(child, selected, level, field, group);
        break;
      case OutputBinding::Kind::aggregate_groups:
        connection_groups(child, selected, level, field);
        break;
      default:
        scope_.fail(selected.offset, "this field cannot be answered here");
        break;
    }
  }
  drafts_[level].wants_rows = wants_rows;
  page(level, field);
}

sql::Predicate LevelPlanner::condition(Parameters& parameters, const PageArguments& arguments,
                                       graphql::Offset offset) {
  sql::Predicate where;
  for (const auto& [column, value] : arguments.keys)
    add_condition(where, plan_key(scope_, parameters, column, *value, offset));
  if (arguments.sort_key != nullptr)
    add_condition(where, plan_sort_key(scope_, parameters, *arguments.sort_key, offset));
  if (arguments.filter != nullptr)
    add_condition(where, plan_filter(scope_, parameters, *arguments.filter, offset));
  return where;
}

// Filter, order, limit and position of a connection.
void LevelPlanner::page(LevelIndex index, const OperationField& field) {
  const PageArguments arguments = page_arguments(scope_, field);
  Draft& draft = drafts_[index];
  Level& level = plan_.levels[index];
  if (draft.wants_count) draft.count.where = condition(draft.count_parameters, arguments, field.offset);

  sql::Predicate where = condition(draft.parameters, arguments, field.offset);
  const auto joined = [&](std::uint32_t source, std::uint32_t relation) {
    return join(index, source, relation);
  };
  draft.select.order = plan_order(scope_, level.table, arguments, joined, field.offset);
  level.ordering = ordering_name(draft.select);
  if (arguments.next_token != nullptr)
    add_condition(where, plan_token(scope_, draft.parameters, *arguments.next_token, draft.select.order,
                                    level.ordering, field.offset));
  draft.select.where = std::move(where);
  level.page = plan_limit(scope_, arguments, field.offset);
  // One row more than an answer may have tells that there are too many.
  const std::uint64_t rows_max = std::uint64_t{scope_.options.limits.rows_answer_max} + 1;
  draft.select.limit = std::min(*level.page + (level.next_token ? 1 : 0), rows_max);
  if (level.parent) draft.select.total_limit = rows_max;
  draft.select.offset = plan_offset(scope_, arguments, field.offset);
  if (level.next_token)
    for (const sql::OrderTerm& term : draft.select.order)
      level.order_cells.push_back(output(index, term.column.source, term.column.column));
}

void LevelPlanner::need_one_output(LevelIndex level) {
  sql::Select& select = drafts_[level].select;
  if (!select.outputs.empty()) return;
  const catalog::Table& table = scope_.catalog()[select.from];
  const auto key = scope_.catalog().primary_key(select.from);
  output(level, 0, key ? *scope_.catalog()[*key].parts.front().column : table.columns[0]);
}

void LevelPlanner::finish() {
  for (LevelIndex i = 0; i < drafts_.size(); ++i) {
    Draft& draft = drafts_[i];
    Level& level = plan_.levels[i];
    if (level.own) {
      level.width = static_cast<std::uint32_t>(std::max<std::size_t>(level.own->columns.size(), 1));
      continue;
    }
    keep_to_readable(i);
    if (draft.aggregate || draft.estimate) {
      finish_groups(i);
      continue;
    }
    need_one_output(i);
    const sql::Dialect& dialect = scope_.schema.dialect_of(level.table);
    level.width =
        level.key_count + static_cast<std::uint32_t>(draft.select.outputs.size() + draft.select.tests.size());
    level.select = draft.select;
    level.count_select = draft.count;
    if (draft.wants_rows)
      level.rows = {.statement = dialect.render(draft.select), .parameters = draft.parameters.take()};
    if (draft.wants_count)
      level.count = {.statement = dialect.render(draft.count), .parameters = draft.count_parameters.take()};
  }
  place_guards();
  const bool has_own =
      std::ranges::any_of(plan_.levels, [](const Level& level) { return level.own.has_value(); });
  if (scope_.options.single_statement && plan_.kind == graphql::OperationKind::query && !has_own)
    finish_single();
}

}  // namespace tenon::api
