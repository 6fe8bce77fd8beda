#include "net/media_type.h"

#include "net/http_message.h"

namespace tenon::net {

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Cuts the text before the next `separator` that is not inside a quoted string off the front of `rest`.
std::string_view next_part(std::string_view& rest, char separator) {
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (quoted && rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && rest[i] == separator) {
      const std::string_view part = rest.substr(0, i);
      rest.remove_prefix(i + 1);
      return trim(part);
    }
  }
  const std::string_view part = rest;
  rest = {};
  return trim(part);
}

// "name=value", the value without its quotes.
Header parse_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {.name = text, .value = {}};
  std::string_view value = trim(text.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  return {.name = trim(text.substr(0, equals)), .value = value};
}

// "0.85" → 850; what is no weight counts as 1.
int parse_quality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 1000;
  if (text[0] == '1' || text.size() < 2 || text[1] != '.') return text[0] == '1' ? 1000 : 0;
  int quality = 0;
  int unit = 100;
  for (const char c : text.substr(2, 3)) {
    if (c < '0' || c > '9') return 1000;
    quality += (c - '0') * unit;
    unit /= 10;
  }
  return quality;
}

struct Range {
  std::string_view name;
  int quality = 1000;
};

// Parameters other than the weight and a charset of UTF-8 ask for something we do not have.
Range parse_range(std::string_view text) {
  Range range{.name = next_part(text, ';')};
  while (!text.empty()) {
    const Header parameter = parse_parameter(next_part(text, ';'));
    if (equal_ignoring_case(parameter.name, "q")) range.quality = parse_quality(parameter.value);
    if (equal_ignoring_case(parameter.name, "charset") && !equal_ignoring_case(parameter.value, "utf-8") &&
        !equal_ignoring_case(parameter.value, "utf8")) {
      range.quality = 0;
    }
  }
  return range;
}

}  // namespace

ContentType parse_content_type(std::string_view header) {
  ContentType type{.essence = next_part(header, ';'), .charset = {}};
  while (!header.empty()) {
    const Header parameter = parse_parameter(next_part(header, ';'));
    if (equal_ignoring_case(parameter.name, "charset")) type.charset = parameter.value;
  }
  return type;
}

int accept_quality(std::string_view accept, std::string_view type) {
  if (trim(accept).empty()) return 1000;
  const std::string_view main_type = type.substr(0, type.find('/') + 1);
  int best_rank = 0;
  int quality = 0;
  while (!accept.empty()) {
    const Range range = parse_range(next_part(accept, ','));
    int rank = 0;
    if (equal_ignoring_case(range.name, type)) {
      rank = 3;
    } else if (range.name.size() == main_type.size() + 1 && range.name.back() == '*' &&
               equal_ignoring_case(range.name.substr(0, main_type.size()), main_type)) {
      rank = 2;
    } else if (range.name == "*/*" || range.name == "*") {
      rank = 1;
    }
    if (rank > best_rank || (rank == best_rank && rank > 0 && range.quality > quality)) {
      best_rank = rank;
      quality = range.quality;
    }
  }
  return quality;
}

bool accept_names(std::string_view accept, std::string_view type) {
  return quality_of_token(accept, type).value_or(0) > 0;
}

std::optional<int> quality_of_token(std::string_view header, std::string_view token) {
  std::optional<int> quality;
  while (!header.empty()) {
    const Range range = parse_range(next_part(header, ','));
    if (equal_ignoring_case(range.name, token) && range.quality >= quality.value_or(0)) {
      quality = range.quality;
    }
  }
  return quality;
}

}  // namespace tenon::net
