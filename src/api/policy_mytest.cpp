// Rules on a MariaDB.
#include "api/policy_tests.h"
#include "tests/support/mariadb.h"

namespace tenon::api {

PolicyPlace policy_place() {
  return {.url = test::create_mariadb_database(note_tables("varchar(100)", "json")), .provider = "mysql"};
}

}  // namespace tenon::api
