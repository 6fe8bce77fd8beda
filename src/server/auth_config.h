// [auth] of tenon.toml as a value, references not yet resolved (trust_of does that), and what becomes of it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "identity/trust.h"
#include "server/reference.h"

namespace tenon::server {

struct Project;

// [[auth.api_keys]]
struct ApiKeyConfig {
  std::string name;
  std::string place;  // file:line:column of its section
  std::optional<Reference> key;
  std::string sha256;                            // hexadecimal; instead of `key`
  std::optional<std::chrono::sys_days> expires;  // the last day it is good, in UTC
  friend bool operator==(const ApiKeyConfig&, const ApiKeyConfig&) = default;
};

// [auth.user_pools], [auth.oidc.NAME]
struct IssuerConfig {
  policy::Provider provider = policy::Provider::oidc;
  std::string place;
  std::string issuer;
  std::string audience;   // a regular expression, or empty
  std::string client_id;  // the same
  std::vector<std::string> token_use;
  std::optional<std::string> jwks_url;
  std::chrono::milliseconds clock_skew{30'000};
  std::optional<std::chrono::milliseconds> age_max;
  std::optional<std::chrono::milliseconds> sign_in_age_max;
  std::optional<Reference> ca;
  friend bool operator==(const IssuerConfig&, const IssuerConfig&) = default;
};

// [auth.function]
struct AuthorizerConfig {
  std::string place;
  std::string url;
  std::chrono::milliseconds ttl{300'000};
  std::chrono::milliseconds timeout{5'000};
  std::optional<Reference> ca;
  friend bool operator==(const AuthorizerConfig&, const AuthorizerConfig&) = default;
};

// [auth.services.NAME]
struct ServiceConfig {
  std::string name;
  std::string place;
  std::string access_key_id;
  std::optional<Reference> secret;
  std::optional<Reference> session_token;
  identity::ServiceOptions::Role role = identity::ServiceOptions::Role::unrestricted;
  friend bool operator==(const ServiceConfig&, const ServiceConfig&) = default;
};

struct AuthConfig {
  std::vector<ApiKeyConfig> api_keys;
  std::vector<IssuerConfig> issuers;
  std::optional<AuthorizerConfig> authorizer;
  std::vector<ServiceConfig> services;
  bool guests = false;
  friend bool operator==(const AuthConfig&, const AuthConfig&) = default;
};

// Everything that lets somebody in: [auth], and `[api] keys`, which are called 1, 2 … in their order. TN1001
// and TN1002 name the first thing wrong, with its place.
base::Result<identity::TrustOptions> trust_of(const Project& project);

}  // namespace tenon::server
