// A pool for tests whose connections replace the n-th statement they send, counted over all of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sql/connection.h"

namespace tenon::api {

struct Sabotage {
  std::optional<std::size_t> at;  // the statement to replace, from zero; none: only count
  std::string statement;          // what to send instead
  std::size_t times = 1;          // how often that number is hit before it is left alone
  std::size_t seen = 0;
};

class SabotagedConnection final : public sql::Connection {
 public:
  SabotagedConnection(sql::Lease lease, Sabotage& sabotage) : lease_(std::move(lease)), sabotage_(sabotage) {}

  boost::asio::awaitable<sql::DatabaseResult<sql::Results>> run(sql::Exchange exchange) override {
    std::vector<sql::Call> calls(exchange.calls.begin(), exchange.calls.end());
    const sql::Statement bad{
        .text = sabotage_.statement, .hash = base::hash128(sabotage_.statement), .parameter_count = 0};
    for (sql::Call& call : calls) {
      if (sabotage_.seen++ != sabotage_.at || sabotage_.times == 0) continue;
      if (--sabotage_.times > 0) sabotage_.seen = 0;
      call = {.statement = &bad, .parameters = {}};
    }
    exchange.calls = calls;
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
  Sabotage& sabotage_;
};

class SabotagedPool final : public sql::Pool {
 public:
  SabotagedPool(sql::Pool& pool, Sabotage& sabotage) : pool_(pool), sabotage_(sabotage) {}

  boost::asio::awaitable<sql::DatabaseResult<sql::Lease>> acquire(sql::Clock::time_point deadline) override {
    auto lease = co_await pool_.acquire(deadline);
    if (!lease) co_return std::unexpected(std::move(lease.error()));
    co_return sql::Lease(*this, std::make_unique<SabotagedConnection>(std::move(*lease), sabotage_));
  }
  sql::PoolStatistics statistics() const override { return pool_.statistics(); }
  void close() override { pool_.close(); }

 private:
  // The connection inside goes back to its own pool.
  void give_back(std::unique_ptr<sql::Connection>) override {}
  sql::Pool& pool_;
  Sabotage& sabotage_;
};

}  // namespace tenon::api
