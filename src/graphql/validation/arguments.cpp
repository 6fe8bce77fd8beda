// Section 5.4 "Arguments", of fields and of directives.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "graphql/validation/rules.h"

namespace tenon::graphql::validation {

namespace {

// Something with arguments, and what the schema says about it.
struct Call {
  Range arguments;
  IdRange<InputValueId> definitions;
  Offset offset = 0;
};

// Calls visit(call, what the schema says) for everything it knows.
template <class Visit>
void for_each_known_field(const Context& context, Visit visit) {
  for (std::uint32_t row = 0; row < context.document.selections.size(); ++row) {
    const Selection& field = context.document.selections[row];
    const SelectionTypes& types = context.annotations.selections[row];
    if (!types.field) continue;
    visit(Call{field.arguments, context.schema[*types.field].arguments, field.offset}, types);
  }
}

template <class Visit>
void for_each_known_directive(const Context& context, Visit visit) {
  for (std::uint32_t row = 0; row < context.document.directives.size(); ++row) {
    const Directive& directive = context.document.directives[row];
    const DirectiveUse& use = context.annotations.directives[row];
    if (!use.location || !use.definition) continue;
    const DirectiveDefinition& definition = context.schema[*use.definition];
    visit(Call{directive.arguments, definition.arguments, directive.offset}, definition);
  }
}

// `owner` names the field or directive in a message and is called for an error alone.
template <class Owner>
void report_unknown(Context& context, const Call& call, Owner owner) {
  for (std::uint32_t row = call.arguments.first; row < call.arguments.first + call.arguments.count; ++row) {
    if (context.annotations.arguments[row] || context.is_full()) continue;
    const Name& name = context.document.arguments[row].name;
    std::vector<std::string_view> options;
    for (const InputValueId definition : call.definitions)
      if (context.schema.shows(definition)) options.push_back(context.schema[definition].name);
    context.report(fmt::format("Unknown argument \"{}\" on {}.{}", name.text, owner(),
                               context.did_you_mean(name.text, options)),
                   {name.offset});
  }
}

template <class Owner>
void report_missing(Context& context, const Call& call, Owner owner) {
  for (const InputValueId id : call.definitions) {
    const InputValue& definition = context.schema[id];
    if (!definition.is_required()) continue;
    const auto given = context.annotations.arguments.begin() + call.arguments.first;
    if (std::find(given, given + call.arguments.count, id) != given + call.arguments.count) continue;
    context.report(fmt::format("{} argument \"{}\" of type \"{}\" is required, but it was not provided.",
                               owner(), definition.name, context.schema.to_string(definition.type)),
                   {call.offset});
  }
}

void report_repeated(Context& context, Range arguments) {
  if (arguments.count < 2) return;
  std::unordered_map<std::string_view, std::vector<Offset>> places;
  for (std::uint32_t row = arguments.first; row < arguments.first + arguments.count; ++row) {
    const Name& name = context.document.arguments[row].name;
    places[name.text].push_back(name.offset);
  }
  if (places.size() == arguments.count) return;
  for (const auto& [name, offsets] : places) {
    if (offsets.size() < 2) continue;
    context.report(fmt::format("There can be only one argument named \"{}\".", name), offsets);
  }
}

}  // namespace

void known_argument_names(Context& context) {
  for_each_known_field(context, [&](const Call& call, const SelectionTypes& types) {
    report_unknown(context, call, [&] {
      return fmt::format("field \"{}.{}\"", context.schema[*types.parent].name,
                         context.schema[*types.field].name);
    });
  });
  for_each_known_directive(context, [&](const Call& call, const DirectiveDefinition& definition) {
    report_unknown(context, call, [&] { return fmt::format("directive \"@{}\"", definition.name); });
  });
}

void provided_required_arguments(Context& context) {
  for_each_known_field(context, [&](const Call& call, const SelectionTypes& types) {
    report_missing(context, call,
                   [&] { return fmt::format("Field \"{}\"", context.schema[*types.field].name); });
  });
  for_each_known_directive(context, [&](const Call& call, const DirectiveDefinition& definition) {
    report_missing(context, call, [&] { return fmt::format("Directive \"@{}\"", definition.name); });
  });
}

void unique_argument_names(Context& context) {
  for (const Selection& selection : context.document.selections)
    report_repeated(context, selection.arguments);
  for (std::uint32_t row = 0; row < context.document.directives.size(); ++row) {
    if (!context.annotations.directives[row].location) continue;
    report_repeated(context, context.document.directives[row].arguments);
  }
}

}  // namespace tenon::graphql::validation
