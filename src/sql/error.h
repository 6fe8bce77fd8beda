// What a database, or the way to it, answered instead of rows.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "base/error.h"

namespace tenon::sql {

// Neutral classes; the engine's own code stays beside it.
enum class Failure : std::uint8_t {
  unreachable,      // no connection could be made, or none in time
  connection_lost,  // it broke; what was sent may or may not have happened
  authentication,
  timeout,     // the statement's or the request's deadline; the statement was cancelled
  overloaded,  // the pool's queue is full or waiting for a connection took too long
  too_large,   // more came than ResultLimits; the statement was stopped
  unique_violation,
  foreign_key_violation,
  not_null_violation,
  check_violation,
  exclusion_violation,
  generated_column,  // a value was given for a column whose values the database makes
  invalid_value,     // the value does not fit its type (SQLSTATE class 22)
  permission_denied,
  serialization,  // retry the whole unit
  deadlock,
  raised,  // by user code in the database (P0001 and SQLSTATEs of users)
  other,
};

struct DatabaseError {
  Failure failure = Failure::other;
  std::string sqlstate;  // five characters; empty when the error is not the database's
  std::string message;   // the database's own text: may hold values, so debug mode only
  std::string detail;
  std::string hint;
  std::string schema;  // names of what is concerned, where the engine tells
  std::string table;
  std::string column;
  std::string constraint;
  std::uint32_t position = 0;  // in the statement's text, in characters from 1; 0: not told
  // Which call of the exchange failed; their number when it was the commit.
  std::uint32_t call = 0;
  // With connection_lost: the connection had been resting in its pool and broke before a byte of answer came,
  // so it was most likely dead already. A unit that only reads may run once more on another connection.
  bool was_stale = false;
};

template <class T>
using DatabaseResult = std::expected<T, DatabaseError>;

// For the command line: the same as a base::Error with Prisma's code for it (P1001 …) and a remedy.
// `target` names the database for people, without secrets.
base::Error to_error(const DatabaseError& error, std::string_view target);

}  // namespace tenon::sql
