#include "psl/check/literal_text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>

#include "base/ascii.h"

namespace tenon::psl {

namespace {

using base::is_digit;

// Reads a date and time of RFC 3339 from left to right; the first thing that is wrong is the problem.
class DateTimeReader {
 public:
  explicit DateTimeReader(std::string_view text) : rest_(text) {}

  std::string_view run() {
    const int year = number(4, 0, 9999);
    expect("-");
    const int month = number(2, 1, 12);
    expect("-");
    const int day = number(2, 1, 31);
    expect("Tt ");
    number(2, 0, 23);
    expect(":");
    number(2, 0, 59);
    expect(":");
    number(2, 0, 60);
    fraction();
    offset();
    if (problem_.empty() && !rest_.empty()) problem_ = "trailing input";
    if (problem_.empty() && !exists(year, month, day)) problem_ = out_of_range;
    return problem_;
  }

 private:
  static constexpr std::string_view too_short = "premature end of input";
  static constexpr std::string_view invalid = "input contains invalid characters";
  static constexpr std::string_view out_of_range = "input is out of range";

  static bool exists(int year, int month, int day) {
    return std::chrono::year_month_day(std::chrono::year(year),
                                       std::chrono::month(static_cast<unsigned>(month)),
                                       std::chrono::day(static_cast<unsigned>(day)))
        .ok();
  }

  int number(std::size_t digits, int least, int most) {
    if (!problem_.empty()) return 0;
    if (rest_.size() < digits) {
      problem_ = too_short;
      return 0;
    }
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (!is_digit(c)) {
        problem_ = invalid;
        return 0;
      }
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    if (value < least || value > most) problem_ = out_of_range;
    return value;
  }

  void expect(std::string_view any) {
    if (!problem_.empty()) return;
    if (rest_.empty())
      problem_ = too_short;
    else if (!any.contains(rest_.front()))
      problem_ = invalid;
    else
      rest_.remove_prefix(1);
  }

  void fraction() {
    if (!problem_.empty() || !rest_.starts_with('.')) return;
    rest_.remove_prefix(1);
    number(1, 0, 9);
    while (problem_.empty() && !rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
  }

  void offset() {
    if (problem_.empty() && (rest_.starts_with('Z') || rest_.starts_with('z'))) {
      rest_.remove_prefix(1);
      return;
    }
    expect("+-");
    const int hours = number(2, 0, 99);
    expect(":");
    number(2, 0, 59);
    if (problem_.empty() && hours > 23) problem_ = out_of_range;
  }

  std::string_view rest_;
  std::string_view problem_;
};

}  // namespace

std::optional<std::string> rfc3339_problem(std::string_view text) {
  const std::string_view problem = DateTimeReader(text).run();
  return problem.empty() ? std::nullopt : std::optional(std::string(problem));
}

std::optional<std::string> integer_problem(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument)
    return "invalid digit found in string";
  if (error == std::errc::result_out_of_range)
    return text.starts_with('-') ? "number too small to fit in target type"
                                 : "number too large to fit in target type";
  return std::nullopt;
}

std::optional<std::string> decimal_problem(std::string_view text) {
  if (text.empty()) return "Failed to parse empty string";
  if (const std::size_t exponent = text.find_first_of("eE"); exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    if (std::optional<std::string> problem = integer_problem(power)) return problem;
    text = text.substr(0, exponent);
  }
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  bool has_digit = false;
  bool has_point = false;
  for (const char c : text) {
    if (c == '.' && !has_point)
      has_point = true;
    else if (is_digit(c))
      has_digit = true;
    else
      return "invalid digit found in string";
  }
  if (!has_digit) return "invalid digit found in string";
  return std::nullopt;
}

}  // namespace tenon::psl
