// What one set of roles may do with one schema: policy::Access, and the GraphQL schema as they see it. Made
// once for a set of roles and shared by all who hold it.
#pragma once

#include <memory>
#include <vector>

#include "api/schema/schema.h"
#include "policy/access.h"

namespace tenon::api {

struct Rights {
  policy::Access access;
  // What validation, coercion and introspection look things up in; the ids are those of Schema::graphql.
  std::shared_ptr<const graphql::Schema> graphql;
  std::vector<graphql::FieldId> denied;  // output fields that are closed by name, sorted

  // Rows of a model that may be read, or concerned by a write.
  const policy::Rows& rows(catalog::TableId table, policy::Operation operation) const {
    return access.rows(table, operation);
  }
  // The column may be used in conditions, orders and groups: it may be read in every row that may be.
  bool is_usable(const catalog::Catalog& catalog, catalog::ColumnId column) const;
  // Rows that the relation leads to may be read, and which row leads to which.
  bool leads_on(const Schema& schema, const Relation& relation) const;
  // … and that may be used in conditions and orders.
  bool follows(const Schema& schema, const Relation& relation) const;

  // About how much memory it holds, for the cache.
  std::size_t weight() const;
};

// How the rows that a relation leads to are read.
constexpr policy::Operation reading_of(const Relation& relation) {
  return relation.many ? policy::Operation::list : policy::Operation::get;
}

std::shared_ptr<const Rights> make_rights(const Schema& schema, policy::RoleSet roles);

}  // namespace tenon::api
