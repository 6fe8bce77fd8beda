// What a journal says of how far a script came.
#include "migrate/journal.h"

#include <gtest/gtest.h>

#include "migrate/apply.h"
#include "migrate/folder.h"
#include "sql/postgres/script.h"

namespace tenon::migrate {
namespace {

// One letter for each statement: done, begun, waiting.
std::vector<JournalStep> steps_of(std::string_view letters, std::string_view script = "") {
  const auto statements = sql::postgres::split_script(script);
  std::vector<JournalStep> steps;
  for (std::uint32_t i = 0; i < letters.size(); ++i)
    steps.push_back({.number = i,
                     .checksum = i < statements.size() ? checksum(statements[i].text(script)) : "",
                     .begun = letters[i] != 'w',
                     .finished = letters[i] == 'd'});
  return steps;
}

TEST(Journal, TellsWhatIsDoneAndWhatIsInDoubt) {
  EXPECT_EQ(progressed({}).finished, 0U);
  EXPECT_EQ(progressed(steps_of("www")).in_doubt, std::nullopt);
  EXPECT_EQ(progressed(steps_of("ddw")).finished, 2U);
  EXPECT_EQ(progressed(steps_of("dbw")).in_doubt, 1U);
  EXPECT_EQ(progressed(steps_of("dddddddddddbww")).finished, 11U);
}
TEST(Journal, SeesWhenADoneStatementReadsOtherwise) {
  const std::string script = "SELECT 1; VACUUM; SELECT 3";
  const auto steps = steps_of("ddw", script);
  const auto changed = [&](std::string_view now) {
    return changed_since(steps, now, sql::postgres::split_script(now));
  };
  EXPECT_EQ(changed(script), std::nullopt);
  EXPECT_EQ(changed("-- why\nSELECT 1;\nVACUUM; SELECT 4; SELECT 5"), std::nullopt);
  EXPECT_EQ(changed("SELECT 1; VACUUM t; SELECT 3"), 1U);
  EXPECT_EQ(changed("SELECT 1"), 1U);
}
TEST(Interruption, IsSaidInOneSentence) {
  using Certainty = Interruption::Certainty;
  EXPECT_EQ(
      to_string(Interruption{.certainty = Certainty::in_doubt,
                             .statement = 6,
                             .statements = 20,
                             .place = "m.sql:7:1",
                             .text = "VACUUM"}),
      "6 of 20 statements are done; statement 7 (m.sql:7:1: VACUUM) had begun, and its end was not seen.");
  EXPECT_EQ(to_string(Interruption{.certainty = Certainty::stopped_at, .statements = 2}),
            "No statement of it is done.");
  EXPECT_EQ(to_string(Interruption{.certainty = Certainty::stopped_at, .statement = 2, .statements = 2}),
            "All of its statements are done.");
  EXPECT_EQ(to_string(Interruption{}), "How much of it was applied is not known.");
}

}  // namespace
}  // namespace tenon::migrate
