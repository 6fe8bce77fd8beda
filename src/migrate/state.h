// How a folder of migrations and a database's history stand to each other. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/folder.h"
#include "migrate/history.h"

namespace tenon::migrate {

struct MigrationState {
  enum class Kind : std::uint8_t {
    applied,
    pending,
    failed,   // it began and did not end
    missing,  // recorded as applied, and not in the folder
  };
  std::string name;
  Kind kind = Kind::pending;
  bool edited = false;            // its text is not what was applied
  bool out_of_order = false;      // pending, and sorts before one that is applied
  std::optional<HistoryRow> row;  // of applied, failed and missing ones
};

// Rows that are of another tool which Tenon ran (`deploy --with alembic`): `alembic:` and its revision.
inline constexpr std::string_view guest_prefix = "alembic:";

struct State {
  bool has_history = false;                // the history's table exists
  std::vector<MigrationState> migrations;  // of both, sorted by name
  std::vector<HistoryRow> guests;          // of another tool, in the order in which they began

  std::vector<const MigrationState*> of(MigrationState::Kind kind) const;
  std::vector<const MigrationState*> edited() const;
  std::vector<const MigrationState*> out_of_order() const;
  bool up_to_date() const;  // nothing pending, failed, missing, edited
};

State compare(const Folder& folder, const std::optional<std::vector<HistoryRow>>& history);

}  // namespace tenon::migrate
