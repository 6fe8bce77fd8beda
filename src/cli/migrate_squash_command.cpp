// tenon migrate squash: several migrations as one that makes the same.

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/migrate_change.h"
#include "cli/migrate_project.h"
#include "migrate/beyond_catalog.h"
#include "migrate/diff.h"
#include "migrate/expansion.h"
#include "migrate/render.h"
#include "migrate/squash.h"
#include "migrate/summary.h"

namespace tenon::cli {

namespace {

using Migrations = std::vector<const migrate::Migration*>;

struct SquashOptions : MigrateOptions {
  std::string from;
  std::string to;
  std::string name;
};

// The folder, cut in three.
struct Range {
  Migrations before;
  Migrations inside;
  std::string next;  // the name of the first behind; empty: none
};

base::Result<Range> find_range(const SquashOptions& options, const migrate::Folder& folder) {
  for (const std::string* name : {&options.from, &options.to})
    if (!name->empty() && folder.find(*name) == nullptr)
      return base::fail(base::code::migration_unknown,
                        fmt::format("There is no migration {} in the folder.", base::printable(*name)),
                        "give the whole name of its folder");
  Range range;
  for (const migrate::Migration& each : folder.migrations) {
    if (each.name < options.from) {
      range.before.push_back(&each);
    } else if (options.to.empty() || each.name <= options.to) {
      range.inside.push_back(&each);
    } else {
      range.next = each.name;
      break;
    }
  }
  if (range.inside.size() < 2)
    return base::fail(base::code::usage_invalid, "There are no two migrations to make one of.");
  return range;
}

// The last one's time, so that it stands where they stood.
base::Result<std::string> name_of(const SquashOptions& options, const migrate::Folder& folder,
                                  const Range& range) {
  const std::string& last = range.inside.back()->name;
  const std::string title = options.name.empty() ? "squashed" : migrate::slug(options.name);
  const bool timed = last.size() >= 14 && last.find_first_not_of("0123456789") >= 14;
  std::string name = fmt::format("{}_{}", timed ? last.substr(0, 14) : last, title);
  const bool taken = folder.find(name) != nullptr;
  const bool out_of_place = (!range.next.empty() && name >= range.next) ||
                            (!range.before.empty() && name <= range.before.back()->name);
  if (taken || out_of_place)
    return base::fail(base::code::usage_invalid,
                      fmt::format("{} would not stand where the others stood.", name), "another --name");
  return name;
}

struct Effect {
  catalog::Catalog before;
  catalog::Catalog after;
};

base::Result<catalog::Catalog> run_on(migrate::Shadow& shadow, const MigrateProject& project,
                                      const Migrations& migrations) {
  if (auto done = shadow.replay(migrations, {}); !done) return std::unexpected(done.error());
  return shadow.read(project.schemas);
}

base::Result<Effect> effect_of(const MigrateProject& project, const SquashOptions& options,
                               const Range& range, base::Progress& progress) {
  auto shadow = open_shadow(project, options, progress);
  if (!shadow) return std::unexpected(shadow.error());
  auto before = run_on(*shadow, project, range.before);
  if (!before) return std::unexpected(before.error());
  auto after = run_on(*shadow, project, range.inside);
  if (!after) return std::unexpected(after.error());
  return Effect{.before = std::move(*before), .after = std::move(*after)};
}

struct Written {
  std::string text;
  bool shortened = false;     // made anew, not the scripts one behind the other
  bool changes_rows = false;  // which is why
};

// What changed, and then the functions, triggers and grants of the scripts. Changes of rows depend on what
// was there when they ran, so a range with some keeps its statements as they are.
Written shorten(const MigrateProject& project, const Range& range, const Effect& effect) {
  std::string kept;
  for (const migrate::Migration* each : range.inside) {
    const std::string_view text = *each->text;
    if (migrate::speaks_of_expansions(text)) return {.text = migrate::joined(range.inside)};
    for (const auto& beyond :
         migrate::beyond_catalog(text, migrate::split_script(project.url.engine, text))) {
      if (beyond.changes_rows) return {.text = migrate::joined(range.inside), .changes_rows = true};
      kept += fmt::format("\n{};\n", beyond.statement.text(text));
    }
  }
  return {
      .text = migrate::to_text(migrate::render(difference_of(project, effect.before, effect.after))) + kept,
      .shortened = true};
}

// nullopt: the text makes what the range makes; else what is different, or why it fails.
base::Result<std::optional<std::string>> disprove(const MigrateProject& project, const SquashOptions& options,
                                                  const Range& range, const Effect& effect,
                                                  const std::string& text, base::Progress& progress) {
  auto shadow = open_shadow(project, options, progress);
  if (!shadow) return std::unexpected(shadow.error());
  if (auto before = run_on(*shadow, project, range.before); !before) return std::unexpected(before.error());
  const migrate::Migration squash{.name = "squash", .file = "migration.sql", .text = text};
  const auto made = run_on(*shadow, project, {&squash});
  if (!made) return made.error().message;
  const auto rest = difference_of(project, *made, effect.after);
  return rest.empty() ? std::nullopt : std::optional(migrate::summary(rest));
}

base::Result<Written> write_proven(const MigrateProject& project, const SquashOptions& options,
                                   const Range& range, base::Progress& progress) {
  progress.step("trying it out on a shadow database");
  const auto effect = effect_of(project, options, range, progress);
  if (!effect) return std::unexpected(effect.error());
  Written written = shorten(project, range, *effect);
  auto wrong = disprove(project, options, range, *effect, written.text, progress);
  if (!wrong) return std::unexpected(wrong.error());
  if (*wrong && written.shortened) {
    written = {.text = migrate::joined(range.inside)};
    wrong = disprove(project, options, range, *effect, written.text, progress);
    if (!wrong) return std::unexpected(wrong.error());
  }
  progress.finish();
  if (*wrong)
    return base::fail(base::code::change_impossible,
                      "As one migration they do not make what they make one by one:\n" + **wrong,
                      "a smaller range: --from, --to");
  return written;
}

// The new one first: when something fails there are both, and nothing is lost.
base::Result<void> replace_files(const migrate::Folder& folder, const Range& range, const std::string& name,
                                 const std::string& text, catalog::Engine engine) {
  auto written = migrate::write_migration(folder, name, migrate::squash_lines(range.inside) + text, engine);
  if (!written) return std::unexpected(written.error());
  for (const migrate::Migration* each : range.inside) {
    std::error_code failed;
    std::filesystem::remove_all(each->file.parent_path(), failed);
    if (failed)
      return base::fail(
          base::code::file_unwritable,
          fmt::format("{} cannot be removed: {}", each->file.parent_path().string(), failed.message()));
  }
  return {};
}

Exit squash(Context& context, const SquashOptions& options) {
  const auto project = open_migrate_project(context, options, {});
  if (!project) return fail(context, project.error());
  const auto folder = open_folder(*project);
  if (!folder) return fail_migration(context, folder.error());
  const auto range = find_range(options, *folder);
  if (!range) return fail(context, range.error());
  const auto name = name_of(options, *folder, *range);
  if (!name) return fail(context, name.error());
  base::Progress progress(context.err, context.err_terminal);
  const auto written = write_proven(*project, options, *range, progress);
  if (!written) return fail_migration(context, written.error());
  if (auto replaced = replace_files(*folder, *range, *name, written->text, project->url.engine); !replaced)
    return fail(context, replaced.error());
  std::string_view kept;
  if (!written->shortened)
    kept = written->changes_rows ? "; their statements are kept, for they change rows"
                                 : "; their statements are kept, for a shorter script makes something else";
  context.out << fmt::format("{} stands for {} now, and makes the same{}.\n", *name,
                             number_of(range->inside.size(), "migration"), kept);
  return Exit::ok;
}

}  // namespace

void add_migrate_squash_command(CLI::App& migrate, Context& context) {
  CLI::App* command = migrate.add_subcommand("squash", "Make one migration of several");
  auto options = std::make_shared<SquashOptions>();
  command->add_option("--from", options->from, "The first of them; the folder's unless given")
      ->type_name("NAME");
  command->add_option("--to", options->to, "The last of them; the folder's unless given")->type_name("NAME");
  command->add_option("--name", options->name, "What the new one is called")->type_name("NAME");
  add_database_option(*command, *options);
  add_migrations_option(*command, *options);
  add_shadow_option(*command, *options);
  command->footer(
      "tenon migrate squash\n"
      "tenon migrate squash --to 20260405013911_users --name first_year");
  command->callback([&context, options] { context.exit = squash(context, *options); });
}

}  // namespace tenon::cli
