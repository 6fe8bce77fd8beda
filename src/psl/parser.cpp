#include "psl/parser.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/limits.h"
#include "psl/documentation.h"
#include "psl/parser_words.h"
#include "psl/readable_text.h"

namespace tenon::psl {

namespace {

using base::code::schema_invalid;

constexpr base::SchemaLimits limits;

bool is_comment(TokenKind kind) {
  return kind == TokenKind::comment || kind == TokenKind::doc_comment || kind == TokenKind::block_comment;
}

class Parser {
 public:
  Parser(std::string_view text, base::SourceId source, base::Diagnostics& diagnostics,
         const ParseOptions& options)
      : text_(text), source_(source), diagnostics_(diagnostics), options_(options) {
    tree_.source = source;
    tree_.tokens = tokenize(text);
    last_brace_ = text.rfind('}');
    bool line_start = false;
    for (std::size_t i = 0; i < tree_.tokens.size(); ++i) {
      const Token& token = tree_.tokens[i];
      const bool is_brace = token.kind == TokenKind::symbol && text_[token.begin] == '}';
      if (is_brace && line_start) last_closing_ = i;
      if (token.kind != TokenKind::whitespace) line_start = token.kind == TokenKind::newline;
    }
  }

  Tree run() {
    while (kind() != TokenKind::end) top_level();
    return std::move(tree_);
  }

