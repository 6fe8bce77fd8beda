// A shop and its billing, each a database of its own, with relations across, for tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "api/overlay/overlay.h"
#include "api/schema/schema.h"
#include "catalog/merge.h"
#include "psl/read.h"

namespace tenon::api {

struct TestDatabase {
  std::string name;
  std::string prisma;
  std::string schema = "public";
};

inline constexpr std::string_view shop_models = R"(
datasource db {
  provider = "postgresql"
}
model Customer {
  id      Int     @id @default(autoincrement())
  name    String
  orders  Order[]
}
model Order {
  id          BigInt   @id @default(autoincrement())
  customer_id Int
  note        String?
  clerk       String?  @db.Uuid
  customer    Customer @relation(fields: [customer_id], references: [id])
}
)";

inline constexpr std::string_view billing_models = R"(
datasource db {
  provider = "postgresql"
}
model Invoice {
  id          Int           @id @default(autoincrement())
  order_id    BigInt?
  customer_id BigInt
  amount      Decimal       @db.Decimal(10, 2)
  lines       InvoiceLine[]
}
model InvoiceLine {
  id         Int     @id
  invoice_id Int
  text       String
  invoice    Invoice @relation(fields: [invoice_id], references: [id])
}
model Account {
  customer_id Int     @id
  balance     Decimal @db.Decimal(10, 2)
}
)";

inline constexpr std::string_view across = R"(
extend type Customer {
  invoices: [Invoice] @hasMany(references: ["customer_id"])
  account: Account @hasOne(references: ["customer_id"])
}
extend type Order { invoices: [Invoice] @hasMany(references: ["order_id"]) }
extend type Invoice {
  customer: Customer @belongsTo(references: ["customer_id"])
  order: Order @belongsTo(references: ["order_id"])
}
extend type Account { customer: Customer @belongsTo(references: ["customer_id"]) }
)";

// `schema` of each is the schema its tables are in.
inline std::shared_ptr<const catalog::Catalog> test_databases(const std::vector<TestDatabase>& databases) {
  std::vector<catalog::NamedCatalog> all;
  for (const TestDatabase& database : databases) {
    base::SourceSet sources;
    base::Diagnostics diagnostics;
    const base::SourceId file = sources.add(database.name + ".prisma", database.prisma);
    auto read = psl::read_schema(sources, {&file, 1}, diagnostics, {.default_schema = database.schema});
    if (!read) {
      ADD_FAILURE() << base::render(diagnostics, sources, {});
      return nullptr;
    }
    all.push_back({database.name, std::move(read->catalog)});
  }
  return std::make_shared<const catalog::Catalog>(catalog::merge(std::move(all)));
}

// Every model open, with the relations of `overlay`.
inline std::shared_ptr<const Schema> test_schema(const std::vector<TestDatabase>& databases,
                                                 std::string_view overlay,
                                                 const ServerVersions& servers = {}) {
  const auto catalog = test_databases(databases);
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  const base::SourceId file = sources.add("relations.graphql", std::string(overlay));
  Overlay open = open_overlay(*catalog);
  open.relations = read_overlay(*catalog, sources, {.definitions = {file}}, diagnostics).overlay.relations;
  auto schema = build_schema(catalog, std::move(open), diagnostics, servers);
  if (!diagnostics.all().empty()) ADD_FAILURE() << base::render(diagnostics, sources, {});
  return schema;
}

inline std::shared_ptr<const Schema> shop_and_billing() {
  return test_schema({{"shop", std::string(shop_models)}, {"billing", std::string(billing_models)}}, across);
}

}  // namespace tenon::api
