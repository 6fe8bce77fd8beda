#include "psl/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tenon::psl {
namespace {

using namespace catalog;
using testing::ElementsAre;
using testing::HasSubstr;

struct Result {
  std::optional<Schema> schema;
  std::vector<std::string> errors;
};

Result read(const std::vector<std::string>& texts) {
  base::SourceSet sources;
  std::vector<base::SourceId> ids;
  for (const std::string& text : texts) ids.push_back(sources.add("schema.prisma", text));
  base::Diagnostics diagnostics;
  Result result{.schema = read_schema(sources, ids, diagnostics), .errors = {}};
  for (const base::Diagnostic& diagnostic : diagnostics.all()) result.errors.push_back(diagnostic.message);
  return result;
}

Result read_models(const std::string& models) {
  return read(
      {"datasource db {\n  provider = \"postgresql\"\n}\ngenerator client {\n  provider = \"x\"\n  "
       "previewFeatures = [\"partialIndexes\"]\n}\n",
       models});
}

Catalog catalog_of(const std::string& models) {
  Result result = read_models(models);
  EXPECT_THAT(result.errors, ElementsAre());
  return result.schema ? std::move(result.schema->catalog) : Catalog();
}

TEST(Read, DatasourceOfVersionSix) {
  const Result result =
      read({"datasource pg {\n  provider = \"postgres\"\n  url = env(\"DATABASE_URL\")\n  directUrl = "
            "\"postgresql://h/d\"\n  schemas = [\"a\", \"b\"]\n  relationMode = \"prisma\"\n}\n"});
  ASSERT_TRUE(result.schema);
  const Datasource& source = result.schema->datasource;
  EXPECT_EQ(source.name, "pg");
  EXPECT_EQ(source.url->environment, "DATABASE_URL");
  EXPECT_EQ(source.direct_url->text.reveal(), "postgresql://h/d");
  EXPECT_THAT(source.schemas, ElementsAre("a", "b"));
  EXPECT_EQ(source.relation_mode, RelationMode::prisma);
}

TEST(Read, OtherProvidersAreRefusedByName) {
  const Result result = read({"datasource db {\n  provider = \"sqlite\"\n}\n"});
  EXPECT_FALSE(result.schema);
  EXPECT_THAT(result.errors, ElementsAre(HasSubstr("\"sqlite\"")));
}

TEST(Read, TablesOfMySqlAreInTheDatabaseOfTheConnection) {
  const std::string models = "model A {\n  id Int @id\n}\n";
  const Result mysql = read({"datasource db {\n  provider = \"mysql\"\n}\n" + models});
  ASSERT_TRUE(mysql.schema);
  EXPECT_EQ(mysql.schema->catalog.schemas.front().name, "");
  EXPECT_EQ(catalog_of(models).schemas.front().name, "public");
}

TEST(Read, WithoutADatasourceThereIsNoSchema) { EXPECT_FALSE(read({"model A {\n  id Int @id\n}\n"}).schema); }

TEST(Read, TypesAndDefaults) {
  const Catalog catalog = catalog_of(
      "enum Mood {\n  happy\n  sad @map(\"not happy\")\n  @@map(\"moods\")\n}\nmodel T {\n  id Int @id "
      "@default(autoincrement())\n  a String @default(uuid(7)) @db.VarChar(36)\n  b Decimal? "
      "@default(1.50)\n  c "
      "Mood[] @default([sad])\n  d DateTime @default(now()) @updatedAt @db.Timestamptz(6)\n  e "
      "Unsupported(\"_int4range\")[]\n  f Bytes @default(\"aGk=\")\n  g String "
      "@default(dbgenerated(\"lower('X')\")) "
      "@map(\"gg\")\n}\n");
  ASSERT_EQ(catalog.columns.size(), 8U);
  EXPECT_EQ(catalog.columns[0].default_value.kind, Default::Kind::autoincrement);
  EXPECT_EQ(catalog.columns[1].type.native, "character varying(36)");
  EXPECT_EQ(catalog.columns[1].client_default.kind, ClientDefault::Kind::uuid);
  EXPECT_EQ(catalog.columns[1].client_default.argument, 7);
  EXPECT_EQ(catalog.columns[2].type.native, "numeric(65,30)");
  EXPECT_TRUE(catalog.columns[2].nullable);
  EXPECT_THAT(catalog.columns[3].default_value.items, ElementsAre("not happy"));
  EXPECT_EQ(catalog.columns[3].type.native, "\"public\".\"moods\"");
  EXPECT_EQ(catalog.columns[4].type.native, "timestamp(6) with time zone");
  EXPECT_TRUE(catalog.columns[4].updated_at);
  EXPECT_EQ(catalog.columns[5].type.native, "int4range");
  EXPECT_EQ(catalog.columns[5].type.array_dimensions, 1);
  EXPECT_EQ(catalog.columns[6].default_value.text, "\\x6869");
  EXPECT_EQ(catalog.columns[7].name, "gg");
  EXPECT_EQ(catalog.columns[7].default_value.text, "lower('X')");
}

TEST(Read, IndexesHaveDefaultNames) {
  const Catalog catalog = catalog_of(
      "model T {\n  a Int @map(\"aa\")\n  b Int @unique\n  c Int\n  @@id([a, b], name: \"ab\")\n  "
      "@@index([c(sort: "
      "Desc), a], type: Brin)\n  @@unique([c], map: \"u\")\n  @@index([b], where: { c: 1, a: { not: null } "
      "})\n  "
      "@@map(\"t\")\n}\n");
  ASSERT_EQ(catalog.indexes.size(), 5U);
  EXPECT_EQ(catalog.indexes[0].name, "t_pkey");
  EXPECT_EQ(catalog.indexes[0].client_name, "ab");
  EXPECT_EQ(catalog.indexes[1].name, "t_b_key");
  EXPECT_EQ(catalog.indexes[2].name, "t_c_aa_idx");
  EXPECT_EQ(catalog.indexes[2].method, "brin");
  EXPECT_TRUE(catalog.indexes[2].parts[0].descending);
  EXPECT_EQ(catalog.indexes[3].predicate, "(\"c\" = 1 AND \"aa\" IS NOT NULL)");
  EXPECT_EQ(catalog.indexes[4].name, "u");
}

TEST(Read, RelationsHaveDefaultActions) {
  const Catalog catalog = catalog_of(
      "model A {\n  id Int @id\n  bs B[]\n  cs C[]\n}\nmodel B {\n  id Int @id\n  aId Int\n  a A "
      "@relation(fields: "
      "[aId], references: [id])\n}\nmodel C {\n  id Int @id\n  aId Int?\n  a A? @relation(fields: [aId], "
      "references: "
      "[id], onUpdate: NoAction, map: \"k\")\n}\n");
  ASSERT_EQ(catalog.foreign_keys.size(), 2U);
  EXPECT_EQ(catalog.foreign_keys[0].name, "B_aId_fkey");
  EXPECT_EQ(catalog.foreign_keys[0].on_delete, ReferentialAction::restrict);
  EXPECT_EQ(catalog.foreign_keys[0].on_update, ReferentialAction::cascade);
  EXPECT_EQ(catalog.foreign_keys[0].back_field_name, "bs");
  EXPECT_EQ(catalog.foreign_keys[1].name, "k");
  EXPECT_EQ(catalog.foreign_keys[1].on_delete, ReferentialAction::set_null);
  EXPECT_EQ(catalog.foreign_keys[1].on_update, ReferentialAction::no_action);
}

TEST(Read, ImplicitManyToManyMakesALinkTable) {
  const Catalog catalog = catalog_of(
      "model Tag {\n  name String @id\n  posts Post[]\n}\nmodel Post {\n  id Int @id\n  tags Tag[]\n}\n");
  ASSERT_EQ(catalog.tables.size(), 3U);
  const Table& link = catalog.tables[2];
  EXPECT_EQ(link.name, "_PostToTag");
  EXPECT_TRUE(link.implicit_link);
  EXPECT_EQ(catalog[link.columns[0]].type.kind, TypeKind::int32) << "A is Post, first in the alphabet";
  EXPECT_EQ(catalog[link.columns[1]].type.kind, TypeKind::text);
  EXPECT_EQ(catalog[link.indexes[0]].name, "_PostToTag_AB_pkey");
  EXPECT_EQ(catalog[link.indexes[1]].name, "_PostToTag_B_index");
  EXPECT_EQ(catalog[link.foreign_keys[0]].name, "_PostToTag_A_fkey");
  EXPECT_EQ(catalog[link.foreign_keys[0]].back_field_name, "tags");
  EXPECT_EQ(catalog[link.foreign_keys[0]].on_delete, ReferentialAction::cascade);
}

TEST(Read, RelationModePrismaMakesNoConstraints) {
  const Result result = read(
      {"datasource db {\n  provider = \"mysql\"\n  relationMode = \"prisma\"\n}\nmodel A {\n  id Int @id\n  "
       "bs "
       "B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n}\n"});
  ASSERT_TRUE(result.schema);
  EXPECT_TRUE(result.schema->catalog.foreign_keys.at(0).emulated);
}

TEST(Read, SaysWhatIsWrong) {
  const auto errors = [](const std::string& models) { return read_models(models).errors; };
  EXPECT_THAT(
      errors("model A {\n  id Int @id\n  x int\n}\n"),
      ElementsAre("Type \"int\" is neither a built-in type, nor refers to another model, composite type, or "
                  "enum. Did you mean \"Int\"?"));
  EXPECT_THAT(errors("model A {\n  id Int @id @nope\n}\n"), ElementsAre("Attribute not known: \"@nope\"."));
  EXPECT_THAT(errors("model A {\n  x Int\n}\n"), ElementsAre(HasSubstr("at least one unique criteria")));
  EXPECT_THAT(errors("model A {\n  id Int @id\n  b B\n}\nmodel B {\n  id Int @id\n}\n"),
              ElementsAre(HasSubstr("is missing an opposite relation field on the model `B`")));
  EXPECT_THAT(
      errors("model A {\n  id String @id @db.SmallInt\n}\n"),
      ElementsAre("Native type SmallInt is not compatible with declared field type String, expected field "
                  "type Int."));
  EXPECT_THAT(errors("model A {\n  id Int @id(nope: 1, map: \"a\", map: \"b\")\n}\n"),
              ElementsAre("Argument \"map\" is already specified.", "No such argument."));
  EXPECT_THAT(errors("model A {\n  id Int @id @default(now())\n}\n"),
              ElementsAre(HasSubstr("The function `now()` cannot be used on fields of type `Int`.")));
  EXPECT_THAT(
      errors("model A {\n  id Int @id\n}\nmodel A {\n  id Int @id\n}\n"),
      testing::Contains("The model \"A\" cannot be defined because a model with that name already exists."));
}

TEST(Read, EarlierErrorsAreNotTheFilesOwn) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{
      sources.add("schema.prisma", "datasource db {\n  provider = \"postgresql\"\n}\n")};
  base::Diagnostics diagnostics;
  diagnostics.error(base::code::schema_invalid, "of something else");
  EXPECT_TRUE(read_schema(sources, ids, diagnostics));
}

}  // namespace
}  // namespace tenon::psl
