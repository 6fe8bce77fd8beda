#include "psl/names.h"

#include <gtest/gtest.h>

#include "tests/support/catalog_builder.h"

namespace tenon::psl {
namespace {

using namespace catalog;
using test::CatalogBuilder;
using test::int_type;
using test::text_type;

TEST(Names, Sanitize) {
  EXPECT_EQ(sanitized_name("order_item"), "order_item");
  EXPECT_EQ(sanitized_name("2tables"), "tables");
  EXPECT_EQ(sanitized_name("_under"), "under");
  EXPECT_EQ(sanitized_name("we ird-col"), "we_ird_col");
  EXPECT_EQ(sanitized_name("größe"), "gr__e");
  EXPECT_EQ(sanitized_name("12"), "");
}

TEST(Names, ReservedNamesArePrefixed) {
  CatalogBuilder builder;
  builder.table_with_id("async");
  builder.table_with_id("String");
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(catalog.tables[0].model_name, "Renamedasync");
  EXPECT_EQ(catalog.tables[1].model_name, "RenamedString");
}

TEST(Names, DuplicatesTakeTheirSchema) {
  CatalogBuilder builder;
  builder.table_with_id("a", "one");
  builder.table_with_id("a", "two");
  builder.enumeration("a", {"x"}, "three");
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(catalog.tables[0].model_name, "one_a");
  EXPECT_EQ(catalog.tables[1].model_name, "two_a");
  EXPECT_EQ(catalog.enums[0].enum_name, "three_a");
}

TEST(Names, ColumnsThatBecomeTheSameGetNumbers) {
  CatalogBuilder builder;
  CatalogBuilder::TablePlan& table = builder.table_with_id("t");
  table.optional("a b", int_type());
  table.optional("a-b", int_type());
  table.optional("12", int_type());
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(catalog.columns[1].field_name, "a_b");
  EXPECT_EQ(catalog.columns[2].field_name, "a_b_2");
  EXPECT_EQ(catalog.columns[3].field_name, "");
}

TEST(Names, EnumValues) {
  CatalogBuilder builder;
  builder.enumeration("mood", {"sad", "ok-ish", "", "1st", "1"});
  Catalog catalog = builder.build();
  assign_names(catalog);
  std::vector<std::string> names;
  for (const EnumValue& value : catalog.enums[0].values) names.push_back(value.value_name);
  EXPECT_EQ(names, (std::vector<std::string>{"sad", "ok_ish", "EMPTY_ENUM_VALUE", "st", ""}));
}

TEST(Names, AnEnumOfNumbersKeepsItsValues) {
  CatalogBuilder builder;
  builder.enumeration("size", {"1", "2"});
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(catalog.enums[0].values[0].value_name, "value_1");
  EXPECT_EQ(catalog.enums[0].values[1].value_name, "value_2");
}

CatalogBuilder two_tables() {
  CatalogBuilder builder;
  builder.table_with_id("parent");
  CatalogBuilder::TablePlan& child = builder.table_with_id("child");
  child.optional("parent_id", int_type());
  child.references("child_parent_id_fkey", {"parent_id"}, "parent", {"id"});
  return builder;
}

TEST(Names, ARelationIsNamedAfterTheTables) {
  CatalogBuilder builder = two_tables();
  Catalog catalog = builder.build();
  assign_names(catalog);
  const ForeignKey& key = catalog.foreign_keys[0];
  EXPECT_EQ(key.relation_name, "");
  EXPECT_EQ(key.field_name, "parent");
  EXPECT_EQ(key.back_field_name, "child");
}

TEST(Names, TwoRelationsBetweenOnePairAreToldApart) {
  CatalogBuilder builder;
  builder.table_with_id("parent");
  CatalogBuilder::TablePlan& child = builder.table_with_id("child");
  child.optional("a", int_type());
  child.optional("b", int_type());
  child.references("k1", {"a"}, "parent", {"id"});
  child.references("k2", {"b"}, "parent", {"id"});
  child.references("k3", {"b"}, "parent", {"id"});
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(catalog.foreign_keys[0].relation_name, "child_aToparent");
  EXPECT_EQ(catalog.foreign_keys[0].field_name, "parent_child_aToparent");
  EXPECT_EQ(catalog.foreign_keys[1].back_field_name, "child_child_bToparent");
  EXPECT_EQ(catalog.foreign_keys[2].field_name, "") << "a key that repeats another one is not a relation";
}

TEST(Names, SelfRelation) {
  CatalogBuilder builder;
  CatalogBuilder::TablePlan& tree = builder.table_with_id("tree");
  tree.optional("parent_id", int_type());
  tree.references("tree_parent_id_fkey", {"parent_id"}, "tree", {"id"});
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(catalog.foreign_keys[0].relation_name, "treeTotree");
  EXPECT_EQ(catalog.foreign_keys[0].field_name, "tree");
  EXPECT_EQ(catalog.foreign_keys[0].back_field_name, "other_tree");
}

TEST(Names, AFieldOfTheSameNameMakesTheRelationLong) {
  CatalogBuilder builder;
  builder.table_with_id("parent");
  CatalogBuilder::TablePlan& child = builder.table_with_id("child");
  child.required("parent", int_type());
  child.references("k", {"parent"}, "parent", {"id"});
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(catalog.foreign_keys[0].field_name, "parent_child_parentToparent");
}

// The link table of a and b; `change` may spoil it.
template <class Change>
Catalog linked(const std::string& name, Change change) {
  CatalogBuilder builder;
  builder.table_with_id("a");
  builder.table_with_id("b");
  CatalogBuilder::TablePlan& link = builder.table(name);
  link.required("A", int_type());
  link.required("B", int_type());
  link.index(IndexKind::primary, name + "_AB_pkey", {"A", "B"});
  link.index(IndexKind::normal, name + "_B_index", {"B"});
  for (const std::string side : {"A", "B"}) {
    ForeignKey& key = link.references(name + "_" + side + "_fkey", {side}, side == "A" ? "a" : "b", {"id"});
    key.on_delete = key.on_update = ReferentialAction::cascade;
  }
  change(link);
  Catalog catalog = builder.build();
  assign_names(catalog);
  return catalog;
}

TEST(Names, LinkTablesBecomeLists) {
  const Catalog catalog = linked("_aTob", [](auto&) {});
  EXPECT_TRUE(catalog.tables[2].implicit_link);
  EXPECT_EQ(catalog.tables[2].model_name, "");
  EXPECT_EQ(catalog.foreign_keys[0].back_field_name, "b");
  EXPECT_EQ(catalog.foreign_keys[1].back_field_name, "a");
  EXPECT_EQ(catalog.foreign_keys[0].relation_name, "");
  EXPECT_EQ(linked("_likes", [](auto&) {}).foreign_keys[0].relation_name, "likes");
}

TEST(Names, WhatIsNotExactlyALinkTableIsAModel) {
  const auto is_link = [](const std::string& name, auto change) {
    return linked(name, change).tables[2].implicit_link;
  };
  EXPECT_FALSE(is_link("aTob", [](auto&) {}));
  EXPECT_FALSE(is_link("_aTob", [](auto& link) { link.optional("more", text_type()); }));
  EXPECT_FALSE(is_link("_aTob", [](auto& link) { link.columns[0].nullable = true; }));
  EXPECT_FALSE(is_link("_aTob", [](auto& link) { link.indexes.pop_back(); }));
  EXPECT_FALSE(is_link("_aTob", [](auto& link) { link.foreign_keys.pop_back(); }));
  EXPECT_FALSE(
      is_link("_aTob", [](auto& link) { link.foreign_keys[0].row.on_delete = ReferentialAction::restrict; }));
  EXPECT_FALSE(is_link(
      "_aTob", [](auto& link) { std::swap(link.foreign_keys[0].target, link.foreign_keys[1].target); }));
}

TEST(Names, HistoryOfMigrationsIsNoModel) {
  CatalogBuilder builder;
  CatalogBuilder::TablePlan& history = builder.table("_prisma_migrations");
  for (const char* column : {"id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at",
                             "started_at", "applied_steps_count"})
    history.required(column, text_type());
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(catalog.tables[0].model_name, "");
}

}  // namespace
}  // namespace tenon::psl
