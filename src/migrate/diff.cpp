#include "migrate/diff.h"

#include <algorithm>
#include <set>
#include <utility>

#include "migrate/compare.h"
#include "migrate/diff_enums.h"
#include "migrate/expression_text.h"
#include "migrate/match.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

struct IndexPairs {
  std::vector<Pair<IndexId>> kept;
  std::vector<IndexId> dropped;
  std::vector<IndexId> created;
};

std::vector<ColumnId> columns_of(const Index& index) {
  std::vector<ColumnId> columns;
  for (const IndexPart& part : index.parts)
    if (part.column) columns.push_back(*part.column);
  return columns;
}

bool starts_with(const std::vector<ColumnId>& all, const std::vector<ColumnId>& first) {
  return all.size() >= first.size() &&
         std::ranges::equal(first, std::vector(all.begin(), all.begin() + first.size()));
}

bool new_checks(const Domain& was, const Domain& is) {
  return std::ranges::any_of(is.checks, [&](const std::string& check) {
    return std::ranges::none_of(was.checks, [&](const std::string& other) {
      return canonical_expression(other) == canonical_expression(check);
    });
  });
}

class Differ {
 public:
  Differ(const Catalogs& catalogs, const DiffOptions& options)
      : before_(*catalogs.before),
        after_(*catalogs.after),
        options_(options),
        matches_(match(catalogs, options)),
        comparison_(catalogs, options, matches_) {
    result_.catalogs = catalogs;
    result_.origins = options.origins;
    result_.compat = options.compat;
    result_.default_schema = options.default_schema;
    result_.names_schemas = options.names_schemas;
    result_.is_mariadb = options.is_mariadb;
  }

  Difference run() {
    compare_columns();
    for (const TablePair& tables : matches_.tables) {
      pair_indexes(tables);
      compare_primary_key(tables);
    }
    compare_foreign_keys();
    result_.steps = steps();
    result_.candidates = std::move(matches_.candidates);
    result_.unknown_renames = std::move(matches_.unknown_renames);
    return std::move(result_);
  }

 private:
  bool is_mysql() const { return before_.engine == Engine::mysql; }
  bool is_tenon() const { return options_.compat == Compat::tenon; }

  void compare_columns() {
    changes_.resize(before_.columns.size());
    for (const TablePair& tables : matches_.tables)
      for (const Pair<ColumnId>& columns : tables.columns)
        changes_[columns.before.value] = comparison_.columns(columns);
  }
  bool type_changed(ColumnId before) const { return changes_[before.value].type_changed; }
  bool recreated(ColumnId before) const { return changes_[before.value].recreates(); }

  // By name, then by what they are over.
  void pair_indexes(const TablePair& tables) {
    IndexPairs pairs;
    std::set<std::uint32_t> taken;
    std::set<std::uint32_t> kept;
    for (const bool by_name : {true, false})
      for (const IndexId one : before_[tables.ids.before].indexes) {
        if (before_[one].kind == IndexKind::primary || kept.contains(one.value)) continue;
        for (const IndexId other : after_[tables.ids.after].indexes) {
          if (taken.contains(other.value) || (by_name && before_[one].name != after_[other].name)) continue;
          const bool stays = by_name && !comparison_.is_known(before_[one]);
          if (!stays && !comparison_.same_index(before_[one], after_[other])) continue;
          kept.insert(one.value);
          taken.insert(other.value);
          pairs.kept.push_back({one, other});
          break;
        }
      }
    for (const IndexId one : before_[tables.ids.before].indexes)
      if (before_[one].kind != IndexKind::primary && !kept.contains(one.value) && is_dropped(tables, one))
        pairs.dropped.push_back(one);
    for (const IndexId other : after_[tables.ids.after].indexes)
      if (after_[other].kind != IndexKind::primary && !taken.contains(other.value) &&
          !repeats_for_prisma(tables, other))
        pairs.created.push_back(other);
    renew_recreated(pairs);
    indexes_.push_back(std::move(pairs));
  }

