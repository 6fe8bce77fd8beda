#include "sql/mysql/script_actions.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "sql/mysql/introspect_types.h"
#include "sql/mysql/script_words.h"

namespace tenon::sql::mysql {

namespace {

using Actions = std::vector<ScriptAction>;
using Kind = ScriptWord::Kind;

// First words of statements that touch nothing which is there, or nothing of tables.
constexpr std::array<std::string_view, 22> harmless_words{
    "INSERT",  "REPLACE",   "SELECT", "WITH",   "VALUES",  "SET",       "SHOW",     "USE",
    "ANALYZE", "BEGIN",     "START",  "COMMIT", "GRANT",   "EXPLAIN",   "DESCRIBE", "DESC",
    "LOAD",    "SAVEPOINT", "FLUSH",  "UNLOCK", "RELEASE", "DEALLOCATE"};
// Options of ALTER TABLE that write the table again, and those that change its description only.
constexpr std::array<std::string_view, 8> rewriting_options{
    "ENGINE", "CONVERT", "ROW_FORMAT", "KEY_BLOCK_SIZE", "FORCE", "ORDER", "PARTITION", "REMOVE"};
constexpr std::array<std::string_view, 10> quiet_options{
    "COMMENT", "AUTO_INCREMENT",   "DEFAULT",   "CHARACTER", "CHARSET",
    "COLLATE", "STATS_PERSISTENT", "ALGORITHM", "LOCK",      "VALIDATION"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::any_of(words, [&](std::string_view each) { return is_keyword(word, each); });
}

// The words of a statement, one after the other.
class ActionReader {
 public:
  explicit ActionReader(std::string_view text) : text_(text) {
    ScriptWords words(text);
    words.set_delimiter("");
    for (ScriptWord word = words.next(); word.kind != Kind::end; word = words.next()) words_.push_back(word);
  }

  bool done() const { return at_ >= words_.size(); }
  std::string_view here() const { return done() ? std::string_view() : words_[at_].in(text_); }
  std::uint32_t place() const { return done() ? 0 : static_cast<std::uint32_t>(words_[at_].begin); }
  bool sees(std::string_view keyword) const {
    return !done() && words_[at_].kind == Kind::word && is_keyword(here(), keyword);
  }
  bool sees_symbol(char c) const {
    return !done() && words_[at_].kind == Kind::symbol && here().front() == c;
  }
  template <std::size_t N>
  bool sees_one_of(const std::array<std::string_view, N>& keywords) const {
    return !done() && words_[at_].kind == Kind::word && has(keywords, here());
  }
  bool take(std::string_view keyword) {
    if (!sees(keyword)) return false;
    ++at_;
    return true;
  }
  bool take_symbol(char c) {
    if (!sees_symbol(c)) return false;
    ++at_;
    return true;
  }
  void skip() { ++at_; }
  void skip_existence() {
    if (!take("IF")) return;
    take("NOT");
    take("EXISTS");
  }
  std::string one_name() {
    if (done() || (words_[at_].kind != Kind::word && words_[at_].kind != Kind::name)) return {};
    return unquoted_name(words_[at_++].in(text_));
  }
  ObjectName name() {
    ObjectName name{.schema = {}, .name = one_name()};
    if (!take_symbol('.')) return name;
    name.schema = std::move(name.name);
    name.name = one_name();
    return name;
  }
  // Whether the word stands anywhere in the rest, outside of parentheses.
  bool has_ahead(std::string_view keyword) const {
    int depth = 0;
    for (std::size_t i = at_; i < words_.size(); ++i) {
      depth += opens(words_[i]) - closes(words_[i]);
      if (depth == 0 && words_[i].kind == Kind::word && is_keyword(words_[i].in(text_), keyword)) return true;
    }
    return false;
  }
  // Behind the `)` of the `(` that stands here.
  void skip_parentheses() {
    int depth = 0;
    do {
      depth += done() ? 0 : opens(words_[at_]) - closes(words_[at_]);
      ++at_;
    } while (depth > 0 && !done());
  }
  // To the comma that ends a clause, or to the end.
  void skip_clause() {
    while (!done() && !sees_symbol(',')) {
      if (sees_symbol('('))
        skip_parentheses();
      else
        ++at_;
    }
  }
  std::string_view text_from(std::uint32_t begin) const {
    const std::size_t end = at_ == 0 ? 0 : words_[std::min(at_, words_.size()) - 1].end;
    return end > begin ? text_.substr(begin, end - begin) : std::string_view();
  }

