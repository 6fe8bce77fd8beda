#include "api/run/reading.h"

#include <algorithm>
#include <utility>

#include "api/errors.h"
#include "api/run/together.h"

namespace tenon::api {

using boost::asio::awaitable;

template <class Work>
awaitable<void> Reading::each(const Sources& sources, Work work) {
  if (sources.size() == 1) return work(*sources.front());
  std::vector<awaitable<void>> works;
  works.reserve(sources.size());
  for (Source* source : sources) works.push_back(work(*source));
  return together(std::move(works));
}

// Databases that are asked for something.
void Reading::find_sources(LevelRange range) {
  sources_.reserve(pools_.size());
  for (LevelIndex i = range.first; i < range.end; ++i) {
    const Level& level = plan_.levels[i];
    if (!range.holds(level) || !(level.rows || level.count) || bound_.is_refused(level.root_field)) continue;
    auto source = std::ranges::find(sources_, level.database, &Source::database);
    if (source == sources_.end()) {
      LevelRange own = range;
      own.database = level.database;
      sources_.push_back({.database = level.database,
                          .range = own,
                          .last_depth = 0,
                          .unit = Unit(bound_, result_, options_)});
      source = std::prev(sources_.end());
    }
    source->last_depth = std::max(source->last_depth, level.depth);
    source->reads_own = source->reads_own || level.own;
  }
}

// Runs something on the source's connection, which is made when there is none. One that lay idle may have
// died unnoticed; reading again on another one harms nobody.
template <class Run>
awaitable<void> Reading::attempt(Source& source, Run run) {
  const bool begun = static_cast<bool>(source.lease);
  for (bool again = !begun;; again = false) {
    if (!source.lease) {
      source.lease = try_acquire(pools_[source.database], options_);
      if (!source.lease) {
        auto lease = co_await acquire(pools_[source.database], result_, options_);
        if (!lease) {
          source.failure.emplace(std::move(lease.error()));
          co_return;
        }
        source.lease = std::move(*lease);
      }
      source.unit.use(*source.lease);
    }
    auto done = co_await run();
    if (done) co_return;
    source.lease = {};
    if (again && done.error().error && done.error().error->was_stale) continue;
    source.failure.emplace(std::move(done.error()));
    co_return;
  }
}

// Runs the calls that are prepared.
awaitable<void> Reading::read_depth(Source& source, std::uint32_t depth) {
  const bool last = depth == source.last_depth;
  // A single statement is its own snapshot. The owner's could be one that writes, which a query must not.
  if (!source.lease && last && source.unit.call_count() == 1 && !source.reads_own)
    source.begin = sql::Begin::none;
  co_await attempt(source, [&] {
    return source.unit.run_depth(source.begin, last ? sql::End::finish : sql::End::keep_open);
  });
}

awaitable<void> Reading::read_levels() {
  std::uint32_t last_depth = 0;
  for (const Source& source : sources_) last_depth = std::max(last_depth, source.last_depth);
  for (std::uint32_t depth = 0; depth <= last_depth && !has_too_many_rows(); ++depth) {
    Sources asked;
    for (Source& source : sources_)
      if (!source.failure && source.unit.prepare_depth(source.range, depth) > 0) asked.push_back(&source);
    co_await each(asked, [&](Source& source) { return read_depth(source, depth); });
  }
}

// Still open when nothing was left to read before the deepest level, or when it could have been too much.
awaitable<void> Reading::finish(Source& source) {
  auto done = co_await source.unit.finish(sql::End::finish);
  if (!done) source.failure.emplace(std::move(done.error()));
  source.lease = {};
}

bool Reading::has_too_many_rows() const {
  return std::ranges::any_of(sources_,
                             [](const Source& source) { return source.failure && !source.failure->error; });
}

// The source's levels are not shown: root fields that begin with one are failures, and so are the levels
// below rows of another database.
void Reading::report(const Source& source, const graphql::Error& error) {
  for (LevelIndex i = source.range.first; i < source.range.end; ++i) {
    const Level& level = plan_.levels[i];
    if (!source.range.holds(level) || bound_.is_refused(level.root_field)) continue;
    if (!level.parent) {
      if (std::ranges::find(result_.failures, level.root_field, &FieldFailure::field) ==
          result_.failures.end())
        result_.failures.push_back({level.root_field, error});
    } else if (plan_.levels[*level.parent].database != level.database) {
      collect_keys(plan_.levels[*level.parent], result_.levels[*level.parent], level, result_.levels[i]);
      result_.level_failures.push_back({i, error});
    }
  }
}

void Reading::report(LevelRange range) {
  const bool too_many = has_too_many_rows();
  for (LevelIndex i = range.first; i < range.end; ++i) {
    const auto source = std::ranges::find(sources_, plan_.levels[i].database, &Source::database);
    if (source == sources_.end() || !source->range.holds(plan_.levels[i])) continue;
    if (too_many || source->failure) result_.levels[i] = {};
  }
  for (Source& source : sources_) {
    if (too_many) {
      report(source, too_many_rows_error(options_.limits, false));
    } else if (source.failure) {
      report(source, to_error(*source.failure->error, plan_, nullptr, options_.debug));
      result_.database_errors.push_back(std::move(*source.failure->error));
    }
  }
}

awaitable<void> Reading::run(LevelRange range) {
  find_sources(range);
  if (bound_.single())
    co_await attempt(sources_.front(), [&] { return sources_.front().unit.read_at_once(); });
  else
    co_await read_levels();
  Sources open;
  for (Source& source : sources_)
    if (source.lease) open.push_back(&source);
  co_await each(open, [&](Source& source) { return finish(source); });
  report(range);
}

}  // namespace tenon::api
