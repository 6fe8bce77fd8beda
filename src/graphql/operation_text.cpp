#include <fmt/format.h>

#include "graphql/operation.h"

namespace tenon::graphql {

namespace {

class OperationPrinter {
 public:
  explicit OperationPrinter(const Operation& operation) : operation_(operation), schema_(*operation.schema) {}

  std::string print() {
    out_ += to_string(operation_.kind);
    if (!operation_.name.empty()) out_.append(" ").append(operation_.name);
    out_ += '\n';
    fields(0, operation_.root_field_count, 1);
    return std::move(out_);
  }

 private:
  void fields(std::uint32_t first, std::uint32_t count, std::size_t depth) {
    for (std::uint32_t i = first; i < first + count; ++i) field(operation_.fields[i], depth);
  }

  void field(const OperationField& field, std::size_t depth) {
    const Field& definition = schema_[field.field];
    out_.append(depth * 2, ' ');
    if (field.response_key != definition.name) out_.append(field.response_key).append(": ");
    out_.append(definition.name);
    for (std::uint32_t i = 0; i < field.argument_count; ++i) {
      const OperationArgument& argument = operation_.arguments[field.first_argument + i];
      out_.append(i == 0 ? "(" : ", ").append(schema_[argument.definition].name).append(": ");
      value(operation_.input[argument.value]);
    }
    if (field.argument_count > 0) out_ += ')';
    out_.append(" ").append(schema_.to_string(definition.type)).append("\n");
    fields(field.first_child, field.child_count, depth + 1);
  }

  // What was written as it is; what came from a variable as its origin and the value it had.
  void value(const InputNode& node) {
    const InputOrigin& origin = operation_.input.origin(node);
    if (origin.variable >= 0) return variable(node, origin);
    if (node.child_count == 0) return append_input(out_, schema_, operation_.input, node);
    const bool object = node.kind == InputKind::object;
    out_ += object ? '{' : '[';
    bool first = true;
    for (const InputNode& child : operation_.input.children(node)) {
      if (!first) out_ += ", ";
      first = false;
      if (object) out_.append(schema_[child.definition].name).append(": ");
      value(child);
    }
    out_ += object ? '}' : ']';
  }

  void variable(const InputNode& node, const InputOrigin& origin) {
    out_ += fmt::format("${}=", origin.variable);
    append_input(out_, schema_, operation_.input, node);
  }

  const Operation& operation_;
  const Schema& schema_;
  std::string out_;
};

}  // namespace

std::string describe(const Operation& operation) { return OperationPrinter(operation).print(); }

}  // namespace tenon::graphql
