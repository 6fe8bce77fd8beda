// Formatting as an editor wants it: what changes, and no more.
#pragma once

#include <string>

#include "lsp/workspace.h"

namespace tenon::lsp {

// TextEdit[] as JSON text: at most one edit, of the lines between the first and the last that differ.
std::string formatting(const Analysis& analysis, base::SourceId source);

}  // namespace tenon::lsp
