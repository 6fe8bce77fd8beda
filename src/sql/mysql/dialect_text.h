// The own part of MySQL and MariaDB of the text of one call (sql/statement_writer.h): the steps of a program,
// their `?`s and where each value comes from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sql/dialect.h"
#include "sql/mysql/capabilities.h"
#include "sql/mysql/program.h"
#include "sql/statement_writer.h"

namespace tenon::sql::mysql {

// Where a value comes from; how it is bound follows from what it is compared with or stored in.
struct Origin {
  Argument::Source source = Argument::Source::parameter;
  std::uint32_t index = 0;
  std::uint32_t step = 0;
};
inline Origin given(ParameterIndex parameter) { return {.index = parameter.value}; }
inline Origin element(ParameterIndex array) {
  return {.source = Argument::Source::element, .index = array.value};
}

// How a value of a column's type is bound.
BindType bind_type(const catalog::ColumnType& type);
bool is_text(const catalog::ColumnType& type);

// Writes one call. Its parts are in dialect_condition.cpp (WHERE), dialect_documents.cpp (JSON, full text),
// dialect_select.cpp (SELECT), dialect_aggregate.cpp (aggregates), dialect_write.cpp (INSERT, UPDATE, DELETE)
// and dialect.cpp (what they share).
class StatementText final : public StatementWriter {
 public:
  StatementText(const catalog::Catalog& catalog, const Capabilities& can);

  void select(const Select& select) override;
  void insert(const Insert& insert) override;
  void update(const Update& update) override;
  void remove(const Delete& remove) override;
  void aggregate(const Aggregate& aggregate) override;
  void row_estimate(const RowEstimate& estimate) override;

  Statement finish() override;
  Statement own(const OwnStatement& own);

 private:
  // A comment of the text for people: which value a `?` stands for, or what is written how often.
  struct Note {
    std::size_t at;
    std::string text;
  };

  // --- steps
  // What has been written becomes a step; its number.
  std::uint32_t end_step(std::optional<std::uint32_t> when_rows = {});
  void argument(const Origin& value, BindType type);
  void begin_repeat();
  void end_repeat(Literal separator, Literal empty, Repeat::Padding padding, bool may_split = false);

  // --- values
  // Bits as a number, shapes as text.
  void output(const ColumnRef& ref) override;
  void text_of(const ColumnRef& ref);
  // A value to compare with a column of the type, and one to store in it.
  void comparand(const catalog::ColumnType& type, const Origin& value);
  void stored(const catalog::ColumnType& type, const Origin& value);
  void number(Origin value) { argument(value, BindType::integer); }

  // --- conditions
  void compare(const Predicate& predicate) override;
  void between(const Predicate& predicate) override;
  void size_compare(const Predicate& predicate) override;
  void row_compare(const Predicate& predicate) override;
  void any_row(const Predicate& predicate) override;
  void is_empty(const Predicate& /*predicate*/) override { out_ << "FALSE"; }  // of an array: there are none
  void ordered(const ColumnRef& ref, Comparison comparison, const Origin& value);
  void in_list(const Predicate& predicate, Literal before);
  void identical(const Predicate& predicate);
  void pattern(const ColumnRef& ref, ParameterIndex value, bool ignoring_case, bool negated);
  // column = value, for each of them.
  void key_equals(const std::vector<catalog::ColumnId>& key, const std::vector<Origin>& values);

  void json_part(const Predicate& predicate) override;
  void json_value(ParameterIndex value);
  void json_equals(const Predicate& predicate);
  void json_compare(const Predicate& predicate);
  void json_overlaps(const Predicate& predicate);
  void json_order(const Predicate& predicate);
  void json_pattern(const Predicate& predicate, bool ignoring_case);
  void search(const Predicate& predicate);

  // --- SELECT
  bool pages_before_joins(const Select& select) const override;
  void lock_rows() override;
  bool equal_means_same_text(const catalog::ColumnType& type) const override;
  void keyed_by_union(const Select& select);
  // The key that a SELECT of a union is for, as its columns.
  void key_texts(const Keys& keys);
  void key_list(const Keys& keys) override;
  void key_value(const Keys& keys, std::size_t i) override;

  // --- aggregates
  void date_part(const AggregateTerm& term);
  void average(const ColumnRef& ref);
  void extreme(const ColumnRef& ref, Literal function);
  void aggregate_term(const AggregateTerm& term) override;
  // Conditions and orders are over the finished groups, rows x of a derived table whose n-th column is
  // group_terms_[n].
  void group_term(const AggregateTerm& term) override;
  void group_value(const AggregateTerm& term, ParameterIndex value) override;
  void aggregate_groups(const Aggregate& aggregate);
  void aggregate_having(const Aggregate& aggregate);
  void aggregate_values(const Aggregate& aggregate, bool keyed);

  // --- writes
  void insert_rows(const Insert& insert, bool may_split);
  void insert_values(const std::vector<Assignment>& values);
  void assignments(const std::vector<Assignment>& values);
  void stored_value(const Assignment& value) override;
  void factor(const Assignment& value) override;
  void appended(const Assignment& value) override { stored_value(value); }  // to an array: there are none
  void proposed(const Assignment& value) override;
  void on_duplicate(const Insert& insert);
  void skip_duplicate(const Insert& insert);
  void insert_and_read(const Insert& insert);
  // Whether the inserted row is found by the number that the database gave it.
  bool reads_by_last_id(const Insert& insert) const;
  void evaluate_defaults(const Insert& insert);
  void inserted_key(const Insert& insert);
  void conflicting_key(const Insert& insert);
  void read_inserted(const Insert& insert);
  void read_all_inserted(const Insert& insert);
  void select_columns(catalog::TableId id, const std::vector<catalog::ColumnId>& columns);
  std::uint32_t find_keys(catalog::TableId id, std::vector<catalog::ColumnId> wanted,
                          const Predicate& condition, const std::optional<std::uint64_t>& limit);
  void where_cells(const std::vector<catalog::ColumnId>& key, const std::vector<Origin>& cells);
  bool reads_itself(catalog::TableId id, const Predicate& condition) const;
  std::vector<catalog::ColumnId> key_of(catalog::TableId id) const;

  const Capabilities& can_;
  Step step_;
  std::vector<Note> notes_;
  std::vector<std::size_t> open_repeats_;  // of step_.repeats
  std::shared_ptr<Program> program_ = std::make_shared<Program>();
  std::string shown_;  // of the steps that are done, for people
  std::vector<AggregateTerm> group_terms_;
  // Values of the row to insert that a step before has evaluated.
  struct ComputedDefault {
    catalog::ColumnId column;
    Origin value;
  };
  std::vector<ComputedDefault> defaults_;
};

}  // namespace tenon::sql::mysql
