#include "psl/check/rules_cycles.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/limits.h"

namespace tenon::psl {

namespace {

using catalog::ReferentialAction;

bool is_inline(const Relation& relation) {
  return relation.kind == RelationKind::one_to_one || relation.kind == RelationKind::one_to_many;
}

// Whether rows of the referencing table change.
bool modifies(ReferentialAction action) {
  return action != ReferentialAction::no_action && action != ReferentialAction::restrict;
}

// What happens when the relation does not say.
ReferentialAction default_on_delete(const RuleContext& context, const Relation& relation) {
  const ReferentialAction action = context.resolved.on_delete(relation);
  const bool supported =
      action != ReferentialAction::restrict || context.connector.allows(context.relation_mode, action);
  return supported ? action : ReferentialAction::no_action;
}

}  // namespace

CycleCheck::CycleCheck(const RuleContext& context)
    : context_(context),
      applies_(context.has(Capability::cycle_detection) || context.relation_mode == RelationMode::prisma),
      steps_left_(base::schema_cycle_steps_max) {
  if (!applies_) return;
  from_.resize(context.resolved.models.size());
  seen_by_.resize(context.resolved.relations.size());
  for (const RelationId id : context.resolved.all_relations()) {
    const Relation& relation = context.resolved[id];
    if (is_inline(relation) && relation.forward && relation.back) from_[relation.from.value].push_back(id);
  }
}

void CycleCheck::run(RelationId start) {
  if (!applies_ || steps_left_ == 0) return;
  ++runs_;
  const Relation& first = context_.resolved[start];
  std::vector<Step> steps{{.relation = start, .previous = 0}};
  std::vector<std::size_t> open{0};
  while (!open.empty() && steps_left_ > 0) {
    --steps_left_;
    const std::size_t at = open.back();
    open.pop_back();
    const Relation& relation = context_.resolved[steps[at].relation];
    seen_by_[steps[at].relation.value] = runs_;
    if (!leads_on(relation)) continue;
    if (relation.from == relation.to)
      return report(first,
                    "A self-relation must have `onDelete` and `onUpdate` referential actions set to "
                    "`NoAction` in one of the @relation attributes.");
    if (relation.to == first.from)
      return report(first, fmt::format("Reference causes a cycle. One of the @relation attributes in this "
                                       "cycle must have `onDelete` and `onUpdate` referential actions set to "
                                       "`NoAction`. Cycle path: {}.",
                                       path(steps, at)));
    for (const RelationId next : from_[relation.to.value]) {
      if (seen_by_[next.value] == runs_) continue;
      open.push_back(steps.size());
      steps.push_back({.relation = next, .previous = at});
    }
  }
  if (steps_left_ == 0)
    context_.warning("There are too many relations to look for all cycles of referential actions.",
                     context_.resolved[*first.forward].field->line_span);
}

bool CycleCheck::leads_on(const Relation& relation) const {
  const RelationField& field = context_.resolved[*relation.forward];
  return modifies(field.on_delete ? field.on_delete->action : default_on_delete(context_, relation)) ||
         modifies(context_.resolved.on_update(relation));
}

std::string CycleCheck::path(const std::vector<Step>& steps, std::size_t last) const {
  std::vector<std::string> names;
  for (std::size_t at = last;; at = steps[at].previous) {
    const Relation& relation = context_.resolved[steps[at].relation];
    names.push_back(fmt::format("{}.{}", context_.resolved[relation.from].name(),
                                context_.resolved[*relation.forward].name_of_field()));
    if (at == 0) break;
  }
  std::ranges::reverse(names);
  return fmt::format("{}", fmt::join(names, " → "));
}

void CycleCheck::report(const Relation& start, std::string message) const {
  const RelationField& field = context_.resolved[*start.forward];
  std::vector<std::string> defaults;
  const auto implied = [&](std::string_view name, bool given, ReferentialAction action) {
    if (!given && modifies(action)) defaults.push_back(fmt::format("`{}`: `{}`", name, to_string(action)));
  };
  implied("onDelete", field.on_delete.has_value(), default_on_delete(context_, start));
  implied("onUpdate", field.on_update.has_value(), context_.resolved.on_update(start));
  if (!defaults.empty()) message += fmt::format(" (Implicit default {})", fmt::join(defaults, ", and "));
  context_.validation_error(message + " Read more at https://pris.ly/d/cyclic-referential-actions",
                            field.field->line_span);
}

}  // namespace tenon::psl
