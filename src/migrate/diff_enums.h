// The steps of PostgreSQL's enums.
#pragma once

#include <vector>

#include "migrate/diff.h"
#include "migrate/match.h"

namespace tenon::migrate {

struct EnumSteps {
  std::vector<Step> renamed;
  std::vector<Step> created;
  std::vector<Step> altered;
  std::vector<Step> dropped;
};

// `changes` is by column before.
EnumSteps enum_steps(const Catalogs& catalogs, const DiffOptions& options, const Matches& matches,
                     const std::vector<ColumnChange>& changes);

}  // namespace tenon::migrate
