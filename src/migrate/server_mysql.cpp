// What migrations ask of MySQL and MariaDB.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "migrate/folder.h"
#include "migrate/server.h"
#include "migrate/session.h"
#include "migrate/table_rows_mysql.h"
#include "migrate/target.h"
#include "sql/mysql/capabilities.h"
#include "sql/mysql/script.h"
#include "sql/mysql/script_actions.h"

namespace tenon::migrate {

namespace {

using What = sql::ScriptObject::What;

// As a session begins by itself, with the server's own mode, so that bodies of triggers and routines are kept
// as from any other client; in UTC. A client whose machine vanished is given up after half an hour.
constexpr std::string_view session_settings =
    "SET NAMES utf8mb4, autocommit = 1, time_zone = '+00:00', wait_timeout = 1800,"
    " sql_mode = REPLACE(@@GLOBAL.sql_mode, 'NO_BACKSLASH_ESCAPES', ''),"
    " foreign_key_checks = @@GLOBAL.foreign_key_checks, unique_checks = @@GLOBAL.unique_checks";

// A year, which is the longest that it takes.
constexpr std::int64_t lock_wait_forever = 31'536'000;

constexpr std::string_view journal_name = "_tenon_migration_steps";

// Of a session with the id that is asked for: id, program, user, state, seconds.
constexpr std::string_view one_session =
    "SELECT ID, '', USER, IF(COMMAND = 'Sleep', 'idle', 'active'), TIME FROM information_schema.PROCESSLIST"
    " WHERE ID = ?";
constexpr std::string_view program_of_session =
    "SELECT ATTR_VALUE FROM performance_schema.session_connect_attrs"
    " WHERE PROCESSLIST_ID = ? AND ATTR_NAME = 'program_name'";

// Who holds what a session waits for: of MySQL's instruments, which the server may not have or not show us,
// and of transactions. In this order, and the first that tells something counts.
constexpr std::array<std::string_view, 4> blockers{
    "SELECT DISTINCT g.PROCESSLIST_ID FROM performance_schema.metadata_locks w"
    " JOIN performance_schema.threads wt ON wt.THREAD_ID = w.OWNER_THREAD_ID"
    " JOIN performance_schema.metadata_locks l ON l.OBJECT_TYPE = w.OBJECT_TYPE AND l.LOCK_STATUS = 'GRANTED'"
    " AND l.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA AND l.OBJECT_NAME <=> w.OBJECT_NAME"
    " JOIN performance_schema.threads g ON g.THREAD_ID = l.OWNER_THREAD_ID AND g.THREAD_ID <> wt.THREAD_ID"
    " WHERE w.LOCK_STATUS = 'PENDING' AND w.OBJECT_TYPE = 'TABLE' AND wt.PROCESSLIST_ID = ?"
    " AND g.PROCESSLIST_ID IS NOT NULL ORDER BY 1",
    "SELECT DISTINCT b.trx_mysql_thread_id FROM information_schema.INNODB_LOCK_WAITS w"
    " JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id"
    " JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id"
    " WHERE r.trx_mysql_thread_id = ? ORDER BY 1",
    "SELECT DISTINCT b.PROCESSLIST_ID FROM performance_schema.data_lock_waits w"
    " JOIN performance_schema.threads r ON r.THREAD_ID = w.REQUESTING_THREAD_ID"
    " JOIN performance_schema.threads b ON b.THREAD_ID = w.BLOCKING_THREAD_ID"
    " WHERE r.PROCESSLIST_ID = ? ORDER BY 1",
    // Whose transaction in this database has been open longest, while we wait for a table.
    "SELECT p.ID FROM information_schema.INNODB_TRX t"
    " JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id"
    " JOIN information_schema.PROCESSLIST w ON w.ID = ? AND w.STATE LIKE 'Waiting for table%' AND w.DB = p.DB"
    " WHERE p.ID <> w.ID ORDER BY t.trx_started, p.ID",
};

sql::Text text() { return sql::Text(mysql_server().quoting()); }

sql::DatabaseResult<bool> any(const sql::DatabaseResult<Rows>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return !rows->empty();
}

std::uint64_t number(const std::optional<std::string>& digits) {
  std::uint64_t value = 0;
  if (digits) std::from_chars(digits->data(), digits->data() + digits->size(), value);
  return value;
}

// What one may know of another session: without the PROCESS privilege, of those of the same user.
OtherSession describe(Session& session, const std::string& process) {
  OtherSession other{.process = process};
  const auto rows = session.query(std::string(one_session), {process});
  if (!rows || rows->empty()) return other;
  const Row& row = rows->front();
  other.user = row[2].value_or("");
  other.state = row[3].value_or("");
  other.seconds = number(row[4]);
  if (const auto program = session.query(std::string(program_of_session), {process}))
    other.application = cell(*program);
  const auto transaction =
      session.query("SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = ?", {process});
  if (other.state == "idle" && transaction && !transaction->empty()) other.state = "idle in transaction";
  return other;
}

// The next number of a table changes with its rows.
std::string without_next_number(std::string definition) {
  constexpr std::string_view option = " AUTO_INCREMENT=";
  const std::size_t at = definition.rfind(option);
  if (at == std::string::npos) return definition;
  std::size_t end = at + option.size();
  while (end < definition.size() && definition[end] >= '0' && definition[end] <= '9') ++end;
  return definition.erase(at, end - at);
}

// A table that is not among those of LOCK TABLES (sql/mysql/error.cpp).
constexpr std::string_view not_locked = "55000";

bool is_refusal(const sql::DatabaseError& error) {
  return error.failure == sql::Failure::permission_denied || error.failure == sql::Failure::connection_lost ||
         lock_timed_out(error) || error.sqlstate == not_locked;
}

// What reads rows beside writers asks for its table a second time when it has done so, and that is lost when
// it is refused: of so many rows, in about a second, it may be. What copies the table would lock writers out
// each time.
constexpr std::uint64_t quick_rows_max = 200'000;

bool reads_no_rows(const sql::ScriptAction& action) {
  using enum sql::Act;
  constexpr std::array acts{create_table, drop_table,    drop_view,  drop_routine,
                            rename_table, rename_column, add_column, drop_column,
                            drop_default, drop_index,    lock_table};
  return std::ranges::find(acts, action.act) != acts.end();
}

bool is_quick(Session& session, const sql::ScriptAction& action) {
  if (reads_no_rows(action)) return true;
  if (action.lock != "NONE" && action.act != sql::Act::create_index) return false;
  const auto rows = estimated_rows(session, action.object);
  return rows && *rows <= quick_rows_max;
}

struct Removal {
  std::string_view found;  // a statement that gives names
  sql::Literal statement;
};

class MysqlServer final : public Server {
 public:
  sql::Quoting quoting() const override { return {.identifier_quote = '`', .numbered_placeholders = false}; }
  std::vector<sql::ScriptStatement> split(std::string_view script) const override {
    return sql::mysql::split_script(script);
  }

