#include "sql/mysql/error.h"

#include <gtest/gtest.h>

namespace tenon::sql::mysql {
namespace {

struct Case {
  std::uint32_t number;
  const char* sqlstate;
  const char* message;
  Failure failure;
  const char* table = "";
  const char* column = "";
  const char* constraint = "";
};

// Texts of MariaDB 10.11 and MySQL 8.0.
TEST(Error, NamesWhatIsConcerned) {
  const Case cases[] = {
      {1062, "23000", "Duplicate entry 'a'for key 'b' for key 'PRIMARY'", Failure::unique_violation, "", "",
       "PRIMARY"},
      {1062, "23000", "Duplicate entry '1-2' for key 'users.users_email_key'", Failure::unique_violation,
       "users", "", "users_email_key"},
      {1062, "23000", "Doppelter Eintrag", Failure::unique_violation},
      {1452, "23000",
       "Cannot add or update a child row: a foreign key constraint fails (`shop`.`od``d`, CONSTRAINT `fk` "
       "FOREIGN "
       "KEY (`c`) REFERENCES `t` (`a`))",
       Failure::foreign_key_violation, "od`d", "", "fk"},
      {1451, "23000", "Cannot delete or update a parent row: a foreign key constraint fails (",
       Failure::foreign_key_violation},
      {3819, "HY000", "Check constraint 'positive' is violated.", Failure::check_violation, "", "",
       "positive"},
      {4025, "23000", "CONSTRAINT `positive` failed for `shop`.`item`", Failure::check_violation, "item", "",
       "positive"},
      {4025, "23000", "CONSTRAINT `item.price` failed for `shop`.`item`", Failure::check_violation, "item",
       "price", "price"},
      {1048, "23000", "Column 'b' cannot be null", Failure::not_null_violation, "", "b"},
      {1364, "HY000", "Field 'b' doesn't have a default value", Failure::not_null_violation, "", "b"},
      {3105, "HY000", "The value specified for generated column 'b' in table 'made' is not allowed.",
       Failure::generated_column, "made", "b"},
      {1292, "22007", "Incorrect datetime value: 'for column `x`.`y`.`z`' for column `d`.`t`.`f` at row 1",
       Failure::invalid_value, "t", "f"},
      {1264, "22003", "Out of range value for column 'd' at row 1", Failure::invalid_value, "", "d"},
      {1213, "40001", "Deadlock found when trying to get lock; try restarting transaction",
       Failure::deadlock},
      {1020, "HY000", "Record has changed since last read in table 't'", Failure::serialization},
      {1205, "HY000", "Lock wait timeout exceeded; try restarting transaction", Failure::timeout},
      {3024, "HY000", "Query execution was interrupted, maximum statement execution time exceeded",
       Failure::timeout},
      {1969, "70100", "Query execution was interrupted (max_statement_time exceeded)", Failure::timeout},
      {1142, "42000", "SELECT command denied to user 'u'@'h' for table 't'", Failure::permission_denied},
      {1644, "45000", "boom", Failure::raised},
      {1644, "45TN1", "boom", Failure::raised},
      {2013, "HY000", "Lost connection to server during query", Failure::connection_lost},
      {1146, "42S02", "Table 'd.t' doesn't exist", Failure::other},
      {9999, "22012", "something of class 22", Failure::invalid_value},
  };
  for (const Case& one : cases) {
    const DatabaseError error = make_error(one.number, one.sqlstate, one.message);
    EXPECT_EQ(error.failure, one.failure) << one.message;
    EXPECT_EQ(error.table, one.table) << one.message;
    EXPECT_EQ(error.column, one.column) << one.message;
    EXPECT_EQ(error.constraint, one.constraint) << one.message;
    EXPECT_EQ(error.message, one.message);
  }
}

TEST(Error, SaysWhatStatesSayEverywhere) {
  EXPECT_EQ(make_error(1049, "42000", "Unknown database 'x'").sqlstate, "3D000");
  EXPECT_EQ(make_error(1290, "HY000", "… --read-only …").sqlstate, "25006");
  EXPECT_EQ(make_error(1205, "HY000", "Lock wait timeout exceeded").sqlstate, "55P03") << "as on PostgreSQL";
  EXPECT_EQ(make_error(1146, "42S02", "").sqlstate, "42S02");
  EXPECT_EQ(make_error(2006, "HY000", "gone").sqlstate, "") << "not the database's";
}

TEST(Error, OfConnectingIsWhyNot) {
  EXPECT_EQ(make_connect_error(2002, "HY000", "Can't connect").failure, Failure::unreachable);
  EXPECT_EQ(make_connect_error(2013, "HY000", "Lost connection").failure, Failure::unreachable);
  EXPECT_EQ(make_connect_error(1040, "08004", "Too many connections").failure, Failure::unreachable);
  EXPECT_EQ(make_connect_error(1045, "28000", "Access denied for user").failure, Failure::authentication);
  EXPECT_EQ(make_connect_error(1044, "42000", "Access denied … to database").failure,
            Failure::permission_denied);
  EXPECT_EQ(make_connect_error(2059, "HY000", "plugin cannot be loaded").failure, Failure::authentication);
  const auto tls = make_connect_error(2026, "HY000", "TLS/SSL error: self-signed certificate");
  EXPECT_EQ(to_error(tls, "db").code, base::code::tls_failed);
}

}  // namespace
}  // namespace tenon::sql::mysql
