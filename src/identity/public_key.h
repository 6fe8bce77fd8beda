// Keys that tokens are signed with: one of a JSON Web Key Set (RFC 7517), and the check of a signature (RFC
// 7518, RFC 8037) by OpenSSL. Only asymmetric algorithms exist here, so a public key can never be taken for a
// shared secret.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "graphql/json.h"

struct evp_pkey_st;

namespace tenon::identity {

enum class Algorithm : std::uint8_t { rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa };

// "RS256" …; EdDSA is also called by its curves. nullopt for everything else, `none` and HS256 among it.
std::optional<Algorithm> parse_algorithm(std::string_view name);

class PublicKey {
 public:
  // One member of a key set. nullopt when it is not for signatures, of an unknown kind, or too weak (RSA
  // below 2048 bits).
  static std::optional<PublicKey> from_jwk(graphql::JsonValue jwk);

  const std::string& id() const { return id_; }
  // Whether a token may name this algorithm for this key: its kind, its curve, and what the set says.
  bool fits(Algorithm algorithm) const;
  bool verify(Algorithm algorithm, std::string_view text, std::string_view signature) const;

 private:
  enum class Kind : std::uint8_t { rsa, p256, p384, p521, edwards };

  PublicKey() = default;

  std::string id_;
  Kind kind_ = Kind::rsa;
  std::optional<Algorithm> only_;  // `alg`
  std::shared_ptr<evp_pkey_st> key_;
};

// Immutable; shared by all workers.
class KeySet {
 public:
  // Keys that cannot be used are left out. Fails when the text is no key set, or none of its keys can be
  // used; the error's message is for the log.
  static base::Result<KeySet> parse(std::string_view text);

  // The key of this id. A token without one takes the set's only key that fits.
  const PublicKey* find(std::optional<std::string_view> id, Algorithm algorithm) const;
  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<PublicKey> keys_;
};

}  // namespace tenon::identity
