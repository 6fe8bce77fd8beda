// INSERT, UPDATE and DELETE statements.
#include <algorithm>

#include "sql/postgres/dialect_text.h"

namespace tenon::sql::postgres {

using Operation = Assignment::Operation;

void StatementText::values(const Insert& insert) {
  out_ << " VALUES (";
  each(insert.values.size(), ", ", [&](std::size_t i) { parameter(insert.values[i].parameter); });
  out_ << ")";
}

// $1::int4, or $1::text[] for a column that holds an array.
void StatementText::typed_value(const Assignment& value) {
  const catalog::ColumnType& type = catalog_[value.column].type;
  typed_parameter(value.parameter, type);
  if (type.is_array()) out_ << "[]";
}

// unnest takes arrays of arrays apart, so rows of arrays travel as their texts.
void StatementText::each_row(const Assignment& value, std::uint32_t position) {
  const catalog::ColumnType& type = catalog_[value.column].type;
  out_ << "r.";
  out_.alias('c', position);
  if (!type.is_array()) return;
  out_ << "::";
  out_.type(unmodified_type(type)) << "[]";
}

// SELECT $1::int4, r.c0 FROM unnest($2::text[]) WITH ORDINALITY AS r(c0, n) ORDER BY r.n
void StatementText::rows(const Insert& insert) {
  std::vector<const Assignment*> arrays;
  out_ << " SELECT ";
  for (std::size_t i = 0; i < insert.values.size(); ++i) {
    const Assignment& value = insert.values[i];
    if (i > 0) out_ << ", ";
    if (value.operation != Operation::set_each) {
      typed_value(value);
      continue;
    }
    each_row(value, static_cast<std::uint32_t>(arrays.size()));
    arrays.push_back(&value);
  }
  out_ << " FROM unnest(";
  each(arrays.size(), ", ", [&](std::size_t i) {
    const catalog::ColumnType& type = catalog_[arrays[i]->column].type;
    if (!type.is_array()) return array_parameter(arrays[i]->parameter, type);
    parameter(arrays[i]->parameter);
    out_ << "::text[]";
  });
  out_ << ") WITH ORDINALITY AS r(";
  for (std::uint32_t i = 0; i < arrays.size(); ++i) out_.alias('c', i) << ", ";
  out_ << "n) ORDER BY r.n";
}

void StatementText::conflict(const Conflict& conflict) {
  out_ << " ON CONFLICT";
  if (!conflict.columns.empty()) {
    out_ << " (";
    names(conflict.columns);
    out_ << ")";
  }
  if (conflict.skip) {
    out_ << " DO NOTHING";
    return;
  }
  out_ << " DO UPDATE";
  if (!conflict.values.empty()) return assignments(conflict.values);
  // Only a row that is updated is returned.
  out_ << " SET ";
  out_.name(catalog_[conflict.columns.front()].name) << " = ";
  column({.source = 0, .column = conflict.columns.front()});
}

void StatementText::insert(const Insert& insert) {
  out_ << "INSERT INTO ";
  table(insert.table);
  out_ << " AS t0";
  for (std::size_t i = 0; i < insert.values.size(); ++i) {
    if (i == 0)
      out_ << " (";
    else
      out_ << ", ";
    out_.name(catalog_[insert.values[i].column].name);
  }
  const bool several = std::ranges::any_of(
      insert.values, [](const Assignment& value) { return value.operation == Operation::set_each; });
  if (insert.values.empty())
    out_ << " DEFAULT VALUES";
  else
    out_ << ")";
  if (several)
    rows(insert);
  else if (!insert.values.empty())
    values(insert);
  if (insert.conflict) conflict(*insert.conflict);
  returning(insert.returning);
}

void StatementText::appended(const Assignment& value) {
  out_ << "coalesce(";
  column({.source = 0, .column = value.column});
  out_ << ", '{}') || ";
  typed_value(value);
}

void StatementText::proposed(const Assignment& value) {
  out_ << "excluded.";
  out_.name(catalog_[value.column].name);
}

void StatementText::assignments(const std::vector<Assignment>& values) {
  if (!values.empty()) out_ << " SET ";
  each(values.size(), ", ", [&](std::size_t i) {
    out_.name(catalog_[values[i].column].name) << " = ";
    assigned(values[i]);
  });
}

// The condition stands outside too: a row that was changed meanwhile is looked at again, the subselect is
// not.
void StatementText::limited_where(catalog::TableId id, const Predicate& condition,
                                  const std::optional<std::uint64_t>& limit) {
  const auto key = catalog_.primary_key(id);
  if (!limit || !key) return where(condition);
  std::vector<ColumnRef> refs;
  for (const catalog::IndexPart& part : catalog_[*key].parts)
    refs.push_back({.source = 0, .column = *part.column});
  out_ << " WHERE ";
  if (condition.kind != Predicate::Kind::always) {
    nested(condition);
    out_ << " AND ";
  }
  out_ << "(";
  columns(refs);
  out_ << ") IN (SELECT ";
  columns(refs);
  out_ << " FROM ";
  table(id);
  out_ << " AS t0";
  where(condition);
  out_ << " LIMIT ";
  out_.number(*limit) << ")";
}

void StatementText::update(const Update& update) {
  out_ << "UPDATE ";
  table(update.table);
  out_ << " AS t0";
  assignments(update.values);
  limited_where(update.table, update.where, update.limit);
  returning(update.returning);
}

void StatementText::remove(const Delete& remove) {
  out_ << "DELETE FROM ";
  table(remove.table);
  out_ << " AS t0";
  limited_where(remove.table, remove.where, remove.limit);
  returning(remove.returning);
}

}  // namespace tenon::sql::postgres
