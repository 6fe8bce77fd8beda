#include "base/secret.h"

#include <concepts>
#include <ostream>

#include <gtest/gtest.h>

namespace tenon::base {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Secret>);

TEST(Secret, ComparesWholeTexts) {
  const Secret secret("key-1");
  EXPECT_TRUE(secret.equals("key-1"));
  EXPECT_FALSE(secret.equals("key-2"));
  EXPECT_FALSE(secret.equals("key-"));
  EXPECT_FALSE(secret.equals("key-1x"));
  EXPECT_FALSE(secret.equals(""));
  EXPECT_TRUE(Secret().equals(""));
}

struct Case {
  std::string_view given, safe;
};

class RedactUrl : public testing::TestWithParam<Case> {};

TEST_P(RedactUrl, HidesThePassword) { EXPECT_EQ(redact_url(GetParam().given), GetParam().safe); }

INSTANTIATE_TEST_SUITE_P(
    Urls, RedactUrl,
    testing::Values(Case{"postgresql://host/db", "postgresql://host/db"},
                    Case{"postgresql://user@host/db", "postgresql://user@host/db"},
                    Case{"postgresql://user:pw@host:5432/db", "postgresql://user:***@host:5432/db"},
                    Case{"postgresql://user:@host/db", "postgresql://user:***@host/db"},
                    Case{"postgresql://:pw@host/db", "postgresql://:***@host/db"},
                    // Characters that belong percent-encoded, as people leave them.
                    Case{"postgresql://user:p@w@host/db", "postgresql://user:***@host/db"},
                    Case{"postgresql://user:p/w@host/db", "postgresql://user:***@host/db"},
                    Case{"postgresql://user:p:w@host/db", "postgresql://user:***@host/db"},
                    Case{"postgresql://user:p#w@host/db", "postgresql://user:***@host/db"},
                    Case{"postgresql://user:p?w@host/db", "postgresql://user:***@host/db"},
                    Case{"postgresql://user:p?a=b&c@host/db?sslmode=require",
                         "postgresql://user:***@host/db?sslmode=require"},
                    Case{"postgresql://host/db?password=pw&x=1", "postgresql://host/db?password=***&x=1"},
                    Case{"postgresql://host/db?x=1&password=pw", "postgresql://host/db?x=1&password=***"},
                    Case{"postgresql://host/db?PASSWORD=pw", "postgresql://host/db?PASSWORD=***"},
                    Case{"postgresql://host/db?user=a@b", "postgresql://host/db?user=a@b"},
                    Case{"postgresql://host/db?sslpassword=pw", "postgresql://host/db?sslpassword=***"},
                    Case{"postgresql://u:a@h1:1,h2:2/db", "postgresql://u:***@h1:1,h2:2/db"},
                    Case{"host=h password=pw dbname=d", "host=h password=*** dbname=d"},
                    Case{"host=h password='p w' dbname=d", "host=h password=*** dbname=d"},
                    Case{"host=h password='p\\'w' dbname=d", "host=h password=*** dbname=d"},
                    Case{"host=h password='never closed", "host=h password=***"},
                    Case{"host=h password = pw dbname=d", "host=h password = *** dbname=d"},
                    Case{"host=h password=p\\ w dbname=d", "host=h password=*** dbname=d"}, Case{"", ""},
                    Case{"://", "://"}, Case{"://:@", "://:***@"}));

}  // namespace
}  // namespace tenon::base
