#include "psl/write.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "psl/expressible.h"
#include "psl/names.h"
#include "psl/read.h"
#include "tests/support/catalog_builder.h"
#include "tests/support/golden.h"

namespace tenon::psl {
namespace {

using namespace catalog;
using test::array_of;
using test::CatalogBuilder;
using test::expression;
using test::int_type;
using test::literal;
using test::serial;
using test::text_type;
using test::type;

ColumnType bigint() { return type(TypeKind::int64, "bigint"); }

ColumnType decimal(std::uint32_t precision, std::uint32_t scale) {
  ColumnType found = type(TypeKind::decimal, fmt::format("numeric({},{})", precision, scale));
  found.precision = precision;
  found.scale = scale;
  return found;
}

void add_parent(CatalogBuilder& builder, const ColumnType& mood) {
  CatalogBuilder::TablePlan& parent = builder.table("parent");
  parent.row.comment = "the parent";
  parent.required("id", bigint()).identity = Identity::always;
  parent.required("code", text_type()).comment = "the code";
  parent.optional("m", mood, literal("sad"));
  Default empty_array = literal("");
  empty_array.is_array = true;
  parent.required("tags", array_of(text_type()), empty_array);
  parent.optional("price", decimal(10, 2));
  parent.optional("full_name", text_type()).generated = "(code || '!'::text)";
  parent.optional("d", int_type()).type.domain = "public.posint";
  parent.optional("c", type(TypeKind::composite, "public.comp"));
  parent.optional("ci", type(TypeKind::text, "public.citext"));
  parent.optional("iv", type(TypeKind::interval, "interval"));
  parent.optional("pt", type(TypeKind::geometry, "point"));
  parent.optional("ts", type(TypeKind::tsvector, "tsvector"));
  parent.optional("r", type(TypeKind::range, "int4range"));
  parent.optional("1col", int_type());
  parent.optional("we ird-col", int_type());
  Default now;
  now.kind = Default::Kind::now;
  parent.optional("created", type(TypeKind::timestamptz, "timestamp with time zone"), now);
  parent.optional("u", type(TypeKind::uuid, "uuid"), expression("gen_random_uuid()"));
  parent.optional("js", type(TypeKind::jsonb, "jsonb"), literal("{\"a\": 1}"));
  parent.primary({"id"});
  parent.index(IndexKind::unique, "parent_code_key", {"code"}).is_constraint = true;
  parent.index(IndexKind::normal, "parent_incl", {"code"});
  parent.indexes.back().included = {"price"};
  parent.index(IndexKind::unique, "parent_lower", {""});
  Index& trigrams = parent.index(IndexKind::normal, "parent_trgm", {"code"});
  trigrams.method = "gin";
  trigrams.parts[0].operator_class = "gin_trgm_ops";
  builder.check("parent", "parent_price_check");
}

void add_child(CatalogBuilder& builder) {
  CatalogBuilder::TablePlan& child = builder.table_with_id("child");
  child.row.row_level_security = true;
  child.optional("parent_id", bigint());
  child.optional("other_parent_id", bigint());
  child.required("n", int_type(), serial());
  child.index(IndexKind::normal, "child_part", {"n"}).predicate = "(n > 10)";
  child.index(IndexKind::normal, "child_expr", {""});
  Index& descending = child.index(IndexKind::normal, "child_desc", {"n"});
  descending.parts[0].descending = true;
  descending.parts[0].nulls = NullsOrder::last;
  child.references("child_parent_id_fkey", {"parent_id"}, "parent", {"id"}).on_delete =
      ReferentialAction::cascade;
  ForeignKey& deferred =
      child.references("child_other_parent_id_fkey", {"other_parent_id"}, "parent", {"id"});
  deferred.deferrable = deferred.initially_deferred = true;
}

void add_links(CatalogBuilder& builder) {
  builder.table_with_id("a");
  builder.table_with_id("b");
  for (const bool with_keys : {false, true}) {
    CatalogBuilder::TablePlan& link = builder.table(with_keys ? "_aTob" : "_AToB");
    link.required("A", int_type());
    link.required("B", int_type());
    if (!with_keys) continue;
    link.index(IndexKind::primary, "_aTob_AB_pkey", {"A", "B"});
    link.index(IndexKind::normal, "_aTob_B_index", {"B"});
    for (const std::string side : {"A", "B"}) {
      ForeignKey& key = link.references("_aTob_" + side + "_fkey", {side}, side == "A" ? "a" : "b", {"id"});
      key.on_delete = key.on_update = ReferentialAction::cascade;
    }
  }
}

void add_small_tables(CatalogBuilder& builder) {
  CatalogBuilder::TablePlan& no_key = builder.table("no_pk");
  no_key.row.has_subclasses = true;
  CatalogBuilder::TablePlan& heir = builder.table("inh");
  heir.row.inherits = true;
  for (CatalogBuilder::TablePlan* table : {&no_key, &heir}) {
    table->optional("a", int_type());
    table->optional("b", text_type());
  }
  heir.optional("extra", int_type());
  for (const char* name : {"excl", "unl", "async", "2tables", "_under"}) {
    CatalogBuilder::TablePlan& table = builder.table(name);
    table.required("id", int_type());
    table.primary({"id"});
    if (table.row.name == "excl") table.optional("r", type(TypeKind::range, "int4range"));
  }
  builder.exclusion("excl", "excl_r_excl");
  CatalogBuilder::TablePlan& part = builder.table("part");
  part.row.kind = TableKind::partitioned_table;
  part.required("id", int_type());
  part.required("at", type(TypeKind::date, "date"));
  part.primary({"id", "at"});
  CatalogBuilder::TablePlan& tree = builder.table_with_id("tree");
  tree.optional("parent_id", int_type());
  tree.references("tree_parent_id_fkey", {"parent_id"}, "tree", {"id"});
  CatalogBuilder::TablePlan& view = builder.table("v");
  view.row.kind = TableKind::view;
  view.optional("id", bigint());
  view.optional("code", text_type());
  CatalogBuilder::TablePlan& materialized = builder.table("mv");
  materialized.row.kind = TableKind::materialized_view;
  materialized.optional("c", bigint());
}

// The database of the migration corpus that has every kind of object Prisma does not manage.
Catalog pg_objects() {
  CatalogBuilder builder;
  const ColumnType mood = builder.enumeration("mood", {"sad", "ok-ish", "", "1st"});
  add_parent(builder, mood);
  add_child(builder);
  add_links(builder);
  add_small_tables(builder);
  Catalog catalog = builder.build();
  assign_names(catalog);
  return catalog;
}

WriteOptions options_of_pg_objects() {
  WriteOptions options;
  options.generators = {
      {.name = "client",
       .properties = {{"provider", "\"prisma-client\""},
                      {"output", "\"../gen\""},
                      {"previewFeatures", "[\"partialIndexes\", \"postgresqlExtensions\", \"views\"]"}}}};
  return options;
}

TEST(Write, EveryKindOfObject) {
  base::Diagnostics diagnostics;
  test::expect_golden("tests/golden/psl/pg_objects.prisma",
                      write_schema(pg_objects(), options_of_pg_objects(), diagnostics));
  std::string warnings;
  for (const base::Diagnostic& diagnostic : diagnostics.all()) warnings += diagnostic.message + "\n\n";
  test::expect_golden("tests/golden/psl/pg_objects.warnings", warnings);
}

std::optional<Schema> read(const std::string& text) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("schema.prisma", text)};
  base::Diagnostics diagnostics;
  std::optional<Schema> schema = read_schema(sources, ids, diagnostics);
  EXPECT_TRUE(schema) << base::render(diagnostics, sources, {});
  return schema;
}

