// The text of one call for MySQL and MariaDB, written front to back: the steps of a program, their `?`s and
// where each value comes from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sql/dialect.h"
#include "sql/fragment.h"
#include "sql/mysql/capabilities.h"
#include "sql/mysql/program.h"

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

// The operator between two values, spaces around it. Of not_equal see StatementText::differs.
Literal sign(Comparison comparison);

// Writes one call. Its parts are in dialect_condition.cpp (WHERE), dialect_related.cpp (link tables, EXISTS),
// dialect_documents.cpp (JSON, full text), dialect_select.cpp (SELECT), dialect_aggregate.cpp (aggregates),
// dialect_write.cpp (INSERT, UPDATE, DELETE) and dialect.cpp (what they share).
class StatementText {
 public:
  StatementText(const catalog::Catalog& catalog, const Capabilities& can)
      : catalog_(catalog), can_(can), out_(Quoting{'`', false}) {}

  void select(const Select& select);
  void insert(const Insert& insert);
  void update(const Update& update);
  void remove(const Delete& remove);
  void aggregate(const Aggregate& aggregate);
  void row_estimate(const RowEstimate& estimate);

  Statement finish();
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

  // --- names and values
  void table(catalog::TableId id);
  void column(const ColumnRef& ref);
  void columns(const std::vector<ColumnRef>& refs);
  // A column as it is read: bits as a number, shapes as text.
  void output(const ColumnRef& ref);
  // With names, c0, c1 …, where the engine wants them to differ: one SELECT in parentheses with a LIMIT
  // behind.
  void outputs(const std::vector<ColumnRef>& refs, bool named = false);
  void text_of(const ColumnRef& ref);
  // A value to compare with a column of the type, and one to store in it.
  void comparand(const catalog::ColumnType& type, const Origin& value);
  void stored(const catalog::ColumnType& type, const Origin& value);
  void number(Origin value) { argument(value, BindType::integer); }

  // --- conditions
  void predicate(const Predicate& predicate);
  void nested(const Predicate& predicate);
  void exists(const Predicate& predicate);
  void not_(const Predicate& predicate);
  void columns_compare(const Predicate& predicate);
  void null_test(const Predicate& predicate, Literal test);
  void compare(const Predicate& predicate);
  void ordered(const ColumnRef& ref, Comparison comparison, const Origin& value);
  void in_list(const Predicate& predicate, Literal before);
  void identical(const Predicate& predicate);
  void pattern(const ColumnRef& ref, ParameterIndex value, bool ignoring_case, bool negated);
  void size_compare(const Predicate& predicate);
  void row_compare(const Predicate& predicate);
  void any_row(const Predicate& predicate);
  void list(const std::vector<Predicate>& children, Literal separator);
  void where(const std::optional<Predicate>& predicate);
  void and_where(const std::optional<Predicate>& predicate);  // after a WHERE that has begun
  // column = value, for each of them.
  void key_equals(const std::vector<catalog::ColumnId>& key, const std::vector<Origin>& values);

  void json_part(const Predicate& predicate);
  void json_value(ParameterIndex value);
  void json_equals(const Predicate& predicate);
  void json_compare(const Predicate& predicate);
  void json_overlaps(const Predicate& predicate);
  void json_order(const Predicate& predicate, Literal op);
  void json_pattern(const Predicate& predicate, bool ignoring_case);
  void search(const Predicate& predicate);

  // --- SELECT
  void order(const std::vector<OrderTerm>& terms, bool first = true);
  void null_order(const ColumnRef& ref, bool descending, catalog::NullsOrder nulls);
  void limit(const std::optional<std::uint64_t>& limit, std::uint64_t offset);
  void joins(const Select& select);
  // The link table that leads to source 0 of the scope is called l and the scope's number.
  void link_column(catalog::ColumnId column);
  void link_table(const Link& link);
  void link_condition(const Link& link, const Predicate* where);
  // A condition whose source 0 is that source of the statement.
  void predicate_of(std::uint32_t source, const Predicate& predicate);
  void from(catalog::TableId source, const std::optional<Keys>& keys);
  void root(const Select& select);
  void page_then_joins(const Select& select);
  // What the statement answers for each row; named as outputs are. Tests on source 0 of an inner SELECT are
  // computed in there.
  void cells(const Select& select, bool named = false, bool from_inner = false);
  void test(const Test& test);
  void lock_rows();
  void keyed(const Select& select);
  void keyed_by_list(const Select& select);
  void keyed_by_union(const Select& select);
  void key_column(const Keys& keys, std::size_t i);
  // The key that a SELECT of a union is for: as its columns, and as its condition.
  void key_texts(const Keys& keys);
  void key_condition(const Keys& keys);
  void key_list(const Keys& keys);
  bool found_by_list(const Keys& keys) const;

  // --- aggregates
  void date_part(const AggregateTerm& term);
  void average(const ColumnRef& ref);
  void extreme(const ColumnRef& ref, Literal function);
  void aggregate_term(const AggregateTerm& term);
  void aggregate_terms(const std::vector<AggregateTerm>& terms);
  void aggregate_condition(const std::vector<AggregateTerm>& terms, const AggregateCondition& condition);
  void aggregate_value(const AggregateTerm& term, ParameterIndex value);
  void aggregate_rows(const Aggregate& aggregate);
  void aggregate_groups(const Aggregate& aggregate);
  void aggregate_having(const Aggregate& aggregate);
  void aggregate_values(const Aggregate& aggregate, bool keyed);
  void aggregate_by_list(const Aggregate& aggregate);

  // --- writes
  void insert_rows(const Insert& insert, bool may_split);
  void insert_values(const std::vector<Assignment>& values);
  void returning(const std::vector<catalog::ColumnId>& columns);
  void assignments(const std::vector<Assignment>& values);
  void assigned(const Assignment& value);
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

  const catalog::Catalog& catalog_;
  const Capabilities& can_;
  Text out_;
  Step step_;
  std::vector<Note> notes_;
  std::vector<std::size_t> open_repeats_;  // of step_.repeats
  std::shared_ptr<Program> program_ = std::make_shared<Program>();
  std::string shown_;  // of the steps that are done, for people
  std::uint32_t parameter_count_ = 0;
  std::uint32_t scope_ = 0;  // number of the EXISTS being written; 0: outside of any
  // What source 0 of the condition being written is, outside of any EXISTS; or the scope's link table.
  std::uint32_t source_ = 0;
  bool of_link_ = false;
  std::uint32_t scopes_ = 0;  // how many there have been
  // Values of the row to insert that a step before has evaluated.
  struct ComputedDefault {
    catalog::ColumnId column;
    Origin value;
  };
  std::vector<ComputedDefault> defaults_;
  // The table that is written to without an alias: its columns are qualified by its name.
  std::optional<catalog::TableId> unaliased_;
};

}  // namespace tenon::sql::mysql
