#include <set>

#include <fmt/format.h>

#include "server/config_parts.h"

namespace tenon::server {

namespace {

ApiKeyConfig read_api_key(ConfigSection section) {
  ApiKeyConfig key{.place = section.place()};
  section.read("name", key.name);
  section.read("sha256", key.sha256);
  section.read("expires", key.expires);
  section.read_secret("key", key.key);
  section.finish();
  if (key.name.empty()) section.error("An API key has no name.", "write name = \"…\": logs call it by that");
  if (key.key.has_value() == !key.sha256.empty())
    section.error("An API key needs either key or sha256.",
                  "write key = \"env:NAME\", or what `tenon auth key create` prints");
  return key;
}

IssuerConfig read_issuer(ConfigSection section, policy::Provider provider) {
  IssuerConfig issuer{.provider = provider, .place = section.place()};
  if (provider == policy::Provider::user_pools) issuer.token_use = {"access", "id"};
  section.read("issuer", issuer.issuer);
  section.read("audience", issuer.audience);
  section.read("client_id", issuer.client_id);
  std::vector<std::string> uses;
  section.read("token_use", uses);
  if (!uses.empty()) issuer.token_use = std::move(uses);
  section.read("jwks_url", issuer.jwks_url);
  section.read("clock_skew", issuer.clock_skew);
  section.read("max_age", issuer.age_max);
  section.read("max_sign_in_age", issuer.sign_in_age_max);
  section.read_path("ca", issuer.ca);
  section.finish();
  if (issuer.issuer.empty())
    section.error("An issuer of tokens has no issuer.",
                  "write issuer = \"https://…\", exactly as the claim iss has it");
  return issuer;
}

AuthorizerConfig read_authorizer(ConfigSection section) {
  AuthorizerConfig authorizer{.place = section.place()};
  section.read("url", authorizer.url);
  section.read("ttl", authorizer.ttl);
  section.read("timeout", authorizer.timeout);
  section.read_path("ca", authorizer.ca);
  section.finish();
  if (authorizer.url.empty()) section.error("The authorizer has no url.", "write url = \"https://…\"");
  return authorizer;
}

ServiceConfig read_service(ConfigSection section, std::string name) {
  ServiceConfig service{.name = std::move(name), .place = section.place()};
  section.read("access_key_id", service.access_key_id);
  section.read("role", service.role);
  section.read_secret("secret", service.secret);
  section.read_secret("session_token", service.session_token);
  section.finish();
  if (service.access_key_id.empty() || !service.secret)
    section.error(fmt::format("The service {} lacks its access_key_id or its secret.", service.name),
                  "write access_key_id = \"…\" and secret = \"env:NAME\"");
  return service;
}

// Names and issuers say who somebody is, so each is there once.
void check_names(ConfigSection& section, const AuthConfig& auth) {
  std::set<std::string_view> names;
  std::set<std::string_view> issuers;
  std::set<std::string_view> access_keys;
  for (const ApiKeyConfig& key : auth.api_keys)
    if (!names.insert(key.name).second)
      section.error(fmt::format("Two API keys are called {}.", key.name), "give each its own name");
  for (const IssuerConfig& issuer : auth.issuers)
    if (!issuers.insert(issuer.issuer).second)
      section.error(fmt::format("The issuer {} is there twice.", issuer.issuer), "one section for each");
  for (const ServiceConfig& service : auth.services)
    if (!access_keys.insert(service.access_key_id).second)
      section.error(fmt::format("Two services have the access_key_id of {}.", service.name),
                    "give each its own");
}

}  // namespace

AuthConfig read_auth(ConfigSection section) {
  AuthConfig auth;
  section.read("guests", auth.guests);
  for (ConfigSection& key : section.sections("api_keys"))
    auth.api_keys.push_back(read_api_key(std::move(key)));
  if (ConfigSection pool = section.section("user_pools"); pool.is_there())
    auth.issuers.push_back(read_issuer(std::move(pool), policy::Provider::user_pools));
  ConfigSection others = section.section("oidc");
  for (const std::string& name : others.names())
    auth.issuers.push_back(read_issuer(others.section(name), policy::Provider::oidc));
  if (ConfigSection function = section.section("function"); function.is_there())
    auth.authorizer = read_authorizer(std::move(function));
  ConfigSection services = section.section("services");
  for (const std::string& name : services.names())
    auth.services.push_back(read_service(services.section(name), name));
  if (section.is_there()) check_names(section, auth);
  section.finish();
  return auth;
}

}  // namespace tenon::server
