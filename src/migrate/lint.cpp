#include "migrate/lint.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/limits.h"
#include "migrate/cast.h"
#include "migrate/expansion.h"
#include "migrate/hazard_rules.h"
#include "migrate/sync.h"

namespace tenon::migrate {

using sql::Act;
using sql::ObjectName;
using sql::ScriptAction;

namespace {

using Gate = LintRule::Gate;

constexpr std::string_view copy_beside =
    "a tool that copies beside the table, as gh-ost or pt-online-schema-change";

bool is_text(const catalog::ColumnType& type) {
  return type.kind == catalog::TypeKind::text || type.kind == catalog::TypeKind::varchar;
}

// MySQL's enums and sets, whose labels are in their types.
bool is_labelled(const catalog::ColumnType& type) {
  return type.kind == catalog::TypeKind::enumeration || type.kind == catalog::TypeKind::set;
}

// `enum('a')`, `enum('a','b')`: no row is written for that.
bool appends_labels(const catalog::ColumnType& was, const catalog::ColumnType& is) {
  if (!is_labelled(was) || was.kind != is.kind || !was.native.ends_with(')')) return false;
  return is.native.starts_with(was.native.substr(0, was.native.size() - 1) + ",");
}

// As far as a script and a database write types alike; MariaDB shows JSON as longtext.
bool is_same(const catalog::ColumnType& was, const catalog::ColumnType& is) {
  if (is_labelled(was)) return was.native == is.native;
  using catalog::TypeKind;
  const bool named = was.kind == TypeKind::other || was.kind == TypeKind::text || was.kind == TypeKind::bytes;
  const bool differs = named && was.native != is.native;
  const bool as_json = is.kind == TypeKind::json && was.native == "longtext";
  return as_json ||
         (!differs && was.kind == is.kind && was.length == is.length && was.precision == is.precision &&
          was.scale == is.scale && was.is_unsigned == is.is_unsigned && was.is_array() == is.is_array());
}

// What a finding has in place of its rule's.
struct Also {
  std::string_view advice;
  std::optional<LockLevel> lock;
};

class Linter {
 public:
  Linter(catalog::Engine engine, const TableFacts* facts) : engine_(engine), facts_(facts) {}

  void read(const LintScript& script) {
    script_ = &script;
    begun_ = open_expansions({script.migration});
    if (facts_ == nullptr) forget();  // what is applied is not known, so nothing is new
    for (const LintStatement& statement : script.statements) {
      statement_ = &statement;
      for (const ScriptAction& action : statement.actions) {
        action_ = &action;
        look_up(action.object);
        visit(action);
      }
    }
  }

  // What the script puts beside the old and keeps equal to it: a version that knows the old alone goes on.
  bool is_beside(Expansion::Kind kind, std::string_view to, std::string_view of) const {
    return std::ranges::any_of(begun_, [&](const Expansion& each) {
      return each.kind == kind && each.table == of && each.to == to;
    });
  }

  std::vector<LintFinding> take() { return std::exchange(findings_, {}); }

 private:
  void forget() {
    created_.clear();
    dropped_.clear();
    old_names_.clear();
    new_columns_.clear();
    not_null_checks_.clear();
    proven_.clear();
  }

  // What is known of the table that the action is about.
  struct Subject {
    bool is_new = false;  // made by these scripts, or not there at all
    const TableFact* fact = nullptr;
    std::optional<std::uint64_t> rows;
  };

  bool is_mysql() const { return engine_ == catalog::Engine::mysql; }

  ObjectName key(ObjectName name) const {
    if (name.schema.empty() && facts_ != nullptr) name.schema = facts_->default_schema;
    return name;
  }

  void look_up(const ObjectName& name) {
    subject_ = {};
    ObjectName wanted = key(name);
    if (created_.contains(wanted)) {
      subject_ = {.is_new = true, .rows = 0};
      return;
    }
    for (auto was = old_names_.find(wanted); was != old_names_.end(); was = old_names_.find(wanted))
      wanted = was->second;
    if (facts_ == nullptr) return;
    const auto found = facts_->tables.find(wanted);
    subject_.is_new = found == facts_->tables.end() || dropped_.contains(wanted);
    subject_.fact = subject_.is_new ? nullptr : &found->second;
    subject_.rows = subject_.is_new ? std::optional<std::uint64_t>(0) : found->second.rows;
  }

  const ColumnFact* column() const {
    if (subject_.fact == nullptr) return nullptr;
    const auto found = std::ranges::find(subject_.fact->columns, action_->name, &ColumnFact::name);
    return found == subject_.fact->columns.end() ? nullptr : &*found;
  }

