#include "migrate/edit.h"

#include <algorithm>
#include <vector>

namespace tenon::migrate {

using namespace catalog;

namespace {

// Calls `see` with each id of the kind that rows hold, except those of ranges.
template <class See>
void each_id(Catalog& catalog, ColumnId, See see) {
  for (Sequence& row : catalog.sequences)
    if (row.owned_by) see(*row.owned_by);
  for (Index& row : catalog.indexes) {
    for (IndexPart& part : row.parts)
      if (part.column) see(*part.column);
    std::ranges::for_each(row.included, see);
  }
  for (ForeignKey& row : catalog.foreign_keys) {
    std::ranges::for_each(row.columns, see);
    std::ranges::for_each(row.target_columns, see);
  }
  for (CheckConstraint& row : catalog.checks) std::ranges::for_each(row.columns, see);
}
template <class See>
void each_id(Catalog& catalog, TableId, See see) {
  for (Column& row : catalog.columns) see(row.table);
  for (Index& row : catalog.indexes) see(row.table);
  for (ForeignKey& row : catalog.foreign_keys) {
    see(row.table);
    see(row.target);
  }
  for (CheckConstraint& row : catalog.checks) see(row.table);
  for (ExclusionConstraint& row : catalog.exclusions) see(row.table);
}
template <class See>
void each_id(Catalog& catalog, EnumId, See see) {
  for (Column& row : catalog.columns)
    if (row.type.enum_id) see(*row.type.enum_id);
  for (Domain& row : catalog.domains)
    if (row.base.enum_id) see(*row.base.enum_id);
}
// Only ranges name indexes and foreign keys.
template <class See>
void each_id(Catalog&, IndexId, See) {}
template <class See>
void each_id(Catalog&, ForeignKeyId, See) {}

template <class Id, class Row>
Id insert(Catalog& catalog, std::vector<Row>& rows, IdRange<Id> Table::* range, Row row) {
  const TableId owner = row.table;
  IdRange<Id>& own = catalog[owner].*range;
  const Id id{own.first + static_cast<std::uint32_t>(own.size())};
  each_id(catalog, Id(), [&](Id& each) { each.value += each.value >= id.value ? 1 : 0; });
  for (std::uint32_t i = 0; i < catalog.tables.size(); ++i) {
    IdRange<Id>& other = catalog.tables[i].*range;
    if (i != owner.value && other.first >= id.value) ++other.first;
  }
  ++own.count;
  rows.insert(rows.begin() + id.value, std::move(row));
  return id;
}

template <class Id, class Row>
void erase(Catalog& catalog, std::vector<Row>& rows, IdRange<Id> Table::* range, Id id) {
  const TableId owner = rows[id.value].table;
  rows.erase(rows.begin() + id.value);
  each_id(catalog, Id(), [&](Id& each) { each.value -= each.value > id.value ? 1 : 0; });
  for (std::uint32_t i = 0; i < catalog.tables.size(); ++i) {
    IdRange<Id>& other = catalog.tables[i].*range;
    if (i == owner.value)
      --other.count;
    else if (other.first > id.value)
      --other.first;
  }
}

template <class Id, class Row, class Gone>
void erase_rows(Catalog& catalog, std::vector<Row>& rows, IdRange<Id> Table::* range, Gone gone) {
  for (auto i = static_cast<std::uint32_t>(rows.size()); i-- > 0;)
    if (gone(rows[i])) erase(catalog, rows, range, Id{i});
}

bool has(const std::vector<ColumnId>& columns, ColumnId column) {
  return std::ranges::find(columns, column) != columns.end();
}

}  // namespace

ColumnId add_column(Catalog& catalog, Column column) {
  return insert(catalog, catalog.columns, &Table::columns, std::move(column));
}
IndexId add_index(Catalog& catalog, Index index) {
  return insert(catalog, catalog.indexes, &Table::indexes, std::move(index));
}
ForeignKeyId add_foreign_key(Catalog& catalog, ForeignKey key) {
  return insert(catalog, catalog.foreign_keys, &Table::foreign_keys, std::move(key));
}

void remove_column(Catalog& catalog, ColumnId column) {
  erase_rows(catalog, catalog.foreign_keys, &Table::foreign_keys, [&](const ForeignKey& key) {
    return has(key.columns, column) || has(key.target_columns, column);
  });
  erase_rows(catalog, catalog.indexes, &Table::indexes, [&](const Index& index) {
    return has(index.included, column) ||
           std::ranges::any_of(index.parts, [&](const IndexPart& part) { return part.column == column; });
  });
  std::erase_if(catalog.checks, [&](const CheckConstraint& check) { return has(check.columns, column); });
  std::erase_if(catalog.sequences, [&](const Sequence& sequence) { return sequence.owned_by == column; });
  erase(catalog, catalog.columns, &Table::columns, column);
}

void remove_table(Catalog& catalog, TableId table) {
  erase_rows(catalog, catalog.foreign_keys, &Table::foreign_keys,
             [&](const ForeignKey& key) { return key.table == table || key.target == table; });
  erase_rows(catalog, catalog.indexes, &Table::indexes,
             [&](const Index& index) { return index.table == table; });
  while (catalog[table].columns.size() > 0) remove_column(catalog, catalog[table].columns[0]);
  std::erase_if(catalog.checks, [&](const CheckConstraint& check) { return check.table == table; });
  std::erase_if(catalog.exclusions, [&](const ExclusionConstraint& each) { return each.table == table; });
  catalog.tables.erase(catalog.tables.begin() + table.value);
  each_id(catalog, table, [&](TableId& each) { each.value -= each.value > table.value ? 1 : 0; });
}

void remove_unused_enum(Catalog& catalog, EnumId id) {
  bool used = false;
  each_id(catalog, id, [&](EnumId& each) { used = used || each == id; });
  if (used) return;
  catalog.enums.erase(catalog.enums.begin() + id.value);
  each_id(catalog, id, [&](EnumId& each) { each.value -= each.value > id.value ? 1 : 0; });
}

}  // namespace tenon::migrate
