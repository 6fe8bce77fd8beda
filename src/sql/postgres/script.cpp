#include "sql/postgres/script.h"

#include <array>
#include <cctype>
#include <optional>

#include <pg_query.h>

#include "sql/postgres/parse_tree.h"
#include "sql/postgres/script_tree.h"

namespace tenon::sql::postgres {

namespace json = boost::json;

namespace {

using Kind = ScriptStatementKind;

// First words of statements that are looked at closely; the others, which may be long, are ordinary.
constexpr std::array<std::string_view, 17> telling_words{
    "CREATE", "DROP",     "ALTER", "REINDEX", "VACUUM", "CLUSTER", "BEGIN", "START",  "COMMIT",
    "END",    "ROLLBACK", "ABORT", "SET",     "RESET",  "DISCARD", "COPY",  "PREPARE"};

// Nodes of statements that never run inside a transaction.
constexpr std::array<std::string_view, 7> always_apart{"CreatedbStmt",         "DropdbStmt",
                                                       "CreateTableSpaceStmt", "DropTableSpaceStmt",
                                                       "AlterSystemStmt",      "CreateSubscriptionStmt",
                                                       "DropSubscriptionStmt"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  for (const std::string_view each : words)
    if (each == word) return true;
  return false;
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Behind the comment that begins at `at`, or `at` when none does. Block comments nest.
std::size_t skip_comment(std::string_view script, std::size_t at, std::size_t end) {
  const std::string_view here = script.substr(at, end - at);
  if (here.starts_with("--")) {
    const std::size_t line_end = here.find_first_of("\r\n");
    return line_end == std::string_view::npos ? end : at + line_end;
  }
  if (!here.starts_with("/*")) return at;
  std::uint32_t depth = 0;
  for (std::size_t i = at; i + 1 < end; ++i) {
    const std::string_view two = script.substr(i, 2);
    if (two != "/*" && two != "*/") continue;
    depth += two == "/*" ? 1 : -1;
    ++i;
    if (depth == 0) return i + 1;
  }
  return end;
}

std::size_t skip_blank(std::string_view script, std::size_t at, std::size_t end) {
  while (at < end) {
    const std::size_t next = is_space(script[at]) ? at + 1 : skip_comment(script, at, end);
    if (next == at) break;
    at = next;
  }
  return at;
}

std::string first_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) break;
    word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return word;
}

Kind transaction_kind(const json::object& node) {
  const std::string kind = text_of(node, "kind");
  if (kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START") return Kind::begin;
  if (kind == "TRANS_STMT_COMMIT") return Kind::commit;
  if (kind == "TRANS_STMT_ROLLBACK") return Kind::roll_back;
  if (kind == "TRANS_STMT_COMMIT_PREPARED" || kind == "TRANS_STMT_ROLLBACK_PREPARED") return Kind::apart;
  return Kind::ordinary;  // savepoints
}

bool has_option(const json::object& node, std::string_view name) {
  for (const json::value& option : list_of(node, "params"))
    if (const json::object* element = inner(option, "DefElem");
        element && text_of(*element, "defname") == name)
      return true;
  return false;
}

// a.b as written in DROP INDEX.
void read_dropped_index(const json::object& node, ScriptObject& object) {
  const json::array& objects = list_of(node, "objects");
  if (objects.size() != 1) return;
  const json::object* list = inner(objects.front(), "List");
  if (list == nullptr) return;
  object.what = ScriptObject::What::index_dropped;
  for (const json::value& part : list_of(*list, "items"))
    if (const json::object* word = inner(part, "String")) {
      object.schema = std::move(object.name);
      object.name = text_of(*word, "sval");
    }
}

bool detaches_concurrently(const json::object& node) {
  for (const json::value& each : list_of(node, "cmds")) {
    const json::object* command = inner(each, "AlterTableCmd");
    const json::object* definition = command != nullptr ? object_of(*command, "def") : nullptr;
    const json::object* partition = definition != nullptr ? object_of(*definition, "PartitionCmd") : nullptr;
    if (partition != nullptr && flag_of(*partition, "concurrent")) return true;
  }
  return false;
}

void read_index(const json::object& node, ScriptStatement& statement) {
  if (!flag_of(node, "concurrent")) return;
  statement.kind = Kind::apart;
  statement.object.what = ScriptObject::What::index_made;
  statement.object.name = text_of(node, "idxname");
  if (const json::object* table = object_of(node, "relation")) {
    statement.object.schema = text_of(*table, "schemaname");
    statement.object.table = text_of(*table, "relname");
  }
}

void read_reindex(const json::object& node, ScriptStatement& statement) {
  const bool whole =
      text_of(node, "kind") != "REINDEX_OBJECT_INDEX" && text_of(node, "kind") != "REINDEX_OBJECT_TABLE";
  if (!whole && !has_option(node, "concurrently")) return;
  statement.kind = Kind::apart;
  if (text_of(node, "kind") != "REINDEX_OBJECT_INDEX") return;
  statement.object.what = ScriptObject::What::index_rebuilt;
  if (const json::object* index = object_of(node, "relation")) {
    statement.object.schema = text_of(*index, "schemaname");
    statement.object.name = text_of(*index, "relname");
  }
}

void read_node(std::string_view name, const json::object& node, ScriptStatement& statement) {
  if (contains(always_apart, name)) statement.kind = Kind::apart;
  if (name == "TransactionStmt") statement.kind = transaction_kind(node);
  if (name == "IndexStmt") read_index(node, statement);
  if (name == "ReindexStmt") read_reindex(node, statement);
  if (name == "DropStmt" && flag_of(node, "concurrent")) {
    statement.kind = Kind::apart;
    read_dropped_index(node, statement.object);
  }
  if (name == "AlterTableStmt" && detaches_concurrently(node)) statement.kind = Kind::apart;
  if (name == "VacuumStmt" && flag_of(node, "is_vacuumcmd")) statement.kind = Kind::apart;
  if (name == "ClusterStmt" && object_of(node, "relation") == nullptr) statement.kind = Kind::apart;
  if (name == "DiscardStmt" && text_of(node, "target") == "DISCARD_ALL") statement.kind = Kind::apart;
  if (name == "VariableSetStmt" && !flag_of(node, "is_local")) statement.kind = Kind::setting;
  if (name == "AlterEnumStmt" && text_of(node, "oldVal").empty()) {
    statement.kind = Kind::enum_values;
    statement.enum_value = text_of(node, "newVal");
  }
  if (name == "CopyStmt" && flag_of(node, "is_from") && text_of(node, "filename").empty())
    statement.kind = Kind::copy_data;
}

// Fills in what the parser says of the statement; left ordinary when it cannot be parsed.
void classify(const std::optional<json::array>& tree, ScriptStatement& statement) {
  if (!tree || tree->empty()) return;
  if (const auto node = statement_in(tree->front())) read_node(node->kind, *node->body, statement);
}

bool is_telling(std::string_view text) { return contains(telling_words, first_word(text)); }

struct Piece {
  std::size_t begin;
  std::size_t size;
};

std::optional<std::vector<Piece>> pieces_of(const PgQuerySplitResult& result) {
  if (result.error != nullptr) return std::nullopt;
  std::vector<Piece> pieces;
  for (int i = 0; i < result.n_stmts; ++i)
    pieces.push_back({.begin = static_cast<std::size_t>(result.stmts[i]->stmt_location),
                      .size = static_cast<std::size_t>(result.stmts[i]->stmt_len)});
  return pieces;
}

// The scanner passes over what has no keyword in it; the server has to see that too, to refuse it.
std::vector<Piece> with_gaps(const std::string& script, const std::vector<Piece>& pieces) {
  std::vector<Piece> all;
  std::size_t at = 0;
  const auto add_gap = [&](std::size_t end) {
    while (at < end && (script[at] == ';' || skip_blank(script, at, end) != at))
      at = script[at] == ';' ? at + 1 : skip_blank(script, at, end);
    if (at < end) all.push_back({.begin = at, .size = end - at});
  };
  for (const Piece& piece : pieces) {
    add_gap(piece.begin);
    all.push_back(piece);
    at = piece.size == 0 ? script.size() : piece.begin + piece.size;
  }
  add_gap(script.size());
  return all;
}

std::vector<Piece> cut(const std::string& script) {
  PgQuerySplitResult result = pg_query_split_with_parser(script.c_str());
  auto pieces = pieces_of(result);
  pg_query_free_split_result(result);
  if (pieces) return std::move(*pieces);
  result = pg_query_split_with_scanner(script.c_str());
  pieces = pieces_of(result);
  pg_query_free_split_result(result);
  return pieces ? with_gaps(script, *pieces) : std::vector<Piece>{{.begin = 0, .size = script.size()}};
}

// Calls `each` with the text of every statement and its place.
template <class Each>
void for_each_statement(std::string_view script, Each each) {
  std::string text(script);
  // The parser would end at a NUL, and the rest would be lost without a word.
  if (text.find('\0') != std::string::npos) return each("", {.end = static_cast<std::uint32_t>(text.size())});
  if (text.starts_with("\xEF\xBB\xBF")) text.replace(0, 3, 3, ' ');  // an editor's mark of UTF-8
  for (const Piece& piece : cut(text)) {
    // A length of zero is "to the end".
    std::size_t end = piece.size == 0 ? text.size() : std::min(piece.begin + piece.size, text.size());
    const std::size_t begin = skip_blank(text, std::min(piece.begin, end), end);
    while (end > begin && (is_space(text[end - 1]) || text[end - 1] == ';')) --end;
    if (begin >= end) continue;
    each(text.substr(begin, end - begin),
         ScriptStatement{.begin = static_cast<std::uint32_t>(begin), .end = static_cast<std::uint32_t>(end)});
  }
}

}  // namespace

std::vector<ScriptStatement> split_script(std::string_view script) {
  std::vector<ScriptStatement> statements;
  for_each_statement(script, [&](const std::string& text, ScriptStatement statement) {
    if (is_telling(text)) classify(parse_tree(text), statement);
    statements.push_back(std::move(statement));
  });
  return statements;
}

std::vector<ReadStatement> read_script(std::string_view script) {
  std::vector<ReadStatement> statements;
  for_each_statement(script, [&](const std::string& text, ScriptStatement statement) {
    const bool telling = is_telling(text);
    const auto tree = telling || may_act(text) ? parse_tree(text) : std::nullopt;
    if (telling) classify(tree, statement);
    statements.push_back({.place = std::move(statement), .actions = actions_in(text, tree)});
  });
  return statements;
}

}  // namespace tenon::sql::postgres