  bool empty() const { return subject_.rows == 0U; }

  // ---- findings

  Severity weigh(const LintRule& rule) const {
    switch (rule.gate) {
      case Gate::always:
      case Gate::with_rows:
        return Severity::danger;
      case Gate::by_size:
        if (!subject_.rows) return Severity::warning;
        if (*subject_.rows < base::lint_noted_rows_min) return Severity::note;
        return *subject_.rows < base::lint_blocking_rows_min ? Severity::warning : Severity::danger;
      case Gate::none:
        break;
    }
    return rule.code == "unknown-statement" || rule.code == "brief-lock" ? Severity::note : Severity::warning;
  }

  bool is_approved(std::string_view code) const {
    return std::ranges::find(statement_->approved, code) != statement_->approved.end() ||
           std::ranges::find(script_->approved, code) != script_->approved.end();
  }

  // The line of the script where the clause stands.
  std::pair<std::uint32_t, std::uint32_t> span() const {
    const sql::ScriptStatement& place = statement_->place;
    const std::string_view script = *script_->migration->text;
    std::uint32_t begin = std::min(place.begin + action_->at, place.end);
    if (action_->at == 0 && !action_->name.empty()) begin = place_of_name(script, place);
    const std::size_t line_end = script.find('\n', begin);
    return {begin, static_cast<std::uint32_t>(std::min<std::size_t>(line_end, place.end))};
  }

  // Where the parser does not tell: at the name, unless it stands in the first line anyway.
  std::uint32_t place_of_name(std::string_view script, const sql::ScriptStatement& place) const {
    const std::string_view text = place.text(script);
    const auto line_end = std::min(text.find('\n'), text.size());
    const auto found = text.find(action_->name, line_end);
    if (text.substr(0, line_end).contains(action_->name) || found == std::string_view::npos)
      return place.begin;
    const auto line = text.rfind('\n', found) + 1;
    return place.begin + static_cast<std::uint32_t>(text.find_first_not_of(" \t", line));
  }

  void add(std::string_view code, std::string message, const Also& also = {}) {
    const LintRule& rule = *find_lint_rule(code);
    const bool about_rows = rule.kind != HazardKind::breaks_running_code && rule.gate != Gate::always;
    if (subject_.is_new || (about_rows && empty())) return;
    const auto [begin, end] = span();
    LintFinding finding{.code = rule.code,
                        .kind = rule.kind,
                        .severity = weigh(rule),
                        .lock = also.lock.value_or(rule.lock),
                        .message = std::move(message),
                        .advice = std::string(also.advice.empty() ? advice_of(rule) : also.advice),
                        .table = action_->object.name,
                        .rows = subject_.rows,
                        .rows_exact = subject_.fact != nullptr && subject_.fact->exact,
                        .migration = script_->migration,
                        .begin = begin,
                        .end = end};
    finding.refused = rule.gate != Gate::none && finding.severity == Severity::danger;
    finding.approved = rule.gate != Gate::none && is_approved(code);
    if (finding.approved) finding.refused = false;
    findings_.push_back(std::move(finding));
  }

  std::string_view advice_of(const LintRule& rule) const {
    const bool about_locks = rule.kind == HazardKind::lock || rule.kind == HazardKind::rewrite;
    return is_mysql() && about_locks ? copy_beside : rule.advice;
  }

  void blocks(std::string_view code, std::string_view while_what, LockLevel level) {
    const std::string_view who = level == LockLevel::access_exclusive ? "Reads and writes" : "Writes";
    add(code, fmt::format("{} of {} wait while {}.", who, table(), while_what), {.lock = level});
  }

  std::string table() const {
    const ObjectName& name = action_->object;
    return name.name.empty()     ? "the database"
           : name.schema.empty() ? name.name
                                 : name.schema + "." + name.name;
  }

  // ---- actions

  void visit(const ScriptAction& action);
  void drop(const ScriptAction& action);
  void create_table();
  void rename_table(const ScriptAction& action);
  void drop_column(const ScriptAction& action);
  void add_column(const ScriptAction& action);
  void alter_type(const ScriptAction& action);
  void set_not_null(const ScriptAction& action);
  void add_constraint(const ScriptAction& action);
  void create_index(const ScriptAction& action);
  void change_rows(const ScriptAction& action);
  void rewrite_table(const std::string& message);

