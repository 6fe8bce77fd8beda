#include "api/plan/page_token.h"

#include "base/base64.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "graphql/json.h"

namespace tenon::api {

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
  return base::encode_base64url(json);
}

std::optional<PageToken> decode_page_token(std::string_view text) {
  if (text.size() > base::page_token_bytes_max) return std::nullopt;
  const auto bytes = base::decode_base64url(text);
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
