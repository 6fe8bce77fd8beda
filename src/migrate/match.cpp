#include "migrate/match.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include "migrate/cast.h"
#include "psl/names.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

// Tables of the tools themselves and of extensions.
constexpr std::array<std::string_view, 6> never_touched{"_prisma_migrations", "_tenon_migration_steps",
                                                        "spatial_ref_sys",    "geography_columns",
                                                        "geometry_columns",   "raster_columns"};

// Histories of other tools, which are in databases and in nobody's migrations.
constexpr std::array<std::string_view, 3> of_other_tools{"alembic_version", "flyway_schema_history",
                                                         "schema_migrations"};

template <class Id>
std::optional<Id> only(const std::vector<Id>& ids) {
  return ids.size() == 1 ? std::optional(ids[0]) : std::nullopt;
}

class Matcher {
 public:
  Matcher(const Catalogs& catalogs, const DiffOptions& options)
      : before_(*catalogs.before), after_(*catalogs.after), catalogs_(catalogs), options_(options) {
    found_.table_after.resize(before_.tables.size());
    found_.column_after.resize(before_.columns.size());
    found_.enum_after.resize(before_.enums.size());
    found_.table_before.resize(after_.tables.size());
    found_.column_before.resize(after_.columns.size());
    found_.enum_before.resize(after_.enums.size());
    used_.resize(options.renames.size());
  }

  Matches run() {
    match_tables();
    match_columns();
    if (before_.engine == Engine::postgresql) match_enums();
    collect_tables();
    for (std::size_t i = 0; i < used_.size(); ++i)
      if (!used_[i]) found_.unknown_renames.push_back(options_.renames[i]);
    std::ranges::sort(found_.candidates, {}, [](const RenameCandidate& each) {
      return std::tuple(-each.likeness, each.rename.from, each.rename.to);
    });
    return std::move(found_);
  }

 private:
  bool by_history() const { return options_.compat == Compat::tenon; }
  // The names of models and fields before are somebody's choice, and say more than those of tables and
  // columns; those of an introspected catalog are only made from them.
  bool knows_names_before() const { return by_history() && options_.origins.before == Origin::schema_files; }

  bool is_external(const Catalog& catalog, const Table& table) const {
    if (std::ranges::find(never_touched, table.name) != never_touched.end()) return true;
    const bool of_databases =
        options_.origins.before == Origin::database && options_.origins.after == Origin::database;
    if (of_databases && std::ranges::find(of_other_tools, table.name) != of_other_tools.end()) return true;
    const std::string qualified = catalog[table.schema].name + "." + table.name;
    return std::ranges::any_of(options_.external_tables, [&](const std::string& name) {
      return name == qualified ||
             (name == table.name &&
              (catalog.engine == Engine::mysql || catalog[table.schema].name == options_.default_schema));
    });
  }

  // Tables that are created, changed and dropped; of tables that inherit or lie elsewhere nothing is said.
  bool is_compared(const Catalog& catalog, TableId id) const {
    const Table& table = catalog[id];
    return (table.kind == TableKind::table || table.kind == TableKind::partitioned_table) &&
           !is_external(catalog, table);
  }

  static std::vector<TableId> all_tables(const Catalog& catalog) {
    std::vector<TableId> ids;
    for (std::uint32_t i = 0; i < catalog.tables.size(); ++i) ids.push_back({i});
    return ids;
  }

  bool is_free(TableId before, TableId after) const {
    return !found_.table_after[before.value] && !found_.table_before[after.value];
  }

  void pair(TableId before, TableId after) {
    found_.table_after[before.value] = after;
    found_.table_before[after.value] = before;
  }

  template <class Same>
  void pair_tables(Same same) {
    for (const TableId one : all_tables(before_)) {
      if (found_.table_after[one.value] || !is_compared(before_, one)) continue;
      std::vector<TableId> fitting;
      for (const TableId other : all_tables(after_))
        if (is_free(one, other) && same(one, other) && is_compared(after_, other)) fitting.push_back(other);
      if (const std::optional<TableId> other = only(fitting)) pair(one, *other);
    }
  }

  void match_tables() {
    pair_renamed_tables();
    const auto keeps = [&](TableId one, TableId other) { return keeps_model(before_[one], after_[other]); };
    if (knows_names_before()) pair_tables(keeps);
    pair_equal_names();
    if (by_history()) {
      pair_tables(keeps);
      pair_tables([&](TableId one, TableId other) { return keeps_list_fields(one, other); });
    }
    for (const TableId one : all_tables(before_))
      for (const TableId other : all_tables(after_))
        if (is_free(one, other) && is_compared(before_, one) && is_compared(after_, other))
          offer_table(one, other);
  }

