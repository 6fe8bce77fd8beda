#include "migrate/history.h"

#include <charconv>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

#include "base/hash.h"
#include "migrate/session.h"
#include "sql/fragment.h"

namespace tenon::migrate {

namespace {

constexpr std::string_view table = "_prisma_migrations";

// "verb schema.table", with the one table all of this is about.
sql::Text about_history(const Target& target, sql::Literal verb) {
  sql::Text text = text_for(target.engine());
  (text << verb).qualified(target.schema, table);
  return text;
}

// The client's time, as Prisma records it.
std::string now(const Target& target) {
  const auto time = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}{}", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds,
                     target.server().utc_suffix());
}

// As much as the column holds (MySQL: 65,535 bytes), with whole characters.
std::string shortened(const std::string& logs) {
  constexpr std::size_t bytes_max = 60'000;
  if (logs.size() <= bytes_max) return logs;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(logs[end]) & 0xC0U) == 0x80U) --end;
  return logs.substr(0, end);
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
  const Server& server = target.server();
  sql::Text text = text_for(target.engine());
  text << "SELECT id, checksum, migration_name, ";
  for (const sql::Literal time :
       {sql::Literal("started_at"), sql::Literal("finished_at"), sql::Literal("rolled_back_at")})
    text << server.shown_time_begin() << time << server.shown_time_end() << ", ";
  (text << "logs, applied_steps_count FROM ").qualified(target.schema, table)
      << " ORDER BY started_at, migration_name";
  const auto rows = target.session.query(text.take());
  if (!rows && names_no_table(rows.error())) return std::nullopt;
  if (!rows) return std::unexpected(explain(target.session, rows.error()));
  std::vector<HistoryRow> history;
  for (const Row& row : *rows) history.push_back(read_row(row));
  return history;
}

base::Result<void> create_history(Target& target) {
  const auto made = target.session.run(about_history(target, "CREATE TABLE IF NOT EXISTS ").take() +
                                       std::string(target.server().history_columns()));
  if (!made) return std::unexpected(explain(target.session, made.error()));
  return {};
}

sql::DatabaseResult<std::string> record_start(Target& target, const std::string& name,
                                              const std::string& checksum) {
  std::string id = make_uuid();
  sql::Text text = about_history(target, "INSERT INTO ");
  (text << " (id, checksum, migration_name, started_at) VALUES (").parameter(0);
  for (std::uint32_t i = 1; i < 4; ++i) (text << ", ").parameter(i);
  text << ")";
  auto added = target.session.query(text.take(), {id, checksum, name, now(target)});
  if (!added) return std::unexpected(added.error());
  return id;
}

sql::DatabaseResult<void> record_success(Target& target, const std::string& id) {
  sql::Text text = about_history(target, "UPDATE ");
  (text << " SET applied_steps_count = applied_steps_count + 1, finished_at = ").parameter(0);
  (text << " WHERE id = ").parameter(1);
  return ended(target.session.query(text.take(), {now(target), id}));
}

sql::DatabaseResult<void> record_failure(Target& target, const std::string& id, const std::string& logs) {
  sql::Text text = about_history(target, "UPDATE ");
  (text << " SET logs = ").parameter(0);
  (text << " WHERE id = ").parameter(1);
  return ended(target.session.query(text.take(), {shortened(logs), id}));
}

sql::DatabaseResult<void> record_roll_back(Target& target, const std::string& name) {
  sql::Text text = about_history(target, "UPDATE ");
  (text << " SET rolled_back_at = ").parameter(0);
  (text << " WHERE migration_name = ").parameter(1);
  text << " AND finished_at IS NULL AND rolled_back_at IS NULL";
  return ended(target.session.query(text.take(), {now(target), name}));
}

sql::DatabaseResult<void> record_applied(Target& target, const std::string& name,
                                         const std::string& checksum) {
  if (auto rolled_back = record_roll_back(target, name); !rolled_back) return rolled_back;
  sql::Text text = about_history(target, "INSERT INTO ");
  (text << " (id, checksum, migration_name, started_at, finished_at, logs) VALUES (").parameter(0);
  for (std::uint32_t i = 1; i < 5; ++i) (text << ", ").parameter(i);
  text << ", '')";
  const std::string time = now(target);
  return ended(target.session.query(text.take(), {make_uuid(), checksum, name, time, time}));
}

}  // namespace tenon::migrate
