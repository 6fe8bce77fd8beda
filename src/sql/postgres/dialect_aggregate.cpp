// Aggregates: of a whole table, of groups, and of the children of each key.
#include "sql/postgres/dialect_text.h"

namespace tenon::sql::postgres {

using catalog::TypeKind;

namespace {

Literal truncation(DatePart part) {
  switch (part) {
    case DatePart::year:
      return "date_trunc('year', ";
    case DatePart::quarter:
      return "date_trunc('quarter', ";
    case DatePart::month:
      return "date_trunc('month', ";
    case DatePart::week:
      return "date_trunc('week', ";
    case DatePart::day:
      return "date_trunc('day', ";
    case DatePart::hour:
      return "date_trunc('hour', ";
    default:
      return "date_trunc('minute', ";
  }
}

Literal extraction(DatePart part) {
  switch (part) {
    case DatePart::quarter_of_year:
      return "extract(quarter FROM ";
    case DatePart::month_of_year:
      return "extract(month FROM ";
    case DatePart::week_of_year:
      return "extract(week FROM ";
    case DatePart::day_of_year:
      return "extract(doy FROM ";
    case DatePart::day_of_month:
      return "extract(day FROM ";
    case DatePart::day_of_week:
      return "extract(isodow FROM ";
    case DatePart::hour_of_day:
      return "extract(hour FROM ";
    default:
      return "extract(minute FROM ";
  }
}

}  // namespace

void StatementText::date_part(const AggregateTerm& term) {
  const TypeKind kind = catalog_[term.column].type.kind;
  const ColumnRef ref{.source = 0, .column = term.column};
  if (is_number(term.part)) {
    out_ << extraction(term.part);
    column(ref);
    if (kind == TypeKind::timestamptz || kind == TypeKind::timetz) out_ << " AT TIME ZONE 'UTC'";
    out_ << ")::int4";
    return;
  }
  out_ << truncation(term.part);
  column(ref);
  if (kind == TypeKind::timestamptz)
    out_ << ", 'UTC')";
  else if (kind == TypeKind::date)
    out_ << "::timestamp)::date";
  else
    out_ << ")";
}

// Sums and averages are of a type that loses nothing: a sum of float4 would be rounded to seven digits, and
// money has no average.
void StatementText::aggregate_term(const AggregateTerm& term) {
  const ColumnRef ref{.source = 0, .column = term.column};
  const auto call = [&](Literal function) {
    out_ << function;
    column(ref);
    const TypeKind kind = catalog_[term.column].type.kind;
    const bool sums = term.function == AggregateFunction::sum || term.function == AggregateFunction::avg;
    if (sums && kind == TypeKind::float32) out_ << "::float8";
    if (sums && kind == TypeKind::money) out_ << "::numeric";
    out_ << ")";
    const bool small = kind == TypeKind::int16 || kind == TypeKind::int32;
    if (term.function == AggregateFunction::avg && small) out_ << "::float8";
  };
  switch (term.function) {
    case AggregateFunction::value:
      if (term.part != DatePart::whole) return date_part(term);
      return column(ref);
    case AggregateFunction::count:
      out_ << "count(*)";
      return;
    case AggregateFunction::count_distinct:
      out_ << "count(DISTINCT ";
      operand(ref, Comparison::equal);
      out_ << ")";
      return;
    case AggregateFunction::sum:
      return call("sum(");
    case AggregateFunction::avg:
      return call("avg(");
    case AggregateFunction::min:
      return call("min(");
    case AggregateFunction::max:
      return call("max(");
  }
}

// Everything after the WHERE clause.
void StatementText::aggregate_groups(const Aggregate& aggregate) {
  if (!aggregate.groups.empty()) {
    out_ << " GROUP BY ";
    aggregate_terms(aggregate.groups);
  }
  if (aggregate.having && aggregate.having->kind != AggregateCondition::Kind::always) {
    out_ << " HAVING ";
    group_condition(*aggregate.having);
  }
  group_order(aggregate.order);
  limit(aggregate.limit, aggregate.offset);
}

void StatementText::aggregate_values(const Aggregate& aggregate) {
  out_ << "SELECT ";
  if (aggregate.count_max) return aggregate_count(aggregate);
  aggregate_terms(aggregate.outputs);
  aggregate_rows(aggregate);
  aggregate_groups(aggregate);
}

// One row for each key that has rows.
void StatementText::aggregate_by_key(const Aggregate& aggregate) {
  const Keys& keys = *aggregate.keys;
  if (found_by_array(keys)) return aggregate_by_list(aggregate);
  out_ << "SELECT ";
  key_row_columns(keys);
  out_ << ", ";
  aggregate_terms(aggregate.outputs);
  out_ << " FROM ";
  from_key_rows(aggregate.from, keys);
  where(aggregate.where);
  out_ << " GROUP BY ";
  key_row_columns(keys);
}

void StatementText::aggregate(const Aggregate& aggregate) {
  if (!aggregate.keys) return aggregate_values(aggregate);
  if (!aggregate.count_max && !aggregate.limit) {
    aggregate_by_key(aggregate);
  } else {
    out_ << "SELECT ";
    key_row_columns(*aggregate.keys);
    out_ << ", x.* FROM ";
    key_rows(*aggregate.keys);
    out_ << " CROSS JOIN LATERAL (";
    aggregate_values(aggregate);
    out_ << ") AS x";
  }
  limit(aggregate.total_limit);
}

// Of a partitioned table: all its partitions together. -1 means that nobody has counted yet.
void StatementText::row_estimate(const RowEstimate& estimate) {
  out_ << "SELECT CASE WHEN min(p.reltuples) >= 0 THEN sum(p.reltuples)::int8 END "
          "FROM pg_catalog.pg_namespace AS n JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid "
          "CROSS JOIN LATERAL (SELECT c.oid AS id UNION SELECT relid FROM "
          "pg_catalog.pg_partition_tree(c.oid)) "
          "AS t JOIN pg_catalog.pg_class AS p ON p.oid = t.id WHERE n.nspname = ";
  parameter(estimate.schema_name);
  out_ << " AND c.relname = ";
  parameter(estimate.table_name);
  out_ << " AND p.relkind <> 'p'";
}

}  // namespace tenon::sql::postgres
