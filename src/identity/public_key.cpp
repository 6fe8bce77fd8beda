#include "identity/public_key.h"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/base64.h"
#include "base/codes.h"
#include "base/limits.h"

namespace tenon::identity {

namespace {

using graphql::JsonKind;
using graphql::JsonValue;

constexpr int rsa_bits_min = 2048;

constexpr std::pair<std::string_view, Algorithm> algorithm_names[] = {
    {"RS256", Algorithm::rs256}, {"RS384", Algorithm::rs384},   {"RS512", Algorithm::rs512},
    {"PS256", Algorithm::ps256}, {"PS384", Algorithm::ps384},   {"PS512", Algorithm::ps512},
    {"ES256", Algorithm::es256}, {"ES384", Algorithm::es384},   {"ES512", Algorithm::es512},
    {"EdDSA", Algorithm::eddsa}, {"Ed25519", Algorithm::eddsa}, {"Ed448", Algorithm::eddsa},
};

// Fetched once: OpenSSL looks an algorithm up by its name each time.
const EVP_MD* digest_of(Algorithm algorithm) {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static const EVP_MD* const sha384 = EVP_MD_fetch(nullptr, "SHA384", nullptr);
  static const EVP_MD* const sha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  switch (algorithm) {
    case Algorithm::rs256:
    case Algorithm::ps256:
    case Algorithm::es256:
      return sha256;
    case Algorithm::rs384:
    case Algorithm::ps384:
    case Algorithm::es384:
      return sha384;
    case Algorithm::rs512:
    case Algorithm::ps512:
    case Algorithm::es512:
      return sha512;
    case Algorithm::eddsa:
      return nullptr;  // it hashes by itself
  }
  return nullptr;
}

bool is_pss(Algorithm algorithm) { return algorithm >= Algorithm::ps256 && algorithm <= Algorithm::ps512; }
bool is_ecdsa(Algorithm algorithm) { return algorithm >= Algorithm::es256 && algorithm <= Algorithm::es512; }

std::string_view text_of(JsonValue object, std::string_view name) {
  const JsonValue member = object.member(name);
  return member && member.kind() == JsonKind::string ? member->text : std::string_view();
}

std::optional<std::string> bytes_of(JsonValue object, std::string_view name) {
  const std::string_view text = text_of(object, name);
  if (text.empty()) return std::nullopt;
  return base::decode_base64url(text);
}

bool is_for_signatures(JsonValue jwk) {
  const std::string_view use = text_of(jwk, "use");
  if (!use.empty() && use != "sig") return false;
  const JsonValue operations = jwk.member("key_ops");
  if (!operations || operations.kind() != JsonKind::array) return true;
  for (const JsonValue operation : operations)
    if (operation.kind() == JsonKind::string && operation->text == "verify") return true;
  return false;
}

template <auto free>
struct Freer {
  template <class T>
  void operator()(T* owned) const {
    free(owned);
  }
};
using Parameters = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;
using KeyHandle = std::shared_ptr<EVP_PKEY>;

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
Number number_of(std::string_view bytes) {
  return Number(BN_bin2bn(data_of(bytes), static_cast<int>(bytes.size()), nullptr));
}
KeyHandle owned(EVP_PKEY* key) { return key != nullptr ? KeyHandle(key, EVP_PKEY_free) : KeyHandle(); }

KeyHandle key_from(const char* type, OSSL_PARAM* parameters) {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    return {};
  KeyHandle key = owned(made);
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  return check && EVP_PKEY_public_check(check.get()) == 1 ? key : KeyHandle();
}

KeyHandle rsa_key(JsonValue jwk) {
  const auto modulus = bytes_of(jwk, "n");
  const auto exponent = bytes_of(jwk, "e");
  if (!modulus || !exponent) return {};
  const Number n = number_of(*modulus);
  const Number e = number_of(*exponent);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || BN_num_bits(n.get()) < rsa_bits_min ||
      BN_num_bits(n.get()) > OPENSSL_RSA_MAX_MODULUS_BITS || BN_num_bits(e.get()) > 64 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return {};
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return parameters ? key_from("RSA", parameters.get()) : KeyHandle();
}

KeyHandle curve_key(JsonValue jwk, const char* group, std::size_t size) {
  const auto x = bytes_of(jwk, "x");
  const auto y = bytes_of(jwk, "y");
  if (!x || !y || x->size() != size || y->size() != size) return {};
  const std::string point = "\x04" + *x + *y;  // uncompressed
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) !=
          1)
    return {};
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return parameters ? key_from("EC", parameters.get()) : KeyHandle();
}

KeyHandle edwards_key(JsonValue jwk, int type) {
  const auto x = bytes_of(jwk, "x");
  if (!x) return {};
  return owned(EVP_PKEY_new_raw_public_key(type, nullptr, data_of(*x), x->size()));
}

