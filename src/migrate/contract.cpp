// The second step: what was put beside the old takes its place. And the way back of the first.
#include <algorithm>
#include <set>

#include <fmt/format.h>

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

// Until it is dropped a column that no trigger fills any more must refuse no row: what an engine takes as
// its default. Empty: it has to become optional.
std::string_view any_value(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
      return "0";
    case TypeKind::varchar:
    case TypeKind::character:
      return "''";
    case TypeKind::text:
      return "('')";
    case TypeKind::json:
      return "('null')";
    case TypeKind::date:
      return "'1970-01-01'";
    case TypeKind::time:
      return "'00:00:00'";
    case TypeKind::timestamp:
      return "'1970-01-01 00:00:00'";
    default:
      return {};
  }
}

bool drops_index(const Step& step) { return std::holds_alternative<DropIndex>(step); }

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
    for (const Expansion& each : expansions_) {
      const auto table = table_of(real_, each, default_schema_);
      if (!table) continue;
      const std::string name = is_mysql() ? quoted(real_[*table].name) : names.table(real_, *table);
      if (each.kind == Kind::rename_table && real_[*table].is_view()) {
        views += fmt::format("DROP VIEW {};\n", name);
        if (const auto view = table_of(left, each, default_schema_)) remove_table(left, *view);
        continue;
      }
      if (!has_sync(each) || !real_.find_column(*table, each.column)) continue;
      Sync sync{.engine = real_.engine, .table = name, .name = sync_name(each.table, each.column)};
      if (!is_mysql()) sync.function = names.prefix(real_, real_[*table].schema) + quoted(sync.name);
      text += drop_sync(sync);
    }
    const bool by_steps = is_mysql() && !text.empty();
    const std::string defaults = by_steps ? take_defaults(left, wanted) : "";
    const Difference rest = changes(left, wanted, std::move(renames));
    if (!views.empty()) views = fmt::format("-- DropView\n{}\n", views);
    if (!text.empty()) text = fmt::format("-- DropTrigger\n{}\n", text);
    if (!by_steps) return views + text + (rest.empty() ? "" : to_text(approved(rest, spare)));
    // Each statement is kept by itself there, and whoever writes in between is to be refused nothing: before
    // the triggers go, so does what a row without a value of its own would be refused for.
    Script before = approved(rest, spare);
    Script behind = before;
    std::erase_if(before.steps, [&](const ScriptStep& each) { return !drops_index(rest.steps[each.step]); });
    std::erase_if(behind.steps, [&](const ScriptStep& each) { return drops_index(rest.steps[each.step]); });
    if (!before.empty()) views += to_text(before) + '\n';
    return views + defaults + optional(spare) + text + (behind.empty() ? "" : to_text(behind));
  }

 private:
  bool is_mysql() const { return real_.engine == Engine::mysql; }
  std::string quoted(std::string_view name) const { return quote_name(real_.engine, name); }

  Difference changes(const Catalog& from, const Catalog& to, std::vector<Rename> renames) const {
    return diff({.before = &from, .after = &to},
                {.origins = {.before = Origin::database, .after = Origin::database},
                 .renames = std::move(renames),
                 .default_schema = default_schema_,
                 .enum_order = true});
  }

  // Of new columns, whose values came by way of the old ones.
  std::string take_defaults(Catalog& left, const Catalog& wanted) const {
    const Catalog before = left;
    for (const Expansion& each : expansions_) {
      const auto table = table_of(left, each, default_schema_);
      const auto other = table_of(wanted, each, default_schema_);
      if (each.kind != Kind::rename_column || !table || !other) continue;
      const auto column = left.find_column(*table, each.to);
      const auto to = wanted.find_column(*other, each.to);
      if (column && to) left[*column].default_value = wanted[*to].default_value;
    }
    const Difference steps = changes(before, left, {});
    return steps.empty() ? "" : to_text(render(steps, {.online = true})) + '\n';
  }

  // Of old columns, which nobody writes any more.
  std::string optional(const std::set<Spare>& spare) const {
    std::string text;
    for (const Spare& each : spare) {
      const auto table = table_of(real_, {.table = each.table}, default_schema_);
      const auto id = table ? real_.find_column(*table, each.column) : std::nullopt;
      if (!id) continue;
      const Column& column = real_[*id];
      if (column.nullable || column.default_value.kind != Default::Kind::none) continue;
      const std::string_view value = any_value(column.type.kind);
      const std::string name = quoted(column.name);
      text +=
          fmt::format("ALTER TABLE {} {};\n", quoted(each.table),
                      value.empty() ? fmt::format("MODIFY {} {} NULL", name, mysql_type(real_, column.type))
                                    : fmt::format("ALTER COLUMN {} SET DEFAULT {}", name, value));
    }
    return text.empty() ? text : fmt::format("-- AlterTable\n{}\n", text);
  }

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

// The new column takes the old one's name in one statement, and the triggers go on to fill the other: they
// name both.
std::string swap_names(Catalog& catalog, TableId table, const Expansion& expansion) {
  const auto was = catalog.find_column(table, expansion.column);
  const auto is = catalog.find_column(table, expansion.to);
  if (!was || !is) return {};
  std::swap(catalog[*was].name, catalog[*is].name);
  const std::string one = quote_name(catalog.engine, expansion.column);
  const std::string other = quote_name(catalog.engine, expansion.to);
  return fmt::format("ALTER TABLE {0} RENAME COLUMN {1} TO {2}, RENAME COLUMN {2} TO {1};\n",
                     quote_name(catalog.engine, expansion.table), one, other);
}

}  // namespace

std::string contract(const Catalog& real, const std::vector<Expansion>& expansions,
                     const std::string& default_schema) {
  std::string text;
  std::vector<Expansion> moves;
  std::vector<Expansion> removals;
  std::vector<Rename> renames;
  std::set<Spare> spare;
  std::string swaps;
  Catalog begun = real;
  for (const Expansion& each : expansions) {
    text += fmt::format("-- tenon: contract {}\n", to_string(each));
    (has_sync(each) || each.kind == Kind::rename_table ? moves : removals).push_back(each);
    const auto table = table_of(real, each, default_schema);
    if (!table || !has_sync(each)) continue;
    const bool swapped = each.kind == Kind::change_type && real.engine == Engine::mysql;
    spare.insert({each.table, swapped ? each.to : each.column});
    if (swapped) {
      swaps += swap_names(begun, *table, each);
    } else if (each.kind == Kind::change_type) {
      renames.push_back({.from = path_of(real, *table, each.to), .to = path_of(real, *table, each.column)});
    }
  }
  if (!swaps.empty()) text += "\n-- RenameColumn\n" + swaps;
  // Removals come in statements of their own, for they are approved of by people.
  const Catalog moved = settled(real, moves, default_schema);
  for (const std::string& part :
       {Ending(begun, moves, default_schema).script(moved, std::move(renames), spare),
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
