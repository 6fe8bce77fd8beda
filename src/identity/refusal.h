// Why a credential was refused. Clients are told one thing for all of it; the log gets the cause.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace tenon::identity {

enum class Refusal : std::uint8_t {
  credential_missing,
  credential_ambiguous,  // a header given twice
  mode_off,              // a credential of a kind that is not configured
  key_unknown,
  key_expired,
  token_malformed,  // no JWS in compact form of JSON objects, a member twice, too long
  issuer_unknown,
  algorithm_refused,  // none, HS256 …, or not that of the key
  signing_key_unknown,
  keys_unavailable,  // none of the issuer's keys could be fetched so far
  signature_wrong,
  token_expired,
  token_not_yet_valid,
  token_too_old,  // since iat or auth_time
  audience_wrong,
  client_wrong,
  token_use_wrong,
  authorizer_refused,
  authorizer_failed,  // no answer in time, or none that can be understood
  signed_request_malformed,
  access_key_unknown,
  session_token_wrong,
  date_wrong,  // too far from now, or not that of the scope
};
inline constexpr std::size_t refusal_count = 23;

// For logs: "token expired".
std::string_view cause(Refusal refusal);

template <class T>
using Checked = std::expected<T, Refusal>;

}  // namespace tenon::identity
