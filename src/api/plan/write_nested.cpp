// Relations in the inputs of writes.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "api/plan/write_rows.h"
#include "api/schema/unique_keys.h"

namespace tenon::api {

using graphql::InputNode;
using ArgumentKind = InputBinding::Kind;

namespace {

const ColumnValue* find_column(const std::vector<ColumnValue>& values, catalog::ColumnId column) {
  const auto found = std::ranges::find(values, column, &ColumnValue::column);
  return found == values.end() ? nullptr : &*found;
}

// What makes room comes before what takes it.
constexpr ArgumentKind order_of_operations[] = {
    ArgumentKind::nested_disconnect, ArgumentKind::nested_remove,  ArgumentKind::nested_set,
    ArgumentKind::nested_update,     ArgumentKind::nested_connect, ArgumentKind::nested_connect_or_create,
    ArgumentKind::nested_create,
};

}  // namespace

const Relation& RowPlanner::relation_of(const InputNode& member) const {
  return scope_.schema.relations[scope_.schema[member.definition].relation];
}

std::string RowPlanner::path_of(const std::string& path, const InputNode& member) const {
  return fmt::format("{}.{}", path, (*scope_.schema.graphql)[member.definition].name);
}

// The members of relations whose key this row holds, or the other one.
std::vector<const InputNode*> RowPlanner::members(const InputNode& input, bool forward) const {
  std::vector<const InputNode*> found;
  for (const InputNode& member : scope_.input().children(input))
    if (!member.is_null() && scope_.schema[member.definition].kind == ArgumentKind::relation &&
        (relation_of(member).forward && !relation_of(member).link) == forward)
      found.push_back(&member);
  return found;
}

// Lists taken apart, in the order in which things are done.
std::vector<RowPlanner::Operation> RowPlanner::operations(const InputNode& member,
                                                          const std::string& path) const {
  std::vector<Operation> found;
  const auto add = [&](ArgumentKind kind, const InputNode& node, std::string at) {
    Operation operation{.kind = kind, .node = &node, .path = std::move(at)};
    for (const InputNode& part : scope_.input().children(node)) {
      const ArgumentKind part_kind = scope_.schema[part.definition].kind;
      if (part_kind == ArgumentKind::nested_where) operation.node = &part;
      if (part_kind == ArgumentKind::nested_data ||
          (part_kind == ArgumentKind::nested_create && kind == ArgumentKind::nested_connect_or_create))
        operation.other = &part;
    }
    found.push_back(std::move(operation));
  };
  const auto take = [&](const InputNode& one, ArgumentKind kind) {
    const bool refused = one.kind == graphql::InputKind::boolean && one.text == "false";
    if (one.is_null() || refused) return;
    const std::string at = path_of(path, one);
    // A set is one operation, whatever the length of its list.
    if (one.kind != graphql::InputKind::list || kind == ArgumentKind::nested_set) return add(kind, one, at);
    std::uint32_t index = 0;
    for (const InputNode& item : scope_.input().children(one))
      add(kind, item, fmt::format("{}[{}]", at, index++));
  };
  for (const ArgumentKind kind : order_of_operations)
    for (const InputNode& one : scope_.input().children(member))
      if (scope_.schema[one.definition].kind == kind) take(one, kind);
  return found;
}

// The columns by which an input names one row. nullopt when they are not those of a unique key.
std::optional<std::vector<ColumnValue>> RowPlanner::unique_values(catalog::TableId table,
                                                                  const InputNode& where,
                                                                  const std::string& path) {
  std::vector<ColumnValue> values;
  const std::vector<catalog::ColumnId> primary = key_columns(catalog(), table);
  for (const InputNode& member : scope_.input().children(where)) {
    const catalog::ColumnId named = scope_.schema[member.definition].column;
    if (member.is_null()) continue;
    const bool is_key = std::ranges::find(primary, named) != primary.end();
    if (!is_key && !scope_.may_use(named, offset_)) return std::nullopt;
    if (auto one = value(named, member)) values.push_back(std::move(*one));
  }
  std::string names;
  for (const UniqueKey& key : unique_keys(catalog(), table)) {
    if (std::ranges::all_of(key.columns, [&](catalog::ColumnId id) { return find_column(values, id); }))
      return values;
    std::string fields;
    for (const catalog::ColumnId id : key.columns)
      fields += (fields.empty() ? "" : " and ") + catalog()[id].field_name;
    names += (names.empty() ? "" : ", or ") + fields;
  }
  if (scope_.errors.empty()) fail(path, "a row is named by " + names);
  return std::nullopt;
}

RowReference RowPlanner::find_row(catalog::TableId table, const Operation& operation,
                                  const std::vector<ColumnValue>& known, WriteStep::Missing missing) {
  auto where = unique_values(table, *operation.node, operation.path);
  if (!where) return {};
  for (const ColumnValue& value : known) where->push_back(value);
  return {.step =
              find({.table = table, .where = std::move(*where), .path = operation.path, .missing = missing},
                   false)};
}

RowReference RowPlanner::find_or_create(catalog::TableId table, const Operation& operation,
                                        const std::vector<ColumnValue>& known) {
  RowReference row = find_row(table, operation, known, WriteStep::Missing::ignore);
  if (!scope_.errors.empty()) return row;
  const auto outer = program_.set_guard(row.step);
  const auto created = create(table, {{operation.other, operation.path + ".create"}}, known);
  program_.set_guard(outer);
  row.otherwise = created.front().step;
  return row;
}

void RowPlanner::refer(const InputNode& member, const std::string& path, std::vector<ColumnValue>& values,
                       const RowChange* change, std::optional<RowReference>& current) {
  const Relation& relation = relation_of(member);
  const std::vector<Operation> wanted = operations(member, path);
  if (wanted.empty() || !allows(0, path)) return;
  if (wanted.size() > 1) return fail(path, "only one thing can be done with a relation to one row");
  const Operation& operation = wanted.front();
  if (operation.kind == ArgumentKind::nested_update || operation.kind == ArgumentKind::nested_remove) {
    if (!current) current = RowReference{.step = find(*change, true)};
  }
  if (operation.kind == ArgumentKind::nested_update) {
    RowChange referred{.table = relation.to, .input = operation.node, .path = operation.path};
    for (std::size_t i = 0; i < relation.from_columns.size(); ++i)
      referred.where.push_back({relation.to_columns[i], program_.cell(*current, relation.from_columns[i])});
    this->change(referred);
    return;
  }
  // Columns that are set already, where several keys share them, must be the other row's as well.
  std::vector<ColumnValue> known;
  for (std::size_t i = 0; i < relation.from_columns.size(); ++i)
    if (const ColumnValue* set = find_column(values, relation.from_columns[i]))
      known.push_back({relation.to_columns[i], set->source});
  if (known.size() == relation.from_columns.size())
    return fail(path, fmt::format("\"{}\" is given already; leave one of the two out",
                                  catalog()[relation.from_columns.front()].field_name));
  if (operation.kind == ArgumentKind::nested_disconnect || operation.kind == ArgumentKind::nested_remove) {
    for (const catalog::ColumnId column : relation.from_columns) {
      if (!catalog()[column].nullable || find_column(values, column)) continue;
      if (operation.kind == ArgumentKind::nested_remove) program_.cell(*current, column);
      values.push_back({column, {.column = column}});
    }
    return;
  }
  RowReference row;
  if (operation.kind == ArgumentKind::nested_create)
    row = create(relation.to, {{operation.node, operation.path}}, known).front();
  else if (operation.kind == ArgumentKind::nested_connect)
    row = find_row(relation.to, operation, known, WriteStep::Missing::target);
  else
    row = find_or_create(relation.to, operation, known);
  if (!scope_.errors.empty()) return;
  for (std::size_t i = 0; i < relation.from_columns.size(); ++i)
    if (!find_column(values, relation.from_columns[i]))
      values.push_back({relation.from_columns[i], program_.cell(row, relation.to_columns[i])});
}

// After the row has let go of what it referred to.
void RowPlanner::remove_referred(const InputNode& member, const std::string& path,
                                 const RowReference& before) {
  const Relation& relation = relation_of(member);
  for (const Operation& operation : operations(member, path)) {
    if (operation.kind != ArgumentKind::nested_remove || !allows(0, path)) continue;
    std::vector<ColumnValue> where;
    for (std::size_t i = 0; i < relation.from_columns.size(); ++i)
      where.push_back({relation.to_columns[i], program_.cell(before, relation.from_columns[i])});
    remove(relation.to, where, operation.path, WriteStep::Missing::target);
  }
}

StepIndex RowPlanner::remove(catalog::TableId table, const std::vector<ColumnValue>& where,
                             const std::string& path, WriteStep::Missing missing) {
  const StepIndex step = program_.add(sql::Delete{.table = table}, path, missing);
  sql::Predicate condition = program_.equal(step, where);
  std::get<sql::Delete>(program_[step].statement).where = std::move(condition);
  return step;
}

StepIndex RowPlanner::update(catalog::TableId table, std::vector<ColumnValue> values,
                             const std::vector<ColumnValue>& where, const std::string& path,
                             WriteStep::Missing missing) {
  add_generated(table, values, false);
  const StepIndex step = program_.add(sql::Update{.table = table}, path, missing);
  std::vector<sql::Assignment> assigned;
  for (const ColumnValue& value : values) assigned.push_back(program_.assign(step, value));
  sql::Predicate condition = program_.equal(step, where);
  sql::Update& update = std::get<sql::Update>(program_[step].statement);
  update.values = std::move(assigned);
  update.where = std::move(condition);
  return step;
}

// What a row of the other table is set to when it lets go.
std::vector<ColumnValue> RowPlanner::unlinked(const Relation& relation) const {
  std::vector<ColumnValue> values;
  for (const catalog::ColumnId column : relation.to_columns)
    if (catalog()[column].nullable) values.push_back({column, {.column = column}});
  return values;
}

void RowPlanner::connect(const Relation& relation, const Operation& operation,
                         const std::vector<ColumnValue>& link) {
  const auto where = unique_values(relation.to, *operation.node, operation.path);
  if (!where) return;
  const bool creates = operation.kind == ArgumentKind::nested_connect_or_create;
  const StepIndex step = update(relation.to, link, *where, operation.path,
                                creates ? WriteStep::Missing::ignore : WriteStep::Missing::target);
  if (!creates) return;
  const auto outer = program_.set_guard(step);
  create(relation.to, {{operation.other, operation.path + ".create"}}, link);
  program_.set_guard(outer);
}

void RowPlanner::disconnect(const Relation& relation, const Operation& operation,
                            const std::vector<ColumnValue>& link) {
  std::vector<ColumnValue> where = link;
  if (relation.many) {
    const auto named = unique_values(relation.to, *operation.node, operation.path);
    if (!named) return;
    where.insert(where.begin(), named->begin(), named->end());
  }
  update(relation.to, unlinked(relation), where, operation.path, WriteStep::Missing::ignore);
}

// Lets go of all rows but those of a list, and takes these.
void RowPlanner::replace(const Relation& relation, const Operation& operation,
                         const std::vector<ColumnValue>& link) {
  const StepIndex step =
      update(relation.to, unlinked(relation), link, operation.path, WriteStep::Missing::ignore);
  std::vector<Operation> kept;
  const auto add = [&](const InputNode& node, std::string path) {
    kept.push_back({.kind = ArgumentKind::nested_connect, .node = &node, .path = std::move(path)});
  };
  std::uint32_t index = 0;
  for (const InputNode& item : scope_.input().children(*operation.node))
    add(item, fmt::format("{}[{}]", operation.path, index++));
  for (const Operation& one : kept) {
    const auto where = unique_values(relation.to, *one.node, one.path);
    if (!where || !allows(0, one.path)) return;
    sql::Predicate row = program_.equal(step, *where);
    add_condition(std::get<sql::Update>(program_[step].statement).where, negated(std::move(row)));
  }
  for (const Operation& one : kept) connect(relation, one, link);
}

void RowPlanner::relate(const InputNode& member, const std::string& path, const RowReference& row) {
  const Relation& relation = relation_of(member);
  const std::uint32_t before = program_.not_before();
  const std::vector<catalog::ColumnId>& columns =
      relation.link ? relation.link->from_columns : relation.to_columns;
  std::vector<NewRow> created;
  std::vector<ColumnValue> link;
  for (std::size_t i = 0; i < columns.size(); ++i)
    link.push_back({columns[i], program_.cell(row, relation.from_columns[i])});
  for (const Operation& operation : operations(member, path)) {
    if (!allows(0, operation.path)) break;
    if (operation.kind == ArgumentKind::nested_create) {
      created.push_back({operation.node, operation.path});
      continue;
    }
    const StepIndex first = program_.size();
    if (relation.link)
      relate_linked(relation, operation, link);
    else
      relate(relation, operation, link);
    program_.set_not_before(program_.last_round(first));
  }
  if (relation.link)
    create_linked(relation, created, link);
  else
    create(relation.to, created, link);
  program_.set_not_before(before);
}

void RowPlanner::relate(const Relation& relation, const Operation& operation,
                        const std::vector<ColumnValue>& link) {
  switch (operation.kind) {
    case ArgumentKind::nested_disconnect:
      return disconnect(relation, operation, link);
    case ArgumentKind::nested_set:
      return replace(relation, operation, link);
    case ArgumentKind::nested_connect:
    case ArgumentKind::nested_connect_or_create:
      return connect(relation, operation, link);
    default:
      break;
  }
  std::vector<ColumnValue> where = link;
  if (relation.many) {
    const auto named = unique_values(relation.to, *operation.node, operation.path);
    if (!named) return;
    where.insert(where.begin(), named->begin(), named->end());
  }
  if (operation.kind == ArgumentKind::nested_update) {
    change({.table = relation.to,
            .where = std::move(where),
            .input = relation.many ? operation.other : operation.node,
            .path = operation.path});
    return;
  }
  remove(relation.to, where, operation.path, WriteStep::Missing::target);
}

}  // namespace tenon::api
