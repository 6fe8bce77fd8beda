// Section 5.8 "Variables".
#include <unordered_map>

#include <fmt/format.h>

#include "graphql/validation/rules.h"

namespace tenon::graphql::validation {

namespace {

// Rows of Document::variables of one operation, by name; the last one of a name, as in graphql-js.
using VariablesByName = std::unordered_map<std::string_view, std::uint32_t>;

VariablesByName variables_of(const Context& context, const OperationDefinition& operation) {
  VariablesByName rows;
  for (std::uint32_t i = 0; i < operation.variables.count; ++i) {
    const std::uint32_t row = operation.variables.first + i;
    rows.insert_or_assign(context.document.variables[row].name.text, row);
  }
  return rows;
}

// Calls visit(use) for every occurrence of a variable in an operation and the fragments it reaches.
template <class Visit>
void for_each_use(const Context& context, std::uint32_t operation, Visit visit) {
  const auto visit_all = [&](const Scope& scope) {
    for (std::uint32_t i = 0; i < scope.variable_uses.count; ++i)
      visit(context.annotations.variable_uses[scope.variable_uses.first + i]);
  };
  visit_all(context.annotations.operations[operation]);
  for (const std::uint32_t fragment : context.fragments_of(operation))
    visit_all(context.annotations.fragments[fragment]);
}

std::string in_operation(const OperationDefinition& operation, std::string_view what) {
  return operation.name.text.empty() ? std::string()
                                     : fmt::format(" {} operation \"{}\"", what, operation.name.text);
}

// Section 5.8.5, IsVariableUsageAllowed. A default of its own or of the place makes up for a null.
bool is_allowed(const Schema& schema, TypeReference variable, bool has_non_null_default,
                const VariableUse& use) {
  TypeReference place = *use.type;
  if (place.is_non_null() && !variable.is_non_null()) {
    if (!has_non_null_default && !use.has_default) return false;
    place = place.inner();
  }
  return schema.is_subtype(variable, place);
}

}  // namespace

void unique_variable_names(Context& context) {
  for (const OperationDefinition& operation : context.document.operations) {
    std::unordered_map<std::string_view, std::vector<Offset>> places;
    for (std::uint32_t i = 0; i < operation.variables.count; ++i) {
      const Name& name = context.document.variables[operation.variables.first + i].name;
      places[name.text].push_back(name.offset);
    }
    for (const auto& [name, offsets] : places)
      if (offsets.size() > 1)
        context.report(fmt::format("There can be only one variable named \"${}\".", name), offsets);
  }
}

void variables_are_input_types(Context& context) {
  for (std::uint32_t row = 0; row < context.document.variables.size(); ++row) {
    const std::optional<TypeReference> type = context.annotations.variables[row];
    if (!type || context.schema[type->named()].is_input()) continue;
    const VariableDefinition& definition = context.document.variables[row];
    context.report(fmt::format("Variable \"${}\" cannot be non-input type \"{}\".", definition.name.text,
                               context.schema.to_string(*type)),
                   {context.document.types[definition.type].offset});
  }
}

void no_undefined_variables(Context& context) {
  for (std::uint32_t i = 0; i < context.document.operations.size(); ++i) {
    const OperationDefinition& operation = context.document.operations[i];
    const VariablesByName defined = variables_of(context, operation);
    for_each_use(context, i, [&](const VariableUse& use) {
      const Value& value = context.document.values[use.value];
      if (defined.contains(value.text) || context.is_full()) return;
      context.report(
          fmt::format("Variable \"${}\" is not defined{}.", value.text, in_operation(operation, "by")),
          {value.offset, operation.offset});
    });
  }
}

void no_unused_variables(Context& context) {
  for (std::uint32_t i = 0; i < context.document.operations.size(); ++i) {
    const OperationDefinition& operation = context.document.operations[i];
    std::unordered_map<std::string_view, bool> used;
    for_each_use(context, i, [&](const VariableUse& use) {
      used.emplace(context.document.values[use.value].text, true);
    });
    for (std::uint32_t at = 0; at < operation.variables.count; ++at) {
      const VariableDefinition& definition = context.document.variables[operation.variables.first + at];
      if (used.contains(definition.name.text)) continue;
      context.report(fmt::format("Variable \"${}\" is never used{}.", definition.name.text,
                                 in_operation(operation, "in")),
                     {definition.offset});
    }
  }
}

void variables_in_allowed_position(Context& context) {
  for (std::uint32_t i = 0; i < context.document.operations.size(); ++i) {
    const VariablesByName defined = variables_of(context, context.document.operations[i]);
    for_each_use(context, i, [&](const VariableUse& use) {
      const Value& value = context.document.values[use.value];
      const auto found = defined.find(value.text);
      if (found == defined.end() || !use.type || context.is_full()) return;
      const VariableDefinition& definition = context.document.variables[found->second];
      const std::optional<TypeReference> type = context.annotations.variables[found->second];
      if (!type) return;
      const bool has_non_null_default =
          definition.has_default && context.document.values[definition.default_value].kind != ValueKind::null;
      if (!is_allowed(context.schema, *type, has_non_null_default, use))
        context.report(
            fmt::format("Variable \"${}\" of type \"{}\" used in position expecting type \"{}\".", value.text,
                        context.schema.to_string(*type), context.schema.to_string(*use.type)),
            {definition.offset, value.offset});
      if (use.one_of && !type->is_non_null())
        context.report(
            fmt::format("Variable \"${}\" is of type \"{}\" but must be non-nullable to be used for OneOf "
                        "Input Object \"{}\".",
                        value.text, context.schema.to_string(*type), context.schema[*use.one_of].name),
            {definition.offset, value.offset});
    });
  }
}

}  // namespace tenon::graphql::validation
