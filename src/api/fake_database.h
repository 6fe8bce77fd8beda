// A database for tests that is only a script: rows for statements by a part of their text, a log of the
// exchanges, and a failure at any exchange one likes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "sql/connection.h"

namespace tenon::api {

using FakeRow = std::vector<std::optional<std::string>>;
using FakeRows = std::vector<FakeRow>;

class FakeResultSet final : public sql::ResultSet {
 public:
  explicit FakeResultSet(FakeRows rows) : data_(std::move(rows)) {
    rows_ = data_.size();
    columns_ = data_.empty() ? 0 : data_.front().size();
    affected_ = rows_;
  }
  void read(std::size_t row, std::span<sql::Cell> cells) const override {
    for (std::size_t i = 0; i < cells.size() && i < columns_; ++i) {
      const auto& value = data_[row][i];
      cells[i] = value ? sql::Cell{value->data(), static_cast<std::int32_t>(value->size())} : sql::Cell{};
    }
  }
  std::string_view column_name(std::size_t) const override { return "?"; }

 private:
  FakeRows data_;
};

// What all connections of one test share.
struct FakeDatabase {
  std::vector<std::pair<std::string, FakeRows>> answers;  // the first whose text is part of the statement's
  std::map<std::size_t, sql::DatabaseError> failures;     // by the number of the exchange, from zero
  std::vector<std::string> log;                           // "begin/calls/end"
  std::vector<std::string> parameters;                    // of each call: "a, NULL"
  std::size_t connections = 0;
  std::size_t abandoned_units = 0;  // connections given back in the middle of a unit

  FakeRows rows_for(const std::string& text) const {
    for (const auto& [part, rows] : answers)
      if (text.find(part) != std::string::npos) return rows;
    return {};
  }
};

class FakeConnection final : public sql::Connection {
 public:
  explicit FakeConnection(FakeDatabase& database) : database_(database) {}

  boost::asio::awaitable<sql::DatabaseResult<sql::Results>> run(sql::Exchange exchange) override {
    static constexpr std::string_view begins[] = {"-", "snapshot", "write", "repeatable", "serializable"};
    static constexpr std::string_view ends[] = {"finish", "open", "undo"};
    const std::size_t number = database_.log.size();
    database_.log.push_back(std::string(begins[static_cast<std::size_t>(exchange.begin)]) + "/" +
                            std::to_string(exchange.calls.size()) + "/" +
                            std::string(ends[static_cast<std::size_t>(exchange.end)]));
    if (const auto failure = database_.failures.find(number); failure != database_.failures.end()) {
      in_unit_ = false;
      broken_ = failure->second.failure == sql::Failure::connection_lost;
      co_return std::unexpected(failure->second);
    }
    sql::Results results;
    for (const sql::Call& call : exchange.calls) {
      std::string bound;
      for (const sql::Parameter& parameter : call.parameters) {
        if (!bound.empty()) bound += ", ";
        bound += parameter ? std::string(*parameter) : "NULL";
      }
      database_.parameters.push_back(std::move(bound));
      results.push_back(std::make_unique<FakeResultSet>(database_.rows_for(call.statement->text)));
    }
    in_unit_ = exchange.end == sql::End::keep_open;
    co_return results;
  }
  boost::asio::awaitable<sql::DatabaseResult<sql::Results>> run_text(std::string_view,
                                                                     sql::Clock::time_point) override {
    co_return sql::Results{};
  }
  const sql::ServerVersion& server_version() const override { return version_; }
  bool broken() const override { return broken_; }
  bool in_unit() const override { return in_unit_; }
  bool still_open() override { return !broken_; }

 private:
  sql::ServerVersion version_;
  FakeDatabase& database_;
  bool broken_ = false;
  bool in_unit_ = false;
};

class FakePool final : public sql::Pool {
 public:
  explicit FakePool(FakeDatabase& database) : database_(database) {}
  boost::asio::awaitable<sql::DatabaseResult<sql::Lease>> acquire(sql::Clock::time_point) override {
    ++database_.connections;
    co_return sql::Lease(*this, std::make_unique<FakeConnection>(database_));
  }
  sql::PoolStatistics statistics() const override { return {}; }
  void close() override {}

 private:
  void give_back(std::unique_ptr<sql::Connection> connection) override {
    if (connection->in_unit()) ++database_.abandoned_units;
  }
  FakeDatabase& database_;
};

// Runs a coroutine to its end.
template <class T>
T run_to_end(boost::asio::awaitable<T> work) {
  boost::asio::io_context io;
  std::optional<T> result;
  boost::asio::co_spawn(
      io,
      [](boost::asio::awaitable<T> inner, std::optional<T>& out) -> boost::asio::awaitable<void> {
        out = co_await std::move(inner);
      }(std::move(work), result),
      boost::asio::detached);
  io.run();
  return std::move(*result);
}

}  // namespace tenon::api
