// Requests that are signed with AWS Signature Version 4 for the service appsync, as Amplify's clients and own
// services do (mode iam).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "identity/refusal.h"
#include "identity/token.h"
#include "net/http_message.h"

namespace tenon::identity {

// The authorization header: AWS4-HMAC-SHA256 Credential=…/date/region/service/aws4_request, SignedHeaders=…,
// Signature=…
struct SignatureHeader {
  std::string_view access_key;
  std::string_view date;  // YYYYMMDD
  std::string_view region;
  std::string_view service;
  std::string_view scope;                        // <date>/<region>/<service>/aws4_request
  std::vector<std::string_view> signed_headers;  // lower case, in order
  std::string_view signed_headers_text;
  std::string_view signature;  // hexadecimal
};

bool is_signature(std::string_view authorization);
Checked<SignatureHeader> parse_signature(std::string_view authorization);

// Without the secret: whether the header is about this request, and its date is near `now`. host and the date
// must be among the signed headers.
Checked<void> check_signed_request(const SignatureHeader& header, const net::Request& request,
                                   SystemClock::time_point now);

// The text that is signed, of the request as it arrived: its method, path, query, signed headers and body.
std::string string_to_sign(const SignatureHeader& header, const net::Request& request);

// Compares in constant time.
bool signature_fits(const SignatureHeader& header, const net::Request& request, std::string_view secret);

}  // namespace tenon::identity
