#include "tests/psl/shared.h"

#include <cstdlib>

#include "tests/support/golden.h"

namespace tenon::test {

std::filesystem::path shared_dir() {
  const char* given = std::getenv("TENON_SHARED_DIR");
  const std::filesystem::path folder =
      given != nullptr ? std::filesystem::path(given) : source_dir().parent_path() / "shared";
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

}  // namespace tenon::test