 private:
  int opens(const ScriptWord& word) const {
    return word.kind == Kind::symbol && word.in(text_) == "(" ? 1 : 0;
  }
  int closes(const ScriptWord& word) const {
    return word.kind == Kind::symbol && word.in(text_) == ")" ? 1 : 0;
  }

  std::string_view text_;
  std::vector<ScriptWord> words_;
  std::size_t at_ = 0;
};

// The definition of a column, from its type to the end of the clause.
struct ColumnText {
  catalog::ColumnType type;
  bool not_null = false;
  bool has_value = false;    // DEFAULT, AUTO_INCREMENT, generated
  bool writes_rows = false;  // a value that differs from row to row
  bool unique = false;
};

// What information_schema calls the type.
struct Synonym {
  std::string_view word;
  std::string_view type;
};
constexpr std::array<Synonym, 8> synonyms{{{"INTEGER", "int"},
                                           {"NUMERIC", "decimal"},
                                           {"DEC", "decimal"},
                                           {"FIXED", "decimal"},
                                           {"REAL", "double"},
                                           {"CHARACTER", "char"},
                                           {"BOOLEAN", "tinyint(1)"},
                                           {"BOOL", "tinyint(1)"}}};

catalog::ColumnType type_of(std::string_view text) {
  const std::string_view word = text.substr(0, text.find_first_of(" (\t\n"));
  const auto known =
      std::ranges::find_if(synonyms, [&](const Synonym& each) { return is_keyword(word, each.word); });
  std::string type(text);
  if (known != synonyms.end()) type.replace(0, word.size(), known->type);
  return column_type(parse_type_text(type), {});
}

ColumnText read_column(ActionReader& reader) {
  ColumnText column;
  const std::uint32_t begin = reader.place();
  reader.skip();
  if (reader.sees_symbol('(')) reader.skip_parentheses();
  while (reader.sees("UNSIGNED") || reader.sees("ZEROFILL")) reader.skip();
  column.type = type_of(reader.text_from(begin));
  while (!reader.done() && !reader.sees_symbol(',')) {
    if (reader.take("NOT")) {
      column.not_null = reader.take("NULL");
    } else if (reader.take("DEFAULT")) {
      column.has_value = !reader.sees("NULL");
      column.writes_rows = reader.sees_symbol('(') || reader.sees("UUID") || reader.sees("RAND");
    } else if (reader.take("AUTO_INCREMENT")) {
      column.has_value = column.writes_rows = true;
    } else if (reader.take("STORED") || reader.take("PERSISTENT")) {
      column.has_value = column.writes_rows = true;
    } else if (reader.take("AS")) {
      column.has_value = true;
    } else if (reader.take("UNIQUE")) {
      column.unique = true;
    } else if (reader.sees_symbol('(')) {
      reader.skip_parentheses();
    } else {
      reader.skip();
    }
  }
  return column;
}

class AlterReader {
 public:
  AlterReader(ActionReader& reader, ObjectName table, Actions& actions)
      : reader_(reader), table_(std::move(table)), actions_(actions) {}

  void read() {
    while (!reader_.done()) {
      at_ = reader_.place();
      clause();
      reader_.skip_clause();
      reader_.take_symbol(',');
    }
  }

 private:
  void add(ScriptAction action) {
    action.object = table_;
    action.at = at_;
    actions_.push_back(std::move(action));
  }

  void clause() {
    if (reader_.take("ADD")) return add_something();
    if (reader_.take("DROP")) return drop_something();
    if (reader_.take("MODIFY")) return change_column(false);
    if (reader_.take("CHANGE")) return change_column(true);
    if (reader_.take("RENAME")) return rename();
    if (reader_.take("ALTER")) return alter_column();
    if (reader_.sees_one_of(rewriting_options)) return add({.act = Act::rewrite_table});
    if (!reader_.sees_one_of(quiet_options)) add({.act = Act::unknown});
  }

