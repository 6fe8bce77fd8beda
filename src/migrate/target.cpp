#include "migrate/target.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/terminal.h"
#include "sql/fragment.h"
#include "sql/postgres/script.h"

namespace tenon::migrate {

namespace {

// Where a server is asked when the database that is wanted is not there.
constexpr std::array<std::string_view, 3> maintenance_databases{"postgres", "template1", "defaultdb"};

// The server ends work for a client that has gone: without it CREATE INDEX of a killed run would go on, and
// hold the lock. Refused by old servers and on some systems, which is no harm.
constexpr std::string_view notice_of_death =
    "SELECT pg_catalog.set_config('client_connection_check_interval', '2s', false),"
    " pg_catalog.set_config('tcp_keepalives_idle', '30', false),"
    " pg_catalog.set_config('tcp_keepalives_interval', '10', false),"
    " pg_catalog.set_config('tcp_keepalives_count', '3', false)";

base::Error failure(const Session& session, const sql::DatabaseError& error) {
  return explain(session, error);
}

base::Result<void> done(const Session& session, const sql::DatabaseResult<Rows>& rows) {
  if (!rows) return std::unexpected(failure(session, rows.error()));
  return {};
}

sql::DatabaseUrl with_database(sql::DatabaseUrl url, std::string_view database) {
  url.database = database;
  return url;
}

// Runs a statement about `url`'s database in another one of its server.
base::Result<void> run_beside(const sql::DatabaseUrl& url, const std::string& statement) {
  std::optional<base::Error> first;
  for (const std::string_view database : maintenance_databases) {
    if (database == url.database) continue;
    auto session = Session::open(with_database(url, database), "tenon migrate");
    if (session) return done(*session, session->run(statement));
    if (!first) first = sql::to_error(session.error(), with_database(url, database).target());
  }
  return std::unexpected(std::move(*first));
}

sql::Text postgres_text() { return sql::Text(sql::Quoting{}); }

std::uint64_t number(const std::optional<std::string>& text) {
  std::uint64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

base::Result<void> set_session(Target& target) {
  Session& session = target.session;
  static_cast<void>(session.run(notice_of_death));
  if (auto set = session.run("SET IntervalStyle = 'postgres'"); !set) return done(session, set);
  const auto& schemas = session.url().schemas;
  if (schemas.empty()) return {};
  return done(session,
              session.query("SELECT pg_catalog.set_config('search_path', pg_catalog.quote_ident($1), false)",
                            {schemas.front()}));
}

base::Result<void> find_schema(Target& target) {
  Session& session = target.session;
  auto found = session.run("SELECT pg_catalog.current_schema()");
  if (found && cell(*found).empty() && !session.url().schemas.empty()) {
    const auto made = session.run(
        (postgres_text() << "CREATE SCHEMA IF NOT EXISTS ").name(session.url().schemas.front()).take());
    if (!made) return done(session, made);
    found = session.run("SELECT pg_catalog.current_schema()");
  }
  if (!found) return done(session, found);
  target.schema = cell(*found);
  if (target.schema.empty()) target.schema = "public";
  return {};
}

}  // namespace

std::string to_string(const OtherSession& session) {
  std::string who = session.application.empty() ? "unnamed" : base::printable(session.application);
  return fmt::format("process {} ({}, user {}), {} for {}", session.process, who,
                     base::printable(session.user), session.state.empty() ? "unknown" : session.state,
                     base::human_duration(std::chrono::seconds(session.seconds)));
}

base::Result<void> create_database(const sql::DatabaseUrl& url) {
  auto made = run_beside(url, (postgres_text() << "CREATE DATABASE ").name(url.database).take());
  if (made) return made;
  return base::fail(base::code::database_not_created,
                    fmt::format("The database {} does not exist and cannot be created: {}", url.target(),
                                made.error().message),
                    "create it, or use a user that may");
}

base::Result<void> drop_database(const sql::DatabaseUrl& url) {
  return run_beside(
      url, (postgres_text() << "DROP DATABASE IF EXISTS ").name(url.database).take() + " WITH (FORCE)");
}

base::Result<Target> open_target(const sql::DatabaseUrl& url, const TargetOptions& options) {
  if (url.engine != catalog::Engine::postgresql)
    return base::fail(base::code::engine_unsupported, "Migrations are for PostgreSQL databases.");
  auto session = Session::open(url, options.purpose);
  const bool missing = !session && session.error().sqlstate == "3D000";
  if (missing && options.create_missing) {
    if (auto made = create_database(url); !made) return std::unexpected(made.error());
    session = Session::open(url, options.purpose);
  }
  if (!session) return std::unexpected(sql::to_error(session.error(), url.target()));
  const auto asked = url.parameters.find("pgbouncer");
  Target target{.session = std::move(*session),
                .purpose = options.purpose,
                .pooled = options.pooled || (asked != url.parameters.end() && asked->second == "true"),
                .without_lock = options.without_lock,
                .created = missing};
  if (auto set = set_session(target); !set) return std::unexpected(set.error());
  if (auto found = find_schema(target); !found) return std::unexpected(found.error());
  return target;
}

base::Result<void> reset_session(Target& target) {
  if (auto reset = target.session.run("RESET ALL"); !reset) return done(target.session, reset);
  return set_session(target);
}

std::vector<sql::ScriptStatement> split_script(catalog::Engine, std::string_view script) {
  return sql::postgres::split_script(script);
}

sql::DatabaseResult<void> set_lock_timeout(Session& session, std::chrono::milliseconds timeout) {
  auto set = session.query("SELECT pg_catalog.set_config('lock_timeout', $1, false)",
                           {std::to_string(timeout.count())});
  if (!set) return std::unexpected(set.error());
  return {};
}

bool lock_timed_out(const sql::DatabaseError& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01";
}

std::string process_of(Session& session) {
  const auto found = session.run("SELECT pg_catalog.pg_backend_pid()");
  return found ? cell(*found) : std::string();
}

std::vector<OtherSession> blockers_of(Session& session, const std::string& process) {
  const auto rows = session.query(
      "SELECT pid::text, application_name, usename::text, state,"
      " extract(epoch FROM now() - coalesce(state_change, backend_start))::bigint::text"
      " FROM pg_catalog.pg_stat_activity WHERE pid = ANY (pg_catalog.pg_blocking_pids($1::int)) ORDER BY 1",
      {process});
  std::vector<OtherSession> found;
  if (!rows) return found;
  for (const Row& row : *rows)
    found.push_back({.process = row[0].value_or(""),
                     .application = row[1].value_or(""),
                     .user = row[2].value_or(""),
                     .state = row[3].value_or(""),
                     .seconds = number(row[4])});
  return found;
}

base::Result<bool> has_tables(Target& target, const std::vector<std::string>& schemas) {
  for (const std::string& schema : schemas) {
    const auto rows = target.session.query(
        "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f') AND c.relname <> '_prisma_migrations'"
        " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
        " LIMIT 1",
        {schema});
    if (!rows) return std::unexpected(failure(target.session, rows.error()));
    if (!rows->empty()) return true;
  }
  return false;
}

base::Result<void> clear_schemas(Target& target, const std::vector<std::string>& schemas) {
  if (auto begun = target.session.begin(); !begun)
    return std::unexpected(failure(target.session, begun.error()));
  std::vector<std::string> names = schemas;
  names.push_back("_tenon");
  for (const std::string& schema : names) {
    const auto dropped =
        target.session.run((postgres_text() << "DROP SCHEMA IF EXISTS ").name(schema).take() + " CASCADE");
    if (!dropped) return done(target.session, dropped);
    if (schema == "_tenon") continue;
    const auto made = target.session.run((postgres_text() << "CREATE SCHEMA ").name(schema).take());
    if (!made) return done(target.session, made);
  }
  // As in a new database.
  static_cast<void>(
      target.session.run("DO $$BEGIN IF pg_catalog.to_regnamespace('public') IS NOT NULL THEN"
                         " GRANT USAGE ON SCHEMA public TO PUBLIC; END IF; END$$"));
  if (auto ended = target.session.commit(); !ended)
    return std::unexpected(failure(target.session, ended.error()));
  return {};
}

base::Result<Remains> settle(Target& target, const sql::ScriptObject& object) {
  using What = sql::ScriptObject::What;
  if (object.what == What::nothing || object.what == What::index_rebuilt) return Remains::nothing;
  // Invalid: left by a CREATE INDEX CONCURRENTLY that did not end. An index without a name of the script's
  // is looked for at its table.
  const auto rows = target.session.query(
      "SELECT n.nspname, c.relname, i.indisvalid::text FROM pg_catalog.pg_index i"
      " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE CASE WHEN $1 <> '' THEN c.relname = $1"
      "   ELSE NOT i.indisvalid AND i.indrelid = pg_catalog.to_regclass($2) END"
      " AND CASE WHEN $3 <> '' THEN n.nspname = $3 ELSE n.nspname = ANY (pg_catalog.current_schemas(true)) "
      "END",
      {object.name,
       (object.schema.empty() ? std::string() : quoted(target.engine(), object.schema) + ".") +
           quoted(target.engine(), object.table),
       object.schema});
  if (!rows) return std::unexpected(failure(target.session, rows.error()));
  if (object.what == What::index_dropped) return rows->empty() ? Remains::done : Remains::nothing;
  if (rows->empty()) return Remains::nothing;
  const Row& row = rows->front();
  if (row[2] == "true") return Remains::done;
  const auto dropped = target.session.run((postgres_text() << "DROP INDEX CONCURRENTLY IF EXISTS ")
                                              .qualified(row[0].value_or(""), row[1].value_or(""))
                                              .take());
  if (!dropped) return std::unexpected(failure(target.session, dropped.error()));
  return Remains::nothing;
}

std::string quoted(catalog::Engine, std::string_view name) { return postgres_text().name(name).take(); }

}  // namespace tenon::migrate
