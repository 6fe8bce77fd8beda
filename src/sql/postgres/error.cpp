#include "sql/postgres/error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>

namespace tenon::sql::postgres {

namespace {

struct Known {
  std::string_view sqlstate;
  Failure failure;
};

constexpr std::array<Known, 23> known_states{{
    {"23505", Failure::unique_violation},
    {"23503", Failure::foreign_key_violation},
    {"23001", Failure::foreign_key_violation},  // restrict_violation
    {"23502", Failure::not_null_violation},
    {"23514", Failure::check_violation},
    {"23P01", Failure::exclusion_violation},
    {"428C9", Failure::generated_column},
    {"42501", Failure::permission_denied},
    {"40001", Failure::serialization},
    {"40P01", Failure::deadlock},
    {"57014", Failure::timeout},          // statement_timeout, or our own cancel request
    {"55P03", Failure::timeout},          // lock_timeout
    {"25P03", Failure::connection_lost},  // idle_in_transaction_session_timeout ends the session
    {"57P01", Failure::connection_lost},  // admin_shutdown
    {"57P02", Failure::connection_lost},  // crash_shutdown
    {"57P05", Failure::connection_lost},  // idle_session_timeout
    {"57P03", Failure::unreachable},      // starting up or shutting down
    {"53300", Failure::unreachable},      // too many connections
    {"08001", Failure::unreachable},
    {"08004", Failure::unreachable},
    {"08003", Failure::connection_lost},
    {"08006", Failure::connection_lost},
    {"08P01", Failure::other},  // protocol violation; poolers refuse start-up parameters with it
}};

struct KnownClass {
  std::string_view prefix;
  Failure failure;
};

constexpr std::array<KnownClass, 4> known_classes{{
    {"22", Failure::invalid_value},
    {"23", Failure::check_violation},
    {"28", Failure::authentication},
    {"P0", Failure::raised},
}};

// Classes of errcodes.txt that are PostgreSQL's own.
constexpr std::array<std::string_view, 39> own_classes{
    "00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "20",
    "21", "24", "25", "26", "27", "2B", "2D", "2F", "34", "38", "39", "3B", "3D",
    "3F", "40", "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "XX"};

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  return text;
}

bool is_sqlstate(std::string_view text) {
  return text.size() == 5 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

// "…: FATAL:  28P01: password authentication failed …": where the code begins. The severity is in the
// server's language, so only the shape around the code is looked at.
std::size_t find_sqlstate(std::string_view message) {
  for (std::size_t at = message.find(":  "); at != std::string_view::npos; at = message.find(":  ", at + 1)) {
    const std::size_t begin = at + 3;
    if (is_sqlstate(message.substr(begin, 5)) && message.substr(begin + 5, 2) == ": ") return begin;
  }
  return std::string_view::npos;
}

std::string* field_of(DatabaseError& error, char code) {
  switch (code) {
    case 'C':
      return &error.sqlstate;
    case 'M':
      return &error.message;
    case 'D':
      return &error.detail;
    case 'H':
      return &error.hint;
    case 's':
      return &error.schema;
    case 't':
      return &error.table;
    case 'c':
      return &error.column;
    case 'n':
      return &error.constraint;
    default:
      return nullptr;
  }
}

// PostgreSQL names the column of this failure in its text alone: `column "total" can only be updated to
// DEFAULT`. Empty when a translated text has other quotes.
std::string quoted_name(std::string_view text) {
  const std::size_t begin = text.find('"');
  const std::size_t end = text.rfind('"');
  return begin == end ? std::string() : std::string(text.substr(begin + 1, end - begin - 1));
}

}  // namespace

Failure classify(std::string_view sqlstate) {
  for (const Known& known : known_states)
    if (known.sqlstate == sqlstate) return known.failure;
  for (const KnownClass& known : known_classes)
    if (sqlstate.starts_with(known.prefix)) return known.failure;
  if (!is_sqlstate(sqlstate)) return Failure::other;
  return std::ranges::find(own_classes, sqlstate.substr(0, 2)) == own_classes.end() ? Failure::raised
                                                                                    : Failure::other;
}

// Fields are a letter and a text that ends in NUL (protocol, "Error and Notice Message Fields").
DatabaseError error_of(std::string_view body) {
  DatabaseError error;
  while (!body.empty() && body.front() != '\0') {
    const char code = body.front();
    body.remove_prefix(1);
    const std::string_view text = body.substr(0, body.find('\0'));
    body.remove_prefix(std::min(text.size() + 1, body.size()));
    if (std::string* field = field_of(error, code)) *field = text;
    if (code == 'P') std::from_chars(text.data(), text.data() + text.size(), error.position);
  }
  error.failure = classify(error.sqlstate);
  if (error.failure == Failure::generated_column && error.column.empty())
    error.column = quoted_name(error.message);
  return error;
}

DatabaseError connect_error(std::string_view message) {
  DatabaseError error{.failure = Failure::unreachable};
  if (const std::size_t at = find_sqlstate(message); at != std::string_view::npos) {
    error.sqlstate = message.substr(at, 5);
    error.failure = classify(error.sqlstate);
    if (error.failure == Failure::connection_lost) error.failure = Failure::unreachable;
    const std::string_view text = message.substr(at + 7);
    error.message = trim(text.substr(0, text.find("\nLOCATION:")));
    return error;
  }
  error.message = trim(message);
  if (message.find("password") != std::string_view::npos) error.failure = Failure::authentication;
  return error;
}

DatabaseError lost_error(std::string_view message) {
  return {.failure = Failure::connection_lost, .message = std::string(trim(message))};
}

}  // namespace tenon::sql::postgres
