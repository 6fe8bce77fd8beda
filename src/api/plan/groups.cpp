// LevelPlanner: what a connection has beside its rows, in levels of their own: groups, and counts that are
// not exact.
#include <algorithm>

#include "api/plan/aggregate.h"
#include "api/plan/levels.h"

namespace tenon::api {

using graphql::OperationField;
using Kind = OutputField::Kind;

LevelIndex LevelPlanner::add_group_level(LevelIndex connection, const OperationField& connection_field) {
  const LevelIndex level = add_level(plan_.levels[connection].table, connection_field.offset);
  const Level& like = plan_.levels[connection];
  Level& added = plan_.levels[level];
  added.parent = like.parent;
  added.depth = like.depth;
  added.key_count = like.key_count;
  added.parent_cells = like.parent_cells;
  added.beyond = like.beyond;
  added.key_forms = like.key_forms;
  Draft& draft = drafts_[level];
  draft.aggregate = sql::Aggregate{.catalog = scope_.schema.catalog.get(), .from = added.table};
  draft.aggregate->where =
      condition(draft.parameters, page_arguments(scope_, connection_field), connection_field.offset);
  if (!like.parent) return level;
  draft.aggregate->keys = drafts_[connection].select.keys;
  for (std::uint32_t i = 0; i < added.key_count; ++i)
    draft.aggregate->keys->parameters[i] =
        draft.parameters.add({.kind = ParameterSource::Kind::parent_key, .part = i});
  return level;
}

void LevelPlanner::finish_groups(LevelIndex index) {
  Draft& draft = drafts_[index];
  Level& level = plan_.levels[index];
  const sql::Dialect& dialect = scope_.schema.dialect_of(level.table);
  level.aggregate = draft.aggregate;
  level.rows.emplace().parameters = draft.parameters.take();
  if (draft.estimate) {
    level.width = 1;
    level.rows->statement = dialect.render(scope_.catalog(), *draft.estimate);
    return;
  }
  level.width = level.key_count + static_cast<std::uint32_t>(draft.aggregate->outputs.size());
  level.select.limit = draft.aggregate->limit.value_or(1);
  level.select.total_limit = draft.aggregate->total_limit;
  level.select.keys = draft.aggregate->keys;
  level.rows->statement = dialect.render(*draft.aggregate);
}

void LevelPlanner::groups(std::uint32_t index, const OperationField& field, LevelIndex level) {
  plan_.fields[index].kind = Kind::groups;
  plan_.fields[index].level = level;
  Draft& draft = drafts_[level];
  AggregatePlanner planner(scope_, plan_, level, *draft.aggregate, draft.parameters);
  planner.arguments(field);
  planner.members(index, field);
  const std::uint64_t rows_max = std::uint64_t{scope_.options.limits.rows_answer_max} + 1;
  draft.aggregate->limit = std::min(*draft.aggregate->limit, rows_max);
  if (plan_.levels[level].parent) draft.aggregate->total_limit = rows_max;
}

void LevelPlanner::root_groups(std::uint32_t index, const OperationField& field, catalog::TableId table) {
  const LevelIndex level = add_level(table, field.offset);
  drafts_[level].aggregate = sql::Aggregate{.catalog = scope_.schema.catalog.get(), .from = table};
  drafts_[level].aggregate->where =
      condition(drafts_[level].parameters, page_arguments(scope_, field), field.offset);
  groups(index, field, level);
}

void LevelPlanner::connection_groups(std::uint32_t index, const OperationField& field, LevelIndex connection,
                                     const OperationField& connection_field) {
  const LevelIndex level = add_group_level(connection, connection_field);
  drafts_[level].aggregate->where =
      condition(drafts_[level].parameters, page_arguments(scope_, connection_field), connection_field.offset);
  groups(index, field, level);
}

// All selections of `aggregate` in one connection are one statement.
void LevelPlanner::connection_group(std::uint32_t index, const OperationField& field, LevelIndex connection,
                                    const OperationField& connection_field,
                                    std::optional<LevelIndex>& level) {
  if (!level) level = add_group_level(connection, connection_field);
  plan_.fields[index].kind = Kind::group;
  plan_.fields[index].level = *level;
  Draft& draft = drafts_[*level];
  AggregatePlanner(scope_, plan_, *level, *draft.aggregate, draft.parameters).members(index, field);
}

void LevelPlanner::connection_count(std::uint32_t index, const OperationField& field, LevelIndex connection,
                                    const OperationField& connection_field) {
  const graphql::InputNode* count_max = nullptr;
  for (std::uint32_t i = 0; i < field.argument_count; ++i) {
    const graphql::InputNode& node =
        scope_.input()[scope_.operation.arguments[field.first_argument + i].value];
    if (!node.is_null()) count_max = &node;
  }
  if (count_max == nullptr) {
    plan_.fields[index].kind = Kind::total_count;
    drafts_[connection].wants_count = true;
    return;
  }
  const LevelIndex level = add_group_level(connection, connection_field);
  Draft& draft = drafts_[level];
  draft.aggregate->count_max = plan_count_max(scope_, *count_max, field.offset);
  OutputField& out = plan_.fields[index];
  out.kind = Kind::count;
  out.level = level;
  out.cell = plan_.levels[level].key_count;
  draft.aggregate->outputs.push_back({});
}

// Statistics know whole tables only.
void LevelPlanner::connection_estimate(std::uint32_t index, LevelIndex connection,
                                       const OperationField& connection_field) {
  const PageArguments arguments = page_arguments(scope_, connection_field);
  OutputField& out = plan_.fields[index];
  const bool of_all = scope_.rights.rows(plan_.levels[connection].table, policy::Operation::list).all();
  if (!of_all || plan_.levels[connection].parent || arguments.filter != nullptr || !arguments.keys.empty()) {
    out.kind = Kind::raw;
    out.text = "null";
    return;
  }
  const LevelIndex level = add_level(plan_.levels[connection].table, connection_field.offset);
  const catalog::Table& table = scope_.catalog()[plan_.levels[level].table];
  Draft& draft = drafts_[level];
  const auto name = [&](const std::string& text) {
    return draft.parameters.add({.form = ParameterForm::verbatim, .text = text});
  };
  const sql::ParameterIndex schema_name = name(scope_.catalog()[table.schema].name);
  // A table may be called as its schema is, which is then one parameter.
  draft.estimate = sql::RowEstimate{.schema_name = schema_name, .table_name = name(table.name)};
  out.kind = Kind::count;
  out.level = level;
}

}  // namespace tenon::api
