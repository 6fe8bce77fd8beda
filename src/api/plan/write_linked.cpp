// Relations through a link table in the inputs of writes.
#include <utility>

#include <fmt/format.h>

#include "api/plan/write_rows.h"

namespace tenon::api {

using ArgumentKind = InputBinding::Kind;

// The link's row between this row and another one.
std::vector<ColumnValue> RowPlanner::link_row(const Relation& relation, const RowReference& target,
                                              std::vector<ColumnValue> link) {
  for (std::size_t i = 0; i < relation.to_columns.size(); ++i)
    link.push_back({relation.link->to_columns[i], program_.cell(target, relation.to_columns[i])});
  return link;
}

// Two rows that are linked already stay so.
void RowPlanner::add_link(const Relation& relation, const RowReference& target,
                          const std::vector<ColumnValue>& link, const std::string& path) {
  if (!allows(0, path)) return;
  std::vector<ColumnValue> row = link_row(relation, target, link);
  add_generated(relation.link->table, row, true);
  const StepIndex step =
      program_.add(sql::Insert{.table = relation.link->table, .conflict = sql::Conflict{.skip = true}}, path);
  std::vector<sql::Assignment> values;
  for (const ColumnValue& value : row) values.push_back(program_.assign(step, value));
  std::get<sql::Insert>(program_[step].statement).values = std::move(values);
}

void RowPlanner::create_linked(const Relation& relation, const std::vector<NewRow>& rows,
                               const std::vector<ColumnValue>& link) {
  const std::vector<RowReference> created = create(relation.to, rows, {});
  if (!scope_.errors.empty()) return;
  for (std::size_t i = 0; i < created.size(); ++i) add_link(relation, created[i], link, rows[i].path);
}

// Removes the links to all rows but those of a list, and adds the links that are not there. Links to rows
// that the caller may not see stay.
void RowPlanner::replace_linked(const Relation& relation, const Operation& operation,
                                const std::vector<ColumnValue>& link) {
  std::vector<RowReference> kept;
  std::vector<std::string> paths;
  for (const graphql::InputNode& item : scope_.input().children(*operation.node)) {
    const std::string path = fmt::format("{}[{}]", operation.path, kept.size());
    if (!allows(0, path)) return;
    kept.push_back(find_row(relation.to, {.kind = ArgumentKind::nested_connect, .node = &item, .path = path},
                            {}, WriteStep::Missing::target));
    if (!scope_.errors.empty()) return;
    paths.push_back(path);
  }
  const StepIndex step = remove(relation.link->table, link, operation.path, WriteStep::Missing::ignore);
  for (const RowReference& row : kept) {
    sql::Predicate other{.kind = sql::Predicate::Kind::not_};
    other.children.push_back(program_.equal(step, link_row(relation, row, {})));
    add_condition(std::get<sql::Delete>(program_[step].statement).where, std::move(other));
  }
  sql::Predicate seen = scope_.readable(relation.to, policy::Operation::get, program_.parameters(step));
  if (seen.kind != sql::Predicate::Kind::always) {
    sql::Predicate linked{.kind = sql::Predicate::Kind::exists};
    linked.related = {.table = relation.to,
                      .parent_columns = relation.link->to_columns,
                      .columns = relation.to_columns,
                      .link = {}};
    linked.children.push_back(std::move(seen));
    add_condition(std::get<sql::Delete>(program_[step].statement).where, std::move(linked));
  }
  program_.set_not_before(program_.last_round(step));
  for (std::size_t i = 0; i < kept.size(); ++i) add_link(relation, kept[i], link, paths[i]);
}

void RowPlanner::relate_linked(const Relation& relation, const Operation& operation,
                               const std::vector<ColumnValue>& link) {
  if (operation.kind == ArgumentKind::nested_set) return replace_linked(relation, operation, link);
  if (operation.kind == ArgumentKind::nested_connect_or_create) {
    const RowReference row = find_or_create(relation.to, operation, {});
    if (scope_.errors.empty()) add_link(relation, row, link, operation.path);
    return;
  }
  const bool disconnects = operation.kind == ArgumentKind::nested_disconnect;
  const auto missing = disconnects ? WriteStep::Missing::ignore : WriteStep::Missing::target;
  const RowReference row = find_row(relation.to, operation, {}, missing);
  if (!scope_.errors.empty()) return;
  if (operation.kind == ArgumentKind::nested_connect) return add_link(relation, row, link, operation.path);
  const std::vector<ColumnValue> linked = link_row(relation, row, link);
  if (operation.kind == ArgumentKind::nested_update) {
    const StepIndex found = program_.add(sql::Select{.from = relation.link->table}, operation.path, missing);
    sql::Predicate where = program_.equal(found, linked);
    sql::Select& select = std::get<sql::Select>(program_[found].statement);
    select.where = std::move(where);
    select.outputs.push_back({.source = 0, .column = relation.link->to_columns.front()});
    RowChange changed{.table = relation.to, .input = operation.other, .path = operation.path};
    for (std::size_t i = 0; i < relation.to_columns.size(); ++i)
      changed.where.push_back(
          {relation.to_columns[i], program_.cell({.step = found}, relation.link->to_columns[i])});
    change(changed);
    return;
  }
  remove(relation.link->table, linked, operation.path, missing);
  if (operation.kind != ArgumentKind::nested_remove) return;
  std::vector<ColumnValue> where;
  for (const catalog::ColumnId column : relation.to_columns)
    where.push_back({column, program_.cell(row, column)});
  remove(relation.to, where, operation.path, missing);
}

}  // namespace tenon::api
