#include "sql/mysql/script_words.h"

#include <algorithm>

namespace tenon::sql::mysql {

namespace {

using Kind = ScriptWord::Kind;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

constexpr std::string_view editors_mark = "\xEF\xBB\xBF";  // of UTF-8

}  // namespace

bool is_keyword(std::string_view word, std::string_view keyword) {
  return std::ranges::equal(word, keyword, {}, upper);
}

std::string unquoted_name(std::string_view name) {
  if (!name.starts_with('`')) return std::string(name);
  std::string plain;
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (name[i] == '`' && ++i >= name.size()) break;
    plain += name[i];
  }
  return plain;
}

bool ScriptWords::at_delimiter() const {
  return comment_begin_ == none && !delimiter_.empty() && rest().starts_with(delimiter_);
}

// Behind one comment; false when there is none here.
bool ScriptWords::skip_comment() {
  const std::string_view here = rest();
  if (here.starts_with('#') || (here.starts_with("--") && (here.size() == 2 || here[2] <= ' '))) {
    at_ += std::min(here.find('\n'), here.size());
    return true;
  }
  const std::size_t mark = here.starts_with("/*!") ? 3 : here.starts_with("/*M!") ? 4 : 0;
  if (mark > 0 && comment_begin_ == none) {
    comment_begin_ = at_;
    at_ += mark;
    while (at_ < script_.size() && script_[at_] >= '0' && script_[at_] <= '9') ++at_;  // since a version
    return true;
  }
  if (comment_begin_ != none && here.starts_with("*/")) {
    comment_begin_ = none;
    comment_end_ = at_ += 2;
    return true;
  }
  if (!here.starts_with("/*")) return false;
  const std::size_t end = here.find("*/", 2);
  at_ = end == std::string_view::npos ? script_.size() : at_ + end + 2;
  return true;
}

void ScriptWords::skip_blank() {
  if (at_ == 0 && script_.starts_with(editors_mark)) at_ = editors_mark.size();
  while (at_ < script_.size() && !at_delimiter()) {
    if (is_blank(script_[at_])) {
      ++at_;
    } else if (!skip_comment()) {
      break;
    }
  }
}

void ScriptWords::skip_quoted(char quote) {
  for (++at_; at_ < script_.size(); ++at_) {
    if (script_[at_] == '\\' && quote != '`') {
      ++at_;
    } else if (script_[at_] == quote) {
      ++at_;
      if (!rest().starts_with(quote)) return;  // doubled, it is part of it
    }
  }
  at_ = std::min(at_, script_.size());
}

ScriptWord ScriptWords::read() {
  if (at_ >= script_.size()) return {.begin = script_.size(), .end = script_.size()};
  ScriptWord word{.kind = Kind::symbol, .begin = at_};
  word.member = at_ > 0 && (script_[at_ - 1] == '.' || script_[at_ - 1] == '@');
  const char c = script_[at_];
  if (at_delimiter()) {
    word.kind = Kind::delimiter;
    at_ += delimiter_.size();
  } else if (c == '`' || c == '\'' || c == '"') {
    word.kind = c == '`' ? Kind::name : Kind::text;
    skip_quoted(c);
  } else if (is_word(c)) {
    word.kind = Kind::word;
    while (at_ < script_.size() && is_word(script_[at_]) && !at_delimiter()) ++at_;
  } else {
    ++at_;
  }
  word.end = at_;
  return word;
}

ScriptWord ScriptWords::next() {
  skip_blank();
  last_begin_ = at_;
  return read();
}

std::size_t ScriptWords::outer_end() const {
  if (comment_begin_ == none) return at_;
  ScriptWords ahead = *this;
  ahead.skip_blank();
  return std::max(at_, ahead.comment_end_);
}

std::string_view ScriptWords::rest_of_line() {
  const std::string_view line = rest().substr(0, rest().find('\n'));
  at_ += line.size();
  return line;
}

}  // namespace tenon::sql::mysql
