// "Did you mean …?": which of the known names somebody probably meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tenon::base {

// The candidate that differs least from `name` (letters left out, added, changed or swapped; case counts
// less), if the difference is small for a name of that length.
std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> candidates);

// `did you mean "Post"?`, or nothing.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace tenon::base
