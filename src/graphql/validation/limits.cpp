// The operator's limits on a document (base::DocumentLimits), and the depth of lists in introspection, which
// graphql-js checks as MaxIntrospectionDepthRule.
#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/format.h>

#include "graphql/validation/rules.h"

namespace tenon::graphql::validation {

namespace {

bool is_introspection_root(std::string_view name) { return name == "__schema" || name == "__type"; }

// The deepest field below a list of selections, through fragments. A fragment is measured once; one that
// contains itself counts nothing there and is refused by its own rule.
class DepthMeter {
 public:
  explicit DepthMeter(const Context& context)
      : context_(context), of_fragment_(context.document.fragments.size(), unknown) {}

  std::uint32_t below(Range selections) {
    std::uint32_t deepest = 0;
    for (std::uint32_t row = selections.first; row < selections.first + selections.count; ++row)
      deepest = std::max(deepest, of(context_.document.selections[row]));
    return deepest;
  }

 private:
  static constexpr std::uint32_t unknown = static_cast<std::uint32_t>(-1);

  std::uint32_t of(const Selection& selection) {
    switch (selection.kind) {
      case SelectionKind::field:
        // The depth of introspection has a rule of its own.
        return is_introspection_root(selection.name.text) ? 1 : 1 + below(selection.selections);
      case SelectionKind::inline_fragment:
        return below(selection.selections);
      case SelectionKind::fragment_spread:
        return of_spread(selection);
    }
    return 0;
  }

  std::uint32_t of_spread(const Selection& selection) {
    const auto found = context_.annotations.fragment_by_name.find(selection.name.text);
    if (found == context_.annotations.fragment_by_name.end()) return 0;
    const std::uint32_t fragment = found->second;
    if (of_fragment_[fragment] != unknown) return of_fragment_[fragment];
    of_fragment_[fragment] = 0;
    return of_fragment_[fragment] = below(context_.document.fragments[fragment].selections);
  }

  const Context& context_;
  std::vector<std::uint32_t> of_fragment_;
};

void report_aliases(Context& context, Range selections) {
  if (selections.count <= context.limits.aliases_of_one_field_max) return;
  std::unordered_map<std::string_view, std::uint32_t> uses;
  for (std::uint32_t row = selections.first; row < selections.first + selections.count; ++row) {
    const Selection& selection = context.document.selections[row];
    if (selection.kind != SelectionKind::field) continue;
    if (++uses[selection.name.text] != context.limits.aliases_of_one_field_max + 1) continue;
    context.report(fmt::format("The field \"{}\" is selected more than {} times in one place.",
                               selection.name.text, context.limits.aliases_of_one_field_max),
                   {selection.offset}, code::too_many_aliases);
  }
}

}  // namespace

void selection_depth(Context& context) {
  DepthMeter meter(context);
  for (const OperationDefinition& operation : context.document.operations) {
    const std::uint32_t depth = meter.below(operation.selections);
    if (depth <= context.limits.selection_depth_max) continue;
    context.report(fmt::format("The operation is {} fields deep; at most {} are allowed.", depth,
                               context.limits.selection_depth_max),
                   {operation.offset}, code::query_too_deep);
  }
  // One that no operation reaches is compared with the others all the same.
  for (const FragmentDefinition& fragment : context.document.fragments) {
    if (context.has_errors()) return;
    const std::uint32_t depth = meter.below(fragment.selections);
    if (depth <= context.limits.selection_depth_max) continue;
    context.report(fmt::format("The fragment \"{}\" is {} fields deep; at most {} are allowed.",
                               fragment.name.text, depth, context.limits.selection_depth_max),
                   {fragment.offset}, code::query_too_deep);
  }
}

void root_fields(Context& context) {
  for (const OperationDefinition& operation : context.document.operations) {
    std::uint32_t count = 0;
    for_each_top_field(
        context, operation.selections,
        [&](std::uint32_t) { return ++count <= context.limits.root_fields_max; },
        [](std::uint32_t) { return true; });
    if (count <= context.limits.root_fields_max) continue;
    context.report(fmt::format("The operation has more than {} root fields.", context.limits.root_fields_max),
                   {operation.offset}, code::query_too_complex);
  }
}

void aliases_of_one_field(Context& context) {
  for (const OperationDefinition& operation : context.document.operations)
    report_aliases(context, operation.selections);
  for (const FragmentDefinition& fragment : context.document.fragments)
    report_aliases(context, fragment.selections);
  for (const Selection& selection : context.document.selections)
    report_aliases(context, selection.selections);
}

void directives_per_place(Context& context) {
  const auto check = [&](Range directives, Offset place) {
    if (directives.count <= context.limits.directives_per_place_max) return;
    context.report(fmt::format("There are {} directives in one place; at most {} are allowed.",
                               directives.count, context.limits.directives_per_place_max),
                   {place}, code::query_too_complex);
  };
  for (const OperationDefinition& operation : context.document.operations)
    check(operation.directives, operation.offset);
  for (const VariableDefinition& variable : context.document.variables)
    check(variable.directives, variable.offset);
  for (const FragmentDefinition& fragment : context.document.fragments)
    check(fragment.directives, fragment.offset);
  for (const Selection& selection : context.document.selections)
    check(selection.directives, selection.offset);
}

namespace {

constexpr std::array<std::string_view, 4> introspection_lists{"fields", "interfaces", "possibleTypes",
                                                              "inputFields"};

// Whether lists of introspection are nested too deeply below a field: the schema of a service refers to
// itself, so each level multiplies the answer.
class IntrospectionMeter {
 public:
  explicit IntrospectionMeter(const Context& context)
      : context_(context),
        lists_max_(context.limits.introspection_list_depth_max),
        safe_at_(context.document.fragments.size(), lists_max_) {}

  bool too_deep(const Selection& selection, std::uint32_t lists) {
    if (selection.kind == SelectionKind::fragment_spread) return fragment_too_deep(selection, lists);
    const bool is_list =
        selection.kind == SelectionKind::field &&
        std::ranges::find(introspection_lists, selection.name.text) != introspection_lists.end();
    if (is_list && ++lists >= lists_max_) return true;
    return any_too_deep(selection.selections, lists);
  }

 private:
  bool any_too_deep(Range selections, std::uint32_t lists) {
    for (std::uint32_t row = selections.first; row < selections.first + selections.count; ++row)
      if (too_deep(context_.document.selections[row], lists)) return true;
    return false;
  }

  // A fragment that was looked into at `lists` or deeper already, and found harmless, is not looked into
  // again; a cycle ends that way too.
  bool fragment_too_deep(const Selection& spread, std::uint32_t lists) {
    const auto found = context_.annotations.fragment_by_name.find(spread.name.text);
    if (found == context_.annotations.fragment_by_name.end()) return false;
    const std::uint32_t fragment = found->second;
    if (safe_at_[fragment] != lists_max_ && safe_at_[fragment] >= lists) return false;
    safe_at_[fragment] = lists;
    return any_too_deep(context_.document.fragments[fragment].selections, lists);
  }

  const Context& context_;
  std::uint32_t lists_max_;
  std::vector<std::uint32_t> safe_at_;  // lists_max_: not looked into yet
};

}  // namespace

void introspection_depth(Context& context) {
  for (const Selection& selection : context.document.selections) {
    if (selection.kind != SelectionKind::field || !is_introspection_root(selection.name.text)) continue;
    if (!IntrospectionMeter(context).too_deep(selection, 0)) continue;
    context.report("Maximum introspection depth exceeded", {selection.offset});
  }
}

}  // namespace tenon::graphql::validation
