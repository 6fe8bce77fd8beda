#include "sql/error.h"

#include <fmt/format.h>

namespace tenon::sql {

namespace {

bool about_tls(const DatabaseError& error) {
  return error.message.find("SSL") != std::string::npos ||
         error.message.find("certificate") != std::string::npos;
}

std::string answered(const DatabaseError& error) {
  std::string text = error.message;
  if (!error.detail.empty()) text += " (" + error.detail + ")";
  if (!error.sqlstate.empty()) text += " [SQLSTATE " + error.sqlstate + "]";
  return text;
}

base::Error make(base::Code code, std::string message, std::string help) {
  return {.code = code, .message = std::move(message), .help = std::move(help)};
}

}  // namespace

base::Error to_error(const DatabaseError& error, std::string_view target) {
  namespace code = base::code;
  if (error.sqlstate == "3D000")
    return make(code::database_missing, fmt::format("The database {} does not exist.", target),
                "Create it, or correct the database name in the URL.");
  switch (error.failure) {
    case Failure::authentication:
      return make(code::authentication_failed,
                  fmt::format("The database server of {} refused the user name or password: {}", target,
                              answered(error)),
                  "Check the user name and password in the database URL.");
    case Failure::unreachable:
      if (about_tls(error))
        return make(code::tls_failed,
                    fmt::format("No encrypted connection to {} could be made: {}", target, error.message),
                    "Check sslmode and sslrootcert in the database URL.");
      return make(code::database_unreachable,
                  fmt::format("The database server of {} cannot be reached: {}", target, answered(error)),
                  "Check that the server runs and that host and port in the database URL are right.");
    case Failure::connection_lost:
      return make(code::connection_closed,
                  fmt::format("The connection to {} broke: {}", target, answered(error)),
                  "The server may have restarted; try again.");
    case Failure::timeout:
      return make(code::database_timeout,
                  fmt::format("The database {} did not answer in time: {}", target, answered(error)),
                  "Look for locks or load on the server, or raise the time limit.");
    case Failure::overloaded:
      return make(code::pool_timeout,
                  fmt::format("No connection to {} became free in time: {}", target, answered(error)),
                  "Raise the number of connections of the pool, or lower the load.");
    case Failure::permission_denied:
      return make(code::access_denied, fmt::format("Access denied at {}: {}", target, answered(error)),
                  "Grant the missing right to the user of the database URL.");
    default:
      return make(code::statement_failed,
                  fmt::format("The database {} refused a statement: {}", target, answered(error)),
                  error.hint);
  }
}

}  // namespace tenon::sql
