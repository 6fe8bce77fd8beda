#include "base/terminal.h"

#include <cstdlib>
#include <sstream>

#include <gtest/gtest.h>

namespace tenon::base {
namespace {

using namespace std::chrono_literals;

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("order"), 5U);
  EXPECT_EQ(display_width("Straße"), 6U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("한글"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("😀"), 2U);
  EXPECT_EQ(display_width("\x1b[1;31mred\x1b[0m"), 3U);
  EXPECT_EQ(display_width("\xff\xc3"), 2U);  // no UTF-8: one column for each byte
}

TEST(Printable, LeavesTextAndShowsWhatWouldSteerTheTerminal) {
  EXPECT_EQ(printable("Straße 日本 😀"), "Straße 日本 😀");
  EXPECT_EQ(printable("a\x1b[2Jb\n\r\x7f"), "a\\x1b[2Jb\\x0a\\x0d\\x7f");
  EXPECT_EQ(printable("\u009b31m"), "\\u009b31m");  // CSI in one character
  EXPECT_EQ(printable("a\u202eb"), "a\\u202eb");    // turns the direction of writing
  EXPECT_EQ(printable("\xc0\xaf\xed\xa0\x80\xe2\x82"), "\\xc0\\xaf\\xed\\xa0\\x80\\xe2\\x82");  // no UTF-8
}

TEST(Table, AlignsByColumns) {
  TablePrinter table({{.title = "table"}, {.title = "rows", .align = Align::right}, {.title = "note"}});
  table.row({"日本", "1", "wide"});
  table.row({"customer", "12345"});
  table.row({toned("x", Tone::bad, true), "7", ""});
  EXPECT_EQ(table.text(false),
            "table      rows  note\n"
            "日本          1  wide\n"
            "customer  12345\n"
            "\x1b[31mx\x1b[0m             7\n");
}

TEST(Table, HasNoTitleLineWithoutTitles) {
  TablePrinter table({{}, {}});
  table.row({"a", "b"});
  EXPECT_EQ(table.text(true), "a  b\n");
}

TEST(Progress, IsPlainLinesWhereNobodyLooks) {
  std::ostringstream out;
  {
    Progress progress(out, Terminal{});
    progress.step("reading tables");
    progress.advance(1, 2);
    progress.step("writing");
    progress.finish();
  }
  EXPECT_EQ(out.str(), "reading tables\nwriting\n");
}

TEST(Progress, DrawsOneLineAnewOnATerminal) {
  std::ostringstream out;
  {
    Progress progress(out, Terminal{.interactive = true, .width = 30});
    progress.step("reading a name far too long for this line");
    EXPECT_EQ(display_width(out.str().substr(out.str().rfind("\x1b[K") + 3)), 29U) << out.str();
    progress.step("writing");
    EXPECT_NE(out.str().find("✓ reading a n"), std::string::npos) << out.str();
  }
  // The unfinished step is wiped.
  EXPECT_TRUE(out.str().ends_with("\r\x1b[K")) << out.str();
  EXPECT_EQ(out.str().find("✓ writing"), std::string::npos);
}

TEST(Terminal, HonoursTheVariables) {
  ::setenv("CLICOLOR_FORCE", "1", 1);
  ::unsetenv("NO_COLOR");
  ::setenv("COLUMNS", "132", 1);
  EXPECT_TRUE(inspect_terminal(-1).colour);
  EXPECT_EQ(inspect_terminal(-1).width, 132U);
  ::setenv("NO_COLOR", "1", 1);
  ::setenv("COLUMNS", "-5", 1);
  EXPECT_FALSE(inspect_terminal(-1).colour);
  EXPECT_LE(inspect_terminal(-1).width, 1'000U);
  EXPECT_FALSE(inspect_terminal(-1).interactive);
  ::unsetenv("CLICOLOR_FORCE");
  ::unsetenv("NO_COLOR");
  ::unsetenv("COLUMNS");
}

TEST(Human, BytesAndTimes) {
  EXPECT_EQ(human_bytes(0), "0 bytes");
  EXPECT_EQ(human_bytes(999), "999 bytes");
  EXPECT_EQ(human_bytes(1'000), "1.0 kB");
  EXPECT_EQ(human_bytes(999'999), "1.0 MB");
  EXPECT_EQ(human_bytes(42'300'000), "42 MB");
  EXPECT_EQ(human_bytes(UINTMAX_MAX), "18 EB");
  EXPECT_EQ(human_duration(340ms), "340 ms");
  EXPECT_EQ(human_duration(2'190ms), "2.1 s");
  EXPECT_EQ(human_duration(200s), "3 min 20 s");
}

}  // namespace
}  // namespace tenon::base
