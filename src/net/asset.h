// Files that are part of the program, served with an ETag.
#pragma once

#include <string>
#include <string_view>

#include "net/http_message.h"

namespace tenon::net {

struct Asset {
  std::string_view content_type;
  std::string_view gzipped;  // the content as one gzip member; outlives the server
  std::string etag;          // with its quotes, see etag_of
};

// A strong validator made of the content's hash.
std::string etag_of(std::string_view content);

// Answers GET and HEAD: 304 when the client has it already. Who does not accept gzip gets it unpacked.
Response serve_asset(const Request& request, const Asset& asset);

// Whether an If-None-Match header names `etag` (RFC 9110, section 13.1.2).
bool none_match_names(std::string_view if_none_match, std::string_view etag);

}  // namespace tenon::net
