#include "graphql/operation.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "graphql/coerce_literal.h"

namespace tenon::graphql {

namespace {

Error resolution_failure(std::string message) {
  return {.message = std::move(message), .code = code::operation_resolution_failure};
}

// Marks the variables that @skip and @include read in rows of a selection set and below.
class ShapeReader {
 public:
  ShapeReader(const Document& document, Range variables) : document_(document), variables_{variables} {
    read_.resize(variables.count);
    for (std::uint32_t i = 0; i < document.fragments.size(); ++i)
      fragments_.emplace(document.fragments[i].name.text, i);
  }

  // A work list instead of recursion: fragments are read once each, whatever spreads them.
  std::vector<std::uint32_t> read(Range selections) {
    std::vector<Range> open{selections};
    std::vector<bool> seen(document_.fragments.size());
    while (!open.empty()) {
      const Range range = open.back();
      open.pop_back();
      for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
        const Selection& selection = document_.selections[i];
        read_directives(selection.directives);
        open.push_back(selection.selections);
        if (selection.kind != SelectionKind::fragment_spread) continue;
        const auto fragment = fragments_.find(selection.name.text);
        if (fragment == fragments_.end() || seen[fragment->second]) continue;
        seen[fragment->second] = true;
        open.push_back(document_.fragments[fragment->second].selections);
      }
    }
    std::vector<std::uint32_t> result;
    for (std::uint32_t i = 0; i < read_.size(); ++i)
      if (read_[i]) result.push_back(i);
    return result;
  }

 private:
  void read_directives(Range directives) {
    for (std::uint32_t i = 0; i < directives.count; ++i) {
      const Directive& directive = document_.directives[directives.first + i];
      if (directive.name.text != "skip" && directive.name.text != "include") continue;
      for (std::uint32_t a = 0; a < directive.arguments.count; ++a) {
        const Value& value = document_.values[document_.arguments[directive.arguments.first + a].value];
        if (value.kind != ValueKind::variable) continue;
        if (const auto variable = variables_.find(document_, value.text)) read_[*variable] = true;
      }
    }
  }

  const Document& document_;
  LiteralVariables variables_;
  std::vector<bool> read_;
  std::unordered_map<std::string_view, std::uint32_t> fragments_;
};

}  // namespace

const InputNode* Operation::argument(const OperationField& field, std::string_view wanted) const {
  for (std::uint32_t i = 0; i < field.argument_count; ++i) {
    const OperationArgument& argument = arguments[field.first_argument + i];
    if ((*schema)[argument.definition].name == wanted) return &input[argument.value];
  }
  return nullptr;
}

std::expected<std::uint32_t, Error> select_operation(const Document& document,
                                                     std::optional<std::string_view> name) {
  const auto& operations = document.operations;
  if (!name || name->empty()) {
    if (operations.size() == 1) return 0;
    return std::unexpected(resolution_failure(
        operations.empty() ? "Must provide an operation."
                           : "Must provide operation name if query contains multiple operations."));
  }
  for (std::uint32_t i = 0; i < operations.size(); ++i)
    if (operations[i].name.text == *name) return i;
  return std::unexpected(resolution_failure(fmt::format("Unknown operation named \"{}\".", *name)));
}

std::vector<std::uint32_t> shaping_variables(const Document& document, std::uint32_t operation) {
  const OperationDefinition& definition = document.operations[operation];
  return ShapeReader(document, definition.variables).read(definition.selections);
}

}  // namespace tenon::graphql
