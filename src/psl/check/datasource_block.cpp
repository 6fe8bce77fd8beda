#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/advice.h"
#include "psl/check/configuration_blocks.h"
#include "psl/check/values.h"

namespace tenon::psl {

namespace {

using base::code::schema_invalid;

constexpr std::array<std::string_view, 9> known_keys{"provider",
                                                     "url",
                                                     "directUrl",
                                                     "shadowDatabaseUrl",
                                                     "relationMode",
                                                     "schemas",
                                                     "referentialIntegrity",
                                                     "extensions",
                                                     "previewFeatures"};

class DatasourceReader {
 public:
  DatasourceReader(const Block& block, PrismaCompat compat, base::Diagnostics& diagnostics)
      : block_(block), compat_(compat), diagnostics_(diagnostics) {}

  // The properties in the order in which their errors are reported.
  bool read(Datasource& source) {
    source.name = block_.name.text;
    source.span = block_.span;
    if (!read_provider(source)) return false;
    read_relation_mode(source);
    if (source.connector->provider == Provider::postgresql) read_extensions(source);
    if (!read_urls(source)) return false;
    if (const Property* features = find_property(block_, "previewFeatures"))
      error(
          "Preview features are only supported in the generator block. Please move this field to the "
          "generator block.",
          features->span);
    read_schemas(source);
    check_keys(source);
    return true;
  }

 private:
  void error(std::string message, const base::Span& span, std::string help = {}) {
    diagnostics_.error(schema_invalid, std::move(message), span, std::move(help));
  }

  void source_error(std::string_view name, std::string_view message, const base::Span& span) {
    error(fmt::format("Error validating datasource `{}`: {}", name, message), span);
  }

  bool read_provider(Datasource& source) {
    const Property* const property = find_property(block_, "provider");
    if (property == nullptr) {
      error(fmt::format("Argument \"provider\" is missing in data source block \"{}\".", block_.name.text),
            block_.span);
      return false;
    }
    const Expression& value = *property->value;
    if (value.kind == Expression::Kind::function && value.text == "env") {
      error("A datasource must not use the env() function in the provider argument.", block_.span);
      return false;
    }
    if (value.kind != Expression::Kind::string || value.text.empty()) {
      source_error(block_.name.text,
                   value.kind == Expression::Kind::string
                       ? "The provider argument in a datasource must not be empty"
                       : "The provider argument in a datasource must be a string literal",
                   value.span);
      return false;
    }
    source.provider = value.text;
    source.connector = find_connector(value.text);
    if (source.connector == nullptr) {
      error(fmt::format("Datasource provider not known: \"{}\".", value.text), value.span,
            "Tenon serves \"postgresql\" and \"mysql\"");
      return false;
    }
    return read_engine(source, value.span);
  }

  bool read_engine(Datasource& source, const base::Span& span) {
    const Provider provider = source.connector->provider;
    if (provider == Provider::mysql) source.engine = catalog::Engine::mysql;
    if (provider == Provider::mysql || provider == Provider::postgresql || compat_ != PrismaCompat::none)
      return true;
    diagnostics_.error(
        base::code::schema_provider_unsupported,
        fmt::format("Tenon does not work with databases of the provider \"{}\".", source.provider), span,
        "Use \"postgresql\" or \"mysql\".");
    return false;
  }

  void read_relation_mode(Datasource& source) {
    source.relation_mode = source.connector->relation_modes.front();
    const Property* const old = find_property(block_, "referentialIntegrity");
    const Property* const mode = find_property(block_, "relationMode");
    if (old != nullptr)
      diagnostics_.warning(schema_invalid,
                           "The `referentialIntegrity` attribute is deprecated. Please use `relationMode` "
                           "instead. Learn more at https://pris.ly/d/relation-mode",
                           old->span);
    if (old != nullptr && mode != nullptr) {
      error(
          "The `referentialIntegrity` and `relationMode` attributes cannot be used together. Please use "
          "only `relationMode` instead.",
          old->span);
      return;
    }
    const Property* const property = mode != nullptr ? mode : old;
    if (property == nullptr) return;
    const std::string* const word = expect_string(*property->value, diagnostics_);
    if (word == nullptr) return;
    constexpr std::array<RelationMode, 2> modes{RelationMode::prisma, RelationMode::foreign_keys};
    const auto* const found =
        std::ranges::find(modes, *word, [](RelationMode known) { return to_string(known); });
    if (found == modes.end()) return invalid_relation_mode(*word, modes, block_.span);
    const auto& allowed = source.connector->relation_modes;
    if (std::ranges::find(allowed, *found) == allowed.end())
      return invalid_relation_mode(*word, allowed, property->value->span);
    source.relation_mode = *found;
  }

  void invalid_relation_mode(std::string_view word, std::span<const RelationMode> allowed,
                             const base::Span& span) {
    std::vector<std::string> words;
    words.reserve(allowed.size());
    for (const RelationMode mode : allowed) words.push_back(fmt::format("\"{}\"", to_string(mode)));
    source_error("relationMode",
                 fmt::format("Invalid relation mode setting: \"{}\". Supported values: {}", word,
                             fmt::join(words, ", ")),
                 span);
  }

