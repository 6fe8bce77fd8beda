#include "api/run/analysis.h"

#include <memory>
#include <utility>

#include "api/run/unit_part.h"

namespace tenon::api {

using boost::asio::awaitable;
using sql::Clock;
using sql::DatabaseResult;
using sql::Results;

namespace {

// What it runs is analyzed, call by call.
class AnalyzingConnection final : public UnitPart {
 public:
  AnalyzingConnection(sql::Connection& inner, const sql::Dialect& dialect, Analysis& analysis)
      : UnitPart(inner), dialect_(dialect), analysis_(analysis) {}

  awaitable<DatabaseResult<Results>> run(sql::Exchange exchange) override {
    Results results;
    for (const sql::Call& call : exchange.calls) {
      auto rows = co_await analyze(call, exchange.deadline);
      in_unit_ = rows && exchange.end == sql::End::keep_open;
      if (!rows) co_return std::unexpected(std::move(rows.error()));
      results.push_back(std::move(*rows));
    }
    in_unit_ = exchange.end == sql::End::keep_open;
    co_return results;
  }

 private:
  awaitable<DatabaseResult<std::unique_ptr<sql::ResultSet>>> analyze(const sql::Call& call,
                                                                     Clock::time_point deadline) {
    const sql::Statement mark = dialect_.mark();
    const sql::Statement explained = dialect_.explained(*call.statement);
    const sql::Statement undo = dialect_.undo_to_mark();
    // Other databases add theirs meanwhile.
    const std::size_t number = analysis_.statements.size();
    analysis_.statements.push_back({.text = call.statement->text, .plan = {}});
    const auto entry = [&]() -> AnalyzedStatement& { return analysis_.statements[number]; };
    if (auto marked = co_await run_in_unit(inner_, mark, deadline); !marked)
      co_return std::unexpected(std::move(marked.error()));
    const sql::Call explaining{.statement = &explained, .parameters = call.parameters};
    auto plan = co_await run_in_unit(inner_, explaining, deadline);
    if (!plan) co_return std::unexpected(std::move(plan.error()));
    sql::Cell line;
    for (std::size_t row = 0; row < (*plan)->row_count(); ++row) {
      (*plan)->read(row, {&line, 1});
      entry().plan.emplace_back(line.text());
    }
    if (auto undone = co_await run_in_unit(inner_, undo, deadline); !undone)
      co_return std::unexpected(std::move(undone.error()));
    const Clock::time_point start = Clock::now();
    auto rows = co_await run_in_unit(inner_, call, deadline);
    entry().time = Clock::now() - start;
    if (rows) entry().rows = (*rows)->row_count();
    co_return rows;
  }

  const sql::Dialect& dialect_;
  Analysis& analysis_;
};

// Lends the one connection, again and again.
class AnalyzingPool final : public sql::Pool {
 public:
  AnalyzingPool(sql::Connection& inner, const sql::Dialect& dialect, Analysis& analysis)
      : inner_(inner), dialect_(dialect), analysis_(analysis) {}

  awaitable<DatabaseResult<sql::Lease>> acquire(Clock::time_point) override {
    co_return sql::Lease(*this, std::make_unique<AnalyzingConnection>(inner_, dialect_, analysis_));
  }
  sql::PoolStatistics statistics() const override { return {}; }
  void close() override {}

 private:
  void give_back(std::unique_ptr<sql::Connection>) override {}

  sql::Connection& inner_;
  const sql::Dialect& dialect_;
  Analysis& analysis_;
};

}  // namespace

awaitable<Analysis> analyze(BoundPlan& bound,
                            const std::vector<std::unique_ptr<sql::Connection>>& connections,
                            const ExecuteOptions& options) {
  Analysis analysis;
  const auto& dialects = bound.plan().schema->dialects;
  std::vector<std::unique_ptr<AnalyzingPool>> pools;
  std::vector<sql::Pool*> all;
  for (std::size_t i = 0; i < connections.size(); ++i)
    all.push_back(
        pools.emplace_back(std::make_unique<AnalyzingPool>(*connections[i], *dialects[i], analysis)).get());
  PlanRows rows = co_await execute(bound, Pools(std::move(all)), options);
  analysis.failures = std::move(rows.failures);
  for (LevelFailure& failure : rows.level_failures)
    analysis.failures.push_back({bound.plan().levels[failure.level].root_field, std::move(failure.error)});
  for (const auto& connection : connections) co_await undo_unit(*connection, options.deadline);
  co_return analysis;
}

}  // namespace tenon::api
