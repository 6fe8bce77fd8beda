#include "base/file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tenon::base {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path, std::uintmax_t bytes_max) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text;
  char part[65536];
  while (in && text.size() <= bytes_max) {
    in.read(part, sizeof part);
    text.append(part, static_cast<std::size_t>(in.gcount()));
  }
  // A folder opens, but cannot be read.
  if (!in.eof() && text.size() <= bytes_max)
    return fail(code::file_unreadable, fmt::format("Cannot read {}: {}.", path.string(),
                                                   std::strerror(errno != 0 ? errno : EISDIR)));
  if (text.size() > bytes_max)
    return fail(code::file_unreadable, fmt::format("{} is larger than {} bytes.", path.string(), bytes_max));
  return text;
}

namespace {

// Closes and removes what was not finished.
class TemporaryFile {
 public:
  TemporaryFile(fs::path path, mode_t mode)
      : path_(std::move(path)),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }

  bool write(std::string_view text) const {
    while (descriptor_ >= 0 && !text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return descriptor_ >= 0 && ::fsync(descriptor_) == 0;
  }
  // 0: the one it has.
  bool take_mode(mode_t mode) const { return mode == 0 || ::fchmod(descriptor_, mode) == 0; }
  bool rename_to(const fs::path& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) return false;
    ::close(descriptor_);
    descriptor_ = -1;
    return true;
  }

 private:
  fs::path path_;
  int descriptor_;
};

// Where the bytes lie, or would: a link stays a link.
fs::path behind_links(fs::path path) {
  constexpr int links_max = 40;  // as the system follows
  std::error_code error;
  for (int i = 0; i < links_max && fs::is_symlink(path, error); ++i) {
    const fs::path target = fs::read_symlink(path, error);
    if (error) break;
    path = path.parent_path() / target;  // which is `target` when that is absolute
  }
  return path;
}

// Of a file that others may read: as its owner has set it.
mode_t mode_of(const fs::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

}  // namespace

Result<void> write_file(const fs::path& given, std::string_view text, FileAccess access) {
  const fs::path path = behind_links(given);
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error)
    return fail(code::file_unwritable,
                fmt::format("Cannot make the folder {}: {}.", path.parent_path().string(), error.message()));
  const bool owners = access == FileAccess::owner;
  TemporaryFile file(fmt::format("{}.{}.new", path.string(), ::getpid()), owners ? 0600 : 0644);
  const mode_t kept_mode = owners ? 0 : mode_of(path);
  if (!file.write(text) || !file.take_mode(kept_mode) || !file.rename_to(path))
    return fail(code::file_unwritable,
                fmt::format("Cannot write {}: {}.", path.string(), std::strerror(errno)),
                "Check its permissions, and that the disk has room.");
  return {};
}

}  // namespace tenon::base
