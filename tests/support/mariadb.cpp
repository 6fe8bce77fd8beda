#include "tests/support/mariadb.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <fcntl.h>
#include <mysql.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/hash.h"
#include "local/process.h"
#include "local/process_facts.h"

namespace tenon::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "tests/support/mariadb: %s\n", what.c_str());
  std::abort();
}

// mariadbd does not run as root.
std::optional<local::Account> account() {
  if (::geteuid() != 0) return std::nullopt;
  const passwd* entry = ::getpwnam("mysql");
  if (entry == nullptr) give_up("there is no account mysql to run the server as");
  return local::Account{
      .name = "mysql", .uid = entry->pw_uid, .gid = entry->pw_gid, .groups = {entry->pw_gid}};
}

std::string program(const char* name) {
  for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"})
    if (fs::exists(std::string(folder) + name)) return std::string(folder) + name;
  give_up(std::string(name) + " is not installed (mariadb-server-core)");
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    give_up("no free port");
  ::close(fd);
  return ntohs(address.sin_port);
}

pid_t pid_in(const fs::path& file) {
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  return pid;
}

// Dead, or dead and not waited for: a zombie has no command line.
bool is_gone(pid_t pid) {
  if (pid <= 0 || ::kill(pid, 0) != 0) return true;
  std::ifstream line("/proc/" + std::to_string(pid) + "/cmdline");
  return line.is_open() && line.peek() == std::ifstream::traits_type::eof();
}

// Kills the server when the test program is gone, however it went: a process that waits for the end of a pipe
// whose other end lives as long as the program.
void watch(const fs::path& root) {
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
  char byte = 0;
  while (::read(ends[0], &byte, 1) < 0) {
  }
  // The file of a server that was killed stays, and its number may be somebody else's by now.
  const std::string data = (root / "data").string();
  const pid_t server = pid_in(root / "pid");
  if (local::works_in(server, data, {"--datadir=" + data})) ::kill(server, SIGKILL);
  for (int i = 0; i < 250 && !is_gone(server); ++i) ::usleep(20'000);
  std::error_code ignored;
  fs::remove_all(root, ignored);
  ::_exit(0);
}

using Session = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

Session open_session(const RunningMariadb& server, const char* database) {
  Session session(mysql_init(nullptr), &mysql_close);
  if (mysql_real_connect(session.get(), nullptr, "root", nullptr, database, 0, server.socket.c_str(),
                         CLIENT_MULTI_STATEMENTS) == nullptr)
    return Session(nullptr, &mysql_close);
  return session;
}

struct Server {
  RunningMariadb running;

  Server() {
    std::string pattern = (fs::temp_directory_path() / "tenon-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) give_up("cannot make " + pattern);
    running.folder = pattern;
    running.socket = running.folder / "socket";
    running.port = free_port();
    running.url = "mysql://root@127.0.0.1:" + std::to_string(running.port) + "/";
    if (const auto owner = account(); owner && ::chown(pattern.c_str(), owner->uid, owner->gid) != 0)
      give_up("cannot give away " + pattern);
    watch(running.folder);
    create();
    start({});
  }

  void create() const {
    const auto made = local::run({.arguments = {program("mariadb-install-db"), "--no-defaults",
                                                "--auth-root-authentication-method=normal", "--skip-test-db",
                                                "--skip-log-bin", "--datadir=" + data()},
                                  .folder = running.folder,
                                  .account = account()},
                                 120s);
    if (!made.ok()) give_up("mariadb-install-db failed: " + made.output);
  }

  void start(const std::vector<std::string>& settings) {
    std::vector<std::string> arguments = {
        program("mariadbd"), "--no-defaults", "--datadir=" + data(), "--socket=" + running.socket.string(),
        "--port=" + std::to_string(running.port), "--bind-address=127.0.0.1",
        "--pid-file=" + (running.folder / "pid").string(), "--innodb-flush-log-at-trx-commit=2",
        // Processes die in tests, and machines do not: nothing waits for the disk.
        "--debug-no-sync", "--innodb-flush-method=nosync", "--skip-innodb-doublewrite", "--sync-frm=0",
        "--innodb-buffer-pool-size=64M", "--max-connections=200", "--max-allowed-packet=64M",
        "--skip-log-bin"};
    arguments.insert(arguments.end(), settings.begin(), settings.end());
    const fs::path log = running.folder / "log";
    const int kept = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    auto started = local::start_detached(
        {.arguments = std::move(arguments), .folder = running.folder, .account = account()}, log, kept);
    ::close(kept);
    if (!started) give_up(base::to_string(started.error()));
    running.pid = *started;
    for (int i = 0; i < 1'500; ++i) {
      if (open_session(running, nullptr)) return;
      if (is_gone(running.pid)) break;
      ::usleep(20'000);
    }
    std::ifstream in(log);
    give_up("the server does not start: " + std::string(std::istreambuf_iterator<char>(in), {}));
  }

  std::string data() const { return (running.folder / "data").string(); }
};

Server& server() {
  static Server one;
  return one;
}

}  // namespace

const RunningMariadb& mariadb() { return server().running; }

std::string create_mariadb_database(std::string_view sql) {
  static std::atomic<int> count = 0;
  const std::string name = "t" + std::to_string(++count) + "_" + base::random_hex(3);
  run_mariadb_sql(mariadb().url, "CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
  std::string url = mariadb().url + name;
  if (!sql.empty()) run_mariadb_sql(url, sql);
  return url;
}

void run_mariadb_sql(const std::string& url, std::string_view sql) {
  const std::string problem = try_mariadb_sql(url, sql);
  if (!problem.empty()) give_up(problem);
}

std::string try_mariadb_sql(const std::string& url, std::string_view sql) {
  const std::string database = url.substr(url.rfind('/') + 1);
  const Session session = open_session(mariadb(), database.empty() ? nullptr : database.c_str());
  if (!session) return "no connection to " + url;
  int more = mysql_real_query(session.get(), sql.data(), sql.size());
  while (more == 0) {
    if (MYSQL_RES* rows = mysql_store_result(session.get())) mysql_free_result(rows);
    more = mysql_next_result(session.get());
  }
  return more > 0 ? mysql_error(session.get()) : "";
}

void crash_mariadb() {
  const pid_t pid = server().running.pid;
  ::kill(pid, SIGKILL);
  for (int i = 0; i < 500; ++i) {
    if (is_gone(pid)) return;
    ::usleep(20'000);
  }
  give_up("the server does not crash");
}

void restart_mariadb(const std::vector<std::string>& settings) { server().start(settings); }

fs::path restart_mariadb_with_certificate() {
  const fs::path certificate = mariadb().folder / "server.crt";
  const fs::path key = mariadb().folder / "server.key";
  const auto made =
      local::run({.arguments = {"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                                key.string(), "-out", certificate.string(), "-days", "2"}},
                 30s);
  if (!made.ok()) give_up("openssl failed: " + made.output);
  // Those of the server's account read them.
  for (const fs::path& file : {certificate, key})
    fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
  crash_mariadb();
  restart_mariadb({"--ssl-cert=" + certificate.string(), "--ssl-key=" + key.string(),
                   "--plugin-load-add=auth_ed25519", "--plugin-load-add=auth_pam",
                   "--pam-use-cleartext-plugin"});
  return certificate;
}

}  // namespace tenon::test
