// What an operation sends to the database, taken down while the API answers it: the exact statements and
// parameters that the bare client repeats.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/schema/schema.h"
#include "sql/connection.h"
#include "sql/url.h"

namespace tenon::bench {

struct RecordedCall {
  sql::Statement statement;
  std::vector<std::optional<std::string>> parameters;
};

// One round trip.
struct RecordedExchange {
  sql::Begin begin = sql::Begin::none;
  sql::End end = sql::End::finish;
  std::vector<RecordedCall> calls;
};

using RecordedRequest = std::vector<RecordedExchange>;

// Answers each body (a GraphQL request as JSON) once and returns what was sent for it. Fails with the answer
// when one of them has errors.
std::expected<std::vector<RecordedRequest>, std::string> record(
    const std::shared_ptr<const api::Schema>& schema, const sql::DatabaseUrl& url,
    const std::vector<std::string>& bodies);

}  // namespace tenon::bench
