// Section 5.6 "Values". Every value of the document is visited once, together with the type of its place.
#include <unordered_map>

#include <fmt/format.h>

#include "graphql/coerce_literal.h"
#include "graphql/coerce_scalar.h"
#include "graphql/validation/rules.h"

namespace tenon::graphql::validation {

namespace {

class ValueCheck {
 public:
  explicit ValueCheck(Context& context)
      : context_(context), schema_(context.schema), document_(context.document) {}

  void check(ValueId id, std::optional<TypeReference> type) {
    const Value& value = document_.values[id];
    if (context_.is_full()) return;
    switch (value.kind) {
      case ValueKind::variable:
        return;
      case ValueKind::null:
        if (type && type->is_non_null())
          context_.report(fmt::format("Expected value of type \"{}\", found null.", schema_.to_string(*type)),
                          {value.offset});
        return;
      case ValueKind::list:
        return list(value, type);
      case ValueKind::object:
        return object(value, type);
      default:
        if (type) leaf(value, *type);
    }
  }

 private:
  void list(const Value& value, std::optional<TypeReference> type) {
    std::optional<TypeReference> item;
    if (type) {
      const TypeReference nullable = type->nullable();
      if (!nullable.is_list()) return leaf(value, *type);
      item = nullable.inner();
    }
    for (std::uint32_t i = 0; i < value.children.count; ++i)
      check(document_.list_items[value.children.first + i], item);
  }

  void object(const Value& value, std::optional<TypeReference> type) {
    if (!type) return members(value, std::nullopt);
    const TypeId named = type->named();
    if (schema_[named].kind != TypeKind::input_object) return leaf(value, *type);
    for (const InputValueId id : schema_[named].input_fields) {
      const InputValue& definition = schema_[id];
      if (!definition.is_required() || find_member(value, definition.name) != nullptr) continue;
      context_.report(fmt::format("Field \"{}.{}\" of required type \"{}\" was not provided.",
                                  schema_[named].name, definition.name, schema_.to_string(definition.type)),
                      {value.offset});
    }
    if (schema_[named].one_of) one_of(value, named);
    members(value, named);
  }

  void members(const Value& value, std::optional<TypeId> type) {
    for (std::uint32_t i = 0; i < value.children.count; ++i) {
      const ObjectField& member = document_.object_fields[value.children.first + i];
      std::optional<TypeReference> member_type;
      if (type) {
        const auto definition = schema_.find_input_field(*type, member.name.text);
        if (definition) {
          member_type = schema_[*definition].type;
        } else {
          unknown_member(member, *type);
        }
      }
      check(member.value, member_type);
    }
  }

  void unknown_member(const ObjectField& member, TypeId type) {
    std::vector<std::string_view> options;
    for (const InputValueId id : schema_[type].input_fields)
      if (schema_.shows(id)) options.push_back(schema_[id].name);
    context_.report(fmt::format("Field \"{}\" is not defined by type \"{}\".{}", member.name.text,
                                schema_[type].name, context_.did_you_mean(member.name.text, options)),
                    {member.name.offset});
  }

  // Section 5.6.5: exactly one member, and not null. Variables are the business of their own rule.
  void one_of(const Value& value, TypeId type) {
    if (value.children.count != 1) {
      context_.report(
          fmt::format("OneOf Input Object \"{}\" must specify exactly one key.", schema_[type].name),
          {value.offset});
      return;
    }
    const ObjectField& member = document_.object_fields[value.children.first];
    if (document_.values[member.value].kind == ValueKind::null)
      context_.report(fmt::format("Field \"{}.{}\" must be non-null.", schema_[type].name, member.name.text),
                      {value.offset});
  }

