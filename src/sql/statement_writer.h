// Statement values (statement.h, aggregate.h) as SQL text, written front to back: what the engines share. An
// engine derives from it (sql/postgres/dialect_text.h, sql/mysql/dialect_text.h) and writes what it has in a
// way of its own: values and placeholders, comparisons, the keys of parents, what a write gives back.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sql/dialect.h"
#include "sql/fragment.h"

namespace tenon::sql {

// What engines write in the same places, with other words.
struct EngineWords {
  Quoting quoting;
  // Around and between two values that shall differ; NULL differs from a value.
  Literal before_differing;
  Literal differs;
  Literal after_differing;
  bool has_nulls_order = false;     // NULLS FIRST; else NULL is the smallest value
  bool offset_needs_limit = false;  // OFFSET only behind a LIMIT
};

// Its parts are in statement_writer.cpp (names, WHERE), statement_writer_related.cpp (link tables, EXISTS),
// statement_writer_select.cpp (SELECT) and statement_writer_aggregate.cpp (aggregates, parts of writes).
class StatementWriter {
 public:
  StatementWriter(const StatementWriter&) = delete;
  StatementWriter& operator=(const StatementWriter&) = delete;
  virtual ~StatementWriter() = default;

  // Writes one of them, once.
  virtual void select(const Select& select) = 0;
  virtual void insert(const Insert& insert) = 0;
  virtual void update(const Update& update) = 0;
  virtual void remove(const Delete& remove) = 0;
  virtual void aggregate(const Aggregate& aggregate) = 0;
  virtual void row_estimate(const RowEstimate& estimate) = 0;
  virtual Statement finish() = 0;

 protected:
  // `words` has to outlive this.
  StatementWriter(const catalog::Catalog& catalog, const EngineWords& words)
      : catalog_(catalog), words_(words), out_(words.quoting) {}

  // --- of the engine: conditions
  virtual void compare(const Predicate& predicate) = 0;
  virtual void between(const Predicate& predicate) = 0;
  virtual void size_compare(const Predicate& predicate) = 0;
  virtual void row_compare(const Predicate& predicate) = 0;
  virtual void any_row(const Predicate& predicate) = 0;
  virtual void is_empty(const Predicate& predicate) = 0;
  // The part of a JSON column's value that Predicate::path leads to.
  virtual void json_part(const Predicate& predicate) = 0;

  // --- of the engine: SELECT
  // A column as it is read.
  virtual void output(const ColumnRef& ref) { column(ref); }
  // Whether the rows of one page are taken before others are joined to them.
  virtual bool pages_before_joins(const Select& select) const = 0;
  virtual void lock_rows() = 0;
  // Equal values of the type have one text, so that a key read from a child row is the parent's, byte by
  // byte.
  virtual bool equal_means_same_text(const catalog::ColumnType& type) const = 0;
  // `column = key`, or one of its keys, of child rows that are looked for with all keys at once.
  virtual void key_list(const Keys& keys) = 0;
  // What column `i` of the key is equal to, where each key is looked for on its own.
  virtual void key_value(const Keys& keys, std::size_t i) = 0;

  // --- of the engine: aggregates
  virtual void aggregate_term(const AggregateTerm& term) = 0;
  // A term in the conditions and the order of groups, and what it is compared with.
  virtual void group_term(const AggregateTerm& term) = 0;
  virtual void group_value(const AggregateTerm& term, ParameterIndex value) = 0;

  // --- of the engine: writes
  // The value to store, and that to add to or multiply with the column's.
  virtual void stored_value(const Assignment& value) = 0;
  virtual void factor(const Assignment& value) = 0;
  virtual void appended(const Assignment& value) = 0;
  virtual void proposed(const Assignment& value) = 0;

  // --- lists
  // Calls `write` for each of 0 … count - 1, with the separator between.
  template <typename Write>
  void each(std::size_t count, Literal separator, const Write& write) {
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ << separator;
      write(i);
    }
  }

  // --- names
  void table(catalog::TableId id);
  void column(const ColumnRef& ref);
  void columns(const std::vector<ColumnRef>& refs);
  // Only the names, without a table.
  void names(const std::vector<catalog::ColumnId>& columns);
  // With names, c0, c1 …, where the engine wants them to differ: one SELECT in parentheses with a LIMIT
  // behind.
  void outputs(const std::vector<ColumnRef>& refs, bool named = false);

