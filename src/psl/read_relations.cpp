// Relations: pairs of fields become foreign keys, or a link table when both are lists.
#include <algorithm>
#include <iterator>
#include <utility>

#include "psl/catalog_builder.h"
#include "psl/constraint_names.h"

namespace tenon::psl {

using namespace catalog;

void CatalogBuilder::add_relations() {
  foreign_keys_.resize(catalog_.tables.size());
  for (const Relation& relation : resolved_.relations) {
    if (relation.kind == RelationKind::implicit_many_to_many)
      add_link_table(relation);
    else
      add_foreign_key(relation);
  }
  store_foreign_keys();
}

void CatalogBuilder::add_foreign_key(const Relation& relation) {
  const RelationField& field = resolved_[*relation.forward];
  ForeignKey key;
  key.table = table_of(relation.from);
  key.target = table_of(relation.to);
  key.columns = columns_of(*field.fields);
  key.target_columns = columns_of(*field.references);
  key.on_delete = resolved_.on_delete(relation);
  key.on_update = resolved_.on_update(relation);
  key.name = field.map ? *field.map : default_foreign_key_name(catalog_, key);
  key.emulated = datasource_.relation_mode == RelationMode::prisma || resolved_[relation.from].is_view() ||
                 resolved_[relation.to].is_view();
  key.relation_name = field.name.value_or("");
  key.field_name = field.name_of_field();
  key.back_field_name = resolved_[*relation.back].name_of_field();
  foreign_keys_[key.table.value].push_back(std::move(key));
}

void CatalogBuilder::add_link_table(const Relation& relation) {
  const TableId id{static_cast<std::uint32_t>(catalog_.tables.size())};
  const Engine engine = catalog_.engine;
  Table table;
  table.schema = catalog_[table_of(relation.from)].schema;
  table.name = link_table_name(engine, resolved_.relation_name(relation));
  table.implicit_link = true;
  table.columns = {.first = static_cast<std::uint32_t>(catalog_.columns.size()), .count = 2};
  table.indexes = {.first = static_cast<std::uint32_t>(catalog_.indexes.size()), .count = 2};
  std::vector<ForeignKey> keys;
  for (const bool is_a : {true, false}) {
    const RelationField& side = resolved_[is_a ? *relation.forward : *relation.back];
    const ColumnId target = column_of(resolved_[*resolved_[side.model].id].fields[0].field);
    Column column;
    column.table = id;
    column.name = is_a ? "A" : "B";
    column.type = catalog_[target].type;
    column.nullable = false;
    ForeignKey key;
    key.table = id;
    key.name = link_object_name(engine, table.name, is_a ? "_A_fkey" : "_B_fkey");
    key.columns = {table.columns[is_a ? 0 : 1]};
    key.target = table_of(side.model);
    key.target_columns = {target};
    key.on_delete = key.on_update = ReferentialAction::cascade;
    key.emulated = datasource_.relation_mode == RelationMode::prisma;
    key.relation_name = side.name.value_or("");
    key.back_field_name = side.name_of_field();
    keys.push_back(std::move(key));
    catalog_.columns.push_back(std::move(column));
  }
  Index pair;
  pair.table = id;
  pair.kind = engine == Engine::mysql ? IndexKind::unique : IndexKind::primary;
  pair.is_constraint = pair.kind == IndexKind::primary;
  pair.name = link_object_name(engine, table.name, engine == Engine::mysql ? "_AB_unique" : "_AB_pkey");
  pair.parts.resize(2);
  pair.parts[0].column = table.columns[0];
  pair.parts[1].column = table.columns[1];
  Index by_b;
  by_b.table = id;
  by_b.name = link_object_name(engine, table.name, "_B_index");
  by_b.parts.resize(1);
  by_b.parts[0].column = table.columns[1];
  catalog_.indexes.push_back(std::move(pair));
  catalog_.indexes.push_back(std::move(by_b));
  catalog_.tables.push_back(std::move(table));
  foreign_keys_.push_back(std::move(keys));
}

void CatalogBuilder::store_foreign_keys() {
  for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i) {
    std::vector<ForeignKey>& keys = foreign_keys_[i];
    catalog_.tables[i].foreign_keys = {.first = static_cast<std::uint32_t>(catalog_.foreign_keys.size()),
                                       .count = static_cast<std::uint32_t>(keys.size())};
    std::ranges::move(keys, std::back_inserter(catalog_.foreign_keys));
  }
}

}  // namespace tenon::psl
