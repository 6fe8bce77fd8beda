// Diagnostics in the text form of Prisma's own tools, byte for byte, for those who compare or parse that.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/source.h"

namespace tenon::psl {

// What `prisma validate` prints of a schema with errors: each error with its lines, an empty line and
// "Validation Error Count: N". Warnings are no part of it.
std::string prisma_error_text(const base::Diagnostics& diagnostics, const base::SourceSet& sources);

// Each warning with its lines; empty without warnings.
std::string prisma_warning_text(const base::Diagnostics& diagnostics, const base::SourceSet& sources);

}  // namespace tenon::psl
