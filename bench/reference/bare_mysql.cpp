#include "bench/reference/bare_mysql.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <thread>

#include "sql/mysql/connect.h"
#include "sql/mysql/expansion.h"
#include "sql/mysql/version.h"

namespace tenon::bench {

namespace {

namespace fs = std::filesystem;
namespace mysql = sql::mysql;
using Clock = std::chrono::steady_clock;
using Rows = std::unique_ptr<mysql::RowSet>;
template <class T>
using Outcome = std::expected<T, std::string>;

bool is_number(enum_field_types type) {
  return type <= MYSQL_TYPE_DOUBLE ? type != MYSQL_TYPE_DECIMAL : type == MYSQL_TYPE_INT24;
}

void append_rows(std::string& out, const mysql::RowSet& rows, const std::vector<bool>& numbers) {
  std::vector<std::string> keys;
  for (std::size_t column = 0; column < rows.column_count(); ++column) {
    keys.emplace_back(column == 0 ? "{" : ",");
    append_string(keys.back(), rows.column_name(column));
    keys.back().push_back(':');
  }
  out.push_back('[');
  for (std::size_t row = 0; row < rows.row_count(); ++row) {
    if (row > 0) out.push_back(',');
    for (std::size_t column = 0; column < keys.size(); ++column) {
      out.append(keys[column]);
      const sql::Cell cell = rows.cell(row, column);
      if (cell.is_null()) {
        out.append("null");
      } else if (numbers[column]) {
        out.append(cell.text());
      } else {
        append_string(out, cell.text());
      }
    }
    out.push_back('}');
  }
  out.push_back(']');
}

class Session {
 public:
  static Outcome<std::unique_ptr<Session>> open(const sql::DatabaseUrl& url) {
    const sql::SessionOptions options{.application_name = "bare client"};
    const auto parameters = mysql::connection_parameters(url, options);
    if (!parameters) return std::unexpected(parameters.error().message);
    auto handle = mysql::connect_blocking(*parameters, Clock::now() + std::chrono::minutes(5));
    if (!handle) return std::unexpected(handle.error().message);
    auto session = std::unique_ptr<Session>(new Session(std::move(*handle)));
    const auto version = mysql::parse_version(mysql_get_server_info(session->mysql_.get()));
    const auto set_up = session->text(mysql::session_statement(options, mysql::capabilities_of(version)));
    if (!set_up) return std::unexpected(set_up.error());
    return session;
  }
  ~Session() {
    for (const auto& [hash, statement] : statements_) mysql_stmt_close(statement);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Outcome<void> run(const RecordedRequest& request) {
    out_.clear();
    for (const RecordedExchange& exchange : request)
      if (auto done = run(exchange); !done) return done;
    return {};
  }

  // Where the server keeps its process id; empty when it does not tell.
  std::string pid_file() {
    std::string path;
    if (mysql_query(mysql_.get(), "SELECT @@pid_file") != 0) return path;
    MYSQL_RES* rows = mysql_store_result(mysql_.get());
    if (rows == nullptr) return path;
    if (const MYSQL_ROW row = mysql_fetch_row(rows); row != nullptr && row[0] != nullptr) path = row[0];
    mysql_free_result(rows);
    return path;
  }

 private:
  explicit Session(mysql::Handle handle) : mysql_(std::move(handle)) {}

  Outcome<void> run(const RecordedExchange& exchange) {
    std::size_t statements = 0;
    for (const RecordedCall& call : exchange.calls) {
      const auto* program = static_cast<const mysql::Program*>(call.statement.program.get());
      statements += program != nullptr ? program->steps.size() : 1;
    }
    const bool begins = !in_transaction_ && (exchange.begin != sql::Begin::none ||
                                             exchange.end == sql::End::keep_open || statements > 1);
    if (begins) {
      const bool snapshot = exchange.begin == sql::Begin::snapshot_read;
      const auto begun =
          text(snapshot ? "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY" : "START TRANSACTION");
      if (!begun) return begun;
      in_transaction_ = true;
    }
    for (const RecordedCall& call : exchange.calls)
      if (auto done = run(call); !done) return done;
    if (!in_transaction_ || exchange.end == sql::End::keep_open) return {};
    in_transaction_ = false;
    return text(exchange.end == sql::End::finish ? "COMMIT" : "ROLLBACK");
  }

  Outcome<void> run(const RecordedCall& call) {
    std::vector<sql::Parameter> parameters;
    for (const auto& text : call.parameters)
      parameters.push_back(text ? sql::Parameter(*text) : std::nullopt);
    const auto* program = static_cast<const mysql::Program*>(call.statement.program.get());
    if (program == nullptr) {
      std::vector<mysql::BoundValue> values;
      for (const sql::Parameter& one : parameters) values.push_back({.text = one});
      auto rows = prepared(call.statement.hash, values, [&] { return call.statement.text; });
      if (!rows) return std::unexpected(rows.error());
      append_rows(out_, **rows, numbers_);
      return {};
    }
    std::vector<Rows> rows(program->steps.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const mysql::Step& step = program->steps[i];
      rows[i] = std::make_unique<mysql::RowSet>();
      if (step.when_rows && rows[*step.when_rows]->row_count() == 0) continue;
      auto expansion = mysql::Expansion::make(step, parameters, rows);
      if (!expansion) return std::unexpected(expansion.error().message);
      if (const auto first = expansion->next_run(); !first) return std::unexpected(first.error().message);
      auto step_rows = prepared(expansion->hash(), expansion->values(), [&] { return expansion->text(); });
      if (!step_rows) return std::unexpected(step_rows.error());
      rows[i] = std::move(*step_rows);
      if (i == program->result_step) append_rows(out_, *rows[i], numbers_);
    }
    return {};
  }

  template <class Text>
  Outcome<Rows> prepared(const base::Hash128& hash, std::span<const mysql::BoundValue> values, Text text_of) {
    auto [found, is_new] = statements_.try_emplace(hash, nullptr);
    if (is_new) {
      found->second = mysql_stmt_init(mysql_.get());
      const std::string text = text_of();
      if (mysql_stmt_prepare(found->second, text.data(), text.size()) != 0) return failed(found->second);
    }
    MYSQL_STMT* statement = found->second;
    if (const auto bound = bindings_.bind(values); !bound) return std::unexpected(bound.error().message);
    if (mysql_stmt_bind_param(statement, bindings_.data()) != 0 || mysql_stmt_execute(statement) != 0)
      return failed(statement);
    if (mysql_stmt_field_count(statement) == 0) return std::make_unique<mysql::RowSet>();
    if (mysql_stmt_store_result(statement) != 0) return failed(statement);
    const unsigned int columns = mysql_field_count(mysql_.get());
    numbers_.clear();
    for (unsigned int i = 0; i < columns; ++i) numbers_.push_back(is_number(mysql_->fields[i].type));
    auto rows = mysql::take_rows(statement->result, mysql_->fields, columns);
    mysql_stmt_free_result(statement);
    return rows;
  }

  Outcome<void> text(const std::string& sql) {
    if (mysql_real_query(mysql_.get(), sql.data(), sql.size()) == 0) return {};
    return std::unexpected(std::string(mysql_error(mysql_.get())));
  }

  static Outcome<Rows> failed(MYSQL_STMT* statement) {
    return std::unexpected(std::string(mysql_stmt_error(statement)));
  }

  mysql::Handle mysql_;
  std::map<base::Hash128, MYSQL_STMT*> statements_;
  mysql::Bindings bindings_;
  std::vector<bool> numbers_;  // of the last rows: columns that are JSON numbers
  std::string out_;
  bool in_transaction_ = false;
};

using Sessions = std::vector<std::unique_ptr<Session>>;

// CPU of all threads of the server; 0 when it runs elsewhere.
double database_cpu(const std::string& pid_file) {
  int pid = 0;
  std::ifstream(pid_file) >> pid;
  double sum = 0;
  std::error_code error;
  const std::string process = std::to_string(pid);
  for (const auto& task : fs::directory_iterator("/proc/" + process + "/task", error))
    sum += cpu_of(process + "/task/" + task.path().filename().string());
  return sum;
}

// Runs a loop on each session until `end` and notes the time of each request.
Outcome<std::vector<float>> run_until(Sessions& sessions, const std::vector<RecordedRequest>& requests,
                                      Clock::time_point end) {
  std::vector<std::vector<float>> times(sessions.size());
  std::vector<Outcome<void>> outcomes(sessions.size());
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < sessions.size(); ++i)
      threads.emplace_back([&, i] {
        for (auto began = Clock::now(); began < end && outcomes[i]; began = Clock::now()) {
          outcomes[i] = sessions[i]->run(requests[next++ % requests.size()]);
          times[i].push_back(std::chrono::duration<float, std::milli>(Clock::now() - began).count());
        }
      });
  }
  std::vector<float> all;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    if (!outcomes[i]) return std::unexpected(outcomes[i].error());
    all.insert(all.end(), times[i].begin(), times[i].end());
  }
  return all;
}

}  // namespace

