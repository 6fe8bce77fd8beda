#include "server/config_section.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "base/secret.h"
#include "base/suggestion.h"

namespace tenon::server {

namespace {

using base::code::config_invalid;

std::optional<toml::date> parse_day(std::string_view text) {
  const auto digits = [&](std::size_t from, std::size_t count) {
    int value = -1;
    std::from_chars(text.data() + from, text.data() + from + count, value);
    return value;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  return toml::date(digits(0, 4), digits(5, 2), digits(8, 2));
}

std::string help_for(std::string_view key, const std::vector<std::string_view>& candidates) {
  std::string help = base::did_you_mean(key, candidates);
  if (!help.empty()) return help;
  help = "known here: ";
  for (const std::string_view candidate : candidates)
    help += fmt::format("{}{}", help.back() == ' ' ? "" : ", ", candidate);
  return help;
}

}  // namespace

void ConfigReader::error(const toml::source_region& region, std::string message, std::string help) {
  diagnostics_.error(config_invalid, std::move(message), span(region), std::move(help));
}

void ConfigReader::secret(base::Severity severity, const toml::source_region& region,
                          std::string_view message, std::string help) {
  diagnostics_.add({.severity = severity,
                    .code = config_invalid,
                    .message = fmt::format("{}: {}", place(region), message),
                    .help = std::move(help)});
}

// toml++ counts lines and characters; spans count bytes.
std::uint32_t ConfigReader::offset(const toml::source_position& position) const {
  const std::string_view text = sources_.text(source_);
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < position.line; ++line) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  for (std::uint32_t column = 1; column < position.column && at < text.size() && text[at] != '\n'; ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return static_cast<std::uint32_t>(at);
}

base::Span ConfigReader::span(const toml::source_region& region) const {
  const std::uint32_t begin = offset(region.begin);
  return {.source = source_, .begin = begin, .end = std::max(begin, offset(region.end))};
}

ConfigSection ConfigSection::section(std::string_view key) {
  const toml::node* node = find(key);
  if (node != nullptr && !node->is_table()) wrong(*node, key, "a table");
  return {reader_, node != nullptr ? node->as_table() : nullptr, path(key)};
}

std::vector<ConfigSection> ConfigSection::sections(std::string_view key) {
  std::vector<ConfigSection> found;
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

std::vector<std::string> ConfigSection::names() {
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

void ConfigSection::read(std::string_view key, std::string& value) {
  if (const toml::node* node = find(key))
    text(*node, key, [&](std::string found) { value = std::move(found); });
}

void ConfigSection::read(std::string_view key, std::optional<std::string>& value) {
  if (find(key) != nullptr) read(key, value.emplace());
}

void ConfigSection::read(std::string_view key, std::vector<std::string>& values) {
  each_text(key, [&](const toml::node&, std::string found) { values.push_back(std::move(found)); });
}

void ConfigSection::read(std::string_view key, bool& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto found = node->value_exact<bool>();
  if (!found) return wrong(*node, key, "true or false");
  value = *found;
}

void ConfigSection::read(std::string_view key, std::chrono::milliseconds& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto found = node->value_exact<std::string>();
  const auto duration = found ? parse_duration(*found) : std::nullopt;
  if (!duration)
    return wrong(*node, key,
                 "a time such as \"500 ms\", \"10 s\" or \"2 min\", above zero and at most a day");
  value = *duration;
}

void ConfigSection::read(std::string_view key, std::optional<std::chrono::milliseconds>& value) {
  if (find(key) != nullptr) read(key, value.emplace());
}

void ConfigSection::read(std::string_view key, std::optional<std::chrono::sys_days>& value) {
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

template <class Value, std::size_t count>
void ConfigSection::word(std::string_view key, Value& value,
                         const std::pair<std::string_view, Value> (&words)[count], std::string_view wanted) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto given = node->value_exact<std::string>();
  for (const auto& [name, meaning] : words)
    if (given == name) {
      value = meaning;
      return;
    }
  wrong(*node, key, wanted);
}

void ConfigSection::read(std::string_view key, sql::Pooler& value) {
  constexpr std::pair<std::string_view, sql::Pooler> words[] = {{"detected", sql::Pooler::detected},
                                                                {"transaction", sql::Pooler::transaction}};
  word(key, value, words, "\"detected\" or \"transaction\"");
}

void ConfigSection::read(std::string_view key, std::optional<catalog::Engine>& value) {
  using Engine = std::optional<catalog::Engine>;
  constexpr std::pair<std::string_view, Engine> words[] = {{"postgresql", catalog::Engine::postgresql},
                                                           {"postgres", catalog::Engine::postgresql},
                                                           {"mysql", catalog::Engine::mysql},
                                                           {"mariadb", catalog::Engine::mysql}};
  word(key, value, words, "\"postgresql\" or \"mysql\"");
}

void ConfigSection::read(std::string_view key, api::RoundTrips& value) {
  constexpr std::pair<std::string_view, api::RoundTrips> words[] = {
      {"auto", api::RoundTrips::measured}, {"many", api::RoundTrips::many}, {"one", api::RoundTrips::one}};
  word(key, value, words, "\"auto\", \"many\" or \"one\"");
}

void ConfigSection::read(std::string_view key, identity::ServiceOptions::Role& value) {
  using Role = identity::ServiceOptions::Role;
  constexpr std::pair<std::string_view, Role> words[] = {
      {"unrestricted", Role::unrestricted}, {"authenticated", Role::authenticated}, {"guest", Role::guest}};
  word(key, value, words, "\"unrestricted\", \"authenticated\" or \"guest\"");
}

void ConfigSection::read(std::string_view key, std::optional<Reference>& value) {
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

void ConfigSection::read(std::string_view key, std::vector<Reference>& values) {
  hides_values_ = true;
  each_text(key, [&](const toml::node& node, std::string found) {
    if (!is_kept_elsewhere(found)) return holds_secret(node, key);
    values.push_back({.text = std::move(found), .place = reader_.place(node.source())});
  });
}

void ConfigSection::read_secret(std::string_view key, std::optional<Reference>& value) {
  hides_values_ = true;
  if (const toml::node* node = find(key))
    text(*node, key, [&](std::string found) {
      if (!is_kept_elsewhere(found)) return holds_secret(*node, key);
      value = Reference{.text = std::move(found), .place = reader_.place(node->source())};
    });
}

void ConfigSection::read_path(std::string_view key, std::optional<Reference>& value) {
  if (const toml::node* node = find(key))
    text(*node, key, [&](std::string found) {
      value = Reference{.text = std::move(found), .place = reader_.place(node->source())};
    });
}

void ConfigSection::read_prefix(std::string_view key, std::string& value) {
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

void ConfigSection::read_origins(std::string_view key, std::vector<std::string>& values) {
  each_text(key, [&](const toml::node& node, std::string found) {
    const std::size_t scheme = found.starts_with("http://") ? 7 : found.starts_with("https://") ? 8 : 0;
    const bool origin =
        scheme != 0 && found.size() > scheme && found.find_first_of("/?#@* ", scheme) == std::string::npos;
    if (!origin && found != "*")
      return wrong(node, key, "origins such as \"https://app.example.com\", without a path, or \"*\"");
    values.push_back(std::move(found));
  });
}

void ConfigSection::finish() {
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

const toml::node* ConfigSection::find(std::string_view key) {
  known_.emplace(key);
  return table_ != nullptr ? table_->get(key) : nullptr;
}

std::string ConfigSection::path(std::string_view key) const {
  return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

void ConfigSection::wrong(const toml::node& node, std::string_view key, std::string_view wanted) {
  if (hides_values_)
    return reader_.secret(base::Severity::error, node.source(),
                          fmt::format("{} must be {}.", path(key), wanted), "");
  reader_.error(node.source(), fmt::format("{} must be {}.", path(key), wanted));
}

void ConfigSection::holds_secret(const toml::node& node, std::string_view key) {
  reader_.secret(base::Severity::error, node.source(), fmt::format("{} holds a secret itself.", path(key)),
                 "write \"env:NAME\", \"file:PATH\" or \"secret:NAME\" and keep the secret there");
}

void ConfigSection::text(const toml::node& node, std::string_view key,
                         const std::function<void(std::string)>& use) {
  auto found = node.value_exact<std::string>();
  if (!found || found->empty()) return wrong(node, key, "a text");
  use(std::move(*found));
}

void ConfigSection::each_text(std::string_view key,
                              const std::function<void(const toml::node&, std::string)>& use) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr) return wrong(*node, key, "a list of texts: [\"…\", \"…\"]");
  for (const toml::node& element : *array)
    text(element, key, [&](std::string found) { use(element, std::move(found)); });
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
