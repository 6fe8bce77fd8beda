// tenon policy test: cases of who asks what and what has to come, on the real database, each in a transaction
// that is rolled back.

#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/engine.h"
#include "api/run/rehearsal.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/policy_schema.h"
#include "migrate/target.h"
#include "server/policy_cases.h"
#include "sql/open.h"

namespace tenon::cli {

namespace {

namespace json = boost::json;
using boost::asio::awaitable;
using server::PolicyCase;

struct TestPolicyOptions : PolicyOptions {
  std::vector<std::string> files;
  std::string filter;
};

// What is wrong with an answer, a line each; nothing when it is as expected.
class CaseVerdict {
 public:
  CaseVerdict(const PolicyCase& expected, std::string_view body) : expected_(expected) {
    boost::system::error_code wrong;
    answer_ = json::parse(body, wrong);
  }

  std::vector<std::string> findings() {
    const json::object& answer = answer_.as_object();
    const json::value* data = answer.if_contains("data");
    errors(answer.if_contains("errors"));
    if (expected_.data && (data == nullptr || *data != json::parse(*expected_.data)))
      found("expected data {}, got {}", *expected_.data, data != nullptr ? json::serialize(*data) : "none");
    if (expected_.count) {
      const std::int64_t count = data != nullptr ? rows_of(*data) : 0;
      if (count != *expected_.count) found("expected {} rows, got {}", *expected_.count, count);
    }
    return std::move(findings_);
  }

 private:
  template <class... Values>
  void found(fmt::format_string<Values...> format, Values&&... values) {
    findings_.push_back(fmt::format(format, std::forward<Values>(values)...));
  }

  static std::string text(const json::object& error, std::string_view key) {
    const json::value* value = error.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  }
  static std::string code(const json::object& error) {
    const json::value* extensions = error.if_contains("extensions");
    return extensions != nullptr && extensions->is_object() ? text(extensions->as_object(), "code") : "";
  }

  void errors(const json::value* list) {
    const json::array none;
    const json::array& got = list != nullptr ? list->as_array() : none;
    for (std::size_t i = 0; i < std::max(got.size(), expected_.errors.size()); ++i) {
      const std::string message = i < got.size() ? text(got[i].as_object(), "message") : "";
      if (i >= expected_.errors.size())
        found("an error that is not expected: {}", message);
      else if (i >= got.size())
        found("expected the error \"{}\", got none", expected_.errors[i]);
      else if (message.find(expected_.errors[i]) == std::string::npos &&
               code(got[i].as_object()) != expected_.errors[i])
        found("expected the error \"{}\", got \"{}\"", expected_.errors[i], message);
    }
  }

  // Of the first root field: items of a list, rows that a write concerned, or the one row.
  static std::int64_t rows_of(const json::value& data) {
    if (!data.is_object() || data.as_object().empty()) return 0;
    const json::value& first = data.as_object().begin()->value();
    if (first.is_null()) return 0;
    if (first.is_array()) return static_cast<std::int64_t>(first.as_array().size());
    if (!first.is_object()) return 1;
    for (const std::string_view key : {"affectedCount", "totalCount"})
      if (const json::value* count = first.as_object().if_contains(key);
          count != nullptr && count->is_int64())
        return count->as_int64();
    if (const json::value* items = first.as_object().if_contains("items");
        items != nullptr && items->is_array())
      return static_cast<std::int64_t>(items->as_array().size());
    return 1;
  }

  const PolicyCase& expected_;
  json::value answer_;
  std::vector<std::string> findings_;
};

// A statement that would end the transaction which is to be rolled back.
bool stays_in_transaction(catalog::Engine engine, std::string_view script) {
  using Kind = sql::ScriptStatementKind;
  for (const sql::ScriptStatement& statement : migrate::split_script(engine, script))
    if (statement.kind != Kind::ordinary && statement.kind != Kind::setting) return false;
  return true;
}

class PolicyTests {
 public:
  PolicyTests(Context& context, const PolicyProject& opened) : context_(context), opened_(opened) {}

