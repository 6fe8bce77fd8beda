#include "identity/secret_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tenon::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const base::Secret key("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");

SecretStore two() {
  SecretStore store;
  store.set("DATABASE_URL", base::Secret("postgresql://u:hunter2@h/d"));
  store.set("line", base::Secret("a\n\"b\"\x01é"));
  return store;
}

TEST(SecretStore, KeepsWhatItWasGiven) {
  const std::string text = two().seal(key);
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("DATABASE_URL")));
  EXPECT_NE(text, two().seal(key));
  auto opened = SecretStore::open(text, key).value();
  EXPECT_THAT(opened.names(), ElementsAre("DATABASE_URL", "line"));
  EXPECT_EQ(opened.find("DATABASE_URL")->reveal(), "postgresql://u:hunter2@h/d");
  EXPECT_EQ(opened.find("line")->reveal(), "a\n\"b\"\x01é");
  EXPECT_EQ(opened.find("none"), nullptr);
  EXPECT_TRUE(opened.remove("line"));
  EXPECT_FALSE(opened.remove("line"));
  EXPECT_THAT(SecretStore::open(opened.seal(key), key).value().names(), ElementsAre("DATABASE_URL"));
  EXPECT_TRUE(SecretStore::open("", key).value().names().empty());
}

TEST(SecretStore, OpensForItsKeyAloneAndOnlyUnchanged) {
  const std::string text = two().seal(key);
  const auto refused = [](std::string_view changed, const base::Secret& with) {
    const auto opened = SecretStore::open(changed, with);
    return !opened && opened.error().code.text == "TN1007";
  };
  EXPECT_TRUE(refused(text, base::Secret("another")));
  EXPECT_TRUE(refused(text, base::Secret()));
  for (std::size_t at = 0; at + 1 < text.size(); at += 7) {
    std::string changed = text;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(refused(changed, key)) << at;
  }
  EXPECT_TRUE(refused(text.substr(0, 40), key));
  EXPECT_TRUE(refused("tenon secrets 2\n", key));
}

TEST(SecretStore, NamesAreSimple) {
  for (const char* good : {"A", "DATABASE_URL", "stripe.key-2"}) EXPECT_TRUE(SecretStore::is_name(good));
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("a/b"), std::string("é"), std::string(101, 'a')})
    EXPECT_FALSE(SecretStore::is_name(bad)) << bad;
}

}  // namespace
}  // namespace tenon::identity
