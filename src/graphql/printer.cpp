#include "graphql/printer.h"

#include <algorithm>
#include <array>

#include "graphql/string_literal.h"
#include "graphql/value_text.h"

namespace tenon::graphql {

namespace {

constexpr std::size_t line_units_max = 80;

constexpr std::array<std::string_view, 8> definition_keywords = {"schema", "scalar", "type",  "interface",
                                                                 "union",  "enum",   "input", "directive @"};

// UTF-16 code units, in which graphql-js counts.
std::size_t units(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) count += byte >= 0xF0U ? 2 : 1;
  }
  return count;
}

bool has_lines(const std::vector<std::string>& items) {
  return std::ranges::any_of(items, [](const std::string& item) { return item.contains('\n'); });
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) out.append(i == 0 ? "" : separator).append(items[i]);
  return out;
}

std::string description_lines(std::string_view description) {
  return description.empty() ? std::string() : print_description(description) + '\n';
}

class Printer {
 public:
  explicit Printer(const Document& document) : document_(document) {}

  std::string print() {
    for (const DefinitionReference& definition : document_.definitions) {
      if (!out_.empty()) put("\n\n");
      switch (definition.kind) {
        case DefinitionReference::Kind::operation:
          operation(document_.operations[definition.index]);
          break;
        case DefinitionReference::Kind::fragment:
          fragment(document_.fragments[definition.index]);
          break;
        case DefinitionReference::Kind::type_system:
          type_system(document_.type_system[definition.index]);
          break;
      }
    }
    return std::move(out_);
  }

 private:
  // Writes at the current indentation; texts of several lines are moved to it.
  Printer& put(std::string_view text) {
    for (std::size_t at; (at = text.find('\n')) != std::string_view::npos; text.remove_prefix(at + 1))
      out_.append(text.substr(0, at + 1)).append(indentation_, ' ');
    out_.append(text);
    return *this;
  }

