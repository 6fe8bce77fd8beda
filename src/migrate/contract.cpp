// The second step: what was put beside the old takes its place. And the way back of the first.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "migrate/ddl.h"
#include "migrate/edit.h"
#include "migrate/expand.h"
#include "migrate/render.h"
#include "migrate/render_postgres.h"
#include "migrate/sync.h"

namespace tenon::migrate {

using namespace catalog;
using Kind = Expansion::Kind;

namespace {

bool has_sync(const Expansion& expansion) {
  return expansion.kind == Kind::rename_column || expansion.kind == Kind::change_type;
}

std::string path_of(const Catalog& catalog, TableId table, const std::string& column = {}) {
  return catalog[catalog[table].schema].name + "." + catalog[table].name +
         (column.empty() ? "" : "." + column);
}

// A column whose values another one has too.
struct Spare {
  std::string table;
  std::string column;
  friend auto operator<=>(const Spare&, const Spare&) = default;
};

// What both ways out of an expansion share.
class Ending {
 public:
  Ending(const Catalog& real, const std::vector<Expansion>& expansions, const std::string& default_schema)
      : real_(real), expansions_(expansions), default_schema_(default_schema) {}

  // Views and triggers that go, and then what leads to `wanted`.
  std::string script(const Catalog& wanted, std::vector<Rename> renames, const std::set<Spare>& spare) {
    const Difference shape{.catalogs = {&real_, &real_}, .default_schema = default_schema_};
    const PostgresNames names(shape);
    std::string views;
    std::string text;
    Catalog left = real_;
    std::set<std::string> tables;
    for (const Expansion& each : expansions_) {
      const auto table = table_of(real_, each, default_schema_);
      if (!table) continue;
      const std::string name = is_mysql() ? quoted(real_[*table].name) : names.table(real_, *table);
      if (each.kind == Kind::rename_table && real_[*table].is_view()) {
        views += fmt::format("DROP VIEW {};\n", name);
        if (const auto view = table_of(left, each, default_schema_)) remove_table(left, *view);
        continue;
      }
      tables.insert(name);
      if (!has_sync(each) || !real_.find_column(*table, each.column)) continue;
      Sync sync{.engine = real_.engine, .table = name, .name = sync_name(each.table, each.column)};
      if (!is_mysql()) sync.function = names.prefix(real_, real_[*table].schema) + quoted(sync.name);
      text += drop_sync(sync);
    }
    const Difference rest = diff({.before = &left, .after = &wanted},
                                 {.origins = {.before = Origin::database, .after = Origin::database},
                                  .renames = std::move(renames),
                                  .default_schema = default_schema_,
                                  .enum_order = true});
    const bool locks = is_mysql() && !text.empty();
    if (!views.empty()) views = fmt::format("-- DropView\n{}\n", views);
    if (!text.empty()) text = fmt::format("-- DropTrigger\n{}\n", text);
    const std::string changes = rest.empty() ? "" : to_text(approved(rest, spare));
    if (!locks) return views + text + changes;
    // Nobody writes a row that one of the columns would miss. If the migration is killed, and the locks with
    // it, triggers that name a column which is gone refuse such rows: so they go last.
    return views +
           fmt::format("-- tenon: approve lock-table\nLOCK TABLES {} WRITE;\n\n{}\n{}UNLOCK TABLES;\n",
                       fmt::join(tables, " WRITE, "), changes, text);
  }

 private:
  bool is_mysql() const { return real_.engine == Engine::mysql; }
  std::string quoted(std::string_view name) const { return quote_name(real_.engine, name); }

  // Steps that drop nothing but such columns need no approval of somebody else.
  static Script approved(const Difference& difference, const std::set<Spare>& spare) {
    Script script = render(difference);
    for (ScriptStep& each : script.steps) {
      const Step& step = difference.steps[each.step];
      const auto* alter = std::get_if<AlterTable>(&step);
      if (alter == nullptr) continue;
      bool drops = false;
      const bool all = std::ranges::all_of(alter->changes, [&](const TableChange& change) {
        const auto* drop = std::get_if<DropColumn>(&change);
        drops = drops || drop != nullptr;
        const Catalog& before = difference.before();
        return drop == nullptr ||
               spare.contains({before[before[drop->column].table].name, before[drop->column].name});
      });
      if (drops && all) each.comment += "-- tenon: approve drop-column\n";
    }
    return script;
  }

  const Catalog& real_;
  const std::vector<Expansion>& expansions_;
  const std::string& default_schema_;
};

}  // namespace

std::string contract(const Catalog& real, const std::vector<Expansion>& expansions,
                     const std::string& default_schema) {
  std::string text;
  std::vector<Expansion> moves;
  std::vector<Expansion> removals;
  std::vector<Rename> renames;
  std::set<Spare> spare;
  for (const Expansion& each : expansions) {
    text += fmt::format("-- tenon: contract {}\n", to_string(each));
    (has_sync(each) || each.kind == Kind::rename_table ? moves : removals).push_back(each);
    const auto table = table_of(real, each, default_schema);
    if (!table || !has_sync(each)) continue;
    spare.insert({each.table, each.column});
    if (each.kind == Kind::change_type)
      renames.push_back({.from = path_of(real, *table, each.to), .to = path_of(real, *table, each.column)});
  }
  // Removals come in statements of their own, for they are approved of by people.
  const Catalog moved = settled(real, moves, default_schema);
  for (const std::string& part :
       {Ending(real, moves, default_schema).script(moved, std::move(renames), spare),
        Ending(moved, removals, default_schema).script(settled(moved, removals, default_schema), {}, {})})
    if (!part.empty()) text += "\n" + part;
  return text;
}

std::string undo_expand(const Catalog& with, const Catalog& without, const std::vector<Expansion>& expansions,
                        const std::string& default_schema) {
  std::vector<Rename> renames;
  std::set<Spare> spare;
  for (const Expansion& each : expansions) {
    if (has_sync(each)) spare.insert({each.table, each.to});
    const auto view = table_of(with, each, default_schema);
    if (each.kind == Kind::rename_table && view)
      renames.push_back({.from = with[with[*view].schema].name + "." + each.to, .to = path_of(with, *view)});
  }
  return Ending(with, expansions, default_schema).script(without, std::move(renames), spare);
}

}  // namespace tenon::migrate
