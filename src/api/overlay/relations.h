// Relations that an overlay declares, in Amplify's vocabulary:
//
//   extend type Customer { orders: [Order] @hasMany(references: ["customer_id"]) }
//   extend type Order { customer: Customer @belongsTo(references: ["customer_id"]) }
//
// `references` names the fields that hold the key: of the other model with @hasMany and @hasOne, of this one
// with @belongsTo. Their values are compared with the primary key of the model on the other side, which may
// lie in another database.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "api/overlay/file.h"
#include "api/overlay/overlay.h"

namespace tenon::api {

bool is_relation_directive(std::string_view name);

// The relation that `field` of the model `table` declares; nullopt when something in it is wrong, which
// `diagnostics` then says. `models` are the names that a suggestion may be.
std::optional<OverlayRelation> read_relation(const catalog::Catalog& catalog, catalog::TableId table,
                                             const OverlayFile& file, const graphql::FieldDefinition& field,
                                             const std::vector<std::string_view>& models,
                                             base::Diagnostics& diagnostics);

// The foreign key that the relation follows, in its direction or against it.
std::optional<catalog::ForeignKeyId> foreign_key_of(const catalog::Catalog& catalog,
                                                    const OverlayRelation& relation);

// Whether two columns can be compared as keys: both integers, both text, or both identifiers that are written
// alike (uuid, and char(36) or text). Across databases they travel as text.
bool are_comparable(const catalog::Catalog& catalog, catalog::ColumnId a, catalog::ColumnId b);

}  // namespace tenon::api
