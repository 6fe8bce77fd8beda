#include "sql/dialect.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sql/fragment.h"

namespace tenon::sql {

namespace {

using catalog::TypeKind;

// A column's type without modifiers: a value cast to numeric(10,2) or char(2) would be rounded or cut before
// it is compared.
std::string unmodified_type(const catalog::ColumnType& type) {
  switch (type.kind) {
    case TypeKind::boolean:
      return "bool";
    case TypeKind::int16:
      return "int2";
    case TypeKind::int32:
      return "int4";
    case TypeKind::int64:
      return "int8";
    case TypeKind::float32:
      return "float4";
    case TypeKind::float64:
      return "float8";
    case TypeKind::decimal:
      return "numeric";
    case TypeKind::varchar:
      return "varchar";
    case TypeKind::character:
      return "bpchar";
    case TypeKind::time:
      return "time";
    case TypeKind::timetz:
      return "timetz";
    case TypeKind::timestamp:
      return "timestamp";
    case TypeKind::timestamptz:
      return "timestamptz";
    case TypeKind::interval:
      return "interval";
    case TypeKind::bit:
    case TypeKind::varbit:
      return "varbit";
    default:
      return type.native;
  }
}

// Kinds whose equal values have one text, so that a key read from a child row is the parent's, byte by byte.
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

bool is_text(const catalog::ColumnType& type) {
  if (type.is_array()) return false;
  return type.kind == TypeKind::text || type.kind == TypeKind::varchar || type.kind == TypeKind::character ||
         type.kind == TypeKind::name;
}

// Writes one statement.
class Writer {
 public:
  explicit Writer(const catalog::Catalog& catalog) : catalog_(catalog), out_(Quoting{}) {}

  void select(const Select& select);
  void insert(const Insert& insert);
  void update(const Update& update);
  void remove(const Delete& remove);

  Statement finish() {
    Statement statement{.text = out_.take(), .hash = {}, .parameter_count = parameter_count_};
    statement.hash = base::hash128(statement.text);
    return statement;
  }

 private:
  void table(catalog::TableId id);
  void column(const ColumnRef& ref);
  // A column as the left side of a pattern or of an equality, cast where its own type has no such operator.
  void operand(const ColumnRef& ref, Comparison comparison);
  void parameter(ParameterIndex index);
  void columns(const std::vector<ColumnRef>& refs);

  void predicate(const Predicate& predicate);
  void nested(const Predicate& predicate);
  void compare(const Predicate& predicate);
  void size_compare(const Predicate& predicate);
  void row_compare(const Predicate& predicate);
  void list(const std::vector<Predicate>& children, Literal separator);
  void where(const std::optional<Predicate>& predicate);

  void order(const std::vector<OrderTerm>& terms, bool first = true);
  void limit(const Select& select);
  void joins(const Select& select);
  void returning(const std::vector<catalog::ColumnId>& columns);

  // SELECT … FROM source 0 with its condition, order and limit, and nothing but the columns needed outside.
  void inner(const Select& select, bool with_order_columns);
  void root(const Select& select);
  void keyed(const Select& select);
  void keyed_by_array(const Select& select);
  void keyed_by_rows(const Select& select);
  void keyed_with_limit(const Select& select);
  void key_array(const Keys& keys, std::size_t i);
  void key_rows(const Keys& keys);
  void key_columns(const Keys& keys);
  void key_condition(const Keys& keys);

