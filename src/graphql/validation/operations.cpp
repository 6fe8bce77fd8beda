// Sections 5.1 "Documents" and 5.2 "Operations".
#include <unordered_map>

#include <fmt/format.h>

#include "graphql/validation/rules.h"

namespace tenon::graphql::validation {

void executable_definitions(Context& context) {
  for (const TypeSystemDefinition& definition : context.document.type_system) {
    const std::string name =
        definition.kind == DefinitionKind::schema ? "schema" : fmt::format("\"{}\"", definition.name.text);
    context.report(fmt::format("The {} definition is not executable.", name), {definition.offset});
  }
}

void unique_operation_names(Context& context) {
  std::unordered_map<std::string_view, Offset> seen;
  for (const OperationDefinition& operation : context.document.operations) {
    if (operation.name.text.empty()) continue;
    const auto [first, added] = seen.try_emplace(operation.name.text, operation.name.offset);
    if (added) continue;
    context.report(fmt::format("There can be only one operation named \"{}\".", operation.name.text),
                   {first->second, operation.name.offset});
  }
}

void lone_anonymous_operation(Context& context) {
  if (context.document.operations.size() < 2) return;
  for (const OperationDefinition& operation : context.document.operations) {
    if (!operation.name.text.empty()) continue;
    context.report("This anonymous operation must be the only defined operation.", {operation.offset});
  }
}

namespace {

std::string describe(const OperationDefinition& operation) {
  return operation.name.text.empty() ? "Anonymous Subscription"
                                     : fmt::format("Subscription \"{}\"", operation.name.text);
}

// A root field that may be left out would make "exactly one" depend on variables.
void report_conditions(Context& context, const OperationDefinition& operation, Range directives) {
  for (std::uint32_t row = directives.first; row < directives.first + directives.count; ++row) {
    const Directive& directive = context.document.directives[row];
    if (directive.name.text != "skip" && directive.name.text != "include") continue;
    context.report(fmt::format("{} must not use `@skip` or `@include` directives in the top level selection.",
                               describe(operation)),
                   {directive.offset});
  }
}

void check_subscription(Context& context, const OperationDefinition& operation, TypeId root) {
  struct Key {
    std::string_view name;
    std::vector<Offset> places;
    bool introspection = false;
  };
  std::vector<Key> keys;
  std::unordered_map<std::string_view, std::size_t> index;
  const auto visit = [&](std::uint32_t row) {
    const Selection& field = context.document.selections[row];
    report_conditions(context, operation, field.directives);
    const auto [at, added] = index.try_emplace(field.response_key(), keys.size());
    if (added) keys.push_back({.name = at->first, .introspection = field.name.text.starts_with("__")});
    keys[at->second].places.push_back(field.offset);
    return true;
  };
  const auto enter = [&](std::uint32_t row) {
    const Selection& fragment = context.document.selections[row];
    report_conditions(context, operation, fragment.directives);
    std::string_view condition = fragment.condition.text;
    if (fragment.kind == SelectionKind::fragment_spread) {
      const std::uint32_t target = context.annotations.fragment_by_name.at(fragment.name.text);
      condition = context.document.fragments[target].condition.text;
    }
    if (condition.empty()) return true;
    const std::optional<TypeId> type = context.schema.find_type(condition);
    return type && context.schema.is_possible_type(*type, root);
  };
  for_each_top_field(context, operation.selections, visit, enter);

  std::vector<Offset> extra;
  for (std::size_t i = 1; i < keys.size(); ++i)
    extra.insert(extra.end(), keys[i].places.begin(), keys[i].places.end());
  if (!extra.empty()) {
    context.report(fmt::format("{} must select only one top level field.", describe(operation)), extra);
  }
  for (const Key& key : keys) {
    if (!key.introspection) continue;
    context.report(fmt::format("{} must not select an introspection top level field.", describe(operation)),
                   key.places);
  }
}

}  // namespace

void single_field_subscriptions(Context& context) {
  const std::optional<TypeId> root = context.schema.root(OperationKind::subscription);
  if (!root) return;
  for (const OperationDefinition& operation : context.document.operations) {
    if (operation.kind == OperationKind::subscription) check_subscription(context, operation, *root);
  }
}

}  // namespace tenon::graphql::validation
