#include "tests/migrate/shared.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <unordered_map>

#include <gtest/gtest.h>

#include "psl/read.h"
#include "tests/psl/shared.h"
#include "tests/support/golden.h"

namespace tenon::test {

namespace fs = std::filesystem;
using namespace catalog;

fs::path migration_pairs() { return shared_dir() / "corpus" / "migrate" / "pairs"; }

std::string MigrationPair::text(std::string_view file) const {
  const fs::path path = folder / file;
  return fs::exists(path) ? read_file(path) : std::string();
}

namespace {

psl::Schema read(const fs::path& path) {
  base::SourceSet sources;
  const std::vector<base::SourceId> ids{sources.add(path.string(), read_file(path))};
  base::Diagnostics diagnostics;
  std::optional<psl::Schema> schema = psl::read_schema(sources, ids, diagnostics);
  if (!schema) {
    ADD_FAILURE() << path << '\n' << base::render(diagnostics, sources, {});
    std::abort();
  }
  return *std::move(schema);
}

// Moves the rows of one table behind those copied before.
template <class Id, class Row>
IdRange<Id> append(const IdRange<Id>& range, const std::vector<Row>& from, std::vector<Row>& to,
                   std::unordered_map<std::uint32_t, std::uint32_t>& moved) {
  IdRange<Id> next{.first = static_cast<std::uint32_t>(to.size()), .count = range.count};
  for (const Id id : range) {
    moved[id.value] = static_cast<std::uint32_t>(to.size());
    to.push_back(from[id.value]);
  }
  return next;
}

}  // namespace

Catalog as_introspected(const Catalog& catalog) {
  Catalog sorted = catalog;
  std::vector<std::uint32_t> order(catalog.tables.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return catalog.tables[i].name; });
  sorted.tables.clear();
  sorted.columns.clear();
  sorted.indexes.clear();
  sorted.foreign_keys.clear();
  std::unordered_map<std::uint32_t, std::uint32_t> tables;
  std::unordered_map<std::uint32_t, std::uint32_t> columns;
  std::unordered_map<std::uint32_t, std::uint32_t> others;
  for (const std::uint32_t i : order) {
    tables[i] = static_cast<std::uint32_t>(sorted.tables.size());
    Table table = catalog.tables[i];
    table.columns = append(table.columns, catalog.columns, sorted.columns, columns);
    table.indexes = append(table.indexes, catalog.indexes, sorted.indexes, others);
    table.foreign_keys = append(table.foreign_keys, catalog.foreign_keys, sorted.foreign_keys, others);
    // Indexes come by name behind the primary key.
    std::ranges::sort(
        sorted.indexes.begin() + table.indexes.first, sorted.indexes.end(), {},
        [](const Index& index) { return std::pair(index.kind != IndexKind::primary, index.name); });
    sorted.tables.push_back(std::move(table));
  }
  const auto map_all = [&](std::vector<ColumnId>& ids) {
    for (ColumnId& id : ids) id.value = columns.at(id.value);
  };
  for (Column& column : sorted.columns) {
    column.table.value = tables.at(column.table.value);
    // dbgenerated() without a text makes no default.
    if (column.default_value.kind == Default::Kind::expression && column.default_value.text.empty())
      column.default_value = {};
  }
  for (Index& index : sorted.indexes) {
    index.table.value = tables.at(index.table.value);
    for (IndexPart& part : index.parts)
      if (part.column) part.column->value = columns.at(part.column->value);
  }
  for (ForeignKey& key : sorted.foreign_keys) {
    key.table.value = tables.at(key.table.value);
    key.target.value = tables.at(key.target.value);
    map_all(key.columns);
    map_all(key.target_columns);
  }
  return sorted;
}

std::vector<MigrationPair> load_migration_pairs() {
  std::vector<MigrationPair> pairs;
  const char* wanted = std::getenv("TENON_MIGRATE_CASE");
  for (const fs::directory_entry& entry : fs::directory_iterator(migration_pairs())) {
    if (wanted != nullptr && entry.path().filename() != wanted) continue;
    if (!fs::exists(entry.path() / "after.prisma")) continue;
    MigrationPair pair;
    pair.id = entry.path().filename().string();
    pair.folder = entry.path();
    psl::Schema after = read(entry.path() / "after.prisma");
    pair.names_schemas = !after.datasource.schemas.empty();
    pair.after = std::move(after.catalog);
    pair.before.engine = pair.after.engine;
    pair.from_nothing = !fs::exists(entry.path() / "before.prisma");
    if (!pair.from_nothing) pair.before = read(entry.path() / "before.prisma").catalog;
    pairs.push_back(std::move(pair));
  }
  std::ranges::sort(pairs, {}, &MigrationPair::id);
  return pairs;
}

std::map<std::string, std::string> migration_exceptions() {
  std::map<std::string, std::string> exceptions;
  std::istringstream lines(read_file(source_dir() / "tests/migrate/corpus_exceptions.txt"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t reason = line.find_first_not_of('\t', tab);
    exceptions[line.substr(0, tab)] = reason == std::string::npos ? "" : line.substr(reason);
  }
  return exceptions;
}

}  // namespace tenon::test
