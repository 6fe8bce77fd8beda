// A reader of JSON that only says what is wrong, and where, as serde_json does.
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "psl/check/literal_text.h"

namespace tenon::psl {

namespace {

using base::is_digit;

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  std::optional<std::string> run() {
    if (!value(0)) return problem_;
    skip_space();
    if (at_ < text_.size()) {
      fail("trailing characters", at_ + 1);
      return problem_;
    }
    return std::nullopt;
  }

 private:
  // `end` is just behind the last byte that was read.
  bool fail(std::string_view message, std::size_t end) {
    std::size_t line = 1;
    std::size_t column = 0;
    for (const char c : text_.substr(0, end)) {
      ++column;
      if (c != '\n') continue;
      ++line;
      column = 0;
    }
    problem_ = fmt::format("{} at line {} column {}", message, line, column);
    return false;
  }
  bool fail_at_end(std::string_view what) {
    return fail(fmt::format("EOF while parsing {}", what), text_.size());
  }

  bool ended() const { return at_ >= text_.size(); }

  void skip_space() {
    while (!ended() && std::string_view(" \n\t\r").contains(text_[at_])) ++at_;
  }

  bool value(std::uint32_t depth) {
    skip_space();
    if (ended()) return fail_at_end("a value");
    switch (text_[at_]) {
      case 'n':
        return word("null");
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case '"':
        ++at_;
        return string();
      case '[':
      case '{':
        if (depth + 1 >= base::schema_json_depth_max) return fail("recursion limit exceeded", at_ + 1);
        return text_[at_++] == '[' ? list(depth + 1) : object(depth + 1);
      default:
        if (text_[at_] == '-' || is_digit(text_[at_])) return number();
        return fail("expected value", at_ + 1);
    }
  }

  bool word(std::string_view expected) {
    for (const char c : expected) {
      if (ended()) return fail_at_end("a value");
      if (text_[at_] != c) return fail("expected ident", at_ + 1);
      ++at_;
    }
    return true;
  }

  bool number() {
    if (text_[at_] == '-') ++at_;
    if (ended()) return fail_at_end("a value");
    if (!is_digit(text_[at_])) return fail("invalid number", at_ + 1);
    const bool is_zero = text_[at_++] == '0';
    if (is_zero && !ended() && is_digit(text_[at_])) return fail("invalid number", at_ + 1);
    skip_digits();
    if (!ended() && text_[at_] == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (!ended() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (!ended() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!digits()) return false;
    }
    return true;
  }

  void skip_digits() {
    while (!ended() && is_digit(text_[at_])) ++at_;
  }

  bool digits() {
    if (ended()) return fail_at_end("a value");
    if (!is_digit(text_[at_])) return fail("invalid number", at_ + 1);
    skip_digits();
    return true;
  }

  bool string() {
    while (!ended()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20)
        return fail("control character (\\u0000-\\u001F) found while parsing a string", at_);
      if (c == '\\' && !escape()) return false;
    }
    return fail_at_end("a string");
  }

  bool escape() {
    if (ended()) return fail_at_end("a string");
    const char c = text_[at_++];
    if (std::string_view("\"\\/bfnrt").contains(c)) return true;
    if (c != 'u') return fail("invalid escape", at_);
    if (text_.size() - at_ < 4) return fail_at_end("a string");
    const std::string_view code = text_.substr(at_, 4);
    at_ += 4;
    if (code.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
      return fail("invalid escape", at_);
    return true;
  }

  bool list(std::uint32_t depth) {
    skip_space();
    if (!ended() && text_[at_] == ']') {
      ++at_;
      return true;
    }
    while (true) {
      if (ended()) return fail_at_end("a list");
      if (!value(depth)) return false;
      skip_space();
      if (ended()) return fail_at_end("a list");
      const char c = text_[at_++];
      if (c == ']') return true;
      if (c != ',') return fail("expected `,` or `]`", at_);
      skip_space();
      if (!ended() && text_[at_] == ']') return fail("trailing comma", at_ + 1);
      if (ended()) return fail_at_end("a value");
    }
  }

  bool object(std::uint32_t depth) {
    skip_space();
    if (!ended() && text_[at_] == '}') {
      ++at_;
      return true;
    }
    while (true) {
      if (!key() || !value(depth)) return false;
      skip_space();
      if (ended()) return fail_at_end("an object");
      const char c = text_[at_++];
      if (c == '}') return true;
      if (c != ',') return fail("expected `,` or `}`", at_);
      skip_space();
      if (ended()) return fail_at_end("a value");
      if (text_[at_] == '}') return fail("trailing comma", at_ + 1);
    }
  }

  bool key() {
    skip_space();
    if (ended()) return fail_at_end("an object");
    if (text_[at_] != '"') return fail("key must be a string", at_ + 1);
    ++at_;
    if (!string()) return false;
    skip_space();
    if (ended()) return fail_at_end("an object");
    if (text_[at_] != ':') return fail("expected `:`", at_ + 1);
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace

std::optional<std::string> json_problem(std::string_view text) { return JsonReader(text).run(); }

}  // namespace tenon::psl
