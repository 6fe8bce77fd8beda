// prisma.config.ts (.js, .mjs, .cjs, .mts, .cts) as a value: the part of it that stands in its text. Nothing
// is run. Keys that only matter to Prisma's own tools are passed over.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/source.h"

namespace tenon::server {

// A text of the file, or the variables that hold it.
struct PrismaSetting {
  base::Secret text;                   // with variables: used when none of them is set
  std::vector<std::string> variables;  // of env('X'), process.env.X ?? process.env.Y, in order
  std::string place;                   // file:line:column
  std::optional<base::Error> problem;  // it is computed, which is an error as soon as it is needed
};

struct PrismaConfig {
  std::optional<PrismaSetting> schema;           // relative to the file
  std::optional<PrismaSetting> url;              // datasource.url
  std::optional<PrismaSetting> shadow_url;       // datasource.shadowDatabaseUrl
  std::optional<PrismaSetting> migrations_path;  // relative to the file
  std::optional<PrismaSetting> seed;             // migrations.seed, a command
  // .env files that the file itself loads; without, variables are those of the process alone, as in Prisma 7.
  std::vector<std::string> dotenv_files;
};

// TN1001 for a file that is not JavaScript, exports no object or has a wrong type.
PrismaConfig read_prisma_config(const base::SourceSet& sources, base::SourceId source,
                                base::Diagnostics& diagnostics);

}  // namespace tenon::server
