// The corpora that lie beside the checkout, for tests that print a score and need nothing of them to pass.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace tenon::test {

// $TENON_SHARED_DIR, else `../shared` beside the checkout. Empty when there is no such folder.
std::filesystem::path shared_dir();

// Names of tests/psl/corpus_exceptions.txt: cases that differ, each there with its reason, as `kind:id`.
std::set<std::string> corpus_exceptions();

}  // namespace tenon::test
