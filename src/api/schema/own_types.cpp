#include "api/schema/own_types.h"

#include <fmt/format.h>

namespace tenon::api {

namespace {

// The name inside of a type's marks.
std::string named(const std::string& type) {
  const std::size_t begin = type.find_first_not_of('[');
  return type.substr(begin, type.find_first_of("!]", begin) - begin);
}

bool has_type(const Overlay& overlay, const std::string& name) {
  for (const OverlayType& type : overlay.types)
    if (type.name == name) return true;
  return false;
}

void use_type(const std::string& type, const Overlay& overlay, SchemaDraft& draft) {
  std::string name = named(type);
  if (!has_type(overlay, name)) draft.use_leaf(std::move(name));
}

DraftInput input_value(const OverlayField& field, const Overlay& overlay, SchemaDraft& draft) {
  use_type(field.type, overlay, draft);
  return {.name = field.name,
          .type = field.type,
          .binding = {.kind = InputBinding::Kind::own_argument},
          .default_value = field.default_value,
          .description = field.description};
}

}  // namespace

void append_own_operations(std::vector<DraftField>& fields, graphql::OperationKind kind,
                           const Exposure& exposure, const Overlay& overlay, SchemaDraft& draft,
                           base::Diagnostics& diagnostics) {
  for (std::uint32_t i = 0; i < overlay.operations.size(); ++i) {
    const OverlayOperation& operation = overlay.operations[i];
    if (operation.kind != kind) continue;
    if (operation.model && exposure.find(*operation.model) == nullptr) {
      diagnostics.error(base::code::overlay_invalid_operation,
                        fmt::format("{} gives rows of {}, which the API does not show.", operation.field.name,
                                    named(operation.field.type)),
                        operation.field.span, "write rules for that model, or define a type of its own");
      continue;
    }
    if (!operation.model) use_type(operation.field.type, overlay, draft);
    DraftField field{.name = operation.field.name,
                     .type = operation.field.type,
                     .binding = {.kind = OutputBinding::Kind::own, .table = operation.table, .operation = i},
                     .arguments = {},
                     .description = operation.field.description};
    for (const OverlayField& argument : operation.arguments)
      field.arguments.push_back(input_value(argument, overlay, draft));
    fields.push_back(std::move(field));
  }
}

void add_own_types(SchemaDraft& draft, const Overlay& overlay) {
  for (const OverlayType& type : overlay.types) {
    if (type.is_input) {
      std::vector<DraftInput> fields;
      for (const OverlayField& field : type.fields) fields.push_back(input_value(field, overlay, draft));
      draft.add_input(type.name, std::move(fields));
      continue;
    }
    std::vector<DraftField> fields;
    for (const OverlayField& field : type.fields) {
      use_type(field.type, overlay, draft);
      fields.push_back({.name = field.name,
                        .type = field.type,
                        .binding = {.kind = OutputBinding::Kind::own_field},
                        .description = field.description});
    }
    draft.add_object(type.name, std::move(fields), type.description);
  }
  for (const OverlayScalar& scalar : overlay.scalars)
    if (draft.leaves().contains(scalar.name)) draft.builder().add_scalar(scalar.name, scalar.description);
}

}  // namespace tenon::api
