// The productions of the grammar, one function each, as a recursive descent over a Lexer. Used by parser.h
// alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "graphql/ast.h"
#include "graphql/lexer.h"

namespace tenon::graphql {

// Children of nodes that are not finished yet. Selections, lists and objects hold more of themselves, so
// children gather here, the innermost parent's on top, and move to their final rows together.
template <class Row>
class Unfinished {
 public:
  std::size_t mark() const { return rows_.size(); }
  void add(Row row) { rows_.push_back(std::move(row)); }
  // Moves everything since `mark` to the end of `target`.
  Range finish(std::size_t mark, std::vector<Row>& target) {
    const Range range{static_cast<std::uint32_t>(target.size()),
                      static_cast<std::uint32_t>(rows_.size() - mark)};
    target.insert(target.end(), rows_.begin() + static_cast<std::ptrdiff_t>(mark), rows_.end());
    rows_.resize(mark);
    return range;
  }

 private:
  std::vector<Row> rows_;
};

// Fills a Document. The first failure stays; after it every token is `failed`, which no production accepts,
// so that all of them return soon and none has to look whether another one failed.
class Grammar {
 public:
  struct Failure {
    std::string_view code;
    Offset offset = 0;
    std::string message;
  };

  // `document` has its text and strings, and outlives this.
  Grammar(Document& document, const base::DocumentLimits& limits);

  void document();
  void lone_value();
  void lone_type();
  const Failure* failure() const { return failure_ ? &*failure_ : nullptr; }

 private:
  enum class Constness : std::uint8_t { variables_allowed, constant };

  // grammar.cpp: tokens
  void advance();
  Token lookahead() const;
  bool at(TokenKind kind) const { return token_.kind == kind; }
  bool at_keyword(std::string_view word) const { return at(TokenKind::name) && token_.text == word; }
  bool accept(TokenKind kind);
  bool accept_keyword(std::string_view word);
  void expect(TokenKind kind);
  void expect_keyword(std::string_view word);
  void unexpected(const Token& token);
  void fail(std::string_view code, Offset offset, std::string message);
  bool enter();
  void leave() { --depth_; }
  template <class Item>
  void many(TokenKind open, TokenKind close, Item item);
  template <class Item>
  void optional_many(TokenKind open, TokenKind close, Item item);
  template <class Item>
  Range delimited(TokenKind delimiter, Item item);
  std::string_view text_of(const Token& token);

  // grammar.cpp: the executable language
  void definition();
  Name name();
  void operation(bool has_description);
  OperationKind operation_kind();
  void fragment();
  Name fragment_name();
  Range variable_definitions();
  VariableDefinition variable_definition();
  Range selection_set();
  Selection selection();
  Selection field();
  Selection fragment_selection();
  Range arguments(Constness constness);
  Range directives(Constness constness);
  Directive directive(Constness constness);
  ValueId value(Constness constness);
  Value token_value(ValueKind kind);
  Value name_value();
  Value variable(Constness constness);
  Value list(Constness constness);
  Value object(Constness constness);
  TypeNodeId type();
  std::string_view description();

  // grammar_type_system.cpp
  void type_system();
  TypeSystemDefinition schema_definition(TypeSystemDefinition definition);
  TypeSystemDefinition directive_definition(TypeSystemDefinition definition);
  TypeSystemDefinition type_definition(TypeSystemDefinition definition);
  void type_body(TypeSystemDefinition& definition);
  Range interfaces();
  Range fields();
  FieldDefinition field_definition();
  Range input_values(TokenKind open, TokenKind close);
  InputValueDefinition input_value();
  Range enum_values();
  EnumValueDefinition enum_value();
  Name directive_location();
  RootOperation root_operation();

  Document& document_;
  const base::DocumentLimits& limits_;
  Lexer lexer_;
  Token token_;
  std::uint32_t tokens_ = 0;
  std::uint32_t depth_ = 0;
  std::optional<Failure> failure_;
  Unfinished<Selection> selections_;
  Unfinished<ValueId> list_items_;
  Unfinished<ObjectField> object_fields_;
};

// `open item+ close`
template <class Item>
void Grammar::many(TokenKind open, TokenKind close, Item item) {
  expect(open);
  do {
    item();
  } while (!failure_ && !accept(close));
}

// `(open item+ close)?`
template <class Item>
void Grammar::optional_many(TokenKind open, TokenKind close, Item item) {
  if (at(open)) many(open, close, item);
}

// `delimiter? item (delimiter item)*`, each item a Name
template <class Item>
Range Grammar::delimited(TokenKind delimiter, Item item) {
  Range range{static_cast<std::uint32_t>(document_.names.size()), 0};
  accept(delimiter);
  do {
    document_.names.push_back(item());
    ++range.count;
  } while (accept(delimiter));
  return range;
}

}  // namespace tenon::graphql
