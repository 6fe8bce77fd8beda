// One of the databases of attack_world.h with an engine over it, to be asked as somebody else.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/engine_fixture.h"
#include "api/overlay/overlay.h"
#include "api/rules/attack_world.h"

namespace tenon::api {

class StatementCounter final : public sql::ExchangeObserver {
 public:
  void exchanged(std::span<const sql::Call> calls, sql::Clock::time_point,
                 std::span<const std::unique_ptr<sql::ResultSet>>) override {
    count += calls.size();
  }
  std::size_t count = 0;
};

inline std::shared_ptr<const Schema> schema_with_rules(const std::string& schema, const std::string& overlay,
                                                       const sql::ServerVersion& server) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  const base::SourceId models = sources.add("schema.prisma", test::for_engine(attack_models));
  const base::SourceId rules = sources.add("rules.graphql", overlay);
  auto read = psl::read_schema(sources, {&models, 1}, diagnostics, {.default_schema = schema});
  if (!read) {
    ADD_FAILURE() << base::render(diagnostics, sources, {});
    return nullptr;
  }
  NamedOverlay named =
      read_overlay(read->catalog, sources, {.definitions = {rules}, .statements = {}}, diagnostics);
  auto made = build_schema(named.catalog, std::move(named.overlay), diagnostics, {server});
  if (diagnostics.has_errors()) ADD_FAILURE() << overlay << base::render(diagnostics, sources, {});
  return made;
}

inline void replace(std::string& text, std::string_view from, std::string_view to) {
  if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

// One of the databases.
class AttackedDatabase : public DatabaseEngineTest {
 public:
  explicit AttackedDatabase(World world)
      : DatabaseEngineTest(attack_tables, attack_models), rows_(attack_rows(world)) {
    reset();
  }
  void TestBody() override {}

  // As at the beginning, unless no statement has run since.
  void reset() {
    if (!asked_) return;
    if (test::on_mariadb())
      test::run_engine_sql(url_, rows_);  // in a session that reads the text as PostgreSQL does
    else
      EXPECT_EQ(sql(test::for_engine(rows_)), "");  // a session of its own costs more than all of this
    asked_ = false;
  }

  void take(const RuleKind& kind) {
    principal_ = attacker(kind);
    take(attack_overlay(kind));
  }
  std::shared_ptr<const Schema> take(const std::string& overlay) {
    const std::string schema = test::on_mariadb() ? url_.substr(url_.rfind('/') + 1) : "public";
    const auto made = schema_with_rules(schema, overlay, server());
    engine_.set_schema(made);
    single_.set_schema(made);
    tokens_ = {};
    return made;
  }
  const std::string& url() const { return url_; }
  using DatabaseEngineTest::sql;

  struct Outcome {
    std::string body;
    std::size_t statements = 0;
    bool executed = false;
  };
  Outcome attack(std::string_view attack, const policy::Principal& principal, bool single = false) {
    const std::string text = with_tokens(attack);
    StatementCounter counter;
    const Response response = wait([&]() -> boost::asio::awaitable<Response> {
      co_return co_await (single ? single_ : engine_)
          .execute({.query = text}, {.principal = &principal,
                                     .deadline = sql::Clock::now() + std::chrono::seconds(20),
                                     .observer = &counter});
    });
    asked_ = asked_ || counter.count > 0;
    return {without_order(response.body), counter.count, response.executed};
  }
  Outcome attack(std::string_view text, bool single = false) { return attack(text, principal_, single); }

  // What the attacker may neither see nor change.
  std::string hidden(bool denied) {
    return sql(fmt::format("SELECT * FROM note {} ORDER BY id", denied ? "" : "WHERE id IN (3, 4, 5)")) +
           "\n" + sql("SELECT count(*) FROM note WHERE id = 2 AND (pin IS NULL OR pin <> 987652)") + "\n" +
           sql("SELECT * FROM " + link() + " WHERE " + note_of_link() + " IN (3, 4, 5) ORDER BY 1, 2") +
           "\n" + sql("SELECT * FROM vault");
  }
  // What it may.
  std::string visible() {
    return sql("SELECT id, folder_id, owner, status, title, body, grade FROM note WHERE id NOT IN (3, 4, 5) "
               "ORDER BY id") +
           "\n" + sql("SELECT * FROM folder ORDER BY id") + "\n" + sql("SELECT * FROM tag ORDER BY id") +
           "\n" + sql("SELECT id, text FROM remark ORDER BY id") + "\n" +
           sql("SELECT * FROM " + link() + " WHERE " + note_of_link() + " NOT IN (3, 4, 5) ORDER BY 1, 2");
  }

 private:
  static std::string link() { return test::on_mariadb() ? "`_NoteToTag`" : "\"_NoteToTag\""; }
  static std::string note_of_link() { return test::on_mariadb() ? "`A`" : "\"A\""; }

  // Tokens begin with a hash that the name of the database goes into.
  static std::string without_order(std::string body) {
    constexpr std::string_view key = "\"nextToken\":\"";
    constexpr std::size_t hash_size = 32;
    if (!test::on_mariadb()) return body;
    for (std::size_t at = body.find(key); at != std::string::npos; at = body.find(key, at + 1))
      body.erase(at + key.size(), hash_size);
    return body;
  }

  std::string token(std::string_view order) {
    const std::string body =
        run_on(engine_, fmt::format("{{ listNotes(limit: 1{}) {{ nextToken }} }}", order)).body;
    const std::size_t start = body.find("nextToken\":\"");
    if (start == std::string::npos) return "none";
    return body.substr(start + 12, body.find('"', start + 12) - start - 12);
  }
  std::string with_tokens(std::string_view attack) {
    std::string text(attack);
    if (text.find("TOKEN\"") == std::string::npos) return text;
    if (tokens_[0].empty()) tokens_ = {token(", orderBy: [{ pin: ASC }]"), token("")};
    replace(text, "PINTOKEN", tokens_[0]);
    replace(text, "TOKEN", tokens_[1]);
    return text;
  }

  std::string rows_;
  bool asked_ = true;
  policy::Principal principal_;
  std::array<std::string, 2> tokens_;
};

}  // namespace tenon::api
