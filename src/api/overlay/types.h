// Types of an overlay's own: scalars with constraints, enums, objects that the owner's statements give, and
// inputs that they take.
//
//   scalar Sku @constraint(pattern: "[A-Z]{3}-[0-9]+", maxLength: 20)
//   type Place { name: String, latitude: Float }
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/overlay/file.h"
#include "api/overlay/overlay.h"

namespace tenon::api {

// An enum that the overlay defines: another name for one of the database's (when a column of that enum has
// it as its type), or one of its own.
struct OverlayEnum {
  std::string name;
  std::string description;
  std::vector<std::string> values;
  base::Span span;
  std::optional<catalog::EnumId> of = std::nullopt;
};

struct OwnTypes {
  std::vector<OverlayEnum> enums;
  std::vector<OverlayScalar> scalars;
  std::vector<OverlayType> types;

  OverlayEnum* find_enum(std::string_view name);
  const OverlayScalar* find_scalar(std::string_view name) const;
  const OverlayType* find_type(std::string_view name) const;
};

// Reads one definition that is neither a model nor a root.
void read_type(const OverlayFile& file, const graphql::TypeSystemDefinition& type, OwnTypes& types,
               base::Diagnostics& diagnostics);

// Adds the enums that are no names of the database's to the catalog.
void add_enums(catalog::Catalog& catalog, const OwnTypes& types);

// Directives that say who may see a type by how they are recognised (@aws_iam …): accepted where Amplify
// writes them, and without a meaning of their own, since the rules of operations decide.
bool is_mode_directive(std::string_view name);

// A type as the definitions of fields and arguments name it, if it is a leaf: a scalar that is known here, or
// an enum.
bool is_leaf(const catalog::Catalog& catalog, const OwnTypes& types, std::string_view name);

}  // namespace tenon::api
