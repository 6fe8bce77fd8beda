// Datasource and generator blocks; for read.cpp.
#pragma once

#include <optional>
#include <vector>

#include "base/diagnostic.h"
#include "psl/schema.h"
#include "psl/tree.h"

namespace tenon::psl {

// The one datasource among `blocks`; nullopt after an error.
std::optional<Datasource> read_datasource(const base::SourceSet& sources,
                                          const std::vector<const Block*>& blocks,
                                          base::Diagnostics& diagnostics);

Generator read_generator(const base::SourceSet& sources, const Block& block, base::Diagnostics& diagnostics);

}  // namespace tenon::psl
