#include "api/run/write_runner.h"

#include <algorithm>
#include <utility>

#include "api/errors.h"
#include "api/run/own_rows.h"

namespace tenon::api {

using boost::asio::awaitable;

namespace {

// Rows that a step changed or read.
std::uint64_t rows_concerned(const sql::ResultSet& result) {
  return std::max<std::uint64_t>(result.affected(), result.row_count());
}

bool lost_against_another(const sql::DatabaseError& error) {
  return error.failure == sql::Failure::serialization || error.failure == sql::Failure::deadlock;
}

}  // namespace

bool WriteRunner::is_skipped(const WriteStep& step) const {
  if (!step.unless) return false;
  const auto& guard = results_[*step.unless];
  return !guard || rows_concerned(*guard) > 0;
}

sql::Parameter WriteRunner::cell(const ParameterSource& source) const {
  const sql::ResultSet* rows = results_[source.step].get();
  std::uint32_t part = source.part;
  if ((rows == nullptr || rows->row_count() <= source.row) && source.otherwise) {
    rows = results_[*source.otherwise].get();
    part = source.otherwise_part;
  }
  if (rows == nullptr || rows->row_count() <= source.row) return std::nullopt;
  std::vector<sql::Cell> cells(rows->column_count());
  rows->read(source.row, cells);
  if (part >= cells.size() || cells[part].is_null()) return std::nullopt;
  return cells[part].text();
}

// Calls `visit` with the cells of each row of the answer, in its order.
template <class Visit>
void WriteRunner::each_answer_row(Visit&& visit) const {
  std::vector<sql::Cell> cells;
  const auto row = [&](const sql::ResultSet& rows, std::uint32_t number) {
    cells.assign(rows.column_count(), sql::Cell{});
    rows.read(number, cells);
    visit(cells);
  };
  const auto all = [&](const sql::ResultSet* rows) {
    for (std::uint32_t i = 0; rows != nullptr && i < rows->row_count(); ++i) row(*rows, i);
  };
  if (write_.reads_first) return all(result_.levels[write_.level].rows.get());
  for (const RowReference& reference : write_.rows) {
    const sql::ResultSet* rows = results_[reference.step].get();
    if (rows != nullptr && reference.row < rows->row_count()) row(*rows, reference.row);
  }
  if (!write_.rows.empty()) return;
  for (StepIndex i = 0; i < write_.steps.size(); ++i)
    if (write_.steps[i].answers) all(results_[i].get());
}

std::string WriteRunner::key_array(std::uint32_t part) const {
  std::string array = "{";
  each_answer_row([&](const std::vector<sql::Cell>& cells) {
    append_array_element(array, cells[part].is_null() ? std::nullopt : std::optional(cells[part].text()));
  });
  array += '}';
  return array;
}

std::string WriteRunner::step_array(const ParameterSource& source) const {
  std::string array = "{";
  const sql::ResultSet* rows = results_[source.step].get();
  std::vector<sql::Cell> cells(rows == nullptr ? 0 : rows->column_count());
  for (std::size_t i = 0; rows != nullptr && i < rows->row_count(); ++i) {
    rows->read(i, cells);
    append_array_element(
        array, cells[source.part].is_null() ? std::nullopt : std::optional(cells[source.part].text()));
  }
  array += '}';
  return array;
}

void WriteRunner::bind(const BoundPlan::Statement& statement) {
  if (statement.planned == nullptr) return;
  const std::span<sql::Parameter> parameters = bound_.parameters(statement);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ParameterSource& source = statement.planned->parameters[i];
    if (source.kind == ParameterSource::Kind::row) parameters[i] = cell(source);
    if (source.kind == ParameterSource::Kind::step_keys)
      parameters[i] = arrays_.emplace_back(step_array(source));
    if (source.kind == ParameterSource::Kind::row_keys)
      parameters[i] = arrays_.emplace_back(key_array(source.part));
  }
}

WriteRunner::Round WriteRunner::collect(std::uint32_t number) {
  Round round;
  for (StepIndex i = 0; i < write_.steps.size(); ++i) {
    const WriteStep& step = write_.steps[i];
    if (step.round != number || is_skipped(step)) continue;
    const BoundPlan::Statement statement = bound_.write(index_, i);
    bind(statement);
    round.steps.push_back(i);
    round.calls.push_back({.statement = &step.planned.statement,
                           .parameters = bound_.parameters(statement),
                           .limits = limits_of(plan_.levels[write_.level], options_.limits)});
  }
  return round;
}

std::uint64_t WriteRunner::rows_possible(const WriteStep& step) const {
  if (!step.answers) return 0;
  // As many as it likes: what it did may have to be undone.
  if (write_.kind == Write::Kind::own) return std::uint64_t{options_.limits.rows_answer_max} + 1;
  if (const auto* update = std::get_if<sql::Update>(&step.statement)) return update->limit.value_or(1);
  if (const auto* remove = std::get_if<sql::Delete>(&step.statement)) return remove->limit.value_or(1);
  return std::max<std::size_t>(1, write_.rows.size());
}

