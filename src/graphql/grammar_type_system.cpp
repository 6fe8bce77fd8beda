// The type system half of the grammar (section 3).
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "graphql/error.h"
#include "graphql/grammar.h"
#include "graphql/schema.h"

namespace tenon::graphql {

namespace {

struct Keyword {
  std::string_view word;
  DefinitionKind kind;
};
constexpr std::array keywords{
    Keyword{"schema", DefinitionKind::schema},      Keyword{"scalar", DefinitionKind::scalar},
    Keyword{"type", DefinitionKind::object},        Keyword{"interface", DefinitionKind::interface},
    Keyword{"union", DefinitionKind::union_},       Keyword{"enum", DefinitionKind::enum_},
    Keyword{"input", DefinitionKind::input_object}, Keyword{"directive", DefinitionKind::directive},
};

// Whether an extension adds anything.
bool extends_nothing(const TypeSystemDefinition& definition) {
  return definition.directives.empty() && definition.interfaces.empty() && definition.fields.empty() &&
         definition.members.empty() && definition.enum_values.empty() && definition.input_values.empty() &&
         definition.root_operations.empty();
}

}  // namespace

void Grammar::type_system() {
  TypeSystemDefinition definition{.offset = token_.offset};
  definition.description = description();
  definition.extension = accept_keyword("extend");
  const auto* keyword = std::ranges::find_if(keywords, [&](const Keyword& k) { return at_keyword(k.word); });
  const bool known = keyword != keywords.end();
  if (!known || (definition.extension && keyword->kind == DefinitionKind::directive))
    return unexpected(token_);
  definition.kind = keyword->kind;
  advance();

  const auto body = definition.kind == DefinitionKind::schema      ? &Grammar::schema_definition
                    : definition.kind == DefinitionKind::directive ? &Grammar::directive_definition
                                                                   : &Grammar::type_definition;
  definition = (this->*body)(definition);
  if (definition.extension && extends_nothing(definition)) unexpected(token_);
  document_.definitions.push_back(
      {.kind = DefinitionReference::Kind::type_system, .index = row_count(document_.type_system)});
  document_.type_system.push_back(definition);
}

TypeSystemDefinition Grammar::schema_definition(TypeSystemDefinition definition) {
  definition.directives = directives(Constness::constant);
  definition.root_operations.first = row_count(document_.root_operations);
  if (definition.extension && !at(TokenKind::brace_l)) return definition;
  many(TokenKind::brace_l, TokenKind::brace_r, [&] {
    document_.root_operations.push_back(root_operation());
    ++definition.root_operations.count;
  });
  return definition;
}

RootOperation Grammar::root_operation() {
  RootOperation root{.kind = operation_kind()};
  expect(TokenKind::colon);
  root.type = name();
  return root;
}

TypeSystemDefinition Grammar::directive_definition(TypeSystemDefinition definition) {
  expect(TokenKind::at);
  definition.name = name();
  definition.input_values = input_values(TokenKind::paren_l, TokenKind::paren_r);
  definition.repeatable = accept_keyword("repeatable");
  expect_keyword("on");
  definition.locations = delimited(TokenKind::pipe, [&] { return directive_location(); });
  return definition;
}

Name Grammar::directive_location() {
  const Token token = token_;
  const Name location = name();
  if (!graphql::directive_location(location.text)) unexpected(token);
  return location;
}

TypeSystemDefinition Grammar::type_definition(TypeSystemDefinition definition) {
  definition.name = name();
  const bool implements =
      definition.kind == DefinitionKind::object || definition.kind == DefinitionKind::interface;
  if (implements) definition.interfaces = interfaces();
  definition.directives = directives(Constness::constant);
  type_body(definition);
  return definition;
}

void Grammar::type_body(TypeSystemDefinition& definition) {
  switch (definition.kind) {
    case DefinitionKind::object:
    case DefinitionKind::interface:
      definition.fields = fields();
      break;
    case DefinitionKind::union_:
      if (accept(TokenKind::equals)) definition.members = delimited(TokenKind::pipe, [&] { return name(); });
      break;
    case DefinitionKind::enum_:
      definition.enum_values = enum_values();
      break;
    case DefinitionKind::input_object:
      definition.input_values = input_values(TokenKind::brace_l, TokenKind::brace_r);
      break;
    case DefinitionKind::scalar:
    case DefinitionKind::schema:
    case DefinitionKind::directive:
      break;
  }
}

Range Grammar::interfaces() {
  if (!accept_keyword("implements")) return {};
  return delimited(TokenKind::amp, [&] { return name(); });
}

Range Grammar::fields() {
  Range range{row_count(document_.fields), 0};
  optional_many(TokenKind::brace_l, TokenKind::brace_r, [&] {
    document_.fields.push_back(field_definition());
    ++range.count;
  });
  return range;
}

FieldDefinition Grammar::field_definition() {
  FieldDefinition field;
  field.description = description();
  field.name = name();
  field.arguments = input_values(TokenKind::paren_l, TokenKind::paren_r);
  expect(TokenKind::colon);
  field.type = type();
  field.directives = directives(Constness::constant);
  return field;
}

Range Grammar::input_values(TokenKind open, TokenKind close) {
  Range range{row_count(document_.input_values), 0};
  optional_many(open, close, [&] {
    document_.input_values.push_back(input_value());
    ++range.count;
  });
  return range;
}

InputValueDefinition Grammar::input_value() {
  InputValueDefinition input;
  input.description = description();
  input.name = name();
  expect(TokenKind::colon);
  input.type = type();
  if ((input.has_default = accept(TokenKind::equals))) input.default_value = value(Constness::constant);
  input.directives = directives(Constness::constant);
  return input;
}

Range Grammar::enum_values() {
  Range range{row_count(document_.enum_values), 0};
  optional_many(TokenKind::brace_l, TokenKind::brace_r, [&] {
    document_.enum_values.push_back(enum_value());
    ++range.count;
  });
  return range;
}

EnumValueDefinition Grammar::enum_value() {
  EnumValueDefinition value;
  value.description = description();
  if (at_keyword("true") || at_keyword("false") || at_keyword("null")) {
    fail(code::parse_failed, token_.offset,
         fmt::format("{} is reserved and cannot be used for an enum value.", describe(token_)));
  }
  value.name = name();
  value.directives = directives(Constness::constant);
  return value;
}

}  // namespace tenon::graphql
