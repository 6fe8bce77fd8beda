// tenon schema format: schema files in their one layout.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/schema_input.h"
#include "psl/format/format.h"

namespace tenon::cli {

namespace {

struct FormatCommandOptions : SchemaOptions {
  bool check = false;
};

// The files that are not as the formatter has them, with the text they should have.
struct Unformatted {
  std::size_t file = 0;  // of SchemaInput
  std::string text;
};

std::vector<Unformatted> unformatted_files(const SchemaInput& input, const SchemaOptions& options) {
  const bool compat = options.prisma_compat() != psl::PrismaCompat::none;
  std::vector<std::string> formatted =
      psl::format_schema(input.sources, input.files, {.prisma_compat = compat});
  std::vector<Unformatted> found;
  for (std::size_t i = 0; i < input.files.size(); ++i)
    if (formatted[i] != input.sources.text(input.files[i]))
      found.push_back({.file = i, .text = std::move(formatted[i])});
  return found;
}

Exit report_unformatted(Context& context, const SchemaInput& input, const std::vector<Unformatted>& files) {
  for (const Unformatted& each : files) context.out << input.sources.path(input.files[each.file]) << '\n';
  const bool colour = context.err_terminal.colour;
  if (files.empty()) {
    context.err << base::toned("✓", base::Tone::good, colour) << " All files are formatted.\n";
    return Exit::ok;
  }
  context.err << fmt::format("{} {} not formatted: tenon schema format\n",
                             base::toned("✗", base::Tone::bad, colour),
                             files.size() == 1 ? "1 file is" : fmt::format("{} files are", files.size()));
  return Exit::failed;
}

Exit format(Context& context, const FormatCommandOptions& options) {
  const auto input = read_schema_input(context, options);
  if (!input) return fail(context, input.error());
  const std::vector<Unformatted> files = unformatted_files(*input, options);
  if (options.check) return report_unformatted(context, *input, files);
  for (const Unformatted& each : files) {
    if (auto written = base::write_file(input->paths[each.file], each.text); !written)
      return fail(context, written.error());
    context.out << fmt::format("{}: formatted\n", input->sources.path(input->files[each.file]));
  }
  if (files.size() < input->files.size())
    context.out << fmt::format("{} unchanged\n", number_of(input->files.size() - files.size(), "file"));
  return Exit::ok;
}

}  // namespace

void add_schema_format_command(CLI::App& schema, Context& context) {
  CLI::App* command = schema.add_subcommand("format", "Bring schema files into their one layout");
  const auto options = std::make_shared<FormatCommandOptions>();
  add_schema_path(*command, *options);
  add_prisma_compat(*command, *options);
  command->add_flag("--check", options->check,
                    "Change nothing; name the files that are not formatted, exit code 1 if there are any");
  command->footer(
      "tenon schema format           # also adds the missing sides of relations\n"
      "tenon schema format --check   # for CI");
  command->callback([&context, options] { context.exit = format(context, *options); });
}

}  // namespace tenon::cli
