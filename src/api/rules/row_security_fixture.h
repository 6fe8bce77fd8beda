// Random rules, principals and conditions, and what plain SQL says in a session of the principal's, for the
// tests that compare the API with row security made of the same rules.
#pragma once

#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "api/engine_fixture.h"
#include "api/rules/attack_world.h"
#include "api/rules/attacked_database.h"
#include "api/rules/row_security.h"

namespace tenon::api {

// A condition as the API and as SQL write it.
struct Condition {
  std::string filter;
  std::string sql;
};

class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}
  std::size_t below(std::size_t end) { return random_() % end; }
  template <class T, std::size_t n>
  const T& of(const T (&all)[n]) {
    return all[below(n)];
  }

  Condition condition(std::uint32_t depth = 0) {
    const Condition simple[] = {
        {"{ grade: { gt: 15 } }", "grade > 15"},
        {"{ grade: { le: 20 } }", "grade <= 20"},
        {"{ id: { in: [1, 3, 4] } }", "id IN (1, 3, 4)"},
        {"{ status: { eq: \"open\" } }", "status = 'open'"},
        {"{ title: { beginsWith: \"m\" } }", "title LIKE 'm%'"},
        {"{ body: { contains: \"e\" } }", "body LIKE '%e%'"},
        {"{ folder_id: { ne: 1 } }", "folder_id IS DISTINCT FROM 1"},
        {"{ team: { attributeExists: true } }", "team IS NOT NULL"},
        {"{ tags: { some: { name: { eq: \"one\" } } } }",
         "EXISTS (SELECT FROM \"_NoteToTag\" l JOIN tag ON tag.id = l.\"B\" WHERE l.\"A\" = note.id AND "
         "tag.name = "
         "'one')"},
        {"{ folder: { title: { eq: \"second\" } } }",
         "EXISTS (SELECT FROM folder WHERE folder.id = note.folder_id AND folder.title = 'second')"},
    };
    const std::size_t kind = depth > 2 ? 0 : below(4);
    if (kind < 2) return of(simple);
    const Condition a = condition(depth + 1), b = condition(depth + 1);
    return kind == 2 ? Condition{fmt::format("{{ and: [{}, {}] }}", a.filter, b.filter),
                                 fmt::format("({}) AND ({})", a.sql, b.sql)}
                     : Condition{fmt::format("{{ or: [{}, {}] }}", a.filter, b.filter),
                                 fmt::format("({}) OR ({})", a.sql, b.sql)};
  }

  std::string rules() {
    constexpr std::string_view whom[] = {
        "allow: owner",
        R"(allow: owner, ownerField: "tenant", identityClaim: "tenant")",
        R"(allow: owner, ownerField: "owners")",
        R"(allow: groups, groupsField: "team")",
        R"(allow: groups, groupsField: "teams", groupClaim: "teams")",
        R"(allow: groups, groups: ["red", "grey"])",
        "allow: private",
        "allow: public",
        "allow: public, provider: identityPool",
        "allow: private, provider: oidc",
        "allow: custom",
    };
    constexpr std::string_view where[] = {
        "",
        "",
        R"(, where: { status: { eq: "open" } })",
        R"(, where: { tenant: { eq: { claim: "tenant" } } })",
        R"(, where: { tenant: { in: { claim: "tenants" } } })",
        R"(, where: { or: [{ grade: { between: [10, 16] } }, { id: { eq: { claim: "number" } } }] })",
        R"(, where: { folder: { owner: { eq: { claim: "identity" } } } })",
        R"(, where: { tags: { some: { name: { in: ["two", "three"] } } } })",
        R"(, where: { not: { title: { contains: "'" } } })",
        R"(, where: { remarks: { none: {} } })",
    };
    std::vector<std::string> all;
    for (const std::string_view one : whom)
      if (below(4) == 0) all.push_back(fmt::format("{{ {}{} }}", one, of(where)));
    if (all.empty()) all.push_back(fmt::format("{{ {}{} }}", of(whom), of(where)));
    return fmt::format("[{}]", fmt::join(all, ", "));
  }

  std::string claims() {
    constexpr std::string_view members[] = {
        R"("sub": "s1")",
        R"("username": "ada")",
        R"("cognito:username": "bob")",
        R"("tenant": "t1")",
        R"("tenant": ["t2"])",
        R"("tenant": ["t1", "t2"])",
        R"("tenants": ["t1", 5])",
        R"("tenants": "t2")",
        R"("cognito:groups": ["red", "blue"])",
        R"("number": 3)",
        R"("number": "x")",
        R"("identity": "s2::bob")",
        R"("teams": ["green", 1])",
        R"("cognito:groups": "green")",
        R"("sub": "s2")",
        R"("tenant": null)",
        R"("identity": "s1::ada")",
    };
    std::vector<std::string_view> some;
    for (const std::string_view member : members)
      if (below(2) == 0) {
        const std::string_view name = member.substr(0, member.find(':', 12));
        const auto same = [&](std::string_view one) { return one.substr(0, one.find(':', 12)) == name; };
        if (std::ranges::none_of(some, same)) some.push_back(member);
      }
    return fmt::format("{{{}}}", fmt::join(some, ", "));
  }

 private:
  std::mt19937 random_;
};

inline std::uint32_t random_seed() {
  const char* given = std::getenv("TENON_SEED");
  return given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                          : std::random_device{}();
}

// Whoever comes in may do everything with the model.
inline std::string open_to_all(std::string_view model, std::string_view where = {}) {
  std::vector<std::string> rules;
  for (const std::string_view whom :
       {"allow: private", "allow: public", "allow: custom", "allow: private, provider: oidc",
        "allow: public, provider: identityPool", "allow: private, provider: identityPool"})
    rules.push_back(fmt::format("{{ {}{} }}", whom, where));
  return fmt::format("extend type {} @auth(rules: [{}])\n", model, fmt::join(rules, ", "));
}

class RowSecurityTest : public testing::Test {
 protected:
  RowSecurityTest() : database_(World::marked) {}

  // Somebody with claims.
  static policy::Principal somebody(Chance& chance, const std::string& claims) {
    policy::Principal principal = policy::user(claims);
    principal.provider = static_cast<policy::Provider>(chance.below(policy::provider_count));
    principal.authenticated = principal.provider != policy::Provider::identity_pool || chance.below(2) == 0;
    return principal;
  }

  // The rules, in the API and as row security.
  void rule(const std::string& overlay) {
    const auto schema = database_.take(overlay);
    ASSERT_TRUE(schema);
    const auto script = make_row_security(*schema, {});
    ASSERT_TRUE(script);
    EXPECT_TRUE(script->refusals.size() == 1 && script->refusals[0].find("links") != std::string::npos)
        << fmt::format("{}", fmt::join(script->refusals, "\n"));
    test::run_engine_sql(database_.url(), script->script);
    script_ = script->script;
  }

  // What SQL gives in a session of the principal's.
  std::string as(const policy::Principal& principal, std::string_view claims, std::string_view query) {
    return database_.sql(
        fmt::format("SET LOCAL tenon.provider = '{}'; SET LOCAL tenon.authenticated = '{}'; SET LOCAL "
                    "tenon.claims = '{}'; SET "
                    "LOCAL ROLE tenon_user; {}",
                    policy::name(principal.provider), principal.authenticated, claims, query));
  }

  AttackedDatabase database_;
  std::string script_;
};

}  // namespace tenon::api
