#include "migrate/expand.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "migrate/cast.h"
#include "migrate/ddl.h"
#include "migrate/edit.h"
#include "migrate/hazard_rules.h"
#include "migrate/render.h"
#include "migrate/render_postgres.h"
#include "migrate/sync.h"

namespace tenon::migrate {

using namespace catalog;
using Kind = Expansion::Kind;

namespace {

// Types whose own equality is exact.
bool has_exact_equality(Engine engine, const ColumnType& type) {
  if (type.is_array() || !type.domain.empty()) return false;
  constexpr std::array kinds{TypeKind::boolean,   TypeKind::int8,        TypeKind::int16, TypeKind::int24,
                             TypeKind::int32,     TypeKind::int64,       TypeKind::uuid,  TypeKind::date,
                             TypeKind::timestamp, TypeKind::timestamptz, TypeKind::time,  TypeKind::bytes,
                             TypeKind::jsonb};
  if (std::ranges::find(kinds, type.kind) != kinds.end()) return true;
  const bool is_text = type.kind == TypeKind::text || type.kind == TypeKind::varchar;
  return engine == Engine::postgresql &&
         ((is_text && !type.native.contains("citext")) || type.kind == TypeKind::enumeration);
}

// A column that gets another beside it.
struct Beside {
  Expansion expansion;
  ColumnId was;  // of the catalog before
  Column is;     // as it is to be in the end
};

class Planner {
 public:
  // `excluded` change in one step.
  Planner(const Difference& difference, const std::vector<Expansion>& excluded)
      : difference_(difference),
        before_(difference.before()),
        after_(difference.after()),
        excluded_(excluded),
        names_(difference) {}

  Expanded run() {
    for (const Step& step : difference_.steps) {
      if (const auto* rename = std::get_if<RenameTable>(&step)) rename_table(*rename);
      if (const auto* rename = std::get_if<RenameColumn>(&step)) rename_column(*rename);
      if (const auto* drop = std::get_if<DropTable>(&step)) drop_table(drop->table);
      if (const auto* alter = std::get_if<AlterTable>(&step))
        for (const TableChange& change : alter->changes) change_table(*alter, change);
    }
    for (const Step& step : difference_.steps)
      if (const auto* drop = std::get_if<DropEnum>(&step); drop != nullptr && !drop->replaced)
        drop_enum(drop->id);
    write();
    return std::move(result_);
  }

 private:
  struct Filled {
    Expansion place;  // table and column
    Default value;
    bool added = false;
    Column column;
  };

  Engine engine() const { return before_.engine; }
  bool is_mysql() const { return engine() == Engine::mysql; }
  std::string quoted(std::string_view name) const { return quote_name(engine(), name); }

  std::string schema_word(const Catalog& catalog, TableId table) const {
    if (is_mysql()) return {};
    const std::string& schema = catalog[catalog[table].schema].name;
    return schema == difference_.default_schema ? "" : schema;
  }
  std::string shown(TableId table, const std::string& column = {}) const {
    return before_[table].name + (column.empty() ? "" : ".") + column;
  }

  void rename_table(const RenameTable& step) {
    const Table& was = before_[step.tables.before];
    const Table& is = after_[step.tables.after];
    const bool swaps = !step.from.empty() || !step.to.empty();
    const bool taken = std::ranges::any_of(before_.tables, [&](const Table& other) {
      return other.name == is.name && (is_mysql() || before_[other.schema].name == after_[is.schema].name);
    });
    if (swaps || taken || (!is_mysql() && before_[was.schema].name != after_[is.schema].name) ||
        was.kind != TableKind::table) {
      result_.at_once.push_back(fmt::format("{} gets the name {} at once", was.name, is.name));
      return;
    }
    Expansion expansion{.kind = Kind::rename_table,
                        .schema = schema_word(before_, step.tables.before),
                        .table = was.name,
                        .to = is.name};
    if (!begin(expansion)) return;
    renamed_tables_[step.tables.before.value] = is.name;
  }

  // False: other changes of the same script are about it.
  bool begin(const Expansion& expansion) {
    const bool excluded = std::ranges::any_of(excluded_, [&](const Expansion& each) {
      return each.kind == expansion.kind && each.schema == expansion.schema &&
             each.column == expansion.column && each.to == expansion.to &&
             (each.column.empty() ? each.table == expansion.table : true);
    });
    if (excluded)
      result_.at_once.push_back(fmt::format("{} is one step, for more of it changes", to_string(expansion)));
    else
      result_.expansions.push_back(expansion);
    return !excluded;
  }

