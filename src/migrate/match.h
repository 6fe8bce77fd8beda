// Which table, column and enum before is which one after: by name, by the renames that were asked for, and by
// the names that the schema files keep while their @map changes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "migrate/diff.h"

namespace tenon::migrate {

struct TablePair {
  Pair<catalog::TableId> ids;
  std::vector<Pair<catalog::ColumnId>> columns;  // in the order before
  std::vector<catalog::ColumnId> dropped;
  std::vector<catalog::ColumnId> added;
};

struct EnumPair {
  Pair<catalog::EnumId> ids;
  std::vector<RenamedValue> renamed;
};

struct Matches {
  std::vector<TablePair> tables;  // in the order before
  std::vector<catalog::TableId> dropped_tables;
  std::vector<catalog::TableId> created_tables;
  std::vector<EnumPair> enums;
  std::vector<catalog::EnumId> dropped_enums;
  std::vector<catalog::EnumId> created_enums;
  std::vector<Pair<catalog::TableId>> views;
  std::vector<catalog::TableId> dropped_views;
  std::vector<catalog::TableId> created_views;

  // By id before; nullopt: gone.
  std::vector<std::optional<catalog::TableId>> table_after;
  std::vector<std::optional<catalog::ColumnId>> column_after;
  std::vector<std::optional<catalog::EnumId>> enum_after;
  // By id after; nullopt: new.
  std::vector<std::optional<catalog::TableId>> table_before;
  std::vector<std::optional<catalog::ColumnId>> column_before;
  std::vector<std::optional<catalog::EnumId>> enum_before;

  std::vector<RenameCandidate> candidates;
  std::vector<Rename> unknown_renames;

  // What a value of an enum is called after its renames.
  std::string renamed_value(catalog::EnumId before, const std::string& label) const;
};

Matches match(const Catalogs& catalogs, const DiffOptions& options);

// Whether the side that is wanted has a word for what the side before calls `name`. Schema files have none
// for names without a letter; what they cannot name they do not miss.
bool is_nameable(const DiffOptions& options, const std::string& name);

// The names of two schemas are those of one place; MySQL's database goes by any name.
bool same_schema(const Catalogs& catalogs, catalog::NamespaceId before, catalog::NamespaceId after);

// `T`, or `shop.T` outside of the default schema.
std::string display_name(const catalog::Catalog& catalog, catalog::NamespaceId schema,
                         const std::string& name, const std::string& default_schema);

}  // namespace tenon::migrate
