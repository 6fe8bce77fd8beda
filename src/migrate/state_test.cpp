// A folder against a history: what is applied, pending, failed, missing, edited, out of order.
#include "migrate/state.h"

#include <gtest/gtest.h>

namespace tenon::migrate {
namespace {

Folder folder_of(std::vector<std::string> names) {
  Folder folder;
  for (std::string& name : names)
    folder.migrations.push_back({.name = std::move(name), .file = {}, .text = "x"});
  return folder;
}

HistoryRow row(std::string name, bool finished = true, bool rolled_back = false) {
  return {.checksum = checksum("x"),
          .name = std::move(name),
          .finished_at = finished ? std::optional<std::string>("then") : std::nullopt,
          .rolled_back_at = rolled_back ? std::optional<std::string>("then") : std::nullopt};
}

// "a applied, b pending!": ! out of order, ~ edited.
std::string shown(const State& state) {
  std::string text;
  for (const MigrationState& each : state.migrations) {
    constexpr std::string_view kinds[] = {"applied", "pending", "failed", "missing"};
    if (!text.empty()) text += ", ";
    text += each.name + " " + std::string(kinds[static_cast<std::size_t>(each.kind)]);
    if (each.out_of_order) text += "!";
    if (each.edited) text += "~";
  }
  return text;
}

TEST(MigrationStates, OfAFolderWithoutHistoryArePending) {
  const State state = compare(folder_of({"a", "b"}), std::nullopt);
  EXPECT_FALSE(state.has_history);
  EXPECT_EQ(shown(state), "a pending, b pending");
  EXPECT_FALSE(state.up_to_date());
}
TEST(MigrationStates, FollowTheRows) {
  EXPECT_EQ(shown(compare(folder_of({"a", "b", "c"}), {{row("a"), row("b", false)}})),
            "a applied, b failed, c pending");
  EXPECT_TRUE(compare(folder_of({"a"}), {{row("a")}}).up_to_date());
}
TEST(MigrationStates, ForgetWhatWasRolledBack) {
  EXPECT_EQ(shown(compare(folder_of({"a"}), {{row("a", false, true)}})), "a pending");
  EXPECT_EQ(shown(compare(folder_of({"a"}), {{row("a", false, true), row("a")}})), "a applied");
  EXPECT_EQ(shown(compare(folder_of({"a"}), {{row("a"), row("a", false)}})), "a applied");
}
TEST(MigrationStates, NoticeMissingEditedAndLateOnes) {
  EXPECT_EQ(shown(compare(folder_of({"a", "b"}), {{row("b"), row("c")}})),
            "a pending!, b applied, c missing");
  HistoryRow other = row("a");
  other.checksum = checksum("y");
  const State state = compare(folder_of({"a"}), {{other}});
  EXPECT_EQ(shown(state), "a applied~");
  EXPECT_FALSE(state.up_to_date());
  EXPECT_EQ(state.edited().size(), 1U);
}
TEST(MigrationStates, OfAFailedOneThatIsNoLongerThereStayFailed) {
  EXPECT_EQ(shown(compare(folder_of({}), {{row("a", false)}})), "a failed");
}

TEST(MigrationStates, OfAnotherToolAreNotOurs) {
  HistoryRow done{.name = "alembic:1a2b", .finished_at = "now"};
  HistoryRow failed{.name = "alembic:upgrade"};
  const State good = compare({}, std::vector<HistoryRow>{done});
  EXPECT_TRUE(good.migrations.empty());
  EXPECT_EQ(good.guests.size(), 1U);
  EXPECT_TRUE(good.up_to_date());
  EXPECT_FALSE(compare({}, std::vector<HistoryRow>{done, failed}).up_to_date());
}

}  // namespace
}  // namespace tenon::migrate