  void pair_equal_names() {
    for (const TableId one : all_tables(before_)) {
      const Table& table = before_[one];
      if (found_.table_after[one.value] || !is_compared(before_, one)) continue;
      const std::optional<TableId> other = named_alike(table);
      if (other && is_compared(after_, *other) && !found_.table_before[other->value]) pair(one, *other);
    }
  }

  std::optional<TableId> named_alike(const Table& table) const {
    if (before_.engine == Engine::postgresql)
      return after_.find_table(before_[table.schema].name, table.name);
    for (const TableId other : all_tables(after_))
      if (after_[other].name == table.name) return other;
    return std::nullopt;
  }

  static bool keeps_model(const Table& one, const Table& other) {
    const std::string& name = one.model_name.empty() ? one.name : one.model_name;
    return !other.model_name.empty() && name == other.model_name && !one.implicit_link;
  }

  // Two link tables between the same models, and the list fields keep their names.
  bool keeps_list_fields(TableId one, TableId other) const {
    const Table& was = before_[one];
    const Table& is = after_[other];
    if (!was.implicit_link || !is.implicit_link || was.foreign_keys.size() != is.foreign_keys.size())
      return false;
    for (std::uint32_t i = 0; i < was.foreign_keys.size(); ++i) {
      const ForeignKey& key = before_[was.foreign_keys[i]];
      const ForeignKey& next = after_[is.foreign_keys[i]];
      if (key.back_field_name.empty() || key.back_field_name != next.back_field_name) return false;
      if (found_.table_after[key.target.value] != next.target) return false;
    }
    return true;
  }

  void offer_table(TableId one, TableId other) {
    const Table& was = before_[one];
    const Table& is = after_[other];
    if (was.implicit_link != is.implicit_link) return;
    std::size_t equal = 0;
    for (const ColumnId column : was.columns) {
      const std::optional<ColumnId> same = after_.find_column(other, before_[column].name);
      if (same && same_type(before_.engine, {&before_[column].type, &after_[*same].type}, false)) ++equal;
    }
    const double likeness =
        2.0 * static_cast<double>(equal) / static_cast<double>(was.columns.size() + is.columns.size() + 1);
    if (equal == 0 || likeness < 0.5) return;
    found_.candidates.push_back({.kind = RenameCandidate::Kind::table,
                                 .rename = {table_name(before_, one), table_name(after_, other)},
                                 .inside = {},
                                 .likeness = likeness});
  }

  std::string table_name(const Catalog& catalog, TableId id) const {
    return display_name(catalog, catalog[id].schema, catalog[id].name, options_.default_schema);
  }

  void pair_renamed_tables() {
    for (std::size_t i = 0; i < options_.renames.size(); ++i) {
      const std::optional<TableId> one = table_called(before_, options_.renames[i].from);
      const std::optional<TableId> other = table_called(after_, options_.renames[i].to);
      if (!one || !other || !is_free(*one, *other)) continue;
      pair(*one, *other);
      used_[i] = true;
    }
  }

  std::optional<TableId> table_called(const Catalog& catalog, std::string_view name) const {
    for (const TableId id : all_tables(catalog))
      if (is_compared(catalog, id) &&
          (table_name(catalog, id) == name ||
           fmt::format("{}.{}", catalog[catalog[id].schema].name, catalog[id].name) == name))
        return id;
    return std::nullopt;
  }

  void match_columns() {
    for (const TableId one : all_tables(before_)) {
      const std::optional<TableId> other = found_.table_after[one.value];
      if (other) match_columns_of(one, *other);
    }
  }

  void pair(ColumnId before, ColumnId after) {
    found_.column_after[before.value] = after;
    found_.column_before[after.value] = before;
  }
  bool is_free(ColumnId before, ColumnId after) const {
    return !found_.column_after[before.value] && !found_.column_before[after.value];
  }

  void match_columns_of(TableId one, TableId other) {
    pair_renamed_columns(one, other);
    if (knows_names_before()) pair_kept_fields(one, other);
    for (const ColumnId column : before_[one].columns) {
      const std::optional<ColumnId> same = after_.find_column(other, before_[column].name);
      if (same && is_free(column, *same)) pair(column, *same);
    }
    if (by_history()) pair_kept_fields(one, other);
    for (const ColumnId column : before_[one].columns)
      for (const ColumnId next : after_[other].columns)
        if (is_free(column, next)) offer_column(one, column, next);
  }

  void pair_kept_fields(TableId one, TableId other) {
    for (const ColumnId column : before_[one].columns)
      for (const ColumnId next : after_[other].columns)
        if (is_free(column, next) && keeps_field(before_[column], after_[next])) pair(column, next);
  }

  static bool keeps_field(const Column& one, const Column& other) {
    const std::string& name = one.field_name.empty() ? one.name : one.field_name;
    return !other.field_name.empty() && name == other.field_name;
  }

