#include "server/tls_trust.h"

namespace tenon::server {

base::Result<net::TlsTrust> tls_trust(const Project& project, const std::optional<Reference>& ca) {
  if (!ca) return net::trust_system();
  const auto pem = resolve(project, *ca);
  if (!pem) return std::unexpected(pem.error());
  auto trust = net::trust_only(pem->reveal());
  if (!trust && trust.error().place.empty()) trust.error().place = ca->place;
  return trust;
}

}  // namespace tenon::server
