// The overlay: what people add to the tables, as GraphQL SDL in api/*.graphql. It decides access, and adds
// relations that the tables do not declare (overlay_relations.h):
//
//   extend type Post @auth(rules: [{ allow: public }])
//   extend type Comment @auth(rules: [{ allow: public, operations: [read, create] }]) {
//     post: Post @belongsTo(references: ["post_id"])
//   }
//
// A model without rules is not reachable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "catalog/catalog.h"
#include "policy/rule.h"

namespace tenon::api {

enum class ModelOperation : std::uint8_t { get, list, create, update, remove };

// What somebody may do with one model: the operations of all its rules together, save those that are
// disabled. Who may do what of it, and with which rows and fields, its rules say.
struct ModelAccess {
  bool get = false;
  bool list = false;
  bool create = false;
  bool update = false;
  bool remove = false;

  bool any() const { return get || list || create || update || remove; }
  static ModelAccess all() { return {true, true, true, true, true}; }
  friend bool operator==(const ModelAccess&, const ModelAccess&) = default;
};

// A field of the model `table` that leads to rows of the model `to`.
struct OverlayRelation {
  enum class Kind : std::uint8_t { has_one, has_many, belongs_to };
  Kind kind = Kind::belongs_to;
  catalog::TableId table;
  catalog::TableId to;
  std::string field;
  std::vector<catalog::ColumnId> columns;  // that hold the key: of `table` with belongs_to, else of `to`
  std::vector<catalog::ColumnId> target_columns;  // pairwise equal: the other side's primary key
};

struct Overlay {
  std::vector<ModelAccess> access;        // for every table of one catalog (index: TableId)
  std::vector<policy::ModelRules> rules;  // likewise; those of a model without access are empty
  std::vector<OverlayRelation> relations = {};
};

// Reads overlay files against a catalog with names. Unknown models, directives, arguments and values are
// errors with their place and a suggestion; so is everything of Amplify's vocabulary that Tenon does not act
// on yet, because a rule that is silently ignored opens what it should close. A model with an error in its
// rules, or in those of one of its fields, stays closed.
Overlay read_overlay(const catalog::Catalog& catalog, const base::SourceSet& sources,
                     const std::vector<base::SourceId>& files, base::Diagnostics& diagnostics);

// Every exposed model, every operation, for holders of the API key: what `tenon dev` serves when a project
// has no overlay.
Overlay open_overlay(const catalog::Catalog& catalog);

// Models that nobody can reach, in catalog order, and a TN4006 warning for each that says how to open it,
// save those without a primary key, which rules would not open.
std::vector<catalog::TableId> models_without_rules(const catalog::Catalog& catalog, const Overlay& overlay);
void warn_of_models_without_rules(const catalog::Catalog& catalog, const Overlay& overlay,
                                  base::Diagnostics& diagnostics);

}  // namespace tenon::api
