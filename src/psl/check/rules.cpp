#include "psl/check/rules.h"

#include "psl/check/constraint_namespace.h"
#include "psl/check/rules_context.h"
#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

bool check_container(const RuleContext& context, const ConstraintNamespace& names, ModelId id) {
  const Model& model = context.resolved[id];
  if (model.is_view()) check_view(context, id);
  check_model(context, names, id);
  if (!check_relation_fields(context, names, model)) return false;
  if (model.is_view()) return true;
  for (const ModelIndexId index : model.indexes)
    if (index != model.id) check_index(context, names, index);
  return true;
}

bool check_containers(const RuleContext& context, const ConstraintNamespace& names) {
  for (const bool views : {false, true})
    for (const ModelId id : context.resolved.all_models())
      if (context.resolved[id].is_view() == views && !check_container(context, names, id)) return false;
  return true;
}

}  // namespace

void check_rules(const CheckedSchema& schema, const CheckOptions& options, base::Diagnostics& diagnostics) {
  const RuleContext context(schema, options, diagnostics);
  const ConstraintNamespace names(context);
  check_composite_types(context);
  check_unknown_default_functions(context);
  check_datasource(context);
  check_model_database_names(context);
  if (!check_containers(context, names)) return;
  check_enums(context);
  check_relations(context, names);
  if (options.compat == PrismaCompat::none) check_own_rules(context);
}

}  // namespace tenon::psl
