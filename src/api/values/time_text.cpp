#include "api/values/time_text.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/json_writer.h"

namespace tenon::api {

namespace {

using base::is_digit;

constexpr std::int64_t day_seconds = 86'400;

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back; year 0 is 1 BC. Counted in
// eras of 400 years that begin in March, so that the leap day ends a year.
constexpr std::int64_t era_days = 146'097;
constexpr std::int64_t epoch_days = 719'468;  // from 0000-03-01 to 1970-01-01

struct Date {
  std::int64_t year = 0;
  std::int64_t month = 0;
  std::int64_t day = 0;
};

constexpr std::int64_t days_from_date(const Date& date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (date.month + 9) % 12;  // March is 0
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  return era * era_days + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - epoch_days;
}

constexpr Date date_from_days(std::int64_t days) {
  days += epoch_days;
  const std::int64_t era = (days >= 0 ? days : days - era_days + 1) / era_days;
  const std::int64_t day = days - era * era_days;
  const std::int64_t year = (day - day / 1460 + day / 36'524 - day / 146'096) / 365;
  const std::int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  return {.year = year + era * 400 + (month >= 10 ? 1 : 0),
          .month = month < 10 ? month + 3 : month - 9,
          .day = day_of_year - (153 * month + 2) / 5 + 1};
}

static_assert(days_from_date({1970, 1, 1}) == 0 && days_from_date({2000, 3, 1}) == 11'017);
static_assert(date_from_days(11'016).month == 2 && date_from_days(11'016).day == 29);

constexpr std::int64_t month_days(std::int64_t year, std::int64_t month) {
  if (month == 2) return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Reads from the front of a text.
struct Cursor {
  std::string_view rest;

  bool take(char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
  }
  // Between `least` and `most` digits, as a number.
  bool number(std::size_t least, std::size_t most, std::int64_t& value) {
    std::size_t count = 0;
    value = 0;
    while (count < most && count < rest.size() && is_digit(rest[count]))
      value = value * 10 + (rest[count++] - '0');
    rest.remove_prefix(count);
    return count >= least;
  }
};

struct Time {
  std::int64_t seconds = 0;   // since midnight, 86400 for 24:00
  std::string_view fraction;  // ".5", or empty
};

struct Offset {
  std::int64_t seconds = 0;  // east of UTC
  bool given = false;
};

bool read_date(Cursor& at, Date& date) {
  constexpr std::size_t year_digits_max = 7;  // PostgreSQL's last year is 5874897
  const bool negative = at.take('-');
  if (!at.number(4, year_digits_max, date.year) || !at.take('-')) return false;
  if (negative) date.year = -date.year;
  return at.number(2, 2, date.month) && at.take('-') && at.number(2, 2, date.day);
}

// Whether the month has that day. Separate from reading because " BC" at the end moves the year.
bool is_real(const Date& date) {
  return date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= month_days(date.year, date.month);
}

bool read_time(Cursor& at, Time& time) {
  constexpr std::size_t fraction_digits_max = 9;
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  if (!at.number(2, 2, hours) || !at.take(':') || !at.number(2, 2, minutes)) return false;
  if (at.take(':')) {
    if (!at.number(2, 2, seconds)) return false;
    const std::string_view from = at.rest;
    std::int64_t digits = 0;
    if (at.take('.')) {
      if (!at.number(1, fraction_digits_max, digits)) return false;
      time.fraction = from.substr(0, from.size() - at.rest.size());
    }
    if (hours == 24 && digits != 0) return false;
  }
  if (hours > 24 || minutes > 59 || seconds > 60) return false;  // 60: a leap second
  time.seconds = hours * 3600 + minutes * 60 + seconds;
  return time.seconds <= day_seconds;
}

bool read_offset(Cursor& at, Offset& offset) {
  if (at.take('Z') || at.take('z')) {
    offset.given = true;
    return true;
  }
  const bool west = at.rest.starts_with('-');
  if (!west && !at.rest.starts_with('+')) return true;
  at.rest.remove_prefix(1);
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  if (!at.number(2, 2, hours)) return false;
  if (at.take(':')) {
    if (!at.number(2, 2, minutes)) return false;
    if (at.take(':') && !at.number(2, 2, seconds)) return false;
  }
  if (hours > 15 || minutes > 59 || seconds > 59) return false;  // as PostgreSQL
  offset.given = true;
  offset.seconds = (hours * 3600 + minutes * 60 + seconds) * (west ? -1 : 1);
  return true;
}

// Takes a final " BC" and moves the year accordingly; false when the year cannot be one BC.
bool read_era(Cursor& at, Date& date) {
  if (at.rest != " BC") return true;
  at.rest = {};
  if (date.year < 1) return false;
  date.year = 1 - date.year;
  return true;
}

// Zero as year is 1 BC to ISO 8601 and nothing to PostgreSQL.
std::int64_t shown_year(const Date& date) { return date.year > 0 ? date.year : 1 - date.year; }
std::string_view era(const Date& date) { return date.year > 0 ? "" : " BC"; }

std::string clock_text(const Time& time) {
  return fmt::format("{:02}:{:02}:{:02}{}", time.seconds / 3600, time.seconds / 60 % 60, time.seconds % 60,
                     time.fraction);
}

std::string offset_text(std::int64_t seconds) {
  const std::int64_t size = seconds < 0 ? -seconds : seconds;
  std::string text = fmt::format("{}{:02}", seconds < 0 ? '-' : '+', size / 3600);
  if (size % 3600 != 0) text += fmt::format(":{:02}", size / 60 % 60);
  if (size % 60 != 0) text += fmt::format(":{:02}", size % 60);
  return text;
}

bool is_infinity(std::string_view text) { return text == "infinity" || text == "-infinity"; }

// PostgreSQL's usual `YYYY-MM-DD hh:mm:ss…`, as opposed to infinity, long years and years BC.
bool is_common(std::string_view text) {
  return text.size() >= 19 && text[10] == ' ' && text[4] == '-' && is_digit(text[0]) && text.back() != 'C';
}

void append_clock_with_offset(std::string& out, std::string_view text) {
  const std::size_t sign = text.find_first_of("+-");
  if (sign == std::string_view::npos) {
    out += text;
    return;
  }
  const std::string_view offset = text.substr(sign);
  out += text.substr(0, sign);
  if (offset == "+00") {
    out += 'Z';
    return;
  }
  out += offset;
  if (offset.size() == 3) out += ":00";
}

}  // namespace

void append_timestamp(std::string& out, std::string_view text) {
  if (!is_common(text)) return base::append_json_string(out, text);
  out += '"';
  out += text.substr(0, 10);
  out += 'T';
  out += text.substr(11);
  out += "Z\"";
}

void append_timestamptz(std::string& out, std::string_view text) {
  if (!is_common(text)) return base::append_json_string(out, text);
  out += '"';
  out += text.substr(0, 10);
  out += 'T';
  append_clock_with_offset(out, text.substr(11));
  out += '"';
}

void append_timetz(std::string& out, std::string_view text) {
  out += '"';
  append_clock_with_offset(out, text);
  out += '"';
}

std::optional<std::string> date_input(std::string_view text) {
  if (is_infinity(text)) return std::string(text);
  Cursor at{text};
  Date date;
  Offset dropped;
  if (!read_date(at, date) || !read_offset(at, dropped) || !read_era(at, date)) return std::nullopt;
  if (!at.rest.empty() || !is_real(date)) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}{}", shown_year(date), date.month, date.day, era(date));
}

std::optional<std::string> time_input(std::string_view text, TimeZone zone) {
  Cursor at{text};
  Time time;
  Offset offset;
  if (!read_time(at, time) || !read_offset(at, offset) || !at.rest.empty()) return std::nullopt;
  if (zone == TimeZone::kept) return clock_text(time) + offset_text(offset.seconds);
  if (offset.seconds != 0) time.seconds = (time.seconds - offset.seconds + 2 * day_seconds) % day_seconds;
  return clock_text(time);
}

std::optional<std::string> timestamp_input(std::string_view text, TimeZone zone) {
  if (is_infinity(text)) return std::string(text);
  Cursor at{text};
  Date date;
  Time time;
  Offset offset;
  if (!read_date(at, date) || !(at.take('T') || at.take('t') || at.take(' '))) return std::nullopt;
  if (!read_time(at, time) || !read_offset(at, offset) || !read_era(at, date)) return std::nullopt;
  if (!at.rest.empty() || !is_real(date)) return std::nullopt;

  const std::int64_t seconds = days_from_date(date) * day_seconds + time.seconds - offset.seconds;
  const std::int64_t days = (seconds >= 0 ? seconds : seconds - day_seconds + 1) / day_seconds;
  date = date_from_days(days);
  time.seconds = seconds - days * day_seconds;
  return fmt::format("{:04}-{:02}-{:02} {}{}{}", shown_year(date), date.month, date.day, clock_text(time),
                     zone == TimeZone::kept ? "+00" : "", era(date));
}

}  // namespace tenon::api
