// SQL expressions of defaults and partial indexes, in one form for both ways they are written: as a person
// wrote them in a schema file, and as the database gives them back (parentheses added, types cast, IN turned
// into = ANY).
#pragma once

#include <string>
#include <string_view>

namespace tenon::migrate {

// Two expressions with the same canonical text mean the same. Text that is not understood comes back with its
// blanks evened out only, so that a difference is seen rather than missed.
std::string canonical_expression(std::string_view text);

}  // namespace tenon::migrate
