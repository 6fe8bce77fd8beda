#include "tests/support/mariadb.h"

#include <memory>

#include <mysql.h>
#include <signal.h>

#include "local/process.h"
#include "local/server.h"
#include "tests/support/server.h"

namespace tenon::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

TestServer& server() {
  static TestServer one(local::Engine::mariadb,
                        {// Processes die in tests, and machines do not: nothing waits for the disk.
                         {"debug-no-sync", "ON"},
                         {"innodb-flush-log-at-trx-commit", "2"},
                         {"innodb-flush-method", "nosync"},
                         {"innodb-doublewrite", "OFF"},
                         {"innodb-fast-shutdown", "2"},
                         {"sync-frm", "OFF"},
                         {"innodb-buffer-pool-size", "64M"},
                         {"max-connections", "200"},
                         {"max-allowed-packet", "64M"},
                         // The accounts of some tests are those of localhost, over TCP.
                         {"skip-name-resolve", "OFF"}},
                        SIGKILL);
  return one;
}

using Session = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

Session open_session(const char* database) {
  const RunningMariadb running = mariadb();
  const std::string& url = running.url;
  const std::string lead = "mysql://root:";
  const std::string password = url.substr(lead.size(), url.find('@') - lead.size());
  Session session(mysql_init(nullptr), &mysql_close);
  if (mysql_real_connect(session.get(), nullptr, "root", password.c_str(), database, 0,
                         running.socket.c_str(), CLIENT_MULTI_STATEMENTS) == nullptr)
    return Session(nullptr, &mysql_close);
  return session;
}

}  // namespace

RunningMariadb mariadb() {
  const local::RunningServer& running = server().running();
  return {.pid = running.pid,
          .port = running.port,
          .socket = running.socket_folder / "mysqld.sock",
          .url = server().url_of("")};
}

std::string create_mariadb_database(std::string_view sql) {
  const std::string name = fresh_database_name();
  run_mariadb_sql(server().url_of(""), "CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
  std::string url = server().url_of(name);
  if (!sql.empty()) run_mariadb_sql(url, sql);
  return url;
}

void run_mariadb_sql(const std::string& url, std::string_view sql) {
  const std::string problem = try_mariadb_sql(url, sql);
  if (!problem.empty()) give_up(problem);
}

std::string try_mariadb_sql(const std::string& url, std::string_view sql) {
  const std::string database = url.substr(url.rfind('/') + 1);
  const Session session = open_session(database.empty() ? nullptr : database.c_str());
  if (!session) return "no connection to " + url;
  int more = mysql_real_query(session.get(), sql.data(), sql.size());
  while (more == 0) {
    if (MYSQL_RES* rows = mysql_store_result(session.get())) mysql_free_result(rows);
    more = mysql_next_result(session.get());
  }
  return more > 0 ? mysql_error(session.get()) : "";
}

void crash_mariadb() { server().crash(); }
void restart_mariadb(const std::map<std::string, std::string>& settings) { server().start(settings); }

fs::path restart_mariadb_with_certificate() {
  const fs::path certificate = server().folder() / "server.crt";
  const fs::path key = server().folder() / "server.key";
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
  restart_mariadb({{"ssl-cert", certificate.string()},
                   {"ssl-key", key.string()},
                   {"plugin-load", "auth_ed25519;auth_pam"},
                   {"pam-use-cleartext-plugin", "ON"}});
  return certificate;
}

}  // namespace tenon::test
