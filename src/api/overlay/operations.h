// Root fields that a statement of the owner's answers:
//
//   extend type Query {
//     near(lat: Float!, long: Float!, names: [String]): [Place]
//       @sql(statement: "select * from places where …", database: "geo") @auth(rules: [{ allow: public }])
//   }
//
// In the statement `:lat` is the argument's value, bound as a parameter (sql/named_parameters.h); one that is
// not given is NULL. `reference: "./near.sql"` names a file beside the overlay's instead.
#pragma once

#include "api/overlay/file.h"
#include "api/overlay/types.h"

namespace tenon::api {

// What reading operations needs and changes.
struct OperationContext {
  catalog::Catalog& catalog;  // gets a table for each operation, see OverlayOperation::table
  const OwnTypes& types;
  const base::SourceSet& sources;
  const std::vector<base::SourceId>& statements;  // files that @sql may refer to
  std::vector<OverlayOperation>& operations;
  base::Diagnostics& diagnostics;
};

// The fields of one definition or extension of Query, Mutation or Subscription.
void read_operations(OperationContext& context, const OverlayFile& file,
                     const graphql::TypeSystemDefinition& root, graphql::OperationKind kind);

// Whether each field of the overlay's own types has a type that exists.
void check_own_types(const catalog::Catalog& catalog, const OwnTypes& types, base::Diagnostics& diagnostics);

}  // namespace tenon::api
