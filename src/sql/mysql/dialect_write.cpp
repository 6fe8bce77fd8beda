// INSERT, UPDATE and DELETE. What they give back comes from RETURNING where the server has it for that
// statement, and is read by key in the same transaction where it has not.
#include <algorithm>

#include "sql/mysql/dialect_text.h"

namespace tenon::sql::mysql {

using Operation = Assignment::Operation;

namespace {

bool has_several_rows(const Insert& insert) {
  return std::ranges::any_of(insert.values,
                             [](const Assignment& value) { return value.operation == Operation::set_each; });
}

const Assignment* find(const std::vector<Assignment>& values, catalog::ColumnId column) {
  const auto found = std::ranges::find(values, column, &Assignment::column);
  return found == values.end() ? nullptr : &*found;
}

Origin value_of(const Assignment& assignment) {
  return assignment.operation == Operation::set_each ? element(assignment.parameter)
                                                     : given(assignment.parameter);
}

}  // namespace

// The primary key; of a table without one (Prisma's link tables have been so) a unique key without NULLs.
std::vector<catalog::ColumnId> StatementText::key_of(catalog::TableId id) const {
  std::vector<catalog::ColumnId> key;
  const auto identifies = [&](catalog::IndexId index) {
    return catalog_[index].kind == catalog::IndexKind::unique &&
           std::ranges::all_of(catalog_[index].parts, [&](const catalog::IndexPart& part) {
             return part.column && !part.length && !catalog_[*part.column].nullable;
           });
  };
  std::optional<catalog::IndexId> index = catalog_.primary_key(id);
  for (const catalog::IndexId other : catalog_[id].indexes)
    if (!index && identifies(other)) index = other;
  if (index)
    for (const catalog::IndexPart& part : catalog_[*index].parts) key.push_back(*part.column);
  return key;
}

void StatementText::select_columns(catalog::TableId id, const std::vector<catalog::ColumnId>& columns) {
  out_ << "SELECT ";
  each(columns.size(), ", ", [&](std::size_t i) { output({.source = 0, .column = columns[i]}); });
  if (columns.empty()) out_ << "1";
  out_ << " FROM ";
  table(id);
  out_ << " AS t0";
}

// --- INSERT

void StatementText::insert_values(const std::vector<Assignment>& values) {
  out_ << "(";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out_ << ", ";
    stored(catalog_[values[i].column].type, value_of(values[i]));
  }
  for (std::size_t i = 0; i < defaults_.size(); ++i) {
    if (i > 0 || !values.empty()) out_ << ", ";
    stored(catalog_[defaults_[i].column].type, defaults_[i].value);
  }
  out_ << ")";
}

// INSERT INTO t (…) VALUES (…), …
void StatementText::insert_rows(const Insert& insert, bool may_split) {
  out_ << "INSERT INTO ";
  table(insert.table);
  out_ << " (";
  std::vector<catalog::ColumnId> named;
  for (const Assignment& value : insert.values) named.push_back(value.column);
  for (const ComputedDefault& value : defaults_) named.push_back(value.column);
  names(named);
  out_ << ") VALUES ";
  const bool several = has_several_rows(insert);
  if (several) begin_repeat();
  insert_values(insert.values);
  if (several) end_repeat(", ", "()", Repeat::Padding::none, may_split);
}

void StatementText::stored_value(const Assignment& value) {
  stored(catalog_[value.column].type, value_of(value));
}

void StatementText::factor(const Assignment& value) {
  comparand(catalog_[value.column].type, value_of(value));
}

// MySQL takes it too, though since 8.0.20 it would rather have a name for the row, which MariaDB has not.
void StatementText::proposed(const Assignment& value) {
  out_ << "VALUES(";
  out_.name(catalog_[value.column].name) << ")";
}

void StatementText::assignments(const std::vector<Assignment>& values) {
  each(values.size(), ", ", [&](std::size_t i) {
    out_.name(catalog_[values[i].column].name) << " = ";
    assigned(values[i]);
  });
}

// The engine does not let one say which key is meant: a row that holds any unique key is changed.
void StatementText::on_duplicate(const Insert& insert) {
  const Conflict& conflict = *insert.conflict;
  out_ << " ON DUPLICATE KEY UPDATE ";
  assignments(conflict.values);
  const std::vector<catalog::ColumnId> key = key_of(insert.table);
  const catalog::ColumnId id = key.empty() ? conflict.columns.front() : key.front();
  if (reads_by_last_id(insert)) {
    if (!conflict.values.empty()) out_ << ", ";
    out_.name(catalog_[id].name) << " = LAST_INSERT_ID(";
    out_.name(catalog_[id].name) << ")";
  } else if (conflict.values.empty()) {
    out_.name(catalog_[id].name) << " = ";
    column({.source = 0, .column = id});
  }
}

