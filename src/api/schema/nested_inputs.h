// Inputs of nested writes: what may be done along a relation while a row is created or updated.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/schema/draft.h"
#include "api/schema/exposure.h"

namespace tenon::api {

class NestedInputs {
 public:
  NestedInputs(SchemaDraft& draft, const Exposure& exposure, const catalog::Catalog& catalog);

  // The members of Create<Model>Input and Update<Model>Input for the model's relations.
  std::vector<DraftInput> create_members(const Model& model);
  std::vector<DraftInput> update_members(const Model& model);
  // Whether a relation can give a value to the column when a row is created.
  bool gives(catalog::ColumnId column) const { return given_[column.value]; }

  // Defines what the members refer to. Once, when all models have theirs.
  void finish();

 private:
  struct Allowed;
  Allowed on_create(const Relation& relation) const;
  Allowed on_update(const Relation& relation) const;
  bool may_miss_its_key(const Relation& relation) const;
  bool may_link(const LinkTable& link, bool remove) const;
  bool is_pure(const LinkTable& link) const;
  bool may_create(const Model& model) const;
  bool may_change(const Model& model) const;
  bool has_unique_input(const Model& model) const;
  bool any_nullable(const std::vector<catalog::ColumnId>& columns) const;
  bool all_writable(const std::vector<catalog::ColumnId>& columns) const;
  const Model& model_of(catalog::TableId table) const { return *exposure_.find(table); }
  std::vector<DraftInput> members(const Model& model, bool updating);
  const std::string& relation_input(const Model& model, const ModelRelation& field, bool updating);
  std::vector<DraftInput> operations(const Relation& relation, const Allowed& allowed);
  void add_unique(const Model& model);

  SchemaDraft& draft_;
  const Exposure& exposure_;
  const catalog::Catalog& catalog_;
  std::vector<bool> given_;     // by column
  std::set<std::string> used_;  // types that all relations to a model share
  // Names of inputs that exist, and those of each relation when its row is created (false) or updated.
  std::set<std::string> names_;
  std::map<std::pair<std::uint32_t, bool>, std::string> relation_inputs_;
};

}  // namespace tenon::api
