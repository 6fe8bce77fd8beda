// The formatter and the describer beside what Prisma's own made of the schemas of the shared corpus.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "psl/check/check.h"
#include "psl/describe/dmmf.h"
#include "psl/format/format.h"
#include "tests/psl/shared.h"
#include "tests/support/golden.h"

namespace tenon::psl {
namespace {

namespace fs = std::filesystem;

bool verbose() { return std::getenv("TENON_PSL_VERBOSE") != nullptr; }

// A case of the corpus: its files in the order given, what Prisma's formatter makes of each.
struct Case {
  std::string id;
  boost::json::value expected;
  std::vector<std::string> files;  // relative; one empty name for a case of one file
  std::vector<std::string> texts;
  std::vector<std::string> formatted;
};

std::string read_member(const fs::path& folder, const std::string& id, const std::string& file) {
  return test::read_file(fs::is_directory(folder / id) ? folder / id / file : folder / (id + ".prisma"));
}

std::vector<Case> read_cases(const fs::path& folder) {
  std::vector<Case> cases;
  const boost::json::value manifest = boost::json::parse(test::read_file(folder / "manifest.json"));
  for (const boost::json::value& entry : manifest.as_array()) {
    Case one{.id = std::string(entry.at("id").as_string())};
    one.expected = boost::json::parse(test::read_file(folder / "expect" / (one.id + ".json")));
    for (const boost::json::value& file : one.expected.at("files").as_array()) {
      one.files.emplace_back(file.as_string());
      one.texts.push_back(read_member(folder / "cases", one.id, one.files.back()));
      const bool same = one.expected.at("formatted") == "same";
      one.formatted.push_back(same ? one.texts.back()
                                   : read_member(folder / "formatted", one.id, one.files.back()));
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

std::vector<base::SourceId> add_files(base::SourceSet& sources, const Case& one) {
  std::vector<base::SourceId> ids;
  for (std::size_t i = 0; i < one.files.size(); ++i) ids.push_back(sources.add(one.files[i], one.texts[i]));
  return ids;
}

class FormatCorpus : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path folder = test::shared_dir() / "corpus" / "psl";
    if (!fs::is_directory(folder))
      GTEST_SKIP() << "the shared corpus is not here; set TENON_SHARED_DIR to run this";
    cases_ = read_cases(folder);
  }

  static void print_score(const char* what, std::size_t passed, std::size_t total) {
    fmt::print("[ SCORE    ] {}: {}/{} ({:.1f} %)\n", what, passed, total,
               100.0 * static_cast<double>(passed) / static_cast<double>(total));
  }

  std::vector<Case> cases_;
};

TEST_F(FormatCorpus, WritesWhatPrismaWrites) {
  std::size_t passed = 0;
  std::string failed;
  for (const Case& one : cases_) {
    base::SourceSet sources;
    const std::vector<std::string> formatted =
        format_schema(sources, add_files(sources, one), {.prisma_compat = true});
    if (formatted == one.formatted) {
      ++passed;
      continue;
    }
    failed += ' ' + one.id;
    if (verbose()) {
      fmt::print("--- {}\n{}\n--- expected\n{}\n", one.id, fmt::join(formatted, "\n"),
                 fmt::join(one.formatted, "\n"));
    }
  }
  print_score("schemas formatted", passed, cases_.size());
  EXPECT_EQ(failed, "");
}

// 1 and 1.0 are one number; members of objects have no order.
bool is_same(const boost::json::value& a, const boost::json::value& b) {
  if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
  if (a.is_array() && b.is_array()) return std::ranges::equal(a.get_array(), b.get_array(), is_same);
  if (!a.is_object() || !b.is_object()) return a == b;
  if (a.get_object().size() != b.get_object().size()) return false;
  return std::ranges::all_of(a.get_object(), [&](const boost::json::key_value_pair& member) {
    const boost::json::value* other = b.get_object().if_contains(member.key());
    return other != nullptr && is_same(member.value(), *other);
  });
}

// The cases of a score that differ must be those that are listed, each with its reason.
void expect_listed(const std::string& kind, const std::set<std::string>& differing) {
  std::set<std::string> listed;
  for (const std::string& name : test::corpus_exceptions())
    if (name.starts_with(kind + ':')) listed.insert(name.substr(kind.size() + 1));
  EXPECT_EQ(differing, listed) << "tests/psl/corpus_exceptions.txt, " << kind;
}

// Without compatibility comments that Prisma drops stay, and some additions of relations differ.
TEST_F(FormatCorpus, WritesByDefaultWhatPrismaWrites) {
  std::set<std::string> differ;
  std::size_t passed = 0;
  for (const Case& one : cases_) {
    base::SourceSet sources;
    if (format_schema(sources, add_files(sources, one)) == one.formatted)
      ++passed;
    else
      differ.insert(one.id);
  }
  print_score("schemas formatted by default", passed, cases_.size());
  expect_listed("format", differ);
}

TEST_F(FormatCorpus, KeepsItsOwnFormat) {
  for (const Case& one : cases_)
    for (const std::string& text : one.texts) {
      const std::string formatted = format_text(text);
      EXPECT_EQ(format_text(formatted), formatted) << one.id;
    }
}

TEST_F(FormatCorpus, DescribesWhatPrismaDescribes) {
  std::size_t total = 0;
  std::size_t passed = 0;
  std::set<std::string> differ;
  for (const Case& one : cases_) {
    const boost::json::value* expected = one.expected.at("v7").as_object().if_contains("dmmf");
    if (expected == nullptr) continue;
    ++total;
    base::SourceSet sources;
    base::Diagnostics diagnostics;
    const CheckedSchema schema = check_schema(sources, add_files(sources, one), diagnostics, {});
    const std::string described = describe_datamodel(schema);
    if (is_same(boost::json::parse(described), *expected)) {
      ++passed;
      continue;
    }
    differ.insert(one.id);
    if (verbose()) {
      fmt::print("--- {}\n{}\n--- expected\n{}\n", one.id, described, boost::json::serialize(*expected));
    }
  }
  print_score("schemas described", passed, total);
  expect_listed("describe", differ);
}

}  // namespace
}  // namespace tenon::psl
