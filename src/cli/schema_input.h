// The schema files that a `tenon schema …` command works on, and the options that all of them share.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/source.h"
#include "cli/context.h"
#include "psl/check/check.h"

namespace CLI {
class App;
}

namespace tenon::cli {

struct SchemaOptions {
  std::string path;    // --schema; empty: the project's
  std::string compat;  // --prisma-compat: 6, 7 or empty

  psl::PrismaCompat prisma_compat() const;
};

void add_schema_path(CLI::App& command, SchemaOptions& options);
void add_prisma_compat(CLI::App& command, SchemaOptions& options);

// The files, read. `files[i]` lies at `paths[i]`; the set knows them by their paths as people write them.
struct SchemaInput {
  base::SourceSet sources;
  std::vector<base::SourceId> files;
  std::vector<std::filesystem::path> paths;
};

// By --schema, which needs no project around it, else by server::find_schema_place. TN1003 when there are no
// files or one cannot be read.
base::Result<SchemaInput> read_schema_input(Context& context, const SchemaOptions& options);

}  // namespace tenon::cli
