#include "sql/postgres/script_actions.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/limits.h"
#include "sql/postgres/introspect_types.h"
#include "sql/postgres/parse_tree.h"
#include "sql/postgres/script_tree.h"

namespace tenon::sql::postgres {

namespace json = boost::json;

namespace {

using Actions = std::vector<ScriptAction>;

// First words of statements that touch nothing which is there, however long they are.
constexpr std::array<std::string_view, 14> harmless_words{"INSERT",  "SELECT", "VALUES", "SET",      "RESET",
                                                          "COMMENT", "GRANT",  "SHOW",   "ANALYZE",  "BEGIN",
                                                          "START",   "COMMIT", "END",    "SAVEPOINT"};

bool is_harmless(std::string_view statement) {
  const auto end = std::ranges::find_if(
      statement, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) == 0; });
  std::string word(statement.begin(), end);
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::toupper(c); });
  return std::ranges::find(harmless_words, word) != harmless_words.end();
}

struct Dropped {
  std::string_view kind;
  Act act;
};
constexpr std::array<Dropped, 14> dropped_kinds{{{"OBJECT_TABLE", Act::drop_table},
                                                 {"OBJECT_FOREIGN_TABLE", Act::drop_view},
                                                 {"OBJECT_VIEW", Act::drop_view},
                                                 {"OBJECT_MATVIEW", Act::drop_view},
                                                 {"OBJECT_INDEX", Act::drop_index},
                                                 {"OBJECT_SCHEMA", Act::drop_schema},
                                                 {"OBJECT_TYPE", Act::drop_type},
                                                 {"OBJECT_DOMAIN", Act::drop_type},
                                                 {"OBJECT_EXTENSION", Act::drop_extension},
                                                 {"OBJECT_SEQUENCE", Act::drop_sequence},
                                                 {"OBJECT_FUNCTION", Act::drop_routine},
                                                 {"OBJECT_PROCEDURE", Act::drop_routine},
                                                 {"OBJECT_ROUTINE", Act::drop_routine},
                                                 {"OBJECT_AGGREGATE", Act::drop_routine}}};

void read_drop(const json::object& node, Actions& actions) {
  const auto known = std::ranges::find(dropped_kinds, text_of(node, "removeType"), &Dropped::kind);
  if (known == dropped_kinds.end()) return;
  for (const json::value& each : list_of(node, "objects"))
    actions.push_back({.act = known->act,
                       .object = name_in(each),
                       .concurrently = flag_of(node, "concurrent"),
                       .cascade = text_of(node, "behavior") == "DROP_CASCADE"});
}

void read_rename(const json::object& node, Actions& actions) {
  const std::string kind = text_of(node, "renameType");
  ScriptAction action{.object = relation_of(node, "relation"),
                      .name = text_of(node, "subname"),
                      .to = text_of(node, "newname")};
  if (kind == "OBJECT_TABLE" || kind == "OBJECT_VIEW") {
    action.act = Act::rename_table;
  } else if (kind == "OBJECT_COLUMN" && text_of(node, "relationType") == "OBJECT_TABLE") {
    action.act = Act::rename_column;
  } else if (kind == "OBJECT_TYPE" || kind == "OBJECT_DOMAIN") {
    action.act = Act::rename_type;
    if (const json::value* object = node.if_contains("object")) action.object = name_in(*object);
  } else {
    return;  // constraints and indexes have names that statements of applications do not use
  }
  actions.push_back(std::move(action));
}

void read_index(const json::object& node, Actions& actions) {
  actions.push_back({.act = Act::create_index,
                     .object = relation_of(node, "relation"),
                     .name = text_of(node, "idxname"),
                     .concurrently = flag_of(node, "concurrent"),
                     .unique = flag_of(node, "unique")});
}

bool has_option(const json::array& options, std::string_view name) {
  return std::ranges::any_of(options, [&](const json::value& option) {
    const json::object* const element = inner(option, "DefElem");
    return element != nullptr && text_of(*element, "defname") == name;
  });
}

void read_vacuum(const json::object& node, Actions& actions) {
  if (!has_option(list_of(node, "options"), "full")) return;
  const json::array& tables = list_of(node, "rels");
  if (tables.empty()) actions.push_back({.act = Act::rewrite_table});
  for (const json::value& each : tables)
    if (const json::object* const table = inner(each, "VacuumRelation"))
      actions.push_back({.act = Act::rewrite_table, .object = relation_of(*table, "relation")});
}

void read_relations(const json::object& node, Act act, Actions& actions) {
  for (const json::value& each : list_of(node, "relations"))
    if (const json::object* const table = inner(each, "RangeVar"))
      actions.push_back(
          {.act = act, .object = name_of(*table), .cascade = text_of(node, "behavior") == "DROP_CASCADE"});
}

