// What migrations ask of PostgreSQL.
#include <array>
#include <charconv>

#include "migrate/lock.h"
#include "migrate/server.h"
#include "migrate/session.h"
#include "migrate/target.h"
#include "sql/postgres/script.h"

namespace tenon::migrate {

namespace {

using What = sql::ScriptObject::What;

// The server ends work for a client that has gone: without it CREATE INDEX of a killed run would go on, and
// hold the lock. Refused by old servers and on some systems, which is no harm.
constexpr std::string_view notice_of_death =
    "pg_catalog.set_config('client_connection_check_interval', '2s', false),"
    " pg_catalog.set_config('tcp_keepalives_idle', '30', false),"
    " pg_catalog.set_config('tcp_keepalives_interval', '10', false),"
    " pg_catalog.set_config('tcp_keepalives_count', '3', false), ";

// Of an advisory lock on the server's maintenance database, held while shadow databases are made and removed.
constexpr std::string_view taking_turns = "SELECT pg_catalog.pg_advisory_lock(72707370)";

// Rows belong to a history table, which is one for each schema.
constexpr std::string_view journal_creation =
    "CREATE SCHEMA IF NOT EXISTS _tenon;"
    "CREATE TABLE IF NOT EXISTS _tenon.migration_steps ("
    " history_schema text NOT NULL, migration_name text NOT NULL, step integer NOT NULL,"
    " checksum text NOT NULL, apart boolean NOT NULL, statement text NOT NULL,"
    " look_before text, begun_at timestamptz, finished_at timestamptz,"
    " PRIMARY KEY (history_schema, migration_name, step))";

sql::Text text() { return sql::Text(sql::Quoting{}); }

sql::DatabaseResult<bool> any(const sql::DatabaseResult<Rows>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return !rows->empty();
}

OtherSession read_session(const Row& row) {
  OtherSession session{.process = row[0].value_or(""),
                       .application = row[1].value_or(""),
                       .user = row[2].value_or(""),
                       .state = row[3].value_or("")};
  const std::string seconds = row[4].value_or("0");
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), session.seconds);
  return session;
}

class PostgresServer final : public Server {
 public:
  sql::Quoting quoting() const override { return {}; }
  std::vector<sql::ScriptStatement> split(std::string_view script) const override {
    return sql::postgres::split_script(script);
  }

  std::unique_ptr<BatchWalk> batches(BatchWork work) const override {
    return postgres_batches(std::move(work));
  }

  std::size_t place_of(const sql::DatabaseError& error, std::string_view statement) const override {
    return error.position > 0 ? sql::byte_of_character(statement, error.position) : 0;
  }

  // In one exchange; without what a server does not know when it refuses that.
  sql::DatabaseResult<std::string> set_up(Session& session) const override {
    auto set = set_up_with(session, notice_of_death);
    if (!set && !session.broken()) set = set_up_with(session, "");
    const auto& schemas = session.url().schemas;
    if (set && set->empty() && !schemas.empty()) {
      const auto made = session.run((text() << "CREATE SCHEMA IF NOT EXISTS ").name(schemas.front()).take());
      if (!made) return std::unexpected(made.error());
      set = set_up_with(session, "");
    }
    if (set && set->empty()) return "public";
    return set;
  }

  sql::DatabaseResult<void> reset(Session& session) const override {
    if (auto reset = session.run("RESET ALL"); !reset) return ended(reset);
    if (auto set = set_up(session); !set) return std::unexpected(set.error());
    return {};
  }

  sql::DatabaseResult<void> set_lock_timeout(Session& session,
                                             std::chrono::milliseconds timeout) const override {
    return ended(session.query("SELECT pg_catalog.set_config('lock_timeout', $1, false)",
                               {std::to_string(timeout.count())}));
  }

  // Whoever has a lock on a table gets a stronger one before those who wait.
  sql::DatabaseResult<bool> refuse_waits(Session&, std::string_view) const override { return false; }

  std::string process_of(Session& session) const override {
    const auto found = session.run("SELECT pg_catalog.pg_backend_pid()");
    return found ? cell(*found) : std::string();
  }

