// What one kind of database server does in its own way; everything else in local/ is the same for all kinds.
// An object holds no state: postgres.h and mariadb.h have the two that there are.
#pragma once

#include <chrono>
#include <map>
#include <span>
#include <vector>

#include "local/layout.h"
#include "local/process.h"
#include "local/server.h"

namespace tenon::local {

// Installed server programs.
struct Installation {
  std::filesystem::path folder;   // canonical
  std::filesystem::path program;  // the server, in `folder`
  std::string product;            // "PostgreSQL", "MariaDB", "MySQL"
  std::string version;            // of what data it makes: "15", "10.11"
};

// How an installation is called to fill an empty place with a new cluster.
struct Creation {
  const Layout& layout;
  const Installation& installation;
  std::filesystem::path data;           // to be made
  std::filesystem::path password_file;  // readable by the account
  std::optional<Account> account;
  bool durable = true;  // false: need not wait for the disk
};

// How a server is started.
struct Launch {
  const Layout& layout;
  const Installation& installation;
  const std::optional<Account>& account;
  std::uint16_t port = 0;
  std::filesystem::path socket_folder;
  const std::map<std::string, std::string>& settings;
};

// A live server, as its own files and the system tell.
struct ServerProcess {
  pid_t pid = 0;
  std::uint16_t port = 0;
  std::filesystem::path socket_folder;
};

// A signal that ends a server, and how long that may take.
struct StopStage {
  int signal;
  std::chrono::milliseconds timeout;
};

// What opens a server.
struct Login {
  const ServerProcess& process;
  std::string password;
};

class ServerKind {
 public:
  virtual ~ServerKind() = default;

  virtual std::string_view name() const = 0;          // for messages: "PostgreSQL"
  virtual std::string_view account() const = 0;       // of the system, to run as when the caller is root
  virtual std::string_view account_help() const = 0;  // where it comes from
  // The longest name of a file in the socket folder.
  virtual std::string_view longest_socket_name() const = 0;

  // A cluster was made in the layout, completely.
  virtual bool has_cluster(const Layout& layout) const = 0;
  // The product and version whose data the cluster is; program and folder are empty.
  virtual Installation made_by(const Layout& layout) const = 0;
  // What can run the layout's cluster, or the newest when there is none. TN2001 when nothing is installed.
  virtual base::Result<Installation> find(const Layout& layout) const = 0;

  virtual Outcome create(const Creation& creation) const = 0;
  // The program that creates, for messages.
  virtual std::string_view creator(const Installation& installation) const = 0;

  // Removes what a killed server left behind that would hinder the next; called only while no process of the
  // cluster lives. Writes what the server reads when it starts.
  virtual base::Result<void> prepare_start(const Launch& launch) const = 0;
  virtual std::vector<std::string> arguments(const Launch& launch) const = 0;
  // The live server of the layout's cluster. A stale file, or a process id that now belongs to some other
  // program, is no server.
  virtual std::optional<ServerProcess> find_process(const Layout& layout) const = 0;
  // Whether `pid` is the server of this very cluster, and not one of a copy, or another program that got the
  // same number later.
  virtual bool is_server_of(pid_t pid, const Layout& layout) const = 0;
  // It takes connections.
  virtual bool is_ready(const Layout& layout, const ServerProcess& process) const = 0;
  // The server's own reason for not starting, from its log; empty when it says none.
  virtual std::string reason(std::string_view logged) const = 0;
  virtual bool port_was_taken(std::string_view logged) const = 0;
  // In good order first, by force when that takes too long.
  virtual std::span<const StopStage> stop_stages() const = 0;

  virtual std::string url(const Login& login, std::string_view database) const = 0;
  // Creates the database unless it exists; the server's complaint when it refuses.
  virtual std::expected<void, std::string> ensure_database(const Login& login,
                                                           const std::string& name) const = 0;
};

const ServerKind& kind_of(Engine engine);

}  // namespace tenon::local
