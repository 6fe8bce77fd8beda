// tenon schema describe and tenon schema diagram: what a schema says, for generators and for people.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/schema_input.h"
#include "psl/describe/diagram.h"
#include "psl/describe/diagram_svg.h"
#include "psl/describe/dmmf.h"

namespace tenon::cli {

namespace {

enum class DiagramFormat : std::uint8_t { svg, mermaid };

struct DiagramOptions : SchemaOptions {
  DiagramFormat format = DiagramFormat::svg;
  std::string out;
};

// Calls `use` with a schema that is valid; else shows why it is not.
template <class Use>
Exit with_valid_schema(Context& context, const SchemaOptions& options, Use use) {
  const auto input = read_schema_input(context, options);
  if (!input) return fail(context, input.error());
  base::Diagnostics findings;
  const psl::CheckedSchema schema =
      psl::check_schema(input->sources, input->files, findings, {.compat = options.prisma_compat()});
  print(context, findings, input->sources);
  if (findings.has_errors()) return Exit::failed;
  return use(schema);
}

Exit diagram(Context& context, const DiagramOptions& options) {
  return with_valid_schema(context, options, [&](const psl::CheckedSchema& schema) {
    const psl::Diagram drawn = psl::diagram_of(schema.resolved);
    const std::string text =
        options.format == DiagramFormat::svg ? psl::diagram_svg(drawn) : psl::mermaid_text(drawn);
    if (options.out.empty()) {
      context.out << text;
      return Exit::ok;
    }
    const auto path = (context.start_folder / options.out).lexically_normal();
    if (auto written = base::write_file(path, text); !written) return fail(context, written.error());
    context.out << fmt::format("{}: {}\n", shown_path(context, path),
                               number_of(schema.resolved.models.size(), "model"));
    return Exit::ok;
  });
}

}  // namespace

void add_schema_describe_command(CLI::App& schema, Context& context) {
  CLI::App* command = schema.add_subcommand("describe", "The models as JSON for generators (Prisma's DMMF)");
  const auto options = std::make_shared<SchemaOptions>();
  add_schema_path(*command, *options);
  add_prisma_compat(*command, *options);
  command->footer("tenon schema describe | jq '.models[].name'");
  command->callback([&context, options] {
    context.exit = with_valid_schema(context, *options, [&](const psl::CheckedSchema& checked) {
      context.out << psl::describe_datamodel(checked) << '\n';
      return Exit::ok;
    });
  });
}

void add_schema_diagram_command(CLI::App& schema, Context& context) {
  static const std::map<std::string, DiagramFormat> formats{{"svg", DiagramFormat::svg},
                                                            {"mermaid", DiagramFormat::mermaid}};
  CLI::App* command = schema.add_subcommand("diagram", "Draw the models and their relations");
  const auto options = std::make_shared<DiagramOptions>();
  add_schema_path(*command, *options);
  command
      ->add_option("--format", options->format, "svg, a picture, or mermaid, a text that is drawn elsewhere")
      ->transform(CLI::CheckedTransformer(formats).description(""))
      ->type_name("FORMAT");
  command->add_option("--out", options->out, "The file to write, instead of stdout")->type_name("FILE");
  command->footer(
      "tenon schema diagram --out schema.svg\n"
      "tenon schema diagram --format mermaid   # for Markdown pages");
  command->callback([&context, options] { context.exit = diagram(context, *options); });
}

}  // namespace tenon::cli