// INSERT IGNORE would ignore values that do not fit, too. LAST_INSERT_ID() tells whether there was a row: it
// becomes 0 only then.
void StatementText::skip_duplicate(const Insert& insert) {
  evaluate_defaults(insert);
  out_ << "DO LAST_INSERT_ID(1)";
  end_step();
  insert_rows(insert, false);
  const std::vector<catalog::ColumnId> key = key_of(insert.table);
  const catalog::ColumnId id = key.empty() ? insert.values.front().column : key.front();
  out_ << " ON DUPLICATE KEY UPDATE ";
  out_.name(catalog_[id].name) << " = IF(LAST_INSERT_ID(0) = 0, ";
  out_.name(catalog_[id].name) << ", ";
  out_.name(catalog_[id].name) << ")";
  end_step();
  select_columns(insert.table, insert.returning);
  out_ << " WHERE LAST_INSERT_ID() <> 0 AND ";
  inserted_key(insert);
  program_->result_step = program_->affected_step = end_step();
}

bool StatementText::reads_by_last_id(const Insert& insert) const {
  if (can_.insert_returning || insert.returning.empty()) return false;
  const std::vector<catalog::ColumnId> key = key_of(insert.table);
  return std::ranges::any_of(key, [&](catalog::ColumnId column) {
    return find(insert.values, column) == nullptr &&
           catalog_[column].default_value.kind == catalog::Default::Kind::autoincrement;
  });
}

// A key that the database makes by an expression is made before, to be known.
void StatementText::evaluate_defaults(const Insert& insert) {
  using Kind = catalog::Default::Kind;
  std::vector<catalog::ColumnId> missing;
  for (const catalog::ColumnId column : key_of(insert.table)) {
    const Kind kind = catalog_[column].default_value.kind;
    if (find(insert.values, column) == nullptr && (kind == Kind::expression || kind == Kind::literal))
      missing.push_back(column);
  }
  if (missing.empty()) return;
  out_ << "SELECT ";
  for (std::uint32_t i = 0; i < missing.size(); ++i) {
    const catalog::Default& value = catalog_[missing[i]].default_value;
    if (i > 0) out_ << ", ";
    if (value.kind == Kind::expression)
      out_ << "(", out_.type(value.text), out_ << ")";
    else
      out_.label(value.text);
    defaults_.push_back({.column = missing[i],
                         .value = {.source = Argument::Source::cell,
                                   .index = i,
                                   .step = static_cast<std::uint32_t>(program_->steps.size())}});
  }
  end_step();
}

// The condition that finds the row, or one of the rows, that was inserted.
void StatementText::inserted_key(const Insert& insert) {
  const std::vector<catalog::ColumnId> key = key_of(insert.table);
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (i > 0) out_ << " AND ";
    column({.source = 0, .column = key[i]});
    out_ << " = ";
    const auto computed = std::ranges::find(defaults_, key[i], &ComputedDefault::column);
    if (const Assignment* value = find(insert.values, key[i]))
      comparand(catalog_[key[i]].type, value_of(*value));
    else if (computed != defaults_.end())
      comparand(catalog_[key[i]].type, computed->value);
    else
      out_ << "LAST_INSERT_ID()";
  }
}

// The row that held the conflict's key, or holds it now.
void StatementText::conflicting_key(const Insert& insert) {
  std::vector<Origin> values;
  for (const catalog::ColumnId column : insert.conflict->columns)
    values.push_back(value_of(*find(insert.values, column)));
  key_equals(insert.conflict->columns, values);
}

void StatementText::read_inserted(const Insert& insert) {
  select_columns(insert.table, insert.returning);
  out_ << " WHERE ";
  if (insert.conflict && !reads_by_last_id(insert))
    conflicting_key(insert);
  else
    inserted_key(insert);
}

// Several rows: those of one statement have numbers in a row, or each is found by its key.
void StatementText::read_all_inserted(const Insert& insert) {
  if (!reads_by_last_id(insert)) {
    begin_repeat();
    out_ << "(";
    read_inserted(insert);
    out_ << ")";
    return end_repeat(" UNION ALL ", "SELECT NULL FROM DUAL WHERE FALSE", Repeat::Padding::null, true);
  }
  const std::vector<catalog::ColumnId> key = key_of(insert.table);
  const auto id = std::ranges::find_if(
      key, [&](catalog::ColumnId column) { return find(insert.values, column) == nullptr; });
  const ColumnRef ref{.source = 0, .column = *id};
  select_columns(insert.table, insert.returning);
  out_ << " WHERE ";
  column(ref);
  out_ << " >= LAST_INSERT_ID() AND ";
  column(ref);
  out_ << " < LAST_INSERT_ID() + ROW_COUNT() * @@auto_increment_increment ORDER BY ";
  column(ref);
}