  std::vector<OtherSession> blockers_of(Session& session, const std::string& process) const override {
    const auto rows = session.query(
        "SELECT pid::text, application_name, usename::text, state,"
        " extract(epoch FROM now() - coalesce(state_change, backend_start))::bigint::text"
        " FROM pg_catalog.pg_stat_activity WHERE pid = ANY (pg_catalog.pg_blocking_pids($1::int)) ORDER BY 1",
        {process});
    std::vector<OtherSession> found;
    if (!rows) return found;
    for (const Row& row : *rows) found.push_back(read_session(row));
    return found;
  }

  bool locks_by_transaction() const override { return true; }

  sql::DatabaseResult<bool> try_lock(Session& session) const override {
    const auto taken =
        session.query("SELECT pg_catalog.pg_try_advisory_lock($1::bigint)", {std::to_string(lock_key)});
    if (!taken) return std::unexpected(taken.error());
    return cell(*taken) == "t";
  }

  sql::DatabaseResult<void> lock_transaction(Session& session) const override {
    return ended(
        session.query("SELECT pg_catalog.pg_advisory_xact_lock($1::bigint)", {std::to_string(lock_key)}));
  }

  std::optional<OtherSession> lock_holder(Session& session) const override {
    const auto rows = session.query(
        "SELECT a.pid::text, a.application_name, a.usename::text, a.state,"
        " extract(epoch FROM now() - coalesce(a.xact_start, a.state_change, a.backend_start))::bigint::text"
        " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1::bigint::oid"
        " AND l.objsubid = 1 AND l.pid <> pg_catalog.pg_backend_pid()"
        " AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = "
        "pg_catalog.current_database())"
        " ORDER BY a.pid LIMIT 1",
        {std::to_string(lock_key)});
    if (!rows || rows->empty()) return std::nullopt;
    return read_session(rows->front());
  }

  std::string ending(const std::string& process) const override {
    return "SELECT pg_terminate_backend(" + process + ");";
  }

  std::vector<std::string> maintenance_databases() const override {
    return {"postgres", "template1", "defaultdb"};
  }
  std::string creation(std::string_view database) const override {
    return (text() << "CREATE DATABASE ").name(database).take();
  }
  std::string shadow_creation(std::string_view database) const override {
    return creation(database) + " TEMPLATE template0";
  }
  std::string removal(std::string_view database) const override {
    return (text() << "DROP DATABASE IF EXISTS ").name(database).take() + " WITH (FORCE)";
  }

  // Collations of a database are none of its columns.
  void copy_defaults(Session&, Session&) const override {}

  sql::DatabaseResult<bool> has_tables(Session& session, const std::string& schema) const override {
    return any(session.query(
        "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f') AND c.relname <> '_prisma_migrations'"
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
        " LIMIT 1",
        {schema}));
  }

  sql::DatabaseResult<void> clear(Session& session, const std::vector<std::string>& schemas) const override {
    if (auto begun = session.begin(); !begun) return begun;
    std::vector<std::string> names = schemas;
    names.push_back("_tenon");
    for (const std::string& schema : names) {
      const auto dropped = session.run((text() << "DROP SCHEMA IF EXISTS ").name(schema).take() + " CASCADE");
      if (!dropped) return ended(dropped);
      if (schema == "_tenon") continue;
      const auto made = session.run((text() << "CREATE SCHEMA ").name(schema).take());
      if (!made) return ended(made);
    }
    // As in a new database.
    static_cast<void>(
        session.run("DO $$BEGIN IF pg_catalog.to_regnamespace('public') IS NOT NULL THEN"
                    " GRANT USAGE ON SCHEMA public TO PUBLIC; END IF; END$$"));
    return session.commit();
  }

