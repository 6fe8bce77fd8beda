// Which changes of a script are about what has two shapes, or is there and not seen.
#include <algorithm>
#include <optional>

#include "migrate/expand.h"

namespace tenon::migrate {

using namespace catalog;
using Kind = Expansion::Kind;

namespace {

// Looks for steps about what an open expansion has in two shapes.
class Conflicts {
 public:
  Conflicts(const Difference& difference, const Catalog& real, const std::vector<Expansion>& expansions)
      : difference_(difference),
        before_(difference.before()),
        after_(difference.after()),
        real_(real),
        expansions_(expansions) {}

  std::vector<Expansion> run() {
    find_hidden();
    for (const Step& step : difference_.steps) std::visit(*this, step);
    return std::move(found_);
  }

  void operator()(const RenameTable& step) { see_table(before_, step.tables.before); }
  void operator()(const DropTable& step) {
    see_table(before_, step.table);
    see_target(before_, step.table);
  }
  void operator()(const CreateTable& step) { see_name(after_[step.table].name); }
  void operator()(const RenameColumn& step) {
    see_column(before_, step.columns.before);
    see_column(after_, step.columns.after);
  }
  void operator()(const AlterTable& step) {
    for (const TableChange& change : step.changes) {
      if (const auto* drop = std::get_if<DropColumn>(&change)) see_drop(drop->column);
      if (std::holds_alternative<DropPrimaryKey>(change)) see_target(before_, step.tables.before);
      if (const auto* alter = std::get_if<AlterColumn>(&change)) see_change(alter->change);
      if (const auto* add = std::get_if<AddColumn>(&change)) see_column(after_, add->column);
    }
  }
  void operator()(const CreateIndex& step) {
    see_index(after_, step.index, true);
    see_taken(after_[step.index]);
  }
  void operator()(const DropIndex& step) {
    see_index(before_, step.index);
    see_source(before_[step.index].table);
    if (before_[step.index].kind == IndexKind::unique) see_target(before_, before_[step.index].table);
  }
  void operator()(const CreateEnum& step) { see_enum(after_[step.id]); }
  void operator()(const AlterEnum& step) {
    see_enum(before_[step.enums.before]);
    if (!step.recreates()) return;
    for (const Pair<ColumnId>& columns : step.columns) see_view(before_, columns.before);
  }
  void operator()(const RenameEnum& step) { see_enum(before_[step.enums.before]); }
  void operator()(const DropEnum& step) { see_enum(before_[step.id]); }
  void operator()(const RenameIndex& step) { see_index(before_, step.indexes.before); }
  void operator()(const AddForeignKey& step) {
    see_key(after_, step.key, true);
    see_taken(after_[step.key]);
  }
  void operator()(const DropForeignKey& step) { see_key(before_, step.key); }
  void operator()(const RenameForeignKey& step) { see_key(before_, step.keys.before); }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void add(const Expansion& expansion) {
    if (std::ranges::find(found_, expansion) == found_.end()) found_.push_back(expansion);
  }

  // Columns that are there, and that the difference knows nothing of.
  struct HiddenColumn {
    ColumnId column;  // of the real catalog
    const Expansion* expansion;
  };
  void find_hidden() {
    for (const Expansion& each : expansions_) {
      const auto table = table_of(real_, each, difference_.default_schema);
      if (!table || each.kind == Kind::rename_table || each.kind == Kind::drop_enum) continue;
      for (const ColumnId column : real_[*table].columns)
        if (each.kind == Kind::drop_table || real_[column].name == each.column)
          hidden_.push_back({.column = column, .expansion = &each});
    }
  }
  void see_enum(const Enum& row) {
    for (const HiddenColumn& each : hidden_) {
      const std::optional<EnumId> type = real_[each.column].type.enum_id;
      if (type && real_[*type].name == row.name) add(*each.expansion);
    }
  }
  // A table loses a key or a column, which a foreign key may need.
  void see_target(const Catalog& catalog, TableId table) {
    for (const ForeignKey& key : real_.foreign_keys)
      for (const HiddenColumn& each : hidden_)
        if (real_[key.target].name == catalog[table].name && is_in(key.columns, each.column))
          add(*each.expansion);
  }

