// Reading the answers of introspection, row by row.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/result.h"

namespace tenon::sql {

class RowReader {
 public:
  explicit RowReader(const ResultSet& rows) : rows_(rows), cells_(rows.column_count()) {}

  // The next row, the first at first; false behind the last.
  bool next() {
    if (at_ == rows_.row_count()) return false;
    rows_.read(at_++, cells_);
    return true;
  }
  bool is_null(std::size_t column) const { return cells_[column].is_null(); }
  // NULL reads as empty, zero and false.
  std::string text(std::size_t column) const { return std::string(cells_[column].text()); }
  bool flag(std::size_t column) const { return cells_[column].text() == "t"; }
  char letter(std::size_t column) const {
    const auto value = cells_[column].text();
    return value.empty() ? '\0' : value.front();
  }
  template <class T = std::uint32_t>
  T number(std::size_t column) const {
    return parse<T>(cells_[column].text());
  }
  // {1,2,3}
  std::vector<int> numbers(std::size_t column) const {
    std::vector<int> all;
    std::string_view list = cells_[column].text();
    while (list.size() > 1) {
      list.remove_prefix(1);
      const auto end = list.find_first_of(",}");
      if (end == 0 || end == std::string_view::npos) break;
      all.push_back(parse<int>(list.substr(0, end)));
      list.remove_prefix(end);
    }
    return all;
  }

 private:
  template <class T>
  static T parse(std::string_view text) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  const ResultSet& rows_;
  std::vector<Cell> cells_;
  std::size_t at_ = 0;
};

}  // namespace tenon::sql
