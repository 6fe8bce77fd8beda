#include "sql/mysql/error.h"

#include <algorithm>
#include <array>
#include <optional>

namespace tenon::sql::mysql {

namespace {

struct Known {
  std::uint32_t number;
  Failure failure;
  std::string_view sqlstate = {};  // where the engine's own is a class that says less
};

// Numbers are those of MySQL's and MariaDB's error references; above 4000 MariaDB's mean other things than
// MySQL's, and only those that do not collide stand here.
constexpr std::array known_errors = {
    Known{1020, Failure::serialization, "40001"},  // changed since last read (innodb_snapshot_isolation)
    Known{1022, Failure::unique_violation},
    Known{1040, Failure::unreachable},  // too many connections
    Known{1044, Failure::permission_denied},
    Known{1045, Failure::authentication},
    Known{1048, Failure::not_null_violation},
    Known{1049, Failure::other, "3D000"},  // unknown database
    Known{1053, Failure::connection_lost},
    Known{1062, Failure::unique_violation},
    Known{1100, Failure::other, "55000"},  // not among the tables of LOCK TABLES
    Known{1129, Failure::unreachable},     // host is blocked
    Known{1130, Failure::authentication},  // host is not allowed
    Known{1142, Failure::permission_denied},
    Known{1143, Failure::permission_denied},
    Known{1158, Failure::connection_lost},
    Known{1159, Failure::connection_lost},
    Known{1160, Failure::connection_lost},
    Known{1161, Failure::connection_lost},
    Known{1169, Failure::unique_violation},
    Known{1203, Failure::unreachable},       // too many connections of this user
    Known{1205, Failure::timeout, "55P03"},  // lock wait: told from other timeouts
    Known{1213, Failure::deadlock},
    Known{1216, Failure::foreign_key_violation},
    Known{1217, Failure::foreign_key_violation},
    Known{1226, Failure::unreachable},  // the user's quota
    Known{1227, Failure::permission_denied},
    Known{1251, Failure::authentication},
    Known{1263, Failure::not_null_violation},
    Known{1264, Failure::invalid_value},
    Known{1265, Failure::invalid_value},
    Known{1290, Failure::other, "25006"},  // --read-only
    Known{1292, Failure::invalid_value},
    Known{1317, Failure::timeout},  // KILL QUERY: our own cancel request, as a rule
    Known{1364, Failure::not_null_violation},
    Known{1365, Failure::invalid_value},
    Known{1366, Failure::invalid_value},
    Known{1370, Failure::permission_denied},
    Known{1406, Failure::invalid_value},
    Known{1411, Failure::invalid_value},
    Known{1416, Failure::invalid_value},
    Known{1451, Failure::foreign_key_violation},
    Known{1452, Failure::foreign_key_violation},
    Known{1557, Failure::foreign_key_violation},
    Known{1586, Failure::unique_violation},
    Known{1614, Failure::deadlock},
    Known{1644, Failure::raised},  // SIGNAL
    Known{1690, Failure::invalid_value},
    Known{1698, Failure::authentication},
    Known{1761, Failure::foreign_key_violation},
    Known{1762, Failure::foreign_key_violation},
    Known{1820, Failure::authentication},  // the password must be changed first
    Known{1836, Failure::other, "25006"},
    Known{1862, Failure::authentication},    // expired password
    Known{1906, Failure::generated_column},  // MariaDB
    Known{1927, Failure::connection_lost},   // KILL
    Known{1969, Failure::timeout},           // max_statement_time (MariaDB)
    Known{3024, Failure::timeout},           // max_execution_time (MySQL)
    Known{3058, Failure::deadlock},          // of user locks
    Known{3105, Failure::generated_column},  // MySQL
    Known{3140, Failure::invalid_value},     // JSON
    Known{3141, Failure::invalid_value},
    Known{3169, Failure::connection_lost},
    Known{3572, Failure::timeout},          // NOWAIT
    Known{3819, Failure::check_violation},  // MySQL
    Known{4025, Failure::check_violation},  // MariaDB
    Known{4031, Failure::connection_lost},  // wait_timeout (MySQL)
};

struct KnownClass {
  std::string_view prefix;
  Failure failure;
};

constexpr std::array<KnownClass, 4> known_classes{{{"22", Failure::invalid_value},
                                                   {"23", Failure::check_violation},
                                                   {"28", Failure::authentication},
                                                   {"45", Failure::raised}}};

// The client library's own numbers.
constexpr std::uint32_t client_errors_begin = 2000;
constexpr std::uint32_t client_errors_end = 3000;
constexpr std::uint32_t client_errors_mariadb_begin = 5000;
constexpr std::uint32_t client_errors_mariadb_end = 5100;
// Gone, lost, out of step, malformed packet, lost with details, reading and writing failed.
constexpr std::array<std::uint32_t, 7> broken_connection = {2006, 2013, 2014, 2027, 2055, 5013, 5014};
constexpr std::uint32_t plugin_not_loaded = 2059;
constexpr std::uint32_t plugin_not_allowed = 5010;

const Known* find(std::uint32_t number) {
  for (const Known& known : known_errors)
    if (known.number == number) return &known;
  return nullptr;
}

bool is_client_error(std::uint32_t number) {
  return (number >= client_errors_begin && number < client_errors_end) ||
         (number >= client_errors_mariadb_begin && number < client_errors_mariadb_end);
}

Failure failure_of_number(std::uint32_t number, std::string_view sqlstate) {
  if (std::ranges::find(broken_connection, number) != broken_connection.end())
    return Failure::connection_lost;
  if (const Known* known = find(number)) return known->failure;
  for (const KnownClass& known : known_classes)
    if (sqlstate.starts_with(known.prefix)) return known.failure;
  return Failure::other;
}

// What stands between `before` and the next `after`; nullopt when either is missing.
std::optional<std::string_view> between(std::string_view text, std::string_view before,
                                        std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + before.size());
  const std::size_t end = text.find(after);
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(0, end);
}

// Takes a `name` in backticks, doubled inside, off the front; empty when there is none.
std::string take_name(std::string_view& text) {
  std::string name;
  if (!text.starts_with('`')) return name;
  text.remove_prefix(1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '`') {
      if (!text.starts_with('`')) return name;
      text.remove_prefix(1);
    }
    name += c;
  }
  return {};
}

