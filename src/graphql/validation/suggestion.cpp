#include "graphql/validation/suggestion.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace tenon::graphql::validation {

namespace {

constexpr std::size_t name_size_max = 60;  // longer ones are no slip of the pen

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool equal_but_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

// Damerau-Levenshtein distance (optimal string alignment) of the lower case texts, each at most
// name_size_max long; anything above `most` comes back as most + 1.
std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
  if (equal_but_case(a, b)) return 1;
  if (a.size() > b.size() + most || b.size() > a.size() + most) return most + 1;
  std::array<std::array<std::size_t, name_size_max + 1>, 3> rows;
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    const auto& above = rows[(i - 1) % 3];
    auto& row = rows[i % 3];
    std::size_t smallest = row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = above[j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, substitution});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
      smallest = std::min(smallest, row[j]);
    }
    if (smallest > most) return most + 1;
  }
  return std::min(rows[a.size() % 3][b.size()], most + 1);
}

}  // namespace

std::vector<std::string_view> similar_names(std::string_view name,
                                            std::span<const std::string_view> options) {
  if (name.size() > name_size_max) return {};
  const std::size_t most = name.size() * 2 / 5 + 1;
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const std::string_view option : options) {
    if (option.size() > name_size_max) continue;
    const std::size_t edits = distance(name, option, most);
    if (edits <= most) found.emplace_back(edits, option);
  }
  std::ranges::sort(found);
  std::vector<std::string_view> names;
  for (const auto& [edits, option] : found) names.push_back(option);
  return names;
}

std::string did_you_mean(std::span<const std::string_view> names, std::string_view purpose) {
  constexpr std::size_t names_max = 5;
  if (names.empty()) return {};
  names = names.first(std::min(names.size(), names_max));
  std::string text = " Did you mean ";
  if (!purpose.empty()) text.append(purpose).append(" ");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += names.size() == 2 ? " or " : i + 1 == names.size() ? ", or " : ", ";
    text.append("\"").append(names[i]).append("\"");
  }
  return text += "?";
}

}  // namespace tenon::graphql::validation
