#include "migrate/session.h"

#include <exception>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/hash.h"
#include "sql/open.h"

namespace tenon::migrate {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Session::State {
  asio::io_context context{1};
  sql::DatabaseUrl url;
  std::unique_ptr<sql::Connection> connection;
  std::chrono::milliseconds interval{};
  std::function<void()> tick;

  template <class T>
  T wait(asio::awaitable<T> work) {
    std::optional<T> outcome;
    std::exception_ptr thrown;
    bool ended = false;  // the handler has run: nothing refers to this frame any more
    asio::co_spawn(
        context, [&]() -> asio::awaitable<void> { outcome = co_await std::move(work); },
        [&](std::exception_ptr error) {
          thrown = error;
          ended = true;
        });
    context.restart();
    auto next = sql::Clock::now() + interval;
    while (!ended) {
      if (!tick) {
        context.run_one();
      } else if (context.run_one_until(next) == 0) {
        context.restart();
        tick();
        next = sql::Clock::now() + interval;
      }
    }
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*outcome);
  }
};

namespace {

constexpr auto connect_time_max = 10s;

Rows copy(const sql::ResultSet& set) {
  Rows rows(set.row_count());
  std::vector<sql::Cell> cells(set.column_count());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    set.read(i, cells);
    for (const sql::Cell& each : cells)
      rows[i].push_back(each.is_null() ? std::nullopt : std::optional(std::string(each.text())));
  }
  return rows;
}

sql::DatabaseResult<Rows> last_of(const sql::DatabaseResult<sql::Results>& results) {
  if (!results) return std::unexpected(results.error());
  return results->empty() ? Rows{} : copy(*results->back());
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

sql::DatabaseResult<Session> Session::open(const sql::DatabaseUrl& url, std::string purpose) {
  auto state = std::make_unique<State>();
  state->url = url;
  sql::SessionOptions options{.application_name = std::move(purpose)};
  options.idle_in_transaction_timeout = 0ms;
  auto connection = state->wait(sql::connect(url, std::move(options), sql::Clock::now() + connect_time_max));
  if (!connection) return std::unexpected(std::move(connection.error()));
  state->connection = std::move(*connection);
  return Session(std::move(state));
}

sql::DatabaseResult<Rows> Session::run(std::string_view text) {
  return last_of(state_->wait(state_->connection->run_text(text, sql::Clock::time_point::max())));
}

sql::DatabaseResult<Rows> Session::query(std::string text, const Row& parameters) {
  const auto hash = base::hash128(text);
  const sql::Statement statement{.text = std::move(text),
                                 .hash = hash,
                                 .parameter_count = static_cast<std::uint32_t>(parameters.size())};
  std::vector<sql::Parameter> bound;
  for (const auto& each : parameters) bound.push_back(each ? sql::Parameter(*each) : std::nullopt);
  const sql::Call call{.statement = &statement, .parameters = bound};
  const sql::End end = state_->connection->in_unit() ? sql::End::keep_open : sql::End::finish;
  return last_of(state_->wait(state_->connection->run({.calls = {&call, 1}, .end = end})));
}

sql::DatabaseResult<void> Session::begin() {
  auto begun =
      state_->wait(state_->connection->run({.begin = sql::Begin::read_write, .end = sql::End::keep_open}));
  if (!begun) return std::unexpected(std::move(begun.error()));
  return {};
}

sql::DatabaseResult<void> Session::commit() {
  auto done = state_->wait(state_->connection->run({.end = sql::End::finish}));
  if (!done) return std::unexpected(std::move(done.error()));
  return {};
}

void Session::roll_back() {
  if (state_->connection->in_unit())
    static_cast<void>(state_->wait(state_->connection->run({.end = sql::End::roll_back})));
}

bool Session::broken() const { return state_->connection->broken(); }

const sql::ServerVersion& Session::server_version() const { return state_->connection->server_version(); }

const sql::DatabaseUrl& Session::url() const { return state_->url; }

void Session::watch(std::chrono::milliseconds interval, std::function<void()> tick) {
  state_->interval = interval;
  state_->tick = std::move(tick);
}

std::string cell(const Rows& rows) {
  return rows.empty() || rows.front().empty() ? std::string() : rows.front().front().value_or("");
}

sql::DatabaseResult<void> ended(const sql::DatabaseResult<Rows>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return {};
}

base::Error explain(const Session& session, const sql::DatabaseError& error) {
  return sql::to_error(error, session.url().target());
}

}  // namespace tenon::migrate