// `database`.`table`
void take_table(std::string_view& text, DatabaseError& error) {
  error.schema = take_name(text);
  if (!text.starts_with('.')) return;
  text.remove_prefix(1);
  error.table = take_name(text);
}

// Duplicate entry '1' for key 'PRIMARY' (MariaDB) or 'table.PRIMARY' (MySQL). The value before it may hold
// anything, so the end is looked at.
void name_key(std::string_view text, DatabaseError& error) {
  constexpr std::string_view before = "for key '";
  const std::size_t begin = text.rfind(before);
  if (begin == std::string_view::npos || !text.ends_with('\'')) return;
  text = text.substr(begin + before.size());
  text.remove_suffix(1);
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos) {
    error.table = text.substr(0, dot);
    text.remove_prefix(dot + 1);
  }
  error.constraint = text;
}

// Cannot add or update a child row: a foreign key constraint fails (`db`.`child`, CONSTRAINT `fk` FOREIGN …
void name_foreign_key(std::string_view text, DatabaseError& error) {
  const std::size_t open = text.find("(`");
  if (open == std::string_view::npos) return;
  text.remove_prefix(open + 1);
  take_table(text, error);
  constexpr std::string_view constraint = ", CONSTRAINT ";
  if (!text.starts_with(constraint)) return;
  text.remove_prefix(constraint.size());
  error.constraint = take_name(text);
}

// Check constraint 'name' is violated. (MySQL) — CONSTRAINT `name` failed for `db`.`table` (MariaDB)
void name_check(std::string_view text, DatabaseError& error) {
  constexpr std::string_view before = "CONSTRAINT ";
  constexpr std::string_view middle = " failed for ";
  if (!text.starts_with(before)) {
    error.constraint = between(text, "constraint '", "'").value_or("");
    return;
  }
  text.remove_prefix(before.size());
  error.constraint = take_name(text);
  if (!text.starts_with(middle)) return;
  text.remove_prefix(middle.size());
  take_table(text, error);
  // A check that stands at a column has no name of its own but the column's.
  const std::string prefix = error.table + '.';
  if (!error.constraint.starts_with(prefix)) return;
  error.constraint.erase(0, prefix.size());
  error.column = error.constraint;
}

// … column 'name' …, or of a value that does not fit: … for column `db`.`table`.`name` at row 1
void name_column(std::string_view text, DatabaseError& error) {
  constexpr std::string_view before = "for column `";
  if (const std::size_t at = text.rfind(before); at != std::string_view::npos) {
    text.remove_prefix(at + before.size() - 1);
    take_table(text, error);
    if (!text.starts_with('.')) return;
    text.remove_prefix(1);
    error.column = take_name(text);
    return;
  }
  for (const std::string_view word : {"olumn '", "Field '"})
    if (const auto name = between(text, word, "'")) {
      error.column = *name;
      break;
    }
  if (const auto table = between(text, "in table '", "'")) error.table = *table;
}

void name_what_is_concerned(std::string_view text, DatabaseError& error) {
  switch (error.failure) {
    case Failure::unique_violation:
      return name_key(text, error);
    case Failure::foreign_key_violation:
      return name_foreign_key(text, error);
    case Failure::check_violation:
      return name_check(text, error);
    case Failure::not_null_violation:
    case Failure::generated_column:
    case Failure::invalid_value:
      return name_column(text, error);
    default:
      return;
  }
}

}  // namespace

DatabaseError make_error(std::uint32_t number, std::string_view sqlstate, std::string_view message) {
  DatabaseError error{.failure = failure_of_number(number, sqlstate), .message = std::string(message)};
  const Known* known = find(number);
  if (known != nullptr && !known->sqlstate.empty()) {
    error.sqlstate = known->sqlstate;
  } else if (!is_client_error(number)) {
    error.sqlstate = sqlstate;
  }
  name_what_is_concerned(message, error);
  return error;
}

DatabaseError make_connect_error(std::uint32_t number, std::string_view sqlstate, std::string_view message) {
  DatabaseError error = make_error(number, sqlstate, message);
  if (number == plugin_not_loaded || number == plugin_not_allowed) {
    error.failure = Failure::authentication;
  } else if (error.failure == Failure::connection_lost || is_client_error(number)) {
    error.failure = Failure::unreachable;
  }
  return error;
}

DatabaseError lost_error(std::string_view message) {
  return {.failure = Failure::connection_lost, .message = std::string(message)};
}

bool should_prepare_again(std::uint32_t number) { return number == 1243 || number == 1615; }

bool has_other_columns(std::uint32_t number) { return number == 2057; }

bool cannot_be_prepared(std::uint32_t number) { return number == 1295; }

bool was_interrupted(std::uint32_t number) { return number == 1317; }

}  // namespace tenon::sql::mysql
