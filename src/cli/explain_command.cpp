// tenon explain: what becomes of an operation, stage by stage, in the same words as the golden files.

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/plan/cost.h"
#include "api/plan/planner.h"
#include "api/rules/condition_text.h"
#include "api/run/analysis.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/help.h"
#include "cli/policy_schema.h"
#include "graphql/json.h"
#include "graphql/printer.h"
#include "server/api_loader.h"
#include "server/schema_place.h"
#include "sql/open.h"
#include "sql/round_trip.h"

namespace tenon::cli {

namespace {

enum class LastStage : std::uint8_t { document, operation, plan, statements };

const std::vector<std::pair<std::string, LastStage>> stages{{"document", LastStage::document},
                                                            {"operation", LastStage::operation},
                                                            {"plan", LastStage::plan},
                                                            {"statements", LastStage::statements}};

struct ExplainOptions {
  std::string file;
  std::string url;
  std::string operation;
  std::string variables = "{}";
  std::vector<std::string> schemas;
  PrincipalOptions principal;
  LastStage last = LastStage::statements;
  bool analyze = false;
  bool far = false;
};

// Errors of the document as a person reads them: with the place in the file.
Exit fail(Context& context, const std::string& file, const graphql::Errors& errors) {
  for (const graphql::Error& error : errors) {
    context.err << base::toned(fmt::format("error[{}]", error.code), base::Tone::bad,
                               context.err_terminal.colour)
                << ": " << error.message << '\n';
    for (const base::LineColumn& at : error.locations)
      context.err << fmt::format("  --> {}:{}:{}\n", file, at.line, at.column);
  }
  return context.exit = Exit::failed;
}

// Prints each stage under its name, up to the last one wanted.
class Explanation {
 public:
  // `principal`: for whom it is explained.
  Explanation(Context& context, const server::Config& config, const ExplainOptions& options,
              server::DatabaseUrls databases, policy::Principal principal)
      : context_(context),
        config_(config),
        options_(options),
        databases_(std::move(databases)),
        principal_(std::move(principal)) {}

  Exit run(const std::shared_ptr<const api::Schema>& schema, std::string text,
           const graphql::Json& variables) {
    const auto rights = api::make_rights(*schema, schema->policy->roles.of(principal_));
    const auto loaded = graphql::load_document(rights->graphql, std::move(text), config_.document_limits);
    if (!loaded) return fail(context_, options_.file, loaded.error());
    section("document", graphql::print(*loaded->document));
    if (options_.last == LastStage::document) return Exit::ok;

    const auto operation = graphql::select_operation(
        *loaded->document,
        options_.operation.empty() ? std::nullopt : std::optional<std::string_view>(options_.operation));
    if (!operation) return fail(context_, options_.file, {operation.error()});
    const auto values = graphql::coerce_variables(*loaded, *operation, graphql::JsonValue(variables));
    if (!values) return fail(context_, options_.file, values.error());
    const auto collected = graphql::collect(*loaded, *operation, *values);
    if (!collected) return fail(context_, options_.file, collected.error());
    section("operation", graphql::describe(*collected));
    if (options_.last == LastStage::operation) return Exit::ok;

    const bool single = options_.far || config_.round_trips == api::RoundTrips::one;
    const auto plan = api::make_plan(schema, rights, *collected, *values,
                                     {.limits = config_.operation_limits, .single_statement = single});
    graphql::Errors refused;
    for (const api::FieldFailure& failure : plan->refused) refused.push_back(failure.error);
    if (refused.size() == plan->root_count) return fail(context_, options_.file, refused);
    section("plan", fmt::format("{}cost {} of {}\n", api::describe(*plan), plan->cost,
                                config_.operation_limits.cost_max));
    if (plan->cost > config_.operation_limits.cost_max)
      return fail(context_, options_.file, {api::too_costly_error(plan->cost, config_.operation_limits)});
    if (options_.last == LastStage::statements) section("statements", api::describe_statements(*plan));
    if (const std::string claims = claims_text(*plan); !claims.empty()) section("claims", claims);
    if (options_.analyze) return analyze(plan, *values);
    return refused.empty() ? Exit::ok : fail(context_, options_.file, refused);
  }