  void drop_table(TableId table) {
    const bool taken = std::ranges::any_of(difference_.steps, [&](const Step& step) {
      const auto* rename = std::get_if<RenameTable>(&step);
      return rename != nullptr && after_[rename->tables.after].name == before_[table].name;
    });
    if (taken || before_[table].kind != TableKind::table) return;
    begin({.kind = Kind::drop_table, .schema = schema_word(before_, table), .table = before_[table].name});
  }

  // It stays as long as a column that is of it.
  void drop_enum(EnumId id) {
    const Enum& row = before_[id];
    const bool used = std::ranges::any_of(before_.columns, [&](const Column& column) {
      return column.type.enum_id == id && std::ranges::any_of(result_.expansions, [&](const Expansion& each) {
               return (each.kind == Kind::drop_table && each.table == before_[column.table].name) ||
                      (each.kind == Kind::drop_column &&
                       each == place(Kind::drop_column, column.table, column.name));
             });
    });
    if (!used) return;
    const std::string& schema = before_[row.schema].name;
    begin({.kind = Kind::drop_enum,
           .schema = schema == difference_.default_schema ? "" : schema,
           .table = row.name});
  }

  // Names of a column's place while the expansion is open.
  Expansion place(Kind kind, TableId table, const std::string& column) const {
    const auto renamed = renamed_tables_.find(table.value);
    return {.kind = kind,
            .schema = schema_word(before_, table),
            .table = renamed == renamed_tables_.end() ? before_[table].name : renamed->second,
            .column = column};
  }

  void rename_column(const RenameColumn& step) {
    const bool swaps = !step.from.empty() || !step.to.empty();
    const Column& was = before_[step.columns.before];
    Column is = after_[step.columns.after];
    std::string why = swaps ? "its name is given again" : why_not(step.columns.before);
    const bool retyped = type_changes(step.columns.before);
    if (why.empty() && before_.find_column(was.table, is.name)) why = "its new name is taken";
    if (why.empty() && retyped) why = why_not_retyped(step.columns);
    if (!why.empty()) {
      result_.at_once.push_back(
          fmt::format("{} gets the name {} at once: {}", shown(was.table, was.name), is.name, why));
      return;
    }
    if (!retyped) is.type = was.type;
    is.collation = was.collation;
    Expansion expansion = place(Kind::rename_column, was.table, was.name);
    expansion.to = is.name;
    add_beside(std::move(expansion), step.columns.before, std::move(is));
  }

  void add_beside(Expansion expansion, ColumnId was, Column is) {
    if (!begin(expansion)) return;
    beside_.push_back({.expansion = std::move(expansion), .was = was, .is = std::move(is)});
  }

  bool type_changes(ColumnId column) const {
    return std::ranges::any_of(difference_.steps, [&](const Step& step) {
      const auto* alter = std::get_if<AlterTable>(&step);
      return alter != nullptr && std::ranges::any_of(alter->changes, [&](const TableChange& change) {
               const auto* altered = std::get_if<AlterColumn>(&change);
               return altered != nullptr && altered->change.columns.before == column &&
                      altered->change.type_changed;
             });
    });
  }

  static bool is_in(const std::vector<ColumnId>& columns, ColumnId column) {
    return std::ranges::find(columns, column) != columns.end();
  }
  static bool is_over(const Index& index, ColumnId column) {
    return is_in(index.included, column) ||
           std::ranges::any_of(index.parts, [&](const IndexPart& part) { return part.column == column; });
  }
  static bool is_special(const Index& index) {
    return index.has_expressions() || !index.predicate.empty() || index.deferrable ||
           index.kind == IndexKind::fulltext || index.kind == IndexKind::spatial;
  }

