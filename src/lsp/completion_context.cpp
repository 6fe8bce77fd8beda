#include "lsp/completion_context.h"

#include <algorithm>

namespace tenon::lsp {

using Kind = CompletionContext::Kind;
using psl::Token;
using psl::TokenKind;

namespace {

bool is_space(const Token& token) {
  return token.kind == TokenKind::whitespace || token.kind == TokenKind::block_comment;
}

// The words of one line before the cursor, the word that is being written left out.
class LineReader {
 public:
  LineReader(std::string_view text, std::vector<Token> line) : text_(text), line_(std::move(line)) {}

  std::size_t size() const { return line_.size(); }
  std::string_view word(std::size_t at) const {
    return at < line_.size() ? text_.substr(line_[at].begin, line_[at].end - line_[at].begin) : "";
  }
  TokenKind kind(std::size_t at) const { return at < line_.size() ? line_[at].kind : TokenKind::end; }

  // The innermost open bracket; size() when there is none.
  std::size_t open_bracket(char bracket) const {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < line_.size(); ++i) {
      const std::string_view each = word(i);
      if (each == "(" || each == "[" || each == "{") open.push_back(i);
      if ((each == ")" || each == "]" || each == "}") && !open.empty()) open.pop_back();
    }
    const auto found = std::ranges::find_if(open.rbegin(), open.rend(),
                                            [&](std::size_t at) { return word(at)[0] == bracket; });
    return found != open.rend() ? *found : line_.size();
  }
  bool is_inside(char bracket) const { return open_bracket(bracket) < line_.size(); }

  // The bracket of the attribute that is open: `@relation(` or `@@index(`.
  std::size_t attribute_bracket() const {
    std::size_t depth = 0;
    for (std::size_t i = line_.size(); i-- > 1;) {
      if (word(i) == ")") ++depth;
      if (word(i) != "(") continue;
      if (depth > 0) {
        --depth;
        continue;
      }
      std::size_t name = i - 1;
      while (name > 1 && word(name - 1) == ".") name -= 2;
      if (name > 0 && (kind(name - 1) == TokenKind::at || kind(name - 1) == TokenKind::at_at)) return i;
    }
    return line_.size();
  }

 private:
  std::string_view text_;
  std::vector<Token> line_;
};

// Of the block that is open where the line begins.
struct OpenBlock {
  std::string_view keyword;
  std::string_view name;
};

// A block opens with `keyword name {` and closes with a } that begins its line.
OpenBlock open_block(std::string_view text, const std::vector<Token>& tokens, std::size_t line_begin) {
  OpenBlock open;
  std::vector<std::string_view> words;
  const auto end_line = [&] {
    if (words.size() >= 3 && words[2] == "{") open = {words[0], words[1]};
    if (!words.empty() && words[0] == "}") open = {};
    words.clear();
  };
  for (std::size_t i = 0; i < line_begin; ++i) {
    if (tokens[i].kind == TokenKind::newline)
      end_line();
    else if (!is_space(tokens[i]) && words.size() < 3)
      words.push_back(text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin));
  }
  return open;
}

void inside_attribute(const LineReader& line, std::size_t bracket, CompletionContext& context) {
  const bool of_block = line.kind(bracket - 2) == TokenKind::at_at;
  const std::size_t first = bracket - (of_block ? 2 : 1);
  // `@@index` is written as one word with its second @.
  context.attribute = of_block
                          ? std::string_view(line.word(first).data() + 1, 1 + line.word(bracket - 1).size())
                          : line.word(first);
  context.kind = Kind::argument;
  // The name before the colon that the cursor's value belongs to.
  std::size_t depth = 0;
  for (std::size_t i = line.size(); i-- > bracket + 1;) {
    const std::string_view each = line.word(i);
    if (each == ")" || each == "]") ++depth;
    if (depth > 0 && (each == "(" || each == "[")) {
      --depth;
    } else if (depth == 0 && each == ",") {
      if (!line.is_inside('[') || i < line.open_bracket('[')) break;
    } else if (depth == 0 && each == ":") {
      context.argument = line.word(i - 1);
      break;
    }
  }
  const bool list = line.is_inside('[') && line.open_bracket('[') > bracket;
  // `[a(sort: |)]` is within the list too.
  const bool of_item = list && line.open_bracket('(') > line.open_bracket('[') && line.is_inside('(');
  if (!list || of_item) return;
  if (context.attribute == "relation")
    context.kind = context.argument == "references" ? Kind::target_field : Kind::field_name;
  else if (of_block && (context.argument.empty() || context.argument == "fields"))
    context.kind = Kind::field_name;
}

