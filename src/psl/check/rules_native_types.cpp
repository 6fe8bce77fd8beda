#include <fmt/format.h>

#include "psl/check/rules_stages.h"
#include "psl/native_types.h"

namespace tenon::psl {

void check_native_type(const RuleContext& context, const ScalarFieldType& type,
                       const std::optional<NativeTypeUse>& use) {
  const Scalar* const scalar = std::get_if<Scalar>(&type);
  if (!use || scalar == nullptr) return;
  const base::Span& span = use->attribute->span;
  if (context.datasource != nullptr && use->prefix != context.datasource->name)
    context.error(fmt::format("The prefix {} is invalid. It must be equal to the name of an existing "
                              "datasource e.g. {}. Did you mean to use {}.{}?",
                              use->prefix, context.datasource->name, context.datasource->name, use->name),
                  span);
  switch (context.connector.provider) {
    case Provider::postgresql:
    case Provider::mysql: {
      const auto found = native_type(context.datasource->engine, *scalar, use->name, use->arguments);
      if (!found) context.error(found.error().message, span);
      return;
    }
    case Provider::unknown:
    case Provider::sqlite:
      context.error(fmt::format("Native type {} is not supported for {} connector.", use->name,
                                context.datasource == nullptr ? "Default" : context.connector.word),
                    span);
      return;
    case Provider::sqlserver:
    case Provider::cockroachdb:
    case Provider::mongodb:
      return;  // their types are not known here
  }
}

// Unsupported("…") is for what has no name in the language.
void check_unsupported_type(const RuleContext& context, const ScalarField& field) {
  const Provider provider = context.connector.provider;
  if (!field.is_unsupported() || (provider != Provider::postgresql && provider != Provider::mysql)) return;
  const std::string& text = field.field->type.unsupported;
  const std::optional<NativeSpelling> known = find_native_spelling(context.datasource->engine, text);
  if (!known) return;
  context.validation_error(
      fmt::format("The type `Unsupported(\"{}\")` you specified in the type definition for the field `{}` is "
                  "supported as a native type by Prisma. Please use the native type notation `{} @{}.{}` for "
                  "full support.",
                  text, field.name(), to_string(known->scalar), context.datasource->name, known->text),
      field.field->line_span);
}

}  // namespace tenon::psl
