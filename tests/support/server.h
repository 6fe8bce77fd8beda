// A database server of a test program's own: made and run as a project's local one is (local/server.h), in a
// temporary folder, without waiting for the disk; gone when the program is, however that went.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "local/server.h"

namespace tenon::test {

// Ends the test program.
[[noreturn]] void give_up(std::string_view what);

// A name that no database of this test program has.
std::string fresh_database_name();

class TestServer {
 public:
  // Starts it; `crash_signal` is what ends it at once. There is one of a kind in a test program, for good.
  TestServer(local::Engine engine, std::map<std::string, std::string> settings, int crash_signal);

  const local::RunningServer& running() const { return running_; }
  // For files of the tests; the server's account may pass through.
  const std::filesystem::path& folder() const { return folder_; }
  // Its URL with another database.
  std::string url_of(std::string_view database) const;

  // Fault injection: ended as by a crash, and started again with the same data on the same port, with more
  // settings on top.
  void crash();
  void start(const std::map<std::string, std::string>& more = {});

 private:
  std::filesystem::path home() const { return folder_ / "server"; }
  void watch() const;

  local::Engine engine_;
  std::map<std::string, std::string> settings_;
  int crash_signal_;
  std::filesystem::path folder_;
  local::RunningServer running_;
};

}  // namespace tenon::test
