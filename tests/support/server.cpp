#include "tests/support/server.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/hash.h"

namespace tenon::test {

namespace fs = std::filesystem;

void give_up(std::string_view what) {
  std::fprintf(stderr, "tests/support: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

std::string fresh_database_name() {
  static std::atomic<int> count = 0;
  return "t" + std::to_string(++count) + "_" + base::random_hex(3);
}

TestServer::TestServer(local::Engine engine, std::map<std::string, std::string> settings, int crash_signal)
    : engine_(engine), settings_(std::move(settings)), crash_signal_(crash_signal) {
  std::string pattern = (fs::temp_directory_path() / "tenon-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) give_up("cannot make " + pattern);
  folder_ = pattern;
  fs::permissions(folder_, fs::perms::others_exec, fs::perm_options::add);
  watch();
  start();
}

// A process that waits for the end of a pipe whose other end lives as long as the test program.
void TestServer::watch() const {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) give_up("no pipe");
  const pid_t child = ::fork();
  if (child < 0) give_up("no fork");
  if (child > 0) {
    ::close(ends[0]);
    return;
  }
  ::setsid();  // Ctrl-C is for the test program
  ::close(ends[1]);
  // Whoever reads what the program prints need not wait until its files are removed, of which there are many.
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
  [[maybe_unused]] const int niceness = ::nice(19);
  char byte = 0;
  while (::read(ends[0], &byte, 1) < 0) {
  }
  // Nothing of the data is kept, so that none of it needs to be written to the disk first.
  const auto status = local::server_status(engine_, home());
  if (status && status->running) ::kill(status->running->pid, crash_signal_);
  [[maybe_unused]] const auto stopped = local::stop_server(engine_, home());
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  ::_exit(0);
}

std::string TestServer::url_of(std::string_view database) const {
  return running_.url.substr(0, running_.url.rfind('/') + 1).append(database);
}

void TestServer::crash() {
  ::kill(running_.pid, crash_signal_);
  for (int i = 0; i < 3000; ++i) {
    const auto status = local::server_status(engine_, home());
    if (status && status->state == local::ServerState::stopped) return;
    ::usleep(20'000);
  }
  give_up("the server does not crash");
}

void TestServer::start(const std::map<std::string, std::string>& more) {
  local::ServerOptions options{
      .engine = engine_, .folder = home(), .database = "test", .settings = settings_, .progress = {}};
  for (const auto& [name, value] : more) options.settings[name] = value;
  auto started = local::start_server(options);
  if (!started) give_up(base::to_string(started.error()));
  running_ = std::move(*started);
}

}  // namespace tenon::test
