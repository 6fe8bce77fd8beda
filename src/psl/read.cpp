#include "psl/read.h"

#include <algorithm>
#include <utility>

#include "psl/catalog_builder.h"

namespace tenon::psl {

using namespace catalog;

Catalog CatalogBuilder::build() {
  catalog_.engine = datasource_.engine;
  add_schemas();
  add_enums();
  add_tables();
  for (const ModelId model : resolved_.all_models()) add_indexes(model);
  add_relations();
  return std::move(catalog_);
}

void CatalogBuilder::add_schemas() {
  if (datasource_.schemas.empty())
    catalog_.schemas.push_back(
        {.name = options_.default_schema.value_or(catalog_.engine == Engine::mysql ? "" : "public")});
  for (const std::string& name : datasource_.schemas) catalog_.schemas.push_back({.name = name});
  for (const DeclaredExtension& extension : datasource_.extensions)
    catalog_.extensions.push_back(
        {.name = extension.database_name.empty() ? extension.name : extension.database_name,
         .version = extension.version,
         .schema = extension.schema});
}

NamespaceId CatalogBuilder::schema_of(const std::optional<MappedName>& name) {
  if (!name) return {0};
  const auto found = std::ranges::find(catalog_.schemas, name->text, &Namespace::name);
  return {static_cast<std::uint32_t>(found - catalog_.schemas.begin())};
}

void CatalogBuilder::add_enums() {
  for (const Enumeration& row : resolved_.enums) {
    Enum added{.schema = schema_of(row.schema),
               .name = std::string(row.database_name()),
               .values = {},
               .comment = {},
               .enum_name = std::string(row.name())};
    for (const EnumerationValue& value : row.values)
      added.values.push_back(
          {.label = std::string(value.database_name()), .value_name = std::string(value.name())});
    catalog_.enums.push_back(std::move(added));
  }
}

// Models, then views.
void CatalogBuilder::add_tables() {
  tables_.resize(resolved_.models.size());
  columns_.resize(resolved_.scalar_fields.size());
  for (const bool views : {false, true})
    for (const ModelId model : resolved_.all_models())
      if (resolved_[model].is_view() == views) add_table(model);
}

void CatalogBuilder::add_table(ModelId id) {
  const Model& model = resolved_[id];
  tables_[id.value] = TableId{static_cast<std::uint32_t>(catalog_.tables.size())};
  Table table;
  table.schema = schema_of(model.schema);
  table.name = model.database_name();
  table.kind = model.is_view() ? TableKind::view : TableKind::table;
  table.model_name = model.name();
  table.ignored = model.is_ignored;
  catalog_.tables.push_back(std::move(table));
  add_columns(id);
}

std::vector<ColumnId> CatalogBuilder::columns_of(const std::vector<ScalarFieldId>& fields) const {
  std::vector<ColumnId> columns;
  columns.reserve(fields.size());
  for (const ScalarFieldId field : fields) columns.push_back(column_of(field));
  return columns;
}

std::optional<Schema> read_schema(const base::SourceSet& sources, std::span<const base::SourceId> files,
                                  base::Diagnostics& diagnostics, const ReadOptions& options) {
  const CheckedSchema checked = check_schema(sources, files, diagnostics);
  if (!checked.complete) return std::nullopt;
  const std::size_t errors_before = diagnostics.error_count();
  Schema schema;
  schema.catalog = CatalogBuilder(checked, options, diagnostics).build();
  schema.datasource = *checked.configuration.datasource;
  schema.generators = checked.configuration.generators;
  if (diagnostics.error_count() > errors_before) return std::nullopt;
  return schema;
}

}  // namespace tenon::psl
