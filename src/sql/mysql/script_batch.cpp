#include "sql/mysql/script_batch.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sql/mysql/script_words.h"

namespace tenon::sql::mysql {

namespace {

using Kind = ScriptWord::Kind;

// Words that stand between UPDATE or DELETE and what it is about.
constexpr std::array<std::string_view, 4> modifiers{"LOW_PRIORITY", "QUICK", "IGNORE", "FROM"};
// Clauses that a batch has no place for.
constexpr std::array<std::string_view, 6> unbatched{"JOIN",  "USING", "STRAIGHT_JOIN",
                                                    "ORDER", "LIMIT", "RETURNING"};

constexpr std::string_view more_tables = "it reads other tables beside its own (a subquery may)";

// The words of a statement outside of all parentheses.
std::vector<ScriptWord> outer_words(std::string_view statement) {
  ScriptWords words(statement);
  words.set_delimiter("");
  std::vector<ScriptWord> outer;
  int depth = 0;
  while (true) {
    const ScriptWord word = words.next();
    if (word.kind == Kind::end) return outer;
    const std::string_view text = word.in(statement);
    if (word.kind == Kind::symbol && text == "(") ++depth;
    if (depth == 0) outer.push_back(word);
    if (word.kind == Kind::symbol && text == ")") --depth;
  }
}

class BatchReader {
 public:
  explicit BatchReader(std::string_view statement) : statement_(statement), words_(outer_words(statement)) {}

  BatchReading read() {
    const bool updates = take("UPDATE");
    if (!updates && !take("DELETE")) return std::unexpected("it is no UPDATE or DELETE");
    while (std::ranges::any_of(modifiers, [&](std::string_view each) { return take(each); })) {
    }
    BatchStatement found{.deletes = !updates};
    if (!name(found.table.name)) return std::unexpected("its table is not understood");
    if (take_symbol(".")) {
      found.table.schema = std::move(found.table.name);
      if (!name(found.table.name)) return std::unexpected(std::string(more_tables));
    }
    if (!done() && !sees("SET") && !sees("WHERE")) {
      take("AS");
      if (!name(found.alias)) return std::unexpected(std::string(more_tables));
    }
    if (updates ? !sees("SET") : !sees("WHERE") && !done()) return std::unexpected(std::string(more_tables));
    return find_condition(std::move(found));
  }

 private:
  BatchReading find_condition(BatchStatement found) {
    for (; !done(); ++at_) {
      for (const std::string_view word : unbatched)
        if (sees(word)) return std::unexpected("it has " + std::string(word));
      if (sees("WHERE")) found.condition = static_cast<std::uint32_t>(words_[at_].end);
    }
    if (found.condition == 0) return std::unexpected("it has no WHERE");
    return found;
  }

  bool done() const { return at_ >= words_.size(); }
  bool sees(std::string_view keyword) const {
    return !done() && words_[at_].kind == Kind::word && !words_[at_].member &&
           is_keyword(words_[at_].in(statement_), keyword);
  }
  bool take(std::string_view keyword) {
    if (!sees(keyword)) return false;
    ++at_;
    return true;
  }
  bool take_symbol(std::string_view symbol) {
    if (done() || words_[at_].kind != Kind::symbol || words_[at_].in(statement_) != symbol) return false;
    ++at_;
    return true;
  }
  bool name(std::string& into) {
    if (done() || (words_[at_].kind != Kind::word && words_[at_].kind != Kind::name)) return false;
    into = unquoted_name(words_[at_++].in(statement_));
    return true;
  }

  std::string_view statement_;
  std::vector<ScriptWord> words_;
  std::size_t at_ = 0;
};

}  // namespace

BatchReading read_batch(std::string_view statement) { return BatchReader(statement).read(); }

}  // namespace tenon::sql::mysql
