#include "psl/check/advice.h"

#include "base/limits.h"
#include "base/suggestion.h"

namespace tenon::psl {

std::string similar_name_advice(std::string_view name, std::span<const std::string_view> known,
                                const base::Diagnostics& found) {
  if (found.error_count() >= base::SchemaLimits().errors_reported_max ||
      known.size() > base::suggestion_candidates_max)
    return {};
  return base::did_you_mean(name, known);
}

std::string similar_field_advice(const std::vector<std::string>& unknown, const Model& model,
                                 const base::Diagnostics& found) {
  std::vector<std::string_view> names;
  names.reserve(model.field_names.size());
  for (const Field& field : model.block->fields) names.push_back(field.name.text);
  return similar_name_advice(unknown.front(), names, found);
}

}  // namespace tenon::psl
