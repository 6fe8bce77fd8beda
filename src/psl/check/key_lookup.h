// Which fields of a model its ids and indexes are made of, so that each question about a relation is one
// search, however many indexes there are.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "psl/check/resolved.h"

namespace tenon::psl {

class KeyLookup {
 public:
  // Whether unique indexes with a predicate count: Prisma takes them for keys, the database does not.
  KeyLookup(const Resolved& resolved, bool counts_partial);

  // Whether the fields, in any order, are exactly those of an id or unique index.
  bool is_unique(ModelId model, const std::vector<ScalarFieldId>& fields) const;
  // Whether an id or index begins with the fields in this order.
  bool has_prefix(ModelId model, const std::vector<ScalarFieldId>& fields) const;

 private:
  using Key = std::pair<ModelId, std::vector<ScalarFieldId>>;

  std::set<Key> unique_;   // fields in the order of their ids
  std::set<Key> indexes_;  // fields in the order of the index
};

}  // namespace tenon::psl
