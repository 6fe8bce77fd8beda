#include "identity/signed_request.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/hash.h"
#include "base/limits.h"
#include "net/url_decoding.h"

namespace tenon::identity {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view service_name = "appsync";
constexpr std::string_view terminator = "aws4_request";
constexpr std::size_t signature_digits = 64;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool read_credential(std::string_view text, SignatureHeader& header) {
  const std::vector<std::string_view> parts = split(text, '/');
  if (parts.size() != 5 || parts[0].empty() || parts[4] != terminator) return false;
  header.access_key = parts[0];
  header.date = parts[1];
  header.region = parts[2];
  header.service = parts[3];
  header.scope = text.substr(parts[0].size() + 1);
  return header.date.size() == 8 && !header.region.empty();
}

bool read_signed_headers(std::string_view text, SignatureHeader& header) {
  header.signed_headers_text = text;
  header.signed_headers = split(text, ';');
  return header.signed_headers.size() <= base::signed_headers_max &&
         std::ranges::all_of(header.signed_headers, is_header_name) &&
         std::ranges::is_sorted(header.signed_headers) &&
         std::ranges::adjacent_find(header.signed_headers) == header.signed_headers.end();
}

// YYYYMMDDTHHMMSSZ
std::optional<SystemClock::time_point> parse_date(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto digits = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count))
      value = c >= '0' && c <= '9' ? value * 10 + (c - '0') : -1'000'000;
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(digits(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(digits(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(digits(6, 2)))};
  const int hours = digits(9, 2);
  const int minutes = digits(11, 2);
  const int seconds = digits(13, 2);
  // The clock's own range ends in 2262.
  if (!day.ok() || digits(0, 4) < 1970 || digits(0, 4) > 2200 || hours < 0 || hours > 23 || minutes < 0 ||
      minutes > 59 || seconds < 0 || seconds > 60)
    return std::nullopt;
  return SystemClock::time_point(std::chrono::sys_days(day)) + std::chrono::hours(hours) +
         std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

using Digest = std::array<unsigned char, 32>;

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest hmac(std::string_view key, std::string_view text) {
  Digest digest{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), nullptr);
  return digest;
}

void append_encoded(std::string& out, std::string_view text, bool keep_slash) {
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~' || (keep_slash && c == '/');
    if (plain) {
      out += c;
      continue;
    }
    out += '%';
    out += digits[(static_cast<unsigned char>(c) >> 4U) & 0xFU];
    out += digits[static_cast<unsigned char>(c) & 0xFU];
  }
}

// Names and values as the rest of the server reads them, encoded in the one way that counts, and sorted.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const net::QueryParameter& parameter :
       net::decode_query(query).value_or(std::vector<net::QueryParameter>())) {
    auto& [name, value] = parameters.emplace_back();
    append_encoded(name, parameter.name, false);
    append_encoded(value, parameter.value, false);
  }
  std::ranges::sort(parameters);
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

// Runs of blanks inside count as one.
void append_header_value(std::string& out, std::string_view value) {
  bool blank = false;
  for (const char c : trimmed(value)) {
    if (c != ' ' || !blank) out += c;
    blank = c == ' ';
  }
}

std::string_view method_name(net::Method method) { return method == net::Method::get ? "GET" : "POST"; }

std::string canonical_request(const SignatureHeader& header, const net::Request& request) {
  std::string text(method_name(request.method));
  text += '\n';
  append_encoded(text, request.path, true);
  text.append("\n").append(canonical_query(request.query)).append("\n");
  for (const std::string_view name : header.signed_headers) {
    text.append(name).append(":");
    append_header_value(text, request.header(name));
    text += '\n';
  }
  text.append("\n").append(header.signed_headers_text).append("\n");
  text += base::hex(bytes_of(base::sha256(request.body)));
  return text;
}

}  // namespace

bool is_signature(std::string_view authorization) { return authorization.starts_with("AWS4-"); }

Checked<SignatureHeader> parse_signature(std::string_view authorization) {
  const std::unexpected malformed(Refusal::signed_request_malformed);
  if (!authorization.starts_with(algorithm) || authorization.size() > base::token_bytes_max) return malformed;
  authorization.remove_prefix(algorithm.size());
  if (!authorization.starts_with(' ')) return malformed;
  SignatureHeader header;
  for (const std::string_view part : split(authorization, ',')) {
    const std::string_view text = trimmed(part);
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    const std::string_view value = text.substr(std::min(equals + 1, text.size()));
    bool good = false;
    if (name == "Credential" && header.access_key.empty()) good = read_credential(value, header);
    if (name == "SignedHeaders" && header.signed_headers.empty()) good = read_signed_headers(value, header);
    if (name == "Signature" && header.signature.empty()) {
      header.signature = value;
      good = value.size() == signature_digits && is_lower_hex(value);
    }
    if (!good) return malformed;
  }
  if (header.access_key.empty() || header.signed_headers.empty() || header.signature.empty())
    return malformed;
  return header;
}

Checked<void> check_signed_request(const SignatureHeader& header, const net::Request& request,
                                   SystemClock::time_point now) {
  const auto is_signed = [&](std::string_view name) {
    return std::ranges::binary_search(header.signed_headers, name);
  };
  const std::unexpected malformed(Refusal::signed_request_malformed);
  if (header.service != service_name || !is_signed("host") || !is_signed("x-amz-date")) return malformed;
  if (request.method != net::Method::get && request.method != net::Method::post) return malformed;
  if (!net::decode_query(request.query)) return malformed;
  for (const std::string_view name : header.signed_headers)
    if (request.header_count(name) != 1) return malformed;
  const std::string_view token = "x-amz-security-token";
  if (request.header_count(token) > 0 && !is_signed(token)) return malformed;
  const std::string_view date = request.header("x-amz-date");
  const auto time = parse_date(date);
  if (!time || date.substr(0, 8) != header.date || std::chrono::abs(now - *time) > base::signature_skew_max)
    return std::unexpected(Refusal::date_wrong);
  return {};
}

std::string string_to_sign(const SignatureHeader& header, const net::Request& request) {
  std::string text(algorithm);
  text.append("\n").append(request.header("x-amz-date")).append("\n").append(header.scope).append("\n");
  text += base::hex(bytes_of(base::sha256(canonical_request(header, request))));
  return text;
}

bool signature_fits(const SignatureHeader& header, const net::Request& request, std::string_view secret) {
  std::string first = "AWS4";
  first += secret;
  Digest key = hmac(first, header.date);
  OPENSSL_cleanse(first.data(), first.size());
  for (const std::string_view step : {header.region, header.service, terminator})
    key = hmac(bytes_of(key), step);
  const std::string wanted = base::hex(bytes_of(hmac(bytes_of(key), string_to_sign(header, request))));
  return wanted.size() == header.signature.size() &&
         CRYPTO_memcmp(wanted.data(), header.signature.data(), wanted.size()) == 0;
}

}  // namespace tenon::identity
