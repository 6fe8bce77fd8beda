// Media types and content negotiation (RFC 9110, sections 8.3 and 12.5).
#pragma once

#include <optional>
#include <string_view>

namespace tenon::net {

// "type/subtype" of a Content-Type header, as written, and its charset parameter without quotes; both empty
// when absent.
struct ContentType {
  std::string_view essence;
  std::string_view charset;
};
ContentType parse_content_type(std::string_view header);

// The weight an Accept header gives to `type` ("application/json"): that of the most specific range that
// covers it, 0 to 1000; 0 when none does. An empty header accepts everything.
int accept_quality(std::string_view accept, std::string_view type);

// Whether an Accept header names `type` itself, not only by a wildcard, with a weight above zero.
bool accept_names(std::string_view accept, std::string_view type);

// The weight of a token in a list such as Accept-Encoding; nullopt when it is not listed.
std::optional<int> quality_of_token(std::string_view header, std::string_view token);

}  // namespace tenon::net
