#include "api/overlay.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/overlay_file.h"
#include "api/overlay_relations.h"
#include "api/overlay_rules.h"
#include "base/suggestion.h"

namespace tenon::api {

namespace {

using base::Diagnostics;
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

ModelAccess access_of(const policy::ModelRules& rules) {
  using policy::Operation;
  policy::Operations all;
  for (const policy::Rule& rule : rules.rules) all.add(rule.operations);
  for (const policy::FieldRules& field : rules.fields)
    for (const policy::Rule& rule : field.rules) all.add(rule.operations);
  return {.get = all.has(Operation::get),
          .list = all.has(Operation::list),
          .create = all.has(Operation::create),
          .update = all.has(Operation::update),
          .remove = all.has(Operation::remove)};
}

class OverlayReader {
 public:
  OverlayReader(const catalog::Catalog& catalog, Diagnostics& diagnostics)
      : catalog_(catalog),
        diagnostics_(diagnostics),
        seen_(catalog.tables.size()),
        closed_(catalog.tables.size()) {
    overlay_.rules.resize(catalog.tables.size());
    for (const catalog::Table& table : catalog.tables)
      if (is_model(table)) model_names_.push_back(table.model_name);
  }

  void read_file(const OverlayFile& file);
  Overlay finish();

 private:
  void type_system(const OverlayFile& file, const graphql::TypeSystemDefinition& type);
  void extension(const OverlayFile& file, const graphql::TypeSystemDefinition& type);
  void directive(const OverlayFile& file, catalog::TableId table, const graphql::Directive& directive);
  void field(const OverlayFile& file, catalog::TableId table, const graphql::FieldDefinition& field);
  void column(const OverlayFile& file, catalog::TableId table, const graphql::FieldDefinition& field);
  std::optional<catalog::TableId> find_model(const OverlayFile& file, const graphql::Name& name);

