// A pool over one connection whose units of work are all parts of one transaction, which is rolled back in
// the end: for operations that are to have no effect.
#pragma once

#include <memory>

#include "sql/connection.h"
#include "sql/dialect.h"

namespace tenon::api {

class Rehearsal final : public sql::Pool {
 public:
  // The connection, which is idle, outlives this.
  Rehearsal(sql::Connection& inner, const sql::Dialect& dialect);

  // Opens the transaction.
  boost::asio::awaitable<sql::DatabaseResult<void>> begin(sql::Clock::time_point deadline);
  // Undoes everything; the connection is idle again, or broken.
  boost::asio::awaitable<void> end(sql::Clock::time_point deadline);

  // A failure of the database ends the transaction: whatever comes after it fails as well.
  boost::asio::awaitable<sql::DatabaseResult<sql::Lease>> acquire(sql::Clock::time_point deadline) override;
  sql::PoolStatistics statistics() const override { return {}; }
  void close() override {}

 private:
  void give_back(std::unique_ptr<sql::Connection>) override {}

  sql::Connection& inner_;
  sql::Statement mark_;
  sql::Statement undo_;
};

}  // namespace tenon::api
