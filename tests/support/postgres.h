// A real PostgreSQL for tests, one server per test program, started on first use in a temporary folder and
// stopped when the program ends.
#pragma once

#include <string>
#include <string_view>

#include "local/server.h"

namespace tenon::test {

// The server of this test program.
const local::RunningServer& postgres();

// Creates an empty database with a fresh name, runs `sql` in it, and returns its URL.
std::string create_database(std::string_view sql = {});

// Runs SQL text in the database `url` names; aborts the test program with the server's message on failure.
void run_sql(const std::string& url, std::string_view sql);

// The same, but gives the server's message back; empty when all went well. The whole text is one message, so
// one transaction unless it has its own.
std::string try_sql(const std::string& url, std::string_view sql);

// Fault injection: immediate shutdown (as after a crash), and a start of the same cluster on the same port.
void crash_postgres();
void restart_postgres();

}  // namespace tenon::test
