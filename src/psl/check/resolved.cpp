#include "psl/check/resolved.h"

#include <algorithm>

namespace tenon::psl {

using catalog::ReferentialAction;

std::optional<ModelId> Resolved::find_model(std::string_view name) const {
  const auto found = names.find(name);
  const ModelId* id = found != names.end() ? std::get_if<ModelId>(&found->second) : nullptr;
  return id != nullptr ? std::optional(*id) : std::nullopt;
}

std::optional<ScalarFieldId> Resolved::find_scalar_field(ModelId model, std::string_view name) const {
  const auto& fields = (*this)[model].field_names;
  const auto found = fields.find(name);
  const ScalarFieldId* id = found != fields.end() ? std::get_if<ScalarFieldId>(&found->second) : nullptr;
  return id != nullptr ? std::optional(*id) : std::nullopt;
}

std::optional<RelationFieldId> Resolved::find_relation_field(ModelId model, std::string_view name) const {
  const auto& fields = (*this)[model].field_names;
  const auto found = fields.find(name);
  const RelationFieldId* id = found != fields.end() ? std::get_if<RelationFieldId>(&found->second) : nullptr;
  return id != nullptr ? std::optional(*id) : std::nullopt;
}

std::optional<RelationFieldId> Resolved::opposite(RelationFieldId field) const {
  const std::optional<RelationId>& relation = (*this)[field].relation;
  if (!relation) return std::nullopt;
  const Relation& pair = (*this)[*relation];
  return pair.forward == field ? pair.back : pair.forward;
}

std::string Resolved::relation_name(const Relation& relation) const {
  for (const std::optional<RelationFieldId>& field : {relation.forward, relation.back})
    if (field && (*this)[*field].name) return *(*this)[*field].name;
  std::string_view first = (*this)[relation.from].name();
  std::string_view second = (*this)[relation.to].name();
  if (second < first) std::swap(first, second);
  return std::string(first) + "To" + std::string(second);
}

// A single required column decides: the database could not set it to NULL.
ReferentialAction Resolved::on_delete(const Relation& relation) const {
  if (!relation.forward) return ReferentialAction::restrict;
  const RelationField& field = (*this)[*relation.forward];
  if (field.on_delete) return field.on_delete->action;
  const bool has_required_column = field.fields && std::ranges::any_of(*field.fields, [&](ScalarFieldId id) {
                                     return (*this)[id].is_required();
                                   });
  return field.is_optional() && !has_required_column ? ReferentialAction::set_null
                                                     : ReferentialAction::restrict;
}

ReferentialAction Resolved::on_update(const Relation& relation) const {
  if (relation.forward && (*this)[*relation.forward].on_update)
    return (*this)[*relation.forward].on_update->action;
  return ReferentialAction::cascade;
}

bool Resolved::is_unique(ModelId model, const std::vector<ScalarFieldId>& fields) const {
  std::vector<ScalarFieldId> wanted = fields;
  std::ranges::sort(wanted);
  for (const ModelIndexId id : (*this)[model].indexes) {
    const ModelIndex& index = (*this)[id];
    if (!index.is_primary() && !index.is_unique()) continue;
    std::vector<ScalarFieldId> columns;
    columns.reserve(index.fields.size());
    for (const IndexField& field : index.fields) columns.push_back(field.field);
    std::ranges::sort(columns);
    if (columns == wanted) return true;
  }
  return false;
}

}  // namespace tenon::psl
