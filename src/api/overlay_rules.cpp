#include "api/overlay_rules.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/suggestion.h"

namespace tenon::api {

namespace {

using base::Span;
using graphql::Value;
using graphql::ValueKind;
namespace code = base::code;
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
});
constexpr auto allowed = std::to_array<std::string_view>({"public", "private", "owner", "groups", "custom"});
constexpr auto providers =
    std::to_array<std::string_view>({"apiKey", "iam", "identityPool", "oidc", "userPools", "function"});
constexpr auto operations = std::to_array<std::string_view>(
    {"create", "update", "delete", "read", "get", "list", "listen", "sync", "search"});

class RuleReader {
 public:
  RuleReader(const graphql::Document& document, base::SourceId source, base::Diagnostics& diagnostics)
      : document_(document), source_(source), diagnostics_(diagnostics) {}

  std::optional<ModelAccess> read(const graphql::Directive& auth);

 private:
  void rule(const Value& value);
  void member(const graphql::ObjectField& member, ModelAccess& access);
  void operation_list(const Value& value, ModelAccess& access);
  void operation(const Value& value, ModelAccess& access);
  bool word(const Value& value, std::string_view what, Words known);

  void error(graphql::Offset at, std::size_t size, std::string message, std::string help = {}) {
    ok_ = false;
    diagnostics_.error(code::overlay_invalid_rule, std::move(message),
                       Span{source_, at, at + static_cast<std::uint32_t>(size)}, std::move(help));
  }
  void error(const Value& value, std::string message, std::string help = {}) {
    error(value.offset, std::max<std::size_t>(value.text.size(), 1), std::move(message), std::move(help));
  }
  // Items of a list; a single value counts as a list of one.
  std::vector<const Value*> items(const Value& value) const {
    if (value.kind != ValueKind::list) return {&value};
    std::vector<const Value*> found;
    for (std::uint32_t i = 0; i < value.children.count; ++i)
      found.push_back(&document_.values[document_.list_items[value.children.first + i]]);
    return found;
  }

  const graphql::Document& document_;
  base::SourceId source_;
  base::Diagnostics& diagnostics_;
  ModelAccess access_;
  bool has_rule_ = false;
  bool ok_ = true;
};

std::optional<ModelAccess> RuleReader::read(const graphql::Directive& auth) {
  const Value* rules = nullptr;
  for (std::uint32_t i = 0; i < auth.arguments.count; ++i) {
    const graphql::Argument& argument = document_.arguments[auth.arguments.first + i];
    if (argument.name.text != "rules") {
      error(argument.name.offset, argument.name.text.size(),
            fmt::format("@auth has no argument {}.", argument.name.text), "its one argument is rules");
    } else if (rules != nullptr) {
      error(argument.name.offset, argument.name.text.size(), "rules is given twice.");
    } else {
      rules = &document_.values[argument.value];
    }
  }
  if (rules == nullptr) {
    error(auth.offset, auth.name.text.size() + 1, "@auth needs rules.",
          "write: @auth(rules: [{ allow: public }])");
    return std::nullopt;
  }
  const auto all = items(*rules);
  if (all.empty()) error(*rules, "The list of rules is empty.", "leave @auth out to keep the model closed");
  for (const Value* value : all) rule(*value);
  return ok_ ? std::optional(access_) : std::nullopt;
}

void RuleReader::rule(const Value& value) {
  if (value.kind != ValueKind::object)
    return error(value, "A rule is an object such as { allow: public, operations: [read] }.");
  ModelAccess access = ModelAccess::all();
  bool allows = false;
  for (std::uint32_t i = 0; i < value.children.count; ++i) {
    const graphql::ObjectField& field = document_.object_fields[value.children.first + i];
    for (std::uint32_t j = 0; j < i; ++j)
      if (document_.object_fields[value.children.first + j].name.text == field.name.text)
        error(field.name.offset, field.name.text.size(), fmt::format("{} is given twice.", field.name.text));
    allows = allows || field.name.text == "allow";
    member(field, access);
  }
  if (!allows) error(value, "The rule does not say whom it allows.", "add allow: public");
  if (has_rule_)
    error(value, "The model has a rule for the API key already.", "put all operations into one rule");
  has_rule_ = true;
  access_ = access;
}

void RuleReader::member(const graphql::ObjectField& member, ModelAccess& access) {
  const std::string_view name = member.name.text;
  const Value& value = document_.values[member.value];
  if (name == "operations") return operation_list(value, access);
  if (name == "allow") {
    if (word(value, "allow", allowed) && value.text != "public")
      error(value, fmt::format("allow: {} is not supported yet.", value.text), "only allow: public is");
    return;
  }
  if (name == "provider") {
    if (word(value, "provider", providers) && value.text != "apiKey")
      error(value, fmt::format("provider: {} is not supported yet.", value.text), "only provider: apiKey is");
    return;
  }
  const bool known = std::ranges::find(rule_keys, name) != rule_keys.end();
  error(member.name.offset, name.size(),
        known ? fmt::format("{} is not supported yet.", name) : fmt::format("A rule has no {}.", name),
        known ? "" : base::did_you_mean(name, rule_keys));
}

void RuleReader::operation_list(const Value& value, ModelAccess& access) {
  access = {};
  const auto all = items(value);
  if (all.empty())
    error(value, "The list of operations is empty.", "leave operations out to allow all of them");
  const auto names = [&](std::string_view text) {
    return std::ranges::any_of(all, [&](const Value* item) { return item->text == text; });
  };
  for (const Value* item : all) operation(*item, access);
  if (names("read") && (names("get") || names("list") || names("listen")))
    error(value, "read already means get, list and listen.", "write read alone, or the others without it");
}

void RuleReader::operation(const Value& value, ModelAccess& access) {
  if (!word(value, "an operation", operations)) return;
  const std::string_view name = value.text;
  if (name == "sync" || name == "search")
    return error(value, fmt::format("The operation {} is not supported for SQL databases.", name));
  const bool read = name == "read";
  access.get = access.get || read || name == "get";
  access.list = access.list || read || name == "list";
  access.create = access.create || name == "create";
  access.update = access.update || name == "update";
  access.remove = access.remove || name == "delete";
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

std::optional<ModelAccess> read_rules(const graphql::Document& document, base::SourceId source,
                                      const graphql::Directive& auth, base::Diagnostics& diagnostics) {
  return RuleReader(document, source, diagnostics).read(auth);
}

}  // namespace tenon::api