  // "… for the right syntax to use near 'x' at line 3"
  std::unique_ptr<BatchWalk> batches(BatchWork work) const override { return mysql_batches(std::move(work)); }

  std::size_t place_of(const sql::DatabaseError& error, std::string_view statement) const override {
    constexpr std::string_view words = " at line ";
    const std::size_t found = error.message.rfind(words);
    if (found == std::string::npos) return 0;
    std::size_t at = 0;
    for (std::uint64_t line = number(error.message.substr(found + words.size())); line > 1; --line) {
      const std::size_t end = statement.find('\n', at);
      if (end == std::string_view::npos) return 0;
      at = statement.find_first_not_of(" \t", end + 1);
    }
    return at == std::string_view::npos ? 0 : at;
  }

  sql::DatabaseResult<std::string> set_up(Session& session) const override {
    if (auto set = session.run(session_settings); !set) return std::unexpected(set.error());
    const auto found = session.run("SELECT DATABASE()");
    if (!found) return std::unexpected(found.error());
    if (cell(*found).empty())
      return std::unexpected(sql::DatabaseError{.message = "the URL names no database"});
    return cell(*found);
  }

  // The session keeps the lock, so it is not made anew: what scripts usually set is set back.
  sql::DatabaseResult<void> reset(Session& session) const override {
    if (auto unlocked = session.run("UNLOCK TABLES"); !unlocked) return ended(unlocked);
    if (auto set = session.run(session_settings); !set) return ended(set);
    return ended(session.run((text() << "USE ").name(session.url().database).take()));
  }

  sql::DatabaseResult<void> set_lock_timeout(Session& session,
                                             std::chrono::milliseconds timeout) const override {
    const auto seconds =
        timeout.count() == 0 ? lock_wait_forever : std::max<std::int64_t>(1, timeout.count() / 1000);
    return ended(
        session.run(fmt::format("SET lock_wait_timeout = {0}, innodb_lock_wait_timeout = {0}", seconds)));
  }

