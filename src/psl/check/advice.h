// What to do about a finding, in words of our own: shown beside Prisma's message, never within it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "psl/check/resolved.h"

namespace tenon::psl {

// `did you mean "title"?` for a name that is not among the known ones. Nothing once so many errors were found
// that nobody reads on, or when there are too many names: looking for similar ones takes time.
std::string similar_name_advice(std::string_view name, std::span<const std::string_view> known,
                                const base::Diagnostics& found);

// The same for the first of several unknown fields of a model.
std::string similar_field_advice(const std::vector<std::string>& unknown, const Model& model,
                                 const base::Diagnostics& found);

}  // namespace tenon::psl
