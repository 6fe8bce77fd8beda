#include "server/database_authority.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "net/http_client.h"
#include "server/project.h"

namespace tenon::server {

namespace {

constexpr std::string_view file_scheme = "file:";

bool names_any(const sql::DatabaseUrl& url, std::initializer_list<const char*> parameters) {
  return std::ranges::any_of(parameters, [&](const char* name) { return url.parameters.contains(name); });
}

base::Result<std::string> authority_file(const Project& project, const Reference& ca) {
  const auto pem = resolve(project, ca);
  if (!pem) return std::unexpected(pem.error());
  if (auto usable = net::trust_only(pem->reveal()); !usable)
    return base::fail(usable.error().code, usable.error().message, usable.error().help, ca.place);
  if (ca.text.starts_with(file_scheme)) return (project.folder / ca.text.substr(file_scheme.size())).string();
  const base::Hash128 hash = base::hash128(pem->reveal());
  const auto file = project.private_folder() / fmt::format("ca-{:016x}{:016x}.pem", hash.high, hash.low);
  if (auto made = make_private_folder(project); !made) return std::unexpected(made.error());
  if (auto written = base::write_file(file, pem->reveal() + "\n", base::FileAccess::owner); !written)
    return std::unexpected(written.error());
  return file.string();
}

}  // namespace

base::Result<sql::DatabaseUrl> with_authority(const Project& project, sql::DatabaseUrl url) {
  const auto& ca = project.config.database_ca;
  if (!ca || names_any(url, {"sslrootcert", "sslca", "ssl-ca"})) return url;
  const auto file = authority_file(project, *ca);
  if (!file) return std::unexpected(file.error());
  url.parameters["sslrootcert"] = *file;
  if (!names_any(url, {"sslmode", "ssl-mode", "sslaccept", "ssl"})) url.parameters["sslmode"] = "verify-full";
  return url;
}

}  // namespace tenon::server
