// The same for MySQL and MariaDB: libmariadb's blocking calls, one thread for each connection.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "bench/reference/measures.h"
#include "bench/reference/record.h"
#include "sql/url.h"

namespace tenon::bench {

std::expected<LoadResult, std::string> load_mysql(const std::vector<RecordedRequest>& requests,
                                                  const sql::DatabaseUrl& url, const LoadOptions& options);

}  // namespace tenon::bench
