// A connection whose units of work are all parts of one transaction of another connection: what is lent
// instead of that one where nothing is to stay (rehearsal.h, analysis.h).
#pragma once

#include <memory>

#include "sql/connection.h"

namespace tenon::api {

// One call in the transaction of the connection, which it opens where there is none.
boost::asio::awaitable<sql::DatabaseResult<std::unique_ptr<sql::ResultSet>>> run_in_unit(
    sql::Connection& inner, const sql::Call& call, sql::Clock::time_point deadline);
// … of a statement without parameters, whose rows nobody wants.
boost::asio::awaitable<sql::DatabaseResult<void>> run_in_unit(sql::Connection& inner,
                                                              const sql::Statement& statement,
                                                              sql::Clock::time_point deadline);

// Undoes the transaction, if there is one; the connection is idle again, or broken.
boost::asio::awaitable<void> undo_unit(sql::Connection& inner, sql::Clock::time_point deadline);

// Whoever derives from it says how a unit runs, and keeps `in_unit_`.
class UnitPart : public sql::Connection {
 public:
  boost::asio::awaitable<sql::DatabaseResult<sql::Results>> run_text(
      std::string_view sql, sql::Clock::time_point deadline) override {
    return inner_.run_text(sql, deadline);
  }
  const sql::ServerVersion& server_version() const override { return inner_.server_version(); }
  bool broken() const override { return inner_.broken(); }
  bool in_unit() const override { return in_unit_; }

 protected:
  // The connection outlives this.
  explicit UnitPart(sql::Connection& inner) : inner_(inner) {}

  sql::Connection& inner_;
  bool in_unit_ = false;
};

}  // namespace tenon::api
