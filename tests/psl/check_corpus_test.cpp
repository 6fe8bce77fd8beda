// The checker beside Prisma's own validator, over the schemas of the shared corpus: the same verdict, and the
// same set of (severity, message, start, end). `TENON_PSL_VERBOSE=1` prints every difference, grouped by
// message; `TENON_PSL_CASE=id` only one case, in full.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "psl/check/check.h"
#include "tests/psl/shared.h"
#include "tests/support/golden.h"

namespace tenon::psl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// One finding, as one line that compares and prints.
using Findings = std::set<std::string>;

struct Verdict {
  bool valid = false;
  Findings findings;
};

struct Case {
  std::string id;
  std::vector<std::pair<std::string, std::string>> files;  // path, text
  Verdict expected;
};

std::string finding(std::string_view severity, std::string_view file, std::uint64_t begin, std::uint64_t end,
                    std::string_view message) {
  return fmt::format("{} {}[{}, {}) {}", severity, file, begin, end, message);
}

Verdict expected_verdict(const json::value& result) {
  Verdict verdict{.valid = result.at("valid").as_bool(), .findings = {}};
  for (const json::value& found : result.at("diagnostics").as_array()) {
    const json::value* file = found.as_object().if_contains("file");
    verdict.findings.insert(finding(found.at("severity").as_string(),
                                    file != nullptr ? std::string_view(file->as_string()) : "schema.prisma",
                                    found.at("start").to_number<std::uint64_t>(),
                                    found.at("end").to_number<std::uint64_t>(),
                                    found.at("message").as_string()));
  }
  return verdict;
}

Verdict actual_verdict(const Case& each, PrismaCompat compat) {
  base::SourceSet sources;
  std::vector<base::SourceId> ids;
  for (const auto& [path, text] : each.files) ids.push_back(sources.add(path, text));
  base::Diagnostics diagnostics;
  const CheckedSchema schema = check_schema(sources, ids, diagnostics, {.compat = compat});
  Verdict verdict{.valid = schema.complete, .findings = {}};
  for (const base::Diagnostic& found : diagnostics.all()) {
    const base::Span span = found.span.value_or(base::Span{});
    verdict.findings.insert(finding(found.severity == base::Severity::error ? "error" : "warning",
                                    sources.path(span.source), span.begin, span.end, found.message));
  }
  return verdict;
}

std::vector<std::pair<std::string, std::string>> files_of(const fs::path& folder, const std::string& id,
                                                          const json::value& expect, bool of_version_six) {
  std::vector<std::pair<std::string, std::string>> files;
  const fs::path single = folder / "cases" / (id + ".prisma");
  if (of_version_six && expect.as_object().contains("v6_files")) {
    for (const json::value& file : expect.at("v6_files").as_array())
      files.emplace_back(file.at(0).as_string(), file.at(1).as_string());
  } else if (fs::exists(single)) {
    files.emplace_back("schema.prisma", test::read_file(single));
  } else {
    for (const json::value& file : expect.at("files").as_array()) {
      const std::string path(file.as_string());
      files.emplace_back(path, test::read_file(folder / "cases" / id / path));
    }
  }
  return files;
}

std::vector<Case> load_cases(const fs::path& folder, const char* version) {
  std::vector<Case> cases;
  const char* wanted = std::getenv("TENON_PSL_CASE");
  const json::value manifest = json::parse(test::read_file(folder / "manifest.json"));
  for (const json::value& entry : manifest.as_array()) {
    const std::string id(entry.at("id").as_string());
    if (wanted != nullptr && id != wanted) continue;
    const json::value expect = json::parse(test::read_file(folder / "expect" / (id + ".json")));
    const json::object& object = expect.as_object();
    if (!object.contains(version) || !object.at(version).is_object()) continue;
    cases.push_back({.id = id,
                     .files = files_of(folder, id, expect, std::string_view(version) == "v6"),
                     .expected = expected_verdict(object.at(version))});
  }
  return cases;
}

// The words of a message without what is quoted, to group by.
std::string template_of(const std::string& finding) {
  std::string out;
  bool quoted = false;
  for (const char c : finding.substr(finding.find(") ") + 2)) {
    if (c == '`' || c == '"') quoted = !quoted;
    if (!quoted) out += c;
  }
  return out.substr(0, 120);
}

// Differences, by message: which cases lack a finding or have one too many.
class Report {
 public:
  void add(const Case& each, const Verdict& actual) {
    for (const std::string& found : each.expected.findings)
      if (!actual.findings.contains(found))
        lines_["MISSING " + template_of(found)].push_back(each.id + "  " + found);
    for (const std::string& found : actual.findings)
      if (!each.expected.findings.contains(found))
        lines_["EXTRA   " + template_of(found)].push_back(each.id + "  " + found);
  }
  void print() const {
    std::vector<std::pair<std::string, std::vector<std::string>>> groups(lines_.begin(), lines_.end());
    std::ranges::sort(groups, {},
                      [](const auto& group) { return -static_cast<std::ptrdiff_t>(group.second.size()); });
    for (const auto& [message, lines] : groups) {
      fmt::print("{:4} {}\n", lines.size(), message);
      for (const std::string& line : lines) fmt::print("       {}\n", line);
    }
  }

 private:
  std::map<std::string, std::vector<std::string>> lines_;
};

void print_score(std::string_view what, std::size_t passed, std::size_t total) {
  fmt::print("[ SCORE    ] {}: {}/{} ({:.1f} %)\n", what, passed, total,
             100.0 * static_cast<double>(passed) / static_cast<double>(std::max<std::size_t>(total, 1)));
}

void score(const char* version, PrismaCompat compat) {
  const fs::path folder = test::shared_dir() / "corpus" / "psl";
  if (!fs::is_directory(folder)) GTEST_SKIP() << "the shared corpus is not here; set TENON_SHARED_DIR";
  const std::vector<Case> cases = load_cases(folder, version);
  const std::set<std::string> exceptions = test::corpus_exceptions();
  std::size_t agreed = 0;
  std::size_t same = 0;
  Report report;
  std::string failed;
  std::string needless;
  for (const Case& each : cases) {
    const Verdict actual = actual_verdict(each, compat);
    const bool valid_agrees = actual.valid == each.expected.valid;
    const bool all_agree = valid_agrees && actual.findings == each.expected.findings;
    agreed += valid_agrees ? 1 : 0;
    same += all_agree ? 1 : 0;
    if (!all_agree) report.add(each, actual);
    const std::string name = fmt::format("{}:{}", version, each.id);
    if (!all_agree && !exceptions.contains(name)) failed += '\n' + name;
    if (all_agree && exceptions.contains(name)) needless += '\n' + name;
  }
  print_score(fmt::format("{} verdicts", version), agreed, cases.size());
  print_score(fmt::format("{} diagnostics", version), same, cases.size());
  if (std::getenv("TENON_PSL_VERBOSE") != nullptr) report.print();
  EXPECT_EQ(failed, "") << "see the differences with TENON_PSL_VERBOSE=1; those that cannot agree belong "
                           "into tests/psl/corpus_exceptions.txt with a reason";
  EXPECT_EQ(needless, "") << "listed in tests/psl/corpus_exceptions.txt, but they agree";
}

TEST(PslCheckCorpus, FindsWhatVersionSevenFinds) { score("v7", PrismaCompat::v7); }
TEST(PslCheckCorpus, FindsWhatVersionSixFinds) { score("v6", PrismaCompat::v6); }

}  // namespace
}  // namespace tenon::psl
