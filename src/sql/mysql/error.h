// What MySQL, MariaDB and libmariadb report, as DatabaseError.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sql/error.h"

namespace tenon::sql::mysql {

// From the number, the SQLSTATE and the text of an error; names of what is concerned are taken from the text,
// where the engine tells them. `call` is left at zero.
DatabaseError make_error(std::uint32_t number, std::string_view sqlstate, std::string_view message);

// The same of an attempt to connect: what the client library says by itself means that it cannot be done.
DatabaseError make_connect_error(std::uint32_t number, std::string_view sqlstate, std::string_view message);

DatabaseError lost_error(std::string_view message);

// The server forgot what was prepared, or could not bring it up to date with a changed table by itself.
bool should_prepare_again(std::uint32_t number);
// Another number of columns than when it was prepared; the statement has run nevertheless.
bool has_other_columns(std::uint32_t number);
// This kind of statement cannot be prepared.
bool cannot_be_prepared(std::uint32_t number);
// A KILL QUERY reached the statement.
bool was_interrupted(std::uint32_t number);

}  // namespace tenon::sql::mysql
