// tenon serve: the API in production. Nothing is open by default, nothing is watched, and SIGTERM lets the
// requests in flight finish.

#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/database.h"
#include "cli/help.h"
#include "cli/serving.h"
#include "server/auth_config.h"
#include "server/stop_signals.h"

namespace tenon::cli {

namespace {

constexpr std::uint16_t default_port = 8080;
constexpr std::chrono::milliseconds look_interval{1'000};  // for databases that have not answered

struct ServeOptions {
  ServingFlags flags;
  std::vector<std::string> api_keys;
};

// --api-key stands in for [api] keys.
base::Result<identity::TrustOptions> trust(server::Project& project, const ServeOptions& options) {
  if (!options.api_keys.empty()) project.config.api_keys.clear();
  for (const std::string& text : options.api_keys) {
    if (!server::is_kept_elsewhere(text))
      return base::fail(
          base::code::usage_invalid, "--api-key takes a reference, not the key itself.",
          "write --api-key env:NAME or --api-key file:PATH: arguments can be read by every user "
          "of the machine");
    project.config.api_keys.push_back({.text = text, .place = "--api-key"});
  }
  return server::trust_of(project);
}

Exit serve(Context& context, const ServeOptions& options) {
  server::StopSignals signals;  // before any thread is made, so that all of them leave the signals to it
  auto project = open_project(context);
  if (!project) return fail(context, project.error());
  auto trusted = trust(*project, options);
  if (!trusted) return fail(context, trusted.error());
  if (trusted->empty())
    return fail(context, {.code = base::code::api_key_missing,
                          .message = "No credential is configured, so nobody could be let in.",
                          .help = "serve with --api-key env:NAME, or put [[auth.api_keys]] into tenon.toml"});
  const std::string modes = trusted->modes();
  server::Config config = with_flags(project->config, options.flags);
  if (!config.port) config.port = default_port;
  base::Progress progress(context.err, context.err_terminal);
  const auto urls = find_databases(*project, options.flags.url, Unnamed::never, progress);
  if (!urls) return fail(context, urls.error());
  auto loaded = server::load_api(*project, *urls, {.schemas = options.flags.schemas, .ask_versions = true});
  if (!loaded) return fail(context, loaded.error());
  progress.finish();
  print(context, loaded->diagnostics, loaded->sources);
  if (!loaded->schema) return context.exit = Exit::failed;

  auto telemetry = server::telemetry_options(*project);
  if (!telemetry) return fail(context, telemetry.error());

  server::Log log(server::LogFormat::json);
  server::LiveApi live(served_api(loaded->schema, config, loaded->operations));
  const auto server =
      make_server(config, *urls,
                  {.options = {.trust = *std::move(trusted), .telemetry = std::move(*telemetry)},
                   .live = live,
                   .log = log});
  if (auto started = server->start(); !started) return fail(context, started.error());
  context.out << fmt::format("listening on {}/graphql\n", server->url()) << std::flush;
  log.write(server::LogLevel::info, "listening",
            {{"url", server->url()},
             {"database", targets(*urls)},
             {"models", std::to_string(count_models(*loaded->schema))},
             {"credentials", modes}});
  server::LateServers late(*urls, loaded->servers);
  while (!signals.wait_for(look_interval))
    if (meet_late_servers(late, live))
      log.write(server::LogLevel::info, "a database answers that did not at the start");
  server->drain();
  server->join();
  log.write(server::LogLevel::info, "stopped");
  return Exit::ok;
}

}  // namespace

void add_serve_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("serve", "Serve the API in production");
  command->group(group::production);
  const auto options = std::make_shared<ServeOptions>();
  add_serving_flags(*command, options->flags, default_port);
  command
      ->add_option("--api-key", options->api_keys,
                   "Where a client's key is: env:NAME or file:PATH; may be repeated")
      ->type_name("REFERENCE");
  command->footer(
      "tenon serve --url env:DATABASE_URL --api-key env:API_KEY\n"
      "tenon serve --port 8080 --host 0.0.0.0   # the rest from tenon.toml");
  command->callback([&context, options] { context.exit = serve(context, *options); });
}

}  // namespace tenon::cli
