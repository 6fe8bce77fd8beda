// Rules on a PostgreSQL.
#include "api/policy_tests.h"
#include "tests/support/postgres.h"

namespace tenon::api {

PolicyPlace policy_place() {
  return {.url = test::create_database(note_tables("text", "jsonb")), .provider = "postgresql"};
}

}  // namespace tenon::api