  // Prisma takes a second index over the same columns for the first.
  bool repeats_for_prisma(const TablePair& tables, IndexId other) const {
    return !is_tenon() && std::ranges::any_of(before_[tables.ids.before].indexes, [&](IndexId one) {
      return comparison_.same_index(before_[one], after_[other]);
    });
  }

  bool is_dropped(const TablePair& tables, IndexId one) const {
    if (!comparison_.is_known(before_[one])) return false;
    return !(is_mysql() && options_.origins.before == Origin::database && serves_foreign_key(tables, one));
  }

  // InnoDB made the index for a foreign key that stays, and no wanted index does its work.
  bool serves_foreign_key(const TablePair& tables, IndexId one) const {
    const std::vector<ColumnId> over = columns_of(before_[one]);
    return std::ranges::any_of(after_[tables.ids.after].foreign_keys, [&](ForeignKeyId id) {
      const ForeignKey& key = after_[id];
      std::vector<ColumnId> columns;
      for (const ColumnId column : key.columns)
        if (const std::optional<ColumnId> was = matches_.column_before[column.value]) columns.push_back(*was);
      if (key.emulated || columns.size() != key.columns.size() || !starts_with(over, columns)) return false;
      return std::ranges::none_of(after_[tables.ids.after].indexes, [&](IndexId index) {
        return starts_with(columns_of(after_[index]), key.columns);
      });
    });
  }

  // An index goes with any of its columns.
  void renew_recreated(IndexPairs& pairs) const {
    std::erase_if(pairs.kept, [&](const Pair<IndexId>& pair) {
      const bool lost = std::ranges::any_of(columns_of(before_[pair.before]),
                                            [&](ColumnId column) { return recreated(column); });
      if (lost) {
        if (is_mysql()) pairs.dropped.push_back(pair.before);
        pairs.created.push_back(pair.after);
      }
      return lost;
    });
    std::ranges::sort(pairs.dropped);
    std::ranges::sort(pairs.created);
  }

  void compare_primary_key(const TablePair& tables) {
    const std::optional<IndexId> one = before_.primary_key(tables.ids.before);
    const std::optional<IndexId> other = after_.primary_key(tables.ids.after);
    bool same = one && other && comparison_.same_index(before_[*one], after_[*other]);
    if (same)
      for (const ColumnId column : columns_of(before_[*one])) same = same && !type_changed(column);
    // A key over columns that the schema files have no words for stays.
    if (one && !other && !comparison_.is_known(before_[*one])) same = true;
    key_changed_.push_back(!same && (one || other));
    if (one && !same) lost_indexes_.insert(one->value);
    for (const IndexId index : indexes_.back().dropped) lost_indexes_.insert(index.value);
  }

  static bool exists(const ForeignKey& key) { return !key.emulated; }

  void compare_foreign_keys() {
    for (const TablePair& tables : matches_.tables) {
      std::set<std::uint32_t> taken;
      for (const ForeignKeyId one : before_[tables.ids.before].foreign_keys) {
        if (!exists(before_[one])) continue;
        const std::optional<ForeignKeyId> other = partner(tables, one, taken);
        if (!other) {
          dropped_keys_.push_back(one);
          continue;
        }
        taken.insert(other->value);
        keep_foreign_key({one, *other});
      }
      for (const ForeignKeyId other : after_[tables.ids.after].foreign_keys)
        if (exists(after_[other]) && !taken.contains(other.value)) added_keys_.push_back(other);
    }
    for (const TableId table : matches_.dropped_tables)
      for (const ForeignKeyId key : before_[table].foreign_keys)
        if (exists(before_[key])) dropped_keys_.push_back(key);
    for (const TableId table : matches_.created_tables)
      for (const ForeignKeyId key : after_[table].foreign_keys)
        if (exists(after_[key])) added_keys_.push_back(key);
    std::ranges::sort(dropped_keys_);
    std::ranges::sort(added_keys_);
  }

