#include "server/file_watcher.h"

namespace tenon::server {

namespace fs = std::filesystem;

FileWatcher::FileWatcher(std::vector<fs::path> paths)
    : paths_(std::move(paths)), seen_(look()), previous_(seen_) {}

bool FileWatcher::changed() {
  Snapshot now = look();
  const bool settled = now == previous_;
  previous_ = std::move(now);
  if (!settled || previous_ == seen_) return false;
  seen_ = previous_;
  return true;
}

FileWatcher::Snapshot FileWatcher::look() const {
  Snapshot snapshot;
  const auto add = [&snapshot](const fs::path& file) {
    std::error_code gone;
    const Mark mark{.size = fs::file_size(file, gone), .time = fs::last_write_time(file, gone)};
    if (!gone) snapshot.emplace(file.string(), mark);
  };
  for (const fs::path& path : paths_) {
    std::error_code missing;
    if (!fs::is_directory(path, missing)) {
      if (fs::is_regular_file(path, missing)) add(path);
      continue;
    }
    const auto end = fs::recursive_directory_iterator();
    for (auto at =
             fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, missing);
         !missing && at != end; at.increment(missing)) {
      std::error_code gone;
      if (at->is_regular_file(gone)) add(at->path());
    }
  }
  return snapshot;
}

}  // namespace tenon::server
