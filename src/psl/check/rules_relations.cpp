#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/rules_cycles.h"
#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

using catalog::ReferentialAction;
constexpr std::string_view attribute = "@relation";

std::vector<std::string_view> names_of(const Resolved& resolved, const std::vector<ScalarFieldId>& fields) {
  std::vector<std::string_view> names;
  names.reserve(fields.size());
  for (const ScalarFieldId field : fields) names.push_back(resolved[field].name());
  return names;
}

// The rules of a relation with a foreign key that look at its forward side.
class ForwardRules {
 public:
  ForwardRules(const RuleContext& context, const Relation& relation)
      : context_(context),
        resolved_(context.resolved),
        relation_(relation),
        field_(resolved_[*relation.forward]),
        span_(field_.field->line_span) {}

  void check_references() {
    if (!field_.references || field_.references->empty()) return;
    if (context_.keys.is_unique(relation_.to, *field_.references)) return check_order();
    const auto names = names_of(resolved_, *field_.references);
    const std::string_view target = resolved_[relation_.to].name();
    const std::string advice =
        names.size() == 1
            ? fmt::format("an `@unique` attribute to the field `{}` in the model `{}`", names.front(), target)
            : fmt::format("an `@@unique([{}])` attribute to the model `{}`", fmt::join(names, ", "), target);
    context_.attribute_error(attribute,
                             fmt::format("The argument `references` must refer to a unique criterion in the "
                                         "related model. Consider adding {}.",
                                         advice),
                             span_);
  }

  void check_lengths() {
    if (field_.fields && field_.references && field_.fields->size() != field_.references->size())
      context_.validation_error("You must specify the same number of fields in `fields` and `references`.",
                                field_.attribute->span);
  }

  void check_arity() {
    if (!field_.is_required() || !field_.fields) return;
    const bool has_optional =
        std::ranges::any_of(*field_.fields, [&](ScalarFieldId id) { return resolved_[id].is_optional(); });
    if (!has_optional) return;
    context_.validation_error(
        fmt::format("The relation field `{}` uses the scalar fields {}. At least one of those fields is "
                    "optional. Hence the relation field must be optional as well.",
                    field_.name_of_field(), fmt::join(names_of(resolved_, *field_.fields), ", ")),
        span_);
  }

  void check_types() {
    if (!field_.fields || !field_.references) return;
    const std::size_t count = std::min(field_.fields->size(), field_.references->size());
    for (std::size_t i = 0; i < count; ++i) {
      const ScalarField& from = resolved_[(*field_.fields)[i]];
      const ScalarField& to = resolved_[(*field_.references)[i]];
      if (same_type(from, to)) continue;
      context_.attribute_error(
          attribute,
          fmt::format("The type of the field `{}` in the model `{}` is not matching the "
                      "type of the referenced field `{}` in model `{}`.",
                      from.name(), resolved_[from.model].name(), to.name(), resolved_[to.model].name()),
          span_);
    }
  }

  void check_set_null() {
    if (!field_.fields) return;
    const bool has_required =
        std::ranges::any_of(*field_.fields, [&](ScalarFieldId id) { return resolved_[id].is_required(); });
    if (!has_required) return;
    check_set_null("onDelete", field_.on_delete);
    check_set_null("onUpdate", field_.on_update);
  }

 private:
  static bool same_type(const ScalarField& from, const ScalarField& to) {
    return from.type == to.type &&
           (!from.is_unsupported() || from.field->type.unsupported == to.field->type.unsupported);
  }

  void check_order() {
    const auto& references = *field_.references;
    if (references.size() < 2 || context_.has(Capability::relation_fields_in_any_order)) return;
    const Model& target = resolved_[relation_.to];
    const bool found = std::ranges::any_of(target.indexes, [&](ModelIndexId id) {
      const ModelIndex& index = resolved_[id];
      return (index.is_primary() || index.is_unique()) &&
             std::ranges::equal(index.fields, references, {}, &IndexField::field);
    });
    if (found) return;
    context_.validation_error(
        fmt::format("The argument `references` must refer to a unique criterion in the related model `{}` "
                    "using the same order of fields. Please check the ordering in the following fields: "
                    "`{}`.",
                    target.name(), fmt::join(names_of(resolved_, references), ", ")),
        span_);
  }

