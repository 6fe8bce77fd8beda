#include "api/execute.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "api/errors.h"

namespace tenon::api {

using boost::asio::awaitable;
using sql::DatabaseError;
using sql::DatabaseResult;

BoundPlan::BoundPlan(std::shared_ptr<const Plan> plan, const graphql::VariableValues& variables,
                     const base::OperationLimits& limits)
    : plan_(std::move(plan)), binder_(*plan_->schema, variables, limits, plan_->parameter_count) {}

bool BoundPlan::is_refused(std::uint32_t root_field) const {
  return std::ranges::find(refused_, root_field, &FieldFailure::field) != refused_.end();
}

BoundPlan::Statement BoundPlan::add(const std::optional<PlannedStatement>& planned,
                                    std::uint32_t root_field) {
  if (!planned || is_refused(root_field)) return {};
  const Statement statement{.planned = &*planned, .first = static_cast<std::uint32_t>(parameters_.size())};
  auto bound = binder_.bind(planned->parameters, parameters_);
  if (bound) return statement;
  refused_.push_back({root_field, std::move(bound.error())});
  return {};
}

std::unique_ptr<BoundPlan> BoundPlan::bind(std::shared_ptr<const Plan> plan,
                                           const graphql::VariableValues& variables,
                                           const base::OperationLimits& limits) {
  std::unique_ptr<BoundPlan> bound(new BoundPlan(std::move(plan), variables, limits));
  const Plan& p = bound->plan();
  bound->refused_ = p.refused;
  bound->parameters_.reserve(p.parameter_count);
  for (const Level& level : p.levels) {
    bound->rows_.push_back(bound->add(level.rows, level.root_field));
    bound->counts_.push_back(bound->add(level.count, level.root_field));
  }
  for (const Write& write : p.writes) {
    bound->writes_.push_back(bound->add(write.statement, write.field));
    bound->exists_.push_back(bound->add(write.exists, write.field));
  }
  return bound;
}

namespace {

// Which levels an operation's root field (or all of a query) reads.
struct LevelRange {
  LevelIndex first = 0;
  LevelIndex end = 0;
};

// Why a unit ended before its end: what the database said, or else that there are more rows than an answer
// may have.
struct Stop {
  std::optional<DatabaseError> error;
  Stop(DatabaseError database_error) : error(std::move(database_error)) {}
  Stop() = default;
};
template <class T>
using Outcome = std::expected<T, Stop>;

graphql::Error error_of(const Stop& stop, const Schema& schema, const Write* write,
                        const ExecuteOptions& options) {
  return stop.error ? to_error(*stop.error, schema, write, options.debug)
                    : too_many_rows_error(options.limits, write);
}

// One unit of work on one connection: reads levels, or writes and reads.
class Unit {
 public:
  Unit(BoundPlan& bound, PlanRows& result, sql::Connection& connection, const ExecuteOptions& options)
      : bound_(bound), plan_(bound.plan()), result_(result), connection_(connection), options_(options) {}

  // Reads the levels, depth by depth. `begin` is how the unit starts if it has not; `end` how it ends.
  awaitable<Outcome<void>> read(LevelRange range, sql::Begin begin, sql::End end);
  // Runs one write; the row it gave back, if any, is in its result set.
  awaitable<Outcome<std::unique_ptr<sql::ResultSet>>> write(BoundPlan::Statement statement, sql::Begin begin,
                                                            sql::End end);
  awaitable<Outcome<void>> finish(sql::End end);

 private:
  struct Pending {
    LevelIndex level = 0;
    bool count = false;
    std::uint64_t rows_possible = 0;
  };
  // Consecutive calls that travel together.
  struct Batch {
    std::size_t first = 0;
    std::size_t end = 0;
    bool fits = true;  // the answer, however many rows they give
  };
  std::uint32_t prepare_depth(LevelRange range, std::uint32_t depth);
  std::uint64_t rows_possible(LevelIndex level) const;
  std::uint64_t rows_left() const;
  Batch next_batch(std::size_t first) const;
  awaitable<Outcome<void>> run_depth(sql::Begin& begin, sql::End end);
  bool prepare_keys(LevelIndex level);
  void add_call(LevelIndex level, bool count);
  void take(Batch batch, sql::Results results);
  void take_rows(LevelIndex level, std::unique_ptr<sql::ResultSet> rows);

