#include "server/api_keys.h"

#include <openssl/crypto.h>

#include "base/hash.h"

namespace tenon::server {

ApiKeys::ApiKeys(const std::vector<base::Secret>& keys) {
  // An empty key in the configuration must not let in who sends none.
  for (const base::Secret& key : keys) {
    hashes_.push_back(base::sha256(key.empty() ? base::random_hex(32) : key.reveal()));
  }
}

std::optional<std::uint32_t> ApiKeys::find(std::string_view given) const {
  const auto hash = base::sha256(given);
  std::optional<std::uint32_t> found;
  for (std::uint32_t i = 0; i < hashes_.size(); ++i) {
    if (CRYPTO_memcmp(hash.data(), hashes_[i].data(), hash.size()) == 0) found = i;
  }
  return found;
}

}  // namespace tenon::server
