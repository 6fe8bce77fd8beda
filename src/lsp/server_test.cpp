// A client's conversation with the server, over bytes, with a disk that is a map.
#include "lsp/server.h"

#include <algorithm>
#include <map>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "lsp/completion_context.h"
#include "psl/lexer.h"

namespace tenon::lsp {
namespace {

namespace json = boost::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr std::string_view datasource = "datasource db {\n  provider = \"postgresql\"\n}\n";

class Client : public testing::Test {
 protected:
  Client()
      : server_({.schema_files = [this](const std::string& path) { return files(path); },
                 .read = [this](const std::string& path) { return disk_[path]; }},
                "1") {
    disk_["/p/db.prisma"] = datasource;
    disk_["/p/post.prisma"] =
        "/// What people write.\nmodel Post {\n  id Int @id\n  author User @relation(fields: [authorId], "
        "references: [id])\n"
        "  authorId Int @map(\"author\")\n  role Role @default(ADMIN)\n\n  @@index([authorId(sort: Desc), "
        "role])\n}\n";
    disk_["/p/user.prisma"] =
        "model User {\n  id Int @id // 😀 id\n  name String? @db.VarChar(10)\n  posts Post[]\n}\n\nenum Role "
        "{\n  ADMIN\n  READER @map(\"reader\")\n}\n";
  }

  std::vector<std::string> files(const std::string& path) const {
    std::vector<std::string> all;
    for (const auto& [name, text] : disk_) all.push_back(name);
    if (!disk_.contains(path)) all.insert(std::ranges::lower_bound(all, path), path);  // it is not saved yet
    return path.starts_with("/p/") ? all : std::vector<std::string>();
  }

  // What the server sends, parsed.
  std::vector<json::object> send(const std::string& content) {
    FrameReader frames;
    frames.feed(server_.feed(frame(content)));
    std::vector<json::object> messages;
    while (const auto message = frames.next()) messages.push_back(json::parse(*message).as_object());
    return messages;
  }
  std::vector<json::object> notify(const std::string& method, const std::string& params) {
    return send(notification(method, params));
  }
  // The answer itself, which comes first.
  json::object raw(const std::string& method, const std::string& params) {
    return send(request("7", method, params)).at(0);
  }
  json::value ask(const std::string& method, const std::string& params) {
    json::object answer = raw(method, params);
    EXPECT_TRUE(answer.contains("result")) << json::serialize(answer);
    return answer["result"];
  }
  void start(const std::string& capabilities = "{}") {
    ask("initialize", R"({"capabilities":)" + capabilities + "}");
    notify("initialized", "{}");
  }
  std::vector<json::object> open(const std::string& path) { return open(path, disk_[path]); }
  std::vector<json::object> open(const std::string& path, const std::string& text) {
    texts_[path] = text;
    return notify("textDocument/didOpen", R"({"textDocument":{"uri":"file://)" + path +
                                              R"(","languageId":"prisma","version":1,"text":)" +
                                              base::json_string(text) + "}}");
  }
  // Of the place in an open text where `marker` begins, `ahead` characters on.
  std::string at(const std::string& path, std::string_view marker, std::uint32_t ahead = 0) {
    const auto offset = texts_[path].find(marker);
    EXPECT_NE(offset, std::string::npos) << marker;
    const Position position = LineIndex(texts_[path]).position(static_cast<std::uint32_t>(offset) + ahead);
    return R"("textDocument":{"uri":"file://)" + path + R"("},"position":{"line":)" +
           std::to_string(position.line) + R"(,"character":)" + std::to_string(position.character) + "}";
  }
  // "/p/user.prisma:0:6"
  static std::string place(const json::value& location) {
    const json::object& object = location.as_object();
    const json::object& start = object.at("range").at("start").as_object();
    return std::string(text_at(object, "uri").substr(7)) + ":" + json::serialize(start.at("line")) + ":" +
           json::serialize(start.at("character"));
  }
  static std::vector<std::string> places(const json::value& locations) {
    std::vector<std::string> all;
    for (const json::value& each : locations.as_array()) all.push_back(place(each));
    return all;
  }
  std::vector<std::string> offers(const std::string& text_with_cursor) {
    const auto cursor = text_with_cursor.find('|');
    std::string text = text_with_cursor;
    text.erase(cursor, 1);
    open("/p/new.prisma", text);
    const Position position = LineIndex(text).position(static_cast<std::uint32_t>(cursor));
    const json::value items = ask("textDocument/completion",
                                  R"({"textDocument":{"uri":"file:///p/new.prisma"},"position":{"line":)" +
                                      std::to_string(position.line) + R"(,"character":)" +
                                      std::to_string(position.character) + "}}");
    std::vector<std::string> labels;
    for (const json::value& item : items.as_array()) labels.emplace_back(item.at("label").as_string());
    return labels;
  }
  // The file's text after the edits of a WorkspaceEdit.
  static std::string edited(std::string text, const json::value& edits) {
    const LineIndex lines(text);
    std::map<std::uint32_t, std::pair<std::uint32_t, std::string>, std::greater<>> by_begin;
    const auto offset = [&](const json::value& position) {
      return lines.offset({static_cast<std::uint32_t>(position.at("line").as_int64()),
                           static_cast<std::uint32_t>(position.at("character").as_int64())});
    };
    for (const json::value& edit : edits.as_array())
      by_begin[offset(edit.at("range").at("start"))] = {offset(edit.at("range").at("end")),
                                                        std::string(edit.at("newText").as_string())};
    std::string out = text;
    for (const auto& [begin, edit] : by_begin) out.replace(begin, edit.first - begin, edit.second);
    return out;
  }

