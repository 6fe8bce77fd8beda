#include "catalog/catalog.h"

#include <algorithm>

namespace tenon::catalog {

bool Index::has_expressions() const {
  return std::ranges::any_of(parts, [](const IndexPart& part) { return !part.column; });
}

bool operator==(const Table& a, const Table& b) {
  return a.schema == b.schema && a.name == b.name && a.kind == b.kind && a.columns == b.columns &&
         a.indexes == b.indexes && a.foreign_keys == b.foreign_keys && a.definition == b.definition &&
         a.partition_key == b.partition_key && a.row_level_security == b.row_level_security &&
         a.has_subclasses == b.has_subclasses && a.inherits == b.inherits && a.unlogged == b.unlogged &&
         a.storage_engine == b.storage_engine && a.collation == b.collation && a.comment == b.comment &&
         a.model_name == b.model_name && a.ignored == b.ignored && a.implicit_link == b.implicit_link;
}

std::optional<TableId> Catalog::find_table(std::string_view schema, std::string_view name) const {
  for (std::uint32_t i = 0; i < tables.size(); ++i)
    if (tables[i].name == name && (*this)[tables[i].schema].name == schema) return TableId{i};
  return std::nullopt;
}

std::optional<TableId> Catalog::find_table(DatabaseId database, std::string_view schema,
                                           std::string_view name) const {
  for (std::uint32_t i = 0; i < tables.size(); ++i) {
    const Namespace& place = (*this)[tables[i].schema];
    if (tables[i].name == name && place.name == schema && place.database == database) return TableId{i};
  }
  return std::nullopt;
}

std::optional<TableId> Catalog::find_model(std::string_view model_name) const {
  for (std::uint32_t i = 0; i < tables.size(); ++i)
    if (!model_name.empty() && tables[i].model_name == model_name) return TableId{i};
  return std::nullopt;
}

std::optional<ColumnId> Catalog::find_column(TableId table, std::string_view name) const {
  for (const ColumnId id : (*this)[table].columns)
    if ((*this)[id].name == name) return id;
  return std::nullopt;
}

std::optional<ColumnId> Catalog::find_field(TableId table, std::string_view field_name) const {
  for (const ColumnId id : (*this)[table].columns)
    if (!field_name.empty() && (*this)[id].field_name == field_name) return id;
  return std::nullopt;
}

std::optional<EnumId> Catalog::find_enum(std::string_view schema, std::string_view name) const {
  for (std::uint32_t i = 0; i < enums.size(); ++i)
    if (enums[i].name == name && (*this)[enums[i].schema].name == schema) return EnumId{i};
  return std::nullopt;
}

std::optional<IndexId> Catalog::primary_key(TableId table) const {
  for (const IndexId id : (*this)[table].indexes)
    if ((*this)[id].kind == IndexKind::primary) return id;
  return std::nullopt;
}

std::vector<ForeignKeyId> Catalog::referencing(TableId table) const {
  std::vector<ForeignKeyId> found;
  for (std::uint32_t i = 0; i < foreign_keys.size(); ++i)
    if (foreign_keys[i].target == table) found.push_back(ForeignKeyId{i});
  return found;
}

bool Catalog::is_unique(TableId table, const std::vector<ColumnId>& wanted) const {
  return std::ranges::any_of((*this)[table].indexes, [&](IndexId id) {
    const Index& index = (*this)[id];
    if (index.kind != IndexKind::unique && index.kind != IndexKind::primary) return false;
    if (!index.predicate.empty() || index.has_expressions() || index.parts.size() != wanted.size())
      return false;
    return std::ranges::all_of(index.parts, [&](const IndexPart& part) {
      return !part.length && std::ranges::find(wanted, *part.column) != wanted.end();
    });
  });
}

}  // namespace tenon::catalog
