// Section 5.3.2 "Field Selection Merging": fields with one response key must be the same field with the same
// arguments, or stand on types that exclude each other, and return values of one shape.
//
// Pairs of fields are compared as graphql-js does, so that messages and places agree with it. Three things
// keep the work small however a document is made: the fields of a selection set are collected once, each pair
// of fragments is compared once, and the number of comparisons has a bound after which the document is
// refused.
#include <array>
#include <unordered_map>

#include <fmt/format.h>

#include "base/limits.h"
#include "graphql/validation/rules.h"
#include "graphql/validation/same_arguments.h"

namespace tenon::graphql::validation {

namespace {

struct SelectedField {
  std::uint32_t row = 0;  // of Document::selections
  std::optional<TypeId> parent;
};

struct FieldsOfKey {
  std::string_view key;
  std::vector<SelectedField> fields;
};

// What one selection set selects: its fields by response key in the order met, inline fragments included, and
// the fragments it spreads.
struct FieldSet {
  std::vector<FieldsOfKey> keys;
  std::unordered_map<std::string_view, std::uint32_t> by_key;
  std::vector<std::uint32_t> fragments;
};

struct Conflict {
  std::string_view key;
  std::string reason;
  std::vector<Offset> first;
  std::vector<Offset> second;
};
using Conflicts = std::vector<Conflict>;

// Whether the fields on both sides may belong to one object. When they cannot, only shapes must agree.
enum class Exclusive : bool { no, yes };

// Unordered pairs that have been compared; one compared as not exclusive needs no second look.
class PairSet {
 public:
  // False when the pair was there already.
  bool add(std::uint64_t a, std::uint64_t b, Exclusive exclusive) {
    const std::uint64_t key = a < b ? a << 32U | b : b << 32U | a;
    const auto [at, added] = pairs_.try_emplace(key, exclusive);
    if (added) return true;
    if (at->second == Exclusive::no || exclusive == Exclusive::yes) return false;
    at->second = Exclusive::no;
    return true;
  }

 private:
  std::unordered_map<std::uint64_t, Exclusive> pairs_;
};

class FieldMerging {
 public:
  explicit FieldMerging(Context& context)
      : context_(context), schema_(context.schema), document_(context.document) {}

  void check(Range selections, std::optional<TypeId> parent) {
    if (exhausted_ || context_.is_full()) return;
    Conflicts conflicts;
    const std::uint32_t set = field_set(selections, parent);
    within(conflicts, set);
    const std::vector<std::uint32_t> fragments = sets_[set].fragments;
    for (std::size_t i = 0; i < fragments.size(); ++i) {
      between_fields_and_fragment(conflicts, Exclusive::no, set, fragments[i]);
      for (std::size_t j = i + 1; j < fragments.size(); ++j)
        between_fragments(conflicts, Exclusive::no, fragments[i], fragments[j]);
    }
    for (Conflict& conflict : conflicts) report(conflict);
  }

 private:
  std::uint32_t field_set(Range selections, std::optional<TypeId> parent) {
    const auto [at, added] =
        set_by_first_row_.try_emplace(selections.first, static_cast<std::uint32_t>(sets_.size()));
    if (!added) return at->second;
    const std::uint32_t index = at->second;
    FieldSet set;
    collect(set, selections, parent);
    sets_.push_back(std::move(set));
    return index;
  }

  std::uint32_t fragment_set(std::uint32_t fragment) {
    return field_set(document_.fragments[fragment].selections,
                     context_.annotations.fragment_conditions[fragment]);
  }

  void collect(FieldSet& set, Range selections, std::optional<TypeId> parent) {
    for (std::uint32_t row = selections.first; row < selections.first + selections.count; ++row) {
      const Selection& selection = document_.selections[row];
      switch (selection.kind) {
        case SelectionKind::field:
          add_field(set, {.row = row, .parent = parent});
          break;
        case SelectionKind::inline_fragment: {
          const auto type = context_.annotations.selections[row].type;
          const bool conditional = !selection.condition.text.empty();
          collect(set, selection.selections,
                  conditional ? (type ? std::optional(type->named()) : std::nullopt) : parent);
          break;
        }
        case SelectionKind::fragment_spread:
          add_fragment(set, selection.name.text);
          break;
      }
    }
  }

  void add_field(FieldSet& set, SelectedField field) {
    const std::string_view key = document_.selections[field.row].response_key();
    const auto [at, added] = set.by_key.try_emplace(key, static_cast<std::uint32_t>(set.keys.size()));
    if (added) set.keys.push_back({.key = key});
    std::vector<SelectedField>& fields = set.keys[at->second].fields;
    // The same leaf twice in a row conflicts with nothing that the first does not conflict with.
    if (!fields.empty() && is_same_leaf(fields.back(), field)) return;
    fields.push_back(field);
  }

