// Three databases that differ only in what the attacker of attack_dbtest.cpp may not see, and the rules that
// say so, one set for each kind of rule.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "policy/principal.h"
#include "policy/test_rules.h"

namespace tenon::api {

inline constexpr std::string_view attack_tables = R"sql(
CREATE TABLE folder (id int PRIMARY KEY, owner {text} NOT NULL, title {text} NOT NULL);
CREATE TABLE note (
  id int PRIMARY KEY, folder_id int REFERENCES folder (id), owner {text}, team {text}, tenant {text},
pg|   owners text[] DEFAULT '{}', teams text[] DEFAULT '{}',
my|   owners json, teams json,
  status {text} NOT NULL, title {text} NOT NULL UNIQUE, body {text}, grade int, secret {text}, pin int UNIQUE);
CREATE TABLE remark (id int PRIMARY KEY, note_id int REFERENCES note (id), text {text} NOT NULL);
CREATE TABLE tag (id int PRIMARY KEY, name {text} NOT NULL UNIQUE);
CREATE TABLE "_NoteToTag" (
  "A" int NOT NULL REFERENCES note (id) ON DELETE CASCADE, "B" int NOT NULL REFERENCES tag (id) ON DELETE CASCADE);
CREATE UNIQUE INDEX "_NoteToTag_AB_unique" ON "_NoteToTag" ("A", "B");
CREATE TABLE vault (id int PRIMARY KEY, content {text} NOT NULL);
)sql";

inline constexpr std::string_view attack_models = R"prisma(
datasource db {
  provider = "postgresql"
}
model Folder {
  id    Int    @id
  owner String
  title String
  notes Note[]
  @@map("folder")
}
model Note {
  id        Int      @id
  folder_id Int?
  owner     String?
  team      String?
  tenant    String?
pg|   owners    String[] @default([])
pg|   teams     String[] @default([])
my|   owners    Json?
my|   teams     Json?
  status    String
  title     String   @unique
  body      String?
  grade     Int?
  secret    String?
  pin       Int?     @unique
  folder    Folder?  @relation(fields: [folder_id], references: [id])
  remarks   Remark[]
  tags      Tag[]
  @@map("note")
}
model Remark {
  id      Int    @id
  note_id Int?
  text    String
  note    Note?  @relation(fields: [note_id], references: [id])
  @@map("remark")
}
model Tag {
  id    Int    @id
  name  String @unique
  notes Note[]
  @@map("tag")
}
model Vault {
  id      Int    @id
  content String
  @@map("vault")
}
)prisma";

// The attacker sees the notes 1 and 2, not 3 to 5; of these `pin` of note 1 alone, and `secret` nowhere.
// `hidden` is what is hidden: `marked` holds values that are looked for in answers, `other` has the same keys
// with other values, in `absent` there is nothing of it.
enum class World : std::uint8_t { marked, other, absent };

inline std::string attack_rows(World world) {
  const bool marked = world == World::marked;
  const auto list = [](std::string_view element, bool postgres) {
    return postgres ? fmt::format("'{{{}}}'", element) : fmt::format("'[\"{}\"]'", element);
  };
  const auto note = [&](int id, int folder, bool mine, std::string_view status, std::string_view words,
                        int number, std::string_view secret, std::string_view pin) {
    const std::string_view owner = mine ? "s1::ada" : marked ? "s2::bob" : "s3::eve";
    const std::string_view team = mine ? "red" : marked ? "green" : "grey";
    const std::string_view tenant = mine ? "t1" : marked ? "t2" : "t3";
    std::string text;
    for (const bool postgres : {true, false})
      text += fmt::format(
          "{}| INSERT INTO note VALUES ({}, {}, '{}', '{}', '{}', {}, {}, '{}', '{} {}', {}, "
          "{}, {}, {});\n",
          postgres ? "pg" : "my", id, folder, owner, team, tenant, list(owner, postgres),
          list(team, postgres), status, words, id, fmt::format("'{} body'", words), number, secret, pin);
    return text;
  };
  std::string text =
      "DELETE FROM \"_NoteToTag\";\nDELETE FROM remark;\nDELETE FROM note;\nDELETE FROM folder;\n"
      "DELETE FROM tag;\nDELETE FROM vault;\n"
      "INSERT INTO folder VALUES (1, 's1::ada', 'first'), (2, 's2::bob', 'second');\n"
      "INSERT INTO tag VALUES (1, 'one'), (2, 'two'), (3, 'three');\n";
  const bool absent = world == World::absent;
  text += note(1, 1, true, "open", "mine", 10, absent ? "NULL" : marked ? "'SECRET-1'" : "'zzz'", "41");
  text += note(2, 1, true, "shut", "mine", 20,
               absent   ? "NULL"
               : marked ? "'SECRET-2'"
                        : "'aaa'",
               absent   ? "NULL"
               : marked ? "987652"
                        : "7");
  text += "INSERT INTO \"_NoteToTag\" VALUES (1, 1), (1, 2);\n";
  if (absent) return text + "INSERT INTO remark VALUES (1, 1, 'r1'), (2, NULL, 'r2');\n";
  text += note(3, 1, false, "open", marked ? "SECRET" : "alpha", marked ? 987653 : 1,
               marked ? "'SECRET-3'" : "'b'", marked ? "987663" : "3");
  text += note(4, 2, false, "shut", marked ? "SECRET" : "omega", marked ? 987654 : 15,
               marked ? "'SECRET-4'" : "NULL", marked ? "987664" : "NULL");
  text += note(5, 2, false, "open", marked ? "SECRET" : "zeta", marked ? -987655 : 99, "NULL",
               marked ? "987665" : "5");
  text += "INSERT INTO \"_NoteToTag\" VALUES (3, 1), (4, 3), (5, 3);\n";
  text += "INSERT INTO remark VALUES (1, 1, 'r1'), (2, 3, 'r2');\n";
  return text + fmt::format("INSERT INTO vault VALUES (1, '{}');\n", marked ? "SECRET-V" : "other");
}

