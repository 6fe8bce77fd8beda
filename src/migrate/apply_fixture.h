// For tests of this folder against the real server: a database, migrations from texts, rows of the history.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "migrate/apply.h"
#include "migrate/history.h"
#include "migrate/target.h"
#include "sql/url.h"
#include "tests/support/postgres.h"

namespace tenon::migrate::test {

inline sql::DatabaseUrl url_of(const std::string& text) {
  auto url = sql::parse_database_url(text);
  EXPECT_TRUE(url.has_value());
  return url.value_or(sql::DatabaseUrl{});
}

inline Target open(const sql::DatabaseUrl& url, TargetOptions options = {.purpose = "test"}) {
  auto target = open_target(url, options);
  EXPECT_TRUE(target.has_value()) << (target ? "" : target.error().message);
  return std::move(*target);
}

inline Migration migration(std::string name, std::string text) {
  return {.name = name, .file = "migrations/" + name + "/migration.sql", .text = std::move(text)};
}

// Cells of all rows: "a|b, c|d"; NULL as "-"; an error as its message.
inline std::string ask(Session& session, std::string_view sql) {
  const auto rows = session.run(sql);
  if (!rows) return "error: " + rows.error().message;
  std::string text;
  for (const Row& row : *rows) {
    if (!text.empty()) text += ", ";
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "|") + row[i].value_or("-");
  }
  return text;
}

}  // namespace tenon::migrate::test
