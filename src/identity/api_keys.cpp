#include "identity/api_keys.h"

#include <openssl/crypto.h>

#include "base/hash.h"

namespace tenon::identity {

ApiKey make_api_key(std::string name, const base::Secret& key,
                    std::optional<SystemClock::time_point> expires) {
  return {.name = std::move(name),
          .sha256 = base::sha256(key.empty() ? base::random_hex(32) : key.reveal()),
          .expires = expires};
}

ApiKeys::ApiKeys(std::vector<ApiKey> keys) : keys_(std::move(keys)) {
  for (const ApiKey& key : keys_)
    holders_.push_back(std::make_shared<const policy::Principal>(
        policy::Principal{.provider = policy::Provider::api_key, .name = "key:" + key.name}));
}

Checked<std::shared_ptr<const policy::Principal>> ApiKeys::find(std::string_view given,
                                                                SystemClock::time_point now) const {
  const auto hash = base::sha256(given);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (CRYPTO_memcmp(hash.data(), keys_[i].sha256.data(), hash.size()) == 0) found = i;
  if (!found) return std::unexpected(Refusal::key_unknown);
  const auto& expires = keys_[*found].expires;
  if (expires && now >= *expires) return std::unexpected(Refusal::key_expired);
  return holders_[*found];
}

}  // namespace tenon::identity
