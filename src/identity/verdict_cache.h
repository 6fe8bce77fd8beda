// What became of tokens seen before, so that a known one costs a hash and a look-up. By the token's SHA-256:
// the tokens themselves are not kept.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/limits.h"
#include "identity/refusal.h"
#include "identity/token.h"
#include "policy/principal.h"

namespace tenon::identity {

struct Issuer;

using Verdict = Checked<std::shared_ptr<const policy::Principal>>;

struct KeptVerdict {
  Verdict verdict;
  SystemClock::time_point until;   // from then on it counts no more
  const Issuer* issuer = nullptr;  // of a token; none: the authorizer said it
  std::uint64_t keys_version = 0;  // of the issuer's keys it was made with
};

// Each worker has one, that no lock is needed to look into.
class VerdictCache {
 public:
  using Key = std::array<unsigned char, 32>;

  const KeptVerdict* find(const Key& key, SystemClock::time_point now);
  void keep(const Key& key, KeptVerdict verdict);

 private:
  struct Hasher {
    std::size_t operator()(const Key& key) const {
      std::size_t first = 0;
      std::memcpy(&first, key.data(), sizeof first);
      return first;
    }
  };
  using Table = std::unordered_map<Key, KeptVerdict, Hasher>;

  // When the newer half is full it becomes the older one, and that is forgotten.
  Table newer_;
  Table older_;
};

// What was expensive to find out, for all workers: an authorizer is asked about a token once, and not once by
// each of them. Any thread.
class SharedVerdicts {
 public:
  std::optional<KeptVerdict> find(const VerdictCache::Key& key, SystemClock::time_point now);
  void keep(const VerdictCache::Key& key, KeptVerdict verdict);

 private:
  std::mutex mutex_;
  VerdictCache cache_;
};

}  // namespace tenon::identity
