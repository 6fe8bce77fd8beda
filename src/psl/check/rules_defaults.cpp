#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/base64.h"
#include "psl/check/literal_text.h"
#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

constexpr std::array<std::string_view, 8> known_functions{"autoincrement", "now",  "uuid", "cuid",
                                                          "nanoid",        "ulid", "auto", "dbgenerated"};

bool is_function(const ScalarField& field, std::string_view name) {
  return field.default_value && field.default_value->value != nullptr &&
         field.default_value->value->kind == Expression::Kind::function &&
         field.default_value->value->text == name;
}

struct Problem {
  std::string_view wanted;  // "a valid integer"
  std::string reason;
};

std::optional<Problem> problem_of(Scalar scalar, const Expression& value) {
  const auto made = [](std::string_view wanted, std::optional<std::string> reason) {
    return reason ? std::optional(Problem{.wanted = wanted, .reason = std::move(*reason)}) : std::nullopt;
  };
  if (value.kind == Expression::Kind::number) {
    if (scalar != Scalar::integer && scalar != Scalar::big_int) return std::nullopt;
    return made("integer", integer_problem(value.text));
  }
  if (value.kind != Expression::Kind::string) return std::nullopt;
  switch (scalar) {
    case Scalar::json:
      return made("JSON string", json_problem(value.text));
    case Scalar::date_time:
      return made("rfc3339 datetime string", rfc3339_problem(value.text));
    case Scalar::decimal:
      return made("decimal", decimal_problem(value.text));
    case Scalar::bytes:
      if (base::decode_base64(value.text)) return std::nullopt;
      return Problem{.wanted = "base64 string",
                     .reason = "Could not convert from `base64 encoded bytes` to `PrismaValue::Bytes`"};
    default:
      return std::nullopt;
  }
}

void check_literal(const RuleContext& context, Scalar scalar, const Expression& value) {
  if (value.kind == Expression::Kind::array) {
    for (const Expression& item : value.items)
      if (item.kind != Expression::Kind::array) check_literal(context, scalar, item);
    return;
  }
  const std::optional<Problem> problem = problem_of(scalar, value);
  if (!problem) return;
  // Prisma leaves the @ out in one case.
  context.attribute_error(scalar == Scalar::decimal ? "default" : "@default",
                          fmt::format("Parse error: \"{}\" is not a valid {}. ({})", value.text,
                                      problem->wanted, problem->reason),
                          value.span);
}

void check_autoincrement_field(const RuleContext& context, const Model& model, ScalarFieldId id) {
  const base::Span& span = context.resolved[id].field->line_span;
  const auto is_only_id = [&] {
    if (!model.id) return false;
    const auto& fields = context.resolved[*model.id].fields;
    return fields.size() == 1 && fields.front().field == id;
  };
  if (!context.has(Capability::autoincrement_on_non_id) && !is_only_id())
    context.attribute_error("@default",
                            "The `autoincrement()` default value is used on a non-id field even though the "
                            "datasource does not support this.",
                            span);
  if (!context.has(Capability::autoincrement_without_index) &&
      !context.keys.has_prefix(context.resolved[id].model, {id}))
    context.attribute_error("@default",
                            "The `autoincrement()` default value is used on a non-indexed field even though "
                            "the datasource does not support this.",
                            span);
}

}  // namespace

void check_unknown_default_functions(const RuleContext& context) {
  for (const ScalarField& field : context.resolved.scalar_fields) {
    if (!field.default_value || field.default_value->value == nullptr) continue;
    const Expression& value = *field.default_value->value;
    if (value.kind != Expression::Kind::function) continue;
    const bool known = std::ranges::find(known_functions, value.text) != known_functions.end() ||
                       (value.text == "sequence" && context.connector.provider == Provider::cockroachdb);
    if (!known)
      context.error(fmt::format("Unknown function in @default(): `{}` is not known. You can read about the "
                                "available functions here: https://pris.ly/d/attribute-functions",
                                value.text),
                    value.span);
  }
}

void check_autoincrement(const RuleContext& context, const Model& model) {
  std::vector<ScalarFieldId> fields;
  for (const ScalarFieldId id : model.scalar_fields)
    if (is_function(context.resolved[id], "autoincrement")) fields.push_back(id);
  if (!context.has(Capability::autoincrement)) {
    for (const ScalarFieldId id : fields)
      context.attribute_error(
          "@default",
          "The `autoincrement()` default value is used with a datasource that does not support it.",
          context.resolved[id].default_value->attribute->span);
    return;
  }
  if (fields.size() > 1 && !context.has(Capability::multiple_autoincrement))
    context.attribute_error(
        "@default",
        "The `autoincrement()` default value is used multiple times on this model even though the underlying "
        "datasource only supports one instance per table.",
        model.block->span);
  for (const ScalarFieldId id : fields) check_autoincrement_field(context, model, id);
}

void check_default(const RuleContext& context, const ScalarField& field) {
  if (!field.default_value) return;
  const FieldDefault& given = *field.default_value;
  if (given.map && !context.has(Capability::named_defaults))
    context.attribute_error("@default",
                            "You defined a database name for the default value of a field on the model. This "
                            "is not supported by the provider.",
                            given.attribute->span);
  check_name_length(context, context.resolved[field.model], *given.attribute, "@", given.map);
  if (given.value != nullptr && field.scalar()) check_literal(context, *field.scalar(), *given.value);
  if (is_function(field, "auto") && !context.has(Capability::auto_default))
    context.attribute_error("@default", "The current connector does not support the `auto()` function.",
                            given.value->span);
}

}  // namespace tenon::psl
