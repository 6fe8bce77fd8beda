#include "cli/schema_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

namespace tenon::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view mark =
    "// Written by tenon pull from the database, and written anew by the next one: do not edit.\n"
    "// Names, relations and rules of your own go into api/*.graphql.  content ";

std::string without_cr(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\r') out += c;
  return out;
}

std::string content_hash(std::string_view schema) {
  const auto hash = base::hash128(schema);
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

base::Result<void> failed(const fs::path& path, int error) {
  return base::fail(base::code::file_unwritable,
                    fmt::format("Cannot write {}: {}.", path.string(), std::strerror(error)));
}

// write() until all is out; errno otherwise.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(fd, text.data(), text.size());
    if (size < 0 && errno != EINTR) return errno;
    if (size > 0) text.remove_prefix(static_cast<std::size_t>(size));
  }
  return ::fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

std::string marked(std::string_view schema) {
  return fmt::format("{}{}\n\n{}", mark, content_hash(schema), schema);
}

Authorship authorship(std::string_view text) {
  const std::string plain = without_cr(text);
  std::string_view rest = plain;
  if (!rest.starts_with(mark)) return Authorship::foreign;
  rest.remove_prefix(mark.size());
  const auto end = rest.find("\n\n");
  if (end == std::string_view::npos) return Authorship::edited;
  return rest.substr(0, end) == content_hash(rest.substr(end + 2)) ? Authorship::pulled : Authorship::edited;
}

base::Result<void> replace_file(const fs::path& path, std::string_view text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return failed(path, error.value());
  std::string fresh = (path.parent_path() / ("." + path.filename().string() + ".XXXXXX")).string();
  const int fd = ::mkostemp(fresh.data(), O_CLOEXEC);
  if (fd < 0) return failed(path, errno);
  int problem = write_all(fd, text);
  // mkostemp makes it private; a schema file is as readable as any other.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (problem == 0 && ::fchmod(fd, 0666 & ~mask) != 0) problem = errno;
  if (::close(fd) != 0 && problem == 0) problem = errno;
  if (problem == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) problem = errno;
  if (problem == 0) return {};
  ::unlink(fresh.c_str());
  return failed(path, problem);
}

}  // namespace tenon::cli
