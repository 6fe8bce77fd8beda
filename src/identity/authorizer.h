// The custom authorizer of [auth.function]: an HTTP service of the owner's own that says yes or no to a
// token, with the request and answer of AppSync's Lambda authorizers.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "identity/refusal.h"
#include "net/http_client.h"
#include "policy/principal.h"

namespace tenon::identity {

struct AuthorizerOptions {
  net::HttpUrl url;
  net::TlsTrust trust;
  std::chrono::seconds ttl{300};  // of a verdict that does not say so itself; 0: none is kept
  std::chrono::milliseconds timeout{5'000};
};

struct AuthorizerVerdict {
  Checked<std::shared_ptr<const policy::Principal>> verdict;
  std::chrono::seconds ttl{0};  // 0: not to be kept
};

// The body of its answer: {isAuthorized, resolverContext, deniedFields, ttlOverride}. Anything else is
// authorizer_failed, which is never kept.
AuthorizerVerdict read_verdict(std::string_view body, std::chrono::seconds default_ttl);

// The body of the request to it: {authorizationToken, requestContext: {requestId, queryString, operationName,
// variables, …}}.
std::string authorizer_request(std::string_view token, const net::Request& request);

boost::asio::awaitable<AuthorizerVerdict> ask_authorizer(const AuthorizerOptions& options,
                                                         std::string_view token, const net::Request& request);

}  // namespace tenon::identity
