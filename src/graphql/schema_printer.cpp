#include <algorithm>
#include <array>

#include "graphql/schema_builder.h"
#include "graphql/string_literal.h"

namespace tenon::graphql {

namespace {

constexpr std::array<std::string_view, 3> usual_roots = {"Query", "Mutation", "Subscription"};

class SchemaPrinter {
 public:
  explicit SchemaPrinter(const Schema& schema) : schema_(schema) {}

  std::string print();

 private:
  void separate() {
    if (!out_.empty()) out_ += "\n\n";
  }
  bool has_usual_roots() const;
  void print_roots();
  void print_type(const Type& type);
  void print_fields(const Type& type);
  void print_directive(const DirectiveDefinition& directive);
  void print_arguments(IdRange<InputValueId> arguments, std::string_view indent);
  void print_input_value(const InputValue& value);
  void print_description(std::string_view description, std::string_view indent, bool first);
  void print_deprecation(const std::optional<std::string_view>& reason);

  // ` {`, one line for each, `}`
  template <class Range, class Line>
  void print_block(const Range& range, Line line) {
    if (range.empty()) return;
    out_ += " {\n";
    bool first = true;
    for (const auto id : range) {
      print_description(schema_[id].description, "  ", first);
      out_ += "  ";
      line(schema_[id]);
      out_ += '\n';
      first = false;
    }
    out_ += '}';
  }
  void print_names(std::string_view before, std::string_view separator, const std::vector<TypeId>& types) {
    for (std::size_t i = 0; i < types.size(); ++i)
      out_.append(i == 0 ? before : separator).append(schema_[types[i]].name);
  }

  const Schema& schema_;
  std::string out_;
};

std::string SchemaPrinter::print() {
  if (!schema_.description().empty() || !has_usual_roots()) print_roots();
  for (std::uint32_t i = 0; i < schema_.directive_count(); ++i)
    if (!schema_.is_builtin(DirectiveId{i})) print_directive(schema_[DirectiveId{i}]);
  for (std::uint32_t i = 0; i < schema_.type_count(); ++i)
    if (!schema_.is_builtin(TypeId{i})) print_type(schema_[TypeId{i}]);
  return std::move(out_);
}

// A root that goes by another name, or a type that has a root's name without being it, must be said.
bool SchemaPrinter::has_usual_roots() const {
  for (std::size_t kind = 0; kind < usual_roots.size(); ++kind)
    if (schema_.root(static_cast<OperationKind>(kind)) != schema_.find_type(usual_roots[kind])) return false;
  return true;
}

void SchemaPrinter::print_roots() {
  print_description(schema_.description(), "", true);
  out_ += "schema {\n";
  for (const auto kind : {OperationKind::query, OperationKind::mutation, OperationKind::subscription})
    if (const auto root = schema_.root(kind))
      out_.append("  ").append(to_string(kind)).append(": ").append(schema_[*root].name).append("\n");
  out_ += '}';
}

void SchemaPrinter::print_type(const Type& type) {
  constexpr std::array<std::string_view, 6> keywords = {"scalar ", "type ", "interface ",
                                                        "union ",  "enum ", "input "};
  separate();
  print_description(type.description, "", true);
  out_.append(keywords[static_cast<std::size_t>(type.kind)]).append(type.name);
  switch (type.kind) {
    case TypeKind::scalar:
      if (type.specified_by)
        out_.append(" @specifiedBy(url: ").append(print_string(*type.specified_by)).append(")");
      return;
    case TypeKind::object:
    case TypeKind::interface:
      print_names(" implements ", " & ", type.interfaces);
      return print_fields(type);
    case TypeKind::union_:
      return print_names(" = ", " | ", type.possible_types);
    case TypeKind::enum_:
      return print_block(type.enum_values, [this](const EnumValue& value) {
        out_ += value.name;
        print_deprecation(value.deprecation_reason);
      });
    case TypeKind::input_object:
      if (type.one_of) out_ += " @oneOf";
      return print_block(type.input_fields, [this](const InputValue& value) { print_input_value(value); });
  }
}

void SchemaPrinter::print_fields(const Type& type) {
  print_block(type.fields, [this](const Field& field) {
    out_ += field.name;
    print_arguments(field.arguments, "  ");
    out_.append(": ").append(schema_.to_string(field.type));
    print_deprecation(field.deprecation_reason);
  });
}

void SchemaPrinter::print_directive(const DirectiveDefinition& directive) {
  separate();
  print_description(directive.description, "", true);
  out_.append("directive @").append(directive.name);
  print_arguments(directive.arguments, "");
  if (directive.repeatable) out_ += " repeatable";
  for (std::size_t i = 0; i < directive.locations.size(); ++i)
    out_.append(i == 0 ? " on " : " | ").append(to_string(directive.locations[i]));
}

// On one line, unless some argument has a description.
void SchemaPrinter::print_arguments(IdRange<InputValueId> arguments, std::string_view indent) {
  if (arguments.empty()) return;
  const bool lines =
      std::ranges::any_of(arguments, [this](InputValueId id) { return !schema_[id].description.empty(); });
  const std::string inner = std::string(indent) + "  ";
  out_ += lines ? "(\n" : "(";
  bool first = true;
  for (const InputValueId id : arguments) {
    if (!first) out_ += lines ? "\n" : ", ";
    if (lines) {
      print_description(schema_[id].description, inner, first);
      out_ += inner;
    }
    print_input_value(schema_[id]);
    first = false;
  }
  if (lines) out_.append("\n").append(indent);
  out_ += ')';
}

void SchemaPrinter::print_input_value(const InputValue& value) {
  out_.append(value.name).append(": ").append(schema_.to_string(value.type));
  if (!value.default_text.empty()) out_.append(" = ").append(value.default_text);
  print_deprecation(value.deprecation_reason);
}

void SchemaPrinter::print_description(std::string_view description, std::string_view indent, bool first) {
  if (description.empty()) return;
  if (!first && !indent.empty()) out_ += '\n';
  out_ += indent;
  for (const char c : graphql::print_description(description)) {
    out_ += c;
    if (c == '\n') out_ += indent;
  }
  out_ += '\n';
}

void SchemaPrinter::print_deprecation(const std::optional<std::string_view>& reason) {
  if (!reason) return;
  out_ += " @deprecated";
  if (*reason != "No longer supported") out_.append("(reason: ").append(print_string(*reason)).append(")");
}

}  // namespace

std::string print_schema(const Schema& schema) {
  std::string text = SchemaPrinter(schema).print();
  if (!text.empty()) text += '\n';
  return text;
}

}  // namespace tenon::graphql
