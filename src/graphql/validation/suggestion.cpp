#include "graphql/validation/suggestion.h"

#include <algorithm>
#include <utility>

#include "base/suggestion.h"

namespace tenon::graphql::validation {

std::vector<std::string_view> similar_names(std::string_view name,
                                            std::span<const std::string_view> options) {
  const std::size_t most = name.size() * 2 / 5 + 1;
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const std::string_view option : options) {
    // Another case is a difference too, unlike another name the smallest one.
    const std::size_t edits = std::max<std::size_t>(base::edit_distance(name, option, most), 1);
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
