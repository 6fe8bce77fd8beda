// The words of a MySQL script, one after the other: what stands between comments, with strings and quoted
// names in one piece. For cutting scripts into statements and for telling what a statement is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tenon::sql::mysql {

struct ScriptWord {
  enum class Kind : std::uint8_t {
    end,        // of the script
    word,       // letters, digits, _ and $
    name,       // in backticks
    text,       // in ' or "
    symbol,     // one character of anything else
    delimiter,  // what ends a statement
  };
  Kind kind = Kind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool member = false;  // right behind a dot or an @: no keyword, whatever it is

  std::string_view in(std::string_view script) const { return script.substr(begin, end - begin); }
};

// `/*! … */` and `/*M! … */`, which the server runs, are read like what is around them, except that no
// delimiter is looked for in them (as the mysql program does). What is not closed reaches to the end.
class ScriptWords {
 public:
  explicit ScriptWords(std::string_view script) : script_(script) {}

  ScriptWord next();
  // `;` unless a DELIMITER said otherwise; empty: none.
  void set_delimiter(std::string_view delimiter) { delimiter_ = delimiter; }
  std::string_view delimiter() const { return delimiter_; }

  // Where the `/*!` of the word read last begins, or the word itself when it stands in none.
  std::size_t outer_begin() const { return comment_begin_ == none ? last_begin_ : comment_begin_; }
  // Behind the word read last, and behind the `*/` that follows it.
  std::size_t outer_end() const;
  // The rest of the line, which is then read.
  std::string_view rest_of_line();

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::string_view rest() const { return script_.substr(at_); }
  void skip_blank();
  bool skip_comment();
  bool at_delimiter() const;
  ScriptWord read();
  void skip_quoted(char quote);

  std::string_view script_;
  std::string delimiter_ = ";";
  std::size_t at_ = 0;
  std::size_t last_begin_ = 0;
  std::size_t comment_begin_ = none;  // of the /*! that is open
  std::size_t comment_end_ = 0;       // of the one that was closed last
};

// Whether `word` is this keyword, in capitals, in any case.
bool is_keyword(std::string_view word, std::string_view keyword);

// A name as the server knows it: without its backticks.
std::string unquoted_name(std::string_view name);

}  // namespace tenon::sql::mysql