 private:
  // What the statements' conditions compare the caller with, and what that is for this one.
  std::string claims_text(const api::Plan& plan) const {
    std::vector<std::string> lines;
    const auto add = [&](const api::PlannedStatement& planned) {
      for (const api::ParameterSource& source : planned.parameters) {
        if (source.kind != api::ParameterSource::Kind::claim) continue;
        std::string line = fmt::format("{} = {}\n", api::source_text(*plan.schema, source),
                                       api::value_text(*plan.schema, source, principal_.claims));
        if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
      }
    };
    for (const api::Level& level : plan.levels) {
      if (level.rows) add(*level.rows);
      if (level.count) add(*level.count);
    }
    for (const api::Write& write : plan.writes)
      for (const api::WriteStep& step : write.steps) add(step.planned);
    return fmt::format("{}", fmt::join(lines, ""));
  }

  Exit analyze(const std::shared_ptr<const api::Plan>& plan, const graphql::VariableValues& values) {
    const auto bound = api::BoundPlan::bind(plan, values, principal_.claims, config_.operation_limits);
    boost::asio::io_context io(1);
    std::optional<base::Error> unreachable;
    std::optional<sql::Clock::duration> round_trip;
    api::Analysis analysis;
    boost::asio::co_spawn(
        io,
        [&]() -> boost::asio::awaitable<void> {
          const sql::Clock::time_point deadline =
              sql::Clock::now() + config_.operation_limits.request_timeout;
          std::vector<std::unique_ptr<sql::Connection>> connections;
          for (std::size_t i = 0; i < databases_.size(); ++i) {
            auto connection = co_await connect(i, deadline);
            if (!connection) {
              unreachable = std::move(connection.error());
              co_return;
            }
            const auto measured =
                co_await sql::measure_round_trip(**connection, sql::Clock::now() + base::round_trip_patience);
            round_trip = std::max(round_trip, measured);
            connections.push_back(std::move(*connection));
          }
          analysis = co_await api::analyze(
              *bound, connections, {.limits = config_.operation_limits, .deadline = deadline, .debug = true});
        },
        boost::asio::detached);
    io.run();
    if (unreachable) return fail(context_, *unreachable);
    section("analysis", describe(analysis, round_trip, plan->schema->bundles()));
    graphql::Errors errors;
    for (const api::FieldFailure& failure : analysis.failures) errors.push_back(failure.error);
    return errors.empty() ? Exit::ok : fail(context_, options_.file, errors);
  }

  boost::asio::awaitable<base::Result<std::unique_ptr<sql::Connection>>> connect(
      std::size_t number, sql::Clock::time_point deadline) {
    const sql::DatabaseUrl& url = *databases_[number];
    auto connection = co_await sql::connect(
        url,
        {.pooler = config_.databases.empty() ? config_.pooler : config_.databases[number].pooler,
         .statement_timeout = config_.operation_limits.statement_timeout},
        deadline);
    if (!connection)
      co_return base::fail(base::code::database_unreachable, connection.error().message, "", url.target());
    co_return std::move(*connection);
  }

  static double milliseconds(sql::Clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
  }

  static std::string describe(const api::Analysis& analysis,
                              const std::optional<sql::Clock::duration>& round_trip, bool bundles) {
    std::string text;
    for (std::size_t i = 0; i < analysis.statements.size(); ++i) {
      const api::AnalyzedStatement& statement = analysis.statements[i];
      text += fmt::format("{}statement {}: {} rows in {:.2f} ms\n{};\n", i == 0 ? "" : "\n", i + 1,
                          statement.rows, milliseconds(statement.time), statement.text);
      for (const std::string& line : statement.plan) text += "  " + line + "\n";
    }
    if (round_trip)
      text += fmt::format("\nA round trip to the database takes {:.2f} ms; ", milliseconds(*round_trip));
    if (round_trip && bundles)
      text += fmt::format("from {:.1f} ms on a query is one statement (--far shows it).\n",
                          milliseconds(base::round_trip_far));
    else if (round_trip)
      text += "this engine has no statement for all levels of a query (docs/engines.md).\n";
    return text + "\nEverything was rolled back.\n";
  }

