// The matrix of section 4.2 of Amplify's contract.
#include "policy/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/test_rules.h"

namespace tenon::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Note(id, title, owner, teams), of which the title may be null.
class AccessTest : public testing::Test {
 protected:
  AccessTest() {
    catalog_.schemas.push_back({.name = "public"});
    catalog::Table table;
    table.name = table.model_name = "Note";
    table.columns = {0, 4};
    catalog_.tables.push_back(table);
    for (const char* name : {"id", "title", "owner", "teams"}) {
      catalog::Column column;
      column.name = column.field_name = name;
      column.nullable = std::string_view(name) != "id";
      catalog_.columns.push_back(column);
    }
  }

  Roles make(const ModelRules& rules) {
    rules_ = {rules};
    return make_roles(catalog_, rules_, {}, diagnostics_);
  }
  Access access(const ModelRules& rules, const Principal& principal) {
    roles_ = make(rules);
    EXPECT_EQ(messages(), "");
    return Access(roles_, roles_.of(principal));
  }
  std::string shown(const ModelRules& rules, const Principal& principal) {
    const Access made = access(rules, principal);
    return describe(catalog_, roles_, made, note_);
  }
  std::string messages() const {
    std::string text;
    for (const base::Diagnostic& finding : diagnostics_.all()) text += finding.message;
    return text;
  }

  const catalog::TableId note_{0};  // the only one
  const catalog::ColumnId id{0};
  const catalog::ColumnId title{1};
  const catalog::ColumnId owner_column{2};
  const catalog::ColumnId teams{3};
  const Principal ada = user(R"({"sub":"u1","username":"ada","cognito:groups":["Admins"]})");
  catalog::Catalog catalog_;
  std::vector<ModelRules> rules_;
  Roles roles_;
  base::Diagnostics diagnostics_;
};

TEST_F(AccessTest, WithoutRulesNobodyMayDoAnything) {
  EXPECT_EQ(shown({}, key_holder()),
            "Note  get     none\nNote  list    none\nNote  listen  none\n"
            "Note  create  none\nNote  update  none\nNote  delete  none\n");
  EXPECT_TRUE(access({}, console()).rows(note_, Operation::remove).all());
}

TEST_F(AccessTest, AModelRuleIsAboutAllFields) {
  const ModelRules rules{.rules = {everyone(Operations::read())}};
  EXPECT_EQ(shown(rules, key_holder()),
            "Note  get     all\nNote  list    all\nNote  listen  all\n"
            "Note  create  none\nNote  update  none\nNote  delete  none\n");
  EXPECT_TRUE(access(rules, ada).rows(note_, Operation::get).none());
}

TEST_F(AccessTest, RulesOfAFieldReplaceThoseOfTheModel) {
  const ModelRules rules{.rules = {everyone(), signed_in()},
                         .fields = {{.column = title, .rules = {signed_in(Operations::read())}}}};
  EXPECT_EQ(shown(rules, key_holder()),
            "Note  get     all\nNote  list    all\nNote  listen  all\n"
            "Note  create  all\nNote  update  all\nNote  delete  none\n"
            "Note.title  read    none\nNote.title  create  none\nNote.title  update  none\n");
  EXPECT_TRUE(access(rules, ada).column(note_, title, Operation::list).all());
  EXPECT_TRUE(access(rules, ada).column(note_, title, Operation::update).none());
  EXPECT_TRUE(access(rules, ada).column(note_, id, Operation::update).all());
}

TEST_F(AccessTest, OneFieldIsEnoughToReadRows) {
  const ModelRules rules{.rules = {signed_in()},
                         .fields = {{.column = title, .rules = {signed_in(), everyone(Operations::read())}}}};
  EXPECT_TRUE(access(rules, key_holder()).rows(note_, Operation::list).all());
  EXPECT_TRUE(access(rules, key_holder()).column(note_, id, Operation::list).none());
  EXPECT_TRUE(access(rules, key_holder()).rows(note_, Operation::create).none());
}

