// Schema text to syntax tree. A line that does not parse is one error and the next line is read on, so one
// typing mistake does not hide the rest of the file.
#pragma once

#include "base/diagnostic.h"
#include "base/source.h"
#include "psl/tree.h"

namespace tenon::psl {

struct ParseOptions {
  bool has_objects = true;  // `{ key: value }`, which Prisma reads since version 7
};

// Reads the file `source` of `sources`. Errors (P1012, in Prisma's words) go to `diagnostics`.
Tree parse(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics,
           const ParseOptions& options = {});

}  // namespace tenon::psl
