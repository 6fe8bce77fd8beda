// SELECT: rows and lists, and the keys of parents as far as the engines have them alike.
#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "sql/statement_writer.h"

namespace tenon::sql {

namespace {

// In an inner SELECT, beside its columns.
std::string test_name(std::size_t index) { return fmt::format("tenon:{}", index); }

}  // namespace

bool StatementWriter::orders_by_join(const Select& select) {
  return std::ranges::any_of(select.order, [](const OrderTerm& term) { return term.column.source > 0; });
}

// A row that nothing was joined to has NULLs in every column.
void StatementWriter::order(const std::vector<OrderTerm>& terms, bool first) {
  for (const OrderTerm& term : terms) {
    out_ << (first ? Literal(" ORDER BY ") : Literal(", "));
    first = false;
    const bool nullable = term.column.source > 0 || catalog_[term.column.column].nullable;
    order_term([&] { column(term.column); }, term.descending, term.nulls, nullable);
  }
}

void StatementWriter::limit(const std::optional<std::uint64_t>& limit, std::uint64_t offset) {
  if (limit || (offset > 0 && words_.offset_needs_limit)) {
    out_ << " LIMIT ";
    out_.number(limit.value_or(std::numeric_limits<std::uint64_t>::max()));
  }
  if (offset == 0) return;
  out_ << " OFFSET ";
  out_.number(offset);
}

void StatementWriter::joins(const Select& select) {
  for (std::uint32_t i = 0; i < select.joins.size(); ++i) {
    const Join& join = select.joins[i];
    out_ << " LEFT JOIN ";
    table(join.table);
    out_ << " AS ";
    out_.alias('t', i + 1) << " ON ";
    each(join.columns.size(), " AND ", [&](std::size_t c) {
      column({.source = i + 1, .column = join.columns[c]});
      out_ << " = ";
      column({.source = join.parent, .column = join.parent_columns[c]});
    });
    if (!join.where || join.where->kind == Predicate::Kind::always) continue;
    out_ << " AND ";
    predicate_of(i + 1, *join.where);
  }
}

void StatementWriter::test(const Test& test) {
  out_ << "(";
  const std::uint32_t before = std::exchange(source_, test.source);
  predicate(test.predicate);
  source_ = before;
  out_ << ")";
}

void StatementWriter::cells(const Select& select, bool named, bool from_inner) {
  if (select.count) {
    out_ << "count(*)";
    return;
  }
  outputs(select.outputs, named);
  for (std::size_t i = 0; i < select.tests.size(); ++i) {
    if (i > 0 || !select.outputs.empty()) out_ << ", ";
    if (from_inner && select.tests[i].source == 0) {
      out_ << "t0.";
      out_.name(test_name(i));
      continue;
    }
    test(select.tests[i]);
    if (!named) continue;
    out_ << " AS ";
    out_.name(test_name(i));
  }
}

void StatementWriter::inner(const Select& select, bool with_order_columns) {
  std::vector<ColumnRef> needed;
  const auto need = [&](const ColumnRef& ref) {
    if (ref.source == 0 && std::ranges::find(needed, ref) == needed.end()) needed.push_back(ref);
  };
  for (const ColumnRef& ref : select.outputs) need(ref);
  for (const Join& join : select.joins)
    if (join.parent == 0)
      for (const catalog::ColumnId id : join.parent_columns) need({.source = 0, .column = id});
  if (with_order_columns)
    for (const OrderTerm& term : select.order) need(term.column);
  out_ << "SELECT ";
  columns(needed);
  for (std::size_t i = 0; i < select.tests.size(); ++i) {
    if (select.tests[i].source > 0) continue;
    if (!needed.empty() || i > 0) out_ << ", ";
    test(select.tests[i]);
    out_ << " AS ";
    out_.name(test_name(i));
  }
  out_ << " FROM ";
  from(select.from, select.keys);
  if (select.keys) {
    out_ << " WHERE ";
    key_condition(*select.keys);
    and_where(select.where);
  } else {
    where(select.where);
  }
  order(select.order);
  limit(select.limit, select.offset);
}

void StatementWriter::root(const Select& select) {
  const bool page_first = !select.joins.empty() && !orders_by_join(select) && pages_before_joins(select);
  out_ << "SELECT ";
  cells(select, false, page_first);
  out_ << " FROM ";
  if (page_first) {
    out_ << "(";
    inner(select, true);
    out_ << ") AS t0";
    joins(select);
    order(select.order);
    return;
  }
  table(select.from);
  out_ << " AS t0";
  joins(select);
  where(select.where);
  order(select.order);
  limit(select.limit, select.offset);
  if (select.lock) lock_rows();
}

// --- children by the keys of their parents

void StatementWriter::key_column(const Keys& keys, catalog::ColumnId id) {
  if (keys.link)
    link_column(id);
  else
    column({.source = 0, .column = id});
}

void StatementWriter::key_columns(const Keys& keys) {
  each(keys.columns.size(), ", ", [&](std::size_t i) { key_column(keys, keys.columns[i]); });
}

void StatementWriter::key_condition(const Keys& keys) {
  each(keys.columns.size(), " AND ", [&](std::size_t i) {
    key_column(keys, keys.columns[i]);
    out_ << " = ";
    key_value(keys, i);
  });
}

bool StatementWriter::keeps_keys(const Keys& keys) const {
  for (std::size_t i = 0; i < keys.columns.size(); ++i) {
    const catalog::ColumnType& child = catalog_[keys.columns[i]].type;
    if (child.kind != catalog_[keys.parent_columns[i]].type.kind || !equal_means_same_text(child))
      return false;
  }
  return true;
}

void StatementWriter::keyed_by_list(const Select& select) {
  const Keys& keys = *select.keys;
  out_ << "SELECT ";
  key_columns(keys);
  out_ << ", ";
  cells(select);
  out_ << " FROM ";
  from(select.from, select.keys);
  joins(select);
  out_ << " WHERE ";
  key_list(keys);
  and_where(select.where);
  out_ << (select.count ? Literal(" GROUP BY ") : Literal(" ORDER BY "));
  key_columns(keys);
  order(select.order, false);
}

}  // namespace tenon::sql
