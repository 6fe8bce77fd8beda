// PostgreSQL's own part of the text of one statement (sql/statement_writer.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/dialect.h"
#include "sql/statement_writer.h"

namespace tenon::sql::postgres {

// A column's type without modifiers: a value cast to numeric(10,2) or char(2) would be rounded or cut before
// it is compared.
std::string unmodified_type(const catalog::ColumnType& type);

// Writes the text of one statement. Its parts are in dialect_condition.cpp (WHERE), dialect_documents.cpp
// (JSON, full text), dialect_select.cpp (SELECT), dialect_aggregate.cpp (aggregates), dialect_bundle.cpp
// (several statements as one) and dialect_write.cpp (INSERT, UPDATE, DELETE).
class StatementText final : public StatementWriter {
 public:
  explicit StatementText(const catalog::Catalog& catalog);

  void select(const Select& select) override;
  void insert(const Insert& insert) override;
  void update(const Update& update) override;
  void remove(const Delete& remove) override;
  void aggregate(const Aggregate& aggregate) override;
  void row_estimate(const RowEstimate& estimate) override;
  void bundle(const Bundle& bundle);

  Statement finish() override {
    Statement statement{.text = out_.take(), .hash = {}, .parameter_count = parameter_count_};
    statement.hash = base::hash128(statement.text);
    return statement;
  }

 private:
  void parameter(ParameterIndex index);
  // $1::int4
  void typed_parameter(ParameterIndex index, const catalog::ColumnType& type);
  // $1::int4[]
  void array_parameter(ParameterIndex index, const catalog::ColumnType& type);

  // --- conditions
  // A column as the left side of a pattern or of an equality, cast where its own type has no such operator.
  void operand(const ColumnRef& ref, Comparison comparison);
  void compare(const Predicate& predicate) override;
  void between(const Predicate& predicate) override;
  void size_compare(const Predicate& predicate) override;
  void row_compare(const Predicate& predicate) override;
  void any_row(const Predicate& predicate) override;
  void is_empty(const Predicate& predicate) override;
  void json_part(const Predicate& predicate) override { json_part(predicate, false); }
  void json_part(const Predicate& predicate, bool as_text);
  void json_compare(const Predicate& predicate);
  void search(const Predicate& predicate);

  // --- SELECT
  bool pages_before_joins(const Select& select) const override;
  void lock_rows() override { out_ << " FOR UPDATE OF t0"; }
  void keyed(const Select& select);
  void keyed_by_rows(const Select& select);
  void keyed_with_limit(const Select& select);
  void keyed_by_joined_order(const Select& select);
  void key_list(const Keys& keys) override;
  void key_value(const Keys& keys, std::size_t i) override;
  bool equal_means_same_text(const catalog::ColumnType& type) const override;
  // unnest($1::int4[], $2::text[]) AS k(c0, c1)
  void key_rows(const Keys& keys);
  void key_row_columns(const Keys& keys);
  // The keys as rows, joined with the children of each.
  void from_key_rows(catalog::TableId source, const Keys& keys);
  // Whether `column = ANY(array)` finds the children and gives back the keys as the parents wrote them.
  bool found_by_array(const Keys& keys) const;

  // --- aggregates
  void date_part(const AggregateTerm& term);
  void aggregate_term(const AggregateTerm& term) override;
  void group_term(const AggregateTerm& term) override { aggregate_term(term); }
  void group_value(const AggregateTerm& /*term*/, ParameterIndex value) override { parameter(value); }
  void aggregate_groups(const Aggregate& aggregate);
  void aggregate_values(const Aggregate& aggregate);
  void aggregate_by_key(const Aggregate& aggregate);

  // --- writes
  void values(const Insert& insert);
  void rows(const Insert& insert);
  void each_row(const Assignment& value, std::uint32_t position);
  void typed_value(const Assignment& value);
  void conflict(const Conflict& conflict);
  void assignments(const std::vector<Assignment>& values);
  void stored_value(const Assignment& value) override { parameter(value.parameter); }
  void factor(const Assignment& value) override { typed_value(value); }
  void appended(const Assignment& value) override;
  void proposed(const Assignment& value) override;
  void limited_where(catalog::TableId id, const Predicate& condition,
                     const std::optional<std::uint64_t>& limit);

  // --- several statements as one
  void part(const BundlePart& part);
  // Cell `cell` of the rows of part `part`.
  void part_cell(std::uint32_t part, std::uint32_t cell);
  // … of a column's type, as a text: the same that the engine answers for the value itself.
  void part_text(std::uint32_t part, std::uint32_t cell, const std::optional<catalog::ColumnType>& type);
  void key_rows_of_part(const Keys& keys);
  bool one_text_each(const catalog::ColumnType& type) const;

  const BundlePart* part_ = nullptr;  // the one being written
};

}  // namespace tenon::sql::postgres
