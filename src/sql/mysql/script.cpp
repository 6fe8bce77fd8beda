#include "sql/mysql/script.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "sql/mysql/script_kind.h"
#include "sql/mysql/script_words.h"

namespace tenon::sql::mysql {

namespace {

using Kind = ScriptWord::Kind;

// Follows the blocks of a body, so that the semicolons in it are told from the one behind it. Words that are
// no reserved ones (a column may be called `end`) count only where a statement begins.
class Body {
 public:
  // Whether a `;` here belongs to the body.
  bool open() const { return !blocks_.empty(); }

  void semicolon() {
    starts_ = true;
    end_of_block_ = handler_ = until_ = false;
  }

  void word(const ScriptWord& word, std::string_view text) {
    const bool starts = std::exchange(starts_, false);
    if (word.kind != Kind::word || word.member) {
      if (word.kind == Kind::symbol && text == ":") starts_ = open();  // behind a label
      end_of_block_ = false;
      return;
    }
    if (std::exchange(end_of_block_, false) && is_block_word(text)) return;  // END IF, END LOOP …
    if (is_keyword(text, "END") && open() && (starts || until_ || blocks_.back() == Block::expression)) {
      end_of_block_ = blocks_.back() != Block::expression;
      blocks_.pop_back();
    } else if (is_keyword(text, "CASE")) {
      blocks_.push_back(starts && open() ? Block::statement : Block::expression);
    } else if (is_keyword(text, "BEGIN") && (starts || !open() || handler_)) {
      blocks_.push_back(Block::statement);
      handler_ = false;
      starts_ = true;
    } else if (starts && is_block_word(text)) {
      blocks_.push_back(Block::statement);
      starts_ = is_keyword(text, "LOOP") || is_keyword(text, "REPEAT");
    } else {
      header(text);
      if (is_keyword(text, "HANDLER")) handler_ = true;
      if (starts && is_keyword(text, "UNTIL")) until_ = true;
      begin_statement(text);
    }
  }

 private:
  enum class Block : std::uint8_t { statement, expression };

  static bool is_block_word(std::string_view text) {
    constexpr std::array<std::string_view, 6> words{"IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"};
    return std::ranges::any_of(words, [&](std::string_view each) { return is_keyword(text, each); });
  }

  // FOR EACH ROW IF …: the body of a trigger that is one statement.
  void header(std::string_view text) {
    if (!open() && is_keyword(text, "ROW") && each_) starts_ = true;
    each_ = is_keyword(text, "EACH");
  }

  // Words behind which a statement begins.
  void begin_statement(std::string_view text) {
    if (open() && blocks_.back() == Block::expression) return;
    if (is_keyword(text, "THEN") || is_keyword(text, "ELSE") || is_keyword(text, "DO")) starts_ = true;
  }

  std::vector<Block> blocks_;
  bool starts_ = false;        // the next word begins a statement
  bool end_of_block_ = false;  // the last word was END
  bool handler_ = false;       // DECLARE … HANDLER FOR … BEGIN
  bool each_ = false;          // the last word was EACH
  bool until_ = false;         // UNTIL … END REPEAT
};

// Whether the statement that begins so may have a body: CREATE … TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE,
// ALTER EVENT, and MariaDB's BEGIN NOT ATOMIC. Asked word by word.
class BodyQuestion {
 public:
  void word(std::string_view text) {
    if (decided_) return;
    ++count_;
    if (count_ == 1) {
      block_ = is_keyword(text, "BEGIN");
      if (!block_ && !is_keyword(text, "CREATE") && !is_keyword(text, "ALTER")) decided_ = true;
      return;
    }
    if (block_) {
      decide(is_keyword(text, "NOT"));
    } else if (one_of(text, bodies)) {
      decide(true);
    } else if (one_of(text, others)) {
      decide(false);
    }
  }
  bool has_body() const { return has_body_; }
  // The body has begun with the statement's first word.
  bool is_block() const { return block_ && has_body_; }

 private:
  static constexpr std::array<std::string_view, 5> bodies{"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT",
                                                          "PACKAGE"};
  static constexpr std::array<std::string_view, 6> others{"TABLE", "VIEW",     "INDEX",
                                                          "USER",  "DATABASE", "SCHEMA"};

  template <std::size_t N>
  static bool one_of(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::ranges::any_of(words, [&](std::string_view each) { return is_keyword(text, each); });
  }
  void decide(bool has_body) {
    decided_ = true;
    has_body_ = has_body;
  }

  int count_ = 0;
  bool decided_ = false;
  bool has_body_ = false;
  bool block_ = false;
};

class Cutter {
 public:
  explicit Cutter(std::string_view script) : script_(script), words_(script) {}

  std::vector<ScriptStatement> cut() {
    for (ScriptWord word = words_.next(); word.kind != Kind::end; word = words_.next()) add(word);
    finish();
    return std::move(statements_);
  }

 private:
  void add(const ScriptWord& word) {
    const std::string_view text = word.in(script_);
    if (word.kind == Kind::delimiter) {
      if (!question_.has_body() || !body_.open() || words_.delimiter() != ";") return finish();
      return body_.semicolon();
    }
    if (!begin_) {
      if (word.kind == Kind::word && is_keyword(text, "DELIMITER")) return set_delimiter();
      begin_ = words_.outer_begin();
    }
    end_ = words_.outer_end();
    follow(word, text);
  }

  void follow(const ScriptWord& word, std::string_view text) {
    const bool had_body = question_.has_body();
    if (word.kind == Kind::word && !word.member) question_.word(text);
    if (!had_body && question_.is_block()) {
      const ScriptWord begin{.kind = Kind::word};
      body_.word(begin, "BEGIN");
    }
    if (had_body) body_.word(word, text);
  }

  // A line of the mysql program's, and no statement.
  void set_delimiter() {
    std::string_view line = words_.rest_of_line();
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::string_view delimiter = line.substr(0, line.find_first_of(" \t\r"));
    if (!delimiter.empty()) words_.set_delimiter(delimiter);
  }

  void finish() {
    if (begin_) {
      ScriptStatement statement{.begin = static_cast<std::uint32_t>(*begin_),
                                .end = static_cast<std::uint32_t>(end_)};
      classify(statement.text(script_), statement);
      statements_.push_back(std::move(statement));
    }
    begin_.reset();
    question_ = {};
    body_ = {};
  }

  std::string_view script_;
  ScriptWords words_;
  std::vector<ScriptStatement> statements_;
  std::optional<std::size_t> begin_;  // of the statement that is open
  std::size_t end_ = 0;
  BodyQuestion question_;
  Body body_;
};

}  // namespace

std::vector<ScriptStatement> split_script(std::string_view script) { return Cutter(script).cut(); }

}  // namespace tenon::sql::mysql
