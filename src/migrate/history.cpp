#include "migrate/history.h"

#include <charconv>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

#include "base/hash.h"
#include "sql/fragment.h"

namespace tenon::migrate {

namespace {

constexpr std::string_view table = "_prisma_migrations";

// "verb schema.table rest", with the one table all of this is about.
std::string about_history(const Target& target, sql::Literal before, sql::Literal after) {
  sql::Text text{sql::Quoting{}};
  (text << before).qualified(target.schema, table) << after;
  return text.take();
}

// The client's time, as Prisma records it.
std::string now() {
  const auto time = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}+00", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds);
}

sql::DatabaseResult<void> ended(const sql::DatabaseResult<Rows>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return {};
}

HistoryRow read_row(const Row& row) {
  HistoryRow read{.id = row[0].value_or(""),
                  .checksum = row[1].value_or(""),
                  .name = row[2].value_or(""),
                  .started_at = row[3].value_or(""),
                  .finished_at = row[4],
                  .rolled_back_at = row[5],
                  .logs = row[6]};
  const std::string count = row[7].value_or("0");
  std::from_chars(count.data(), count.data() + count.size(), read.applied_steps_count);
  return read;
}

}  // namespace

std::string make_uuid() {
  std::string hex = base::random_hex(16);
  hex[12] = '4';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) & 3U];
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

base::Result<std::optional<std::vector<HistoryRow>>> read_history(Target& target) {
  const auto there = target.session.query(
      "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE n.nspname = $1 AND c.relname = '_prisma_migrations'",
      {target.schema});
  if (!there) return std::unexpected(explain(target.session, there.error()));
  if (there->empty()) return std::nullopt;
  const auto rows = target.session.query(
      about_history(target,
                    "SELECT id, checksum, migration_name,"
                    " to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS \"UTC\"'),"
                    " to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS \"UTC\"'),"
                    " to_char(rolled_back_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS \"UTC\"'),"
                    " logs, applied_steps_count::text FROM ",
                    " ORDER BY started_at, migration_name"));
  if (!rows) return std::unexpected(explain(target.session, rows.error()));
  std::vector<HistoryRow> history;
  for (const Row& row : *rows) history.push_back(read_row(row));
  return history;
}

base::Result<void> create_history(Target& target) {
  const auto made =
      target.session.run(about_history(target, "CREATE TABLE IF NOT EXISTS ",
                                       " (\n"
                                       "    id                      VARCHAR(36) PRIMARY KEY NOT NULL,\n"
                                       "    checksum                VARCHAR(64) NOT NULL,\n"
                                       "    finished_at             TIMESTAMPTZ,\n"
                                       "    migration_name          VARCHAR(255) NOT NULL,\n"
                                       "    logs                    TEXT,\n"
                                       "    rolled_back_at          TIMESTAMPTZ,\n"
                                       "    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
                                       "    applied_steps_count     INTEGER NOT NULL DEFAULT 0\n"
                                       ")"));
  if (!made) return std::unexpected(explain(target.session, made.error()));
  return {};
}

sql::DatabaseResult<std::string> record_start(Target& target, const std::string& name,
                                              const std::string& checksum) {
  std::string id = make_uuid();
  auto added = target.session.query(
      about_history(target, "INSERT INTO ",
                    " (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, $4::timestamptz)"),
      {id, checksum, name, now()});
  if (!added) return std::unexpected(added.error());
  return id;
}

sql::DatabaseResult<void> record_success(Target& target, const std::string& id) {
  return ended(target.session.query(
      about_history(target, "UPDATE ",
                    " SET applied_steps_count = applied_steps_count + 1, finished_at = $2::timestamptz"
                    " WHERE id = $1"),
      {id, now()}));
}

sql::DatabaseResult<void> record_failure(Target& target, const std::string& id, const std::string& logs) {
  return ended(
      target.session.query(about_history(target, "UPDATE ", " SET logs = $2 WHERE id = $1"), {id, logs}));
}

sql::DatabaseResult<void> record_roll_back(Target& target, const std::string& name) {
  return ended(
      target.session.query(about_history(target, "UPDATE ",
                                         " SET rolled_back_at = $2::timestamptz WHERE migration_name = $1"
                                         " AND finished_at IS NULL AND rolled_back_at IS NULL"),
                           {name, now()}));
}

sql::DatabaseResult<void> record_applied(Target& target, const std::string& name,
                                         const std::string& checksum) {
  if (auto rolled_back = record_roll_back(target, name); !rolled_back) return rolled_back;
  return ended(
      target.session.query(about_history(target, "INSERT INTO ",
                                         " (id, checksum, migration_name, started_at, finished_at, logs)"
                                         " VALUES ($1, $2, $3, $4::timestamptz, $4::timestamptz, '')"),
                           {make_uuid(), checksum, name, now()}));
}

}  // namespace tenon::migrate
