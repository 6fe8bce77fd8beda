// tenon schema validate: what is wrong with schema files, for people, for other tools, or as Prisma says it.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/schema_input.h"
#include "psl/prisma_text.h"

namespace tenon::cli {

namespace {

struct ValidateOptions : SchemaOptions {
  bool json = false;
};

std::string_view severity_name(base::Severity severity) {
  return severity == base::Severity::error ? "error" : "warning";
}

// start and end count bytes of the file.
std::string findings_json(const base::Diagnostics& findings, const base::SourceSet& sources) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("valid", !findings.has_errors()).key("diagnostics").begin_array();
  for (const base::Diagnostic& finding : findings.all()) {
    json.begin_object()
        .member("severity", severity_name(finding.severity))
        .member("code", finding.code.text)
        .member("message", finding.message);
    if (finding.span) {
      const base::LineColumn at = sources.position(*finding.span);
      json.member("file", sources.path(finding.span->source))
          .member("start", finding.span->begin)
          .member("end", finding.span->end)
          .member("line", at.line)
          .member("column", at.column);
    }
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

std::string counts(const psl::Resolved& resolved, std::size_t files) {
  std::size_t views = 0;
  for (const psl::Model& model : resolved.models) views += model.is_view() ? 1 : 0;
  std::string text = number_of(resolved.models.size() - views, "model");
  if (views > 0) text += ", " + number_of(views, "view");
  if (!resolved.enums.empty()) text += ", " + number_of(resolved.enums.size(), "enum");
  return text + (files > 1 ? fmt::format(" in {} files", files) : "");
}

std::string summary(const base::Diagnostics& findings, const psl::CheckedSchema& schema, std::size_t files,
                    bool colour) {
  const std::size_t errors = findings.error_count();
  const std::string warnings = number_of(findings.all().size() - errors, "warning");
  if (errors > 0)
    return fmt::format("{} {}, {}.\n", base::toned("✗", base::Tone::bad, colour), number_of(errors, "error"),
                       warnings);
  return fmt::format("{} Valid: {}{}.\n", base::toned("✓", base::Tone::good, colour),
                     counts(schema.resolved, files), findings.empty() ? "" : "; " + warnings);
}

// As `prisma validate` does it: errors as they are, and for a valid schema one line.
void print_as_prisma(Context& context, const base::Diagnostics& findings, const SchemaInput& input) {
  if (findings.has_errors()) {
    context.out << psl::prisma_error_text(findings, input.sources) << '\n';
    return;
  }
  context.err << psl::prisma_warning_text(findings, input.sources) << std::flush;
  const bool one = input.files.size() == 1;
  const std::string place =
      one ? std::string(input.sources.path(input.files.front()))
          : std::filesystem::path(input.sources.path(input.files.front())).parent_path().string();
  context.out << fmt::format("The schema{} at {} {} valid 🚀\n", one ? "" : "s", place, one ? "is" : "are");
}

Exit validate(Context& context, const ValidateOptions& options) {
  const auto input = read_schema_input(context, options);
  if (!input) return fail(context, input.error());
  base::Diagnostics findings;
  const psl::PrismaCompat compat = options.prisma_compat();
  const psl::CheckedSchema schema =
      psl::check_schema(input->sources, input->files, findings, {.compat = compat});
  const bool colour = context.out_terminal.colour;
  if (options.json)
    context.out << findings_json(findings, input->sources) << '\n';
  else if (compat != psl::PrismaCompat::none)
    print_as_prisma(context, findings, *input);
  else
    context.out << base::render(findings, input->sources, {.colour = colour})
                << summary(findings, schema, input->files.size(), colour);
  return findings.has_errors() ? Exit::failed : Exit::ok;
}

}  // namespace

void add_schema_validate_command(CLI::App& schema, Context& context) {
  CLI::App* command = schema.add_subcommand("validate", "Find everything that is wrong in schema files");
  const auto options = std::make_shared<ValidateOptions>();
  add_schema_path(*command, *options);
  add_prisma_compat(*command, *options);
  command->add_flag("--json", options->json, "Findings as JSON, for editors and CI");
  command->footer(
      "tenon schema validate                    # exit code 1 when it is not valid\n"
      "tenon schema validate --schema db/schema.prisma --json\n"
      "tenon schema validate --prisma-compat=7  # in Prisma's own words");
  command->callback([&context, options] { context.exit = validate(context, *options); });
}

}  // namespace tenon::cli