  void section(std::string_view name, std::string_view text) {
    context_.out << base::toned(fmt::format("── {} ", name), base::Tone::name, context_.out_terminal.colour)
                 << '\n'
                 << text << (text.ends_with('\n') ? "" : "\n");
  }

  Context& context_;
  const server::Config& config_;
  const ExplainOptions& options_;
  server::DatabaseUrls databases_;
  policy::Principal principal_;
};

Exit explain(Context& context, const ExplainOptions& options) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  auto principal = read_principal(context, options.principal);
  if (!principal) return fail(context, principal.error());
  // Unless somebody is named it is the developer, whom no rule concerns.
  principal->unrestricted = !options.principal.given();
  auto text = base::read_file(context.start_folder / options.file, base::project_file_bytes_max);
  if (!text) return fail(context, text.error());
  const auto variables = graphql::parse_json(options.variables);
  if (!variables || graphql::JsonValue(*variables).kind() != graphql::JsonKind::object)
    return fail_usage(context, "--variables takes a JSON object.",
                      variables ? "for example --variables '{\"id\": 1}'" : variables.error());
  // Schema files need no database: what a plan is depends on them alone.
  server::DatabaseUrls urls;
  const auto files = have_schema_files(*project);
  if (!files) return fail(context, files.error());
  if (options.analyze || !*files) {
    base::Progress progress(context.err, context.err_terminal);
    auto found = find_databases(*project, options.url, Unnamed::existing, progress);
    if (!found) return fail(context, found.error());
    urls = std::move(*found);
    progress.finish();
  }
  const auto loaded = server::load_api(
      *project, urls,
      {.open_without_overlay = true, .schemas = options.schemas, .ask_versions = options.analyze});
  if (!loaded) return fail(context, loaded.error());
  if (!loaded->schema) {
    print(context, loaded->diagnostics, loaded->sources);
    return context.exit = Exit::failed;
  }
  return Explanation(context, project->config, options, std::move(urls), std::move(*principal))
      .run(loaded->schema, std::move(*text), *variables);
}

}  // namespace

void add_explain_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("explain", "Show what becomes of an operation, down to its SQL");
  command->group(group::tools);
  const auto options = std::make_shared<ExplainOptions>();
  command->add_option("FILE", options->file, "A GraphQL document")->required()->type_name("FILE");
  CLI::Option* last = command
                          ->add_option("--stop-after", options->last,
                                       "The last stage to show: document, operation, plan or statements")
                          ->transform(CLI::CheckedTransformer(stages).description(""))
                          ->type_name("STAGE");
  command
      ->add_flag("--analyze", options->analyze,
                 "Run it, show what the database did for each statement, and undo everything")
      ->excludes(last);
  command->add_flag("--far", options->far,
                    "As for a database that is far away: one statement for all lists of a query");
  command->add_option("--operation", options->operation, "Which operation of the document")
      ->type_name("NAME");
  command->add_option("--variables", options->variables, "Values of its variables, as a JSON object")
      ->type_name("JSON");
  add_principal_options(*command, options->principal);
  command->add_option("--url", options->url, "The database, when there are no schema files")
      ->type_name("URL");
  command->add_option("--schema", options->schemas, "Its schemas; may be repeated")->type_name("NAME");
  command->footer(
      "tenon explain query.graphql                                  # all stages\n"
      "tenon explain query.graphql --stop-after=plan --variables '{\"id\": 1}'\n"
      "tenon explain query.graphql --as ada.json                    # with the rules for her in the SQL\n"
      "tenon explain query.graphql --analyze                        # with the database's own plans and "
      "times");
  command->callback([&context, options] { context.exit = explain(context, *options); });
}

}  // namespace tenon::cli
