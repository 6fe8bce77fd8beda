// Comments as documentation of what they stand beside.
#pragma once

#include <string>
#include <string_view>

#include "psl/lexer.h"

namespace tenon::psl {

// Adds the text of a comment on a line of its own. `/// …` counts without one space, `/* … */` without the
// white space at its ends (stars at the beginning of lines stay); `// …` is not documentation.
void append_documentation(std::string& documentation, TokenKind kind, std::string_view comment);

}  // namespace tenon::psl
