// The cheapest client there is for a list of recorded requests: libpq in pipeline mode, or libmariadb;
// prepared statements, rows turned into JSON on the spot; no GraphQL, no HTTP. A closed loop on each
// connection.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "bench/reference/measures.h"
#include "bench/reference/record.h"
#include "sql/url.h"

namespace tenon::bench {

// The error is the client library's own text.
std::expected<LoadResult, std::string> load(const std::vector<RecordedRequest>& requests,
                                            const sql::DatabaseUrl& url, const LoadOptions& options);

}  // namespace tenon::bench
