#include "sql/url.h"

#include <gtest/gtest.h>

namespace tenon::sql {
namespace {

DatabaseUrl good(std::string_view text) {
  auto url = parse_database_url(text);
  EXPECT_TRUE(url.has_value()) << text << ": " << (url ? "" : url.error().message);
  return url ? std::move(*url) : DatabaseUrl{};
}

TEST(DatabaseUrl, HasAllParts) {
  const DatabaseUrl url =
      good("postgresql://ann:s%3Acret@db.example.com:6432/shop?schema=a,b&sslmode=require");
  EXPECT_EQ(url.engine, catalog::Engine::postgresql);
  EXPECT_EQ(url.host, "db.example.com");
  EXPECT_EQ(url.port, 6432);
  EXPECT_EQ(url.user, "ann");
  EXPECT_EQ(url.password.reveal(), "s:cret");
  EXPECT_EQ(url.database, "shop");
  EXPECT_EQ(url.schemas, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(url.parameters.at("sslmode"), "require");
  EXPECT_EQ(url.target(), "db.example.com:6432/shop");
}

TEST(DatabaseUrl, DefaultsWhatIsLeftOut) {
  EXPECT_EQ(good("postgres://localhost/app").target(), "localhost:5432/app");
  EXPECT_EQ(good("mysql://localhost/app").target(), "localhost:3306/app");
  EXPECT_EQ(good("postgresql://").target(), "localhost:5432/");
  EXPECT_EQ(good("postgresql:///app?host=/run/postgresql").target(), "/run/postgresql:5432/app");
  EXPECT_EQ(good("postgresql://%2Frun%2Fpostgresql/app").host, "/run/postgresql");
  EXPECT_EQ(good("postgresql://[::1]:7000/app").target(), "[::1]:7000/app");
  EXPECT_EQ(good("postgresql://[::1]/app").host, "::1");
  EXPECT_EQ(good("postgresql://u@h/app?schema=").schemas, std::vector<std::string>{});
  EXPECT_EQ(good("postgresql://u@h/app?schema=b,,b,a").schemas, (std::vector<std::string>{"b", "a"}));
}

TEST(DatabaseUrl, UndoesPercentEncodingEverywhere) {
  const DatabaseUrl url =
      good("postgresql://a%40b:%2F%3F%23%25@h/my%20db%2Fx?schema=we%20ird&options=-c%20a%3Db");
  EXPECT_EQ(url.user, "a@b");
  EXPECT_EQ(url.password.reveal(), "/?#%");
  EXPECT_EQ(url.database, "my db/x");
  EXPECT_EQ(url.schemas.front(), "we ird");
  EXPECT_EQ(url.parameters.at("options"), "-c a=b");
}

TEST(DatabaseUrl, TakesAnAtSignInThePassword) {
  const DatabaseUrl url = good("postgresql://u:p@ss@h:5432/d");
  EXPECT_EQ(url.password.reveal(), "p@ss");
  EXPECT_EQ(url.host, "h");
}

TEST(DatabaseUrl, TakesPartsFromParameters) {
  const DatabaseUrl url = good("postgresql:///?host=h&port=99&user=u&password=p%26w&dbname=d");
  EXPECT_EQ(url.target(), "h:99/d");
  EXPECT_EQ(url.user, "u");
  EXPECT_EQ(url.password.reveal(), "p&w");
}

struct Bad {
  std::string text;
  std::string_view says;
};

TEST(DatabaseUrl, SaysWhatIsWrongWithoutSecrets) {
  const Bad bad[] = {
      {"", "begin with"},
      {"localhost:5432/app", "begin with"},
      {"sqlite://hunter2", "begin with"},
      {"postgresql://u:hunter2@h:0/d", "port"},
      {"postgresql://u:hunter2@h:65536/d", "port"},
      {"postgresql://u:hunter2@h:5432x/d", "port"},
      {"postgresql://u:hunter2@h: 5432/d", "port"},
      {"postgresql://u:hunter2/x@h:5432/d", "port"},
      {"postgresql://u:hunter2?x@h:5432/d", "port"},
      {"postgresql://u:hunter2%@h/d", "password"},
      {"postgresql://u:hunter2%zz@h/d", "password"},
      {"postgresql://u:hunter2%00@h/d", "password"},
      {"postgresql://u%1:hunter2@h/d", "user name"},
      {"postgresql://u:hunter2@h%/d", "host"},
      {"postgresql://u:hunter2@[::1/d", "bracket"},
      {"postgresql://u:hunter2@[::1]x/d", "port"},
      {"postgresql://u:hunter2@a,b/d", "several hosts"},
      {"postgresql://u:hunter2@h/d/e", "database name"},
      {"postgresql://u:hunter2@h/d%", "database name"},
      {"postgresql://u:hunter2@h/d?=x", "no name"},
      {"postgresql://u:hunter2@h/d?a=1&a=2", "twice"},
      {"postgresql://u:hunter2@h/d?sslmode=verify-fully", "sslmode"},
      {"postgresql://u:hunter2@h/d?sslmod=require", "sslmod"},
      {"postgresql://u:hunter2@h/d?port=x", "port"},
      {"postgresql://u:hunter2@h/" + std::string(9000, 'a'), "longer"},
  };
  for (const Bad& one : bad) {
    const auto url = parse_database_url(one.text);
    ASSERT_FALSE(url.has_value()) << one.text;
    EXPECT_EQ(url.error().code, base::code::database_url_invalid);
    EXPECT_NE(url.error().message.find(one.says), std::string::npos)
        << one.text << ": " << url.error().message;
    EXPECT_EQ(base::to_string(url.error()).find("hunter2"), std::string::npos) << url.error().message;
    EXPECT_FALSE(url.error().help.empty());
  }
}

}  // namespace
}  // namespace tenon::sql
