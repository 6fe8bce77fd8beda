// Whose credentials are believed: everything of [auth], resolved, with the keys of its issuers. Made once and
// shared by all workers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/secret.h"
#include "identity/api_keys.h"
#include "identity/authorizer.h"
#include "identity/key_source.h"
#include "identity/token.h"
#include "identity/verdict_cache.h"

namespace tenon::identity {

struct IssuerOptions {
  TokenRules rules;
  std::optional<net::HttpUrl> key_set_url;  // unless given, see KeySourceOptions
  net::TlsTrust trust;
};

// One of the owner's own that signs its requests.
struct ServiceOptions {
  enum class Role : std::uint8_t {
    unrestricted,   // no rule is asked
    authenticated,  // of the identity pool: signed in
    guest,          // … or not
  };
  std::string name;
  std::string access_key;
  base::Secret secret;
  base::Secret session_token;  // empty: the key is a lasting one, and a session token is refused
  Role role = Role::unrestricted;
};

struct TrustOptions {
  std::vector<ApiKey> api_keys;
  std::vector<IssuerOptions> issuers;
  std::optional<AuthorizerOptions> authorizer;
  std::vector<ServiceOptions> services;
  bool guests = false;  // a request without any credential is a guest of the identity pool
  KeySourcePace pace;

  // Whether nobody could be let in.
  bool empty() const {
    return api_keys.empty() && issuers.empty() && !authorizer && services.empty() && !guests;
  }
  // For people: "apiKey, userPools, oidc, function, iam, guests", those that are on.
  std::string modes() const;
};

struct Issuer {
  TokenRules rules;
  std::unique_ptr<KeySource> keys;
};

struct Service {
  ServiceOptions options;
  std::shared_ptr<const policy::Principal> principal;
};

class Trust {
 public:
  // `report` is told on another thread when an issuer's keys cannot be fetched, and when they can again.
  Trust(TrustOptions options, std::function<void(std::string_view issuer, std::string_view problem)> report);
  ~Trust();
  Trust(const Trust&) = delete;
  Trust& operator=(const Trust&) = delete;

  const ApiKeys& api_keys() const { return api_keys_; }
  const Issuer* issuer(std::string_view name) const;
  const Service* service(std::string_view access_key) const;
  const std::optional<AuthorizerOptions>& authorizer() const { return authorizer_; }
  // What it said to any worker.
  SharedVerdicts& authorizer_verdicts() const { return authorizer_verdicts_; }
  // nullptr unless guests are let in.
  const std::shared_ptr<const policy::Principal>& guest() const { return guest_; }

 private:
  ApiKeys api_keys_;
  std::vector<Service> services_;
  std::optional<AuthorizerOptions> authorizer_;
  mutable SharedVerdicts authorizer_verdicts_;
  std::shared_ptr<const policy::Principal> guest_;
  boost::asio::io_context background_{1};
  std::vector<Issuer> issuers_;
  std::thread thread_;  // last: everything above is there when it starts; none without issuers
};

}  // namespace tenon::identity
