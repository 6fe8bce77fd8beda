// Rows as texts, one after another in one buffer. They come from the binary rows of a prepared statement,
// which are read here: libmariadb's own way, a bound buffer per column and a copy per value, costs more and
// cannot give a float its shortest digits.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <mysql.h>

#include "sql/result.h"

namespace tenon::sql::mysql {

struct ResultColumn {
  std::string name;
  enum_field_types type = MYSQL_TYPE_NULL;
  bool is_unsigned = false;
  bool is_binary = false;      // bytes, where the type could be a text
  std::uint32_t decimals = 0;  // digits of a second's fraction; more than 6: as many as there are
};

ValueType value_type(const ResultColumn& column);

class RowSet final : public ResultSet {
 public:
  RowSet() = default;
  explicit RowSet(std::vector<ResultColumn> columns);

  // One row of the binary protocol, header byte included. False when it is malformed, or there is too much.
  bool append_binary(std::string_view packet);
  // The same with other bytes behind it.
  bool append_first_of(std::string_view packets);
  // One row of the text protocol: values or nullptr.
  bool append_text(const char* const* values, const unsigned long* lengths);
  void reserve(std::size_t rows, std::size_t bytes);
  void set_affected(std::uint64_t count) { affected_ = count; }

  std::size_t byte_count() const { return text_.size(); }

  // Those of another run of the same statement. False when there is too much.
  bool append(const RowSet& other);

  Cell cell(std::size_t row, std::size_t column) const;

  void read(std::size_t row, std::span<Cell> cells) const override;
  std::string_view column_name(std::size_t column) const override { return names_[column].name; }
  ValueType column_type(std::size_t column) const override { return value_type(names_[column]); }

 private:
  struct Span {
    std::uint32_t begin = 0;
    std::int32_t size = -1;  // negative: NULL
  };

  bool append_row(std::string_view& packet);
  bool append_value(const ResultColumn& column, std::string_view& packet);
  bool end_cell(std::size_t begin);

  std::vector<ResultColumn> names_;
  std::vector<Span> cells_;  // row by row
  std::string text_;
};

// What a prepared statement's fields say about the columns of its rows.
std::vector<ResultColumn> columns_of(const MYSQL_FIELD* fields, unsigned int count);

// Everything that mysql_stmt_store_result fetched. nullptr when it is malformed.
std::unique_ptr<RowSet> take_rows(const MYSQL_DATA& stored, const MYSQL_FIELD* fields, unsigned int count);

// The rows of a text that was not prepared.
std::unique_ptr<RowSet> take_rows(MYSQL_RES* result);

}  // namespace tenon::sql::mysql
