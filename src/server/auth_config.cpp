#include "server/auth_config.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/hash.h"
#include "server/project.h"
#include "server/tls_trust.h"

namespace tenon::server {

namespace {

using base::code::config_invalid;
using std::chrono::seconds;

seconds in_seconds(std::chrono::milliseconds time) { return std::chrono::ceil<seconds>(time); }

std::optional<seconds> in_seconds(const std::optional<std::chrono::milliseconds>& time) {
  if (!time) return std::nullopt;
  return in_seconds(*time);
}

template <class T>
base::Result<T> at(const std::string& place, base::Result<T> result) {
  if (!result && result.error().place.empty()) result.error().place = place;
  return result;
}

// What comes over an open network could be anybody's.
base::Result<net::HttpUrl> trusted_url(std::string_view text, const std::string& place) {
  auto url = at(place, net::parse_http_url(text));
  if (url && !url->tls && !url->is_loopback())
    return base::fail(config_invalid, "http:// is for this machine only.",
                      "write https://; with a certificate of your own, `ca` names its authority", place);
  return url;
}

base::Result<identity::ApiKey> api_key(const Project& project, const ApiKeyConfig& config) {
  std::optional<identity::SystemClock::time_point> expires;
  if (config.expires) expires = std::min(*config.expires + std::chrono::days(1), identity::far_future);
  if (config.key) {
    const auto key = resolve(project, *config.key);
    if (!key) return std::unexpected(key.error());
    return identity::make_api_key(config.name, *key, expires);
  }
  identity::ApiKey key{.name = config.name, .expires = expires};
  const auto hash = base::decode_hex(config.sha256);
  if (!hash || hash->size() != key.sha256.size())
    return base::fail(config_invalid,
                      fmt::format("The API key {} has neither a key nor a SHA-256.", config.name),
                      "write key = \"env:NAME\", or what `tenon auth key create` prints", config.place);
  std::ranges::copy(*hash, key.sha256.begin());
  return key;
}

base::Result<std::optional<identity::Pattern>> pattern(const std::string& text, const std::string& place) {
  if (text.empty()) return std::nullopt;
  return at(place, identity::Pattern::compile(text));
}

base::Result<identity::IssuerOptions> issuer(const Project& project, const IssuerConfig& config) {
  if (auto url = trusted_url(config.issuer, config.place); !url) return std::unexpected(url.error());
  auto audience = pattern(config.audience, config.place);
  if (!audience) return std::unexpected(audience.error());
  auto client_id = pattern(config.client_id, config.place);
  if (!client_id) return std::unexpected(client_id.error());
  auto trust = tls_trust(project, config.ca);
  if (!trust) return std::unexpected(trust.error());
  identity::IssuerOptions options{.rules = {.provider = config.provider,
                                            .issuer = config.issuer,
                                            .audience = *std::move(audience),
                                            .client_id = *std::move(client_id),
                                            .token_use = config.token_use,
                                            .clock_skew = in_seconds(config.clock_skew),
                                            .age_max = in_seconds(config.age_max),
                                            .sign_in_age_max = in_seconds(config.sign_in_age_max)},
                                  .trust = *std::move(trust)};
  if (!config.jwks_url) return options;
  auto url = trusted_url(*config.jwks_url, config.place);
  if (!url) return std::unexpected(url.error());
  options.key_set_url = *std::move(url);
  return options;
}

base::Result<identity::AuthorizerOptions> authorizer(const Project& project, const AuthorizerConfig& config) {
  auto url = trusted_url(config.url, config.place);
  if (!url) return std::unexpected(url.error());
  auto trust = tls_trust(project, config.ca);
  if (!trust) return std::unexpected(trust.error());
  return identity::AuthorizerOptions{.url = *std::move(url),
                                     .trust = *std::move(trust),
                                     .ttl = in_seconds(config.ttl),
                                     .timeout = config.timeout};
}

base::Result<identity::ServiceOptions> service(const Project& project, const ServiceConfig& config) {
  identity::ServiceOptions options{
      .name = config.name, .access_key = config.access_key_id, .role = config.role};
  if (!config.secret || config.access_key_id.empty())
    return base::fail(config_invalid,
                      fmt::format("The service {} lacks its access_key_id or its secret.", config.name),
                      "write access_key_id = \"…\" and secret = \"env:NAME\"", config.place);
  auto secret = resolve(project, *config.secret);
  if (!secret) return std::unexpected(secret.error());
  options.secret = *std::move(secret);
  if (!config.session_token) return options;
  auto token = resolve(project, *config.session_token);
  if (!token) return std::unexpected(token.error());
  options.session_token = *std::move(token);
  return options;
}

// Each of `configs` with `make`, until one fails.
template <class Config, class Made, class Make>
std::optional<base::Error> add_all(const std::vector<Config>& configs, std::vector<Made>& made, Make make) {
  for (const Config& config : configs) {
    auto one = make(config);
    if (!one) return one.error();
    made.push_back(*std::move(one));
  }
  return std::nullopt;
}

}  // namespace

base::Result<identity::TrustOptions> trust_of(const Project& project) {
  const AuthConfig& auth = project.config.auth;
  identity::TrustOptions options{.guests = auth.guests};
  for (std::size_t i = 0; i < project.config.api_keys.size(); ++i) {
    const auto key = resolve(project, project.config.api_keys[i]);
    if (!key) return std::unexpected(key.error());
    options.api_keys.push_back(identity::make_api_key(std::to_string(i + 1), *key));
  }
  const auto with = [&](auto make) {
    return [&project, make](const auto& config) { return make(project, config); };
  };
  std::optional<base::Error> wrong = add_all(auth.api_keys, options.api_keys, with(api_key));
  if (!wrong) wrong = add_all(auth.issuers, options.issuers, with(issuer));
  if (!wrong) wrong = add_all(auth.services, options.services, with(service));
  if (wrong) return std::unexpected(*std::move(wrong));
  if (auth.authorizer) {
    auto made = authorizer(project, *auth.authorizer);
    if (!made) return std::unexpected(made.error());
    options.authorizer = *std::move(made);
  }
  return options;
}

}  // namespace tenon::server
