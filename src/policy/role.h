// The roles that the rules of an overlay mention: what a credential must say for a rule to be about its
// holder, and for each model which operations on which columns a role has (the matrix of
// docs/authorization.md). Made once per overlay; a principal is then nothing but the set of roles it holds.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "catalog/catalog.h"
#include "policy/principal.h"
#include "policy/rule.h"

namespace tenon::policy {

using RoleIndex = std::uint32_t;

// What a principal must be, whatever the row.
struct Role {
  Allow allow = Allow::everyone;
  Provider provider = Provider::api_key;
  std::string group;  // of a static group
  // groups: where the caller's are
  std::string group_claim;
  std::vector<std::string> identity_claims;  // owner; empty: the default
  std::vector<NeededClaim> claims;           // that the conditions of the rule name

  bool held_by(const Principal& principal) const;
  friend bool operator==(const Role&, const Role&) = default;
};

// The texts by which a principal is the owner of a row: the claims joined by `::`. By default that is
// `<sub>::<username>`, and each of the two on its own; the first one is what new rows get. Empty: it owns
// nothing. A claim `username` may be called `cognito:username`.
std::vector<std::string> identities(const Claims& claims, const std::vector<std::string>& identity_claims);

// Which of the roles of one overlay a principal holds.
class RoleSet {
 public:
  RoleSet() = default;
  explicit RoleSet(std::size_t roles) : words_((roles + 63) / 64) {}
  static RoleSet everything() {
    RoleSet set;
    set.unrestricted_ = true;
    return set;
  }

  bool unrestricted() const { return unrestricted_; }
  bool has(RoleIndex role) const { return (words_[role / 64] >> (role % 64) & 1) != 0; }
  void add(RoleIndex role) { words_[role / 64] |= std::uint64_t{1} << (role % 64); }
  // `Type.field` that are closed for this request whatever the roles say, sorted.
  std::vector<std::string> denied_fields;

  // Equal texts: the same rights. For keys of caches.
  std::string key() const;
  friend bool operator==(const RoleSet&, const RoleSet&) = default;

 private:
  bool unrestricted_ = false;
  std::vector<std::uint64_t> words_;
};

// What of a rule looks at the row. Without any of it the role has all rows.
struct RowTest {
  Allow allow = Allow::everyone;           // owner or groups, when there is a `field`
  std::optional<catalog::ColumnId> field;  // owner, groups: as in Rule
  std::vector<std::string> identity_claims;
  std::string group_claim;
  std::optional<RowCondition> where;
  std::optional<RowCondition> check;

  // Not every row, and not every new one.
  bool selects() const { return field.has_value() || (where && !where->is_empty()); }
  bool checks() const { return check ? !check->is_empty() : selects(); }
  friend bool operator==(const RowTest&, const RowTest&) = default;
};

// A role as the rules of one model use it.
struct ModelRole {
  RoleIndex role = 0;
  RowTest test;
  Operations operations;        // on columns without rules of their own
  std::vector<Operations> own;  // pairwise ModelRoles::columns
};

struct ModelRoles {
  std::vector<ModelRole> roles;
  std::vector<catalog::ColumnId> columns;  // those with rules of their own
  bool all_own = false;                    // every column has such
  std::vector<catalog::ColumnId> key;

  std::optional<std::size_t> own(catalog::ColumnId column) const;
  // On that column.
  Operations operations(const ModelRole& role, catalog::ColumnId column) const;
  // On at least one column, and on every one.
  Operations some(const ModelRole& role) const;
  Operations every(const ModelRole& role) const;
  // Which rows it may concern: one of which it may read something, its key included (by that rows are told
  // apart, in pages and in what hangs on them), may write something, may remove all.
  Operations rows(const ModelRole& role) const;
};

struct Roles {
  std::vector<Role> roles;
  std::vector<ModelRoles> models;  // index: TableId
  std::vector<std::vector<RoleIndex>>
      operations;  // of the owner's own operations, in their order: any will do

  RoleSet of(const Principal& principal) const;
};

// `models` by TableId; `operations` are the rules of the owner's own queries and mutations. A role that two
// rules of one place give is an error, after Amplify.
Roles make_roles(const catalog::Catalog& catalog, const std::vector<ModelRules>& models,
                 const std::vector<std::vector<Rule>>& operations, base::Diagnostics& diagnostics);

// Columns that an answer promises and that some reader of the model may not read; `required` says which are
// promised. An error for each model, after Amplify, unless the overlay declares the field, which is none of
// the key, as one that may be null.
void check_required_columns(const catalog::Catalog& catalog, const std::vector<ModelRules>& rules,
                            const Roles& roles, const std::function<bool(catalog::ColumnId)>& required,
                            base::Diagnostics& diagnostics);

// `userPools:owner:owner_id:sub::username`, for messages and people.
std::string describe(const catalog::Catalog& catalog, const Role& role, const RowTest& test);

}  // namespace tenon::policy
