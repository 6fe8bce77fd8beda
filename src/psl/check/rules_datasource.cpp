#include <fmt/format.h>

#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

void check_extension_name(const RuleContext& context, const DeclaredExtension& extension) {
  const char first = extension.name.empty() ? '\0' : extension.name.front();
  if (extension.name.empty())
    context.validation_error("The name of an extension must not be empty.", extension.span);
  else if (first >= '0' && first <= '9')
    context.validation_error("The name of an extension must not start with a number.", extension.span);
  else if (extension.name.contains('-'))
    context.validation_error("The character `-` is not allowed in extension names.", extension.span);
}

}  // namespace

void check_datasource(const RuleContext& context) {
  if (context.datasource == nullptr) return;
  const Datasource& source = *context.datasource;
  if (!source.extensions_span) return;
  if (!context.has(PreviewFeature::postgresql_extensions)) {
    context.error(
        "The `extensions` property is only available with the `postgresqlExtensions` preview feature.",
        *source.extensions_span);
    return;
  }
  for (const DeclaredExtension& extension : source.extensions) check_extension_name(context, extension);
}

}  // namespace tenon::psl
