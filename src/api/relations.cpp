// Relations from foreign keys.
#include <algorithm>

#include <fmt/format.h>

#include "api/exposure.h"
#include "graphql/name.h"

namespace tenon::api {

namespace {

class RelationExposer {
 public:
  RelationExposer(Exposure& exposure, const catalog::Catalog& catalog, base::Diagnostics& diagnostics)
      : exposure_(exposure), catalog_(catalog), diagnostics_(diagnostics) {}

  void forward(catalog::ForeignKeyId id);
  void backward(catalog::ForeignKeyId id);

 private:
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
  model.relations.push_back({field, static_cast<std::uint32_t>(exposure_.relations.size())});
  exposure_.relations.push_back(std::move(relation));
}

void RelationExposer::forward(catalog::ForeignKeyId id) {
  const catalog::ForeignKey& key = catalog_[id];
  add(key.field_name, {.foreign_key = id,
                       .forward = true,
                       .many = false,
                       .from = key.table,
                       .to = key.target,
                       .from_columns = key.columns,
                       .to_columns = key.target_columns});
}

void RelationExposer::backward(catalog::ForeignKeyId id) {
  const catalog::ForeignKey& key = catalog_[id];
  if (catalog_[key.table].implicit_link) return;
  add(key.back_field_name, {.foreign_key = id,
                            .forward = false,
                            .many = !catalog_.is_unique(key.table, key.columns),
                            .from = key.target,
                            .to = key.table,
                            .from_columns = key.target_columns,
                            .to_columns = key.columns});
}

}  // namespace

void expose_relations(Exposure& exposure, const catalog::Catalog& catalog, base::Diagnostics& diagnostics) {
  RelationExposer exposer(exposure, catalog, diagnostics);
  for (std::uint32_t i = 0; i < catalog.foreign_keys.size(); ++i) exposer.forward(catalog::ForeignKeyId{i});
  for (std::uint32_t i = 0; i < catalog.foreign_keys.size(); ++i) exposer.backward(catalog::ForeignKeyId{i});
}

}  // namespace tenon::api
