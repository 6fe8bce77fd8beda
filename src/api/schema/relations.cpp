// Relations from foreign keys and from the overlay.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/schema/exposure.h"
#include "base/english.h"
#include "graphql/name.h"

namespace tenon::api {

namespace {

class RelationExposer {
 public:
  RelationExposer(Exposure& exposure, const catalog::Catalog& catalog, base::Diagnostics& diagnostics)
      : exposure_(exposure), catalog_(catalog), diagnostics_(diagnostics) {}

  void forward(catalog::ForeignKeyId id);
  void backward(catalog::ForeignKeyId id);
  // The lists on both sides of a link table.
  void through(catalog::TableId link);
  void declared(const OverlayRelation& relation);

 private:
  void implicit_side(const Relation& relation);
  void explicit_side(const Relation& relation);
  void add(const std::string& field, Relation relation);
  bool is_free(const Model& model, const std::string& field) const;

  Exposure& exposure_;
  const catalog::Catalog& catalog_;
  base::Diagnostics& diagnostics_;
};

bool RelationExposer::is_free(const Model& model, const std::string& field) const {
  const auto is_field = [&](catalog::ColumnId column) { return catalog_[column].field_name == field; };
  return std::ranges::none_of(model.columns, is_field) &&
         std::ranges::find(model.relations, field, &ModelRelation::field) == model.relations.end();
}

void RelationExposer::add(const std::string& field, Relation relation) {
  const Model* to = exposure_.find(relation.to);
  const auto from = exposure_.model_of[relation.from.value];
  if (field.empty() || !from || to == nullptr) return;
  Model& model = exposure_.models[*from];
  const bool may_read = relation.many ? to->access.list : to->readable();
  if (!model.readable() || !may_read) return;
  const bool valid = graphql::is_name(field) && !graphql::is_reserved_name(field);
  if (!valid || !is_free(model, field)) {
    diagnostics_.warning(base::code::api_name_collision,
                         fmt::format("The relation {} of the model {} is left out: its name is {}.", field,
                                     model.name, valid ? "that of another field" : "no name in GraphQL"),
                         {}, "rename the relation field in the schema");
    return;
  }
  relation.crosses = catalog_.database_of(relation.from) != catalog_.database_of(relation.to);
  model.relations.push_back({field, static_cast<std::uint32_t>(exposure_.relations.size())});
  exposure_.relations.push_back(std::move(relation));
}

void RelationExposer::forward(catalog::ForeignKeyId id) {
  const catalog::ForeignKey& key = catalog_[id];
  add(key.field_name, {.forward = true,
                       .many = false,
                       .from = key.table,
                       .to = key.target,
                       .from_columns = key.columns,
                       .to_columns = key.target_columns});
}

void RelationExposer::backward(catalog::ForeignKeyId id) {
  const catalog::ForeignKey& key = catalog_[id];
  if (catalog_[key.table].implicit_link) return;
  add(key.back_field_name, {.forward = false,
                            .many = !catalog_.is_unique(key.table, key.columns),
                            .from = key.target,
                            .to = key.table,
                            .from_columns = key.target_columns,
                            .to_columns = key.columns});
}

void RelationExposer::declared(const OverlayRelation& relation) {
  const bool forward = relation.kind == OverlayRelation::Kind::belongs_to;
  add(relation.field, {.forward = forward,
                       .many = relation.kind == OverlayRelation::Kind::has_many,
                       .from = relation.table,
                       .to = relation.to,
                       .from_columns = forward ? relation.columns : relation.target_columns,
                       .to_columns = forward ? relation.target_columns : relation.columns});
}

// From the rows that one key of a link table names to those that the other one names.
Relation across(const catalog::Catalog& catalog, catalog::ForeignKeyId from, catalog::ForeignKeyId to) {
  const catalog::ForeignKey& near = catalog[from];
  const catalog::ForeignKey& far = catalog[to];
  return {.forward = false,
          .many = true,
          .from = near.target,
          .to = far.target,
          .from_columns = near.target_columns,
          .to_columns = far.target_columns,
          .link = LinkTable{.table = near.table,
                            .from_key = from,
                            .to_key = to,
                            .from_columns = near.columns,
                            .to_columns = far.columns}};
}

// The two foreign keys that make up the primary key of a pure link table; each alone must not be enough to
// tell a row.
std::optional<std::array<catalog::ForeignKeyId, 2>> link_keys(const catalog::Catalog& catalog,
                                                              catalog::TableId table) {
  const auto primary = catalog.primary_key(table);
  const auto& keys = catalog[table].foreign_keys;
  if (catalog[table].implicit_link) return std::array{keys[0], keys[1]};
  if (!primary) return std::nullopt;
  const auto& parts = catalog[*primary].parts;
  const auto holds = [&](catalog::ForeignKeyId id, const catalog::IndexPart& part) {
    return std::ranges::find(catalog[id].columns, *part.column) != catalog[id].columns.end();
  };
  // All its columns belong to the primary key.
  const auto fits = [&](catalog::ForeignKeyId id) {
    const auto used = std::ranges::count_if(parts, [&](const auto& part) { return holds(id, part); });
    return static_cast<std::size_t>(used) == catalog[id].columns.size() &&
           !catalog.is_unique(table, catalog[id].columns);
  };
  for (std::uint32_t a = 0; a < keys.count; ++a) {
    for (std::uint32_t b = a + 1; b < keys.count; ++b) {
      const bool all = std::ranges::all_of(
          parts, [&](const auto& part) { return holds(keys[a], part) || holds(keys[b], part); });
      if (all && fits(keys[a]) && fits(keys[b])) return std::array{keys[a], keys[b]};
    }
  }
  return std::nullopt;
}

std::string lower_first(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] + ('a' - 'A'));
  return name;
}

