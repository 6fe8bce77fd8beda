// tenon check: everything that can be found wrong without a database.

#include <ostream>

#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/help.h"

namespace tenon::cli {

namespace {

std::string_view to_string(base::Severity severity) {
  switch (severity) {
    case base::Severity::error:
      return "error";
    case base::Severity::warning:
      return "warning";
    case base::Severity::note:
      return "note";
  }
  return "";
}

std::string findings_json(const base::Diagnostics& diagnostics, const base::SourceSet& sources) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("errors", diagnostics.error_count()).key("findings").begin_array();
  for (const base::Diagnostic& finding : diagnostics.all()) {
    json.begin_object().member("severity", to_string(finding.severity)).member("code", finding.code.text);
    json.member("message", finding.message);
    if (finding.span) {
      const base::LineColumn at = sources.position(*finding.span);
      json.member("file", sources.path(finding.span->source))
          .member("line", at.line)
          .member("column", at.column);
    }
    if (!finding.help.empty()) json.member("help", finding.help);
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

Exit check(Context& context, bool as_json) {
  std::filesystem::path folder = context.start_folder / context.project_option;
  if (context.project_option.empty())
    folder = server::find_project_folder(context.start_folder, context.environment);
  base::SourceSet sources;
  base::Diagnostics diagnostics;
  const auto project = server::load_project(folder, context.environment, sources, diagnostics);
  if (!project) return fail(context, project.error());
  if (as_json) {
    context.out << findings_json(diagnostics, sources) << '\n';
  } else if (diagnostics.empty()) {
    context.out << base::toned("✓", base::Tone::good, context.out_terminal.colour)
                << " Nothing wrong found.\n";
  } else {
    context.out << base::render(diagnostics, sources, {.colour = context.out_terminal.colour});
  }
  return diagnostics.has_errors() ? Exit::findings : Exit::ok;
}

}  // namespace

void add_check_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("check", "Find mistakes in tenon.toml, schema files and overlay");
  command->group(group::start);
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Findings as JSON, for editors and CI");
  command->footer("tenon check         # exit code 3 when something is wrong\ntenon check --json");
  command->callback([&context, json] { context.exit = check(context, *json); });
}

}  // namespace tenon::cli
