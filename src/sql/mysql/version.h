// Which server a greeting speaks for.
#pragma once

#include <string_view>

#include "sql/server_version.h"

namespace tenon::sql::mysql {

// From what the server calls itself: "8.0.36", "8.4.0-commercial", "10.11.6-MariaDB-1:10.11.6+maria~deb12",
// "5.5.5-10.11.6-MariaDB" (the prefix is for clients that know no version above 5). Numbers that are not
// there are zero.
ServerVersion parse_version(std::string_view text);

}  // namespace tenon::sql::mysql
