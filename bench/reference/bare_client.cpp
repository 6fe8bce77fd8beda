#include "bench/reference/bare_client.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>

#include "bench/reference/bare_mysql.h"
#include "sql/postgres/parameters.h"

namespace tenon::bench {

namespace {

using Clock = std::chrono::steady_clock;

// ---- rows to JSON

// As PostgreSQL numbers its types (pg_type.dat): those whose text is a JSON number, and booleans.
constexpr Oid bool_type = 16;
bool is_number(Oid type) { return type == 21 || type == 23 || type == 700 || type == 701; }

void append_rows(std::string& out, const PGresult* result) {
  const int columns = PQnfields(result);
  std::vector<std::string> keys;
  for (int column = 0; column < columns; ++column) {
    keys.emplace_back(column == 0 ? "{" : ",");
    append_string(keys.back(), PQfname(result, column));
    keys.back().push_back(':');
  }
  out.push_back('[');
  for (int row = 0; row < PQntuples(result); ++row) {
    if (row > 0) out.push_back(',');
    for (int column = 0; column < columns; ++column) {
      out.append(keys[static_cast<std::size_t>(column)]);
      const std::string_view text(PQgetvalue(result, row, column),
                                  static_cast<std::size_t>(PQgetlength(result, row, column)));
      if (PQgetisnull(result, row, column) != 0)
        out.append("null");
      else if (PQftype(result, column) == bool_type)
        out.append(text == "t" ? "true" : "false");
      else if (is_number(PQftype(result, column)))
        out.append(text);
      else
        append_string(out, text);
    }
    out.push_back('}');
  }
  out.push_back(']');
}

// ---- one connection

struct Disconnect {
  void operator()(PGconn* pg) const { PQfinish(pg); }
};

class Session {
 public:
  explicit Session(PGconn* pg) : pg_(pg) {}

  PGconn* pg() const { return pg_.get(); }

  void start(const RecordedRequest& request) {
    request_ = &request;
    exchange_ = 0;
    began_ = Clock::now();
    out_.clear();
    send();
  }

  // Reads what there is. True when the request is answered.
  std::expected<bool, std::string> advance() {
    if (PQconsumeInput(pg()) == 0) return std::unexpected(std::string(PQerrorMessage(pg())));
    while (results_left_ > 0 && PQisBusy(pg()) == 0) {
      PGresult* result = PQgetResult(pg());
      if (result == nullptr) continue;  // the end of one statement's results
      const ExecStatusType status = PQresultStatus(result);
      if (status == PGRES_TUPLES_OK) append_rows(out_, result);
      const bool failed = status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED;
      PQclear(result);
      if (failed) return std::unexpected(std::string(PQerrorMessage(pg())));
      --results_left_;
    }
    if (results_left_ > 0) return false;
    if (++exchange_ == request_->size()) return true;
    send();
    return false;
  }

  Clock::duration age() const { return Clock::now() - began_; }

 private:
  void send() {
    const RecordedExchange& exchange = (*request_)[exchange_];
    if (exchange.begin == sql::Begin::snapshot_read)
      send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {});
    if (exchange.begin == sql::Begin::read_write) send("BEGIN", {});
    for (const RecordedCall& call : exchange.calls) send(call.statement.text, call.parameters);
    in_transaction_ = in_transaction_ || exchange.begin != sql::Begin::none;
    if (exchange.end == sql::End::keep_open) {
      PQsendFlushRequest(pg());
      PQflush(pg());
      return;
    }
    if (std::exchange(in_transaction_, false))
      send(exchange.end == sql::End::finish ? "COMMIT" : "ROLLBACK", {});
    PQpipelineSync(pg());
    ++results_left_;
  }

  void send(const std::string& text, const std::vector<std::optional<std::string>>& parameters) {
    auto [found, is_new] = names_.try_emplace(text, "s" + std::to_string(names_.size()));
    if (is_new) {
      PQsendPrepare(pg(), found->second.c_str(), text.c_str(), 0, nullptr);
      ++results_left_;
    }
    values_.clear();
    for (const auto& parameter : parameters) values_.push_back(parameter ? parameter->c_str() : nullptr);
    PQsendQueryPrepared(pg(), found->second.c_str(), static_cast<int>(values_.size()), values_.data(),
                        nullptr, nullptr, 0);
    ++results_left_;
  }

