#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

void check_view_index(const RuleContext& context, const ModelIndex& index) {
  const base::Span& span = index.attribute->span;
  if (index.is_primary()) {
    context.validation_error("Views cannot have primary keys.", span);
    return;
  }
  if (!index.is_unique()) {
    context.validation_error("Views cannot have indexes.", span);
    return;
  }
  if (index.map)
    context.validation_error(
        "@@unique annotations on views are not backed by unique indexes in the database and cannot specify a "
        "mapped database name.",
        span);
  if (has_length(index) || has_sort(index) || has_operator_class(index))
    context.attribute_error(attribute_name(index),
                            "Scalar fields in @@unique attributes in views cannot have arguments.", span);
}

}  // namespace

void check_view(const RuleContext& context, ModelId id) {
  const Model& view = context.resolved[id];
  if (!context.has(PreviewFeature::views))
    context.validation_error("View definitions are only available with the `views` preview feature.",
                             view.block->span);
  if (view.id) check_view_index(context, context.resolved[*view.id]);
  for (const ModelIndexId index : view.indexes)
    if (index != view.id) check_view_index(context, context.resolved[index]);
}

}  // namespace tenon::psl