  // Whether the block has a URL, where it must have one.
  bool read_urls(Datasource& source) {
    if (compat_ == PrismaCompat::v7) {
      refuse_urls();
      return true;
    }
    const Property* const url = find_property(block_, "url");
    if (url == nullptr && compat_ == PrismaCompat::v6) {
      error(fmt::format("Argument \"url\" is missing in data source block \"{}\".", block_.name.text),
            block_.span);
      return false;
    }
    if (url != nullptr) {
      source.url = string_or_environment(*url->value, diagnostics_);
      if (!source.url) return false;
    }
    const Property* const shadow = find_property(block_, "shadowDatabaseUrl");
    const Property* const direct = find_property(block_, "directUrl");
    if (shadow != nullptr) source.shadow_url = string_or_environment(*shadow->value, diagnostics_);
    if (direct != nullptr) source.direct_url = string_or_environment(*direct->value, diagnostics_);
    if (same(source.shadow_url, source.direct_url)) refuse_shadow("directUrl", direct->value->span);
    if (same(source.shadow_url, source.url)) refuse_shadow("url", url->value->span);
    return true;
  }

  static bool same(const std::optional<UrlSource>& shadow, const std::optional<UrlSource>& other) {
    if (!shadow || !other || (shadow->text.empty() && shadow->environment.empty())) return false;
    return shadow->environment == other->environment && shadow->text.equals(other->text.reveal());
  }

  void refuse_shadow(std::string_view key, const base::Span& span) {
    error(fmt::format("shadowDatabaseUrl is the same as {} for datasource \"{}\". Please specify a different "
                      "database as shadow database to avoid data loss.",
                      key, block_.name.text),
          span);
  }

  void refuse_urls() {
    if (const Property* url = find_property(block_, "url"))
      error(
          "The datasource property `url` is no longer supported in schema files. Move connection URLs for "
          "Migrate to `prisma.config.ts` and pass either `adapter` for a direct database connection or "
          "`accelerateUrl` for Accelerate to the `PrismaClient` constructor. See "
          "https://pris.ly/d/config-datasource and https://pris.ly/d/prisma7-client-config",
          url->span);
    for (const std::string_view key : {"directUrl", "shadowDatabaseUrl"})
      if (const Property* property = find_property(block_, key))
        error(fmt::format("The datasource property `{}` is no longer supported in schema files. Move "
                          "connection URLs to `prisma.config.ts`. See https://pris.ly/d/config-datasource",
                          key),
              property->span);
  }

  void read_schemas(Datasource& source) {
    const Property* const property = find_property(block_, "schemas");
    if (property == nullptr) return;
    struct Item {
      std::string_view name;
      base::Span span;
    };
    std::vector<Item> items;
    bool complete = true;
    for (const Expression* value : items_of(*property->value)) {
      if (const std::string* name = expect_string(*value, diagnostics_))
        items.push_back({.name = *name, .span = value->span});
      else
        complete = false;
    }
    if (!complete) return;
    if (items.empty())
      return error("If provided, the schemas array can not be empty.", property->value->span);
    source.schemas_span = property->value->span;
    if (!source.connector->has(Capability::multiple_schemas))
      error("The `schemas` property is not supported on the current connector.", property->value->span);
    for (const Item& item : items) source.schemas.emplace_back(item.name);
    std::ranges::sort(items, {}, [](const Item& item) { return std::pair(item.name, item.span.begin); });
    for (std::size_t i = 1; i < items.size(); ++i)
      if (items[i - 1].name == items[i].name)
        error("Duplicated schema names are not allowed", items[i - 1].span);
  }

  void read_extensions(Datasource& source) {
    const Property* const property = find_property(block_, "extensions");
    if (property == nullptr) return;
    for (const Expression* value : items_of(*property->value)) {
      if (value->kind != Expression::Kind::constant && value->kind != Expression::Kind::function) {
        report_mismatch("constant or function", *value, diagnostics_);
        source.extensions.clear();
        return;
      }
      source.extensions.push_back(read_extension(*value));
    }
    source.extensions_span = property->span;
  }

  DeclaredExtension read_extension(const Expression& value) {
    DeclaredExtension extension{
        .name = value.text, .database_name = {}, .version = {}, .schema = {}, .span = value.span};
    const std::array<std::pair<std::string_view, std::string*>, 3> targets{
        {{"map", &extension.database_name}, {"schema", &extension.schema}, {"version", &extension.version}}};
    std::set<std::string_view> seen;
    for (const Argument& argument : value.arguments) {
      if (!argument.name) {
        error("Error validating: The argument must have a name", argument.span);
        continue;
      }
      const std::string_view name = argument.name->text;
      if (!seen.insert(name).second) {
        error(fmt::format("Error validating: The argument `{}` can only be defined once", name),
              argument.span);
        continue;
      }
      const std::string* const text = argument.value ? expect_string(*argument.value, diagnostics_) : nullptr;
      const auto* const target =
          std::ranges::find(targets, name, &std::pair<std::string_view, std::string*>::first);
      if (target == targets.end())
        error(fmt::format("Argument not known: \"{}\".", name), argument.span);
      else if (text == nullptr)
        error(fmt::format("Error validating: The `{}` argument must be a string literal", name),
              argument.span);
      else
        *target->second = *text;
    }
    return extension;
  }

  void check_keys(const Datasource& source) {
    for (const Property& property : block_.properties) {
      const std::string_view key = property.key.text;
      const bool known = std::ranges::find(known_keys, key) != known_keys.end() &&
                         (key != "extensions" || source.connector->provider == Provider::postgresql);
      if (!known)
        error(fmt::format("Property not known: \"{}\".", key), property.span,
              similar_name_advice(key, known_keys, diagnostics_));
    }
  }

  const Block& block_;
  PrismaCompat compat_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

std::optional<Datasource> read_datasource(const base::SourceSet& sources, const Block& block,
                                          PrismaCompat compat, base::Diagnostics& diagnostics) {
  Datasource source;
  if (!keep_properties(sources, block, source.properties, diagnostics)) return std::nullopt;
  if (!DatasourceReader(block, compat, diagnostics).read(source)) return std::nullopt;
  return source;
}

}  // namespace tenon::psl