  bool is_same_leaf(const SelectedField& a, const SelectedField& b) const {
    const Selection& x = document_.selections[a.row];
    const Selection& y = document_.selections[b.row];
    return a.parent == b.parent && x.name.text == y.name.text && x.arguments.empty() && y.arguments.empty() &&
           !x.has_selection_set && !y.has_selection_set;
  }

  void add_fragment(FieldSet& set, std::string_view name) {
    const auto found = context_.annotations.fragment_by_name.find(name);
    if (found == context_.annotations.fragment_by_name.end()) return;
    for (const std::uint32_t known : set.fragments)
      if (known == found->second) return;
    set.fragments.push_back(found->second);
  }

  // Within one set: every pair of fields of one key.
  void within(Conflicts& conflicts, std::uint32_t set) {
    for (std::size_t k = 0; k < sets_[set].keys.size(); ++k) {
      const FieldsOfKey of_key = sets_[set].keys[k];
      for (std::size_t i = 0; i < of_key.fields.size(); ++i)
        for (std::size_t j = i + 1; j < of_key.fields.size() && !exhausted_; ++j)
          compare(conflicts, Exclusive::no, of_key.key, of_key.fields[i], of_key.fields[j]);
    }
  }

  void between(Conflicts& conflicts, Exclusive exclusive, std::uint32_t a, std::uint32_t b) {
    for (std::size_t k = 0; k < sets_[a].keys.size() && !exhausted_; ++k) {
      const auto found = sets_[b].by_key.find(sets_[a].keys[k].key);
      if (found == sets_[b].by_key.end()) continue;
      const FieldsOfKey ours = sets_[a].keys[k];
      const FieldsOfKey theirs = sets_[b].keys[found->second];
      for (const SelectedField& first : ours.fields)
        for (const SelectedField& second : theirs.fields)
          compare(conflicts, exclusive, ours.key, first, second);
    }
  }

  void between_fields_and_fragment(Conflicts& conflicts, Exclusive exclusive, std::uint32_t set,
                                   std::uint32_t fragment) {
    if (!spend() || !fields_and_fragments_.add(set, fragment + sets_offset, exclusive)) return;
    const Nesting nesting(*this);
    const std::uint32_t other = fragment_set(fragment);
    if (other == set) return;
    between(conflicts, exclusive, set, other);
    const std::vector<std::uint32_t> further = sets_[other].fragments;
    for (const std::uint32_t next : further) between_fields_and_fragment(conflicts, exclusive, set, next);
  }

  void between_fragments(Conflicts& conflicts, Exclusive exclusive, std::uint32_t a, std::uint32_t b) {
    if (a == b || !spend() || !fragments_.add(a, b, exclusive)) return;
    const Nesting nesting(*this);
    const std::uint32_t set_a = fragment_set(a);
    const std::uint32_t set_b = fragment_set(b);
    between(conflicts, exclusive, set_a, set_b);
    const std::vector<std::uint32_t> further_b = sets_[set_b].fragments;
    for (const std::uint32_t next : further_b) between_fragments(conflicts, exclusive, a, next);
    const std::vector<std::uint32_t> further_a = sets_[set_a].fragments;
    for (const std::uint32_t next : further_a) between_fragments(conflicts, exclusive, next, b);
  }

  void compare(Conflicts& conflicts, Exclusive parents, std::string_view key, const SelectedField& a,
               const SelectedField& b) {
    if (conflicts.size() >= base::field_conflicts_max || !spend()) return;
    const Nesting nesting(*this);
    const Selection& first = document_.selections[a.row];
    const Selection& second = document_.selections[b.row];
    const Exclusive exclusive =
        parents == Exclusive::yes || (a.parent != b.parent && is_object(a.parent) && is_object(b.parent))
            ? Exclusive::yes
            : Exclusive::no;
    std::string reason = exclusive == Exclusive::no ? difference(first, second) : std::string();
    const auto type_a = type_of(a);
    const auto type_b = type_of(b);
    if (reason.empty() && type_a && type_b && shapes_differ(*type_a, *type_b))
      reason = fmt::format("they return conflicting types \"{}\" and \"{}\"", schema_.to_string(*type_a),
                           schema_.to_string(*type_b));
    if (!reason.empty()) {
      conflicts.push_back(
          {.key = key, .reason = std::move(reason), .first = {first.offset}, .second = {second.offset}});
    } else if (first.has_selection_set && second.has_selection_set) {
      Conflicts below;
      between_subselections(below, exclusive, a, b);
      if (!below.empty()) conflicts.push_back(joined(key, first, second, below));
    }
  }