void in_model_line(const LineReader& line, CompletionContext& context) {
  if (line.kind(0) == TokenKind::identifier && line.kind(1) == TokenKind::identifier)
    context.field_type = line.word(1);
  if (const std::size_t bracket = line.attribute_bracket(); bracket < line.size())
    return inside_attribute(line, bracket, context);
  const std::size_t last = line.size() - 1;
  if (line.size() == 0 || (line.size() == 1 && line.kind(0) == TokenKind::at_at)) {
    context.kind = Kind::block_attribute;
    context.at_sign_written = line.size() == 1;
  } else if (line.kind(last) == TokenKind::at && line.size() > 1) {
    context.kind = Kind::field_attribute;
    context.at_sign_written = true;
  } else if (line.word(last) == "." && last >= 2 && line.kind(last - 2) == TokenKind::at) {
    context.kind = Kind::native_type;
  } else if (line.size() == 1 && line.kind(0) == TokenKind::identifier && context.block_keyword != "enum") {
    context.kind = Kind::type;
  } else if (line.kind(0) == TokenKind::identifier && line.word(last) != ".") {
    context.kind = Kind::field_attribute;
  }
}

void in_settings_line(const LineReader& line, CompletionContext& context) {
  if (line.size() == 0) {
    context.kind = Kind::property;
  } else if (line.size() >= 2 && line.word(1) == "=") {
    context.kind = Kind::property_value;
    context.property = line.word(0);
  }
}

}  // namespace

CompletionContext completion_context(std::string_view text, const std::vector<Token>& tokens,
                                     std::uint32_t offset) {
  // The first token that reaches the cursor.
  const auto found = std::ranges::find_if(tokens, [&](const Token& each) { return each.end >= offset; });
  auto cursor = static_cast<std::size_t>(found - tokens.begin());
  CompletionContext context;
  if (cursor < tokens.size() && tokens[cursor].begin < offset) {
    const Token& token = tokens[cursor];
    const bool comment = token.kind == TokenKind::comment || token.kind == TokenKind::doc_comment ||
                         token.kind == TokenKind::block_comment;
    if (comment) return context;
    context.in_string =
        token.kind == TokenKind::broken_string || (token.kind == TokenKind::string && offset < token.end);
    const bool unfinished = token.kind == TokenKind::identifier || token.kind == TokenKind::number;
    if (!unfinished && !context.in_string) ++cursor;  // it is whole, and before the cursor
  }
  std::size_t line_begin = std::min(cursor, tokens.size());
  while (line_begin > 0 && tokens[line_begin - 1].kind != TokenKind::newline) --line_begin;
  std::vector<Token> line;
  for (std::size_t i = line_begin; i < std::min(cursor, tokens.size()); ++i)
    if (!is_space(tokens[i])) line.push_back(tokens[i]);

  const OpenBlock block = open_block(text, tokens, line_begin);
  context.block_keyword = block.keyword;
  context.block_name = block.name;
  const LineReader words(text, std::move(line));
  if (block.keyword == "datasource" || block.keyword == "generator")
    in_settings_line(words, context);
  else if (block.keyword.empty())
    context.kind = words.size() == 0 ? Kind::block : Kind::nothing;
  else
    in_model_line(words, context);
  return context;
}

}  // namespace tenon::lsp