  // The same key after: with its name when there are several alike.
  std::optional<ForeignKeyId> partner(const TablePair& tables, ForeignKeyId one,
                                      const std::set<std::uint32_t>& taken) const {
    std::optional<ForeignKeyId> found;
    for (const ForeignKeyId other : after_[tables.ids.after].foreign_keys) {
      if (!exists(after_[other]) || taken.contains(other.value) ||
          !comparison_.same_foreign_key(before_[one], after_[other]))
        continue;
      if (before_[one].name == after_[other].name) return other;
      if (!found) found = other;
    }
    return found;
  }

  void keep_foreign_key(Pair<ForeignKeyId> keys) {
    const bool renamed = before_[keys.before].name != after_[keys.after].name;
    if (must_be_renewed(before_[keys.before]) || (renamed && is_mysql())) {
      dropped_keys_.push_back(keys.before);
      added_keys_.push_back(keys.after);
    } else if (renamed) {
      renamed_keys_.push_back(keys);
    }
  }

  bool must_be_renewed(const ForeignKey& key) const {
    const auto changes = [&](ColumnId column) {
      if (type_changed(column)) return true;
      return is_mysql() && changes_[column.value].becomes_required(result_.catalogs);
    };
    if (std::ranges::any_of(key.columns, changes) || std::ranges::any_of(key.target_columns, changes))
      return true;
    return is_tenon() && (loses_index(key.target, key.target_columns, true) ||
                          (is_mysql() && loses_index(key.table, key.columns, false)));
  }

  // Whether an index that a foreign key needs goes away, though only to come back.
  bool loses_index(TableId table, const std::vector<ColumnId>& columns, bool unique) const {
    bool loses = false;
    for (const IndexId id : before_[table].indexes) {
      const Index& index = before_[id];
      if (unique && index.kind != IndexKind::primary && index.kind != IndexKind::unique) continue;
      std::vector<ColumnId> over = columns_of(index);
      if (unique && !is_mysql()) {
        std::vector<ColumnId> wanted = columns;
        std::ranges::sort(over);
        std::ranges::sort(wanted);
        if (over != wanted) continue;
      } else if (!starts_with(over, columns)) {
        continue;
      }
      if (!lost_indexes_.contains(id.value)) {
        if (is_mysql()) return false;
      } else {
        loses = true;
      }
    }
    return loses;
  }

  std::vector<Step> steps() {
    add_schemas();
    const EnumSteps enums =
        is_mysql() ? EnumSteps() : enum_steps(result_.catalogs, options_, matches_, changes_);
    append(enums.renamed);
    append(enums.created);
    append(enums.altered);
    if (comparison_.exact()) compare_domains(true);
    for (const ForeignKeyId key : dropped_keys_) steps_.push_back(DropForeignKey{key});
    if (comparison_.exact()) add_removals_of_databases();
    for (const IndexPairs& pairs : indexes_)
      for (const IndexId index : pairs.dropped) steps_.push_back(DropIndex{index});
    add_renames();
    add_table_changes();
    for (const TableId table : matches_.dropped_tables)
      if (!dropped_early_.contains(table.value)) steps_.push_back(DropTable{table});
    if (comparison_.exact()) {
      compare_sequences(false);
      compare_domains(false);
    }
    append(enums.dropped);
    add_index_renames(true);
    for (const TableId table : matches_.created_tables) steps_.push_back(CreateTable{table});
    add_indexes();
    for (const Pair<ForeignKeyId>& keys : renamed_keys_) steps_.push_back(RenameForeignKey{keys});
    for (const ForeignKeyId key : added_keys_) steps_.push_back(AddForeignKey{key});
    add_index_renames(false);
    if (comparison_.exact()) add_additions_of_databases();
    return std::move(steps_);
  }

  void append(const std::vector<Step>& more) { steps_.insert(steps_.end(), more.begin(), more.end()); }

