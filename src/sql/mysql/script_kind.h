// What a statement of a script is: whether a transaction holds it, and which object it is about.
#pragma once

#include <string_view>

#include "sql/script.h"

namespace tenon::sql::mysql {

// Fills in the kind and the object of a statement from its text.
void classify(std::string_view text, ScriptStatement& statement);

}  // namespace tenon::sql::mysql
