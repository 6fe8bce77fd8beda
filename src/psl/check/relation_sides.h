// The two fields of a relation, each with its model, and the sentences that rules say about them.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "psl/check/rules_context.h"

namespace tenon::psl {

struct RelationSide {
  const RelationField& field;
  const Model& model;

  RelationSide(const RuleContext& context, RelationFieldId id)
      : field(context.resolved[id]), model(context.resolved[field.model]) {}

  const base::Span& span() const { return field.field->line_span; }
  // Whether the argument is given and names at least one field.
  bool has_fields() const { return field.fields && !field.fields->empty(); }
  bool has_references() const { return field.references && !field.references->empty(); }
  bool has_actions() const { return field.on_delete || field.on_update; }
  // `field` on Model `Model`
  std::string place() const { return fmt::format("`{}` on Model `{}`", field.name_of_field(), model.name()); }
  // opposite field `field` on model `Model`
  std::string opposite_place() const {
    return fmt::format("opposite field `{}` on model `{}`", field.name_of_field(), model.name());
  }
};

}  // namespace tenon::psl
