#include "api/plan/write_rows.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "api/errors.h"
#include "api/schema/inputs.h"
#include "api/schema/unique_keys.h"
#include "api/values/identifiers.h"

namespace tenon::api {

using graphql::InputNode;

namespace {

bool has_column(const std::vector<ColumnValue>& values, catalog::ColumnId column) {
  return std::ranges::find(values, column, &ColumnValue::column) != values.end();
}

// Amplify fills a key called `id` that holds text or a uuid when neither the client nor the database does.
bool is_implicit_identifier(const catalog::Catalog& catalog, catalog::TableId table,
                            const catalog::Column& column) {
  using catalog::TypeKind;
  if (column.field_name != "id" || column.default_value.kind != catalog::Default::Kind::none) return false;
  if (column.type.kind != TypeKind::text && column.type.kind != TypeKind::varchar &&
      column.type.kind != TypeKind::uuid)
    return false;
  const auto key = key_columns(catalog, table);
  return key.size() == 1 && &catalog[key.front()] == &column;
}

// A time that the database does not set itself.
bool is_due(const catalog::Column& column, bool creating) {
  if (!column.generated.empty()) return false;
  return creating ? column.default_value.kind == catalog::Default::Kind::none
                  : column.field_name == "updatedAt";
}

}  // namespace

// A row to create with the values of its own columns and of the rows it refers to.
struct RowPlanner::RowDraft {
  const NewRow* row = nullptr;
  std::vector<ColumnValue> values;
  std::vector<const InputNode*> relations;  // to plan once the row is there
  bool alone = false;                       // it has relations of any kind
};

// Nested inputs under way, for the limit on how many may be inside each other.
class RowPlanner::Depth {
 public:
  explicit Depth(std::uint32_t& depth) : depth_(depth) { ++depth_; }
  ~Depth() { --depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  std::uint32_t& depth_;
};

void RowPlanner::fail(const std::string& path, const std::string& message) {
  scope_.fail(offset_, fmt::format("{}: {}", path, message));
  scope_.errors.back().extensions.push_back(input_path_extension(path));
}

std::optional<ColumnValue> RowPlanner::value(catalog::ColumnId column, const InputNode& node,
                                             ParameterForm form) {
  Parameters one;
  scope_.parameter(one, node, column, form, offset_);
  std::vector<ParameterSource> sources = one.take();
  if (sources.empty()) return std::nullopt;  // it failed
  return ColumnValue{.column = column, .source = std::move(sources.front())};
}

std::vector<ColumnValue> RowPlanner::column_values(catalog::TableId table, const InputNode& input,
                                                   bool with_key) {
  const std::vector<catalog::ColumnId> key = key_columns(catalog(), table);
  std::vector<ColumnValue> values;
  for (const InputNode& member : scope_.input().children(input)) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (binding.kind != InputBinding::Kind::input_column) continue;
    if (!with_key && std::ranges::find(key, binding.column) != key.end()) continue;
    if (auto one = value(binding.column, member)) values.push_back(std::move(*one));
  }
  return values;
}

void RowPlanner::add_generated(catalog::TableId table, std::vector<ColumnValue>& values, bool creating) {
  for (const catalog::ColumnId id : catalog()[table].columns) {
    const catalog::Column& column = catalog()[id];
    const bool identifier = column.client_default.kind != catalog::ClientDefault::Kind::none ||
                            is_implicit_identifier(catalog(), table, column);
    const bool time = column.updated_at || (is_time_of_change(column) && is_due(column, creating));
    if (!time && (!creating || !identifier)) continue;
    if (!has_column(values, id))
      values.push_back({id, {.kind = ParameterSource::Kind::generated, .column = id}});
  }
}

// Too much is refused before it is planned.
bool RowPlanner::allows(std::size_t rows, const std::string& path) {
  const base::OperationLimits& limits = scope_.options.limits;
  rows_created_ += rows;
  if (!scope_.errors.empty()) return false;
  if (depth_ > limits.write_depth_max)
    fail(path, fmt::format("inputs may be nested {} levels deep at most", limits.write_depth_max));
  else if (rows_created_ > limits.write_rows_max)
    fail(path, fmt::format("one field may create {} rows at most", limits.write_rows_max));
  else if (program_.size() >= limits.write_steps_max)
    fail(path,
         fmt::format("one field may take {} statements at most; this needs more", limits.write_steps_max));
  return scope_.errors.empty();
}

RowPlanner::RowDraft RowPlanner::draft(catalog::TableId table, const NewRow& row,
                                       const std::vector<ColumnValue>& given) {
  RowDraft draft{.row = &row, .values = given};
  for (const InputNode& member : scope_.input().children(*row.input)) {
    const InputBinding& binding = scope_.schema[member.definition];
    if (binding.kind != InputBinding::Kind::input_column) continue;
    // Null for what cannot be null asks for the default.
    if (member.is_null() && !catalog()[binding.column].nullable) continue;
    if (has_column(given, binding.column)) {
      fail(path_of(row.path, member), "the row around this one gives the value; leave it out");
      continue;
    }
    if (auto one = value(binding.column, member)) draft.values.push_back(std::move(*one));
  }
  std::optional<RowReference> none;
  for (const InputNode* member : members(*row.input, true)) {
    draft.alone = true;
    refer(*member, path_of(row.path, *member), draft.values, nullptr, none);
  }
  draft.relations = members(*row.input, false);
  draft.alone = draft.alone || !draft.relations.empty();
  add_owners(table, draft.values);
  add_generated(table, draft.values, true);
  check_references(table, draft);
  return draft;
}

// A key to another row may come from a column or from a relation, so the schema requires neither.
void RowPlanner::check_references(catalog::TableId table, const RowDraft& row) {
  const auto check = [&](const std::vector<catalog::ColumnId>& columns, const std::string& field) {
    for (const catalog::ColumnId column : columns) {
      const catalog::Column& needed = catalog()[column];
      if (!needs_value(needed) || has_column(row.values, column) || needed.field_name.empty()) continue;
      std::string message = fmt::format("\"{}\" must be given", needed.field_name);
      if (!field.empty()) message += fmt::format(", or the row it refers to as \"{}\"", field);
      fail(row.row->path, message);
      return false;
    }
    return true;
  };
  for (const catalog::ForeignKeyId id : catalog()[table].foreign_keys)
    if (!check(catalog()[id].columns, catalog()[id].field_name)) return;
  for (const OverlayRelation& relation : scope_.schema.overlay.relations) {
    const bool refers = relation.kind == OverlayRelation::Kind::belongs_to;
    if ((refers ? relation.table : relation.to) != table) continue;
    if (!check(relation.columns, refers ? relation.field : std::string())) return;
  }
}

StepIndex RowPlanner::insert(catalog::TableId table, const RowDraft& row,
                             const std::vector<catalog::ColumnId>& returning) {
  const StepIndex step = program_.add(sql::Insert{.table = table, .returning = returning}, row.row->path);
  std::vector<sql::Assignment> values;
  for (const ColumnValue& value : row.values) values.push_back(program_.assign(step, value));
  std::get<sql::Insert>(program_[step].statement).values = std::move(values);
  return step;
}

// Rows that set the same columns; the first `given` values are the same for all of them.
StepIndex RowPlanner::insert_all(catalog::TableId table, const std::vector<const RowDraft*>& rows,
                                 std::size_t given, const std::vector<catalog::ColumnId>& returning) {
  const StepIndex step =
      program_.add(sql::Insert{.table = table, .returning = returning}, rows.front()->row->path);
  std::vector<sql::Assignment> values;
  for (std::size_t i = 0; i < rows.front()->values.size(); ++i) {
    const ColumnValue& first = rows.front()->values[i];
    if (i < given) {
      values.push_back(program_.assign(step, first));
      continue;
    }
    ParameterSource list{.kind = ParameterSource::Kind::list, .column = first.column, .offset = offset_};
    for (const RowDraft* row : rows) list.elements.push_back(row->values[i].source);
    values.push_back({.column = first.column,
                      .parameter = program_.bind(step, std::move(list)),
                      .operation = sql::Assignment::Operation::set_each});
  }
  std::get<sql::Insert>(program_[step].statement).values = std::move(values);
  return step;
}

std::vector<RowReference> RowPlanner::create(catalog::TableId table, const std::vector<NewRow>& rows,
                                             const std::vector<ColumnValue>& given,
                                             const std::vector<catalog::ColumnId>& returning) {
  const Depth depth(depth_);
  std::vector<RowReference> result(rows.size());
  if (rows.empty() || !allows(rows.size(), rows.front().path)) return result;
  std::vector<RowDraft> drafts;
  for (const NewRow& row : rows) drafts.push_back(draft(table, row, given));
  // Rows of the same columns, in the order of the first of each.
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const auto fits = [&](const std::vector<std::size_t>& group) {
      const RowDraft& first = drafts[group.front()];
      return !one_by_one_ && !first.alone && !drafts[i].alone && drafts[i].values.size() > given.size() &&
             std::ranges::equal(first.values, drafts[i].values, {}, &ColumnValue::column,
                                &ColumnValue::column);
    };
    const auto group = std::ranges::find_if(groups, fits);
    if (group == groups.end())
      groups.push_back({i});
    else
      group->push_back(i);
  }
  for (const std::vector<std::size_t>& group : groups) {
    const RowDraft& first = drafts[group.front()];
    if (!allows(0, first.row->path)) return result;
    std::vector<const RowDraft*> members;
    for (const std::size_t i : group) members.push_back(&drafts[i]);
    const StepIndex step = group.size() == 1 ? insert(table, first, returning)
                                             : insert_all(table, members, given.size(), returning);
    for (std::uint32_t i = 0; i < group.size(); ++i) result[group[i]] = {.step = step, .row = i};
  }
  if (!scope_.errors.empty()) return result;
  for (std::size_t i = 0; i < drafts.size(); ++i) relate_all(drafts[i], result[i]);
  return result;
}

