#include "sql/mysql/script_kind.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sql/mysql/script_words.h"

namespace tenon::sql::mysql {

namespace {

using StatementKind = ScriptStatementKind;
using What = ScriptObject::What;

// How far from its start a statement is looked at: long enough for `CREATE … DEFINER … TRIGGER name`.
constexpr std::size_t words_looked_at = 40;

// The beginning of a statement, as words.
class KindReader {
 public:
  explicit KindReader(std::string_view text) : text_(text) {
    ScriptWords words(text);
    words.set_delimiter("");
    while (words_.size() < words_looked_at) {
      const ScriptWord word = words.next();
      if (word.kind == ScriptWord::Kind::end) break;
      words_.push_back(word);
    }
  }

  bool done() const { return at_ >= words_.size(); }
  bool sees(std::string_view keyword) const {
    return !done() && words_[at_].kind == ScriptWord::Kind::word && is_keyword(here(), keyword);
  }
  bool take(std::string_view keyword) {
    if (!sees(keyword)) return false;
    ++at_;
    return true;
  }
  template <std::size_t N>
  bool sees_one_of(const std::array<std::string_view, N>& keywords) const {
    return std::ranges::any_of(keywords, [&](std::string_view each) { return sees(each); });
  }
  bool symbol(char c) {
    if (done() || words_[at_].kind != ScriptWord::Kind::symbol || here() != std::string_view(&c, 1))
      return false;
    ++at_;
    return true;
  }
  void skip() { ++at_; }
  std::string_view here() const { return words_[at_].in(text_); }
  // IF EXISTS, IF NOT EXISTS
  void skip_existence() {
    if (!take("IF")) return;
    take("NOT");
    take("EXISTS");
  }
  // [schema.]name; false when there is none.
  bool name(ScriptObject& object) {
    if (!one_name(object.name)) return false;
    if (!symbol('.')) return true;
    object.schema = std::move(object.name);
    return one_name(object.name);
  }

 private:
  bool one_name(std::string& name) {
    if (done()) return false;
    const ScriptWord::Kind kind = words_[at_].kind;
    if (kind != ScriptWord::Kind::word && kind != ScriptWord::Kind::name) return false;
    name = unquoted_name(here());
    ++at_;
    return true;
  }

  std::string_view text_;
  std::vector<ScriptWord> words_;
  std::size_t at_ = 0;
};

struct NamedKind {
  std::string_view word;
  What what;
};
constexpr std::array<NamedKind, 6> object_kinds{{{"TABLE", What::table},
                                                 {"VIEW", What::view},
                                                 {"TRIGGER", What::trigger},
                                                 {"PROCEDURE", What::procedure},
                                                 {"FUNCTION", What::function},
                                                 {"EVENT", What::event}}};

// Statements that a transaction holds, by their first word.
constexpr std::array<std::string_view, 18> transactional{
    "INSERT", "UPDATE", "DELETE",  "REPLACE",  "SELECT", "WITH",     "VALUES",  "DO",  "SAVEPOINT",
    "LOAD",   "SHOW",   "EXPLAIN", "DESCRIBE", "DESC",   "ROLLBACK", "RELEASE", "GET", "SIGNAL"};
// Statements that make something for the session.
constexpr std::array<std::string_view, 4> settings{"SET", "USE", "PREPARE", "DEALLOCATE"};

// CREATE [OR REPLACE] [ALGORITHM = …] [DEFINER = …] [SQL SECURITY …] … TABLE|VIEW|… [IF NOT EXISTS] name
ScriptObject object_of(KindReader reader) {
  ScriptObject object;
  const bool drops = reader.sees("DROP");
  reader.skip();
  for (; !reader.done(); reader.skip()) {
    if (reader.take("INDEX")) {  // CREATE INDEX name USING BTREE ON table, DROP INDEX name ON table
      while (!reader.done() && !reader.take("ON")) reader.skip();
      if (reader.name(object)) object.what = What::table;
      return object;
    }
    const auto kind =
        std::ranges::find_if(object_kinds, [&](const NamedKind& each) { return reader.sees(each.word); });
    if (kind == object_kinds.end()) continue;
    reader.skip();
    reader.skip_existence();
    // Of several objects, one may be done and the other not.
    if (reader.name(object) && !(drops && reader.symbol(','))) object.what = kind->what;
    return object;
  }
  return object;
}

ScriptObject renamed_table(KindReader reader) {
  ScriptObject object;
  reader.skip();
  if (reader.take("TABLE") && reader.name(object)) object.what = What::table;
  return object;
}

// SET autocommit = 0 begins a transaction that the script ends; ours are begun anyway.
StatementKind kind_of_setting(KindReader reader) {
  reader.skip();
  while (reader.symbol('@') || reader.take("SESSION") || reader.symbol('.')) continue;
  if (reader.sees("PASSWORD") || reader.sees("STATEMENT")) return StatementKind::apart;
  if (!reader.take("AUTOCOMMIT")) return StatementKind::setting;
  reader.symbol(':');
  if (!reader.symbol('=') || reader.done()) return StatementKind::setting;
  const bool ends = reader.sees("1") || reader.sees("ON") || reader.sees("TRUE");
  reader.skip();
  if (!reader.done()) return StatementKind::setting;  // it sets more than that
  return ends ? StatementKind::commit : StatementKind::begin;
}

// START TRANSACTION, BEGIN [WORK]; MariaDB's BEGIN NOT ATOMIC is a block.
bool begins_transaction(KindReader reader) {
  if (reader.take("START")) return reader.sees("TRANSACTION");
  return reader.take("BEGIN") && !reader.sees("NOT");
}

bool locks_tables(KindReader reader, std::string_view word) {
  return reader.take(word) && (reader.sees("TABLES") || reader.sees("TABLE"));
}

bool is_temporary(KindReader reader) {
  reader.skip();
  if (reader.take("OR")) reader.take("REPLACE");
  return reader.sees("TEMPORARY");
}

StatementKind kind_of(KindReader reader) {
  if (begins_transaction(reader)) return StatementKind::begin;
  if (reader.sees("COMMIT")) return StatementKind::commit;
  if (locks_tables(reader, "LOCK")) return StatementKind::lock;
  if (locks_tables(reader, "UNLOCK")) return StatementKind::unlock;
  if (reader.sees("ROLLBACK")) {
    reader.skip();
    reader.take("WORK");
    return reader.sees("TO") ? StatementKind::ordinary : StatementKind::roll_back;
  }
  if (reader.sees("SET")) return kind_of_setting(reader);
  if (reader.sees_one_of(settings)) return StatementKind::setting;
  if ((reader.sees("CREATE") || reader.sees("DROP")) && is_temporary(reader)) return StatementKind::ordinary;
  return reader.sees_one_of(transactional) || reader.symbol('(') ? StatementKind::ordinary
                                                                 : StatementKind::apart;
}

}  // namespace

void classify(std::string_view text, ScriptStatement& statement) {
  const KindReader reader(text);
  statement.kind = kind_of(reader);
  if (statement.kind != StatementKind::apart) return;
  if (reader.sees("CREATE") || reader.sees("ALTER") || reader.sees("DROP"))
    statement.object = object_of(reader);
  if (reader.sees("RENAME")) statement.object = renamed_table(reader);
}

}  // namespace tenon::sql::mysql
