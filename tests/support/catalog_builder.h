// Catalogs by hand, for tests: tables, columns and keys are told by their names, ids come out of build().
#pragma once

#include <cassert>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace tenon::test {

inline catalog::ColumnType type(catalog::TypeKind kind, std::string native) {
  catalog::ColumnType type;
  type.kind = kind;
  type.native = std::move(native);
  return type;
}
inline catalog::ColumnType int_type() { return type(catalog::TypeKind::int32, "integer"); }
inline catalog::ColumnType text_type() { return type(catalog::TypeKind::text, "text"); }
inline catalog::ColumnType array_of(catalog::ColumnType element) {
  element.array_dimensions = 1;
  return element;
}

inline catalog::Default literal(std::string text) {
  catalog::Default value;
  value.kind = catalog::Default::Kind::literal;
  value.text = std::move(text);
  return value;
}
inline catalog::Default expression(std::string text) {
  catalog::Default value = literal(std::move(text));
  value.kind = catalog::Default::Kind::expression;
  return value;
}
inline catalog::Default serial() {
  catalog::Default value;
  value.kind = catalog::Default::Kind::autoincrement;
  return value;
}

class CatalogBuilder {
 public:
  struct ForeignKeyPlan {
    catalog::ForeignKey row;
    std::vector<std::string> columns;
    std::string target;
    std::vector<std::string> target_columns;
  };
  struct IndexPlan {
    catalog::Index row;
    std::vector<std::string> columns;  // empty text: an expression
    std::vector<std::string> included;
  };

  class TablePlan {
   public:
    explicit TablePlan(std::string name, catalog::NamespaceId schema) {
      row.name = std::move(name);
      row.schema = schema;
    }
    // A column that may not be NULL; the returned reference is good until the next call.
    catalog::Column& required(std::string name, catalog::ColumnType type, catalog::Default value = {}) {
      catalog::Column column;
      column.name = std::move(name);
      column.type = std::move(type);
      column.nullable = false;
      column.default_value = std::move(value);
      return columns.emplace_back(std::move(column));
    }
    catalog::Column& optional(std::string name, catalog::ColumnType type, catalog::Default value = {}) {
      catalog::Column& column = required(std::move(name), std::move(type), std::move(value));
      column.nullable = true;
      return column;
    }
    catalog::Index& index(catalog::IndexKind kind, std::string name, std::vector<std::string> over) {
      IndexPlan plan;
      plan.row.kind = kind;
      plan.row.name = std::move(name);
      plan.row.is_constraint = kind == catalog::IndexKind::primary;
      plan.row.parts.resize(over.size());
      plan.columns = std::move(over);
      return indexes.emplace_back(std::move(plan)).row;
    }
    catalog::Index& primary(std::vector<std::string> over) {
      return index(catalog::IndexKind::primary, row.name + "_pkey", std::move(over));
    }
    catalog::ForeignKey& references(std::string name, std::vector<std::string> over, std::string target,
                                    std::vector<std::string> target_columns) {
      ForeignKeyPlan plan;
      plan.row.name = std::move(name);
      plan.columns = std::move(over);
      plan.target = std::move(target);
      plan.target_columns = std::move(target_columns);
      return foreign_keys.emplace_back(std::move(plan)).row;
    }

    catalog::Table row;
    std::deque<catalog::Column> columns;
    std::deque<IndexPlan> indexes;
    std::deque<ForeignKeyPlan> foreign_keys;
  };

  explicit CatalogBuilder(catalog::Engine engine = catalog::Engine::postgresql) { catalog_.engine = engine; }

  catalog::NamespaceId schema(const std::string& name) {
    for (std::uint32_t i = 0; i < catalog_.schemas.size(); ++i)
      if (catalog_.schemas[i].name == name) return {i};
    catalog_.schemas.push_back({.name = name});
    return {static_cast<std::uint32_t>(catalog_.schemas.size() - 1)};
  }

