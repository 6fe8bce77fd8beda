#include "sql/postgres/parameters.h"

#include <algorithm>
#include <array>

#include "sql/authorities.h"

namespace tenon::sql::postgres {

namespace {

// Parameters of the URL that libpq takes as they are. Those of Prisma's engine and of other drivers are not
// here and are left out.
constexpr std::array<std::string_view, 22> passed_on{"sslmode",
                                                     "sslrootcert",
                                                     "sslcert",
                                                     "sslkey",
                                                     "sslpassword",
                                                     "sslcrl",
                                                     "sslcrldir",
                                                     "sslsni",
                                                     "ssl_min_protocol_version",
                                                     "channel_binding",
                                                     "gssencmode",
                                                     "krbsrvname",
                                                     "keepalives",
                                                     "keepalives_idle",
                                                     "keepalives_interval",
                                                     "keepalives_count",
                                                     "tcp_user_timeout",
                                                     "target_session_attrs",
                                                     "passfile",
                                                     "ssl_max_protocol_version",
                                                     "hostaddr",
                                                     "requirepeer"};

std::string value_of(const DatabaseUrl& url, const std::string& key) {
  const auto found = url.parameters.find(key);
  return found == url.parameters.end() ? std::string() : found->second;
}

// `-c name=value`, with the escapes of the server's option parser.
std::string as_option(const Setting& setting) {
  std::string text = "-c " + setting.name + "=";
  for (const char c : setting.value) {
    if (c == ' ' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

// Prisma's spelling of verification: sslaccept=strict, with the authority's file in sslcert.
void apply_strict(const DatabaseUrl& url, std::vector<std::pair<std::string, std::string>>& parameters) {
  if (value_of(url, "sslaccept") != "strict") return;
  std::erase_if(parameters, [](const auto& one) { return one.first == "sslmode"; });
  parameters.emplace_back("sslmode", "verify-full");
  if (value_of(url, "sslrootcert").empty() && value_of(url, "sslkey").empty())
    for (auto& [key, value] : parameters)
      if (key == "sslcert") key = "sslrootcert";
}

void apply_authorities(std::vector<std::pair<std::string, std::string>>& parameters) {
  bool verifies = false;
  bool has_root = false;
  for (auto& [key, value] : parameters) {
    if (key == "sslmode") verifies = value.starts_with("verify");
    if (key != "sslrootcert") continue;
    has_root = true;
    if (value == "system") value = system_authority_file();
  }
  if (verifies && !has_root) parameters.emplace_back("sslrootcert", system_authority_file());
}

}  // namespace

std::vector<Setting> session_settings(const SessionOptions& options) {
  return {
      {"TimeZone", "UTC"},
      {"DateStyle", "ISO"},
      {"IntervalStyle", "iso_8601"},
      {"extra_float_digits", "1"},
      {"bytea_output", "hex"},
      {"jit", "off"},
      {"statement_timeout", std::to_string(options.statement_timeout.count())},
      {"idle_in_transaction_session_timeout", std::to_string(options.idle_in_transaction_timeout.count())}};
}

Statement unit_settings(const std::vector<Setting>& settings) {
  std::string text = "SELECT ";
  for (const Setting& setting : settings) {
    if (&setting != &settings.front()) text += ", ";
    text += "pg_catalog.set_config('" + setting.name + "', '" + setting.value + "', true)";
  }
  const base::Hash128 hash = base::hash128(text);
  return {.text = std::move(text), .hash = hash, .parameter_count = 0};
}

std::vector<std::pair<std::string, std::string>> connection_parameters(
    const DatabaseUrl& url, const SessionOptions& options, const std::vector<std::string>& addresses,
    const std::vector<Setting>& settings) {
  std::vector<std::pair<std::string, std::string>> parameters;
  const auto add = [&](std::string key, std::string value) {
    if (!value.empty()) parameters.emplace_back(std::move(key), std::move(value));
  };
  if (addresses.empty()) {
    add("host", url.host);
  } else {  // libpq wants as many names, for certificates, as addresses
    std::string hosts;
    std::string numbers;
    for (const std::string& address : addresses) {
      hosts += (hosts.empty() ? "" : ",") + url.host;
      numbers += (numbers.empty() ? "" : ",") + address;
    }
    add("host", hosts);
    add("hostaddr", numbers);
  }
  if (url.port != 0) add("port", std::to_string(url.port));
  add("user", url.user);
  add("password", url.password.reveal());
  add("dbname", url.database);
  const std::string name = value_of(url, "application_name");
  add("application_name", name.empty() ? options.application_name : name);
  add("client_encoding", "UTF8");
  if (value_of(url, "gssencmode").empty()) add("gssencmode", "disable");
  for (const auto& [key, value] : url.parameters)
    if (std::ranges::find(passed_on, key) != passed_on.end()) add(key, value);
  apply_strict(url, parameters);
  apply_authorities(parameters);
  std::string startup = value_of(url, "options");
  for (const Setting& setting : settings) startup += (startup.empty() ? "" : " ") + as_option(setting);
  add("options", startup);
  return parameters;
}

}  // namespace tenon::sql::postgres
