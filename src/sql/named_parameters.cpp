#include "sql/named_parameters.h"

#include <fmt/format.h>

#include "base/ascii.h"

namespace tenon::sql {

namespace {

using Problem = NamedParameterProblem;

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U);
}
using base::is_digit;
constexpr bool is_plain_letter(char c) {
  return is_letter(c) && (static_cast<unsigned char>(c) & 0x80U) == 0;
}
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

class Scanner {
 public:
  Scanner(std::string_view text, catalog::Engine engine)
      : text_(text), is_mysql_(engine == catalog::Engine::mysql) {}

  std::expected<NamedParameters, Problem> run();

 private:
  void token();
  void word();
  void quoted(char quote, bool backslashes);
  bool dollar_quoted();
  void line_comment();
  void block_comment();
  void colon();
  void semicolon();
  bool skip_comment();
  void fail(std::size_t offset, std::string message) {
    if (!problem_) problem_ = Problem{std::move(message), static_cast<std::uint32_t>(offset)};
    at_ = text_.size();
  }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  std::string_view rest() const { return text_.substr(at_); }

  std::string_view text_;
  bool is_mysql_;
  std::size_t at_ = 0;
  NamedParameters result_;
  std::optional<Problem> problem_;
};

std::expected<NamedParameters, Problem> Scanner::run() {
  result_.end = static_cast<std::uint32_t>(text_.size());
  if (const std::size_t nul = text_.find('\0'); nul != std::string_view::npos)
    fail(nul, "The statement holds the character U+0000.");
  while (at_ < text_.size()) token();
  if (problem_) return std::unexpected(*std::move(problem_));
  return std::move(result_);
}

void Scanner::token() {
  const char c = peek();
  if (skip_comment()) return;
  if (is_letter(c)) return word();
  if (c == '\'') return quoted('\'', is_mysql_);
  if (c == '"') return quoted('"', is_mysql_);
  if (c == '`' && is_mysql_) return quoted('`', false);
  if (c == ':') return colon();
  if (c == ';') return semicolon();
  if (c == '?' && is_mysql_) return fail(at_, "A ? has no name here.");
  if (c == '$' && !is_mysql_) {
    if (is_digit(peek(1))) return fail(at_, "A parameter has a name here, not a number.");
    if (dollar_quoted()) return;
  }
  if (is_digit(c)) {
    while (is_digit(peek()) || is_letter(peek()) || peek() == '.') ++at_;
    return;
  }
  ++at_;
}

// Names and keywords, and in PostgreSQL a string with escapes: E'…'. A dollar may be part of a name.
void Scanner::word() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && (is_letter(peek()) || is_digit(peek()) || peek() == '$')) ++at_;
  const bool escapes = at_ - begin == 1 && (text_[begin] == 'e' || text_[begin] == 'E');
  if (!is_mysql_ && escapes && peek() == '\'') quoted('\'', true);
}

// A quote that is doubled stands for itself.
void Scanner::quoted(char quote, bool backslashes) {
  const std::size_t begin = at_++;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (backslashes && c == '\\') ++at_;
    if (c != quote) continue;
    if (peek() != quote) return;
    ++at_;
  }
  fail(begin, fmt::format("The quote {} is not closed.", quote));
}

// $$…$$ and $tag$…$tag$
bool Scanner::dollar_quoted() {
  std::size_t end = at_ + 1;
  while (end < text_.size() && (is_letter(text_[end]) || (is_digit(text_[end]) && end > at_ + 1))) ++end;
  if (end >= text_.size() || text_[end] != '$') return false;
  const std::string_view tag = text_.substr(at_, end + 1 - at_);
  const std::size_t close = text_.find(tag, end + 1);
  if (close == std::string_view::npos)
    fail(at_, fmt::format("The quote {} is not closed.", tag));
  else
    at_ = close + tag.size();
  return true;
}

// Of MySQL's two dashes only those with a blank behind them begin a comment.
bool Scanner::skip_comment() {
  if (rest().starts_with("/*")) {
    block_comment();
    return true;
  }
  const bool dashes = rest().starts_with("--") &&
                      (!is_mysql_ || at_ + 2 >= text_.size() || static_cast<unsigned char>(peek(2)) <= ' ');
  if (!dashes && !(is_mysql_ && peek() == '#')) return false;
  line_comment();
  return true;
}

void Scanner::line_comment() {
  while (at_ < text_.size() && text_[at_] != '\n' && (is_mysql_ || text_[at_] != '\r')) ++at_;
}

// PostgreSQL's nest. What MySQL runs of a comment (/*! … */) has no parameters.
void Scanner::block_comment() {
  const std::size_t begin = at_;
  std::size_t depth = 0;
  while (at_ < text_.size()) {
    if (rest().starts_with("/*") && (depth == 0 || !is_mysql_)) {
      ++depth;
      at_ += 2;
    } else if (rest().starts_with("*/")) {
      at_ += 2;
      if (--depth == 0) return;
    } else {
      ++at_;
    }
  }
  fail(begin, "The comment is not closed.");
}

void Scanner::colon() {
  const std::size_t begin = at_++;
  if (peek() == ':' || peek() == '=') {
    ++at_;
    return;
  }
  if (!is_plain_letter(peek())) return;
  while (at_ < text_.size() && (is_plain_letter(peek()) || is_digit(peek()))) ++at_;
  const std::string_view name = text_.substr(begin + 1, at_ - begin - 1);
  if (peek() == ':' && peek(1) != ':' && peek(1) != '=')
    return fail(
        begin,
        fmt::format("A name cannot be passed to the statement: :{}: would write a value as SQL.", name));
  result_.found.push_back(
      {.name = name, .begin = static_cast<std::uint32_t>(begin), .end = static_cast<std::uint32_t>(at_)});
}

void Scanner::semicolon() {
  result_.end = static_cast<std::uint32_t>(at_++);
  while (at_ < text_.size())
    if (is_blank(peek()) || peek() == ';')
      ++at_;
    else if (!skip_comment())
      return fail(at_, "The text holds a second statement.");
}

}  // namespace

std::expected<NamedParameters, Problem> find_named_parameters(std::string_view text, catalog::Engine engine) {
  return Scanner(text, engine).run();
}

}  // namespace tenon::sql
