// Rows of one PGresult, kept alive and read in place.
#pragma once

#include <memory>

#include <libpq-fe.h>

#include "sql/result.h"

namespace tenon::sql::postgres {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

class RowSet final : public ResultSet {
 public:
  explicit RowSet(ResultPtr result);

  void read(std::size_t row, std::span<Cell> cells) const override;
  std::string_view column_name(std::size_t column) const override;

 private:
  ResultPtr result_;
};

}  // namespace tenon::sql::postgres
