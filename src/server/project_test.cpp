#include "server/project.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "server/schema_place.h"

namespace tenon::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Folder : public testing::Test {
 protected:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "tenon-project-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = fs::canonical(pattern);
  }
  ~Folder() override { fs::remove_all(root_); }

  void write(const fs::path& name, std::string_view text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  Project load(Variables variables = {}) {
    base::SourceSet sources;
    base::Diagnostics diagnostics;
    auto project = load_project(root_, Environment(std::move(variables)), sources, diagnostics);
    EXPECT_TRUE(project);
    EXPECT_EQ(base::render(diagnostics, sources, {}), "");
    return *project;
  }
  fs::path root_;
};

using FindProject = Folder;
TEST_F(FindProject, ByItsConfigurationFromAnyFolderBelow) {
  write("tenon.toml", "");
  write("a/prisma/schema.prisma", "");
  EXPECT_EQ(find_project_folder(root_ / "a" / "prisma", {}), root_);
}
TEST_F(FindProject, ByItsFolders) {
  write(".git/HEAD", "");
  write("app/prisma/schema.prisma", "");
  write("app/src/deep/x", "");
  EXPECT_EQ(find_project_folder(root_ / "app/src/deep", {}), root_ / "app");
}
TEST_F(FindProject, ByPrismasFiles) {
  write(".git/HEAD", "");
  write("one/db/schema.prisma", "");
  write("one/db/models/a.prisma", "");
  EXPECT_EQ(find_project_folder(root_ / "one/db/models", {}), root_ / "one/db");
  write("one/package.json", R"({"prisma": {"schema": "db"}})");
  EXPECT_EQ(find_project_folder(root_ / "one/db/models", {}), root_ / "one");
  write("two/db/schema.prisma", "");
  write("two/package.json", "{}");
  write("two/prisma.config.js", "");
  EXPECT_EQ(find_project_folder(root_ / "two/db", {}), root_ / "two");
}
TEST_F(FindProject, NotAboveTheCheckout) {
  write("prisma/schema.prisma", "");
  write("checkout/.git/HEAD", "");
  write("checkout/src/x", "");
  EXPECT_EQ(find_project_folder(root_ / "checkout/src", {}), root_ / "checkout/src");
}
TEST_F(FindProject, NotAboveTheHomeFolder) {
  write("api/x.graphql", "");
  write("home/new/x", "");
  EXPECT_EQ(find_project_folder(root_ / "home/new", Environment({{"HOME", (root_ / "home").string()}})),
            root_ / "home/new");
}

using LoadProject = Folder;
TEST_F(LoadProject, NeedsNoFile) {
  const Project project = load();
  EXPECT_FALSE(project.config_file);
  EXPECT_EQ(project.local_folder(catalog::Engine::postgresql), root_ / ".tenon/postgres");
  EXPECT_EQ(project.local_folder(catalog::Engine::mysql), root_ / ".tenon/mariadb");
}
TEST_F(LoadProject, CannotReadAFolderAsConfiguration) {
  fs::create_directories(root_ / "tenon.toml");
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  const auto project = load_project(root_, {}, sources, diagnostics);
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().code, base::code::file_unreadable);
}
TEST_F(LoadProject, KeepsPrivateThingsOutOfVersionControl) {
  const Project project = load();
  ASSERT_TRUE(make_private_folder(project));
  ASSERT_TRUE(make_private_folder(project));
  std::ifstream in(root_ / ".tenon/.gitignore");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "*\n");
}

