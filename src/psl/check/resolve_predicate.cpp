#include <algorithm>

#include <fmt/format.h>

#include "psl/check/resolve_attributes.h"
#include "psl/check/values.h"

namespace tenon::psl {

namespace {

using enum Expression::Kind;

// What messages call a literal; empty for what is no literal of a predicate.
std::string_view literal_word(const Expression& value) {
  if (value.kind == string) return "a String";
  if (value.kind == number) return "a Number";
  if (value.kind == constant && (value.text == "true" || value.text == "false")) return "Boolean";
  return {};
}

bool accepts(Scalar scalar, const Expression& value) {
  switch (scalar) {
    case Scalar::boolean:
      return value.kind == constant;
    case Scalar::integer:
    case Scalar::big_int:
    case Scalar::floating:
    case Scalar::decimal:
      return value.kind == number;
    case Scalar::string:
    case Scalar::date_time:
    case Scalar::json:
    case Scalar::bytes:
      return value.kind == string;
  }
  return false;
}

class PredicateReader {
 public:
  PredicateReader(Resolving& resolving, AttributeVisitor& visitor, ModelId model)
      : resolving_(resolving), visitor_(visitor), model_(model) {}

  const Expression* run() {
    const Expression* where = visitor_.argument("where");
    if (where == nullptr) return nullptr;
    const bool fits = where->kind == object ? conditions(*where) : raw(*where);
    return fits ? where : nullptr;
  }

 private:
  bool fail(std::string_view message) {
    visitor_.error(message);
    return false;
  }

  bool raw(const Expression& where) {
    if (where.kind != function || where.text != "raw") {
      if (where.kind != function) report_mismatch("function", where, resolving_.diagnostics);
      return fail(
          "The `where` argument must be either a raw() function call or an object literal, e.g. `where: "
          "raw(\"status = 'active'\")` or `where: { active: true }`.");
    }
    const Expression* text =
        !where.arguments.empty() && where.arguments[0].value ? &*where.arguments[0].value : nullptr;
    if (text == nullptr || expect_string(*text, resolving_.diagnostics) == nullptr)
      return fail(
          "The `where` argument must be a raw() function with a string argument, e.g. `where: raw(\"status = "
          "'active'\")`.");
    if (text->text.empty()) return fail("The `where` argument cannot contain an empty string.");
    return true;
  }

  bool conditions(const Expression& where) {
    if (where.arguments.empty()) return fail("The `where` argument cannot be an empty object.");
    return std::ranges::all_of(where.arguments, [&](const Argument& member) {
      return !member.name || !member.value || condition(*member.name, *member.value);
    });
  }

  bool condition(const Name& name, const Expression& value) {
    const Resolved& resolved = resolving_.resolved;
    const std::optional<ScalarFieldId> field = resolved.find_scalar_field(model_, name.text);
    if (!field && resolved[model_].field_names.contains(name.text))
      return fail(fmt::format(
          "Field '{}' is a relation field. Only scalar fields can be used in the where clause.", name.text));
    if (!field)
      return fail(
          fmt::format("Field '{}' does not exist in model '{}'.", name.text, resolved[model_].name()));
    if (value.kind != object) return literal(resolved[*field], value);
    if (value.arguments.size() != 1 || !value.arguments[0].name || !value.arguments[0].value)
      return fail(
          "Nested object in where clause must have exactly one key. Use `{ not: null }` or `{ not: \"value\" "
          "}`.");
    if (value.arguments[0].name->text != "not")
      return fail(fmt::format("Unknown key '{}' in nested where clause object. Only 'not' is supported.",
                              value.arguments[0].name->text));
    return literal(resolved[*field], *value.arguments[0].value);
  }

  bool literal(const ScalarField& field, const Expression& value) {
    if (value.kind == constant && value.text == "null") return true;
    const std::string_view word = literal_word(value);
    if (word.empty())
      return fail(
          fmt::format("Invalid value {}in where clause. Expected true, false, null, a string, a "
                      "number, or an object like {{ not: null }}.",
                      value.kind == constant ? fmt::format("'{}' ", value.text) : ""));
    if (field.is_unsupported())
      return fail(
          fmt::format("Field '{}' is an unsupported type and cannot be used in the object syntax of a where "
                      "clause. Use raw() instead.",
                      field.name()));
    if (std::holds_alternative<EnumerationId>(field.type) && value.kind != string)
      return fail(
          fmt::format("Type mismatch: field '{}' is an Enum and only accepts String values in the where "
                      "clause.",
                      field.name()));
    const std::optional<Scalar> scalar = field.scalar();
    if (!scalar || accepts(*scalar, value)) return true;
    return fail(fmt::format("Type mismatch: field '{}' is of type {}, but the value is {}.", field.name(),
                            to_string(*scalar), word));
  }

  Resolving& resolving_;
  AttributeVisitor& visitor_;
  ModelId model_;
};

}  // namespace

const Expression* read_predicate(Resolving& resolving, AttributeVisitor& visitor, ModelId model) {
  return PredicateReader(resolving, visitor, model).run();
}

}  // namespace tenon::psl