// Whether the round may end the transaction in the same exchange: nothing of its results can be a reason to
// undo it. A single step that concerned no row did nothing that could be undone.
bool WriteRunner::may_end_with(const Round& round) const {
  std::uint64_t rows = 0;
  for (const StepIndex i : round.steps) {
    const WriteStep& step = write_.steps[i];
    if (step.missing != WriteStep::Missing::ignore && write_.steps.size() > 1) return false;
    rows += rows_possible(step);
  }
  return rows <= unit_.rows_left();
}

Stop WriteRunner::explained(Stop stop, const Round& round) const {
  if (stop.answer) return stop;
  if (!stop.error) {
    stop.answer = too_many_rows_error(options_.limits, true);
    return stop;
  }
  WriteTarget target{.table = write_.table, .removes = write_.kind == Write::Kind::remove};
  if (stop.error->call < round.steps.size()) {
    const WriteStep& step = write_.steps[round.steps[stop.error->call]];
    // The argument itself says nothing new.
    const bool nested = step.input_path.find_first_of(".[") != std::string::npos;
    target = {.table = step.table(),
              .removes = step.removes(),
              .input_path = nested ? std::string_view(step.input_path) : std::string_view{}};
    stop.again = step.unless.has_value() && stop.error->failure == sql::Failure::unique_violation;
  }
  stop.again = stop.again || lost_against_another(*stop.error);
  stop.answer = to_error(*stop.error, plan_, &target, options_.debug);
  // The row is there, and may not be changed.
  if (write_.kind == Write::Kind::upsert && write_.conceals && target.input_path.empty() &&
      stop.error->failure == sql::Failure::unique_violation)
    stop.answer = unauthorized_error(write_.unauthorized);
  return stop;
}

// Tells a row that does not exist from one that does not meet the condition.
awaitable<graphql::Error> WriteRunner::missing_row() {
  if (write_.exists) {
    const BoundPlan::Statement statement = bound_.exists(index_);
    const sql::Call call{.statement = &statement.planned->statement,
                         .parameters = bound_.parameters(statement)};
    const sql::End end = connection_.in_unit() ? sql::End::keep_open : sql::End::finish;
    auto found = co_await unit_.write({&call, 1}, sql::Begin::none, end);
    if (!found) co_return *explained(std::move(found.error()), {}).answer;
    if (found->front()->row_count() > 0) co_return condition_error(*plan_.schema, write_);
  }
  if (write_.conceals) co_return unauthorized_error(write_.unauthorized);
  co_return not_found_error(*plan_.schema, write_);
}

bool WriteRunner::is_known_before(const PlannedStatement& statement, std::uint32_t round) const {
  return std::ranges::all_of(statement.parameters, [&](const ParameterSource& source) {
    if (source.kind == ParameterSource::Kind::step_keys) return write_.steps[source.step].round < round;
    if (source.kind != ParameterSource::Kind::row) return source.kind != ParameterSource::Kind::row_keys;
    return write_.steps[source.step].round < round &&
           (!source.otherwise || write_.steps[*source.otherwise].round < round);
  });
}

// A program that deletes may take the answer's row along: then there is something to undo.
bool WriteRunner::may_lose_the_answer() const {
  return !write_.is_many() && std::ranges::any_of(write_.steps, &WriteStep::removes);
}

bool WriteRunner::has_further_levels() const {
  for (LevelIndex level = write_.level; level < write_.level_end; ++level)
    if (plan_.levels[level].depth > 0 && !plan_.levels[level].beyond) return true;
  return false;
}

// The last round may take the answer's row along, when its key was known before.
bool WriteRunner::may_read_with(std::uint32_t round) const {
  return reads_after() && !write_.is_many() && is_known_before(*plan_.levels[write_.level].rows, round);
}

void WriteRunner::bind_levels() {
  for (LevelIndex level = write_.level; level < write_.level_end; ++level) bind(bound_.rows(level));
}