  const catalog::Catalog& catalog_;
  Text out_;
  std::uint32_t parameter_count_ = 0;
};

void Writer::table(catalog::TableId id) {
  out_.qualified(catalog_[catalog_[id].schema].name, catalog_[id].name);
}

void Writer::column(const ColumnRef& ref) {
  out_.alias('t', ref.source) << ".";
  out_.name(catalog_[ref.column].name);
}

void Writer::parameter(ParameterIndex index) {
  parameter_count_ = std::max(parameter_count_, index.value + 1);
  out_.parameter(index.value);
}

void Writer::columns(const std::vector<ColumnRef>& refs) {
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (i > 0) out_ << ", ";
    column(refs[i]);
  }
}

void Writer::operand(const ColumnRef& ref, Comparison comparison) {
  const catalog::ColumnType& type = catalog_[ref.column].type;
  column(ref);
  const bool pattern = comparison == Comparison::like || comparison == Comparison::not_like ||
                       comparison == Comparison::ilike || comparison == Comparison::not_ilike;
  if (pattern && !is_text(type)) out_ << "::text";
  if (!pattern && !type.is_array() && type.kind == TypeKind::json) out_ << "::jsonb";
  if (!pattern && !type.is_array() && type.kind == TypeKind::xml) out_ << "::text";
}

void Writer::compare(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  const ParameterIndex value = predicate.parameters.front();
  const auto binary = [&](Literal op) {
    operand(ref, predicate.comparison);
    out_ << op;
    parameter(value);
  };
  const auto with_array = [&](Literal before, Literal after) {
    operand(ref, predicate.comparison);
    out_ << before;
    parameter(value);
    out_ << "::";
    out_.type(unmodified_type(catalog_[ref.column].type)) << after;
  };
  switch (predicate.comparison) {
    case Comparison::equal:
      return binary(" = ");
    case Comparison::not_equal:
      return binary(" IS DISTINCT FROM ");
    case Comparison::less:
      return binary(" < ");
    case Comparison::less_or_equal:
      return binary(" <= ");
    case Comparison::greater:
      return binary(" > ");
    case Comparison::greater_or_equal:
      return binary(" >= ");
    case Comparison::like:
      return binary(" LIKE ");
    case Comparison::not_like:
      return binary(" NOT LIKE ");
    case Comparison::ilike:
      return binary(" ILIKE ");
    case Comparison::not_ilike:
      return binary(" NOT ILIKE ");
    case Comparison::any_of:
      return with_array(" = ANY(", "[])");
    case Comparison::none_of:
      return with_array(" <> ALL(", "[])");
    // @> can use a GIN index; `= ANY(column)` cannot.
    case Comparison::array_contains:
      return with_array(" @> ARRAY[", "]");
    case Comparison::array_not_contains:
      out_ << "NOT ";
      return with_array(" @> ARRAY[", "]");
  }
}

void Writer::size_compare(const Predicate& predicate) {
  const ColumnRef& ref = predicate.columns.front();
  const catalog::ColumnType& type = catalog_[ref.column].type;
  if (type.is_array())
    out_ << "cardinality(";
  else if (type.kind == TypeKind::bytes)
    out_ << "octet_length(";
  else
    out_ << "char_length(";
  column(ref);
  if (!type.is_array() && type.kind != TypeKind::bytes && !is_text(type)) out_ << "::text";
  out_ << ")";
  switch (predicate.comparison) {
    case Comparison::not_equal:
      out_ << " IS DISTINCT FROM ";
      break;
    case Comparison::less:
      out_ << " < ";
      break;
    case Comparison::less_or_equal:
      out_ << " <= ";
      break;
    case Comparison::greater:
      out_ << " > ";
      break;
    case Comparison::greater_or_equal:
      out_ << " >= ";
      break;
    default:
      out_ << " = ";
      break;
  }
  parameter(predicate.parameters.front());
  out_ << "::int4";
}

void Writer::row_compare(const Predicate& predicate) {
  const bool row = predicate.columns.size() > 1;
  if (row) out_ << "(";
  columns(predicate.columns);
  if (row) out_ << ")";
  switch (predicate.comparison) {
    case Comparison::less:
      out_ << " < ";
      break;
    case Comparison::less_or_equal:
      out_ << " <= ";
      break;
    case Comparison::greater:
      out_ << " > ";
      break;
    default:
      out_ << " >= ";
      break;
  }
  if (row) out_ << "(";
  for (std::size_t i = 0; i < predicate.parameters.size(); ++i) {
    if (i > 0) out_ << ", ";
    parameter(predicate.parameters[i]);
  }
  if (row) out_ << ")";
}

void Writer::nested(const Predicate& child) {
  const bool several = (child.kind == Predicate::Kind::and_ || child.kind == Predicate::Kind::or_) &&
                       child.children.size() > 1;
  if (several) out_ << "(";
  predicate(child);
  if (several) out_ << ")";
}

void Writer::list(const std::vector<Predicate>& children, Literal separator) {
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (i > 0) out_ << separator;
    nested(children[i]);
  }
}

