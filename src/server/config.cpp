#include "server/config.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/secret.h"
#include "base/suggestion.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace tenon::server {

namespace {

using base::code::config_invalid;

class Reader {
 public:
  Reader(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics)
      : sources_(sources), source_(source), diagnostics_(diagnostics) {}

  void error(const toml::source_region& region, std::string message, std::string help = {}) {
    diagnostics_.error(config_invalid, std::move(message), span(region), std::move(help));
  }
  // Findings about secrets show the place alone: the line that holds one is not repeated.
  void secret(base::Severity severity, const toml::source_region& region, std::string_view message,
              std::string help) {
    diagnostics_.add({.severity = severity,
                      .code = config_invalid,
                      .message = fmt::format("{}: {}", place(region), message),
                      .help = std::move(help)});
  }
  std::string place(const toml::source_region& region) const { return sources_.place(span(region)); }

 private:
  // toml++ counts lines and characters; spans count bytes.
  std::uint32_t offset(const toml::source_position& position) const {
    const std::string_view text = sources_.text(source_);
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < position.line; ++line) {
      const auto end = text.find('\n', at);
      if (end == std::string_view::npos) break;
      at = end + 1;
    }
    for (std::uint32_t column = 1; column < position.column && at < text.size() && text[at] != '\n';
         ++column) {
      ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    }
    return static_cast<std::uint32_t>(at);
  }
  base::Span span(const toml::source_region& region) const {
    const std::uint32_t begin = offset(region.begin);
    return {.source = source_, .begin = begin, .end = std::max(begin, offset(region.end))};
  }

  const base::SourceSet& sources_;
  base::SourceId source_;
  base::Diagnostics& diagnostics_;
};

// One table of the file. Every key that is read is thereby known; finish() reports the others.
class Section {
 public:
  Section(Reader& reader, const toml::table* table, std::string name)
      : reader_(reader), table_(table), name_(std::move(name)) {}

