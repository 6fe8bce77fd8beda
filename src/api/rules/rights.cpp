#include "api/rules/rights.h"

#include <algorithm>

namespace tenon::api {

using policy::Operation;

namespace {

bool all_usable(const Rights& rights, const catalog::Catalog& catalog,
                const std::vector<catalog::ColumnId>& columns) {
  return std::ranges::all_of(columns,
                             [&](catalog::ColumnId column) { return rights.is_usable(catalog, column); });
}

}  // namespace

bool Rights::is_usable(const catalog::Catalog& catalog, catalog::ColumnId column) const {
  if (access.unrestricted()) return true;
  const catalog::TableId table = catalog[column].table;
  bool reads = false;
  for (const Operation operation : {Operation::get, Operation::list}) {
    const policy::Rows& rows = access.rows(table, operation);
    if (rows.none()) continue;
    reads = true;
    if (!access.column(table, column, operation).covers(rows)) return false;
  }
  return reads;
}

bool Rights::leads_on(const Schema& schema, const Relation& relation) const {
  if (access.unrestricted()) return true;
  if (access.rows(relation.to, reading_of(relation)).none()) return false;
  const catalog::Catalog& catalog = *schema.catalog;
  if (!all_usable(*this, catalog, relation.to_columns)) return false;
  if (!relation.link || catalog[relation.link->table].implicit_link) return true;
  return !access.rows(relation.link->table, Operation::list).none() &&
         all_usable(*this, catalog, relation.link->from_columns) &&
         all_usable(*this, catalog, relation.link->to_columns);
}

bool Rights::follows(const Schema& schema, const Relation& relation) const {
  return leads_on(schema, relation) && all_usable(*this, *schema.catalog, relation.from_columns);
}

std::size_t Rights::weight() const {
  std::size_t weight = sizeof *this + access.weight() + denied.size() * sizeof(graphql::FieldId);
  // A bit for each element that may be hidden, and one for each that may be absent.
  if (graphql)
    weight += (graphql->field_count() + graphql->input_value_count() + graphql->enum_value_count()) / 4;
  return weight;
}

}  // namespace tenon::api
