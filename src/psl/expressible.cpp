#include "psl/expressible.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "psl/constraint_names.h"
#include "psl/model_facts.h"
#include "psl/native_types.h"
#include "psl/order.h"
#include "psl/spelling.h"

namespace tenon::psl {

using namespace catalog;

namespace {

// Copies rows in order and remembers where each one went.
class Copy {
 public:
  explicit Copy(const Catalog& from) : from_(from) { to_.engine = from.engine; }

  Catalog run() {
    for (const EnumId id : ordered_enums(from_))
      if (!from_[id].enum_name.empty()) copy_enum(id);
    for (const TableId id : ordered_tables(from_)) {
      const Table& table = from_[id];
      if ((!table.model_name.empty() && is_pulled(table) && has_fields(from_, id)) || table.implicit_link)
        copy_table(id);
    }
    for (const auto& [old_id, new_id] : tables_) copy_details(old_id, new_id);
    to_.extensions.clear();
    return std::move(to_);
  }

 private:
  NamespaceId copy_schema(NamespaceId id) {
    const std::string& name = from_[id].name;
    const auto found = std::ranges::find(to_.schemas, name, &Namespace::name);
    if (found != to_.schemas.end()) return {static_cast<std::uint32_t>(found - to_.schemas.begin())};
    to_.schemas.push_back({.name = name});
    return {static_cast<std::uint32_t>(to_.schemas.size() - 1)};
  }

  void copy_enum(EnumId id) {
    enums_[id.value] = EnumId{static_cast<std::uint32_t>(to_.enums.size())};
    Enum row = from_[id];
    row.schema = copy_schema(row.schema);
    row.comment.clear();
    std::erase_if(row.values, [](const EnumValue& value) { return value.value_name.empty(); });
    to_.enums.push_back(std::move(row));
  }

  void copy_table(TableId id) {
    const Table& old = from_[id];
    Table table;
    table.schema = copy_schema(old.schema);
    table.name = old.name;
    table.kind = old.is_view() ? TableKind::view : TableKind::table;
    table.model_name = old.model_name;
    table.implicit_link = old.implicit_link;
    table.ignored = !old.implicit_link && is_ignored(from_, id);
    const TableId new_id{static_cast<std::uint32_t>(to_.tables.size())};
    table.columns.first = static_cast<std::uint32_t>(to_.columns.size());
    for (const ColumnId column : old.columns)
      if (!from_[column].field_name.empty() || old.implicit_link) copy_column(column, new_id);
    table.columns.count = static_cast<std::uint32_t>(to_.columns.size()) - table.columns.first;
    to_.tables.push_back(std::move(table));
    tables_.emplace_back(id, new_id);
    table_ids_[id.value] = new_id;
  }

  void copy_column(ColumnId id, TableId table) {
    const Column& old = from_[id];
    columns_[id.value] = ColumnId{static_cast<std::uint32_t>(to_.columns.size())};
    Column column;
    column.table = table;
    column.name = old.name;
    column.field_name = old.field_name;
    column.type = expressible_type(old.type);
    column.nullable = old.nullable && !old.type.is_array();
    column.default_value = expressible_default(from_, old);
    column.client_default = old.client_default;
    column.updated_at = old.updated_at;
    column.ignored = old.ignored;
    to_.columns.push_back(std::move(column));
  }

  ColumnType expressible_type(const ColumnType& old) const {
    ColumnType type;
    if (old.enum_id && enums_.contains(old.enum_id->value)) {
      type.kind = TypeKind::enumeration;
      type.enum_id = enums_.at(old.enum_id->value);
    } else {
      const TypeSpelling spelling = spell_type(from_.engine, old);
      type = canonical_type(from_.engine, old);
      type.domain.clear();
      if (!spelling.scalar) type = {.kind = TypeKind::other, .native = spelling.unsupported};
    }
    type.array_dimensions = old.is_array() ? 1 : 0;
    return type;
  }

  std::vector<ColumnId> mapped(const std::vector<ColumnId>& ids) const {
    std::vector<ColumnId> found;
    for (const ColumnId id : ids) found.push_back(columns_.at(id.value));
    return found;
  }