  BoundPlan& bound_;
  const Plan& plan_;
  PlanRows& result_;
  sql::Connection& connection_;
  const ExecuteOptions& options_;
  std::vector<KeyGroups> keys_;     // by level
  std::deque<std::string> arrays_;  // texts of key parameters
  std::vector<sql::Call> calls_;
  std::vector<Pending> pending_;
};

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
  calls_.push_back({.statement = &statement.planned->statement, .parameters = parameters});
  pending_.push_back({.level = level, .count = count, .rows_possible = count ? 0 : rows_possible(level)});
}

std::uint64_t Unit::rows_possible(LevelIndex index) const {
  const Level& level = plan_.levels[index];
  const std::uint64_t each = level.select.limit.value_or(1);
  if (!level.parent) return each;
  return std::min(keys_[index].size() * each, level.select.total_limit.value_or(each));
}

// How many more rows the answer may have.
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

// Collects the calls of one depth; the number of them.
std::uint32_t Unit::prepare_depth(LevelRange range, std::uint32_t depth) {
  calls_.clear();
  pending_.clear();
  for (LevelIndex level = range.first; level < range.end; ++level) {
    if (plan_.levels[level].depth != depth || bound_.is_refused(plan_.levels[level].root_field)) continue;
    if (!prepare_keys(level)) continue;
    add_call(level, false);
    add_call(level, true);
  }
  return static_cast<std::uint32_t>(calls_.size());
}

void Unit::take_rows(LevelIndex index, std::unique_ptr<sql::ResultSet> rows) {
  LevelRows& level = result_.levels[index];
  level.rows = std::move(rows);
  if (plan_.levels[index].parent)
    group_rows(plan_.levels[index], level, keys_[index]);
  else
    level.starts = {0, static_cast<std::uint32_t>(level.rows->row_count())};
}

void Unit::take(Batch batch, sql::Results results) {
  for (std::size_t i = batch.first; i < batch.end; ++i) {
    const Pending& pending = pending_[i];
    std::unique_ptr<sql::ResultSet>& rows = results[i - batch.first];
    if (!pending.count) {
      take_rows(pending.level, std::move(rows));
      continue;
    }
    KeyGroups none;
    const Level& level = plan_.levels[pending.level];
    read_counts(level, *rows, result_.levels[pending.level], level.parent ? keys_[pending.level] : none);
  }
}

awaitable<Outcome<void>> Unit::finish(sql::End end) {
  if (!connection_.in_unit()) co_return Outcome<void>{};
  auto done = co_await connection_.run({.calls = {}, .end = end, .deadline = options_.deadline});
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return Outcome<void>{};
}

// Runs the calls of one depth. Where they might be too many, the unit stays open whatever `end` says: then
// nothing is committed that has no answer.
awaitable<Outcome<void>> Unit::run_depth(sql::Begin& begin, sql::End end) {
  for (std::size_t at = 0; at < calls_.size();) {
    const Batch batch = next_batch(at);
    const bool ends = batch.fits && batch.end == calls_.size();
    auto results = co_await connection_.run({.calls = std::span(calls_).subspan(at, batch.end - at),
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

awaitable<Outcome<void>> Unit::read(LevelRange range, sql::Begin begin, sql::End end) {
  std::uint32_t last_depth = 0;
  for (LevelIndex level = range.first; level < range.end; ++level)
    last_depth = std::max(last_depth, plan_.levels[level].depth);
  for (std::uint32_t depth = 0; depth <= last_depth; ++depth) {
    if (prepare_depth(range, depth) == 0) {
      if (depth == 0) continue;  // the write before gave the root's row
      break;
    }
    const bool last = depth == last_depth;
    // A single statement is its own snapshot.
    if (begin == sql::Begin::snapshot_read && last && calls_.size() == 1 && !connection_.in_unit())
      begin = sql::Begin::none;
    auto done = co_await run_depth(begin, last ? end : sql::End::keep_open);
    if (!done) co_return std::unexpected(std::move(done.error()));
  }
  // Still open when nothing was left to read before the deepest level, or when it could have been too much.
  if (end == sql::End::keep_open) co_return Outcome<void>{};
  co_return co_await finish(end);
}

awaitable<Outcome<std::unique_ptr<sql::ResultSet>>> Unit::write(BoundPlan::Statement statement,
                                                                sql::Begin begin, sql::End end) {
  const sql::Call call{.statement = &statement.planned->statement,
                       .parameters = bound_.parameters(statement)};
  auto results = co_await connection_.run(
      {.calls = {&call, 1}, .begin = begin, .end = end, .deadline = options_.deadline});
  if (!results) co_return std::unexpected(std::move(results.error()));
  co_return std::move(results->front());
}

// --- mutations

class WriteRunner {
 public:
  WriteRunner(BoundPlan& bound, std::size_t index, PlanRows& result, sql::Connection& connection,
              const ExecuteOptions& options)
      : bound_(bound),
        plan_(bound.plan()),
        write_(plan_.writes[index]),
        index_(index),
        result_(result),
        unit_(bound, result, connection, options),
        options_(options) {}

  awaitable<void> run();

 private:
  LevelRange levels() const { return {write_.level, write_.level_end}; }
  bool has_row() const {
    const LevelRows& rows = result_.levels[write_.level];
    return rows.rows && rows.rows->row_count() > 0;
  }
  awaitable<Outcome<bool>> write_only();
  awaitable<Outcome<bool>> write_then_read();
  awaitable<Outcome<bool>> read_then_write();
  awaitable<Outcome<bool>> read_only();
  awaitable<void> nothing_written();
  void bind_row(const sql::ResultSet& written);
  // What was read in vain does not count for the writes that follow.
  void fail(Stop stop) {
    for (LevelIndex level = write_.level; level < write_.level_end; ++level) result_.levels[level] = {};
    result_.failures.push_back({write_.field, error_of(stop, *plan_.schema, &write_, options_)});
    if (stop.error) result_.database_errors.push_back(std::move(*stop.error));
  }

  BoundPlan& bound_;
  const Plan& plan_;
  const Write& write_;
  std::size_t index_;
  PlanRows& result_;
  Unit unit_;
  const ExecuteOptions& options_;
};

// The statement's row is the answer.
awaitable<Outcome<bool>> WriteRunner::write_only() {
  auto written = co_await unit_.write(bound_.write(index_), sql::Begin::none, sql::End::finish);
  if (!written) co_return std::unexpected(std::move(written.error()));
  LevelRows& rows = result_.levels[write_.level];
  rows.starts = {0, static_cast<std::uint32_t>((*written)->row_count())};
  rows.rows = std::move(*written);
  co_return has_row();
}

void WriteRunner::bind_row(const sql::ResultSet& written) {
  const BoundPlan::Statement statement = bound_.rows(write_.level);
  const std::span<sql::Parameter> parameters = bound_.parameters(statement);
  std::vector<sql::Cell> cells(written.column_count());
  written.read(0, cells);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ParameterSource& source = statement.planned->parameters[i];
    if (source.kind == ParameterSource::Kind::row) parameters[i] = cells[source.part].text();
  }
}

awaitable<Outcome<bool>> WriteRunner::write_then_read() {
  auto written = co_await unit_.write(bound_.write(index_), sql::Begin::read_write, sql::End::keep_open);
  if (!written) co_return std::unexpected(std::move(written.error()));
  if ((*written)->row_count() == 0) {
    auto undone = co_await unit_.finish(sql::End::roll_back);
    if (!undone) co_return std::unexpected(std::move(undone.error()));
    co_return false;
  }
  bind_row(**written);
  auto read = co_await unit_.read(levels(), sql::Begin::none, sql::End::finish);
  if (!read) co_return std::unexpected(std::move(read.error()));
  co_return true;
}

awaitable<Outcome<bool>> WriteRunner::read_then_write() {
  auto read = co_await unit_.read(levels(), sql::Begin::read_write, sql::End::keep_open);
  if (!read) co_return std::unexpected(std::move(read.error()));
  if (!has_row()) {
    auto undone = co_await unit_.finish(sql::End::roll_back);
    if (!undone) co_return std::unexpected(std::move(undone.error()));
    co_return false;
  }
  auto written = co_await unit_.write(bound_.write(index_), sql::Begin::none, sql::End::finish);
  if (!written) co_return std::unexpected(std::move(written.error()));
  co_return (*written)->row_count() > 0;
}

awaitable<Outcome<bool>> WriteRunner::read_only() {
  auto read = co_await unit_.read(levels(), sql::Begin::snapshot_read, sql::End::finish);
  if (!read) co_return std::unexpected(std::move(read.error()));
  co_return has_row();
}

// Tells a row that does not exist from one that does not meet the condition.
awaitable<void> WriteRunner::nothing_written() {
  graphql::Error error = not_found_error(*plan_.schema, write_);
  if (write_.exists) {
    auto found = co_await unit_.write(bound_.exists(index_), sql::Begin::none, sql::End::finish);
    if (!found) {
      fail(std::move(found.error()));
      co_return;
    }
    if ((*found)->row_count() > 0) error = condition_error(*plan_.schema, write_);
  }
  result_.failures.push_back({write_.field, std::move(error)});
}

awaitable<void> WriteRunner::run() {
  const bool reads = plan_.levels[write_.level].rows.has_value();
  Outcome<bool> done = false;
  if (!write_.statement)
    done = co_await read_only();
  else if (!reads)
    done = co_await write_only();
  else if (write_.kind == Write::Kind::remove)
    done = co_await read_then_write();
  else
    done = co_await write_then_read();
  if (!done)
    fail(std::move(done.error()));
  else if (!*done)
    co_await nothing_written();
}

awaitable<void> run_writes(BoundPlan& bound, PlanRows& result, sql::Pool& pool,
                           const ExecuteOptions& options) {
  sql::Lease lease;
  for (std::size_t i = 0; i < bound.plan().writes.size(); ++i) {
    if (bound.is_refused(bound.plan().writes[i].field)) continue;
    if (!lease || lease->broken() || lease->in_unit()) {
      lease = {};
      auto acquired = co_await pool.acquire(options.deadline);
      if (!acquired) {
        const Write& write = bound.plan().writes[i];
        result.failures.push_back(
            {write.field, to_error(acquired.error(), *bound.plan().schema, &write, options.debug)});
        result.database_errors.push_back(std::move(acquired.error()));
        continue;
      }
      lease = std::move(*acquired);
    }
    WriteRunner runner(bound, i, result, *lease, options);
    co_await runner.run();
  }
}

// --- queries

// A connection that lay idle may have died unnoticed; reading again on another one harms nobody.
awaitable<Outcome<void>> run_query(BoundPlan& bound, PlanRows& result, sql::Pool& pool,
                                   const ExecuteOptions& options) {
  const LevelRange all{0, static_cast<LevelIndex>(bound.plan().levels.size())};
  for (bool again = true;; again = false) {
    auto lease = co_await pool.acquire(options.deadline);
    if (!lease) co_return std::unexpected(std::move(lease.error()));
    Unit unit(bound, result, **lease, options);
    auto read = co_await unit.read(all, sql::Begin::snapshot_read, sql::End::finish);
    const bool stale = !read && read.error().error && read.error().error->was_stale;
    if (!stale || !again) co_return read;
  }
}

bool reads_rows(const OutputField& field) {
  return field.kind == OutputField::Kind::row || field.kind == OutputField::Kind::connection ||
         field.kind == OutputField::Kind::groups;
}

}  // namespace

awaitable<PlanRows> execute(BoundPlan& bound, sql::Pool& pool, const ExecuteOptions& options) {
  const Plan& plan = bound.plan();
  PlanRows result;
  result.levels.resize(plan.levels.size());
  result.failures = bound.refused();
  if (!plan.writes.empty()) {
    co_await run_writes(bound, result, pool, options);
    co_return result;
  }
  bool asks = false;
  for (const Level& level : plan.levels)
    asks = asks || ((level.rows || level.count) && !bound.is_refused(level.root_field));
  if (!asks) co_return result;
  auto read = co_await run_query(bound, result, pool, options);
  if (read) co_return result;
  for (LevelRows& level : result.levels) level = {};
  const graphql::Error error = error_of(read.error(), *plan.schema, nullptr, options);
  for (std::uint32_t i = 0; i < plan.root_count; ++i)
    if (reads_rows(plan.fields[i]) && !bound.is_refused(i)) result.failures.push_back({i, error});
  if (read.error().error) result.database_errors.push_back(std::move(*read.error().error));
  co_return result;
}

}  // namespace tenon::api
