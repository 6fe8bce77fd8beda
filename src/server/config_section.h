// Tables of tenon.toml while they are read: each key with the type it must have, and findings with their
// place. Which keys there are is said by config.cpp and its neighbours (config_parts.h).
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/diagnostic.h"
#include "base/source.h"
#include "server/config.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace tenon::server {

// Where findings go.
class ConfigReader {
 public:
  ConfigReader(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics)
      : sources_(sources), source_(source), diagnostics_(diagnostics) {}

  void error(const toml::source_region& region, std::string message, std::string help = {});
  // Findings about secrets show the place alone: the line that holds one is not repeated.
  void secret(base::Severity severity, const toml::source_region& region, std::string_view message,
              std::string help);
  std::string place(const toml::source_region& region) const { return sources_.place(span(region)); }

 private:
  std::uint32_t offset(const toml::source_position& position) const;
  base::Span span(const toml::source_region& region) const;

  const base::SourceSet& sources_;
  base::SourceId source_;
  base::Diagnostics& diagnostics_;
};

// One table of the file. Every key that is read is thereby known; finish() reports the others.
class ConfigSection {
 public:
  ConfigSection(ConfigReader& reader, const toml::table* table, std::string name)
      : reader_(reader), table_(table), name_(std::move(name)) {}

  ConfigSection section(std::string_view key);
  // The tables of a list of them: [[key]].
  std::vector<ConfigSection> sections(std::string_view key);
  // The names of the tables in it, each of which is thereby known.
  std::vector<std::string> names();

  void read(std::string_view key, std::string& value);
  void read(std::string_view key, std::optional<std::string>& value);
  void read(std::string_view key, std::vector<std::string>& values);
  void read(std::string_view key, bool& value);
  void read(std::string_view key, std::chrono::milliseconds& value);
  void read(std::string_view key, std::optional<std::chrono::milliseconds>& value);
  // A day, as TOML's or as a text.
  void read(std::string_view key, std::optional<std::chrono::sys_days>& value);
  void read(std::string_view key, sql::Pooler& value);
  void read(std::string_view key, std::optional<catalog::Engine>& value);
  void read(std::string_view key, api::RoundTrips& value);
  void read(std::string_view key, identity::ServiceOptions::Role& value);
  // A URL, which had better not hold a password.
  void read(std::string_view key, std::optional<Reference>& value);
  // Secrets, which are never written here themselves.
  void read(std::string_view key, std::vector<Reference>& values);
  void read_secret(std::string_view key, std::optional<Reference>& value);
  // A path, which stands for itself.
  void read_path(std::string_view key, std::optional<Reference>& value);
  // What a name may begin with.
  void read_prefix(std::string_view key, std::string& value);
  // Scheme, host and port as browsers write them, or "*".
  void read_origins(std::string_view key, std::vector<std::string>& values);

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

  bool is_there() const { return table_ != nullptr; }
  std::string place() const { return reader_.place(table_->source()); }
  void error(std::string message, std::string help) {
    reader_.error(table_->source(), std::move(message), std::move(help));
  }
  void finish();

 private:
  const toml::node* find(std::string_view key);
  std::string path(std::string_view key) const;
  void wrong(const toml::node& node, std::string_view key, std::string_view wanted);
  void holds_secret(const toml::node& node, std::string_view key);
  void text(const toml::node& node, std::string_view key, const std::function<void(std::string)>& use);
  void each_text(std::string_view key, const std::function<void(const toml::node&, std::string)>& use);
  // One of a few words; `wanted` lists them for a message.
  template <class Value, std::size_t count>
  void word(std::string_view key, Value& value, const std::pair<std::string_view, Value> (&words)[count],
            std::string_view wanted);

  ConfigReader& reader_;
  const toml::table* table_;
  std::string name_;
  bool hides_values_ = false;  // from the first secret on
  std::set<std::string, std::less<>> known_;
};

}  // namespace tenon::server
