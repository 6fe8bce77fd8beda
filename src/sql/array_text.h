// PostgreSQL's text form of arrays: {1,NULL,"a \"b\""}, nested by dimension, with lower bounds in front when
// they are not one ([0:1]={1,2}).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tenon::sql {

// Reads an array's text token by token; nothing is copied unless an element has escapes.
class ArrayReader {
 public:
  enum class Token : std::uint8_t { open, close, element, null, end, malformed };

  // Elements are separated by `delimiter`: a comma for every type but box.
  explicit ArrayReader(std::string_view text, char delimiter = ',');

  // After `end` or `malformed` there is nothing more.
  Token next();
  // Of the last `element`, escapes resolved; valid until the next call.
  std::string_view element() const { return element_; }

 private:
  enum class State : std::uint8_t { value, after_value, finished };

  Token value();
  Token quoted();
  Token unquoted();
  Token close();
  Token malformed();

  std::string_view rest_;
  std::string_view element_;
  std::string unescaped_;
  State state_ = State::value;
  std::uint32_t depth_ = 0;
  bool may_close_ = false;  // right after an opening brace: the array may be empty
  char delimiter_;
};

// Appends an element with quotes and escapes, so that any text reads back as itself.
void append_quoted_element(std::string& out, std::string_view element);

}  // namespace tenon::sql
