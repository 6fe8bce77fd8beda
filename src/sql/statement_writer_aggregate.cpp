// Aggregates, and what writes have alike.
#include "sql/statement_writer.h"

namespace tenon::sql {

void StatementWriter::aggregate_terms(const std::vector<AggregateTerm>& terms) {
  each(terms.size(), ", ", [&](std::size_t i) { aggregate_term(terms[i]); });
}

void StatementWriter::aggregate_rows(const Aggregate& aggregate) {
  out_ << " FROM ";
  from(aggregate.from, aggregate.keys);
  if (!aggregate.keys) return where(aggregate.where);
  out_ << " WHERE ";
  key_condition(*aggregate.keys);
  and_where(aggregate.where);
}

void StatementWriter::aggregate_count(const Aggregate& aggregate) {
  out_ << "count(*) FROM (SELECT 1";
  aggregate_rows(aggregate);
  limit(aggregate.count_max);
  out_ << ") AS c";
}

void StatementWriter::aggregate_by_list(const Aggregate& aggregate) {
  const Keys& keys = *aggregate.keys;
  out_ << "SELECT ";
  key_columns(keys);
  out_ << ", ";
  aggregate_terms(aggregate.outputs);
  out_ << " FROM ";
  from(aggregate.from, aggregate.keys);
  out_ << " WHERE ";
  key_list(keys);
  and_where(aggregate.where);
  out_ << " GROUP BY ";
  key_columns(keys);
}

void StatementWriter::group_condition(const AggregateCondition& condition) {
  using Kind = AggregateCondition::Kind;
  const auto list = [&](Literal separator, Literal empty) {
    if (condition.children.empty()) out_ << empty;
    each(condition.children.size(), separator, [&](std::size_t i) {
      out_ << "(";
      group_condition(condition.children[i]);
      out_ << ")";
    });
  };
  switch (condition.kind) {
    case Kind::always:
      out_ << "TRUE";
      return;
    case Kind::never:
      out_ << "FALSE";
      return;
    case Kind::compare:
      return compared(
          condition.comparison, [&] { group_term(condition.term); },
          [&] { group_value(condition.term, condition.parameter); });
    case Kind::is_null:
      group_term(condition.term);
      out_ << " IS NULL";
      return;
    case Kind::is_not_null:
      group_term(condition.term);
      out_ << " IS NOT NULL";
      return;
    case Kind::and_:
      return list(" AND ", "TRUE");
    case Kind::or_:
      return list(" OR ", "FALSE");
    case Kind::not_:
      out_ << "NOT (";
      group_condition(condition.children.front());
      out_ << ")";
      return;
  }
}

void StatementWriter::group_order(const std::vector<AggregateOrder>& terms) {
  if (terms.empty()) return;
  out_ << " ORDER BY ";
  each(terms.size(), ", ", [&](std::size_t i) {
    order_term([&] { group_term(terms[i].term); }, terms[i].descending, terms[i].nulls, true);
  });
}

// --- writes

void StatementWriter::returning(const std::vector<catalog::ColumnId>& ids) {
  if (ids.empty()) return;
  out_ << " RETURNING ";
  each(ids.size(), ", ", [&](std::size_t i) { output({.source = 0, .column = ids[i]}); });
}

void StatementWriter::assigned(const Assignment& value) {
  using Operation = Assignment::Operation;
  switch (value.operation) {
    case Operation::set:
    case Operation::set_each:
      return stored_value(value);
    case Operation::add:
      column({.source = 0, .column = value.column});
      out_ << " + ";
      return factor(value);
    case Operation::multiply:
      column({.source = 0, .column = value.column});
      out_ << " * ";
      return factor(value);
    case Operation::append:
      return appended(value);
    case Operation::proposed:
      return proposed(value);
  }
}

}  // namespace tenon::sql
