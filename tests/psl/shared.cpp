#include "tests/psl/shared.h"

#include <algorithm>
#include <cstdlib>

#include "tests/support/golden.h"

namespace tenon::test {

std::filesystem::path shared_dir() {
  const char* given = std::getenv("TENON_SHARED_DIR");
  const std::filesystem::path folder =
      given != nullptr ? std::filesystem::path(given) : source_dir().parent_path() / "shared";
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

std::set<std::string> corpus_exceptions() {
  std::set<std::string> names;
  const std::string text = read_file(source_dir() / "tests" / "psl" / "corpus_exceptions.txt");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (!line.empty() && line[0] != '#') names.insert(line.substr(0, line.find('\t')));
    at = end + 1;
  }
  return names;
}

}  // namespace tenon::test