// Changes of all rows, in the statement itself and in its WITH.
void read_change(const TreeNode& node, Actions& actions) {
  const bool all = object_of(*node.body, "whereClause") == nullptr &&
                   list_of(*node.body, "fromClause").empty() && list_of(*node.body, "usingClause").empty();
  if (all && node.kind == "DeleteStmt")
    actions.push_back({.act = Act::delete_rows, .object = relation_of(*node.body, "relation")});
  if (all && node.kind == "UpdateStmt")
    actions.push_back({.act = Act::update_rows, .object = relation_of(*node.body, "relation")});
  const json::object* const with = object_of(*node.body, "withClause");
  if (with == nullptr) return;
  for (const json::value& each : list_of(*with, "ctes")) {
    const json::object* const part = inner(each, "CommonTableExpr");
    const json::value* const query = part != nullptr ? part->if_contains("ctequery") : nullptr;
    const auto inside = query != nullptr ? node_in(*query) : std::nullopt;
    if (inside && (inside->kind == "DeleteStmt" || inside->kind == "UpdateStmt"))
      read_change(*inside, actions);
  }
}

void read_lock(const json::object& node, Actions& actions) {
  constexpr std::int64_t share = 5;  // the weakest lock that keeps writers out
  if (number_of(node, "mode") >= share) read_relations(node, Act::lock_table, actions);
}

void read_created(const TreeNode& node, Actions& actions) {
  const json::object* const into = object_of(*node.body, "into");
  actions.push_back(
      {.act = Act::create_table,
       .object = into != nullptr ? relation_of(*into, "rel") : relation_of(*node.body, "relation")});
}

void read_enum(const json::object& node, Actions& actions) {
  if (text_of(node, "oldVal").empty()) return;
  actions.push_back({.act = Act::rename_value,
                     .object = name_of_parts(list_of(node, "typeName")),
                     .name = text_of(node, "oldVal"),
                     .to = text_of(node, "newVal")});
}

void read_statement(const TreeNode& node, Actions& actions) {
  const json::object& body = *node.body;
  const std::string_view kind = node.kind;
  if (kind == "AlterTableStmt") return read_alter_table(body, actions);
  if (kind == "CreateStmt" || kind == "CreateTableAsStmt") return read_created(node, actions);
  if (kind == "DropStmt") return read_drop(body, actions);
  if (kind == "RenameStmt") return read_rename(body, actions);
  if (kind == "IndexStmt") return read_index(body, actions);
  if (kind == "VacuumStmt") return read_vacuum(body, actions);
  if (kind == "TruncateStmt") return read_relations(body, Act::truncate, actions);
  if (kind == "LockStmt") return read_lock(body, actions);
  if (kind == "AlterEnumStmt") return read_enum(body, actions);
  if (kind == "UpdateStmt" || kind == "DeleteStmt" || kind == "InsertStmt" || kind == "SelectStmt")
    return read_change(node, actions);
  if (kind == "DropdbStmt")
    actions.push_back({.act = Act::drop_database, .object = {.name = text_of(body, "dbname")}});
  if (kind == "ClusterStmt")
    actions.push_back({.act = Act::rewrite_table, .object = relation_of(body, "relation")});
  if (kind == "ReindexStmt")
    actions.push_back({.act = Act::rebuild_index,
                       .object = relation_of(body, "relation"),
                       .concurrently = has_option(list_of(body, "params"), "concurrently")});
  if (kind == "RefreshMatViewStmt")
    actions.push_back({.act = Act::refresh_view,
                       .object = relation_of(body, "relation"),
                       .concurrently = flag_of(body, "concurrent")});
  if (kind == "AlterObjectSchemaStmt" && text_of(body, "objectType") == "OBJECT_TABLE")
    actions.push_back(
        {.act = Act::move_table, .object = relation_of(body, "relation"), .to = text_of(body, "newschema")});
  if (kind == "GrantStmt" && !flag_of(body, "is_grant")) actions.push_back({.act = Act::revoke});
  if (kind == "DoStmt" || kind == "CallStmt" || kind == "MergeStmt" || kind == "ExecuteStmt")
    actions.push_back({.act = Act::unknown});
}

}  // namespace

bool may_act(std::string_view statement) {
  return statement.size() <= base::lint_statement_bytes_max && !is_harmless(statement);
}

std::vector<ScriptAction> actions_in(std::string_view statement, const std::optional<json::array>& tree) {
  if (is_harmless(statement)) return {};
  if (!tree || statement.size() > base::lint_statement_bytes_max) return {{.act = Act::unknown}};
  Actions actions;
  for (const json::value& each : *tree)
    if (const auto node = statement_in(each)) read_statement(*node, actions);
  return actions;
}

std::vector<ScriptAction> script_actions(const std::string& statement) {
  return actions_in(statement, may_act(statement) ? parse_tree(statement) : std::nullopt);
}

catalog::ColumnType plain_type(std::string_view name, int typmod, bool is_array) {
  constexpr Oid element = 1;
  constexpr Oid array = 2;
  TypeTable types;
  types.add({.oid = element, .schema = "pg_catalog", .name = std::string(name)});
  types.add({.oid = array, .element = element});
  return types.resolve(is_array ? array : element, typmod, is_array ? 1 : 0, std::string(name));
}

}  // namespace tenon::sql::postgres
