#include "api/run/unit.h"

#include <algorithm>
#include <utility>

#include "api/run/own_rows.h"

namespace tenon::api {

using boost::asio::awaitable;

sql::Lease try_acquire(sql::Pool& pool, const ExecuteOptions& options) {
  sql::Lease lease = pool.try_acquire();
  if (lease) lease->observe(options.observer);
  return lease;
}

awaitable<sql::DatabaseResult<sql::Lease>> acquire(sql::Pool& pool, PlanRows& result,
                                                   const ExecuteOptions& options) {
  const sql::Clock::time_point asked = sql::Clock::now();
  auto lease = co_await pool.acquire(options.deadline);
  result.queued += sql::Clock::now() - asked;
  if (lease) (*lease)->observe(options.observer);
  co_return lease;
}

sql::ResultLimits limits_of(const Level& level, const base::OperationLimits& limits) {
  if (!level.own) return {};
  return {.rows_max = limits.rows_answer_max, .bytes_max = limits.answer_bytes_max};
}

void Unit::add_call(LevelIndex level, bool count) {
  const BoundPlan::Statement statement = count ? bound_.count(level) : bound_.rows(level);
  if (statement.planned == nullptr) return;
  const std::span<sql::Parameter> parameters = bound_.parameters(statement);
  if (plan_.levels[level].parent) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const ParameterSource& source = statement.planned->parameters[i];
      if (source.kind == ParameterSource::Kind::parent_key)
        parameters[i] = arrays_.emplace_back(keys_[level].array(source.part));
    }
  }
  calls_.push_back({.statement = &statement.planned->statement,
                    .parameters = parameters,
                    .limits = limits_of(plan_.levels[level], options_.limits)});
  pending_.push_back({.level = level, .count = count, .rows_possible = count ? 0 : rows_possible(level)});
}

std::uint64_t Unit::rows_possible(LevelIndex index) const {
  const Level& level = plan_.levels[index];
  const std::uint64_t each = level.select.limit.value_or(1);
  if (!level.parent) return level.select.keys ? level.select.total_limit.value_or(each) : each;
  return std::min(keys_[index].size() * each, level.select.total_limit.value_or(each));
}

std::uint64_t Unit::rows_left() const {
  std::uint64_t left = options_.limits.rows_answer_max;
  for (const LevelRows& level : result_.levels)
    if (level.rows) left -= std::min<std::uint64_t>(left, level.rows->row_count());
  return left;
}

// Everything at once, unless that could be more than an answer may have: then no more at a time than fits or
// a single statement gives.
Unit::Batch Unit::next_batch(std::size_t first) const {
  const std::uint64_t left = rows_left();
  std::uint64_t rows = pending_[first].rows_possible;
  Batch batch{.first = first, .end = first + 1, .fits = rows <= left};
  while (batch.end < calls_.size() && rows + pending_[batch.end].rows_possible <= left)
    rows += pending_[batch.end++].rows_possible;
  return batch;
}

bool Unit::prepare_keys(LevelIndex index) {
  const Level& level = plan_.levels[index];
  if (!level.parent) return true;
  keys_.resize(plan_.levels.size());
  keys_[index] =
      collect_keys(plan_.levels[*level.parent], result_.levels[*level.parent], level, result_.levels[index]);
  return keys_[index].size() > 0;
}

std::uint32_t Unit::prepare_depth(LevelRange range, std::uint32_t depth) {
  calls_.clear();
  pending_.clear();
  for (LevelIndex level = range.first; level < range.end; ++level) {
    const Level& planned = plan_.levels[level];
    if (planned.depth != depth || !range.holds(planned) || bound_.is_refused(planned.root_field)) continue;
    if (!prepare_keys(level)) continue;
    add_call(level, false);
    add_call(level, true);
  }
  return static_cast<std::uint32_t>(calls_.size());
}

void Unit::take_rows(LevelIndex index, std::unique_ptr<sql::ResultSet> rows) {
  LevelRows& level = result_.levels[index];
  const auto& own = plan_.levels[index].own;
  level.rows = own ? pick_columns(*own, std::move(rows)) : std::move(rows);
  if (plan_.levels[index].parent)
    group_rows(plan_.levels[index], level, keys_[index]);
  else
    level.starts = {0, static_cast<std::uint32_t>(level.rows->row_count())};
}

void Unit::take_counts(LevelIndex index, const sql::ResultSet& rows) {
  KeyGroups none;
  const Level& level = plan_.levels[index];
  read_counts(level, rows, result_.levels[index], level.parent ? keys_[index] : none);
}

void Unit::take(Batch batch, sql::Results results) {
  for (std::size_t i = batch.first; i < batch.end; ++i) {
    const Pending& pending = pending_[i];
    std::unique_ptr<sql::ResultSet>& rows = results[i - batch.first];
    if (!pending.count) {
      take_rows(pending.level, std::move(rows));
      continue;
    }
    take_counts(pending.level, *rows);
  }
}

