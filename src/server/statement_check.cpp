#include "server/statement_check.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "api/overlay/statement_check.h"
#include "sql/open.h"

namespace tenon::server {

namespace asio = boost::asio;

namespace {

// The database refused it for what it is, and not because it could not be asked.
bool is_refusal(const sql::DatabaseError& error) {
  return error.failure != sql::Failure::connection_lost && error.failure != sql::Failure::timeout &&
         error.failure != sql::Failure::overloaded && !error.sqlstate.empty();
}

asio::awaitable<void> check(const api::Schema& schema, catalog::DatabaseId database, sql::DatabaseUrl url,
                            sql::Clock::time_point deadline, base::Diagnostics& diagnostics,
                            std::size_t& unseen) {
  auto connection = co_await sql::connect(std::move(url), {}, deadline);
  if (!connection) co_return;
  const catalog::Catalog& catalog = *schema.catalog;
  for (const api::OverlayOperation& operation : schema.overlay.operations) {
    if (catalog.database_of(operation.table) != database) continue;
    const sql::Statement statement = api::render(catalog, operation, *schema.dialects[database.value]);
    const auto description = co_await (*connection)->describe(statement, deadline);
    if (description) {
      --unseen;
      api::check_statement(catalog, operation, *description, diagnostics);
      continue;
    }
    if (is_refusal(description.error())) {
      --unseen;
      diagnostics.error(base::code::overlay_statement_mismatch,
                        fmt::format("The database refuses the statement of {}: {}.", operation.field.name,
                                    description.error().message),
                        operation.span,
                        "an argument whose type the database cannot tell needs a cast in the statement");
    }
    if ((*connection)->broken()) co_return;
  }
}

}  // namespace

std::size_t check_statements(const api::Schema& schema, const DatabaseUrls& urls,
                             std::chrono::milliseconds patience, base::Diagnostics& diagnostics) {
  std::size_t unseen = schema.overlay.operations.size();
  asio::io_context context(1);
  const sql::Clock::time_point deadline = sql::Clock::now() + patience;
  for (std::uint32_t i = 0; i < urls.size() && i < schema.catalog->database_count(); ++i) {
    const catalog::DatabaseId database{i};
    const bool used =
        std::ranges::any_of(schema.overlay.operations, [&](const api::OverlayOperation& operation) {
          return schema.catalog->database_of(operation.table) == database;
        });
    if (urls[i] && used)
      asio::co_spawn(context, check(schema, database, *urls[i], deadline, diagnostics, unseen),
                     asio::detached);
  }
  context.run();
  return unseen;
}

}  // namespace tenon::server