  // Why a column cannot have another beside it; empty: it can.
  std::string why_not(ColumnId id) const {
    const Column& column = before_[id];
    const Table& table = before_[column.table];
    if (table.kind != TableKind::table || table.has_subclasses || table.inherits)
      return "its table has partitions or heirs";
    if (column.default_value.kind == Default::Kind::autoincrement || column.identity != Identity::none)
      return "it numbers the rows";
    if (!column.generated.empty()) return "it is generated";
    if (is_mysql() && !column.nullable && column.type.kind == TypeKind::timestamptz)
      return "it is a TIMESTAMP";
    for (const ColumnId other : table.columns)
      if (before_[other].generated.contains(column.name)) return "a generated column reads it";
    for (const IndexId index : table.indexes) {
      if (before_[index].kind == IndexKind::primary && is_over(before_[index], id))
        return "it is part of the primary key";
      if (is_special(before_[index]) && (is_over(before_[index], id) || reads(before_[index], column.name)))
        return fmt::format("the index {} is not one that can be copied", before_[index].name);
    }
    for (const CheckConstraint& check : before_.checks)
      if (check.table == column.table && (is_in(check.columns, id) || check.definition.contains(column.name)))
        return fmt::format("the check {} reads it", check.name);
    for (const ExclusionConstraint& each : before_.exclusions)
      if (each.table == column.table) return fmt::format("the table has the constraint {}", each.name);
    for (const ForeignKey& key : before_.foreign_keys) {
      if (is_in(key.target_columns, id) && key.target == column.table && !key.emulated)
        return fmt::format("the foreign key {} names it", key.name);
      if (is_mysql() && is_in(key.columns, id) && !key.emulated)
        return fmt::format("it is part of the foreign key {}, and MySQL cannot add one beside writers",
                           key.name);
    }
    return {};
  }

  static bool reads(const Index& index, const std::string& column) {
    return index.predicate.contains(column) || std::ranges::any_of(index.parts, [&](const IndexPart& part) {
             return part.expression.contains(column);
           });
  }

  std::string why_not_retyped(Pair<ColumnId> columns) const {
    const Column& was = before_[columns.before];
    const Column& is = after_[columns.after];
    if (was.type.enum_id || is.type.enum_id || !is.type.domain.empty())
      return "its type is an enum or a domain";
    if (is_mysql() && was.name != is.name) return "its type changes with it";
    if (is_mysql()) return !is.nullable && has_changing_default(is) ? "its default is no constant" : "";
    if (!postgres_using({&was.type, &is.type})) return "nothing converts its values";
    if (was.name != is.name && !postgres_using({&is.type, &was.type}))
      return "nothing converts its values back";
    const bool has_default =
        was.default_value.kind != Default::Kind::none || is.default_value.kind != Default::Kind::none;
    if (was.name != is.name && has_default) return "its type changes with it, and it has a default";
    return {};
  }

  void change_table(const AlterTable& step, const TableChange& change) {
    if (const auto* add = std::get_if<AddColumn>(&change)) add_column_filled(step.tables.before, add->column);
    if (const auto* drop = std::get_if<DropColumn>(&change)) drop_column(step, drop->column);
    if (const auto* alter = std::get_if<AlterColumn>(&change)) alter_column(alter->change);
  }

  // A default with another value in each row would write all rows at once.
  void add_column_filled(TableId table, ColumnId id) {
    const Column& column = after_[id];
    if (is_mysql() || column.default_value.kind != Default::Kind::expression || !column.generated.empty() ||
        !adding_rewrites(engine(), column) || column.type.enum_id)
      return;
    filled_.push_back({.place = place(Kind::rename_column, table, column.name),
                       .value = column.default_value,
                       .added = true,
                       .column = column});
  }

  void drop_column(const AlterTable& step, ColumnId id) {
    const Column& column = before_[id];
    const bool comes_again =
        after_.find_column(step.tables.after, column.name).has_value();  // a rename gives its name again
    const std::optional<IndexId> key = before_.primary_key(column.table);
    if (comes_again || (key && is_over(before_[*key], id))) return;
    if (column.default_value.kind == Default::Kind::autoincrement) return;
    begin(place(Kind::drop_column, column.table, column.name));
  }

