#include "migrate/target.h"

#include <fmt/format.h>

#include "base/terminal.h"

namespace tenon::migrate {

namespace {

template <class T>
base::Result<T> for_people(const Session& session, sql::DatabaseResult<T> outcome) {
  if (!outcome) return std::unexpected(explain(session, outcome.error()));
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(*outcome);
  }
}

sql::DatabaseUrl with_database(sql::DatabaseUrl url, std::string_view database) {
  url.database = database;
  return url;
}

// Runs a statement about `url`'s database in another one of its server.
base::Result<void> run_beside(const sql::DatabaseUrl& url, const std::string& statement) {
  std::optional<base::Error> first;
  for (const std::string& database : server_of(url.engine).maintenance_databases()) {
    if (database == url.database) continue;
    auto session = Session::open(with_database(url, database), "tenon migrate");
    if (session) {
      const auto done = session->run(statement);
      if (!done) return std::unexpected(explain(*session, done.error()));
      return {};
    }
    if (!first) first = sql::to_error(session.error(), with_database(url, database).target());
  }
  return std::unexpected(std::move(*first));
}

}  // namespace

const Server& server_of(catalog::Engine engine) {
  return engine == catalog::Engine::mysql ? mysql_server() : postgres_server();
}

std::string to_string(const OtherSession& session) {
  if (session.user.empty() && session.state.empty()) return fmt::format("process {}", session.process);
  std::string who = session.application.empty() ? "unnamed" : base::printable(session.application);
  return fmt::format("process {} ({}, user {}), {} for {}", session.process, who,
                     base::printable(session.user), session.state.empty() ? "unknown" : session.state,
                     base::human_duration(std::chrono::seconds(session.seconds)));
}

base::Result<void> create_database(const sql::DatabaseUrl& url) {
  auto made = run_beside(url, server_of(url.engine).creation(url.database));
  if (made) return made;
  return base::fail(base::code::database_not_created,
                    fmt::format("The database {} does not exist and cannot be created: {}", url.target(),
                                made.error().message),
                    "create it, or use a user that may");
}

base::Result<void> drop_database(const sql::DatabaseUrl& url) {
  return run_beside(url, server_of(url.engine).removal(url.database));
}

base::Result<Target> open_target(const sql::DatabaseUrl& url, const TargetOptions& options) {
  auto session = Session::open(url, options.purpose);
  const bool missing = !session && session.error().sqlstate == "3D000";
  if (missing && options.create_missing) {
    if (auto made = create_database(url); !made) return std::unexpected(made.error());
    session = Session::open(url, options.purpose);
  }
  if (!session) return std::unexpected(sql::to_error(session.error(), url.target()));
  const Server& server = server_of(url.engine);
  const auto asked = url.parameters.find("pgbouncer");
  const bool pooled = options.pooled || (asked != url.parameters.end() && asked->second == "true");
  Target target{.session = std::move(*session),
                .purpose = options.purpose,
                .pooled = pooled && server.locks_by_transaction(),
                .without_lock = options.without_lock,
                .created = missing};
  auto schema = server.set_up(target.session);
  if (!schema) return std::unexpected(explain(target.session, schema.error()));
  target.schema = std::move(*schema);
  return target;
}

base::Result<void> reset_session(Target& target) {
  return for_people(target.session, target.server().reset(target.session));
}

std::vector<sql::ScriptStatement> split_script(catalog::Engine engine, std::string_view script) {
  return server_of(engine).split(script);
}

sql::DatabaseResult<void> set_lock_timeout(Session& session, std::chrono::milliseconds timeout) {
  return server_of(session.url().engine).set_lock_timeout(session, timeout);
}

bool lock_timed_out(const sql::DatabaseError& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01" || error.failure == sql::Failure::deadlock;
}

bool names_no_table(const sql::DatabaseError& error) {
  return error.sqlstate == "42P01" || error.sqlstate == "42S02";
}

std::string process_of(Session& session) { return server_of(session.url().engine).process_of(session); }

std::vector<OtherSession> blockers_of(Session& session, const std::string& process) {
  return server_of(session.url().engine).blockers_of(session, process);
}

base::Result<bool> has_tables(Target& target, const std::vector<std::string>& schemas) {
  const bool has_schemas = target.engine() == catalog::Engine::postgresql;
  for (const std::string& schema : has_schemas ? schemas : std::vector<std::string>{target.schema}) {
    const auto found = target.server().has_tables(target.session, schema);
    if (!found) return std::unexpected(explain(target.session, found.error()));
    if (*found) return true;
  }
  return false;
}

base::Result<void> clear_schemas(Target& target, const std::vector<std::string>& schemas) {
  return for_people(target.session, target.server().clear(target.session, schemas));
}

base::Result<Effect> effect_of(Target& target, const sql::ScriptObject& object, const std::string& before) {
  return for_people(target.session, target.server().effect_of(target.session, object, before));
}

base::Result<Effect> settle(Target& target, const sql::ScriptObject& object, const std::string& before) {
  auto effect = effect_of(target, object, before);
  if (!effect || *effect != Effect::half) return effect;
  const auto cleaned = target.server().clean_up(target.session, object);
  if (!cleaned) return std::unexpected(explain(target.session, cleaned.error()));
  return Effect::nothing;
}

sql::Text text_for(catalog::Engine engine) { return sql::Text(server_of(engine).quoting()); }

std::string quoted(catalog::Engine engine, std::string_view name) {
  return text_for(engine).name(name).take();
}

}  // namespace tenon::migrate
