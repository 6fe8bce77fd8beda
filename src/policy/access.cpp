#include "policy/access.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tenon::policy {

namespace {

constexpr std::array<std::string_view, operation_count> operation_names{"get",    "list",   "listen",
                                                                        "create", "update", "delete"};

const Rows every_row{.kind = Rows::Kind::all};

// A test that does not concern the operation leaves all rows: new rows are looked at by `checks`.
bool looks_at_row(const RowTest& test, Operation operation) {
  return operation == Operation::create ? test.checks() : test.selects();
}

void add(Rows& rows, std::uint32_t index, const RowTest& test, Operation operation) {
  if (rows.all()) return;
  if (!looks_at_row(test, operation)) {
    // An update of any row that is checked afterwards is still about any row.
    const bool checks_later = operation == Operation::update && test.checks();
    if (!checks_later) {
      rows = {.kind = Rows::Kind::all};
      return;
    }
  }
  rows.kind = Rows::Kind::some;
  rows.roles.push_back(index);
}

}  // namespace

bool Rows::covers(const Rows& other) const {
  if (all() || other.none()) return true;
  if (none() || other.all()) return false;
  return std::ranges::includes(roles, other.roles);
}

Access::Access(const Roles& roles, RoleSet set, const std::vector<catalog::ColumnId>& denied,
               const catalog::Catalog* catalog)
    : set_(std::move(set)) {
  if (set_.unrestricted()) return;
  for (const std::vector<RoleIndex>& any : roles.operations)
    operations_.push_back(std::ranges::any_of(any, [&](RoleIndex role) { return set_.has(role); }));
  tables_.resize(roles.models.size());
  for (std::size_t t = 0; t < roles.models.size(); ++t) {
    const ModelRoles& model = roles.models[t];
    TableAccess& table = tables_[t];
    table.columns = model.columns;
    table.own.resize(model.columns.size());
    for (std::uint32_t r = 0; r < model.roles.size(); ++r) {
      const ModelRole& role = model.roles[r];
      if (!set_.has(role.role)) continue;
      const Operations rows = model.rows(role);
      for (std::size_t o = 0; o < operation_count; ++o) {
        const auto operation = static_cast<Operation>(o);
        if (rows.has(operation)) add(table.rows[o], r, role.test, operation);
        if (role.operations.has(operation)) add(table.column[o], r, role.test, operation);
        for (std::size_t c = 0; c < model.columns.size(); ++c)
          if (role.own[c].has(operation)) add(table.own[c][o], r, role.test, operation);
      }
    }
  }
  for (const catalog::ColumnId column : denied) {
    TableAccess& table = tables_[(*catalog)[column].table.value];
    const auto found = std::ranges::find(table.columns, column);
    const auto index = static_cast<std::size_t>(found - table.columns.begin());
    if (found == table.columns.end()) {
      table.columns.push_back(column);
      table.own.push_back(table.column);
    }
    for (const Operation read : {Operation::get, Operation::list, Operation::listen})
      table.own[index][static_cast<std::size_t>(read)] = {};
    // Who may not know which row it is does not get any.
    const auto key = catalog->primary_key((*catalog)[column].table);
    const auto is_column = [&](const catalog::IndexPart& part) { return part.column == column; };
    if (key && std::ranges::any_of((*catalog)[*key].parts, is_column))
      for (const Operation read : {Operation::get, Operation::list, Operation::listen})
        table.rows[static_cast<std::size_t>(read)] = {};
  }
}

const Rows& Access::rows(catalog::TableId table, Operation operation) const {
  if (unrestricted()) return every_row;
  return tables_[table.value].rows[static_cast<std::size_t>(operation)];
}

const Rows& Access::column(catalog::TableId table, catalog::ColumnId column, Operation operation) const {
  if (unrestricted()) return every_row;
  const TableAccess& access = tables_[table.value];
  const auto found = std::ranges::find(access.columns, column);
  const auto at = static_cast<std::size_t>(operation);
  if (found == access.columns.end()) return access.column[at];
  return access.own[static_cast<std::size_t>(found - access.columns.begin())][at];
}

std::size_t Access::weight() const {
  std::size_t weight = sizeof *this + operations_.size() / 8;
  for (const TableAccess& table : tables_)
    weight +=
        sizeof table + table.own.size() * (sizeof(TableAccess::ByOperation) + sizeof(catalog::ColumnId));
  return weight;
}

bool Access::has_own_rules(catalog::TableId table, catalog::ColumnId column) const {
  if (unrestricted()) return false;
  const TableAccess& access = tables_[table.value];
  return std::ranges::find(access.columns, column) != access.columns.end();
}

namespace {

std::string describe(const catalog::Catalog& catalog, const Roles& roles, const ModelRoles& model,
                     const Rows& rows) {
  if (rows.none()) return "none";
  if (rows.all()) return "all";
  std::string text;
  for (const std::uint32_t index : rows.roles)
    text += (text.empty() ? "rows of " : " or of ") +
            describe(catalog, roles.roles[model.roles[index].role], model.roles[index].test);
  return text;
}

}  // namespace

std::string describe(const catalog::Catalog& catalog, const Roles& roles, const Access& access,
                     catalog::TableId table) {
  const std::string& name = catalog[table].model_name;
  std::string text;
  const ModelRoles& model = roles.models[table.value];
  for (std::size_t o = 0; o < operation_count; ++o)
    text += fmt::format("{}  {:<6}  {}\n", name, operation_names[o],
                        describe(catalog, roles, model, access.rows(table, static_cast<Operation>(o))));
  for (const catalog::ColumnId column : catalog[table].columns) {
    if (!access.has_own_rules(table, column)) continue;
    for (const Operation operation : {Operation::get, Operation::create, Operation::update})
      text += fmt::format(
          "{}.{}  {:<6}  {}\n", name, catalog[column].field_name,
          operation == Operation::get ? "read" : operation_names[static_cast<std::size_t>(operation)],
          describe(catalog, roles, model, access.column(table, column, operation)));
  }
  return text;
}

}  // namespace tenon::policy