  Section section(std::string_view key) {
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table()) wrong(*node, key, "a table");
    return {reader_, node != nullptr ? node->as_table() : nullptr, path(key)};
  }

  void read(std::string_view key, std::string& value) {
    if (const toml::node* node = find(key))
      text(*node, key, [&](std::string found) { value = std::move(found); });
  }

  void read(std::string_view key, sql::Pooler& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::string>();
    if (found == "transaction")
      value = sql::Pooler::transaction;
    else if (found == "detected")
      value = sql::Pooler::detected;
    else
      wrong(*node, key, "\"detected\" or \"transaction\"");
  }

  void read(std::string_view key, std::optional<catalog::Engine>& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::string>();
    if (found == "postgresql" || found == "postgres")
      value = catalog::Engine::postgresql;
    else if (found == "mysql" || found == "mariadb")
      value = catalog::Engine::mysql;
    else
      wrong(*node, key, "\"postgresql\" or \"mysql\"");
  }

  void read(std::string_view key, api::RoundTrips& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::string>();
    if (found == "auto")
      value = api::RoundTrips::measured;
    else if (found == "many")
      value = api::RoundTrips::many;
    else if (found == "one")
      value = api::RoundTrips::one;
    else
      wrong(*node, key, "\"auto\", \"many\" or \"one\"");
  }

  // What a name may begin with.
  void read_prefix(std::string_view key, std::string& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::string>();
    const bool valid = found && !found->empty() && std::isalpha(static_cast<unsigned char>(found->front())) &&
                       std::ranges::all_of(*found, [](char c) {
                         return c == '_' || std::isalnum(static_cast<unsigned char>(c));
                       });
    if (!valid) return wrong(*node, key, "a letter and then letters, digits and _");
    value = *found;
  }

  void read(std::string_view key, bool& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<bool>();
    if (!found) return wrong(*node, key, "true or false");
    value = *found;
  }

  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  void read(std::string_view key, T& value, std::uint64_t least, std::uint64_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::int64_t>();
    if (!found || *found < 0 || static_cast<std::uint64_t>(*found) < least ||
        static_cast<std::uint64_t>(*found) > most)
      return wrong(*node, key, fmt::format("a whole number from {} to {}", least, most));
    value = static_cast<T>(*found);
  }

  template <std::unsigned_integral T>
  void read(std::string_view key, std::optional<T>& value, std::uint64_t least, std::uint64_t most) {
    if (find(key) != nullptr) read(key, value.emplace(), least, most);
  }

  void read(std::string_view key, std::chrono::milliseconds& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::string>();
    const auto duration = found ? parse_duration(*found) : std::nullopt;
    if (!duration)
      return wrong(*node, key,
                   "a time such as \"500 ms\", \"10 s\" or \"2 min\", above zero and at most a day");
    value = *duration;
  }

  void read(std::string_view key, std::optional<std::chrono::milliseconds>& value) {
    if (find(key) != nullptr) read(key, value.emplace());
  }

  void read(std::string_view key, std::vector<std::string>& values) {
    each_text(key, [&](const toml::node&, std::string found) { values.push_back(std::move(found)); });
  }

  void read(std::string_view key, std::optional<Reference>& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    text(*node, key, [&](std::string found) {
      value = Reference{.text = std::move(found), .place = reader_.place(node->source())};
      if (base::redact_url(value->text) != value->text)
        reader_.secret(
            base::Severity::warning, node->source(), "A password stands in the file.",
            "put the URL into an environment variable and write \"env:NAME\", or into a private file "
            "and write \"file:PATH\"");
    });
  }

  // Scheme, host and port as browsers write them, or "*".
  void read_origins(std::string_view key, std::vector<std::string>& values) {
    each_text(key, [&](const toml::node& node, std::string found) {
      const std::size_t scheme = found.starts_with("http://") ? 7 : found.starts_with("https://") ? 8 : 0;
      const bool origin =
          scheme != 0 && found.size() > scheme && found.find_first_of("/?#@* ", scheme) == std::string::npos;
      if (!origin && found != "*")
        return wrong(node, key, "origins such as \"https://app.example.com\", without a path, or \"*\"");
      values.push_back(std::move(found));
    });
  }

  // A path, which stands for itself.
  void read_path(std::string_view key, std::optional<Reference>& value) {
    if (const toml::node* node = find(key))
      text(*node, key, [&](std::string found) {
        value = Reference{.text = std::move(found), .place = reader_.place(node->source())};
      });
  }

  // Secrets, which are never written here themselves.
  void read(std::string_view key, std::vector<Reference>& values) {
    hides_values_ = true;
    each_text(key, [&](const toml::node& node, std::string found) {
      if (!is_kept_elsewhere(found)) return holds_secret(node, key);
      values.push_back({.text = std::move(found), .place = reader_.place(node.source())});
    });
  }

  // One secret, which is never written here itself.
  void read_secret(std::string_view key, std::optional<Reference>& value) {
    hides_values_ = true;
    if (const toml::node* node = find(key))
      text(*node, key, [&](std::string found) {
        if (!is_kept_elsewhere(found)) return holds_secret(*node, key);
        value = Reference{.text = std::move(found), .place = reader_.place(node->source())};
      });
  }

  void read(std::string_view key, std::optional<std::string>& value) {
    if (find(key) != nullptr) read(key, value.emplace());
  }

  // A day, as TOML's or as a text.
  void read(std::string_view key, std::optional<std::chrono::sys_days>& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    std::optional<toml::date> day = node->value_exact<toml::date>();
    if (const auto text = node->value_exact<std::string>()) day = parse_day(*text);
    if (!day) return wrong(*node, key, "a day such as 2027-01-31");
    const std::chrono::year_month_day date{std::chrono::year(day->year), std::chrono::month(day->month),
                                           std::chrono::day(day->day)};
    if (!date.ok()) return wrong(*node, key, "a day such as 2027-01-31");
    value = date;
  }

  void read(std::string_view key, identity::ServiceOptions::Role& value) {
    using Role = identity::ServiceOptions::Role;
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::string>();
    if (found == "unrestricted")
      value = Role::unrestricted;
    else if (found == "authenticated")
      value = Role::authenticated;
    else if (found == "guest")
      value = Role::guest;
    else
      wrong(*node, key, "\"unrestricted\", \"authenticated\" or \"guest\"");
  }

  // The tables of a list of them: [[key]].
  std::vector<Section> sections(std::string_view key) {
    std::vector<Section> found;
    const toml::node* node = find(key);
    if (node == nullptr) return found;
    const toml::array* array = node->as_array();
    if (array == nullptr || !array->is_array_of_tables()) {
      wrong(*node, key, "a list of tables: [[" + path(key) + "]]");
      return found;
    }
    for (const toml::node& element : *array) found.emplace_back(reader_, element.as_table(), path(key));
    return found;
  }

  // The names of the tables in it, each of which is thereby known.
  std::vector<std::string> names() {
    std::vector<std::string> found;
    if (table_ == nullptr) return found;
    for (const auto& [key, node] : *table_) {
      known_.emplace(key.str());
      if (node.is_table())
        found.emplace_back(key.str());
      else
        wrong(node, key.str(), "a table");
    }
    return found;
  }
  bool is_there() const { return table_ != nullptr; }
  std::string place() const { return reader_.place(table_->source()); }
  void error(std::string message, std::string help) {
    reader_.error(table_->source(), std::move(message), std::move(help));
  }

  void finish() {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
      if (known_.contains(key.str())) continue;
      const std::vector<std::string_view> candidates(known_.begin(), known_.end());
      const bool table = node.is_table();
      reader_.error(key.source(),
                    name_.empty()
                        ? fmt::format("Unknown {} {}.", table ? "section" : "key", key.str())
                        : fmt::format("Unknown {} {} in [{}].", table ? "section" : "key", key.str(), name_),
                    help_for(key.str(), candidates));
    }
  }

 private:
  const toml::node* find(std::string_view key) {
    known_.emplace(key);
    return table_ != nullptr ? table_->get(key) : nullptr;
  }

  std::string path(std::string_view key) const {
    return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
  }

  void wrong(const toml::node& node, std::string_view key, std::string_view wanted) {
    if (hides_values_)
      return reader_.secret(base::Severity::error, node.source(),
                            fmt::format("{} must be {}.", path(key), wanted), "");
    reader_.error(node.source(), fmt::format("{} must be {}.", path(key), wanted));
  }

  void holds_secret(const toml::node& node, std::string_view key) {
    reader_.secret(base::Severity::error, node.source(), fmt::format("{} holds a secret itself.", path(key)),
                   "write \"env:NAME\", \"file:PATH\" or \"secret:NAME\" and keep the secret there");
  }

  static std::optional<toml::date> parse_day(std::string_view text) {
    const auto digits = [&](std::size_t from, std::size_t count) {
      int value = -1;
      std::from_chars(text.data() + from, text.data() + from + count, value);
      return value;
    };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    return toml::date(digits(0, 4), digits(5, 2), digits(8, 2));
  }

  static std::string help_for(std::string_view key, const std::vector<std::string_view>& candidates) {
    std::string help = base::did_you_mean(key, candidates);
    if (!help.empty()) return help;
    help = "known here: ";
    for (const std::string_view candidate : candidates)
      help += fmt::format("{}{}", help.back() == ' ' ? "" : ", ", candidate);
    return help;
  }

  void text(const toml::node& node, std::string_view key, const std::function<void(std::string)>& use) {
    auto found = node.value_exact<std::string>();
    if (!found || found->empty()) return wrong(node, key, "a text");
    use(std::move(*found));
  }

  void each_text(std::string_view key, const std::function<void(const toml::node&, std::string)>& use) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr) return wrong(*node, key, "a list of texts: [\"…\", \"…\"]");
    for (const toml::node& element : *array)
      text(element, key, [&](std::string found) { use(element, std::move(found)); });
  }

  Reader& reader_;
  const toml::table* table_;
  std::string name_;
  bool hides_values_ = false;  // from the first secret on
  std::set<std::string, std::less<>> known_;
};

