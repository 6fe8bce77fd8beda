// What MysqlConnection does for one call: the steps of a program, and single statements.
#include <utility>

#include <fmt/format.h>

#include "sql/mysql/connection.h"
#include "sql/mysql/error.h"

namespace tenon::sql::mysql {

namespace asio = boost::asio;

asio::awaitable<std::unique_ptr<RowSet>> MysqlConnection::run_call(const Call& call) {
  const Statement& statement = *call.statement;
  limits_ = call.limits;
  if (const auto* program = static_cast<const Program*>(statement.program.get()))
    co_return co_await run_program(*program, call);
  values_.clear();
  for (const Parameter& parameter : call.parameters) values_.push_back({.text = parameter});
  co_return co_await run_statement(statement.hash, [&statement] { return statement.text; }, values_);
}

asio::awaitable<std::unique_ptr<RowSet>> MysqlConnection::run_program(const Program& program,
                                                                      const Call& call) {
  std::vector<std::unique_ptr<RowSet>> rows(program.steps.size());
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const Step& step = program.steps[i];
    if (stopped_) co_return nullptr;
    if (step.when_rows && rows[*step.when_rows]->row_count() == 0) {
      rows[i] = std::make_unique<RowSet>();
      continue;
    }
    rows[i] = co_await run_step(step, call.parameters, rows);
    if (!rows[i]) co_return nullptr;
  }
  const RowSet& counted = *rows[program.affected_step];
  const std::uint64_t affected = counted.column_count() > 0 ? counted.row_count() : counted.affected();
  auto result = std::move(rows[program.result_step]);
  result->set_affected(affected);
  co_return result;
}

// A step whose arrays are too large for one statement runs several times, and its rows come together.
asio::awaitable<std::unique_ptr<RowSet>> MysqlConnection::run_step(
    const Step& step, std::span<const Parameter> parameters,
    std::span<const std::unique_ptr<RowSet>> earlier) {
  std::unique_ptr<RowSet> rows;
  auto expansion = Expansion::make(step, parameters, earlier);
  DatabaseResult<bool> more = expansion ? expansion->next_run() : std::unexpected(expansion.error());
  if (more && !expansion->is_last_run() && !in_transaction_ && !co_await begin(Begin::none))
    co_return nullptr;
  while (more && *more && !stopped_) {
    auto part = co_await run_statement(
        expansion->hash(), [&expansion] { return expansion->text(); }, expansion->values());
    if (!part) co_return nullptr;
    if (!rows) {
      rows = std::move(part);
    } else if (!rows->append(*part)) {
      fail({.message = "the server's answer is too large"});
      co_return nullptr;
    }
    more = expansion->next_run();
  }
  if (!more) fail(std::move(more.error()));
  co_return more && !stopped_ ? std::move(rows) : nullptr;
}

asio::awaitable<std::unique_ptr<RowSet>> MysqlConnection::run_statement(base::Hash128 hash,
                                                                        std::function<std::string()> text,
                                                                        std::span<const BoundValue> values) {
  std::unique_ptr<RowSet> rows;
  for (bool again = false;; again = true) {
    const StatementCache::Entry* entry = cache_.find(hash);
    if (entry == nullptr) {
      if (!co_await prepare(hash, text())) co_return nullptr;
      entry = cache_.find(hash);
    }
    MYSQL_STMT* statement = entry->statement;
    if (statement == nullptr && values.empty()) co_return co_await query(text());
    if (statement == nullptr || mysql_stmt_param_count(statement) != values.size()) {
      fail({.message =
                fmt::format("the statement takes another number of parameters than {}", values.size())});
      co_return nullptr;
    }
    if (auto bound = bindings_.bind(values); !bound) {
      fail(std::move(bound.error()));
      co_return nullptr;
    }
    if (mysql_stmt_bind_param(statement, bindings_.data()) == 0) {
      rows = co_await execute(statement);
    } else {
      fail(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), mysql_stmt_error(statement));
    }
    // It was refused before it did anything: another attempt repeats nothing.
    if (rows || broken_ || again || !should_prepare_again(failure_number_)) break;
    failure_.reset();
    co_await close(cache_.drop(hash));
  }
  if (std::exchange(outgrown_, false)) co_await close(cache_.drop(hash));
  while (!broken_) {
    MYSQL_STMT* evicted = cache_.evict_beyond_limit();
    if (evicted == nullptr) break;
    co_await close(evicted);
  }
  co_return rows;
}

