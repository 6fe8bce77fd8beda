// Type system documents to calls of SchemaBuilder. Extensions are folded into what they extend first, so the
// builder sees every type once.
#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "graphql/parser.h"
#include "graphql/schema_builder.h"
#include "graphql/value_text.h"

namespace tenon::graphql {

namespace {

// A definition and its extensions; rows of Document::type_system.
struct Parts {
  std::vector<std::uint32_t> rows;
  bool defined = false;
};

class SdlReader {
 public:
  explicit SdlReader(const Document& document) : document_(document) {}

  std::expected<std::shared_ptr<const Schema>, Error> read(bool lenient);

 private:
  void gather();
  void add(const Parts& parts);
  void add_schema(const Parts& parts);
  void add_directive(const TypeSystemDefinition& definition);
  std::vector<FieldSpec> fields(const Parts& parts) const;
  std::vector<InputValueSpec> input_values(Range range) const;
  std::vector<InputValueSpec> input_fields(const Parts& parts) const;
  std::vector<EnumValueSpec> enum_values(const Parts& parts) const;
  std::vector<std::string> names(const Parts& parts, Range TypeSystemDefinition::* member) const;

  const Directive* find_directive(Range directives, std::string_view name) const;
  const Directive* find_directive(const Parts& parts, std::string_view name) const;
  std::optional<std::string> string_argument(const Directive& directive, std::string_view name) const;
  std::optional<std::string> deprecation(Range directives) const;
  void report(Offset offset, std::string message);

  const Document& document_;
  SchemaBuilder builder_;
  std::vector<Parts> parts_;  // in the order of definition
  std::optional<Error> problem_;
};

void SdlReader::report(Offset offset, std::string message) {
  if (problem_) return;
  problem_ = Error{
      .message = std::move(message), .locations = {document_.position(offset)}, .code = code::schema_invalid};
}

std::expected<std::shared_ptr<const Schema>, Error> SdlReader::read(bool lenient) {
  for (const DefinitionReference& reference : document_.definitions)
    if (reference.kind != DefinitionReference::Kind::type_system)
      report(reference.kind == DefinitionReference::Kind::operation
                 ? document_.operations[reference.index].offset
                 : document_.fragments[reference.index].offset,
             "A schema holds type system definitions only.");
  gather();
  for (const Parts& parts : parts_) add(parts);
  if (problem_) return std::unexpected(std::move(*problem_));
  return builder_.build(lenient);
}

void SdlReader::gather() {
  std::unordered_map<std::string_view, std::size_t> by_name;  // types; the schema is ""
  for (std::uint32_t i = 0; i < document_.type_system.size(); ++i) {
    const TypeSystemDefinition& definition = document_.type_system[i];
    const bool directive = definition.kind == DefinitionKind::directive;
    const std::string_view name = definition.kind == DefinitionKind::schema ? "" : definition.name.text;
    if (directive || definition.extension) continue;
    if (!by_name.emplace(name, parts_.size()).second)
      report(definition.offset, name.empty() ? "Must provide only one schema definition."
                                             : fmt::format("There can be only one type named \"{}\".", name));
    parts_.push_back({.rows = {i}, .defined = true});
  }
  for (std::uint32_t i = 0; i < document_.type_system.size(); ++i) {
    const TypeSystemDefinition& definition = document_.type_system[i];
    if (definition.kind == DefinitionKind::directive) {
      parts_.push_back({.rows = {i}, .defined = true});
    } else if (definition.extension) {
      const bool schema = definition.kind == DefinitionKind::schema;
      const auto found = by_name.find(schema ? "" : definition.name.text);
      if (found != by_name.end())
        parts_[found->second].rows.push_back(i);
      else if (schema)  // extends the schema that default names make
        parts_.push_back({.rows = {i}});
      else
        report(definition.offset,
               fmt::format("Cannot extend type \"{}\" because it is not defined.", definition.name.text));
    }
  }
}

void SdlReader::add(const Parts& parts) {
  const TypeSystemDefinition& first = document_.type_system[parts.rows.front()];
  for (const std::uint32_t row : parts.rows)
    if (document_.type_system[row].kind != first.kind)
      report(document_.type_system[row].offset,
             fmt::format("Cannot extend type \"{}\" as a type of another kind.", first.name.text));
  const std::string name(first.name.text);
  const std::string description(first.description);
  switch (first.kind) {
    case DefinitionKind::schema:
      return add_schema(parts);
    case DefinitionKind::directive:
      return add_directive(first);
    case DefinitionKind::scalar: {
      const Directive* url = find_directive(parts, "specifiedBy");
      return builder_.add_scalar(name, description,
                                 url != nullptr ? string_argument(*url, "url") : std::nullopt);
    }
    case DefinitionKind::object:
      return builder_.add_object(name, fields(parts), description,
                                 names(parts, &TypeSystemDefinition::interfaces));
    case DefinitionKind::interface:
      return builder_.add_interface(name, fields(parts), description,
                                    names(parts, &TypeSystemDefinition::interfaces));
    case DefinitionKind::union_:
      return builder_.add_union(name, names(parts, &TypeSystemDefinition::members), description);
    case DefinitionKind::enum_:
      return builder_.add_enum(name, enum_values(parts), description);
    case DefinitionKind::input_object:
      return builder_.add_input(name, input_fields(parts), description,
                                find_directive(parts, "oneOf") != nullptr);
  }
}

void SdlReader::add_schema(const Parts& parts) {
  // A schema definition says all there is: without `mutation`, a type of that name is an ordinary one.
  if (parts.defined) builder_.set_only_given_roots();
  for (const std::uint32_t row : parts.rows) {
    const TypeSystemDefinition& definition = document_.type_system[row];
    if (!definition.description.empty()) builder_.set_description(std::string(definition.description));
    for (std::uint32_t i = 0; i < definition.root_operations.count; ++i) {
      const RootOperation& root = document_.root_operations[definition.root_operations.first + i];
      builder_.set_root(root.kind, std::string(root.type.text));
    }
  }
}

void SdlReader::add_directive(const TypeSystemDefinition& definition) {
  std::vector<DirectiveLocation> locations;
  for (std::uint32_t i = 0; i < definition.locations.count; ++i) {
    const Name& name = document_.names[definition.locations.first + i];
    if (const auto location = directive_location(name.text)) locations.push_back(*location);
  }
  builder_.add_directive(std::string(definition.name.text), std::move(locations),
                         input_values(definition.input_values), definition.repeatable,
                         std::string(definition.description));
}

std::vector<FieldSpec> SdlReader::fields(const Parts& parts) const {
  std::vector<FieldSpec> specs;
  for (const std::uint32_t row : parts.rows) {
    const Range range = document_.type_system[row].fields;
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const FieldDefinition& field = document_.fields[range.first + i];
      specs.push_back({.name = std::string(field.name.text),
                       .type = type_text(document_.types[field.type]),
                       .arguments = input_values(field.arguments),
                       .description = std::string(field.description),
                       .deprecation_reason = deprecation(field.directives)});
    }
  }
  return specs;
}

std::vector<InputValueSpec> SdlReader::input_values(Range range) const {
  std::vector<InputValueSpec> specs;
  for (std::uint32_t i = 0; i < range.count; ++i) {
    const InputValueDefinition& value = document_.input_values[range.first + i];
    InputValueSpec& spec = specs.emplace_back();
    spec.name = value.name.text;
    spec.type = type_text(document_.types[value.type]);
    spec.description = value.description;
    if (value.has_default)
      append_value(spec.default_value, document_, value.default_value, BlockStrings::as_strings);
    spec.deprecation_reason = deprecation(value.directives);
  }
  return specs;
}

std::vector<InputValueSpec> SdlReader::input_fields(const Parts& parts) const {
  std::vector<InputValueSpec> specs;
  for (const std::uint32_t row : parts.rows)
    for (InputValueSpec& spec : input_values(document_.type_system[row].input_values))
      specs.push_back(std::move(spec));
  return specs;
}

std::vector<EnumValueSpec> SdlReader::enum_values(const Parts& parts) const {
  std::vector<EnumValueSpec> specs;
  for (const std::uint32_t row : parts.rows) {
    const Range range = document_.type_system[row].enum_values;
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const EnumValueDefinition& value = document_.enum_values[range.first + i];
      specs.push_back({.name = std::string(value.name.text),
                       .description = std::string(value.description),
                       .deprecation_reason = deprecation(value.directives)});
    }
  }
  return specs;
}

