#include "psl/constraint_names.h"

#include <cstddef>

#include "psl/model_facts.h"

namespace tenon::psl {

namespace {

std::size_t limit(catalog::Engine engine) { return engine == catalog::Engine::mysql ? 64 : 63; }

// At most `size` bytes of `text`, without cutting a character in two.
std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

std::string with_suffix(catalog::Engine engine, std::string_view stem, std::string_view suffix) {
  return name_with_suffix(stem, suffix, limit(engine));
}

std::string stem(std::string_view table, const std::vector<std::string_view>& columns) {
  std::string stem(table);
  for (const std::string_view column : columns) (stem += '_') += column;
  return stem;
}

std::vector<std::string_view> names(const catalog::Catalog& catalog,
                                    const std::vector<catalog::ColumnId>& ids) {
  std::vector<std::string_view> names;
  names.reserve(ids.size());
  for (const catalog::ColumnId id : ids) names.emplace_back(catalog[id].name);
  return names;
}

}  // namespace

std::string name_with_suffix(std::string_view stem, std::string_view suffix, std::size_t limit) {
  return std::string(cut(stem, limit - suffix.size())) + std::string(suffix);
}

std::string primary_key_name(catalog::Engine engine, std::string_view table) {
  return engine == catalog::Engine::mysql ? "PRIMARY" : with_suffix(engine, table, "_pkey");
}

std::string unique_name(catalog::Engine engine, std::string_view table,
                        const std::vector<std::string_view>& columns) {
  return with_suffix(engine, stem(table, columns), "_key");
}

std::string index_name(catalog::Engine engine, std::string_view table,
                       const std::vector<std::string_view>& columns) {
  return with_suffix(engine, stem(table, columns), "_idx");
}

std::string foreign_key_name(catalog::Engine engine, std::string_view table,
                             const std::vector<std::string_view>& columns) {
  return with_suffix(engine, stem(table, columns), "_fkey");
}

std::string link_table_name(catalog::Engine engine, std::string_view relation) {
  const std::string name = "_" + std::string(relation);
  return std::string(cut(name, limit(engine)));
}

std::string link_object_name(catalog::Engine engine, std::string_view table, std::string_view suffix) {
  return with_suffix(engine, table, suffix);
}

std::string default_index_name(const catalog::Catalog& catalog, const catalog::Index& index) {
  const catalog::Table& table = catalog[index.table];
  if (index.kind == catalog::IndexKind::primary) return primary_key_name(catalog.engine, table.name);
  const std::vector<catalog::ColumnId> columns = index_columns(index);
  return index.kind == catalog::IndexKind::unique
             ? unique_name(catalog.engine, table.name, names(catalog, columns))
             : index_name(catalog.engine, table.name, names(catalog, columns));
}

std::string default_foreign_key_name(const catalog::Catalog& catalog, const catalog::ForeignKey& key) {
  return foreign_key_name(catalog.engine, catalog[key.table].name, names(catalog, key.columns));
}

}  // namespace tenon::psl
