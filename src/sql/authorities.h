// Which certificate authorities are trusted when a URL names none.
#pragma once

#include <string>

namespace tenon::sql {

// The system's, as a file in PEM: libpq 15 has no name for them, and libmariadb checks nothing without a
// file.
std::string system_authority_file();

}  // namespace tenon::sql
