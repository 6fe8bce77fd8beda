// Which database a command works on, ready to connect to: the configured one, or the project-local one, which
// is started when it sleeps.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/terminal.h"
#include "psl/schema.h"
#include "server/project.h"
#include "server/server_versions.h"
#include "sql/url.h"

namespace tenon::cli {

// What a schema file with this text says, as far as its datasource and generators are concerned; nothing when
// it is not valid.
std::optional<psl::Schema> read_schema_blocks(const std::filesystem::path& file, std::string text);

// What to do when nothing names a database.
enum class Unnamed : std::uint8_t {
  existing,  // use the project-local one when the project has one, else TN1005
  running,   // the same, but a local one that sleeps is left asleep
  make,      // create it
  never,     // TN1005: production names its database
};

// By server::choose_database; `flag` is --url, empty when it is not given. `datasource` is that of the schema
// files.
base::Result<sql::DatabaseUrl> find_database(const server::Project& project, const std::string& flag,
                                             const std::optional<psl::Datasource>& datasource,
                                             Unnamed unnamed, base::Progress& progress);

// The same for each database of the project; `flag` is for one that has a single database.
base::Result<server::DatabaseUrls> find_databases(const server::Project& project, const std::string& flag,
                                                  Unnamed unnamed, base::Progress& progress);
// "host:port/name", of several one after another.
std::string targets(const server::DatabaseUrls& urls);

// Whether every database of the project has schema files. TN1003 for a place that is named and has none.
base::Result<bool> have_schema_files(const server::Project& project);

// What a schema's datasource says of the URL.
std::optional<server::DatasourceUrl> datasource_url(const std::optional<psl::Datasource>& datasource);
// The datasource of the project's schema files, as far as they can be read.
std::optional<psl::Datasource> datasource_of(const server::Project& project);

}  // namespace tenon::cli
