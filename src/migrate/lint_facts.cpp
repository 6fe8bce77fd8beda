#include "migrate/lint_facts.h"

#include <charconv>

#include "base/json_writer.h"
#include "base/limits.h"
#include "sql/fragment.h"
#include "sql/mysql/introspect_types.h"
#include "sql/postgres/script_actions.h"

namespace tenon::migrate {

namespace {

using namespace std::chrono_literals;

// Who holds a table must not keep a deployment from being looked at.
constexpr auto lock_wait = 500ms;

constexpr std::string_view tables_query =
    "SELECT n.nspname, c.relname, c.reltuples::bigint::text"
    " FROM pg_catalog.jsonb_array_elements($1::jsonb) w"
    " JOIN pg_catalog.pg_namespace n ON n.nspname = w->>0"
    " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w->>1"
    " WHERE c.relkind IN ('r', 'p', 'm', 'f')";

constexpr std::string_view columns_query =
    "SELECT n.nspname, c.relname, a.attname, coalesce(e.typname, t.typname), a.atttypmod::text,"
    " (e.oid IS NOT NULL)::text, (NOT a.attnotnull)::text,"
    " EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'"
    "   AND k.convalidated AND k.conkey = ARRAY[a.attnum] AND pg_catalog.pg_get_constraintdef(k.oid) ="
    "   pg_catalog.format('CHECK ((%I IS NOT NULL))', a.attname))::text"
    " FROM pg_catalog.jsonb_array_elements($1::jsonb) w"
    " JOIN pg_catalog.pg_namespace n ON n.nspname = w->>0"
    " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w->>1"
    " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid"
    " WHERE c.relkind IN ('r', 'p', 'm', 'f') ORDER BY a.attnum";

std::int64_t number(const std::optional<std::string>& text) {
  std::int64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

std::string as_json(const std::string& default_schema, std::span<const sql::ObjectName> tables) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_array();
  for (const sql::ObjectName& table : tables)
    json.begin_array()
        .string(table.schema.empty() ? default_schema : table.schema)
        .string(table.name)
        .end_array();
  json.end_array();
  return text;
}

// Exact up to the number of rows from which on the number does not matter; nullopt when it cannot be counted.
std::optional<std::uint64_t> count(Target& target, const sql::ObjectName& table) {
  sql::Text text = text_for(target.engine());
  (text << "SELECT count(*) FROM (SELECT 1 FROM ").qualified(table.schema, table.name);
  const auto rows =
      target.session.run(text.take() + " LIMIT " + std::to_string(base::lint_blocking_rows_min + 1) + ") t");
  if (!rows || rows->empty()) return std::nullopt;
  return static_cast<std::uint64_t>(number(rows->front().front()));
}

void count_rows(Target& target, const sql::ObjectName& name, TableFact& fact) {
  const auto counted = count(target, name);
  if (!counted) return;
  fact.exact = *counted <= base::lint_blocking_rows_min;
  fact.rows = fact.exact ? *counted : std::max(fact.rows.value_or(0), *counted);
}

sql::DatabaseResult<void> read_postgres(Target& target, std::span<const sql::ObjectName> tables,
                                        TableFacts& facts) {
  const std::string wanted = as_json(target.schema, tables);
  const auto found = target.session.query(std::string(tables_query), {wanted});
  if (!found) return std::unexpected(found.error());
  for (const Row& row : *found) {
    const sql::ObjectName name{.schema = row[0].value_or(""), .name = row[1].value_or("")};
    TableFact fact{.rows = static_cast<std::uint64_t>(std::max<std::int64_t>(number(row[2]), 0))};
    count_rows(target, name, fact);
    facts.tables[name] = std::move(fact);
  }
  const auto columns = target.session.query(std::string(columns_query), {wanted});
  if (!columns) return std::unexpected(columns.error());
  for (const Row& row : *columns)
    facts.tables[{.schema = row[0].value_or(""), .name = row[1].value_or("")}].columns.push_back(
        {.name = row[2].value_or(""),
         .type = sql::postgres::plain_type(row[3].value_or(""), static_cast<int>(number(row[4])),
                                           row[5] == "true"),
         .nullable = row[6] == "true",
         .proven_not_null = row[7] == "true"});
  return {};
}

sql::DatabaseResult<void> read_mysql(Target& target, std::span<const sql::ObjectName> tables,
                                     TableFacts& facts) {
  for (const sql::ObjectName& wanted : tables) {
    const sql::ObjectName name{.schema = wanted.schema.empty() ? target.schema : wanted.schema,
                               .name = wanted.name};
    const auto found = target.session.query(
        "SELECT table_rows FROM information_schema.tables"
        " WHERE table_schema = ? AND table_name = ? AND table_type LIKE '%TABLE%'",
        {name.schema, name.name});
    if (!found) return std::unexpected(found.error());
    if (found->empty()) continue;
    TableFact fact{.rows = static_cast<std::uint64_t>(number(found->front()[0]))};
    count_rows(target, name, fact);
    const auto columns = target.session.query(
        "SELECT column_name, column_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
        {name.schema, name.name});
    if (!columns) return std::unexpected(columns.error());
    for (const Row& row : *columns)
      fact.columns.push_back(
          {.name = row[0].value_or(""),
           .type = sql::mysql::column_type(sql::mysql::parse_type_text(row[1].value_or("")), {}),
           .nullable = row[2] == "YES"});
    facts.tables[name] = std::move(fact);
  }
  return {};
}

}  // namespace

base::Result<TableFacts> read_table_facts(Target& target, std::span<const sql::ObjectName> tables) {
  TableFacts facts{.default_schema = target.schema};
  if (tables.empty()) return facts;
  static_cast<void>(set_lock_timeout(target.session, lock_wait));
  const auto read = target.engine() == catalog::Engine::mysql ? read_mysql(target, tables, facts)
                                                              : read_postgres(target, tables, facts);
  static_cast<void>(set_lock_timeout(target.session, 0ms));
  if (!read) return std::unexpected(explain(target.session, read.error()));
  return facts;
}

}  // namespace tenon::migrate
