#include "policy/rule.h"

#include <algorithm>
#include <array>

namespace tenon::policy {

namespace {

constexpr std::array<std::string_view, provider_count> provider_names{"apiKey", "userPools", "oidc",
                                                                      "identityPool", "function"};

}  // namespace

std::string_view name(Provider provider) { return provider_names[static_cast<std::size_t>(provider)]; }

std::optional<Provider> parse_provider(std::string_view text) {
  if (text == "iam") return Provider::identity_pool;
  const auto found = std::ranges::find(provider_names, text);
  if (found == provider_names.end()) return std::nullopt;
  return static_cast<Provider>(found - provider_names.begin());
}

const std::vector<Rule>* ModelRules::of_field(catalog::ColumnId column) const {
  const auto found = std::ranges::find(fields, column, &FieldRules::column);
  return found == fields.end() ? nullptr : &found->rules;
}

}  // namespace tenon::policy
