// Child processes: one that is waited for and whose output is wanted, and one that is left running on its
// own. Both can run as another account when the caller is root.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.h"

namespace tenon::local {

// An account of the system.
struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

struct Command {
  std::vector<std::string> arguments;  // arguments[0] is the program's path; no shell is involved
  std::filesystem::path folder = "/";  // to run in
  std::optional<Account> account;      // absent: the caller's own
};

// What became of a program that was waited for.
struct Outcome {
  int exit_code = -1;      // 128 + n when signal n ended it
  bool timed_out = false;  // it was killed at the deadline
  std::string output;      // stdout and stderr together, the last 64 KiB

  bool ok() const { return exit_code == 0 && !timed_out; }
};

// Runs the program to its end or the deadline, whatever comes first. It dies with the caller. errno's text in
// `output` and exit code 127 when it could not be started at all.
Outcome run(const Command& command, std::chrono::milliseconds timeout);

// Starts the program in a session of its own, so that it outlives the caller and sees none of the terminal's
// signals; it is no child of the caller. Its output is appended to `log`. `kept_fd` stays open in it and in
// whatever it starts. Returns its process id.
base::Result<pid_t> start_detached(const Command& command, const std::filesystem::path& log, int kept_fd);

}  // namespace tenon::local