// One kind of rule that makes the notes 1 and 2 the attacker's.
struct RuleKind {
  std::string_view name;
  std::string_view whom;   // of the rule
  std::string_view where;  // its condition, or nothing
  policy::Provider provider = policy::Provider::user_pools;
  bool authenticated = true;
  bool denied = false;  // it gives the attacker nothing at all
  std::string_view operations = {};
};

inline constexpr std::string_view attacker_claims =
    R"({"sub": "s1", "username": "ada", "cognito:groups": ["red", "blue"], "tenant": "t1", "identity": "s1::ada",
        "tenants": ["t1", "t9"], "teams": "red"})";

inline constexpr RuleKind rule_kinds[] = {
    {"owner", "allow: owner", ""},
    {"owner_of_oidc", "allow: owner, provider: oidc", "", policy::Provider::oidc},
    {"owner_by_claim", R"(allow: owner, ownerField: "tenant", identityClaim: "tenant")", ""},
    {"owner_by_joined_claims", R"(allow: owner, identityClaim: "sub::username")", ""},
    {"owners", R"(allow: owner, ownerField: "owners")", ""},
    {"group_of_row", R"(allow: groups, groupsField: "team")", ""},
    {"groups_of_row", R"(allow: groups, groupsField: "teams")", ""},
    {"group_by_claim", R"(allow: groups, groupsField: "team", groupClaim: "teams")", ""},
    {"group_where", R"(allow: groups, groups: ["red"])", R"({ tenant: { eq: "t1" } })"},
    {"key_where", "allow: public", R"({ tenant: { eq: "t1" } })", policy::Provider::api_key},
    {"guest_where", "allow: public, provider: identityPool", R"({ title: { beginsWith: "mine" } })",
     policy::Provider::identity_pool, false},
    {"pool_where", "allow: private, provider: identityPool", R"({ grade: { in: [10, 20] } })",
     policy::Provider::identity_pool},
    {"custom_where", "allow: custom", R"({ tenant: { eq: { claim: "tenant" } } })",
     policy::Provider::function},
    {"private_where_claim", "allow: private", R"({ owner: { eq: { claim: "identity" } } })"},
    {"private_where_claims", "allow: private", R"({ tenant: { in: { claim: "tenants" } } })"},
    {"private_where_not", "allow: private",
     R"({ not: { or: [{ tenant: { ne: { claim: "tenant" } } }, { grade: { gt: 500 } }] } })"},
    {"private_where_relation", "allow: private",
     R"({ and: [{ folder: { owner: { eq: { claim: "identity" } } } }, { tenant: { eq: { claim: "tenant" } } }] })"},
    {"private_where_many", "allow: private",
     R"({ tenant: { eq: { claim: "tenant" } }, tags: { none: { name: { eq: "three" } } } })"},
    {"reads_alone", "allow: owner", "", policy::Provider::user_pools, true, false, "read"},
    {"lists_alone", "allow: owner", "", policy::Provider::user_pools, true, false, "list"},
    {"gets_alone", "allow: owner", "", policy::Provider::user_pools, true, false, "get"},
    {"changes_alone", "allow: owner", "", policy::Provider::user_pools, true, false, "update, delete"},
    {"creates_alone", "allow: owner", "", policy::Provider::user_pools, true, false, "create"},
    {"nobody", R"(allow: groups, groups: ["admin"])", "", policy::Provider::user_pools, true, true},
    {"another_provider", "allow: private, provider: oidc", "", policy::Provider::user_pools, true, true},
    {"a_missing_claim", R"(allow: owner, identityClaim: "email")", "", policy::Provider::user_pools, true,
     true},
};