  TablePlan& table(const std::string& name, const std::string& in = "public") {
    return tables_.emplace_back(name, schema(in));
  }
  // A table `name` with a serial primary key `id`.
  TablePlan& table_with_id(const std::string& name, const std::string& in = "public") {
    TablePlan& plan = table(name, in);
    plan.required("id", int_type(), serial());
    plan.primary({"id"});
    return plan;
  }

  catalog::ColumnType enumeration(const std::string& name, const std::vector<std::string>& labels,
                                  const std::string& in = "public") {
    catalog::Enum row;
    row.name = name;
    row.schema = schema(in);
    for (const std::string& label : labels) row.values.push_back({.label = label, .value_name = {}});
    catalog_.enums.push_back(std::move(row));
    catalog::ColumnType found = type(catalog::TypeKind::enumeration, "\"" + in + "\".\"" + name + "\"");
    found.enum_id = catalog::EnumId{static_cast<std::uint32_t>(catalog_.enums.size() - 1)};
    return found;
  }

  void check(const std::string& table, const std::string& name) { checks_.emplace_back(table, name); }
  void exclusion(const std::string& table, const std::string& name) { exclusions_.emplace_back(table, name); }

  // The catalog; the builder is empty afterwards.
  catalog::Catalog build() {
    for (TablePlan& plan : tables_) add_columns(plan);
    for (std::uint32_t i = 0; i < tables_.size(); ++i) add_keys(catalog::TableId{i}, tables_[i]);
    for (const auto& [table, name] : checks_)
      catalog_.checks.push_back({.table = table_id(table), .name = name, .definition = {}});
    for (const auto& [table, name] : exclusions_)
      catalog_.exclusions.push_back({.table = table_id(table), .name = name, .definition = {}});
    return std::move(catalog_);
  }

 private:
  void add_columns(TablePlan& plan) {
    const catalog::TableId id{static_cast<std::uint32_t>(catalog_.tables.size())};
    plan.row.columns = {.first = static_cast<std::uint32_t>(catalog_.columns.size()),
                        .count = static_cast<std::uint32_t>(plan.columns.size())};
    for (catalog::Column& column : plan.columns) {
      column.table = id;
      catalog_.columns.push_back(std::move(column));
    }
    catalog_.tables.push_back(std::move(plan.row));
  }

  catalog::TableId table_id(const std::string& name) const {
    for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i)
      if (catalog_.tables[i].name == name) return {i};
    assert(false && "no such table");
    return {};
  }

  std::vector<catalog::ColumnId> column_ids(catalog::TableId table,
                                            const std::vector<std::string>& names) const {
    std::vector<catalog::ColumnId> ids;
    for (const std::string& name : names) ids.push_back(catalog_.find_column(table, name).value());
    return ids;
  }

  void add_keys(catalog::TableId id, TablePlan& plan) {
    catalog_[id].indexes = {.first = static_cast<std::uint32_t>(catalog_.indexes.size()),
                            .count = static_cast<std::uint32_t>(plan.indexes.size())};
    for (IndexPlan& index : plan.indexes) {
      index.row.table = id;
      for (std::size_t i = 0; i < index.columns.size(); ++i) {
        if (index.columns[i].empty())
          index.row.parts[i].expression = "expression";
        else
          index.row.parts[i].column = catalog_.find_column(id, index.columns[i]);
      }
      index.row.included = column_ids(id, index.included);
      catalog_.indexes.push_back(std::move(index.row));
    }
    catalog_[id].foreign_keys = {.first = static_cast<std::uint32_t>(catalog_.foreign_keys.size()),
                                 .count = static_cast<std::uint32_t>(plan.foreign_keys.size())};
    for (ForeignKeyPlan& key : plan.foreign_keys) {
      key.row.table = id;
      key.row.columns = column_ids(id, key.columns);
      key.row.target = table_id(key.target);
      key.row.target_columns = column_ids(key.row.target, key.target_columns);
      catalog_.foreign_keys.push_back(std::move(key.row));
    }
  }

  catalog::Catalog catalog_;
  std::deque<TablePlan> tables_;
  std::vector<std::pair<std::string, std::string>> checks_;
  std::vector<std::pair<std::string, std::string>> exclusions_;
};

}  // namespace tenon::test
