// tenon dev: everything locally. The database is started when none is named, the API reloads when schema,
// overlay or configuration change, and whatever is missing is said rather than asked for.

#include <algorithm>
#include <chrono>
#include <functional>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "cli/help.h"
#include "cli/serving.h"
#include "server/auth_config.h"
#include "server/file_watcher.h"
#include "server/schema_place.h"
#include "server/stop_signals.h"

namespace tenon::cli {

namespace {

using namespace std::chrono_literals;
using base::Tone;

constexpr std::uint16_t dev_port = 4000;
constexpr auto tick_interval = 150ms;
constexpr std::size_t dev_key_bytes = 16;
constexpr std::uintmax_t key_file_bytes = 1024;

// The key that the page and the person use; made once, so that it survives restarts.
base::Result<base::Secret> development_key(const server::Project& project) {
  const auto file = project.private_folder() / "dev-key";
  if (auto text = base::read_file(file, key_file_bytes)) {
    while (!text->empty() && text->back() == '\n') text->pop_back();
    if (!text->empty()) return base::Secret(std::move(*text));
  }
  if (auto made = server::make_private_folder(project); !made) return std::unexpected(made.error());
  const std::string key = "dev-" + base::random_hex(dev_key_bytes);
  if (auto written = base::write_file(file, key + "\n", base::FileAccess::owner); !written)
    return std::unexpected(written.error());
  return base::Secret(key);
}

// One run of `tenon dev`.
class Development {
 public:
  Development(Context& context, server::Project project, const ServingFlags& flags)
      : context_(context), project_(std::move(project)), flags_(flags) {}

  Exit run() {
    server::StopSignals signals;  // before any thread is made, so that all of them leave the signals to it
    auto key = development_key(project_);
    if (!key) return fail(context_, key.error());
    base::Progress progress(context_.err, context_.err_terminal);
    auto urls = find_databases(project_, flags_.url, Unnamed::make, progress);
    if (!urls) return fail(context_, urls.error());
    urls_ = std::move(*urls);
    watched_ = watched_paths();
    server::FileWatcher watcher(watched_);
    progress.step("reading the tables");
    auto loaded = load();
    if (!loaded) return fail(context_, loaded.error());
    progress.finish();
    report(*loaded);
    while (!loaded->schema) {
      say("Nothing is served until this is mended; watching the files.", Tone::warning);
      if (!wait_for_change(signals, watcher)) return Exit::failed;
      loaded = load();
      if (!loaded) return fail(context_, loaded.error());
      report(*loaded);
    }
    return serve(*loaded, *key, signals, watcher);
  }

 private:
  std::vector<std::filesystem::path> watched_paths() const {
    std::vector<std::filesystem::path> paths{project_.overlay_folder(), project_.folder / "tenon.toml"};
    for (const server::Project& one : server::projects_by_database(project_))
      paths.push_back(server::find_schema_place(one).path);
    paths.push_back(project_.prisma_file.value_or(project_.folder / "prisma.config.ts"));
    if (project_.config.operations) paths.push_back(project_.folder / project_.config.operations->text);
    if (project_.package_schema) paths.push_back(project_.folder / "package.json");
    return paths;
  }

  base::Result<server::LoadedApi> load() const {
    // What is open without rules must not be reachable from other machines.
    const std::string& host = flags_.host.empty() ? project_.config.host : flags_.host;
    const bool loopback = host == "127.0.0.1" || host == "::1";
    return server::load_api(
        project_, urls_, {.open_without_overlay = loopback, .schemas = flags_.schemas, .ask_versions = true});
  }

  Exit serve(const server::LoadedApi& loaded, const base::Secret& key, server::StopSignals& signals,
             server::FileWatcher& watcher) {
    server::Log log(server::LogFormat::readable);
    server::Config config = with_flags(project_.config, flags_);
    server::LiveApi live(served_api(loaded.schema, config, rules_of(loaded)));
    if (!config.port) config.port = dev_port;
    auto trust = server::trust_of(project_);
    if (!trust) return fail(context_, trust.error());
    trust->api_keys.push_back(identity::make_api_key("dev", key));
    const std::string modes = trust->modes();
    auto telemetry = server::telemetry_options(project_);
    if (!telemetry) return fail(context_, telemetry.error());
    telemetry->server_timing = true;
    const auto server = make_server(config, urls_,
                                    {.options = {.trust = *std::move(trust),
                                                 .cors = {.any_local_origin = true},
                                                 .graphiql_key = key,
                                                 .telemetry = std::move(*telemetry)},
                                     .live = live,
                                     .log = log});
    if (auto started = server->start(); !started) return fail(context_, started.error());
    greet(*server, loaded, key, modes);
    server::LateServers late(urls_, loaded.servers);
    while (wait_for_change(signals, watcher, [&] { meet_late_servers(late, live); })) {
      reload(live);
      if (auto paths = watched_paths(); paths != watched_) {  // the configuration names another place
        watched_ = std::move(paths);
        watcher = server::FileWatcher(watched_);
      }
    }
    server->drain();
    server->join();
    return Exit::ok;
  }

  // Who develops writes new operations.
  static server::OperationRules rules_of(const server::LoadedApi& loaded) {
    server::OperationRules rules = loaded.operations;
    rules.only_known = false;
    return rules;
  }

