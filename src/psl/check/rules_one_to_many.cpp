#include <fmt/format.h>

#include "psl/check/relation_sides.h"
#include "psl/check/rules_stages.h"

namespace tenon::psl {

void check_one_to_many(const RuleContext& context, const Relation& relation) {
  check_opposite(context, relation);
  if (!relation.forward || !relation.back) return;
  const RelationSide forward(context, *relation.forward);
  const RelationSide back(context, *relation.back);
  const auto error = [&](const RelationSide& side, const std::string& message) {
    context.attribute_error("@relation", fmt::format("The relation field {} {}", side.place(), message),
                            side.span());
  };
  if (!forward.has_fields())
    error(forward,
          "must specify the `fields` argument in the @relation attribute. You can run `prisma format` to fix "
          "this automatically.");
  if (!forward.has_references())
    error(forward, "must specify the `references` argument in the @relation attribute.");
  if (back.has_fields() || back.has_references())
    error(back, fmt::format("must not specify the `fields` or `references` argument in the @relation "
                            "attribute. You must only specify it on the {}.",
                            forward.opposite_place()));
  if (back.has_actions())
    error(back, fmt::format("must not specify the `onDelete` or `onUpdate` argument in the @relation "
                            "attribute. You must only specify it on the {}, or in case of a many to many "
                            "relation, in an explicit join table.",
                            forward.opposite_place()));
}

}  // namespace tenon::psl
