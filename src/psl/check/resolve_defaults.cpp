#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "psl/check/advice.h"
#include "psl/check/resolve_attributes.h"
#include "psl/check/values.h"

namespace tenon::psl {

namespace {

using enum Expression::Kind;

// The functions of @default; others are for the rules, which know those of each database.
enum class DefaultFunction : std::uint8_t {
  autoincrement,
  automatic,
  cuid,
  dbgenerated,
  nanoid,
  now,
  ulid,
  uuid
};

std::optional<DefaultFunction> find_function(std::string_view name) {
  using enum DefaultFunction;
  constexpr std::pair<std::string_view, DefaultFunction> functions[] = {{"autoincrement", autoincrement},
                                                                        {"auto", automatic},
                                                                        {"cuid", cuid},
                                                                        {"dbgenerated", dbgenerated},
                                                                        {"nanoid", nanoid},
                                                                        {"now", now},
                                                                        {"ulid", ulid},
                                                                        {"uuid", uuid}};
  for (const auto& [word, function] : functions)
    if (word == name) return function;
  return std::nullopt;
}

bool is_dbgenerated(const Expression& value) { return value.kind == function && value.text == "dbgenerated"; }
bool is_autoincrement(const Expression& value) {
  return value.kind == function && value.text == "autoincrement";
}

// Whether a literal may be the default of a scalar; whether it means something there is for the rules.
bool literal_fits(Scalar scalar, const Expression& value) {
  switch (scalar) {
    case Scalar::integer:
    case Scalar::big_int:
    case Scalar::floating:
      return value.kind == number;
    case Scalar::decimal:
      return value.kind == number || value.kind == string;
    case Scalar::boolean:
      return value.kind == constant;
    case Scalar::string:
    case Scalar::date_time:
    case Scalar::json:
    case Scalar::bytes:
      return value.kind == string;
  }
  return false;
}

class DefaultReader {
 public:
  DefaultReader(Resolving& resolving, AttributeVisitor& visitor) : resolving_(resolving), visitor_(visitor) {}

  void check(const ScalarFieldType& type, bool is_list, const Expression& value) {
    if (std::holds_alternative<UnsupportedType>(type)) {
      if (is_dbgenerated(value))
        check_dbgenerated(value);
      else
        visitor_.error("Only @default(dbgenerated(\"...\")) can be used for Unsupported types.");
    } else if (const EnumerationId* id = std::get_if<EnumerationId>(&type)) {
      check_enum(resolving_.resolved[*id], is_list, value);
    } else if (const Scalar* scalar = std::get_if<Scalar>(&type)) {
      check_scalar(*scalar, is_list, value);
    }
  }

 private:
  bool fail(std::string_view message) {
    visitor_.error(message);
    return false;
  }

  void check_enum(const Enumeration& row, bool is_list, const Expression& value) {
    if (is_dbgenerated(value)) {
      check_dbgenerated(value);
    } else if (is_list && value.kind == array) {
      std::ranges::all_of(value.items, [&](const Expression& item) { return check_enum_value(row, item); });
    } else if (is_list) {
      wrong_enum(value);
    } else {
      check_enum_value(row, value);
    }
  }

  bool wrong_enum(const Expression& value) {
    return fail(fmt::format("Expected an enum value, but found `{}`.", to_text(value)));
  }

  bool check_enum_value(const Enumeration& row, const Expression& value) {
    if (value.kind != constant) return wrong_enum(value);
    if (row.find(value.text) != nullptr) return true;
    std::vector<std::string_view> names;
    for (const EnumerationValue& each : row.values) names.push_back(each.name());
    visitor_.error(
        fmt::format("The defined default value `{}` is not a valid value of the enum specified for "
                    "the field.",
                    value.text),
        similar_name_advice(value.text, names, resolving_.diagnostics));
    return false;
  }

  void check_scalar(Scalar scalar, bool is_list, const Expression& value) {
    if (value.kind == function)
      check_function(scalar, value);
    else if (is_list && value.kind == array)
      std::ranges::all_of(value.items, [&](const Expression& item) { return check_literal(scalar, item); });
    else if (is_list)
      visitor_.error("The default value of a list field must be a list.");
    else if (value.kind == array)
      visitor_.error("The default value of a non-list field cannot be a list.");
    else
      check_literal(scalar, value);
  }

  bool check_literal(Scalar scalar, const Expression& value) {
    if (!literal_fits(scalar, value))
      return fail(fmt::format("Expected a {} value, but found `{}`.", to_string(scalar), to_text(value)));
    if (scalar == Scalar::boolean && value.text != "true" && value.text != "false") {
      visitor_.error("A boolean literal must be `true` or `false`.", value.span);
      return false;
    }
    return true;
  }