  const catalog::Catalog& catalog_;
  Diagnostics& diagnostics_;
  Overlay overlay_;
  std::vector<bool> seen_;    // by table: has an @auth already
  std::vector<bool> closed_;  // likewise: something about its rules is wrong
  std::vector<std::string_view> model_names_;
};

void OverlayReader::read_file(const OverlayFile& file) {
  using Kind = graphql::DefinitionReference::Kind;
  const graphql::Document& document = file.document();
  for (const graphql::DefinitionReference& reference : document.definitions) {
    if (reference.kind == Kind::type_system) {
      type_system(file, document.type_system[reference.index]);
      continue;
    }
    const graphql::Offset at = reference.kind == Kind::operation ? document.operations[reference.index].offset
                                                                 : document.fragments[reference.index].offset;
    diagnostics_.error(code::overlay_syntax,
                       "An overlay holds type definitions, not operations or fragments.", file.at(at),
                       "write, for example: extend type Post @auth(rules: [{ allow: public }])");
  }
}

void OverlayReader::type_system(const OverlayFile& file, const graphql::TypeSystemDefinition& type) {
  using graphql::DefinitionKind;
  const base::Span place = type.name.text.empty() ? file.at(type.offset) : file.span(type.name);
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
  if (type.extension) return extension(file, type);
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

std::optional<catalog::TableId> OverlayReader::find_model(const OverlayFile& file,
                                                          const graphql::Name& name) {
  const auto table = catalog_.find_model(name.text);
  if (table && is_model(catalog_[*table])) return table;
  std::string message = fmt::format("There is no model {}.", name.text);
  if (table) message = fmt::format("The model {} is ignored in the schema (@@ignore).", name.text);
  diagnostics_.error(code::overlay_unknown_model, std::move(message), file.span(name),
                     base::did_you_mean(name.text, model_names_));
  return std::nullopt;
}

void OverlayReader::extension(const OverlayFile& file, const graphql::TypeSystemDefinition& type) {
  const graphql::Document& document = file.document();
  const auto table = find_model(file, type.name);
  if (!table) return;
  if (!type.interfaces.empty())
    diagnostics_.error(code::overlay_invalid_rule, "Interfaces of models are not supported yet.",
                       file.span(document.names[type.interfaces.first]));
  for (std::uint32_t i = 0; i < type.fields.count; ++i)
    field(file, *table, document.fields[type.fields.first + i]);
  for (std::uint32_t i = 0; i < type.directives.count; ++i)
    directive(file, *table, document.directives[type.directives.first + i]);
}

void OverlayReader::field(const OverlayFile& file, catalog::TableId table,
                          const graphql::FieldDefinition& field) {
  bool is_relation = false;
  for (std::uint32_t i = 0; i < field.directives.count; ++i)
    is_relation = is_relation ||
                  is_relation_directive(file.document().directives[field.directives.first + i].name.text);
  if (!is_relation) return column(file, table, field);
  const auto same = [&](const OverlayRelation& one) {
    return one.table == table && one.field == field.name.text;
  };
  if (std::ranges::any_of(overlay_.relations, same)) {
    diagnostics_.error(
        code::overlay_invalid_relation,
        fmt::format("{} has a relation {} already.", catalog_[table].model_name, field.name.text),
        file.span(field.name));
    return;
  }
  if (auto relation = read_relation(catalog_, table, file, field, model_names_, diagnostics_))
    overlay_.relations.push_back(*std::move(relation));
}

// Rules of a field that the table has.
void OverlayReader::column(const OverlayFile& file, catalog::TableId table,
                           const graphql::FieldDefinition& field) {
  const auto column = catalog_.find_field(table, field.name.text);
  const graphql::Directive* auth = file.directive(field.directives, "auth");
  const std::string& model = catalog_[table].model_name;
  if (!column || auth == nullptr) {
    closed_[table.value] = true;
    std::vector<std::string_view> fields;
    for (const catalog::ColumnId id : catalog_[table].columns) fields.push_back(catalog_[id].field_name);
    diagnostics_.error(
        code::overlay_invalid_rule,
        column ? fmt::format("{}.{} comes from its table: only rules can be added to it.", model,
                             field.name.text)
               : fmt::format("{} has no field {}, and it is no relation.", model, field.name.text),
        file.span(field.name),
        column ? "write @auth(rules: […]) behind it" : base::did_you_mean(field.name.text, fields));
    return;
  }
  const RuleSubject subject{.kind = RuleSubject::Kind::field, .catalog = &catalog_, .table = table};
  auto rules = read_rules(file, *auth, subject, diagnostics_);
  policy::ModelRules& all = overlay_.rules[table.value];
  if (all.of_field(*column) != nullptr) {
    rules.reset();
    diagnostics_.error(code::overlay_invalid_rule,
                       fmt::format("{}.{} has rules already.", model, field.name.text), file.span(*auth),
                       "put all rules of a field into one @auth");
  }
  if (rules)
    all.fields.push_back({.column = *column, .rules = *std::move(rules)});
  else
    closed_[table.value] = true;
}

void OverlayReader::directive(const OverlayFile& file, catalog::TableId table,
                              const graphql::Directive& directive) {
  const std::string_view name = directive.name.text;
  const base::Span place = file.span(directive);
  if (std::ranges::find(type_directives, name) == type_directives.end()) {
    diagnostics_.error(code::overlay_unknown_directive, fmt::format("There is no directive @{}.", name),
                       place, base::did_you_mean(name, type_directives));
    return;
  }
  if (name != "auth") {
    diagnostics_.error(code::overlay_invalid_rule, fmt::format("@{} is not supported yet.", name), place);
    return;
  }
  auto rules = read_rules(file, directive, {.catalog = &catalog_, .table = table}, diagnostics_);
  if (seen_[table.value]) {
    rules.reset();
    diagnostics_.error(code::overlay_invalid_rule,
                       fmt::format("{} has rules already.", catalog_[table].model_name), place,
                       "put all rules of a model into one @auth");
  }
  seen_[table.value] = true;
  if (rules)
    overlay_.rules[table.value].rules = *std::move(rules);
  else
    closed_[table.value] = true;
}

Overlay OverlayReader::finish() {
  for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i) {
    if (closed_[i]) overlay_.rules[i] = {};
    overlay_.access.push_back(access_of(overlay_.rules[i]));
  }
  return std::move(overlay_);
}

}  // namespace

Overlay read_overlay(const catalog::Catalog& catalog, const base::SourceSet& sources,
                     const std::vector<base::SourceId>& files, base::Diagnostics& diagnostics) {
  OverlayReader reader(catalog, diagnostics);
  for (const base::SourceId id : files)
    if (const auto file = OverlayFile::parse(id, sources.text(id), diagnostics)) reader.read_file(*file);
  return reader.finish();
}

Overlay open_overlay(const catalog::Catalog& catalog) {
  Overlay overlay;
  for (const catalog::Table& table : catalog.tables) {
    policy::ModelRules& rules = overlay.rules.emplace_back();
    if (is_model(table) && !table.is_view()) rules.rules.emplace_back();
    overlay.access.push_back(access_of(rules));
  }
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
