#include "local/mariadb.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <mysql.h>
#include <signal.h>
#include <unistd.h>

#include "local/cluster.h"
#include "local/installed.h"
#include "local/process_facts.h"

namespace tenon::local {

namespace fs = std::filesystem;

namespace {

constexpr const char* folder_variable = "TENON_MARIADB_BIN";
constexpr std::string_view socket_name = "mysqld.sock";
constexpr unsigned look_timeout_seconds = 2;      // at a server that may not be ready yet
constexpr unsigned connect_timeout_seconds = 30;  // to one that is
constexpr unsigned statement_timeout_seconds = 30;

struct Product {
  std::string_view name;
  std::string_view oldest_version;
};
constexpr Product mariadb{"MariaDB", "10.6"};
constexpr Product mysql{"MySQL", "8.0"};

// Shutdown in order, and what no process can refuse.
constexpr StopStage shutdown[] = {{SIGTERM, std::chrono::milliseconds(60'000)},
                                  {SIGKILL, std::chrono::milliseconds(10'000)}};

// "mariadbd  Ver 10.11.14-MariaDB-0+deb12u2 for debian-linux-gnu …", "mysqld  Ver 8.0.36 for Linux …".
std::optional<Installation> identify(const fs::path& program) {
  const std::string banner = version_banner(program);
  const auto at = banner.find("Ver ");
  if (at == std::string::npos) return std::nullopt;
  const Product& product = banner.find("MariaDB") != std::string::npos ? mariadb : mysql;
  const std::string_view number = std::string_view(banner).substr(at + 4);
  const auto minor = std::min(number.find('.'), number.size() - 1) + 1;
  const std::string version =
      fmt::format("{}.{}", to_number<int>(number), to_number<int>(number.substr(minor)));
  if (is_older(version, product.oldest_version)) return std::nullopt;
  return Installation{.folder = program.parent_path(),
                      .program = program,
                      .product = std::string(product.name),
                      .version = version};
}

// The program of one of these names in the installation's folder or beside it; empty when there is none.
fs::path find_program(const Installation& installation, std::initializer_list<std::string_view> names) {
  for (const auto& folder : {installation.folder, installation.folder.parent_path() / "bin",
                             installation.folder.parent_path() / "scripts"})
    for (const auto name : names)
      if (const fs::path program = folder / name; ::access(program.c_str(), X_OK) == 0) return program;
  return {};
}

fs::path install_script(const Installation& installation) {
  return find_program(installation, {"mariadb-install-db", "mysql_install_db"});
}

std::optional<Installation> look(const fs::path& folder) {
  for (const char* name : {"mariadbd", "mysqld"}) {
    if (::access((folder / name).c_str(), X_OK) != 0) continue;
    auto found = identify(folder / name);
    if (found && (found->product == mysql.name || !install_script(*found).empty())) return found;
  }
  return std::nullopt;
}

std::vector<fs::path> usual_folders() {
  std::vector<fs::path> folders = path_folders();
  const auto add = [&](const std::vector<fs::path>& more) {
    folders.insert(folders.end(), more.begin(), more.end());
  };
  add({"/usr/sbin", "/usr/libexec", "/usr/bin", "/usr/local/mysql/bin", "/usr/local/mariadb/bin"});
  for (const char* root : {"/opt/homebrew/opt", "/usr/local/opt"})
    for (const char* prefix : {"mariadb", "mysql"}) add(version_folders(root, prefix, "bin"));
  return folders;
}

base::Error not_installed() {
  if (const auto named = named_folder(folder_variable))
    return {.code = base::code::server_not_installed,
            .message = fmt::format("{} names {}, which holds no MariaDB or MySQL server.", folder_variable,
                                   named->string()),
            .help =
                "Name the folder with the program mariadbd or mysqld, or unset the variable and install "
                "the package \"mariadb-server\"."};
  return {.code = base::code::server_not_installed,
          .message = "No MariaDB or MySQL server is installed on this machine.",
          .help =
              "Install the package \"mariadb-server\" (Debian, Ubuntu: sudo apt install mariadb-server; "
              "Fedora: sudo dnf install mariadb-server; macOS: brew install mariadb), set "
              "TENON_MARIADB_BIN to the folder with mariadbd or mysqld, or name a database that runs "
              "elsewhere with --url."};
}

// "MariaDB 10.11", as written when the cluster was made.
fs::path product_file(const Layout& layout) { return layout.home / "server"; }
fs::path pid_file(const Layout& layout) { return layout.data() / "server.pid"; }
fs::path init_file(const Layout& layout) { return layout.home / "init.sql"; }

std::string product_line(const Installation& installation) {
  return fmt::format("{} {}\n", installation.product, installation.version);
}

// The value of --name=value.
std::string option(const std::vector<std::string>& arguments, std::string_view lead) {
  for (const std::string& argument : arguments)
    if (argument.starts_with(lead)) return argument.substr(lead.size());
  return "";
}

// Run by the server at every start, before it takes connections: the password file is right whatever happened
// to the accounts, and nobody gets in without it. One statement a line, no comments: its rules.
std::string init_statements(std::string_view password) {
  std::string text;
  for (const char* host : {"localhost", "127.0.0.1"})
    text += fmt::format(
        "CREATE USER IF NOT EXISTS 'root'@'{0}';\n"
        "ALTER USER 'root'@'{0}' IDENTIFIED BY '{1}';\n"
        "GRANT ALL PRIVILEGES ON *.* TO 'root'@'{0}' WITH GRANT OPTION;\n",
        host, password);
  return text + "DROP USER IF EXISTS 'root'@'::1';\n";
}

using Connection = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

// Over the private socket; empty when there is no memory. Whether it worked is for mysql_errno().
Connection connect(const ServerProcess& process, const std::string& password, unsigned timeout_seconds) {
  Connection connection(mysql_init(nullptr), mysql_close);
  if (!connection) return connection;
  const unsigned protocol = MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(connection.get(), MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(connection.get(), MYSQL_OPT_CONNECT_TIMEOUT, &timeout_seconds);
  mysql_optionsv(connection.get(), MYSQL_OPT_READ_TIMEOUT, &statement_timeout_seconds);
  mysql_optionsv(connection.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_real_connect(connection.get(), nullptr, "root", password.c_str(), nullptr, 0,
                     (process.socket_folder / socket_name).c_str(), 0);
  return connection;
}

class MariaDb final : public ServerKind {
 public:
  std::string_view name() const override { return "MariaDB"; }
  std::string_view account() const override { return "mysql"; }
  std::string_view account_help() const override {
    return "Install the distribution's package \"mariadb-server\", which makes the user mysql, make it with "
           "useradd --system mysql";
  }
  std::string_view longest_socket_name() const override { return "mysqld.sock.lock"; }

  bool has_cluster(const Layout& layout) const override {
    std::error_code ignored;
    return fs::exists(layout.data() / "mysql", ignored) && fs::exists(product_file(layout), ignored);
  }

  Installation made_by(const Layout& layout) const override {
    const std::string line = trimmed(read_small_file(product_file(layout)).value_or(""));
    const auto space = std::min(line.find(' '), line.size());
    return {.product = line.substr(0, space), .version = line.substr(std::min(space + 1, line.size()))};
  }

  base::Result<Installation> find(const Layout& layout) const override;

  std::string_view creator(const Installation& installation) const override {
    return installation.product == mysql.name ? "mysqld --initialize-insecure" : "mariadb-install-db";
  }
  Outcome create(const Creation& creation) const override;

  base::Result<void> prepare_start(const Launch& launch) const override {
    ::unlink(pid_file(launch.layout).c_str());
    if (auto made = make_private_folder(launch.layout.temporary(), launch.account); !made) return made;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(launch.socket_folder, ignored))
      if (entry.path().filename().string().starts_with(socket_name)) ::unlink(entry.path().c_str());
    const auto password = read_small_file(launch.layout.password());
    if (!password)
      return base::fail(base::code::cluster_start_failed,
                        fmt::format("The password file {} is gone.", launch.layout.password().string()),
                        "To begin anew with an empty database: tenon db reset");
    // From now on the data may be this version's, which an older one cannot read.
    if (auto noted = write_small_file(product_file(launch.layout), product_line(launch.installation)); !noted)
      return noted;
    return hand_small_file(init_file(launch.layout), init_statements(trimmed(*password)), launch.account);
  }

  std::vector<std::string> arguments(const Launch& launch) const override;

  std::optional<ServerProcess> find_process(const Layout& layout) const override {
    const auto text = read_small_file(pid_file(layout));
    if (!text) return std::nullopt;
    const auto pid = to_number<pid_t>(*text);
    if (!is_server_of(pid, layout)) return std::nullopt;
    const auto arguments = command_line(pid);
    return ServerProcess{.pid = pid,
                         .port = to_number<std::uint16_t>(option(arguments, "--port=")),
                         .socket_folder = fs::path(option(arguments, "--socket=")).parent_path()};
  }

  bool is_server_of(pid_t pid, const Layout& layout) const override {
    return works_in(pid, layout.data(), {"--datadir=" + layout.data().string()});
  }

  // It listens before it is ready, so only an answer counts; a refusal is one.
  bool is_ready(const Layout& layout, const ServerProcess& process) const override {
    std::error_code ignored;
    if (!fs::exists(process.socket_folder / socket_name, ignored)) return false;
    const auto connection =
        connect(process, trimmed(read_small_file(layout.password()).value_or("")), look_timeout_seconds);
    constexpr unsigned first_client_error = 2000;
    return connection && mysql_errno(connection.get()) < first_client_error;
  }

  std::string reason(std::string_view logged) const override {
    std::string said;
    int left = 2;  // what follows from an error is one too
    for (const std::string& line : split_lines(logged))
      if (const auto at = line.find("[ERROR]");
          at != std::string::npos && line.find("Aborting") == line.npos && left-- > 0)
        said += " It said: " + line.substr(at + 8) + ".";
    return said;
  }

  bool port_was_taken(std::string_view logged) const override {
    return logged.find("Can't start server: Bind on TCP/IP port") != std::string_view::npos;
  }

  std::span<const StopStage> stop_stages() const override { return shutdown; }

  std::string url(const Login& login, std::string_view database) const override {
    return fmt::format("mysql://root:{}@127.0.0.1:{}/{}", login.password, login.process.port, database);
  }

  std::expected<void, std::string> ensure_database(const Login& login,
                                                   const std::string& name) const override {
    const auto connection = connect(login.process, login.password, connect_timeout_seconds);
    if (!connection) return std::unexpected("no memory");
    const auto refused = [&] { return std::unexpected(std::string(mysql_error(connection.get()))); };
    if (mysql_errno(connection.get()) != 0) return refused();
    std::string quoted;
    for (const char c : name) quoted.append(c == '`' ? 2 : 1, c);
    const std::string sql = fmt::format("CREATE DATABASE IF NOT EXISTS `{}`", quoted);
    if (mysql_real_query(connection.get(), sql.data(), sql.size()) != 0) return refused();
    return {};
  }
};

base::Result<Installation> MariaDb::find(const Layout& layout) const {
  auto found = installed_mariadb();
  if (found.empty()) return std::unexpected(not_installed());
  if (!has_cluster(layout)) return found.front();
  // A newer server takes over the data of an older one of the same product; never the other way.
  const Installation made = made_by(layout);
  std::erase_if(found, [&](const Installation& each) {
    return each.product != made.product || is_older(each.version, made.version);
  });
  if (!found.empty()) return found.back();
  return base::fail(
      base::code::server_not_installed,
      fmt::format("The local database was made by {} {}, and no such server is installed, nor a newer one.",
                  made.product, made.version),
      fmt::format("Install {}, or start empty with an installed server: tenon db reset", made.product));
}

Outcome MariaDb::create(const Creation& creation) const {
  const Installation& installation = creation.installation;
  // The password is set when the server starts, before it takes connections.
  Command command{.folder = creation.layout.home, .account = creation.account};
  if (auto made = make_private_folder(creation.layout.temporary(), creation.account); !made)
    return {.exit_code = 1, .output = "error: " + made.error().message};
  const std::string data = "--datadir=" + creation.data.string();
  const std::string temporary = "--tmpdir=" + creation.layout.temporary().string();
  if (installation.product == mysql.name)
    command.arguments = {installation.program.string(), "--no-defaults", "--initialize-insecure", data,
                         temporary};
  else
    command.arguments = {
        install_script(installation).string(),      "--no-defaults",    data, temporary, "--skip-test-db",
        "--auth-root-authentication-method=normal", "--cross-bootstrap"};
  Outcome outcome = run(command, cluster_create_timeout);
  if (outcome.ok())
    if (auto noted = write_small_file(product_file(creation.layout), product_line(installation)); !noted)
      outcome = {.exit_code = 1, .output = "error: " + noted.error().message};
  return outcome;
}

std::vector<std::string> MariaDb::arguments(const Launch& launch) const {
  std::map<std::string, std::string> all = {
      {"bind-address", "127.0.0.1"},
      {"port", std::to_string(launch.port)},
      {"socket", (launch.socket_folder / socket_name).string()},
      {"tmpdir", launch.layout.temporary().string()},
      {"pid-file", pid_file(launch.layout).string()},
      {"init-file", init_file(launch.layout).string()},
      {"secure-file-priv", launch.layout.home.string()},
      {"character-set-server", "utf8mb4"},
      {"collation-server", "utf8mb4_unicode_ci"},
      {"default-time-zone", "+00:00"},
      {"skip-name-resolve", "ON"},
      {"loose-mysqlx", "OFF"},  // MySQL's second protocol, on a port of its own
  };
  for (const auto& [name, value] : launch.settings) all[name] = value;
  std::vector<std::string> arguments = {launch.installation.program.string(), "--no-defaults",
                                        "--datadir=" + launch.layout.data().string()};
  for (const auto& [name, value] : all) arguments.push_back(fmt::format("--{}={}", name, value));
  return arguments;
}

}  // namespace

const ServerKind& mariadb_kind() {
  static const MariaDb kind;
  return kind;
}

std::vector<Installation> installed_mariadb() {
  const auto named = named_folder(folder_variable);
  const auto better = [](const Installation& one, const Installation& other) {
    if (one.product != other.product) return one.product == mariadb.name;
    return is_older(other.version, one.version);
  };
  return installations_in(named ? std::vector{*named} : usual_folders(), look, better);
}

}  // namespace tenon::local