 private:
  // Tokens. `at_` never passes the `end` token.
  const Token& token() const { return tree_.tokens[at_]; }
  TokenKind kind() const { return token().kind; }
  std::string_view word(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  std::string_view word() const { return word(token()); }
  bool is_symbol(char c) const { return kind() == TokenKind::symbol && text_[token().begin] == c; }
  void advance() {
    if (kind() != TokenKind::end) ++at_;
  }
  bool accept(char c) {
    if (!is_symbol(c)) return false;
    advance();
    return true;
  }
  // Whether a bracket follows the word, perhaps behind spaces.
  bool is_call() const {
    const Token& next =
        tree_.tokens[at_ + 1].kind == TokenKind::whitespace ? tree_.tokens[at_ + 2] : tree_.tokens[at_ + 1];
    return word(next) == "(";
  }
  bool starts_with_digit() const { return text_[token().begin] >= '0' && text_[token().begin] <= '9'; }
  // A name may be all digits for the grammar; the checker refuses that.
  bool is_name() const {
    return kind() == TokenKind::identifier ||
           (kind() == TokenKind::number && word().find_first_of("-.") == std::string_view::npos);
  }
  void skip_spaces() {
    while (kind() == TokenKind::whitespace) advance();
  }
  bool at_line_end() const { return kind() == TokenKind::newline || kind() == TokenKind::end; }
  void skip_line() {
    while (!at_line_end()) advance();
    if (kind() == TokenKind::newline) advance();
  }
  std::uint32_t here() const { return token().begin; }
  // End of the last token that is not white space.
  std::uint32_t behind() const {
    std::size_t i = at_;
    while (i > 0 && tree_.tokens[i - 1].kind == TokenKind::whitespace) --i;
    return i == 0 ? 0 : tree_.tokens[i - 1].end;
  }
  base::Span span_from(std::uint32_t begin) const {
    return {.source = source_, .begin = begin, .end = std::max(begin, behind())};
  }

  void error(std::string message, base::Span span, std::string help = {}) {
    if (diagnostics_.error_count() < limits.errors_reported_max)
      diagnostics_.error(schema_invalid, std::move(message), span, std::move(help));
  }

  // An error within a line: it counts only if the line as a whole can be understood.
  void error_in_line(std::string message, base::Span span) {
    pending_.push_back({.code = schema_invalid, .message = std::move(message), .span = span});
  }
  void flush_errors() {
    for (base::Diagnostic& found : pending_) error(std::move(found.message), *found.span);
    pending_.clear();
  }

  // Documentation: comment lines directly above, then the one behind on the same line.
  void add_documentation(std::string& documentation, const Token& comment) const {
    append_documentation(documentation, comment.kind, word(comment));
  }
  std::string take_documentation() {
    has_blank_behind_ = false;
    return std::exchange(documentation_, {});
  }

  // A blank line or a line of comments alone, at the top level or in a block. False when it is neither.
  bool comment_or_blank(std::vector<Line>& lines) {
    const std::uint32_t begin = here();
    skip_spaces();
    if (kind() == TokenKind::newline) {
      advance();
      has_blank_behind_ = true;
      lines.push_back({.kind = LineKind::blank, .span = {source_, begin, begin}});
      return true;
    }
    if (!is_comment(kind())) return false;
    if (std::exchange(has_blank_behind_, false)) documentation_.clear();
    while (is_comment(kind())) {
      add_documentation(documentation_, token());
      advance();
      skip_spaces();
    }
    lines.push_back({.kind = LineKind::comment, .span = span_from(begin)});
    if (kind() == TokenKind::newline) advance();
    return true;
  }

  void top_level() {
    if (comment_or_blank(tree_.lines) || kind() == TokenKind::end) return;
    const std::uint32_t begin = here();
    const std::size_t start = at_;
    if (kind() == TokenKind::identifier) {
      if (const std::optional<Heading> head = heading()) {
        const std::size_t behind_name = at_;
        if (head->kind == BlockKind::composite_type && type_alias(begin)) return;
        at_ = behind_name;
        if (open_block(*head, begin)) return;
      }
      at_ = start;
      if (skip_unknown_block(begin)) return;
    }
    at_ = start;
    invalid_line(tree_.lines, begin, std::string(no_keyword));
  }

  struct Heading {
    BlockKind kind = BlockKind::model;
    Name name;
  };

  // `model Name`, or `modelName`: the grammar asks for no space between them.
  std::optional<Heading> heading() {
    const Token first = token();
    const std::string_view text = word();
    advance();
    skip_spaces();
    for (const Keyword& keyword : keywords) {
      if (!text.starts_with(keyword.text)) continue;
      if (text.size() > keyword.text.size()) {
        const std::string_view rest = text.substr(keyword.text.size());
        if (rest[0] == '_' || rest[0] == '-') return std::nullopt;
        const auto size = static_cast<std::uint32_t>(rest.size());
        return Heading{
            .kind = keyword.kind,
            .name = {.text = rest, .span = {.source = source_, .begin = first.end - size, .end = first.end}}};
      }
      if (is_name()) return Heading{.kind = keyword.kind, .name = name()};
    }
    return std::nullopt;
  }

  // `type Name = Type @attributes`, of which only the name is left: composite types took the word.
  bool type_alias(std::uint32_t begin) {
    skip_spaces();
    if (!accept('=')) return false;
    skip_spaces();
    FieldType type;
    if (!is_name() || !base_type(type)) return false;
    std::uint32_t end = behind();
    if (kind() == TokenKind::whitespace) end = token().end;
    failed_ = false;
    for (const Attribute& attribute : attributes()) end = attribute.span.end;
    failed_ = false;
    while (token().begin < end && kind() != TokenKind::end) advance();
    const base::Span span{.source = source_, .begin = begin, .end = end};
    tree_.lines.push_back({.kind = LineKind::invalid, .span = span});
    error(
        "Error validating: Invalid type definition. Please check the documentation in "
        "https://pris.ly/d/composite-types",
        span);
    return true;
  }

  // `word {` up to its closing brace, when the word is no keyword.
  bool skip_unknown_block(std::uint32_t begin) {
    advance();
    skip_spaces();
    if (!is_symbol('{') || !block_opens_here()) return false;
    while (!at_line_end()) advance();
    if (last_brace_ == std::string_view::npos || here() >= last_brace_) return false;
    const auto end = static_cast<std::uint32_t>(text_.find('}', here()) + 1);
    while (token().end <= end && kind() != TokenKind::end) advance();
    const base::Span span{.source = source_, .begin = begin, .end = end};
    tree_.lines.push_back({.kind = LineKind::invalid, .span = span});
    error(
        "Error validating: This block is invalid. It does not start with any known Prisma schema keyword. "
        "Valid "
        "keywords include 'model', 'enum', 'type', 'datasource' and 'generator'.",
        span);
    // The first brace ends it, even one within a string, the rest of which is a line of its own.
    if (here() < end) {
      advance();
      if (!at_line_end() || token().begin > end) invalid_line(tree_.lines, end, std::string(no_keyword));
    }
    return true;
  }

  // What follows `{` on its line is not read, but a line that ends there is needed for a block.
  bool block_opens_here() const {
    std::size_t i = at_;
    while (tree_.tokens[i].kind != TokenKind::newline && tree_.tokens[i].kind != TokenKind::end) ++i;
    return tree_.tokens[i].kind == TokenKind::newline;
  }

  bool open_block(const Heading& heading, std::uint32_t begin) {
    Block block{.kind = heading.kind,
                .name = heading.name,
                .documentation = {},
                .fields = {},
                .members = {},
                .properties = {},
                .attributes = {},
                .lines = {},
                .span = {}};
    skip_spaces();
    if (!is_symbol('{') || !block_opens_here() || !block_closes()) return false;
    // A blank line parts comments from a block, but not from a field.
    if (has_blank_behind_) documentation_.clear();
    block.documentation = take_documentation();
    skip_line();
    while (kind() != TokenKind::end) {
      skip_spaces();
      if (is_symbol('}')) break;
      block_line(block);
    }
    accept('}');
    documentation_.clear();
    block.span = span_from(begin);
    tree_.lines.push_back({.kind = LineKind::block,
                           .index = static_cast<std::uint32_t>(tree_.blocks.size()),
                           .span = block.span});
    tree_.blocks.push_back(std::move(block));
    skip_spaces();
    if (kind() == TokenKind::newline) advance();
    return true;
  }

  // Whether some later line begins with the closing brace; without one there is no block, only lines.
  bool block_closes() const { return at_ < last_closing_; }

  void block_line(Block& block) {
    if (comment_or_blank(block.lines)) return;
    const std::uint32_t begin = here();
    const std::size_t start = at_;
    const bool is_config = block.kind == BlockKind::datasource || block.kind == BlockKind::generator;
    failed_ = false;
    reported_ = false;
    pending_.clear();
    bool understood = false;
    if (!is_config && kind() == TokenKind::at_at)
      understood = block_attribute(block, begin);
    else if (is_name())
      understood = is_config                              ? property(block, begin)
                   : block.kind == BlockKind::enumeration ? enum_member(block, begin)
                                                          : field(block, begin);
    documentation_.clear();
    if (understood) return flush_errors();
    at_ = start;
    invalid_line(block.lines, begin, std::string(not_valid(block.kind)), definition_of(block.kind));
  }

  void invalid_line(std::vector<Line>& lines, std::uint32_t begin, std::string message,
                    std::string_view help = blocks_help) {
    documentation_.clear();
    while (!at_line_end()) advance();
    const bool has_newline = kind() == TokenKind::newline;
    if (has_newline) advance();
    const base::Span span{.source = source_, .begin = begin, .end = here()};
    lines.push_back({.kind = LineKind::invalid, .span = span});
    if (!reported_) error(std::move(message), span, std::string(help));
    reported_ = false;
  }

  // The rest of a line behind a definition: perhaps a comment, then the end of the line, whose place is
  // stored in `line_end`.
  bool finish_line(std::string& documentation, std::uint32_t* line_end = nullptr) {
    skip_spaces();
    if (kind() == TokenKind::comment || kind() == TokenKind::doc_comment ||
        kind() == TokenKind::block_comment) {
      add_documentation(documentation, token());
      advance();
      skip_spaces();
    }
    if (failed_ || !at_line_end()) return false;
    if (line_end != nullptr) *line_end = here();
    if (kind() == TokenKind::newline) advance();
    return true;
  }

  Name name() {
    Name name{.text = word(), .span = {.source = source_, .begin = token().begin, .end = token().end}};
    advance();
    return name;
  }

  bool property(Block& block, std::uint32_t begin) {
    Property property{.key = name(), .value = {}, .span = {}};
    skip_spaces();
    if (!accept('=')) return false;
    skip_spaces();
    if (!at_line_end() && !is_comment(kind())) property.value = expression(0);
    std::string ignored;
    if (!finish_line(ignored, &property.span.end)) return false;
    property.span = {.source = source_, .begin = begin, .end = property.span.end};
    block.lines.push_back({.kind = LineKind::property,
                           .index = static_cast<std::uint32_t>(block.properties.size()),
                           .span = property.span});
    block.properties.push_back(std::move(property));
    return true;
  }

  bool enum_member(Block& block, std::uint32_t begin) {
    EnumMember member{
        .name = name(), .attributes = {}, .documentation = take_documentation(), .span = {}, .line_span = {}};
    member.attributes = attributes();
    member.span = span_from(begin);
    if (!finish_line(member.documentation)) return false;
    member.line_span = {.source = source_, .begin = begin, .end = here()};
    block.lines.push_back({.kind = LineKind::enum_member,
                           .index = static_cast<std::uint32_t>(block.members.size()),
                           .span = member.span});
    block.members.push_back(std::move(member));
    return true;
  }

  bool block_attribute(Block& block, std::uint32_t begin) {
    Attribute found = attribute();
    const std::uint32_t end = behind();
    std::string ignored;
    if (!finish_line(ignored, &found.span.end)) return false;
    if (block.kind == BlockKind::composite_type)
      error_in_line(fmt::format("Error validating: {}", refusal_of(found.name.text)), found.span);
    block.lines.push_back({.kind = LineKind::attribute,
                           .index = static_cast<std::uint32_t>(block.attributes.size()),
                           .span = {source_, begin, end}});
    block.attributes.push_back(std::move(found));
    return true;
  }

  bool field(Block& block, std::uint32_t begin) {
    Field field{.name = name(),
                .type = {},
                .attributes = {},
                .documentation = take_documentation(),
                .span = {},
                .line_span = {},
                .is_refused = false};
    skip_spaces();
    if (is_symbol(':')) {
      error_in_line("Field declarations don't require a `:`.",
                    {.source = source_, .begin = token().begin, .end = token().end});
      field.is_refused = true;
      advance();
      skip_spaces();
    }
    const bool has_type = type(field.type, field.is_refused);
    field.attributes = attributes();
    field.span = span_from(begin);
    if (!finish_line(field.documentation)) return false;
    field.line_span = {.source = source_, .begin = begin, .end = here()};
    if (!has_type && !field.is_refused)
      error_in_line(
          fmt::format("Error validating {} \"{}\": This field declaration is invalid. It is either missing a "
                      "name or a type.",
                      block.kind == BlockKind::view    ? "view"
                      : block.kind == BlockKind::model ? "model"
                                                       : "type",
                      block.name.text),
          field.line_span);
    field.is_refused |= !has_type;
    block.lines.push_back({.kind = LineKind::field,
                           .index = static_cast<std::uint32_t>(block.fields.size()),
                           .span = field.span});
    if (block.kind == BlockKind::composite_type) refuse_keys(field);
    block.fields.push_back(std::move(field));
    return true;
  }

  // What a field of a composite type cannot have.
  void refuse_keys(const Field& field) {
    for (const Attribute& attribute : field.attributes)
      for (const std::string_view name : {"id", "unique", "relation"})
        if (attribute.name.text == name)
          error_in_line(
              fmt::format("Error validating: Defining `@{}` attribute for a field in a composite type is not "
                          "allowed.",
                          name),
              field.line_span);
  }

  // `Type`, `Type?`, `Type[]` and the forms that are no longer valid, which are `refused`.
  bool type(FieldType& type, bool& refused) {
    const std::uint32_t begin = here();
    const std::size_t start = at_;
    const bool legacy_list = accept('[');
    if (legacy_list) skip_spaces();
    if (!is_name()) {
      at_ = start;
      return false;
    }
    if (!base_type(type)) {
      failed_ = true;
      return false;
    }
    const std::size_t behind_base = at_;
    skip_spaces();
    if (legacy_list) {
      if (!accept(']')) failed_ = true;
      type.arity = Arity::list;
      refuse(refused, "To specify a list, please use `Type[]` instead of `[Type]`.", begin);
    } else if (accept_list()) {
      type.arity = Arity::list;
      const std::size_t behind_list = at_;
      skip_spaces();
      if (accept('?')) {
        type.arity = Arity::optional_list;
        refuse(refused, "Optional lists are not supported. Use either `Type[]` or `Type?`.", begin);
      } else {
        at_ = behind_list;
      }
    } else if (accept('?')) {
      type.arity = Arity::optional;
    } else if (accept('!')) {
      refuse(refused, "Fields are required by default, `!` is no longer required.", begin);
    } else {
      at_ = behind_base;
    }
    type.span = span_from(begin);
    return true;
  }

  void refuse(bool& refused, std::string message, std::uint32_t begin) {
    if (!refused) error_in_line(std::move(message), span_from(begin));
    refused = true;
  }

  // `[]`, with nothing between the brackets.
  bool accept_list() {
    if (!is_symbol('[') || word(tree_.tokens[at_ + 1]) != "]") return false;
    at_ += 2;
    return true;
  }

  // A name, or Unsupported("…") without a space before the bracket.
  bool base_type(FieldType& type) {
    type.name = name();
    if (type.name.text != "Unsupported" || !is_symbol('(')) return true;
    advance();
    skip_spaces();
    if (kind() != TokenKind::string) return false;
    type.is_unsupported = true;
    type.unsupported = decode_string(word());
    advance();
    skip_spaces();
    const bool closed = accept(')');
    type.name.span.end = behind();
    return closed;
  }

  std::vector<Attribute> attributes() {
    std::vector<Attribute> found;
    for (skip_spaces(); kind() == TokenKind::at; skip_spaces()) {
      found.push_back(attribute());
      if (failed_) break;
    }
    return found;
  }

  // A path: words joined by dots.
  Name path() {
    Name path{.text = {}, .span = {.source = source_, .begin = here(), .end = here()}};
    if (!is_name()) {
      failed_ = true;
      return path;
    }
    advance();
    while (is_symbol('.')) {
      advance();
      if (is_name()) advance();
    }
    path.span.end = tree_.tokens[at_ - 1].end;
    path.text = text_.substr(path.span.begin, path.span.end - path.span.begin);
    return path;
  }

  Attribute attribute() {
    const std::uint32_t begin = here();
    advance();
    skip_spaces();
    Attribute found{.name = path(), .arguments = {}, .trailing_comma = {}, .span = {}};
    if (failed_) return found;
    skip_spaces();
    if (accept('(')) found.arguments = arguments(')', 0, found.trailing_comma);
    found.span = {.source = source_, .begin = begin, .end = here()};
    return found;
  }

  // What stands between an opening bracket, already read, and `close`. A comma before a round bracket is
  // remembered; before a brace it is not grammatical.
  std::vector<Argument> arguments(char close, std::uint32_t depth,
                                  std::optional<base::Span>& trailing_comma) {
    std::vector<Argument> found;
    skip_spaces();
    bool expects_comma = false;
    while (!failed_ && !accept(close)) {
      if (is_symbol(',') && (expects_comma || found.empty())) {
        const base::Span comma{.source = source_, .begin = here(), .end = token().end};
        advance();
        skip_spaces();
        if (is_symbol(close) && close == ')')
          trailing_comma = comma;
        else if (is_symbol(close) || !expects_comma)
          failed_ = true;
        expects_comma = false;
      } else if (expects_comma) {
        failed_ = true;
      } else {
        found.push_back(argument(depth));
        if (close == '}' && (!found.back().name || !found.back().value)) failed_ = true;
        skip_spaces();
        expects_comma = true;
      }
    }
    return found;
  }

  Argument argument(std::uint32_t depth) {
    Argument found{.name = {}, .value = {}, .span = {}};
    const std::uint32_t begin = here();
    const std::size_t start = at_;
    if (kind() == TokenKind::identifier) {
      Name key = name();
      skip_spaces();
      if (accept(':')) {
        found.name = key;
        skip_spaces();
        if (is_symbol(',') || is_symbol(')')) {
          found.span = span_from(begin);
          return found;
        }
      } else {
        at_ = start;
      }
    }
    found.value = expression(depth);
    found.span = span_from(begin);
    return found;
  }

  Expression expression(std::uint32_t depth) {
    Expression found;
    const std::uint32_t begin = here();
    if (depth >= limits.nesting_max) {
      failed_ = true;
      reported_ = true;
      error(fmt::format("Error validating: Values are nested more than {} levels deep.", limits.nesting_max),
            {.source = source_, .begin = begin, .end = token().end});
      return found;
    }
    if (kind() == TokenKind::string)
      string(found);
    else if (is_name() && (!starts_with_digit() || is_call()))
      constant_or_function(found, depth);
    else if (kind() == TokenKind::number)
      number(found);
    else if (accept('['))
      array(found, depth);
    else if (options_.has_objects && accept('{'))
      object(found, depth);
    else
      failed_ = true;
    found.span = span_from(begin);
    return found;
  }

  void string(Expression& found) {
    found.kind = Expression::Kind::string;
    std::vector<BadEscape> bad;
    found.text = decode_string(word(), &bad);
    for (const BadEscape& escape : bad)
      error_in_line(escape.is_unicode
                        ? "Invalid unicode escape sequence."
                        : "Unknown escape sequence. If the value is a windows-style path, `\\` must be "
                          "escaped as `\\\\`.",
                    {.source = source_,
                     .begin = token().begin + escape.begin,
                     .end = token().begin + escape.begin + escape.length});
    advance();
  }

  void number(Expression& found) {
    found.kind = Expression::Kind::number;
    found.text = word();
    advance();
  }

  void constant_or_function(Expression& found, std::uint32_t depth) {
    found.text = path().text;
    const std::size_t before = at_;
    skip_spaces();
    if (!accept('(')) {
      at_ = before;
      return;
    }
    found.kind = Expression::Kind::function;
    found.arguments = arguments(')', depth + 1, found.trailing_comma);
  }

  void array(Expression& found, std::uint32_t depth) {
    found.kind = Expression::Kind::array;
    skip_spaces();
    if (accept(']')) return;
    while (!failed_) {
      found.items.push_back(expression(depth + 1));
      skip_spaces();
      if (accept(']')) return;
      if (!accept(',')) failed_ = true;
      skip_spaces();
    }
  }

  void object(Expression& found, std::uint32_t depth) {
    found.kind = Expression::Kind::object;
    found.arguments = arguments('}', depth + 1, found.trailing_comma);
  }

  std::string_view text_;
  base::SourceId source_;
  base::Diagnostics& diagnostics_;
  ParseOptions options_;
  Tree tree_;
  std::size_t at_ = 0;
  std::size_t last_closing_ = 0;           // token: the last } that begins a line
  std::size_t last_brace_ = 0;             // offset of the last } of all, or npos
  std::string documentation_;              // of the comment lines just read
  bool has_blank_behind_ = false;          // they are followed by a blank line
  std::vector<base::Diagnostic> pending_;  // errors within the line being read
  bool failed_ = false;                    // the line being read does not follow the grammar
  bool reported_ = false;                  // and a more exact message than the line's own was given
};

}  // namespace

Tree parse(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics,
           const ParseOptions& options) {
  if (!can_be_schema(sources, source, diagnostics))
    return {.source = source, .tokens = {}, .blocks = {}, .lines = {}};
  return Parser(sources.text(source), source, diagnostics, options).run();
}

}  // namespace tenon::psl
