#include "api/overlay/rules.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/suggestion.h"
#include "graphql/value_text.h"

namespace tenon::api {

namespace {

using graphql::Value;
using graphql::ValueKind;
using policy::Allow;
using policy::Operation;
using policy::Operations;
using policy::Provider;
using policy::Rule;
using Words = std::span<const std::string_view>;

constexpr auto rule_keys = std::to_array<std::string_view>({
    "allow",
    "provider",
    "operations",
    "ownerField",
    "groupsField",
    "groups",
    "identityClaim",
    "groupClaim",
    "where",
    "check",
});
// In the order of policy::Allow.
constexpr auto allowed = std::to_array<std::string_view>({"public", "private", "owner", "groups", "custom"});
constexpr auto providers =
    std::to_array<std::string_view>({"apiKey", "iam", "identityPool", "oidc", "userPools", "function"});
constexpr auto operations = std::to_array<std::string_view>(
    {"create", "update", "delete", "read", "get", "list", "listen", "sync", "search"});

// What each `allow` may be combined with; the first provider is the one that is meant when none is named.
struct Allowance {
  std::vector<Provider> providers;
  std::vector<std::string_view> keys;
};

const Allowance& allowance(Allow allow) {
  using enum Provider;
  static const std::array<Allowance, allowed.size()> all{{
      {{api_key, identity_pool}, {}},
      {{user_pools, oidc, identity_pool}, {}},
      {{user_pools, oidc}, {"ownerField", "identityClaim"}},
      {{user_pools, oidc}, {"groups", "groupsField", "groupClaim"}},
      {{function}, {}},
  }};
  return all[static_cast<std::size_t>(allow)];
}

class RuleReader {
 public:
  RuleReader(const OverlayFile& file, const RuleSubject& subject, base::Diagnostics& diagnostics)
      : file_(file), subject_(subject), diagnostics_(diagnostics) {}

  std::optional<std::vector<Rule>> read(const graphql::Directive& auth);

 private:
  using Subject = RuleSubject::Kind;

  void rule(const Value& value);
  void check_keys(const Value& value);
  std::optional<Allow> allow(const Value& value);
  void provider(const Value& value, Rule& rule);
  void operation_list(const Value& value, Rule& rule);
  void operation(const Value& value, Rule& rule);
  void owner(const Value& value, Rule& rule);
  void groups(const Value& value, Rule& rule);
  void group_list(const Value& value, Rule& rule);
  std::optional<catalog::ColumnId> column(std::string_view name, const base::Span& place);
  std::optional<policy::RowCondition> condition(const Value& value, std::string_view key);
  void check_new(const Rule& rule, const Value& value);
  bool word(const Value& value, std::string_view what, Words known);
  std::optional<std::string> text(const Value& value, std::string_view key);
  const Value* member(const Value& object, std::string_view key) const;

  void error(const base::Span& place, std::string message, std::string help = {}) {
    ok_ = false;
    diagnostics_.error(base::code::overlay_invalid_rule, std::move(message), place, std::move(help));
  }
  void error(const Value& value, std::string message, std::string help = {}) {
    error(file_.span(value), std::move(message), std::move(help));
  }

