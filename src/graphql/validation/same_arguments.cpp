#include "graphql/validation/same_arguments.h"

#include <algorithm>
#include <span>
#include <vector>

namespace tenon::graphql::validation {

namespace {

bool same_value(const Document& document, ValueId x, ValueId y);

bool same_list(const Document& document, Range a, Range b) {
  for (std::uint32_t i = 0; i < a.count; ++i)
    if (!same_value(document, document.list_items[a.first + i], document.list_items[b.first + i]))
      return false;
  return true;
}

// Arguments, or the fields of an object: rows of `named` with a name and a value.
template <class Row>
bool same_members(const Document& document, const std::vector<Row>& named, Range a, Range b) {
  const auto name = [](const Row& row) { return row.name.text; };
  const auto same = [&](const Row& x, const Row& y) {
    return name(x) == name(y) && same_value(document, x.value, y.value);
  };
  const std::span x(named.data() + a.first, a.count);
  const std::span y(named.data() + b.first, b.count);
  if (std::ranges::equal(x, y, {}, name, name)) return std::ranges::equal(x, y, same);
  std::vector<Row> sorted_x(x.begin(), x.end());
  std::vector<Row> sorted_y(y.begin(), y.end());
  std::ranges::sort(sorted_x, {}, name);
  std::ranges::sort(sorted_y, {}, name);
  return std::ranges::equal(sorted_x, sorted_y, same);
}

bool same_value(const Document& document, ValueId x, ValueId y) {
  const Value& a = document.values[x];
  const Value& b = document.values[y];
  if (a.kind != b.kind || a.text != b.text || a.children.count != b.children.count) return false;
  if (a.kind == ValueKind::list) return same_list(document, a.children, b.children);
  if (a.kind == ValueKind::object)
    return same_members(document, document.object_fields, a.children, b.children);
  return true;
}

}  // namespace

bool same_arguments(const Document& document, Range a, Range b) {
  return a.count == b.count && same_members(document, document.arguments, a, b);
}

}  // namespace tenon::graphql::validation
