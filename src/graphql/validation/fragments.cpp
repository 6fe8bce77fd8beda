// Section 5.5 "Fragments".
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "graphql/validation/rules.h"

namespace tenon::graphql::validation {

void unique_fragment_names(Context& context) {
  if (context.annotations.fragment_by_name.size() == context.document.fragments.size()) return;
  std::unordered_map<std::string_view, Offset> seen;
  for (const FragmentDefinition& fragment : context.document.fragments) {
    const auto [first, added] = seen.try_emplace(fragment.name.text, fragment.name.offset);
    if (added) continue;
    context.report(fmt::format("There can be only one fragment named \"{}\".", fragment.name.text),
                   {first->second, fragment.name.offset});
  }
}

void fragments_on_composite_types(Context& context) {
  const auto is_wrong = [&](std::optional<TypeId> type) {
    return type && !context.schema[*type].is_composite();
  };
  for (std::uint32_t i = 0; i < context.document.fragments.size(); ++i) {
    const FragmentDefinition& fragment = context.document.fragments[i];
    if (!is_wrong(context.annotations.fragment_conditions[i])) continue;
    context.report(fmt::format("Fragment \"{}\" cannot condition on non composite type \"{}\".",
                               fragment.name.text, fragment.condition.text),
                   {fragment.condition.offset});
  }
  for (std::uint32_t row = 0; row < context.document.selections.size(); ++row) {
    const Selection& selection = context.document.selections[row];
    const std::optional<TypeReference> type = context.annotations.selections[row].type;
    if (selection.condition.text.empty() || !type || !is_wrong(type->named())) continue;
    context.report(
        fmt::format("Fragment cannot condition on non composite type \"{}\".", selection.condition.text),
        {selection.condition.offset});
  }
}

void known_fragment_names(Context& context) {
  for (std::uint32_t i = 0; i < context.annotations.spreads.size(); ++i) {
    if (context.annotations.spread_targets[i]) continue;
    const Name& name = context.document.selections[context.annotations.spreads[i]].name;
    context.report(fmt::format("Unknown fragment \"{}\".", name.text), {name.offset});
  }
}

void no_unused_fragments(Context& context) {
  std::vector<bool> used(context.document.fragments.size());
  for (std::uint32_t i = 0; i < context.document.operations.size(); ++i) {
    for (const std::uint32_t fragment : context.fragments_of(i)) used[fragment] = true;
  }
  for (const FragmentDefinition& fragment : context.document.fragments) {
    if (used[context.annotations.fragment_by_name.at(fragment.name.text)]) continue;
    context.report(fmt::format("Fragment \"{}\" is never used.", fragment.name.text), {fragment.offset});
  }
}

namespace {

// A depth-first search over fragments with a stack of its own, since fragments may be chained as long as the
// document allows. Each fragment is entered once; each spread that leads back into the way to it is reported
// with that way.
class CycleSearch {
 public:
  explicit CycleSearch(Context& context)
      : context_(context),
        seen_(context.document.fragments.size()),
        position_(context.document.fragments.size(), not_on_way) {}

  void run() {
    for (std::uint32_t i = 0; i < seen_.size(); ++i) {
      enter(i);
      while (!way_.empty()) step();
    }
  }

 private:
  static constexpr std::size_t not_on_way = static_cast<std::size_t>(-1);
  struct Visit {
    std::uint32_t fragment;
    std::uint32_t next;  // into Annotations::spreads
  };

  void enter(std::uint32_t fragment) {
    if (seen_[fragment]) return;
    seen_[fragment] = true;
    position_[fragment] = way_.size();
    way_.push_back({fragment, context_.annotations.fragments[fragment].spreads.first});
  }

  void step() {
    Visit& visit = way_.back();
    const Range spreads = context_.annotations.fragments[visit.fragment].spreads;
    if (visit.next == spreads.first + spreads.count) {
      position_[visit.fragment] = not_on_way;
      way_.pop_back();
      return;
    }
    const std::uint32_t spread = visit.next++;
    const std::optional<std::uint32_t> target = context_.annotations.spread_targets[spread];
    if (!target) return;
    if (position_[*target] == not_on_way) return enter(*target);
    report(position_[*target]);
  }

  // The spread taken last of each fragment from `from` on is the way round.
  void report(std::size_t from) {
    if (context_.is_full()) return;
    std::vector<Offset> places;
    std::string via;
    std::string_view name;
    for (std::size_t i = from; i < way_.size(); ++i) {
      const Selection& spread = context_.document.selections[context_.annotations.spreads[way_[i].next - 1]];
      places.push_back(spread.offset);
      name = spread.name.text;
      if (i + 1 < way_.size()) via += fmt::format("{}\"{}\"", via.empty() ? " via " : ", ", name);
    }
    context_.report(fmt::format("Cannot spread fragment \"{}\" within itself{}.", name, via), places);
  }

  Context& context_;
  std::vector<bool> seen_;
  std::vector<std::size_t> position_;  // on the way, by fragment
  std::vector<Visit> way_;
};

bool overlap(const Schema& schema, TypeId a, TypeId b) {
  if (a == b || schema.is_possible_type(a, b) || schema.is_possible_type(b, a)) return true;
  return std::ranges::any_of(schema[a].possible_types,
                             [&](TypeId possible) { return schema.is_possible_type(b, possible); });
}

}  // namespace

void no_fragment_cycles(Context& context) { CycleSearch(context).run(); }

void possible_fragment_spreads(Context& context) {
  const Schema& schema = context.schema;
  const auto check = [&](std::uint32_t row, std::optional<TypeId> condition, std::string_view fragment) {
    const std::optional<TypeId> parent = context.annotations.selections[row].parent;
    if (!parent || !condition || !schema[*condition].is_composite() || overlap(schema, *condition, *parent))
      return;
    context.report(
        fmt::format("Fragment {}cannot be spread here as objects of type \"{}\" can never be of type \"{}\".",
                    fragment.empty() ? std::string() : fmt::format("\"{}\" ", fragment), schema[*parent].name,
                    schema[*condition].name),
        {context.document.selections[row].offset});
  };
  for (std::uint32_t row = 0; row < context.document.selections.size(); ++row) {
    const std::optional<TypeReference> type = context.annotations.selections[row].type;
    if (context.document.selections[row].kind != SelectionKind::inline_fragment || !type) continue;
    check(row, type->named(), {});
  }
  for (std::uint32_t i = 0; i < context.annotations.spreads.size(); ++i) {
    const std::optional<std::uint32_t> target = context.annotations.spread_targets[i];
    if (!target) continue;
    check(context.annotations.spreads[i], context.annotations.fragment_conditions[*target],
          context.document.fragments[*target].name.text);
  }
}

}  // namespace tenon::graphql::validation
