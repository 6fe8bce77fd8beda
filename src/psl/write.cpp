#include "psl/write.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "psl/layout.h"
#include "psl/lexer.h"
#include "psl/model_facts.h"
#include "psl/names.h"
#include "psl/order.h"
#include "psl/write_blocks.h"

namespace tenon::psl {

using namespace catalog;

namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

std::string config_block(std::string_view keyword, const std::string& name, const Properties& properties) {
  std::string out = fmt::format("{} {} {{\n", keyword, name);
  std::vector<Row> rows;
  for (const auto& [key, value] : properties)
    rows.push_back({.cells = {key, value.empty() ? "=" : "= " + value}});
  append_rows(out, rows);
  return out + "}\n";
}

std::string string_list(const auto& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(encode_string(text));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

std::string extension_item(const DeclaredExtension& extension) {
  std::vector<std::string> arguments;
  if (!extension.database_name.empty())
    arguments.push_back(fmt::format("map: {}", encode_string(extension.database_name)));
  if (!extension.version.empty())
    arguments.push_back(fmt::format("version: {}", encode_string(extension.version)));
  if (!extension.schema.empty())
    arguments.push_back(fmt::format("schema: {}", encode_string(extension.schema)));
  return arguments.empty() ? extension.name
                           : fmt::format("{}({})", extension.name, fmt::join(arguments, ", "));
}

void set_property(Properties& properties, const std::string& key, std::string value) {
  const auto found = std::ranges::find(properties, key, &std::pair<std::string, std::string>::first);
  if (found != properties.end())
    found->second = std::move(value);
  else
    properties.emplace_back(key, std::move(value));
}

void remove_property(Properties& properties, std::string_view key) {
  std::erase_if(properties, [&](const auto& property) { return property.first == key; });
}

class Writer {
 public:
  Writer(const Catalog& catalog, const WriteOptions& options) : catalog_(catalog), options_(options) {}

  std::string run() {
    schemas_ = options_.datasource.schemas;
    if (schemas_.empty()) schemas_ = needed_schemas();
    style_ = {.names_schemas = !schemas_.empty(), .datasource_name = options_.datasource.name};
    extensions_ = listed_extensions();
    generators();
    datasource();
    for (const bool views : {false, true})
      for (const TableId id : ordered_tables(catalog_)) {
        const Table& table = catalog_[id];
        if (table.model_name.empty() || !is_pulled(table) || table.is_view() != views) continue;
        if (table.is_view() && table.columns.empty()) continue;
        add(model_block(catalog_, id, style_));
      }
    for (const EnumId id : ordered_enums(catalog_))
      if (!catalog_[id].enum_name.empty()) add(enum_block(catalog_, id, style_));
    return std::move(out_);
  }

 private:
  void add(const std::string& block) {
    if (!out_.empty()) out_ += '\n';
    out_ += block;
  }

  // Schemas that must be named: all, unless everything is in the one that a connection uses by itself.
  std::vector<std::string> needed_schemas() const {
    if (catalog_.engine != Engine::postgresql) return {};
    std::set<std::string> used;
    for (const Table& table : catalog_.tables)
      if (!table.model_name.empty() || table.implicit_link) used.insert(catalog_[table.schema].name);
    for (const Enum& row : catalog_.enums)
      if (!row.enum_name.empty()) used.insert(catalog_[row.schema].name);
    if (used.empty() || (used.size() == 1 && *used.begin() == "public")) return {};
    return {used.begin(), used.end()};
  }

  std::vector<DeclaredExtension> listed_extensions() const {
    std::vector<DeclaredExtension> listed;
    const std::vector<DeclaredExtension>& declared = options_.datasource.extensions;
    for (const DeclaredExtension& extension : declared)
      if (std::ranges::find(catalog_.extensions, database_name(extension), &Extension::name) !=
          catalog_.extensions.end())
        listed.push_back(extension);
    if (!options_.list_extensions) return listed;
    for (const Extension& extension : catalog_.extensions) {
      if (extension.name == "plpgsql" ||
          std::ranges::find(declared, extension.name, database_name) != declared.end())
        continue;
      const std::string name = sanitized_name(extension.name);
      listed.push_back({.name = name,
                        .database_name = name == extension.name ? "" : extension.name,
                        .version = {},
                        .schema = extension.schema});
    }
    return listed;
  }

  static const std::string& database_name(const DeclaredExtension& extension) {
    return extension.database_name.empty() ? extension.name : extension.database_name;
  }

  // Preview features without which Prisma refuses what is written here.
  std::set<std::string> needed_features() const {
    std::set<std::string> features;
    for (const Table& table : catalog_.tables)
      if (table.kind == TableKind::view && !table.model_name.empty() && !table.columns.empty())
        features.insert("views");
    for (const Index& index : catalog_.indexes)
      if (!index.predicate.empty() && is_expressible(catalog_, index)) features.insert("partialIndexes");
    if (!extensions_.empty()) features.insert("postgresqlExtensions");
    return features;
  }

  void generators() {
    std::vector<Generator> generators = options_.generators;
    if (std::set<std::string> features = needed_features(); !features.empty()) {
      if (generators.empty()) generators = WriteOptions().generators;
      add_features(generators.front(), std::move(features));
    }
    for (const Generator& generator : generators)
      add(config_block("generator", generator.name, generator.properties));
  }

  static void add_features(Generator& generator, std::set<std::string> features) {
    const auto found = std::ranges::find(generator.properties, std::string("previewFeatures"),
                                         &std::pair<std::string, std::string>::first);
    const std::vector<Token> tokens =
        found == generator.properties.end() ? std::vector<Token>() : tokenize(found->second);
    const std::size_t needed = features.size();
    std::size_t present = 0;
    for (const Token& token : tokens) {
      if (token.kind != TokenKind::string) continue;
      const std::string feature =
          decode_string(std::string_view(found->second).substr(token.begin, token.end - token.begin));
      if (features.contains(feature)) ++present;
      features.insert(feature);
    }
    if (present < needed) set_property(generator.properties, "previewFeatures", string_list(features));
  }

  void datasource() {
    const Datasource& source = options_.datasource;
    Properties properties = source.properties;
    if (properties.empty())
      properties.emplace_back("provider", catalog_.engine == Engine::mysql ? "\"mysql\"" : "\"postgresql\"");
    if (!schemas_.empty() && source.schemas.empty())
      set_property(properties, "schemas", string_list(schemas_));
    if (extensions_.empty()) {
      remove_property(properties, "extensions");
    } else if (extensions_.size() != source.extensions.size() || source.properties.empty()) {
      std::vector<std::string> items;
      for (const DeclaredExtension& extension : extensions_) items.push_back(extension_item(extension));
      set_property(properties, "extensions", fmt::format("[{}]", fmt::join(items, ", ")));
    }
    add(config_block("datasource", source.name, properties));
  }

  const Catalog& catalog_;
  const WriteOptions& options_;
  std::vector<std::string> schemas_;
  std::vector<DeclaredExtension> extensions_;
  BlockStyle style_;
  std::string out_;
};

}  // namespace

std::string write_schema(const Catalog& catalog, const WriteOptions& options,
                         base::Diagnostics& diagnostics) {
  warn_about_losses(catalog, diagnostics);
  return Writer(catalog, options).run();
}

}  // namespace tenon::psl
