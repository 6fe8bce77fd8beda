// The answers of introspection as a Catalog.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "sql/postgres/default.h"
#include "sql/postgres/introspect.h"
#include "sql/postgres/introspect_queries.h"
#include "sql/postgres/introspect_types.h"
#include "sql/row_reader.h"

namespace tenon::sql::postgres {

namespace {

using namespace catalog;

ReferentialAction action_of(char letter) {
  switch (letter) {
    case 'r':
      return ReferentialAction::restrict;
    case 'c':
      return ReferentialAction::cascade;
    case 'n':
      return ReferentialAction::set_null;
    case 'd':
      return ReferentialAction::set_default;
    default:
      return ReferentialAction::no_action;
  }
}

TableKind kind_of_relation(char letter) {
  switch (letter) {
    case 'p':
      return TableKind::partitioned_table;
    case 'v':
      return TableKind::view;
    case 'm':
      return TableKind::materialized_view;
    case 'f':
      return TableKind::foreign_table;
    default:
      return TableKind::table;
  }
}

// How pg_index.indoption and the defaults of the direction give an order of nulls.
NullsOrder nulls_of(bool descending, bool nulls_first) {
  if (descending == nulls_first) return NullsOrder::engine_default;
  return nulls_first ? NullsOrder::first : NullsOrder::last;
}

// pg_get_viewdef without its indentation and semicolon.
std::string select_of(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  if (text.ends_with(';')) text.pop_back();
  return text;
}

class Builder {
 public:
  explicit Builder(const Results& answers) : answers_(answers) {}

  Catalog build() {
    read_schemas();
    read_extensions();
    read_enums();
    read_types();
    read_tables();
    read_columns();
    read_constraints();
    read_indexes();
    read_index_parts();
    read_sequences();
    flatten();
    return std::move(catalog_);
  }

 private:
  // What belongs to one table, until the flat vectors are made.
  struct Parts {
    std::vector<Index> indexes;
    std::vector<ForeignKey> foreign_keys;
    std::vector<CheckConstraint> checks;
    std::vector<ExclusionConstraint> exclusions;
  };
  struct ConstraintOfIndex {
    bool deferrable = false;
    bool initially_deferred = false;
  };
  struct IndexPlace {
    TableId table;
    std::size_t position;
    std::uint32_t key_count;
  };

