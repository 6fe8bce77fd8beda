// What migrations ask of a server, in its own words: one object for each engine, without state
// (server_postgres.cpp, server_mysql.cpp). Everything else in this folder is the same for both.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/batch.h"
#include "migrate/session.h"
#include "sql/fragment.h"
#include "sql/script.h"
#include "sql/url.h"

namespace tenon::migrate {

struct OtherSession;
struct TableName {
  std::string schema;
  std::string table;
};
enum class Effect : std::uint8_t;

class Server {
 public:
  virtual ~Server() = default;

  virtual sql::Quoting quoting() const = 0;
  virtual std::vector<sql::ScriptStatement> split(std::string_view script) const = 0;
  // Where in the statement `text` an error is, in bytes; zero when it does not say.
  virtual std::size_t place_of(const sql::DatabaseError& error, std::string_view text) const = 0;

  // The statement in parts, each to be run in a transaction of its own.
  virtual std::unique_ptr<BatchWalk> batches(BatchWork work) const = 0;

  // Sessions: settings at their beginning, which gives the schema of the history (made when the URL names
  // it), the same again after scripts, how long a statement waits for a lock (zero: for ever), the server's
  // own id.
  virtual sql::DatabaseResult<std::string> set_up(Session& session) const = 0;
  virtual sql::DatabaseResult<void> reset(Session& session) const = 0;
  virtual sql::DatabaseResult<void> set_lock_timeout(Session& session,
                                                     std::chrono::milliseconds timeout) const = 0;
  // Until the next set_lock_timeout: `statement` is refused at once when somebody uses its table. False: it
  // waits as before, for that ends nobody's transaction, or it has much to do before it asks for its last
  // lock, or the server has no such setting.
  virtual sql::DatabaseResult<bool> refuse_waits(Session& session, std::string_view statement) const = 0;
  virtual std::string process_of(Session& session) const = 0;
  virtual std::vector<OtherSession> blockers_of(Session& session, const std::string& process) const = 0;

  // The lock of migrations, until the session ends. `lock_transaction`: until the transaction does, where a
  // pooler may change sessions.
  virtual bool locks_by_transaction() const = 0;
  virtual sql::DatabaseResult<bool> try_lock(Session& session) const = 0;
  virtual sql::DatabaseResult<void> lock_transaction(Session& session) const = 0;
  virtual std::optional<OtherSession> lock_holder(Session& session) const = 0;
  // The statement that ends another session.
  virtual std::string ending(const std::string& process) const = 0;

  // Databases. `beside`: those whose sessions can tell of a database that is not there, best first.
  virtual std::vector<std::string> maintenance_databases() const = 0;
  virtual std::string creation(std::string_view database) const = 0;
  virtual std::string shadow_creation(std::string_view database) const = 0;
  virtual std::string removal(std::string_view database) const = 0;
  // What tables of the database `to` are made with when they do not say it becomes that of `from`'s, where
  // both servers know it.
  virtual void copy_defaults(Session& from, Session& to) const = 0;
  virtual sql::DatabaseResult<bool> has_tables(Session& session, const std::string& schema) const = 0;
  virtual sql::DatabaseResult<void> clear(Session& session,
                                          const std::vector<std::string>& schemas) const = 0;
  // Databases whose name begins so and that no session uses; until the session ends nobody else is told.
  virtual sql::DatabaseResult<Rows> unused_databases(Session& session, std::string_view prefix) const = 0;

  // Tenon's and Prisma's own tables.
  // What follows CREATE TABLE IF NOT EXISTS _prisma_migrations: exactly Prisma's.
  virtual std::string_view history_columns() const = 0;
  // A time of the history as text that ends with UTC.
  virtual sql::Literal shown_time_begin() const = 0;
  virtual sql::Literal shown_time_end() const = 0;
  // Behind the digits of a time in UTC that is written.
  virtual std::string_view utc_suffix() const = 0;
  // Of the history in `schema`.
  virtual TableName journal(const std::string& schema) const = 0;
  virtual sql::DatabaseResult<bool> has_journal(Session& session, const std::string& schema) const = 0;
  virtual sql::DatabaseResult<void> create_journal(Session& session, const std::string& schema) const = 0;
  // Where there is one, and a table of Tenon's beside those of people is in the way.
  virtual sql::DatabaseResult<void> drop_empty_journal(Session& session, const std::string& schema) const = 0;

  // What the object looks like now, as a short text to be compared with later; empty where that is not told.
  virtual std::string look_of(Session& session, const sql::ScriptObject& object) const = 0;
  // What a statement about `object` that was interrupted has left, when the object looked like `before`.
  virtual sql::DatabaseResult<Effect> effect_of(Session& session, const sql::ScriptObject& object,
                                                const std::string& before) const = 0;
  // Removes what is half made.
  virtual sql::DatabaseResult<void> clean_up(Session& session, const sql::ScriptObject& object) const = 0;
};

const Server& postgres_server();
const Server& mysql_server();
const Server& server_of(catalog::Engine engine);

}  // namespace tenon::migrate
