// The opaque text by which a client asks for the next page: the order values of the last row seen, and which
// ordering they belong to. base64url of {"o": ordering, "v": [text or null, …]}.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::api {

struct PageToken {
  std::string ordering;
  std::vector<std::optional<std::string>> values;
};

// What a client is told about a token that is none, or belongs to another list or ordering.
inline constexpr std::string_view page_token_message =
    "nextToken does not belong to this list in this order; start again without it";

std::string encode(const PageToken& token);

// nullopt when the text is no token that `encode` made.
std::optional<PageToken> decode_page_token(std::string_view text);

}  // namespace tenon::api
