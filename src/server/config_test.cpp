#include "server/config.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace tenon::server {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

struct Read {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  Config config;

  explicit Read(std::string text) {
    config = read_config(sources, sources.add("tenon.toml", std::move(text)), diagnostics);
  }
  std::string findings() const { return base::render(diagnostics, sources, {}); }
};

TEST(Config, IsAllOptional) {
  const Read read("");
  EXPECT_EQ(read.findings(), "");
  EXPECT_FALSE(read.config.port);
  EXPECT_EQ(read.config.host, "127.0.0.1");
  EXPECT_FALSE(read.config.database_url);
  EXPECT_EQ(read.config.operation_limits.page_rows_max, base::OperationLimits{}.page_rows_max);
}

TEST(Config, ReadsEverySection) {
  const Read read(R"(
[database]
url = "env:SHOP_URL"
schemas = ["shop", "public"]

[server]
host = "0.0.0.0"
port = 80
threads = 4

[api]
keys = ["env:KEY", "file:keys/second"]
debug = true

[limits.document]
selection_depth_max = 7
[limits.operation]
page_rows_max = 500
statement_timeout = "2 s"
[limits.http]
body_bytes_max = 5_000_000
drain_timeout = "1min"
[limits.pool]
connections_max = 3
waiting_max = 0
)");
  EXPECT_EQ(read.findings(), "");
  ASSERT_TRUE(read.config.database_url);
  EXPECT_EQ(read.config.database_url->text, "env:SHOP_URL");
  EXPECT_EQ(read.config.database_url->place, "tenon.toml:3:7");
  EXPECT_THAT(read.config.schemas, ElementsAre("shop", "public"));
  EXPECT_EQ(read.config.host, "0.0.0.0");
  EXPECT_EQ(read.config.port, 80);
  EXPECT_EQ(read.config.threads, 4U);
  ASSERT_EQ(read.config.api_keys.size(), 2U);
  EXPECT_EQ(read.config.api_keys[1].text, "file:keys/second");
  EXPECT_TRUE(read.config.debug);
  EXPECT_EQ(read.config.document_limits.selection_depth_max, 7U);
  EXPECT_EQ(read.config.operation_limits.page_rows_max, 500U);
  EXPECT_EQ(read.config.operation_limits.statement_timeout, 2s);
  EXPECT_EQ(read.config.http_limits.body_bytes_max, 5'000'000U);
  EXPECT_EQ(read.config.http_limits.drain_timeout, 60s);
  EXPECT_EQ(read.config.pool_limits.connections_max, 3U);
  EXPECT_EQ(read.config.pool_limits.waiting_max, 0U);
}

// One message for each kind of mistake, and the file's good parts still count.
TEST(Config, ReportsMistakesAtTheirPlace) {
  const Read read(R"(# Größe: ä
databse = 1
[database]
urll = "env:SHOP_URL"
schemas = "shop"
[server]
host = ""
port = 80808
threads = -1
[api]
keys = ["secret-itself", 5]
debug = "yes"
[limits.operation]
statement_timeout = 10
page_rows_max = 1.5
[limits.documents]
a = 1
[limits]
http = 3
[elsewhere]
x = 1
)");
  test::expect_golden("tests/golden/server/config_mistakes.txt", read.findings());
  EXPECT_TRUE(read.diagnostics.has_errors());
}

TEST(Config, GoodPartsCountBesideMistakes) {
  const Read read("[server]\nprot = 1\nport = 99\n");
  EXPECT_EQ(read.diagnostics.error_count(), 1U);
  EXPECT_THAT(read.findings(), HasSubstr("did you mean \"port\"?"));
  EXPECT_EQ(read.config.port, 99);
}

TEST(Config, SyntaxErrorsHaveAPlace) {
  const Read read("[server]\nport = \n");
  EXPECT_EQ(read.diagnostics.error_count(), 1U);
  EXPECT_THAT(read.findings(), HasSubstr("tenon.toml:2:"));
}

TEST(Config, DeepNestingIsAMistakeAndNoCrash) {
  const Read read("a = " + std::string(100'000, '['));
  EXPECT_EQ(read.diagnostics.error_count(), 1U);
}

TEST(Config, APasswordInTheFileIsWarnedOfAndNotRepeated) {
  const Read read("[database]\nurl = \"postgresql://u:hunter2@h/d\"\n");
  ASSERT_EQ(read.diagnostics.all().size(), 1U);
  EXPECT_EQ(read.diagnostics.all()[0].severity, base::Severity::warning);
  EXPECT_EQ(read.findings().find("hunter2"), std::string::npos) << read.findings();
  EXPECT_TRUE(read.config.database_url);
}

TEST(Config, AKeyInTheFileIsNotRepeated) {
  for (const char* keys : {"[\"hunter2\"]", "\"hunter2\"", "[\"hunter2\"", "[[\"hunter2\"]]"}) {
    const Read read(std::string("[api]\nkeys = ") + keys + "\n");
    EXPECT_TRUE(read.diagnostics.has_errors());
    EXPECT_THAT(read.findings(), HasSubstr("tenon.toml:"));
    EXPECT_EQ(read.findings().find("hunter2"), std::string::npos) << read.findings();
    EXPECT_TRUE(read.config.api_keys.empty());
  }
}

TEST(Duration, UnitsAndLimits) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("10 s"), 10s);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("2 min"), 2min);
  EXPECT_EQ(parse_duration("24h"), 24h);
  for (const char* wrong : {"", "10", "s", "0s", "-1s", "1.5s", "25h", "10 seconds", "9223372036854775807h",
                            "99999999999999999999s"})
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
}

