#include "psl/order.h"

#include <algorithm>
#include <tuple>

namespace tenon::psl {

using namespace catalog;

namespace {

template <class Id, class Row>
std::vector<Id> by_schema_and_name(const Catalog& catalog, const std::vector<Row>& rows) {
  std::vector<Id> ids;
  for (std::uint32_t i = 0; i < rows.size(); ++i) ids.push_back(Id{i});
  std::ranges::sort(ids, {}, [&](Id id) {
    const Row& row = rows[id.value];
    return std::tuple<const std::string&, const std::string&, Id>(catalog[row.schema].name, row.name, id);
  });
  return ids;
}

template <class Id>
std::vector<Id> by_name(const Catalog& catalog, const base::IdRange<Id>& range) {
  std::vector<Id> ids;
  for (const Id id : range) ids.push_back(id);
  std::ranges::sort(ids, {}, [&](Id id) { return std::tuple<const std::string&, Id>(catalog[id].name, id); });
  return ids;
}

}  // namespace

std::vector<TableId> ordered_tables(const Catalog& catalog) {
  return by_schema_and_name<TableId>(catalog, catalog.tables);
}

std::vector<EnumId> ordered_enums(const Catalog& catalog) {
  return by_schema_and_name<EnumId>(catalog, catalog.enums);
}

std::vector<IndexId> ordered_indexes(const Catalog& catalog, TableId table) {
  return by_name(catalog, catalog[table].indexes);
}

std::vector<ForeignKeyId> ordered_foreign_keys(const Catalog& catalog, TableId table) {
  return by_name(catalog, catalog[table].foreign_keys);
}

}  // namespace tenon::psl