  void add_schemas() {
    if (is_mysql()) return;
    for (std::uint32_t i = 0; i < after_.schemas.size(); ++i)
      if (std::ranges::find(before_.schemas, after_.schemas[i].name, &Namespace::name) ==
          before_.schemas.end())
        steps_.push_back(CreateSchema{NamespaceId{i}});
    std::vector<Step> altered;
    for (std::uint32_t i = 0; i < after_.extensions.size(); ++i) {
      const Extension& wanted = after_.extensions[i];
      const auto found = std::ranges::find(before_.extensions, wanted.name, &Extension::name);
      if (found == before_.extensions.end()) {
        steps_.push_back(CreateExtension{i});
      } else if ((!wanted.version.empty() && wanted.version != found->version) ||
                 (!wanted.schema.empty() && wanted.schema != found->schema && !found->schema.empty())) {
        altered.push_back(
            AlterExtension{{static_cast<std::uint32_t>(found - before_.extensions.begin()), i}});
      }
    }
    append(altered);
    if (comparison_.exact()) compare_sequences(true);
  }

  void compare_sequences(bool creating) {
    const auto find = [](const Catalog& catalog, const Catalog& other, const Sequence& wanted) {
      return std::ranges::find_if(other.sequences, [&](const Sequence& each) {
        return each.name == wanted.name && other[each.schema].name == catalog[wanted.schema].name;
      });
    };
    if (!creating) {
      for (std::uint32_t i = 0; i < before_.sequences.size(); ++i)
        if (!before_.sequences[i].owned_by &&
            find(before_, after_, before_.sequences[i]) == after_.sequences.end())
          steps_.push_back(DropSequence{i});
      return;
    }
    for (std::uint32_t i = 0; i < after_.sequences.size(); ++i) {
      const Sequence& wanted = after_.sequences[i];
      const auto found = find(after_, before_, wanted);
      if (found == before_.sequences.end()) {
        if (!wanted.owned_by) steps_.push_back(CreateSequence{i});
      } else if (found->start != wanted.start || found->increment != wanted.increment) {
        steps_.push_back(AlterSequence{{static_cast<std::uint32_t>(found - before_.sequences.begin()), i}});
      }
    }
  }

  void compare_domains(bool creating) {
    const auto find = [](const Catalog& catalog, const Catalog& other, const Domain& wanted) {
      return std::ranges::find_if(other.domains, [&](const Domain& each) {
        return each.name == wanted.name && other[each.schema].name == catalog[wanted.schema].name;
      });
    };
    if (!creating) {
      for (std::uint32_t i = 0; i < before_.domains.size(); ++i)
        if (find(before_, after_, before_.domains[i]) == after_.domains.end())
          steps_.push_back(DropDomain{i});
      return;
    }
    for (std::uint32_t i = 0; i < after_.domains.size(); ++i) {
      const Domain& wanted = after_.domains[i];
      const auto found = find(after_, before_, wanted);
      if (found == before_.domains.end())
        steps_.push_back(CreateDomain{i});
      else if (found->not_null != wanted.not_null || found->default_expression != wanted.default_expression ||
               new_checks(*found, wanted))
        steps_.push_back(AlterDomain{{static_cast<std::uint32_t>(found - before_.domains.begin()), i}});
    }
  }

  // Names that are free only when another table has gone, or that two tables swap.
  void add_renames() {
    std::vector<Pair<TableId>> renamed;
    for (const TablePair& tables : matches_.tables)
      if (before_[tables.ids.before].name != after_[tables.ids.after].name ||
          !same_schema(result_.catalogs, before_[tables.ids.before].schema, after_[tables.ids.after].schema))
        renamed.push_back(tables.ids);
    for (const Pair<TableId>& ids : renamed)
      for (const TableId table : matches_.dropped_tables)
        if (before_[table].name == after_[ids.after].name && dropped_early_.insert(table.value).second)
          steps_.push_back(DropTable{table});
    for (const auto& [ids, from, to] : ordered<TableId>(
             renamed, [&](TableId id) { return before_[id].name; },
             [&](TableId id) { return after_[id].name; }))
      steps_.push_back(RenameTable{ids, from, to});
    for (const TablePair& tables : matches_.tables) add_column_renames(tables);
  }

