// API keys: who may call at all.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "identity/refusal.h"
#include "identity/token.h"
#include "policy/principal.h"

namespace tenon::identity {

// As it is kept: what it is called, and its SHA-256. A key is long and random, so nothing slower is needed.
struct ApiKey {
  std::string name;
  std::array<unsigned char, 32> sha256{};
  std::optional<SystemClock::time_point> expires;
};
// An empty key makes one that nobody has: it must not let in who sends none.
ApiKey make_api_key(std::string name, const base::Secret& key,
                    std::optional<SystemClock::time_point> expires = std::nullopt);

// Comparison takes the same time whether a key is nearly right or all wrong, and whichever of several it is.
class ApiKeys {
 public:
  explicit ApiKeys(std::vector<ApiKey> keys);

  bool empty() const { return keys_.empty(); }
  // The holder of `given`, called `key:<name>`.
  Checked<std::shared_ptr<const policy::Principal>> find(std::string_view given,
                                                         SystemClock::time_point now) const;

 private:
  std::vector<ApiKey> keys_;
  std::vector<std::shared_ptr<const policy::Principal>> holders_;
};

}  // namespace tenon::identity
