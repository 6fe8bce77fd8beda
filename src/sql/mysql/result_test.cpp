#include "sql/mysql/result.h"

#include <gtest/gtest.h>

namespace tenon::sql::mysql {
namespace {

using namespace std::string_literals;

std::string text_of(enum_field_types type, const std::string& bytes, std::uint32_t decimals = 0,
                    bool is_unsigned = false) {
  RowSet rows({{.name = "c", .type = type, .is_unsigned = is_unsigned, .decimals = decimals}});
  if (!rows.append_binary("\0\0"s + bytes)) return "<malformed>";
  return std::string(rows.cell(0, 0).text());
}

TEST(Rows, NumbersBecomeDigits) {
  EXPECT_EQ(text_of(MYSQL_TYPE_TINY, "\x80"), "-128");
  EXPECT_EQ(text_of(MYSQL_TYPE_TINY, "\xff", 0, true), "255");
  EXPECT_EQ(text_of(MYSQL_TYPE_INT24, "\xff\xff\xff\xff"), "-1");
  EXPECT_EQ(text_of(MYSQL_TYPE_LONGLONG, std::string(8, '\xff'), 0, true), "18446744073709551615");
  EXPECT_EQ(text_of(MYSQL_TYPE_FLOAT, "\xcd\xcc\xcc\x3d"), "0.1");
  EXPECT_EQ(text_of(MYSQL_TYPE_BIT, "\x02\x02\x01"), "513");
  EXPECT_EQ(text_of(MYSQL_TYPE_YEAR, "\0\0"s), "0000");
}

TEST(Rows, TimesHaveTheirColumnsFraction) {
  const std::string moment = "\xe8\x07\x02\x1d\x17\x3b\x3a"s;  // 2024-02-29 23:59:58
  const std::string micros = "\x20\xa1\x07\x00"s;              // 500000
  EXPECT_EQ(text_of(MYSQL_TYPE_DATETIME, "\x07" + moment), "2024-02-29 23:59:58");
  EXPECT_EQ(text_of(MYSQL_TYPE_DATETIME, "\x07" + moment, 3), "2024-02-29 23:59:58.000");
  EXPECT_EQ(text_of(MYSQL_TYPE_DATETIME, "\x0b" + moment + micros, 1), "2024-02-29 23:59:58.5");
  EXPECT_EQ(text_of(MYSQL_TYPE_DATETIME, "\x0b" + moment + micros, 39), "2024-02-29 23:59:58.500000");
  EXPECT_EQ(text_of(MYSQL_TYPE_DATETIME, "\x07" + moment, 39), "2024-02-29 23:59:58");
  EXPECT_EQ(text_of(MYSQL_TYPE_TIMESTAMP, "\0"s), "0000-00-00 00:00:00");
  EXPECT_EQ(text_of(MYSQL_TYPE_DATE, "\x04" + moment.substr(0, 4)), "2024-02-29");
  EXPECT_EQ(text_of(MYSQL_TYPE_TIME, "\x08\x01\x22\0\0\0\x16\x3b\x3b"s), "-838:59:59");
  EXPECT_EQ(text_of(MYSQL_TYPE_TIME, "\x0c\x00\0\0\0\0\x01\x02\x03"s + micros, 2), "01:02:03.50");
  EXPECT_EQ(text_of(MYSQL_TYPE_TIME, "\0"s, 2), "00:00:00.00");
}

TEST(Rows, NullsAreMarkedInFront) {
  RowSet rows({{.type = MYSQL_TYPE_TINY}, {.type = MYSQL_TYPE_VAR_STRING}, {.type = MYSQL_TYPE_TINY}});
  ASSERT_TRUE(rows.append_binary("\0\x08\x01\x07"s));  // the bit of column 1 is the fourth
  EXPECT_EQ(rows.cell(0, 0).text(), "1");
  EXPECT_TRUE(rows.cell(0, 1).is_null());
  EXPECT_EQ(rows.cell(0, 2).text(), "7");
  RowSet more({{.type = MYSQL_TYPE_TINY}, {.type = MYSQL_TYPE_VAR_STRING}, {.type = MYSQL_TYPE_TINY}});
  ASSERT_TRUE(more.append_binary("\0\0\x02\x03xyz\x04"s));
  ASSERT_TRUE(rows.append(more));
  EXPECT_EQ(rows.row_count(), 2);
  EXPECT_EQ(rows.cell(1, 1).text(), "xyz");
  EXPECT_EQ(rows.cell(1, 2).text(), "4");
}

TEST(Rows, MalformedOnesAreRefused) {
  EXPECT_EQ(text_of(MYSQL_TYPE_LONG, "\x01\x02\x03"), "<malformed>");
  EXPECT_EQ(text_of(MYSQL_TYPE_TINY, "\x01\x02"), "<malformed>") << "something is left";
  EXPECT_EQ(text_of(MYSQL_TYPE_STRING,
                    "\x05"
                    "abc"),
            "<malformed>");
  EXPECT_EQ(text_of(MYSQL_TYPE_STRING, "\xfe\xff\xff\xff\xff\xff\xff\xff\xff"), "<malformed>");
  EXPECT_EQ(text_of(MYSQL_TYPE_STRING, "\xfb"), "<malformed>");
  EXPECT_EQ(text_of(MYSQL_TYPE_STRING, "\xfc\x01"), "<malformed>");
  EXPECT_EQ(text_of(MYSQL_TYPE_DATETIME, "\x03\xe8\x07\x02"), "<malformed>");
  EXPECT_EQ(text_of(MYSQL_TYPE_TIME, "\x02\x01\x01"), "<malformed>");
  EXPECT_EQ(text_of(MYSQL_TYPE_BIT,
                    "\x09"
                    "123456789"),
            "<malformed>");
  RowSet none({{.type = MYSQL_TYPE_TINY}});
  EXPECT_FALSE(none.append_binary(""));
  EXPECT_FALSE(none.append_binary("\0"s));
}

}  // namespace
}  // namespace tenon::sql::mysql
