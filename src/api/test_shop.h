// The sample shop of bench/ as an API schema, for tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/rights.h"
#include "api/schema.h"
#include "policy/principal.h"
#include "psl/read.h"
#include "tests/support/golden.h"

namespace tenon::api {

// Whom no rule binds.
inline const policy::Principal developer{.unrestricted = true, .name = "developer"};

inline std::shared_ptr<const Rights> all_rights(const Schema& schema) {
  return make_rights(schema, policy::RoleSet::everything());
}

// Every model open. `prisma` is schema text, its datasource may be left out; tables are in `default_schema`
// unless it says otherwise.
inline std::shared_ptr<const Schema> test_schema(std::string prisma,
                                                 const std::string& default_schema = "public",
                                                 const ServerVersions& servers = {}) {
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
  auto schema = build_schema(catalog, open_overlay(*catalog), diagnostics, servers);
  if (!schema) ADD_FAILURE() << base::render(diagnostics, sources, {});
  return schema;
}

inline std::shared_ptr<const Schema> shop_schema() {
  return test_schema(test::read_file(test::source_dir() / "tests/golden/plan/shop.prisma"), "bench");
}

// The same tables on MySQL or MariaDB; what are lists on PostgreSQL is JSON there.
inline std::shared_ptr<const Schema> mysql_shop_schema(const sql::ServerVersion& server) {
  return test_schema(test::read_file(test::source_dir() / "tests/golden/plan/shop_mysql.prisma"), "bench",
                     {server});
}

}  // namespace tenon::api