  void check_set_null(std::string_view argument, const std::optional<GivenAction>& given) {
    if (!given || given->action != ReferentialAction::set_null) return;
    // PostgreSQL takes such a foreign key and fails when the action is due.
    if (context_.connector.provider == Provider::postgresql &&
        context_.relation_mode == RelationMode::foreign_keys) {
      context_.warning(
          fmt::format("The `{}` referential action of a relation should not be set to `SetNull` when a "
                      "referenced field is required. We recommend either to choose another referential "
                      "action, or to make the referenced fields optional. Read more at "
                      "https://pris.ly/d/postgres-set-null ",
                      argument),
          span_);
      return;
    }
    context_.attribute_error(
        attribute,
        fmt::format(
            "The `{}` referential action of a relation must not be set to `SetNull` when a referenced "
            "field is required.\nEither choose another referential action, or make the referenced "
            "fields optional.\n",
            argument),
        span_);
  }

  const RuleContext& context_;
  const Resolved& resolved_;
  const Relation& relation_;
  const RelationField& field_;
  const base::Span& span_;
};

void check_name(const RuleContext& context, const ConstraintNamespace& names, const Relation& relation) {
  const Resolved& resolved = context.resolved;
  const std::string name = constraint_name(context, relation);
  base::Span span = resolved[relation.to].block->span;
  if (relation.forward) {
    const RelationField& forward = resolved[*relation.forward];
    span = forward.field->line_span;
    if (forward.attribute != nullptr) span = argument_span(*forward.attribute, "map", span);
  }
  for (const std::string& scope : names.clashes(resolved[relation.from], ConstraintKind::relation, name))
    context.attribute_error(
        attribute,
        fmt::format("The given constraint name `{}` has to be unique in the following namespace: {}. Please "
                    "provide a different name using the `map` argument.",
                    name, scope),
        span);
}

void check_inline(const RuleContext& context, const ConstraintNamespace& names, const Relation& relation) {
  if (relation.forward) {
    ForwardRules rules(context, relation);
    rules.check_references();
    rules.check_lengths();
    rules.check_arity();
    rules.check_types();
  }
  check_name(context, names, relation);
  if (relation.forward) ForwardRules(context, relation).check_set_null();
  if (relation.kind == RelationKind::one_to_one)
    check_one_to_one(context, relation);
  else
    check_one_to_many(context, relation);
}

}  // namespace

void check_opposite(const RuleContext& context, const Relation& relation) {
  if (relation.forward.has_value() == relation.back.has_value()) return;
  const RelationField& field = context.resolved[relation.forward ? *relation.forward : *relation.back];
  const Model& model = context.resolved[field.model];
  context.field_error(
      model, *field.field,
      fmt::format(
          "The relation field `{}` on {} `{}` is missing an opposite relation field on the model `{}`. "
          "Either run `prisma format` or add it manually.",
          field.name_of_field(), container_word(model), model.name(), context.resolved[field.target].name()),
      "tenon schema format adds it");
}

void check_relations(const RuleContext& context, const ConstraintNamespace& names) {
  CycleCheck cycles(context);
  for (const RelationId id : context.resolved.all_relations()) {
    const Relation& relation = context.resolved[id];
    if (relation.kind != RelationKind::one_to_one && relation.kind != RelationKind::one_to_many) {
      check_many_to_many(context, relation);
      continue;
    }
    if (relation.forward && relation.back) cycles.run(id);
    check_inline(context, names, relation);
  }
}

}  // namespace tenon::psl
