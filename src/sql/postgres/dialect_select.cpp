// SELECT statements: root lists and rows, and children by the keys of their parents.
#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sql/postgres/dialect_text.h"

namespace tenon::sql::postgres {

using catalog::TypeKind;

namespace {

// Which rows come first is then known only after joining.
bool orders_by_join(const Select& select) {
  return std::ranges::any_of(select.order, [](const OrderTerm& term) { return term.column.source > 0; });
}

// In an inner SELECT, beside its columns.
std::string test_name(std::size_t index) { return fmt::format("tenon:{}", index); }

}  // namespace

bool equal_means_same_text(const catalog::ColumnType& type) {
  switch (type.kind) {
    case TypeKind::boolean:
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::varchar:
    case TypeKind::date:
    case TypeKind::uuid:
    case TypeKind::enumeration:
      return true;
    case TypeKind::text:
      return type.native == "text";
    default:
      return false;
  }
}

void StatementText::order(const std::vector<OrderTerm>& terms, bool first) {
  for (const OrderTerm& term : terms) {
    if (first)
      out_ << " ORDER BY ";
    else
      out_ << ", ";
    first = false;
    column(term.column);
    if (term.descending) out_ << " DESC";
    if (term.nulls == catalog::NullsOrder::first) out_ << " NULLS FIRST";
    if (term.nulls == catalog::NullsOrder::last) out_ << " NULLS LAST";
  }
}

void StatementText::limit(const Select& select) {
  if (select.limit) {
    out_ << " LIMIT ";
    out_.number(*select.limit);
  }
  if (select.offset > 0) {
    out_ << " OFFSET ";
    out_.number(select.offset);
  }
}

void StatementText::total_limit(const Select& select) {
  if (!select.total_limit) return;
  out_ << " LIMIT ";
  out_.number(*select.total_limit);
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

void StatementText::cells(const Select& select, bool from_inner) {
  if (select.count) {
    out_ << "count(*)";
    return;
  }
  columns(select.outputs);
  for (std::size_t i = 0; i < select.tests.size(); ++i) {
    if (i > 0 || !select.outputs.empty()) out_ << ", ";
    if (!from_inner || select.tests[i].source > 0) {
      test(select.tests[i]);
      continue;
    }
    out_ << "t0.";
    out_.name(test_name(i));
  }
}

void StatementText::inner(const Select& select, bool with_order_columns) {
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
  limit(select);
}

// With joins and a limit, the limited rows come from a subselect, which keeps the planner from joining
// before limiting.
void StatementText::root(const Select& select) {
  const bool limited =
      !select.joins.empty() && (select.limit || select.offset > 0) && !orders_by_join(select);
  out_ << "SELECT ";
  cells(select, limited);
  out_ << " FROM ";
  if (limited) {
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
  limit(select);
  if (select.lock) out_ << " FOR UPDATE OF t0";
}

void StatementText::key_array(const Keys& keys, std::size_t i) {
  parameter(keys.parameters[i]);
  out_ << "::";
  out_.type(unmodified_type(catalog_[keys.parent_columns[i]].type)) << "[]";
}

// unnest($1::int4[], $2::text[]) AS k(c0, c1)
void StatementText::key_rows(const Keys& keys) {
  if (keys.of_part) return key_rows_of_part(keys);
  out_ << "unnest(";
  for (std::size_t i = 0; i < keys.columns.size(); ++i) {
    if (i > 0) out_ << ", ";
    key_array(keys, i);
  }
  out_ << ") AS k(";
  for (std::uint32_t i = 0; i < keys.columns.size(); ++i) {
    if (i > 0) out_ << ", ";
    out_.alias('c', i);
  }
  out_ << ")";
}

void StatementText::key_columns(const Keys& keys) {
  for (std::uint32_t i = 0; i < keys.columns.size(); ++i) {
    if (i > 0) out_ << ", ";
    out_ << "k.";
    out_.alias('c', i);
  }
}

void StatementText::key_column(const Keys& keys, catalog::ColumnId id) {
  if (keys.link)
    link_column(id);
  else
    column({.source = 0, .column = id});
}

void StatementText::key_condition(const Keys& keys) {
  for (std::uint32_t i = 0; i < keys.columns.size(); ++i) {
    if (i > 0) out_ << " AND ";
    key_column(keys, keys.columns[i]);
    out_ << " = k.";
    out_.alias('c', i);
  }
}

void StatementText::keyed(const Select& select) {
  const Keys& keys = *select.keys;
  if (select.limit || select.offset > 0) return keyed_with_limit(select);
  if (found_by_array(keys)) return keyed_by_array(select);
  keyed_by_rows(select);
}

bool StatementText::found_by_array(const Keys& keys) const {
  if (keys.of_part) return false;
  const catalog::ColumnType& child = catalog_[keys.columns.front()].type;
  const catalog::ColumnType& parent = catalog_[keys.parent_columns.front()].type;
  return keys.columns.size() == 1 && child.kind == parent.kind && equal_means_same_text(child);
}

void StatementText::keyed_by_array(const Select& select) {
  const Keys& keys = *select.keys;
  const catalog::ColumnId key = keys.columns.front();
  out_ << "SELECT ";
  key_column(keys, key);
  out_ << ", ";
  cells(select);
  out_ << " FROM ";
  from(select.from, select.keys);
  joins(select);
  out_ << " WHERE ";
  key_column(keys, key);
  out_ << " = ANY(";
  key_array(keys, 0);
  out_ << ")";
  and_where(select.where);
  if (select.count)
    out_ << " GROUP BY ";
  else
    out_ << " ORDER BY ";
  key_column(keys, key);
  order(select.order, false);
}

void StatementText::from_key_rows(catalog::TableId source, const Keys& keys) {
  key_rows(keys);
  out_ << " JOIN ";
  if (keys.link) {
    link_table(*keys.link);
    out_ << " ON ";
    key_condition(keys);
    out_ << " JOIN ";
  }
  table(source);
  out_ << " AS t0 ON ";
  if (keys.link)
    link_condition(*keys.link, keys.link_where ? &*keys.link_where : nullptr);
  else
    key_condition(keys);
}

void StatementText::keyed_by_rows(const Select& select) {
  const Keys& keys = *select.keys;
  out_ << "SELECT ";
  key_columns(keys);
  out_ << ", ";
  cells(select);
  out_ << " FROM ";
  from_key_rows(select.from, keys);
  joins(select);
  where(select.where);
  if (select.count)
    out_ << " GROUP BY ";
  else
    out_ << " ORDER BY ";
  key_columns(keys);
  order(select.order, false);
}

// The joins are inside, where several columns may have one name: the rows are taken as they are.
void StatementText::keyed_by_joined_order(const Select& select) {
  const Keys& keys = *select.keys;
  out_ << "SELECT ";
  key_columns(keys);
  out_ << ", x.* FROM ";
  key_rows(keys);
  out_ << " CROSS JOIN LATERAL (SELECT ";
  cells(select);
  out_ << " FROM ";
  from(select.from, select.keys);
  joins(select);
  out_ << " WHERE ";
  key_condition(keys);
  and_where(select.where);
  order(select.order);
  limit(select);
  out_ << ") AS x";
}

// Without joins the nested loop of the lateral keeps each parent's rows in order; a join above it need not.
void StatementText::keyed_with_limit(const Select& select) {
  if (orders_by_join(select)) return keyed_by_joined_order(select);
  const Keys& keys = *select.keys;
  out_ << "SELECT ";
  key_columns(keys);
  out_ << ", ";
  cells(select, true);
  out_ << " FROM ";
  key_rows(keys);
  out_ << " CROSS JOIN LATERAL (";
  inner(select, !select.joins.empty());
  out_ << ") AS t0";
  joins(select);
  if (!select.joins.empty()) order(select.order);
}

void StatementText::select(const Select& select) {
  if (!select.keys) return root(select);
  keyed(select);
  total_limit(select);
}

}  // namespace tenon::sql::postgres
