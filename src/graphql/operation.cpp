#include "graphql/operation.h"

#include <fmt/format.h>

namespace tenon::graphql {

namespace {

Error resolution_failure(std::string message) {
  return {.message = std::move(message), .code = code::operation_resolution_failure};
}

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

}  // namespace tenon::graphql
