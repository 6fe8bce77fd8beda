#include "sql/mysql/values.h"

#include <charconv>
#include <cstring>
#include <optional>

#include "base/ascii.h"

namespace tenon::sql::mysql {

namespace {

template <class T>
bool parse_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

using base::is_digit;

std::size_t take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count;
}

void take_sign(std::string_view& text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
}

// [-]digits[.digits][e[-]digits]
bool is_decimal(std::string_view text) {
  take_sign(text);
  std::size_t digits = take_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take_digits(text);
  }
  if (digits == 0) return false;
  if (!text.starts_with('e') && !text.starts_with('E')) return text.empty();
  text.remove_prefix(1);
  take_sign(text);
  return take_digits(text) > 0 && text.empty();
}

// Takes a number of `least` to `most` digits.
bool take_field(std::string_view& text, std::size_t least, std::size_t most, unsigned int& value) {
  std::string_view rest = text;
  const std::size_t digits = take_digits(rest);
  if (digits < least || digits > most || !parse_number(text.substr(0, digits), value)) return false;
  text = rest;
  return true;
}

bool take_char(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, MYSQL_TIME& time) {
  return take_field(text, 4, 4, time.year) && take_char(text, '-') && take_field(text, 2, 2, time.month) &&
         take_char(text, '-') && take_field(text, 2, 2, time.day) && time.month <= 12 && time.day <= 31;
}

// hh:mm:ss[.ffffff], and the end. Digits beyond the sixth are cut: the server knows no finer time.
bool take_clock(std::string_view& text, std::size_t hour_digits, MYSQL_TIME& time) {
  if (!take_field(text, 2, hour_digits, time.hour) || !take_char(text, ':') ||
      !take_field(text, 2, 2, time.minute) || !take_char(text, ':') || !take_field(text, 2, 2, time.second))
    return false;
  if (time.minute > 59 || time.second > 59) return false;
  if (!take_char(text, '.')) return text.empty();
  unsigned long unit = 100'000;
  if (text.empty()) return false;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), unit /= 10)
    time.second_part += static_cast<unsigned long>(text.front() - '0') * unit;
  return text.empty();
}

std::optional<MYSQL_TIME> parse_date(std::string_view text) {
  MYSQL_TIME time{};
  time.time_type = MYSQL_TIMESTAMP_DATE;
  if (!take_date(text, time) || !text.empty()) return std::nullopt;
  return time;
}

std::optional<MYSQL_TIME> parse_datetime(std::string_view text) {
  MYSQL_TIME time{};
  time.time_type = MYSQL_TIMESTAMP_DATETIME;
  if (!take_date(text, time) || (!take_char(text, ' ') && !take_char(text, 'T')) ||
      !take_clock(text, 2, time) || time.hour > 23)
    return std::nullopt;
  return time;
}

std::optional<MYSQL_TIME> parse_time(std::string_view text) {
  MYSQL_TIME time{};
  time.time_type = MYSQL_TIMESTAMP_TIME;
  time.neg = take_char(text, '-') ? 1 : 0;
  if (!take_clock(text, 3, time)) return std::nullopt;
  // The protocol's hours are below 24.
  time.day = time.hour / 24;
  time.hour %= 24;
  return time;
}

DatabaseError not_a(std::string_view what) {
  return {.failure = Failure::invalid_value,
          .sqlstate = "22007",
          .message = "a parameter is not " + std::string(what)};
}

void bind_bytes(MYSQL_BIND& bind, enum_field_types type, std::string_view bytes) {
  bind.buffer_type = type;
  bind.buffer = const_cast<char*>(bytes.data());
  bind.buffer_length = bytes.size();
}

void bind_storage(MYSQL_BIND& bind, enum_field_types type, void* storage, bool is_unsigned = false) {
  bind.buffer_type = type;
  bind.buffer = storage;
  bind.is_unsigned = is_unsigned ? 1 : 0;
}

bool bind_decimal(MYSQL_BIND& bind, std::string_view text) {
  if (!is_decimal(text)) return false;
  bind_bytes(bind, MYSQL_TYPE_NEWDECIMAL, text);
  return true;
}

}  // namespace

DatabaseResult<void> Bindings::bind(std::span<const BoundValue> values) {
  binds_.assign(values.size(), MYSQL_BIND{});
  storage_.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    MYSQL_BIND& bind = binds_[i];
    Storage& storage = storage_[i];
    if (!values[i].text) {
      bind.buffer_type = MYSQL_TYPE_NULL;
      continue;
    }
    const std::string_view text = *values[i].text;
    const auto bind_time = [&](enum_field_types type, const std::optional<MYSQL_TIME>& time) {
      if (!time) return false;
      storage.time = *time;
      bind_storage(bind, type, &storage.time);
      return true;
    };
    switch (values[i].type) {
      case BindType::text:
        bind_bytes(bind, MYSQL_TYPE_STRING, text);
        break;
      case BindType::bytes:
        bind_bytes(bind, MYSQL_TYPE_BLOB, text);
        break;
      case BindType::integer:
      case BindType::unsigned_integer:
        if (text == "true" || text == "false") {
          storage.integer = text == "true" ? 1 : 0;
          bind_storage(bind, MYSQL_TYPE_LONGLONG, &storage.integer);
        } else if (parse_number(text, storage.integer)) {
          bind_storage(bind, MYSQL_TYPE_LONGLONG, &storage.integer);
        } else if (parse_number(text, storage.unsigned_integer)) {
          bind_storage(bind, MYSQL_TYPE_LONGLONG, &storage.unsigned_integer, true);
        } else if (!bind_decimal(bind, text)) {
          return std::unexpected(not_a("an integer"));
        }
        break;
      case BindType::decimal:
        if (!bind_decimal(bind, text)) return std::unexpected(not_a("a decimal number"));
        break;
      case BindType::float64:
        if (!is_decimal(text) || !parse_number(text, storage.float64))
          return std::unexpected(not_a("a number that a float can hold"));
        bind_storage(bind, MYSQL_TYPE_DOUBLE, &storage.float64);
        break;
      case BindType::date:
        if (!bind_time(MYSQL_TYPE_DATE, parse_date(text))) return std::unexpected(not_a("a date"));
        break;
      case BindType::time:
        if (!bind_time(MYSQL_TYPE_TIME, parse_time(text))) return std::unexpected(not_a("a time"));
        break;
      case BindType::datetime:
        if (!bind_time(MYSQL_TYPE_DATETIME, parse_datetime(text)))
          return std::unexpected(not_a("a date and time"));
        break;
    }
  }
  return {};
}

}  // namespace tenon::sql::mysql