  template <class Id>
  struct Renaming {
    Pair<Id> ids;
    std::string from;
    std::string to;
  };

  // Renames so that no name is taken when it is given: a ring of names passes through one that is free.
  template <class Id, class Before, class After>
  static std::vector<Renaming<Id>> ordered(std::vector<Pair<Id>> pending, Before name_before,
                                           After name_after) {
    std::vector<Renaming<Id>> first;
    std::vector<Renaming<Id>> ring;
    while (!pending.empty()) {
      const auto free = std::ranges::find_if(pending, [&](const Pair<Id>& each) {
        return std::ranges::none_of(pending, [&](const Pair<Id>& other) {
          return !(other == each) && name_before(other.before) == name_after(each.after);
        });
      });
      if (free != pending.end()) {
        first.push_back({*free, {}, {}});
        pending.erase(free);
        continue;
      }
      const Pair<Id> broken = pending.back();
      pending.pop_back();
      const std::string between = name_before(broken.before).substr(0, 50) + "_renamed";
      first.push_back({broken, {}, between});
      ring.push_back({broken, between, {}});
    }
    first.insert(first.end(), ring.begin(), ring.end());
    return first;
  }

  void add_column_renames(const TablePair& tables) {
    std::vector<Pair<ColumnId>> renamed;
    std::vector<TableChange> drops;
    for (const Pair<ColumnId>& columns : tables.columns)
      if (before_[columns.before].name != after_[columns.after].name) renamed.push_back(columns);
    for (const Pair<ColumnId>& columns : renamed)
      for (const ColumnId column : tables.dropped)
        if (before_[column].name == after_[columns.after].name) {
          drops.push_back(DropColumn{column});
          dropped_columns_early_.insert(column.value);
        }
    if (!drops.empty()) steps_.push_back(AlterTable{tables.ids, std::move(drops)});
    for (const auto& [ids, from, to] : ordered<ColumnId>(
             renamed, [&](ColumnId id) { return before_[id].name; },
             [&](ColumnId id) { return after_[id].name; }))
      steps_.push_back(RenameColumn{ids, from, to});
  }

  void add_table_changes() {
    for (std::size_t i = 0; i < matches_.tables.size(); ++i) {
      std::vector<TableChange> changes = changes_of(matches_.tables[i], key_changed_[i]);
      if (!changes.empty()) steps_.push_back(AlterTable{matches_.tables[i].ids, std::move(changes)});
    }
  }

  std::vector<TableChange> changes_of(const TablePair& tables, bool key_changed) const {
    std::vector<TableChange> changes;
    const std::optional<IndexId> one = before_.primary_key(tables.ids.before);
    const std::optional<IndexId> other = after_.primary_key(tables.ids.after);
    if (key_changed && one) changes.push_back(DropPrimaryKey{*one});
    if (!key_changed && one && other && !is_mysql() && before_[*one].name != after_[*other].name)
      changes.push_back(RenamePrimaryKey{{*one, *other}});
    for (const ColumnId column : tables.dropped)
      if (!dropped_columns_early_.contains(column.value)) changes.push_back(DropColumn{column});
    for (const ColumnId column : tables.added) changes.push_back(AddColumn{column});
    for (const Pair<ColumnId>& columns : tables.columns)
      if (changes_[columns.before.value].any())
        changes.push_back(AlterColumn{changes_[columns.before.value]});
    if (key_changed && other) changes.push_back(AddPrimaryKey{*other});
    if (comparison_.exact() && before_[tables.ids.before].comment != after_[tables.ids.after].comment)
      changes.push_back(SetTableComment{});
    return changes;
  }

  // Those of new tables first; MySQL makes them with the table.
  void add_indexes() {
    if (!is_mysql())
      for (const TableId table : matches_.created_tables)
        for (const IndexId index : after_[table].indexes)
          if (after_[index].kind != IndexKind::primary) steps_.push_back(CreateIndex{index});
    for (const IndexPairs& pairs : indexes_)
      for (const IndexId index : pairs.created) steps_.push_back(CreateIndex{index});
  }

