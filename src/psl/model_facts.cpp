#include "psl/model_facts.h"

#include <algorithm>
#include <array>

#include "psl/native_types.h"

namespace tenon::psl {

using namespace catalog;

namespace {

struct Method {
  std::string_view method;
  std::string_view name;
};
constexpr std::array<Method, 6> methods{{{"btree", "BTree"},
                                         {"hash", "Hash"},
                                         {"gist", "Gist"},
                                         {"gin", "Gin"},
                                         {"spgist", "SpGist"},
                                         {"brin", "Brin"}}};

bool is_identifying(const Index& index) {
  return (index.kind == IndexKind::primary || index.kind == IndexKind::unique) && !index.has_expressions() &&
         index.predicate.empty();
}

bool is_supported(const Catalog& catalog, const Column& column) {
  return column.type.kind == TypeKind::enumeration ||
         spell_type(catalog.engine, column.type).scalar.has_value();
}

bool equals_ignoring_case(std::string_view a, char letter) {
  return a.size() == 1 && (a[0] | 0x20) == (letter | 0x20);
}

bool is_cascading_link(const Catalog& catalog, const ForeignKey& key) {
  if (key.columns.size() != 1 || key.on_delete != ReferentialAction::cascade ||
      key.on_update != ReferentialAction::cascade || key.target_columns.size() != 1)
    return false;
  const std::optional<IndexId> primary = catalog.primary_key(key.target);
  return primary && index_columns(catalog[*primary]) == key.target_columns;
}

bool has_columns(const Catalog& catalog, TableId table, const std::vector<std::string_view>& names) {
  if (catalog[table].columns.size() != names.size()) return false;
  return std::ranges::all_of(names, [&](std::string_view name) {
    return std::ranges::any_of(catalog[table].columns, [&](ColumnId id) { return catalog[id].name == name; });
  });
}

}  // namespace

bool is_pulled(const Table& table) {
  return table.kind == TableKind::table || table.kind == TableKind::partitioned_table ||
         table.kind == TableKind::view;
}

std::vector<ColumnId> index_columns(const Index& index) {
  std::vector<ColumnId> columns;
  for (const IndexPart& part : index.parts)
    if (part.column) columns.push_back(*part.column);
  if (index.kind == IndexKind::normal)
    columns.insert(columns.end(), index.included.begin(), index.included.end());
  return columns;
}

std::string_view method_name(std::string_view method) {
  const auto* found = std::ranges::find(methods, method, &Method::method);
  return found == methods.end() ? std::string_view() : found->name;
}

bool is_expressible(const Catalog& catalog, const Index& index) {
  if (index.has_expressions() || index.kind == IndexKind::spatial) return false;
  if (index.kind == IndexKind::normal && method_name(index.method).empty()) return false;
  return std::ranges::all_of(index_columns(index),
                             [&](ColumnId id) { return !catalog[id].field_name.empty(); });
}

bool has_usable_identifier(const Catalog& catalog, TableId table) {
  return std::ranges::any_of(catalog[table].indexes, [&](IndexId id) {
    const Index& index = catalog[id];
    return is_identifying(index) && std::ranges::all_of(index_columns(index), [&](ColumnId column_id) {
             const Column& column = catalog[column_id];
             return !column.nullable && !column.field_name.empty() && is_supported(catalog, column);
           });
  });
}

bool has_fields(const Catalog& catalog, TableId table) {
  return std::ranges::any_of(catalog[table].columns,
                             [&](ColumnId id) { return !catalog[id].field_name.empty(); });
}

bool is_ignored(const Catalog& catalog, TableId table) {
  const Table& row = catalog[table];
  return row.ignored ||
         (!row.is_view() && !has_usable_identifier(catalog, table) && has_fields(catalog, table));
}

bool is_one_to_one(const Catalog& catalog, const ForeignKey& key) {
  // A key over fewer columns, or in another order, would do as well, but the language refuses it.
  return std::ranges::any_of(catalog[key.table].indexes, [&](IndexId id) {
    return is_identifying(catalog[id]) && index_columns(catalog[id]) == key.columns;
  });
}

bool has_default_nulls_order(const IndexPart& part) {
  return part.nulls == NullsOrder::engine_default ||
         part.nulls == (part.descending ? NullsOrder::first : NullsOrder::last);
}

bool is_internal(const Catalog& catalog, TableId table) {
  const std::string& name = catalog[table].name;
  if (name == "_prisma_migrations")
    return has_columns(catalog, table,
                       {"id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at",
                        "started_at", "applied_steps_count"});
  if (name == "_tenon_migration_steps")  // the journal of migrations on MySQL
    return has_columns(catalog, table,
                       {"history_schema", "migration_name", "step", "checksum", "apart", "statement",
                        "look_before", "begun_at", "finished_at"});
  if (name == "_Migration")
    return has_columns(catalog, table,
                       {"revision", "name", "datamodel", "status", "applied", "rolled_back",
                        "datamodel_steps", "database_migration", "errors", "started_at", "finished_at"});
  return false;
}

std::optional<LinkKeys> link_keys(const Catalog& catalog, TableId table) {
  const Table& row = catalog[table];
  if (row.foreign_keys.size() != 2) return std::nullopt;
  LinkKeys keys{.a = row.foreign_keys[0], .b = row.foreign_keys[1]};
  const auto column_name = [&](ForeignKeyId id) -> std::string_view {
    return catalog[id].columns.empty() ? std::string_view() : catalog[catalog[id].columns[0]].name;
  };
  if (equals_ignoring_case(column_name(keys.b), 'a')) std::swap(keys.a, keys.b);
  if (!equals_ignoring_case(column_name(keys.a), 'a') || !equals_ignoring_case(column_name(keys.b), 'b'))
    return std::nullopt;
  return keys;
}

bool looks_like_link_table(const Catalog& catalog, TableId table) {
  const Table& row = catalog[table];
  if (row.kind != TableKind::table || !row.name.starts_with('_') || row.columns.size() != 2) return false;
  const std::optional<LinkKeys> keys = link_keys(catalog, table);
  if (!keys) return false;
  const ForeignKey& a = catalog[keys->a];
  const ForeignKey& b = catalog[keys->b];
  if (!is_cascading_link(catalog, a) || !is_cascading_link(catalog, b)) return false;
  if (catalog[a.columns[0]].nullable || catalog[b.columns[0]].nullable) return false;
  if (catalog[a.target].name > catalog[b.target].name) return false;
  const std::vector<ColumnId> pair{a.columns[0], b.columns[0]};
  const bool has_key = std::ranges::any_of(row.indexes, [&](IndexId id) {
    return is_identifying(catalog[id]) && index_columns(catalog[id]) == pair;
  });
  const bool has_index = std::ranges::any_of(row.indexes, [&](IndexId id) {
    return catalog[id].kind == IndexKind::normal && index_columns(catalog[id]) == b.columns;
  });
  return has_key && has_index;
}

}  // namespace tenon::psl
