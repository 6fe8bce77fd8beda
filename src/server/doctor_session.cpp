// What a session can tell about a database, judged.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/terminal.h"
#include "server/doctor.h"
#include "sql/fragment.h"
#include "sql/round_trip.h"
#include "sql/row_reader.h"

namespace tenon::server {

namespace asio = boost::asio;
using sql::Clock;
using sql::Failure;

namespace {

constexpr std::chrono::duration<double> tolerated_skew{5.0};
// The oldest that the tests or the servers' own support know of.
constexpr std::uint32_t postgres_least = 13;
constexpr sql::ServerVersion mariadb_least{sql::ServerVersion::Product::mariadb, 10, 6, 0};
constexpr sql::ServerVersion mysql_least{sql::ServerVersion::Product::mysql, 8, 0, 14};

constexpr std::string_view postgres_numbers =
    "SELECT pg_catalog.current_setting('max_connections')::bigint"
    " - pg_catalog.current_setting('superuser_reserved_connections')::bigint,"
    " (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),"
    " (SELECT min(l) FROM (SELECT rolconnlimit AS l FROM pg_catalog.pg_roles WHERE rolname = current_user"
    " UNION ALL SELECT datconnlimit FROM pg_catalog.pg_database WHERE datname = "
    "pg_catalog.current_database())"
    " AS limits WHERE l >= 0)";
constexpr std::string_view mysql_numbers =
    "SELECT @@global.max_connections,"
    " (SELECT count(*) FROM information_schema.processlist),"
    " nullif(@@session.max_user_connections, 0)";
constexpr std::string_view postgres_clock = "SELECT extract(epoch FROM pg_catalog.clock_timestamp())";
constexpr std::string_view mysql_clock = "SELECT unix_timestamp(sysdate(6))";

bool is_mysql(const SessionNeeds& needs) { return needs.engine == catalog::Engine::mysql; }

// The first row of a statement without parameters; empty cells when it failed.
asio::awaitable<std::vector<std::string>> first_row(sql::Connection& connection, std::string_view statement,
                                                    Clock::time_point deadline) {
  std::vector<std::string> cells;
  const auto results = co_await connection.run_text(statement, deadline);
  if (!results || results->empty()) co_return cells;
  sql::RowReader rows(*results->front());
  if (!rows.next()) co_return cells;
  for (std::size_t i = 0; i < results->front()->column_count(); ++i) cells.push_back(rows.text(i));
  co_return cells;
}

// What the API does with a table, as statements that the database explains and does not run: it looks at the
// privileges of a statement before it plans it.
struct Trial {
  std::string_view privilege;
  std::string statement;
};

std::vector<Trial> trials(const SessionNeeds& needs, const TableNeed& table) {
  const sql::Quoting quoting{.identifier_quote = is_mysql(needs) ? '`' : '"'};
  std::vector<Trial> all;
  const auto text = [&] { return sql::Text(quoting); };
  if (table.select && !table.columns.empty()) {
    sql::Text select = text();
    select << "EXPLAIN SELECT ";
    for (const std::string& column : table.columns) {
      if (&column != &table.columns.front()) select << ", ";
      select.name(column);
    }
    select << " FROM ";
    all.push_back({"SELECT", select.qualified(table.schema, table.table).take()});
  }
  if (table.insert) {
    sql::Text insert = text();
    insert << "EXPLAIN INSERT INTO ";
    insert.qualified(table.schema, table.table);
    if (is_mysql(needs))
      insert << " () VALUES ()";
    else
      insert << " DEFAULT VALUES";
    all.push_back({"INSERT", insert.take()});
  }
  if (table.update && !table.changeable.empty()) {
    sql::Text update = text();
    update << "EXPLAIN UPDATE ";
    update.qualified(table.schema, table.table) << " SET ";
    update.name(table.changeable) << " = DEFAULT WHERE 1 = 0";
    all.push_back({"UPDATE", update.take()});
  }
  if (table.remove) {
    sql::Text remove = text();
    remove << "EXPLAIN DELETE FROM ";
    remove.qualified(table.schema, table.table) << " WHERE 1 = 0";
    all.push_back({"DELETE", remove.take()});
  }
  return all;
}

Finding privilege(Verdict verdict, std::string text, std::string remedy = {}) {
  return {.check = "privileges", .verdict = verdict, .text = std::move(text), .remedy = std::move(remedy)};
}

bool is_missing_table(const sql::DatabaseError& error) {
  return error.sqlstate == "42P01" || error.sqlstate == "3F000" || error.sqlstate == "42S02";
}

std::string grant(const SessionNeeds& needs, const TableNeed& table, const std::string& privileges) {
  sql::Text name({.identifier_quote = is_mysql(needs) ? '`' : '"'});
  name.qualified(table.schema, table.table);
  const char quote = is_mysql(needs) ? '\'' : '"';
  return base::printable(
      fmt::format("GRANT {0} ON {1} TO {2}{3}{2};", privileges, name.str(), quote, needs.user));
}

// Nothing when the table is as it should be.
asio::awaitable<std::optional<Finding>> examine_table(sql::Connection& connection, const SessionNeeds& needs,
                                                      const TableNeed& table, Clock::time_point deadline) {
  std::string lacking;
  for (const Trial& trial : trials(needs, table)) {
    const auto answer = co_await connection.run_text(trial.statement, deadline);
    if (answer) continue;
    if (is_missing_table(answer.error()))
      co_return Finding{.check = "tables",
                        .verdict = Verdict::bad,
                        .text = fmt::format("{} is not in the database.", base::printable(table.table)),
                        .remedy =
                            "bring the database up to date: tenon migrate deploy; or the schema files: "
                            "tenon pull"};
    if (answer.error().failure == Failure::permission_denied)
      lacking += fmt::format("{}{}", lacking.empty() ? "" : ", ", trial.privilege);
    if (connection.broken()) break;
  }
  if (lacking.empty()) co_return std::nullopt;
  co_return privilege(Verdict::bad,
                      fmt::format("{} is open to {} in the API, and the database refuses that.",
                                  base::printable(table.table), lacking),
                      grant(needs, table, lacking));
}

asio::awaitable<void> examine_tables(sql::Connection& connection, const SessionNeeds& needs,
                                     Clock::time_point deadline, Findings& findings) {
  const std::size_t before = findings.size();
  for (const TableNeed& table : needs.tables)
    if (auto finding = co_await examine_table(connection, needs, table, deadline))
      findings.push_back(std::move(*finding));
  if (findings.size() > before) co_return;
  findings.push_back(needs.tables.empty()
                         ? privilege(Verdict::warning, "the API opens no table of this database.",
                                     "open models with @auth in api/*.graphql")
                         : privilege(Verdict::good, fmt::format("{} may do what the API does with {} tables.",
                                                                needs.user, needs.tables.size())));
}

asio::awaitable<void> examine_clock(sql::Connection& connection, const SessionNeeds& needs,
                                    Clock::time_point deadline, Findings& findings) {
  using System = std::chrono::system_clock;
  const System::time_point before = System::now();
  const auto row = co_await first_row(connection, is_mysql(needs) ? mysql_clock : postgres_clock, deadline);
  const System::time_point after = System::now();
  if (row.empty()) co_return;
  const std::chrono::duration<double> theirs(std::strtod(row.front().c_str(), nullptr));
  findings.push_back(judge_clock(theirs - (before + (after - before) / 2).time_since_epoch()));
}

asio::awaitable<void> examine_connections(sql::Connection& connection, const SessionNeeds& needs,
                                          Clock::time_point deadline, Findings& findings) {
  const auto row =
      co_await first_row(connection, is_mysql(needs) ? mysql_numbers : postgres_numbers, deadline);
  if (row.size() < 3) co_return;
  const auto number = [](const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); };
  findings.push_back(judge_connections({.server_max = static_cast<std::uint64_t>(number(row[0])),
                                        .in_use = static_cast<std::uint64_t>(number(row[1])),
                                        .user_max = row[2].empty() ? -1 : number(row[2])},
                                       needs.connections));
}

void add_operation(TableNeed& need, api::OutputBinding::Kind kind) {
  using Kind = api::OutputBinding::Kind;
  need.select = true;
  need.insert = need.insert || kind == Kind::create || kind == Kind::create_many || kind == Kind::upsert;
  need.update = need.update || kind == Kind::update || kind == Kind::update_many || kind == Kind::upsert;
  need.remove = need.remove || kind == Kind::remove || kind == Kind::remove_many;
}

bool is_operation(api::OutputBinding::Kind kind) {
  using Kind = api::OutputBinding::Kind;
  return (kind >= Kind::get && kind <= Kind::remove_many) || kind == Kind::aggregate_list;
}

void add_columns(const catalog::Catalog& catalog, catalog::TableId id, TableNeed& need) {
  for (const catalog::ColumnId column_id : catalog[id].columns) {
    const catalog::Column& column = catalog[column_id];
    if (column.field_name.empty() || column.ignored) continue;
    need.columns.push_back(column.name);
    if (column.generated.empty() && column.identity != catalog::Identity::always)
      need.changeable = column.name;
  }
}

}  // namespace

