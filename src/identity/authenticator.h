// From a request's credential to the principal that rules are about. The kind of the credential is chosen as
// AppSync does: the header x-api-key; else `authorization`, which is a signature, a token of a known issuer,
// or the custom authorizer's; else nobody, or a guest.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "identity/trust.h"
#include "identity/verdict_cache.h"

namespace tenon::identity {

// One for each worker.
class Authenticator {
 public:
  // `trust` outlives it.
  explicit Authenticator(const Trust& trust) : trust_(trust) {}

  // The request's views need to be valid until it has answered.
  boost::asio::awaitable<Verdict> authenticate(const net::Request& request);

 private:
  boost::asio::awaitable<Verdict> by_text(std::string_view authorization, const net::Request& request,
                                          SystemClock::time_point now);
  boost::asio::awaitable<Verdict> by_token(const Issuer& issuer, const Token& token,
                                           const VerdictCache::Key& key, SystemClock::time_point now);
  boost::asio::awaitable<Verdict> by_authorizer(std::string_view text, const net::Request& request,
                                                const VerdictCache::Key& key, SystemClock::time_point now);
  Verdict by_signature(std::string_view authorization, const net::Request& request,
                       SystemClock::time_point now) const;

  const Trust& trust_;
  VerdictCache cache_;
};

}  // namespace tenon::identity