constexpr std::uint64_t million = 1'000'000;

void read_document_limits(Section section, base::DocumentLimits& limits) {
  section.read("bytes_max", limits.bytes_max, 1, 1'000 * million);
  section.read("tokens_max", limits.tokens_max, 1, 10 * million);
  section.read("nesting_max", limits.nesting_max, 1, 1'000);
  section.read("selection_depth_max", limits.selection_depth_max, 1, 1'000);
  section.read("introspection_list_depth_max", limits.introspection_list_depth_max, 1, 1'000);
  section.read("root_fields_max", limits.root_fields_max, 1, million);
  section.read("aliases_of_one_field_max", limits.aliases_of_one_field_max, 1, million);
  section.read("directives_per_place_max", limits.directives_per_place_max, 1, million);
  section.read("errors_reported_max", limits.errors_reported_max, 1, million);
  section.finish();
}

void read_operation_limits(Section section, base::OperationLimits& limits) {
  section.read("page_rows_default", limits.page_rows_default, 1, million);
  section.read("page_rows_max", limits.page_rows_max, 1, million);
  section.read("rows_answer_max", limits.rows_answer_max, 1, 100 * million);
  section.read("answer_bytes_max", limits.answer_bytes_max, 1'000, 10'000 * million);
  section.read("cost_max", limits.cost_max, 1, 1'000'000'000 * million);
  section.read("filter_depth_max", limits.filter_depth_max, 1, 1'000);
  section.read("filter_list_max", limits.filter_list_max, 1, million);
  section.read("filter_conditions_max", limits.filter_conditions_max, 1, million);
  section.read("statements_max", limits.statements_max, 1, million);
  section.read("write_rows_max", limits.write_rows_max, 1, 1'000'000);
  section.read("write_steps_max", limits.write_steps_max, 1, 100'000);
  section.read("write_depth_max", limits.write_depth_max, 1, 50);
  section.read("aggregate_values_max", limits.aggregate_values_max, 1, 1'000);
  section.read("group_fields_max", limits.group_fields_max, 1, 1'000);
  section.read("filter_relations_max", limits.filter_relations_max, 0, 1'000);
  section.read("statement_timeout", limits.statement_timeout);
  section.read("request_timeout", limits.request_timeout);
  section.finish();
}

void read_rate_limits(Section section, base::RateLimits& limits) {
  section.read("requests_per_second", limits.requests_per_second, 0, million);
  section.read("burst", limits.burst, 0, million);
  section.read("refusals_per_minute", limits.refusals_per_minute, 0, million);
  section.read("principals_max", limits.principals_max, 1, 10 * million);
  section.finish();
}

void read_http_limits(Section section, base::HttpLimits& limits) {
  section.read("header_bytes_max", limits.header_bytes_max, 1'000, million);
  section.read("body_bytes_max", limits.body_bytes_max, 1, 1'000 * million);
  section.read("connections_max", limits.connections_max, 1, million);
  section.read("header_timeout", limits.header_timeout);
  section.read("body_timeout", limits.body_timeout);
  section.read("idle_timeout", limits.idle_timeout);
  section.read("write_timeout", limits.write_timeout);
  section.read("drain_timeout", limits.drain_timeout);
  section.finish();
}

void read_pool_limits(Section section, base::PoolLimits& limits) {
  section.read("connections_max", limits.connections_max, 1, 10'000);
  section.read("waiting_max", limits.waiting_max, 0, million);
  section.read("statements_cached_max", limits.statements_cached_max, 1, million);
  section.read("acquire_timeout", limits.acquire_timeout);
  section.read("connect_timeout", limits.connect_timeout);
  section.read("idle_timeout", limits.idle_timeout);
  section.read("measure_interval", limits.measure_interval);
  section.finish();
}

DatabaseConfig read_database(Section section, std::string name) {
  DatabaseConfig database{.name = std::move(name), .place = section.place()};
  std::optional<Reference> url;
  section.read("url", url);
  section.read("shadow_url", database.shadow_url);
  section.read("schemas", database.schemas);
  section.read("pooler", database.pooler);
  section.read_path("schema_path", database.schema_path);
  section.read_path("migrations_path", database.migrations_path);
  section.read_path("seed", database.seed_command);
  section.read_prefix("prefix", database.prefix);
  section.read_path("ca", database.ca);
  section.finish();
  if (url)
    database.url = std::move(*url);
  else
    section.error(
        fmt::format("The database {} has no url.", database.name),
        "write url = \"env:NAME\"; the project-local database belongs to projects with one [database]");
  return database;
}

// All of [databases], of which the sections for a single database are no part.
void read_databases(Section databases, Section& database, Section& schema, Section& migrations,
                    Config& config) {
  for (std::string& name : databases.names())
    config.databases.push_back(read_database(databases.section(name), name));
  databases.finish();
  if (!databases.is_there()) return;
  if (config.databases.empty()) databases.error("[databases] names no database.", "write [databases.NAME]");
  if (database.is_there())
    database.error("[database] and [databases] cannot stand side by side.",
                   "call this one [databases.NAME] too; the name is yours");
  if (schema.is_there())
    schema.error("[schema] is for projects with one [database].", "write schema_path into [databases.NAME]");
  if (migrations.is_there())
    migrations.error("[migrations] is for projects with one [database].",
                     "write migrations_path and seed into [databases.NAME]");
}

ApiKeyConfig read_api_key(Section section) {
  ApiKeyConfig key{.place = section.place()};
  section.read("name", key.name);
  section.read("sha256", key.sha256);
  section.read("expires", key.expires);
  section.read_secret("key", key.key);
  section.finish();
  if (key.name.empty()) section.error("An API key has no name.", "write name = \"…\": logs call it by that");
  if (key.key.has_value() == !key.sha256.empty())
    section.error("An API key needs either key or sha256.",
                  "write key = \"env:NAME\", or what `tenon auth key create` prints");
  return key;
}

IssuerConfig read_issuer(Section section, policy::Provider provider) {
  IssuerConfig issuer{.provider = provider, .place = section.place()};
  if (provider == policy::Provider::user_pools) issuer.token_use = {"access", "id"};
  section.read("issuer", issuer.issuer);
  section.read("audience", issuer.audience);
  section.read("client_id", issuer.client_id);
  std::vector<std::string> uses;
  section.read("token_use", uses);
  if (!uses.empty()) issuer.token_use = std::move(uses);
  section.read("jwks_url", issuer.jwks_url);
  section.read("clock_skew", issuer.clock_skew);
  section.read("max_age", issuer.age_max);
  section.read("max_sign_in_age", issuer.sign_in_age_max);
  section.read_path("ca", issuer.ca);
  section.finish();
  if (issuer.issuer.empty())
    section.error("An issuer of tokens has no issuer.",
                  "write issuer = \"https://…\", exactly as the claim iss has it");
  return issuer;
}

AuthorizerConfig read_authorizer(Section section) {
  AuthorizerConfig authorizer{.place = section.place()};
  section.read("url", authorizer.url);
  section.read("ttl", authorizer.ttl);
  section.read("timeout", authorizer.timeout);
  section.read_path("ca", authorizer.ca);
  section.finish();
  if (authorizer.url.empty()) section.error("The authorizer has no url.", "write url = \"https://…\"");
  return authorizer;
}

ServiceConfig read_service(Section section, std::string name) {
  ServiceConfig service{.name = std::move(name), .place = section.place()};
  section.read("access_key_id", service.access_key_id);
  section.read("role", service.role);
  section.read_secret("secret", service.secret);
  section.read_secret("session_token", service.session_token);
  section.finish();
  if (service.access_key_id.empty() || !service.secret)
    section.error(fmt::format("The service {} lacks its access_key_id or its secret.", service.name),
                  "write access_key_id = \"…\" and secret = \"env:NAME\"");
  return service;
}

// Names and issuers say who somebody is, so each is there once.
void check_names(Section& section, const AuthConfig& auth) {
  std::set<std::string_view> names;
  std::set<std::string_view> issuers;
  std::set<std::string_view> access_keys;
  for (const ApiKeyConfig& key : auth.api_keys)
    if (!names.insert(key.name).second)
      section.error(fmt::format("Two API keys are called {}.", key.name), "give each its own name");
  for (const IssuerConfig& issuer : auth.issuers)
    if (!issuers.insert(issuer.issuer).second)
      section.error(fmt::format("The issuer {} is there twice.", issuer.issuer), "one section for each");
  for (const ServiceConfig& service : auth.services)
    if (!access_keys.insert(service.access_key_id).second)
      section.error(fmt::format("Two services have the access_key_id of {}.", service.name),
                    "give each its own");
}

AuthConfig read_auth(Section section) {
  AuthConfig auth;
  section.read("guests", auth.guests);
  for (Section& key : section.sections("api_keys")) auth.api_keys.push_back(read_api_key(std::move(key)));
  if (Section pool = section.section("user_pools"); pool.is_there())
    auth.issuers.push_back(read_issuer(std::move(pool), policy::Provider::user_pools));
  Section others = section.section("oidc");
  for (const std::string& name : others.names())
    auth.issuers.push_back(read_issuer(others.section(name), policy::Provider::oidc));
  if (Section function = section.section("function"); function.is_there())
    auth.authorizer = read_authorizer(std::move(function));
  Section services = section.section("services");
  for (const std::string& name : services.names())
    auth.services.push_back(read_service(services.section(name), name));
  if (section.is_there()) check_names(section, auth);
  section.finish();
  return auth;
}

Config read_root(Section root) {
  Config config;
  Section database = root.section("database");
  database.read("url", config.database_url);
  database.read("shadow_url", config.shadow_url);
  database.read("provider", config.provider);
  database.read("schemas", config.schemas);
  database.read("pooler", config.pooler);
  database.read_path("ca", config.database_ca);
  database.read("round_trips", config.round_trips);
  database.finish();

  Section schema = root.section("schema");
  schema.read_path("path", config.schema_path);
  schema.finish();
  Section migrations = root.section("migrations");
  migrations.read_path("path", config.migrations_path);
  migrations.read_path("seed", config.seed_command);
  migrations.finish();
  read_databases(root.section("databases"), database, schema, migrations, config);

  Section server = root.section("server");
  server.read("host", config.host);
  server.read("port", config.port, 0, 65'535);
  server.read("threads", config.threads, 0, 1'024);
  server.finish();

  Section api = root.section("api");
  api.read("keys", config.api_keys);
  api.read("debug", config.debug);
  api.read_origins("origins", config.origins);
  api.read_path("operations", config.operations);
  api.read("operations_only", config.operations_only);
  api.read("persisted_queries", config.persisted_queries);
  if (config.operations_only && !config.operations)
    api.error("api.operations_only without api.operations would answer nothing.",
              "name the folder of the operations: operations = \"operations\"");
  api.finish();

  config.auth = read_auth(root.section("auth"));
  Section secrets = root.section("secrets");
  secrets.read_path("file", config.secrets_file);
  secrets.finish();

  Section telemetry = root.section("telemetry");
  telemetry.read("server_timing", config.telemetry.server_timing);
  telemetry.read("slow_operation", config.telemetry.slow_operation);
  telemetry.read("otlp", config.telemetry.otlp);
  telemetry.read("service_name", config.telemetry.service_name);
  telemetry.read("sample_percent", config.telemetry.sample_percent, 0, 100);
  telemetry.finish();

  Section limits = root.section("limits");
  read_document_limits(limits.section("document"), config.document_limits);
  read_operation_limits(limits.section("operation"), config.operation_limits);
  read_rate_limits(limits.section("rate"), config.rate_limits);
  read_http_limits(limits.section("http"), config.http_limits);
  read_pool_limits(limits.section("pool"), config.pool_limits);
  limits.finish();
  root.finish();
  return config;
}

}  // namespace

Config read_config(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics) {
  base::Diagnostics found;
  Reader reader(sources, source, found);
  const toml::parse_result parsed = toml::parse(sources.text(source));
  Config config;
  if (parsed) {
    config = read_root(Section(reader, &parsed.table(), ""));
  } else {
    reader.secret(base::Severity::error, parsed.error().source(),
                  fmt::format("not TOML: {}", parsed.error().description()), "");  // the line may hold one
  }
  // Sections are read in our order, people read theirs.
  std::multimap<std::uint32_t, base::Diagnostic> by_place;
  for (const base::Diagnostic& finding : found.all())
    by_place.emplace(finding.span ? finding.span->begin : 0, finding);
  for (auto& [place, finding] : by_place) diagnostics.add(std::move(finding));
  return config;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr std::int64_t day = 86'400'000;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count <= 0 || count > day) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  const std::int64_t factor = unit == "ms"                   ? 1
                              : unit == "s"                  ? 1'000
                              : unit == "min" || unit == "m" ? 60'000
                              : unit == "h"                  ? 3'600'000
                                                             : 0;
  if (factor == 0 || count * factor > day) return std::nullopt;
  return std::chrono::milliseconds(count * factor);
}

}  // namespace tenon::server
