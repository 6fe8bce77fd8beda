// docs/configuration.md against the program: its defaults are ours, and it has every key.

#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config.h"
#include "tests/support/golden.h"

namespace tenon::server {
namespace {

struct Row {
  std::string key;
  std::string value;  // as TOML; empty for "none"
};
using Sections = std::map<std::string, std::vector<Row>>;

std::string without_ticks(std::string text) {
  std::erase(text, '`');
  return text;
}

// A section beside which those of a single database have no place.
constexpr std::string_view databases = "databases.NAME";
// Sections that cannot stand there empty.
bool wants_more(std::string_view section) { return section == databases || section.contains("auth."); }

// Rows "| `key` | `default` | …" under headings "### [section]".
Sections documented() {
  Sections sections;
  std::istringstream text(test::read_file(test::source_dir() / "docs/configuration.md"));
  std::string section;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("#")) section = line.starts_with("### [") ? line.substr(5, line.size() - 6) : "";
    if (section.empty() || !line.starts_with("| `")) continue;
    const auto second = line.find(" | ");
    const auto third = line.find(" | ", second + 1);
    std::string value = line.substr(second + 3, third - second - 3);
    sections[section].push_back(
        {without_ticks(line.substr(2, second - 2)), value == "none" ? "" : without_ticks(value)});
  }
  return sections;
}

struct ReadSection {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  Config config;
  explicit ReadSection(std::string text) {
    config = read_config(sources, sources.add("tenon.toml", std::move(text)), diagnostics);
  }
  std::string findings() const { return base::render(diagnostics, sources, {}); }
};

// All members: a new one does not compile until it is compared, and so documented.
auto members(const base::DocumentLimits& limits) {
  const auto& [a, b, c, d, e, f, g, h, i] = limits;
  return std::tuple(a, b, c, d, e, f, g, h, i);
}
auto members(const base::OperationLimits& limits) {
  const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q] = limits;
  return std::tuple(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q);
}
auto members(const base::RateLimits& limits) {
  const auto& [a, b, c, d] = limits;
  return std::tuple(a, b, c, d);
}
auto members(const base::HttpLimits& limits) {
  const auto& [a, b, c, d, e, f, g, h] = limits;
  return std::tuple(a, b, c, d, e, f, g, h);
}
auto members(const base::PoolLimits& limits) {
  const auto& [a, b, c, d, e, f, g] = limits;
  return std::tuple(a, b, c, d, e, f, g);
}

TEST(ConfigurationPage, HasTheDefaultsOfTheProgram) {
  std::string text;
  for (const auto& [section, rows] : documented()) {
    if (wants_more(section)) continue;
    text += "[" + section + "]\n";
    for (const Row& row : rows)
      if (!row.value.empty()) text += row.key + " = " + row.value + "\n";
  }
  const ReadSection page(text);
  EXPECT_EQ(page.findings(), "");
  const Config ours;
  EXPECT_EQ(page.config.schemas, ours.schemas);
  EXPECT_EQ(page.config.pooler, ours.pooler);
  EXPECT_EQ(page.config.round_trips, ours.round_trips);
  EXPECT_EQ(page.config.schema_path.has_value(), ours.schema_path.has_value());
  EXPECT_EQ(page.config.provider, ours.provider);
  EXPECT_EQ(page.config.shadow_url.has_value(), ours.shadow_url.has_value());
  EXPECT_EQ(page.config.migrations_path.has_value(), ours.migrations_path.has_value());
  EXPECT_EQ(page.config.database_ca.has_value(), ours.database_ca.has_value());
  EXPECT_EQ(page.config.host, ours.host);
  EXPECT_EQ(page.config.port, ours.port);
  EXPECT_EQ(page.config.threads, ours.threads);
  EXPECT_EQ(page.config.api_keys.size(), ours.api_keys.size());
  EXPECT_EQ(page.config.debug, ours.debug);
  EXPECT_EQ(page.config.auth, ours.auth);
  EXPECT_EQ(page.config.secrets_file.has_value(), ours.secrets_file.has_value());
  EXPECT_EQ(page.config.telemetry, ours.telemetry);
  EXPECT_EQ(members(page.config.document_limits), members(ours.document_limits));
  EXPECT_EQ(members(page.config.operation_limits), members(ours.operation_limits));
  EXPECT_EQ(members(page.config.rate_limits), members(ours.rate_limits));
  EXPECT_EQ(page.config.origins, ours.origins);
  EXPECT_EQ(page.config.operations.has_value(), ours.operations.has_value());
  EXPECT_EQ(page.config.operations_only, ours.operations_only);
  EXPECT_EQ(page.config.persisted_queries, ours.persisted_queries);
  EXPECT_EQ(members(page.config.http_limits), members(ours.http_limits));
  EXPECT_EQ(members(page.config.pool_limits), members(ours.pool_limits));
}

