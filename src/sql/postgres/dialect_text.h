// PostgreSQL's text of one statement, written front to back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/dialect.h"
#include "sql/fragment.h"

namespace tenon::sql::postgres {

// A column's type without modifiers: a value cast to numeric(10,2) or char(2) would be rounded or cut before
// it is compared.
std::string unmodified_type(const catalog::ColumnType& type);

// Equal values of the type have one text, so that a key read from a child row is the parent's, byte by byte.
bool equal_means_same_text(const catalog::ColumnType& type);

// The operator between two values, spaces around it. NULL differs from a value.
Literal sign(Comparison comparison);

// Writes the text of one statement. Its parts are in dialect_condition.cpp (WHERE), dialect_related.cpp (link
// tables, EXISTS), dialect_documents.cpp (JSON, full text), dialect_select.cpp (SELECT),
// dialect_aggregate.cpp (aggregates), dialect_bundle.cpp (several statements as one), dialect_write.cpp
// (INSERT, UPDATE, DELETE) and dialect.cpp (what they share).
class StatementText {
 public:
  explicit StatementText(const catalog::Catalog& catalog) : catalog_(catalog), out_(Quoting{}) {}

  void select(const Select& select);
  void insert(const Insert& insert);
  void update(const Update& update);
  void remove(const Delete& remove);
  void aggregate(const Aggregate& aggregate);
  void row_estimate(const RowEstimate& estimate);
  void bundle(const Bundle& bundle);

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
  void exists(const Predicate& predicate);
  void not_(const Predicate& predicate);
  void columns_compare(const Predicate& predicate);
  void json_part(const Predicate& predicate, bool as_text);
  void json_compare(const Predicate& predicate);
  void search(const Predicate& predicate);
  void null_test(const Predicate& predicate, Literal test);
  void compare(const Predicate& predicate);
  void size_compare(const Predicate& predicate);
  void row_compare(const Predicate& predicate);
  void any_row(const Predicate& predicate);
  void list(const std::vector<Predicate>& children, Literal separator);
  void where(const std::optional<Predicate>& predicate);
  // After a WHERE that has begun.
  void and_where(const std::optional<Predicate>& predicate);

  void order(const std::vector<OrderTerm>& terms, bool first = true);
  void limit(const Select& select);
  void total_limit(const Select& select);
  void joins(const Select& select);
  // The link table that leads to source 0 of the scope is called l and the scope's number.
  void link_column(catalog::ColumnId column);
  void link_table(const Link& link);
  void link_condition(const Link& link, const Predicate* where);
  // A condition whose source 0 is that source of the statement.
  void predicate_of(std::uint32_t source, const Predicate& predicate);
  // Source 0, with the link table that leads to it from the keys.
  void from(catalog::TableId source, const std::optional<Keys>& keys);
  void returning(const std::vector<catalog::ColumnId>& columns);
  void values(const Insert& insert);
  void rows(const Insert& insert);
  void each_row(const Assignment& value, std::uint32_t position);
  void typed_parameter(const Assignment& value);
  void conflict(const Conflict& conflict);
  void assignments(const std::vector<Assignment>& values);
  void assigned(const Assignment& value);
  void limited_where(catalog::TableId id, const Predicate& condition,
                     const std::optional<std::uint64_t>& limit);

  // SELECT … FROM source 0 with its condition, order and limit, and nothing but the columns needed outside.
  void inner(const Select& select, bool with_order_columns);
  // What the statement answers for each row. Tests on source 0 of an inner SELECT are computed in there.
  void cells(const Select& select, bool from_inner = false);
  void test(const Test& test);
  void root(const Select& select);
  void keyed(const Select& select);
  void keyed_by_array(const Select& select);
  void keyed_by_rows(const Select& select);
  void keyed_with_limit(const Select& select);
  void keyed_by_joined_order(const Select& select);
  void key_array(const Keys& keys, std::size_t i);
  void key_rows(const Keys& keys);
  // The keys as rows, joined with the children of each.
  void from_key_rows(catalog::TableId source, const Keys& keys);
  void key_columns(const Keys& keys);
  void key_column(const Keys& keys, catalog::ColumnId column);
  void key_condition(const Keys& keys);
  // Whether `column = ANY(array)` finds the children and gives back the keys as the parents wrote them.
  bool found_by_array(const Keys& keys) const;

  void date_part(const AggregateTerm& term);
  void aggregate_term(const AggregateTerm& term);
  void aggregate_terms(const std::vector<AggregateTerm>& terms);
  void aggregate_condition(const AggregateCondition& condition);
  void aggregate_groups(const Aggregate& aggregate);
  void aggregate_rows(const Aggregate& aggregate);
  void aggregate_values(const Aggregate& aggregate);
  void aggregate_by_key(const Aggregate& aggregate);

  void part(const BundlePart& part);
  // Cell `cell` of the rows of part `part`.
  void part_cell(std::uint32_t part, std::uint32_t cell);
  // … of a column's type, as a text: the same that the engine answers for the value itself.
  void part_text(std::uint32_t part, std::uint32_t cell, const std::optional<catalog::ColumnType>& type);
  void key_rows_of_part(const Keys& keys);

  const catalog::Catalog& catalog_;
  const BundlePart* part_ = nullptr;  // the one being written
  Text out_;
  std::uint32_t parameter_count_ = 0;
  std::uint32_t scope_ = 0;  // number of the EXISTS being written; 0: outside of any
  // What source 0 of the condition being written is, outside of any EXISTS; or the scope's link table.
  std::uint32_t source_ = 0;
  bool of_link_ = false;
  std::uint32_t scopes_ = 0;  // how many there have been
};

}  // namespace tenon::sql::postgres
