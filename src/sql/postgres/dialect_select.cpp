// SELECT statements: root lists and rows, and children by the keys of their parents.
#include "sql/postgres/dialect_text.h"

namespace tenon::sql::postgres {

using catalog::TypeKind;

bool StatementText::equal_means_same_text(const catalog::ColumnType& type) const {
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

// It keeps the planner from joining before limiting.
bool StatementText::pages_before_joins(const Select& select) const {
  return select.limit || select.offset > 0;
}

void StatementText::key_rows(const Keys& keys) {
  if (keys.of_part) return key_rows_of_part(keys);
  out_ << "unnest(";
  each(keys.columns.size(), ", ",
       [&](std::size_t i) { array_parameter(keys.parameters[i], catalog_[keys.parent_columns[i]].type); });
  out_ << ") AS k(";
  each(keys.columns.size(), ", ", [&](std::size_t i) { out_.alias('c', static_cast<std::uint32_t>(i)); });
  out_ << ")";
}

void StatementText::key_value(const Keys& /*keys*/, std::size_t i) {
  out_ << "k.";
  out_.alias('c', static_cast<std::uint32_t>(i));
}

void StatementText::key_row_columns(const Keys& keys) {
  each(keys.columns.size(), ", ", [&](std::size_t i) { key_value(keys, i); });
}

void StatementText::key_list(const Keys& keys) {
  key_column(keys, keys.columns.front());
  out_ << " = ANY(";
  array_parameter(keys.parameters.front(), catalog_[keys.parent_columns.front()].type);
  out_ << ")";
}

bool StatementText::found_by_array(const Keys& keys) const {
  return !keys.of_part && keys.columns.size() == 1 && keeps_keys(keys);
}

void StatementText::keyed(const Select& select) {
  const Keys& keys = *select.keys;
  if (select.limit || select.offset > 0) return keyed_with_limit(select);
  if (found_by_array(keys)) return keyed_by_list(select);
  keyed_by_rows(select);
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
  key_row_columns(keys);
  out_ << ", ";
  cells(select);
  out_ << " FROM ";
  from_key_rows(select.from, keys);
  joins(select);
  where(select.where);
  out_ << (select.count ? Literal(" GROUP BY ") : Literal(" ORDER BY "));
  key_row_columns(keys);
  order(select.order, false);
}

// The joins are inside, where several columns may have one name: the rows are taken as they are.
void StatementText::keyed_by_joined_order(const Select& select) {
  const Keys& keys = *select.keys;
  out_ << "SELECT ";
  key_row_columns(keys);
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
  limit(select.limit, select.offset);
  out_ << ") AS x";
}

// Without joins the nested loop of the lateral keeps each parent's rows in order; a join above it need not.
void StatementText::keyed_with_limit(const Select& select) {
  if (orders_by_join(select)) return keyed_by_joined_order(select);
  const Keys& keys = *select.keys;
  out_ << "SELECT ";
  key_row_columns(keys);
  out_ << ", ";
  cells(select, false, true);
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
  limit(select.total_limit);
}

}  // namespace tenon::sql::postgres
