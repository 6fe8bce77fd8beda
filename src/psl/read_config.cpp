#include "psl/read_config.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "psl/attribute_reader.h"

namespace tenon::psl {

namespace {

using base::code::schema_invalid;

std::string property_text(const base::SourceSet& sources, const Property& property) {
  return property.value ? std::string(sources.text(property.value->span)) : std::string();
}

class DatasourceReader {
 public:
  DatasourceReader(const base::SourceSet& sources, const Block& block, base::Diagnostics& diagnostics)
      : sources_(sources), block_(block), diagnostics_(diagnostics) {}

  std::optional<Datasource> run() {
    source_.name = block_.name.text;
    bool known_provider = false;
    std::set<std::string_view> seen;
    for (const Property& property : block_.properties) {
      if (!seen.insert(property.key.text).second)
        error(fmt::format("Key \"{}\" is already defined in datasource \"{}\".", property.key.text,
                          block_.name.text),
              property.span);
      source_.properties.emplace_back(property.key.text, property_text(sources_, property));
      if (property.key.text == "provider")
        known_provider = provider(property);
      else
        read(property);
    }
    if (!seen.contains("provider"))
      error(fmt::format("Argument \"provider\" is missing in data source block \"{}\".", block_.name.text),
            block_.span);
    if (source_.engine == catalog::Engine::mysql && !source_.schemas.empty())
      error("The `schemas` property is not supported on the current connector.", block_.span);
    if (!known_provider) return std::nullopt;
    return std::move(source_);
  }

 private:
  void error(std::string message, const base::Span& span) {
    diagnostics_.error(schema_invalid, std::move(message), span);
  }

  bool provider(const Property& property) {
    if (!property.value || property.value->kind != Expression::Kind::string) {
      error("A datasource must not use the env() function in the provider argument.", property.span);
      return false;
    }
    source_.provider = property.value->text;
    if (source_.provider == "postgresql" || source_.provider == "postgres") return true;
    if (source_.provider == "mysql") {
      source_.engine = catalog::Engine::mysql;
      return true;
    }
    constexpr std::string_view others[] = {"sqlite", "sqlserver", "cockroachdb", "mongodb"};
    if (source_.provider.empty())
      error("The provider argument in a datasource must not be empty", property.span);
    else if (std::ranges::find(others, source_.provider) == std::end(others))
      error(fmt::format("Datasource provider not known: \"{}\".", source_.provider), property.value->span);
    else
      diagnostics_.error(
          base::code::schema_provider_unsupported,
          fmt::format("Tenon does not work with databases of the provider \"{}\".", source_.provider),
          property.value->span, "Use \"postgresql\" or \"mysql\".");
    return false;
  }

  void read(const Property& property) {
    const std::string_view key = property.key.text;
    if (key == "url")
      source_.url = url(property);
    else if (key == "directUrl")
      source_.direct_url = url(property);
    else if (key == "shadowDatabaseUrl")
      source_.shadow_url = url(property);
    else if (key == "relationMode" || key == "referentialIntegrity")
      relation_mode(property);
    else if (key == "schemas")
      schemas(property);
    else if (key == "extensions")
      extensions(property);
    else
      error(fmt::format("Property not known: \"{}\".", key), property.span);
  }

  UrlSource url(const Property& property) {
    UrlSource found;
    if (!property.value) return found;
    const Expression& value = *property.value;
    if (value.kind == Expression::Kind::string) {
      found.text = base::Secret(value.text);
    } else if (value.kind == Expression::Kind::function && value.text == "env" &&
               value.arguments.size() == 1 && value.arguments[0].value &&
               value.arguments[0].value->kind == Expression::Kind::string) {
      found.environment = value.arguments[0].value->text;
    } else {
      error(fmt::format("Expected a String value, but found `{}`.", describe(value)), value.span);
    }
    return found;
  }

  void relation_mode(const Property& property) {
    const std::string mode = property.value ? property.value->text : std::string();
    if (mode == "prisma")
      source_.relation_mode = RelationMode::prisma;
    else if (mode != "foreignKeys")
      error(fmt::format(
                "Error validating datasource `{}`: Invalid relation mode setting: \"{}\". Supported values: "
                "\"prisma\", \"foreignKeys\"",
                block_.name.text, mode),
            property.span);
  }

  void schemas(const Property& property) {
    if (!property.value || property.value->kind != Expression::Kind::array || property.value->items.empty()) {
      error("If provided, the schemas array can not be empty.", property.span);
      return;
    }
    for (const Expression& item : property.value->items) {
      if (item.kind != Expression::Kind::string)
        error(fmt::format("Expected a String value, but found `{}`.", describe(item)), item.span);
      else if (std::ranges::find(source_.schemas, item.text) != source_.schemas.end())
        error("Duplicated schema names are not allowed", item.span);
      else
        source_.schemas.push_back(item.text);
    }
  }

  void extensions(const Property& property) {
    if (!property.value) return error("Expected an Array value.", property.span);
    // A single extension may stand without its brackets.
    const std::vector<Expression> single{*property.value};
    for (const Expression& item :
         property.value->kind == Expression::Kind::array ? property.value->items : single) {
      DeclaredExtension extension{.name = item.text, .database_name = {}, .version = {}, .schema = {}};
      for (const Argument& argument : item.arguments) {
        const std::string_view name = argument.name ? argument.name->text : "";
        if (!argument.value) continue;
        if (name == "map")
          extension.database_name = argument.value->text;
        else if (name == "version")
          extension.version = argument.value->text;
        else if (name == "schema")
          extension.schema = argument.value->text;
        else
          error("No such argument.", argument.span);
      }
      if (item.kind != Expression::Kind::constant && item.kind != Expression::Kind::function)
        error(fmt::format("Expected a constant or function value, but found `{}`.", describe(item)),
              item.span);
      else
        source_.extensions.push_back(std::move(extension));
    }
  }

  const base::SourceSet& sources_;
  const Block& block_;
  base::Diagnostics& diagnostics_;
  Datasource source_;
};

}  // namespace

std::optional<Datasource> read_datasource(const base::SourceSet& sources,
                                          const std::vector<const Block*>& blocks,
                                          base::Diagnostics& diagnostics) {
  if (blocks.empty()) {
    diagnostics.error(schema_invalid, "Error validating: The schema has no datasource block.", {},
                      "Add one: datasource db { provider = \"postgresql\" }, each on a line of its own.");
    return std::nullopt;
  }
  for (std::size_t i = 1; i < blocks.size(); ++i)
    diagnostics.error(
        schema_invalid,
        fmt::format("Error validating datasource `{}`: You defined more than one datasource. This is "
                    "not allowed yet because support for multiple databases has not been implemented "
                    "yet.",
                    blocks[i]->name.text),
        blocks[i]->span);
  return DatasourceReader(sources, *blocks.front(), diagnostics).run();
}

Generator read_generator(const base::SourceSet& sources, const Block& block, base::Diagnostics& diagnostics) {
  Generator generator{.name = std::string(block.name.text), .properties = {}};
  for (const Property& property : block.properties)
    generator.properties.emplace_back(property.key.text, property_text(sources, property));
  const bool has_provider = std::ranges::any_of(
      block.properties, [](const Property& property) { return property.key.text == "provider"; });
  if (!has_provider)
    diagnostics.error(
        schema_invalid,
        fmt::format("Argument \"provider\" is missing in generator block \"{}\".", block.name.text),
        block.span);
  return generator;
}

}  // namespace tenon::psl
