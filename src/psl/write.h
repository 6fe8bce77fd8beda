// A catalog as schema files, byte for byte as Prisma's `db pull` writes it. The catalog's exposed names must
// be set (names.h); tables and columns without one are left out, or commented out where Prisma does so.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "catalog/catalog.h"
#include "psl/schema.h"

namespace tenon::psl {

struct WriteOptions {
  // Written as they were read. A datasource without properties gets its provider, and a list of schemas when
  // the catalog has tables outside `public`.
  Datasource datasource;
  // Preview features that the tables need are added to the first one.
  std::vector<Generator> generators{
      {.name = "client",
       .properties = {{"provider", "\"prisma-client\""}, {"output", "\"../generated/prisma\""}}}};
  // List extensions that the datasource does not declare (and so take over their management).
  bool list_extensions = false;
};

// What the language cannot say is a warning in `diagnostics`, in the words of `db pull`.
std::string write_schema(const catalog::Catalog& catalog, const WriteOptions& options,
                         base::Diagnostics& diagnostics);

}  // namespace tenon::psl
