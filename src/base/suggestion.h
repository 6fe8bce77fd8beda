// "Did you mean …?": which of the known names somebody probably meant.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tenon::base {

// How many letters must be left out, added, changed or swapped with their neighbours to make one name of the
// other, case ignored; `most` + 1 when that is more than `most`, or when a name is longer than any slip of
// the pen would be compared.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most);

// The candidate that differs least from `name` (letters left out, added, changed or swapped; case counts
// less), if the difference is small for a name of that length.
std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> candidates);

// `did you mean "Post"?`, or nothing.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace tenon::base
