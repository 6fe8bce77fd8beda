// Types that an overlay gives to columns: which scalar may stand for which column, and what that costs.
#pragma once

#include <string>
#include <string_view>

#include "catalog/catalog.h"

namespace tenon::api {

// How well a scalar shows the values of a column.
struct ScalarFit {
  enum class Kind : std::uint8_t {
    exact,
    lossy,       // some values are not shown as they are: `why`
    impossible,  // `why`
  };
  Kind kind = Kind::exact;
  std::string why = {};
};

// `scalar` is one that GraphQL or AppSync has, or one of this API's.
ScalarFit fit(const catalog::Catalog& catalog, const catalog::Column& column, std::string_view scalar);

// The column that a value of this type is like, for arguments and results of the owner's own statements. An
// enum must be one of the catalog; a name that is no known scalar is a text.
catalog::Column column_like(const catalog::Catalog& catalog, std::string_view scalar);

// The name that Amplify's generator makes of a column's: what a GraphQL name cannot hold becomes `_`.
std::string amplify_field_name(std::string_view column);

}  // namespace tenon::api
