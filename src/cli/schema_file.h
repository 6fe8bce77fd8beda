// The schema file that `tenon pull` writes: marked, so that a later pull may replace it, and only as long as
// nobody has edited it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tenon::cli {

// `schema` under a comment that says whose file this is and holds a hash of what follows.
std::string marked(std::string_view schema);

enum class Authorship : std::uint8_t {
  pulled,   // as a pull wrote it; line ends may have been converted since
  edited,   // pulled once, changed since
  foreign,  // never pulled
};
Authorship authorship(std::string_view text);

// Replaces the file at once: a reader sees the old text or the new one, also after a power cut. Makes the
// folder. TN1004 on failure.
base::Result<void> replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace tenon::cli
