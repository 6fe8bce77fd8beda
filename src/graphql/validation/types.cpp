// Section 5.5.1.2 "Fragment Spread Type Existence", and the same for variables.
#include <fmt/format.h>

#include "graphql/validation/rules.h"

namespace tenon::graphql::validation {

namespace {

void check_name(Context& context, const Name& name) {
  if (name.text.empty() || context.schema.find_type(name.text) || context.is_full()) return;
  std::vector<std::string_view> options;
  for (std::uint32_t i = 0; i < context.schema.type_count(); ++i) {
    if (!context.schema[TypeId{i}].unused && context.schema.shows(TypeId{i}))
      options.push_back(context.schema[TypeId{i}].name);
  }
  context.report(fmt::format("Unknown type \"{}\".{}", name.text, context.did_you_mean(name.text, options)),
                 {name.offset});
}

}  // namespace

void known_type_names(Context& context) {
  for (const VariableDefinition& variable : context.document.variables) {
    check_name(context, context.document.types[variable.type].name);
  }
  for (const FragmentDefinition& fragment : context.document.fragments)
    check_name(context, fragment.condition);
  for (const Selection& selection : context.document.selections) check_name(context, selection.condition);
}

}  // namespace tenon::graphql::validation
