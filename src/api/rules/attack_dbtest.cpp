// The adversarial suite: for each kind of rule an attacker tries each document of attacks.h on databases that
// differ only in what it may not see. Answers, effects on what it sees and the number of statements have to
// be the same, and what is hidden has to stay as it was. A document that finds out anything is a case here
// before it is repaired.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/rules/attack_world.h"
#include "api/rules/attacked_database.h"
#include "api/rules/attacks.h"

namespace tenon::api {
namespace {

class Attacks : public testing::TestWithParam<RuleKind> {
 protected:
  // Made once: building a database costs more than all attacks on it.
  static void SetUpTestSuite() {
    for (const World world : {World::marked, World::other, World::absent})
      databases_[static_cast<std::size_t>(world)] = std::make_unique<AttackedDatabase>(world);
  }
  static void TearDownTestSuite() {
    for (auto& database : databases_) database.reset();
  }
  void SetUp() override {
    for (auto& database : databases_) {
      database->reset();
      database->take(GetParam());
    }
  }

  static AttackedDatabase& database(World world) { return *databases_[static_cast<std::size_t>(world)]; }

  static void expect_no_marker(const std::string& body, std::string_view attack) {
    // The attack may ask for what it knows; an answer does not say it after it.
    for (const std::string_view marker : {"SECRET", "98765", "98766"})
      if (attack.find(marker) == std::string_view::npos)
        EXPECT_EQ(body.find(marker), std::string::npos) << body;
  }
  // The name of a model that is closed may be in the question alone.
  static void expect_no_name(const std::string& body, std::string_view attack) {
    if (attack.find("Vault") == std::string_view::npos)
      EXPECT_EQ(body.find("Vault"), std::string::npos) << body;
  }

