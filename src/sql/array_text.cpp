#include "sql/array_text.h"

namespace tenon::sql {

namespace {

// PostgreSQL's MAXDIM.
constexpr std::uint32_t dimensions_max = 6;

}  // namespace

ArrayReader::ArrayReader(std::string_view text, char delimiter) : rest_(text), delimiter_(delimiter) {
  if (!rest_.starts_with('[')) return;
  const std::size_t equals = rest_.find('=');
  rest_.remove_prefix(equals == std::string_view::npos ? rest_.size() : equals + 1);
}

ArrayReader::Token ArrayReader::malformed() {
  state_ = State::finished;
  rest_ = {};
  return Token::malformed;
}

ArrayReader::Token ArrayReader::next() {
  if (state_ == State::finished) return rest_.empty() ? Token::end : malformed();
  if (rest_.empty()) return malformed();
  if (state_ == State::value) return value();
  if (rest_.front() == '}') return close();
  if (rest_.front() != delimiter_) return malformed();
  rest_.remove_prefix(1);
  state_ = State::value;
  return rest_.empty() ? malformed() : value();
}

ArrayReader::Token ArrayReader::value() {
  const char first = rest_.front();
  if (first == '{') {
    if (++depth_ > dimensions_max) return malformed();
    rest_.remove_prefix(1);
    may_close_ = true;
    return Token::open;
  }
  if (depth_ == 0) return malformed();
  if (first == '}') return may_close_ ? close() : malformed();
  may_close_ = false;
  state_ = State::after_value;
  return first == '"' ? quoted() : unquoted();
}

ArrayReader::Token ArrayReader::close() {
  rest_.remove_prefix(1);
  may_close_ = false;
  --depth_;
  state_ = depth_ == 0 ? State::finished : State::after_value;
  return Token::close;
}

ArrayReader::Token ArrayReader::quoted() {
  rest_.remove_prefix(1);
  std::size_t at = rest_.find_first_of("\"\\");
  if (at == std::string_view::npos) return malformed();
  if (rest_[at] == '"') {
    element_ = rest_.substr(0, at);
    rest_.remove_prefix(at + 1);
    return Token::element;
  }
  unescaped_.clear();
  while (rest_[at] == '\\') {
    if (at + 1 == rest_.size()) return malformed();
    unescaped_.append(rest_, 0, at);
    unescaped_ += rest_[at + 1];
    rest_.remove_prefix(at + 2);
    at = rest_.find_first_of("\"\\");
    if (at == std::string_view::npos) return malformed();
  }
  unescaped_.append(rest_, 0, at);
  rest_.remove_prefix(at + 1);
  element_ = unescaped_;
  return Token::element;
}

ArrayReader::Token ArrayReader::unquoted() {
  std::size_t size = 0;
  while (size < rest_.size() && rest_[size] != delimiter_ && rest_[size] != '}') {
    if (rest_[size] == '{' || rest_[size] == '"' || rest_[size] == '\\') return malformed();
    ++size;
  }
  if (size == 0) return malformed();
  element_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return element_ == "NULL" ? Token::null : Token::element;
}

void append_quoted_element(std::string& out, std::string_view element) {
  out += '"';
  while (true) {
    const std::size_t at = element.find_first_of("\"\\");
    out += element.substr(0, at);
    if (at == std::string_view::npos) break;
    out += '\\';
    out += element[at];
    element.remove_prefix(at + 1);
  }
  out += '"';
}

}  // namespace tenon::sql
