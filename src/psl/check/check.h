// The checker of the schema language: syntax trees, configuration and resolved models of a set of files, with
// everything that is wrong with them. The only way to read schema files; read.h makes a catalog from it.
//
// The stages are those of Prisma's validator, in its order: syntax and names; types; attributes; the rules of
// the database. A stage runs only if those before left no error, so that one mistake is not reported as many.
#pragma once

#include <span>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "psl/check/configuration.h"
#include "psl/check/resolved.h"
#include "psl/tree.h"

namespace tenon::psl {

struct CheckOptions {
  PrismaCompat compat = PrismaCompat::none;
};

// `resolved` points into `trees`, so this moves but does not copy. The SourceSet must live as long.
struct CheckedSchema {
  std::vector<Tree> trees;  // one for each file, in the order given
  Configuration configuration;
  Resolved resolved;
  // Whether there was no error at all.
  bool complete = false;
  // Whether the names, types and attributes were without error, so that `resolved` is whole and only rules
  // were broken.
  bool names_resolved = false;

  CheckedSchema() = default;
  CheckedSchema(CheckedSchema&&) = default;
  CheckedSchema& operator=(CheckedSchema&&) = default;
  CheckedSchema(const CheckedSchema&) = delete;
  CheckedSchema& operator=(const CheckedSchema&) = delete;
  ~CheckedSchema() = default;
};

// Problems are added to `diagnostics`, Time and memory are linear in
// the size of the files, up to sorting.
CheckedSchema check_schema(const base::SourceSet& sources, std::span<const base::SourceId> files,
                           base::Diagnostics& diagnostics, const CheckOptions& options = {});

}  // namespace tenon::psl
