#include "psl/check/configuration.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "psl/parser.h"

namespace tenon::psl {
namespace {

struct Checked {
  Configuration configuration;
  std::vector<std::string> messages;  // `severity "span's text": message`
};

Checked read(std::vector<std::string> files, PrismaCompat compat) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  std::vector<Tree> trees;
  for (std::string& file : files)
    trees.push_back(parse(sources, sources.add("schema.prisma", std::move(file)), diagnostics));
  Checked checked{.configuration = read_configuration(sources, trees, compat, diagnostics), .messages = {}};
  for (const base::Diagnostic& problem : diagnostics.all())
    checked.messages.push_back(fmt::format("{} `{}`: {}",
                                           problem.severity == base::Severity::error ? "error" : "warning",
                                           problem.span ? sources.text(*problem.span) : "", problem.message));
  return checked;
}

Checked read_datasource_of(std::string_view properties, PrismaCompat compat = PrismaCompat::v7) {
  return read({fmt::format("datasource db {{\n{}\n}}\n", properties)}, compat);
}

Checked read_generator_of(std::string_view properties, PrismaCompat compat = PrismaCompat::v7) {
  return read(
      {fmt::format("datasource db {{\nprovider = \"postgresql\"\n}}\ngenerator g {{\n{}\n}}\n", properties)},
      compat);
}

using Messages = std::vector<std::string>;

TEST(Configuration, ReadsADatasource) {
  const Checked checked = read_datasource_of(
      "provider = \"postgres\"\nschemas = [\"b\", \"a\"]\nrelationMode = \"prisma\"\n"
      "extensions = [pg_trgm, uuid_ossp(map: \"uuid-ossp\", schema: \"x\", version: \"1.1\")]");
  EXPECT_EQ(checked.messages, Messages{});
  ASSERT_TRUE(checked.configuration.datasource);
  const Datasource& source = *checked.configuration.datasource;
  EXPECT_EQ(source.connector->provider, Provider::postgresql);
  EXPECT_EQ(source.provider, "postgres");
  EXPECT_EQ(source.schemas, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(source.relation_mode, RelationMode::prisma);
  ASSERT_EQ(source.extensions.size(), 2U);
  EXPECT_EQ(source.extensions[1].database_name, "uuid-ossp");
  EXPECT_EQ(source.extensions[1].version, "1.1");
  EXPECT_EQ(source.properties.size(), 4U);
}

TEST(Configuration, TakesTheUrlByTheReleaseAskedFor) {
  const std::string with_url = "provider = \"mysql\"\nurl = env(\"U\")\ndirectUrl = \"mysql://h/d\"";
  const Checked native = read_datasource_of(with_url, PrismaCompat::none);
  EXPECT_EQ(native.messages, Messages{});
  EXPECT_EQ(native.configuration.datasource->url->environment, "U");
  EXPECT_EQ(native.configuration.datasource->direct_url->text.reveal(), "mysql://h/d");
  EXPECT_EQ(read_datasource_of(with_url, PrismaCompat::v6).messages, Messages{});
  const Messages refused = read_datasource_of(with_url, PrismaCompat::v7).messages;
  ASSERT_EQ(refused.size(), 2U);
  EXPECT_TRUE(refused[0].starts_with("error `url = env(\"U\")`: The datasource property `url` is no longer"));

  EXPECT_EQ(read_datasource_of("provider = \"mysql\"", PrismaCompat::none).messages, Messages{});
  EXPECT_EQ(read_datasource_of("provider = \"mysql\"", PrismaCompat::v6).messages,
            Messages{"error `datasource db {\nprovider = \"mysql\"\n}`: Argument \"url\" is missing in data "
                     "source block \"db\"."});
}

TEST(Configuration, ChecksTheFormOfEnv) {
  const auto url = [](std::string_view value) {
    return read_datasource_of(fmt::format("provider = \"mysql\"\nurl = {}", value), PrismaCompat::v6)
        .messages;
  };
  EXPECT_EQ(url("env(NAME)"),
            Messages{"error `NAME`: Expected a string value, but received literal value `NAME`."});
  EXPECT_EQ(url("env()"), Messages{"error `env()`: Exactly one string parameter must be passed to the env "
                                   "function."});
  EXPECT_EQ(url("env(n: \"X\")"),
            Messages{"warning `n: \"X\"`: The env function doesn't expect named arguments"});
  EXPECT_EQ(url("12"), Messages{"error `12`: Expected a String value, but received numeric value `12`."});
}

TEST(Configuration, RefusesAShadowDatabaseThatIsTheDatabase) {
  const Messages messages =
      read_datasource_of("provider = \"mysql\"\nurl = \"mysql://a\"\nshadowDatabaseUrl = \"mysql://a\"",
                         PrismaCompat::none)
          .messages;
  EXPECT_EQ(messages,
            Messages{"error `\"mysql://a\"`: shadowDatabaseUrl is the same as url for datasource \"db\". "
                     "Please specify a different database as shadow database to avoid data loss."});
}

TEST(Configuration, ReportsEverythingWrongWithADatasource) {
  EXPECT_EQ(read_datasource_of("provider = \"mysql\"\nextensions = [a]\nfoo = 1").messages,
            (Messages{"error `extensions = [a]`: Property not known: \"extensions\".",
                      "error `foo = 1`: Property not known: \"foo\"."}));
  EXPECT_EQ(
      read_datasource_of("provider = \"postgresql\"\nschemas = [\"b\", \"a\", \"b\", 3, [\"c\"]]").messages,
      (Messages{"error `3`: Expected a string value, but received numeric value `3`.",
                "error `[\"c\"]`: Expected a string value, but received array value `[\"c\"]`."}));
  EXPECT_EQ(read_datasource_of("provider = \"postgresql\"\nschemas = [\"b\", \"a\", \"b\"]").messages,
            Messages{"error `\"b\"`: Duplicated schema names are not allowed"});
  EXPECT_EQ(read_datasource_of("provider = \"postgresql\"\nrelationMode = \"x\"").messages.size(), 1U);
  EXPECT_EQ(read_datasource_of("provider = \"\"").messages,
            Messages{"error `\"\"`: Error validating datasource `db`: The provider argument in a datasource "
                     "must not be empty"});
  EXPECT_EQ(
      read_datasource_of("provider = \"postgresql\"\nextensions = [a(version: 2, version: \"1\", \"x\", b: "
                         "\"c\")]")
          .messages,
      (Messages{"error `2`: Expected a string value, but received numeric value `2`.",
                "error `version: 2`: Error validating: The `version` argument must be a string literal",
                "error `version: \"1\"`: Error validating: The argument `version` can only be defined once",
                "error `\"x\"`: Error validating: The argument must have a name",
                "error `b: \"c\"`: Argument not known: \"b\"."}));
}

TEST(Configuration, RefusesOtherProvidersByNameUnlessAskedForPrismasVerdict) {
  const Checked native = read_datasource_of("provider = \"sqlite\"", PrismaCompat::none);
  EXPECT_EQ(native.messages,
            Messages{"error `\"sqlite\"`: Tenon does not work with databases of the provider \"sqlite\"."});
  const Checked compat = read_datasource_of("provider = \"sqlite\"", PrismaCompat::v7);
  EXPECT_EQ(compat.messages, Messages{});
  EXPECT_EQ(compat.configuration.connector().provider, Provider::sqlite);
}

TEST(Configuration, AllowsOneDatasource) {
  const std::string a = "datasource a {\nprovider = \"mysql\"\n}\n";
  const std::string b = "datasource b {\nprovider = \"mysql\"\n}\n";
  EXPECT_EQ(read({a + b}, PrismaCompat::v7).messages.size(), 2U);
  EXPECT_EQ(read({a, b}, PrismaCompat::none).messages.size(), 2U);
  // Prisma looks at each file alone.
  EXPECT_EQ(read({a, b}, PrismaCompat::v7).messages, Messages{});
  EXPECT_EQ(read({"\n"}, PrismaCompat::v7).messages, Messages{});
  EXPECT_EQ(read({"\n"}, PrismaCompat::none).messages.size(), 1U);
}

TEST(Configuration, ReadsPreviewFeatures) {
  const Checked checked = read_generator_of(
      "provider = \"x\"\npreviewFeatures = [\"views\", \"FullTextSearch\", \"createMany\"]");
  EXPECT_EQ(checked.messages.size(), 2U);
  EXPECT_TRUE(checked.configuration.preview_features.has(PreviewFeature::views));
  EXPECT_TRUE(checked.configuration.preview_features.has(PreviewFeature::full_text_search_postgres));
  EXPECT_FALSE(checked.configuration.preview_features.has(PreviewFeature::shard_keys));

  const std::string metrics = "provider = \"x\"\npreviewFeatures = [\"metrics\"]";
  EXPECT_EQ(read_generator_of(metrics, PrismaCompat::v7).messages,
            Messages{"error `[\"metrics\"]`: The preview feature \"metrics\" is not known. Expected one of: "
                     "fullTextSearchPostgres, nativeDistinct, partialIndexes, postgresqlExtensions, "
                     "relationJoins, schemaEngineDriverAdapters, shardKeys, strictUndefinedChecks, typedSql, "
                     "views"});
  EXPECT_EQ(read_generator_of(metrics, PrismaCompat::none).messages,
            Messages{"warning `[\"metrics\"]`: Preview feature \"metrics\" is deprecated. It will be removed "
                     "in a future version of Prisma."});
}

TEST(Configuration, ChecksGenerators) {
  EXPECT_EQ(
      read_generator_of("output = \"x\"").messages,
      Messages{"error `generator g {\noutput = \"x\"\n}`: Argument \"provider\" is missing in generator "
               "block \"g\"."});
  EXPECT_EQ(read_generator_of("provider = \"x\"\nengineType = [1]").messages,
            Messages{"error `[1]`: Expected a String value, but received array value `[1]`."});
  EXPECT_EQ(read_generator_of("provider = \"x\"\nanything = [1, true]\ncount = 3").messages, Messages{});
  EXPECT_EQ(
      read_generator_of("provider = \"x\"\nkey = [env(KEY)]\nbinaryTargets = [env(\"A\"), native]").messages,
      (Messages{"error `native`: Expected a String value, but received literal value `native`.",
                "error `KEY`: Expected a string value, but received literal value `KEY`."}));
}

}  // namespace
}  // namespace tenon::psl
