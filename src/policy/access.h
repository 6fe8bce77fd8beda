// What a set of roles may do, as data: for each model and operation, and for each of its columns, nothing,
// everything, or with the rows that meet the test of one of some roles. Computed once per set of roles and
// shared by all who hold it; api/ turns it into conditions of SQL statements.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "policy/role.h"

namespace tenon::policy {

// Which rows of a model.
struct Rows {
  enum class Kind : std::uint8_t { none, all, some };
  Kind kind = Kind::none;
  // some: into ModelRoles::roles, ascending. A row is meant when it meets the test of one of them.
  std::vector<std::uint32_t> roles = {};

  bool none() const { return kind == Kind::none; }
  bool all() const { return kind == Kind::all; }
  // Every row of `other` is one of these, whatever the data.
  bool covers(const Rows& other) const;
  friend bool operator==(const Rows&, const Rows&) = default;
};

// Of one model.
struct TableAccess {
  using ByOperation = std::array<Rows, operation_count>;
  // get, list, listen, create, update: of which at least one column may be read or written. remove: all of
  // whose columns may.
  ByOperation rows;
  ByOperation column;                      // of columns without rules of their own
  std::vector<ByOperation> own;            // pairwise `columns`
  std::vector<catalog::ColumnId> columns;  // those with rules of their own, or denied by name
};

class Access {
 public:
  // Everything is allowed, and nothing looked at.
  Access() = default;
  // `denied`: columns that are closed whatever the roles say.
  Access(const Roles& roles, RoleSet set, const std::vector<catalog::ColumnId>& denied = {},
         const catalog::Catalog* catalog = nullptr);

  bool unrestricted() const { return set_.unrestricted(); }
  const RoleSet& roles() const { return set_; }
  // Whether one of the owner's own operations is open.
  bool operation(std::size_t index) const { return unrestricted() || operations_[index]; }

  const Rows& rows(catalog::TableId table, Operation operation) const;
  // Of rows that `rows` gives, those whose column may be read (get, list, listen), set in a new row (create)
  // or changed (update).
  const Rows& column(catalog::TableId table, catalog::ColumnId column, Operation operation) const;
  // The column has rules of its own.
  bool has_own_rules(catalog::TableId table, catalog::ColumnId column) const;

  // About how much memory it holds.
  std::size_t weight() const;

 private:
  RoleSet set_ = RoleSet::everything();
  std::vector<TableAccess> tables_;
  std::vector<bool> operations_;
};

// One line for each model and operation, for people and golden files:
//   Post  get     all
//   Post  update  rows of userPools:owner:owner:sub::username
//   Post.secret  get  none
std::string describe(const catalog::Catalog& catalog, const Roles& roles, const Access& access,
                     catalog::TableId table);

}  // namespace tenon::policy
