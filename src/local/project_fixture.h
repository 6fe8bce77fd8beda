// What the tests of local servers share: a folder to run one in, and processes beside the test's own.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local/layout.h"
#include "local/server.h"

namespace tenon::local {

// A folder for one test; servers in it are stopped and it is removed at the end.
class Project {
 public:
  explicit Project(Engine engine, const std::filesystem::path& where = std::filesystem::temp_directory_path())
      : engine_(engine) {
    std::string pattern = (where / "tenon-local-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr) << pattern;
    root = pattern;
    ::chmod(root.c_str(), 0755);
  }
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;
  ~Project() {
    const auto removed = remove_server(engine_, folder());
    EXPECT_TRUE(removed) << (removed ? "" : base::to_string(removed.error()));
    std::filesystem::remove_all(root);
  }

  std::filesystem::path folder() const {
    return root / (engine_ == Engine::postgres ? "postgres" : "mariadb");
  }
  ServerOptions options() const {
    const std::map<std::string, std::string> postgres{{"fsync", "off"}, {"shared_buffers", "16MB"}};
    const std::map<std::string, std::string> mariadb{{"innodb-flush-log-at-trx-commit", "0"},
                                                     {"innodb-buffer-pool-size", "16M"}};
    return {
        .engine = engine_, .folder = folder(), .settings = engine_ == Engine::postgres ? postgres : mariadb};
  }
  Layout layout() const { return find_layout(absolute_folder(folder())); }

  std::filesystem::path root;

 private:
  Engine engine_;
};

inline RunningServer started(const Project& project) {
  auto server = start_server(project.options());
  EXPECT_TRUE(server) << base::to_string(server.error());
  return server ? *server : RunningServer{};
}

template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    ::usleep(10'000);
  }
  return false;
}

inline bool has_unfinished_cluster(const std::filesystem::path& home) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(home, ignored))
    if (entry.path().filename().string().starts_with("data.new-")) return true;
  return false;
}

// Runs `body` in a process of its own and returns its id.
template <class Body>
pid_t forked(Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::_exit(0);
  }
  return child;
}

inline int exit_code_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace tenon::local