  bool name_is_given_again(const std::string& name) const {
    const auto has_name = [&](IndexId index) { return after_[index].name == name; };
    return std::ranges::any_of(
               matches_.created_tables,
               [&](TableId table) { return std::ranges::any_of(after_[table].indexes, has_name); }) ||
           std::ranges::any_of(indexes_, [&](const IndexPairs& pairs) {
             return std::ranges::any_of(pairs.created, has_name);
           });
  }

  // `early`: those that make room for an index to come.
  void add_index_renames(bool early) {
    for (const IndexPairs& pairs : indexes_)
      for (const Pair<IndexId>& index : pairs.kept) {
        const std::string& name = before_[index.before].name;
        if (name != after_[index.after].name && name_is_given_again(name) == early)
          steps_.push_back(RenameIndex{index});
      }
  }

  // Constraints and views, which only databases know. A changed one goes and comes.
  template <class Row, class Gone>
  void compare_rows(const std::vector<Row>& rows, const std::vector<Row>& others, bool forward,
                    Gone gone) const {
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const std::optional<TableId> table =
          forward ? matches_.table_after[rows[i].table.value] : matches_.table_before[rows[i].table.value];
      if (!table) {
        if (!forward) gone(i);
        continue;
      }
      const auto found = std::ranges::find_if(others, [&](const Row& other) {
        return other.table == *table && other.name == rows[i].name && other.definition == rows[i].definition;
      });
      if (found == others.end()) gone(i);
    }
  }

  void add_removals_of_databases() {
    compare_rows(before_.checks, after_.checks, true,
                 [&](std::uint32_t i) { steps_.push_back(DropCheck{i}); });
    compare_rows(before_.exclusions, after_.exclusions, true,
                 [&](std::uint32_t i) { steps_.push_back(DropExclusion{i}); });
    for (const TableId view : matches_.dropped_views) steps_.push_back(DropView{view});
    for (const Pair<TableId>& views : matches_.views)
      if (view_changed(views)) steps_.push_back(DropView{views.before});
  }

  bool view_changed(const Pair<TableId>& views) const {
    return before_[views.before].definition != after_[views.after].definition ||
           before_[views.before].kind != after_[views.after].kind;
  }

  void add_additions_of_databases() {
    compare_rows(after_.checks, before_.checks, false,
                 [&](std::uint32_t i) { steps_.push_back(AddCheck{i}); });
    compare_rows(after_.exclusions, before_.exclusions, false,
                 [&](std::uint32_t i) { steps_.push_back(AddExclusion{i}); });
    std::vector<TableId> views = matches_.created_views;
    for (const Pair<TableId>& pair : matches_.views)
      if (view_changed(pair)) views.push_back(pair.after);
    // A view that reads another comes after it.
    while (!views.empty()) {
      auto next = std::ranges::find_if(views, [&](TableId view) {
        return std::ranges::none_of(views, [&](TableId other) {
          return other != view && after_[view].definition.contains(after_[other].name);
        });
      });
      if (next == views.end()) next = views.begin();
      steps_.push_back(CreateView{*next});
      views.erase(next);
    }
  }

  const Catalog& before_;
  const Catalog& after_;
  const DiffOptions& options_;
  Matches matches_;
  Comparison comparison_;
  Difference result_;
  std::vector<ColumnChange> changes_;  // by column before
  std::vector<IndexPairs> indexes_;    // by pair of tables
  std::vector<bool> key_changed_;      // likewise
  std::set<std::uint32_t> lost_indexes_;
  std::vector<ForeignKeyId> dropped_keys_;
  std::vector<ForeignKeyId> added_keys_;
  std::vector<Pair<ForeignKeyId>> renamed_keys_;
  std::set<std::uint32_t> dropped_early_;
  std::set<std::uint32_t> dropped_columns_early_;
  std::vector<Step> steps_;
};

}  // namespace

Difference diff(Pair<const Catalog*> catalogs, const DiffOptions& options) {
  return Differ(catalogs, options).run();
}

}  // namespace tenon::migrate
