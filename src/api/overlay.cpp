#include "api/overlay.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "api/overlay_relations.h"
#include "api/overlay_rules.h"
#include "base/suggestion.h"
#include "graphql/parser.h"

namespace tenon::api {

namespace {

using base::Diagnostics;
using base::Span;
using graphql::Document;
namespace code = base::code;

// Directives of Amplify's that may stand on a type. Only @auth is acted on so far.
constexpr auto type_directives = std::to_array<std::string_view>({
    "auth",
    "model",
    "refersTo",
    "primaryKey",
    "index",
    "default",
    "hasMany",
    "hasOne",
    "belongsTo",
    "manyToMany",
    "searchable",
    "aws_api_key",
    "aws_iam",
    "aws_oidc",
    "aws_lambda",
    "aws_cognito_user_pools",
    "aws_auth",
});

bool is_model(const catalog::Table& table) {
  return !table.model_name.empty() && !table.ignored && !table.implicit_link;
}

// The byte at a position that the parser named.
std::uint32_t offset_of(std::string_view text, base::LineColumn position) {
  std::uint32_t at = 0;
  for (std::uint32_t line = 1; line < position.line && at < text.size(); ++at)
    if (text[at] == '\n' || (text[at] == '\r' && !text.substr(at + 1).starts_with('\n'))) ++line;
  for (std::uint32_t column = 1; column < position.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

class OverlayReader {
 public:
  OverlayReader(const catalog::Catalog& catalog, Diagnostics& diagnostics)
      : catalog_(catalog), diagnostics_(diagnostics), seen_(catalog.tables.size()) {
    overlay_.access.resize(catalog.tables.size());
    for (const catalog::Table& table : catalog.tables)
      if (is_model(table)) model_names_.push_back(table.model_name);
  }

  void read_file(base::SourceId source, std::string_view text);
  Overlay take() { return std::move(overlay_); }

 private:
  void definition(const Document& document, base::SourceId source,
                  const graphql::DefinitionReference& reference);
  void type_system(const Document& document, base::SourceId source,
                   const graphql::TypeSystemDefinition& type);
  void extension(const Document& document, base::SourceId source, const graphql::TypeSystemDefinition& type);
  void directive(const Document& document, base::SourceId source, catalog::TableId table,
                 const graphql::Directive& directive);
  void field(const Document& document, base::SourceId source, catalog::TableId table,
             const graphql::FieldDefinition& field);
  std::optional<catalog::TableId> find_model(const graphql::Name& name, base::SourceId source);

  static Span span(base::SourceId source, const graphql::Name& name) {
    return {source, name.offset, name.offset + static_cast<std::uint32_t>(name.text.size())};
  }

  const catalog::Catalog& catalog_;
  Diagnostics& diagnostics_;
  Overlay overlay_;
  std::vector<bool> seen_;  // by table: has an @auth already
  std::vector<std::string_view> model_names_;
};

void OverlayReader::read_file(base::SourceId source, std::string_view text) {
  // An overlay is the operator's own file: as large as it needs to be.
  const base::DocumentLimits limits{.bytes_max = std::numeric_limits<std::uint32_t>::max(),
                                    .tokens_max = std::numeric_limits<std::uint32_t>::max()};
  if (text.find_first_not_of(" \t\r\n,") == std::string_view::npos) return;
  const auto document = graphql::parse(std::string(text), limits);
  if (!document) {
    const graphql::Error& error = document.error();
    const std::uint32_t at = error.locations.empty() ? 0 : offset_of(text, error.locations.front());
    diagnostics_.error(code::overlay_syntax, error.message, Span{source, at, at + 1});
    return;
  }
  for (const graphql::DefinitionReference& reference : document->definitions)
    definition(*document, source, reference);
}

void OverlayReader::definition(const Document& document, base::SourceId source,
                               const graphql::DefinitionReference& reference) {
  using Kind = graphql::DefinitionReference::Kind;
  if (reference.kind == Kind::type_system)
    return type_system(document, source, document.type_system[reference.index]);
  const graphql::Offset at = reference.kind == Kind::operation ? document.operations[reference.index].offset
                                                               : document.fragments[reference.index].offset;
  diagnostics_.error(code::overlay_syntax, "An overlay holds type definitions, not operations or fragments.",
                     Span{source, at, at + 1},
                     "write, for example: extend type Post @auth(rules: [{ allow: public }])");
}

void OverlayReader::type_system(const Document& document, base::SourceId source,
                                const graphql::TypeSystemDefinition& type) {
  using graphql::DefinitionKind;
  const Span place =
      type.name.text.empty() ? Span{source, type.offset, type.offset + 1} : span(source, type.name);
  if (type.kind != DefinitionKind::object) {
    diagnostics_.error(
        code::overlay_invalid_rule,
        "Only `extend type` is supported in an overlay; other definitions are not supported yet.", place);
    return;
  }
  const bool is_root =
      type.name.text == "Query" || type.name.text == "Mutation" || type.name.text == "Subscription";
  if (is_root) {
    diagnostics_.error(code::overlay_invalid_rule,
                       fmt::format("Custom operations in `{}` are not supported yet.", type.name.text),
                       place);
    return;
  }
  if (type.extension) return extension(document, source, type);
  if (catalog_.find_model(type.name.text)) {
    diagnostics_.error(code::overlay_syntax,
                       fmt::format("The model {} comes from its table.", type.name.text), place,
                       fmt::format("write: extend type {} …", type.name.text));
  } else {
    diagnostics_.error(code::overlay_invalid_rule,
                       fmt::format("Types of your own ({}) are not supported yet.", type.name.text), place,
                       base::did_you_mean(type.name.text, model_names_));
  }
}

std::optional<catalog::TableId> OverlayReader::find_model(const graphql::Name& name, base::SourceId source) {
  const auto table = catalog_.find_model(name.text);
  if (table && is_model(catalog_[*table])) return table;
  std::string message = fmt::format("There is no model {}.", name.text);
  if (table) message = fmt::format("The model {} is ignored in the schema (@@ignore).", name.text);
  diagnostics_.error(code::overlay_unknown_model, std::move(message), span(source, name),
                     base::did_you_mean(name.text, model_names_));
  return std::nullopt;
}

void OverlayReader::extension(const Document& document, base::SourceId source,
                              const graphql::TypeSystemDefinition& type) {
  const auto table = find_model(type.name, source);
  if (!table) return;
  if (!type.interfaces.empty())
    diagnostics_.error(code::overlay_invalid_rule, "Interfaces of models are not supported yet.",
                       span(source, document.names[type.interfaces.first]));
  for (std::uint32_t i = 0; i < type.fields.count; ++i)
    field(document, source, *table, document.fields[type.fields.first + i]);
  for (std::uint32_t i = 0; i < type.directives.count; ++i)
    directive(document, source, *table, document.directives[type.directives.first + i]);
}

void OverlayReader::field(const Document& document, base::SourceId source, catalog::TableId table,
                          const graphql::FieldDefinition& field) {
  bool is_relation = false;
  for (std::uint32_t i = 0; i < field.directives.count; ++i)
    is_relation =
        is_relation || is_relation_directive(document.directives[field.directives.first + i].name.text);
  const std::string_view model = catalog_[table].model_name;
  if (!is_relation) {
    diagnostics_.error(code::overlay_invalid_rule,
                       fmt::format("Rules for a field ({}.{}) are not supported yet, only relations are.",
                                   model, field.name.text),
                       span(source, field.name), "a relation has @hasMany, @hasOne or @belongsTo");
    return;
  }
  const auto same = [&](const OverlayRelation& one) {
    return one.table == table && one.field == field.name.text;
  };
  if (std::ranges::any_of(overlay_.relations, same)) {
    diagnostics_.error(code::overlay_invalid_relation,
                       fmt::format("{} has a relation {} already.", model, field.name.text),
                       span(source, field.name));
    return;
  }
  if (auto relation = read_relation(catalog_, table, document, source, field, model_names_, diagnostics_))
    overlay_.relations.push_back(*std::move(relation));
}

void OverlayReader::directive(const Document& document, base::SourceId source, catalog::TableId table,
                              const graphql::Directive& directive) {
  const std::string_view name = directive.name.text;
  const Span place{source, directive.offset, directive.name.offset + static_cast<std::uint32_t>(name.size())};
  if (std::ranges::find(type_directives, name) == type_directives.end()) {
    diagnostics_.error(code::overlay_unknown_directive, fmt::format("There is no directive @{}.", name),
                       place, base::did_you_mean(name, type_directives));
    return;
  }
  if (name != "auth") {
    diagnostics_.error(code::overlay_invalid_rule, fmt::format("@{} is not supported yet.", name), place);
    return;
  }
  const auto access = read_rules(document, source, directive, diagnostics_);
  if (seen_[table.value]) {
    overlay_.access[table.value] = {};
    diagnostics_.error(code::overlay_invalid_rule,
                       fmt::format("{} has rules already.", catalog_[table].model_name), place,
                       "put all rules of a model into one @auth");
    return;
  }
  seen_[table.value] = true;
  if (access) overlay_.access[table.value] = *access;
}

}  // namespace

Overlay read_overlay(const catalog::Catalog& catalog, const base::SourceSet& sources,
                     const std::vector<base::SourceId>& files, base::Diagnostics& diagnostics) {
  OverlayReader reader(catalog, diagnostics);
  for (const base::SourceId file : files) reader.read_file(file, sources.text(file));
  return reader.take();
}

Overlay open_overlay(const catalog::Catalog& catalog) {
  Overlay overlay;
  for (const catalog::Table& table : catalog.tables)
    overlay.access.push_back(is_model(table) && !table.is_view() ? ModelAccess::all() : ModelAccess{});
  return overlay;
}

std::vector<catalog::TableId> models_without_rules(const catalog::Catalog& catalog, const Overlay& overlay) {
  std::vector<catalog::TableId> found;
  for (std::uint32_t i = 0; i < catalog.tables.size(); ++i)
    if (is_model(catalog.tables[i]) && !catalog.tables[i].is_view() && !overlay.access[i].any())
      found.push_back(catalog::TableId{i});
  return found;
}

void warn_of_models_without_rules(const catalog::Catalog& catalog, const Overlay& overlay,
                                  base::Diagnostics& diagnostics) {
  for (const catalog::TableId table : models_without_rules(catalog, overlay)) {
    if (!catalog.primary_key(table)) continue;
    const std::string& name = catalog[table].model_name;
    diagnostics.warning(
        code::model_unreachable, fmt::format("{} has no rules: the API does not show it.", name), {},
        fmt::format("to open it, write in api/*.graphql: extend type {} @auth(rules: [{{ allow: "
                    "public }}])",
                    name));
  }
}

}  // namespace tenon::api
