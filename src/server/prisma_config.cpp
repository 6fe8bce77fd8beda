#include "server/prisma_config.h"

#include <fmt/format.h>

#include "server/js_module.h"

namespace tenon::server {

namespace {

using base::code::config_invalid;
using Kind = JsValue::Kind;

constexpr std::string_view readable_forms =
    "Tenon reads this file without running it: texts in quotes, env('NAME'), process.env.NAME ?? '…', "
    "constants of the file made of these, path.join of texts";

class PrismaConfigReader {
 public:
  PrismaConfigReader(const base::SourceSet& sources, base::Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  PrismaConfig run(const JsModule& module, base::SourceId source) {
    PrismaConfig config{.dotenv_files = module.dotenv_files};
    if (module.broken) {
      error("This text, template or comment is not closed.", module.broken_at);
      return config;
    }
    const JsValue& root = module.exported;
    if (root.span == base::Span{}) {
      error("The file exports no configuration.", {source, 0, 0},
            "write: export default defineConfig({ schema: 'prisma/schema.prisma' })");
      return config;
    }
    if (root.is(Kind::dynamic)) {
      config.schema = setting(root, "The configuration", "[schema] path = \"…\"");
      config.url = setting(root, "The configuration", "[database] url = \"env:NAME\"");
      return config;
    }
    if (!root.is(Kind::object)) {
      error("The configuration must be an object.", root.span);
      return config;
    }
    config.schema = read(root, "", "schema", "[schema] path = \"…\"");
    config.url = read(root, "datasource", "url", "[database] url = \"env:NAME\"");
    config.shadow_url = read(root, "datasource", "shadowDatabaseUrl", "[database] shadow_url = \"env:NAME\"");
    config.migrations_path = read(root, "migrations", "path", "[migrations] path = \"…\"");
    config.seed = read(root, "migrations", "seed", "[migrations] seed = \"…\"");
    return config;
  }

 private:
  // The place alone: the line may hold a password.
  void error(std::string_view message, const base::Span& span, std::string help = {}) {
    diagnostics_.error(config_invalid, fmt::format("{}: {}", sources_.place(span), message), {},
                       std::move(help));
  }

  PrismaSetting setting(const JsValue& value, std::string_view name, std::string_view toml) const {
    PrismaSetting found{.text = base::Secret(value.is(Kind::dynamic) ? "" : value.text),
                        .variables = value.names,
                        .place = sources_.place(value.span)};
    if (value.is(Kind::dynamic))
      found.problem = base::Error{
          .code = config_invalid,
          .message = fmt::format("{} is computed ({}), which Tenon cannot know.", name, value.text),
          .help = fmt::format("{}; or write it into tenon.toml: {}", readable_forms, toml),
          .place = found.place};
    return found;
  }

  // The member `key` of `section`, or of the root when that is empty.
  std::optional<PrismaSetting> read(const JsValue& root, std::string_view section, std::string_view key,
                                    std::string_view toml) {
    const JsValue* holder = section.empty() ? &root : member(root, section);
    if (holder == nullptr || holder->is(Kind::undefined)) return std::nullopt;
    const std::string name = section.empty() ? std::string(key) : fmt::format("{}.{}", section, key);
    if (holder->is(Kind::dynamic)) return setting(*holder, name, toml);
    if (!holder->is(Kind::object)) {
      error_once(fmt::format("{} must be an object.", section), holder->span);
      return std::nullopt;
    }
    const JsValue* value = member(*holder, key);
    if (value == nullptr || value->is(Kind::undefined)) return std::nullopt;
    if (value->is(Kind::string) || value->is(Kind::environment) || value->is(Kind::dynamic))
      return setting(*value, name, toml);
    error(fmt::format("{} must be a text.", name), value->span);
    return std::nullopt;
  }

  // What `...other` brings may be any key that the object itself does not have behind it.
  static const JsValue* member(const JsValue& object, std::string_view key) {
    const JsValue* found = nullptr;
    for (const JsMember& member : object.members)
      if (member.name == key || member.name.empty()) found = &member.value;
    return found;
  }

  // A section is read once for each of its keys.
  void error_once(std::string_view message, const base::Span& span) {
    const std::string place = sources_.place(span) + ":";
    for (const base::Diagnostic& known : diagnostics_.all())
      if (known.message.starts_with(place)) return;
    error(message, span);
  }

  const base::SourceSet& sources_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

PrismaConfig read_prisma_config(const base::SourceSet& sources, base::SourceId source,
                                base::Diagnostics& diagnostics) {
  return PrismaConfigReader(sources, diagnostics).run(read_js_module(sources, source), source);
}

}  // namespace tenon::server