  sql::DatabaseResult<Rows> unused_databases(Session& session, std::string_view prefix) const override {
    static_cast<void>(session.run(taking_turns));
    return session.query(
        "SELECT d.datname FROM pg_catalog.pg_database d WHERE starts_with(d.datname::text, $1)"
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)",
        {std::string(prefix)});
  }

  std::string_view history_columns() const override {
    return " (\n"
           "    id                      VARCHAR(36) PRIMARY KEY NOT NULL,\n"
           "    checksum                VARCHAR(64) NOT NULL,\n"
           "    finished_at             TIMESTAMPTZ,\n"
           "    migration_name          VARCHAR(255) NOT NULL,\n"
           "    logs                    TEXT,\n"
           "    rolled_back_at          TIMESTAMPTZ,\n"
           "    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
           "    applied_steps_count     INTEGER NOT NULL DEFAULT 0\n"
           ")";
  }
  sql::Literal shown_time_begin() const override { return "to_char("; }
  sql::Literal shown_time_end() const override {
    return " AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS \"UTC\"')";
  }
  std::string_view utc_suffix() const override { return "+00"; }

  TableName journal(const std::string&) const override {
    return {.schema = "_tenon", .table = "migration_steps"};
  }
  sql::DatabaseResult<bool> has_journal(Session& session, const std::string&) const override {
    const auto there = session.run("SELECT pg_catalog.to_regclass('_tenon.migration_steps')");
    if (!there) return std::unexpected(there.error());
    return !cell(*there).empty();
  }
  sql::DatabaseResult<void> create_journal(Session& session, const std::string&) const override {
    return ended(session.run(journal_creation));
  }
  // It is in a schema where nobody looks.
  sql::DatabaseResult<void> drop_empty_journal(Session&, const std::string&) const override { return {}; }

  // An index tells by itself whether it is ready.
  std::string look_of(Session&, const sql::ScriptObject&) const override { return {}; }

  sql::DatabaseResult<Effect> effect_of(Session& session, const sql::ScriptObject& object,
                                        const std::string&) const override {
    if (object.what != What::index_made && object.what != What::index_dropped) return Effect::unknown;
    const auto rows = find_index(session, object);
    if (!rows) return std::unexpected(rows.error());
    if (object.what == What::index_dropped) return rows->empty() ? Effect::done : Effect::nothing;
    if (rows->empty()) return Effect::nothing;
    return rows->front()[2] == "true" ? Effect::done : Effect::half;
  }

  sql::DatabaseResult<void> clean_up(Session& session, const sql::ScriptObject& object) const override {
    const auto rows = find_index(session, object);
    if (!rows || rows->empty()) return ended(rows);
    const Row& row = rows->front();
    return ended(session.run((text() << "DROP INDEX CONCURRENTLY IF EXISTS ")
                                 .qualified(row[0].value_or(""), row[1].value_or(""))
                                 .take()));
  }

 private:
  // The first schema of the search path afterwards; empty when it is not there.
  static sql::DatabaseResult<std::string> set_up_with(Session& session, std::string_view more) {
    std::string text = "SELECT pg_catalog.set_config('IntervalStyle', 'postgres', false), ";
    text += more;
    const auto& schemas = session.url().schemas;
    if (!schemas.empty()) text += "pg_catalog.set_config('search_path', pg_catalog.quote_ident($1), false), ";
    text += "pg_catalog.current_schema()";
    const auto rows = session.query(std::move(text), schemas.empty() ? Row{} : Row{schemas.front()});
    if (!rows) return std::unexpected(rows.error());
    return rows->front().back().value_or("");
  }

  // Schema, name and whether it is valid: left by a CREATE INDEX CONCURRENTLY that did not end, it is not. An
  // index without a name of the script's is looked for at its table.
  static sql::DatabaseResult<Rows> find_index(Session& session, const sql::ScriptObject& object) {
    return session.query(
        "SELECT n.nspname, c.relname, i.indisvalid::text FROM pg_catalog.pg_index i"
        " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE CASE WHEN $1 <> '' THEN c.relname = $1"
        "   ELSE NOT i.indisvalid AND i.indrelid = pg_catalog.to_regclass($2) END"
        " AND CASE WHEN $3 <> '' THEN n.nspname = $3 ELSE n.nspname = ANY (pg_catalog.current_schemas(true)) "
        "END",
        {object.name, text().qualified(object.schema, object.table).take(), object.schema});
  }
};

}  // namespace

const Server& postgres_server() {
  static const PostgresServer server;
  return server;
}

}  // namespace tenon::migrate