  void copy_details(TableId old_id, TableId new_id) {
    IdRange<IndexId> indexes{.first = static_cast<std::uint32_t>(to_.indexes.size()), .count = 0};
    if (to_[new_id].implicit_link)
      copy_link_indexes(new_id);
    else
      for (const IndexKind kind :
           {IndexKind::primary, IndexKind::unique, IndexKind::normal, IndexKind::fulltext})
        copy_indexes(old_id, new_id, kind);
    indexes.count = static_cast<std::uint32_t>(to_.indexes.size()) - indexes.first;
    to_[new_id].indexes = indexes;

    IdRange<ForeignKeyId> keys{.first = static_cast<std::uint32_t>(to_.foreign_keys.size()), .count = 0};
    for (const ForeignKeyId id : ordered_foreign_keys(from_, old_id)) {
      const ForeignKey& key = from_[id];
      if (!key.back_field_name.empty() && table_ids_.contains(key.target.value))
        copy_foreign_key(key, new_id);
    }
    keys.count = static_cast<std::uint32_t>(to_.foreign_keys.size()) - keys.first;
    to_[new_id].foreign_keys = keys;
  }

  void copy_indexes(TableId old_id, TableId new_id, IndexKind kind) {
    std::vector<std::vector<ColumnId>> single;  // a field has room for one @unique
    for (const IndexId id : ordered_indexes(from_, old_id)) {
      const Index& old = from_[id];
      const std::vector<ColumnId> columns = index_columns(old);
      if (old.kind != kind || !is_expressible(from_, old)) continue;
      if (kind == IndexKind::unique && columns.size() == 1) {
        if (std::ranges::find(single, columns) != single.end()) continue;
        single.push_back(columns);
      }
      copy_index(old, new_id);
    }
  }

  void copy_index(const Index& old, TableId table) {
    Index index;
    index.table = table;
    index.kind = old.kind;
    index.name = old.kind == IndexKind::primary && from_.engine == Engine::mysql ? "PRIMARY" : old.name;
    index.method = old.kind == IndexKind::normal && from_.engine != Engine::mysql ? old.method : "btree";
    index.predicate = old.predicate;
    index.is_constraint = old.kind == IndexKind::primary;
    index.client_name = old.client_name;
    for (const IndexPart& part : old.parts) {
      IndexPart copy;
      copy.column = columns_.at(part.column->value);
      copy.descending = part.descending;
      copy.length = part.length;
      if (old.kind == IndexKind::normal) copy.operator_class = part.operator_class;
      index.parts.push_back(std::move(copy));
    }
    if (old.kind == IndexKind::normal)
      for (const ColumnId id : old.included) index.parts.push_back({.column = columns_.at(id.value)});
    to_.indexes.push_back(std::move(index));
  }

  // The language has one form for link tables; older versions of Prisma made them with a unique index.
  void copy_link_indexes(TableId id) {
    const Table& table = to_[id];
    const bool is_mysql = from_.engine == Engine::mysql;
    Index pair;
    pair.table = id;
    pair.kind = is_mysql ? IndexKind::unique : IndexKind::primary;
    pair.is_constraint = !is_mysql;
    pair.name = link_object_name(from_.engine, table.name, is_mysql ? "_AB_unique" : "_AB_pkey");
    pair.parts = {{.column = table.columns[0]}, {.column = table.columns[1]}};
    Index by_b;
    by_b.table = id;
    by_b.name = link_object_name(from_.engine, table.name, "_B_index");
    by_b.parts = {{.column = table.columns[1]}};
    to_.indexes.push_back(std::move(pair));
    to_.indexes.push_back(std::move(by_b));
  }

  void copy_foreign_key(const ForeignKey& old, TableId table) {
    ForeignKey key = old;
    key.table = table;
    key.target = table_ids_.at(old.target.value);
    key.columns = mapped(old.columns);
    key.target_columns = mapped(old.target_columns);
    key.deferrable = false;
    key.initially_deferred = false;
    key.validated = true;
    if (to_[table].implicit_link) {
      const bool is_a = key.columns == std::vector{to_[table].columns[0]};
      key.name = link_object_name(from_.engine, to_[table].name, is_a ? "_A_fkey" : "_B_fkey");
    }
    to_.foreign_keys.push_back(std::move(key));
  }

  const Catalog& from_;
  Catalog to_;
  std::vector<std::pair<TableId, TableId>> tables_;
  std::unordered_map<std::uint32_t, TableId> table_ids_;
  std::unordered_map<std::uint32_t, EnumId> enums_;
  std::unordered_map<std::uint32_t, ColumnId> columns_;
};

}  // namespace

Catalog expressible(const Catalog& catalog) { return Copy(catalog).run(); }

}  // namespace tenon::psl
