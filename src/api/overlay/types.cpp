#include "api/overlay/types.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "api/values/scalar_checks.h"
#include "api/values/scalars.h"
#include "base/suggestion.h"
#include "graphql/name.h"
#include "graphql/value_text.h"

namespace tenon::api {

namespace {

using graphql::DefinitionKind;
using graphql::TypeSystemDefinition;
using graphql::Value;
using graphql::ValueKind;

constexpr auto mode_directives = std::to_array<std::string_view>(
    {"aws_api_key", "aws_iam", "aws_oidc", "aws_lambda", "aws_cognito_user_pools", "aws_auth"});
constexpr auto builtin = std::to_array<std::string_view>({"Int", "Float", "String", "Boolean", "ID"});

class TypeReader {
 public:
  TypeReader(const OverlayFile& file, const TypeSystemDefinition& type, OwnTypes& types,
             base::Diagnostics& diagnostics)
      : file_(file), document_(file.document()), type_(type), types_(types), diagnostics_(diagnostics) {}

  void read();

 private:
  bool check_name();
  void check_directives(std::initializer_list<std::string_view> known);
  void scalar();
  void constraint(const graphql::Directive& directive, OverlayScalar& scalar);
  std::optional<double> number(const graphql::Directive& directive, std::string_view name);
  std::optional<std::uint32_t> length(const graphql::Directive& directive, std::string_view name);
  void enumeration();
  void object();
  void input();

  void error(const base::Span& place, std::string message, std::string help = {}) {
    diagnostics_.error(base::code::overlay_invalid_type, std::move(message), place, std::move(help));
  }

