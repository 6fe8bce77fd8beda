#include "api/plan/cost.h"

#include <limits>

#include <gtest/gtest.h>

#include "api/plan/planner.h"
#include "api/test_shop.h"
#include "graphql/json.h"

namespace tenon::api {
namespace {

std::uint64_t cost_of(std::string query) {
  const auto schema = shop_schema();
  const auto document = graphql::load_document(schema->graphql, std::move(query), {});
  if (!document) throw std::runtime_error(document.error().front().message);
  const auto values = graphql::coerce_variables(*document, 0, graphql::JsonValue());
  const auto collected = graphql::collect(*document, 0, *values);
  return make_plan(schema, all_rights(*schema), *collected, *values, {})->cost;
}

TEST(Cost, OfALevelIsItsPage) {
  EXPECT_EQ(cost_of("{ getCustomer(id: 1) { full_name } }"), 1U);
  EXPECT_EQ(cost_of("{ listCustomers(limit: 20) { items { full_name } } }"), 20U);
  EXPECT_EQ(cost_of("{ listCustomers { items { full_name } } }"), 100U);
}

TEST(Cost, JoinsWeighARowMore) {
  EXPECT_EQ(cost_of("{ listMessages(limit: 20) { items { id customer { full_name } } } }"), 40U);
}

TEST(Cost, NestedListsMultiply) {
  EXPECT_EQ(cost_of("{ listCustomers(limit: 20) { items { orders(limit: 10) { items { id } } } } }"),
            20U + 200U);
}

TEST(Cost, CountsAndAggregatesWeighMoreThanRows) {
  EXPECT_EQ(cost_of("{ listCustomers(limit: 20) { totalCount items { id } } }"), 100U + 20U);
  EXPECT_EQ(cost_of("{ listCustomers(limit: 20) { items { orders(limit: 1) { totalCount } } } }"),
            20U + 20U * 100U);
}

TEST(Cost, AliasesAddUp) {
  EXPECT_EQ(cost_of("{ a: listCustomers { items { id } } b: listCustomers { items { id } } }"), 200U);
}

TEST(Cost, EndsAtTheLargestNumber) {
  Plan plan;
  for (std::uint32_t i = 0; i < 20; ++i) {
    Level level;
    if (i > 0) level.parent = i - 1;
    level.page = 1'000'000;
    level.rows.emplace();
    plan.levels.push_back(std::move(level));
  }
  EXPECT_EQ(estimate_cost(plan), std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace tenon::api
