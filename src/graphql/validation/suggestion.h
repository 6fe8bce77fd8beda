// "Did you mean": names that another name may be a slip of.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::graphql::validation {

// Those of `options` within a few edits of `name` (insertions, deletions, substitutions, swaps of
// neighbours; a difference in case alone is one edit), closest first.
std::vector<std::string_view> similar_names(std::string_view name, std::span<const std::string_view> options);

// ` Did you mean "a", "b", or "c"?` for up to five names, ` Did you mean to use an inline fragment on "A"?`
// with a purpose; empty without names.
std::string did_you_mean(std::span<const std::string_view> names, std::string_view purpose = {});

}  // namespace tenon::graphql::validation
