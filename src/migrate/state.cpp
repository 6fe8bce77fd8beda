#include "migrate/state.h"

#include <algorithm>
#include <map>

namespace tenon::migrate {

namespace {

using StateKind = MigrationState::Kind;

template <class Condition>
std::vector<const MigrationState*> all_that(const State& state, Condition holds) {
  std::vector<const MigrationState*> found;
  for (const MigrationState& each : state.migrations)
    if (holds(each)) found.push_back(&each);
  return found;
}

// The row that counts for each name: rolled back ones do not, and one that is finished outweighs others.
std::map<std::string, HistoryRow> rows_that_count(const std::vector<HistoryRow>& history) {
  std::map<std::string, HistoryRow> rows;
  for (const HistoryRow& row : history) {
    if (row.rolled_back() || row.name.starts_with(guest_prefix)) continue;
    const auto found = rows.find(row.name);
    if (found == rows.end() || !found->second.applied()) rows.insert_or_assign(row.name, row);
  }
  return rows;
}

MigrationState state_of(const Migration& migration, const HistoryRow* row) {
  MigrationState state{.name = migration.name};
  if (row == nullptr) return state;
  state.row = *row;
  state.kind = row->applied() ? StateKind::applied : StateKind::failed;
  state.edited = row->applied() && migration.text && !checksum_matches(row->checksum, *migration.text);
  return state;
}

}  // namespace

std::vector<const MigrationState*> State::of(StateKind kind) const {
  return all_that(*this, [&](const MigrationState& each) { return each.kind == kind; });
}

std::vector<const MigrationState*> State::edited() const {
  return all_that(*this, [](const MigrationState& each) { return each.edited; });
}

std::vector<const MigrationState*> State::out_of_order() const {
  return all_that(*this, [](const MigrationState& each) { return each.out_of_order; });
}

bool State::up_to_date() const {
  return std::ranges::none_of(guests, &HistoryRow::failed) &&
         std::ranges::all_of(migrations, [](const MigrationState& each) {
           return each.kind == StateKind::applied && !each.edited;
         });
}

State compare(const Folder& folder, const std::optional<std::vector<HistoryRow>>& history) {
  State state{.has_history = history.has_value()};
  if (history)
    std::ranges::copy_if(*history, std::back_inserter(state.guests), [](const HistoryRow& row) {
      return row.name.starts_with(guest_prefix) && !row.rolled_back();
    });
  auto rows = rows_that_count(history.value_or(std::vector<HistoryRow>()));
  for (const Migration& migration : folder.migrations) {
    const auto row = rows.find(migration.name);
    state.migrations.push_back(state_of(migration, row == rows.end() ? nullptr : &row->second));
  }
  for (const auto& [name, row] : rows)
    if (folder.find(name) == nullptr)
      state.migrations.push_back(
          {.name = name, .kind = row.applied() ? StateKind::missing : StateKind::failed, .row = row});
  std::ranges::sort(state.migrations, {}, &MigrationState::name);
  bool later_applied = false;
  for (auto each = state.migrations.rbegin(); each != state.migrations.rend(); ++each) {
    each->out_of_order = each->kind == StateKind::pending && later_applied;
    later_applied = later_applied || each->kind == StateKind::applied || each->kind == StateKind::missing;
  }
  return state;
}

}  // namespace tenon::migrate