  void between_subselections(Conflicts& conflicts, Exclusive exclusive, const SelectedField& a,
                             const SelectedField& b) {
    const std::uint32_t set_a = field_set(document_.selections[a.row].selections, named_type(a));
    const std::uint32_t set_b = field_set(document_.selections[b.row].selections, named_type(b));
    between(conflicts, exclusive, set_a, set_b);
    const std::vector<std::uint32_t> fragments_a = sets_[set_a].fragments;
    const std::vector<std::uint32_t> fragments_b = sets_[set_b].fragments;
    for (const std::uint32_t fragment : fragments_b)
      between_fields_and_fragment(conflicts, exclusive, set_a, fragment);
    for (const std::uint32_t fragment : fragments_a)
      between_fields_and_fragment(conflicts, exclusive, set_b, fragment);
    for (const std::uint32_t x : fragments_a)
      for (const std::uint32_t y : fragments_b) between_fragments(conflicts, exclusive, x, y);
  }

  // Why two fields of one object are not the same; empty when they are.
  std::string difference(const Selection& a, const Selection& b) const {
    if (a.name.text != b.name.text)
      return fmt::format("\"{}\" and \"{}\" are different fields", a.name.text, b.name.text);
    return same_arguments(document_, a.arguments, b.arguments) ? "" : "they have differing arguments";
  }

  bool shapes_differ(TypeReference a, TypeReference b) const {
    while (!a.is_named() || !b.is_named()) {
      if (a.is_list() != b.is_list() || a.is_non_null() != b.is_non_null()) return true;
      a = a.inner();
      b = b.inner();
    }
    const bool leaf = schema_[a.named()].is_leaf() || schema_[b.named()].is_leaf();
    return leaf && a.named() != b.named();
  }

  std::optional<TypeReference> type_of(const SelectedField& field) const {
    return context_.annotations.selections[field.row].type;
  }
  std::optional<TypeId> named_type(const SelectedField& field) const {
    const auto type = type_of(field);
    return type ? std::optional(type->named()) : std::nullopt;
  }
  bool is_object(std::optional<TypeId> type) const { return type && schema_[*type].kind == TypeKind::object; }

  static Conflict joined(std::string_view key, const Selection& a, const Selection& b,
                         const Conflicts& below) {
    Conflict conflict{.key = key, .first = {a.offset}, .second = {b.offset}};
    for (const Conflict& sub : below) {
      if (conflict.reason.size() > base::error_message_bytes_max) break;
      conflict.reason += fmt::format("{}subfields \"{}\" conflict because {}",
                                     conflict.reason.empty() ? "" : " and ", sub.key, sub.reason);
      conflict.first.insert(conflict.first.end(), sub.first.begin(), sub.first.end());
      conflict.second.insert(conflict.second.end(), sub.second.begin(), sub.second.end());
    }
    return conflict;
  }

  void report(const Conflict& conflict) {
    std::vector<Offset> places = conflict.first;
    places.insert(places.end(), conflict.second.begin(), conflict.second.end());
    context_.report(fmt::format("Fields \"{}\" conflict because {}. Use different aliases on the fields to "
                                "fetch both if this was intentional.",
                                conflict.key, conflict.reason),
                    places);
  }

  // One comparison inside another.
  struct Nesting {
    explicit Nesting(FieldMerging& merging) : depth(merging.depth_) { ++depth; }
    ~Nesting() { --depth; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    std::uint32_t& depth;
  };

  // Counts one comparison; false when the document has had its share.
  bool spend() {
    if (exhausted_) return false;
    if (++comparisons_ <= base::field_comparisons_max && depth_ < base::field_comparison_depth_max)
      return true;
    exhausted_ = true;
    context_.report("Too many fields share one response key; use fewer fragments and aliases.", {Offset{0}},
                    code::query_too_complex);
    return false;
  }

  // Sets and fragments share a PairSet; this keeps their numbers apart.
  static constexpr std::uint32_t sets_offset = 1U << 30U;

  Context& context_;
  const Schema& schema_;
  const Document& document_;
  std::vector<FieldSet> sets_;
  std::unordered_map<std::uint32_t, std::uint32_t> set_by_first_row_;  // Range::first of its selections
  PairSet fields_and_fragments_;
  PairSet fragments_;
  std::uint32_t comparisons_ = 0;
  std::uint32_t depth_ = 0;
  bool exhausted_ = false;
};

}  // namespace

void overlapping_fields_can_be_merged(Context& context) {
  FieldMerging merging(context);
  const Document& document = context.document;
  for (const OperationDefinition& operation : document.operations)
    merging.check(operation.selections, context.schema.root(operation.kind));
  for (std::uint32_t i = 0; i < document.fragments.size(); ++i)
    merging.check(document.fragments[i].selections, context.annotations.fragment_conditions[i]);
  for (std::uint32_t row = 0; row < document.selections.size(); ++row) {
    const Selection& selection = document.selections[row];
    if (!selection.has_selection_set) continue;
    const auto type = context.annotations.selections[row].type;
    merging.check(selection.selections, type ? std::optional(type->named()) : std::nullopt);
  }
}

}  // namespace tenon::graphql::validation