void RelationExposer::implicit_side(const Relation& relation) {
  add(catalog_[relation.link->from_key].back_field_name, relation);
}

// The plural of what it leads to, where that is free; between rows of one table, of the key that leads there.
void RelationExposer::explicit_side(const Relation& relation) {
  const Model* from = exposure_.find(relation.from);
  const Model* to = exposure_.find(relation.to);
  const Model* link = exposure_.find(relation.link->table);
  if (from == nullptr || to == nullptr || link == nullptr || !link->access.list) return;
  const bool self = relation.from == relation.to;
  const std::string plural =
      lower_first(base::plural(self ? catalog_[relation.link->to_key].field_name : to->name));
  add(is_free(*from, plural) ? plural : plural + "Via" + link->title, relation);
}

void RelationExposer::through(catalog::TableId table) {
  const auto keys = link_keys(catalog_, table);
  if (!keys) return;
  for (const auto& [from, to] : {std::pair((*keys)[0], (*keys)[1]), std::pair((*keys)[1], (*keys)[0])}) {
    if (catalog_[table].implicit_link)
      implicit_side(across(catalog_, from, to));
    else
      explicit_side(across(catalog_, from, to));
  }
}

}  // namespace

void expose_relations(Exposure& exposure, const catalog::Catalog& catalog, const Overlay& overlay,
                      base::Diagnostics& diagnostics) {
  RelationExposer exposer(exposure, catalog, diagnostics);
  for (const OverlayRelation& relation : overlay.relations) exposer.declared(relation);
  for (std::uint32_t i = 0; i < catalog.foreign_keys.size(); ++i) exposer.forward(catalog::ForeignKeyId{i});
  for (std::uint32_t i = 0; i < catalog.foreign_keys.size(); ++i) exposer.backward(catalog::ForeignKeyId{i});
  // What schema files name comes before the names that we make.
  for (const bool implicit : {true, false})
    for (std::uint32_t i = 0; i < catalog.tables.size(); ++i)
      if (catalog.tables[i].implicit_link == implicit) exposer.through(catalog::TableId{i});
}

}  // namespace tenon::api