  const OverlayFile& file_;
  const graphql::Document& document_;
  const TypeSystemDefinition& type_;
  OwnTypes& types_;
  base::Diagnostics& diagnostics_;
};

bool TypeReader::check_name() {
  const std::string_view name = type_.name.text;
  const bool known_scalar =
      std::ranges::find(builtin, name) != builtin.end() ||
      std::ranges::find(custom_scalars(), name, &CustomScalar::name) != custom_scalars().end();
  const bool taken = types_.find_enum(name) != nullptr || types_.find_scalar(name) != nullptr ||
                     types_.find_type(name) != nullptr;
  if (!known_scalar && !taken && !graphql::is_reserved_name(name)) return true;
  error(file_.span(type_.name),
        known_scalar ? fmt::format("{} is a scalar that every API has.", name)
        : taken      ? fmt::format("There is a type {} already.", name)
                     : fmt::format("{} is no name for a type.", name),
        "choose another name");
  return false;
}

void TypeReader::check_directives(std::initializer_list<std::string_view> known) {
  for (std::uint32_t i = 0; i < type_.directives.count; ++i) {
    const graphql::Directive& directive = document_.directives[type_.directives.first + i];
    const std::string_view name = directive.name.text;
    if (std::ranges::find(known, name) != known.end()) continue;
    if (is_mode_directive(name) &&
        (type_.kind == DefinitionKind::object || type_.kind == DefinitionKind::enum_))
      continue;
    diagnostics_.error(base::code::overlay_unknown_directive,
                       fmt::format("@{} is not known on {}.", name, type_.name.text), file_.span(directive),
                       base::did_you_mean(name, std::vector<std::string_view>(known)));
  }
}

void TypeReader::read() {
  if (type_.kind == DefinitionKind::schema || type_.kind == DefinitionKind::directive)
    return error(file_.at(type_.offset),
                 "An overlay defines types; the schema itself and directives are Tenon's.");
  if (type_.kind == DefinitionKind::interface || type_.kind == DefinitionKind::union_)
    return error(file_.span(type_.name), "Interfaces and unions are not supported yet.");
  if (type_.extension)
    return error(file_.span(type_.name), fmt::format("{} cannot be extended.", type_.name.text),
                 "only models, Query and Mutation can; write what else it has into its definition");
  if (!check_name()) return;
  switch (type_.kind) {
    case DefinitionKind::scalar:
      return scalar();
    case DefinitionKind::enum_:
      return enumeration();
    case DefinitionKind::input_object:
      return input();
    default:
      return object();
  }
}

void TypeReader::scalar() {
  check_directives({"constraint"});
  OverlayScalar scalar{.name = std::string(type_.name.text), .description = std::string(type_.description)};
  const graphql::Directive* directive = file_.directive(type_.directives, "constraint");
  if (directive == nullptr)
    error(file_.span(type_.name), fmt::format("The scalar {} says nothing about its values.", scalar.name),
          "write @constraint(pattern: \"…\"), or minLength, maxLength, min, max");
  else
    constraint(*directive, scalar);
  types_.scalars.push_back(std::move(scalar));
}

void TypeReader::constraint(const graphql::Directive& directive, OverlayScalar& scalar) {
  check_arguments(file_, directive, {"pattern", "minLength", "maxLength", "min", "max"},
                  base::code::overlay_invalid_type, diagnostics_);
  if (const Value* pattern = file_.argument(directive, "pattern")) {
    const auto problem =
        pattern->kind == ValueKind::string ? pattern_problem(pattern->text) : "It is a text in quotes.";
    if (problem.empty())
      scalar.pattern = pattern->text;
    else
      error(file_.span(*pattern), fmt::format("The pattern cannot be used. {}", problem));
  }
  scalar.length_min = length(directive, "minLength");
  scalar.length_max = length(directive, "maxLength");
  scalar.least = number(directive, "min");
  scalar.most = number(directive, "max");
  if (scalar.is_number() && (!scalar.pattern.empty() || scalar.length_min || scalar.length_max))
    error(file_.span(directive), "min and max are about numbers, the others about texts.",
          "define a scalar for each");
}

std::optional<double> TypeReader::number(const graphql::Directive& directive, std::string_view name) {
  const Value* value = file_.argument(directive, name);
  if (value == nullptr) return std::nullopt;
  double result = 0;
  const auto [end, problem] =
      std::from_chars(value->text.data(), value->text.data() + value->text.size(), result);
  const bool is_number = value->kind == ValueKind::int_ || value->kind == ValueKind::float_;
  if (is_number && problem == std::errc{} && end == value->text.data() + value->text.size()) return result;
  error(file_.span(*value), fmt::format("{} is a number.", name));
  return std::nullopt;
}

std::optional<std::uint32_t> TypeReader::length(const graphql::Directive& directive, std::string_view name) {
  const auto value = number(directive, name);
  if (!value) return std::nullopt;
  if (*value >= 0 && *value <= 1e9 && *value == static_cast<double>(static_cast<std::uint32_t>(*value)))
    return static_cast<std::uint32_t>(*value);
  error(file_.span(*file_.argument(directive, name)), fmt::format("{} is a number of characters.", name));
  return std::nullopt;
}

void TypeReader::enumeration() {
  check_directives({});
  OverlayEnum result{.name = std::string(type_.name.text),
                     .description = std::string(type_.description),
                     .values = {},
                     .span = file_.span(type_.name)};
  for (std::uint32_t i = 0; i < type_.enum_values.count; ++i)
    result.values.emplace_back(document_.enum_values[type_.enum_values.first + i].name.text);
  if (result.values.empty()) error(result.span, fmt::format("The enum {} has no values.", result.name));
  types_.enums.push_back(std::move(result));
}

void TypeReader::object() {
  check_directives({});
  if (!type_.interfaces.empty())
    error(file_.span(document_.names[type_.interfaces.first]), "Interfaces are not supported yet.");
  OverlayType result{
      .name = std::string(type_.name.text), .description = std::string(type_.description), .fields = {}};
  for (std::uint32_t i = 0; i < type_.fields.count; ++i) {
    const graphql::FieldDefinition& field = document_.fields[type_.fields.first + i];
    if (!field.arguments.empty() || !field.directives.empty())
      error(file_.span(field.name), fmt::format("{}.{} is a column of a result: it has neither arguments nor "
                                                "directives.",
                                                result.name, field.name.text));
    result.fields.push_back({.name = std::string(field.name.text),
                             .type = graphql::type_text(file_.type(field)),
                             .description = std::string(field.description),
                             .span = file_.span(file_.type(field))});
  }
  if (result.fields.empty()) error(file_.span(type_.name), fmt::format("{} has no fields.", result.name));
  types_.types.push_back(std::move(result));
}

void TypeReader::input() {
  check_directives({});
  OverlayType result{.name = std::string(type_.name.text),
                     .description = std::string(type_.description),
                     .fields = {},
                     .is_input = true};
  for (std::uint32_t i = 0; i < type_.input_values.count; ++i) {
    const graphql::InputValueDefinition& field = document_.input_values[type_.input_values.first + i];
    if (!field.directives.empty())
      error(file_.span(field.name), fmt::format("{}.{} has no directives.", result.name, field.name.text));
    const graphql::TypeNode& type = document_.types[field.type];
    OverlayField out{.name = std::string(field.name.text),
                     .type = graphql::type_text(type),
                     .description = std::string(field.description),
                     .span = file_.span(type)};
    if (field.has_default)
      graphql::append_value(out.default_value, document_, field.default_value,
                            graphql::BlockStrings::as_strings);
    result.fields.push_back(std::move(out));
  }
  if (result.fields.empty()) error(file_.span(type_.name), fmt::format("{} has no fields.", result.name));
  types_.types.push_back(std::move(result));
}

template <class Range>
auto* find_named(Range& range, std::string_view name) {
  const auto found =
      std::ranges::find(range, name, [](const auto& one) { return std::string_view(one.name); });
  return found == range.end() ? nullptr : &*found;
}

}  // namespace

OverlayEnum* OwnTypes::find_enum(std::string_view name) { return find_named(enums, name); }
const OverlayScalar* OwnTypes::find_scalar(std::string_view name) const { return find_named(scalars, name); }
const OverlayType* OwnTypes::find_type(std::string_view name) const { return find_named(types, name); }

bool is_mode_directive(std::string_view name) {
  return std::ranges::find(mode_directives, name) != mode_directives.end();
}

void read_type(const OverlayFile& file, const TypeSystemDefinition& type, OwnTypes& types,
               base::Diagnostics& diagnostics) {
  TypeReader(file, type, types, diagnostics).read();
}

void add_enums(catalog::Catalog& catalog, const OwnTypes& types) {
  for (const OverlayEnum& one : types.enums) {
    if (one.of) continue;
    catalog::Enum added{
        .schema = {}, .name = one.name, .values = {}, .comment = one.description, .enum_name = one.name};
    for (const std::string& value : one.values) added.values.push_back({.label = value, .value_name = value});
    catalog.enums.push_back(std::move(added));
  }
}

bool is_leaf(const catalog::Catalog& catalog, const OwnTypes& types, std::string_view name) {
  return std::ranges::find(builtin, name) != builtin.end() || types.find_scalar(name) != nullptr ||
         std::ranges::find(custom_scalars(), name, &CustomScalar::name) != custom_scalars().end() ||
         std::ranges::find(catalog.enums, name, &catalog::Enum::enum_name) != catalog.enums.end();
}

}  // namespace tenon::api
