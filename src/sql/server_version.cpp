#include "sql/server_version.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace tenon::sql {

ServerVersion unknown_version(catalog::Engine engine) {
  using Product = ServerVersion::Product;
  return {.product = engine == catalog::Engine::mysql ? Product::mysql : Product::postgresql};
}

std::string to_string(const ServerVersion& version) {
  constexpr std::array<std::string_view, 3> names{"PostgreSQL", "MySQL", "MariaDB"};
  const std::string_view name = names[static_cast<std::size_t>(version.product)];
  // PostgreSQL has had two numbers since its version 10.
  if (version.product == ServerVersion::Product::postgresql)
    return fmt::format("{} {}.{}", name, version.major, version.minor);
  return fmt::format("{} {}.{}.{}", name, version.major, version.minor, version.patch);
}

}  // namespace tenon::sql
