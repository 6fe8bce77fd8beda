// Rows as they lie in the receive buffer of a connection. Nothing is copied or parsed until somebody reads a
// cell; the response writer goes straight from here to JSON bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/type.h"

namespace tenon::sql {

// The type of a value as a result tells it: `other` when it is one that a catalog would have to name.
struct ValueType {
  catalog::TypeKind kind = catalog::TypeKind::other;
  bool is_array = false;
  friend bool operator==(ValueType, ValueType) = default;
};

// One value in the engine's text format; valid while its ResultSet lives.
struct Cell {
  const char* data = nullptr;
  std::int32_t size = -1;  // negative: NULL

  bool is_null() const { return size < 0; }
  std::string_view text() const {
    return size < 0 ? std::string_view{} : std::string_view{data, static_cast<std::size_t>(size)};
  }
};

// The rows one statement gave. Owned by whoever asked; independent of the connection afterwards.
class ResultSet {
 public:
  virtual ~ResultSet() = default;

  std::size_t row_count() const { return rows_; }
  std::size_t column_count() const { return columns_; }
  // Rows changed by INSERT, UPDATE or DELETE.
  std::uint64_t affected() const { return affected_; }

  // Fills the first min(cells.size(), column_count()) cells with those of row `row` < row_count().
  virtual void read(std::size_t row, std::span<Cell> cells) const = 0;
  virtual std::string_view column_name(std::size_t column) const = 0;
  virtual ValueType column_type(std::size_t) const { return {}; }

 protected:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::uint64_t affected_ = 0;
};

using Results = std::vector<std::unique_ptr<ResultSet>>;

}  // namespace tenon::sql
