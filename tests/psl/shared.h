// The corpora that lie beside the checkout, for tests that print a score and need nothing of them to pass.
#pragma once

#include <filesystem>

namespace tenon::test {

// $TENON_SHARED_DIR, else `../shared` beside the checkout. Empty when there is no such folder.
std::filesystem::path shared_dir();

}  // namespace tenon::test
