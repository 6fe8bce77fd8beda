// How a PostgresConnection comes to be: name resolution, libpq's non-blocking handshake, session settings.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sql/postgres/connection.h"
#include "sql/postgres/error.h"
#include "sql/postgres/parameters.h"

namespace tenon::sql::postgres {

namespace asio = boost::asio;

namespace {

DatabaseError unreachable(std::string message) {
  return {.failure = Failure::unreachable, .message = std::move(message)};
}

// libpq's own look-up blocks; Asio's has a thread for it.
asio::awaitable<DatabaseResult<std::vector<std::string>>> resolve(const DatabaseUrl& url,
                                                                  Clock::time_point deadline) {
  std::vector<std::string> addresses;
  boost::system::error_code not_numeric;
  if (!url.host.empty() && !url.host.starts_with('/') && !url.parameters.contains("hostaddr"))
    asio::ip::make_address(url.host, not_numeric);
  if (!not_numeric) co_return addresses;

  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  asio::steady_timer timer(executor, deadline);
  const auto [order, error, found, late] =
      co_await asio::experimental::make_parallel_group(resolver.async_resolve(url.host, "", asio::deferred),
                                                       timer.async_wait(asio::deferred))
          .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  if (error == asio::error::operation_aborted)
    co_return std::unexpected(unreachable("the name " + url.host + " was not resolved in time"));
  if (error)
    co_return std::unexpected(
        unreachable("the name " + url.host + " cannot be resolved: " + error.message()));
  for (const auto& entry : found) addresses.push_back(entry.endpoint().address().to_string());
  co_return addresses;
}

PGconn* start(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* pg = PQconnectStartParams(keywords.data(), values.data(), 0);
  PQsetErrorVerbosity(pg, PQERRORS_VERBOSE);  // so that a refusal comes with its SQLSTATE
  PQsetNoticeReceiver(pg, [](void*, const PGresult*) {}, nullptr);
  return pg;
}

asio::awaitable<DatabaseResult<std::shared_ptr<Wire>>> dial(
    std::vector<std::pair<std::string, std::string>> parameters, Clock::time_point deadline) {
  PGconn* pg = start(parameters);
  if (pg == nullptr) co_return std::unexpected(unreachable("out of memory"));
  auto wire = std::make_shared<Wire>(co_await asio::this_coro::executor, pg);
  wire->arm(deadline);
  PostgresPollingStatusType next =
      PQstatus(pg) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
    switch (co_await wire->wait_connecting(next == PGRES_POLLING_WRITING)) {
      case Wake::ready:
        break;
      case Wake::deadline:
        co_return std::unexpected(unreachable("the server did not answer in time"));
      default:
        co_return std::unexpected(unreachable("the request was cancelled"));
    }
    next = PQconnectPoll(pg);
  }
  if (next != PGRES_POLLING_OK) co_return std::unexpected(connect_error(PQerrorMessage(pg)));
  if (!wire->adopt_socket())
    co_return std::unexpected(
        unreachable("connections encrypted by GSSAPI are not supported: use TLS (sslmode=require)"));
  co_return wire;
}

bool names_pooler(const DatabaseUrl& url) {
  const auto found = url.parameters.find("pgbouncer");
  return found != url.parameters.end() && found->second == "true";
}

// Poolers such as PgBouncer refuse settings in the start-up packet, or drop them.
bool refuses_settings(const DatabaseError& error) {
  return error.message.find("startup parameter") != std::string::npos;
}

bool settings_in_force(PGconn* pg) {
  const auto is = [pg](const char* name, std::string_view value) {
    const char* reported = PQparameterStatus(pg, name);
    return reported != nullptr && std::string_view(reported).starts_with(value);
  };
  return is("TimeZone", "UTC") && is("DateStyle", "ISO") && is("IntervalStyle", "iso_8601");
}

}  // namespace

asio::awaitable<DatabaseResult<std::unique_ptr<PostgresConnection>>> connect(DatabaseUrl url,
                                                                             SessionOptions options,
                                                                             Clock::time_point deadline) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const std::vector<Setting> settings = session_settings(options);
  DatabaseResult<std::shared_ptr<Wire>> wire;
  bool shared = options.pooler == Pooler::transaction || names_pooler(url);
  const auto addresses = co_await resolve(url, deadline);
  if (!addresses) {
    wire = std::unexpected(addresses.error());
  } else {
    if (!shared) wire = co_await dial(connection_parameters(url, options, *addresses, settings), deadline);
    shared = shared || (!wire && refuses_settings(wire.error()));
    if (shared) wire = co_await dial(connection_parameters(url, options, *addresses, {}), deadline);
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (!wire) co_return std::unexpected(std::move(wire.error()));

  auto connection = std::make_unique<PostgresConnection>(*wire, options);
  if (shared || !settings_in_force((*wire)->pg())) connection->share_session(unit_settings(settings));
  co_return connection;
}

}  // namespace tenon::sql::postgres
