// The OR form of keyset paging, as clients without row comparisons write it.
#include <algorithm>
#include <optional>
#include <vector>

#include "api/plan/filter.h"

namespace tenon::api {

using sql::Comparison;
using sql::Predicate;

namespace {

bool same(const Predicate& a, const Predicate& b) {
  return a.columns == b.columns && a.parameters == b.parameters;
}

bool is_strict(Comparison comparison) {
  return comparison == Comparison::less || comparison == Comparison::greater;
}

// The parts of an `and`, or the one condition itself.
std::vector<const Predicate*> conjuncts(const Predicate& predicate) {
  if (predicate.kind != Predicate::Kind::and_) return {&predicate};
  std::vector<const Predicate*> found;
  for (const Predicate& child : predicate.children) found.push_back(&child);
  return found;
}

// The strict comparison among the parts of a branch, when all others are equalities.
const Predicate* strict_part(const std::vector<const Predicate*>& branch) {
  const Predicate* found = nullptr;
  for (const Predicate* part : branch) {
    if (part->kind != Predicate::Kind::compare) return nullptr;
    if (part->comparison == Comparison::equal) continue;
    if (!is_strict(part->comparison) || found != nullptr) return nullptr;
    found = part;
  }
  return found;
}

// a < x OR (a = x AND b < y) [OR (a = x AND b = y AND c < z)]  →  (a, b, c) < (x, y, z), which an index on
// the columns answers. The same only when no column can be NULL.
std::optional<Predicate> as_row_comparison(const catalog::Catalog& catalog, const Predicate& predicate) {
  if (predicate.kind != Predicate::Kind::or_ || predicate.children.size() < 2) return std::nullopt;
  std::vector<const Predicate*> prefix;  // the strict comparisons of the branches before
  for (const Predicate& child : predicate.children) {
    const std::vector<const Predicate*> branch = conjuncts(child);
    const Predicate* strict = strict_part(branch);
    if (strict == nullptr || branch.size() != prefix.size() + 1) return std::nullopt;
    if (catalog[strict->columns.front().column].nullable) return std::nullopt;
    if (!prefix.empty() && prefix.front()->comparison != strict->comparison) return std::nullopt;
    for (const Predicate* before : prefix) {
      const bool found = std::ranges::any_of(branch, [&](const Predicate* part) {
        return part->comparison == Comparison::equal && same(*part, *before);
      });
      if (!found) return std::nullopt;
    }
    prefix.push_back(strict);
  }
  Predicate row{.kind = Predicate::Kind::row_compare, .comparison = prefix.front()->comparison};
  for (const Predicate* part : prefix) {
    if (std::ranges::find(row.columns, part->columns.front()) != row.columns.end()) return std::nullopt;
    row.columns.push_back(part->columns.front());
    row.parameters.push_back(part->parameters.front());
  }
  return row;
}

}  // namespace

void rewrite_keysets(const catalog::Catalog& catalog, Predicate& predicate) {
  for (Predicate& child : predicate.children) rewrite_keysets(catalog, child);
  if (auto row = as_row_comparison(catalog, predicate)) predicate = std::move(*row);
}

}  // namespace tenon::api
