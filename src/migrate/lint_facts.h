// What a database knows of the tables that migrations are about to change: how many rows they have, of what
// types their columns are.
#pragma once

#include <span>

#include "base/error.h"
#include "migrate/lint.h"
#include "migrate/target.h"

namespace tenon::migrate {

// Tables with few rows are counted, of the others the server's estimate is taken. Waits for no locks.
base::Result<TableFacts> read_table_facts(Target& target, std::span<const sql::ObjectName> tables);

}  // namespace tenon::migrate
