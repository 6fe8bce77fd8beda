// Has the databases look at the statements of the overlay before anybody uses them.
#pragma once

#include <chrono>

#include "api/schema/schema.h"
#include "base/diagnostic.h"
#include "server/server_versions.h"

namespace tenon::server {

// Prepares each statement on its database and compares what it takes and gives with what its operation
// declares. What is wrong is an error with its place; a database that does not answer within `patience` says
// nothing, and its statements are looked at by their first requests. The number of statements that were not
// looked at.
std::size_t check_statements(const api::Schema& schema, const DatabaseUrls& urls,
                             std::chrono::milliseconds patience, base::Diagnostics& diagnostics);

}  // namespace tenon::server
