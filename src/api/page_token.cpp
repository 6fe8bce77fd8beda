#include "api/page_token.h"

#include <array>
#include <cstdint>

#include "base/json_writer.h"
#include "base/limits.h"
#include "graphql/json.h"

namespace tenon::api {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> make_digits() {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return digits;
}
constexpr std::array<std::int8_t, 256> digits = make_digits();

}  // namespace

std::string base64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8U) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += alphabet[(buffer >> static_cast<unsigned>(bits)) & 63U];
    }
  }
  if (bits > 0) text += alphabet[(buffer << static_cast<unsigned>(6 - bits)) & 63U];
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const std::int8_t digit = digits[static_cast<unsigned char>(c)];
    if (digit < 0) return std::nullopt;
    buffer = (buffer << 6U) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((buffer >> static_cast<unsigned>(bits)) & 255U);
    }
  }
  return bytes;
}

std::string encode(const PageToken& token) {
  std::string json;
  base::JsonWriter writer(json);
  writer.begin_object().member("o", token.ordering).key("v").begin_array();
  for (const auto& value : token.values) {
    if (value)
      writer.string(*value);
    else
      writer.null();
  }
  writer.end_array().end_object();
  return base64url(json);
}

std::optional<PageToken> decode_page_token(std::string_view text) {
  if (text.size() > base::page_token_bytes_max) return std::nullopt;
  const auto bytes = from_base64url(text);
  if (!bytes) return std::nullopt;
  const auto json = graphql::parse_json(*bytes);
  if (!json) return std::nullopt;
  const graphql::JsonValue root(*json);
  const graphql::JsonValue ordering = root.member("o");
  const graphql::JsonValue values = root.member("v");
  if (!ordering || ordering.kind() != graphql::JsonKind::string || !values ||
      values.kind() != graphql::JsonKind::array)
    return std::nullopt;
  PageToken token{.ordering = std::string(ordering->text), .values = {}};
  for (const graphql::JsonValue value : values) {
    if (value.is_null())
      token.values.emplace_back(std::nullopt);
    else if (value.kind() == graphql::JsonKind::string)
      token.values.emplace_back(std::string(value->text));
    else
      return std::nullopt;
  }
  return token;
}

}  // namespace tenon::api