  // A value against a scalar or an enum; also any value that has no other way to fit.
  void leaf(const Value& value, TypeReference type) {
    const TypeId named = type.named();
    if (!schema_[named].is_leaf()) return unexpected(value, type);
    if (schema_[named].kind == TypeKind::enum_) return enum_value(value, type);
    const auto builtin = schema_.builtin(named);
    if (!builtin) return;
    InputTree scratch;
    InputNode ignored;
    const auto coerced =
        coerce_scalar(*builtin, InputForm::literal, {.kind = written_kind(value.kind), .text = value.text},
                      ignored, scratch);
    if (!coerced)
      context_.report(fmt::format("{}: {}", coerced.error(), show_literal(document_, value)), {value.offset});
  }

  void enum_value(const Value& value, TypeReference type) {
    const TypeId named = type.named();
    const bool is_enum = value.kind == ValueKind::enum_;
    if (is_enum && schema_.find_enum_value(named, value.text)) return;
    std::vector<std::string_view> options;
    for (const EnumValueId id : schema_[named].enum_values)
      if (schema_.shows(id)) options.push_back(schema_[id].name);
    const std::string suggestion = context_.did_you_mean(value.text, options, "the enum value");
    context_.report(is_enum ? fmt::format("Value \"{}\" does not exist in \"{}\" enum.{}", value.text,
                                          schema_[named].name, suggestion)
                            : fmt::format("Enum \"{}\" cannot represent non-enum value: {}.{}",
                                          schema_[named].name, show_literal(document_, value), suggestion),
                    {value.offset});
  }

  void unexpected(const Value& value, TypeReference type) {
    context_.report(fmt::format("Expected value of type \"{}\", found {}.", schema_.to_string(type),
                                show_literal(document_, value)),
                    {value.offset});
  }

  const ObjectField* find_member(const Value& value, std::string_view name) const {
    for (std::uint32_t i = 0; i < value.children.count; ++i) {
      const ObjectField& member = document_.object_fields[value.children.first + i];
      if (member.name.text == name) return &member;
    }
    return nullptr;
  }

  Context& context_;
  const Schema& schema_;
  const Document& document_;
};

// Calls visit(value, type) for the values that stand on their own: arguments and defaults of variables.
template <class Visit>
void for_each_outer_value(const Context& context, Visit visit) {
  const auto visit_arguments = [&](Range arguments) {
    for (std::uint32_t row = arguments.first; row < arguments.first + arguments.count; ++row) {
      std::optional<TypeReference> type;
      if (const auto definition = context.annotations.arguments[row]) type = context.schema[*definition].type;
      visit(context.document.arguments[row].value, type);
    }
  };
  for (const Selection& selection : context.document.selections) visit_arguments(selection.arguments);
  for (std::uint32_t row = 0; row < context.document.directives.size(); ++row)
    if (context.annotations.directives[row].location)
      visit_arguments(context.document.directives[row].arguments);
  for (std::uint32_t row = 0; row < context.document.variables.size(); ++row) {
    const VariableDefinition& variable = context.document.variables[row];
    if (variable.has_default) visit(variable.default_value, context.annotations.variables[row]);
  }
}

void report_repeated_members(Context& context, const Value& value) {
  std::unordered_map<std::string_view, Offset> seen;
  for (std::uint32_t i = 0; i < value.children.count; ++i) {
    const Name& name = context.document.object_fields[value.children.first + i].name;
    const auto [first, added] = seen.try_emplace(name.text, name.offset);
    if (!added)
      context.report(fmt::format("There can be only one input field named \"{}\".", name.text),
                     {first->second, name.offset});
  }
}

}  // namespace

void values_of_correct_type(Context& context) {
  ValueCheck check(context);
  for_each_outer_value(context, [&](ValueId value, std::optional<TypeReference> type) {
    if (type && !context.schema[type->named()].is_input()) return;
    check.check(value, type);
  });
}

void unique_input_field_names(Context& context) {
  for (const Value& value : context.document.values)
    if (value.kind == ValueKind::object && value.children.count > 1) report_repeated_members(context, value);
}

}  // namespace tenon::graphql::validation
