#include "tests/support/golden.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace tenon::test {

namespace fs = std::filesystem;

fs::path source_dir() {
  const char* dir = std::getenv("TENON_SOURCE_DIR");
  return dir != nullptr ? fs::path(dir) : fs::current_path();
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

namespace {

std::string first_difference(std::string_view expected, std::string_view actual) {
  const auto [e, a] = std::ranges::mismatch(expected, actual);
  const auto offset = static_cast<std::size_t>(e - expected.begin());
  const auto line = 1 + std::ranges::count(expected.substr(0, offset), '\n');
  const std::size_t start = expected.substr(0, offset).rfind('\n') + 1;  // npos + 1 == 0
  const auto line_of = [start](std::string_view text) {
    return start < text.size() ? text.substr(start, text.find('\n', start) - start)
                               : std::string_view("<end>");
  };
  std::ostringstream message;
  message << "line " << line << "\n  expected: " << line_of(expected) << "\n  actual:   " << line_of(actual);
  return message.str();
}

}  // namespace

void expect_golden(const fs::path& file, std::string_view actual) {
  const fs::path path = source_dir() / file;
  if (std::getenv("TENON_UPDATE_GOLDEN") != nullptr) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  if (!fs::exists(path)) {
    ADD_FAILURE() << file << " does not exist; accept the text with: make golden\n" << actual;
    return;
  }
  const std::string expected = read_file(path);
  if (expected != actual)
    ADD_FAILURE() << file << " differs at " << first_difference(expected, actual)
                  << "\naccept the new text with: make golden";
}

std::vector<fs::path> cases(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> found;
  if (!fs::is_directory(source_dir() / folder)) return found;
  for (const auto& entry : fs::directory_iterator(source_dir() / folder))
    if (entry.path().extension() == extension) found.push_back(folder / entry.path().filename());
  std::ranges::sort(found);
  return found;
}

}  // namespace tenon::test
