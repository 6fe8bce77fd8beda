// What can be written at the cursor.
#pragma once

#include <string>

#include "lsp/navigation.h"

namespace tenon::lsp {

// CompletionItem[] as JSON text; `snippets` when the editor can fill in $1.
std::string completion(const Place& place, bool snippets);

}  // namespace tenon::lsp
