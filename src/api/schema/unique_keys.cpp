#include "api/schema/unique_keys.h"

#include <algorithm>

namespace tenon::api {

std::vector<UniqueKey> unique_keys(const catalog::Catalog& catalog, catalog::TableId table) {
  std::vector<UniqueKey> keys;
  for (const catalog::IndexId id : catalog[table].indexes) {
    const catalog::Index& index = catalog[id];
    const bool unique = index.kind == catalog::IndexKind::unique || index.kind == catalog::IndexKind::primary;
    if (!unique || index.deferrable || !index.predicate.empty() || index.has_expressions()) continue;
    UniqueKey key;
    bool shown = true;
    for (const catalog::IndexPart& part : index.parts) {
      shown = shown && !part.length;  // of a part of the text
      const std::string& field = catalog[*part.column].field_name;
      shown = shown && !field.empty();
      key.name += (key.name.empty() ? "" : "_") + field;
      key.columns.push_back(*part.column);
    }
    if (shown && std::ranges::find(keys, key.name, &UniqueKey::name) == keys.end())
      keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<catalog::ColumnId> key_columns(const catalog::Catalog& catalog, catalog::TableId table) {
  std::vector<catalog::ColumnId> columns;
  if (const auto key = catalog.primary_key(table))
    for (const catalog::IndexPart& part : catalog[*key].parts) columns.push_back(*part.column);
  return columns;
}

}  // namespace tenon::api