awaitable<Outcome<void>> Unit::finish(sql::End end) {
  if (!connection_->in_unit()) co_return Outcome<void>{};
  auto done = co_await connection_->run({.calls = {}, .end = end, .deadline = options_.deadline});
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return Outcome<void>{};
}

awaitable<Outcome<void>> Unit::run_depth(sql::Begin& begin, sql::End end) {
  for (std::size_t at = 0; at < calls_.size();) {
    const Batch batch = next_batch(at);
    const bool ends = batch.fits && batch.end == calls_.size();
    auto results = co_await connection_->run({.calls = std::span(calls_).subspan(at, batch.end - at),
                                              .begin = begin,
                                              .end = ends ? end : sql::End::keep_open,
                                              .deadline = options_.deadline});
    if (!results) co_return std::unexpected(std::move(results.error()));
    begin = sql::Begin::none;
    const std::uint64_t left = rows_left();
    std::uint64_t rows = 0;
    for (std::size_t i = batch.first; i < batch.end; ++i)
      if (!pending_[i].count) rows += (*results)[i - batch.first]->row_count();
    if (rows > left) {
      // A connection that cannot even roll back is broken: its pool drops it, and the server the transaction.
      co_await finish(sql::End::roll_back);
      co_return std::unexpected(Stop());
    }
    take(batch, std::move(*results));
    at = batch.end;
  }
  co_return Outcome<void>{};
}

std::span<const sql::Call> Unit::first_calls(LevelRange range) {
  prepare_depth(range, 0);
  return calls_;
}

void Unit::take_first(sql::Results results) { take({.first = 0, .end = results.size()}, std::move(results)); }

awaitable<Outcome<void>> Unit::read(LevelRange range, sql::Begin begin, sql::End end,
                                    std::uint32_t first_depth) {
  std::uint32_t last_depth = 0;
  for (LevelIndex level = range.first; level < range.end; ++level)
    if (range.holds(plan_.levels[level])) last_depth = std::max(last_depth, plan_.levels[level].depth);
  for (std::uint32_t depth = first_depth; depth <= last_depth; ++depth) {
    if (prepare_depth(range, depth) == 0) {
      if (depth == 0) continue;  // the write before gave the root's row
      break;
    }
    const bool last = depth == last_depth;
    // A single statement is its own snapshot.
    if (begin == sql::Begin::snapshot_read && last && calls_.size() == 1 && !connection_->in_unit())
      begin = sql::Begin::none;
    auto done = co_await run_depth(begin, last ? end : sql::End::keep_open);
    if (!done) co_return std::unexpected(std::move(done.error()));
  }
  // Still open when nothing was left to read before the deepest level, or when it could have been too much.
  if (end == sql::End::keep_open) co_return Outcome<void>{};
  co_return co_await finish(end);
}

// Deals the rows of a single statement out to the levels. False when there are more than an answer may have.
bool Unit::take_parts(sql::Results parts) {
  const SingleStatement& single = *plan_.single;
  std::uint64_t left = options_.limits.rows_answer_max;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const SingleStatement::Part& part = single.parts[i];
    if (!part.count || !plan_.levels[part.level].rows) prepare_keys(part.level);
    if (part.count) {
      take_counts(part.level, *parts[i]);
      continue;
    }
    // A level whose statement reached its limit may lack rows.
    if (parts[i]->row_count() > options_.limits.rows_answer_max) return false;
    take_rows(part.level, std::move(parts[i]));
    const std::uint64_t rows = result_.levels[part.level].starts.back();  // those with a parent that is shown
    if (rows > left) return false;
    left -= rows;
  }
  return true;
}

awaitable<Outcome<void>> Unit::read_at_once() {
  const SingleStatement& single = *plan_.single;
  const sql::Call call{.statement = &single.statement, .parameters = *bound_.single()};
  auto results = co_await connection_->run({.calls = {&call, 1}, .deadline = options_.deadline});
  if (!results) co_return std::unexpected(std::move(results.error()));
  bool fits = results->front()->row_count() < single.rows_max;
  if (fits) {
    auto parts = split(single, std::move(results->front()));
    if (!parts)
      co_return std::unexpected(Stop(sql::DatabaseError{.message = "the rows are not those asked for"}));
    fits = take_parts(std::move(*parts));
  }
  if (fits) co_return Outcome<void>{};
  if (!single.overshoots) co_return std::unexpected(Stop());
  for (LevelRows& level : result_.levels) level = {};
  co_return co_await read({0, static_cast<LevelIndex>(plan_.levels.size())}, sql::Begin::snapshot_read,
                          sql::End::finish);
}

awaitable<Outcome<sql::Results>> Unit::write(std::span<const sql::Call> calls, sql::Begin begin,
                                             sql::End end) {
  auto results =
      co_await connection_->run({.calls = calls, .begin = begin, .end = end, .deadline = options_.deadline});
  if (!results) co_return std::unexpected(std::move(results.error()));
  co_return std::move(*results);
}

}  // namespace tenon::api
