// Sections 5.3.1 "Field Selections" and 5.3.3 "Leaf Field Selections".
#include <algorithm>

#include <fmt/format.h>

#include "graphql/validation/rules.h"
#include "graphql/validation/suggestion.h"

namespace tenon::graphql::validation {

namespace {

// Types that a fragment could be written on to select `name` where only `type` is known: those most of its
// possible types share first.
std::vector<std::string_view> types_with_field(const Schema& schema, TypeId type, std::string_view name) {
  struct Candidate {
    std::string_view name;
    std::uint32_t uses = 0;
    std::size_t number = 0;  // in the order found
  };
  std::vector<Candidate> found;
  const auto count = [&](TypeId candidate) {
    if (!schema.find_field(candidate, name)) return;
    const std::string_view candidate_name = schema[candidate].name;
    auto at = std::ranges::find(found, candidate_name, &Candidate::name);
    if (at == found.end()) at = found.insert(at, {.name = candidate_name, .number = found.size()});
    ++at->uses;
  };
  for (const TypeId possible : schema[type].possible_types) {
    if (!schema.find_field(possible, name)) continue;
    for (const TypeId interface : schema[possible].interfaces) count(interface);
    count(possible);
  }
  std::ranges::sort(found, [](const Candidate& a, const Candidate& b) {
    return a.uses != b.uses ? a.uses > b.uses : a.number < b.number;
  });
  std::vector<std::string_view> names;
  for (const Candidate& candidate : found) names.push_back(candidate.name);
  return names;
}

std::string suggest_field(Context& context, TypeId type, std::string_view name) {
  const Type& parent = context.schema[type];
  if (parent.kind != TypeKind::object) {
    const std::vector<std::string_view> types = types_with_field(context.schema, type, name);
    if (!types.empty()) return did_you_mean(types, "to use an inline fragment on");
  }
  std::vector<std::string_view> options;
  for (const FieldId field : parent.fields)
    if (context.schema.shows(field)) options.push_back(context.schema[field].name);
  return context.did_you_mean(name, options);
}

}  // namespace

void fields_on_correct_type(Context& context) {
  for (std::uint32_t row = 0; row < context.document.selections.size(); ++row) {
    const Selection& selection = context.document.selections[row];
    const SelectionTypes& types = context.annotations.selections[row];
    if (selection.kind != SelectionKind::field || !types.parent || types.field) continue;
    if (context.is_full()) return;
    context.report(fmt::format("Cannot query field \"{}\" on type \"{}\".{}", selection.name.text,
                               context.schema[*types.parent].name,
                               suggest_field(context, *types.parent, selection.name.text)),
                   {selection.offset});
  }
}

void scalar_leafs(Context& context) {
  for (std::uint32_t row = 0; row < context.document.selections.size(); ++row) {
    const Selection& selection = context.document.selections[row];
    const SelectionTypes& types = context.annotations.selections[row];
    if (selection.kind != SelectionKind::field || !types.type) continue;
    const bool is_leaf = context.schema[types.type->named()].is_leaf();
    if (is_leaf && selection.has_selection_set) {
      context.report(fmt::format("Field \"{}\" must not have a selection since type \"{}\" has no subfields.",
                                 selection.name.text, context.schema.to_string(*types.type)),
                     {selection.selection_set});
    } else if (!is_leaf && !selection.has_selection_set) {
      context.report(
          fmt::format("Field \"{0}\" of type \"{1}\" must have a selection of subfields. Did you mean "
                      "\"{0} {{ ... }}\"?",
                      selection.name.text, context.schema.to_string(*types.type)),
          {selection.offset});
    }
  }
}

}  // namespace tenon::graphql::validation
