#include "psl/format/block.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "psl/format/spelling.h"
#include "psl/layout.h"
#include "psl/parser_words.h"

namespace tenon::psl::format {

namespace {

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Braces and the like behind `{` are a slip; comments and words are not.
bool says_something(std::string_view text) {
  return text.find_first_not_of(" \t{}()[],:;.") != std::string_view::npos;
}

class BlockPrinter {
 public:
  BlockPrinter(const base::SourceSet& sources, const Block& block, TokenCursor& cursor,
               const FormatOptions& options)
      : sources_(sources), block_(block), cursor_(cursor), options_(options) {}

  void print(std::string& out) {
    ((out += keyword_of(block_.kind)) += ' ') += block_.name.text;
    out += " {";
    cursor_.skip_to(block_.name.span.end);
    while (!cursor_.at_line_end() && cursor_.text(cursor_.token()) != "{") cursor_.advance();
    cursor_.advance();
    const std::string_view rest = cursor_.rest_of_line();
    if (says_something(rest) && !options_.prisma_compat) (out += ' ') += rest;
    out += '\n';
    for (const Line& line : block_.lines) add_line(line);
    add_comments();
    add_attributes();
    append_rows(out, rows_);
    out += "}\n";
  }

 private:
  struct PlacedAttribute {
    std::vector<std::string> comments;  // the lines directly above
    std::string text;
    std::string comment;                          // on its line
    std::pair<std::size_t, std::uint32_t> order;  // rank, then place in the file
  };

  void add_line(const Line& line) {
    switch (line.kind) {
      case LineKind::blank:
        add_comments();
        has_blank_ = true;
        return;
      case LineKind::comment:
        append_comments(comments_, cursor_, line.span);
        return;
      case LineKind::attribute:
        add_attribute(block_.attributes[line.index], line.span);
        return;
      case LineKind::field:
        return add_row(field_row(block_.fields[line.index]), line.span);
      case LineKind::enum_member:
        return add_row(member_row(block_.members[line.index]), line.span);
      case LineKind::property:
        return add_row(property_row(block_.properties[line.index]), line.span);
      case LineKind::invalid:
        begin_line();
        last_is_comment_ = false;
        rows_.push_back(
            {.cells = {std::string(without_line_end(sources_.text(line.span)))}, .is_plain = true});
        return;
      case LineKind::block:
        return;
    }
  }

  // A blank line that was read becomes one of the rows, unless it would be the first. Prisma also takes the
  // one behind an attribute, although that attribute moves away.
  void begin_run() {
    const bool is_first = rows_.empty() && (attributes_.empty() || !options_.prisma_compat);
    if (std::exchange(has_blank_, false) && !is_first) rows_.push_back({});
  }

  void begin_line() {
    add_comments();
    begin_run();
  }

  void add_comments() {
    if (comments_.empty()) return;
    begin_run();
    last_is_comment_ = true;
    for (std::string& line : comments_) rows_.push_back({.cells = {std::move(line)}, .is_plain = true});
    comments_.clear();
  }

  void add_row(Row row, const base::Span& span) {
    begin_line();
    last_is_comment_ = false;
    row.comment = comment_behind(span);
    rows_.push_back(std::move(row));
  }

  // Comments end a line, so the first one is where they begin.
  std::string comment_behind(const base::Span& span) {
    cursor_.skip_to(span.begin);
    while (!cursor_.at_comment() && !cursor_.at_line_end()) cursor_.advance();
    return std::string(cursor_.rest_of_line());
  }

  void add_attribute(const Attribute& attribute, const base::Span& span) {
    // Blank lines above an attribute go, but one that ends a documentation comment must not.
    if (!last_is_comment_ || options_.prisma_compat) has_blank_ = false;
    PlacedAttribute placed{.comments = std::exchange(comments_, {}),
                           .text = "@@",
                           .comment = comment_behind(span),
                           .order = {attribute_rank(attribute.name.text), span.begin}};
    append_attribute(placed.text, sources_, attribute);
    attributes_.push_back(std::move(placed));
  }

  // Attributes come last, in their order, each with its comments.
  void add_attributes() {
    if (attributes_.empty()) return;
    std::ranges::sort(attributes_, {}, &PlacedAttribute::order);
    rows_.push_back({});
    for (PlacedAttribute& attribute : attributes_) {
      for (std::string& line : attribute.comments)
        rows_.push_back({.cells = {std::move(line)}, .is_plain = true});
      rows_.push_back(
          {.cells = {std::move(attribute.text)}, .is_plain = true, .comment = std::move(attribute.comment)});
    }
  }

  std::string attributes_text(const std::vector<Attribute>& attributes) const {
    std::vector<std::pair<std::size_t, const Attribute*>> sorted;
    sorted.reserve(attributes.size());
    for (const Attribute& attribute : attributes)
      sorted.emplace_back(attribute_rank(attribute.name.text), &attribute);
    std::ranges::sort(sorted);
    std::string text;
    for (const auto& [rank, attribute] : sorted) {
      text += text.empty() ? "@" : " @";
      append_attribute(text, sources_, *attribute);
    }
    return text;
  }

  Row field_row(const Field& field) const {
    return {.cells = {std::string(field.name.text), field_type_text(sources_, field.type),
                      attributes_text(field.attributes)}};
  }

  Row member_row(const EnumMember& member) const {
    return {.cells = {std::string(member.name.text), attributes_text(member.attributes)}};
  }

  Row property_row(const Property& property) const {
    Row row{.cells = {std::string(property.key.text)}};
    if (property.value) {
      std::string value = "= ";
      append_expression(value, sources_, *property.value);
      row.cells.push_back(std::move(value));
    } else if (!options_.prisma_compat) {
      row.cells.emplace_back("=");
    }
    return row;
  }

  const base::SourceSet& sources_;
  const Block& block_;
  TokenCursor& cursor_;
  const FormatOptions& options_;
  std::vector<Row> rows_;
  std::vector<std::string> comments_;  // lines of a comment whose place depends on what follows
  std::vector<PlacedAttribute> attributes_;
  bool has_blank_ = false;        // a blank line was read and is not among the rows
  bool last_is_comment_ = false;  // the last row is a comment
};

}  // namespace

std::string_view TokenCursor::rest_of_line() {
  while (token().kind == TokenKind::whitespace) advance();
  const std::uint32_t begin = token().begin;
  std::uint32_t end = begin;
  for (; !at_line_end(); advance())
    if (token().kind != TokenKind::whitespace) end = token().end;
  return text_.substr(begin, end - begin);
}

void append_comments(std::vector<std::string>& lines, TokenCursor& cursor, const base::Span& span) {
  for (cursor.skip_to(span.begin); cursor.token().begin < span.end; cursor.advance())
    if (cursor.at_comment()) append_comment_lines(lines, cursor.text(cursor.token()));
}

void append_block(std::string& out, const base::SourceSet& sources, const Block& block, TokenCursor& cursor,
                  const FormatOptions& options) {
  BlockPrinter(sources, block, cursor, options).print(out);
}

}  // namespace tenon::psl::format
