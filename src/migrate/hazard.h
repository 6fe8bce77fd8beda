// What a migration does to a database that is in use: how it can hurt, and how badly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/diff.h"
#include "migrate/warning.h"

namespace tenon::migrate {

enum class HazardKind : std::uint8_t {
  data_loss,            // rows, columns or digits are gone afterwards
  rewrite,              // every row is written again
  lock,                 // others wait while it runs
  may_fail,             // depends on the rows that are there
  breaks_running_code,  // statements of the version before fail
};

enum class Severity : std::uint8_t { note, warning, danger };

// PostgreSQL's table locks that matter here, from weak to strong; MySQL's ways to alter beside them.
enum class LockLevel : std::uint8_t {
  none,
  share_update_exclusive,  // PostgreSQL: blocks other schema changes only
  share,                   // PostgreSQL, MySQL LOCK=SHARED: blocks writes
  share_row_exclusive,     // PostgreSQL: blocks writes, and others of its kind
  access_exclusive,        // blocks everything; MySQL: metadata lock for a moment, or ALGORITHM=COPY
};

struct Hazard {
  HazardKind kind = HazardKind::data_loss;
  Severity severity = Severity::warning;
  LockLevel lock = LockLevel::none;   // of HazardKind::lock
  std::string message;                // what happens
  std::string advice;                 // a safer way; empty when there is none
  std::string table;                  // as scripts name it; empty: none
  std::optional<std::uint64_t> rows;  // of the table, when it is known
  std::size_t step = 0;               // position in Difference::steps
};

std::string_view to_string(HazardKind kind);
std::string_view to_string(Severity severity);
std::string_view to_string(LockLevel level);

struct HazardOptions {
  bool online = false;  // the script is the one of RenderOptions::online
};

std::vector<Hazard> hazards(const Difference& difference, const Statistics& statistics = {},
                            const HazardOptions& options = {});

}  // namespace tenon::migrate
