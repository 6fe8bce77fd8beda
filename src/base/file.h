// Whole files, read with a bound and written so that a reader sees the old text or the new one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tenon::base {

// The bytes of a file. TN1003 when it cannot be read or is larger than `bytes_max`.
Result<std::string> read_file(const std::filesystem::path& path, std::uintmax_t bytes_max);

// Who may look into a file that is written.
enum class FileAccess : std::uint8_t { everyone, owner };

// Writes a temporary file beside `path`, flushes it to the disk and renames it over `path`; makes missing
// folders. A link stays a link to what is now the new text, and a file keeps its mode unless only its owner
// may look into it. TN1004, and nothing changed, when any of that fails.
Result<void> write_file(const std::filesystem::path& path, std::string_view text,
                        FileAccess access = FileAccess::everyone);

}  // namespace tenon::base