// Whoever has the attacker's kind of credential may do everything with what is not secret.
inline std::string_view everybody(const RuleKind& kind) {
  switch (kind.provider) {
    case policy::Provider::api_key:
      return "allow: public";
    case policy::Provider::user_pools:
      return "allow: private";
    case policy::Provider::oidc:
      return "allow: private, provider: oidc";
    case policy::Provider::identity_pool:
      return kind.authenticated ? "allow: private, provider: identityPool"
                                : "allow: public, provider: identityPool";
    case policy::Provider::function:
      return "allow: custom";
  }
  return {};
}

// What an owner's own operations and their types are called says what there is.
inline std::string closed_operations(std::string_view whom) {
  return fmt::format(R"(
enum VaultKind {{ VAULT_SAFE VAULT_ROOM }}
scalar VaultCode @constraint(maxLength: 9)
input VaultDoor {{ vault_depth: Int! }}
input VaultBox {{ vault_door: VaultDoor, vault_kind: VaultKind }}
type VaultPlan {{ vault_code: VaultCode, vault_room: String }}
extend type Query {{
  plansOfVault(vault_box: VaultBox!, vault_sort: VaultKind): [VaultPlan]
    @sql(statement: "SELECT content AS vault_code, content AS vault_room FROM vault WHERE :vault_box IS NULL OR :vault_sort IS NULL")
    @auth(rules: [{{ {0} }}])
  rowsOfVault: [Vault] @sql(statement: "SELECT * FROM vault") @auth(rules: [{{ {0} }}])
}}
extend type Mutation {{
  openVaultPlan(vault_code: VaultCode): String @sql(statement: "DELETE FROM vault WHERE content = :vault_code") @auth(rules: [{{ {0} }}])
}}
)",
                     whom);
}
inline std::string open_operations(std::string_view whom) {
  return fmt::format(R"(
enum PlanKind {{ ROUND SQUARE }}
input PlanBox {{ depth: Int }}
type Plan {{ code: String }}
extend type Query {{
  plans(box: PlanBox, kind: PlanKind): [Plan] @sql(statement: "SELECT 'x' AS code WHERE :box IS NULL OR :kind IS NULL") @auth(rules: [{{ {} }}])
}}
)",
                     whom);
}

inline std::string attack_overlay(const RuleKind& kind) {
  constexpr std::string_view admin = R"(allow: groups, groups: ["admin"])";
  const std::string operations =
      kind.operations.empty() ? "" : fmt::format(", operations: [{}]", kind.operations);
  const std::string where = kind.where.empty() ? "" : fmt::format(", where: {}", kind.where);
  const std::string open =
      kind.where.empty()
          ? R"(, where: { status: { eq: "open" } })"
          : fmt::format(R"(, where: {{ and: [{}, {{ status: {{ eq: "open" }} }}] }})", kind.where);
  // The rules of fields know no difference between ways of reading.
  const bool is_admin = kind.whom == admin;
  const bool reads = !is_admin && (kind.operations.empty() || kind.operations == "read");
  const bool writes = !is_admin && (kind.operations.empty() || kind.operations == "update, delete");
  std::string rules = fmt::format("{{ {}{}{} }}", kind.whom, where, operations);
  std::string secret = fmt::format("{{ {} }}", admin), pin = secret;
  // Who reads a field reads the row.
  if (!is_admin) rules += fmt::format(", {{ {}, operations: [read] }}", admin);
  if (reads) {
    rules += fmt::format(", {{ {}{}, operations: [read] }}", kind.whom, open);
    pin += fmt::format(", {{ {}{}{} }}", kind.whom, open, operations);
  }
  if (writes) pin += fmt::format(", {{ {}{}, operations: [delete] }}", kind.whom, where);
  if (writes) secret += fmt::format(", {{ {}{}, operations: [create, update, delete] }}", kind.whom, where);
  std::string text = fmt::format(
      "extend type Note @auth(rules: [{}]) {{\n  secret: String @auth(rules: [{}])\n  pin: Int @auth(rules: "
      "[{}])\n}}\n",
      rules, secret, pin);
  for (const std::string_view model : {"Folder", "Remark", "Tag"})
    text += fmt::format("extend type {} @auth(rules: [{{ {} }}])\n", model, everybody(kind));
  text += fmt::format("extend type Vault @auth(rules: [{{ {} }}])\n", admin);
  return text + closed_operations(admin) + open_operations(everybody(kind));
}

inline policy::Principal attacker(const RuleKind& kind) {
  policy::Principal principal = policy::user(attacker_claims);
  principal.provider = kind.provider;
  principal.authenticated = kind.authenticated;
  return principal;
}

}  // namespace tenon::api
