#include "server/policy_cases.h"

#include <algorithm>
#include <sstream>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace tenon::server {

namespace {

class CaseReader {
 public:
  CaseReader(const base::SourceSet& sources, base::SourceId file, base::Diagnostics& diagnostics)
      : path_(sources.path(file)), text_(sources.text(file)), diagnostics_(diagnostics) {}

  std::vector<PolicyCase> read() {
    const toml::parse_result parsed = toml::parse(text_);
    if (!parsed) {
      error(parsed.error().source(), fmt::format("not TOML: {}", parsed.error().description()));
      return {};
    }
    const toml::table& root = parsed.table();
    keys(root, {"seed", "principals", "case"});
    seed_ = text(root, "seed");
    if (const toml::table* all = root["principals"].as_table())
      for (const auto& [name, node] : *all)
        principals_[std::string(name.str())] = principal(node, name.str());
    const toml::array* cases = root["case"].as_array();
    if (cases == nullptr) error(root.source(), "there is no [[case]]");
    std::vector<PolicyCase> read;
    if (cases != nullptr)
      for (const toml::node& node : *cases)
        if (const toml::table* table = node.as_table()) read.push_back(one(*table));
    return read;
  }

 private:
  std::string place(const toml::source_region& region) const {
    return fmt::format("{}:{}", path_, region.begin.line);
  }
  void error(const toml::source_region& region, std::string_view message) {
    diagnostics_.add({.severity = base::Severity::error,
                      .code = base::code::config_invalid,
                      .message = fmt::format("{}: {}", place(region), message)});
  }
  void keys(const toml::table& table, std::initializer_list<std::string_view> known) {
    for (const auto& [key, node] : table)
      if (std::ranges::find(known, key.str()) == known.end())
        error(node.source(), fmt::format("{} is no key here", key.str()));
  }
  std::string text(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return {};
    if (const auto found = node->value_exact<std::string>()) return *found;
    error(node->source(), fmt::format("{} is a text", key));
    return {};
  }
  // A table is written as JSON; a text is JSON.
  std::string json(const toml::node& node, std::string_view key) {
    std::string text;
    if (const auto found = node.value_exact<std::string>()) {
      text = *found;
    } else if (const toml::table* table = node.as_table()) {
      std::ostringstream out;
      out << toml::json_formatter(*table);
      text = out.str();
    }
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(text, wrong);
    if (wrong || !value.is_object()) {
      error(node.source(), fmt::format("{} is a JSON object", key));
      return "{}";
    }
    return text;
  }

  policy::Principal principal(const toml::node& node, std::string_view name) {
    policy::Principal principal{.provider = policy::Provider::user_pools, .name = std::string(name)};
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      error(node.source(), "a principal is a table with provider and claims");
      return principal;
    }
    keys(*table, {"provider", "claims", "guest", "unrestricted"});
    principal.authenticated = !(*table)["guest"].value_or(false);
    principal.unrestricted = (*table)["unrestricted"].value_or(false);
    if (!principal.authenticated) principal.provider = policy::Provider::identity_pool;
    if (const std::string provider = text(*table, "provider"); !provider.empty()) {
      if (const auto known = policy::parse_provider(provider))
        principal.provider = *known;
      else
        error(table->source(), fmt::format("there is no provider {}", provider));
    }
    if (const toml::node* claims = table->get("claims"))
      principal.claims = policy::Claims(boost::json::parse(json(*claims, "claims")).as_object());
    return principal;
  }

  policy::Principal asker(const toml::table& table) {
    const toml::node* as = table.get("as");
    if (as == nullptr) {
      error(table.source(), "as says who asks");
      return {};
    }
    const auto name = as->value_exact<std::string>();
    if (!name) return principal(*as, "as");
    const auto found = principals_.find(*name);
    if (found != principals_.end()) return found->second;
    error(as->source(), fmt::format("there is no [principals.{}]", *name));
    return {};
  }

  PolicyCase one(const toml::table& table) {
    keys(table, {"name", "as", "seed", "query", "variables", "expect"});
    PolicyCase made{.name = text(table, "name"),
                    .place = place(table.source()),
                    .principal = asker(table),
                    .seed = seed_,
                    .query = text(table, "query")};
    if (made.name.empty()) made.name = made.place;
    if (made.query.empty()) error(table.source(), "query is the operation");
    if (const std::string more = text(table, "seed"); !more.empty())
      made.seed += (made.seed.empty() ? "" : ";\n") + more;
    if (const toml::node* variables = table.get("variables")) made.variables = json(*variables, "variables");
    const toml::table* expect = table["expect"].as_table();
    if (expect == nullptr || expect->empty()) {
      error(table.source(), "expect says what has to come: data, count or errors");
      return made;
    }
    keys(*expect, {"data", "errors", "count"});
    if (const toml::node* data = expect->get("data")) made.data = json(*data, "data");
    if (const toml::node* count = expect->get("count")) {
      made.count = count->value_exact<std::int64_t>();
      if (!made.count) error(count->source(), "count is a number");
    }
    if (const toml::node* errors = expect->get("errors")) add_errors(*errors, made.errors);
    return made;
  }

  void add_errors(const toml::node& node, std::vector<std::string>& errors) {
    const toml::array* all = node.as_array();
    if (all == nullptr) return error(node.source(), "errors is a list of texts");
    for (const toml::node& item : *all) {
      if (auto found = item.value_exact<std::string>())
        errors.push_back(*std::move(found));
      else
        error(item.source(), "errors is a list of texts");
    }
  }

  std::string path_;
  std::string_view text_;
  base::Diagnostics& diagnostics_;
  std::string seed_;
  std::map<std::string, policy::Principal> principals_;
};

}  // namespace

std::vector<PolicyCase> read_policy_cases(const base::SourceSet& sources, base::SourceId file,
                                          base::Diagnostics& diagnostics) {
  return CaseReader(sources, file, diagnostics).read();
}

}  // namespace tenon::server
