// Where the schema files of a project are: the one place that every command asks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "server/project.h"

namespace tenon::server {

// A schema file, or a folder of them. It need not exist.
struct SchemaPlace {
  std::filesystem::path path;
  std::string named_by;  // "--schema", "prisma.config.ts:4:11"; empty when it is where schemas usually are
  std::optional<base::Error> problem;  // it is named in a way that cannot be followed

  bool is_file() const { return path.extension() == ".prisma"; }
  std::filesystem::path folder() const { return is_file() ? path.parent_path() : path; }
};

// Of a project with one database (several are a problem: project_of). In this order: [schema] path of
// tenon.toml; `schema` of prisma.config.*; prisma.schema of package.json;
// ./schema.prisma; ./prisma, all of it.
SchemaPlace find_schema_place(const Project& project);

// The files there, sorted by path; a folder is read with everything below it. Empty when nobody names a place
// and the usual ones hold none; TN1003 when a named one does.
base::Result<std::vector<std::filesystem::path>> find_schema_files(const SchemaPlace& place);

// Files below `folder` whose names end so, sorted by path.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               std::string_view extension);

// prisma.config.{ts,js,mjs,cjs,mts,cts}, else .config/prisma.{ts,…}.
std::optional<std::filesystem::path> find_prisma_config(const std::filesystem::path& folder);

}  // namespace tenon::server
