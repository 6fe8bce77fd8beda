#include "psl/read.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "psl/names.h"
#include "psl/parser.h"
#include "psl/reader.h"

namespace tenon::psl {

using namespace catalog;

namespace {

std::string_view keyword(BlockKind kind) {
  switch (kind) {
    case BlockKind::model:
      return "model";
    case BlockKind::view:
      return "view";
    case BlockKind::composite_type:
      return "composite type";
    case BlockKind::enumeration:
      return "enum";
    case BlockKind::datasource:
      return "datasource";
    case BlockKind::generator:
      return "generator";
  }
  return {};
}

const Attribute* find_attribute(const std::vector<Attribute>& attributes, std::string_view name) {
  const auto found = std::ranges::find(attributes, name, [](const Attribute& a) { return a.name.text; });
  return found == attributes.end() ? nullptr : &*found;
}

}  // namespace

void Reader::error(std::string message, const base::Span& span) {
  diagnostics_.error(base::code::schema_invalid, std::move(message), span);
}

void Reader::field_error(const Model& model, const Field& field, std::string_view message) {
  error(fmt::format("Error validating field `{}` in {} `{}`: {}", field.name.text, keyword(model.block->kind),
                    model.block->name.text, message),
        field.span);
}

void Reader::read(const std::vector<Tree>& trees) {
  collect(trees);
  if (diagnostics_.has_errors()) return;
  for (Model& model : models_) read_columns(model);
  if (diagnostics_.has_errors()) return;
  for (Model& model : models_) read_indexes(model);
  read_relations();
}

void Reader::collect(const std::vector<Tree>& trees) {
  Configuration configuration = read_configuration(sources_, trees, PrismaCompat::none, diagnostics_);
  if (!configuration.datasource) return;
  schema_.datasource = std::move(*configuration.datasource);
  schema_.generators = std::move(configuration.generators);
  catalog().engine = schema_.datasource.engine;
  if (schema_.datasource.schemas.empty()) intern_schema(options_.default_schema);
  for (const std::string& name : schema_.datasource.schemas) intern_schema(name);
  for (const DeclaredExtension& extension : schema_.datasource.extensions)
    catalog().extensions.push_back(
        {.name = extension.database_name.empty() ? extension.name : extension.database_name,
         .version = extension.version,
         .schema = extension.schema});
  for (const BlockKind kind :
       {BlockKind::enumeration, BlockKind::model, BlockKind::view, BlockKind::composite_type})
    for (const Tree& tree : trees)
      for (const Block& block : tree.blocks) {
        if (block.kind != kind) continue;
        check_name(block);
        if (kind == BlockKind::enumeration)
          read_enum(block);
        else if (kind == BlockKind::composite_type)
          error(fmt::format("Error validating: Composite types are not supported on {}.",
                            catalog().engine == Engine::mysql ? "MySQL" : "Postgres"),
                block.span);
        else
          declare_model(block);
      }
}

void Reader::check_name(const Block& block) {
  const std::string_view name = block.name.text;
  const bool starts_badly = !((name[0] | 0x20) >= 'a' && (name[0] | 0x20) <= 'z') && !(name[0] & 0x80);
  if (find_scalar(name))
    error(fmt::format("\"{}\" is a reserved scalar type name and cannot be used.", name), block.name.span);
  else if (is_reserved_name(name))
    error(fmt::format(
              "Error validating {0} \"{1}\": The {0} name `{1}` is invalid. It is a reserved name. Please "
              "change it. Read more at https://pris.ly/d/naming-models",
              keyword(block.kind), name),
          block.span);
  else if (starts_badly || name.find('-') != std::string_view::npos)
    error(fmt::format("Error validating: The name of a {} must start with a letter and have no `-`.",
                      keyword(block.kind)),
          block.name.span);
  if (model_ids_.contains(name) || enum_ids_.contains(name))
    error(fmt::format("The {} \"{}\" cannot be defined because a block with that name already exists.",
                      keyword(block.kind), name),
          block.name.span);
}

NamespaceId Reader::intern_schema(std::string_view name) {
  std::vector<Namespace>& schemas = catalog().schemas;
  const auto found = std::ranges::find(schemas, name, &Namespace::name);
  if (found != schemas.end()) return {static_cast<std::uint32_t>(found - schemas.begin())};
  schemas.push_back({.name = std::string(name)});
  return {static_cast<std::uint32_t>(schemas.size() - 1)};
}

NamespaceId Reader::schema_of(const Block& block) {
  const Attribute* attribute = find_attribute(block.attributes, "schema");
  if (attribute == nullptr) {
    if (!schema_.datasource.schemas.empty()) {
      const std::string message = block.kind == BlockKind::enumeration
                                      ? "This enum is missing an `@@schema` attribute."
                                      : fmt::format(
                                            "Error validating {0} \"{1}\": This {0} is missing an `@@schema` "
                                            "attribute.",
                                            keyword(block.kind), block.name.text);
      error(message, block.span);
    }
    return {0};
  }
  AttributeReader reader(*attribute, "@@", {"map"}, diagnostics_);
  const std::string name = reader.string("map").value_or("");
  if (std::ranges::find(schema_.datasource.schemas, name) == schema_.datasource.schemas.end())
    error(
        "This schema is not defined in the datasource. Read more on `@@schema` at "
        "https://pris.ly/d/multi-schema",
        attribute->span);
  return intern_schema(name);
}

std::string Reader::mapped_name(const Block& block) {
  if (const Attribute* attribute = find_attribute(block.attributes, "map")) {
    AttributeReader reader(*attribute, "@@", {"name"}, diagnostics_);
    if (std::optional<std::string> name = reader.string("name")) return *name;
    if (reader.find("name") == nullptr) reader.error("Argument \"name\" is missing.");
  }
  return std::string(block.name.text);
}

void Reader::read_enum(const Block& block) {
  Enum row{.schema = schema_of(block),
           .name = mapped_name(block),
           .values = {},
           .comment = {},
           .enum_name = std::string(block.name.text)};
  std::set<std::string_view> seen;
  for (const EnumMember& member : block.members) {
    EnumValue value{.label = std::string(member.name.text), .value_name = std::string(member.name.text)};
    if (!seen.insert(member.name.text).second)
      error(fmt::format("Value \"{}\" is already defined on enum \"{}\".", member.name.text, block.name.text),
            member.span);
    for (const Attribute& attribute : member.attributes) {
      if (attribute.name.text != "map") {
        error(fmt::format("Attribute not known: \"@{}\".", attribute.name.text), attribute.span);
        continue;
      }
      AttributeReader reader(attribute, "@", {"name"}, diagnostics_);
      value.label = reader.string("name").value_or(value.label);
    }
    row.values.push_back(std::move(value));
  }
  if (row.values.empty()) error("An enum must have at least one value.", block.span);
  for (const Attribute& attribute : block.attributes)
    if (attribute.name.text != "map" && attribute.name.text != "schema")
      error(fmt::format("Attribute not known: \"@@{}\".", attribute.name.text), attribute.span);
  enum_ids_.emplace(block.name.text, EnumId{static_cast<std::uint32_t>(catalog().enums.size())});
  catalog().enums.push_back(std::move(row));
}

void Reader::declare_model(const Block& block) {
  const TableId id{static_cast<std::uint32_t>(catalog().tables.size())};
  Table table;
  table.schema = schema_of(block);
  table.name = mapped_name(block);
  table.kind = block.kind == BlockKind::view ? TableKind::view : TableKind::table;
  table.model_name = block.name.text;
  table.ignored = find_attribute(block.attributes, "ignore") != nullptr;
  for (const Table& other : catalog().tables)
    if (other.schema == table.schema && other.name == table.name)
      error(fmt::format(
                "The {} with database name \"{}\" could not be defined because another model or view with "
                "this name exists: \"{}\"",
                keyword(block.kind), table.name, other.model_name),
            block.span);
  catalog().tables.push_back(std::move(table));
  model_ids_.emplace(block.name.text, static_cast<std::uint32_t>(models_.size()));
  models_.push_back({.block = &block, .table = id, .relation_fields = {}});
}

std::optional<Schema> read_schema(const base::SourceSet& sources, std::span<const base::SourceId> files,
                                  base::Diagnostics& diagnostics, const ReadOptions& options) {
  const std::size_t errors_before = diagnostics.error_count();
  std::vector<Tree> trees;
  for (const base::SourceId file : files) trees.push_back(parse(sources, file, diagnostics));
  if (diagnostics.error_count() > errors_before) return std::nullopt;
  // A diagnostics of its own, so that the caller's earlier errors do not look like errors of these files.
  base::Diagnostics found;
  Reader reader(sources, options, found);
  reader.read(trees);
  for (const base::Diagnostic& diagnostic : found.all()) diagnostics.add(diagnostic);
  if (found.has_errors()) return std::nullopt;
  return reader.take();
}

}  // namespace tenon::psl