  // The new schema, or what is wrong with it; then the old one stays.
  void reload(server::LiveApi& live) {
    base::SourceSet sources;
    base::Diagnostics diagnostics;
    auto project = server::load_project(project_.folder, context_.environment, sources, diagnostics);
    if (project && !diagnostics.has_errors() && !context_.database_option.empty())
      project = server::project_of(*project, context_.database_option);
    if (!project || diagnostics.has_errors()) {
      if (!project) show(project.error());
      print(context_, diagnostics, sources);
      return say("The last good version is still served.", Tone::warning);
    }
    if (needs_restart(project_.config, project->config) ||
        needs_restart(project_.prisma.url, project->prisma.url))
      say("The database, [server], [api] keys and origins, [auth], [telemetry], [limits.rate], [limits.http] "
          "and [limits.pool] are those of the "
          "start: stop tenon dev and start it again to change them.",
          Tone::warning);
    // The connections are those of the start.
    if (!std::ranges::equal(project_.config.databases, project->config.databases, {},
                            &server::DatabaseConfig::name, &server::DatabaseConfig::name))
      return say("The last good version is still served.", Tone::warning);
    project_ = std::move(*project);
    const auto loaded = load();
    if (!loaded) {
      show(loaded.error());
      return say("The last good version is still served.", Tone::warning);
    }
    report(*loaded);
    if (!loaded->schema) return say("The last good version is still served.", Tone::warning);
    live.set(served_api(loaded->schema, project_.config, rules_of(*loaded)));
    say(fmt::format("Reloaded: {} models from {}.", count_models(*loaded->schema), origin(*loaded)),
        Tone::good);
  }

  // Whether what the server was made of has changed; the rest of the configuration is part of a reload.
  static bool needs_restart(const server::Config& before, const server::Config& after) {
    const auto texts = [](const server::Config& config) {
      std::vector<std::string> all{config.database_url ? config.database_url->text : ""};
      for (const server::Reference& key : config.api_keys) all.push_back(key.text);
      return all;
    };
    return texts(before) != texts(after) || before.databases != after.databases ||
           before.pooler != after.pooler || before.host != after.host || before.port != after.port ||
           before.threads != after.threads || before.telemetry != after.telemetry ||
           before.auth != after.auth || before.rate_limits != after.rate_limits ||
           before.origins != after.origins || before.http_limits != after.http_limits ||
           before.pool_limits != after.pool_limits;
  }

  static bool needs_restart(const std::optional<server::PrismaSetting>& before,
                            const std::optional<server::PrismaSetting>& after) {
    if (!before || !after) return before.has_value() != after.has_value();
    return before->variables != after->variables || !before->text.equals(after->text.reveal());
  }

  // False when the person wants to stop.
  static bool wait_for_change(
      server::StopSignals& signals, server::FileWatcher& watcher,
      const std::function<void()>& meanwhile = [] {}) {
    for (;;) {
      if (signals.wait_for(tick_interval)) return false;
      if (watcher.changed()) return true;
      meanwhile();
    }
  }

  std::string origin(const server::LoadedApi& loaded) const {
    if (!project_.config.databases.empty())
      return fmt::format("{} databases ({})", urls_.size(), targets(urls_));
    if (!loaded.from_files) return targets(urls_);
    const auto place = server::find_schema_place(project_);
    return place.path.lexically_relative(project_.folder).string() + (place.is_file() ? "" : "/");
  }

  void greet(const server::Server& server, const server::LoadedApi& loaded, const base::Secret& key,
             std::string_view modes) {
    const bool colour = context_.out_terminal.colour;
    const auto line = [&](std::string_view name, std::string_view text, std::string_view note = {}) {
      context_.out << fmt::format("  {}{}{}\n", base::toned(fmt::format("{:<10}", name), Tone::dim, colour),
                                  base::toned(text, Tone::name, colour),
                                  note.empty() ? "" : "   " + base::toned(note, Tone::dim, colour));
    };
    context_.out << '\n';
    line("API", server.url() + "/graphql");
    line("GraphiQL", server.url() + "/");
    line("API key", key.reveal(), "header x-api-key");
    if (modes != "apiKey") line("modes", modes);
    line("models", std::to_string(count_models(*loaded.schema)), "from " + origin(loaded));
    context_.out << '\n';
    if (loaded.open)
      say("There is no overlay in api/, so every model is open to this key. In production nothing is: write\n"
          "  extend type Model @auth(rules: [{ allow: public }])\n"
          "into api/*.graphql for each model that may be reached.",
          Tone::warning);
    context_.out << std::flush;
  }

  void report(const server::LoadedApi& loaded) { print(context_, loaded.diagnostics, loaded.sources); }
  void show(const base::Error& error) {
    fail(context_, error);
    context_.exit = Exit::ok;  // it goes on
  }
  void say(std::string_view text, Tone tone) {
    context_.err << base::toned(text, tone, context_.err_terminal.colour) << '\n' << std::flush;
  }

  Context& context_;
  server::Project project_;
  const ServingFlags& flags_;
  server::DatabaseUrls urls_;
  std::vector<std::filesystem::path> watched_;
};

Exit dev(Context& context, const ServingFlags& flags) {
  auto project = open_project(context);
  if (!project) return fail(context, project.error());
  return Development(context, std::move(*project), flags).run();
}

}  // namespace

void add_dev_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("dev", "Serve the API locally, reloading on every change");
  command->group(group::start);
  const auto flags = std::make_shared<ServingFlags>();
  add_serving_flags(*command, *flags, dev_port);
  command->footer(
      "tenon dev                                # the local database, or the configured one\n"
      "tenon dev --url postgresql://localhost/shop");
  command->callback([&context, flags] { context.exit = dev(context, *flags); });
}

}  // namespace tenon::cli
