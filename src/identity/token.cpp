#include "identity/token.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <boost/json/array.hpp>

#include "base/base64.h"
#include "base/limits.h"

namespace tenon::identity {

namespace {

using graphql::JsonKind;
using graphql::JsonValue;
using std::chrono::seconds;

// Readers of JSON differ in which of two members of one name counts; such a token counts for nobody.
bool has_member_twice(JsonValue value) {
  if (value.kind() != JsonKind::object && value.kind() != JsonKind::array) return false;
  std::set<std::string_view> names;
  for (const JsonValue member : value) {
    if (value.kind() == JsonKind::object && !names.insert(member->key).second) return true;
    if (has_member_twice(member)) return true;  // no deeper than base::json_depth_max
  }
  return false;
}

std::optional<graphql::Json> object_of(std::string_view part) {
  const auto bytes = base::decode_base64url(part);
  if (!bytes) return std::nullopt;
  auto json = graphql::parse_json(*bytes);
  if (!json || (*json)[0].kind != JsonKind::object || has_member_twice(JsonValue(*json))) return std::nullopt;
  return *std::move(json);
}

std::string_view claim_text(JsonValue object, std::string_view name) {
  const JsonValue member = object.member(name);
  return member && member.kind() == JsonKind::string ? member->text : std::string_view();
}

// NumericDate: seconds since 1970, perhaps with a fraction. nullopt when absent; far away when it is no date.
struct Date {
  bool given = false;
  bool valid = false;
  SystemClock::time_point time;
};

Date date_of(JsonValue payload, std::string_view name) {
  constexpr double year_9999 = 253'402'300'799.0;
  const JsonValue member = payload.member(name);
  if (!member) return {};
  double value = -1;
  if (member.kind() == JsonKind::number)
    std::from_chars(member->text.data(), member->text.data() + member->text.size(), value);
  if (!std::isfinite(value) || value < 0 || value > year_9999) return {.given = true};
  const std::chrono::sys_seconds time(seconds(static_cast<std::int64_t>(value)));
  return {.given = true, .valid = true, .time = std::min<std::chrono::sys_seconds>(time, far_future)};
}

template <class Test>
bool any_text(JsonValue value, Test test) {
  if (!value) return false;
  if (value.kind() == JsonKind::string) return test(value->text);
  if (value.kind() != JsonKind::array) return false;
  for (const JsonValue member : value)
    if (member.kind() == JsonKind::string && test(member->text)) return true;
  return false;
}

bool client_fits(const Pattern& pattern, JsonValue payload) {
  const auto fits = [&](std::string_view text) { return pattern.matches(text); };
  for (const std::string_view name : {"client_id", "azp"})
    if (const JsonValue client = payload.member(name))
      return client.kind() == JsonKind::string && fits(client->text);
  return any_text(payload.member("aud"), fits);
}

}  // namespace

std::string_view Token::issuer() const { return claim_text(JsonValue(payload), "iss"); }

Checked<Token> parse_token(std::string_view text) {
  const std::unexpected malformed(Refusal::token_malformed);
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (text.size() > base::token_bytes_max || second == std::string_view::npos ||
      text.find('.', second + 1) != std::string_view::npos)
    return malformed;
  const auto header = object_of(text.substr(0, first));
  auto payload = object_of(text.substr(first + 1, second - first - 1));
  auto signature = base::decode_base64url(text.substr(second + 1));
  if (!header || !payload || !signature) return malformed;
  const JsonValue members(*header);
  if (members.member("crit") || members.member("b64")) return malformed;
  Token token{.algorithm = parse_algorithm(claim_text(members, "alg")),
              .payload = *std::move(payload),
              .text = text.substr(0, second),
              .signature = *std::move(signature)};
  if (const JsonValue id = members.member("kid")) {
    if (id.kind() != JsonKind::string || id->text.size() > base::token_name_bytes_max) return malformed;
    token.key_id = id->text;
  }
  return token;
}

Checked<SystemClock::time_point> check_claims(const TokenRules& rules, JsonValue payload,
                                              SystemClock::time_point now) {
  const Date expires = date_of(payload, "exp");
  const Date begins = date_of(payload, "nbf");
  const Date issued = date_of(payload, "iat");
  const Date signed_in = date_of(payload, "auth_time");
  for (const Date& date : {expires, begins, issued, signed_in})
    if (date.given && !date.valid) return std::unexpected(Refusal::token_malformed);
  if (claim_text(payload, "iss") != rules.issuer) return std::unexpected(Refusal::issuer_unknown);
  if (!expires.given) return std::unexpected(Refusal::token_expired);
  SystemClock::time_point end = expires.time + rules.clock_skew;
  if (now >= end) return std::unexpected(Refusal::token_expired);
  for (const Date& date : {begins, issued})
    if (date.given && now + rules.clock_skew < date.time)
      return std::unexpected(Refusal::token_not_yet_valid);
  const auto limit_age = [&](const std::optional<seconds>& age_max, const Date& since) {
    if (age_max) end = std::min(end, since.given ? since.time + *age_max + rules.clock_skew : now);
  };
  limit_age(rules.age_max, issued);
  limit_age(rules.sign_in_age_max, signed_in);
  if (now >= end) return std::unexpected(Refusal::token_too_old);
  if (rules.audience &&
      !any_text(payload.member("aud"), [&](std::string_view text) { return rules.audience->matches(text); }))
    return std::unexpected(Refusal::audience_wrong);
  if (rules.client_id && !client_fits(*rules.client_id, payload))
    return std::unexpected(Refusal::client_wrong);
  if (!rules.token_use.empty() &&
      std::ranges::find(rules.token_use, claim_text(payload, "token_use")) == rules.token_use.end())
    return std::unexpected(Refusal::token_use_wrong);
  return end;
}

namespace {

boost::json::value claim_number(std::string_view text) {
  const char* end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc{} && read.ptr == end)
    return whole;
  double number = 0;
  std::from_chars(text.data(), end, number);
  return number;
}

boost::json::value value_of(JsonValue value) {
  switch (value.kind()) {
    case JsonKind::null:
      return nullptr;
    case JsonKind::boolean:
      return value->text == "true";
    case JsonKind::number:
      return claim_number(value->text);
    case JsonKind::string:
      return boost::json::string(value->text);
    case JsonKind::object:
      return claims_of(value);
    case JsonKind::array:
      break;
  }
  boost::json::array members;
  for (const JsonValue member : value) members.push_back(value_of(member));
  return members;
}

}  // namespace

boost::json::object claims_of(JsonValue object) {
  boost::json::object claims;
  for (const JsonValue member : object) claims.insert_or_assign(member->key, value_of(member));
  return claims;
}

}  // namespace tenon::identity
