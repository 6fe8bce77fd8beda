#include "sql/mysql/introspect.h"

#include <string>
#include <vector>

#include "sql/mysql/introspect_queries.h"

namespace tenon::sql::mysql {

namespace asio = boost::asio;

asio::awaitable<DatabaseResult<catalog::Catalog>> introspect(Connection& connection,
                                                             IntrospectOptions options) {
  const auto report = [&](std::string_view step) {
    if (options.progress) options.progress(step);
  };
  const Capabilities server = capabilities_of(connection.server_version());
  std::vector<Statement> statements;
  for (const std::string_view text : query::all(server))
    statements.push_back({.text = std::string(text), .hash = base::hash128(text)});
  std::vector<Call> calls;
  for (const Statement& statement : statements) calls.push_back({.statement = &statement, .parameters = {}});
  report("reading tables, columns and keys");
  auto answers =
      co_await connection.run({.calls = calls, .begin = Begin::snapshot_read, .deadline = options.deadline});
  if (!answers) co_return std::unexpected(std::move(answers.error()));
  report("building the catalog");
  co_return build_catalog(*answers, server);
}

}  // namespace tenon::sql::mysql
