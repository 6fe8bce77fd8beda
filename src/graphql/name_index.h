// Finds a row of a flat vector by its name without owning names: open addressing over 32-bit row numbers,
// four bytes a slot, at most half full. The caller compares, so that one index serves rows of many parents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace tenon::graphql {

// Up to so many rows are compared one by one, which is faster than hashing the name.
inline constexpr std::uint32_t rows_compared_max = 8;

class NameIndex {
 public:
  // Rows of one parent share `parent`; equal names of different parents then do not collide.
  static std::size_t hash(std::string_view name, std::uint32_t parent = 0) {
    return std::hash<std::string_view>{}(name) + parent * std::size_t{0x9E3779B97F4A7C15U};
  }

  // Makes room for this many rows; to be called once, before any insert.
  void reserve(std::size_t rows) {
    std::size_t slots = 16;
    while (slots < rows * 2) slots *= 2;
    slots_.assign(slots, 0);
  }

  // Does not look for an equal name: the first one inserted is the one found.
  void insert(std::size_t hash, std::uint32_t row) {
    std::size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = row + 1;
  }

  template <class Matches>  // bool(std::uint32_t row)
  std::optional<std::uint32_t> find(std::size_t hash, Matches matches) const {
    if (slots_.empty()) return std::nullopt;
    for (std::size_t slot = hash & (slots_.size() - 1); slots_[slot] != 0;
         slot = (slot + 1) & (slots_.size() - 1)) {
      if (matches(slots_[slot] - 1)) return slots_[slot] - 1;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::uint32_t> slots_;  // row + 1; 0 is free; the size is a power of two
};

}  // namespace tenon::graphql
