#include "local/postgres.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include "local/cluster.h"
#include "local/installed.h"
#include "local/process_facts.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

constexpr int oldest_major_version = 12;
constexpr std::string_view superuser = "postgres";
constexpr const char* folder_variable = "TENON_POSTGRES_BIN";

// Fast shutdown, immediate shutdown, and what no process can refuse.
constexpr StopStage shutdown[] = {{SIGINT, std::chrono::milliseconds(30'000)},
                                  {SIGQUIT, std::chrono::milliseconds(10'000)},
                                  {SIGKILL, std::chrono::milliseconds(10'000)}};

// "postgres (PostgreSQL) 15.20 (Debian …)", "postgres (PostgreSQL) 17beta1"; 0 when it is something else.
int major_version(std::string_view banner) {
  constexpr std::string_view lead = "(PostgreSQL) ";
  const auto at = banner.find(lead);
  return at == std::string_view::npos ? 0 : to_number<int>(banner.substr(at + lead.size()));
}

std::optional<Installation> look(const fs::path& folder) {
  const fs::path program = folder / "postgres";
  if (::access(program.c_str(), X_OK) != 0 || ::access((folder / "initdb").c_str(), X_OK) != 0)
    return std::nullopt;
  const int major = major_version(version_banner(program));
  if (major < oldest_major_version) return std::nullopt;
  return Installation{
      .folder = folder, .program = program, .product = "PostgreSQL", .version = std::to_string(major)};
}

std::vector<fs::path> usual_folders() {
  std::vector<fs::path> folders = path_folders();
  const auto add = [&](const std::vector<fs::path>& more) {
    folders.insert(folders.end(), more.begin(), more.end());
  };
  add(version_folders("/usr/lib/postgresql", "", "bin"));   // Debian, Ubuntu, SUSE
  add(version_folders("/usr/libexec/postgresql", "", ""));  // Alpine keeps links here
  add(version_folders("/usr", "pgsql-", "bin"));            // PGDG on Red Hat: /usr/pgsql-16/bin
  add(version_folders("/opt/homebrew/opt", "postgresql", "bin"));
  add(version_folders("/usr/local/opt", "postgresql", "bin"));
  add({"/usr/local/pgsql/bin", "/usr/bin"});
  return folders;
}

base::Error not_installed() {
  if (const auto named = named_folder(folder_variable))
    return {.code = base::code::server_not_installed,
            .message = fmt::format("{} names {}, which holds no PostgreSQL server.", folder_variable,
                                   named->string()),
            .help =
                "Name the folder with the programs postgres and initdb, or unset the variable and install "
                "the package \"postgresql\"."};
  return {.code = base::code::server_not_installed,
          .message = "No PostgreSQL server is installed on this machine.",
          .help =
              "Install the package \"postgresql\" (Debian, Ubuntu: sudo apt install postgresql; Fedora: "
              "sudo dnf install postgresql-server; macOS: brew install postgresql@17), set "
              "TENON_POSTGRES_BIN to the folder with its programs, or name a database that runs "
              "elsewhere with --url."};
}

// Lines: pid, data folder, start time, port, socket folder, address, shared memory key, status.
std::optional<std::vector<std::string>> read_pid_file(const Layout& layout) {
  const auto text = read_small_file(layout.data() / "postmaster.pid");
  if (!text) return std::nullopt;
  auto lines = split_lines(*text);
  lines.resize(8);
  return lines;
}

class Postgres final : public ServerKind {
 public:
  std::string_view name() const override { return "PostgreSQL"; }
  std::string_view account() const override { return "postgres"; }
  std::string_view account_help() const override {
    return "Install the distribution's package \"postgresql\", which makes the user postgres";
  }
  std::string_view longest_socket_name() const override { return ".s.PGSQL.65535.lock"; }

  bool has_cluster(const Layout& layout) const override {
    std::error_code ignored;
    return fs::exists(layout.data() / "PG_VERSION", ignored);
  }

  Installation made_by(const Layout& layout) const override {
    return {.product = "PostgreSQL",
            .version = trimmed(read_small_file(layout.data() / "PG_VERSION").value_or(""))};
  }

  base::Result<Installation> find(const Layout& layout) const override {
    const auto found = installed_postgres();
    if (found.empty()) return std::unexpected(not_installed());
    if (!has_cluster(layout)) return found.front();
    // A cluster can be run by its own major version and no other.
    const std::string version = made_by(layout).version;
    const auto match = std::ranges::find(found, version, &Installation::version);
    if (match != found.end()) return *match;
    return base::fail(
        base::code::server_not_installed,
        fmt::format("The local database was made by PostgreSQL {}, which is not installed; version {} is.",
                    version, found.front().version),
        fmt::format("Install the package \"postgresql-{}\", or start empty with the installed version: "
                    "tenon db reset",
                    version));
  }

  std::string_view creator(const Installation&) const override { return "initdb"; }

  Outcome create(const Creation& creation) const override {
    Command command{
        .arguments = {(creation.installation.folder / "initdb").string(),
                      "--pgdata=" + creation.data.string(), "--username=postgres",
                      "--pwfile=" + creation.password_file.string(), "--auth=scram-sha-256",
                      "--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C", "--no-instructions"},
        .folder = creation.layout.home,
        .account = creation.account};
    if (!creation.durable) command.arguments.emplace_back("--no-sync");
    return run(command, cluster_create_timeout);
  }

  // PostgreSQL trusts the process ids in its lock files, which may belong to another program by now, or to a
  // dead process that nobody waited for; then it would refuse to start.
  base::Result<void> prepare_start(const Launch& launch) const override {
    const fs::path file = launch.layout.data() / "postmaster.pid";
    if (const auto text = read_small_file(file); text && is_alive(to_number<pid_t>(*text)))
      ::unlink(file.c_str());
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(launch.socket_folder, ignored))
      if (entry.path().filename().string().starts_with(".s.PGSQL.")) ::unlink(entry.path().c_str());
    return {};
  }

  std::vector<std::string> arguments(const Launch& launch) const override {
    std::map<std::string, std::string> all = {
        {"listen_addresses", "127.0.0.1"},
        {"port", std::to_string(launch.port)},
        {"unix_socket_directories", "\"" + launch.socket_folder.string() + "\""},
        {"unix_socket_permissions", "0700"},
        {"logging_collector", "off"},
        {"log_destination", "stderr"},
        {"log_line_prefix", "%m [%p] %q%u@%d "},
        {"timezone", "UTC"},
        {"log_timezone", "UTC"},
    };
    for (const auto& [name, value] : launch.settings) all[name] = value;
    std::vector<std::string> arguments = {launch.installation.program.string(), "-D",
                                          launch.layout.data().string()};
    for (const auto& [name, value] : all) {
      arguments.emplace_back("-c");
      arguments.push_back(name + "=" + value);
    }
    return arguments;
  }

  std::optional<ServerProcess> find_process(const Layout& layout) const override {
    const auto lines = read_pid_file(layout);
    if (!lines) return std::nullopt;
    const auto pid = to_number<pid_t>((*lines)[0]);
    if (!is_server_of(pid, layout)) return std::nullopt;
    return ServerProcess{
        .pid = pid, .port = to_number<std::uint16_t>((*lines)[3]), .socket_folder = (*lines)[4]};
  }

  bool is_server_of(pid_t pid, const Layout& layout) const override {
    return works_in(pid, layout.data(), {"-D", layout.data().string()});
  }

  bool is_ready(const Layout& layout, const ServerProcess& process) const override {
    const auto lines = read_pid_file(layout);
    return lines && to_number<pid_t>((*lines)[0]) == process.pid && (*lines)[7].starts_with("ready");
  }

  std::string reason(std::string_view logged) const override {
    std::string said;
    for (const std::string& line : split_lines(logged))
      if (const auto at = line.find("FATAL:"); at != std::string::npos)
        said += " It said: " + line.substr(at + 8) + ".";
    return said;
  }

  bool port_was_taken(std::string_view logged) const override {
    return logged.find("could not bind") != std::string_view::npos;
  }

  std::span<const StopStage> stop_stages() const override { return shutdown; }

  std::string url(const Login& login, std::string_view database) const override {
    return fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", superuser, login.password, login.process.port,
                       database);
  }

  std::expected<void, std::string> ensure_database(const Login& login,
                                                   const std::string& name) const override;
};

std::expected<void, std::string> Postgres::ensure_database(const Login& login,
                                                           const std::string& name) const {
  const std::string port = std::to_string(login.process.port);
  const char* keys[] = {"host", "port", "user", "password", "dbname", "connect_timeout", "options", nullptr};
  const char* values[] = {"127.0.0.1",
                          port.c_str(),
                          superuser.data(),
                          login.password.c_str(),
                          "postgres",
                          "10",
                          "-c statement_timeout=30000",
                          nullptr};
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdbParams(keys, values, 0), PQfinish);
  const auto refused = [&] { return std::unexpected(trimmed(PQerrorMessage(connection.get()))); };
  if (PQstatus(connection.get()) != CONNECTION_OK) return refused();
  using Rows = std::unique_ptr<PGresult, decltype(&PQclear)>;
  const char* parameters[] = {name.c_str()};
  const Rows found(PQexecParams(connection.get(), "SELECT 1 FROM pg_database WHERE datname = $1", 1, nullptr,
                                parameters, nullptr, nullptr, 0),
                   PQclear);
  if (PQresultStatus(found.get()) != PGRES_TUPLES_OK) return refused();
  if (PQntuples(found.get()) > 0) return {};
  const std::unique_ptr<char, decltype(&PQfreemem)> quoted(
      PQescapeIdentifier(connection.get(), name.data(), name.size()), PQfreemem);
  if (!quoted) return refused();
  const Rows made(PQexec(connection.get(), (std::string("CREATE DATABASE ") + quoted.get()).c_str()),
                  PQclear);
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) return refused();
  return {};
}

}  // namespace

const ServerKind& postgres_kind() {
  static const Postgres kind;
  return kind;
}

std::vector<Installation> installed_postgres() {
  const auto named = named_folder(folder_variable);
  const auto better = [](const Installation& one, const Installation& other) {
    return is_older(other.version, one.version);
  };
  return installations_in(named ? std::vector{*named} : usual_folders(), look, better);
}

}  // namespace tenon::local
