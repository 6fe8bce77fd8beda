// Schema files to catalog. Every name that a schema leaves out (of constraints, of link tables) is what
// Prisma would make, so that two catalogs, one read and one introspected, can be compared.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/diagnostic.h"
#include "base/source.h"
#include "psl/schema.h"

namespace tenon::psl {

struct ReadOptions {
  // Where tables are when the schema does not say: what the connection's search path begins with. Absent:
  // `public`; for MySQL the empty name, which is that of the connection's database.
  std::optional<std::string> default_schema;
};

// Reads `files` as the parts of one schema, in any order. nullopt when `diagnostics` got an error.
std::optional<Schema> read_schema(const base::SourceSet& sources, std::span<const base::SourceId> files,
                                  base::Diagnostics& diagnostics, const ReadOptions& options = {});

}  // namespace tenon::psl
