#include "identity/trust.h"

#include <algorithm>

namespace tenon::identity {

namespace {

using policy::Principal;
using policy::Provider;

std::shared_ptr<const Principal> principal_of(const ServiceOptions& service) {
  using Role = ServiceOptions::Role;
  Principal principal{.provider = Provider::identity_pool,
                      .authenticated = service.role != Role::guest,
                      .unrestricted = service.role == Role::unrestricted,
                      .name = (service.role == Role::guest ? "guest:" : "service:") + service.name};
  principal.claims = policy::Claims({{"sub", service.name}});
  return std::make_shared<const Principal>(std::move(principal));
}

}  // namespace

std::string TrustOptions::modes() const {
  std::string text;
  const auto add = [&](bool on, std::string_view name) {
    if (!on) return;
    if (!text.empty()) text += ", ";
    text += name;
  };
  const auto has = [&](Provider provider) {
    return std::ranges::any_of(
        issuers, [&](const IssuerOptions& issuer) { return issuer.rules.provider == provider; });
  };
  add(!api_keys.empty(), "apiKey");
  add(has(Provider::user_pools), "userPools");
  add(has(Provider::oidc), "oidc");
  add(authorizer.has_value(), "function");
  add(!services.empty(), "iam");
  add(guests, "guests");
  return text;
}

Trust::Trust(TrustOptions options,
             std::function<void(std::string_view issuer, std::string_view problem)> report)
    : api_keys_(std::move(options.api_keys)), authorizer_(std::move(options.authorizer)) {
  for (ServiceOptions& service : options.services)
    services_.push_back({.options = service, .principal = principal_of(service)});
  if (options.guests)
    guest_ = std::make_shared<const Principal>(
        Principal{.provider = Provider::identity_pool, .authenticated = false, .name = "guest"});
  for (IssuerOptions& issuer : options.issuers) {
    KeySourceOptions keys{.issuer = issuer.rules.issuer,
                          .url = issuer.key_set_url,
                          .trust = issuer.trust,
                          .pace = options.pace,
                          .report = report};
    issuers_.push_back({.rules = std::move(issuer.rules),
                        .keys = std::make_unique<KeySource>(background_, std::move(keys))});
    issuers_.back().keys->run();
  }
  if (!issuers_.empty()) thread_ = std::thread([this] { background_.run(); });
}

Trust::~Trust() {
  background_.stop();
  if (thread_.joinable()) thread_.join();
}

const Issuer* Trust::issuer(std::string_view name) const {
  const auto found =
      std::ranges::find_if(issuers_, [&](const Issuer& issuer) { return issuer.rules.issuer == name; });
  return found == issuers_.end() ? nullptr : &*found;
}

const Service* Trust::service(std::string_view access_key) const {
  const auto found = std::ranges::find_if(
      services_, [&](const Service& service) { return service.options.access_key == access_key; });
  return found == services_.end() ? nullptr : &*found;
}

}  // namespace tenon::identity
