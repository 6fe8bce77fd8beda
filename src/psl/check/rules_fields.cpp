#include <fmt/format.h>

#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

void check_support(const RuleContext& context, const Model& model, const ScalarField& field) {
  const std::string_view word = container_word(model);
  const auto refuse = [&](std::string_view type, std::string_view support) {
    context.field_error(
        model, *field.field,
        fmt::format(
            "Field `{}` in {} `{}` can't be of type {}. The current connector does not support the {} "
            "type.",
            field.name(), word, model.name(), type, support));
  };
  if (field.scalar() == Scalar::json) {
    if (!context.has(Capability::json)) refuse("Json", "Json");
    if (field.is_list() && !context.has(Capability::json_lists)) refuse("Json[]", "Json List");
  }
  if (field.scalar() == Scalar::decimal && !context.has(Capability::decimal)) refuse("Decimal", "Decimal");
  if (field.is_list() && !context.has(Capability::scalar_lists))
    context.error(fmt::format("Field \"{}\" in {} \"{}\" can't be a list. The current connector does not "
                              "support lists of primitive types.",
                              field.name(), word, model.name()),
                  field.field->line_span);
}

void check_default_name(const RuleContext& context, const ConstraintNamespace& names, const Model& model,
                        const ScalarField& field) {
  if (!field.default_value) return;
  const std::string name = default_constraint_name(context, field);
  for (const std::string& scope : names.clashes(model, ConstraintKind::field_default, name))
    context.attribute_error(
        "@default",
        fmt::format("The given constraint name `{}` has to be unique in the following namespace: {}. Please "
                    "provide a different name using the `map` argument.",
                    name, scope),
        argument_span(*field.default_value->attribute, "map", field.field->line_span));
}

}  // namespace

void check_client_name(const RuleContext& context, const ConstraintNamespace& names, const Model& model,
                       std::string_view field_name) {
  for (const std::string_view attribute : names.keys_with_client_name(model, field_name))
    context.model_error(
        model,
        fmt::format("The custom name `{}` specified for the `{}` attribute is already used as "
                    "a name for a field. Please choose a different name.",
                    field_name, attribute),
        model.block->span);
}

void check_scalar_field(const RuleContext& context, const ConstraintNamespace& names,
                        const ScalarField& field) {
  const Model& model = context.resolved[field.model];
  check_support(context, model, field);
  check_client_name(context, names, model, field.name());
  check_default_name(context, names, model, field);
  check_native_type(context, field.type, field.native_type);
  check_default(context, field);
  check_unsupported_type(context, field);
}

}  // namespace tenon::psl
