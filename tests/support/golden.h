// Golden files: text that Tenon emits, held beside the case. TENON_UPDATE_GOLDEN=1 rewrites them (make
// golden); review the diff.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::test {

// The checkout, from $TENON_SOURCE_DIR.
std::filesystem::path source_dir();

std::string read_file(const std::filesystem::path& path);

// Expects `actual` to equal the file (relative to the checkout); when it does not, fails showing the first
// difference and the command that accepts the new text.
void expect_golden(const std::filesystem::path& file, std::string_view actual);

// Files of a folder (relative to the checkout) with this extension, sorted.
std::vector<std::filesystem::path> cases(const std::filesystem::path& folder, std::string_view extension);

}  // namespace tenon::test
