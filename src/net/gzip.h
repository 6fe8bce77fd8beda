// gzip of whole response bodies (RFC 1952).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tenon::net {

// Level 1: what costs least; JSON still shrinks to about a fifth.
std::string gzip(std::string_view bytes);

// nullopt when `bytes` is not one whole gzip member or holds more than `size_max` bytes.
std::optional<std::string> gunzip(std::string_view bytes, std::size_t size_max);

// Whether an Accept-Encoding header admits gzip (RFC 9110, section 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace tenon::net