void Writer::predicate(const Predicate& predicate) {
  switch (predicate.kind) {
    case Predicate::Kind::always:
      out_ << "TRUE";
      return;
    case Predicate::Kind::never:
      out_ << "FALSE";
      return;
    case Predicate::Kind::compare:
      compare(predicate);
      return;
    case Predicate::Kind::between:
      operand(predicate.columns.front(), Comparison::equal);
      out_ << " BETWEEN ";
      parameter(predicate.parameters[0]);
      out_ << " AND ";
      parameter(predicate.parameters[1]);
      return;
    case Predicate::Kind::is_null:
      column(predicate.columns.front());
      out_ << " IS NULL";
      return;
    case Predicate::Kind::is_not_null:
      column(predicate.columns.front());
      out_ << " IS NOT NULL";
      return;
    case Predicate::Kind::size_compare:
      size_compare(predicate);
      return;
    case Predicate::Kind::row_compare:
      row_compare(predicate);
      return;
    case Predicate::Kind::and_:
      if (predicate.children.empty()) out_ << "TRUE";
      list(predicate.children, " AND ");
      return;
    case Predicate::Kind::or_:
      if (predicate.children.empty()) out_ << "FALSE";
      list(predicate.children, " OR ");
      return;
    case Predicate::Kind::not_:
      out_ << "NOT (";
      this->predicate(predicate.children.front());
      out_ << ")";
      return;
  }
}

void Writer::where(const std::optional<Predicate>& condition) {
  if (!condition || condition->kind == Predicate::Kind::always) return;
  out_ << " WHERE ";
  predicate(*condition);
}

void Writer::order(const std::vector<OrderTerm>& terms, bool first) {
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

void Writer::limit(const Select& select) {
  if (select.limit) {
    out_ << " LIMIT ";
    out_.number(*select.limit);
  }
  if (select.offset > 0) {
    out_ << " OFFSET ";
    out_.number(select.offset);
  }
}

void Writer::joins(const Select& select) {
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
  }
}

void Writer::inner(const Select& select, bool with_order_columns) {
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
  out_ << " FROM ";
  table(select.from);
  out_ << " AS t0";
  if (select.keys) {
    out_ << " WHERE ";
    key_condition(*select.keys);
    if (select.where && select.where->kind != Predicate::Kind::always) {
      out_ << " AND ";
      nested(*select.where);
    }
  } else {
    where(select.where);
  }
  order(select.order);
  limit(select);
}

