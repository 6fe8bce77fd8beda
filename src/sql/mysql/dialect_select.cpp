// SELECT statements: root lists and rows, and children by the keys of their parents.
#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sql/mysql/dialect_text.h"

namespace tenon::sql::mysql {

using catalog::TypeKind;

namespace {

// Kinds whose equal values have one text, so that a key read from a child row is the parent's, byte by byte.
// Texts are not among them: their collations find "A" equal to "a".
bool equal_means_same_text(const catalog::ColumnType& type) {
  switch (type.kind) {
    case TypeKind::boolean:
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::year:
    case TypeKind::date:
    case TypeKind::uuid:
      return true;
    default:
      return false;
  }
}

// Which rows come first is then known only after joining.
bool orders_by_join(const Select& select) {
  return std::ranges::any_of(select.order, [](const OrderTerm& term) { return term.column.source > 0; });
}

// In an inner SELECT, beside its columns.
std::string test_name(std::size_t index) { return fmt::format("tenon:{}", index); }

}  // namespace

// NULL is the engine's smallest value.
void StatementText::null_order(const ColumnRef& ref, bool descending, catalog::NullsOrder nulls) {
  const bool wanted_first = nulls == catalog::NullsOrder::first;
  if (nulls == catalog::NullsOrder::engine_default || wanted_first != descending) return;
  if (ref.source == 0 && !catalog_[ref.column].nullable) return;
  column(ref);
  out_ << " IS NULL";
  if (wanted_first) out_ << " DESC";
  out_ << ", ";
}

void StatementText::order(const std::vector<OrderTerm>& terms, bool first) {
  for (const OrderTerm& term : terms) {
    if (first)
      out_ << " ORDER BY ";
    else
      out_ << ", ";
    first = false;
    null_order(term.column, term.descending, term.nulls);
    column(term.column);
    if (term.descending) out_ << " DESC";
  }
}

// An offset needs a limit.
void StatementText::limit(const std::optional<std::uint64_t>& limit, std::uint64_t offset) {
  if (!limit && offset == 0) return;
  out_ << " LIMIT ";
  out_.number(limit.value_or(std::numeric_limits<std::uint64_t>::max()));
  if (offset == 0) return;
  out_ << " OFFSET ";
  out_.number(offset);
}

void StatementText::joins(const Select& select) {
  for (std::uint32_t i = 0; i < select.joins.size(); ++i) {
    const Join& join = select.joins[i];
    out_ << " LEFT JOIN ";
    table(join.table);
    out_ << " AS ";
    out_.alias('t', i + 1) << " ON ";
    for (std::size_t c = 0; c < join.columns.size(); ++c) {
      if (c > 0) out_ << " AND ";
      column({.source = i + 1, .column = join.columns[c]});
      out_ << " = ";
      column({.source = join.parent, .column = join.parent_columns[c]});
    }
    if (!join.where || join.where->kind == Predicate::Kind::always) continue;
    out_ << " AND ";
    predicate_of(i + 1, *join.where);
  }
}

void StatementText::test(const Test& test) {
  out_ << "(";
  const std::uint32_t before = std::exchange(source_, test.source);
  predicate(test.predicate);
  source_ = before;
  out_ << ")";
}

void StatementText::cells(const Select& select, bool named, bool from_inner) {
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

void StatementText::lock_rows() {
  out_ << " FOR UPDATE";
  if (can_.lock_of) out_ << " OF t0";
}

// The engine joins row by row and stops at the limit; only rows that an offset leaves out must not be joined.
void StatementText::root(const Select& select) {
  if (!select.joins.empty() && select.offset > 0 && !select.lock && !orders_by_join(select))
    return page_then_joins(select);
  out_ << "SELECT ";
  cells(select);
  out_ << " FROM ";
  table(select.from);
  out_ << " AS t0";
  joins(select);
  where(select.where);
  order(select.order);
  limit(select.limit, select.offset);
  if (select.lock) lock_rows();
}

void StatementText::page_then_joins(const Select& select) {
  std::vector<ColumnRef> needed;
  const auto need = [&](const ColumnRef& ref) {
    if (ref.source == 0 && std::ranges::find(needed, ref) == needed.end()) needed.push_back(ref);
  };
  for (const ColumnRef& ref : select.outputs) need(ref);
  for (const OrderTerm& term : select.order) need(term.column);
  for (const Join& join : select.joins)
    if (join.parent == 0)
      for (const catalog::ColumnId id : join.parent_columns) need({.source = 0, .column = id});
  out_ << "SELECT ";
  cells(select, false, true);
  out_ << " FROM (SELECT ";
  columns(needed);
  for (std::size_t i = 0; i < select.tests.size(); ++i) {
    if (select.tests[i].source > 0) continue;
    if (!needed.empty() || i > 0) out_ << ", ";
    test(select.tests[i]);
    out_ << " AS ";
    out_.name(test_name(i));
  }
  out_ << " FROM ";
  table(select.from);
  out_ << " AS t0";
  where(select.where);
  order(select.order);
  limit(select.limit, select.offset);
  out_ << ") AS t0";
  joins(select);
  order(select.order);
}

// --- children by the keys of their parents

bool StatementText::found_by_list(const Keys& keys) const {
  for (std::size_t i = 0; i < keys.columns.size(); ++i) {
    const catalog::ColumnType& child = catalog_[keys.columns[i]].type;
    if (child.kind != catalog_[keys.parent_columns[i]].type.kind || !equal_means_same_text(child))
      return false;
  }
  return true;
}

void StatementText::key_column(const Keys& keys, std::size_t i) {
  if (keys.link)
    link_column(keys.columns[i]);
  else
    column({.source = 0, .column = keys.columns[i]});
}

// t0.`a` IN (?, …), or ((t0.`a` = ? AND t0.`b` = ?) OR …)
void StatementText::key_list(const Keys& keys) {
  const bool single = keys.columns.size() == 1;
  if (single) {
    key_column(keys, 0);
    out_ << " IN (";
  } else {
    out_ << "(";
  }
  begin_repeat();
  if (!single) out_ << "(";
  for (std::size_t i = 0; i < keys.columns.size(); ++i) {
    if (i > 0) out_ << " AND ";
    if (!single) {
      key_column(keys, i);
      out_ << " = ";
    }
    comparand(catalog_[keys.columns[i]].type, element(keys.parameters[i]));
  }
  if (single)
    end_repeat(", ", "NULL", Repeat::Padding::null, true);
  else
    out_ << ")", end_repeat(" OR ", "FALSE", Repeat::Padding::null, true);
  out_ << ")";
}

// Keys come back as they were given, whatever the child's collation makes of them.
void StatementText::key_texts(const Keys& keys) {
  for (std::size_t i = 0; i < keys.columns.size(); ++i) {
    const bool is_bytes = catalog_[keys.parent_columns[i]].type.kind == TypeKind::bytes;
    if (i > 0) out_ << ", ";
    argument(element(keys.parameters[i]), is_bytes ? BindType::bytes : BindType::text);
    out_ << " AS ";
    out_.alias('k', static_cast<std::uint32_t>(i));
  }
}

void StatementText::key_condition(const Keys& keys) {
  for (std::size_t i = 0; i < keys.columns.size(); ++i) {
    if (i > 0) out_ << " AND ";
    key_column(keys, i);
    out_ << " = ";
    comparand(catalog_[keys.columns[i]].type, element(keys.parameters[i]));
  }
}

void StatementText::keyed_by_list(const Select& select) {
  const Keys& keys = *select.keys;
  const auto key = [&] {
    for (std::size_t i = 0; i < keys.columns.size(); ++i) {
      if (i > 0) out_ << ", ";
      key_column(keys, i);
    }
  };
  out_ << "SELECT ";
  key();
  out_ << ", ";
  cells(select);
  out_ << " FROM ";
  from(select.from, select.keys);
  joins(select);
  out_ << " WHERE ";
  key_list(keys);
  and_where(select.where);
  if (select.count)
    out_ << " GROUP BY ";
  else
    out_ << " ORDER BY ";
  key();
  order(select.order, false);
}

// One SELECT for each key, with its own order and limit; without a limit the engine would forget the order.
void StatementText::keyed_by_union(const Select& select) {
  const Keys& keys = *select.keys;
  begin_repeat();
  out_ << "(SELECT ";
  key_texts(keys);
  out_ << ", ";
  cells(select, true);
  out_ << " FROM ";
  from(select.from, select.keys);
  joins(select);
  out_ << " WHERE ";
  key_condition(keys);
  and_where(select.where);
  if (select.count) out_ << " HAVING count(*) > 0";
  order(select.order);
  const bool ordered = !select.order.empty() && !select.limit;
  limit(ordered ? std::numeric_limits<std::uint64_t>::max() : select.limit, select.offset);
  out_ << ")";
  end_repeat(" UNION ALL ", "SELECT NULL FROM DUAL WHERE FALSE", Repeat::Padding::null, true);
}

void StatementText::keyed(const Select& select) {
  const bool pages = select.limit || select.offset > 0;
  if (!pages && found_by_list(*select.keys))
    keyed_by_list(select);
  else
    keyed_by_union(select);
  limit(select.total_limit, 0);
}

void StatementText::select(const Select& select) {
  if (select.keys)
    keyed(select);
  else
    root(select);
}

}  // namespace tenon::sql::mysql
