// 32-bit names of rows in flat vectors. An id means nothing without the value it came from; the tag keeps
// ids of different vectors apart at compile time.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace tenon::base {

template <class Tag>
struct Id {
  std::uint32_t value = 0;
  friend auto operator<=>(Id, Id) = default;
};

// Consecutive ids: rows that belong to one parent lie together.
template <class IdType>
struct IdRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  struct Iterator {
    using value_type = IdType;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    std::uint32_t at = 0;
    IdType operator*() const { return IdType{at}; }
    Iterator& operator++() {
      ++at;
      return *this;
    }
    Iterator operator++(int) { return {at++}; }
    friend bool operator==(Iterator, Iterator) = default;
  };
  Iterator begin() const { return {first}; }
  Iterator end() const { return {first + count}; }
  std::size_t size() const { return count; }
  bool empty() const { return count == 0; }
  IdType operator[](std::uint32_t position) const { return IdType{first + position}; }
  bool contains(IdType id) const { return id.value >= first && id.value < first + count; }
  friend bool operator==(const IdRange&, const IdRange&) = default;
};

}  // namespace tenon::base