  // A transaction that has read a table, and writes it while somebody waits to change its definition, is
  // ended as a deadlock.
  sql::DatabaseResult<bool> refuse_waits(Session& session, std::string_view statement) const override {
    const bool can = sql::mysql::capabilities_of(session.server_version()).lock_without_wait;
    const auto quick = [&](const sql::ScriptAction& action) { return is_quick(session, action); };
    if (!can || !std::ranges::all_of(sql::mysql::script_actions(statement), quick)) return false;
    if (auto set = session.run("SET lock_wait_timeout = 0"); !set) return std::unexpected(set.error());
    return true;
  }

  std::string process_of(Session& session) const override {
    const auto found = session.run("SELECT CONNECTION_ID()");
    return found ? cell(*found) : std::string();
  }

  std::vector<OtherSession> blockers_of(Session& session, const std::string& process) const override {
    const std::string own = process_of(session);
    std::vector<OtherSession> found;
    for (const std::string_view question : blockers) {
      const auto rows = session.query(std::string(question), {process});
      if (!rows) continue;
      for (const Row& row : *rows)
        if (row[0] && *row[0] != own) found.push_back(describe(session, *row[0]));
      if (!found.empty()) break;
    }
    return found;
  }

  // A session lock: whoever shares sessions between clients keeps one with it apart.
  bool locks_by_transaction() const override { return false; }
  sql::DatabaseResult<bool> try_lock(Session& session) const override {
    const auto taken = session.run("SELECT GET_LOCK('prisma_migrate', 0)");
    if (!taken) return std::unexpected(taken.error());
    return cell(*taken) == "1";
  }
  sql::DatabaseResult<void> lock_transaction(Session&) const override { return {}; }

  std::optional<OtherSession> lock_holder(Session& session) const override {
    const auto rows = session.run(
        "SELECT IS_USED_LOCK('prisma_migrate') AS holder FROM (SELECT 1) AS one"
        " HAVING holder <> CONNECTION_ID()");
    if (!rows || rows->empty()) return std::nullopt;
    return describe(session, cell(*rows));
  }
  std::string ending(const std::string& process) const override { return "KILL " + process + ";"; }

  std::vector<std::string> maintenance_databases() const override { return {""}; }
  std::string creation(std::string_view database) const override {
    return (text() << "CREATE DATABASE ").name(database).take() +
           " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";
  }
  std::string shadow_creation(std::string_view database) const override { return creation(database); }
  std::string removal(std::string_view database) const override {
    return (text() << "DROP DATABASE IF EXISTS ").name(database).take();
  }

  void copy_defaults(Session& from, Session& to) const override {
    const auto found = from.run("SELECT @@character_set_database, @@collation_database");
    if (!found || found->empty()) return;
    const Row& row = found->front();
    // Both are names to the grammar, and may be quoted like all of them.
    sql::Text statement = text();
    (statement << "ALTER DATABASE ").name(to.url().database);
    (statement << " CHARACTER SET ").name(row[0].value_or(""));
    (statement << " COLLATE ").name(row[1].value_or(""));
    static_cast<void>(to.run(statement.take()));
  }

  sql::DatabaseResult<bool> has_tables(Session& session, const std::string& schema) const override {
    return any(session.query(
        "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'VIEW'"
        " AND TABLE_NAME NOT IN ('_prisma_migrations', '_tenon_migration_steps') LIMIT 1",
        {schema}));
  }

  // Piece by piece: dropping the database would take its grants' object away, and needs a right of its own.
  sql::DatabaseResult<void> clear(Session& session, const std::vector<std::string>&) const override {
    static constexpr std::array<Removal, 6> removals{{
        {"SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()", "DROP EVENT "},
        {"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = "
         "'VIEW'",
         "DROP VIEW "},
        {"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE "
         "NOT "
         "IN ('VIEW', 'SEQUENCE')",
         "DROP TABLE "},
        {"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = "
         "'SEQUENCE'",
         "DROP SEQUENCE "},
        {"SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND "
         "ROUTINE_TYPE = 'PROCEDURE'",
         "DROP PROCEDURE "},
        {"SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND "
         "ROUTINE_TYPE = 'FUNCTION'",
         "DROP FUNCTION "},
    }};
    if (auto set = session.run("SET foreign_key_checks = 0"); !set) return ended(set);
    for (const Removal& removal : removals) {
      const auto names = session.run(removal.found);
      if (!names) return ended(names);
      for (const Row& row : *names) {
        const auto dropped = session.run((text() << removal.statement).name(row[0].value_or("")).take());
        if (!dropped) return ended(dropped);
      }
    }
    return ended(session.run(session_settings));
  }

