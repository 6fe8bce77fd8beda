// Which models, columns, enums and relations the API shows, and under which names. The first stage of
// build_schema; the next ones (types.h, inputs.h) make GraphQL types of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/schema/schema.h"

namespace tenon::api {

struct ModelRelation {
  std::string field;
  std::uint32_t relation = 0;  // into Exposure::relations
};

struct Model {
  catalog::TableId table;
  std::string name;    // of the object type
  std::string title;   // `name` with its first letter in upper case, as it follows a prefix: getTitle
  std::string plural;  // of `name`, likewise: listPlural
  ModelAccess access;
  std::vector<catalog::ColumnId> key;      // in key order
  std::vector<catalog::ColumnId> columns;  // shown ones, in the table's order
  std::vector<ModelRelation> relations;
  // Columns of owners who may create rows: theirs when they do not say whose the row is.
  std::vector<catalog::ColumnId> owners;
  // Columns that answers need not have, although they are never NULL: not everybody may read them.
  std::vector<catalog::ColumnId> optional;

  bool readable() const { return access.get || access.list; }
  bool is_key(catalog::ColumnId column) const;
};

struct Exposure {
  std::vector<Model> models;
  std::vector<std::optional<std::uint32_t>> model_of;  // by TableId: into `models`
  std::vector<catalog::EnumId> enums;                  // those that may be shown; no two of one name
  std::vector<Relation> relations;

  const Model* find(catalog::TableId table) const {
    const auto index = model_of[table.value];
    return index ? &models[*index] : nullptr;
  }
};

// What cannot be shown is left out, with a warning that names the table and what to do.
Exposure expose(const catalog::Catalog& catalog, const Overlay& overlay, base::Diagnostics& diagnostics);

// Fills in `relations`: those of the overlay, and along every foreign key between two models that may be
// read, in both directions.
void expose_relations(Exposure& exposure, const catalog::Catalog& catalog, const Overlay& overlay,
                      base::Diagnostics& diagnostics);

// As a name follows a prefix: `post` → `Post`; the rest stays.
std::string upper_first(std::string name);

// As an enum's name stands in those of its filter inputs: `Model<title>Input`. An enum called Size or date
// steps aside for the inputs of that name which every schema has.
std::string enum_title(const std::string& enum_name);

}  // namespace tenon::api
