// A real MariaDB for tests, one server per test program, started on first use in a temporary folder and
// stopped when the program ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace tenon::test {

struct RunningMariadb {
  int pid = 0;
  std::uint16_t port = 0;
  std::filesystem::path socket;
  std::string url;  // mysql://…/, of the superuser, without a database; over TCP
};

// The server of this test program.
RunningMariadb mariadb();

// Creates an empty database with a fresh name, runs `sql` in it, and returns its URL.
std::string create_mariadb_database(std::string_view sql = {});

// Runs SQL text, of several statements if wanted, in the database `url` names; aborts the test program with
// the server's message on failure.
void run_mariadb_sql(const std::string& url, std::string_view sql);

// The same, but gives the server's message back; empty when all went well.
std::string try_mariadb_sql(const std::string& url, std::string_view sql);

// Fault injection: the server killed as by a crash, and a start of the same data on the same port, with
// `settings` (options of mariadbd without their dashes) on top of ours.
void crash_mariadb();
void restart_mariadb(const std::map<std::string, std::string>& settings = {});

// Restarts the server with a fresh certificate for `localhost` that nobody else signed; the certificate's
// path.
std::filesystem::path restart_mariadb_with_certificate();

}  // namespace tenon::test