  catalog::Engine engine_;
  const TableFacts* facts_;
  const LintScript* script_ = nullptr;
  const LintStatement* statement_ = nullptr;
  const ScriptAction* action_ = nullptr;
  std::vector<Expansion> begun_;  // by the script
  Subject subject_;
  std::set<ObjectName> created_;
  std::set<ObjectName> dropped_;
  std::map<ObjectName, ObjectName> old_names_;
  std::set<std::pair<ObjectName, std::string>> new_columns_;
  // Columns that a check of these scripts proves to be NOT NULL, by the check's name; and those of valid
  // ones.
  std::map<std::pair<ObjectName, std::string>, std::string> not_null_checks_;
  std::set<std::pair<ObjectName, std::string>> proven_;
  std::vector<LintFinding> findings_;
};

void Linter::visit(const ScriptAction& action) {
  switch (action.act) {
    case Act::create_table:
      return create_table();
    case Act::drop_table:
    case Act::drop_view:
    case Act::drop_schema:
    case Act::drop_database:
    case Act::drop_type:
    case Act::drop_extension:
    case Act::drop_routine:
    case Act::drop_sequence:
    case Act::drop_index:
      return drop(action);
    case Act::truncate:
    case Act::delete_rows:
    case Act::update_rows:
      return change_rows(action);
    case Act::rename_table:
    case Act::move_table:
      return rename_table(action);
    case Act::rename_column:
      return add("rename-column",
                 fmt::format("The running version knows the column {} of {} by its old name.", action.name,
                             table()));
    case Act::rename_type:
      subject_ = {};
      return add("rename-type", fmt::format("Casts of the running version to {} fail.", action.object.name));
    case Act::rename_value:
      subject_ = {};
      return add("rename-value",
                 fmt::format("The running version writes and expects the old value {}.", action.name));
    case Act::add_column:
      return add_column(action);
    case Act::drop_column:
      return drop_column(action);
    case Act::alter_type:
      return alter_type(action);
    case Act::set_not_null:
      return set_not_null(action);
    case Act::drop_default:
      return add("needs-value",
                 fmt::format("Inserts of the running version may count on the default of {}.", action.name));
    case Act::add_foreign_key:
    case Act::add_check:
    case Act::add_unique:
    case Act::add_primary_key:
    case Act::add_exclusion:
      return add_constraint(action);
    case Act::drop_primary_key:
      return rewrite_table(fmt::format("Without its primary key {} is written again.", table()));
    case Act::validate_constraint: {
      const auto check = not_null_checks_.find({key(action.object), action.name});
      if (check != not_null_checks_.end()) proven_.emplace(key(action.object), check->second);
      return;  // beside reads and writes
    }
    case Act::create_index:
      return create_index(action);
    case Act::rebuild_index:
      if (!action.concurrently)
        blocks("blocking-reindex", "its indexes are built again", LockLevel::access_exclusive);
      return;
    case Act::rewrite_table:
      return rewrite_table(fmt::format("Every row of {} is written again.", table()));
    case Act::lock_table:
      return blocks("lock-table", "this transaction goes on", LockLevel::access_exclusive);
    case Act::refresh_view:
      subject_.is_new = false;
      subject_.rows.reset();
      if (!action.concurrently)
        blocks("blocking-refresh", "the view is filled again", LockLevel::access_exclusive);
      return;
    case Act::attach_partition:
      look_up({.schema = action.object.schema, .name = action.to});
      return add("blocking-partition",
                 fmt::format("Reads and writes of {} wait while its rows are checked.", action.to));
    case Act::detach_partition:
      if (!action.concurrently)
        blocks("blocking-partition", fmt::format("{} is taken out", action.to), LockLevel::access_exclusive);
      return;
    case Act::enable_row_security:
      return add("row-security",
                 fmt::format("Without a policy nobody but its owner sees rows of {}.", table()));
    case Act::revoke:
      subject_ = {};
      return add("revoke", "Statements of the running version may be refused.");
    case Act::unknown:
      subject_ = {};
      return add("unknown-statement", "What this statement does to tables cannot be told from its text.");
  }
}

void Linter::create_table() {
  const ObjectName name = key(action_->object);
  const bool is_there = facts_ != nullptr && facts_->tables.contains(name) && !dropped_.contains(name);
  if (!is_there) created_.insert(name);
}

void Linter::drop(const ScriptAction& action) {
  const std::string name = table();
  if (action.act == Act::drop_table) {
    add("drop-table", fmt::format("The table {} is dropped with all its rows.", name));
    if (empty()) add("removed-in-use", fmt::format("The running version may use the table {}.", name));
    dropped_.insert(key(action.object));
    created_.erase(key(action.object));
    return;
  }
  if (action.act == Act::drop_index) {
    subject_ = {};
    if (!action.concurrently && !is_mysql())
      add("brief-lock", fmt::format("Dropping {} waits for every statement on its table, and all others wait "
                                    "behind it.",
                                    name));
    return;
  }
  subject_ = {};
  if (action.act == Act::drop_schema || action.act == Act::drop_database)
    return add(action.act == Act::drop_schema ? "drop-schema" : "drop-database",
               fmt::format("{} is dropped with all that is in it.", action.object.name));
  const bool takes_columns = action.act == Act::drop_type || action.act == Act::drop_extension;
  if (takes_columns && action.cascade)
    add("drop-cascade", fmt::format("All columns that have the type {} are dropped with it.", name));
  else if (!is_sync_name(action.object.name))
    add("removed-in-use", fmt::format("The running version may use {}.", name));
}

void Linter::change_rows(const ScriptAction& action) {
  // Rows of the tables that name this one go with it, and there may be some.
  if (action.cascade && !subject_.is_new) subject_.rows.reset();
  if (action.act == Act::truncate)
    add("truncate", fmt::format("All rows of {} are removed.", table()));
  else if (action.act == Act::delete_rows)
    add("delete-all-rows", fmt::format("All rows of {} are removed: there is no WHERE.", table()));
  else
    add("update-all-rows",
        fmt::format("Every row of {} is written and locked in one transaction: there is no WHERE.", table()));
}

void Linter::rename_table(const ScriptAction& action) {
  if (action.act != Act::rename_table)
    add("rename-table", fmt::format("The running version looks for {} in its old schema.", table()));
  else if (!is_beside(Expansion::Kind::rename_table, action.to, action.object.name))
    add("rename-table", fmt::format("The running version knows the table {} by its old name.", table()),
        {.advice = "a view under the old name until no running version uses it"});
  ObjectName to = action.object;
  (action.act == Act::rename_table ? to.name : to.schema) = action.to;
  if (subject_.is_new)
    created_.insert(key(to));
  else
    old_names_[key(to)] = key(action.object);
}

void Linter::drop_column(const ScriptAction& action) {
  if (new_columns_.contains({key(action.object), action.name})) return;
  add("drop-column", fmt::format("The column {} of {} is dropped with its values.", action.name, table()));
  if (empty())
    add("removed-in-use",
        fmt::format("The running version may use the column {} of {}.", action.name, table()));
}

void Linter::add_column(const ScriptAction& action) {
  new_columns_.emplace(key(action.object), action.name);
  if (action.required) {
    if (!is_mysql())
      add("required-column", fmt::format("{} is required, and rows of {} that exist have no value for it.",
                                         action.name, table()));
    add("needs-value", fmt::format("Inserts of the running version give no value for {}.", action.name));
  }
  if (action.writes_rows)
    rewrite_table(fmt::format("{} gets another value in each row, so every row of {} is written.",
                              action.name, table()));
}

void Linter::alter_type(const ScriptAction& action) {
  const ColumnFact* const was = column();
  if (new_columns_.contains({key(action.object), action.name})) return;
  if (was != nullptr && action.type && is_same(was->type, *action.type)) return;
  if (was != nullptr && action.type && appends_labels(was->type, *action.type)) return;
  const Pair<const catalog::ColumnType*> types{.before = was != nullptr ? &was->type : nullptr,
                                               .after = action.type ? &*action.type : nullptr};
  const bool known = types.before != nullptr && types.after != nullptr;
  const bool labels = known && (is_labelled(*types.before) || is_labelled(*types.after));
  const Cast cast = labels ? Cast::checked : known ? cast_of(engine_, types, Compat::tenon) : Cast::safe;
  if (cast == Cast::risky) add("lossy-type", fmt::format("Values of {} may be cut or rounded.", action.name));
  if (cast == Cast::risky || cast == Cast::checked || cast == Cast::impossible)
    add("failing-cast", fmt::format("Values of {} that cannot be converted make it fail.", action.name));
  const bool texts = known && is_text(*types.before) && is_text(*types.after);
  const bool to_text = types.after != nullptr && types.after->kind == catalog::TypeKind::text;
  if (!texts && (!known || types.before->kind != types.after->kind))
    add("changed-type",
        fmt::format("The running version sends and expects the old type of {}.", action.name));
  if (action.writes_rows || (known ? change_rewrites(engine_, types) : !to_text))
    rewrite_table(
        fmt::format("The type of {} changes, so every row of {} is written again.", action.name, table()));
}

void Linter::rewrite_table(const std::string& message) {
  add("table-rewrite", message + (is_mysql() ? " Writes wait." : " Reads and writes wait."),
      {.lock = is_mysql() ? LockLevel::share : LockLevel::access_exclusive});
}

void Linter::set_not_null(const ScriptAction& action) {
  const ColumnFact* const was = column();
  if (was != nullptr && !was->nullable) return;
  const bool proven =
      proven_.contains({key(action.object), action.name}) || (was != nullptr && was->proven_not_null);
  if (!proven) add("null-values", fmt::format("NULL in the column {} makes it fail.", action.name));
  const std::string& of = action.object.name;
  if (!is_beside(Expansion::Kind::rename_column, action.name, of) &&
      !is_beside(Expansion::Kind::change_type, action.name, of))
    add("needs-value", fmt::format("The running version may write NULL to {}.", action.name));
  if (proven) return;
  if (is_mysql())
    rewrite_table(fmt::format("Requiring {} writes {} again.", action.name, table()));
  else
    blocks("blocking-not-null", fmt::format("{} is searched for NULL", action.name),
           LockLevel::access_exclusive);
}

void Linter::add_constraint(const ScriptAction& action) {
  if (action.using_index) return;
  const bool key_of_table = action.act == Act::add_unique || action.act == Act::add_primary_key;
  if (action.act == Act::add_check && !action.proves_not_null.empty()) {
    if (action.not_valid)
      not_null_checks_[{key(action.object), action.name}] = action.proves_not_null;
    else
      proven_.emplace(key(action.object), action.proves_not_null);
  }
  if (action.not_valid) return;
  if (action.act == Act::add_foreign_key) {
    add("missing-reference",
        fmt::format("A row of {} that names nothing in {} makes it fail.", table(), action.to));
    if (is_mysql())
      blocks("blocking-foreign-key", "it is copied to check the key", LockLevel::share);
    else
      blocks("blocking-foreign-key",
             fmt::format("the key to {} is checked, and so do writes there", action.to),
             LockLevel::share_row_exclusive);
    return;
  }
  add(key_of_table ? "duplicate-values" : "check-violation",
      key_of_table ? fmt::format("Values that are there twice in {} make it fail.", table())
                   : fmt::format("Rows of {} that break it make it fail.", table()));
  if (action.act == Act::add_check)
    return is_mysql() ? rewrite_table(fmt::format("{} is copied to check it.", table()))
                      : blocks("blocking-check", "its rows are checked", LockLevel::access_exclusive);
  if (action.act == Act::add_exclusion)
    return blocks("blocking-exclusion", "the index of the constraint is built", LockLevel::access_exclusive);
  if (action.act == Act::add_primary_key && is_mysql())
    return rewrite_table(fmt::format("With another primary key {} is written again.", table()));
  if (!is_mysql())
    blocks(action.act == Act::add_unique ? "blocking-unique" : "blocking-primary-key",
           "the index of the constraint is built", LockLevel::access_exclusive);
}

void Linter::create_index(const ScriptAction& action) {
  if (action.unique)
    add("duplicate-values", fmt::format("Values that are there twice in {} make it fail.", table()));
  const bool online = is_mysql() ? !action.writes_rows : action.concurrently;
  if (!online) blocks("blocking-index", "the index is built", LockLevel::share);
}

std::string rows_text(const LintFinding& finding) {
  if (!finding.rows) return {};
  if (*finding.rows == 1) return " It has one row.";
  // What is counted no further, and has no estimate.
  if (*finding.rows == base::lint_blocking_rows_min + 1)
    return fmt::format(" It has more than {} rows.", base::lint_blocking_rows_min);
  return fmt::format(" It has {}{} rows.", finding.rows_exact ? "" : "about ", *finding.rows);
}

}  // namespace

base::Diagnostic to_diagnostic(const LintFinding& finding, base::SourceId source) {
  base::Severity severity =
      finding.severity == Severity::note ? base::Severity::note : base::Severity::warning;
  if (finding.refused) severity = base::Severity::error;
  std::string help = finding.advice;
  if (finding.refused)
    help += fmt::format("{}when that is what you want, above the statement: -- tenon: approve {}",
                        help.empty() ? "" : "; or, ", finding.code);
  const bool about_rows = finding.kind != HazardKind::breaks_running_code;
  return {.severity = severity,
          .code = base::Code{finding.code},
          .message = finding.message + (about_rows ? rows_text(finding) : ""),
          .span = base::Span{.source = source, .begin = finding.begin, .end = finding.end},
          .help = std::move(help)};
}

std::vector<LintFinding> lint(catalog::Engine engine, std::span<const LintScript> scripts,
                              const TableFacts* facts) {
  Linter linter(engine, facts);
  for (const LintScript& script : scripts) linter.read(script);
  return linter.take();
}

}  // namespace tenon::migrate
