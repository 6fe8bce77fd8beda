// PostgreSQL's UPDATE and DELETE read for batches, by PostgreSQL's own parser.
#pragma once

#include <string>

#include "sql/script_batch.h"

namespace tenon::sql::postgres {

BatchReading read_batch(const std::string& statement);

}  // namespace tenon::sql::postgres