std::expected<LoadResult, std::string> load_mysql(const std::vector<RecordedRequest>& requests,
                                                  const sql::DatabaseUrl& url, const LoadOptions& options) {
  Sessions sessions;
  while (sessions.size() < std::max(options.connections, 1U)) {
    auto session = Session::open(url);
    if (!session) return std::unexpected(session.error());
    sessions.push_back(std::move(*session));
  }
  if (auto warm = run_until(sessions, requests, Clock::now() + options.warm_up); !warm)
    return std::unexpected(warm.error());
  const std::string pid_file = sessions.front()->pid_file();
  const double own_before = own_cpu();
  const double database_before = database_cpu(pid_file);
  const Clock::time_point begin = Clock::now();
  auto times = run_until(sessions, requests, begin + options.duration);
  if (!times) return std::unexpected(times.error());
  const double count = static_cast<double>(std::max<std::size_t>(times->size(), 1));
  return LoadResult{.requests = times->size(),
                    .seconds = std::chrono::duration<double>(Clock::now() - begin).count(),
                    .client_microseconds = (own_cpu() - own_before) / count,
                    .database_microseconds = (database_cpu(pid_file) - database_before) / count,
                    .p50_milliseconds = percentile(*times, 0.50),
                    .p99_milliseconds = percentile(*times, 0.99)};
}

}  // namespace tenon::bench