  void alter_column(const ColumnChange& change) {
    const Column& was = before_[change.columns.before];
    const Column& is = after_[change.columns.after];
    if (was.name != is.name) return;  // with the rename
    if (change.type_changed) {
      if (!change_rewrites(engine(), {&was.type, &is.type})) return;
      std::string why = change.recreates() ? "nothing converts its values" : why_not(change.columns.before);
      if (why.empty()) why = why_not_retyped(change.columns);
      if (!why.empty()) {
        result_.at_once.push_back(
            fmt::format("{} gets its type at once: {}", shown(was.table, was.name), why));
        return;
      }
      Expansion expansion = place(Kind::change_type, was.table, was.name);
      expansion.to = name_beside(was.name, "_new");
      Column beside = is;
      beside.name = expansion.to;
      beside.comment.clear();
      if (!before_.find_column(was.table, expansion.to))
        add_beside(std::move(expansion), change.columns.before, std::move(beside));
      return;
    }
    const bool has_value =
        is.default_value.kind != Default::Kind::none && is.default_value.kind != Default::Kind::autoincrement;
    if (change.becomes_required(difference_.catalogs) && has_value && !is.type.enum_id &&
        !(is_mysql() && has_changing_default(is)))
      filled_.push_back({.place = place(Kind::rename_column, was.table, was.name),
                         .value = is.default_value,
                         .column = is});
  }

  // ---- writing

  // The script of what leads from one catalog of a database to another.
  std::string changes(const Catalog& from, const Catalog& to) const {
    const Difference steps = diff({.before = &from, .after = &to},
                                  {.origins = {.before = Origin::database, .after = Origin::database},
                                   .default_schema = difference_.default_schema,
                                   .names_schemas = difference_.names_schemas,
                                   .is_mariadb = difference_.is_mariadb});
    return steps.empty() ? "" : to_text(render(steps, {.online = true}));
  }

  void append(const std::string& title, const std::string& text) {
    if (text.empty()) return;
    if (!result_.script.empty()) result_.script += '\n';
    if (!title.empty()) result_.script += fmt::format("-- {}\n", title);
    result_.script += text;
  }

  TableId table_in(const Catalog& catalog, const Expansion& place) const {
    return table_of(catalog, place, difference_.default_schema).value_or(TableId{});
  }
  std::string table_text(const Catalog& catalog, const Expansion& place) const {
    const TableId table = table_in(catalog, place);
    return is_mysql() ? quoted(catalog[table].name) : names_.table(catalog, table);
  }

  void write() {
    Catalog made = before_;
    rename_tables(made);
    Catalog added = made;
    add_columns(added);
    append("", changes(made, added));
    made = added;
    set_defaults(added);
    append("", changes(made, added));
    for (const Beside& each : beside_) append("CreateTrigger", create_sync(sync_of(added, each)));
    for (const Beside& each : beside_) append("Backfill", fill(sync_of(added, each)));
    for (const Filled& each : filled_) append("Backfill", fill_values(added, each));
    made = added;
    complete(added);
    append("", changes(made, added));
    result_.real = std::move(added);
    result_.made = settled(result_.real, result_.expansions, difference_.default_schema);
  }

  void rename_tables(Catalog& made) {
    std::string text;
    for (const auto& [id, name] : renamed_tables_) {
      const std::string schema = is_mysql() ? "" : names_.prefix(before_, before_.tables[id].schema);
      text += renaming(schema, before_.tables[id].name, name);
      made.tables[id].name = name;
    }
    append("RenameTable", text);
  }

  // Nobody sees a moment without either name.
  std::string renaming(const std::string& schema, const std::string& was, const std::string& is) const {
    if (!is_mysql())
      return fmt::format("ALTER TABLE {0}{1} RENAME TO {2};\nCREATE VIEW {0}{1} AS SELECT * FROM {0}{2};\n",
                         schema, quoted(was), quoted(is));
    const std::string view = name_beside(was, "_view");
    const std::string empty = name_beside(was, "_empty");
    return fmt::format(
        "CREATE TABLE {0} LIKE {1};\nCREATE VIEW {2} AS SELECT * FROM {0};\n"
        "RENAME TABLE {0} TO {3}, {1} TO {0}, {2} TO {1};\nDROP TABLE {3};\n",
        quoted(is), quoted(was), quoted(view), quoted(empty));
  }