  // MySQL: an index or column of the table that goes may be what a foreign key stands on.
  void see_source(TableId table) {
    if (real_.engine != Engine::mysql) return;
    for (const ForeignKey& key : real_.foreign_keys)
      for (const HiddenColumn& each : hidden_)
        if (real_[key.table].name == before_[table].name &&
            (is_in(key.columns, each.column) || is_in(key.target_columns, each.column)))
          add(*each.expansion);
  }
  // Names that something has which is not seen.
  void see_taken(const ForeignKey& made) {
    for (const ForeignKey& key : real_.foreign_keys) {
      if (key.name != made.name || real_[key.table].name != after_[made.table].name) continue;
      for (const HiddenColumn& each : hidden_)
        if (is_in(key.columns, each.column) || is_in(key.target_columns, each.column)) add(*each.expansion);
    }
  }
  void see_taken(const Index& made) {
    for (const Index& index : real_.indexes)
      if (index.name == made.name) see_hidden(index);
  }
  void see_hidden(const Index& index) {
    for (const HiddenColumn& each : hidden_)
      if (is_over(index, each.column)) add(*each.expansion);
  }
  // An index that is not seen has to stand another type.
  void see_indexed(ColumnId column) {
    for (const Index& index : real_.indexes)
      if (real_[index.table].name == before_[before_[column].table].name &&
          std::ranges::any_of(index.parts, [&](const IndexPart& part) {
            return part.column && real_[*part.column].name == before_[column].name;
          }))
        see_hidden(index);
  }
  static bool is_in(const std::vector<ColumnId>& columns, ColumnId column) {
    return std::ranges::find(columns, column) != columns.end();
  }
  static bool is_over(const Index& index, ColumnId column) {
    return is_in(index.included, column) ||
           std::ranges::any_of(index.parts, [&](const IndexPart& part) { return part.column == column; });
  }

  void see_table(const Catalog& catalog, TableId table) {
    for (const Expansion& each : expansions_)
      if (catalog[table].name == (each.kind == Kind::rename_table ? each.to : each.table)) add(each);
  }
  // A name that is taken still.
  void see_name(const std::string& table) {
    for (const Expansion& each : expansions_)
      if ((each.kind == Kind::rename_table || each.kind == Kind::drop_table) && each.table == table)
        add(each);
  }
  // `made`: something more over it. The new one of two columns has its own name already, except where it is
  // to get the old one's.
  void see_column(const Catalog& catalog, ColumnId column, bool made = false) {
    const Table& table = catalog[catalog[column].table];
    for (const Expansion& each : expansions_)
      if (!each.column.empty() && each.table == table.name && !(made && each.kind == Kind::rename_column) &&
          (catalog[column].name == each.column || catalog[column].name == each.to))
        add(each);
  }
  // The view under a table's old name keeps the types of its columns.
  void see_view(const Catalog& catalog, ColumnId column) {
    for (const Expansion& each : expansions_)
      if (each.kind == Kind::rename_table && each.to == catalog[catalog[column].table].name) add(each);
  }
  void see_change(const ColumnChange& change) {
    see_column(before_, change.columns.before);
    if (!change.type_changed) return;
    see_view(before_, change.columns.before);
    see_indexed(change.columns.before);
    see_target(before_, before_[change.columns.before].table);
  }
  void see_drop(ColumnId column) {
    see_column(before_, column);
    see_view(before_, column);
    see_source(before_[column].table);
    if (real_.engine == Engine::mysql) see_indexed(column);
    see_target(before_, before_[column].table);
  }
  void see_index(const Catalog& catalog, IndexId index, bool made = false) {
    for (const IndexPart& part : catalog[index].parts)
      if (part.column) see_column(catalog, *part.column, made);
  }
  void see_key(const Catalog& catalog, ForeignKeyId key, bool made = false) {
    for (const ColumnId column : catalog[key].columns) see_column(catalog, column, made);
    for (const ColumnId column : catalog[key].target_columns) see_column(catalog, column, made);
  }

  const Difference& difference_;
  const Catalog& before_;
  const Catalog& after_;
  const Catalog& real_;
  const std::vector<Expansion>& expansions_;
  std::vector<HiddenColumn> hidden_;
  std::vector<Expansion> found_;
};

}  // namespace

std::vector<Expansion> in_the_way(const Difference& difference, const Catalog& real,
                                  const std::vector<Expansion>& expansions) {
  return Conflicts(difference, real, expansions).run();
}

}  // namespace tenon::migrate
