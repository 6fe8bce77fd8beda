// How large a table of MySQL is, by the server's statistics.
#pragma once

#include <cstdint>

#include "migrate/session.h"
#include "sql/script_action.h"

namespace tenon::migrate {

// Zero where nothing is known.
sql::DatabaseResult<std::uint64_t> estimated_rows(Session& session, const sql::ObjectName& table);

}  // namespace tenon::migrate