class SchemaFiles : public Folder {
 protected:
  std::string found(Variables variables = {}) {
    const Project project = load(std::move(variables));
    const SchemaPlace place = find_schema_place(project);
    const auto files = find_schema_files(place);
    if (!files) return files.error().message + " " + files.error().place;
    std::string text;
    for (const fs::path& file : *files) text += file.lexically_relative(root_).string() + " ";
    return text + place.named_by;
  }
};
TEST_F(SchemaFiles, InOrderOfPrecedence) {
  EXPECT_EQ(found(), "");
  write("prisma/schema.prisma", "");
  write("prisma/models/a.prisma", "");
  write("prisma/migrations/x.sql", "");
  EXPECT_EQ(found(), "prisma/models/a.prisma prisma/schema.prisma ");
  write("schema.prisma", "");
  EXPECT_EQ(found(), "schema.prisma ");
  write("db/main.prisma", "");
  write("package.json", R"({"prisma": {"schema": "./db/main.prisma"}})");
  EXPECT_EQ(found(), "db/main.prisma package.json");
  write(".config/prisma.ts", "export default { schema: '../prisma' }");
  EXPECT_EQ(found(), "prisma/models/a.prisma prisma/schema.prisma .config/prisma.ts:1:26");
  write("prisma.config.mjs", "export default { schema: process.env.WHERE ?? 'db' }");
  EXPECT_EQ(found(), "db/main.prisma prisma.config.mjs:1:26");
  EXPECT_EQ(found({{"WHERE", "schema.prisma"}}), "schema.prisma prisma.config.mjs:1:26");
  write("tenon.toml", "[schema]\npath = \"prisma/models\"\n");
  EXPECT_EQ(found(), "prisma/models/a.prisma tenon.toml:2:8");
}
TEST_F(SchemaFiles, NamedOnesMustBeThere) {
  write("prisma.config.ts", "export default { schema: 'nope.prisma' }");
  EXPECT_THAT(found(), HasSubstr("nope.prisma. prisma.config.ts:1:26"));
  write("prisma.config.ts", "export default { schema: where() }");
  EXPECT_THAT(found(), HasSubstr("schema is computed"));
  write("prisma.config.ts", "export default { schema: process.env.WHERE }");
  EXPECT_THAT(found(), HasSubstr("is empty"));
  write("tenon.toml", "[schema]\npath = \"empty\"\n");
  fs::create_directories(root_ / "empty");
  EXPECT_THAT(found(), HasSubstr("holds no *.prisma file. tenon.toml:2:8"));
  write("tenon.toml", "");
  write("prisma.config.ts", "export default {}");
  write("package.json", R"({"prisma": {"schema": "db"}})");
  EXPECT_EQ(found(), "");  // a prisma.config.* takes the place of package.json
}

class PrismaUrl : public Folder {
 protected:
  std::string chosen(Variables variables = {}) {
    const auto choice = choose_database(load(std::move(variables)), {}, {});
    if (!choice) return choice.error().message + " " + choice.error().help;
    return choice->origin == DatabaseChoice::Origin::prisma_config ? choice->url.reveal()
                                                                   : choice->origin_text;
  }
};
TEST_F(PrismaUrl, ComesBeforeTheEnvironmentAndAfterTenonToml) {
  write("prisma.config.ts",
        "export default { datasource: { url: process.env.DB ?? 'postgresql://fallback' } }");
  EXPECT_EQ(chosen({{"DATABASE_URL", "postgresql://other"}}), "postgresql://fallback");
  EXPECT_EQ(chosen({{"DB", "postgresql://db"}}), "postgresql://db");
  write("tenon.toml", "[database]\nurl = \"postgresql://toml\"\n");
  EXPECT_EQ(chosen(), "tenon.toml:2:7");
}
TEST_F(PrismaUrl, TakesFromDotenvOnlyWhatTheFileLoads) {
  write("prisma.config.ts", "export default { datasource: { url: env('DB') } }");
  EXPECT_THAT(chosen(), HasSubstr("DB is not set. Set it."));
  write(".env", "DB=postgresql://dotenv");
  EXPECT_THAT(chosen(),
              HasSubstr("which Prisma 7 does not read: put import 'dotenv/config' into prisma.config.ts"));
  write("prisma.config.ts", "import 'dotenv/config'\nexport default { datasource: { url: env('DB') } }");
  EXPECT_EQ(chosen(), "postgresql://dotenv");
  write("other.env", "DB=postgresql://first");
  write("prisma.config.ts",
        "process.loadEnvFile('other.env')\nexport default { datasource: { url: env('DB') } }");
  EXPECT_EQ(chosen(), "postgresql://first");
  write("prisma.config.ts", "export default { datasource: { url: secret() } }");
  EXPECT_THAT(chosen(), HasSubstr("datasource.url is computed (a call of secret)"));
}

