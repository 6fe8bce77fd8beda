#include "api/values/identifiers.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/hash.h"

namespace tenon::api {

namespace {

std::uint64_t milliseconds_since_epoch() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void fill_random(std::span<unsigned char> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = getrandom(bytes.data() + done, bytes.size() - done, 0);
    if (got > 0) done += static_cast<std::size_t>(got);
  }
}

// Letters of an alphabet of at most 256, each equally likely.
std::string random_text(std::string_view alphabet, std::size_t length) {
  std::string text;
  const std::size_t fair = 256 - 256 % alphabet.size();
  while (text.size() < length) {
    unsigned char bytes[64];
    fill_random(bytes);
    for (const unsigned char byte : bytes)
      if (byte < fair && text.size() < length) text += alphabet[byte % alphabet.size()];
  }
  return text;
}

std::string in_base(std::uint64_t value, std::string_view alphabet, std::size_t length) {
  std::string text(length, alphabet.front());
  for (std::size_t i = length; i-- > 0; value /= alphabet.size()) text[i] = alphabet[value % alphabet.size()];
  return text;
}

// RFC 9562: version 4 is random, version 7 starts with the time.
std::string uuid(int version) {
  unsigned char bytes[16];
  fill_random(bytes);
  if (version == 7) {
    const std::uint64_t time = milliseconds_since_epoch();
    for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(time >> (40 - 8 * i));
  }
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | (version << 4));
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  const std::string hex = base::hex({reinterpret_cast<const char*>(bytes), sizeof bytes});
  return fmt::format("{}-{}-{}-{}-{}", std::string_view(hex).substr(0, 8), std::string_view(hex).substr(8, 4),
                     std::string_view(hex).substr(12, 4), std::string_view(hex).substr(16, 4),
                     std::string_view(hex).substr(20));
}

constexpr std::string_view base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view nanoid_alphabet =
    "useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict";

// Version 1: c, time, counter, fingerprint of the process, random; version 2: a letter and 23 characters.
std::string cuid(int version) {
  if (version == 2) return random_text(base36.substr(10), 1) + random_text(base36, 23);
  static std::atomic<std::uint32_t> counter{0};
  const std::uint64_t fingerprint = static_cast<std::uint64_t>(getpid());
  return "c" + in_base(milliseconds_since_epoch(), base36, 8) + in_base(counter++, base36, 4) +
         in_base(fingerprint, base36, 4) + random_text(base36, 8);
}

}  // namespace

std::string make_identifier(const catalog::ClientDefault& kind) {
  using Kind = catalog::ClientDefault::Kind;
  switch (kind.kind) {
    case Kind::cuid:
      return cuid(kind.argument == 2 ? 2 : 1);
    case Kind::nanoid:
      return random_text(nanoid_alphabet, kind.argument == 0 ? 21 : kind.argument);
    case Kind::ulid:
      return in_base(milliseconds_since_epoch(), crockford, 10) + random_text(crockford, 16);
    case Kind::none:
    case Kind::uuid:
      break;
  }
  return uuid(kind.argument == 7 ? 7 : 4);
}

bool is_time_of_change(const catalog::Column& column) {
  const bool is_time =
      column.type.kind == catalog::TypeKind::timestamp || column.type.kind == catalog::TypeKind::timestamptz;
  return is_time && !column.type.is_array() &&
         (column.field_name == "createdAt" || column.field_name == "updatedAt");
}

std::string current_time_text(TimeZone zone) {
  const std::uint64_t now = milliseconds_since_epoch();
  const std::time_t seconds = static_cast<std::time_t>(now / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}{}", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, now % 1000,
                     zone == TimeZone::kept ? "+00" : "");
}

}  // namespace tenon::api
