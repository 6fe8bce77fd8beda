// The rows of one statement, read where they arrived.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/postgres/inbox.h"
#include "sql/result.h"

namespace tenon::sql::postgres {

struct ResultColumn {
  std::string name;
  ValueType type;
};
using ResultColumns = std::vector<ResultColumn>;

class RowSet final : public ResultSet {
 public:
  // `columns` may be nullptr: the statement gives no rows.
  RowSet(std::shared_ptr<const Received> bytes, std::shared_ptr<const ResultColumns> columns);

  // The body of a DataRow in `bytes`. False when it has not exactly a value for each column.
  bool add_row(const Message& row);
  // "SELECT 5", "INSERT 0 5": the number at the end of what a CommandComplete says.
  void set_tag(std::string_view tag);

  void read(std::size_t row, std::span<Cell> cells) const override;
  std::string_view column_name(std::size_t column) const override { return (*columns_of_)[column].name; }
  ValueType column_type(std::size_t column) const override { return (*columns_of_)[column].type; }

 private:
  std::shared_ptr<const Received> bytes_;
  std::shared_ptr<const ResultColumns> columns_of_;
  std::vector<std::uint32_t> starts_;  // of the first value of each row, in bytes_
};

// The body of a RowDescription; nullptr when it is none.
std::shared_ptr<const ResultColumns> result_columns(std::string_view body);
// The body of a ParameterDescription; nullopt when it is none.
std::optional<std::vector<ValueType>> parameter_types(std::string_view body);

}  // namespace tenon::sql::postgres
