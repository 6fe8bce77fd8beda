#include "migrate/hazard.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "migrate/hazard_rules.h"
#include "migrate/match.h"

namespace tenon::migrate {

using namespace catalog;

std::string_view to_string(HazardKind kind) {
  constexpr std::array<std::string_view, 5> words{"data loss", "rewrite", "lock", "may fail",
                                                  "breaks running code"};
  return words[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Severity severity) {
  constexpr std::array<std::string_view, 3> words{"note", "warning", "danger"};
  return words[static_cast<std::size_t>(severity)];
}

std::string_view to_string(LockLevel level) {
  constexpr std::array<std::string_view, 5> words{"none", "SHARE UPDATE EXCLUSIVE", "SHARE",
                                                  "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"};
  return words[static_cast<std::size_t>(level)];
}

namespace {

class Inspector {
 public:
  Inspector(const Difference& difference, const Statistics& statistics, const HazardOptions& options)
      : difference_(difference),
        before_(difference.before()),
        after_(difference.after()),
        statistics_(statistics),
        options_(options) {}

  std::vector<Hazard> run() {
    for (; step_ < difference_.steps.size(); ++step_) std::visit(*this, difference_.steps[step_]);
    return std::move(hazards_);
  }

  void operator()(const DropTable& step) {
    at_before(step.table);
    if (rows_ != 0U) add(HazardKind::data_loss, Severity::danger, "the table is dropped with all its rows");
    add(HazardKind::breaks_running_code, Severity::danger,
        "statements of the running version that use the table fail",
        "drop it in a later migration, when no running version uses it");
  }
  void operator()(const DropView& step) {
    at_before(step.view);
    add(HazardKind::breaks_running_code, Severity::warning,
        "statements that read the view fail until it is back");
  }
  void operator()(const RenameTable& step) {
    at(step.tables);
    if (step.from.empty())
      add(HazardKind::breaks_running_code, Severity::danger,
          "the running version knows the table by its old name",
          "make a view under the old name, or deploy both at once");
  }
  void operator()(const RenameColumn& step) {
    at_before(before_[step.columns.before].table);
    if (step.from.empty())
      add(HazardKind::breaks_running_code, Severity::danger,
          fmt::format("the running version knows `{}` by its old name", before_[step.columns.before].name),
          "add the new column, copy, and drop the old one in a later migration");
  }
  void operator()(const RenameEnum&) {
    nowhere();
    add(HazardKind::breaks_running_code, Severity::warning,
        "casts of the running version to the old type name fail");
  }
  void operator()(const AlterEnum& step) { alter_enum(step); }
  void operator()(const CreateIndex& step) { create_index(after_[step.index]); }
  void operator()(const DropIndex& step) {
    at_before(before_[step.index].table);
    if (!options_.online && !is_mysql())
      lock(LockLevel::access_exclusive, false, "the index is dropped", "DROP INDEX CONCURRENTLY (--online)");
  }
  void operator()(const AddForeignKey& step) { add_foreign_key(after_[step.key]); }
  void operator()(const AddCheck& step) {
    at_after(after_.checks[step.check].table);
    add_constraint("check");
  }
  void operator()(const AddExclusion& step) {
    at_after(after_.exclusions[step.exclusion].table);
    add_constraint("exclusion constraint");
  }

  void operator()(const AlterTable& step) {
    at(step.tables);
    for (const TableChange& change : step.changes) std::visit(*this, change);
  }
  void operator()(const DropColumn& change) {
    const Column& column = before_[change.column];
    if (statistics_.find({CountQuestion::Kind::non_null, column.table, change.column}) != 0U)
      add(HazardKind::data_loss, Severity::danger,
          fmt::format("the values of `{}` are dropped", column.name));
    add(HazardKind::breaks_running_code, Severity::danger,
        fmt::format("statements of the running version that name `{}` fail", column.name),
        "drop it in a later migration, when no running version uses it");
    if (is_mysql()) rewrite(fmt::format("dropping `{}` rebuilds the table before MySQL 8.0.29", column.name));
  }
  void operator()(const AddColumn& change) { add_column(after_[change.column]); }
  void operator()(const AlterColumn& change) { alter_column(change.change); }
  void operator()(const DropPrimaryKey&) {
    if (is_mysql())
      rewrite("changing the primary key writes the table again");
    else
      lock(LockLevel::access_exclusive, false, "the primary key is dropped", "");
  }
  void operator()(const AddPrimaryKey&) {
    if (rows_ != 0U)
      add(HazardKind::may_fail, Severity::warning,
          "the new primary key fails on NULL and on values that are there twice");
    if (!is_mysql() && !options_.online)
      lock(LockLevel::access_exclusive, true, "the index of the primary key is built",
           "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD PRIMARY KEY USING INDEX (--online)");
  }

  // Steps and changes that touch nothing that is in use.
  template <class Other>
  void operator()(const Other&) {}

 private:
  bool is_mysql() const { return before_.engine == Engine::mysql; }

  void nowhere() {
    table_.clear();
    rows_.reset();
  }
  void at_before(TableId id) {
    table_ = display_name(before_, before_[id].schema, before_[id].name, difference_.default_schema);
    rows_ = statistics_.find({CountQuestion::Kind::rows, id, std::nullopt});
    if (!rows_ && before_[id].estimated_rows >= 0)
      rows_ = static_cast<std::uint64_t>(before_[id].estimated_rows);
  }
  void at(Pair<TableId> ids) { at_before(ids.before); }
  // A table that exists before has its rows there.
  void at_after(TableId id) {
    const Table& table = after_[id];
    const auto found = std::ranges::find_if(before_.tables, [&](const Table& other) {
      return other.name == table.name && same_schema(difference_.catalogs, other.schema, table.schema);
    });
    if (found != before_.tables.end()) {
      at_before(TableId{static_cast<std::uint32_t>(found - before_.tables.begin())});
      return;
    }
    table_ = display_name(after_, table.schema, table.name, difference_.default_schema);
    rows_.reset();
  }
  bool is_new(TableId after) const {
    return std::ranges::any_of(difference_.steps, [&](const Step& step) {
      const CreateTable* const created = std::get_if<CreateTable>(&step);
      return created != nullptr && created->table == after;
    });
  }

  void add(HazardKind kind, Severity severity, std::string message, std::string advice = {},
           LockLevel level = LockLevel::none) {
    Hazard hazard{.kind = kind,
                  .severity = severity,
                  .lock = level,
                  .message = std::move(message),
                  .advice = std::move(advice),
                  .table = table_,
                  .rows = rows_,
                  .step = step_};
    // One pass over a table is one, however many columns ask for it.
    const bool known = std::ranges::any_of(hazards_, [&](const Hazard& other) {
      return other.step == step_ && other.table == hazard.table && other.message == hazard.message;
    });
    if (!known) hazards_.push_back(std::move(hazard));
  }

  // How long something takes that looks at every row.
  Severity by_size() const {
    constexpr std::uint64_t few = 10'000;
    constexpr std::uint64_t many = 1'000'000;
    if (!rows_) return Severity::warning;
    if (*rows_ < few) return Severity::note;
    return *rows_ < many ? Severity::warning : Severity::danger;
  }

  // `whole`: held while every row is read, not for a moment.
  void lock(LockLevel level, bool whole, const std::string& what, std::string advice) {
    const std::string_view blocked =
        level == LockLevel::access_exclusive ? "reads and writes wait" : "writes wait";
    add(HazardKind::lock, whole ? by_size() : Severity::note,
        whole ? fmt::format("{} while {}", what, blocked)
              : fmt::format("{}; {} for a moment, behind every statement that runs longer", what, blocked),
        std::move(advice), level);
  }

  void rewrite(const std::string& what) { add(HazardKind::rewrite, by_size(), what); }

  void alter_enum(const AlterEnum& step) {
    nowhere();
    const std::string& name = before_[step.enums.before].name;
    if (!step.renamed.empty())
      add(HazardKind::breaks_running_code, Severity::danger,
          fmt::format("the running version writes old values of `{}`", name));
    if (!step.removed.empty()) {
      add(HazardKind::may_fail, Severity::warning,
          fmt::format("fails when rows have a removed value of `{}`", name));
      add(HazardKind::breaks_running_code, Severity::danger,
          fmt::format("the running version may write removed values of `{}`", name));
    }
    if (!step.recreates()) return;
    for (const Pair<ColumnId>& columns : step.columns) {
      at_before(before_[columns.before].table);
      rewrite(fmt::format("the type of `{}` is replaced, which writes the table again",
                          before_[columns.before].name));
      lock(LockLevel::access_exclusive, true, "the table is written again", "");
    }
  }

  void create_index(const Index& index) {
    if (is_new(index.table)) return;
    at_after(index.table);
    if (index.kind == IndexKind::unique)
      add(HazardKind::may_fail, Severity::warning,
          fmt::format("`{}` fails when values are there twice", index.name));
    if (is_mysql()) {
      if (index.kind == IndexKind::fulltext || index.kind == IndexKind::spatial)
        lock(LockLevel::share, true, fmt::format("`{}` is built", index.name), "");
    } else if (!options_.online) {
      lock(LockLevel::share, true, fmt::format("`{}` is built", index.name),
           "CREATE INDEX CONCURRENTLY (--online)");
    }
  }

  void add_foreign_key(const ForeignKey& key) {
    if (is_new(key.table)) return;
    at_after(key.table);
    add(HazardKind::may_fail, Severity::warning,
        fmt::format("`{}` fails when a row names nothing", key.name));
    if (is_mysql())
      lock(LockLevel::share, true, fmt::format("`{}` is checked, by a copy of the table", key.name),
           "SET foreign_key_checks = 0 makes it without a copy, and without a check");
    else if (options_.online)
      lock(LockLevel::share_row_exclusive, false, fmt::format("`{}` is added", key.name), "");
    else
      lock(LockLevel::share_row_exclusive, true,
           fmt::format("`{}` is checked, here and on `{}`,", key.name, after_[key.target].name),
           "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT (--online)");
  }

  void add_constraint(std::string_view what) {
    add(HazardKind::may_fail, Severity::warning, fmt::format("the {} fails on rows that break it", what));
    lock(LockLevel::access_exclusive, true, fmt::format("the {} is checked", what), "");
  }

  void add_column(const Column& column) {
    const bool lacks_value = !column.nullable && !column.type.is_array() && column.generated.empty() &&
                             column.identity == Identity::none &&
                             column.default_value.kind == Default::Kind::none;
    if (lacks_value) {
      if (rows_ != 0U)
        add(HazardKind::may_fail, Severity::danger,
            fmt::format("`{}` is required and has no value for rows that exist", column.name),
            "add it as optional, fill it, then make it required");
      add(HazardKind::breaks_running_code, Severity::danger,
          fmt::format("inserts of the running version give no value for `{}`", column.name));
    }
    if (adding_rewrites(before_.engine, column)) {
      rewrite(fmt::format("`{}` gets another value in each row, so every row is written", column.name));
      lock(is_mysql() ? LockLevel::share : LockLevel::access_exclusive, true, "the table is written again",
           is_mysql() ? "" : "add it without the default, set the default, then fill it in batches (--online)");
    }
  }

  void alter_column(const ColumnChange& change) {
    const Column& was = before_[change.columns.before];
    const Column& is = after_[change.columns.after];
    if (change.recreates()) {
      if (rows_ != 0U)
        add(HazardKind::data_loss, Severity::danger,
            fmt::format("`{}` is dropped and made again; its values are gone", was.name));
      add(HazardKind::breaks_running_code, Severity::danger,
          fmt::format("the type of `{}` is another", was.name));
      return;
    }
    if (change.type_changed) change_type(change, was, is);
    if (change.becomes_required(difference_.catalogs)) require(was);
    if (change.default_changed && is.default_value.kind == Default::Kind::none && !is.nullable)
      add(HazardKind::breaks_running_code, Severity::warning,
          fmt::format("inserts of the running version may count on the default of `{}`", was.name));
  }

  void change_type(const ColumnChange& change, const Column& was, const Column& is) {
    const bool enums = was.type.enum_id && is.type.enum_id;
    if (!change.renamed_values.empty())
      add(HazardKind::breaks_running_code, Severity::danger,
          fmt::format("the running version writes old values of `{}`", was.name));
    const bool empty =
        statistics_.find({CountQuestion::Kind::non_null, was.table, change.columns.before}) == 0U;
    if (change.cast == Cast::risky && !enums && !empty)
      add(HazardKind::data_loss, Severity::warning,
          fmt::format("values of `{}` may be cut or rounded", was.name));
    if ((change.cast == Cast::risky || change.cast == Cast::checked) && !empty)
      add(HazardKind::may_fail, Severity::warning,
          fmt::format("fails on values of `{}` that cannot be converted", was.name));
    if (was.type.kind != is.type.kind)
      add(HazardKind::breaks_running_code, Severity::warning,
          fmt::format("the running version sends and expects the old type of `{}`", was.name));
    if (!change_rewrites(before_.engine, {&was.type, &is.type}) || appends_values(was, is)) return;
    rewrite(fmt::format("the type of `{}` changes, so every row and index is written again", was.name));
    lock(is_mysql() ? LockLevel::share : LockLevel::access_exclusive, true, "the table is written again",
         "add a column of the new type, fill it in batches, and switch (--online)");
  }

  // MySQL: new values behind the others change no row.
  bool appends_values(const Column& was, const Column& is) const {
    if (!is_mysql() || !was.type.enum_id || !is.type.enum_id) return false;
    const std::vector<EnumValue>& old_values = before_[*was.type.enum_id].values;
    const std::vector<EnumValue>& values = after_[*is.type.enum_id].values;
    return std::ranges::mismatch(old_values, values, {}, &EnumValue::label, &EnumValue::label).in1 ==
           old_values.end();
  }

  void require(const Column& column) {
    add(HazardKind::may_fail, Severity::warning,
        fmt::format("fails when `{}` is NULL in a row", column.name));
    add(HazardKind::breaks_running_code, Severity::warning,
        fmt::format("the running version may still write NULL to `{}`", column.name));
    if (is_mysql())
      rewrite(fmt::format("making `{}` required rebuilds the table", column.name));
    else if (!options_.online)
      lock(LockLevel::access_exclusive, true, fmt::format("`{}` is searched for NULL", column.name),
           "a check that is NOT VALID, VALIDATE, then SET NOT NULL (--online)");
  }

  const Difference& difference_;
  const Catalog& before_;
  const Catalog& after_;
  const Statistics& statistics_;
  const HazardOptions& options_;
  std::size_t step_ = 0;
  std::string table_;
  std::optional<std::uint64_t> rows_;
  std::vector<Hazard> hazards_;
};

}  // namespace

std::vector<Hazard> hazards(const Difference& difference, const Statistics& statistics,
                            const HazardOptions& options) {
  return Inspector(difference, statistics, options).run();
}

}  // namespace tenon::migrate