asio::awaitable<bool> MysqlConnection::prepare(base::Hash128 hash, const std::string& text) {
  MYSQL_STMT* statement = mysql_stmt_init(mysql());
  if (statement == nullptr) {
    fail({.message = "out of memory"});
    co_return false;
  }
  int failed = 0;
  co_await perform([&] { return mysql_stmt_prepare_start(&failed, statement, text.data(), text.size()); },
                   [&](int events) { return mysql_stmt_prepare_cont(&failed, statement, events); });
  if (failed == 0) {
    heard_ = true;
    cache_.add(hash, statement);
    co_return true;
  }
  const bool text_only = cannot_be_prepared(mysql_stmt_errno(statement));
  if (!text_only)
    fail(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), mysql_stmt_error(statement));
  co_await close(statement);
  if (text_only) cache_.add(hash, nullptr);
  co_return text_only;
}

asio::awaitable<std::unique_ptr<RowSet>> MysqlConnection::execute(MYSQL_STMT* statement) {
  int failed = 0;
  co_await perform([&] { return mysql_stmt_execute_start(&failed, statement); },
                   [&](int events) { return mysql_stmt_execute_cont(&failed, statement, events); });
  if (failed != 0 && has_other_columns(mysql_stmt_errno(statement))) {
    // The statement ran: its rows are read like any others, but with this handle for the last time.
    outgrown_ = true;
    failed = 0;
    statement->last_errno = 0;
    statement->field_count = mysql_field_count(mysql());
  }
  const bool has_rows = failed == 0 && mysql_stmt_field_count(statement) > 0;
  if (has_rows && limits_.any() && !outgrown_) {
    heard_ = true;
    co_return co_await fetch_within_limits(statement);
  }
  if (has_rows)
    co_await perform([&] { return mysql_stmt_store_result_start(&failed, statement); },
                     [&](int events) { return mysql_stmt_store_result_cont(&failed, statement, events); });
  if (failed != 0) {
    fail(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), mysql_stmt_error(statement));
    co_return nullptr;
  }
  heard_ = true;
  std::unique_ptr<RowSet> rows;
  if (has_rows) {
    rows = take_rows(statement->result, mysql()->fields, mysql_field_count(mysql()));
    mysql_stmt_free_result(statement);  // it is here already: nothing is sent or awaited
  } else {
    rows = std::make_unique<RowSet>();
    rows->set_affected(mysql_stmt_affected_rows(statement));
  }
  co_return one_result(std::move(rows));
}

// Row by row, each read from the client library's own buffer before the next one comes into it.
asio::awaitable<std::unique_ptr<RowSet>> MysqlConnection::fetch_within_limits(MYSQL_STMT* statement) {
  auto rows = std::make_unique<RowSet>(columns_of(mysql()->fields, mysql_field_count(mysql())));
  const NET& net = mysql()->net;
  for (;;) {
    int fetched = 0;
    co_await perform([&] { return mysql_stmt_fetch_start(&fetched, statement); },
                     [&](int events) { return mysql_stmt_fetch_cont(&fetched, statement, events); });
    if (fetched == MYSQL_NO_DATA) break;
    if (fetched == 1) {
      fail(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), mysql_stmt_error(statement));
      co_return nullptr;
    }
    const std::string_view buffer(reinterpret_cast<const char*>(net.read_pos),
                                  static_cast<std::size_t>(net.buff_end - net.read_pos));
    const bool is_row = rows->append_first_of(buffer);
    auto exceeded = limits_.exceeded(rows->row_count(), rows->byte_count());
    if (is_row && !exceeded) continue;
    fail({.failure = is_row ? Failure::too_large : Failure::other,
          .message = is_row ? std::move(*exceeded) : "the server's answer is malformed"});
    rows.reset();
    stop(Wake::overfull);
    my_bool failed = 0;
    co_await perform([&] { return mysql_stmt_free_result_start(&failed, statement); },
                     [&](int events) { return mysql_stmt_free_result_cont(&failed, statement, events); });
    co_return nullptr;
  }
  // What the end says of the session, which the library does not read here: warnings, then the status.
  mysql()->server_status = static_cast<unsigned int>(net.read_pos[3] | net.read_pos[4] << 8);
  mysql_stmt_free_result(statement);  // everything is here: nothing is sent or awaited
  co_return one_result(std::move(rows));
}

