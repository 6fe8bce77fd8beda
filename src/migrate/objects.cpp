#include "migrate/objects.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/terminal.h"
#include "sql/array_text.h"

namespace tenon::migrate {

namespace {

// Each gives kind, name and definition.
constexpr std::string_view of_postgres =
    "WITH wanted AS (SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1::text[])),"
    " extended AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e')"
    " SELECT 'trigger', n.nspname || '.' || c.relname || '.' || t.tgname, pg_catalog.pg_get_triggerdef(t.oid)"
    " FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid"
    " JOIN wanted n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND NOT c.relispartition"
    " UNION ALL"
    " SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,"
    " n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',"
    " CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) ELSE '' END"
    " FROM pg_catalog.pg_proc p JOIN wanted n ON n.oid = p.pronamespace"
    " WHERE NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid "
    "= p.oid)"
    " UNION ALL"
    " SELECT 'policy', n.nspname || '.' || c.relname || '.' || p.polname, concat_ws(' ', p.polpermissive, "
    "p.polcmd,"
    " pg_catalog.pg_get_expr(p.polqual, p.polrelid), '|', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))"
    " FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid"
    " JOIN wanted n ON n.oid = c.relnamespace"
    " UNION ALL"
    " SELECT 'row level security', n.nspname || '.' || c.relname, c.relforcerowsecurity::text"
    " FROM pg_catalog.pg_class c JOIN wanted n ON n.oid = c.relnamespace WHERE c.relrowsecurity"
    " UNION ALL"
    " SELECT 'rule', n.nspname || '.' || c.relname || '.' || r.rulename, pg_catalog.pg_get_ruledef(r.oid)"
    " FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class"
    " JOIN wanted n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN'"
    " UNION ALL"
    " SELECT 'domain', n.nspname || '.' || t.typname, concat_ws(' ', pg_catalog.format_type(t.typbasetype, "
    "t.typtypmod),"
    " t.typnotnull, t.typdefault, (SELECT string_agg(pg_catalog.pg_get_constraintdef(k.oid), ' ' ORDER BY "
    "k.conname)"
    " FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid))"
    " FROM pg_catalog.pg_type t JOIN wanted n ON n.oid = t.typnamespace WHERE t.typtype = 'd'"
    " AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = "
    "t.oid)"
    " UNION ALL"
    " SELECT 'grant', n.nspname || '.' || c.relname || ' to ' ||"
    " CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END,"
    " string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ' ' ORDER BY "
    "a.privilege_type, a.is_grantable)"
    " FROM pg_catalog.pg_class c JOIN wanted n ON n.oid = c.relnamespace"
    " CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a"
    " WHERE a.grantee <> c.relowner AND c.relname <> '_prisma_migrations'"
    " GROUP BY n.nspname, c.relname, a.grantee";

constexpr std::array<std::string_view, 4> of_mysql{
    "SELECT 'trigger', CONCAT(EVENT_OBJECT_TABLE, '.', TRIGGER_NAME),"
    " CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT) FROM information_schema.TRIGGERS"
    " WHERE TRIGGER_SCHEMA = DATABASE()",
    "SELECT LOWER(r.ROUTINE_TYPE), r.ROUTINE_NAME, CONCAT_WS(' ', r.DTD_IDENTIFIER, r.IS_DETERMINISTIC,"
    " r.SQL_DATA_ACCESS, r.SECURITY_TYPE, (SELECT GROUP_CONCAT(CONCAT_WS(' ', p.PARAMETER_MODE,"
    " p.PARAMETER_NAME, p.DTD_IDENTIFIER) ORDER BY p.ORDINAL_POSITION) FROM information_schema.PARAMETERS p"
    " WHERE p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME"
    " AND p.ROUTINE_TYPE = r.ROUTINE_TYPE), r.ROUTINE_DEFINITION)"
    " FROM information_schema.ROUTINES r WHERE r.ROUTINE_SCHEMA = DATABASE()",
    "SELECT 'event', EVENT_NAME, CONCAT_WS(' ', EVENT_TYPE, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, ENDS,"
    " STATUS, EVENT_DEFINITION) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()",
    "SELECT 'grant', CONCAT(TABLE_NAME, ' to ', GRANTEE), GROUP_CONCAT(CONCAT(PRIVILEGE_TYPE,"
    " IF(IS_GRANTABLE = 'YES', '*', '')) ORDER BY PRIVILEGE_TYPE SEPARATOR ' ')"
    " FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE()"
    " AND TABLE_NAME NOT IN ('_prisma_migrations', '_tenon_migration_steps') GROUP BY TABLE_NAME, GRANTEE"};

using Key = std::pair<std::string, std::string>;

std::map<Key, std::string_view> by_name(const DatabaseObjects& objects) {
  std::map<Key, std::string_view> sorted;
  for (const DatabaseObject& each : objects) sorted.emplace(Key{each.kind, each.name}, each.definition);
  return sorted;
}

std::string plural(const std::string& kind) {
  if (kind == "policy") return "policies";
  return kind == "row level security" ? kind : kind + "s";
}

std::string array_of(const std::vector<std::string>& names) {
  std::string text = "{";
  for (const std::string& each : names) {
    if (text.size() > 1) text += ',';
    sql::append_quoted_element(text, each);
  }
  return text + "}";
}

// One paragraph for each kind.
void tell(std::string& text, std::string_view what, const std::vector<Key>& keys) {
  const std::string* kind = nullptr;
  for (const auto& [each, name] : keys) {
    if (kind == nullptr || *kind != each)
      text += fmt::format("{}[{}] {} {}\n", text.empty() ? "" : "\n", what[0], what.substr(1), plural(each));
    kind = &each;
    text += fmt::format("  - {}\n", base::printable(name));
  }
}

}  // namespace

base::Result<DatabaseObjects> read_objects(Session& session, const std::vector<std::string>& schemas) {
  DatabaseObjects objects;
  const auto ask = [&](std::string_view question, const Row& parameters) -> base::Result<void> {
    const auto rows = session.query(std::string(question), parameters);
    if (!rows) return std::unexpected(explain(session, rows.error()));
    for (const Row& row : *rows)
      objects.push_back(
          {.kind = row[0].value_or(""), .name = row[1].value_or(""), .definition = row[2].value_or("")});
    return {};
  };
  if (session.url().engine == catalog::Engine::postgresql) {
    if (auto asked = ask(of_postgres, {array_of(schemas)}); !asked) return std::unexpected(asked.error());
    return objects;
  }
  for (const std::string_view question : of_mysql)
    if (auto asked = ask(question, {}); !asked) return std::unexpected(asked.error());
  return objects;
}

std::string compare_objects(Pair<const DatabaseObjects*> objects) {
  const auto before = by_name(*objects.before);
  const auto after = by_name(*objects.after);
  std::vector<Key> added;
  std::vector<Key> removed;
  std::vector<Key> changed;
  for (const auto& [key, definition] : before) {
    const auto found = after.find(key);
    if (found == after.end()) {
      removed.push_back(key);
    } else if (found->second != definition) {
      changed.push_back(key);
    }
  }
  const auto is_grant = [](const auto& each) { return each.first.first == "grant"; };
  const bool grants_count = std::ranges::any_of(before, is_grant);
  for (const auto& each : after)
    if (!before.contains(each.first) && (grants_count || !is_grant(each))) added.push_back(each.first);
  std::string text;
  tell(text, "+Added", added);
  tell(text, "-Removed", removed);
  tell(text, "*Changed", changed);
  return text;
}

}  // namespace tenon::migrate
