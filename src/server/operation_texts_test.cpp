#include "server/operation_texts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tenon::server {
namespace {

std::string text_hash(std::string_view text) {
  const auto digest = base::sha256(text);
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

constexpr std::string_view one = "query One { __typename }";

class Texts : public testing::Test {
 protected:
  void SetUp() override {
    base::Diagnostics diagnostics;
    const auto file = sources_.add("operations/one.graphql", std::string(one));
    known_ =
        std::make_shared<const KnownOperations>(KnownOperations::read(sources_, {file}, {}, diagnostics));
  }
  // The chosen text, or the code of the refusal.
  std::string choose(OperationTexts& texts, std::string_view body) {
    const auto request = graphql::parse_request(body);
    if (!request) return std::string(request.error().code);
    const auto chosen = texts.choose(*request, {});
    if (!chosen) return std::string(chosen.error().code);
    texts.remember(*chosen);
    return std::string(chosen->text);
  }
  static std::string by_hash(std::string_view hash, std::string_view query = {}) {
    return fmt::format(R"({{{}"extensions":{{"persistedQuery":{{"version":1,"sha256Hash":"{}"}}}}}})",
                       query.empty() ? "" : fmt::format(R"("query":"{}",)", query), hash);
  }

  base::SourceSet sources_;
  std::shared_ptr<const KnownOperations> known_;
  std::shared_ptr<RegisteredOperations> registered_ = std::make_shared<RegisteredOperations>(2'000);
};

TEST_F(Texts, OfClientsAreKeptByTheirHash) {
  OperationTexts texts({}, registered_);
  const std::string hash = text_hash("{ a }");
  EXPECT_EQ(choose(texts, by_hash(hash)), "PERSISTED_QUERY_NOT_FOUND");
  EXPECT_EQ(choose(texts, by_hash(hash, "{ a }")), "{ a }");
  EXPECT_EQ(choose(texts, by_hash(hash)), "{ a }");
  OperationTexts other_worker({}, registered_);
  EXPECT_EQ(choose(other_worker, by_hash(hash)), "{ a }");
}

TEST_F(Texts, AreNotKeptUnderAForeignHash) {
  OperationTexts texts({}, registered_);
  EXPECT_EQ(choose(texts, by_hash(text_hash("{ a }"), "{ b }")), "BAD_REQUEST");
  EXPECT_EQ(choose(texts, by_hash(text_hash("{ a }"))), "PERSISTED_QUERY_NOT_FOUND");
}

TEST_F(Texts, OfClientsTakeABoundedSpace) {
  OperationTexts texts({}, registered_);
  for (int i = 0; i < 100; ++i) {
    const std::string text = fmt::format("{{ a{} }}", i);
    EXPECT_EQ(choose(texts, by_hash(text_hash(text), text)), text);
  }
  EXPECT_EQ(choose(texts, by_hash(text_hash("{ a0 }"))), "PERSISTED_QUERY_NOT_FOUND");
  EXPECT_EQ(choose(texts, by_hash(text_hash("{ a99 }"))), "{ a99 }");
}

TEST_F(Texts, AreNotKeptWhenThatIsOff) {
  OperationTexts texts({.known = nullptr, .only_known = false, .automatic = false}, registered_);
  const std::string hash = text_hash("{ a }");
  EXPECT_EQ(choose(texts, by_hash(hash)), "PERSISTED_QUERY_NOT_SUPPORTED");
  EXPECT_EQ(choose(texts, by_hash(hash, "{ a }")), "{ a }");
  EXPECT_EQ(choose(texts, by_hash(hash)), "PERSISTED_QUERY_NOT_SUPPORTED");
}

TEST_F(Texts, OfTheProjectAreFoundByEachId) {
  OperationTexts texts({.known = known_}, registered_);
  const std::string text = *known_->find("One");
  EXPECT_EQ(choose(texts, R"({"documentId":"One"})"), text);
  EXPECT_EQ(choose(texts, fmt::format(R"({{"documentId":"sha256:{}"}})", text_hash(one))), text);
  EXPECT_EQ(choose(texts, by_hash(text_hash(one))), text);
  EXPECT_EQ(choose(texts, R"({"documentId":"Two"})"), "PERSISTED_QUERY_NOT_FOUND");
  EXPECT_EQ(choose(texts, R"({"query":"{ a }"})"), "{ a }");
}

TEST_F(Texts, AloneAreAnswered) {
  OperationTexts texts({.known = known_, .only_known = true}, registered_);
  EXPECT_EQ(choose(texts, R"({"query":"query One{__typename}"})"), "query One{__typename}");
  EXPECT_EQ(choose(texts, R"({"query":"{ a }"})"), "OPERATION_NOT_ALLOWED");
  EXPECT_EQ(choose(texts, R"({"query":"{ a }"})"), "OPERATION_NOT_ALLOWED");
  EXPECT_EQ(choose(texts, R"({"query":"{ __schema { types { name } } }"})"), "OPERATION_NOT_ALLOWED");
  EXPECT_EQ(choose(texts, by_hash(text_hash("{ a }"), "{ a }")), "OPERATION_NOT_ALLOWED");
  EXPECT_EQ(choose(texts, by_hash(text_hash("{ a }"))), "PERSISTED_QUERY_NOT_FOUND");
  EXPECT_EQ(choose(texts, R"({"documentId":"One","query":"{ a }"})"), *known_->find("One"));
}

TEST_F(Texts, FollowAReload) {
  OperationTexts texts({.known = known_, .only_known = true}, registered_);
  EXPECT_EQ(choose(texts, R"({"query":"query One { __typename }"})"), one);
  texts.set_rules({.known = nullptr, .only_known = true});
  EXPECT_EQ(choose(texts, R"({"query":"query One { __typename }"})"), "OPERATION_NOT_ALLOWED");
}

}  // namespace
}  // namespace tenon::server
