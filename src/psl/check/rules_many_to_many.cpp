#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/relation_sides.h"
#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

using Sides = std::array<RelationSide, 2>;

void refuse(const RuleContext& context, const Sides& sides, std::string_view message) {
  for (const RelationSide& side : sides) context.validation_error(message, side.span());
}

// The link table's columns refer to ids of one field.
void check_id(const RuleContext& context, const RelationSide& side) {
  const Model& target = context.resolved[side.field.target];
  const ModelIndex* const id = target.id ? &context.resolved[*target.id] : nullptr;
  if (id == nullptr || id->fields.size() != 1) {
    const std::string_view word = container_word(target);
    const std::string message = fmt::format(
        "The relation field `{}` on {} `{}` references `{}` which does not have an `@id` field. "
        "Models without `@id` cannot be part of a many to many relation. Use an explicit "
        "intermediate Model to represent this relationship.",
        side.field.name_of_field(), word, side.model.name(), target.name());
    context.error(fmt::format("Error validating field `{}` in {} `{}`: {}", side.field.name_of_field(), word,
                              side.model.name(), message),
                  side.span());
    return;
  }
  if (!side.field.references) return;
  const auto& references = *side.field.references;
  if (references.size() == 1 && references.front() == id->fields.front().field) return;
  std::vector<std::string_view> names;
  names.reserve(references.size());
  for (const ScalarFieldId field : references) names.push_back(context.resolved[field].name());
  context.validation_error(
      fmt::format("Implicit many-to-many relations must always reference the id field of the related model. "
                  "Change the argument `references` to use the id field of the related model `{}`. But it is "
                  "referencing the following fields that are not the id: {}",
                  target.name(), fmt::join(names, ", ")),
      side.span());
}

void check_actions(const RuleContext& context, const Sides& sides) {
  for (const RelationSide& side : sides)
    for (const auto* given : {&side.field.on_delete, &side.field.on_update})
      if (*given)
        context.validation_error("Referential actions on implicit many-to-many relations are not supported",
                                 (*given)->span);
}

void check_implicit(const RuleContext& context, const Sides& sides) {
  if (!context.has(Capability::implicit_many_to_many))
    refuse(
        context, sides,
        fmt::format("Implicit many-to-many relations are not supported on {}. Please use the syntax defined "
                    "in https://pris.ly/d/document-database-many-to-many",
                    context.connector.name));
  if (sides[0].model.is_view() || sides[1].model.is_view())
    refuse(context, sides, "Implicit many-to-many relations are not supported for views.");
  for (const RelationSide& side : sides) check_id(context, side);
  check_actions(context, sides);
  for (const RelationSide& side : sides)
    if (side.field.references)
      context.attribute_error("@relation",
                              "Implicit many-to-many relation should not have references argument defined. "
                              "Either remove it, or change the relation to one-to-many.",
                              side.span());
}

}  // namespace

void check_many_to_many(const RuleContext& context, const Relation& relation) {
  const Sides sides{RelationSide(context, *relation.forward), RelationSide(context, *relation.back)};
  if (relation.kind == RelationKind::implicit_many_to_many)
    check_implicit(context, sides);
  else if (!context.has(Capability::embedded_many_to_many))
    refuse(
        context, sides,
        fmt::format("Embedded many-to-many relations are not supported on {}. Please use the syntax defined "
                    "in https://pris.ly/d/relational-database-many-to-many",
                    context.connector.name));
}

}  // namespace tenon::psl
