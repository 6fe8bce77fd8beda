// The rules of one @auth directive.
#pragma once

#include <optional>
#include <vector>

#include "api/overlay/file.h"
#include "catalog/catalog.h"
#include "policy/rule.h"

namespace tenon::api {

// What rules are about; it decides which of their keys mean something.
struct RuleSubject {
  enum class Kind : std::uint8_t { model, field, operation };
  Kind kind = Kind::model;
  const catalog::Catalog* catalog = nullptr;
  catalog::TableId table = {};  // model, field
};

// nullopt when something in the rules is wrong, which `diagnostics` then says.
std::optional<std::vector<policy::Rule>> read_rules(const OverlayFile& file, const graphql::Directive& auth,
                                                    const RuleSubject& subject,
                                                    base::Diagnostics& diagnostics);

}  // namespace tenon::api