std::vector<TableNeed> needs_of(const api::Schema& schema, catalog::DatabaseId database) {
  const catalog::Catalog& catalog = *schema.catalog;
  std::map<std::uint32_t, TableNeed> needs;
  for (const api::OutputBinding& output : schema.outputs)
    if (is_operation(output.kind) && catalog.database_of(output.table) == database)
      add_operation(needs[output.table.value], output.kind);
  std::vector<TableNeed> all;
  for (auto& [id, need] : needs) {
    const catalog::TableId table{id};
    need.schema = catalog[catalog[table].schema].name;
    need.table = catalog[table].name;
    add_columns(catalog, table, need);
    all.push_back(std::move(need));
  }
  return all;
}

Finding judge_version(const sql::ServerVersion& version) {
  using Product = sql::ServerVersion::Product;
  const std::string text = sql::to_string(version);
  const auto old = [&](std::string_view least) {
    return Finding{
        .check = "version",
        .verdict = Verdict::warning,
        .text = fmt::format("{} is older than {}, the oldest that Tenon is made for.", text, least),
        .remedy = "upgrade the server"};
  };
  const auto below = [&](const sql::ServerVersion& least) {
    return !version.at_least(least.major, least.minor, least.patch);
  };
  if (version.product == Product::postgresql && !version.at_least(postgres_least))
    return old(fmt::format("PostgreSQL {}", postgres_least));
  if (version.product == Product::mariadb && below(mariadb_least)) return old(sql::to_string(mariadb_least));
  if (version.product == Product::mysql && below(mysql_least)) return old(sql::to_string(mysql_least));
  return {.check = "version", .text = text + ".", .remedy = {}};
}

