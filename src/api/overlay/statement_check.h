// The owner's statements against what the overlay promises of them: what an engine says about each, compared
// with the arguments and the result that its operation declares.
#pragma once

#include "api/overlay/overlay.h"
#include "sql/connection.h"
#include "sql/dialect.h"

namespace tenon::api {

// As it is prepared.
sql::Statement render(const catalog::Catalog& catalog, const OverlayOperation& operation,
                      const sql::Dialect& dialect);

// TN4013 for each column that is missing or has another type, and each argument that the statement takes as
// something else. Types that the engine does not tell are left to the first request.
void check_statement(const catalog::Catalog& catalog, const OverlayOperation& operation,
                     const sql::Description& description, base::Diagnostics& diagnostics);

}  // namespace tenon::api
