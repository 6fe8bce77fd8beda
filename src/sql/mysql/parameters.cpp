#include "sql/mysql/parameters.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include <fmt/format.h>

#include "sql/authorities.h"

namespace tenon::sql::mysql {

namespace {

struct Mode {
  std::string_view word;  // in small letters
  Tls tls;
};

// Of sslmode and ssl-mode. Verifying the authority alone is done with the name too: libmariadb insists on
// encryption only when it verifies both.
constexpr std::array modes = {Mode{"disable", Tls::disabled},        Mode{"disabled", Tls::disabled},
                              Mode{"allow", Tls::preferred},         Mode{"prefer", Tls::preferred},
                              Mode{"preferred", Tls::preferred},     Mode{"require", Tls::required},
                              Mode{"required", Tls::required},       Mode{"verify-ca", Tls::verified},
                              Mode{"verify_ca", Tls::verified},      Mode{"verify-full", Tls::verified},
                              Mode{"verify_identity", Tls::verified}};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string first_of(const DatabaseUrl& url, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (const auto found = url.parameters.find(key); found != url.parameters.end()) return found->second;
  return {};
}

DatabaseError refused(std::string message) {
  return {.failure = Failure::unreachable, .message = "SSL: " + std::move(message)};
}

// `ssl` of JavaScript drivers: true, false, or JSON with rejectUnauthorized.
Tls mode_of_ssl(std::string_view value) {
  if (value == "false" || value == "0") return Tls::disabled;
  return value.find("\"rejectUnauthorized\":true") != std::string_view::npos ? Tls::verified : Tls::required;
}

std::optional<Tls> tls_of(const DatabaseUrl& url) {
  const std::string accept = first_of(url, {"sslaccept"});
  if (accept == "strict") return Tls::verified;
  const std::string mode = lower(first_of(url, {"sslmode", "ssl-mode"}));
  if (!mode.empty()) {
    const auto found = std::ranges::find(modes, mode, &Mode::word);
    return found == modes.end() ? std::nullopt : std::optional(found->tls);
  }
  if (const std::string ssl = first_of(url, {"ssl"}); !ssl.empty()) return mode_of_ssl(ssl);
  return accept == "accept_invalid_certs" ? Tls::required : Tls::preferred;
}

// Seconds, not less than one.
std::int64_t seconds(std::chrono::milliseconds time) {
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count());
}

}  // namespace

DatabaseResult<ConnectionParameters> connection_parameters(const DatabaseUrl& url,
                                                           const SessionOptions& options) {
  ConnectionParameters parameters{
      .host = url.host.empty() ? "localhost" : url.host,
      .socket = url.host.starts_with('/') ? url.host : first_of(url, {"socket"}),
      .user = url.user,
      .password = url.password,
      .database = url.database,
      .authority_file = first_of(url, {"sslca", "ssl-ca", "sslrootcert"}),
      .certificate_file = first_of(url, {"sslcert", "ssl-cert"}),
      .key_file = first_of(url, {"sslkey", "ssl-key"}),
      .key_password = base::Secret(first_of(url, {"sslpassword"})),
      .revocation_file = first_of(url, {"sslcrl", "ssl-crl"}),
      .program_name = first_of(url, {"application_name"}),
  };
  if (url.port != 0) parameters.port = url.port;
  if (parameters.program_name.empty()) parameters.program_name = options.application_name;

  if (url.parameters.contains("sslidentity"))
    return std::unexpected(
        refused("sslidentity names a PKCS #12 file, which cannot be read here. Convert it with `openssl "
                "pkcs12 -in FILE -out client.pem -nodes` and give sslcert and sslkey instead."));
  const auto tls = tls_of(url);
  if (!tls) return std::unexpected(refused("the mode is not known."));
  parameters.tls = *tls;
  // Prisma names the authority's file so; with a key beside it, it is the client's.
  if (parameters.authority_file.empty() && parameters.key_file.empty())
    std::swap(parameters.authority_file, parameters.certificate_file);
  if (parameters.authority_file == "system" ||
      (parameters.authority_file.empty() && parameters.tls == Tls::verified))
    parameters.authority_file = system_authority_file();
  if (parameters.tls == Tls::preferred && !(parameters.authority_file + parameters.certificate_file).empty())
    parameters.tls = Tls::required;
  if (parameters.tls == Tls::preferred && !parameters.socket.empty()) parameters.tls = Tls::disabled;
  return parameters;
}

std::string session_statement(const SessionOptions& options, const Capabilities& capabilities) {
  using StatementTimeout = Capabilities::StatementTimeout;
  // Only literals and numbers of ours go into this text.
  std::string text =
      "SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00', autocommit = 1, sql_mode = "
      "'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";
  if (options.statement_timeout.count() > 0) {
    const auto time = options.statement_timeout;
    text += fmt::format(", innodb_lock_wait_timeout = {0}, lock_wait_timeout = {0}", seconds(time));
    if (capabilities.statement_timeout == StatementTimeout::seconds)
      text += fmt::format(", max_statement_time = {}.{:03}", time.count() / 1000, time.count() % 1000);
    if (capabilities.statement_timeout == StatementTimeout::milliseconds_of_selects)
      text += fmt::format(", max_execution_time = {}", time.count());
  }
  if (options.idle_in_transaction_timeout.count() > 0 && capabilities.idle_transaction_timeout)
    text += fmt::format(", idle_transaction_timeout = {}", seconds(options.idle_in_transaction_timeout));
  return text;
}

}  // namespace tenon::sql::mysql
