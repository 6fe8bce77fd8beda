// The sample shop of bench/ as an API schema, for tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "api/overlay/overlay.h"
#include "api/rules/policy.h"
#include "api/rules/rights.h"
#include "api/schema/schema.h"
#include "policy/principal.h"
#include "psl/read.h"
#include "tests/support/golden.h"

namespace tenon::api {

// Whom no rule binds.
inline const policy::Principal developer{.unrestricted = true, .name = "developer"};

inline std::shared_ptr<const Rights> all_rights(const Schema& schema) {
  return make_rights(schema, policy::RoleSet::everything());
}

// {"provider": "userPools", "claims": {…}}; without claims the holder of the API key.
inline policy::Principal principal_of(std::string_view json) {
  const boost::json::object object = boost::json::parse(json).as_object();
  policy::Principal principal{.name = "test"};
  if (const auto* provider = object.if_contains("provider"))
    principal.provider = *policy::parse_provider(std::string_view(provider->as_string()));
  if (const auto* claims = object.if_contains("claims"))
    principal.claims = policy::Claims(claims->as_object());
  if (const auto* denied = object.if_contains("deniedFields"))
    for (const auto& field : denied->as_array())
      principal.denied_fields.emplace_back(std::string_view(field.as_string()));
  return principal;
}

// Every model open, unless `rules`, an overlay, says otherwise. `prisma` is schema text, its datasource may
// be left out; tables are in `default_schema` unless it says otherwise.
inline std::shared_ptr<const Schema> test_schema(std::string prisma,
                                                 const std::string& default_schema = "public",
                                                 const ServerVersions& servers = {},
                                                 const std::string& rules = {}) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  if (prisma.find("datasource") == std::string::npos)
    prisma += "\ndatasource db {\n  provider = \"postgresql\"\n}\n";
  const std::vector<base::SourceId> files{sources.add("schema.prisma", std::move(prisma))};
  auto read = psl::read_schema(sources, files, diagnostics, {.default_schema = default_schema});
  if (!read) {
    ADD_FAILURE() << base::render(diagnostics, sources, {});
    return nullptr;
  }
  auto catalog = std::make_shared<const catalog::Catalog>(std::move(read->catalog));
  NamedOverlay named{.catalog = catalog, .overlay = open_overlay(*catalog)};
  if (!rules.empty())
    named = read_overlay(*catalog, sources,
                         {.definitions = {sources.add("api.graphql", rules)}, .statements = {}}, diagnostics);
  auto schema = build_schema(named.catalog, std::move(named.overlay), diagnostics, servers);
  if (!schema) ADD_FAILURE() << base::render(diagnostics, sources, {});
  return schema;
}

inline std::shared_ptr<const Schema> shop_schema(const std::string& rules = {}) {
  return test_schema(test::read_file(test::source_dir() / "tests/golden/plan/shop.prisma"), "bench", {},
                     rules);
}

// The same tables on MySQL or MariaDB; what are lists on PostgreSQL is JSON there.
inline std::shared_ptr<const Schema> mysql_shop_schema(const sql::ServerVersion& server,
                                                       const std::string& rules = {}) {
  return test_schema(test::read_file(test::source_dir() / "tests/golden/plan/shop_mysql.prisma"), "bench",
                     {server}, rules);
}

}  // namespace tenon::api
