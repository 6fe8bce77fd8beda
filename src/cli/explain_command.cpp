// tenon explain: what becomes of an operation, stage by stage, in the same words as the golden files.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "api/planner.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/help.h"
#include "graphql/json.h"
#include "graphql/printer.h"
#include "server/api_loader.h"
#include "server/schema_place.h"

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
  LastStage last = LastStage::statements;
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
  Explanation(Context& context, const server::Config& config, const ExplainOptions& options)
      : context_(context), config_(config), options_(options) {}

  Exit run(const std::shared_ptr<const api::Schema>& schema, std::string text,
           const graphql::Json& variables) {
    const auto loaded = graphql::load_document(schema->graphql, std::move(text), config_.document_limits);
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

    const auto plan =
        api::make_plan(schema, *collected, *values,
                       {.dialect = &sql::postgres_dialect(), .limits = config_.operation_limits});
    graphql::Errors refused;
    for (const api::FieldFailure& failure : plan->refused) refused.push_back(failure.error);
    if (!refused.empty()) return fail(context_, options_.file, refused);
    section("plan", api::describe(*plan));
    if (options_.last == LastStage::statements) section("statements", api::describe_statements(*plan));
    return Exit::ok;
  }

 private:
  void section(std::string_view name, std::string_view text) {
    context_.out << base::toned(fmt::format("── {} ", name), base::Tone::name, context_.out_terminal.colour)
                 << '\n'
                 << text << (text.ends_with('\n') ? "" : "\n");
  }

  Context& context_;
  const server::Config& config_;
  const ExplainOptions& options_;
};

Exit explain(Context& context, const ExplainOptions& options) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  auto text = base::read_file(context.start_folder / options.file, base::project_file_bytes_max);
  if (!text) return fail(context, text.error());
  const auto variables = graphql::parse_json(options.variables);
  if (!variables || graphql::JsonValue(*variables).kind() != graphql::JsonKind::object)
    return fail_usage(context, "--variables takes a JSON object.",
                      variables ? "for example --variables '{\"id\": 1}'" : variables.error());
  // Schema files need no database: what a plan is depends on them alone.
  std::optional<sql::DatabaseUrl> url;
  const auto files = server::find_schema_files(server::find_schema_place(*project));
  if (!files) return fail(context, files.error());
  if (files->empty()) {
    base::Progress progress(context.err, context.err_terminal);
    auto found = find_database(*project, options.url, std::nullopt, LocalDatabase::existing, progress);
    if (!found) return fail(context, found.error());
    url = std::move(*found);
    progress.finish();
  }
  const auto loaded =
      server::load_api(*project, url, {.open_without_overlay = true, .schemas = options.schemas});
  if (!loaded) return fail(context, loaded.error());
  if (!loaded->schema) {
    print(context, loaded->diagnostics, loaded->sources);
    return context.exit = Exit::failed;
  }
  return Explanation(context, project->config, options).run(loaded->schema, std::move(*text), *variables);
}

}  // namespace

void add_explain_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("explain", "Show what becomes of an operation, down to its SQL");
  command->group(group::tools);
  const auto options = std::make_shared<ExplainOptions>();
  command->add_option("FILE", options->file, "A GraphQL document")->required()->type_name("FILE");
  command
      ->add_option("--stop-after", options->last,
                   "The last stage to show: document, operation, plan or statements")
      ->transform(CLI::CheckedTransformer(stages).description(""))
      ->type_name("STAGE");
  command->add_option("--operation", options->operation, "Which operation of the document")
      ->type_name("NAME");
  command->add_option("--variables", options->variables, "Values of its variables, as a JSON object")
      ->type_name("JSON");
  command->add_option("--url", options->url, "The database, when there are no schema files")
      ->type_name("URL");
  command->add_option("--schema", options->schemas, "Its schemas; may be repeated")->type_name("NAME");
  command->footer(
      "tenon explain query.graphql                                  # all stages\n"
      "tenon explain query.graphql --stop-after=plan --variables '{\"id\": 1}'");
  command->callback([&context, options] { context.exit = explain(context, *options); });
}

}  // namespace tenon::cli
