// LevelPlanner: the statements of all levels as one, each the part of a bundle.
#include <algorithm>

#include "api/plan/levels.h"

namespace tenon::api {

namespace {

// The part that reads the rows of a level.
std::uint32_t rows_part(const SingleStatement& single, LevelIndex level) {
  const auto found = std::ranges::find_if(
      single.parts, [&](const SingleStatement::Part& part) { return part.level == level && !part.count; });
  return static_cast<std::uint32_t>(found - single.parts.begin());
}

}  // namespace

// Without the keys, which are of `parent`.
sql::BundlePart LevelPlanner::bundle_part(LevelIndex index, bool count,
                                          std::uint32_t& parameter_count) const {
  const Draft& draft = drafts_[index];
  const Level& level = plan_.levels[index];
  sql::BundlePart part{.statement = count ? draft.count : draft.select, .parameters = {}};
  if (!count && draft.aggregate) part.statement = *draft.aggregate;
  if (!count && draft.estimate) part.statement = *draft.estimate;
  for (const ParameterSource& source : (count ? level.count : level.rows)->parameters) {
    const bool bound = source.kind != ParameterSource::Kind::parent_key;
    part.parameters.push_back({bound ? parameter_count++ : 0});
  }
  return part;
}

void LevelPlanner::finish_single() {
  const auto elsewhere = [&](const Level& level) { return level.database != plan_.levels.front().database; };
  if (std::ranges::any_of(plan_.levels, elsewhere)) return;
  SingleStatement single;
  sql::Bundle bundle{.catalog = scope_.schema.catalog.get()};
  const std::uint64_t level_rows_max = std::uint64_t{scope_.options.limits.rows_answer_max} + 1;
  bundle.rows_max = level_rows_max;
  std::uint32_t parameter_count = 0;
  const auto add = [&](LevelIndex index, bool count) {
    const Level& level = plan_.levels[index];
    sql::BundlePart part = bundle_part(index, count, parameter_count);
    if (level.parent) {
      const Level& parent = plan_.levels[*level.parent];
      sql::KeysOfPart keys{.part = rows_part(single, *level.parent), .cells = level.parent_cells};
      if (parent.next_token && !parent.parent) keys.rows_max = parent.page;
      if (parent.next_token && parent.parent) single.overshoots = true;
      if (auto* select = std::get_if<sql::Select>(&part.statement)) select->keys->of_part = std::move(keys);
      if (auto* groups = std::get_if<sql::Aggregate>(&part.statement))
        groups->keys->of_part = std::move(keys);
    }
    const std::uint32_t width = count ? level.key_count + 1 : level.width;
    // Counts are no rows of the answer: one for each parent at most.
    if (count) bundle.rows_max += level.parent ? level_rows_max : 1;
    bundle.width = std::max(bundle.width, width);
    bundle.parts.push_back(std::move(part));
    single.parts.push_back({.level = index, .count = count, .width = width});
  };
  for (LevelIndex i = 0; i < plan_.levels.size(); ++i) {
    if (plan_.levels[i].rows) add(i, false);
    if (plan_.levels[i].count) add(i, true);
  }
  if (bundle.parts.size() < 2 || bundle.width > base::bundle_cells_max ||
      parameter_count > base::bundle_parameters_max)
    return;
  auto statement = scope_.schema.dialect_of(plan_.levels.front().table).render(bundle);
  if (!statement) return;
  single.statement = std::move(*statement);
  single.rows_max = bundle.rows_max;
  plan_.single = std::move(single);
}

}  // namespace tenon::api