  void offer_column(TableId table, ColumnId one, ColumnId other) {
    const Column& was = before_[one];
    const Column& is = after_[other];
    if (!same_type(before_.engine, {&was.type, &is.type}, false)) return;
    const double likeness = 0.5 + (was.nullable == is.nullable ? 0.2 : 0.0) +
                            (was.default_value.kind == is.default_value.kind ? 0.2 : 0.0);
    const std::string name = table_name(before_, table);
    found_.candidates.push_back({.kind = RenameCandidate::Kind::column,
                                 .rename = {name + "." + was.name, name + "." + is.name},
                                 .inside = name,
                                 .likeness = likeness});
  }

  // `T.a=T.b`, or `T.a=b`; T may be the table's name before or after.
  void pair_renamed_columns(TableId one, TableId other) {
    for (std::size_t i = 0; i < options_.renames.size(); ++i) {
      const Rename& rename = options_.renames[i];
      const std::size_t dot = rename.from.rfind('.');
      if (dot == std::string::npos) continue;
      const std::string_view table = std::string_view(rename.from).substr(0, dot);
      if (table_called(before_, table) != one && table_called(after_, table) != other) continue;
      const std::optional<ColumnId> was = before_.find_column(one, rename.from.substr(dot + 1));
      const std::size_t last = rename.to.rfind('.');
      const std::optional<ColumnId> is =
          after_.find_column(other, last == std::string::npos ? rename.to : rename.to.substr(last + 1));
      if (!was || !is || !is_free(*was, *is)) continue;
      pair(*was, *is);
      used_[i] = true;
    }
  }

  std::string enum_name(const Catalog& catalog, const Enum& row) const {
    return display_name(catalog, row.schema, row.name, options_.default_schema);
  }

  bool is_free_enum(std::size_t one, std::size_t other) const {
    return !found_.enum_after[one] && !found_.enum_before[other];
  }

  template <class Same>
  void pair_enums(Same same) {
    for (std::size_t i = 0; i < before_.enums.size(); ++i)
      for (std::size_t j = 0; j < after_.enums.size(); ++j)
        if (is_free_enum(i, j) && same(before_.enums[i], after_.enums[j])) {
          found_.enum_after[i] = EnumId{static_cast<std::uint32_t>(j)};
          found_.enum_before[j] = EnumId{static_cast<std::uint32_t>(i)};
        }
  }

  bool is_renamed_to(const std::string& from, const std::string& to) {
    for (std::size_t i = 0; i < options_.renames.size(); ++i)
      if (options_.renames[i].from == from && options_.renames[i].to == to) {
        used_[i] = true;
        return true;
      }
    return false;
  }

  bool enum_exists_before(const Enum& row) const {
    return std::ranges::any_of(before_.enums, [&](const Enum& other) {
      return same_schema(catalogs_, other.schema, row.schema) && other.name == row.name;
    });
  }

  void match_enums() {
    pair_enums([&](const Enum& one, const Enum& other) {
      return is_renamed_to(enum_name(before_, one), enum_name(after_, other));
    });
    pair_enums([&](const Enum& one, const Enum& other) {
      return one.name == other.name && same_schema(catalogs_, one.schema, other.schema);
    });
    if (by_history())
      pair_enums([&](const Enum& one, const Enum& other) {
        const std::string& name = one.enum_name.empty() ? one.name : one.enum_name;
        return !other.enum_name.empty() && name == other.enum_name && !enum_exists_before(other);
      });
    for (std::uint32_t i = 0; i < before_.enums.size(); ++i) {
      if (const std::optional<EnumId> other = found_.enum_after[i])
        found_.enums.push_back({.ids = {EnumId{i}, *other}, .renamed = renamed_values({i}, *other)});
      else
        found_.dropped_enums.push_back({i});
    }
    for (std::uint32_t j = 0; j < after_.enums.size(); ++j) {
      if (!found_.enum_before[j]) found_.created_enums.push_back({j});
    }
    for (const EnumId one : found_.dropped_enums)
      for (const EnumId other : found_.created_enums) offer_enum(before_[one], after_[other]);
  }

  void offer_enum(const Enum& one, const Enum& other) {
    std::size_t equal = 0;
    for (const EnumValue& value : one.values)
      equal += std::ranges::count(other.values, value.label, &EnumValue::label) > 0 ? 1 : 0;
    const double likeness =
        2.0 * static_cast<double>(equal) / static_cast<double>(one.values.size() + other.values.size() + 1);
    if (likeness < 0.5) return;
    found_.candidates.push_back({.kind = RenameCandidate::Kind::enumeration,
                                 .rename = {enum_name(before_, one), enum_name(after_, other)},
                                 .inside = {},
                                 .likeness = likeness});
  }

