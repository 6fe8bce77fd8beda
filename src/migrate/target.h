// The database that migrations are applied to, and what of that differs between engines.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "migrate/server.h"
#include "migrate/session.h"
#include "sql/fragment.h"
#include "sql/script.h"
#include "sql/url.h"

namespace tenon::migrate {

// Another session, as people may look for it. What the server does not tell is empty.
struct OtherSession {
  std::string process;  // its id at the server
  std::string application;
  std::string user;
  std::string state;          // active, idle in transaction …
  std::uint64_t seconds = 0;  // that it has been in this state
};

// `process 4711 (psql, user app), idle in transaction for 12 s`.
std::string to_string(const OtherSession& session);

struct TargetOptions {
  std::string purpose;          // application_name
  bool create_missing = false;  // the database, when the server has none of that name
  bool pooled = false;          // a pooler may use another session for each transaction
  bool without_lock = false;    // somebody else sees to it that one migration runs at a time
};

// An open database. Statements of Tenon itself name `schema`, since a script may change the search path.
struct Target {
  Session session;
  std::string schema;  // the first of the search path, MySQL: the database; where the history is
  std::string purpose;
  bool pooled = false;
  bool without_lock = false;
  bool created = false;  // the database has just been made

  catalog::Engine engine() const { return session.url().engine; }
  const Server& server() const { return server_of(engine()); }
  std::string name() const { return session.url().target(); }
};

// P1001 … P3000. The first schema of the URL's `?schema=` is made when it is missing.
base::Result<Target> open_target(const sql::DatabaseUrl& url, const TargetOptions& options);

// Undoes what scripts may have set in the session.
base::Result<void> reset_session(Target& target);

// The statements of a script in the target's language.
std::vector<sql::ScriptStatement> split_script(catalog::Engine engine, std::string_view script);

// How long a statement waits for a lock before it fails with `lock_timed_out`; zero: for ever.
sql::DatabaseResult<void> set_lock_timeout(Session& session, std::chrono::milliseconds timeout);
bool lock_timed_out(const sql::DatabaseError& error);
// Whether a statement failed because there is no such table.
bool names_no_table(const sql::DatabaseError& error);

// The server's id of the session; sessions that hold a lock which `process` waits for.
std::string process_of(Session& session);
std::vector<OtherSession> blockers_of(Session& session, const std::string& process);

// Whether tables other than Tenon's and Prisma's own are in `schemas`.
base::Result<bool> has_tables(Target& target, const std::vector<std::string>& schemas);

// Removes everything from `schemas` and makes them again; with MySQL, from the database.
base::Result<void> clear_schemas(Target& target, const std::vector<std::string>& schemas);

// Makes the database of `url`, or drops it with everybody's sessions; from another one of the server's.
base::Result<void> create_database(const sql::DatabaseUrl& url);
base::Result<void> drop_database(const sql::DatabaseUrl& url);

// What a statement that stands alone and was interrupted has left.
enum class Effect : std::uint8_t {
  unknown,  // it does not show
  nothing,
  half,  // an invalid index
  done,
};
// Looks; `before` is what Server::look_of said before the statement began.
base::Result<Effect> effect_of(Target& target, const sql::ScriptObject& object, const std::string& before);
// The same, and removes what is half made: then it is `nothing`.
base::Result<Effect> settle(Target& target, const sql::ScriptObject& object, const std::string& before = {});

// "name" as the engine quotes it.
std::string quoted(catalog::Engine engine, std::string_view name);
// The text of a statement for the engine.
sql::Text text_for(catalog::Engine engine);

}  // namespace tenon::migrate
