// tenon db: the project-local database server.

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/secret.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/local_database.h"
#include "local/server.h"
#include "sql/url.h"

namespace tenon::cli {

namespace {

using local::ServerState;

std::string_view to_string(ServerState state) {
  switch (state) {
    case ServerState::absent:
      return "absent";
    case ServerState::stopped:
      return "stopped";
    case ServerState::running:
      return "running";
  }
  return "";
}

// The engine's client program.
std::string_view client_name(local::Engine engine) {
  return engine == local::Engine::postgres ? "psql" : "mariadb";
}

base::Result<local::RunningServer> start_local(Context& context, const server::Project& project) {
  base::Progress progress(context.err, context.err_terminal);
  auto server = start_local(project, local_database(project), progress);
  if (server) progress.finish();
  return server;
}

// The server as members of an open object. The password is not among them: it is what
// `tenon db url` is asked for.
void write_server(base::JsonWriter& json, const local::RunningServer& server) {
  json.member("pid", server.pid).member("host", "127.0.0.1").member("port", server.port);
  json.member("socketFolder", server.socket_folder.string());
  json.member("url", base::redact_url(server.url));
}

Exit start(Context& context, bool as_json) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  const auto server = start_local(context, *project);
  if (!server) return fail(context, server.error());
  if (as_json) {
    std::string text;
    base::JsonWriter json(text);
    json.begin_object().member("state", "running").member("startedNow", server->started_now);
    write_server(json, *server);
    json.end_object();
    context.out << text << '\n';
    return Exit::ok;
  }
  context.out << fmt::format("The local database {} on {}\n",
                             server->started_now ? "runs" : "was already running",
                             base::redact_url(server->url));
  context.err << base::toned(
      fmt::format("tenon db url prints the URL with its password, tenon db shell opens {}.\n",
                  client_name(local_database(*project).engine)),
      base::Tone::dim, context.err_terminal.colour);
  return Exit::ok;
}

Exit stop(Context& context) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  const LocalDatabase database = local_database(*project);
  const auto stopped = local::stop_server(database.engine, database.folder);
  if (!stopped && stopped.error().code != base::code::cluster_not_running)
    return fail(context, stopped.error());
  context.out << (stopped ? "The local database is stopped.\n" : "The local database was not running.\n");
  return Exit::ok;
}

std::string status_json(const local::ServerStatus& status) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("state", to_string(status.state));
  if (status.state != ServerState::absent)
    json.member("server", status.product)
        .member("version", status.version)
        .member("bytesOnDisk", status.bytes_on_disk);
  if (status.running) write_server(json, *status.running);
  json.end_object();
  return text;
}

Exit status(Context& context, bool as_json) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  const LocalDatabase database = local_database(*project);
  const auto status = local::server_status(database.engine, database.folder);
  if (!status) return fail(context, status.error());
  if (as_json) {
    context.out << status_json(*status) << '\n';
    return Exit::ok;
  }
  const bool colour = context.out_terminal.colour;
  const bool runs = status->running.has_value();
  base::TablePrinter table({{.title = ""}, {.title = ""}});
  table.row({"state",
             base::toned(to_string(status->state), runs ? base::Tone::good : base::Tone::warning, colour)});
  if (status->state != ServerState::absent) {
    table.row({"server", fmt::format("{} {}", status->product, status->version)});
    table.row({"size", base::human_bytes(status->bytes_on_disk)});
  }
  if (runs) {
    table.row({"url", base::redact_url(status->running->url)});
    table.row({"socket", base::printable(status->running->socket_folder.string())});
    table.row({"process", std::to_string(status->running->pid)});
  }
  table.row({"folder", base::printable(database.folder.string())});
  context.out << table.text(colour);
  return Exit::ok;
}

base::Result<local::RunningServer> running_server(const LocalDatabase& database) {
  const auto status = local::server_status(database.engine, database.folder);
  if (!status) return std::unexpected(status.error());
  if (!status->running)
    return base::fail(base::code::cluster_not_running, "The local database is not running.",
                      "tenon db start");
  return *status->running;
}

Exit url(Context& context) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  const auto server = running_server(local_database(*project));
  if (!server) return fail(context, server.error());
  context.out << server->url << '\n';
  return Exit::ok;
}

// How the client program is called. The password goes through the environment: everybody may read a command
// line.
std::vector<std::string> shell_arguments(local::Engine engine, const sql::DatabaseUrl& url) {
  if (engine == local::Engine::postgres) {
    ::setenv("PGPASSWORD", url.password.reveal().c_str(), 1);
    return {"psql", fmt::format("postgresql://{}@{}:{}/{}", url.user, url.host, url.port, url.database)};
  }
  ::setenv("MYSQL_PWD", url.password.reveal().c_str(), 1);
  return {"mariadb",
          "--no-defaults",
          "--protocol=tcp",
          "--host=" + url.host,
          fmt::format("--port={}", url.port),
          "--user=" + url.user,
          "--default-character-set=utf8mb4",
          "--database=" + url.database};
}