void expect_round_trip(const Catalog& catalog) {
  base::Diagnostics diagnostics;
  const std::string text = write_schema(catalog, {}, diagnostics);
  const std::optional<Schema> again = read(text);
  ASSERT_TRUE(again) << text;
  EXPECT_EQ(describe(expressible(again->catalog)), describe(expressible(catalog))) << text;
  EXPECT_TRUE(expressible(again->catalog) == expressible(catalog)) << text;
}

TEST(Write, EveryKindOfObjectIsReadBack) { expect_round_trip(pg_objects()); }

std::string write(const Catalog& catalog) {
  base::Diagnostics diagnostics;
  WriteOptions options;
  options.generators.clear();
  return write_schema(catalog, options, diagnostics);
}

TEST(Write, AddsThePreviewFeaturesThatAreNeeded) {
  CatalogBuilder builder;
  CatalogBuilder::TablePlan& table = builder.table_with_id("t");
  table.index(IndexKind::normal, "t_id_idx", {"id"}).predicate = "(id > 1)";
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_THAT(write(catalog),
              testing::StartsWith("generator client {\n  provider        = \"prisma-client\"\n"
                                  "  output          = \"../generated/prisma\"\n"
                                  "  previewFeatures = [\"partialIndexes\"]\n}\n"));
}

TEST(Write, NamesSchemasOutsidePublic) {
  CatalogBuilder builder;
  builder.table_with_id("a", "shop");
  builder.table_with_id("b", "public");
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(write(catalog),
            "datasource db {\n  provider = \"postgresql\"\n  schemas  = [\"public\", \"shop\"]\n}\n\n"
            "model b {\n  id Int @id @default(autoincrement())\n\n  @@schema(\"public\")\n}\n\n"
            "model a {\n  id Int @id @default(autoincrement())\n\n  @@schema(\"shop\")\n}\n");
  expect_round_trip(catalog);
}

