// Section 5.7 "Directives".
#include <algorithm>

#include <fmt/format.h>

#include "graphql/validation/rules.h"

namespace tenon::graphql::validation {

void known_directives(Context& context) {
  for (std::uint32_t row = 0; row < context.document.directives.size(); ++row) {
    const Directive& directive = context.document.directives[row];
    const DirectiveUse& use = context.annotations.directives[row];
    if (!use.location) continue;
    if (!use.definition) {
      context.report(fmt::format("Unknown directive \"@{}\".", directive.name.text), {directive.offset});
      continue;
    }
    const std::vector<DirectiveLocation>& allowed = context.schema[*use.definition].locations;
    if (std::ranges::find(allowed, *use.location) != allowed.end()) continue;
    context.report(fmt::format("Directive \"@{}\" may not be used on {}.", directive.name.text,
                               to_string(*use.location)),
                   {directive.offset});
  }
}

// The directives of one place are consecutive rows, of which limits.cpp allows few.
void unique_directives_per_location(Context& context) {
  const std::vector<DirectiveUse>& uses = context.annotations.directives;
  for (std::uint32_t row = 1; row < uses.size(); ++row) {
    const std::optional<DirectiveId> definition = uses[row].definition;
    if (!uses[row].location || !definition || context.schema[*definition].repeatable) continue;
    std::uint32_t first = row;
    for (std::uint32_t i = row; i-- > 0 && uses[i].location && uses[i].parent == uses[row].parent;) {
      if (uses[i].definition == definition) first = i;
    }
    if (first == row) continue;
    context.report(fmt::format("The directive \"@{}\" can only be used once at this location.",
                               context.document.directives[row].name.text),
                   {context.document.directives[first].offset, context.document.directives[row].offset});
  }
}

}  // namespace tenon::graphql::validation
