// Aggregates: of a whole table, of groups, and of the children of each key.
#include <algorithm>
#include <limits>

#include "sql/mysql/dialect_text.h"

namespace tenon::sql::mysql {

using catalog::TypeKind;

namespace {

constexpr std::uint32_t average_digits = 16;  // behind the point, before the engine's own four more

// What stands before and after the column.
struct Around {
  Literal before;
  Literal after;
};

Around truncation(DatePart part) {
  switch (part) {
    case DatePart::year:
      return {"DATE_FORMAT(", ", '%Y-01-01')"};
    case DatePart::month:
      return {"DATE_FORMAT(", ", '%Y-%m-01')"};
    case DatePart::day:
      return {"DATE(", ")"};
    case DatePart::hour:
      return {"DATE_FORMAT(", ", '%Y-%m-%d %H:00:00')"};
    default:
      return {"DATE_FORMAT(", ", '%Y-%m-%d %H:%i:00')"};
  }
}

Around extraction(DatePart part) {
  switch (part) {
    case DatePart::quarter_of_year:
      return {"QUARTER(", ")"};
    case DatePart::month_of_year:
      return {"MONTH(", ")"};
    case DatePart::week_of_year:
      return {"WEEK(", ", 3)"};  // ISO 8601
    case DatePart::day_of_year:
      return {"DAYOFYEAR(", ")"};
    case DatePart::day_of_month:
      return {"DAYOFMONTH(", ")"};
    case DatePart::day_of_week:
      return {"WEEKDAY(", ") + 1"};
    case DatePart::hour_of_day:
      return {"HOUR(", ")"};
    default:
      return {"MINUTE(", ")"};
  }
}

bool is_small_integer(TypeKind kind) {
  return kind == TypeKind::int8 || kind == TypeKind::int16 || kind == TypeKind::int24 ||
         kind == TypeKind::int32 || kind == TypeKind::year;
}

bool is_float(TypeKind kind) { return kind == TypeKind::float32 || kind == TypeKind::float64; }

bool orders_or_filters(const Aggregate& aggregate) {
  const bool filters = aggregate.having && aggregate.having->kind != AggregateCondition::Kind::always;
  return filters || !aggregate.order.empty();
}

void add_terms(std::vector<AggregateTerm>& terms, const AggregateCondition& condition) {
  using Kind = AggregateCondition::Kind;
  const bool leaf = condition.kind == Kind::compare || condition.kind == Kind::is_null ||
                    condition.kind == Kind::is_not_null;
  if (leaf && std::ranges::find(terms, condition.term) == terms.end()) terms.push_back(condition.term);
  for (const AggregateCondition& child : condition.children) add_terms(terms, child);
}

// All that is computed of a group, each once.
std::vector<AggregateTerm> all_terms(const Aggregate& aggregate) {
  std::vector<AggregateTerm> terms;
  const auto add = [&](const AggregateTerm& term) {
    if (std::ranges::find(terms, term) == terms.end()) terms.push_back(term);
  };
  for (const AggregateTerm& term : aggregate.outputs) add(term);
  for (const AggregateOrder& order : aggregate.order) add(order.term);
  if (aggregate.having) add_terms(terms, *aggregate.having);
  return terms;
}

}  // namespace

void StatementText::date_part(const AggregateTerm& term) {
  const ColumnRef ref{.source = 0, .column = term.column};
  if (is_number(term.part)) {
    const Around around = extraction(term.part);
    out_ << around.before;
    column(ref);
    out_ << around.after;
    return;
  }
  out_ << "CAST(";
  if (term.part == DatePart::quarter) {
    out_ << "MAKEDATE(YEAR(";
    column(ref);
    out_ << "), 1) + INTERVAL (QUARTER(";
    column(ref);
    out_ << ") - 1) QUARTER";
  } else if (term.part == DatePart::week) {
    out_ << "DATE(";
    column(ref);
    out_ << ") - INTERVAL WEEKDAY(";
    column(ref);
    out_ << ") DAY";
  } else {
    const Around around = truncation(term.part);
    out_ << around.before;
    column(ref);
    out_ << around.after;
  }
  if (catalog_[term.column].type.kind == TypeKind::date)
    out_ << " AS DATE)";
  else
    out_ << " AS DATETIME)";
}

// The engine's average of decimals has four more digits than they have.
void StatementText::average(const ColumnRef& ref) {
  const catalog::ColumnType& type = catalog_[ref.column].type;
  const bool with_digits =
      type.kind == TypeKind::int64 ||
      (type.kind == TypeKind::decimal && type.precision.value_or(10) - type.scale.value_or(0) <= 45 &&
       type.scale.value_or(0) <= average_digits);
  out_ << "AVG(";
  if (with_digits) out_ << "CAST(";
  column(ref);
  if (with_digits) out_ << " AS DECIMAL(65,16))";
  if (is_small_integer(type.kind)) out_ << " + 0e0";
  out_ << ")";
}

// The first or last label of an enum in its own order; the engine would compare the texts.
void StatementText::extreme(const ColumnRef& ref, Literal function) {
  const catalog::ColumnType& type = catalog_[ref.column].type;
  const bool is_enum = type.kind == TypeKind::enumeration && type.enum_id;
  if (is_enum) out_ << "ELT(";
  out_ << function;
  output(ref);
  if (!is_enum) {
    out_ << ")";
    return;
  }
  out_ << " + 0)";
  for (const catalog::EnumValue& value : catalog_[*type.enum_id].values) {
    out_ << ", ";
    out_.label(value.label);
  }
  out_ << ")";
}

void StatementText::aggregate_term(const AggregateTerm& term) {
  const ColumnRef ref{.source = 0, .column = term.column};
  const auto call = [&](Literal function) {
    out_ << function;
    output(ref);
    out_ << ")";
  };
  switch (term.function) {
    case AggregateFunction::value:
      if (term.part != DatePart::whole) return date_part(term);
      return output(ref);
    case AggregateFunction::count:
      out_ << "count(*)";
      return;
    case AggregateFunction::count_distinct:
      if (catalog_[term.column].type.kind == TypeKind::json && can_.json_equals) {
        out_ << "count(DISTINCT JSON_NORMALIZE(";
        column(ref);
        out_ << "))";
        return;
      }
      return call("count(DISTINCT ");
    case AggregateFunction::sum:
      return call("SUM(");
    case AggregateFunction::avg:
      return average(ref);
    case AggregateFunction::min:
      return extreme(ref, "MIN(");
    case AggregateFunction::max:
      return extreme(ref, "MAX(");
  }
}

void StatementText::group_term(const AggregateTerm& term) {
  out_ << "x.";
  out_.alias('c', static_cast<std::uint32_t>(std::ranges::find(group_terms_, term) - group_terms_.begin()));
}

void StatementText::group_value(const AggregateTerm& term, ParameterIndex value) {
  const bool counts = term.function == AggregateFunction::count ||
                      term.function == AggregateFunction::count_distinct ||
                      (term.function == AggregateFunction::value && is_number(term.part));
  if (counts) return number(given(value));
  const catalog::ColumnType& type = catalog_[term.column].type;
  if (term.function != AggregateFunction::sum && term.function != AggregateFunction::avg)
    return comparand(type, given(value));
  const bool is_double =
      is_float(type.kind) || (term.function == AggregateFunction::avg && is_small_integer(type.kind));
  argument(given(value), is_double ? BindType::float64 : BindType::decimal);
}

// Without groups a key without rows has a row too, but not one that only fills up the repetitions.
void StatementText::aggregate_groups(const Aggregate& aggregate) {
  if (!aggregate.groups.empty()) {
    out_ << " GROUP BY ";
    aggregate_terms(aggregate.groups);
  } else if (aggregate.keys) {
    out_ << " HAVING ";
    argument(element(aggregate.keys->parameters.front()), BindType::text);
    out_ << " IS NOT NULL";
  }
}

// In HAVING the engine knows only plain columns of the groups.
void StatementText::aggregate_having(const Aggregate& aggregate) {
  group_terms_ = all_terms(aggregate);
  each(aggregate.outputs.size(), ", ", [&](std::size_t i) { group_term(aggregate.outputs[i]); });
  out_ << " FROM (SELECT ";
  each(group_terms_.size(), ", ", [&](std::size_t i) {
    aggregate_term(group_terms_[i]);
    out_ << " AS ";
    out_.alias('c', static_cast<std::uint32_t>(i));
  });
  aggregate_rows(aggregate);
  aggregate_groups(aggregate);
  out_ << ") AS x";
  if (aggregate.having && aggregate.having->kind != AggregateCondition::Kind::always) {
    out_ << " WHERE ";
    group_condition(*aggregate.having);
  }
  group_order(aggregate.order);
}

void StatementText::aggregate_values(const Aggregate& aggregate, bool keyed) {
  out_ << "SELECT ";
  if (keyed) {
    key_texts(*aggregate.keys);
    out_ << ", ";
  }
  if (aggregate.count_max) {
    aggregate_count(aggregate);
    if (keyed) out_ << " HAVING count(*) > 0";
    return;
  }
  if (orders_or_filters(aggregate)) {
    aggregate_having(aggregate);
  } else {
    aggregate_terms(aggregate.outputs);
    aggregate_rows(aggregate);
    aggregate_groups(aggregate);
  }
  const bool forgets_order = keyed && !aggregate.order.empty() && !aggregate.limit;
  limit(forgets_order ? std::numeric_limits<std::uint64_t>::max() : aggregate.limit, aggregate.offset);
}

void StatementText::aggregate(const Aggregate& aggregate) {
  if (!aggregate.keys) return aggregate_values(aggregate, false);
  const bool whole = !aggregate.count_max && !aggregate.limit && aggregate.offset == 0 &&
                     aggregate.groups.empty() && !orders_or_filters(aggregate);
  if (whole && keeps_keys(*aggregate.keys)) {
    aggregate_by_list(aggregate);
  } else {
    begin_repeat();
    out_ << "(";
    aggregate_values(aggregate, true);
    out_ << ")";
    end_repeat(" UNION ALL ", "SELECT NULL FROM DUAL WHERE FALSE", Repeat::Padding::null, true);
  }
  limit(aggregate.total_limit);
}

void StatementText::row_estimate(const RowEstimate& estimate) {
  // The empty name is that of the connection's database.
  out_ << "SELECT TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA = COALESCE(NULLIF(";
  argument(given(estimate.schema_name), BindType::text);
  out_ << ", ''), DATABASE()) AND TABLE_NAME = ";
  argument(given(estimate.table_name), BindType::text);
}

}  // namespace tenon::sql::mysql
