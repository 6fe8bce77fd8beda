#include <fmt/format.h>

#include "psl/check/rules_stages.h"

namespace tenon::psl {

// The types of MongoDB are recognised, and refused where a database has none.
void check_composite_types(const RuleContext& context) {
  if (context.has(Capability::composite_types)) return;
  for (const CompositeType& type : context.resolved.composite_types)
    context.validation_error(fmt::format("Composite types are not supported on {}.", context.connector.name),
                             type.block->span);
}

}  // namespace tenon::psl