awaitable<Outcome<void>> WriteRunner::run_round(std::uint32_t number, bool last) {
  Round round = collect(number);
  if (round.calls.empty()) co_return Outcome<void>{};
  if (last && may_read_with(number)) {
    bind_levels();
    const auto first = unit_.first_calls(levels());
    round.calls.insert(round.calls.end(), first.begin(), first.end());
    first_read_ = true;
  }
  const bool all = last && (first_read_ ? !has_further_levels() && !may_lose_the_answer() : !reads_after());
  const bool ends = all && end_ == sql::End::finish && may_end_with(round);
  // A single statement is a transaction of its own.
  if (ends && round.calls.size() == 1 && begin_ == sql::Begin::read_write) begin_ = sql::Begin::none;
  auto results =
      co_await unit_.write(round.calls, take_begin(), ends ? sql::End::finish : sql::End::keep_open);
  if (!results) co_return std::unexpected(explained(std::move(results.error()), round));
  std::uint64_t rows = 0;
  for (std::size_t i = 0; i < round.steps.size(); ++i) {
    const WriteStep& step = write_.steps[round.steps[i]];
    const sql::ResultSet& result = *(results_[round.steps[i]] = std::move((*results)[i]));
    if (step.answers) rows += result.row_count();
    if (step.missing == WriteStep::Missing::wanted) {
      if (rows_concerned(result) > 0) co_return std::unexpected(unauthorized_error(write_.unauthorized));
      continue;
    }
    if (rows_concerned(result) > 0 || step.missing == WriteStep::Missing::ignore) continue;
    if (step.missing == WriteStep::Missing::target)
      co_return std::unexpected(target_missing_error(*plan_.schema, step));
    co_return std::unexpected(co_await missing_row());
  }
  if (rows > unit_.rows_left()) co_return std::unexpected(explained(Stop(), round));
  if (first_read_) {
    results->erase(results->begin(), results->begin() + static_cast<std::ptrdiff_t>(round.steps.size()));
    unit_.take_first(std::move(*results));
  }
  co_return Outcome<void>{};
}

// The answer's rows in the order of the written rows' keys.
void WriteRunner::sort_answer() {
  const Level& level = plan_.levels[write_.level];
  LevelRows& rows = result_.levels[write_.level];
  KeyGroups keys;
  each_answer_row(
      [&](const std::vector<sql::Cell>& cells) { keys.add(std::span(cells).first(level.key_count)); });
  group_rows(level, rows, keys);
  rows.starts = {0, rows.starts.back()};
}

awaitable<Outcome<void>> WriteRunner::read(bool before) {
  bind_levels();
  sql::Begin begin = take_begin();
  if (write_.steps.empty() && begin == sql::Begin::read_write) begin = sql::Begin::snapshot_read;
  const bool stays_open = before || may_lose_the_answer();
  auto read =
      co_await unit_.read(levels(), begin, stays_open ? sql::End::keep_open : end_, first_read_ ? 1 : 0);
  if (!read) co_return std::unexpected(explained(std::move(read.error()), {}));
  const LevelRows& rows = result_.levels[write_.level];
  if (!write_.is_many() && (!rows.rows || rows.rows->row_count() == 0))
    co_return std::unexpected(co_await missing_row());
  if (plan_.levels[write_.level].key_count > 0) sort_answer();
  co_return Outcome<void>{};
}

// The rows that the steps gave back are the answer.
void WriteRunner::take_answer() {
  LevelRows& level = result_.levels[write_.level];
  std::uint64_t affected = 0;
  for (StepIndex i = 0; i < write_.steps.size(); ++i)
    if (write_.steps[i].answers && results_[i]) affected += results_[i]->affected();
  level.counts = {affected};
  if (reads()) return;
  for (StepIndex i = 0; i < write_.steps.size(); ++i) {
    if (!write_.steps[i].answers || !results_[i]) continue;
    level.starts = {0, static_cast<std::uint32_t>(results_[i]->row_count())};
    level.rows = std::move(results_[i]);
    if (const auto& own = plan_.levels[write_.level].own)
      level.rows = pick_columns(*own, std::move(level.rows));
    return;
  }
}

awaitable<Outcome<void>> WriteRunner::answer() {
  if (reads_after()) {
    auto read = co_await this->read(false);
    if (!read) co_return std::unexpected(std::move(read.error()));
  }
  if (end_ == sql::End::finish) {
    auto done = co_await unit_.finish(sql::End::finish);
    if (!done) co_return std::unexpected(explained(std::move(done.error()), {}));
  }
  take_answer();
  co_return Outcome<void>{};
}

awaitable<Outcome<void>> WriteRunner::run_all() {
  if (write_.reads_first) {
    auto read = co_await this->read(true);
    if (!read) co_return std::unexpected(std::move(read.error()));
  }
  std::uint32_t last = 0;
  for (const WriteStep& step : write_.steps) last = std::max(last, step.round);
  for (std::uint32_t round = 0; round <= last; ++round) {
    auto done = co_await run_round(round, round == last);
    if (!done) co_return std::unexpected(std::move(done.error()));
  }
  co_return co_await answer();
}

awaitable<Outcome<void>> WriteRunner::run(sql::Begin begin, sql::End end) {
  begin_ = begin;
  end_ = end;
  results_.resize(write_.steps.size());
  auto done = co_await run_all();
  // A connection that cannot even roll back is broken: its pool drops it, and the server the transaction.
  if (!done && connection_.in_unit()) co_await unit_.finish(sql::End::roll_back);
  co_return done;
}

}  // namespace tenon::api
