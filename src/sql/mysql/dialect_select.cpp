// SELECT statements: root lists and rows, and children by the keys of their parents.
#include <limits>

#include "sql/mysql/dialect_text.h"

namespace tenon::sql::mysql {

using catalog::TypeKind;

// Texts are not among them: their collations find "A" equal to "a".
bool StatementText::equal_means_same_text(const catalog::ColumnType& type) const {
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

// The engine joins row by row and stops at the limit; only rows that an offset leaves out must not be joined.
bool StatementText::pages_before_joins(const Select& select) const {
  return select.offset > 0 && !select.lock;
}

void StatementText::lock_rows() {
  out_ << " FOR UPDATE";
  if (can_.lock_of) out_ << " OF t0";
}

// --- children by the keys of their parents

// t0.`a` IN (?, …), or ((t0.`a` = ? AND t0.`b` = ?) OR …)
void StatementText::key_list(const Keys& keys) {
  const bool single = keys.columns.size() == 1;
  if (single) {
    key_column(keys, keys.columns.front());
    out_ << " IN (";
  } else {
    out_ << "(";
  }
  begin_repeat();
  if (!single) out_ << "(";
  if (single)
    key_value(keys, 0);
  else
    key_condition(keys);
  if (single)
    end_repeat(", ", "NULL", Repeat::Padding::null, true);
  else
    out_ << ")", end_repeat(" OR ", "FALSE", Repeat::Padding::null, true);
  out_ << ")";
}

// Keys come back as they were given, whatever the child's collation makes of them.
void StatementText::key_texts(const Keys& keys) {
  each(keys.columns.size(), ", ", [&](std::size_t i) {
    const bool is_bytes = catalog_[keys.parent_columns[i]].type.kind == TypeKind::bytes;
    argument(element(keys.parameters[i]), is_bytes ? BindType::bytes : BindType::text);
    out_ << " AS ";
    out_.alias('k', static_cast<std::uint32_t>(i));
  });
}

void StatementText::key_value(const Keys& keys, std::size_t i) {
  comparand(catalog_[keys.columns[i]].type, element(keys.parameters[i]));
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

void StatementText::select(const Select& select) {
  if (!select.keys) return root(select);
  const bool pages = select.limit || select.offset > 0;
  if (!pages && keeps_keys(*select.keys))
    keyed_by_list(select);
  else
    keyed_by_union(select);
  limit(select.total_limit);
}

}  // namespace tenon::sql::mysql
