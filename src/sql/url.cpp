#include "sql/url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/limits.h"

namespace tenon::sql {

namespace {

std::unexpected<base::Error> invalid(std::string problem, std::string help = {}) {
  if (help.empty()) help = "Write it as postgresql://user:password@host:5432/database?schema=public";
  return base::fail(base::code::database_url_invalid, "The database URL is invalid: " + std::move(problem),
                    std::move(help));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Undoes %XX. nullopt for a broken escape, and for NUL, which no server could tell from the end of the text.
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::optional<catalog::Engine> engine_of(std::string_view scheme) {
  if (scheme == "postgresql" || scheme == "postgres") return catalog::Engine::postgresql;
  if (scheme == "mysql") return catalog::Engine::mysql;
  return std::nullopt;
}

// Never repeats the text: when a password holds an unencoded `/`, `?` or `#`, it ends up where the port is
// looked for.
std::unexpected<base::Error> invalid_port() {
  return invalid("the port is not a number from 1 to 65535.",
                 "If the user name or the password holds one of / ? # @ : or %, write that character "
                 "percent-encoded, for example %2F for /.");
}

std::unexpected<base::Error> invalid_escape(std::string_view part) {
  return invalid(
      fmt::format("the {} holds a broken percent escape.", part),
      "% must be followed by two hexadecimal digits; a % of the text itself is written %25. %00 is not "
      "possible.");
}

base::Result<void> read_user(std::string_view text, DatabaseUrl& url) {
  const auto colon = text.find(':');
  auto user = decode(text.substr(0, colon));
  if (!user) return invalid_escape("user name");
  url.user = std::move(*user);
  if (colon == std::string_view::npos) return {};
  auto password = decode(text.substr(colon + 1));
  if (!password) return invalid_escape("password");
  url.password = base::Secret(std::move(*password));
  return {};
}

base::Result<void> read_host(std::string_view text, DatabaseUrl& url) {
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {  // an IPv6 address, which has colons of its own
    const auto close = text.find(']');
    if (close == std::string_view::npos) return invalid("the IPv6 address has no closing bracket.");
    host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) return invalid_port();
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (host.find(',') != std::string_view::npos)
    return invalid("it names several hosts.",
                   "Name one host; put a proxy or DNS name in front of several servers.");
  auto decoded = decode(host);
  if (!decoded) return invalid_escape("host");
  url.host = std::move(*decoded);
  if (port.size() > 1) {
    const auto number = parse_port(port.substr(1));
    if (!number) return invalid_port();
    url.port = *number;
  }
  return {};
}

base::Result<void> read_database(std::string_view path, DatabaseUrl& url) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.find('/') != std::string_view::npos) return invalid("the database name holds an unencoded /.");
  auto database = decode(path);
  if (!database) return invalid_escape("database name");
  url.database = std::move(*database);
  return {};
}

std::vector<std::string> split_schemas(std::string_view text) {
  std::vector<std::string> schemas;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view one = text.substr(0, comma);
    if (!one.empty() && std::ranges::find(schemas, one) == schemas.end()) schemas.emplace_back(one);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return schemas;
}

constexpr std::array<std::string_view, 6> ssl_modes{"disable", "allow",     "prefer",
                                                    "require", "verify-ca", "verify-full"};
// MySQL's words for them, which are written in capitals as a rule.
constexpr std::array<std::string_view, 5> ssl_modes_of_mysql{"disabled", "preferred", "required", "verify_ca",
                                                             "verify_identity"};
// Everything that begins with ssl and is known; another one is a misspelling that would silently weaken the
// connection.
constexpr std::array<std::string_view, 20> ssl_parameters{
    "sslmode",        "sslrootcert", "sslcert",        "sslkey",   "sslpassword", "sslcrl",   "sslcrldir",
    "sslsni",         "sslaccept",   "sslidentity",    "ssl",      "sslca",       "ssl-mode", "ssl-ca",
    "sslcompression", "sslcertmode", "sslnegotiation", "ssl-cert", "ssl-key",     "ssl-crl"};

bool is_ssl_mode(std::string_view value, catalog::Engine engine) {
  if (std::ranges::find(ssl_modes, value) != ssl_modes.end()) return true;
  if (engine != catalog::Engine::mysql) return false;
  std::string small(value);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::ranges::find(ssl_modes_of_mysql, small) != ssl_modes_of_mysql.end();
}

base::Result<void> check_ssl(std::string_view key, std::string_view value, catalog::Engine engine) {
  if (std::ranges::find(ssl_parameters, key) == ssl_parameters.end())
    return invalid(fmt::format("the parameter {} is not known.", key),
                   "TLS parameters are sslmode, sslrootcert, sslcert, sslkey, sslpassword, sslcrl, sslsni, "
                   "sslaccept.");
  if ((key == "sslmode" || key == "ssl-mode") && !is_ssl_mode(value, engine))
    return invalid(fmt::format("{} cannot be \"{}\".", key, value),
                   "It is one of disable, allow, prefer, require, verify-ca, verify-full.");
  return {};
}

base::Result<void> read_parameter(std::string_view text, DatabaseUrl& url) {
  const auto equals = text.find('=');
  const auto key = decode(text.substr(0, equals));
  auto value = equals == std::string_view::npos ? std::string() : decode(text.substr(equals + 1));
  if (!key || key->empty()) return invalid("a parameter after ? has no name.");
  if (!value) return invalid_escape("parameter " + *key);
  if (*key == "schema") {
    url.schemas = split_schemas(*value);
  } else if (*key == "host") {
    url.host = std::move(*value);
  } else if (*key == "port") {
    const auto port = parse_port(*value);
    if (!port) return invalid_port();
    url.port = *port;
  } else if (*key == "user") {
    url.user = std::move(*value);
  } else if (*key == "password") {
    url.password = base::Secret(std::move(*value));
  } else if (*key == "dbname") {
    url.database = std::move(*value);
  } else {
    if (key->starts_with("ssl"))
      if (auto known = check_ssl(*key, *value, url.engine); !known) return known;
    if (!url.parameters.emplace(*key, std::move(*value)).second)
      return invalid(fmt::format("the parameter {} is given twice.", *key));
  }
  return {};
}

base::Result<void> read_parameters(std::string_view query, DatabaseUrl& url) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view one = query.substr(0, end);
    if (!one.empty())
      if (auto read = read_parameter(one, url); !read) return read;
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  }
  return {};
}

}  // namespace

