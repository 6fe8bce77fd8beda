#include "sql/differences.h"

#include <array>

#include <fmt/format.h>

namespace tenon::sql {

namespace {

constexpr std::string_view same = "as MariaDB";

constexpr std::array all{
    DifferenceText{Difference::list_columns, "lists of values in a column", "yes, with operators and `push`",
                   "JSON columns hold lists", same, "there is no array type"},
    DifferenceText{Difference::infinite_values, "infinity, `NaN`, years beyond 1 to 9999", "yes",
                   "`BAD_USER_INPUT` says so", same, "the types do not hold them"},
    DifferenceText{Difference::checks_at_commit, "constraints checked at the end of a transaction",
                   "`DEFERRABLE`", "each statement is checked", same,
                   "InnoDB checks row by row; the order of writes in a document matters"},
    DifferenceText{Difference::one_statement, "all levels of a query in one statement",
                   "`round_trips = \"one\"`, or chosen by the way's length",
                   "one round trip for each depth, with the same answers", same,
                   "keys of many rows cannot be handed from one part of a statement to another"},
    DifferenceText{Difference::own_types,
                   "`inet`, `interval`, ranges, `xml`, composite and other types of PostgreSQL", "yes",
                   "texts; `inet4`, `inet6` and `uuid` of its own", "texts", "there are no such types"},
    DifferenceText{Difference::schemas, "schemas within a database", "`--schema`, `multiSchema`",
                   "a database is one schema; `TN1006` refuses `--schema`", same,
                   "the two words mean the same there"},
    DifferenceText{Difference::parents_keys, "lists of a level for many parents",
                   "array parameter, `LATERAL`", "`IN` list, or one `SELECT` for each key by `UNION ALL`",
                   same, "parameters are single values"},
    DifferenceText{Difference::returned_rows, "what a write gives back", "`RETURNING`",
                   "`RETURNING` for inserts and deletes; updates find, change and read rows by key",
                   "found, changed and read by key", "`UPDATE` has no `RETURNING`"},
    DifferenceText{Difference::upsert_key, "upsert", "the key of `onConflict`",
                   "**any** unique key of the table; the field's description and `TN4010` say so", same,
                   "`ON DUPLICATE KEY UPDATE` names no key"},
    DifferenceText{Difference::skipped_duplicates, "`skipDuplicates`", "one statement",
                   "one statement for each row: at most 1000 rows", same,
                   "`INSERT IGNORE` would hide other errors too"},
    DifferenceText{Difference::constraint_names, "names of constraints that nobody named, in errors",
                   "`author_email_key`", "`email`, `author_ibfk_1`", same, "what the database gives"},
    DifferenceText{Difference::expression_keys, "key made by an expression of the database", "given back",
                   "given back", "evaluated before the insert", "MySQL's `INSERT` gives back no rows"},
    DifferenceText{Difference::null_order, "default order of NULL", "last ascending, first descending",
                   "**first ascending, last descending**; `…_NULLS_FIRST` and `…_NULLS_LAST` say it", same,
                   "so that an index still gives the order"},
    DifferenceText{
        Difference::equal_texts, "equal texts (`eq`, `in`, unique keys, groups)", "same letters",
        "as the column's collation says: mostly without regard to case, accents and final spaces", same,
        "so that an index still finds them; `contains`, `beginsWith` and `like` mind the case on all"},
    DifferenceText{Difference::padded_texts, "`char(n)`", "filled with spaces to its length",
                   "without final spaces", same, "what the database gives"},
    DifferenceText{Difference::word_search, "`search`",
                   "GIN or GiST index over `to_tsvector`, `tsvector` columns",
                   "a `FULLTEXT` index over the one column, in boolean mode: whole words, no stems", same,
                   "the engines' own full text"},
    DifferenceText{Difference::json_equality, "JSON: `eq`, `ne`", "`jsonb`",
                   "`JSON_EQUALS`; before 10.7 each value contains the other, so `[1,2]` equals `[2,1]`",
                   "the JSON type", "MariaDB's JSON is a text with a check"},
    DifferenceText{Difference::json_order, "JSON: `lt` … `ge`", "values of one type",
                   "numbers with numbers, texts with texts, booleans with booleans", same,
                   "there is no order of whole documents"},
    DifferenceText{Difference::json_containment, "JSON: `contains`", "`@>`",
                   "`JSON_CONTAINS`, which finds a value in nested lists too", same,
                   "the engines' own operators"},
    DifferenceText{Difference::json_places, "JSON: a number in `path`", "place in a list, or key",
                   "as a key where the whole path exists with keys, else as place", same,
                   "a path names one or the other"},
    DifferenceText{Difference::averages, "averages of decimals", "exact, with the digits of `numeric`",
                   "exact, with 20 digits behind the point", same, "what the database gives"},
    DifferenceText{Difference::fractions, "fractions of a second", "without the zeros at their end",
                   "with the digits of the column's type: `12:30:00.250000`", same,
                   "what the database gives"},
    DifferenceText{Difference::estimates, "`estimatedCount`", "`pg_class`; NULL before the first `ANALYZE`",
                   "`information_schema.tables`, InnoDB's guess",
                   "the same, up to a day old (`information_schema_stats_expiry`)",
                   "the engines' own statistics"},
    DifferenceText{Difference::locked_rows, "a locked row", "only the row",
                   "rows joined to it are locked too", "only the row", "MariaDB has no `FOR UPDATE OF`"},
    DifferenceText{
        Difference::isolation, "isolation of `@transaction`", "as named",
        "at least as named: `READ_COMMITTED` is the server's own default, mostly `REPEATABLE READ`", same,
        "the level of a running session is not changed for the mildest one"},
    DifferenceText{Difference::server_limits,
                   "how long the server lets a statement, and a transaction that rests, take",
                   "`statement_timeout`, `idle_in_transaction_session_timeout`",
                   "`max_statement_time`, `idle_transaction_timeout`",
                   "`max_execution_time`, which holds for `SELECT` alone, and nothing for the transaction",
                   "the servers' own; a request that is over stops what it ran on all"},
    DifferenceText{Difference::write_analysis, "`tenon explain --analyze`", "`EXPLAIN (ANALYZE, BUFFERS)`",
                   "`ANALYZE FORMAT=JSON` of the step that looks for the rows",
                   "`EXPLAIN ANALYZE` of reads, `EXPLAIN` of writes", "the engines' own commands"},
    DifferenceText{Difference::migration_units, "a migration", "all of a script or nothing",
                   "each statement is journalled; after a crash it is known which one is in doubt, and "
                   "whether it took effect",
                   same, "statements that change definitions commit"},
};

}  // namespace

std::span<const DifferenceText> differences() { return all; }

std::string missing_on(const ServerVersion& server) {
  if (server.product == ServerVersion::Product::postgresql) return {};
  std::string list;
  for (const DifferenceText& one : all) {
    if (!one.missing()) continue;
    if (!list.empty()) list += "; ";
    for (const char c : one.feature)
      if (c != '`') list += c;
  }
  return server.major > 0 ? fmt::format("{} does not have: {}.", to_string(server), list)
                          : fmt::format("MySQL and MariaDB do not have: {}.", list);
}

}  // namespace tenon::sql
