// The rules of section 5, each a function that reports what it finds. One file holds one section's.
#pragma once

#include "graphql/validation/context.h"

namespace tenon::graphql::validation {

// limits.cpp: the operator's limits, before anything whose work they bound
void selection_depth(Context& context);
void root_fields(Context& context);
void aliases_of_one_field(Context& context);
void directives_per_place(Context& context);
void introspection_depth(Context& context);

// operations.cpp: 5.1 and 5.2
void executable_definitions(Context& context);
void unique_operation_names(Context& context);
void lone_anonymous_operation(Context& context);
void single_field_subscriptions(Context& context);

// fields.cpp: 5.3.1 and 5.3.3
void fields_on_correct_type(Context& context);
void scalar_leafs(Context& context);

// overlapping_fields.cpp: 5.3.2
void overlapping_fields_can_be_merged(Context& context);

// arguments.cpp: 5.4
void known_argument_names(Context& context);
void unique_argument_names(Context& context);
void provided_required_arguments(Context& context);

// fragments.cpp: 5.5
void unique_fragment_names(Context& context);
void fragments_on_composite_types(Context& context);
void known_fragment_names(Context& context);
void no_unused_fragments(Context& context);
void no_fragment_cycles(Context& context);
void possible_fragment_spreads(Context& context);

// types.cpp: 5.5.1.2 and 5.8.2
void known_type_names(Context& context);

// values.cpp: 5.6
void values_of_correct_type(Context& context);
void unique_input_field_names(Context& context);

// directives.cpp: 5.7
void known_directives(Context& context);
void unique_directives_per_location(Context& context);

// variables.cpp: 5.8
void unique_variable_names(Context& context);
void variables_are_input_types(Context& context);
void no_undefined_variables(Context& context);
void no_unused_variables(Context& context);
void variables_in_allowed_position(Context& context);

}  // namespace tenon::graphql::validation
