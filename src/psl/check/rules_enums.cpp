#include <set>

#include <fmt/format.h>

#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

void check_database_names(const RuleContext& context) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Enumeration& enumeration : context.resolved.enums) {
    const std::string_view schema = enumeration.schema ? std::string_view(enumeration.schema->text) : "";
    if (!seen.emplace(schema, enumeration.database_name()).second)
      context.error("An enum with the same database name is already defined.", enumeration.block->span);
  }
}

void check_schema(const RuleContext& context, const Enumeration& enumeration) {
  if (!context.has(Capability::multiple_schemas)) {
    if (enumeration.schema && !(context.datasource != nullptr && context.datasource->schemas_span))
      context.error("@@schema is not supported on the current datasource provider", enumeration.schema_span);
    return;
  }
  if (context.datasource == nullptr) return;
  if (enumeration.schema && !context.lists_schema(enumeration.schema->text))
    context.error(
        "This schema is not defined in the datasource. Read more on `@@schema` at "
        "https://pris.ly/d/multi-schema",
        enumeration.schema_span);
  if (!enumeration.schema && context.datasource->schemas_span)
    context.error("This enum is missing an `@@schema` attribute.", enumeration.block->span);
}

}  // namespace

void check_enums(const RuleContext& context) {
  const bool has_enums = context.has(Capability::enums);
  if (has_enums) check_database_names(context);
  for (const Enumeration& enumeration : context.resolved.enums) {
    if (!has_enums)
      context.validation_error(
          fmt::format("You defined the enum `{}`. But the current connector does not support enums.",
                      enumeration.name()),
          enumeration.block->span);
    check_schema(context, enumeration);
  }
}

}  // namespace tenon::psl
