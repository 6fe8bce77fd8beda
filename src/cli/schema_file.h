// Whose text a schema file holds: what `tenon pull` wrote is remembered as its hash in the project's private
// folder, so that a later pull may replace it, and only as long as nobody has edited it. The file itself
// holds nothing but the schema.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "server/project.h"

namespace tenon::cli {

enum class Authorship : std::uint8_t {
  pulled,   // as a pull wrote it; line ends may have been converted since
  edited,   // pulled once, changed since
  unknown,  // no pull of this checkout wrote it
};

// By .tenon/pulled: lines "SHA-256  path" as sha256sum writes them, paths relative to the project when inside
// it. A record that is missing or cannot be read makes the file unknown.
Authorship authorship(const server::Project& project, const std::filesystem::path& file,
                      std::string_view text);

// Records that `text` is what a pull wrote into `file`. TN1004 on failure.
base::Result<void> remember_pulled(const server::Project& project, const std::filesystem::path& file,
                                   std::string_view text);

// Whether the texts differ in nothing but line ends.
bool same_lines(std::string_view one, std::string_view other);

}  // namespace tenon::cli