void StatementText::insert_and_read(const Insert& insert) {
  const bool several = has_several_rows(insert);
  if (!insert.returning.empty()) evaluate_defaults(insert);
  unaliased_ = insert.table;
  insert_rows(insert, several && !reads_by_last_id(insert));
  if (insert.conflict) on_duplicate(insert);
  unaliased_.reset();
  program_->result_step = program_->affected_step = end_step();
  if (insert.returning.empty()) return;
  if (several)
    read_all_inserted(insert);
  else
    read_inserted(insert);
  program_->result_step = program_->affected_step = end_step();
}

void StatementText::insert(const Insert& insert) {
  if (insert.conflict && insert.conflict->skip) return skip_duplicate(insert);
  if (!can_.insert_returning) return insert_and_read(insert);
  unaliased_ = insert.table;
  insert_rows(insert, true);
  if (insert.conflict) on_duplicate(insert);
  returning(insert.returning);
}

// --- UPDATE and DELETE

// An EXISTS over the table that is changed: it is not to see the changes.
bool StatementText::reads_itself(catalog::TableId id, const Predicate& condition) const {
  if (condition.related &&
      (condition.related->table == id || (condition.related->link && condition.related->link->table == id)))
    return true;
  return std::ranges::any_of(condition.children,
                             [&](const Predicate& child) { return reads_itself(id, child); });
}

// SELECT of the rows to change, which are locked: columns that are wanted, and the key behind them.
std::uint32_t StatementText::find_keys(catalog::TableId id, std::vector<catalog::ColumnId> wanted,
                                       const Predicate& condition,
                                       const std::optional<std::uint64_t>& limit) {
  for (const catalog::ColumnId column : key_of(id)) wanted.push_back(column);
  select_columns(id, wanted);
  where(condition);
  this->limit(limit);
  out_ << " FOR UPDATE";
  return end_step();
}

// The rows of a step, by their keys.
void StatementText::where_cells(const std::vector<catalog::ColumnId>& key, const std::vector<Origin>& cells) {
  out_ << " WHERE ";
  if (key.size() == 1) {
    column({.source = 0, .column = key.front()});
    out_ << " IN (";
    begin_repeat();
    comparand(catalog_[key.front()].type, cells.front());
    end_repeat(", ", "NULL", Repeat::Padding::last, true);
    out_ << ")";
    return;
  }
  out_ << "(";
  begin_repeat();
  out_ << "(";
  key_equals(key, cells);
  out_ << ")";
  end_repeat(" OR ", "FALSE", Repeat::Padding::last, true);
  out_ << ")";
}

void StatementText::update(const Update& update) {
  const std::vector<catalog::ColumnId> key = key_of(update.table);
  const auto set = [&] {
    out_ << "UPDATE ";
    table(update.table);
    out_ << " AS t0 SET ";
    each(update.values.size(), ", ", [&](std::size_t i) {
      column({.source = 0, .column = update.values[i].column});
      out_ << " = ";
      assigned(update.values[i]);
    });
  };
  if (key.empty() ||
      (update.returning.empty() && !update.limit && !reads_itself(update.table, update.where))) {
    set();
    return where(update.where);
  }
  const std::uint32_t found = find_keys(update.table, {}, update.where, update.limit);
  std::vector<Origin> cells;
  for (std::uint32_t i = 0; i < key.size(); ++i)
    cells.push_back({.source = Argument::Source::cells, .index = i, .step = found});
  set();
  where_cells(key, cells);
  end_step(found);
  program_->affected_step = program_->result_step = found;
  if (update.returning.empty()) return;
  for (std::size_t i = 0; i < key.size(); ++i)
    if (const Assignment* value = find(update.values, key[i]); value && value->operation == Operation::set)
      cells[i] = given(value->parameter);
  select_columns(update.table, update.returning);
  where_cells(key, cells);
  program_->result_step = end_step(found);
}

void StatementText::remove(const Delete& remove) {
  const auto from_table = [&](bool aliased) {
    out_ << "DELETE FROM ";
    table(remove.table);
    if (aliased)
      out_ << " AS t0";
    else
      unaliased_ = remove.table;
  };
  const std::vector<catalog::ColumnId> key = key_of(remove.table);
  const bool at_once =
      (remove.returning.empty() || can_.delete_returning) && !reads_itself(remove.table, remove.where);
  if (key.empty() || at_once) {
    from_table(can_.delete_alias);
    where(remove.where);
    limit(remove.limit);
    return returning(remove.returning);
  }
  const std::uint32_t found = find_keys(remove.table, remove.returning, remove.where, remove.limit);
  std::vector<Origin> cells;
  for (std::size_t i = 0; i < key.size(); ++i)
    cells.push_back({.source = Argument::Source::cells,
                     .index = static_cast<std::uint32_t>(remove.returning.size() + i),
                     .step = found});
  from_table(can_.delete_alias);
  where_cells(key, cells);
  end_step(found);
  program_->affected_step = program_->result_step = found;
}

}  // namespace tenon::sql::mysql