  Exit run(const std::vector<PolicyCase>& cases) {
    std::optional<base::Error> unreachable;
    boost::asio::io_context io(1);
    boost::asio::co_spawn(
        io,
        [&]() -> awaitable<void> {
          auto connection = co_await sql::connect(*opened_.urls.front(), {}, deadline());
          if (!connection) {
            unreachable = sql::to_error(connection.error(), opened_.urls.front()->target());
            co_return;
          }
          for (const PolicyCase& one : cases) report(one, co_await run(one, **connection));
        },
        boost::asio::detached);
    io.run();
    if (unreachable) return fail(context_, *unreachable);
    context_.out << fmt::format("\n{} passed, {} failed. Everything was rolled back.\n", passed_, failed_);
    return failed_ == 0 ? Exit::ok : Exit::failed;
  }

 private:
  sql::Clock::time_point deadline() const {
    return sql::Clock::now() + opened_.project.config.operation_limits.request_timeout;
  }

  awaitable<std::vector<std::string>> run(const PolicyCase& one, sql::Connection& connection) {
    const catalog::Engine engine = opened_.urls.front()->engine;
    if (!stays_in_transaction(engine, one.seed))
      co_return std::vector<std::string>{"its seed has a statement that cannot be rolled back"};
    api::Rehearsal rehearsal(connection, *opened_.schema->dialects.front());
    std::vector<std::string> findings;
    if (const auto begun = co_await rehearsal.begin(deadline()); !begun) {
      findings.push_back("the database: " + begun.error().message);
      co_return findings;
    }
    if (one.seed.find_first_not_of(" \t\r\n") != std::string::npos)
      if (const auto seeded = co_await connection.run_text(one.seed, deadline()); !seeded)
        findings.push_back("its seed: " + seeded.error().message);
    if (findings.empty()) findings = co_await ask(one, rehearsal);
    co_await rehearsal.end(deadline());
    co_return findings;
  }

  awaitable<std::vector<std::string>> ask(const PolicyCase& one, api::Rehearsal& rehearsal) {
    const server::Config& config = opened_.project.config;
    api::Engine engine(opened_.schema, api::Pools(rehearsal),
                       {.document = config.document_limits,
                        .operation = config.operation_limits,
                        .round_trips = api::RoundTrips::many});
    const auto variables = graphql::parse_json(one.variables);
    if (!variables) co_return std::vector{"its variables: " + variables.error()};
    const api::Response response = co_await engine.execute(
        {.query = one.query, .operation_name = std::nullopt, .variables = graphql::JsonValue(*variables)},
        {.principal = &one.principal, .deadline = deadline()});
    co_return CaseVerdict(one, response.body).findings();
  }

  void report(const PolicyCase& one, const std::vector<std::string>& findings) {
    const bool passed = findings.empty();
    ++(passed ? passed_ : failed_);
    context_.out << base::toned(passed ? "ok    " : "FAILED", passed ? base::Tone::good : base::Tone::bad,
                                context_.out_terminal.colour)
                 << fmt::format("  {}{}\n", one.name, passed ? "" : fmt::format("  ({})", one.place));
    for (const std::string& finding : findings) context_.out << "        " << finding << '\n';
  }

  Context& context_;
  const PolicyProject& opened_;
  std::size_t passed_ = 0;
  std::size_t failed_ = 0;
};

Exit test_policy(Context& context, const TestPolicyOptions& options) {
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  std::vector<PolicyCase> cases;
  for (const std::string& file : options.files) {
    auto text = base::read_file(context.start_folder / file, base::project_file_bytes_max);
    if (!text) return fail(context, text.error());
    for (PolicyCase& one :
         server::read_policy_cases(sources, sources.add(file, *std::move(text)), diagnostics))
      if (one.name.find(options.filter) != std::string::npos) cases.push_back(std::move(one));
  }
  print(context, diagnostics, sources);
  if (diagnostics.has_errors()) return Exit::failed;
  const auto opened = open_policy_project(context, options, true);
  if (!opened) return context.exit;
  if (opened->urls.size() != 1) return fail(context, server::several_databases_error(opened->project));
  return PolicyTests(context, *opened).run(cases);
}

}  // namespace

void add_policy_test_command(CLI::App& policy, Context& context) {
  CLI::App* command = policy.add_subcommand(
      "test", "Run a table of cases against the database, in transactions that are rolled back");
  const auto options = std::make_shared<TestPolicyOptions>();
  command->add_option("FILE", options->files, "Cases, in TOML")->required()->type_name("FILE");
  command->add_option("--filter", options->filter, "Only cases whose name has this text")->type_name("TEXT");
  add_policy_schema_options(*command, *options);
  command->footer("tenon policy test policy/*.toml");
  command->callback([&context, options] { context.exit = test_policy(context, *options); });
}

}  // namespace tenon::cli
