// Which product answers, and its version: what decides between ways to say the same thing to it.
#pragma once

#include <cstdint>
#include <string>

#include "catalog/catalog.h"

namespace tenon::sql {

struct ServerVersion {
  enum class Product : std::uint8_t { postgresql, mysql, mariadb };
  Product product = Product::postgresql;
  std::uint32_t major = 0;  // all zero: not known
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  bool at_least(std::uint32_t wanted_major, std::uint32_t wanted_minor = 0,
                std::uint32_t wanted_patch = 0) const {
    if (major != wanted_major) return major > wanted_major;
    return minor != wanted_minor ? minor > wanted_minor : patch >= wanted_patch;
  }
  friend bool operator==(const ServerVersion&, const ServerVersion&) = default;
};

// Some server of this engine.
ServerVersion unknown_version(catalog::Engine engine);

// "MariaDB 10.11.6".
std::string to_string(const ServerVersion& version);

}  // namespace tenon::sql