// With joins and a limit, the limited rows come from a subselect, which keeps the planner from joining
// before limiting.
void Writer::root(const Select& select) {
  out_ << "SELECT ";
  if (select.count)
    out_ << "count(*)";
  else
    columns(select.outputs);
  out_ << " FROM ";
  const bool limited = !select.joins.empty() && (select.limit || select.offset > 0);
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

void Writer::key_array(const Keys& keys, std::size_t i) {
  parameter(keys.parameters[i]);
  out_ << "::";
  out_.type(unmodified_type(catalog_[keys.parent_columns[i]].type)) << "[]";
}

// unnest($1::int4[], $2::text[]) AS k(c0, c1)
void Writer::key_rows(const Keys& keys) {
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

void Writer::key_columns(const Keys& keys) {
  for (std::uint32_t i = 0; i < keys.columns.size(); ++i) {
    if (i > 0) out_ << ", ";
    out_ << "k.";
    out_.alias('c', i);
  }
}

void Writer::key_condition(const Keys& keys) {
  for (std::uint32_t i = 0; i < keys.columns.size(); ++i) {
    if (i > 0) out_ << " AND ";
    column({.source = 0, .column = keys.columns[i]});
    out_ << " = k.";
    out_.alias('c', i);
  }
}

void Writer::keyed(const Select& select) {
  const Keys& keys = *select.keys;
  if (select.limit || select.offset > 0) return keyed_with_limit(select);
  const catalog::ColumnType& child = catalog_[keys.columns.front()].type;
  const catalog::ColumnType& parent = catalog_[keys.parent_columns.front()].type;
  if (keys.columns.size() == 1 && child.kind == parent.kind && equal_means_same_text(child))
    return keyed_by_array(select);
  keyed_by_rows(select);
}

void Writer::keyed_by_array(const Select& select) {
  const Keys& keys = *select.keys;
  const ColumnRef key{.source = 0, .column = keys.columns.front()};
  out_ << "SELECT ";
  column(key);
  out_ << ", ";
  if (select.count)
    out_ << "count(*)";
  else
    columns(select.outputs);
  out_ << " FROM ";
  table(select.from);
  out_ << " AS t0";
  joins(select);
  out_ << " WHERE ";
  column(key);
  out_ << " = ANY(";
  key_array(keys, 0);
  out_ << ")";
  if (select.where && select.where->kind != Predicate::Kind::always) {
    out_ << " AND ";
    nested(*select.where);
  }
  if (select.count)
    out_ << " GROUP BY ";
  else
    out_ << " ORDER BY ";
  column(key);
  order(select.order, false);
}

void Writer::keyed_by_rows(const Select& select) {
  const Keys& keys = *select.keys;
  out_ << "SELECT ";
  key_columns(keys);
  out_ << ", ";
  if (select.count)
    out_ << "count(*)";
  else
    columns(select.outputs);
  out_ << " FROM ";
  key_rows(keys);
  out_ << " JOIN ";
  table(select.from);
  out_ << " AS t0 ON ";
  key_condition(keys);
  joins(select);
  where(select.where);
  if (select.count)
    out_ << " GROUP BY ";
  else
    out_ << " ORDER BY ";
  key_columns(keys);
  order(select.order, false);
}

// Without joins the nested loop of the lateral keeps each parent's rows in order; a join above it need not.
void Writer::keyed_with_limit(const Select& select) {
  const Keys& keys = *select.keys;
  out_ << "SELECT ";
  key_columns(keys);
  out_ << ", ";
  columns(select.outputs);
  out_ << " FROM ";
  key_rows(keys);
  out_ << " CROSS JOIN LATERAL (";
  inner(select, !select.joins.empty());
  out_ << ") AS t0";
  joins(select);
  if (!select.joins.empty()) order(select.order);
}

void Writer::select(const Select& select) {
  if (select.keys)
    keyed(select);
  else
    root(select);
}

void Writer::returning(const std::vector<catalog::ColumnId>& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i == 0)
      out_ << " RETURNING ";
    else
      out_ << ", ";
    column({.source = 0, .column = ids[i]});
  }
}

void Writer::insert(const Insert& insert) {
  out_ << "INSERT INTO ";
  table(insert.table);
  out_ << " AS t0";
  if (insert.values.empty()) {
    out_ << " DEFAULT VALUES";
    return returning(insert.returning);
  }
  for (std::size_t i = 0; i < insert.values.size(); ++i) {
    if (i == 0)
      out_ << " (";
    else
      out_ << ", ";
    out_.name(catalog_[insert.values[i].column].name);
  }
  for (std::size_t i = 0; i < insert.values.size(); ++i) {
    if (i == 0)
      out_ << ") VALUES (";
    else
      out_ << ", ";
    parameter(insert.values[i].parameter);
  }
  out_ << ")";
  returning(insert.returning);
}

void Writer::update(const Update& update) {
  out_ << "UPDATE ";
  table(update.table);
  out_ << " AS t0";
  for (std::size_t i = 0; i < update.values.size(); ++i) {
    if (i == 0)
      out_ << " SET ";
    else
      out_ << ", ";
    out_.name(catalog_[update.values[i].column].name) << " = ";
    parameter(update.values[i].parameter);
  }
  where(update.where);
  returning(update.returning);
}

void Writer::remove(const Delete& remove) {
  out_ << "DELETE FROM ";
  table(remove.table);
  out_ << " AS t0";
  where(remove.where);
  returning(remove.returning);
}

class PostgresDialect final : public Dialect {
 public:
  std::string_view name() const override { return "postgresql"; }

  Statement render(const Select& select) const override {
    Writer writer(*select.catalog);
    writer.select(select);
    return writer.finish();
  }
  Statement render(const Insert& insert) const override {
    Writer writer(*insert.catalog);
    writer.insert(insert);
    return writer.finish();
  }
  Statement render(const Update& update) const override {
    Writer writer(*update.catalog);
    writer.update(update);
    return writer.finish();
  }
  Statement render(const Delete& remove) const override {
    Writer writer(*remove.catalog);
    writer.remove(remove);
    return writer.finish();
  }
};

}  // namespace

const Dialect& postgres_dialect() {
  static const PostgresDialect dialect;
  return dialect;
}

}  // namespace tenon::sql