std::vector<std::string> SdlReader::names(const Parts& parts, Range TypeSystemDefinition::* member) const {
  std::vector<std::string> result;
  for (const std::uint32_t row : parts.rows) {
    const Range range = document_.type_system[row].*member;
    for (std::uint32_t i = 0; i < range.count; ++i)
      result.emplace_back(document_.names[range.first + i].text);
  }
  return result;
}

const Directive* SdlReader::find_directive(Range directives, std::string_view name) const {
  for (std::uint32_t i = 0; i < directives.count; ++i)
    if (document_.directives[directives.first + i].name.text == name)
      return &document_.directives[directives.first + i];
  return nullptr;
}

const Directive* SdlReader::find_directive(const Parts& parts, std::string_view name) const {
  for (const std::uint32_t row : parts.rows)
    if (const Directive* found = find_directive(document_.type_system[row].directives, name)) return found;
  return nullptr;
}

std::optional<std::string> SdlReader::string_argument(const Directive& directive,
                                                      std::string_view name) const {
  for (std::uint32_t i = 0; i < directive.arguments.count; ++i) {
    const Argument& argument = document_.arguments[directive.arguments.first + i];
    const Value& value = document_.values[argument.value];
    if (argument.name.text == name && value.kind == ValueKind::string) return std::string(value.text);
  }
  return std::nullopt;
}

std::optional<std::string> SdlReader::deprecation(Range directives) const {
  const Directive* deprecated = find_directive(directives, "deprecated");
  if (deprecated == nullptr) return std::nullopt;
  return string_argument(*deprecated, "reason").value_or("No longer supported");
}

}  // namespace

std::expected<std::shared_ptr<const Schema>, Error> build_schema(std::string_view sdl, bool lenient) {
  base::DocumentLimits limits;  // the text is an operator's own
  limits.bytes_max = std::numeric_limits<std::uint32_t>::max();
  limits.tokens_max = std::numeric_limits<std::uint32_t>::max();
  const auto document = parse(std::string(sdl), limits);
  if (!document) return std::unexpected(document.error());
  return SdlReader(*document).read(lenient);
}

}  // namespace tenon::graphql
