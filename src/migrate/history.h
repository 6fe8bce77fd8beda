// `_prisma_migrations`: which migrations ran, as Prisma records it, so that both tools go on where the other
// one stopped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "migrate/target.h"

namespace tenon::migrate {

struct HistoryRow {
  std::string id;  // UUID
  std::string checksum;
  std::string name;
  std::string started_at;  // UTC, "2026-01-01 00:00:00.000 UTC"
  std::optional<std::string> finished_at;
  std::optional<std::string> rolled_back_at;
  std::optional<std::string> logs;
  std::int64_t applied_steps_count = 0;

  // A row that was rolled back counts for nothing: a later one may be of the same migration.
  bool rolled_back() const { return rolled_back_at.has_value(); }
  bool applied() const { return finished_at && !rolled_back_at; }
  bool failed() const { return !finished_at && !rolled_back_at; }
};

// nullopt: there is no such table. In the order in which the migrations started.
base::Result<std::optional<std::vector<HistoryRow>>> read_history(Target& target);

base::Result<void> create_history(Target& target);

// A new row of a migration that starts now. These run in the transaction that is open, if one is.
sql::DatabaseResult<std::string> record_start(Target& target, const std::string& name,
                                              const std::string& checksum);
sql::DatabaseResult<void> record_success(Target& target, const std::string& id);
sql::DatabaseResult<void> record_failure(Target& target, const std::string& id, const std::string& logs);
// Rows of the name that failed.
sql::DatabaseResult<void> record_roll_back(Target& target, const std::string& name);
// Somebody else has applied it: rows of the name that failed are rolled back, a finished one is added.
sql::DatabaseResult<void> record_applied(Target& target, const std::string& name,
                                         const std::string& checksum);

// A random UUID.
std::string make_uuid();

}  // namespace tenon::migrate
