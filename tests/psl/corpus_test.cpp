// The schemas of the shared corpus: what Prisma's validator accepts must be read, and what `db pull` wrote
// must be written again byte for byte.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "psl/expressible.h"
#include "psl/names.h"
#include "psl/read.h"
#include "psl/write.h"
#include "tests/psl/shared.h"
#include "tests/support/golden.h"

namespace tenon::psl {
namespace {

namespace fs = std::filesystem;

#define SKIP_WITHOUT_CORPUS(folder) \
  if (!fs::is_directory(folder))    \
  GTEST_SKIP() << "the shared corpus is not here (" << (folder) << "); set TENON_SHARED_DIR to run this"

std::vector<base::SourceId> add_files(base::SourceSet& sources, const fs::path& path) {
  std::vector<fs::path> files;
  if (fs::is_directory(path)) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path))
      if (entry.path().extension() == ".prisma") files.push_back(entry.path());
    std::ranges::sort(files);
  } else {
    files.push_back(path);
  }
  std::vector<base::SourceId> ids;
  for (const fs::path& file : files) ids.push_back(sources.add(file.string(), test::read_file(file)));
  return ids;
}

struct Outcome {
  bool read = false;
  std::string report;
};

Outcome read_case(const fs::path& path) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids = add_files(sources, path);
  base::Diagnostics diagnostics;
  const bool read = read_schema(sources, ids, diagnostics).has_value();
  return {.read = read, .report = base::render(diagnostics, sources, {})};
}

void print_score(const std::string& what, std::size_t passed, std::size_t total) {
  fmt::print("[ SCORE    ] {}: {}/{} ({:.1f} %)\n", what, passed, total,
             100.0 * static_cast<double>(passed) / static_cast<double>(std::max<std::size_t>(total, 1)));
}

bool verbose() { return std::getenv("TENON_CORPUS_VERBOSE") != nullptr; }

// Valid for Prisma 7.10, refused here.
const std::set<std::string> known_differences{
    "tn-native-my-datetime-bad",  // DATETIME(99999999), which no server takes
    "tn-multifile-two-ds",        // two datasources in two files: which one is meant is not said
    "tn-block-pg-49",             // @@map("")
    "tn-field-04",                // @map("")
    "tn-misc-enum-mapdup-my",     // two values of an enum with one label
    // InnoDB wants an index that begins with the referenced columns in their order.
    "tn-rel-compound-swapped-my",
    "pe-rs-capabilities-mysql-key_order_enforcement_support",
};

TEST(PslCorpus, ReadsWhatTheOfficialValidatorAccepts) {
  const fs::path folder = test::shared_dir() / "corpus" / "psl";
  SKIP_WITHOUT_CORPUS(folder);
  const boost::json::value manifest = boost::json::parse(test::read_file(folder / "manifest.json"));
  std::size_t total = 0;
  std::size_t passed = 0;
  std::size_t invalid = 0;
  std::size_t refused = 0;
  std::string failed;
  for (const boost::json::value& entry : manifest.as_array()) {
    const boost::json::value& provider = entry.at("provider");
    if (!provider.is_string() || (provider != "postgresql" && provider != "mysql")) continue;
    const std::string id(entry.at("id").as_string());
    const fs::path single = folder / "cases" / (id + ".prisma");
    const Outcome outcome = read_case(fs::exists(single) ? single : folder / "cases" / id);
    if (!entry.at("valid").as_bool()) {
      ++invalid;
      refused += outcome.read ? 0 : 1;
      continue;
    }
    ++total;
    passed += outcome.read ? 1 : 0;
    if (!outcome.read && !known_differences.contains(id)) failed += ' ' + id;
    if (!outcome.read && verbose()) fmt::print("--- {}\n{}\n", id, outcome.report);
  }
  print_score("valid schemas read", passed, total);
  print_score("invalid schemas refused", refused, invalid);
  EXPECT_EQ(failed, "");
}

std::string write_again(const Schema& schema) {
  base::Diagnostics diagnostics;
  return write_schema(schema.catalog, {.datasource = schema.datasource, .generators = schema.generators},
                      diagnostics);
}

std::optional<Schema> read_text(const std::string& text) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add("schema.prisma", text)};
  base::Diagnostics diagnostics;
  return read_schema(sources, ids, diagnostics);
}

TEST(PslCorpus, ReadingWhatWasWrittenGivesTheSameCatalog) {
  const fs::path folder = test::shared_dir() / "corpus" / "psl" / "cases";
  SKIP_WITHOUT_CORPUS(folder);
  std::size_t total = 0;
  std::size_t passed = 0;
  std::string failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    base::SourceSet sources;
    base::Diagnostics diagnostics;
    const std::optional<Schema> schema = read_schema(sources, add_files(sources, entry.path()), diagnostics);
    if (!schema) continue;
    ++total;
    const std::string written = write_again(*schema);
    const std::optional<Schema> again = read_text(written);
    if (again && expressible(again->catalog) == expressible(schema->catalog)) {
      ++passed;
    } else {
      failed += ' ' + entry.path().filename().string();
      if (verbose()) fmt::print("--- LAW {}\n{}\n", entry.path().string(), written);
    }
  }
  print_score("read again after writing", passed, total);
  EXPECT_EQ(failed, "");
}

TEST(PslCorpus, GivesTheNamesOfPulledSchemas) {
  const fs::path folder = test::shared_dir() / "corpus" / "migrate" / "pairs";
  SKIP_WITHOUT_CORPUS(folder);
  std::size_t total = 0;
  std::size_t passed = 0;
  std::string failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const fs::path file = entry.path() / "pulled.prisma";
    if (!fs::exists(file)) continue;
    ++total;
    const std::string text = test::read_file(file);
    std::optional<Schema> schema = read_text(text);
    ASSERT_TRUE(schema) << file;
    assign_names(schema->catalog);
    if (write_again(*schema) == text)
      ++passed;
    else
      failed += ' ' + entry.path().filename().string();
  }
  print_score("names of pulled schemas", passed, total);
  EXPECT_EQ(failed, "");
}

TEST(PslCorpus, WritesPulledSchemasAgain) {
  const fs::path folder = test::shared_dir() / "corpus" / "migrate" / "pairs";
  SKIP_WITHOUT_CORPUS(folder);
  std::size_t total = 0;
  std::size_t passed = 0;
  std::string failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const fs::path file = entry.path() / "pulled.prisma";
    if (!fs::exists(file)) continue;
    ++total;
    base::SourceSet sources;
    const std::string text = test::read_file(file);
    const std::vector<base::SourceId> ids{sources.add("pulled.prisma", text)};
    base::Diagnostics diagnostics;
    const std::optional<Schema> schema = read_schema(sources, ids, diagnostics);
    std::string written;
    if (schema)
      written = write_schema(
          schema->catalog, {.datasource = schema->datasource, .generators = schema->generators}, diagnostics);
    if (written == text) {
      ++passed;
    } else {
      failed += ' ' + entry.path().filename().string();
      if (verbose())
        fmt::print("--- {}\n{}\n{}\n", file.string(), base::render(diagnostics, sources, {}), written);
    }
  }
  print_score("pulled schemas written again", passed, total);
  EXPECT_EQ(failed, "");
}

}  // namespace
}  // namespace tenon::psl