void RowPlanner::relate_all(const RowDraft& row, const RowReference& created) {
  for (const InputNode* member : row.relations) relate(*member, path_of(row.row->path, *member), created);
}

RowReference RowPlanner::upsert(catalog::TableId table, const NewRow& row, const UpsertRule& rule) {
  const Depth depth(depth_);
  if (!allows(1, row.path)) return {};
  const RowDraft draft = this->draft(table, row, {});
  if (!scope_.errors.empty()) return {};
  const UpsertChange change = rule(draft.values);
  if (!scope_.errors.empty()) return {};
  const RowReference written =
      change.by_insert ? insert_or_change(table, draft, change) : change_or_insert(table, draft, change);
  relate_all(draft, written);
  return written;
}

RowReference RowPlanner::insert_or_change(catalog::TableId table, const RowDraft& row,
                                          const UpsertChange& change) {
  const StepIndex step = insert(table, row, {});
  sql::Conflict conflict{.columns = change.key};
  for (const ColumnValue& value : change.values) conflict.values.push_back(program_.assign(step, value));
  std::get<sql::Insert>(program_[step].statement).conflict = std::move(conflict);
  return {.step = step};
}

// The insert fails when there is a row that the update did not find.
RowReference RowPlanner::change_or_insert(catalog::TableId table, const RowDraft& row,
                                          const UpsertChange& change) {
  const auto proposed = [&](catalog::ColumnId column) {
    return *std::ranges::find(row.values, column, &ColumnValue::column);
  };
  std::vector<ColumnValue> where;
  for (const catalog::ColumnId column : change.key) where.push_back(proposed(column));
  std::vector<ColumnValue> values;
  for (const ColumnValue& value : change.values)
    values.push_back(value.operation == sql::Assignment::Operation::proposed ? proposed(value.column)
                                                                             : value);
  constexpr auto ignore = WriteStep::Missing::ignore;
  const std::string& path = row.row->path;
  RowReference written{
      .step = values.empty() ? find({.table = table, .where = where, .path = path, .missing = ignore}, true)
                             : update(table, std::move(values), where, path, ignore)};
  const auto outer = program_.set_guard(written.step);
  written.otherwise = insert(table, row, {});
  program_.set_guard(outer);
  return written;
}

