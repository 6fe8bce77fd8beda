#include "base/suggestion.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace tenon::base {

namespace {

constexpr std::size_t name_bytes_max = 100;  // longer names are not compared: the work grows with the square

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Edits from one text to the other, case ignored; a swap of neighbours is one edit (optimal string
// alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.size() > name_bytes_max) return std::nullopt;
  std::size_t closest = name.size() / 3 + 2;  // the first distance that is too far
  std::optional<std::string_view> found;
  for (const std::string_view candidate : candidates) {
    const std::size_t size = std::max(candidate.size(), name.size());
    if (size - std::min(candidate.size(), name.size()) >= closest || size > name_bytes_max) continue;
    const std::size_t edits = distance(name, candidate);
    if (edits >= closest || edits >= candidate.size()) continue;
    closest = edits;
    found = candidate;
  }
  return found;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  const auto found = nearest(name, candidates);
  return found ? "did you mean \"" + std::string(*found) + "\"?" : std::string();
}

}  // namespace tenon::base