  void add_something() {
    if (reader_.take("CONSTRAINT") && !reader_.sees("PRIMARY") && !reader_.sees("UNIQUE") &&
        !reader_.sees("FOREIGN") && !reader_.sees("CHECK"))
      reader_.one_name();
    if (reader_.take("PRIMARY")) return add({.act = Act::add_primary_key});
    if (reader_.take("UNIQUE")) return add({.act = Act::create_index, .unique = true});
    if (reader_.sees("INDEX") || reader_.sees("KEY")) return add({.act = Act::create_index});
    if (reader_.sees("FULLTEXT") || reader_.sees("SPATIAL"))
      return add({.act = Act::create_index, .writes_rows = true});
    if (reader_.take("CHECK")) return add({.act = Act::add_check});
    if (reader_.take("PARTITION")) return;
    if (reader_.take("FOREIGN")) return add_foreign_key();
    reader_.take("COLUMN");
    reader_.skip_existence();
    if (!reader_.take_symbol('(')) return add_column();
    do {
      at_ = reader_.place();
      add_column();
    } while (reader_.take_symbol(','));
  }

  void add_column() {
    std::string name = reader_.one_name();
    const ColumnText column = read_column(reader_);
    add({.act = Act::add_column,
         .name = name,
         .required = column.not_null && !column.has_value,
         .writes_rows = column.writes_rows});
    if (column.unique) add({.act = Act::create_index, .name = std::move(name), .unique = true});
  }

  void add_foreign_key() {
    while (!reader_.done() && !reader_.take("REFERENCES")) reader_.skip();
    add({.act = Act::add_foreign_key, .to = reader_.name().name});
  }

  void drop_something() {
    if (reader_.take("PRIMARY")) return add({.act = Act::drop_primary_key});
    if (reader_.sees("INDEX") || reader_.sees("KEY") || reader_.sees("FOREIGN") ||
        reader_.sees("CONSTRAINT") || reader_.sees("CHECK"))
      return;
    if (reader_.take("PARTITION")) return add({.act = Act::truncate});
    reader_.take("COLUMN");
    reader_.skip_existence();
    add({.act = Act::drop_column, .name = reader_.one_name()});
  }

  // MODIFY has the whole definition: what of it is new only the database can tell.
  void change_column(bool renames) {
    reader_.take("COLUMN");
    reader_.skip_existence();
    const std::string name = reader_.one_name();
    const std::string to = renames ? reader_.one_name() : name;
    const ColumnText column = read_column(reader_);
    add({.act = Act::alter_type, .name = name, .type = column.type});
    if (column.not_null) add({.act = Act::set_not_null, .name = name});
    if (to != name) add({.act = Act::rename_column, .name = name, .to = to});
  }

  void rename() {
    if (reader_.sees("INDEX") || reader_.sees("KEY")) return;
    if (!reader_.take("COLUMN")) {
      reader_.take("TO");
      reader_.take("AS");
      return add({.act = Act::rename_table, .to = reader_.name().name});
    }
    std::string name = reader_.one_name();
    reader_.take("TO");
    add({.act = Act::rename_column, .name = std::move(name), .to = reader_.one_name()});
  }

  void alter_column() {
    if (reader_.sees("INDEX") || reader_.sees("CHECK") || reader_.sees("CONSTRAINT")) return;
    reader_.take("COLUMN");
    std::string name = reader_.one_name();
    if (reader_.take("DROP")) add({.act = Act::drop_default, .name = std::move(name)});
  }