// Of JWS, two numbers of the curve's size, as OpenSSL wants it.
std::optional<std::string> der_of(std::string_view signature, std::size_t size) {
  if (signature.size() != 2 * size) return std::nullopt;
  const EcdsaSignature made(ECDSA_SIG_new());
  Number r = number_of(signature.substr(0, size));
  Number s = number_of(signature.substr(size));
  if (!made || !r || !s || ECDSA_SIG_set0(made.get(), r.release(), s.release()) != 1) return std::nullopt;
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(made.get(), &der);
  if (length <= 0) return std::nullopt;
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return bytes;
}

std::size_t number_size(Algorithm algorithm) {
  if (algorithm == Algorithm::es256) return 32;
  return algorithm == Algorithm::es384 ? 48 : 66;
}

}  // namespace

std::optional<Algorithm> parse_algorithm(std::string_view name) {
  const auto* found =
      std::ranges::find(algorithm_names, name, &std::pair<std::string_view, Algorithm>::first);
  if (found == std::end(algorithm_names)) return std::nullopt;
  return found->second;
}

std::optional<PublicKey> PublicKey::from_jwk(JsonValue jwk) {
  if (jwk.kind() != JsonKind::object || !is_for_signatures(jwk)) return std::nullopt;
  const std::string_view type = text_of(jwk, "kty");
  const std::string_view curve = text_of(jwk, "crv");
  PublicKey key;
  key.id_ = text_of(jwk, "kid");
  if (type == "RSA") {
    key.key_ = rsa_key(jwk);
  } else if (type == "EC" && curve == "P-256") {
    key.kind_ = Kind::p256;
    key.key_ = curve_key(jwk, "P-256", 32);
  } else if (type == "EC" && curve == "P-384") {
    key.kind_ = Kind::p384;
    key.key_ = curve_key(jwk, "P-384", 48);
  } else if (type == "EC" && curve == "P-521") {
    key.kind_ = Kind::p521;
    key.key_ = curve_key(jwk, "P-521", 66);
  } else if (type == "OKP" && (curve == "Ed25519" || curve == "Ed448")) {
    key.kind_ = Kind::edwards;
    key.key_ = edwards_key(jwk, curve == "Ed25519" ? EVP_PKEY_ED25519 : EVP_PKEY_ED448);
  }
  if (!key.key_ || key.id_.size() > base::token_name_bytes_max) return std::nullopt;
  if (const std::string_view only = text_of(jwk, "alg"); !only.empty()) {
    key.only_ = parse_algorithm(only);
    if (!key.only_) return std::nullopt;
  }
  return key;
}

bool PublicKey::fits(Algorithm algorithm) const {
  if (only_ && *only_ != algorithm) return false;
  switch (algorithm) {
    case Algorithm::es256:
      return kind_ == Kind::p256;
    case Algorithm::es384:
      return kind_ == Kind::p384;
    case Algorithm::es512:
      return kind_ == Kind::p521;
    case Algorithm::eddsa:
      return kind_ == Kind::edwards;
    default:
      return kind_ == Kind::rsa;
  }
}

bool PublicKey::verify(Algorithm algorithm, std::string_view text, std::string_view signature) const {
  if (!fits(algorithm)) return false;
  std::string der;
  if (is_ecdsa(algorithm)) {
    auto converted = der_of(signature, number_size(algorithm));
    if (!converted) return false;
    der = *std::move(converted);
    signature = der;
  }
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;  // the context's
  if (!context ||
      EVP_DigestVerifyInit(context.get(), &options, digest_of(algorithm), nullptr, key_.get()) != 1)
    return false;
  if (is_pss(algorithm) && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1))
    return false;
  return EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(text), text.size()) ==
         1;
}

base::Result<KeySet> KeySet::parse(std::string_view text) {
  const auto wrong = [](std::string message) {
    return base::fail(base::code::key_set_unusable, std::move(message));
  };
  const auto json = graphql::parse_json(text);
  if (!json) return wrong("The key set is no JSON: " + json.error() + ".");
  const JsonValue root(*json);
  if (root.kind() != JsonKind::object) return wrong("The key set is no JSON object.");
  const JsonValue members = root.member("keys");
  if (!members || members.kind() != JsonKind::array) return wrong("The key set has no list `keys`.");
  if (members->size > base::key_set_keys_max) return wrong("The key set has too many keys.");
  KeySet set;
  for (const JsonValue member : members)
    if (auto key = PublicKey::from_jwk(member)) set.keys_.push_back(*std::move(key));
  if (set.keys_.empty()) return wrong("The key set has no key that tokens could be checked with.");
  return set;
}

const PublicKey* KeySet::find(std::optional<std::string_view> id, Algorithm algorithm) const {
  const PublicKey* found = nullptr;
  for (const PublicKey& key : keys_) {
    if (!key.fits(algorithm)) continue;
    if (id && key.id() == *id) return &key;
    if (id) continue;
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}

}  // namespace tenon::identity
