#include "sql/postgres/introspect.h"

#include <string>
#include <utility>
#include <vector>

#include "sql/postgres/introspect_queries.h"

namespace tenon::sql::postgres {

namespace asio = boost::asio;

namespace {

Statement make_statement(std::string_view text) {
  return {.text = std::string(text), .hash = base::hash128(text)};
}

// Names as the text of a text[].
std::string array_text(const std::vector<std::string>& items) {
  std::string text = "{";
  for (const std::string& item : items) {
    text += text.size() > 1 ? ",\"" : "\"";
    for (const char c : item) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

// The first column of all rows, numbers, as the text of an array.
std::string oid_array(const ResultSet& rows) {
  std::string text = "{";
  Cell cell;
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    rows.read(i, {&cell, 1});
    text += (i > 0 ? "," : "") + std::string(cell.text());
  }
  return text + "}";
}

}  // namespace

asio::awaitable<DatabaseResult<catalog::Catalog>> introspect(Connection& connection,
                                                             IntrospectOptions options) {
  const auto report = [&](std::string_view step) {
    if (options.progress) options.progress(step);
  };
  if (options.schemas.empty()) options.schemas.emplace_back("public");
  const std::string names = array_text(options.schemas);
  const std::vector<Parameter> scope{names, options.all_schemas ? "true" : "false"};
  const Statement setup = make_statement(query::settings);
  const Statement schemas = make_statement(query::schemas);
  const std::vector<Call> first{{&setup, {}}, {&schemas, scope}};
  report("finding schemas");
  auto opened = co_await connection.run(
      {.calls = first, .begin = Begin::snapshot_read, .end = End::keep_open, .deadline = options.deadline});
  if (!opened) co_return std::unexpected(std::move(opened.error()));

  const std::string oids = oid_array(*opened->back());
  const std::vector<Parameter> in_scope{oids};
  std::vector<Statement> statements;
  for (const std::string_view text : query::all) statements.push_back(make_statement(text));
  std::vector<Call> calls;
  for (std::size_t i = 0; i < statements.size(); ++i)
    calls.push_back({&statements[i], statements[i].text.find("$1") == std::string::npos
                                         ? std::span<const Parameter>{}
                                         : std::span<const Parameter>(in_scope)});
  report("reading tables, types and keys");
  auto answers = co_await connection.run({.calls = calls, .deadline = options.deadline});
  if (!answers) co_return std::unexpected(std::move(answers.error()));
  report("building the catalog");
  co_return build_catalog(*answers);
}

}  // namespace tenon::sql::postgres