Finding judge_clock(std::chrono::duration<double> ahead) {
  const double seconds = std::abs(ahead.count());
  if (seconds <= tolerated_skew.count())
    return {.check = "clock", .text = fmt::format("{:.1f} s apart from ours.", seconds), .remedy = {}};
  return {.check = "clock",
          .verdict = Verdict::warning,
          .text = fmt::format("the database's clock is {:.0f} s {} ours.", seconds,
                              ahead.count() > 0 ? "ahead of" : "behind"),
          .remedy = "let both machines follow a time server: times of rows and of tokens are compared"};
}

Finding judge_connections(const ConnectionNumbers& numbers, std::uint64_t wanted) {
  std::uint64_t most = numbers.server_max;
  if (numbers.user_max >= 0) most = std::min(most, static_cast<std::uint64_t>(numbers.user_max));
  const std::string text = fmt::format(
      "up to {} wanted (threads x [limits.pool] connections_max), {} allowed, "
      "{} in use",
      wanted, most, numbers.in_use);
  if (wanted > most)
    return {.check = "connections",
            .verdict = Verdict::bad,
            .text = text + ".",
            .remedy =
                "lower connections_max or [server] threads, raise max_connections (or the user's limit), or "
                "put a pooler in between"};
  if (wanted + numbers.in_use > most)
    return {.check = "connections",
            .verdict = Verdict::warning,
            .text = text + ": together too many.",
            .remedy = "lower connections_max or [server] threads, or raise max_connections"};
  return {.check = "connections", .text = text + ".", .remedy = {}};
}

asio::awaitable<Findings> examine_session(sql::Connection& connection, SessionNeeds needs,
                                          Clock::time_point deadline) {
  Findings findings;
  findings.push_back(judge_version(connection.server_version()));
  if (const auto time = co_await sql::measure_round_trip(connection, deadline))
    findings.push_back({.check = "distance",
                        .text = fmt::format("a round trip takes {:.2f} ms.",
                                            std::chrono::duration<double, std::milli>(*time).count()),
                        .remedy = {}});
  co_await examine_clock(connection, needs, deadline, findings);
  co_await examine_connections(connection, needs, deadline, findings);
  co_await examine_tables(connection, needs, deadline, findings);
  co_return findings;
}

}  // namespace tenon::server
