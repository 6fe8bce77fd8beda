#include "graphql/grammar.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "graphql/error.h"

namespace tenon::graphql {

namespace {

bool is_type_system_keyword(std::string_view word) {
  return word == "type" || word == "input" || word == "enum" || word == "interface" || word == "union" ||
         word == "scalar" || word == "directive" || word == "schema";
}

bool is_operation_keyword(std::string_view word) {
  return word == "query" || word == "mutation" || word == "subscription";
}

}  // namespace

Grammar::Grammar(Document& document, const base::DocumentLimits& limits)
    : document_(document), limits_(limits), lexer_(*document.text) {
  advance();
}

// Tokens

void Grammar::advance() {
  if (failure_) return;
  token_ = lexer_.next();
  if (at(TokenKind::failed)) {
    fail(code::parse_failed, lexer_.failure().offset, lexer_.failure().message);
  } else if (!at(TokenKind::end) && ++tokens_ > limits_.tokens_max) {
    fail(code::query_too_complex, token_.offset,
         fmt::format("Document contains more than {} tokens. Parsing aborted.", limits_.tokens_max));
  }
}

Token Grammar::lookahead() const {
  Lexer ahead = lexer_;
  return ahead.next();
}

bool Grammar::accept(TokenKind kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}

bool Grammar::accept_keyword(std::string_view word) {
  if (!at_keyword(word)) return false;
  advance();
  return true;
}

void Grammar::expect(TokenKind kind) {
  if (accept(kind) || failure_) return;
  fail(code::parse_failed, token_.offset,
       fmt::format("Expected {}, found {}.", to_string(kind), describe(token_)));
}

void Grammar::expect_keyword(std::string_view word) {
  if (accept_keyword(word) || failure_) return;
  fail(code::parse_failed, token_.offset, fmt::format("Expected \"{}\", found {}.", word, describe(token_)));
}

void Grammar::unexpected(const Token& token) {
  if (failure_) return;
  fail(code::parse_failed, token.offset, fmt::format("Unexpected {}.", describe(token)));
}

void Grammar::fail(std::string_view code, Offset offset, std::string message) {
  if (!failure_) failure_ = {.code = code, .offset = offset, .message = std::move(message)};
  token_ = {.kind = TokenKind::failed, .offset = offset};
}

// Counts one level of selections, lists or objects; every true is followed by leave().
bool Grammar::enter() {
  if (depth_ < limits_.nesting_max) {
    ++depth_;
    return true;
  }
  fail(code::query_too_deep, token_.offset,
       fmt::format("Document is nested deeper than {} levels. Parsing aborted.", limits_.nesting_max));
  return false;
}

// The value of a string token, as a view that lives as long as the document.
std::string_view Grammar::text_of(const Token& token) {
  if (token.plain) return token.text;
  return *document_.strings->emplace_back(std::make_unique<std::string>(string_value(token)));
}

// Documents and definitions

void Grammar::document() {
  do {
    definition();
  } while (!failure_ && !at(TokenKind::end));
}

void Grammar::lone_value() {
  value(Constness::constant);
  expect(TokenKind::end);
}

void Grammar::lone_type() {
  type();
  expect(TokenKind::end);
}

void Grammar::definition() {
  const bool has_description = at(TokenKind::string) || at(TokenKind::block_string);
  const Token keyword = has_description ? lookahead() : token_;
  if (keyword.kind == TokenKind::brace_l) {
    if (!has_description) return operation(false);
    return fail(code::parse_failed, token_.offset,
                "Unexpected description, descriptions are not supported on shorthand queries.");
  }
  if (keyword.kind == TokenKind::name) {
    if (is_operation_keyword(keyword.text)) return operation(has_description);
    if (keyword.text == "fragment") return fragment();
    if (is_type_system_keyword(keyword.text)) return type_system();
    if (has_description) {
      return fail(code::parse_failed, token_.offset,
                  "Unexpected description, only GraphQL definitions support descriptions.");
    }
    if (keyword.text == "extend") return type_system();
  }
  if (keyword.kind == TokenKind::failed) advance();  // the lexer says why
  unexpected(keyword);
}

Name Grammar::name() {
  const Name result{.text = token_.text, .offset = token_.offset};
  expect(TokenKind::name);
  return result;
}

void Grammar::operation(bool has_description) {
  OperationDefinition operation{.offset = token_.offset};
  if (at(TokenKind::brace_l)) {
    operation.selections = selection_set();
  } else {
    if (has_description) operation.description = description();
    operation.kind = operation_kind();
    if (at(TokenKind::name)) operation.name = name();
    operation.variables = variable_definitions();
    operation.directives = directives(Constness::variables_allowed);
    operation.selections = selection_set();
  }
  document_.definitions.push_back(
      {.kind = DefinitionReference::Kind::operation, .index = row_count(document_.operations)});
  document_.operations.push_back(operation);
}

OperationKind Grammar::operation_kind() {
  if (accept_keyword("query")) return OperationKind::query;
  if (accept_keyword("mutation")) return OperationKind::mutation;
  if (accept_keyword("subscription")) return OperationKind::subscription;
  at(TokenKind::name) ? unexpected(token_) : expect(TokenKind::name);
  return OperationKind::query;
}

void Grammar::fragment() {
  FragmentDefinition fragment{.offset = token_.offset};
  fragment.description = description();
  expect_keyword("fragment");
  fragment.name = fragment_name();
  expect_keyword("on");
  fragment.condition = name();
  fragment.directives = directives(Constness::variables_allowed);
  fragment.selections = selection_set();
  document_.definitions.push_back(
      {.kind = DefinitionReference::Kind::fragment, .index = row_count(document_.fragments)});
  document_.fragments.push_back(fragment);
}

Name Grammar::fragment_name() {
  if (at_keyword("on")) unexpected(token_);
  return name();
}

Range Grammar::variable_definitions() {
  Range range{row_count(document_.variables), 0};
  optional_many(TokenKind::paren_l, TokenKind::paren_r, [&] {
    document_.variables.push_back(variable_definition());
    ++range.count;
  });
  return range;
}

VariableDefinition Grammar::variable_definition() {
  VariableDefinition definition{.offset = token_.offset};
  definition.description = description();
  expect(TokenKind::dollar);
  definition.name = name();
  expect(TokenKind::colon);
  definition.type = type();
  if ((definition.has_default = accept(TokenKind::equals)))
    definition.default_value = value(Constness::constant);
  definition.directives = directives(Constness::constant);
  return definition;
}

// Selections

Range Grammar::selection_set() {
  if (!enter()) return {};
  const std::size_t mark = selections_.mark();
  many(TokenKind::brace_l, TokenKind::brace_r, [&] { selections_.add(selection()); });
  leave();
  return selections_.finish(mark, document_.selections);
}

Selection Grammar::selection() { return at(TokenKind::spread) ? fragment_selection() : field(); }

Selection Grammar::field() {
  Selection field{.kind = SelectionKind::field, .offset = token_.offset};
  field.name = name();
  if (accept(TokenKind::colon)) {
    field.alias = field.name;
    field.name = name();
  }
  field.arguments = arguments(Constness::variables_allowed);
  field.directives = directives(Constness::variables_allowed);
  if ((field.has_selection_set = at(TokenKind::brace_l))) {
    field.selection_set = token_.offset;
    field.selections = selection_set();
  }
  return field;
}

Selection Grammar::fragment_selection() {
  Selection selection{.kind = SelectionKind::inline_fragment, .offset = token_.offset};
  expect(TokenKind::spread);
  if (accept_keyword("on")) {
    selection.condition = name();
  } else if (at(TokenKind::name)) {
    selection.kind = SelectionKind::fragment_spread;
    selection.name = fragment_name();
    selection.directives = directives(Constness::variables_allowed);
    return selection;
  }
  selection.directives = directives(Constness::variables_allowed);
  selection.has_selection_set = true;
  selection.selection_set = token_.offset;
  selection.selections = selection_set();
  return selection;
}

Range Grammar::arguments(Constness constness) {
  Range range{row_count(document_.arguments), 0};
  optional_many(TokenKind::paren_l, TokenKind::paren_r, [&] {
    const Name argument = name();
    expect(TokenKind::colon);
    document_.arguments.push_back({.name = argument, .value = value(constness)});
    ++range.count;
  });
  return range;
}

Range Grammar::directives(Constness constness) {
  Range range{row_count(document_.directives), 0};
  while (at(TokenKind::at)) {
    document_.directives.push_back(directive(constness));
    ++range.count;
  }
  return range;
}

Directive Grammar::directive(Constness constness) {
  Directive directive{.offset = token_.offset};
  expect(TokenKind::at);
  directive.name = name();
  directive.arguments = arguments(constness);
  return directive;
}

// Values and types

ValueId Grammar::value(Constness constness) {
  const auto read = [&]() -> Value {
    switch (token_.kind) {
      case TokenKind::bracket_l:
        return list(constness);
      case TokenKind::brace_l:
        return object(constness);
      case TokenKind::int_:
        return token_value(ValueKind::int_);
      case TokenKind::float_:
        return token_value(ValueKind::float_);
      case TokenKind::string:
      case TokenKind::block_string:
        return token_value(ValueKind::string);
      case TokenKind::name:
        return name_value();
      case TokenKind::dollar:
        return variable(constness);
      default:
        unexpected(token_);
        return {};
    }
  };
  document_.values.push_back(read());
  return row_count(document_.values) - 1;
}

Value Grammar::token_value(ValueKind kind) {
  Value result{.kind = kind, .offset = token_.offset, .text = text_of(token_)};
  result.block_string = at(TokenKind::block_string);
  advance();
  return result;
}

Value Grammar::name_value() {
  if (at_keyword("null")) return token_value(ValueKind::null);
  return token_value(at_keyword("true") || at_keyword("false") ? ValueKind::boolean : ValueKind::enum_);
}

Value Grammar::variable(Constness constness) {
  Value result{.kind = ValueKind::variable, .offset = token_.offset};
  expect(TokenKind::dollar);
  if (constness == Constness::constant) {
    if (!at(TokenKind::name)) {
      unexpected({.kind = TokenKind::dollar, .offset = result.offset});
    } else {
      fail(code::parse_failed, result.offset,
           fmt::format("Unexpected variable \"${}\" in constant value.", token_.text));
    }
    return result;
  }
  result.text = name().text;
  return result;
}

Value Grammar::list(Constness constness) {
  Value result{.kind = ValueKind::list, .offset = token_.offset};
  if (!enter()) return result;
  const std::size_t mark = list_items_.mark();
  expect(TokenKind::bracket_l);
  while (!failure_ && !accept(TokenKind::bracket_r)) list_items_.add(value(constness));
  leave();
  result.children = list_items_.finish(mark, document_.list_items);
  return result;
}

Value Grammar::object(Constness constness) {
  Value result{.kind = ValueKind::object, .offset = token_.offset};
  if (!enter()) return result;
  const std::size_t mark = object_fields_.mark();
  expect(TokenKind::brace_l);
  while (!failure_ && !accept(TokenKind::brace_r)) {
    const Name field = name();
    expect(TokenKind::colon);
    object_fields_.add({.name = field, .value = value(constness)});
  }
  leave();
  result.children = object_fields_.finish(mark, document_.object_fields);
  return result;
}

// Marks may nest as deep as selections, and are written from the inside out, so `[` and `!` are collected
// apart: `[[Int!]]!` opens two lists, then meets `!`, `]`, `]!`.
TypeNodeId Grammar::type() {
  TypeNode type{.offset = token_.offset};
  std::uint32_t lists = 0;
  while (at(TokenKind::bracket_l) && enter()) {
    ++lists;
    advance();
  }
  type.name = name();
  if (accept(TokenKind::bang)) type.wrappers += '!';
  for (std::uint32_t i = 0; i < lists; ++i) {
    expect(TokenKind::bracket_r);
    type.wrappers += '[';
    if (accept(TokenKind::bang)) type.wrappers += '!';
    leave();
  }
  type.wrappers.assign(type.wrappers.rbegin(), type.wrappers.rend());
  document_.types.push_back(std::move(type));
  return row_count(document_.types) - 1;
}

std::string_view Grammar::description() {
  if (!at(TokenKind::string) && !at(TokenKind::block_string)) return {};
  const std::string_view text = text_of(token_);
  advance();
  return text;
}

}  // namespace tenon::graphql
