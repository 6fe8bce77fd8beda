// A JSON Web Token (RFC 7519) as an issuer signs it: taken apart, and its claims compared with what the
// configuration asks of that issuer. The signature is public_key.h's.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "graphql/json.h"
#include "identity/pattern.h"
#include "identity/public_key.h"
#include "identity/refusal.h"
#include "policy/rule.h"

namespace tenon::identity {

using SystemClock = std::chrono::system_clock;
// Later times are taken for this one: the clock counts nanoseconds, and ends in 2262.
inline constexpr std::chrono::sys_days far_future = std::chrono::January / 1 / 2200;

// JWS in compact form. Of its header, only the algorithm and the key's id are looked at: keys that a token
// brings along or points to (jwk, jku, x5u …) are never used.
struct Token {
  std::optional<Algorithm> algorithm;  // none: one that is refused
  std::optional<std::string> key_id;
  graphql::Json payload;  // an object
  std::string_view text;  // what is signed; a view into what was parsed
  std::string signature;  // bytes
  std::string_view issuer() const;
};

// token_malformed for everything but three parts of base64url of which two are JSON objects, without a member
// twice, and without extensions (`crit`).
Checked<Token> parse_token(std::string_view text);

// What is asked of an issuer's tokens.
struct TokenRules {
  policy::Provider provider = policy::Provider::oidc;  // or user_pools
  std::string issuer;                                  // exactly the claim `iss`
  std::optional<Pattern> audience;                     // some `aud`
  std::optional<Pattern> client_id;                    // client_id, else azp, else some `aud`
  std::vector<std::string> token_use;                  // one of these; empty: not asked
  std::chrono::seconds clock_skew{30};
  std::optional<std::chrono::seconds> age_max;          // since `iat`
  std::optional<std::chrono::seconds> sign_in_age_max;  // since `auth_time`
};

// Until when the token is good.
Checked<SystemClock::time_point> check_claims(const TokenRules& rules, graphql::JsonValue payload,
                                              SystemClock::time_point now);

// The payload as claims. Whole numbers of 64 bits stay exact.
boost::json::object claims_of(graphql::JsonValue object);

}  // namespace tenon::identity
