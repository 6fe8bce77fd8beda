#include "cli/table_keys.h"

#include <fmt/format.h>

#include "base/terminal.h"

namespace tenon::cli {

namespace {

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

// Columns that already identify a row, or a new one.
std::string key_remedy(const catalog::Catalog& catalog, catalog::TableId id) {
  const catalog::Table& table = catalog[id];
  const std::string name =
      quoted_name(catalog.schemas[table.schema.value].name) + "." + quoted_name(table.name);
  for (const catalog::IndexId index_id : table.indexes) {
    const catalog::Index& index = catalog[index_id];
    std::string columns;
    bool usable = index.kind == catalog::IndexKind::unique && index.predicate.empty();
    for (const catalog::IndexPart& part : index.parts) {
      usable = usable && part.column && !catalog[*part.column].nullable;
      if (usable) columns += (columns.empty() ? "" : ", ") + quoted_name(catalog[*part.column].name);
    }
    if (usable) return fmt::format("ALTER TABLE {} ADD PRIMARY KEY ({});", name, columns);
  }
  return fmt::format("ALTER TABLE {} ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;", name);
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
