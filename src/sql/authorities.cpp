#include "sql/authorities.h"

#include <array>
#include <filesystem>

namespace tenon::sql {

namespace {

// Where distributions keep them.
constexpr std::array<const char*, 4> system_authorities{"/etc/ssl/certs/ca-certificates.crt",
                                                        "/etc/pki/tls/certs/ca-bundle.crt",
                                                        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

}  // namespace

std::string system_authority_file() {
  for (const char* path : system_authorities) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) return path;
  }
  return system_authorities.front();
}

}  // namespace tenon::sql