using ResolveReference = Folder;
TEST_F(ResolveReference, ReadsVariablesAndFiles) {
  write("keys/one", "secret\n");
  const Project project = load({{"KEY", "from env"}});
  EXPECT_EQ(resolve(project, {.text = "env:KEY"})->reveal(), "from env");
  EXPECT_EQ(resolve(project, {.text = "file:keys/one"})->reveal(), "secret");
  EXPECT_EQ(resolve(project, {.text = "file:" + (root_ / "keys/one").string()})->reveal(), "secret");
  EXPECT_EQ(resolve(project, {.text = "plain"})->reveal(), "plain");
}
TEST_F(ResolveReference, NamesWhatIsMissing) {
  write("empty", "\n");
  write("large", std::string(70'000, 'x'));
  const Project project = load({{"BLANK", ""}});
  const auto failure = [&](const char* text) {
    const auto secret = resolve(project, {.text = text, .place = "tenon.toml:1:1"});
    EXPECT_FALSE(secret);
    EXPECT_EQ(secret.error().code, base::code::config_reference_unresolved);
    EXPECT_EQ(secret.error().place, "tenon.toml:1:1");
    return secret.error().message;
  };
  EXPECT_THAT(failure("env:NOPE"), HasSubstr("NOPE is not set"));
  EXPECT_THAT(failure("env:BLANK"), HasSubstr("BLANK is empty"));
  EXPECT_THAT(failure("file:nope"), HasSubstr("No such file"));
  EXPECT_THAT(failure("file:empty"), HasSubstr("is empty"));
  EXPECT_THAT(failure("file:large"), HasSubstr("larger than"));
  EXPECT_THAT(failure("file:."), HasSubstr("Is a directory"));
}

using ChooseDatabase = Folder;
TEST_F(ChooseDatabase, InOrderOfPrecedence) {
  const DatasourceUrl literal{.literal = base::Secret("postgresql://schema")};
  Project project = load();
  auto choice = choose_database(project, {}, {});
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->origin, DatabaseChoice::Origin::local);

  choice = choose_database(project, {}, literal);
  EXPECT_EQ(choice->url.reveal(), "postgresql://schema");

  write("prisma/.env", "DATABASE_URL=postgresql://prisma-dotenv\n");
  project = load();
  EXPECT_EQ(choose_database(project, {}, literal)->url.reveal(), "postgresql://prisma-dotenv");
  write(".env", "DATABASE_URL=postgresql://dotenv\n");
  project = load();
  EXPECT_EQ(choose_database(project, {}, literal)->url.reveal(), "postgresql://dotenv");
  EXPECT_THAT(choose_database(project, {}, literal)->origin_text, HasSubstr(".env"));
  project = load({{"DATABASE_URL", "postgresql://env"}});
  EXPECT_EQ(choose_database(project, {}, literal)->url.reveal(), "postgresql://env");

  write("tenon.toml", "[database]\nurl = \"postgresql://toml\"\n");
  project = load({{"DATABASE_URL", "postgresql://env"}});
  EXPECT_EQ(choose_database(project, {}, literal)->url.reveal(), "postgresql://toml");
  choice = choose_database(project, "env:DATABASE_URL", literal);
  EXPECT_EQ(choice->url.reveal(), "postgresql://env");
  EXPECT_EQ(choice->origin, DatabaseChoice::Origin::flag);
}
TEST_F(ChooseDatabase, ReadsTheVariableOfADatasource) {
  const DatasourceUrl variable{.variable = "SHOP_URL", .place = "schema.prisma:3:9"};
  EXPECT_EQ(choose_database(load({{"SHOP_URL", "postgresql://shop"}}), {}, variable)->url.reveal(),
            "postgresql://shop");
  const auto missing = choose_database(load(), {}, variable);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().place, "schema.prisma:3:9");
}

