// LevelPlanner: what of its rows the caller may read. Every statement of a level gets its condition in
// keep_to_readable, whatever the level is for.
#include <algorithm>
#include <utility>

#include "api/errors.h"
#include "api/plan/levels.h"
#include "api/rules/policy.h"

namespace tenon::api {

using graphql::OperationField;
using Kind = OutputField::Kind;

catalog::TableId LevelPlanner::table_of(LevelIndex level, std::uint32_t source) const {
  return source == 0 ? plan_.levels[level].table : drafts_[level].select.joins[source - 1].table;
}

// A row that one of the roles was allowed to write is one that it may read, if it reads the same rows. What
// an explicit check allows is another matter.
bool LevelPlanner::is_implied(const WrittenRows& written, catalog::TableId table,
                              const policy::Rows& rows) const {
  return std::ranges::all_of(written.operations, [&](policy::Operation operation) {
    const policy::Rows& concerned = scope_.rights.rows(table, operation);
    const auto& roles = scope_.schema.policy->roles.models[table.value].roles;
    return rows.covers(concerned) && std::ranges::none_of(concerned.roles, [&](std::uint32_t role) {
             return roles[role].test.check.has_value();
           });
  });
}

// The rows of the source in which the column may be read; nullptr: all that there are.
const policy::Rows* LevelPlanner::limits(LevelIndex level, std::uint32_t source,
                                         catalog::ColumnId column) const {
  const policy::Access& access = scope_.rights.access;
  if (access.unrestricted()) return nullptr;
  const catalog::TableId table = table_of(level, source);
  const policy::Operation reading = source == 0 ? drafts_[level].reading : policy::Operation::get;
  const policy::Rows& rows = access.column(table, column, reading);
  if (rows.all()) return nullptr;
  if (source > 0 || !drafts_[level].written)
    return rows.covers(access.rows(table, reading)) ? nullptr : &rows;
  const WrittenRows& written = *drafts_[level].written;
  // Whoever makes a row knows it, save what has rules of its own.
  const bool made = written.operations == std::vector{policy::Operation::create};
  if (made && !access.has_own_rules(table, column)) return nullptr;
  if (std::ranges::find(written.given, column) != written.given.end()) return nullptr;
  return is_implied(written, table, rows) ? nullptr : &rows;
}

void LevelPlanner::deny(std::uint32_t index, const OperationField& field) {
  const graphql::Schema& types = *scope_.schema.graphql;
  plan_.fields[index].kind = Kind::denied;
  plan_.fields[index].text = unauthorized_message(types[field.field].name, types[field.parent_type].name);
}

// Makes the field one that is shown only where all the columns may be read. False when that is nowhere: it is
// then planned.
bool LevelPlanner::guard(std::uint32_t index, const OperationField& field, LevelIndex level,
                         std::uint32_t source, const std::vector<catalog::ColumnId>& columns) {
  sql::Test test{.source = source, .predicate = {}};
  const catalog::TableId table = table_of(level, source);
  bool guarded = false;
  for (const catalog::ColumnId column : columns) {
    const policy::Rows* rows = limits(level, source, column);
    if (rows == nullptr) continue;
    if (rows->none()) {
      deny(index, field);
      return false;
    }
    guarded = true;
    add_condition(test.predicate, scope_.schema.policy->condition(table, *rows, drafts_[level].parameters));
  }
  if (!guarded) return true;
  const graphql::Schema& types = *scope_.schema.graphql;
  plan_.fields[index].guarded = true;
  plan_.fields[index].text = unauthorized_message(types[field.field].name, types[field.parent_type].name);
  std::vector<sql::Test>& tests = drafts_[level].select.tests;
  const auto found = std::ranges::find(tests, test);
  guards_.push_back({index, level, static_cast<std::uint32_t>(found - tests.begin())});
  if (found == tests.end()) tests.push_back(std::move(test));
  return true;
}

// In the answer of a write a column with rules of its own is null even for who may read it: the answer may go
// to others, as an event.
bool LevelPlanner::hides_own_column(const OutputField& out, LevelIndex level, std::uint32_t source,
                                    catalog::ColumnId column) const {
  if (source > 0 || !drafts_[level].written || out.non_null) return false;
  const policy::Access& access = scope_.rights.access;
  const catalog::TableId table = table_of(level, source);
  return access.has_own_rules(table, column) && !access.column(table, column, drafts_[level].reading).none();
}

void LevelPlanner::keep_to_readable(LevelIndex index) {
  if (scope_.rights.access.unrestricted()) return;
  Draft& draft = drafts_[index];
  if (draft.estimate) return;  // of those who may read the whole table
  const catalog::TableId table = plan_.levels[index].table;
  const auto keep = [&](std::optional<sql::Predicate>& where, Parameters& parameters) {
    if (!where) where.emplace();
    add_condition(*where, scope_.readable(table, draft.reading, parameters));
  };
  const auto keep_links = [&](std::optional<sql::Keys>& keys, Parameters& parameters) {
    if (keys && keys->link) keys->link_where = scope_.readable_links(keys->link->table, parameters);
  };
  if (draft.aggregate) {
    keep(draft.aggregate->where, draft.parameters);
    return keep_links(draft.aggregate->keys, draft.parameters);
  }
  if (!draft.written) keep(draft.select.where, draft.parameters);
  keep_links(draft.select.keys, draft.parameters);
  for (sql::Join& join : draft.select.joins)
    join.where = scope_.readable(join.table, policy::Operation::get, draft.parameters);
  if (!draft.wants_count) return;
  keep(draft.count.where, draft.count_parameters);
  keep_links(draft.count.keys, draft.count_parameters);
}

void LevelPlanner::place_guards() {
  for (const Guard& guard : guards_) {
    const Level& level = plan_.levels[guard.level];
    plan_.fields[guard.field].guard =
        level.key_count + static_cast<std::uint32_t>(level.select.outputs.size()) + guard.test;
  }
}

}  // namespace tenon::api