  sql::DatabaseResult<Rows> unused_databases(Session& session, std::string_view prefix) const override {
    static_cast<void>(session.run("SELECT GET_LOCK('tenon_shadow', 60)"));
    return session.query(
        "SELECT s.SCHEMA_NAME FROM information_schema.SCHEMATA s WHERE LEFT(s.SCHEMA_NAME, CHAR_LENGTH(?)) = "
        "?"
        " AND NOT EXISTS (SELECT 1 FROM information_schema.PROCESSLIST p WHERE p.DB = s.SCHEMA_NAME)",
        {std::string(prefix), std::string(prefix)});
  }

  std::string_view history_columns() const override {
    return " (\n"
           "    id                      VARCHAR(36) PRIMARY KEY NOT NULL,\n"
           "    checksum                VARCHAR(64) NOT NULL,\n"
           "    finished_at             DATETIME(3),\n"
           "    migration_name          VARCHAR(255) NOT NULL,\n"
           "    logs                    TEXT,\n"
           "    rolled_back_at          DATETIME(3),\n"
           "    started_at              DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),\n"
           "    applied_steps_count     INTEGER UNSIGNED NOT NULL DEFAULT 0\n"
           ") DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";
  }
  sql::Literal shown_time_begin() const override { return "CONCAT("; }
  sql::Literal shown_time_end() const override { return ", ' UTC')"; }
  std::string_view utc_suffix() const override { return ""; }

  TableName journal(const std::string& schema) const override {
    return {.schema = schema, .table = std::string(journal_name)};
  }
  sql::DatabaseResult<bool> has_journal(Session& session, const std::string& schema) const override {
    return has_table(session, schema, journal_name);
  }
  sql::DatabaseResult<void> create_journal(Session& session, const std::string& schema) const override {
    return ended(session.run(
        (text() << "CREATE TABLE IF NOT EXISTS ").qualified(schema, journal_name).take() +
        " (history_schema varchar(64) NOT NULL, migration_name varchar(255) NOT NULL, step integer NOT NULL,"
        " checksum varchar(64) NOT NULL, apart boolean NOT NULL, statement text NOT NULL,"
        " look_before varchar(64), begun_at datetime(3), finished_at datetime(3),"
        " PRIMARY KEY (history_schema, migration_name, step))"
        " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
  }
  // Prisma would take it for a table that somebody made by hand.
  sql::DatabaseResult<void> drop_empty_journal(Session& session, const std::string& schema) const override {
    const auto there = has_journal(session, schema);
    if (!there) return std::unexpected(there.error());
    if (!*there) return {};
    const auto rows =
        session.run((text() << "SELECT 1 FROM ").qualified(schema, journal_name).take() + " LIMIT 1");
    if (!rows || !rows->empty()) return ended(rows);
    return ended(session.run((text() << "DROP TABLE IF EXISTS ").qualified(schema, journal_name).take()));
  }

  std::string look_of(Session& session, const sql::ScriptObject& object) const override {
    const auto shown = show(session, object);
    if (!shown) return is_refusal(shown.error()) ? "" : "absent";
    std::string definition;
    for (const Row& row : *shown)
      for (const auto& each : row) definition += each.value_or("") + '\n';
    return checksum(without_next_number(std::move(definition)));
  }

  // Statements that change definitions do all or nothing, so any change of the look is all of it.
  sql::DatabaseResult<Effect> effect_of(Session& session, const sql::ScriptObject& object,
                                        const std::string& before) const override {
    if (object.what == What::nothing || before.empty()) return Effect::unknown;
    const std::string now = look_of(session, object);
    if (now.empty()) return Effect::unknown;
    return now == before ? Effect::nothing : Effect::done;
  }
  sql::DatabaseResult<void> clean_up(Session&, const sql::ScriptObject&) const override { return {}; }

 private:
  static sql::DatabaseResult<bool> has_table(Session& session, const std::string& schema,
                                             std::string_view name) {
    return any(
        session.query("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
                      {schema, std::string(name)}));
  }

  static sql::DatabaseResult<Rows> show(Session& session, const sql::ScriptObject& object) {
    const auto of = [&](sql::Literal command) {
      return session.run((text() << command).qualified(object.schema, object.name).take());
    };
    switch (object.what) {
      case What::table:
        return of("SHOW CREATE TABLE ");
      case What::view:
        return of("SHOW CREATE VIEW ");
      case What::trigger:
        return of("SHOW CREATE TRIGGER ");
      case What::procedure:
        return of("SHOW CREATE PROCEDURE ");
      case What::function:
        return of("SHOW CREATE FUNCTION ");
      case What::event:
        return of("SHOW CREATE EVENT ");
      default:
        return std::unexpected(sql::DatabaseError{.failure = sql::Failure::permission_denied});
    }
  }
};

}  // namespace

const Server& mysql_server() {
  static const MysqlServer server;
  return server;
}

}  // namespace tenon::migrate