  // Optional ones without a default: that needs no look at a row.
  void add_columns(Catalog& made) const {
    for (const Beside& each : beside_) {
      Column column = each.is;
      column.table = table_in(made, each.expansion);
      column.nullable = true;
      column.default_value = {};
      column.client_default = {};
      column.comment.clear();
      tenon::migrate::add_column(made, std::move(column));
    }
    for (const Filled& each : filled_) {
      if (!each.added) continue;
      Column column = each.column;
      column.table = table_in(made, each.place);
      column.nullable = true;
      column.default_value = {};
      tenon::migrate::add_column(made, std::move(column));
    }
    for (const Expansion& each : result_.expansions)
      if (each.kind == Kind::drop_column) {
        Column& column = made[*made.find_column(table_in(made, each), each.column)];
        if (column.default_value.kind == Default::Kind::none) column.nullable = true;
      }
  }

  void set_defaults(Catalog& made) const {
    for (const Filled& each : filled_)
      made[*made.find_column(table_in(made, each.place), each.place.column)].default_value = each.value;
    for (const Beside& each : beside_)
      if (each.expansion.kind == Kind::rename_column && default_changes(each.was))
        made[*made.find_column(table_in(made, each.expansion), each.expansion.column)].default_value =
            each.is.default_value;
  }

  bool default_changes(ColumnId column) const {
    return std::ranges::any_of(difference_.steps, [&](const Step& step) {
      const auto* alter = std::get_if<AlterTable>(&step);
      return alter != nullptr && std::ranges::any_of(alter->changes, [&](const TableChange& change) {
               const auto* altered = std::get_if<AlterColumn>(&change);
               return altered != nullptr && altered->change.columns.before == column &&
                      altered->change.default_changed;
             });
    });
  }

  // What is required, the indexes and the keys.
  void complete(Catalog& made) const {
    for (const Filled& each : filled_)
      made[*made.find_column(table_in(made, each.place), each.place.column)].nullable = each.column.nullable;
    for (const Beside& each : beside_) {
      Column& column = made[*made.find_column(table_in(made, each.expansion), each.expansion.to)];
      column.nullable = each.is.nullable;
      if (each.expansion.kind == Kind::change_type) column.default_value = each.is.default_value;
    }
    for (std::uint32_t i = 0; i < before_.tables.size(); ++i) copy_keys(made, TableId{i});
  }

  // Each index and foreign key over old columns once more, over the new ones.
  void copy_keys(Catalog& made, TableId table) const {
    std::map<std::string, std::string> renamed;
    for (const Beside& each : beside_)
      if (before_[each.was].table == table) renamed[each.expansion.column] = each.expansion.to;
    if (renamed.empty()) return;
    const auto new_column = [&](ColumnId old) {
      const auto found = renamed.find(made[old].name);
      return found == renamed.end() ? old : *made.find_column(table, found->second);
    };
    const std::vector<Index> indexes(
        made.indexes.begin() + made[table].indexes.first,
        made.indexes.begin() + made[table].indexes.first + made[table].indexes.count);
    for (Index index : indexes) {
      bool touched = false;
      for (IndexPart& part : index.parts)
        if (part.column)
          touched = std::exchange(part.column, new_column(*part.column)) != part.column || touched;
      for (ColumnId& column : index.included)
        touched = std::exchange(column, new_column(column)) != column || touched;
      if (!touched) continue;
      const std::optional<std::string> name = index_name(made, index);
      if (!name) continue;
      index.is_constraint = false;
      index.name = *name;
      tenon::migrate::add_index(made, std::move(index));
    }
    const std::vector<ForeignKey> keys(
        made.foreign_keys.begin() + made[table].foreign_keys.first,
        made.foreign_keys.begin() + made[table].foreign_keys.first + made[table].foreign_keys.count);
    for (ForeignKey key : keys) {
      bool touched = false;
      for (ColumnId& column : key.columns)
        touched = std::exchange(column, new_column(column)) != column || touched;
      if (!touched || key.emulated) continue;
      const std::optional<std::string> name = key_name(made, key);
      if (!name) continue;
      key.name = *name;
      tenon::migrate::add_foreign_key(made, std::move(key));
    }
  }

  // What the schema files call a column.
  std::string seen_name(const Catalog& made, ColumnId column) const {
    const std::string& name = made[column].name;
    for (const Beside& each : beside_)
      if (each.expansion.kind == Kind::change_type && each.expansion.to == name &&
          table_in(made, each.expansion) == made[column].table)
        return each.expansion.column;
    return name;
  }