asio::awaitable<std::unique_ptr<RowSet>> MysqlConnection::query(std::string_view text) {
  int failed = 0;
  co_await perform([&] { return mysql_real_query_start(&failed, mysql(), text.data(), text.size()); },
                   [&](int events) { return mysql_real_query_cont(&failed, mysql(), events); });
  MYSQL_RES* stored = nullptr;
  const bool has_rows = failed == 0 && mysql_field_count(mysql()) > 0;
  if (has_rows)
    co_await perform([&] { return mysql_store_result_start(&stored, mysql()); },
                     [&](int events) { return mysql_store_result_cont(&stored, mysql(), events); });
  if (failed != 0 || (has_rows && stored == nullptr)) {
    fail(mysql_errno(mysql()), mysql_sqlstate(mysql()), mysql_error(mysql()));
    co_return nullptr;
  }
  heard_ = true;
  std::unique_ptr<RowSet> rows;
  if (has_rows) {
    rows = take_rows(stored);
    mysql_free_result(stored);
  } else {
    rows = std::make_unique<RowSet>();
    rows->set_affected(mysql_affected_rows(mysql()));
  }
  if (rows && !co_await skip_results()) co_return nullptr;
  co_return one_result(std::move(rows));
}

// A procedure gives as many results as its statements, and the first one is enough for a text.
asio::awaitable<bool> MysqlConnection::skip_results() {
  int failed = 0;
  while (failed == 0 && (mysql()->server_status & SERVER_MORE_RESULTS_EXIST) != 0) {
    co_await perform([&] { return mysql_next_result_start(&failed, mysql()); },
                     [&](int events) { return mysql_next_result_cont(&failed, mysql(), events); });
    if (failed != 0 || mysql_field_count(mysql()) == 0) continue;
    MYSQL_RES* stored = nullptr;
    co_await perform([&] { return mysql_store_result_start(&stored, mysql()); },
                     [&](int events) { return mysql_store_result_cont(&stored, mysql(), events); });
    if (stored == nullptr) failed = 1;
    mysql_free_result(stored);
  }
  if (failed > 0) fail(mysql_errno(mysql()), mysql_sqlstate(mysql()), mysql_error(mysql()));
  co_return failed <= 0;
}

// Malformed rows, or more results behind these (of a procedure), are nothing to go on from.
std::unique_ptr<RowSet> MysqlConnection::one_result(std::unique_ptr<RowSet> rows) {
  if (rows && (mysql()->server_status & SERVER_MORE_RESULTS_EXIST) == 0) return rows;
  fail({.message = rows ? "a statement that gives several results is not possible here"
                        : "the server's answer is malformed or too large"});
  broken_ = true;
  return nullptr;
}

asio::awaitable<void> MysqlConnection::close(MYSQL_STMT* statement) {
  if (statement == nullptr) co_return;
  my_bool failed = 0;
  co_await perform([&] { return mysql_stmt_close_start(&failed, statement); },
                   [&](int events) { return mysql_stmt_close_cont(&failed, statement, events); });
}

}  // namespace tenon::sql::mysql