TEST(Write, CommentsOutFieldsAndModelsThatCannotBe) {
  CatalogBuilder builder;
  CatalogBuilder::TablePlan& table = builder.table_with_id("t");
  table.optional("12", int_type(), literal("1"));
  builder.table("empty");
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_EQ(write(catalog),
            "datasource db {\n  provider = \"postgresql\"\n}\n\n"
            "/// We could not retrieve columns for the underlying table. Either it has none or you are "
            "missing rights "
            "to see them. Please check your privileges.\n// model empty {\n// }\n\n"
            "model t {\n  id Int @id @default(autoincrement())\n"
            "  /// This field was commented out because of an invalid name. Please provide a valid one that "
            "matches "
            "[a-zA-Z][a-zA-Z0-9_]*\n  // 12 Int? @default(1) @map(\"12\")\n}\n");
  expect_round_trip(catalog);
}

TEST(Write, AKeyThatCannotBeNamedIdentifiesNothing) {
  CatalogBuilder builder;
  CatalogBuilder::TablePlan& table = builder.table("t");
  table.required("1", int_type());
  table.primary({"1"});
  table.optional("name", text_type());
  CatalogBuilder::TablePlan& digits = builder.table("digits");
  digits.required("2", int_type());
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_THAT(write(catalog), testing::HasSubstr("@@ignore"));
  EXPECT_THAT(write(catalog), testing::HasSubstr("// model digits {"));
  expect_round_trip(catalog);
}

TEST(Write, DefaultsOfTypesWithoutLiteralsAreSql) {
  CatalogBuilder builder;
  CatalogBuilder::TablePlan& table = builder.table_with_id("t");
  ColumnType timestamp = type(TypeKind::timestamp, "timestamp(3) without time zone");
  timestamp.precision = 3;
  table.required("at", timestamp, literal("2020-01-01 00:00:00"));
  table.required("bytes", type(TypeKind::bytes, "bytea"), literal("\\x6869"));
  table.required("nan", type(TypeKind::float64, "double precision"), literal("NaN"));
  table.required("odd", decimal(3, 5)).type.native = "numeric(3,5)";
  table.required("uid", type(TypeKind::uuid, "uuid"), literal("00000000-0000-0000-0000-000000000000"));
  Catalog catalog = builder.build();
  assign_names(catalog);
  const std::string text = write(catalog);
  EXPECT_THAT(text, testing::HasSubstr(
                        "@default(dbgenerated(\"'2020-01-01 00:00:00'::timestamp without time zone\"))"));
  EXPECT_THAT(text, testing::HasSubstr("@default(\"aGk=\")"));
  EXPECT_THAT(text, testing::HasSubstr("@default(dbgenerated(\"'NaN'::double precision\"))"));
  EXPECT_THAT(text, testing::HasSubstr("Unsupported(\"numeric(3,5)\")"));
  EXPECT_THAT(text, testing::HasSubstr("'00000000-0000-0000-0000-000000000000'::uuid\")) @db.Uuid"));
  expect_round_trip(catalog);
}

TEST(Write, RelationsWithIgnoredModelsAreIgnored) {
  CatalogBuilder builder;
  builder.table_with_id("a");
  CatalogBuilder::TablePlan& table = builder.table("b");
  table.optional("a_id", int_type());
  table.references("b_a_id_fkey", {"a_id"}, "a", {"id"});
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_THAT(write(catalog), testing::HasSubstr("b  b[] @ignore"));
  expect_round_trip(catalog);
}

TEST(Write, KeysOfNullableAndRequiredColumnsKeepTheirAction) {
  for (const ReferentialAction action : {ReferentialAction::restrict, ReferentialAction::set_null}) {
    CatalogBuilder builder;
    CatalogBuilder::TablePlan& a = builder.table("a");
    a.required("x", int_type());
    a.required("y", int_type());
    a.primary({"x", "y"});
    CatalogBuilder::TablePlan& b = builder.table_with_id("b");
    b.required("ax", int_type());
    b.optional("ay", int_type());
    b.references("b_ax_ay_fkey", {"ax", "ay"}, "a", {"x", "y"}).on_delete = action;
    Catalog catalog = builder.build();
    assign_names(catalog);
    expect_round_trip(catalog);
  }
}

TEST(Write, LongNamesAreCutAsTheDatabaseCutsThem) {
  const std::string table(60, 't');
  CatalogBuilder builder;
  CatalogBuilder::TablePlan& plan = builder.table_with_id(table);
  plan.indexes[0].row.name = table.substr(0, 58) + "_pkey";
  plan.required("code", text_type());
  plan.index(IndexKind::unique, table.substr(0, 59) + "_key", {"code"});
  Catalog catalog = builder.build();
  assign_names(catalog);
  EXPECT_THAT(write(catalog), testing::Not(testing::HasSubstr("map:")));
}

}  // namespace
}  // namespace tenon::psl
