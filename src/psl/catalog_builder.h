// From a resolved schema to its catalog: enums and tables, then columns, indexes and foreign keys, a file for
// each. The schema has been checked; nothing is checked again here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "catalog/catalog.h"
#include "psl/check/check.h"
#include "psl/read.h"

namespace tenon::psl {

class CatalogBuilder {
 public:
  CatalogBuilder(const CheckedSchema& schema, const ReadOptions& options, base::Diagnostics& diagnostics)
      : schema_(schema),
        resolved_(schema.resolved),
        datasource_(*schema.configuration.datasource),
        options_(options),
        diagnostics_(diagnostics) {}

  catalog::Catalog build();

 private:
  // read.cpp
  void add_schemas();
  void add_enums();
  void add_tables();
  void add_table(ModelId model);
  catalog::NamespaceId schema_of(const std::optional<MappedName>& name);
  catalog::TableId table_of(ModelId model) const { return tables_[model.value]; }
  catalog::ColumnId column_of(ScalarFieldId field) const { return columns_[field.value]; }
  std::vector<catalog::ColumnId> columns_of(const std::vector<ScalarFieldId>& fields) const;

  // read_fields.cpp
  void add_columns(ModelId model);
  catalog::Column column(const ScalarField& field);
  catalog::ColumnType type_of(const ScalarField& field);
  void set_default(const ScalarField& field, catalog::Column& column);
  std::string literal(const ScalarField& field, const Expression& value) const;

  // read_indexes.cpp
  void add_indexes(ModelId model);
  void add_index(const ModelIndex& index);
  std::string predicate(const ModelIndex& index) const;

  // read_relations.cpp
  void add_relations();
  void add_foreign_key(const Relation& relation);
  void add_link_table(const Relation& relation);
  void store_foreign_keys();

  const CheckedSchema& schema_;
  const Resolved& resolved_;
  const Datasource& datasource_;
  const ReadOptions& options_;
  base::Diagnostics& diagnostics_;
  catalog::Catalog catalog_;
  std::vector<catalog::TableId> tables_;                        // by model
  std::vector<catalog::ColumnId> columns_;                      // by scalar field
  std::vector<std::vector<catalog::ForeignKey>> foreign_keys_;  // by table; stored at the end, table by table
};

}  // namespace tenon::psl