TEST(ConfigurationPage, HasTheDefaultsOfADatabaseOfSeveral) {
  std::string text = "[databases.NAME]\nurl = \"env:X\"\n";
  Sections sections = documented();
  for (const Row& row : sections[std::string(databases)])
    if (!row.value.empty()) text += row.key + " = " + row.value + "\n";
  const ReadSection page(text);
  EXPECT_EQ(page.findings(), "");
  ASSERT_EQ(page.config.databases.size(), 1);
  // All members, as above.
  const auto& [name, place, url, shadow, schemas, pooler, schema, migrations, seed, prefix, ca] =
      page.config.databases.front();
  const DatabaseConfig ours;
  EXPECT_EQ(std::tie(schemas, pooler, prefix), std::tie(ours.schemas, ours.pooler, ours.prefix));
  EXPECT_FALSE(shadow || schema || migrations || seed || ca);
  EXPECT_EQ(std::tie(name, url.text, place), std::tuple("NAME", "env:X", "tenon.toml:1:1"));
}

TEST(ConfigurationPage, HasTheDefaultsOfCredentials) {
  Sections sections = documented();
  const auto written = [&](const std::string& section) {
    std::string text;
    for (const Row& row : sections[section])
      if (!row.value.empty()) text += row.key + " = " + row.value + "\n";
    return text;
  };
  const ReadSection page("[auth.user_pools]\nissuer = \"https://a\"\n" + written("auth.user_pools") +
                         "[auth.oidc.NAME]\nissuer = \"https://b\"\n" + written("auth.oidc.NAME") +
                         "[auth.function]\nurl = \"https://c\"\n" + written("auth.function") +
                         "[auth.services.NAME]\naccess_key_id = \"d\"\nsecret = \"env:X\"\n" +
                         written("auth.services.NAME"));
  EXPECT_EQ(page.findings(), "");
  const ReadSection bare(
      "[auth.user_pools]\nissuer = \"https://a\"\n[auth.oidc.NAME]\nissuer = \"https://b\"\n"
      "[auth.function]\nurl = \"https://c\"\n[auth.services.NAME]\naccess_key_id = \"d\"\nsecret = "
      "\"env:X\"\n");
  ASSERT_EQ(page.config.auth.issuers.size(), 2);
  // The places differ.
  const auto facts = [](const AuthConfig& auth) {
    std::vector<std::tuple<std::vector<std::string>, std::chrono::milliseconds, bool>> all;
    for (const IssuerConfig& issuer : auth.issuers)
      all.emplace_back(issuer.token_use, issuer.clock_skew,
                       issuer.age_max || issuer.sign_in_age_max || issuer.jwks_url || issuer.ca ||
                           !issuer.audience.empty() || !issuer.client_id.empty());
    return std::tuple(all, auth.authorizer->ttl, auth.authorizer->timeout, auth.services.at(0).role);
  };
  EXPECT_EQ(facts(page.config.auth), facts(bare.config.auth));
}

// What the program says that it knows, when it is asked for something it does not.
std::set<std::string> known_keys(const std::string& section) {
  const ReadSection read("[" + section + "]\nqqqqqqqqqqqqqqqqqqqq = 1\n");
  std::string help;
  for (const base::Diagnostic& finding : read.diagnostics.all())
    if (finding.help.starts_with("known here: ")) help = finding.help;
  EXPECT_TRUE(help.starts_with("known here: ")) << help;
  std::istringstream names(help.substr(12));
  std::set<std::string> known;
  for (std::string name; names >> name;)
    known.insert(name.ends_with(',') ? name.substr(0, name.size() - 1) : name);
  return known;
}
TEST(ConfigurationPage, HasEveryKey) {
  const Sections sections = documented();
  EXPECT_EQ(sections.size(), 19);
  for (const auto& [section, rows] : sections) {
    std::set<std::string> keys;
    for (const Row& row : rows) keys.insert(row.key);
    std::set<std::string> known = known_keys(section);
    std::erase_if(known, [&](const std::string& name) {  // sections below it, which have rows of their own
      const std::string below = section + "." + name;
      return std::ranges::any_of(sections, [&](const auto& other) { return other.first.contains(below); });
    });
    EXPECT_EQ(keys, known) << section;
  }
}

}  // namespace
}  // namespace tenon::server
