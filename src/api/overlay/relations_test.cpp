#include "api/overlay/relations.h"

#include <gtest/gtest.h>

#include "api/test_databases.h"
#include "api/test_schema.h"

namespace tenon::api {
namespace {

// The findings of an overlay over shop and billing: "place code: message (help)", a line each.
std::string findings(std::string text) {
  static const auto catalog = test_databases({{"shop", std::string(shop_models) + R"(
model Parcel {
  id        String @id @db.Uuid
  order_id  BigInt @unique
  code      String @db.VarChar(20)
  weight    Float
  tags      Int[]
  hidden    Int    @ignore
}
model Slot {
  hall Int
  row  Int
  @@id([hall, row])
}
model Visit {
  id   Int @id
  hall Int
  row  Int
}
)"},
                                              {"billing", std::string(billing_models) + R"(
model Label {
  id      String @id @db.Char(36)
  parcel  String @db.Char(36)
  short   String @db.Char(10)
}
model Weight {
  value Float @id
}
)"}});
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  const base::SourceId file = sources.add("a.graphql", std::move(text));
  read_overlay(*catalog, sources, {.definitions = {file}}, diagnostics);
  std::string all;
  for (const base::Diagnostic& finding : diagnostics.all()) {
    all += fmt::format("{} {}: {}", finding.span ? sources.place(*finding.span) : "", finding.code.text,
                       finding.message);
    if (!finding.help.empty()) all += " (" + finding.help + ")";
    all += '\n';
  }
  return all;
}

TEST(OverlayRelations, AreReadInEveryForm) {
  EXPECT_EQ(findings(std::string(across)), "");
  EXPECT_EQ(findings(R"(extend type Order { parcel: Parcel @hasOne(references: "order_id") })"), "");
  EXPECT_EQ(findings(R"(extend type Visit { slot: Slot @belongsTo(references: ["hall", "row"]) }
                        extend type Slot { visits: [Visit!]! @hasMany(references: ["hall", "row"]) })"),
            "");
  // uuid and char(36)
  EXPECT_EQ(findings(R"(extend type Parcel { labels: [Label] @hasMany(references: ["parcel"]) })"), "");
}

struct RefusedRelation {
  std::string text;
  std::string findings;
};

TEST(OverlayRelations, SayWhatIsWrongWithPlaceAndRemedy) {
  const RefusedRelation cases[] = {
      {R"(extend type Visit { slot: Slot! @belongsTo(references: ["hall", "row"]) })",
       "a.graphql:1:27 TN4008: slot may be null: rules can hide the row that it leads to. (write Slot, "
       "without the !)\n"},
      {R"(extend type Order { x: Invoce @hasOne(references: ["order_id"]) })",
       "a.graphql:1:24 TN4002: There is no model Invoce. (did you mean \"Invoice\"?)\n"},
      {R"(extend type Order { x: [Invoice] @hasMany(references: ["orderid"]) })",
       "a.graphql:1:56 TN4008: Invoice has no field orderid that could hold a key. (did you mean "
       "\"order_id\"?)\n"},
      {R"(extend type Order { x: Invoice @hasMany(references: ["order_id"]) })",
       "a.graphql:1:24 TN4008: @hasMany is a list. (write [Invoice])\n"},
      {R"(extend type Invoice { x: [Order] @belongsTo(references: ["order_id"]) })",
       "a.graphql:1:27 TN4008: @hasOne and @belongsTo lead to one row, not to a list. (write Order, or use "
       "@hasMany)\n"},
      {R"(extend type Order { x: Invoice @hasOne(references: ["order_id"]) })",
       "a.graphql:1:52 TN4008: Several rows of Invoice may hold the same key, so there is not one that Order "
       "has. (make the columns unique in the database, or use @hasMany)\n"},
      {R"(extend type Order { x: [Invoice] @hasMany })",
       "a.graphql:1:35 TN4008: @hasMany needs references. (name the fields of Invoice that hold the key of "
       "Order: references: [\"…\"])\n"},
      {R"(extend type Order { x: [Invoice] @hasMany(fields: ["order_id"]) })",
       "a.graphql:1:43 TN4008: @hasMany has no argument fields. (its one argument is references: the fields "
       "that hold the key)\n"},
      {R"(extend type Order { x: [Invoice] @hasMany(references: ["order_id"], references: []) })",
       "a.graphql:1:69 TN4008: references is given twice.\n"},
      {R"(extend type Order { x: [Invoice] @hasMany(references: [order_id]) })",
       "a.graphql:1:56 TN4008: A reference is the name of a field, in quotes.\n"},
      {R"(extend type Order { x: [Invoice] @hasMany(references: ["order_id", "customer_id"]) })",
       "a.graphql:1:55 TN4008: The key of Order has 1 parts, and references names 2. (name one field for "
       "each "
       "part, in the order of the key)\n"},
      {R"(extend type Invoice { x: Order @belongsTo(references: ["amount"]) })",
       "a.graphql:1:55 TN4008: Invoice.amount (numeric(10,2)) cannot be compared with Order.id (bigint). "
       "(both "
       "must be integers, or text, or identifiers of one form (uuid; char(36) or text))\n"},
      {R"(extend type Label { x: Parcel @belongsTo(references: ["short"]) })",
       "a.graphql:1:54 TN4008: Label.short (character(10)) cannot be compared with Parcel.id (uuid). (both "
       "must "
       "be integers, or text, or identifiers of one form (uuid; char(36) or text))\n"},
      {R"(extend type Parcel { x: Weight @belongsTo(references: ["weight"]) })",
       "a.graphql:1:55 TN4008: Parcel.weight (double precision) cannot be compared with Weight.value (double "
       "precision). (both must be integers, or text, or identifiers of one form (uuid; char(36) or text))\n"},
      {R"(extend type Parcel { x: Order @belongsTo(references: ["tags"]) })",
       "a.graphql:1:54 TN4008: Parcel.tags (integer) cannot be compared with Order.id (bigint). (both must "
       "be "
       "integers, or text, or identifiers of one form (uuid; char(36) or text))\n"},
      {R"(extend type Parcel { x: Customer @belongsTo(references: ["hidden"]) })",
       "a.graphql:1:58 TN4008: Parcel has no field hidden that could hold a key.\n"},
      {R"(extend type Order { note: [Invoice] @hasMany(references: ["order_id"]) })",
       "a.graphql:1:21 TN4008: Order has a field note already: a column. (give the relation another name)\n"},
      {R"(extend type Order { x: [Invoice] @hasMany(references: ["order_id"])
                              x: [Invoice] @hasMany(references: ["order_id"]) })",
       "a.graphql:2:31 TN4008: Order has a relation x already.\n"},
      {R"(extend type Order { x(a: Int): [Invoice] @hasMany(references: ["order_id"]) })",
       "a.graphql:1:23 TN4008: A relation is written without arguments. (lists have filter, orderBy, limit "
       "and "
       "the others by themselves)\n"},
      {R"(extend type Order { x: [Invoice] @hasMany(references: ["order_id"]) @hasOne(references: ["order_id"]) })",
       "a.graphql:1:70 TN4008: A field is one relation only. (keep one of @hasOne, @hasMany and "
       "@belongsTo)\n"},
      {R"(extend type Order { x: [Invoice] @hasMany(references: ["order_id"]) @auth(rules: []) })",
       "a.graphql:1:70 TN4008: @auth is not supported on a relation.\n"},
  };
  for (const RefusedRelation& refused : cases)
    EXPECT_EQ(findings(refused.text), refused.findings) << refused.text;
}

constexpr std::string_view guests = R"(
datasource db {
  provider = "postgresql"
}
model Guest {
  id    Int     @id @default(autoincrement())
  name  String
}
model Stay {
  id       Int @id @default(autoincrement())
  guest_id Int
  nights   Int
}
)";

// What a foreign key gives, a relation of the overlay gives within one database.
TEST(OverlayRelations, AreAsGoodAsForeignKeysWithinOneDatabase) {
  const auto schema = test_schema({{"hotel", std::string(guests)}}, R"(
extend type Guest { stays: [Stay] @hasMany(references: ["guest_id"]) }
extend type Stay { guest: Guest @belongsTo(references: ["guest_id"]) }
)");
  ASSERT_TRUE(schema);
  const graphql::Schema& types = *schema->graphql;
  const auto has = [&](std::string_view type, std::string_view member) {
    const auto id = types.find_type(type);
    if (!id) return false;
    for (const graphql::InputValueId field : types[*id].input_fields)
      if (types[field].name == member) return true;
    return false;
  };
  EXPECT_TRUE(has("ModelStayFilterInput", "guest"));
  EXPECT_TRUE(has("ModelStayOrderByInput", "guest"));
  EXPECT_TRUE(has("ModelGuestFilterInput", "stays"));
  EXPECT_TRUE(has("CreateStayInput", "guest"));
  EXPECT_TRUE(has("CreateGuestInput", "stays"));
  ASSERT_EQ(schema->relations.size(), 2U);
  EXPECT_FALSE(schema->relations[0].crosses);
}

}  // namespace
}  // namespace tenon::api