  // `{`, each row on lines of its own, `}`
  template <class Row>
  void block(Range range, Row row) {
    put("{");
    indentation_ += 2;
    for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
      put("\n");
      row(i);
    }
    indentation_ -= 2;
    put("\n}");
  }
  template <class Row>
  void optional_block(Range range, Row row) {
    if (range.empty()) return;
    put(" ");
    block(range, row);
  }

  // `(…)` on one line, or each item on a line of its own
  void parenthesised(const std::vector<std::string>& items, bool lines) {
    if (items.empty()) return;
    if (!lines) {
      put("(").put(joined(items, ", ")).put(")");
      return;
    }
    put("(");
    indentation_ += 2;
    for (const std::string& item : items) put("\n").put(item);
    indentation_ -= 2;
    put("\n)");
  }

  void operation(const OperationDefinition& operation) {
    put(description_lines(operation.description));
    const bool short_form = operation.kind == OperationKind::query && operation.description.empty() &&
                            operation.name.text.empty() && operation.variables.empty() &&
                            operation.directives.empty();
    if (!short_form) {
      put(to_string(operation.kind));
      if (!operation.name.text.empty() || !operation.variables.empty()) put(" ");
      put(operation.name.text);
      variables(operation.variables);
      put(directives(operation.directives)).put(" ");
    }
    selections(operation.selections);
  }

  void fragment(const FragmentDefinition& fragment) {
    put(description_lines(fragment.description));
    put("fragment ").put(fragment.name.text).put(" on ").put(fragment.condition.text);
    put(directives(fragment.directives)).put(" ");
    selections(fragment.selections);
  }

  void variables(Range range) {
    std::vector<std::string> items;
    for (std::uint32_t i = range.first; i < range.first + range.count; ++i)
      items.push_back(variable(document_.variables[i]));
    if (!has_lines(items)) return parenthesised(items, false);
    put("(\n").put(joined(items, "\n")).put("\n)");
  }

  void selections(Range range) {
    block(range, [this](std::uint32_t row) { selection(document_.selections[row]); });
  }

  void selection(const Selection& selection) {
    switch (selection.kind) {
      case SelectionKind::field:
        return field(selection);
      case SelectionKind::fragment_spread:
        put("...").put(selection.name.text).put(directives(selection.directives));
        return;
      case SelectionKind::inline_fragment:
        put("...");
        if (!selection.condition.text.empty()) put(" on ").put(selection.condition.text);
        put(directives(selection.directives)).put(" ");
        return selections(selection.selections);
    }
  }

  void field(const Selection& field) {
    std::string name(field.alias.text);
    if (!name.empty()) name += ": ";
    name += field.name.text;
    const std::vector<std::string> items = arguments(field.arguments);
    put(name);
    parenthesised(items, units(name) + units(joined(items, ", ")) + 2 > line_units_max);
    put(directives(field.directives));
    if (!field.has_selection_set) return;
    put(" ");
    selections(field.selections);
  }

  void type_system(const TypeSystemDefinition& definition) {
    put(description_lines(definition.description));
    if (definition.extension) put("extend ");
    put(definition_keywords[static_cast<std::size_t>(definition.kind)]);
    if (definition.kind == DefinitionKind::directive) return directive_definition(definition);
    if (!definition.name.text.empty()) put(" ").put(definition.name.text);
    put(names(" implements ", " & ", definition.interfaces));
    put(directives(definition.directives));
    put(names(" = ", " | ", definition.members));
    optional_block(definition.root_operations, [this](std::uint32_t row) {
      const RootOperation& root = document_.root_operations[row];
      put(to_string(root.kind)).put(": ").put(root.type.text);
    });
    optional_block(definition.fields, [this](std::uint32_t row) { field_definition(document_.fields[row]); });
    optional_block(definition.enum_values, [this](std::uint32_t row) {
      const EnumValueDefinition& value = document_.enum_values[row];
      put(description_lines(value.description)).put(value.name.text).put(directives(value.directives));
    });
    optional_block(definition.input_values,
                   [this](std::uint32_t row) { put(input_value(document_.input_values[row])); });
  }

  void directive_definition(const TypeSystemDefinition& definition) {
    put(definition.name.text);
    argument_definitions(definition.input_values);
    if (definition.repeatable) put(" repeatable");
    put(names(" on ", " | ", definition.locations));
  }

  void field_definition(const FieldDefinition& field) {
    put(description_lines(field.description)).put(field.name.text);
    argument_definitions(field.arguments);
    put(": ").put(type_text(document_.types[field.type])).put(directives(field.directives));
  }

  void argument_definitions(Range range) {
    std::vector<std::string> items;
    for (std::uint32_t i = range.first; i < range.first + range.count; ++i)
      items.push_back(input_value(document_.input_values[i]));
    parenthesised(items, has_lines(items));
  }

  // What follows is text without indentation, yet to be put.

  std::string variable(const VariableDefinition& variable) const {
    std::string out = description_lines(variable.description);
    out.append("$").append(variable.name.text).append(": ").append(type_text(document_.types[variable.type]));
    if (variable.has_default) append_default(out, variable.default_value);
    return out + directives(variable.directives);
  }

  std::string input_value(const InputValueDefinition& input) const {
    std::string out = description_lines(input.description);
    out.append(input.name.text).append(": ").append(type_text(document_.types[input.type]));
    if (input.has_default) append_default(out, input.default_value);
    return out + directives(input.directives);
  }

  void append_default(std::string& out, ValueId value) const {
    out += " = ";
    append_value(out, document_, value, BlockStrings::kept);
  }

  // ` @a(b: 1) @c`
  std::string directives(Range range) const {
    std::string out;
    for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
      const Directive& directive = document_.directives[i];
      out.append(" @").append(directive.name.text);
      if (directive.arguments.empty()) continue;
      out.append("(").append(joined(arguments(directive.arguments), ", ")).append(")");
    }
    return out;
  }

  std::vector<std::string> arguments(Range range) const {
    std::vector<std::string> items;
    for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
      const Argument& argument = document_.arguments[i];
      std::string& item = items.emplace_back(argument.name.text);
      item += ": ";
      append_value(item, document_, argument.value, BlockStrings::kept);
    }
    return items;
  }

  std::string names(std::string_view before, std::string_view separator, Range range) const {
    std::string out;
    for (std::uint32_t i = 0; i < range.count; ++i)
      out.append(i == 0 ? before : separator).append(document_.names[range.first + i].text);
    return out;
  }

  const Document& document_;
  std::string out_;
  std::size_t indentation_ = 0;
};

}  // namespace

std::string print(const Document& document) { return Printer(document).print(); }

}  // namespace tenon::graphql
