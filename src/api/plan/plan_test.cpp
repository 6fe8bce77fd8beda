// Golden plans: tests/golden/plan/<case>/query.graphql (and variables.json) over the sample shop, with the
// plan and the statements that PostgreSQL (near and, where there are several, far), MariaDB and MySQL 8 get.
#include "api/plan/plan.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/plan/planner.h"
#include "api/test_shop.h"
#include "graphql/json.h"

namespace tenon::api {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(test::source_dir() / "tests/golden/plan"))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::string first_message(const graphql::Errors& errors) {
  std::string text;
  for (const graphql::Error& error : errors) {
    text += error.code;
    text += ": ";
    text += error.message;
    text += '\n';
  }
  return text;
}

std::expected<std::shared_ptr<const Plan>, graphql::Errors> plan_of(
    const std::shared_ptr<const Schema>& schema, std::string query, const graphql::Json& variables,
    bool single_statement = false, const policy::Principal& principal = developer) {
  const auto rights = make_rights(*schema, schema->policy->roles.of(principal));
  const auto document = graphql::load_document(rights->graphql, std::move(query), {});
  if (!document) return std::unexpected(document.error());
  const auto values = graphql::coerce_variables(*document, 0, graphql::JsonValue(variables));
  if (!values) return std::unexpected(values.error());
  const auto collected = graphql::collect(*document, 0, *values);
  if (!collected) return std::unexpected(collected.error());
  return make_plan(schema, rights, *collected, *values, {.limits = {}, .single_statement = single_statement});
}

// The query for MySQL, which has no columns of lists: query.mysql.graphql, where it has to differ.
std::string mysql_query(const fs::path& folder) {
  const fs::path own = test::source_dir() / folder / "query.mysql.graphql";
  return test::read_file(fs::exists(own) ? own : test::source_dir() / folder / "query.graphql");
}

void expect_statements(const fs::path& golden, const sql::ServerVersion& server, const std::string& query,
                       const graphql::Json& variables, const std::string& rules,
                       const policy::Principal& principal) {
  const auto plan = plan_of(mysql_shop_schema(server, rules), query, variables, false, principal);
  ASSERT_TRUE(plan) << first_message(plan.error());
  test::expect_golden(golden, describe_statements(**plan));
}

class GoldenPlan : public testing::TestWithParam<std::string> {};

TEST_P(GoldenPlan, IsAsAccepted) {
  const fs::path folder = fs::path("tests/golden/plan") / GetParam();
  const fs::path variables_file = test::source_dir() / folder / "variables.json";
  const std::string text = fs::exists(variables_file) ? test::read_file(variables_file) : "{}";
  const auto json = graphql::parse_json(text);
  ASSERT_TRUE(json) << json.error();
  const std::string query = test::read_file(test::source_dir() / folder / "query.graphql");
  // With an overlay the operation is that of a principal.
  std::string rules;
  policy::Principal principal = developer;
  if (const fs::path overlay = test::source_dir() / folder / "api.graphql"; fs::exists(overlay)) {
    rules = test::read_file(overlay);
    principal = principal_of(test::read_file(test::source_dir() / folder / "principal.json"));
  }
  const auto plan = plan_of(shop_schema(rules), query, *json, false, principal);
  if (GetParam().starts_with("fail_")) {
    graphql::Errors errors;
    if (!plan) errors = plan.error();
    if (plan)
      for (const FieldFailure& refused : (*plan)->refused) errors.push_back(refused.error);
    ASSERT_FALSE(errors.empty());
    test::expect_golden(folder / "errors.golden", first_message(errors));
    return;
  }
  ASSERT_TRUE(plan) << first_message(plan.error());
  test::expect_golden(folder / "plan.golden", describe(**plan));
  test::expect_golden(folder / "postgres.sql.golden", describe_statements(**plan));
  using Product = sql::ServerVersion::Product;
  if (GetParam() != "list_operators") {  // nothing but lists
    expect_statements(folder / "mariadb.sql.golden", {Product::mariadb, 10, 11, 6}, mysql_query(folder),
                      *json, rules, principal);
    expect_statements(folder / "mysql.sql.golden", {Product::mysql, 8, 0, 36}, mysql_query(folder), *json,
                      rules, principal);
  }
  const auto far = plan_of(shop_schema(rules), query, *json, true, principal);
  ASSERT_TRUE(far);
  if (!(*far)->single) {
    EXPECT_EQ(describe(**far), describe(**plan));
    return;
  }
  EXPECT_EQ(describe(**far),
            fmt::format("one statement of {} parts\n{}", (*far)->single->parts.size(), describe(**plan)));
  test::expect_golden(folder / "postgres.far.sql.golden", describe_statements(**far));
}

INSTANTIATE_TEST_SUITE_P(Shop, GoldenPlan, testing::ValuesIn(case_names()),
                         [](const auto& test_case) { return test_case.param; });

}  // namespace
}  // namespace tenon::api