  // --- conditions
  void predicate(const Predicate& predicate);
  // … with brackets where it has several parts.
  void nested(const Predicate& predicate);
  void where(const std::optional<Predicate>& predicate);
  void and_where(const std::optional<Predicate>& predicate);  // after a WHERE that has begun
  // A condition whose source 0 is that source of the statement.
  void predicate_of(std::uint32_t source, const Predicate& predicate);
  // left <comparison> right.
  template <typename Left, typename Right>
  void compared(Comparison comparison, const Left& left, const Right& right) {
    const bool differs = comparison == Comparison::not_equal;
    if (differs) out_ << words_.before_differing;
    left();
    out_ << sign(comparison);
    right();
    if (differs) out_ << words_.after_differing;
  }
  // The operator of equality or order, spaces around it.
  Literal sign(Comparison comparison) const;

  // --- rows of other tables: the link table that leads to source 0 of the scope is called l and the scope's
  // number
  void link_column(catalog::ColumnId column);
  void link_table(const Link& link);
  void link_condition(const Link& link, const Predicate* where);
  // Source 0, with the link table that leads to it from the keys.
  void from(catalog::TableId source, const std::optional<Keys>& keys);

  // --- SELECT
  void order(const std::vector<OrderTerm>& terms, bool first = true);
  // One term of an order; `nullable`: whether there may be NULLs.
  template <typename Write>
  void order_term(const Write& write, bool descending, catalog::NullsOrder nulls, bool nullable) {
    const bool nulls_first = nulls == catalog::NullsOrder::first;
    const bool said = nulls != catalog::NullsOrder::engine_default;
    if (said && !words_.has_nulls_order && nullable && nulls_first == descending) {
      write();
      out_ << " IS NULL";
      if (nulls_first) out_ << " DESC";
      out_ << ", ";
    }
    write();
    if (descending) out_ << " DESC";
    if (!said || !words_.has_nulls_order) return;
    if (nulls_first)
      out_ << " NULLS FIRST";
    else
      out_ << " NULLS LAST";
  }
  void limit(const std::optional<std::uint64_t>& limit, std::uint64_t offset = 0);
  void joins(const Select& select);
  // What the statement answers for each row; named as outputs are. Tests on source 0 of an inner SELECT are
  // computed in there.
  void cells(const Select& select, bool named = false, bool from_inner = false);
  // A row, or a list of rows, without keys.
  void root(const Select& select);
  // SELECT … FROM source 0 with its condition, order and limit, and nothing but the columns needed outside.
  void inner(const Select& select, bool with_order_columns);
  // Which rows come first is then known only after joining.
  static bool orders_by_join(const Select& select);
  void key_column(const Keys& keys, catalog::ColumnId column);
  void key_columns(const Keys& keys);
  // column = value, for each column of the key.
  void key_condition(const Keys& keys);
  // Whether the key can be read from the rows themselves.
  bool keeps_keys(const Keys& keys) const;
  void keyed_by_list(const Select& select);

  // --- aggregates
  void aggregate_terms(const std::vector<AggregateTerm>& terms);
  // FROM … WHERE …, for one key when there are keys.
  void aggregate_rows(const Aggregate& aggregate);
  // The rows of no more than Aggregate::count_max.
  void aggregate_count(const Aggregate& aggregate);
  // All keys at once: one row for each that has rows.
  void aggregate_by_list(const Aggregate& aggregate);
  void group_condition(const AggregateCondition& condition);
  void group_order(const std::vector<AggregateOrder>& terms);

  // --- writes
  void returning(const std::vector<catalog::ColumnId>& columns);
  void assigned(const Assignment& value);

  const catalog::Catalog& catalog_;
  const EngineWords& words_;
  Text out_;
  std::uint32_t parameter_count_ = 0;
  std::uint32_t scopes_ = 0;  // how many EXISTS there have been
  // The table that is written to without an alias: its columns are qualified by its name.
  std::optional<catalog::TableId> unaliased_;

 private:
  void exists(const Predicate& predicate);
  void not_(const Predicate& predicate);
  void null_test(const Predicate& predicate, Literal test);
  void columns_compare(const Predicate& predicate);
  void list(const std::vector<Predicate>& children, Literal separator);
  void test(const Test& test);

  std::uint32_t scope_ = 0;  // number of the EXISTS being written; 0: outside of any
  // What source 0 of the condition being written is, outside of any EXISTS; or the scope's link table.
  std::uint32_t source_ = 0;
  bool of_link_ = false;
};

// A dialect whose statements such a writer writes (statement_writer_dialect.cpp).
class WrittenDialect : public Dialect {
 public:
  Statement render(const Select& select) const final;
  Statement render(const Insert& insert) const final;
  Statement render(const Update& update) const final;
  Statement render(const Delete& remove) const final;
  Statement render(const Aggregate& aggregate) const final;
  Statement render(const catalog::Catalog& catalog, const RowEstimate& estimate) const final;
  using Dialect::render;

  Statement mark() const final;
  Statement undo_to_mark() const final;

 protected:
  virtual std::unique_ptr<StatementWriter> writer(const catalog::Catalog& catalog) const = 0;
};

}  // namespace tenon::sql