TEST_F(AccessTest, ToDeleteOneRoleMustBeAllowedItOnEveryField) {
  ModelRules rules{.rules = {owner(owner_column), groups({"Admins"})},
                   .fields = {{.column = title, .rules = {groups({"Admins"})}}}};
  // As the owner she may not delete the title; as an administrator she may delete all.
  EXPECT_TRUE(access(rules, ada).rows(note_, Operation::remove).all());
  rules.fields[0].rules = {owner(owner_column)};
  EXPECT_EQ(access(rules, ada).rows(note_, Operation::remove), (Rows{Rows::Kind::some, {0}}));
  // Two roles that hold half of it each are not one that holds it.
  rules.rules = {groups({"Admins"})};
  EXPECT_TRUE(access(rules, ada).rows(note_, Operation::remove).none());
}

TEST_F(AccessTest, AStaticRuleOpensAllRows) {
  const ModelRules rules{.rules = {owner(owner_column), groups({"Admins"}, Operations::read())}};
  EXPECT_EQ(shown(rules, ada),
            "Note  get     all\nNote  list    all\nNote  listen  all\n"
            "Note  create  rows of userPools:owner:owner:sub::username\n"
            "Note  update  rows of userPools:owner:owner:sub::username\n"
            "Note  delete  rows of userPools:owner:owner:sub::username\n");
  const Rows bo = access(rules, user(R"({"sub":"u2"})")).rows(note_, Operation::get);
  EXPECT_THAT(bo.roles, ElementsAre(0));
}

TEST_F(AccessTest, RowsOfSeveralRolesCoverThoseOfSome) {
  const ModelRules rules{.rules = {owner(owner_column), group_in(teams, Operations::read())}};
  const Access made = access(rules, ada);
  const Rows& read = made.rows(note_, Operation::list);
  const Rows& update = made.rows(note_, Operation::update);
  EXPECT_THAT(read.roles, ElementsAre(0, 1));
  EXPECT_TRUE(read.covers(update));
  EXPECT_FALSE(update.covers(read));
}

TEST_F(AccessTest, ARuleWithClaimsIsForThoseWhoHaveThem) {
  Rule rule = signed_in();
  rule.where = RowCondition{.text = "{owner: {eq: {claim: \"tenant\"}}}", .claims = {{"tenant"}}};
  EXPECT_TRUE(access({.rules = {rule}}, ada).rows(note_, Operation::get).none());
  const Principal tenant = user(R"({"sub":"u1","tenant":"t"})");
  EXPECT_THAT(access({.rules = {rule}}, tenant).rows(note_, Operation::get).roles, ElementsAre(0));
}

TEST_F(AccessTest, ChecksAreForNewRows) {
  Rule rule = signed_in();
  rule.check = RowCondition{.text = "{owner: {eq: \"x\"}}"};
  const Access made = access({.rules = {rule}}, ada);
  EXPECT_TRUE(made.rows(note_, Operation::list).all());
  EXPECT_TRUE(made.rows(note_, Operation::remove).all());
  EXPECT_THAT(made.rows(note_, Operation::create).roles, ElementsAre(0));
  EXPECT_THAT(made.rows(note_, Operation::update).roles, ElementsAre(0));
  Rule free = owner(owner_column);
  free.check = RowCondition{.text = "{ }"};
  EXPECT_TRUE(access({.rules = {free}}, ada).rows(note_, Operation::create).all());
  EXPECT_FALSE(access({.rules = {free}}, ada).rows(note_, Operation::update).all());
}

TEST_F(AccessTest, OneRoleHasOneRuleInOnePlace) {
  make({.rules = {everyone(Operations::read()), everyone(operations({Operation::create}))}});
  EXPECT_THAT(messages(), HasSubstr("@auth apiKey:public already exists for Note"));
}