// Becomes the client program.
Exit shell(Context& context, const std::vector<std::string>& passed_on) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  const LocalDatabase database = local_database(*project);
  const auto server = running_server(database);
  if (!server) return fail(context, server.error());
  const auto url = sql::parse_database_url(server->url);
  if (!url) return fail(context, url.error());
  std::vector<std::string> arguments = shell_arguments(database.engine, *url);
  arguments.insert(arguments.end(), passed_on.begin(), passed_on.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  context.out.flush();
  context.err.flush();
  const std::string name(client_name(database.engine));
  if (const auto folder = local::client_folder(database.engine))
    ::execv((*folder / name).c_str(), pointers.data());
  ::execvp(name.c_str(), pointers.data());
  const int error = errno;
  if (database.engine == local::Engine::mariadb) ::execvp("mysql", pointers.data());
  return fail(context,
              {.code = base::code::server_not_installed,
               .message = fmt::format("{} cannot be started: {}.", name, std::strerror(error)),
               .help = fmt::format("Install the package \"{}-client\".",
                                   database.engine == local::Engine::postgres ? "postgresql" : "mariadb")});
}

bool confirmed(Context& context) {
  context.err << "All data of the local database will be lost. Go on? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

Exit reset(Context& context, bool yes) {
  const auto project = open_project(context);
  if (!project) return fail(context, project.error());
  if (!yes && (::isatty(0) == 0 || !context.err_terminal.interactive))
    return fail_usage(context, "tenon db reset removes all data of the local database.", "say so with --yes");
  if (!yes && !confirmed(context)) return Exit::failed;
  const LocalDatabase database = local_database(*project);
  if (auto removed = local::remove_server(database.engine, database.folder); !removed)
    return fail(context, removed.error());
  const auto server = start_local(context, *project);
  if (!server) return fail(context, server.error());
  context.out << fmt::format("The local database is empty and runs on {}\n", base::redact_url(server->url));
  return Exit::ok;
}

}  // namespace

void add_db_command(CLI::App& app, Context& context) {
  CLI::App* db = app.add_subcommand("db", "The project's own PostgreSQL or MariaDB: start, stop, shell …");
  db->group(group::database);
  db->footer(
      "tenon db start                        # make it if need be, and start it\n"
      "psql \"$(tenon db url)\" -f schema.sql  # load something\n"
      "tenon db stop");

  auto json = std::make_shared<bool>(false);
  CLI::App* start_command = db->add_subcommand("start", "Make it if there is none, start it unless it runs");
  start_command->add_flag("--json", *json, "The result as JSON");
  start_command->footer("tenon db start --json | jq .port");
  start_command->callback([&context, json] { context.exit = start(context, *json); });

  CLI::App* stop_command = db->add_subcommand("stop", "Stop it; the data stays");
  stop_command->footer("tenon db stop");
  stop_command->callback([&context] { context.exit = stop(context); });

  CLI::App* status_command = db->add_subcommand("status", "Whether it runs, where, and how large it is");
  status_command->add_flag("--json", *json, "The result as JSON");
  status_command->footer("tenon db status --json | jq -r .state  # absent, stopped or running");
  status_command->callback([&context, json] { context.exit = status(context, *json); });

  CLI::App* url_command = db->add_subcommand("url", "Print its URL, password included");
  url_command->footer("DATABASE_URL=$(tenon db url) npx prisma studio");
  url_command->callback([&context] { context.exit = url(context); });

  CLI::App* shell_command = db->add_subcommand("shell", "Open psql, or mariadb, in it");
  auto passed_on = std::make_shared<std::vector<std::string>>();
  shell_command->add_option("arguments", *passed_on, "For that program; put -- before them")
      ->type_name("[-- arguments]");
  shell_command->footer(
      "tenon db shell\n"
      "tenon db shell -- -c 'TABLE orders'  # one statement\n"
      "tenon db shell < seed.sql");
  shell_command->callback([&context, passed_on] { context.exit = shell(context, *passed_on); });

  auto yes = std::make_shared<bool>(false);
  CLI::App* reset_command = db->add_subcommand("reset", "Throw all its data away and begin empty");
  reset_command->add_flag("-y,--yes", *yes, "Do not ask");
  reset_command->footer("tenon db reset --yes");
  reset_command->callback([&context, yes] { context.exit = reset(context, *yes); });

  add_db_push_command(*db, context);
  add_db_execute_command(*db, context);
  add_db_seed_command(*db, context);
}

}  // namespace tenon::cli
