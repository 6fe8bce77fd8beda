#include "migrate/table_rows_mysql.h"

#include <charconv>

namespace tenon::migrate {

sql::DatabaseResult<std::uint64_t> estimated_rows(Session& session, const sql::ObjectName& table) {
  const auto rows = session.query(
      "SELECT COALESCE(MAX(TABLE_ROWS), 0) FROM information_schema.TABLES"
      " WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ?",
      {table.schema, table.name});
  if (!rows) return std::unexpected(rows.error());
  const std::string digits = cell(*rows);
  std::uint64_t count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return count;
}

}  // namespace tenon::migrate
