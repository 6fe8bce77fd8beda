#include "cli/table_keys.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/terminal.h"
#include "sql/fragment.h"

namespace tenon::cli {

namespace {

// Columns that already identify a row, or a new one.
std::string key_remedy(const catalog::Catalog& catalog, catalog::TableId id) {
  const catalog::Table& table = catalog[id];
  const bool is_mysql = catalog.engine_of(id) == catalog::Engine::mysql;
  sql::Text text({.identifier_quote = is_mysql ? '`' : '"'});
  text << "ALTER TABLE ";
  text.qualified(catalog[table.schema].name, table.name) << " ADD ";
  for (const catalog::IndexId index_id : table.indexes) {
    const catalog::Index& index = catalog[index_id];
    const bool usable = index.kind == catalog::IndexKind::unique && index.predicate.empty() &&
                        std::ranges::all_of(index.parts, [&](const catalog::IndexPart& part) {
                          return part.column && !part.length && !catalog[*part.column].nullable;
                        });
    if (!usable) continue;
    for (std::size_t i = 0; i < index.parts.size(); ++i) {
      if (i == 0)
        text << "PRIMARY KEY (";
      else
        text << ", ";
      text.name(catalog[*index.parts[i].column].name);
    }
    text << ");";
    return text.take();
  }
  if (is_mysql)
    text << "COLUMN id bigint AUTO_INCREMENT PRIMARY KEY;";
  else
    text << "COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;";
  return text.take();
}

}  // namespace

void warn_of_missing_key(const catalog::Catalog& catalog, catalog::TableId table,
                         base::Diagnostics& warnings) {
  warnings.warning(base::code::table_without_key,
                   fmt::format("The table {} has no primary key; the API leaves it out.",
                               base::printable(catalog[table].name)),
                   {}, base::printable(key_remedy(catalog, table)));
}

std::vector<catalog::TableId> tables_without_key(const catalog::Catalog& catalog) {
  std::vector<catalog::TableId> found;
  for (std::uint32_t i = 0; i < catalog.tables.size(); ++i) {
    const catalog::TableId id{i};
    const catalog::Table& table = catalog[id];
    const bool wants_key =
        table.kind == catalog::TableKind::table || table.kind == catalog::TableKind::partitioned_table;
    if (wants_key && !table.model_name.empty() && !catalog.primary_key(id)) found.push_back(id);
  }
  return found;
}

}  // namespace tenon::cli
