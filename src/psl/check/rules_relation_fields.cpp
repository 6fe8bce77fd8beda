#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

using catalog::ReferentialAction;

// Fields of one model that refer to one other model, by the name of their relation. A name that is made and
// one that is given can be the same.
using FieldGroups = std::map<std::pair<std::uint32_t, std::string>, std::vector<RelationFieldId>>;

std::pair<std::uint32_t, std::string> group_of(const Resolved& resolved, const RelationField& field) {
  if (field.name) return {field.target.value, *field.name};
  const std::string_view a = resolved[field.model].name();
  const std::string_view b = resolved[field.target].name();
  return {field.target.value, fmt::format("{}To{}", std::min(a, b), std::max(a, b))};
}

FieldGroups group_fields(const Resolved& resolved, const Model& model) {
  FieldGroups groups;
  for (const RelationFieldId id : model.relation_fields)
    groups[group_of(resolved, resolved[id])].push_back(id);
  return groups;
}

// Empty when it is clear which fields are one relation.
std::string ambiguity(const Resolved& resolved, const Model& model, const RelationField& field,
                      const std::vector<RelationFieldId>& group) {
  if (group.size() < 2) return {};
  std::vector<std::string_view> names;
  names.reserve(group.size());
  for (const RelationFieldId id : group) names.push_back(resolved[id].name_of_field());
  const std::string fields = quoted_list(names, " and ");
  const std::string_view target = resolved[field.target].name();
  const bool is_self = field.target == field.model;
  if (is_self && group.size() == 2 && field.name) return {};
  if (is_self && group.size() == 2)
    return fmt::format(
        "Ambiguous self relation detected. The fields {} in model `{}` both refer to `{}`. If they are part "
        "of the same relation add the same relation name for them with `@relation(<name>)`.",
        fields, model.name(), target);
  if (is_self && !field.name)
    return fmt::format(
        "Unnamed self relation detected. The fields {} in model `{}` have no relation name. Please provide a "
        "relation name for one of them by adding `@relation(<name>).",
        fields, model.name());
  if (is_self)
    return fmt::format(
        "Wrongly named self relation detected. The fields {} in model `{}` have the same relation name. At "
        "most two relation fields can belong to the same relation and therefore have the same name. Please "
        "assign a different relation name to one of them.",
        fields, model.name());
  if (!field.name)
    return fmt::format(
        "Ambiguous relation detected. The fields {} in model `{}` both refer to `{}`. Please provide "
        "different relation names for them by adding `@relation(<name>).",
        fields, model.name(), target);
  return fmt::format(
      "Wrongly named relation detected. The fields {} in model `{}` both use the same relation name. Please "
      "provide different relation names for them through `@relation(<name>).",
      fields, model.name());
}

void check_ignored(const RuleContext& context, const Model& model, const RelationField& field) {
  const Model& target = context.resolved[field.target];
  if (!target.is_ignored || field.is_ignored || model.is_ignored) return;
  context.attribute_error("@ignore",
                          fmt::format("The relation field `{}` on Model `{}` must specify the `@ignore` "
                                      "attribute, because the model {} it is pointing to is marked ignored.",
                                      field.name_of_field(), model.name(), target.name()),
                          field.field->line_span);
}

void check_action(const RuleContext& context, const RelationField& field, std::string_view argument,
                  const std::optional<GivenAction>& given) {
  const Connector& connector = context.connector;
  if (!given || connector.allows(context.relation_mode, given->action)) return;
  std::vector<std::string> allowed;
  for (const ReferentialAction action : connector.allowed_actions(context.relation_mode))
    allowed.push_back(fmt::format("`{}`", to_string(action)));
  std::string message = fmt::format("Invalid referential action: `{}`. Allowed values: ({})",
                                    to_string(given->action), fmt::join(allowed, ", "));
  if (context.relation_mode == RelationMode::prisma && given->action == ReferentialAction::no_action &&
      connector.allows(RelationMode::prisma, ReferentialAction::restrict))
    message += fmt::format(
        ". `NoAction` is not implemented for {} when using `relationMode = \"prisma\"`, you could try using "
        "`Restrict` instead. Learn more at https://pris.ly/d/relation-mode",
        connector.name);
  context.validation_error(message, argument_span(*field.attribute, argument, given->span));
}

void check_map(const RuleContext& context, const Model& model, const RelationField& field) {
  if (!field.map || field.attribute == nullptr) return;
  if (context.has(Capability::named_foreign_keys))
    check_name_length(context, model, *field.attribute, "@", field.map);
  else
    context.attribute_error("@relation", "Your provider does not support named foreign keys.",
                            field.attribute->span);
}

// Without foreign keys nothing makes the index that following a relation wants.
void warn_missing_index(const RuleContext& context, const RelationField& field) {
  if (context.relation_mode != RelationMode::prisma || !context.connector.warns_missing_indexes ||
      !field.fields)
    return;
  if (context.keys.has_prefix(field.model, *field.fields)) return;
  context.warning(
      "With `relationMode = \"prisma\"`, no foreign keys are used, so relation fields will not benefit from "
      "the index usually created by the relational database under the hood. This can lead to poor "
      "performance "
      "when querying these fields. We recommend adding an index manually. Learn more at "
      "https://pris.ly/d/relation-mode-prisma-indexes\" ",
      field.attribute != nullptr ? field.attribute->span : field.field->line_span);
}

}  // namespace

bool check_relation_fields(const RuleContext& context, const ConstraintNamespace& names, const Model& model) {
  const FieldGroups groups = group_fields(context.resolved, model);
  for (const RelationFieldId id : model.relation_fields) {
    const RelationField& field = context.resolved[id];
    const std::string problem =
        ambiguity(context.resolved, model, field, groups.at(group_of(context.resolved, field)));
    if (!problem.empty()) {
      context.model_error(model, problem, field.field->line_span);
      return false;
    }
    check_client_name(context, names, model, field.name_of_field());
    check_ignored(context, model, field);
    check_action(context, field, "onDelete", field.on_delete);
    check_action(context, field, "onUpdate", field.on_update);
    check_map(context, model, field);
    warn_missing_index(context, field);
  }
  return true;
}

}  // namespace tenon::psl
