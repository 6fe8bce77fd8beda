// What main() hands to every command: where to write, what terminal that is, the environment, and the way the
// command ended.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/error.h"
#include "base/terminal.h"
#include "server/environment.h"
#include "server/project.h"

namespace tenon::cli {

// docs/cli.md has the same table.
enum class Exit : std::uint8_t {
  ok = 0,
  failed = 1,     // the message on stderr says why
  usage = 2,      // the command line makes no sense
  findings = 3,   // `check` found errors
  differs = 2,    // `migrate diff --exit-code`, as with Prisma
  stopped = 130,  // a question was answered with no, or would have to be asked first
};

struct Context {
  std::ostream& out;  // results only, so that they can be piped
  std::ostream& err;  // progress, warnings, errors
  base::Terminal out_terminal;
  base::Terminal err_terminal;
  server::Environment environment;
  std::filesystem::path start_folder;  // where tenon was started
  std::string project_option;          // --project
  std::string database_option;         // --database: of several, the one that the command is about
  Exit exit = Exit::ok;
};

// Shows the error on stderr as `error[CODE]: …` and makes it the command's end.
Exit fail(Context& context, const base::Error& error);

// A command line that CLI11 accepts but makes no sense: TN1006, exit code 2.
Exit fail_usage(Context& context, std::string message, std::string help);

// Shows findings on stderr.
void print(Context& context, const base::Diagnostics& diagnostics, const base::SourceSet& sources);

// The folder of the project that the command works on: --project (TN1003 when there is no such folder), or
// found from the start folder.
base::Result<std::filesystem::path> project_folder(const Context& context);

// The project itself, or with --database as that database sees it. Findings in tenon.toml are shown; errors
// among them are TN1001.
base::Result<server::Project> open_project(Context& context);

// A path as people write it: relative to where they are, unless that leads upwards.
std::string shown_path(const Context& context, const std::filesystem::path& path);

// "1 file", "2 files"
std::string number_of(std::size_t count, std::string_view noun);

}  // namespace tenon::cli
