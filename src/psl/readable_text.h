// Whether a file is a text that can be read as a schema at all.
#pragma once

#include "base/diagnostic.h"
#include "base/source.h"

namespace tenon::psl {

// False, with an error in `diagnostics` (P1012), for a file above base::SchemaLimits::bytes_max and for one
// that is not UTF-8: its bytes would stand in messages and in answers to editors.
bool can_be_schema(const base::SourceSet& sources, base::SourceId source, base::Diagnostics& diagnostics);

}  // namespace tenon::psl