TEST_F(AccessTest, OwnersOfDifferentFieldsAreDifferentRoles) {
  make({.rules = {owner(owner_column), owner(title), groups({"A", "B"}), groups({"C"})}});
  EXPECT_EQ(messages(), "");
}

TEST_F(AccessTest, RequiredFieldsAreReadByAllReaders) {
  ModelRules rules{.rules = {everyone(), signed_in()}, .fields = {{.column = title, .rules = {signed_in()}}}};
  const auto check = [&] {
    check_required_columns(
        catalog_, rules_, roles_, [&](catalog::ColumnId column) { return column == id || column == title; },
        diagnostics_);
  };
  roles_ = make(rules);
  check();
  EXPECT_EQ(
      messages(),
      "When using field-level authorization rules you need to add rules to all of the model's required "
      "fields with at least read permissions. Found model \"Note\" with required fields [\"title\"] missing "
      "field-level authorization rules.");
  diagnostics_ = {};
  rules.fields[0].optional = true;
  roles_ = make(rules);
  check();
  EXPECT_EQ(messages(), "");
}

TEST_F(AccessTest, DeniedColumnsAreReadByNobody) {
  const Roles roles = make({.rules = {everyone()}});
  const Access made(roles, roles.of(key_holder()), {title}, &catalog_);
  EXPECT_TRUE(made.column(note_, title, Operation::list).none());
  EXPECT_TRUE(made.column(note_, title, Operation::create).all());
  EXPECT_TRUE(made.column(note_, owner_column, Operation::list).all());
}

TEST(RoleTest, ProvidersAreToldApart) {
  const Role key{.allow = Allow::everyone, .provider = Provider::api_key};
  const Role guest{.allow = Allow::everyone, .provider = Provider::identity_pool};
  const Role pool{.allow = Allow::signed_in, .provider = Provider::identity_pool};
  Principal principal{.provider = Provider::identity_pool, .authenticated = false};
  EXPECT_FALSE(key.held_by(principal));
  EXPECT_TRUE(guest.held_by(principal));
  EXPECT_FALSE(pool.held_by(principal));
  principal.authenticated = true;
  EXPECT_FALSE(guest.held_by(principal));
  EXPECT_TRUE(pool.held_by(principal));
  EXPECT_FALSE(guest.held_by(key_holder()));
}

TEST(RoleTest, IdentitiesOfAnOwner) {
  const auto of = [](std::string_view claims, const std::vector<std::string>& names = {}) {
    return identities(user(claims).claims, names);
  };
  EXPECT_THAT(of(R"({"sub":"u1","username":"ada"})"), ElementsAre("u1::ada", "u1", "ada"));
  EXPECT_THAT(of(R"({"sub":"u1","cognito:username":"ada"})"), ElementsAre("u1::ada", "u1", "ada"));
  EXPECT_THAT(of(R"({"sub":"u1"})"), ElementsAre("u1"));
  EXPECT_THAT(of(R"({"email":"a@b"})"), IsEmpty());
  EXPECT_THAT(of(R"({"sub":"u1","email":"a@b"})", {"email"}), ElementsAre("a@b"));
  EXPECT_THAT(of(R"({"tenant":"t","sub":"u1"})", {"tenant", "sub"}), ElementsAre("t::u1"));
  EXPECT_THAT(of(R"({"sub":"u1"})", {"tenant", "sub"}), IsEmpty());
}

TEST(RoleTest, KeysOfSetsTellThemApart) {
  RoleSet a(3);
  RoleSet b(3);
  a.add(0);
  b.add(2);
  EXPECT_NE(a.key(), b.key());
  b = a;
  b.denied_fields = {"Note.title"};
  EXPECT_NE(a.key(), b.key());
  EXPECT_NE(RoleSet::everything().key(), RoleSet(0).key());
}

}  // namespace
}  // namespace tenon::policy
