#include "bench/reference/record.h"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "api/engine.h"
#include "graphql/json.h"
#include "sql/open.h"

namespace tenon::bench {

namespace {

// A connection that notes each exchange before it passes it on.
class RecordingConnection final : public sql::Connection {
 public:
  RecordingConnection(sql::Lease lease, RecordedRequest& out) : lease_(std::move(lease)), out_(out) {}

  boost::asio::awaitable<sql::DatabaseResult<sql::Results>> run(sql::Exchange exchange) override {
    RecordedExchange& recorded = out_.emplace_back();
    recorded.begin = exchange.begin;
    recorded.end = exchange.end;
    for (const sql::Call& call : exchange.calls) {
      RecordedCall& copy = recorded.calls.emplace_back();
      copy.statement = *call.statement;
      for (const sql::Parameter& parameter : call.parameters)
        copy.parameters.push_back(parameter ? std::optional<std::string>(*parameter) : std::nullopt);
    }
    co_return co_await lease_->run(exchange);
  }
  boost::asio::awaitable<sql::DatabaseResult<sql::Results>> run_text(
      std::string_view sql, sql::Clock::time_point deadline) override {
    co_return co_await lease_->run_text(sql, deadline);
  }
  const sql::ServerVersion& server_version() const override { return lease_->server_version(); }
  bool broken() const override { return lease_->broken(); }
  bool in_unit() const override { return lease_->in_unit(); }

 private:
  sql::Lease lease_;
  RecordedRequest& out_;
};

class RecordingPool final : public sql::Pool {
 public:
  explicit RecordingPool(sql::Pool& pool) : pool_(pool) {}

  boost::asio::awaitable<sql::DatabaseResult<sql::Lease>> acquire(sql::Clock::time_point deadline) override {
    auto lease = co_await pool_.acquire(deadline);
    if (!lease) co_return std::unexpected(lease.error());
    co_return sql::Lease(*this, std::make_unique<RecordingConnection>(std::move(*lease), current));
  }
  sql::PoolStatistics statistics() const override { return pool_.statistics(); }
  void close() override { pool_.close(); }

  RecordedRequest current;  // of the request under way

 private:
  void give_back(std::unique_ptr<sql::Connection>) override {}  // its own lease goes back by itself
  sql::Pool& pool_;
};

using Recorded = std::expected<std::vector<RecordedRequest>, std::string>;

// Whom no rule binds.
const policy::Principal developer{.unrestricted = true, .name = "developer"};

boost::asio::awaitable<Recorded> answer_all(api::Engine& engine, RecordingPool& pool,
                                            const std::vector<std::string>& bodies) {
  std::vector<RecordedRequest> out;
  for (const std::string& body : bodies) {
    const auto json = graphql::parse_json(body);
    if (!json) co_return std::unexpected(json.error());
    const graphql::JsonValue request(*json);
    pool.current.clear();
    const api::Response response = co_await engine.execute(
        {.query = request.member("query")->text, .variables = request.member("variables")},
        {.principal = &developer});
    if (!response.executed || !response.codes.empty()) co_return std::unexpected(response.body);
    out.push_back(std::move(pool.current));
  }
  co_return out;
}

}  // namespace

std::expected<std::vector<RecordedRequest>, std::string> record(
    const std::shared_ptr<const api::Schema>& schema, const sql::DatabaseUrl& url,
    const std::vector<std::string>& bodies) {
  boost::asio::io_context io(1);
  const std::unique_ptr<sql::Pool> connections = sql::open_pool(io.get_executor(), url, {}, {});
  RecordingPool pool(*connections);
  api::Engine engine(schema, pool, {});
  Recorded out;
  boost::asio::co_spawn(
      io,
      [&]() -> boost::asio::awaitable<void> {
        out = co_await answer_all(engine, pool, bodies);
        pool.close();
      },
      boost::asio::detached);
  io.run();
  return out;
}

}  // namespace tenon::bench