  static inline std::array<std::unique_ptr<AttackedDatabase>, 3> databases_;
};

std::vector<World> compared(const Attack& attack) {
  if (attack.aim == Attack::Aim::guess) return {};
  if (attack.aim == Attack::Aim::values) return {World::other};
  return {World::other, World::absent};
}

TEST_P(Attacks, ReadNothing) {
  for (const Attack& attack : reading_attacks) {
    SCOPED_TRACE(attack.text);
    const auto marked = database(World::marked).attack(attack.text);
    expect_no_marker(marked.body, attack.text);
    expect_no_name(marked.body, attack.text);
    EXPECT_EQ(database(World::marked).attack(attack.text, true).body, marked.body);
    for (const World world : compared(attack)) {
      const auto other = database(world).attack(attack.text);
      EXPECT_EQ(other.body, marked.body);
      EXPECT_EQ(other.statements, marked.statements);
    }
  }
}

TEST_P(Attacks, ChangeNothing) {
  for (const Attack& attack : writing_attacks) {
    SCOPED_TRACE(attack.text);
    for (auto& one : databases_) one->reset();
    AttackedDatabase& victim = database(World::marked);
    const std::string before = victim.hidden(GetParam().denied);
    const auto marked = victim.attack(attack.text);
    expect_no_marker(marked.body, attack.text);
    expect_no_name(marked.body, attack.text);
    EXPECT_EQ(victim.hidden(GetParam().denied), before) << marked.body;
    for (const World world : compared(attack)) {
      const auto other = database(world).attack(attack.text);
      EXPECT_EQ(other.body, marked.body);
      EXPECT_EQ(other.statements, marked.statements);
      EXPECT_EQ(database(world).visible(), victim.visible());
    }
  }
}

// An order, filter or aggregate of a column that is closed fails as one of a column that does not exist; but
// an operation that is closed as a whole says no more than that, whatever it asks for.
TEST_P(Attacks, ClosedColumnsAreUnknown) {
  constexpr std::string_view asking[] = {
      "{ listNotes(filter: { secret: { eq: null } }) { items { id } } }",
      "{ listNotes(orderBy: [{ secret: ASC }]) { items { id } } }",
      "{ aggregateNotes { max { secret } } }",
      "{ aggregateNotes(groupBy: [{ field: secret }]) { count } }",
      "{ listFolders(filter: { notes: { some: { secret: { eq: null } } } }) { items { id } } }",
      "{ listRemarks(orderBy: [{ note: { secret: ASC } }]) { items { id } } }",
  };
  for (const std::string_view text : asking) {
    std::string unknown(text);
    replace(unknown, "secret", "xyzzyx");
    std::string expected = database(World::marked).attack(unknown).body;
    for (std::size_t at; (at = expected.find("xyzzyx")) != std::string::npos;)
      replace(expected, "xyzzyx", "secret");
    const std::string body = database(World::marked).attack(text).body;
    if (body.find("Not Authorized to access list") != std::string::npos ||
        body.find("Not Authorized to access aggregate") != std::string::npos)
      continue;
    EXPECT_EQ(body, expected) << text;
  }
}

TEST_P(Attacks, IntrospectionDoesNotNameWhatIsClosed) {
  const std::string all =
      database(World::marked)
          .attack(
              "{ __schema { types { name fields { name args { name } } inputFields { name } enumValues { "
              "name "
              "} } } v: __type(name: \"Vault\") { name } p: __type(name: \"VaultPlan\") { name } }")
          .body;
  for (const std::string_view name : {"Vault", "vault_", "VAULT_"})
    EXPECT_EQ(all.find(name), std::string::npos) << all;
  for (const std::string_view name : {"\"plans\"", "\"Plan\"", "PlanBox", "PlanKind"})
    EXPECT_NE(all.find(name), std::string::npos) << name << all;
  const std::string note =
      database(World::marked).attack("{ __type(name: \"Note\") { fields { name } } }").body;
  EXPECT_EQ(note.find("secret"), std::string::npos) << note;
  const std::string filter =
      database(World::marked)
          .attack("{ __type(name: \"ModelNoteFilterInput\") { inputFields { name } } }")
          .body;
  EXPECT_EQ(filter.find("secret"), std::string::npos) << filter;
}

TEST_P(Attacks, SuggestionsDoNotNameWhatIsClosed) {
  for (const std::string_view text :
       {"{ listVault { items { id } } }", "{ getValt(id: 1) { id } }", "mutation { deleteVaultt { id } }"}) {
    const std::string body = database(World::marked).attack(text).body;
    for (const std::string_view name : {"listVaults", "getVault\"", "deleteVault\""})
      EXPECT_EQ(body.find(name), std::string::npos) << text << '\n' << body;
  }
  for (const std::string_view text :
       {"{ listNotes(filter: { secre: { eq: null } }) { items { id } } }", "{ getNote(id: 1) { secre } }",
        "{ listNotes(orderBy: [{ secre: ASC }]) { items { id } } }"}) {
    const std::string body = database(World::marked).attack(text).body;
    EXPECT_EQ(body.find("secret"), std::string::npos) << text << '\n' << body;
  }
}

// Neither do those about an owner's own operation, its arguments, and the types that only it uses.
TEST_P(Attacks, SuggestionsDoNotNameClosedOperations) {
  constexpr std::string_view asking[] = {
      "{ plansOfVaul { code } }",
      "{ rowsOfVaul { id } }",
      "mutation { openVaultPla }",
      "{ plansOfVault(vault_bo: {}) { vault_code } }",
      "{ plansOfVault(vault_box: { vault_doo: {} }) { vault_code } }",
      "{ plansOfVault(vault_box: { vault_kind: VAULT_SAF }) { vault_code } }",
      "{ plansOfVault(vault_box: {}) { vault_cod } }",
      "{ plansOfVault(vault_box: {}) { ... on VaultPla { id } } }",
      "query ($v: VaultBo) { plansOfVault(vault_box: $v) { vault_code } }",
      "mutation { openVaultPlan(vault_cod: \"1\") }",
  };
  for (const std::string_view text : asking) {
    const std::string body = database(World::marked).attack(text).body;
    EXPECT_EQ(body.find("Did you mean"), std::string::npos) << text << '\n' << body;
  }
  // What is open is suggested.
  for (const std::string_view text :
       {"{ plan { code } }", "{ plans(bo: {}) { code } }", "{ plans { cod } }",
        "{ plans(box: { dept: 1 }) { code } }", "{ plans(kind: ROUN) { code } }"}) {
    const std::string body = database(World::marked).attack(text).body;
    EXPECT_NE(body.find("Did you mean"), std::string::npos) << text << '\n' << body;
  }
}

// As a model that is closed, whatever is asked.
TEST_P(Attacks, ClosedOperationsAreRefused) {
  for (const std::string_view text :
       {"{ plansOfVault(vault_box: {}) { vault_code } }", "{ rowsOfVault { id content } }",
        "mutation { openVaultPlan(vault_code: \"other\") }"}) {
    const auto outcome = database(World::marked).attack(text);
    EXPECT_NE(outcome.body.find("Not Authorized to access "), std::string::npos) << outcome.body;
    EXPECT_EQ(outcome.statements, 0u) << outcome.body;
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Attacks, testing::ValuesIn(rule_kinds),
                         [](const testing::TestParamInfo<RuleKind>& kind) {
                           return std::string(kind.param.name);
                         });

// The suite proves nothing if its documents fail for another reason, or its rules give nothing.
TEST(AttackSuite, ItsDocumentsAreValid) {
  AttackedDatabase database(World::marked);
  database.take(rule_kinds[0]);
  for (const auto& attacks :
       {std::span<const Attack>(reading_attacks), std::span<const Attack>(writing_attacks)})
    for (const Attack& attack : attacks) {
      const auto outcome = database.attack(attack.text, developer);
      EXPECT_TRUE(outcome.executed) << attack.text << '\n' << outcome.body;
      EXPECT_EQ(outcome.body.find("Not Authorized"), std::string::npos) << attack.text << '\n'
                                                                        << outcome.body;
    }
}

TEST(AttackSuite, ItsAttackersSeeWhatIsTheirs) {
  AttackedDatabase database(World::marked);
  for (const RuleKind& kind : rule_kinds) {
    database.take(kind);
    const std::string body = database.attack("{ listNotes { items { id } } }").body;
    const bool lists =
        !kind.denied && (kind.operations.empty() || kind.operations == "read" || kind.operations == "list");
    EXPECT_EQ(body == R"({"data":{"listNotes":{"items":[{"id":1},{"id":2}]}}})", lists) << kind.name << body;
    const bool gets =
        !kind.denied && (kind.operations.empty() || kind.operations == "read" || kind.operations == "get");
    const std::string one = database.attack("{ getNote(id: 2) { id } }").body;
    EXPECT_EQ(one == R"({"data":{"getNote":{"id":2}}})", gets) << kind.name << one;
    const bool deletes = !kind.denied && kind.operations.empty();
    if (!deletes) continue;
    const std::string gone = database.attack("mutation { deleteNote(input: { id: 2 }) { id } }").body;
    EXPECT_EQ(gone, R"({"data":{"deleteNote":{"id":2}}})") << kind.name;
    database.reset();
  }
}

}  // namespace
}  // namespace tenon::api