  std::unique_ptr<PGconn, Disconnect> pg_;
  std::map<std::string, std::string> names_;  // of prepared statements, by text
  std::vector<const char*> values_;
  std::string out_;
  const RecordedRequest* request_ = nullptr;
  std::size_t exchange_ = 0;
  std::size_t results_left_ = 0;
  bool in_transaction_ = false;
  Clock::time_point began_;
};

std::expected<std::unique_ptr<Session>, std::string> open_session(const sql::DatabaseUrl& url) {
  const sql::SessionOptions options{.application_name = "bare client"};
  const auto parameters =
      sql::postgres::connection_parameters(url, options, {}, sql::postgres::session_settings(options));
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* pg = PQconnectdbParams(keywords.data(), values.data(), 0);
  auto session = std::make_unique<Session>(pg);
  if (PQstatus(pg) != CONNECTION_OK || PQsetnonblocking(pg, 1) != 0 || PQenterPipelineMode(pg) == 0)
    return std::unexpected(std::string(PQerrorMessage(pg)));
  return session;
}

using Sessions = std::vector<std::unique_ptr<Session>>;

double database_cpu(const Sessions& sessions) {
  double sum = 0;
  for (const auto& session : sessions) sum += cpu_of(std::to_string(PQbackendPID(session->pg())));
  return sum;
}

// Runs the loop until `end` and notes the time of each request. All sessions have answered when it returns.
std::expected<std::vector<float>, std::string> run_until(Sessions& sessions,
                                                         const std::vector<RecordedRequest>& requests,
                                                         Clock::time_point end) {
  std::vector<float> milliseconds;
  std::vector<pollfd> sockets;
  std::size_t next = 0;
  for (const auto& session : sessions) {
    sockets.push_back({.fd = PQsocket(session->pg()), .events = POLLIN, .revents = 0});
    session->start(requests[next++ % requests.size()]);
  }
  for (std::size_t busy = sessions.size(); busy > 0;) {
    if (poll(sockets.data(), sockets.size(), 10'000) <= 0) return std::unexpected("no answer in 10 s");
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      if (sockets[i].revents == 0) continue;
      const auto answered = sessions[i]->advance();
      if (!answered) return std::unexpected(answered.error());
      if (!*answered) continue;
      milliseconds.push_back(std::chrono::duration<float, std::milli>(sessions[i]->age()).count());
      if (Clock::now() < end) {
        sessions[i]->start(requests[next++ % requests.size()]);
      } else {
        sockets[i].fd = -1;  // poll leaves it out
        --busy;
      }
    }
  }
  return milliseconds;
}

std::expected<LoadResult, std::string> load_postgres(const std::vector<RecordedRequest>& requests,
                                                     const sql::DatabaseUrl& url,
                                                     const LoadOptions& options) {
  Sessions sessions;
  while (sessions.size() < options.connections) {
    auto session = open_session(url);
    if (!session) return std::unexpected(session.error());
    sessions.push_back(std::move(*session));
  }
  if (auto warm = run_until(sessions, requests, Clock::now() + options.warm_up); !warm)
    return std::unexpected(warm.error());
  const double own_before = own_cpu();
  const double database_before = database_cpu(sessions);
  const Clock::time_point begin = Clock::now();
  auto times = run_until(sessions, requests, begin + options.duration);
  if (!times) return std::unexpected(times.error());
  const double count = static_cast<double>(std::max<std::size_t>(times->size(), 1));
  return LoadResult{.requests = times->size(),
                    .seconds = std::chrono::duration<double>(Clock::now() - begin).count(),
                    .client_microseconds = (own_cpu() - own_before) / count,
                    .database_microseconds = (database_cpu(sessions) - database_before) / count,
                    .p50_milliseconds = percentile(*times, 0.50),
                    .p99_milliseconds = percentile(*times, 0.99)};
}

}  // namespace

std::expected<LoadResult, std::string> load(const std::vector<RecordedRequest>& requests,
                                            const sql::DatabaseUrl& url, const LoadOptions& options) {
  return url.engine == catalog::Engine::mysql ? load_mysql(requests, url, options)
                                              : load_postgres(requests, url, options);
}

}  // namespace tenon::bench