  const OverlayFile& file_;
  const RuleSubject& subject_;
  base::Diagnostics& diagnostics_;
  std::vector<Rule> rules_;
  bool ok_ = true;
};

std::optional<std::vector<Rule>> RuleReader::read(const graphql::Directive& auth) {
  ok_ = check_arguments(file_, auth, {"rules"}, base::code::overlay_invalid_rule, diagnostics_);
  const Value* rules = file_.argument(auth, "rules");
  if (rules == nullptr) {
    error(file_.span(auth), "@auth needs rules.", "write: @auth(rules: [{ allow: public }])");
    return std::nullopt;
  }
  const auto all = file_.items(*rules);
  if (all.empty())
    error(*rules, "The list of rules is empty.",
          subject_.kind == Subject::field   ? "leave @auth out to let the rules of the model hold"
          : subject_.kind == Subject::model ? "leave @auth out to keep the model closed"
                                            : "name those who may use it");
  for (const Value* value : all) rule(*value);
  if (!ok_) return std::nullopt;
  return std::move(rules_);
}

const Value* RuleReader::member(const Value& object, std::string_view key) const {
  for (std::uint32_t i = 0; i < object.children.count; ++i) {
    const graphql::ObjectField& field = file_.document().object_fields[object.children.first + i];
    if (field.name.text == key) return &file_.value(field.value);
  }
  return nullptr;
}

// Each key is known and given once.
void RuleReader::check_keys(const Value& value) {
  const auto& fields = file_.document().object_fields;
  for (std::uint32_t i = 0; i < value.children.count; ++i) {
    const graphql::Name& name = fields[value.children.first + i].name;
    for (std::uint32_t j = 0; j < i; ++j)
      if (fields[value.children.first + j].name.text == name.text)
        error(file_.span(name), fmt::format("{} is given twice.", name.text));
    if (std::ranges::find(rule_keys, name.text) == rule_keys.end())
      error(file_.span(name), fmt::format("A rule has no {}.", name.text),
            base::did_you_mean(name.text, rule_keys));
  }
}

void RuleReader::rule(const Value& value) {
  if (value.kind != ValueKind::object)
    return error(value, "A rule is an object such as { allow: public, operations: [read] }.");
  check_keys(value);
  const Value* whom = member(value, "allow");
  if (whom == nullptr) return error(value, "The rule does not say whom it allows.", "add allow: public");
  const auto allow = this->allow(*whom);
  if (!allow) return;
  Rule rule{.allow = *allow,
            .provider = allowance(*allow).providers.front(),
            .source = file_.source(),
            .offset = value.offset};
  for (const std::string_view key : {"ownerField", "identityClaim", "groups", "groupsField", "groupClaim"})
    if (const Value* given = member(value, key);
        given != nullptr && std::ranges::find(allowance(*allow).keys, key) == allowance(*allow).keys.end())
      error(*given, fmt::format("{} means nothing with allow: {}.", key, whom->text));
  if (const Value* given = member(value, "provider")) provider(*given, rule);
  if (const Value* given = member(value, "operations")) operation_list(*given, rule);
  if (*allow == Allow::owner) owner(value, rule);
  if (*allow == Allow::groups) groups(value, rule);
  if (const Value* given = member(value, "where")) rule.where = condition(*given, "where");
  if (const Value* given = member(value, "check")) rule.check = condition(*given, "check");
  check_new(rule, value);
  rules_.push_back(std::move(rule));
}

std::optional<Allow> RuleReader::allow(const Value& value) {
  if (!word(value, "allow", allowed)) return std::nullopt;
  const auto allow = static_cast<Allow>(std::ranges::find(allowed, value.text) - allowed.begin());
  if (allow != Allow::owner || subject_.kind != Subject::operation) return allow;
  error(value, "An operation of your own has no rows that somebody could own.",
        "use private, groups, public or custom, and let the statement compare a claim that is passed to it");
  return std::nullopt;
}

void RuleReader::provider(const Value& value, Rule& rule) {
  if (!word(value, "provider", providers)) return;
  rule.provider = *policy::parse_provider(value.text);
  const std::vector<Provider>& possible = allowance(rule.allow).providers;
  if (std::ranges::find(possible, rule.provider) != possible.end()) return;
  std::vector<std::string_view> names;
  for (const Provider one : possible) names.push_back(policy::name(one));
  error(value,
        fmt::format("allow: {} cannot be given by {}.", allowed[static_cast<std::size_t>(rule.allow)],
                    value.text),
        fmt::format("its provider is {}", fmt::join(names, " or ")));
}

void RuleReader::operation_list(const Value& value, Rule& rule) {
  if (subject_.kind == Subject::operation)
    return error(value, "An operation of your own is allowed or not: its rules have no operations.",
                 "leave operations out");
  rule.operations = {};
  const auto all = file_.items(value);
  if (all.empty())
    error(value, "The list of operations is empty.", "leave operations out to allow all of them");
  const auto names = [&](std::string_view text) {
    return std::ranges::any_of(all, [&](const Value* item) { return item->text == text; });
  };
  for (const Value* item : all) operation(*item, rule);
  if (names("read") && (names("get") || names("list") || names("listen")))
    error(value, "read already means get, list and listen.", "write read alone, or the others without it");
}

void RuleReader::operation(const Value& value, Rule& rule) {
  if (!word(value, "an operation", operations)) return;
  const std::string_view name = value.text;
  if (name == "sync" || name == "search")
    return error(value, fmt::format("The operation {} is not supported for SQL databases.", name));
  if (name == "read") return rule.operations.add(Operations::read());
  constexpr auto single = std::to_array<std::pair<std::string_view, Operation>>({
      {"get", Operation::get},
      {"list", Operation::list},
      {"listen", Operation::listen},
      {"create", Operation::create},
      {"update", Operation::update},
      {"delete", Operation::remove},
  });
  const auto* found = std::ranges::find(single, name, &std::pair<std::string_view, Operation>::first);
  const bool reads = Operations::read().has(found->second);
  if (subject_.kind == Subject::field && reads)
    return error(value, fmt::format("The rules of a field do not tell {} from other reading.", name),
                 "write read");
  rule.operations.add(found->second);
}

// Whether a column can hold an identity or the name of a group, or several of them.
bool holds_names(const catalog::ColumnType& type) {
  using catalog::TypeKind;
  switch (type.kind) {
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
    case TypeKind::uuid:
    case TypeKind::name:
    case TypeKind::json:
    case TypeKind::jsonb:
    case TypeKind::enumeration:
      return true;
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
      return !type.is_array();
    default:
      return false;
  }
}

std::optional<catalog::ColumnId> RuleReader::column(std::string_view name, const base::Span& place) {
  const catalog::Catalog& catalog = *subject_.catalog;
  const std::string& model = catalog[subject_.table].model_name;
  const auto found = catalog.find_field(subject_.table, name);
  if (found) {
    if (holds_names(catalog[*found].type)) return found;
    error(place, fmt::format("{}.{} ({}) cannot hold a name.", model, name, catalog[*found].type.native),
          "name a field of text, or a list of such");
    return std::nullopt;
  }
  std::vector<std::string_view> fields;
  for (const catalog::ColumnId id : catalog[subject_.table].columns)
    if (!catalog[id].field_name.empty() && !catalog[id].ignored) fields.push_back(catalog[id].field_name);
  error(place, fmt::format("{} has no field {}.", model, name), base::did_you_mean(name, fields));
  return std::nullopt;
}

void RuleReader::owner(const Value& value, Rule& rule) {
  const Value* field = member(value, "ownerField");
  std::optional<std::string> name = "owner";
  if (field != nullptr) name = text(*field, "ownerField");
  if (name) rule.field = column(*name, file_.span(field != nullptr ? *field : value));
  const Value* claim = member(value, "identityClaim");
  if (claim == nullptr) return;
  const auto given = text(*claim, "identityClaim");
  // The default, written out.
  if (!given || *given == "sub::username") return;
  for (std::size_t at = 0; at <= given->size();) {
    const std::size_t end = std::min(given->find("::", at), given->size());
    rule.identity_claims.push_back(given->substr(at, end - at));
    if (rule.identity_claims.back().empty())
      error(*claim, "identityClaim is the name of a claim, or several with :: between them.");
    at = end + 2;
  }
}

void RuleReader::groups(const Value& value, Rule& rule) {
  const Value* field = member(value, "groupsField");
  const Value* names = member(value, "groups");
  if (field != nullptr && subject_.kind == Subject::operation)
    error(*field, "An operation of your own has no rows with a field of groups.", "write groups: [\"…\"]");
  else if (field != nullptr && names != nullptr)
    error(*field, "A rule has groups or groupsField, not both.", "write two rules");
  else if (field == nullptr && names == nullptr)
    error(value, "The rule does not say which groups.", "add groups: [\"…\"], or groupsField: \"…\"");
  else if (names != nullptr)
    group_list(*names, rule);
  else if (const auto name = text(*field, "groupsField"))
    rule.field = column(*name, file_.span(*field));
  if (const Value* claim = member(value, "groupClaim"))
    if (auto given = text(*claim, "groupClaim")) rule.group_claim = *std::move(given);
}

void RuleReader::group_list(const Value& value, Rule& rule) {
  const auto all = file_.items(value);
  if (all.empty()) error(value, "The list of groups is empty.", "name a group");
  for (const Value* item : all)
    if (auto name = text(*item, "a group")) rule.groups.push_back(*std::move(name));
}

std::optional<policy::RowCondition> RuleReader::condition(const Value& value, std::string_view key) {
  if (subject_.kind == Subject::operation) {
    error(value, fmt::format("An operation of your own has no rows for {}.", key),
          "let the statement choose its rows");
    return std::nullopt;
  }
  if (value.kind != ValueKind::object) {
    error(value, fmt::format("{} is a filter of the model.", key),
          fmt::format("write, for example: {}: {{ status: {{ eq: \"published\" }} }}", key));
    return std::nullopt;
  }
  const auto id = static_cast<graphql::ValueId>(&value - file_.document().values.data());
  policy::RowCondition condition{.text = {}, .source = file_.source(), .offset = value.offset};
  graphql::append_value(condition.text, file_.document(), id, graphql::BlockStrings::as_strings);
  return condition;
}

std::string describe(const Rule& rule) {
  switch (rule.allow) {
    case Allow::everyone:
      return rule.provider == Provider::api_key ? "the API key" : "guests";
    case Allow::signed_in:
      return fmt::format("whoever is signed in ({})", policy::name(rule.provider));
    case Allow::owner:
      return fmt::format("this owner ({})", policy::name(rule.provider));
    case Allow::groups:
      return rule.field ? "these groups" : fmt::format("the group {}", fmt::join(rule.groups, ", "));
    case Allow::custom:
      return "whom the authorizer lets pass";
  }
  return {};
}

// Two rules for one role would read as if the second took something away.
void RuleReader::check_new(const Rule& rule, const Value& value) {
  const auto is_same = [&](const Rule& other) {
    return other.allow == rule.allow && other.provider == rule.provider && other.field == rule.field &&
           other.groups == rule.groups && other.identity_claims == rule.identity_claims &&
           other.group_claim == rule.group_claim && !other.where && !rule.where && !other.check &&
           !rule.check;
  };
  if (std::ranges::none_of(rules_, is_same)) return;
  constexpr std::string_view subjects[] = {"model", "field", "operation"};
  error(value,
        fmt::format("The {} has a rule for {} already.", subjects[static_cast<std::size_t>(subject_.kind)],
                    describe(rule)),
        subject_.kind == Subject::operation ? "leave one of them out" : "put all operations into one rule");
}

std::optional<std::string> RuleReader::text(const Value& value, std::string_view key) {
  if (value.kind == ValueKind::string && !value.text.empty()) return std::string(value.text);
  error(value, fmt::format("Expected {} as a text in quotes.", key));
  return std::nullopt;
}

// Whether the value is one of the known words; says so when it is not.
bool RuleReader::word(const Value& value, std::string_view what, Words known) {
  if (value.kind == ValueKind::enum_ && std::ranges::find(known, value.text) != known.end()) return true;
  if (value.kind == ValueKind::enum_) {
    error(value, fmt::format("{} is not known as {}.", value.text, what),
          base::did_you_mean(value.text, known));
  } else {
    error(value,
          fmt::format("Expected {} as a word without quotes: one of {}.", what, fmt::join(known, ", ")));
  }
  return false;
}

}  // namespace

std::optional<std::vector<Rule>> read_rules(const OverlayFile& file, const graphql::Directive& auth,
                                            const RuleSubject& subject, base::Diagnostics& diagnostics) {
  return RuleReader(file, subject, diagnostics).read(auth);
}

}  // namespace tenon::api