  void check_function(Scalar scalar, const Expression& value) {
    using enum DefaultFunction;
    const std::optional<DefaultFunction> called = find_function(value.text);
    if (!called) return;
    switch (*called) {
      case dbgenerated:
        check_dbgenerated(value);
        return;
      case automatic:
        if (!value.arguments.empty()) visitor_.error("`auto()` takes no arguments");
        return;
      case autoincrement:
        if (fits(value, scalar, scalar == Scalar::integer || scalar == Scalar::big_int)) takes_nothing(value);
        return;
      case now:
        if (fits(value, scalar, scalar == Scalar::date_time)) takes_nothing(value);
        return;
      case ulid:
        if (fits(value, scalar, scalar == Scalar::string)) takes_nothing(value);
        return;
      case uuid:
        if (fits(value, scalar, scalar == Scalar::string)) takes_version(value, 4, 7);
        return;
      case cuid:
        if (fits(value, scalar, scalar == Scalar::string)) takes_version(value, 1, 2);
        return;
      case nanoid:
        if (fits(value, scalar, scalar == Scalar::string)) takes_length(value);
        return;
    }
  }

  bool fits(const Expression& value, Scalar scalar, bool fits) {
    return fits || fail(fmt::format("The function `{}()` cannot be used on fields of type `{}`.", value.text,
                                    to_string(scalar)));
  }

  void takes_nothing(const Expression& value) {
    if (!value.arguments.empty())
      visitor_.error(fmt::format(
          "The `{0}` function does not take any argument. Consider changing this default to `{0}()`.",
          value.text));
  }

  // The number that is the only argument; false when there is none, or something else.
  bool single_number(const Expression& value, std::int64_t& argument) {
    if (value.arguments.empty()) return false;
    const Argument& first = value.arguments[0];
    if (value.arguments.size() > 1 || (first.value && first.value->kind != number))
      return fail(fmt::format("`{}()` takes a single Int argument.", value.text));
    if (!first.value) return false;
    const std::string& text = first.value->text;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), argument);
    if (status != std::errc() || end != text.data() + text.size()) argument = -1;
    return true;
  }

  void takes_version(const Expression& value, std::int64_t one, std::int64_t other) {
    std::int64_t argument = 0;
    if (single_number(value, argument) && argument != one && argument != other)
      visitor_.error(fmt::format(
          "`{}()` takes either no argument, or a single integer argument which is either {} or {}.",
          value.text, one, other));
  }

  void takes_length(const Expression& value) {
    std::int64_t argument = 0;
    if (single_number(value, argument) && (argument < 2 || argument > 255))
      visitor_.error(fmt::format(
          "`{}()` takes either no argument, or a single integer argument between 2 and 255.", value.text));
  }

  void check_dbgenerated(const Expression& value) {
    if (value.arguments.empty()) return;
    const Argument& first = value.arguments[0];
    if (value.arguments.size() > 1 || (first.value && first.value->kind != string))
      visitor_.error("`dbgenerated()` takes a single String argument");
    else if (first.value && first.value->text.empty())
      visitor_.error("dbgenerated() takes either no argument, or a single nonempty string argument.");
  }

  Resolving& resolving_;
  AttributeVisitor& visitor_;
};

}  // namespace

std::optional<FieldDefault> read_default(Resolving& resolving, AttributeVisitor& visitor,
                                         const ScalarField& field) {
  const Expression* value = visitor.required_argument("value");
  if (value == nullptr) return std::nullopt;
  FieldDefault found{.value = value, .map = visitor.nonempty_string("map"), .attribute = &visitor.current()};
  if (std::holds_alternative<CompositeTypeId>(field.type))
    resolving.error(
        fmt::format("Error validating field `{}` in {} `{}`: Defaults on fields of type composite are not "
                    "supported. Please remove the `@default` attribute.",
                    field.name(), "composite type", field.field->type.name.text),
        visitor.current().span);
  else
    DefaultReader(resolving, visitor).check(field.type, field.is_list(), *value);
  return found;
}

std::optional<FieldDefault> read_composite_default(Resolving& resolving, AttributeVisitor& visitor,
                                                   const CompositeField& field) {
  const Expression* value = visitor.required_argument("value");
  if (value == nullptr) return std::nullopt;
  if (visitor.argument("map") != nullptr)
    visitor.error("The `map` argument is not allowed on a composite type field.");
  const FieldDefault found{.value = value, .map = {}, .attribute = &visitor.current()};
  if (std::holds_alternative<CompositeTypeId>(field.type))
    resolving.error(
        fmt::format(
            "Error validating field `{}` in composite type `{}`: Defaults on fields of type composite "
            "are not supported. Please remove the `@default` attribute.",
            field.field->name.text, field.field->type.name.text),
        visitor.current().span);
  else if (std::holds_alternative<UnsupportedType>(field.type))
    visitor.error("Composite field of type `Unsupported` cannot have default values.");
  else if (is_dbgenerated(*value))
    visitor.error("Fields of composite types cannot have `dbgenerated()` as default.");
  else if (is_autoincrement(*value))
    visitor.error("The function `autoincrement()` is not supported on composite fields.");
  else if (value->kind == function && !find_function(value->text))
    resolving.error(
        fmt::format("Unknown function in @default(): `{}` is not known. You can read about the available "
                    "functions here: https://pris.ly/d/attribute-functions",
                    value->text),
        value->span);
  else
    DefaultReader(resolving, visitor).check(field.type, field.field->type.arity == Arity::list, *value);
  return found;
}

}  // namespace tenon::psl