  // The name that the schema files want when it is free; else one that is given up with the old index.
  // Nothing when they want none.
  std::optional<std::string> index_name(const Catalog& made, const Index& copy) const {
    const auto is_taken = [&](const std::string& name) {
      return std::ranges::any_of(made.indexes, [&](const Index& each) {
        return each.name == name && (!is_mysql() || each.table == copy.table);
      });
    };
    for (const Index& wanted : after_.indexes) {
      const bool same =
          wanted.kind == copy.kind && wanted.parts.size() == copy.parts.size() &&
          after_[wanted.table].name == made[copy.table].name &&
          std::ranges::equal(wanted.parts, copy.parts, [&](const IndexPart& one, const IndexPart& other) {
            return one.column && other.column && after_[*one.column].name == seen_name(made, *other.column);
          });
      if (same) return is_taken(wanted.name) ? name_beside(copy.name, "_new") : wanted.name;
    }
    return std::nullopt;
  }

  std::optional<std::string> key_name(const Catalog& made, const ForeignKey& copy) const {
    const auto is_taken = [&](const std::string& name) {
      return std::ranges::any_of(made.foreign_keys, [&](const ForeignKey& each) {
        return each.name == name && (is_mysql() || each.table == copy.table);
      });
    };
    for (const ForeignKey& wanted : after_.foreign_keys) {
      const bool same = !wanted.emulated && after_[wanted.table].name == made[copy.table].name &&
                        std::ranges::equal(wanted.columns, copy.columns, [&](ColumnId one, ColumnId other) {
                          return after_[one].name == seen_name(made, other);
                        });
      if (same) return is_taken(wanted.name) ? name_beside(copy.name, "_new") : wanted.name;
    }
    return std::nullopt;
  }

  Sync sync_of(const Catalog& made, const Beside& beside) const {
    const ColumnType& was = before_[beside.was].type;
    const ColumnType& is = beside.is.type;
    const TableId table = table_in(made, beside.expansion);
    Sync sync{.engine = engine(),
              .table = table_text(made, beside.expansion),
              .was = quoted(beside.expansion.column),
              .is = quoted(beside.expansion.to),
              .name = sync_name(beside.expansion.table, beside.expansion.column),
              .compares_text = !has_exact_equality(engine(), is)};
    if (!is_mysql()) sync.function = names_.prefix(made, made[table].schema) + quoted(sync.name);
    sync.forward = conversion(made, was, is);
    if (beside.expansion.kind == Kind::rename_column) sync.backward = conversion(made, is, was);
    return sync;
  }

  std::string conversion(const Catalog& made, const ColumnType& from, const ColumnType& to) const {
    if (is_mysql() || from == to) return "{}";
    const std::optional<std::string> found = postgres_using({&from, &to});
    if (!found || found->empty()) return "{}";
    ColumnType element = to;
    element.array_dimensions = 0;
    return in_parentheses(fmt::format(fmt::runtime(*found), "{}",
                                      fmt::arg("type", postgres_type(difference_, made, to)),
                                      fmt::arg("element", postgres_type(difference_, made, element))));
  }

  std::string fill_values(const Catalog& made, const Filled& each) const {
    const std::string value = is_mysql() ? mysql_default(difference_, each.column)
                                         : postgres_default(difference_, after_, each.column);
    return fill_with(engine(), table_text(made, each.place), quoted(each.place.column), value);
  }

  const Difference& difference_;
  const Catalog& before_;
  const Catalog& after_;
  const std::vector<Expansion>& excluded_;
  PostgresNames names_;
  Expanded result_;
  std::map<std::uint32_t, std::string> renamed_tables_;
  std::vector<Beside> beside_;
  std::vector<Filled> filled_;
};

}  // namespace

Expanded expand(const Difference& difference, const DiffOptions& options) {
  std::vector<Expansion> excluded;
  while (true) {
    Expanded expanded = Planner(difference, excluded).run();
    const Difference rest = diff({.before = &expanded.made, .after = difference.catalogs.after}, options);
    const std::vector<Expansion> more = in_the_way(rest, expanded.real, expanded.expansions);
    if (more.empty()) return expanded;
    excluded.insert(excluded.end(), more.begin(), more.end());
  }
}

std::string expand_lines(const std::vector<Expansion>& expansions) {
  std::string text;
  for (const Expansion& each : expansions) text += fmt::format("-- tenon: expand {}\n", to_string(each));
  return text;
}

}  // namespace tenon::migrate
