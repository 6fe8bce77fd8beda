// A database of the engine this run of a test program is for: tests of both engines are one source, run
// twice.
#pragma once

#include <string>
#include <string_view>

namespace tenon::test {

// TENON_TEST_ENGINE=mariadb, else PostgreSQL.
bool on_mariadb();

// Text for both engines, SQL or schema files, as this one's. A line that begins with `pg| ` is PostgreSQL's
// alone, one with `my| ` MariaDB's. Words in braces are types: {serial}, {bigserial}, {text}, {uuid},
// {instant}, {json}; native types and providers of the schema language are exchanged.
std::string for_engine(std::string_view text);

// Creates an empty database on this engine's server, runs for_engine(`sql`) in it, and returns its URL. On
// MariaDB the text is read as PostgreSQL reads it: "names", a || b, and a backslash that is a letter.
std::string create_engine_database(std::string_view sql = {});

// Runs for_engine(`sql`) in such a database.
void run_engine_sql(const std::string& url, std::string_view sql);

// Fault injection: the end of the server as by a crash, and a start of the same data on the same port.
void crash_database();
void restart_database();

}  // namespace tenon::test
