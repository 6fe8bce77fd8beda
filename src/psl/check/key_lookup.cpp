#include "psl/check/key_lookup.h"

#include <algorithm>
#include <span>

namespace tenon::psl {

KeyLookup::KeyLookup(const Resolved& resolved, bool counts_partial) {
  for (const ModelIndex& index : resolved.indexes) {
    if (index.where != nullptr && !counts_partial) continue;
    std::vector<ScalarFieldId> fields;
    fields.reserve(index.fields.size());
    for (const IndexField& part : index.fields) fields.push_back(part.field);
    const bool is_key = index.is_primary() || index.is_unique();
    indexes_.emplace(index.model, fields);
    if (!is_key) continue;
    std::ranges::sort(fields);
    unique_.emplace(index.model, std::move(fields));
  }
}

bool KeyLookup::is_unique(ModelId model, const std::vector<ScalarFieldId>& fields) const {
  Key key(model, fields);
  std::ranges::sort(key.second);
  return unique_.contains(key);
}

bool KeyLookup::has_prefix(ModelId model, const std::vector<ScalarFieldId>& fields) const {
  const auto found = indexes_.lower_bound(Key(model, fields));
  return found != indexes_.end() && found->first == model && found->second.size() >= fields.size() &&
         std::ranges::equal(fields, std::span(found->second).first(fields.size()));
}

}  // namespace tenon::psl