  ActionReader& reader_;
  ObjectName table_;
  Actions& actions_;
  std::uint32_t at_ = 0;
};

void read_names(ActionReader& reader, Act act, Actions& actions) {
  do actions.push_back({.act = act, .object = reader.name()});
  while (reader.take_symbol(','));
}

void read_drop(ActionReader& reader, Actions& actions) {
  reader.take("TEMPORARY");
  const bool table = reader.take("TABLE") || reader.take("TABLES");
  const bool view = !table && reader.take("VIEW");
  const bool schema = !table && !view && (reader.take("DATABASE") || reader.take("SCHEMA"));
  const bool routine = !table && !view && !schema && (reader.take("FUNCTION") || reader.take("PROCEDURE"));
  if (!table && !view && !schema && !routine) return;  // indexes, triggers, events, users
  reader.skip_existence();
  read_names(reader,
             table    ? Act::drop_table
             : view   ? Act::drop_view
             : schema ? Act::drop_schema
                      : Act::drop_routine,
             actions);
}

void read_create(ActionReader& reader, Actions& actions) {
  const bool unique = reader.has_ahead("UNIQUE") && !reader.has_ahead("TABLE");
  while (reader.sees("OR") || reader.sees("REPLACE") || reader.sees("TEMPORARY") || reader.sees("UNIQUE") ||
         reader.sees("ONLINE"))
    reader.skip();
  if (reader.take("TABLE")) {
    reader.skip_existence();
    actions.push_back({.act = Act::create_table, .object = reader.name()});
    return;
  }
  const bool text_index = reader.take("FULLTEXT") || reader.take("SPATIAL");
  if (!reader.take("INDEX")) return;  // views, triggers, routines: new, and nobody uses them yet
  reader.skip_existence();
  std::string name = reader.one_name();
  while (!reader.done() && !reader.take("ON")) reader.skip();
  actions.push_back({.act = Act::create_index,
                     .object = reader.name(),
                     .name = std::move(name),
                     .unique = unique,
                     .writes_rows = text_index});
}

void read_rename(ActionReader& reader, Actions& actions) {
  if (!reader.take("TABLE") && !reader.take("TABLES")) return;
  do {
    ScriptAction action{.act = Act::rename_table, .object = reader.name()};
    reader.take("TO");
    action.to = reader.name().name;
    actions.push_back(std::move(action));
  } while (reader.take_symbol(','));
}

// DELETE FROM t, UPDATE t SET …: of one table, without WHERE and LIMIT.
void read_change(ActionReader& reader, Act act, Actions& actions) {
  while (reader.sees("LOW_PRIORITY") || reader.sees("QUICK") || reader.sees("IGNORE") || reader.sees("FROM"))
    reader.skip();
  ObjectName table = reader.name();
  if (reader.sees_symbol(',') || reader.has_ahead("JOIN") || reader.has_ahead("WHERE") ||
      reader.has_ahead("LIMIT") || reader.has_ahead("USING"))
    return;
  actions.push_back({.act = act, .object = std::move(table)});
}

void read_statement(ActionReader& reader, Actions& actions) {
  if (reader.take("ALTER")) {
    while (reader.sees("ONLINE") || reader.sees("IGNORE")) reader.skip();
    if (!reader.take("TABLE")) return;
    reader.skip_existence();
    ObjectName table = reader.name();
    return AlterReader(reader, std::move(table), actions).read();
  }
  if (reader.take("CREATE")) return read_create(reader, actions);
  if (reader.take("DROP")) return read_drop(reader, actions);
  if (reader.take("RENAME")) return read_rename(reader, actions);
  if (reader.take("DELETE")) return read_change(reader, Act::delete_rows, actions);
  if (reader.take("UPDATE")) return read_change(reader, Act::update_rows, actions);
  if (reader.take("TRUNCATE")) {
    reader.take("TABLE");
    actions.push_back({.act = Act::truncate, .object = reader.name()});
    return;
  }
  if (reader.take("OPTIMIZE")) {
    while (reader.sees("TABLE") || reader.sees("LOCAL") || reader.sees("NO_WRITE_TO_BINLOG")) reader.skip();
    return read_names(reader, Act::rewrite_table, actions);
  }
  if (reader.take("LOCK")) {
    if (reader.take("TABLES") || reader.take("TABLE"))
      actions.push_back({.act = Act::lock_table, .object = reader.name()});
    return;
  }
  actions.push_back({.act = reader.take("REVOKE") ? Act::revoke : Act::unknown});
}

}  // namespace

std::vector<ScriptAction> script_actions(std::string_view statement) {
  if (statement.size() > base::lint_statement_bytes_max) {
    // What is this long is data.
    const bool data = is_keyword(statement.substr(0, 6), "INSERT");
    return data ? Actions() : Actions{{.act = Act::unknown}};
  }
  ActionReader reader(statement);
  if (reader.done() || reader.sees_one_of(harmless_words)) return {};
  Actions actions;
  read_statement(reader, actions);
  return actions;
}

}  // namespace tenon::sql::mysql
