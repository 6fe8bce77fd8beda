#include "server/js_tokens.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"

namespace tenon::server {

namespace {

bool begins_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '#' || c == '@' ||
         static_cast<unsigned char>(c) >= 0x80U;
}
using base::is_digit;
bool continues_identifier(char c) { return begins_identifier(c) || is_digit(c); }

constexpr std::array<std::string_view, 13> operators{
    "...", "===", "!==", "?\?=", "=>", "==", "!=", "??", "||", "&&", "?.", "<=", ">="};

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {
    if (text.starts_with("#!")) to_line_end();
  }

  std::vector<JsToken> run() {
    while (skip_space()) next();
    add(JsTokenKind::end, at_, at_);
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void to_line_end() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  void add(JsTokenKind kind, std::size_t begin, std::size_t end) {
    tokens_.push_back({kind, text_.substr(begin, end - begin), static_cast<std::uint32_t>(begin)});
  }

  // False at the end of the text. A comment without its end is a broken token, and the end.
  bool skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else if (c == '/' && peek(1) == '/') {
        to_line_end();
      } else if (c == '/' && peek(1) == '*') {
        const auto close = text_.find("*/", at_ + 2);
        if (close == std::string_view::npos) add(JsTokenKind::broken, at_, text_.size());
        at_ = close == std::string_view::npos ? text_.size() : close + 2;
      } else {
        return true;
      }
    }
    return false;
  }

  void next() {
    const std::size_t begin = at_;
    const char c = text_[at_];
    if (begins_identifier(c)) {
      while (at_ < text_.size() && continues_identifier(text_[at_])) ++at_;
      return add(JsTokenKind::name, begin, at_);
    }
    if (is_digit(c)) {
      while (at_ < text_.size() && (continues_identifier(text_[at_]) || text_[at_] == '.')) ++at_;
      return add(JsTokenKind::number, begin, at_);
    }
    if (c == '"' || c == '\'') return string(c);
    if (c == '`') return template_literal();
    if (c == '/' && regex_may_begin() && regex()) return;
    for (const std::string_view known : operators)
      if (text_.substr(at_).starts_with(known)) {
        at_ += known.size();
        return add(JsTokenKind::symbol, begin, at_);
      }
    ++at_;
    add(JsTokenKind::symbol, begin, at_);
  }

  // Moves behind the closing quote; false when the line ends before it.
  bool skip_string(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == quote) {
        ++at_;
        return true;
      }
    }
    at_ = std::min(at_, text_.size());
    return false;
  }

  void string(char quote) {
    const std::size_t begin = at_;
    const bool closed = skip_string(quote);
    add(closed ? JsTokenKind::string : JsTokenKind::broken, begin, at_);
  }

  // Substitutions may hold templates again: `braces` has one count of open braces for each that is open.
  void template_literal() {
    const std::size_t begin = at_++;
    std::vector<std::uint32_t> braces;
    std::size_t templates = 1;
    bool has_code = false;
    while (at_ < text_.size() && templates > 0) {
      const char c = text_[at_];
      const bool in_text = braces.size() < templates;
      if (in_text && c == '\\') {
        at_ += 2;
      } else if (in_text && c == '`') {
        --templates;
        ++at_;
      } else if (in_text && c == '$' && peek(1) == '{') {
        has_code = true;
        braces.push_back(0);
        at_ += 2;
      } else if (in_text) {
        ++at_;
      } else if (c == '`') {
        ++templates;
        ++at_;
      } else if (c == '"' || c == '\'') {
        skip_string(c);
      } else {
        if (c == '{') ++braces.back();
        if (c == '}' && braces.back()-- == 0) braces.pop_back();
        ++at_;
      }
    }
    at_ = std::min(at_, text_.size());
    const JsTokenKind whole = has_code ? JsTokenKind::template_code : JsTokenKind::template_text;
    add(templates == 0 ? whole : JsTokenKind::broken, begin, at_);
  }

  // After a value a slash divides; elsewhere it begins a regular expression.
  bool regex_may_begin() const {
    if (tokens_.empty()) return true;
    const JsToken& before = tokens_.back();
    if (before.kind == JsTokenKind::name) return before.text == "return" || before.text == "typeof";
    return before.kind == JsTokenKind::symbol && before.text != ")" && before.text != "]" &&
           before.text != "}";
  }

  bool regex() {
    bool in_class = false;
    for (std::size_t i = at_ + 1; i < text_.size() && text_[i] != '\n'; ++i) {
      if (text_[i] == '\\')
        ++i;
      else if (text_[i] == '[')
        in_class = true;
      else if (text_[i] == ']')
        in_class = false;
      else if (text_[i] == '/' && !in_class) {
        add(JsTokenKind::regex, at_, i + 1);
        at_ = i + 1;
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<JsToken> tokens_;
};

// Half of a pair has no UTF-8.
void append(std::string& out, std::uint32_t code) {
  base::append_utf8(out, base::is_scalar_value(code) ? code : 0xFFFD);
}

class StringDecoder {
 public:
  explicit StringDecoder(std::string_view inside) : text_(inside) {}

  std::string run() {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\\' && at_ < text_.size())
        escape(text_[at_++]);
      else
        out_ += c;
    }
    return std::move(out_);
  }

 private:
  void escape(char c) {
    switch (c) {
      case 'n':
        out_ += '\n';
        return;
      case 't':
        out_ += '\t';
        return;
      case 'r':
        out_ += '\r';
        return;
      case '\n':  // a line that goes on
        return;
      case 'x':
        return append(out_, hex(2));
      case 'u':
        return unicode();
      default:
        out_ += c;
    }
  }

  void unicode() {
    if (at_ < text_.size() && text_[at_] == '{') {
      ++at_;
      const std::uint32_t code = hex(6);
      if (at_ < text_.size() && text_[at_] == '}') ++at_;
      return append(out_, code);
    }
    std::uint32_t code = hex(4);
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
      at_ += 2;
      code = 0x10000 + ((code - 0xD800) << 10U) + ((hex(4) - 0xDC00) & 0x3FFU);
    }
    append(out_, code);
  }

  std::uint32_t hex(std::size_t digits) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < digits && at_ < text_.size(); ++i, ++at_) {
      const char c = text_[at_];
      const char lower = static_cast<char>(c | 0x20);
      if (is_digit(c))
        value = value * 16 + static_cast<std::uint32_t>(c - '0');
      else if (lower >= 'a' && lower <= 'f')
        value = value * 16 + static_cast<std::uint32_t>(lower - 'a') + 10;
      else
        break;
    }
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::vector<JsToken> tokenize_js(std::string_view text) { return Tokenizer(text).run(); }

std::string decode_js_string(std::string_view literal) {
  return StringDecoder(literal.substr(1, literal.size() - 2)).run();
}

}  // namespace tenon::server