sql::Predicate RowPlanner::condition(StepIndex step, const RowChange& change) {
  sql::Predicate where = program_.equal(step, change.where);
  if (change.condition != nullptr && change.condition->child_count > 0) {
    program_[step].by_values = true;
    add_condition(where, plan_filter(scope_, program_.parameters(step), *change.condition, offset_));
  }
  return where;
}

StepIndex RowPlanner::find(const RowChange& change, bool lock) {
  const StepIndex step =
      program_.add(sql::Select{.from = change.table, .lock = lock}, change.path, change.missing);
  sql::Predicate where = condition(step, change);
  std::get<sql::Select>(program_[step].statement).where = std::move(where);
  return step;
}

RowReference RowPlanner::change(const RowChange& change) {
  const Depth depth(depth_);
  RowReference row;
  if (!allows(0, change.path)) return row;
  std::vector<ColumnValue> values;
  if (change.input != nullptr) values = column_values(change.table, *change.input, false);
  for (const ColumnValue& value : change.values) {
    if (has_column(values, value.column))
      fail(change.path, fmt::format("\"{}\" is changed in two ways", catalog()[value.column].field_name));
    values.push_back(value);
  }
  std::optional<RowReference> current;
  std::vector<const InputNode*> referred;
  std::vector<const InputNode*> relations;
  if (change.input != nullptr) {
    referred = members(*change.input, true);
    relations = members(*change.input, false);
  }
  for (const InputNode* member : referred)
    refer(*member, path_of(change.path, *member), values, &change, current);
  if (values.empty()) {
    row = current ? *current : RowReference{.step = find(change, true)};
  } else {
    add_generated(change.table, values, false);
    const StepIndex step = program_.add(sql::Update{.table = change.table}, change.path, change.missing);
    std::vector<sql::Assignment> assigned;
    for (const ColumnValue& value : values) assigned.push_back(program_.assign(step, value));
    sql::Predicate where = condition(step, change);
    sql::Update& update = std::get<sql::Update>(program_[step].statement);
    update.values = std::move(assigned);
    update.where = std::move(where);
    row = {.step = step};
  }
  if (current) {
    const std::uint32_t before = program_.not_before();
    program_.set_not_before(program_[row.step].round);
    for (const InputNode* member : referred)
      remove_referred(*member, path_of(change.path, *member), *current);
    program_.set_not_before(before);
  }
  for (const InputNode* member : relations) relate(*member, path_of(change.path, *member), row);
  return row;
}

}  // namespace tenon::api
