#include "sql/introspect.h"

#include <chrono>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "sql/mysql/introspect.h"
#include "sql/open.h"
#include "sql/postgres/introspect.h"

namespace tenon::sql {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto connect_time_max = 10s;

asio::awaitable<DatabaseResult<catalog::Catalog>> connect_and_read(DatabaseUrl url,
                                                                   IntrospectOptions options) {
  auto connection =
      co_await connect(std::move(url), {}, std::min(options.deadline, Clock::now() + connect_time_max));
  if (!connection) co_return std::unexpected(std::move(connection.error()));
  co_return co_await introspect(**connection, std::move(options));
}

}  // namespace

asio::awaitable<DatabaseResult<catalog::Catalog>> introspect(Connection& connection,
                                                             IntrospectOptions options) {
  if (connection.server_version().product == ServerVersion::Product::postgresql)
    return postgres::introspect(connection, std::move(options));
  return mysql::introspect(connection, std::move(options));
}

base::Result<catalog::Catalog> introspect_url(const DatabaseUrl& url, IntrospectOptions options) {
  if (options.schemas.empty()) options.schemas = url.schemas;
  asio::io_context context(1);
  std::optional<DatabaseResult<catalog::Catalog>> outcome;
  asio::co_spawn(
      context,
      [&]() -> asio::awaitable<void> { outcome = co_await connect_and_read(url, std::move(options)); },
      asio::detached);
  context.run();
  if (!*outcome) return std::unexpected(to_error(outcome->error(), url.target()));
  return std::move(**outcome);
}

}  // namespace tenon::sql
