// The primary key of a table of MySQL as a way through its rows, and as their names: conditions in SQL.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "migrate/session.h"
#include "sql/script_action.h"

namespace tenon::migrate {

class BatchKey {
 public:
  // Of a table; nullopt when it has none, or one of a type whose values have no order or text of their own.
  static sql::DatabaseResult<std::optional<BatchKey>> read(Session& session, const sql::ObjectName& table);

  // What a SELECT asks for so that its rows are keys: "`a`, HEX(`b`)".
  const std::string& selected() const { return selected_; }
  // Behind ORDER BY.
  std::string ascending() const { return order(""); }
  std::string descending() const { return order(" DESC"); }
  // Conditions of a WHERE. `keys` are not none.
  std::string behind(const Row& key) const;
  std::string up_to(const Row& key) const;
  std::string one_of(std::span<const Row> keys) const;

 private:
  struct Column {
    enum class Kind : std::uint8_t { number, text, bytes };
    std::string name;  // quoted
    Kind kind = Kind::text;
  };
  explicit BatchKey(std::vector<Column> columns);
  static std::optional<Column::Kind> kind_of(std::string_view type);

  std::string order(std::string_view direction) const;
  std::string literal(const Row& key, std::size_t column) const;
  // Row by row as the key is ordered: "(`a` > 1 OR `a` = 1 AND `b` > 2)".
  std::string compared(const Row& key, std::string_view before_last, std::string_view last) const;

  std::vector<Column> columns_;
  std::string selected_;
};

}  // namespace tenon::migrate
