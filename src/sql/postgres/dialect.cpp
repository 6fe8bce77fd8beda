#include "sql/dialect.h"

#include <algorithm>

#include "sql/postgres/dialect_text.h"

namespace tenon::sql {

namespace postgres {

void StatementText::table(catalog::TableId id) {
  out_.qualified(catalog_[catalog_[id].schema].name, catalog_[id].name);
}

void StatementText::column(const ColumnRef& ref) {
  if (of_link_)
    out_.alias('l', scope_) << ".";
  else if (scope_ == 0)
    out_.alias('t', ref.source + source_) << ".";
  else
    out_.alias('e', scope_) << ".";
  out_.name(catalog_[ref.column].name);
}

void StatementText::parameter(ParameterIndex index) {
  if (part_ != nullptr) index = part_->parameters[index.value];
  parameter_count_ = std::max(parameter_count_, index.value + 1);
  out_.parameter(index.value);
}

void StatementText::columns(const std::vector<ColumnRef>& refs) {
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (i > 0) out_ << ", ";
    column(refs[i]);
  }
}

}  // namespace postgres

namespace {

class PostgresDialect final : public Dialect {
 public:
  std::string_view name() const override { return "postgresql"; }

  Statement render(const Select& select) const override {
    postgres::StatementText writer(*select.catalog);
    writer.select(select);
    return writer.finish();
  }
  Statement render(const Insert& insert) const override {
    postgres::StatementText writer(*insert.catalog);
    writer.insert(insert);
    return writer.finish();
  }
  Statement render(const Update& update) const override {
    postgres::StatementText writer(*update.catalog);
    writer.update(update);
    return writer.finish();
  }
  Statement render(const OwnStatement& own) const override {
    Statement statement;
    std::size_t done = 0;
    for (const OwnStatement::Place& place : own.places) {
      statement.text.append(own.text, done, place.begin - done);
      statement.text.append("$").append(std::to_string(place.parameter.value + 1));
      done = place.end;
    }
    statement.text.append(own.text, done);
    statement.hash = base::hash128(statement.text);
    statement.parameter_count = static_cast<std::uint32_t>(own.columns.size());
    return statement;
  }
  Statement render(const Delete& remove) const override {
    postgres::StatementText writer(*remove.catalog);
    writer.remove(remove);
    return writer.finish();
  }
  Statement render(const Aggregate& aggregate) const override {
    postgres::StatementText writer(*aggregate.catalog);
    writer.aggregate(aggregate);
    return writer.finish();
  }
  Statement render(const catalog::Catalog& catalog, const RowEstimate& estimate) const override {
    postgres::StatementText writer(catalog);
    writer.row_estimate(estimate);
    return writer.finish();
  }
  std::optional<Statement> render(const Bundle& bundle) const override {
    postgres::StatementText writer(*bundle.catalog);
    writer.bundle(bundle);
    return writer.finish();
  }
  Statement explained(const Statement& statement) const override {
    return literal("EXPLAIN (ANALYZE, BUFFERS) " + statement.text, statement.parameter_count);
  }
  Statement mark() const override { return literal("SAVEPOINT tenon_mark", 0); }
  Statement undo_to_mark() const override { return literal("ROLLBACK TO SAVEPOINT tenon_mark", 0); }

 private:
  static Statement literal(std::string text, std::uint32_t parameter_count) {
    const base::Hash128 hash = base::hash128(text);
    return {.text = std::move(text), .hash = hash, .parameter_count = parameter_count};
  }
};

}  // namespace

const Dialect& postgres_dialect() {
  static const PostgresDialect dialect;
  return dialect;
}

}  // namespace tenon::sql
