#include "catalog/merge.h"

#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace tenon::catalog {

namespace {

// Where the rows of one catalog begin in the merged one.
struct Shift {
  explicit Shift(const Catalog& to)
      : schema(to.schemas.size()),
        enumeration(to.enums.size()),
        table(to.tables.size()),
        column(to.columns.size()),
        index(to.indexes.size()),
        foreign_key(to.foreign_keys.size()) {}

  void operator()(NamespaceId& id) const { id.value += static_cast<std::uint32_t>(schema); }
  void operator()(EnumId& id) const { id.value += static_cast<std::uint32_t>(enumeration); }
  void operator()(TableId& id) const { id.value += static_cast<std::uint32_t>(table); }
  void operator()(ColumnId& id) const { id.value += static_cast<std::uint32_t>(column); }
  void operator()(IdRange<ColumnId>& ids) const { ids.first += static_cast<std::uint32_t>(column); }
  void operator()(IdRange<IndexId>& ids) const { ids.first += static_cast<std::uint32_t>(index); }
  void operator()(IdRange<ForeignKeyId>& ids) const { ids.first += static_cast<std::uint32_t>(foreign_key); }
  template <class Id>
  void operator()(std::optional<Id>& id) const {
    if (id) (*this)(*id);
  }
  template <class Id>
  void operator()(std::vector<Id>& ids) const {
    for (Id& id : ids) (*this)(id);
  }

  std::size_t schema;
  std::size_t enumeration;
  std::size_t table;
  std::size_t column;
  std::size_t index;
  std::size_t foreign_key;
};

void shift_ids(Catalog& catalog, const Shift& shift) {
  for (Enum& each : catalog.enums) shift(each.schema);
  for (Domain& each : catalog.domains) {
    shift(each.schema);
    shift(each.base.enum_id);
  }
  for (Sequence& each : catalog.sequences) {
    shift(each.schema);
    shift(each.owned_by);
  }
  for (Table& each : catalog.tables) {
    shift(each.schema);
    shift(each.columns);
    shift(each.indexes);
    shift(each.foreign_keys);
  }
  for (Column& each : catalog.columns) {
    shift(each.table);
    shift(each.type.enum_id);
  }
  for (Index& each : catalog.indexes) {
    shift(each.table);
    for (IndexPart& part : each.parts) shift(part.column);
    shift(each.included);
  }
  for (ForeignKey& each : catalog.foreign_keys) {
    shift(each.table);
    shift(each.columns);
    shift(each.target);
    shift(each.target_columns);
  }
  for (CheckConstraint& each : catalog.checks) {
    shift(each.table);
    shift(each.columns);
  }
  for (ExclusionConstraint& each : catalog.exclusions) shift(each.table);
}

template <class Row>
void append(std::vector<Row>& to, std::vector<Row>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

Catalog merge(std::vector<NamedCatalog> catalogs) {
  Catalog all;
  for (NamedCatalog& each : catalogs) {
    Catalog& one = each.catalog;
    const DatabaseId database{static_cast<std::uint32_t>(all.databases.size())};
    all.databases.push_back({.name = std::move(each.name), .engine = one.engine});
    for (Namespace& schema : one.schemas) schema.database = database;
    shift_ids(one, Shift(all));
    append(all.schemas, one.schemas);
    append(all.extensions, one.extensions);
    append(all.enums, one.enums);
    append(all.domains, one.domains);
    append(all.sequences, one.sequences);
    append(all.tables, one.tables);
    append(all.columns, one.columns);
    append(all.indexes, one.indexes);
    append(all.foreign_keys, one.foreign_keys);
    append(all.checks, one.checks);
    append(all.exclusions, one.exclusions);
  }
  return all;
}

void add_prefix(Catalog& catalog, const std::string& prefix) {
  for (Table& table : catalog.tables)
    if (!table.model_name.empty()) table.model_name.insert(0, prefix);
  for (Enum& each : catalog.enums)
    if (!each.enum_name.empty()) each.enum_name.insert(0, prefix);
}

std::vector<NameCollision> name_collisions(const Catalog& catalog) {
  std::map<std::string, DatabaseId> owners;
  std::map<std::string, NameCollision> found;
  const auto add = [&](const std::string& name, NamespaceId schema) {
    if (name.empty()) return;
    const DatabaseId database = catalog[schema].database;
    const auto [owner, is_new] = owners.emplace(name, database);
    if (!is_new && owner->second != database)
      found.emplace(name, NameCollision{.name = name, .first = owner->second, .second = database});
  };
  for (const Table& table : catalog.tables)
    if (!table.ignored && !table.implicit_link) add(table.model_name, table.schema);
  for (const Enum& each : catalog.enums) add(each.enum_name, each.schema);
  std::vector<NameCollision> collisions;
  for (auto& [name, collision] : found) collisions.push_back(std::move(collision));
  return collisions;
}

}  // namespace tenon::catalog
