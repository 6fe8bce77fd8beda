#include "cli/help.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace tenon::cli {

namespace {

using base::Tone;

constexpr std::uint32_t page_width_max = 100;
constexpr std::uint32_t left_width_max = 30;
constexpr std::string_view root_examples =
    "tenon dev                                  # a database, an API and GraphiQL, from nothing\n"
    "tenon pull --url postgresql://app@db/shop  # describe a database you have in prisma/\n"
    "tenon db shell                             # psql in the local database\n";

struct Row {
  std::string left;
  std::string right;
};

struct Section {
  std::string title;
  std::vector<Row> rows;
};

std::vector<std::string> wrapped(std::string_view text, std::uint32_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!lines.back().empty() && base::display_width(lines.back()) + 1 + base::display_width(word) > width)
      lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

class Page {
 public:
  explicit Page(const base::Terminal& terminal)
      : colour_(terminal.colour), width_(std::min(terminal.width, page_width_max)) {}

  void paragraph(std::string_view text) {
    for (const std::string& line : wrapped(text, width_)) out_ += line + '\n';
  }
  void usage(std::string_view text) {
    out_ += fmt::format("\n{} {}\n", base::toned("Usage:", Tone::strong, colour_), text);
  }
  void title(std::string_view text) { out_ += '\n' + base::toned(text, Tone::strong, colour_) + '\n'; }

  void sections(const std::vector<Section>& all) {
    std::uint32_t left = 0;
    for (const Section& section : all)
      for (const Row& row : section.rows)
        if (const auto width = base::display_width(row.left); width <= left_width_max)
          left = std::max(left, width);
    for (const Section& section : all) {
      if (section.rows.empty()) continue;
      title(section.title);
      for (const Row& each : section.rows) row(each, left);
    }
  }

  // Lines "command  # what for", the command in colour.
  void examples(std::string_view lines) {
    title("Examples");
    while (!lines.empty()) {
      const auto end = std::min(lines.find('\n'), lines.size());
      const std::string_view line = lines.substr(0, end);
      const auto comment = std::min(line.find("  #"), line.size());
      out_ += "  " + base::toned(line.substr(0, comment), Tone::name, colour_) +
              base::toned(line.substr(comment), Tone::dim, colour_ && comment < line.size()) + '\n';
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void row(const Row& row, std::uint32_t left) {
    const std::uint32_t used = base::display_width(row.left);
    out_ += "  " + base::toned(row.left, Tone::name, colour_);
    const std::string indent(left + 4, ' ');
    const std::vector<std::string> lines = wrapped(row.right, width_ - left - 4);
    if (used > left)
      out_ += '\n' + indent + lines.front();
    else
      out_ += std::string(left - used + 2, ' ') + lines.front();
    for (std::size_t i = 1; i < lines.size(); ++i) out_ += '\n' + indent + lines[i];
    out_ += '\n';
  }

  bool colour_;
  std::uint32_t width_;
  std::string out_;
};

std::string option_text(const CLI::Option& option) {
  std::string text;
  for (const std::string& name : option.get_snames()) text += "-" + name;
  if (text.empty())
    text = "    ";
  else if (!option.get_lnames().empty())
    text += ", ";
  for (const std::string& name : option.get_lnames()) text += "--" + name;
  const std::string type = option.get_type_name();
  if (option.get_expected_max() > 0 && option.get_items_expected_max() > 0 && !type.empty())
    text += " " + type;
  return text;
}

Section arguments_of(const CLI::App& app) {
  Section section{.title = "Arguments"};
  for (const CLI::Option* option : app.get_options())
    if (option->get_positional())
      section.rows.push_back({option->get_type_name(), option->get_description()});
  return section;
}

Section options_of(const CLI::App& app) {
  Section section{.title = "Options"};
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent())
    for (const CLI::Option* option : at->get_options()) {
      const bool parents_help = option == at->get_help_ptr() && at != &app;
      if (option->get_positional() || option->get_group().empty() || parents_help) continue;
      if (at != &app && option == at->get_version_ptr()) continue;
      section.rows.push_back({option_text(*option), option->get_description()});
    }
  const auto help =
      std::ranges::find_if(section.rows, [](const Row& row) { return row.left.starts_with("-h"); });
  if (help != section.rows.end()) std::ranges::rotate(help, help + 1, section.rows.end());  // last
  return section;
}

// docs/cli.md has the same.
Section exit_codes() {
  return {.title = "Exit codes",
          .rows = {{"0", "Done"},
                   {"1", "Failed; the message on stderr says why and what to do"},
                   {"2", "The command line makes no sense"},
                   {"3", "tenon check found errors"},
                   {"130", "Stopped before anything was changed"}}};
}

// Grouped commands on the first page, a plain list elsewhere.
std::vector<Section> commands_of(const CLI::App& app) {
  std::vector<Section> sections;
  const bool root = app.get_parent() == nullptr;
  if (root)
    for (const char* title : {group::start, group::database, group::production, group::tools})
      sections.push_back({.title = title});
  else
    sections.push_back({.title = "Commands"});
  for (const CLI::App* command : app.get_subcommands({})) {
    const auto section =
        root ? std::ranges::find(sections, command->get_group(), &Section::title) : sections.begin();
    if (section != sections.end())
      section->rows.push_back({root ? full_name(*command) : command->get_name(), command->get_description()});
  }
  return sections;
}

std::string usage_of(const CLI::App& app, const Section& arguments) {
  std::string usage = full_name(app);
  if (!app.get_subcommands({}).empty()) usage += " <command>";
  usage += " [options]";
  for (const Row& argument : arguments.rows) usage += " " + argument.left;
  return usage;
}

}  // namespace

std::string_view version() { return TENON_VERSION; }

std::string full_name(const CLI::App& command) {
  return command.get_parent() == nullptr ? command.get_name()
                                         : full_name(*command.get_parent()) + " " + command.get_name();
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string /*name*/,
                                     CLI::AppFormatMode /*mode*/) const {
  Page page(terminal_);
  const bool root = app->get_parent() == nullptr;
  if (root)
    page.paragraph("tenon " + std::string(version()) + ": " + app->get_description());
  else
    page.paragraph(app->get_description());
  const Section arguments = arguments_of(*app);
  page.usage(usage_of(*app, arguments));
  std::vector<Section> sections = commands_of(*app);
  sections.push_back(arguments);
  sections.push_back(options_of(*app));
  if (root) sections.push_back(exit_codes());
  page.sections(sections);
  const std::string examples = root ? std::string(root_examples) : app->get_footer();
  if (!examples.empty()) page.examples(examples);
  return page.take();
}

}  // namespace tenon::cli
