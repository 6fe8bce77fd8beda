// How a migration can hurt a database that is in use, and how badly; lint.h says which one does.
#pragma once

#include <cstdint>
#include <string_view>

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

std::string_view to_string(HazardKind kind);
std::string_view to_string(Severity severity);
std::string_view to_string(LockLevel level);

}  // namespace tenon::migrate