  std::vector<RenamedValue> renamed_values(EnumId one, EnumId other) {
    const Enum& was = before_[one];
    const Enum& is = after_[other];
    const auto has = [](const Enum& row, const std::string& label) {
      return std::ranges::find(row.values, label, &EnumValue::label) != row.values.end();
    };
    std::vector<RenamedValue> renamed;
    const std::string prefix = enum_name(before_, was) + ".";
    for (const EnumValue& value : was.values) {
      if (has(is, value.label)) continue;
      const std::string& name = value.value_name.empty() ? value.label : value.value_name;
      for (const EnumValue& next : is.values) {
        if (has(was, next.label)) continue;
        if (is_renamed_to(prefix + value.label, prefix + next.label) ||
            is_renamed_to(prefix + value.label, next.label) ||
            (by_history() && !next.value_name.empty() && next.value_name == name))
          renamed.push_back({value.label, next.label});
        else
          found_.candidates.push_back({.kind = RenameCandidate::Kind::enum_value,
                                       .rename = {prefix + value.label, prefix + next.label},
                                       .inside = enum_name(before_, was),
                                       .likeness = 0.4});
      }
    }
    return renamed;
  }

  void collect_tables() {
    for (const TableId one : all_tables(before_)) {
      if (before_[one].is_view()) collect_view(one);
      if (!is_compared(before_, one)) continue;
      const std::optional<TableId> other = found_.table_after[one.value];
      if (other)
        found_.tables.push_back(columns_of({one, *other}));
      else if (is_nameable(one))
        found_.dropped_tables.push_back(one);
    }
    for (const TableId other : all_tables(after_)) {
      if (is_compared(after_, other) && !found_.table_before[other.value])
        found_.created_tables.push_back(other);
      if (after_[other].is_view() && !found_.table_before[other.value]) found_.created_views.push_back(other);
    }
  }

  bool is_nameable(TableId one) const {
    const auto named = [&](ColumnId column) { return migrate::is_nameable(options_, before_[column].name); };
    const bool any = options_.origins.before == Origin::schema_files ||
                     options_.origins.after == Origin::database || !before_[one].columns.empty();
    return any && migrate::is_nameable(options_, before_[one].name) &&
           (before_[one].columns.empty() || std::ranges::any_of(before_[one].columns, named));
  }

  // Views are compared between databases only; diff() does not look at them otherwise.
  void collect_view(TableId one) {
    const std::optional<TableId> other = named_alike(before_[one]);
    if (!other || !after_[*other].is_view()) {
      found_.dropped_views.push_back(one);
      return;
    }
    pair(one, *other);
    found_.views.push_back({one, *other});
  }

  TablePair columns_of(Pair<TableId> ids) const {
    TablePair pair{.ids = ids, .columns = {}, .dropped = {}, .added = {}};
    for (const ColumnId column : before_[ids.before].columns) {
      if (const std::optional<ColumnId> next = found_.column_after[column.value])
        pair.columns.push_back({column, *next});
      else if (migrate::is_nameable(options_, before_[column].name))
        pair.dropped.push_back(column);
    }
    for (const ColumnId column : after_[ids.after].columns)
      if (!found_.column_before[column.value]) pair.added.push_back(column);
    return pair;
  }

  const Catalog& before_;
  const Catalog& after_;
  const Catalogs& catalogs_;
  const DiffOptions& options_;
  Matches found_;
  std::vector<bool> used_;
};

}  // namespace

std::string Matches::renamed_value(EnumId before, const std::string& label) const {
  const auto pair =
      std::ranges::find_if(enums, [&](const EnumPair& each) { return each.ids.before == before; });
  if (pair == enums.end()) return label;
  const auto renamed = std::ranges::find(pair->renamed, label, &RenamedValue::from);
  return renamed == pair->renamed.end() ? label : renamed->to;
}

Matches match(const Catalogs& catalogs, const DiffOptions& options) {
  return Matcher(catalogs, options).run();
}

bool is_nameable(const DiffOptions& options, const std::string& name) {
  return options.origins.before == Origin::schema_files || options.origins.after == Origin::database ||
         name.empty() || !psl::sanitized_name(name).empty();
}

bool same_schema(const Catalogs& catalogs, NamespaceId before, NamespaceId after) {
  return catalogs.before->engine == Engine::mysql ||
         (*catalogs.before)[before].name == (*catalogs.after)[after].name;
}

std::string display_name(const Catalog& catalog, NamespaceId schema, const std::string& name,
                         const std::string& default_schema) {
  if (catalog.engine == Engine::mysql || catalog[schema].name == default_schema) return name;
  return fmt::format("{}.{}", catalog[schema].name, name);
}

}  // namespace tenon::migrate
