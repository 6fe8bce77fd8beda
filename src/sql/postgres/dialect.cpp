#include "sql/dialect.h"

#include <algorithm>

#include "sql/postgres/dialect_text.h"

namespace tenon::sql {

namespace postgres {

namespace {

constexpr EngineWords words{.quoting = {.identifier_quote = '"', .numbered_placeholders = true},
                            .before_differing = "",
                            .differs = " IS DISTINCT FROM ",
                            .after_differing = "",
                            .has_nulls_order = true};

}  // namespace

StatementText::StatementText(const catalog::Catalog& catalog) : StatementWriter(catalog, words) {}

void StatementText::parameter(ParameterIndex index) {
  if (part_ != nullptr) index = part_->parameters[index.value];
  parameter_count_ = std::max(parameter_count_, index.value + 1);
  out_.parameter(index.value);
}

void StatementText::typed_parameter(ParameterIndex index, const catalog::ColumnType& type) {
  parameter(index);
  out_ << "::";
  out_.type(unmodified_type(type));
}

void StatementText::array_parameter(ParameterIndex index, const catalog::ColumnType& type) {
  typed_parameter(index, type);
  out_ << "[]";
}

}  // namespace postgres

namespace {

class PostgresDialect final : public WrittenDialect {
 public:
  std::string_view name() const override { return "postgresql"; }

  using WrittenDialect::render;
  std::optional<Statement> render(const Bundle& bundle) const override {
    postgres::StatementText text(*bundle.catalog);
    text.bundle(bundle);
    return text.finish();
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
  Statement explained(const Statement& statement) const override {
    Statement explaining{.text = "EXPLAIN (ANALYZE, BUFFERS) " + statement.text,
                         .hash = {},
                         .parameter_count = statement.parameter_count};
    explaining.hash = base::hash128(explaining.text);
    return explaining;
  }

 private:
  std::unique_ptr<StatementWriter> writer(const catalog::Catalog& catalog) const override {
    return std::make_unique<postgres::StatementText>(catalog);
  }
};

}  // namespace

const Dialect& postgres_dialect() {
  static const PostgresDialect dialect;
  return dialect;
}

}  // namespace tenon::sql
