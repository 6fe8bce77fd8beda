#include "psl/check/resolve_attributes.h"

#include <algorithm>

#include <fmt/format.h>

#include "psl/check/values.h"

namespace tenon::psl {

namespace {

void read_schema(AttributeVisitor& visitor, base::Diagnostics& diagnostics, std::optional<MappedName>& schema,
                 base::Span& span) {
  const Expression* value = visitor.required_argument("map");
  const std::string* name = value != nullptr ? expect_string(*value, diagnostics) : nullptr;
  if (name == nullptr) return;
  schema = MappedName{.text = *name, .attribute = &visitor.current()};
  span = value->span;
}

class ModelAttributes {
 public:
  ModelAttributes(Resolving& resolving, ModelId id)
      : resolving_(resolving), id_(id), model_(resolving.resolved.models[id.value]) {}

  void run() {
    MappedNames mapped_names;
    for (const ScalarFieldId field : model_.scalar_fields)
      resolve_scalar_field_attributes(resolving_, field, mapped_names, indexes_);
    block();
    check_id_arity();
    store_indexes();
  }

 private:
  void block() {
    AttributeVisitor visitor(model_.block->attributes, resolving_.diagnostics);
    if (visitor.visit("ignore")) {
      refuse_ignored_fields();
      model_.is_ignored = true;
      visitor.finish_arguments();
    }
    if (visitor.visit("id")) {
      read_block_id(resolving_, visitor, id_, indexes_);
      visitor.finish_arguments();
    }
    for (const auto& [name, kind] :
         {std::pair{"unique", catalog::IndexKind::unique}, std::pair{"index", catalog::IndexKind::normal},
          std::pair{"fulltext", catalog::IndexKind::fulltext}})
      while (visitor.visit_next(name)) {
        read_block_index(resolving_, visitor, id_, kind, indexes_);
        visitor.finish_arguments();
      }
    if (visitor.visit("map")) {
      model_.map = read_mapped_name(visitor, resolving_.diagnostics);
      visitor.finish_arguments();
    }
    if (visitor.visit("schema")) {
      read_schema(visitor, resolving_.diagnostics, model_.schema, model_.schema_span);
      visitor.finish_arguments();
    }
    if (visitor.visit("shardKey")) {
      read_block_shard_key(resolving_, visitor, id_);
      visitor.finish_arguments();
    }
    visitor.finish();
  }

  void refuse_ignored_fields() {
    for (const ScalarFieldId id : model_.scalar_fields)
      if (const ScalarField& field = resolving_.resolved[id]; field.is_ignored)
        resolving_.error(
            "Error parsing attribute \"@ignore\": Fields on an already ignored Model do not need an "
            "`@ignore` "
            "annotation.",
            field.field->line_span);
  }

  void check_id_arity() {
    if (model_.is_ignored) return;
    const auto id = std::ranges::find_if(indexes_, &ModelIndex::is_primary);
    if (id != indexes_.end() && id->source_field &&
        !resolving_.resolved.scalar_fields[id->source_field->value].is_required())
      resolving_.error("Error parsing attribute \"@id\": Fields that are marked as id must be required.",
                       id->attribute->span);
    if (model_.shard_key && model_.shard_key->is_on_field &&
        !resolving_.resolved.scalar_fields[model_.shard_key->fields[0].value].is_required())
      resolving_.error(
          "Error parsing attribute \"@shardKey\": Fields that are marked as shard keys must be required.",
          model_.shard_key->attribute->span);
  }

  void store_indexes() {
    std::vector<ModelIndex>& all = resolving_.resolved.indexes;
    model_.indexes = {.first = static_cast<std::uint32_t>(all.size()),
                      .count = static_cast<std::uint32_t>(indexes_.size())};
    for (const bool ids : {false, true})
      for (ModelIndex& index : indexes_) {
        if (index.is_primary() != ids) continue;
        if (ids) model_.id = ModelIndexId{static_cast<std::uint32_t>(all.size())};
        all.push_back(std::move(index));
      }
  }

  Resolving& resolving_;
  ModelId id_;
  Model& model_;
  std::vector<ModelIndex> indexes_;
};

void enumeration(Resolving& resolving, Enumeration& row) {
  for (EnumerationValue& value : row.values) {
    AttributeVisitor visitor(value.member->attributes, resolving.diagnostics);
    if (visitor.visit("map")) {
      value.map = read_mapped_name(visitor, resolving.diagnostics);
      visitor.finish_arguments();
    }
    visitor.finish();
  }
  AttributeVisitor visitor(row.block->attributes, resolving.diagnostics);
  if (visitor.visit("map")) {
    row.map = read_mapped_name(visitor, resolving.diagnostics);
    visitor.finish_arguments();
  }
  if (visitor.visit("schema")) {
    read_schema(visitor, resolving.diagnostics, row.schema, row.schema_span);
    visitor.finish_arguments();
  }
  visitor.finish();
}

}  // namespace

std::optional<MappedName> read_mapped_name(AttributeVisitor& visitor, base::Diagnostics& diagnostics) {
  const Expression* value = visitor.required_argument("name");
  const std::string* name = value != nullptr ? expect_string(*value, diagnostics) : nullptr;
  if (name == nullptr) return std::nullopt;
  return MappedName{.text = *name, .attribute = &visitor.current()};
}

void resolve_attributes(Resolving& resolving) {
  for (std::uint32_t i = 0; i < resolving.resolved.relation_fields.size(); ++i)
    resolve_relation_field_attributes(resolving, RelationFieldId{i});
  std::uint32_t model = 0;
  std::size_t row = 0;
  std::size_t composite = 0;
  for (const Tree& tree : resolving.trees)
    for (const Block& block : tree.blocks) {
      if (block.kind == BlockKind::model || block.kind == BlockKind::view)
        ModelAttributes(resolving, ModelId{model++}).run();
      else if (block.kind == BlockKind::enumeration)
        enumeration(resolving, resolving.resolved.enums[row++]);
      else if (block.kind == BlockKind::composite_type) {
        for (CompositeField& field : resolving.resolved.composite_types[composite++].fields)
          resolve_composite_field_attributes(resolving, field);
      }
    }
}

}  // namespace tenon::psl