  std::map<std::string, std::string> disk_;
  std::map<std::string, std::string> texts_;
  Server server_;
};

TEST_F(Client, BeginsAndEndsInOrder) {
  EXPECT_EQ(raw("textDocument/hover", "{}").at("error").at("code").as_int64(), -32002);
  notify("textDocument/didOpen", R"({"textDocument":{"uri":"file:///x"}})");  // too early: passed over
  const json::value result = ask("initialize", R"({"capabilities":{}})");
  EXPECT_EQ(result.at("capabilities").at("positionEncoding").as_string(), "utf-16");
  EXPECT_EQ(raw("initialize", "{}").at("error").at("code").as_int64(), -32600);
  EXPECT_EQ(raw("textDocument/inlayHint", "{}").at("error").at("code").as_int64(), -32601);
  EXPECT_EQ(raw("textDocument/hover", "{}").at("error").at("code").as_int64(), -32602);
  EXPECT_TRUE(ask("shutdown", "{}").is_null());
  EXPECT_EQ(raw("textDocument/hover", "{}").at("error").at("code").as_int64(), -32600);
  EXPECT_FALSE(server_.is_over());
  notify("exit", "{}");
  EXPECT_TRUE(server_.is_over());
  EXPECT_EQ(server_.exit_code(), 0);
}
TEST_F(Client, ExitWithoutShutdownIsAFailure) {
  start();
  notify("exit", "{}");
  EXPECT_EQ(server_.exit_code(), 1);
}
TEST_F(Client, MessagesThatAreNone) {
  EXPECT_EQ(send("{")[0].at("error").at("code").as_int64(), -32700);
  EXPECT_EQ(send("[]")[0].at("error").at("code").as_int64(), -32600);
  EXPECT_EQ(send("{}")[0].at("error").at("code").as_int64(), -32600);
  EXPECT_EQ(send(R"({"id":1,"method":5})")[0].at("error").at("code").as_int64(), -32600);
  EXPECT_TRUE(send(R"({"id":1,"result":null})").empty());
  EXPECT_EQ(send(std::string(100'000, '['))[0].at("error").at("code").as_int64(), -32700);
  server_.feed("nonsense\r\n\r\n");
  EXPECT_TRUE(server_.is_over());
  EXPECT_EQ(server_.exit_code(), 1);
}
TEST_F(Client, WatchesFilesWhenTheClientCan) {
  ask("initialize",
      R"({"capabilities":{"workspace":{"didChangeWatchedFiles":{"dynamicRegistration":true}}}})");
  const auto sent = notify("initialized", "{}");
  ASSERT_EQ(sent.size(), 1);
  EXPECT_EQ(text_at(sent[0], "method"), "client/registerCapability");
}

TEST_F(Client, DiagnosticsOfEveryFileOfTheSchema) {
  start();
  const auto sent = open("/p/post.prisma");
  ASSERT_EQ(sent.size(), 3);
  for (const json::object& each : sent) {
    EXPECT_EQ(text_at(each, "method"), "textDocument/publishDiagnostics");
    EXPECT_TRUE(each.at("params").at("diagnostics").as_array().empty()) << json::serialize(each);
  }
  // 😀 counts as two: `id Int @id // 😀 ` and then a mistake behind it on the same line is one by units.
  const auto changed =
      notify("textDocument/didChange",
             R"({"textDocument":{"uri":"file:///p/post.prisma","version":2},"contentChanges":[
                                {"range":{"start":{"line":1,"character":6},"end":{"line":1,"character":10}},"text":"Pst"}]})");
  ASSERT_EQ(changed.size(), 3);
  const json::value& user = changed[2].at("params");
  EXPECT_EQ(text_at(user.as_object(), "uri"), "file:///p/user.prisma");
  const json::value& found = user.at("diagnostics").at(0);
  EXPECT_THAT(std::string(found.at("message").as_string()), HasSubstr("\"Post\""));
  EXPECT_EQ(json::serialize(found.at("range")),
            R"({"start":{"line":3,"character":8},"end":{"line":3,"character":12}})");
  EXPECT_EQ(found.at("code").as_string(), "P1012");
  EXPECT_EQ(found.at("severity").as_int64(), 1);
  EXPECT_EQ(changed[1].at("params").at("version").as_int64(), 2);
  EXPECT_FALSE(user.as_object().contains("version"));  // it is not open
  // Closed without saving, the disk counts again and everything shown goes.
  const auto closed = notify("textDocument/didClose", R"({"textDocument":{"uri":"file:///p/post.prisma"}})");
  ASSERT_EQ(closed.size(), 3);
  for (const json::object& each : closed) EXPECT_TRUE(each.at("params").at("diagnostics").as_array().empty());
}
TEST_F(Client, ABurstOfChangesIsCheckedOnce) {
  start();
  open("/p/user.prisma");
  const std::string change = frame(notification(
      "textDocument/didChange",
      R"({"textDocument":{"uri":"file:///p/user.prisma","version":2},"contentChanges":[{"text":"model User {\n}\n"}]})"));
  FrameReader frames;
  frames.feed(server_.feed(change + change + change));
  int count = 0;
  while (frames.next()) ++count;
  EXPECT_EQ(count, 3);
}
TEST_F(Client, FilesThatChangeOutside) {
  start();
  open("/p/post.prisma");
  disk_["/p/user.prisma"] = "model Usr {\n  id Int @id\n}\n";
  const auto sent = notify("workspace/didChangeWatchedFiles", R"({"changes":[]})");
  ASSERT_EQ(sent.size(), 3);
  EXPECT_FALSE(sent[1].at("params").at("diagnostics").as_array().empty());
  disk_.erase("/p/user.prisma");
  const auto removed = notify("workspace/didChangeWatchedFiles", R"({"changes":[]})");
  ASSERT_EQ(removed.size(), 3);  // what was shown for the file goes too
  EXPECT_EQ(text_at(removed[0].at("params").as_object(), "uri"), "file:///p/user.prisma");
}
TEST_F(Client, AFileOfNoProjectStandsAlone) {
  start();
  const auto sent =
      notify("textDocument/didOpen",
             R"({"textDocument":{"uri":"untitled:1","version":1,"text":"model A {\n  b B\n}\n"}})");
  ASSERT_EQ(sent.size(), 1);
  EXPECT_EQ(text_at(sent[0].at("params").as_object(), "uri"), "untitled:1");
  EXPECT_THAT(json::serialize(sent[0].at("params").at("diagnostics")), HasSubstr("\\\"B\\\" is neither"));
}

TEST_F(Client, FindsDefinitions) {
  start();
  open("/p/post.prisma");
  const auto definition = [&](std::string_view marker, std::uint32_t ahead = 0) {
    const json::value found = ask("textDocument/definition", "{" + at("/p/post.prisma", marker, ahead) + "}");
    return found.is_null() ? "none" : place(found);
  };
  EXPECT_EQ(definition("User"), "/p/user.prisma:0:6");
  EXPECT_EQ(definition("User", 4), "/p/user.prisma:0:6");  // right behind it
  EXPECT_EQ(definition("[id]", 1), "/p/user.prisma:1:2");
  EXPECT_EQ(definition("[authorId]", 3), "/p/post.prisma:4:2");
  EXPECT_EQ(definition("[authorId(", 3), "/p/post.prisma:4:2");
  EXPECT_EQ(definition("ADMIN"), "/p/user.prisma:7:2");
  EXPECT_EQ(definition("Role"), "/p/user.prisma:6:5");
  EXPECT_EQ(definition("Post"), "/p/post.prisma:1:6");
  EXPECT_EQ(definition("Int"), "none");
  EXPECT_EQ(definition("Desc"), "none");
}
TEST_F(Client, FindsReferences) {
  start();
  open("/p/user.prisma");
  const auto references = [&](std::string_view marker, bool declaration) {
    return places(ask("textDocument/references", "{" + at("/p/user.prisma", marker) +
                                                     R"(,"context":{"includeDeclaration":)" +
                                                     (declaration ? "true" : "false") + "}}"));
  };
  EXPECT_THAT(references("User", true), ElementsAre("/p/post.prisma:3:9", "/p/user.prisma:0:6"));
  EXPECT_THAT(references("User", false), ElementsAre("/p/post.prisma:3:9"));
  EXPECT_THAT(references("ADMIN", true), ElementsAre("/p/post.prisma:5:21", "/p/user.prisma:7:2"));
  EXPECT_THAT(references("model", true), ElementsAre());
}
TEST_F(Client, RenamesOverAllFilesAndKeepsTheDatabase) {
  start();
  open("/p/user.prisma");
  open("/p/post.prisma");
  const auto renamed = [&](const std::string& path, std::string_view marker, const std::string& name) {
    const json::value edit =
        ask("textDocument/rename", "{" + at(path, marker) + R"(,"newName":")" + name + "\"}");
    std::map<std::string, std::string> texts;
    for (const auto& change : edit.at("changes").as_object())
      texts[std::string(change.key()).substr(7)] =
          edited(disk_[std::string(change.key()).substr(7)], change.value());
    return texts;
  };
  auto texts = renamed("/p/user.prisma", "User", "Person");
  EXPECT_THAT(texts["/p/post.prisma"], HasSubstr("author Person @relation"));
  EXPECT_THAT(texts["/p/user.prisma"], HasSubstr("model Person {"));
  EXPECT_THAT(texts["/p/user.prisma"], HasSubstr("posts Post[]\n\n  @@map(\"User\")\n}"));
  texts = renamed("/p/post.prisma", "authorId", "writer");
  EXPECT_THAT(texts["/p/post.prisma"], HasSubstr("fields: [writer]"));
  EXPECT_THAT(texts["/p/post.prisma"], HasSubstr("writer Int @map(\"author\")\n"));
  EXPECT_THAT(texts["/p/post.prisma"], HasSubstr("@@index([writer(sort: Desc), role])"));
  texts = renamed("/p/user.prisma", "name", "title");
  EXPECT_THAT(texts["/p/user.prisma"], HasSubstr("title String? @db.VarChar(10) @map(\"name\")\n"));
  texts = renamed("/p/user.prisma", "id Int", "key");
  EXPECT_THAT(texts["/p/user.prisma"], HasSubstr("key Int @id @map(\"id\") // "));
  EXPECT_THAT(texts["/p/post.prisma"], HasSubstr("references: [key]"));
  texts = renamed("/p/user.prisma", "ADMIN", "OWNER");
  EXPECT_THAT(texts["/p/user.prisma"], HasSubstr("OWNER @map(\"ADMIN\")\n"));
  EXPECT_THAT(texts["/p/post.prisma"], HasSubstr("@default(OWNER)"));
  texts = renamed("/p/user.prisma", "posts", "articles");  // a relation is nothing in the database
  EXPECT_THAT(texts["/p/user.prisma"], HasSubstr("articles Post[]\n"));
  EXPECT_TRUE(renamed("/p/user.prisma", "User", "User").empty());
}
TEST_F(Client, RefusesNamesThatAreNone) {
  start();
  open("/p/user.prisma");
  open("/p/db.prisma");
  const auto refusal = [&](const std::string& path, std::string_view marker, const std::string& name) {
    json::object answer =
        raw("textDocument/rename", "{" + at(path, marker) + R"(,"newName":")" + name + "\"}");
    EXPECT_EQ(answer.at("error").at("code").as_int64(), -32803);
    return std::string(answer.at("error").at("message").as_string());
  };
  EXPECT_THAT(refusal("/p/user.prisma", "User", "1x"), HasSubstr("is no name"));
  EXPECT_THAT(refusal("/p/user.prisma", "User", "Post"), HasSubstr("already a Post"));
  EXPECT_THAT(refusal("/p/user.prisma", "User", "String"), HasSubstr("already a String"));
  EXPECT_THAT(refusal("/p/user.prisma", "name", "posts"), HasSubstr("already a posts"));
  EXPECT_THAT(refusal("/p/user.prisma", "String", "Text"), HasSubstr("no name here"));
  EXPECT_THAT(refusal("/p/db.prisma", "db", "pg"), HasSubstr("by hand"));
  EXPECT_TRUE(ask("textDocument/prepareRename", "{" + at("/p/db.prisma", "db") + "}").is_null());
  EXPECT_EQ(ask("textDocument/prepareRename", "{" + at("/p/user.prisma", "User", 2) + "}")
                .at("placeholder")
                .as_string(),
            "User");
}

TEST_F(Client, HoversTell) {
  start();
  open("/p/post.prisma");
  open("/p/user.prisma");
  const auto hover = [&](const std::string& path, std::string_view marker, std::uint32_t ahead = 0) {
    const json::value found = ask("textDocument/hover", "{" + at(path, marker, ahead) + "}");
    return found.is_null() ? "none" : std::string(found.at("contents").at("value").as_string());
  };
  EXPECT_EQ(hover("/p/user.prisma", "Post["),
            "```prisma\nmodel Post\n```\n\ntable `Post` in the database\n\n---\n\nWhat people write.");
  EXPECT_EQ(
      hover("/p/post.prisma", "authorId Int"),
      "```prisma\nauthorId Int @map(\"author\")\n```\n\nin model `Post`; column `author` in the database");
  EXPECT_EQ(
      hover("/p/post.prisma", "author User"),
      "```prisma\nauthor User @relation(fields: [authorId], references: [id])\n```\n\nin model `Post`; "
      "relation "
      "`PostToUser`: one to many, `Post` → `User`; the other side is `User.posts`; on delete `Restrict`, on "
      "update `Cascade`");
  EXPECT_EQ(hover("/p/user.prisma", "READER"),
            "```prisma\nREADER @map(\"reader\")\n```\n\nin enum `Role`; label `reader` in the database");
  EXPECT_EQ(hover("/p/user.prisma", "VarChar"), "The type in the database.");
  EXPECT_THAT(hover("/p/user.prisma", "db.VarChar"), HasSubstr("datasource db"));
  EXPECT_EQ(hover("/p/post.prisma", "@relation", 3).substr(0, 8), "How this");
  EXPECT_EQ(hover("/p/post.prisma", "@@index", 3), "An index of the database.");
  EXPECT_EQ(hover("/p/post.prisma", "Int"), "A whole number of 32 bits.");
  EXPECT_EQ(hover("/p/post.prisma", "Desc"), "none");
}

TEST_F(Client, OutlinesAFile) {
  start();
  open("/p/user.prisma");
  const json::value symbols =
      ask("textDocument/documentSymbol", R"({"textDocument":{"uri":"file:///p/user.prisma"}})");
  ASSERT_EQ(symbols.as_array().size(), 2);
  EXPECT_EQ(symbols.at(0).at("name").as_string(), "User");
  EXPECT_EQ(symbols.at(0).at("children").at(1).at("name").as_string(), "name");
  EXPECT_EQ(symbols.at(0).at("children").at(1).at("detail").as_string(), "String?");
  EXPECT_EQ(symbols.at(1).at("children").at(0).at("name").as_string(), "ADMIN");
}

TEST_F(Client, FormatsWhatDiffersAndNoMore) {
  start();
  open("/p/user.prisma");
  const std::string document = R"({"textDocument":{"uri":"file:///p/user.prisma"},"options":{}})";
  const json::value edits = ask("textDocument/formatting", document);
  ASSERT_EQ(edits.as_array().size(), 1);
  EXPECT_EQ(edits.at(0).at("range").at("start").at("line").as_int64(), 1);
  const std::string text = edited(disk_["/p/user.prisma"], edits);
  EXPECT_THAT(text, HasSubstr("  id    Int     @id // "));
  EXPECT_THAT(text, HasSubstr("  READER @map(\"reader\")\n}\n"));
  open("/p/user.prisma", text);
  EXPECT_TRUE(ask("textDocument/formatting", document).as_array().empty());
}

TEST_F(Client, Completes) {
  start();
  EXPECT_THAT(offers("mo|"), IsSupersetOf({"model", "enum", "datasource", "generator"}));
  EXPECT_THAT(offers("model New {\n  id I|\n}\n"),
              IsSupersetOf({"Int", "String", "User", "Role", "New", "Unsupported"}));
  EXPECT_THAT(offers("model New {\n  id Int |\n}\n"), Contains("@id"));
  EXPECT_THAT(offers("model New {\n  id Int @|\n}\n"), IsSupersetOf({"id", "default", "relation", "db"}));
  EXPECT_THAT(offers("model New {\n  id Int @id @db.|\n}\n"), ElementsAre("SmallInt", "Integer", "Oid"));
  EXPECT_THAT(offers("model New {\n  @@|\n}\n"), IsSupersetOf({"id", "unique", "index", "map"}));
  EXPECT_THAT(offers("model New {\n  |\n}\n"), Contains("@@index"));
  EXPECT_THAT(offers("model New {\n  id Int @id\n  r Role @default(|)\n}\n"),
              IsSupersetOf({"ADMIN", "READER"}));
  EXPECT_THAT(offers("model New {\n  id Int @default(a|)\n}\n"),
              IsSupersetOf({"autoincrement()", "dbgenerated"}));
  EXPECT_THAT(offers("model New {\n  u User @relation(|)\n}\n"),
              IsSupersetOf({"fields", "references", "onDelete"}));
  EXPECT_THAT(offers("model New {\n  uId Int\n  u User @relation(fields: [|])\n}\n"), ElementsAre("uId"));
  EXPECT_THAT(offers("model New {\n  u User @relation(fields: [uId], references: [|])\n}\n"),
              ElementsAre("id", "name"));
  EXPECT_THAT(offers("model New {\n  u User @relation(fields: [uId], onDelete: C|)\n}\n"),
              UnorderedElementsAre("Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"));
  EXPECT_THAT(offers("model New {\n  a Int\n  b Int\n  @@index([a, |])\n}\n"), ElementsAre("a", "b"));
  EXPECT_THAT(offers("model New {\n  a Int\n  @@index([a(sort: |)])\n}\n"), ElementsAre("Asc", "Desc"));
  EXPECT_THAT(offers("model New {\n  a Int\n  @@index([a], type: |)\n}\n"), Contains("Gin"));
  EXPECT_THAT(offers("enum E {\n  A @|\n}\n"), ElementsAre("map"));
  EXPECT_THAT(offers("enum E {\n  @@|\n}\n"), ElementsAre("map", "schema"));
  EXPECT_THAT(offers("datasource x {\n  pro|\n}\n"), IsSupersetOf({"provider", "url", "schemas"}));
  EXPECT_THAT(offers("datasource x {\n  provider = \"|\"\n}\n"), ElementsAre("postgresql", "mysql"));
  EXPECT_THAT(offers("datasource x {\n  provider = |\n}\n"), ElementsAre("\"postgresql\"", "\"mysql\""));
  EXPECT_THAT(offers("generator x {\n  previewFeatures = [\"|\n}\n"), Contains("views"));
  EXPECT_THAT(offers("model New {\n  |id Int\n}\n"), Not(Contains("Int")));
  EXPECT_THAT(offers("model New {\n  id Int // @|\n}\n"), ElementsAre());
  EXPECT_THAT(offers("model New {\n  s String @default(\"|\")\n}\n"), ElementsAre());
}
TEST_F(Client, FilesThatAreNotSavedYet) {
  start();
  open("/p/b.prisma", "model B {\n  id Int @id\n  p Post[]\n}\n");
  open("/p/c.prisma", "model C {\n  id Int @id\n}\n");
  for (const std::string path : {"/p/b.prisma", "/p/c.prisma", "/p/b.prisma"})
    EXPECT_EQ(ask("textDocument/documentSymbol", R"({"textDocument":{"uri":"file://)" + path + R"("}})")
                  .as_array()
                  .size(),
              1);
}
TEST_F(Client, SnippetsOnlyForThoseWhoCan) {
  start(R"({"textDocument":{"completion":{"completionItem":{"snippetSupport":true}}}})");
  open("/p/new.prisma", "m");
  const json::value items = ask("textDocument/completion", "{" + at("/p/new.prisma", "m") + "}");
  EXPECT_EQ(items.at(0).at("insertTextFormat").as_int64(), 2);
}

// At every place of texts that are cut off anywhere, and with any signs, something is answered.
TEST(CompletionContext, IsFoundAnywhere) {
  const std::string text =
      "datasource db {\n provider = \"postgresql\" }\nmodel A {\n a B[] @relation(\"x\", fields: [a, b(sort: "
      "Asc)], on: "
      "@@) @db.VarChar(1)\n @@index([a.b], map: \"x\n enum { } ) ] @ . @@ ( [ : , \n}";
  for (std::size_t end = 0; end <= text.size(); ++end) {
    const std::string_view part = std::string_view(text).substr(0, end);
    const auto tokens = psl::tokenize(part);
    for (std::size_t offset = 0; offset <= end; ++offset)
      completion_context(part, tokens, static_cast<std::uint32_t>(offset));
  }
}

}  // namespace
}  // namespace tenon::lsp
