#include "graphql/validation.h"
#include "graphql/validation/rules.h"

namespace tenon::graphql {

namespace {

using Rule = void (*)(validation::Context&);

constexpr Rule limit_rules[] = {
    validation::directives_per_place,
    validation::aliases_of_one_field,
    validation::selection_depth,
    validation::root_fields,
};

constexpr Rule rules[] = {
    validation::executable_definitions,
    validation::unique_operation_names,
    validation::lone_anonymous_operation,
    validation::single_field_subscriptions,
    validation::known_type_names,
    validation::fragments_on_composite_types,
    validation::variables_are_input_types,
    validation::scalar_leafs,
    validation::fields_on_correct_type,
    validation::unique_fragment_names,
    validation::known_fragment_names,
    validation::no_unused_fragments,
    validation::possible_fragment_spreads,
    validation::no_fragment_cycles,
    validation::unique_variable_names,
    validation::no_undefined_variables,
    validation::no_unused_variables,
    validation::known_directives,
    validation::unique_directives_per_location,
    validation::known_argument_names,
    validation::unique_argument_names,
    validation::values_of_correct_type,
    validation::provided_required_arguments,
    validation::variables_in_allowed_position,
    validation::overlapping_fields_can_be_merged,
    validation::unique_input_field_names,
    validation::introspection_depth,
};

}  // namespace

Errors validate(const Schema& schema, const Document& document, const base::DocumentLimits& limits) {
  validation::Context context(schema, document, limits);
  for (const Rule rule : limit_rules) rule(context);
  if (context.has_errors()) return context.take_errors();
  for (const Rule rule : rules) {
    rule(context);
    if (context.is_full()) break;
  }
  return context.take_errors();
}

}  // namespace tenon::graphql