TEST(Config, ReadsSeveralDatabases) {
  const Read read(R"(
[databases.shop]
url = "env:SHOP_URL"
schemas = ["shop"]
pooler = "transaction"

[databases.billing]
url = "file:billing.url"
shadow_url = "env:SHADOW"
schema_path = "db/billing.prisma"
migrations_path = "db/migrations"
seed = "node seed.js"
prefix = "Billing_"
)");
  EXPECT_EQ(read.findings(), "");
  ASSERT_EQ(read.config.databases.size(), 2);
  const DatabaseConfig& billing = read.config.databases[0];
  EXPECT_EQ(billing.name, "billing");
  EXPECT_EQ(billing.place, "tenon.toml:7:1");
  EXPECT_EQ(billing.url.text, "file:billing.url");
  EXPECT_EQ(billing.url.place, "tenon.toml:8:7");
  EXPECT_EQ(billing.shadow_url->text, "env:SHADOW");
  EXPECT_EQ(billing.schema_path->text, "db/billing.prisma");
  EXPECT_EQ(billing.migrations_path->text, "db/migrations");
  EXPECT_EQ(billing.seed_command->text, "node seed.js");
  EXPECT_EQ(billing.prefix, "Billing_");
  const DatabaseConfig& shop = read.config.databases[1];
  EXPECT_EQ(shop.name, "shop");
  EXPECT_THAT(shop.schemas, ElementsAre("shop"));
  EXPECT_EQ(shop.pooler, sql::Pooler::transaction);
  EXPECT_EQ(shop.prefix, "");
}

TEST(Config, OneDatabaseOrSeveral) {
  const Read both(R"(
[database]
url = "env:A"
[schema]
path = "a"
[migrations]
path = "b"
[databases.shop]
url = "env:SHOP_URL"
)");
  EXPECT_THAT(both.findings(), HasSubstr("[database] and [databases] cannot stand side by side."));
  EXPECT_THAT(both.findings(), HasSubstr("call this one [databases.NAME] too"));
  EXPECT_THAT(both.findings(), HasSubstr("write schema_path into [databases.NAME]"));
  EXPECT_THAT(both.findings(), HasSubstr("write migrations_path and seed into [databases.NAME]"));
  EXPECT_EQ(both.diagnostics.error_count(), 3);
  EXPECT_THAT(Read("[databases]\n").findings(), HasSubstr("[databases] names no database."));
  EXPECT_THAT(Read("[databases]\nurl = \"env:A\"\n").findings(), HasSubstr("databases.url must be a table."));
  EXPECT_THAT(Read("[databases.shop]\n").findings(), HasSubstr("The database shop has no url."));
  EXPECT_THAT(Read("[databases.shop]\nurl = \"env:A\"\nprefix = \"1a\"\n").findings(),
              HasSubstr("databases.shop.prefix must be a letter and then letters, digits and _."));
  EXPECT_THAT(Read("[databases.shop]\nurl = \"env:A\"\nprefx = \"a\"\n").findings(),
              HasSubstr("did you mean \"prefix\"?"));
}

TEST(Config, KnowsOriginsAndRates) {
  const Read read(R"(
[api]
origins = ["https://app.example.com", "http://localhost:3000", "*"]
operations = "operations"
operations_only = true
persisted_queries = false
[limits.rate]
requests_per_second = 50
burst = 200
)");
  EXPECT_EQ(read.findings(), "");
  EXPECT_THAT(read.config.origins, ElementsAre("https://app.example.com", "http://localhost:3000", "*"));
  EXPECT_TRUE(read.config.operations_only);
  EXPECT_FALSE(read.config.persisted_queries);
  EXPECT_EQ(read.config.rate_limits.requests_per_second, 50U);
  EXPECT_EQ(read.config.rate_limits.burst, 200U);
}

TEST(Config, RefusesOriginsThatNoBrowserSends) {
  for (const char* origin :
       {"app.example.com", "https://app.example.com/", "https://", "https://*.example.com",
        "https://user@app.example.com", "ftp://app.example.com", "null"}) {
    const Read read(fmt::format("[api]\norigins = [\"{}\"]\n", origin));
    EXPECT_THAT(read.findings(), HasSubstr("api.origins")) << origin;
  }
}

TEST(Config, OperationsOnlyNeedsOperations) {
  EXPECT_THAT(Read("[api]\noperations_only = true\n").findings(), HasSubstr("api.operations"));
}

}  // namespace
}  // namespace tenon::server
