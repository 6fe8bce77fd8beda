#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

// Types of MySQL whose values are kept outside the row: an index of them needs the length of a prefix.
constexpr std::array<std::string_view, 8> long_types{"Text", "LongText", "MediumText", "TinyText",
                                                     "Blob", "TinyBlob", "MediumBlob", "LongBlob"};

const NativeTypeUse* native_type_of(const RuleContext& context, const IndexField& part) {
  const auto& use = context.resolved[part.field].native_type;
  return use && part.path.size() < 2 ? &*use : nullptr;
}

void check_mysql(const RuleContext& context, const ModelIndex& index) {
  if (index.kind == catalog::IndexKind::fulltext) return;
  const auto found = std::ranges::find_if(index.fields, [&](const IndexField& part) {
    const NativeTypeUse* const use = native_type_of(context, part);
    return use != nullptr && !part.length && std::ranges::find(long_types, use->name) != long_types.end();
  });
  if (found == index.fields.end()) return;
  const std::string_view type = native_type_of(context, *found)->name;
  std::string message;
  if (index.is_primary())
    message =
        fmt::format("Native type `{}` of MySQL cannot be used on a field that is `@id` or `@@id`.", type);
  else if (index.is_unique())
    message = fmt::format("Native type `{}` cannot be unique in MySQL.", type);
  else
    message = fmt::format("You cannot define an index on fields with native type `{}` of MySQL.", type);
  context.error(
      message + " Please use the `length` argument to the field in the index definition to allow this.",
      index.attribute->span);
}

void check_postgresql(const RuleContext& context, const ModelIndex& index) {
  const auto found = std::ranges::find_if(index.fields, [&](const IndexField& part) {
    const NativeTypeUse* const use = native_type_of(context, part);
    return use != nullptr && use->name == "Xml";
  });
  if (found != index.fields.end())
    context.error(index.is_unique()
                      ? "Native type `Xml` cannot be unique in Postgres."
                      : "You cannot define an index on fields with native type `Xml` of Postgres.",
                  context.resolved[found->field].field->line_span);
  check_operator_classes(context, index);
  if (index.algorithm == IndexAlgorithm::spgist && index.fields.size() != 1)
    context.attribute_error(attribute_name(index), "SpGist does not support multi-column indices.",
                            index.attribute->span);
}

// MySQL takes SET DEFAULT in a definition and then refuses it.
void warn_set_default(const RuleContext& context, const RelationField& field, std::string_view argument,
                      const std::optional<GivenAction>& given) {
  if (given && given->action == catalog::ReferentialAction::set_default)
    context.warning(
        "MySQL does not actually support the `SetDefault` referential action, so using it may result in "
        "unexpected errors. Read more at https://pris.ly/d/mysql-set-default ",
        argument_span(*field.attribute, argument, given->span));
}

void check_set_default(const RuleContext& context, const Model& model) {
  if (context.relation_mode != RelationMode::foreign_keys) return;
  for (const RelationFieldId id : model.relation_fields) {
    const RelationField& field = context.resolved[id];
    warn_set_default(context, field, "onDelete", field.on_delete);
    warn_set_default(context, field, "onUpdate", field.on_update);
  }
}

}  // namespace

void check_indexed_types(const RuleContext& context, const Model& model) {
  const Provider provider = context.connector.provider;
  if (provider != Provider::mysql && provider != Provider::postgresql) return;
  const auto check = provider == Provider::mysql ? check_mysql : check_postgresql;
  for (const ModelIndexId id : model.indexes)
    if (id != model.id) check(context, context.resolved[id]);
  if (provider == Provider::postgresql) return;
  if (model.id) check(context, context.resolved[*model.id]);
  check_set_default(context, model);
}

void check_length_types(const RuleContext& context, const ModelIndex& index) {
  if (!context.has(Capability::index_length)) return;
  for (const IndexField& part : index.fields) {
    const ScalarField& field = context.resolved[part.field];
    if (!part.length || field.is_unsupported() || field.scalar() == Scalar::string ||
        field.scalar() == Scalar::bytes)
      continue;
    context.attribute_error(attribute_name(index),
                            "The length argument is only allowed with field types `String` or `Bytes`.",
                            index.attribute->span);
  }
}

}  // namespace tenon::psl
