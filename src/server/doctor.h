// What stands between here and a database: each step on its own, judged, and what to do about it. `tenon
// doctor` shows it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/schema/schema.h"
#include "sql/connection.h"
#include "sql/reach.h"

namespace tenon::server {

enum class Verdict : std::uint8_t {
  good,
  warning,  // works, and should be otherwise
  bad,
  skipped,  // an earlier step stands in the way
};
std::string_view to_string(Verdict verdict);

struct Finding {
  std::string_view check;  // stable, of static text: "name", "port", "tls" …
  Verdict verdict = Verdict::good;
  std::string text;    // one sentence, no secrets
  std::string remedy;  // empty when there is nothing to do
};
using Findings = std::vector<Finding>;

// The way to the server: name, port, tls.
Findings judge_way(const sql::Reach& reach, const sql::TlsWish& wish, std::chrono::sys_seconds now);

// What the API does with one table.
struct TableNeed {
  std::string schema;
  std::string table;
  std::vector<std::string> columns;  // that are shown
  std::string changeable;            // a column that an UPDATE may set; empty: there is none
  bool select = false;
  bool insert = false;
  bool update = false;
  bool remove = false;
};
// Of the models that anybody may reach in one database of the schema.
std::vector<TableNeed> needs_of(const api::Schema& schema, catalog::DatabaseId database);

struct SessionNeeds {
  catalog::Engine engine = catalog::Engine::postgresql;
  std::string user;
  std::uint64_t connections = 0;  // of the pools of all workers together
  std::vector<TableNeed> tables;
};
// What a session can tell: version, distance, clock, connections, privileges. Changes nothing: statements are
// explained by the database, never run.
boost::asio::awaitable<Findings> examine_session(sql::Connection& connection, SessionNeeds needs,
                                                 sql::Clock::time_point deadline);

// The same judgements, of plain numbers.
Finding judge_version(const sql::ServerVersion& version);
Finding judge_clock(std::chrono::duration<double> ahead);  // how far the database's clock is ahead of ours
struct ConnectionNumbers {
  std::uint64_t server_max = 0;  // that an ordinary user can have
  std::uint64_t in_use = 0;
  std::int64_t user_max = -1;  // of the user or the database; negative: none
};
Finding judge_connections(const ConnectionNumbers& numbers, std::uint64_t wanted);

}  // namespace tenon::server
