// Notices that files of a project changed, by looking: paths, sizes and times. A handful of files looked at a
// few times a second costs nothing, and it works on every kind of file system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tenon::server {

class FileWatcher {
 public:
  // `paths`: files, and folders with everything below them. What does not exist is watched for.
  explicit FileWatcher(std::vector<std::filesystem::path> paths);

  // Whether anything changed since the last call (or construction) and has then stayed the same for one call:
  // an editor that is still writing is not read halfway.
  bool changed();

 private:
  struct Mark {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type time;
    friend bool operator==(const Mark&, const Mark&) = default;
  };
  using Snapshot = std::map<std::string, Mark>;
  Snapshot look() const;

  std::vector<std::filesystem::path> paths_;
  Snapshot seen_;      // what the last `true` (or construction) was about
  Snapshot previous_;  // of the call before
};

}  // namespace tenon::server