TEST(Dotenv, ReadsWhatDotenvReads) {
  const Variables found = parse_dotenv(
      "# comment\n"
      "A=plain # not this\n"
      "  export B = 'single $A # kept'\n"
      "C=\"two\\nlines and $A\"\r\n"
      "D=\"over\nlines\"\n"
      "E=\n"
      "F=`back 'n' \"tick\"`\n"
      "G=${A}-${KNOWN}-${MISSING}-\\$A-$1-${broken\n"
      "no assignment\n"
      "=nothing\n"
      "H='never closed\n"
      "A=second\n",
      {{"KNOWN", "known"}});
  const Variables expected = {{"A", "second"},
                              {"B", "single $A # kept"},
                              {"C", "two\nlines and plain"},
                              {"D", "over\nlines"},
                              {"E", ""},
                              {"F", "back 'n' \"tick\""},
                              {"G", "plain-known--$A-$1-${broken"},
                              {"H", "'never closed"}};
  EXPECT_EQ(found, expected);
}
TEST(Dotenv, EndsAnywhere) {
  const std::string text = "export A=\"x${B}\\n\"";
  for (std::size_t size = 0; size <= text.size(); ++size) parse_dotenv(text.substr(0, size), {});
}

using SeveralDatabases = Folder;
TEST_F(SeveralDatabases, EachIsAProjectOfItsOwn) {
  write("tenon.toml", R"(
[databases.billing]
url = "env:BILLING_URL"
schema_path = "db/billing.prisma"
[databases.shop]
url = "env:SHOP_URL"
schemas = ["shop"]
)");
  write("prisma/shop/.env", "SHOP_URL=postgresql://shop\n");
  write(".env", "BILLING_URL=postgresql://billing\nDATABASE_URL=postgresql://other\n");
  const Project project = load();
  const std::vector<Project> parts = projects_by_database(project);
  ASSERT_EQ(parts.size(), 2);
  EXPECT_EQ(find_schema_place(parts[0]).path, root_ / "db/billing.prisma");
  EXPECT_EQ(find_schema_place(parts[0]).named_by, "tenon.toml:4:15");
  EXPECT_EQ(find_schema_place(parts[1]).path, root_ / "prisma/shop");
  EXPECT_EQ(find_schema_place(parts[1]).named_by, "");
  EXPECT_EQ(choose_database(parts[0], std::nullopt, std::nullopt)->url.reveal(), "postgresql://billing");
  EXPECT_EQ(choose_database(parts[1], std::nullopt, std::nullopt)->url.reveal(), "postgresql://shop");
  EXPECT_EQ(parts[1].config.schemas, std::vector<std::string>{"shop"});
}
TEST_F(SeveralDatabases, WhoNeedsOneMustNameIt) {
  write("tenon.toml", "[databases.billing]\nurl = \"env:A\"\n[databases.shop]\nurl = \"env:B\"\n");
  write("prisma/schema.prisma", "");
  const Project project = load({{"DATABASE_URL", "postgresql://other"}});
  const auto none = choose_database(project, std::nullopt, std::nullopt);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code.text, "TN1005");
  EXPECT_EQ(none.error().help, "name it with --database: billing, shop");
  const auto files = find_schema_files(find_schema_place(project));
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code.text, "TN1005");
  EXPECT_EQ(project_of(project, "shop")->config.database_url->text, "env:B");
  const auto wrong = project_of(project, "shpo");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().help, "tenon.toml has billing, shop");
}
TEST_F(SeveralDatabases, AProjectWithOneIsItsOnlyPart) {
  write("tenon.toml", "[database]\nurl = \"env:A\"\n");
  const Project project = load();
  ASSERT_EQ(projects_by_database(project).size(), 1);
  EXPECT_EQ(projects_by_database(project)[0].config.database_url->text, "env:A");
  EXPECT_FALSE(project_of(project, "shop"));
}

}  // namespace
}  // namespace tenon::server
