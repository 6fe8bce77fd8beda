// From a project to the schema that is served: its schema files, or the live database when it has none, then
// names, overlay and API schema. Everything is built anew on each load; nothing is patched.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "api/schema/schema.h"
#include "base/diagnostic.h"
#include "base/error.h"
#include "psl/schema.h"
#include "server/operation_texts.h"
#include "server/project.h"
#include "server/server_versions.h"

namespace tenon::server {

struct ApiSource {
  bool open_without_overlay = false;  // development: every model, to whoever has the key
  std::vector<std::string> schemas;   // of the live database; empty: the project's, then the URL's
  bool ask_versions = false;          // of the databases, because they are about to be used
  // What the schema says against the project's own operations: they fail alone when they are asked for.
  base::Severity operations_severity = base::Severity::warning;
};

// What a load gave. `schema` is null when `diagnostics` has errors.
struct LoadedApi {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  std::shared_ptr<const api::Schema> schema;
  api::ServerVersions servers;  // those that have answered, by database
  OperationRules operations;    // those of the project, and what else may be asked
  bool from_files = false;      // all tables come from schema files
  bool open = false;            // there is no overlay, and everything is served
};

// The schema files of a project with one database; nullopt when there are none or `loaded.diagnostics` got an
// error; `loaded.from_files` says which. Fails only when a file cannot be read.
base::Result<std::optional<psl::Schema>> read_schema_files(const Project& project, LoadedApi& loaded);

// Introspects each database that has no schema files; fails only when it then cannot be read, or a file
// cannot be. Models of several databases form one API; a name that two of them have is an error (TN4005).
base::Result<LoadedApi> load_api(const Project& project, const DatabaseUrls& urls, const ApiSource& source);

}  // namespace tenon::server
