#include <charconv>
#include <chrono>
#include <string>
#include <string_view>

#include "migrate/compare.h"

namespace tenon::migrate {

namespace {

// Reads numbers and signs from the front of a text.
class MomentReader {
 public:
  explicit MomentReader(std::string_view text) : rest_(text) {}

  std::optional<int> number(std::size_t digits_least, std::size_t digits_most) {
    std::size_t count = 0;
    while (count < rest_.size() && count < digits_most && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    if (count < digits_least) return std::nullopt;
    int value = 0;
    std::from_chars(rest_.data(), rest_.data() + count, value);
    rest_.remove_prefix(count);
    return value;
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void blanks() {
    while (take(' ')) continue;
  }
  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

constexpr std::int64_t second = 1'000'000;

// hh:mm[:ss[.ffffff]]
std::optional<std::int64_t> time_of_day(MomentReader& reader) {
  const std::optional<int> hours = reader.number(2, 2);
  if (!hours || !reader.take(':')) return std::nullopt;
  const std::optional<int> minutes = reader.number(2, 2);
  if (!minutes) return std::nullopt;
  std::int64_t micros = (*hours * 3600LL + *minutes * 60LL) * second;
  if (!reader.take(':')) return micros;
  const std::optional<int> seconds = reader.number(2, 2);
  if (!seconds) return std::nullopt;
  micros += *seconds * second;
  if (!reader.take('.')) return micros;
  const std::size_t before = reader.rest().size();
  const std::optional<int> fraction = reader.number(1, 6);
  if (!fraction) return std::nullopt;
  std::int64_t scaled = *fraction;
  for (std::size_t digits = before - reader.rest().size(); digits < 6; ++digits) scaled *= 10;
  reader.number(0, 9);
  return micros + scaled;
}

// Z, +hh, +hhmm, +hh:mm or nothing.
std::optional<std::int64_t> zone_offset(MomentReader& reader) {
  reader.blanks();
  if (reader.done() || reader.take('Z') || reader.take('z')) return 0;
  const bool negative = reader.take('-');
  if (!negative && !reader.take('+')) return std::nullopt;
  const std::optional<int> hours = reader.number(2, 2);
  if (!hours) return std::nullopt;
  reader.take(':');
  const int minutes = reader.number(2, 2).value_or(0);
  const std::int64_t offset = (*hours * 3600LL + minutes * 60LL) * second;
  return negative ? -offset : offset;
}

}  // namespace

std::optional<std::int64_t> moment_of(std::string_view text) {
  MomentReader reader(text);
  std::int64_t days = 0;
  if (text.size() >= 10 && text[4] == '-') {
    const std::optional<int> year = reader.number(4, 4);
    const bool dash = reader.take('-');
    const std::optional<int> month = reader.number(2, 2);
    const bool second_dash = reader.take('-');
    const std::optional<int> day = reader.number(2, 2);
    if (!year || !dash || !month || !second_dash || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    days = std::chrono::sys_days(date).time_since_epoch().count();
    if (reader.done()) return days * 86'400 * second;
    if (!reader.take('T')) reader.blanks();
  }
  const std::optional<std::int64_t> time = time_of_day(reader);
  if (!time) return std::nullopt;
  const std::optional<std::int64_t> offset = zone_offset(reader);
  if (!offset || !reader.done()) return std::nullopt;
  return days * 86'400 * second + *time - *offset;
}

std::string plain_number(std::string_view text) {
  std::string number(text);
  if (number.find_first_not_of("0123456789.-+") != std::string::npos) return number;
  if (number.starts_with('+')) number.erase(0, 1);
  const bool negative = number.starts_with('-');
  if (negative) number.erase(0, 1);
  if (number.contains('.')) {
    while (number.ends_with('0')) number.pop_back();
    if (number.ends_with('.')) number.pop_back();
  }
  while (number.size() > 1 && number[0] == '0' && number[1] != '.') number.erase(0, 1);
  if (number.starts_with('.')) number.insert(0, "0");
  return negative && number != "0" ? "-" + number : number;
}

}  // namespace tenon::migrate
