// Several statements as one, for a database that is far away: what would take a round trip for each depth of
// lists takes one. Each statement is a part; the keys of a part may be cells of an earlier part's rows.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "sql/aggregate.h"
#include "sql/statement.h"

namespace tenon::sql {

struct BundlePart {
  std::variant<Select, Aggregate, RowEstimate> statement;
  // By the indexes in `statement`: those of the bundle. What a part's keys would be bound to is not used.
  std::vector<ParameterIndex> parameters;
};

// The answer has the rows of all parts, each part's in its own order: the cells as the part alone would give
// them, NULLs up to `width`, and last the number of the part.
struct Bundle {
  const catalog::Catalog* catalog = nullptr;
  std::vector<BundlePart> parts;
  std::uint32_t width = 0;     // cells of the widest part
  std::uint64_t rows_max = 0;  // of all parts together
};

}  // namespace tenon::sql
