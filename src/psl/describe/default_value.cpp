#include "psl/describe/default_value.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/ascii.h"

namespace tenon::psl::describe {

namespace {

using base::is_digit;

std::int64_t integer_value(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double power_of_ten(std::int64_t exponent) {
  double power = 1;
  double factor = 10;
  for (auto rest = static_cast<std::uint64_t>(std::abs(exponent)); rest > 0; rest /= 2, factor *= factor)
    if (rest % 2 == 1) power *= factor;
  return exponent < 0 ? 1 / power : power;
}

void write_scalar(base::JsonWriter& json, Scalar scalar, const std::string& text) {
  switch (scalar) {
    case Scalar::integer:
      json.number(integer_value(text));
      return;
    case Scalar::big_int:
      json.string(std::to_string(integer_value(text)));
      return;
    case Scalar::floating:
    case Scalar::decimal:
      json.number(decimal_value(text));
      return;
    case Scalar::boolean:
      json.boolean(text == "true");
      return;
    case Scalar::date_time:
      json.string(date_time_text(text));
      return;
    case Scalar::string:
    case Scalar::json:
    case Scalar::bytes:
      json.string(text);
      return;
  }
}

void write_function(base::JsonWriter& json, const Expression& function) {
  json.begin_object().member("name", function.text).key("args").begin_array();
  for (const Argument& argument : function.arguments) {
    if (!argument.value) continue;
    if (argument.value->kind == Expression::Kind::number)
      json.number(integer_value(argument.value->text));
    else
      json.string(argument.value->text);
  }
  // Generators of ids name their version also when the schema does not.
  if (function.arguments.empty() && function.text == "uuid") json.number(4);
  if (function.arguments.empty() && function.text == "cuid") json.number(1);
  json.end_array().end_object();
}

void write_value(base::JsonWriter& json, const ScalarField& field, const Expression& value) {
  if (value.kind == Expression::Kind::function) return write_function(json, value);
  if (value.kind == Expression::Kind::array) {
    json.begin_array();
    for (const Expression& item : value.items) write_value(json, field, item);
    json.end_array();
    return;
  }
  if (const std::optional<Scalar> scalar = field.scalar()) return write_scalar(json, *scalar, value.text);
  json.string(value.text);  // an enum value
}

}  // namespace

void write_default(base::JsonWriter& json, const ScalarField& field) {
  write_value(json, field, *field.default_value->value);
}

double decimal_value(std::string_view text) {
  const std::size_t exponent_at = std::min(text.find_first_of("eE"), text.size());
  std::string digits;
  std::int64_t exponent = 0;
  bool is_fraction = false;
  for (const char c : text.substr(0, exponent_at)) {
    if (c == '.') is_fraction = true;
    if (!is_digit(c)) continue;
    digits += c;
    if (is_fraction) --exponent;
  }
  if (exponent_at < text.size()) {
    std::string_view written = text.substr(exponent_at + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    exponent += std::clamp<std::int64_t>(integer_value(written), -10'000, 10'000);
  }
  double whole = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), whole);
  if (whole == 0) return 0;
  const double value = whole * power_of_ten(exponent);
  return text.starts_with('-') ? -value : value;
}

std::string date_time_text(std::string_view text) {
  constexpr std::size_t seconds_end = std::string_view("2020-01-01T00:00:00").size();
  if (text.size() <= seconds_end) return std::string(text);
  std::string out(text.substr(0, seconds_end));
  out[10] = 'T';
  std::string_view rest = text.substr(seconds_end);
  if (rest.starts_with('.')) {
    std::size_t end = 1;
    while (end < rest.size() && is_digit(rest[end])) ++end;
    std::string fraction(rest.substr(1, std::min<std::size_t>(end - 1, 9)));
    fraction.resize(9, '0');
    while (fraction.ends_with("000")) fraction.resize(fraction.size() - 3);
    if (!fraction.empty()) (out += '.') += fraction;
    rest.remove_prefix(end);
  }
  return out + (rest == "Z" || rest == "z" ? std::string("+00:00") : std::string(rest));
}

}  // namespace tenon::psl::describe
