// Hashes of bytes: a fast one for look-ups inside the process, a cryptographic one for what leaves it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tenon::base {

// XXH3, 128 bits: good enough that documents and statements are told apart by it alone.
struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

Hash128 hash128(std::string_view bytes);

struct Hash128Hasher {
  std::size_t operator()(const Hash128& hash) const { return hash.low; }
};

std::array<unsigned char, 32> sha256(std::string_view bytes);
std::string hex(std::string_view bytes);
// `size` random bytes from the operating system as hexadecimal text of twice that length.
std::string random_hex(std::size_t size);

}  // namespace tenon::base
