#include "sql/postgres/result.h"

#include <algorithm>
#include <charconv>

namespace tenon::sql::postgres {

RowSet::RowSet(ResultPtr result) : result_(std::move(result)) {
  rows_ = static_cast<std::size_t>(PQntuples(result_.get()));
  columns_ = static_cast<std::size_t>(PQnfields(result_.get()));
  // "5" after INSERT 0 5; also set for SELECT, where it is the number of rows given.
  if (columns_ == 0 || rows_ == 0 || PQcmdStatus(result_.get())[0] != 'S') {
    const std::string_view count = PQcmdTuples(result_.get());
    std::from_chars(count.data(), count.data() + count.size(), affected_);
  }
}

void RowSet::read(std::size_t row, std::span<Cell> cells) const {
  const std::size_t count = std::min(cells.size(), columns_);
  const int at = static_cast<int>(row);
  for (std::size_t i = 0; i < count; ++i) {
    const int column = static_cast<int>(i);
    const int size = PQgetlength(result_.get(), at, column);
    const bool null = size == 0 && PQgetisnull(result_.get(), at, column) != 0;
    cells[i] = {.data = PQgetvalue(result_.get(), at, column), .size = null ? -1 : size};
  }
}

std::string_view RowSet::column_name(std::size_t column) const {
  return PQfname(result_.get(), static_cast<int>(column));
}

}  // namespace tenon::sql::postgres