std::string DatabaseUrl::target() const {
  const int default_port = engine == catalog::Engine::postgresql ? 5432 : 3306;
  const bool is_ipv6 = host.find(':') != std::string::npos;
  const std::string place = host.empty() ? "localhost" : is_ipv6 ? "[" + host + "]" : host;
  return fmt::format("{}:{}/{}", place, port != 0 ? port : default_port, database);
}

base::Result<DatabaseUrl> parse_database_url(std::string_view text) {
  if (text.size() > base::database_url_bytes_max) return invalid("it is longer than 8192 bytes.");
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos)
    return invalid("it does not begin with postgresql:// (or postgres://, mysql://).");
  const auto engine = engine_of(text.substr(0, scheme_end));
  if (!engine) return invalid("it must begin with postgresql:// (or postgres://, mysql://).");
  DatabaseUrl url;
  url.engine = *engine;

  std::string_view rest = text.substr(scheme_end + 3);
  std::string_view query;
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  const std::string_view path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    if (auto read = read_user(authority.substr(0, at), url); !read) return std::unexpected(read.error());
    authority.remove_prefix(at + 1);
  }
  if (auto read = read_host(authority, url); !read) return std::unexpected(read.error());
  if (auto read = read_database(path, url); !read) return std::unexpected(read.error());
  if (auto read = read_parameters(query, url); !read) return std::unexpected(read.error());
  return url;
}

}  // namespace tenon::sql
