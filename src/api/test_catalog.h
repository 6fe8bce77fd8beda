// Small catalogs for tests, written down table by table.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::api {

// A column that is NOT NULL, named alike in the database and the API.
inline catalog::Column test_column(std::string name, catalog::TypeKind kind, std::string native = {}) {
  catalog::Column column;
  column.field_name = name;
  column.name = std::move(name);
  column.type.kind = kind;
  column.type.native = std::move(native);
  column.nullable = false;
  return column;
}

inline catalog::Column nullable(catalog::Column column) {
  column.nullable = true;
  return column;
}

inline catalog::Column list_of(catalog::Column column, std::uint8_t dimensions = 1) {
  column.type.array_dimensions = dimensions;
  return column;
}

inline catalog::Column with_default(catalog::Column column, catalog::Default::Kind kind) {
  column.default_value.kind = kind;
  return column;
}

// Column names are looked up in the table that is being written or, for `target_columns`, in the target.
struct TestForeignKey {
  std::vector<std::string> columns;
  std::string target;
  std::vector<std::string> target_columns;
  std::string field_name;
  std::string back_field_name;
};

struct TestTable {
  std::string name;
  std::string model_name;
  std::vector<catalog::Column> columns;
  std::vector<std::string> key = {"id"};  // empty: none
  std::vector<std::vector<std::string>> uniques = {};
  std::vector<TestForeignKey> foreign_keys = {};
  std::string comment = {};
  catalog::TableKind kind = catalog::TableKind::table;
  bool implicit_link = false;
};

class TestCatalog {
 public:
  TestCatalog() { catalog_.schemas.push_back({.name = "public"}); }

  catalog::EnumId add_enum(std::string name, std::string enum_name, std::vector<catalog::EnumValue> values) {
    catalog_.enums.push_back({.schema = {},
                              .name = std::move(name),
                              .values = std::move(values),
                              .enum_name = std::move(enum_name)});
    return catalog::EnumId{static_cast<std::uint32_t>(catalog_.enums.size() - 1)};
  }
  static catalog::Column enum_column(std::string name, catalog::EnumId id) {
    catalog::Column column = test_column(std::move(name), catalog::TypeKind::enumeration);
    column.type.enum_id = id;
    return column;
  }

  void add(TestTable table) {
    const catalog::TableId id{static_cast<std::uint32_t>(catalog_.tables.size())};
    catalog::Table row;
    row.name = table.name;
    row.model_name = table.model_name;
    row.comment = table.comment;
    row.kind = table.kind;
    row.implicit_link = table.implicit_link;
    row.columns = {static_cast<std::uint32_t>(catalog_.columns.size()),
                   static_cast<std::uint32_t>(table.columns.size())};
    for (catalog::Column& column : table.columns) {
      column.table = id;
      catalog_.columns.push_back(std::move(column));
    }
    catalog_.tables.push_back(std::move(row));
    const auto first_index = static_cast<std::uint32_t>(catalog_.indexes.size());
    if (!table.key.empty()) add_index(id, catalog::IndexKind::primary, table.key);
    for (const auto& columns : table.uniques) add_index(id, catalog::IndexKind::unique, columns);
    catalog_[id].indexes = {first_index, static_cast<std::uint32_t>(catalog_.indexes.size()) - first_index};
    foreign_keys_.push_back(std::move(table.foreign_keys));
  }

  std::shared_ptr<catalog::Catalog> finish() {
    for (std::uint32_t i = 0; i < foreign_keys_.size(); ++i) {
      const catalog::TableId id{i};
      const auto first = static_cast<std::uint32_t>(catalog_.foreign_keys.size());
      for (TestForeignKey& key : foreign_keys_[i]) {
        const catalog::TableId target = *catalog_.find_table("public", key.target);
        catalog_.foreign_keys.push_back({.table = id,
                                         .name = "fk",
                                         .columns = ids(id, key.columns),
                                         .target = target,
                                         .target_columns = ids(target, key.target_columns),
                                         .field_name = key.field_name,
                                         .back_field_name = key.back_field_name});
      }
      catalog_[id].foreign_keys = {first, static_cast<std::uint32_t>(catalog_.foreign_keys.size()) - first};
    }
    return std::make_shared<catalog::Catalog>(catalog_);
  }

 private:
  std::vector<catalog::ColumnId> ids(catalog::TableId table, const std::vector<std::string>& names) const {
    std::vector<catalog::ColumnId> found;
    for (const std::string& name : names) found.push_back(*catalog_.find_column(table, name));
    return found;
  }
  void add_index(catalog::TableId table, catalog::IndexKind kind, const std::vector<std::string>& names) {
    catalog::Index index;
    index.table = table;
    index.kind = kind;
    for (const catalog::ColumnId column : ids(table, names)) index.parts.push_back({.column = column});
    catalog_.indexes.push_back(std::move(index));
  }

  catalog::Catalog catalog_;
  std::vector<std::vector<TestForeignKey>> foreign_keys_;
};

}  // namespace tenon::api
