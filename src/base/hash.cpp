#include "base/hash.h"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <xxhash.h>

namespace tenon::base {

Hash128 hash128(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {.high = hash.high64, .low = hash.low64};
}

// OpenSSL looks an algorithm up by its name each time, which costs more than a short text's digest.
std::array<unsigned char, 32> sha256(std::string_view bytes) {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm, nullptr) != 1)
    throw std::runtime_error("OpenSSL computes no SHA-256");
  return digest;
}

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text += digits[(static_cast<unsigned char>(c) >> 4U) & 0xFU];
    text += digits[static_cast<unsigned char>(c) & 0xFU];
  }
  return text;
}

std::string random_hex(std::size_t size) {
  std::string bytes(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1)
    throw std::runtime_error("the operating system gave no random bytes");
  return hex(bytes);
}

}  // namespace tenon::base
