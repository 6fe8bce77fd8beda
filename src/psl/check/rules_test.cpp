#include "psl/check/rules.h"

#include <gtest/gtest.h>

#include "psl/check/check.h"
#include "tests/support/golden.h"

namespace tenon::psl {
namespace {

std::string problems_of(const std::filesystem::path& file, PrismaCompat compat) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  const std::vector<base::SourceId> files{
      sources.add(file.filename().string(), test::read_file(test::source_dir() / file))};
  check_schema(sources, files, diagnostics, {.compat = compat});
  return base::render(diagnostics, sources, {});
}

void expect_goldens(const std::filesystem::path& folder, PrismaCompat compat) {
  const std::vector<std::filesystem::path> files = test::cases(folder, ".prisma");
  ASSERT_FALSE(files.empty());
  for (const std::filesystem::path& file : files) {
    std::filesystem::path golden = file;
    test::expect_golden(golden.replace_extension(".txt"), problems_of(file, compat));
  }
}

// Syntax, names, types and the arguments of attributes: everything before the rules.
TEST(Names, AreThoseOfPrisma) { expect_goldens("tests/golden/psl/names", PrismaCompat::v7); }

TEST(Rules, AreThoseOfPrisma) { expect_goldens("tests/golden/psl/rules", PrismaCompat::v7); }

TEST(Rules, AreMoreThanThoseOfPrisma) { expect_goldens("tests/golden/psl/rules_own", PrismaCompat::none); }

}  // namespace
}  // namespace tenon::psl
