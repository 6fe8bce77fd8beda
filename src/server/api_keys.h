// API keys: who may call at all.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace tenon::server {

// Keeps hashes only. Comparison takes the same time whether a key is nearly right or all wrong, and whichever
// of several it is.
class ApiKeys {
 public:
  explicit ApiKeys(const std::vector<base::Secret>& keys);

  // Position of `given` among the keys; nullopt when it is none of them.
  std::optional<std::uint32_t> find(std::string_view given) const;

 private:
  std::vector<std::array<unsigned char, 32>> hashes_;
};

}  // namespace tenon::server
