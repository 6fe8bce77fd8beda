#include "api/plan/write_policy.h"

#include <algorithm>
#include <utility>

#include "api/errors.h"
#include "api/rules/policy.h"
#include "api/schema/unique_keys.h"

namespace tenon::api {

using policy::Operation;
using sql::Predicate;

namespace {

// Not what Tenon itself sets: identifiers, times, owners.
bool is_given(const ParameterSource& source) {
  if (source.kind == ParameterSource::Kind::list) return std::ranges::any_of(source.elements, is_given);
  return source.kind != ParameterSource::Kind::generated && source.kind != ParameterSource::Kind::claim;
}

// Whether the condition may be another one for a row whose columns `values` are set.
bool depends_on(const Predicate& predicate, const std::vector<sql::Assignment>& values) {
  if (predicate.kind == Predicate::Kind::exists) return true;
  const auto is_set = [&](const sql::ColumnRef& ref) {
    return std::ranges::find(values, ref.column, &sql::Assignment::column) != values.end();
  };
  return std::ranges::any_of(predicate.columns, is_set) ||
         std::ranges::any_of(predicate.children,
                             [&](const Predicate& child) { return depends_on(child, values); });
}

}  // namespace

// The link table of a relation between two models has no rules of its own; those of its two sides were asked.
bool WriteGuard::is_bound(catalog::TableId table) const {
  return !scope_.rights.access.unrestricted() && !scope_.catalog()[table].implicit_link;
}

bool WriteGuard::add(Limits& limits, const policy::Rows& rows) {
  if (rows.none()) refused_ = true;
  const auto same = [&](const policy::Rows* one) { return *one == rows; };
  if (!rows.all() && std::ranges::none_of(limits, same)) limits.push_back(&rows);
  return !rows.none();
}

// The rows of the operation, and of each column that the caller sets.
bool WriteGuard::limit(StepIndex step, Operation operation, const std::vector<sql::Assignment>& values,
                       Limits& limits) {
  const catalog::TableId table = program_[step].table();
  if (!add(limits, scope_.rights.rows(table, operation))) return false;
  for (const sql::Assignment& value : values) {
    const bool given = value.operation == sql::Assignment::Operation::proposed ||
                       is_given(program_.source(step, value.parameter));
    if (given && !add(limits, scope_.rights.access.column(table, value.column, operation))) return false;
  }
  return true;
}

void WriteGuard::keep(StepIndex step, catalog::TableId table, const Limits& limits, Predicate& where) {
  Parameters& parameters = program_.parameters(step);
  for (const policy::Rows* rows : limits)
    add_condition(where, scope_.schema.policy->condition(table, *rows, parameters));
  const WriteStep& planned = program_[step];
  if (planned.answers && !limits.empty()) write_.conceals = true;
  // A row that an input names, or that is found by its values, is one that the caller may read.
  const bool named = planned.input_path.find_first_of(".[") != std::string::npos;
  if (!planned.by_values && !named) return;
  const Operation reading = write_.is_many() ? Operation::list : Operation::get;
  const policy::Rows& readable = scope_.rights.rows(table, reading);
  if (std::ranges::any_of(limits, [&](const policy::Rows* rows) { return readable.covers(*rows); })) return;
  if (planned.answers && !readable.all()) write_.conceals = true;
  add_condition(where, scope_.readable(table, reading, parameters));
}

// A row that met the conditions still does when none of their columns is set.
bool WriteGuard::stays(catalog::TableId table, const Limits& limits,
                       const std::vector<sql::Assignment>& values) const {
  const auto& roles = scope_.schema.policy->roles.models[table.value].roles;
  const auto& checks = scope_.schema.policy->models[table.value];
  return std::ranges::none_of(limits, [&](const policy::Rows* rows) {
    return std::ranges::any_of(rows->roles, [&](std::uint32_t role) {
      return roles[role].test.check || depends_on(checks[role].rows.predicate, values);
    });
  });
}

// The rows are the caller's because nobody else set whose they are.
bool WriteGuard::is_made_so(StepIndex step, const sql::Insert& insert, const policy::Rows& rows) const {
  const auto& roles = scope_.schema.policy->roles.models[insert.table.value].roles;
  return std::ranges::any_of(rows.roles, [&](std::uint32_t role) {
    const policy::RowTest& test = roles[role].test;
    if (test.where || test.check || !test.field || test.allow != policy::Allow::owner) return false;
    const auto value = std::ranges::find(insert.values, *test.field, &sql::Assignment::column);
    return value != insert.values.end() && !is_given(program_.source(step, value->parameter));
  });
}

void WriteGuard::visit(StepIndex step, sql::Insert& insert) {
  Limits limits;
  if (!limit(step, Operation::create, insert.values, limits)) return;
  // Rows that are left alone need no right to change them.
  const bool changes = insert.conflict && !insert.conflict->skip;
  if (changes && !limit(step, Operation::update, insert.conflict->values, limits)) return;
  std::erase_if(limits, [&](const policy::Rows* rows) { return is_made_so(step, insert, *rows); });
  if (!limits.empty()) checks_.push_back({step, insert.table, std::move(limits)});
}

void WriteGuard::visit(StepIndex step, sql::Update& update) {
  Limits limits;
  if (!limit(step, Operation::update, update.values, limits)) return;
  keep(step, update.table, limits, update.where);
  if (!limits.empty() && !stays(update.table, limits, update.values))
    checks_.push_back({step, update.table, std::move(limits)});
}

void WriteGuard::visit(StepIndex step, sql::Delete& remove) {
  Limits limits;
  if (limit(step, Operation::remove, {}, limits)) keep(step, remove.table, limits, remove.where);
}

// Rows that are locked are to be changed, in themselves or in what refers to them; others are to be read.
void WriteGuard::visit(StepIndex step, sql::Select& select) {
  Limits limits;
  if (!limit(step, select.lock ? Operation::update : Operation::get, {}, limits)) return;
  if (!select.where) select.where.emplace();
  keep(step, select.from, limits, *select.where);
}

// After all other steps: no row of the step may be one that does not meet the checks.
void WriteGuard::check(StepIndex step, catalog::TableId table, const Limits& limits) {
  const StepIndex added = program_.add(sql::Select{.from = table}, {}, WriteStep::Missing::wanted);
  Predicate where{.kind = Predicate::Kind::any_row};
  for (const catalog::ColumnId column : key_columns(scope_.catalog(), table)) {
    where.columns.push_back({.source = 0, .column = column});
    where.parameters.push_back(program_.bind(added, program_.cells(step, column)));
  }
  Predicate all;
  for (const policy::Rows* rows : limits)
    add_condition(all, scope_.schema.policy->check(table, *rows, program_.parameters(added)));
  Predicate fails{.kind = Predicate::Kind::not_true};
  fails.children.push_back(std::move(all));
  add_condition(where, std::move(fails));
  sql::Select& select = std::get<sql::Select>(program_[added].statement);
  select.where = std::move(where);
  select.limit = 1;
}

bool WriteGuard::is_free(catalog::TableId table, const std::vector<ColumnValue>& inserted,
                         const std::vector<ColumnValue>& changed) const {
  const policy::Access& access = scope_.rights.access;
  const auto all = [&](const std::vector<ColumnValue>& values, Operation operation) {
    return access.rows(table, operation).all() && std::ranges::all_of(values, [&](const ColumnValue& value) {
             const bool given =
                 value.operation == sql::Assignment::Operation::proposed || is_given(value.source);
             return !given || access.column(table, value.column, operation).all();
           });
  };
  return all(inserted, Operation::create) && all(changed, Operation::update);
}

void WriteGuard::protect() {
  if (scope_.rights.access.unrestricted() || !scope_.errors.empty()) return;
  const graphql::Schema& types = *scope_.schema.graphql;
  write_.unauthorized = unauthorized_message(types[field_.field].name, types[field_.parent_type].name);
  const StepIndex planned = program_.size();
  for (StepIndex step = 0; step < planned; ++step) {
    if (!is_bound(program_[step].table())) continue;
    std::visit([&](auto& statement) { visit(step, statement); }, program_[step].statement);
    if (refused_) return scope_.refuse(field_);
  }
  if (checks_.empty()) return;
  program_.set_not_before(program_.last_round(0));
  for (const Check& one : checks_) check(one.step, one.table, one.limits);
}

}  // namespace tenon::api
