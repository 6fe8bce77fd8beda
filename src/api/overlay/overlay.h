// The overlay: what people add to the tables, as GraphQL SDL in api/*.graphql (docs/overlay.md). It decides
// access, gives models, fields and relations other names, hides fields, and adds relations
// (relations.h), scalars, types and operations of its own (types.h, operations.h):
//
//   extend type Post @auth(rules: [{ allow: public }])
//   type Note @model @refersTo(name: "notes") @auth(rules: [{ allow: owner }]) { id: Int! title: String! }
//   extend type Query {
//     newest(days: Int!): [Post] @sql(reference: "./newest.sql") @auth(rules: [{ allow: private }])
//   }
//
// A model without rules is not reachable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "catalog/catalog.h"
#include "graphql/ast.h"
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
  ModelAccess without(const ModelAccess& other) const {
    return {get && !other.get, list && !other.list, create && !other.create, update && !other.update,
            remove && !other.remove};
  }
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

// A scalar of the overlay's own: which values of its base type it takes.
struct OverlayScalar {
  std::string name;
  std::string description;
  std::string pattern;                      // of the whole text; empty: any
  std::optional<std::uint32_t> length_min;  // in characters
  std::optional<std::uint32_t> length_max;
  std::optional<double> least;
  std::optional<double> most;

  bool is_number() const { return least.has_value() || most.has_value(); }
};

// A field of an object or input type of its own, or an argument. `type` and `default_value` are GraphQL text.
struct OverlayField {
  std::string name;
  std::string type;
  std::string default_value = {};
  std::string description = {};
  base::Span span = {};  // of the type
};

struct OverlayType {
  std::string name;
  std::string description;
  std::vector<OverlayField> fields;
  bool is_input = false;
};

// A root field that a statement of the owner's answers.
struct OverlayOperation {
  // What becomes of the statement's rows.
  enum class Result : std::uint8_t {
    objects,  // a list of objects, whose fields are columns by their names
    object,   // that of the first row, or null
    values,   // the first column of each row
    value,    // … of the first row, or null
    jsons,    // each row as a JSON text
    json,     // the first row, or null
  };
  graphql::OperationKind kind = graphql::OperationKind::query;
  OverlayField field;  // its name and type
  std::vector<OverlayField> arguments;
  // No table of the database: a column for each argument, in their order, and for what a row has. Rows of a
  // model have its columns instead.
  catalog::TableId table;
  std::vector<catalog::ColumnId> argument_columns;
  Result result = Result::objects;
  std::optional<catalog::TableId> model;
  std::vector<catalog::ColumnId> columns;  // field names are those of the result's columns
  std::string statement;
  struct Place {
    std::uint32_t begin = 0;  // bytes of `statement`
    std::uint32_t end = 0;
    std::uint32_t argument = 0;
  };
  std::vector<Place> places;
  std::vector<policy::Rule> rules;
  base::Span span;  // of its name

  bool is_list() const {
    return result == Result::objects || result == Result::values || result == Result::jsons;
  }
};

struct Overlay {
  std::vector<ModelAccess> access;        // for every table of one catalog (index: TableId)
  std::vector<policy::ModelRules> rules;  // likewise; those of a model without access are empty
  std::vector<OverlayRelation> relations = {};
  std::vector<OverlayScalar> scalars = {};
  std::vector<OverlayType> types = {};
  std::vector<OverlayOperation> operations = {};

  const OverlayScalar* find_scalar(std::string_view name) const;
};

// An overlay with the catalog it is about: that of the database with the overlay's names, and with what its
// enums and operations add.
struct NamedOverlay {
  std::shared_ptr<const catalog::Catalog> catalog;
  Overlay overlay;
};

struct OverlayFiles {
  std::vector<base::SourceId> definitions;  // *.graphql
  std::vector<base::SourceId> statements;   // *.sql that these may refer to
};

// Reads overlay files against a catalog with names. Unknown models, directives, arguments and values are
// errors with their place and a suggestion; so is everything of Amplify's vocabulary that Tenon does not act
// on yet, because a rule that is silently ignored opens what it should close. A model with an error in its
// rules, or in those of one of its fields, stays closed.
NamedOverlay read_overlay(const catalog::Catalog& catalog, const base::SourceSet& sources,
                          const OverlayFiles& files, base::Diagnostics& diagnostics);

// Every exposed model, every operation, for holders of the API key: what `tenon dev` serves when a project
// has no overlay.
Overlay open_overlay(const catalog::Catalog& catalog);

// Models that nobody can reach, in catalog order, and a TN4006 warning for each that says how to open it,
// save those without a primary key, which rules would not open.
std::vector<catalog::TableId> models_without_rules(const catalog::Catalog& catalog, const Overlay& overlay);
void warn_of_models_without_rules(const catalog::Catalog& catalog, const Overlay& overlay,
                                  base::Diagnostics& diagnostics);

}  // namespace tenon::api