  RowReader rows(query::Answer answer) const { return RowReader(*answers_[answer]); }
  static std::uint64_t column_key(Oid table, int number) {
    return (std::uint64_t{table} << 16) | static_cast<std::uint16_t>(number);
  }
  NamespaceId schema(const std::string& name) const { return schemas_.at(name); }
  std::optional<TableId> table(Oid oid) const {
    const auto found = tables_.find(oid);
    return found == tables_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<ColumnId> column(Oid table_oid, int number) const {
    const auto found = columns_.find(column_key(table_oid, number));
    return found == columns_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<ColumnId> columns(Oid table_oid, const std::vector<int>& numbers) const {
    std::vector<ColumnId> all;
    for (const int number : numbers)
      if (const auto id = column(table_oid, number)) all.push_back(*id);
    return all;
  }

  void read_schemas() {
    for (auto row = rows(query::namespaces); row.next();) {
      schemas_[row.text(0)] = NamespaceId{static_cast<std::uint32_t>(catalog_.schemas.size())};
      catalog_.schemas.push_back({.name = row.text(0)});
    }
  }

  void read_extensions() {
    for (auto row = rows(query::extensions); row.next();)
      catalog_.extensions.push_back({.name = row.text(0), .version = row.text(1), .schema = row.text(2)});
  }

  void read_enums() {
    Oid last = 0;
    for (auto row = rows(query::enums); row.next();) {
      if (row.number<Oid>(0) != last) {
        last = row.number<Oid>(0);
        types_.add_enum(last, EnumId{static_cast<std::uint32_t>(catalog_.enums.size())});
        catalog_.enums.push_back(
            {.schema = schema(row.text(1)), .name = row.text(2), .comment = row.text(4)});
      }
      if (!row.is_null(3)) catalog_.enums.back().values.push_back({.label = row.text(3)});
    }
  }

  void read_types() {
    std::vector<std::pair<Oid, Domain>> domains;
    for (auto row = rows(query::types); row.next();) {
      TypeRow type{.oid = row.number<Oid>(0),
                   .schema = row.text(1),
                   .name = row.text(2),
                   .form = row.letter(3),
                   .element = row.number<Oid>(4),
                   .base = row.number<Oid>(5),
                   .typmod = row.number<int>(6),
                   .dimensions = row.number<int>(7),
                   .text = row.text(10),
                   .base_text = row.text(11)};
      if (type.form == 'd')
        domains.emplace_back(type.oid, Domain{.schema = schema(type.schema),
                                              .name = type.name,
                                              .not_null = row.flag(8),
                                              .default_expression = row.text(9)});
      types_.add(std::move(type));
    }
    std::unordered_map<Oid, std::vector<std::string>> checks;
    for (auto row = rows(query::domain_checks); row.next();)
      checks[row.number<Oid>(0)].push_back(row.text(1));
    for (auto& [oid, domain] : domains) {
      domain.base = types_.resolve(oid, -1, 0, {});
      domain.base.domain.clear();
      domain.checks = std::move(checks[oid]);
      catalog_.domains.push_back(std::move(domain));
    }
  }

  void read_tables() {
    for (auto row = rows(query::tables); row.next();) {
      tables_[row.number<Oid>(0)] = TableId{static_cast<std::uint32_t>(catalog_.tables.size())};
      catalog_.tables.push_back({.schema = schema(row.text(1)),
                                 .name = row.text(2),
                                 .kind = kind_of_relation(row.letter(3)),
                                 .definition = select_of(row.text(8)),
                                 .partition_key = row.text(7),
                                 .row_level_security = row.flag(5),
                                 .has_subclasses = row.flag(9),
                                 .inherits = row.flag(10),
                                 .unlogged = row.flag(4),
                                 .estimated_rows = row.number<double>(6),
                                 .comment = row.text(11)});
    }
    parts_.resize(catalog_.tables.size());
  }

  // The answer has them by the tables' oids; the catalog wants them in the tables' order.
  void read_columns() {
    struct Place {
      Oid table;
      int number;
    };
    std::vector<std::vector<std::pair<Place, Column>>> by_table(catalog_.tables.size());
    for (auto row = rows(query::columns); row.next();) {
      const Oid owner = row.number<Oid>(0);
      const auto id = table(owner);
      if (id) by_table[id->value].push_back({{owner, row.number<int>(1)}, read_column(*id, row)});
    }
    for (std::uint32_t i = 0; i < by_table.size(); ++i) {
      catalog_.tables[i].columns = {.first = static_cast<std::uint32_t>(catalog_.columns.size()),
                                    .count = static_cast<std::uint32_t>(by_table[i].size())};
      for (auto& [place, one] : by_table[i]) {
        columns_[column_key(place.table, place.number)] =
            ColumnId{static_cast<std::uint32_t>(catalog_.columns.size())};
        catalog_.columns.push_back(std::move(one));
      }
    }
  }

  Column read_column(TableId owner, const RowReader& row) const {
    Column made{
        .table = owner,
        .name = row.text(2),
        .type = types_.resolve(row.number<Oid>(3), row.number<int>(5), row.number<int>(6), row.text(4)),
        .nullable = !row.flag(7),
        .collation = row.text(11),
        .comment = row.text(12)};
    if (const char generated = row.letter(9); generated != '\0') {
      made.generated = row.text(10);
      made.generated_stored = generated == 's';
    } else if (const char identity = row.letter(8); identity != '\0') {
      made.identity = identity == 'a' ? Identity::always : Identity::by_default;
      made.default_value = {.kind = Default::Kind::autoincrement};
    } else {
      made.default_value = parse_default(row.text(10), made.type);
    }
    return made;
  }

  void read_constraints() {
    for (auto row = rows(query::constraints); row.next();) {
      const Oid owner = row.number<Oid>(0);
      const auto id = table(owner);
      if (!id) continue;
      Parts& parts = parts_[id->value];
      switch (row.letter(2)) {
        case 'p':
        case 'u':
          of_index_[row.number<Oid>(11)] = {.deferrable = row.flag(8), .initially_deferred = row.flag(9)};
          break;
        case 'c':
          parts.checks.push_back({.table = *id,
                                  .name = row.text(1),
                                  .definition = row.text(12),
                                  .columns = columns(owner, row.numbers(3)),
                                  .validated = row.flag(10)});
          break;
        case 'x':
          parts.exclusions.push_back({.table = *id, .name = row.text(1), .definition = row.text(12)});
          break;
        default:
          read_foreign_key(*id, owner, row);
      }
    }
  }

  void read_foreign_key(TableId owner, Oid owner_oid, const RowReader& row) {
    const Oid target_oid = row.number<Oid>(4);
    const auto target = table(target_oid);
    if (!target) return;
    parts_[owner.value].foreign_keys.push_back({.table = owner,
                                                .name = row.text(1),
                                                .columns = columns(owner_oid, row.numbers(3)),
                                                .target = *target,
                                                .target_columns = columns(target_oid, row.numbers(5)),
                                                .on_delete = action_of(row.letter(6)),
                                                .on_update = action_of(row.letter(7)),
                                                .deferrable = row.flag(8),
                                                .initially_deferred = row.flag(9),
                                                .validated = row.flag(10)});
  }

  void read_indexes() {
    for (auto row = rows(query::indexes); row.next();) {
      const auto id = table(row.number<Oid>(0));
      if (!id) continue;
      const bool primary = row.flag(4);
      Index index{.table = *id,
                  .name = row.text(2),
                  .kind = primary       ? IndexKind::primary
                          : row.flag(5) ? IndexKind::unique
                                        : IndexKind::normal,
                  .method = row.text(3),
                  .predicate = row.text(7),
                  .nulls_not_distinct = row.flag(8)};
      const Oid oid = row.number<Oid>(1);
      if (const auto constraint = of_index_.find(oid); constraint != of_index_.end()) {
        index.is_constraint = true;
        index.deferrable = constraint->second.deferrable;
        index.initially_deferred = constraint->second.initially_deferred;
      }
      auto& indexes = parts_[id->value].indexes;
      index_places_[oid] = {.table = *id, .position = indexes.size(), .key_count = row.number(6)};
      index_tables_[oid] = row.number<Oid>(0);
      indexes.push_back(std::move(index));
    }
  }

  void read_index_parts() {
    Oid last = 0;
    std::uint32_t position = 0;
    for (auto row = rows(query::index_parts); row.next();) {
      const Oid oid = row.number<Oid>(0);
      position = oid == last ? position + 1 : 0;
      last = oid;
      const auto place = index_places_.find(oid);
      if (place == index_places_.end()) continue;
      Index& index = parts_[place->second.table.value].indexes[place->second.position];
      const auto id = column(index_tables_.at(oid), row.number<int>(1));
      if (position >= place->second.key_count) {
        if (id) index.included.push_back(*id);
        continue;
      }
      const auto option = row.number(2);
      const bool descending = (option & 1U) != 0;
      index.parts.push_back({.column = id,
                             .expression = row.text(3),
                             .descending = descending,
                             .nulls = nulls_of(descending, (option & 2U) != 0),
                             .operator_class = row.text(4),
                             .collation = row.text(5)});
    }
  }

  void read_sequences() {
    for (auto row = rows(query::sequences); row.next();)
      catalog_.sequences.push_back({.schema = schema(row.text(0)),
                                    .name = row.text(1),
                                    .start = row.number<std::int64_t>(2),
                                    .increment = row.number<std::int64_t>(3),
                                    .owned_by = column(row.number<Oid>(4), row.number<int>(5))});
  }

  void flatten() {
    const auto move_all = [](auto& from, auto& to) {
      const auto first = static_cast<std::uint32_t>(to.size());
      std::ranges::move(from, std::back_inserter(to));
      return std::pair{first, static_cast<std::uint32_t>(from.size())};
    };
    for (std::uint32_t i = 0; i < parts_.size(); ++i) {
      Table& owner = catalog_.tables[i];
      const auto indexes = move_all(parts_[i].indexes, catalog_.indexes);
      owner.indexes = {.first = indexes.first, .count = indexes.second};
      const auto keys = move_all(parts_[i].foreign_keys, catalog_.foreign_keys);
      owner.foreign_keys = {.first = keys.first, .count = keys.second};
      move_all(parts_[i].checks, catalog_.checks);
      move_all(parts_[i].exclusions, catalog_.exclusions);
    }
  }

  const Results& answers_;
  Catalog catalog_;
  TypeTable types_;
  std::unordered_map<std::string, NamespaceId> schemas_;
  std::unordered_map<Oid, TableId> tables_;
  std::unordered_map<std::uint64_t, ColumnId> columns_;
  std::vector<Parts> parts_;
  std::unordered_map<Oid, ConstraintOfIndex> of_index_;
  std::unordered_map<Oid, IndexPlace> index_places_;
  std::unordered_map<Oid, Oid> index_tables_;
};

}  // namespace

Catalog build_catalog(const Results& answers) { return Builder(answers).build(); }

}  // namespace tenon::sql::postgres
