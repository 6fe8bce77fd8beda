#include "local/server.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace tenon::local {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds start_timeout{60'000};
constexpr std::chrono::milliseconds orphans_patience{3'000};  // of a killed server, to notice and end
constexpr std::chrono::milliseconds orphans_timeout{10'000};  // once they were killed too
constexpr std::chrono::milliseconds fast_shutdown_timeout{30'000};
constexpr std::chrono::milliseconds forced_shutdown_timeout{10'000};
constexpr std::chrono::milliseconds poll_interval{20};
constexpr int port_attempts_max = 5;
constexpr std::uintmax_t log_bytes_max = 8'000'000;  // then it is set aside, one generation

template <class T>
T to_number(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// /proc files have no size, so they are read to their end.
std::string read_proc(pid_t pid, std::string_view name) {
  std::ifstream in(fmt::format("/proc/{}/{}", pid, name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_alive(pid_t pid) { return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM); }

// Whether the process is the server of this very cluster, and not one of a copy, or another program that got
// the same number later.
bool is_postmaster_of(pid_t pid, const fs::path& data) {
  if (!is_alive(pid)) return false;
  struct stat cluster{}, working{};
  const fs::path working_folder = fmt::format("/proc/{}/cwd", pid);
  if (::stat(data.c_str(), &cluster) == 0 && ::stat(working_folder.c_str(), &working) == 0)
    return cluster.st_dev == working.st_dev && cluster.st_ino == working.st_ino;
  // In a container even root may not look at other users' processes that closely; the command line can be
  // read by all. (A dead process that nobody waited for has none.)
  const std::string arguments = read_proc(pid, "cmdline");
  return arguments.find(std::string("-D\0", 3) + data.string() + '\0') != std::string::npos;
}

bool port_is_free(std::uint16_t port) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// A port that nobody listens on now.
std::uint16_t free_port() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return 0;
  return ntohs(address.sin_port);
}

// The port of the last start, so that URLs stay good, or a new one.
std::uint16_t choose_port(const Layout& layout) {
  const auto last = to_number<std::uint16_t>(read_small_file(layout.port()).value_or(""));
  return last != 0 && port_is_free(last) ? last : free_port();
}

std::vector<std::string> server_arguments(const Layout& layout, const PostgresBinaries& binaries,
                                          std::uint16_t port, const fs::path& socket_folder,
                                          const std::map<std::string, std::string>& settings) {
  std::map<std::string, std::string> all = {
      {"listen_addresses", "127.0.0.1"},
      {"port", std::to_string(port)},
      {"unix_socket_directories", "\"" + socket_folder.string() + "\""},
      {"unix_socket_permissions", "0700"},
      {"logging_collector", "off"},
      {"log_destination", "stderr"},
      {"log_line_prefix", "%m [%p] %q%u@%d "},
      {"timezone", "UTC"},
      {"log_timezone", "UTC"},
  };
  for (const auto& [name, value] : settings) all[name] = value;
  std::vector<std::string> arguments = {(binaries.folder / "postgres").string(), "-D",
                                        layout.data().string()};
  for (const auto& [name, value] : all) {
    arguments.emplace_back("-c");
    arguments.push_back(name + "=" + value);
  }
  return arguments;
}

void set_large_log_aside(const fs::path& log) {
  std::error_code error;
  if (fs::file_size(log, error) > log_bytes_max && !error) fs::rename(log, log.string() + ".old", error);
}

std::string log_since(const fs::path& log, std::uintmax_t offset) {
  std::ifstream in(log, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  return {std::istreambuf_iterator<char>(in), {}};
}

// The server's own reason, from what it logged in this start.
base::Error explain_failed_start(const Layout& layout, std::string_view logged) {
  base::Error error{.code = base::code::cluster_start_failed};
  error.message = "The local PostgreSQL did not start.";
  for (const std::string& line : split_lines(logged))
    if (const auto at = line.find("FATAL:"); at != std::string::npos)
      error.message += " It said: " + line.substr(at + 8) + ".";
  if (logged.find("No space left on device") != std::string_view::npos)
    error.help = "The disk is full. Free some space and try again. ";
  error.help +=
      fmt::format("Its log: {}. To begin anew with an empty database: tenon db reset", layout.log().string());
  return error;
}

// Removes the lock files of a killed server. PostgreSQL trusts the process ids in them, which may belong to
// another program by now, or to a dead process that nobody waited for; then it would refuse to start. Called
// only while the lock says that no process of the cluster lives, and the socket folder is this cluster's own.
void remove_stale_lock_files(const Layout& layout, const fs::path& socket_folder) {
  const fs::path file = layout.data() / "postmaster.pid";
  if (const auto text = read_small_file(file); text && is_alive(to_number<pid_t>(*text)))
    ::unlink(file.c_str());
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(socket_folder, ignored))
    if (entry.path().filename().string().starts_with(".s.PGSQL.")) ::unlink(entry.path().c_str());
}

// Ends what is left of a server that was killed: a backend in the middle of a long computation does not
// notice by itself, and until it is gone nobody may touch the cluster. Only while there is no server.
void end_orphans(const fs::path& data) {
  struct stat cluster{}, working{};
  if (::stat(data.c_str(), &cluster) != 0) return;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const auto pid = to_number<pid_t>(entry.path().filename().string());
    if (pid > 0 && ::stat((entry.path() / "cwd").c_str(), &working) == 0 &&
        working.st_dev == cluster.st_dev && working.st_ino == cluster.st_ino)
      ::kill(pid, SIGKILL);
  }
}

// The lock that says no process of the cluster lives.
base::Result<Descriptor> lock_cluster(const Layout& layout) {
  Descriptor running = lock_file(layout.running(), orphans_patience);
  if (!running && !find_postmaster(layout)) {
    end_orphans(layout.data());
    running = lock_file(layout.running(), orphans_timeout);
  }
  if (running) return running;
  return base::fail(base::code::cluster_busy,
                    "Processes of the last local PostgreSQL are still running although their server is gone.",
                    fmt::format("They work in {}; end them and try again.", layout.data().string()));
}

// Ready, or gone (empty), or TN2003 at the deadline. The server holds `running` as long as it lives.
base::Result<std::optional<Postmaster>> await_start(const Layout& layout, Clock::time_point deadline) {
  while (Clock::now() < deadline) {
    if (lock_file(layout.running(), {})) return std::nullopt;
    if (auto postmaster = find_postmaster(layout); postmaster && postmaster->ready) return postmaster;
    std::this_thread::sleep_for(poll_interval);
  }
  return base::fail(
      base::code::cluster_start_failed,
      "The local PostgreSQL runs, but is not ready yet; it may still be recovering from a crash.",
      fmt::format("Try again in a while. Its log: {}", layout.log().string()));
}

}  // namespace

std::optional<Postmaster> find_postmaster(const Layout& layout) {
  // Lines: pid, data folder, start time, port, socket folder, address, shared memory key, status.
  const auto text = read_small_file(layout.data() / "postmaster.pid");
  if (!text) return std::nullopt;
  auto lines = split_lines(*text);
  lines.resize(8);
  const auto pid = to_number<pid_t>(lines[0]);
  if (!is_postmaster_of(pid, layout.data())) return std::nullopt;
  return Postmaster{.pid = pid,
                    .port = to_number<std::uint16_t>(lines[3]),
                    .socket_folder = lines[4],
                    .ready = lines[7].starts_with("ready")};
}

Descriptor lock_file(const fs::path& path, std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return {};
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (Clock::now() >= deadline) return {};
    std::this_thread::sleep_for(poll_interval);
  }
  return file;
}

base::Result<Postmaster> launch(const Layout& layout, const PostgresBinaries& binaries,
                                const std::optional<Account>& account,
                                const std::map<std::string, std::string>& settings) {
  const auto deadline = Clock::now() + start_timeout;
  const auto socket_folder = prepare_socket_folder(layout, account);
  if (!socket_folder) return std::unexpected(socket_folder.error());
  set_large_log_aside(layout.log());
  std::error_code ignored;
  std::string logged;
  for (int attempt = 0; attempt < port_attempts_max; ++attempt) {
    auto running = lock_cluster(layout);
    if (!running) return std::unexpected(running.error());
    remove_stale_lock_files(layout, *socket_folder);
    const std::uint16_t port = choose_port(layout);
    const auto log_begin = fs::exists(layout.log(), ignored) ? fs::file_size(layout.log(), ignored) : 0;
    const auto pid =
        start_detached({.arguments = server_arguments(layout, binaries, port, *socket_folder, settings),
                        .folder = layout.home,
                        .account = account},
                       layout.log(), running->get());
    if (!pid) return std::unexpected(pid.error());
    running->close();  // the server's copy holds the lock now
    auto postmaster = await_start(layout, deadline);
    if (!postmaster) return std::unexpected(postmaster.error());
    if (*postmaster) {
      if (auto noted = write_small_file(layout.port(), std::to_string(port) + "\n"); !noted)
        return std::unexpected(noted.error());
      return **postmaster;
    }
    logged = log_since(layout.log(), log_begin);
    // Somebody took the port between the choice and the start: choose again.
    if (logged.find("could not bind") == std::string::npos) break;
    ::unlink(layout.port().c_str());
  }
  return std::unexpected(explain_failed_start(layout, logged));
}

base::Result<Postmaster> wait_until_ready(const Layout& layout) {
  const auto deadline = Clock::now() + start_timeout;
  while (Clock::now() < deadline) {
    const auto postmaster = find_postmaster(layout);
    if (!postmaster) return std::unexpected(explain_failed_start(layout, {}));
    if (postmaster->ready) return *postmaster;
    std::this_thread::sleep_for(poll_interval);
  }
  return base::fail(base::code::cluster_start_failed, "The local PostgreSQL runs, but does not become ready.",
                    fmt::format("Its log: {}", layout.log().string()));
}

base::Result<void> end_server(const Layout& layout, pid_t pid) {
  struct Stage {
    int signal;
    std::chrono::milliseconds timeout;
  };
  // Fast shutdown, immediate shutdown, and what no process can refuse.
  for (const Stage& stage : {Stage{SIGINT, fast_shutdown_timeout}, Stage{SIGQUIT, forced_shutdown_timeout},
                             Stage{SIGKILL, forced_shutdown_timeout}}) {
    if (is_postmaster_of(pid, layout.data()) && ::kill(pid, stage.signal) != 0 && errno != ESRCH)
      return base::fail(
          base::code::cluster_start_failed,
          fmt::format("Cannot end the local PostgreSQL (process {}): {}.", pid, std::strerror(errno)),
          "It was started by another user; stop it as that user or as root.");
    const auto deadline = Clock::now() + stage.timeout;
    while (Clock::now() < deadline) {
      if (!is_postmaster_of(pid, layout.data()) && lock_file(layout.running(), {})) return {};
      std::this_thread::sleep_for(poll_interval);
    }
  }
  return base::fail(base::code::cluster_busy,
                    fmt::format("The local PostgreSQL (process {}) does not end.", pid));
}

}  // namespace tenon::local
