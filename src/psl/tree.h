// The syntax of one schema file as a tree of values with their places. Every line of the file is in it, blank
// lines, comments and lines that could not be understood too, so a formatter can print the file again from
// `lines` and `blocks`; all text is a view into the SourceSet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "psl/lexer.h"

namespace tenon::psl {

struct Name {
  std::string_view text;
  base::Span span;
};

struct Argument;

// The value of an argument or of a property.
struct Expression {
  enum class Kind : std::uint8_t {
    string,
    number,    // `text` as it is written
    constant,  // a word or a path of words: Cascade, true, address.street
    function,  // `text` is its name
    array,
    object,  // { key: value }, in the predicate of an index only
  };
  Kind kind = Kind::constant;
  std::string text;
  std::vector<Argument> arguments;           // of a function, the members of an object
  std::vector<Expression> items;             // of an array
  std::optional<base::Span> trailing_comma;  // of a function: grammatical, but an error
  base::Span span;
};

struct Argument {
  std::optional<Name> name;
  std::optional<Expression> value;  // absent: `name:` alone
  base::Span span;
};

// `@id`, `@db.VarChar(10)`, `@@index([a])`. The span is the one that Prisma's messages have: from the @ on,
// with the white space behind a field's attribute that has no brackets, and with everything up to the end of
// the line of a block's attribute.
struct Attribute {
  Name name;
  std::vector<Argument> arguments;
  std::optional<base::Span> trailing_comma;
  base::Span span;
};

enum class Arity : std::uint8_t { required, optional, list, optional_list };

struct FieldType {
  Name name;                // of a scalar, enum or model; what the string says for Unsupported("…")
  std::string unsupported;  // the decoded string, when `is_unsupported`
  bool is_unsupported = false;
  Arity arity = Arity::required;
  base::Span span;
};

struct Field {
  Name name;
  FieldType type;  // without a name when it is missing, which is an error of the parser
  std::vector<Attribute> attributes;
  std::string documentation;
  base::Span span;       // up to the last attribute
  base::Span line_span;  // with the comment and the end of the line; what messages point at
  // Written in a way that the language no longer has (`name: Type`, `[Type]`, `Type!`, `Type[]?`), or
  // without a type: an error of the parser, and no field of its model.
  bool is_refused = false;
};

struct EnumMember {
  Name name;
  std::vector<Attribute> attributes;
  std::string documentation;
  base::Span span;  // as those of a field
  base::Span line_span;
};

// `key = value` of a datasource or generator.
struct Property {
  Name key;
  std::optional<Expression> value;
  base::Span span;  // with the white space and the comment behind, without the end of the line
};

enum class LineKind : std::uint8_t {
  blank,
  comment,
  field,
  enum_member,
  property,
  attribute,
  block,
  invalid
};

// One line, or one block of the file; `index` counts within the vector of its kind.
struct Line {
  LineKind kind = LineKind::blank;
  std::uint32_t index = 0;
  base::Span span;
};

enum class BlockKind : std::uint8_t { model, view, composite_type, enumeration, datasource, generator };

struct Block {
  BlockKind kind = BlockKind::model;
  Name name;
  std::string documentation;
  std::vector<Field> fields;          // of models, views and types
  std::vector<EnumMember> members;    // of enums
  std::vector<Property> properties;   // of datasources and generators
  std::vector<Attribute> attributes;  // @@…
  std::vector<Line> lines;
  base::Span span;
};

struct Tree {
  base::SourceId source;
  std::vector<Token> tokens;
  std::vector<Block> blocks;
  std::vector<Line> lines;
};

}  // namespace tenon::psl
