// Percent-decoding of query strings, as HTML forms and URLSearchParams write them ('+' is a space).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::net {

struct QueryParameter {
  std::string name;
  std::string value;
  friend bool operator==(const QueryParameter&, const QueryParameter&) = default;
};

// nullopt when a '%' is not followed by two hexadecimal digits.
std::optional<std::string> decode_query_text(std::string_view encoded);

// The name=value pairs between '&', in order; a pair without '=' has an empty value, an empty pair is
// skipped. nullopt when one cannot be decoded or there are more than `parameters_max`.
std::optional<std::vector<QueryParameter>> decode_query(std::string_view query,
                                                        std::size_t parameters_max = 64);

}  // namespace tenon::net
