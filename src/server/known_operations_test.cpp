#include "server/known_operations.h"

#include <gtest/gtest.h>

namespace tenon::server {
namespace {

struct ReadOperations {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  KnownOperations known;

  explicit ReadOperations(std::vector<std::pair<std::string, std::string>> files) {
    std::vector<base::SourceId> ids;
    for (auto& [path, text] : files) ids.push_back(sources.add(path, std::move(text)));
    known = KnownOperations::read(sources, ids, {}, diagnostics);
  }
  bool holds(std::string_view text) const { return known.holds(text, {}); }
  std::string messages() const {
    std::string text;
    for (const base::Diagnostic& each : diagnostics.all()) text += each.message + "\n";
    return text;
  }
};

std::string hash_of(std::string_view text) {
  const auto digest = base::sha256(text);
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

constexpr const char* list = "query List($n: Int) {\n  listPosts(limit: $n) { items { ...Card } }\n}\n";
constexpr const char* card = "fragment Card on post { id title }\n";

TEST(KnownOperations, AreFoundByNameAndByHash) {
  const ReadOperations read({{"operations/list.graphql", "query One { getPost(id: 1) { id } }"}});
  EXPECT_EQ(read.messages(), "");
  ASSERT_NE(read.known.find("One"), nullptr);
  const std::string hash = hash_of("query One { getPost(id: 1) { id } }");
  EXPECT_EQ(read.known.find(hash), read.known.find("One"));
  EXPECT_EQ(read.known.find("sha256:" + hash), read.known.find("One"));
  EXPECT_EQ(read.known.find("Two"), nullptr);
  EXPECT_EQ(read.known.find(""), nullptr);
}

TEST(KnownOperations, TakeTheirFragmentsFromAllFiles) {
  const ReadOperations read({{"a.graphql", list}, {"b.graphql", card}});
  EXPECT_EQ(read.messages(), "");
  ASSERT_NE(read.known.find("List"), nullptr);
  EXPECT_NE(read.known.find("List")->find("fragment Card on post"), std::string::npos);
}

TEST(KnownOperations, LayoutOrderAndTypeNamesDoNotCount) {
  const ReadOperations read({{"a.graphql", list}, {"b.graphql", card}});
  EXPECT_TRUE(read.holds(std::string(list) + card));
  EXPECT_TRUE(read.holds(std::string(card) + list));
  EXPECT_TRUE(
      read.holds("query List($n:Int){listPosts(limit:$n){items{...Card __typename}__typename}}"
                 "# a comment\nfragment Card on post{id,title,__typename}"));
}

TEST(KnownOperations, EverythingElseCounts) {
  const ReadOperations read({{"a.graphql", list}, {"b.graphql", card}});
  const std::string fragment = card;
  for (const std::string& text :
       {std::string("{ __typename }"),
        "query List($n: Int) { listPosts(limit: 5) { items { ...Card } } }" + fragment,
        "query List($n: Int) { listPosts(limit: $n) { items { ...Card body } } }" + fragment,
        "query List($n: Int = 9) { listPosts(limit: $n) { items { ...Card } } }" + fragment,
        "query Other($n: Int) { listPosts(limit: $n) { items { ...Card } } }" + fragment,
        std::string(list) + "fragment Card on post { id title secret }", std::string("query List {"),
        std::string()})
    EXPECT_FALSE(read.holds(text)) << text;
}

TEST(KnownOperations, AnAliasOfATypeNameCounts) {
  const ReadOperations read({{"a.graphql", "query A { getPost(id: 1) { id } }"}});
  EXPECT_FALSE(read.holds("query A { getPost(id: 1) { id kind: __typename } }"));
}

TEST(KnownOperations, ReadManifestsOfApolloAndOfTheCodeGenerator) {
  const ReadOperations read(
      {{"apollo.json", R"({"format":"apollo-persisted-query-manifest","version":1,"operations":[
                     {"id":"a1","name":"A","type":"query","body":"query A { __typename }"}]})"},
       {"codegen.json", R"({"c1":"query C { a: __typename }"})"}});
  EXPECT_EQ(read.messages(), "");
  ASSERT_NE(read.known.find("a1"), nullptr);
  EXPECT_EQ(*read.known.find("a1"), "query A { __typename }");
  ASSERT_NE(read.known.find("c1"), nullptr);
  EXPECT_TRUE(read.holds("query C{a:__typename}"));
}

TEST(KnownOperations, TellWhatIsWrong) {
  const ReadOperations read({{"a.graphql", "query A { a }"},
                             {"b.graphql", "query A { b }"},
                             {"c.graphql", "{ a }"},
                             {"d.graphql", "query {"},
                             {"e.graphql", "type A { a: Int }"},
                             {"f.json", "[1]"},
                             {"g.json", "{\"x\": 1}"}});
  EXPECT_EQ(read.messages(),
            "d.graphql:1:8: Syntax Error: Expected Name, found <EOF>.\n"
            "e.graphql: a file of operations holds no types.\n"
            "b.graphql: A is another operation in a.graphql.\n"
            "c.graphql: an operation has no name.\n"
            "f.json: the manifest is no JSON object.\n"
            "g.json: the operation x of the manifest has no text.\n");
}

}  // namespace
}  // namespace tenon::server
