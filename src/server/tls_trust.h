// Whose certificates a server must have that tenon.toml names.
#pragma once

#include <optional>

#include "base/error.h"
#include "net/http_client.h"
#include "server/project.h"

namespace tenon::server {

// Those of the authority in the PEM text of `ca`; without one, of the system's. Fails with what resolve() and
// net::trust_only() say.
base::Result<net::TlsTrust> tls_trust(const Project& project, const std::optional<Reference>& ca);

}  // namespace tenon::server
