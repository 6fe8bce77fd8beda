// The parts of resolve_attributes, one file each: what an attribute's arguments mean.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "psl/check/attribute_visitor.h"
#include "psl/check/resolve.h"

namespace tenon::psl {

// Names that @map gave to fields of one model so far.
using MappedNames = std::unordered_set<std::string>;

// resolve_field_attributes.cpp
void resolve_scalar_field_attributes(Resolving& resolving, ScalarFieldId id, MappedNames& mapped_names,
                                     std::vector<ModelIndex>& indexes);
void resolve_composite_field_attributes(Resolving& resolving, CompositeField& field);
// `@map` and `@@map`.
std::optional<MappedName> read_mapped_name(AttributeVisitor& visitor, base::Diagnostics& diagnostics);

// resolve_relation_attribute.cpp
void resolve_relation_field_attributes(Resolving& resolving, RelationFieldId id);

// resolve_defaults.cpp: reads `@default`, which is the current attribute.
std::optional<FieldDefault> read_default(Resolving& resolving, AttributeVisitor& visitor,
                                         const ScalarField& field);
std::optional<FieldDefault> read_composite_default(Resolving& resolving, AttributeVisitor& visitor,
                                                   const CompositeField& field);

// resolve_indexes.cpp: each reads the current attribute and appends to `indexes`; the ids of a model come
// last.
void read_field_id(Resolving& resolving, AttributeVisitor& visitor, ScalarFieldId field,
                   std::vector<ModelIndex>& indexes);
void read_field_unique(Resolving& resolving, AttributeVisitor& visitor, ScalarFieldId field,
                       std::vector<ModelIndex>& indexes);
void read_block_id(Resolving& resolving, AttributeVisitor& visitor, ModelId model,
                   std::vector<ModelIndex>& indexes);
void read_block_index(Resolving& resolving, AttributeVisitor& visitor, ModelId model, catalog::IndexKind kind,
                      std::vector<ModelIndex>& indexes);
void read_field_shard_key(Resolving& resolving, AttributeVisitor& visitor, ScalarFieldId field);
void read_block_shard_key(Resolving& resolving, AttributeVisitor& visitor, ModelId model);

// resolve_predicate.cpp: checks `where:` of an index; nullptr when it is absent or wrong.
const Expression* read_predicate(Resolving& resolving, AttributeVisitor& visitor, ModelId model);

// What a list of fields names, as far as it could be found.
struct FieldList {
  std::vector<ScalarFieldId> fields;
  std::vector<std::vector<std::string_view>> paths;  // of each field, beyond its own name
  std::vector<std::string> unknown;
  std::vector<std::string_view> relations;  // and fields of an unknown type
  bool failed = false;                      // something that is no list of fields; reported already
};

enum class FieldListForm : std::uint8_t {
  plain,           // names only
  with_arguments,  // `a(sort: Desc)`
  with_paths,      // and `address.street`, through composite types
};

FieldList read_field_list(Resolving& resolving, const Expression& list, ModelId model,
                          const base::Span& attribute_span, FieldListForm form);

}  // namespace tenon::psl
