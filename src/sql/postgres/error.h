// What PostgreSQL and libpq report, as DatabaseError.
#pragma once

#include <string_view>

#include "sql/error.h"

namespace tenon::sql::postgres {

// The neutral class of a SQLSTATE; a class of codes that PostgreSQL does not use itself is a user's.
Failure classify(std::string_view sqlstate);

// From the body of an ErrorResponse. `call` is left at zero.
DatabaseError error_of(std::string_view body);

// From the message of a connection that could not be made, taken with PQERRORS_VERBOSE so that it holds the
// SQLSTATE when the server itself refused.
DatabaseError connect_error(std::string_view message);

DatabaseError lost_error(std::string_view message);

}  // namespace tenon::sql::postgres
