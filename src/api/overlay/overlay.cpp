#include "api/overlay/overlay.h"

#include <algorithm>
#include <array>
#include <deque>
#include <span>

#include <fmt/format.h>

#include "api/overlay/file.h"
#include "api/overlay/models.h"
#include "api/overlay/operations.h"
#include "api/overlay/relations.h"
#include "api/overlay/rules.h"
#include "api/overlay/types.h"
#include "base/suggestion.h"

namespace tenon::api {

namespace {

using base::Diagnostics;

// Directives that mean something on a model, and on the field of a column.
constexpr auto model_directives = std::to_array<std::string_view>({"auth", "model", "refersTo"});
constexpr auto column_directives =
    std::to_array<std::string_view>({"auth", "refersTo", "hidden", "default", "primaryKey", "index"});
// Of Amplify's, what there is nothing to do for here.
constexpr auto unsupported_directives = std::to_array<std::string_view>(
    {"manyToMany", "searchable", "function", "http", "predictions", "mapsTo", "connection", "validate"});

constexpr std::array<std::string_view, 3> root_names{"Query", "Mutation", "Subscription"};

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
  OverlayReader(const catalog::Catalog& catalog, const base::SourceSet& sources, const OverlayFiles& files,
                Diagnostics& diagnostics)
      : catalog_(std::make_shared<catalog::Catalog>(catalog)),
        sources_(sources),
        files_(files),
        diagnostics_(diagnostics) {}

  NamedOverlay read();

 private:
  struct Root {
    const OverlayFile* file;
    const graphql::TypeSystemDefinition* type;
    graphql::OperationKind kind;
  };

  void sort_definitions(const OverlayFile& file);
  void sort_definition(const OverlayFile& file, const graphql::TypeSystemDefinition& type);
  void models();
  void model(const ModelPart& part);
  void directive(const ModelPart& part, const graphql::Directive& directive);
  void unknown(const OverlayFile& file, const graphql::Directive& directive,
               std::span<const std::string_view> known);
  void rules(const ModelPart& part, const graphql::Directive& auth);
  void field(const ModelPart& part, const graphql::FieldDefinition& field);
  void relation(const ModelPart& part, const graphql::FieldDefinition& field);
  void column(const ModelPart& part, const graphql::FieldDefinition& field);
  void mark_identities(const std::vector<policy::Rule>& rules);
  void field_rules(const ModelPart& part, const graphql::FieldDefinition& field, catalog::ColumnId column,
                   const graphql::Directive& auth);
  void operations();

  std::shared_ptr<catalog::Catalog> catalog_;
  const base::SourceSet& sources_;
  const OverlayFiles& files_;
  Diagnostics& diagnostics_;
  Overlay overlay_;
  std::deque<OverlayFile> parsed_;
  std::vector<ModelPart> parts_;
  std::vector<Root> roots_;
  OwnTypes types_;
  std::vector<bool> seen_;             // by table: has an @auth already
  std::vector<bool> closed_;           // likewise: something about it is wrong
  std::vector<ModelAccess> disabled_;  // likewise: operations that @model takes away
  std::vector<std::string_view> model_names_;
};

void OverlayReader::sort_definitions(const OverlayFile& file) {
  using Kind = graphql::DefinitionReference::Kind;
  const graphql::Document& document = file.document();
  for (const graphql::DefinitionReference& reference : document.definitions) {
    if (reference.kind == Kind::type_system) {
      sort_definition(file, document.type_system[reference.index]);
      continue;
    }
    const graphql::Offset at = reference.kind == Kind::operation ? document.operations[reference.index].offset
                                                                 : document.fragments[reference.index].offset;
    diagnostics_.error(base::code::overlay_syntax,
                       "An overlay holds type definitions, not operations or fragments.", file.at(at),
                       "write, for example: extend type Post @auth(rules: [{ allow: public }])");
  }
}

void OverlayReader::sort_definition(const OverlayFile& file, const graphql::TypeSystemDefinition& type) {
  const auto root = std::ranges::find(root_names, type.name.text);
  if (type.kind == graphql::DefinitionKind::object && root != root_names.end()) {
    roots_.push_back({&file, &type, static_cast<graphql::OperationKind>(root - root_names.begin())});
    return;
  }
  if (!is_model_definition(*catalog_, file, type)) return read_type(file, type, types_, diagnostics_);
  const bool is_declared = type.extension || file.directive(type.directives, "model") != nullptr ||
                           file.directive(type.directives, "refersTo") != nullptr;
  if (is_declared) {
    parts_.push_back({.file = &file, .type = &type, .table = {}});
    return;
  }
  diagnostics_.error(base::code::overlay_syntax,
                     fmt::format("The model {} comes from its table.", type.name.text), file.span(type.name),
                     fmt::format("write: extend type {} …", type.name.text));
  closed_[catalog_->find_model(type.name.text)->value] = true;
}

// Anything that is wrong with a part of a model closes the model.
void OverlayReader::models() {
  for (const catalog::Table& table : catalog_->tables)
    if (is_model(table)) model_names_.push_back(table.model_name);
  for (const ModelPart& part : parts_) {
    const std::size_t before = diagnostics_.error_count();
    model(part);
    if (diagnostics_.error_count() > before) closed_[part.table.value] = true;
  }
}

void OverlayReader::model(const ModelPart& part) {
  const graphql::Document& document = part.file->document();
  if (!part.type->interfaces.empty())
    diagnostics_.error(base::code::overlay_invalid_rule, "Interfaces of models are not supported yet.",
                       part.file->span(document.names[part.type->interfaces.first]));
  for (std::uint32_t i = 0; i < part.type->fields.count; ++i)
    field(part, document.fields[part.type->fields.first + i]);
  for (std::uint32_t i = 0; i < part.type->directives.count; ++i)
    directive(part, document.directives[part.type->directives.first + i]);
}

void OverlayReader::unknown(const OverlayFile& file, const graphql::Directive& directive,
                            std::span<const std::string_view> known) {
  const std::string_view name = directive.name.text;
  const bool amplify = std::ranges::find(unsupported_directives, name) != unsupported_directives.end();
  const auto elsewhere = [&](std::span<const std::string_view> other) {
    return std::ranges::find(other, name) != other.end();
  };
  if (amplify)
    diagnostics_.error(base::code::overlay_invalid_rule, fmt::format("@{} is not supported.", name),
                       file.span(directive));
  else if (elsewhere(model_directives) || elsewhere(column_directives) || is_relation_directive(name))
    diagnostics_.error(base::code::overlay_unknown_directive, fmt::format("@{} is not supported here.", name),
                       file.span(directive));
  else
    diagnostics_.error(base::code::overlay_unknown_directive, fmt::format("There is no directive @{}.", name),
                       file.span(directive), base::did_you_mean(name, known));
}

void OverlayReader::directive(const ModelPart& part, const graphql::Directive& directive) {
  const std::string_view name = directive.name.text;
  if (name == "auth") return rules(part, directive);
  if (name == "model")
    return read_model_directive(*part.file, directive, disabled_[part.table.value], diagnostics_);
  if (name == "refersTo" || is_mode_directive(name)) return;
  unknown(*part.file, directive, model_directives);
}

void OverlayReader::rules(const ModelPart& part, const graphql::Directive& auth) {
  const catalog::TableId table = part.table;
  auto rules = read_rules(*part.file, auth, {.catalog = catalog_.get(), .table = table}, diagnostics_);
  if (seen_[table.value]) {
    rules.reset();
    diagnostics_.error(base::code::overlay_invalid_rule,
                       fmt::format("{} has rules already.", (*catalog_)[table].model_name),
                       part.file->span(auth), "put all rules of a model into one @auth");
  }
  seen_[table.value] = true;
  if (rules) mark_identities(*rules);
  if (rules) overlay_.rules[table.value].rules = *std::move(rules);
}

// Owner fields of Amplify show what is behind the last `::` (section 4.3 of its contract).
void OverlayReader::mark_identities(const std::vector<policy::Rule>& rules) {
  for (const policy::Rule& rule : rules)
    if (rule.allow == policy::Allow::owner && rule.field && rule.identity_claims.size() != 1)
      (*catalog_)[*rule.field].joined_identity = true;
}

void OverlayReader::field(const ModelPart& part, const graphql::FieldDefinition& field) {
  if (is_relation(*part.file, field))
    relation(part, field);
  else
    column(part, field);
}

void OverlayReader::relation(const ModelPart& part, const graphql::FieldDefinition& field) {
  const auto same = [&](const OverlayRelation& one) {
    return one.table == part.table && one.field == field.name.text;
  };
  if (std::ranges::any_of(overlay_.relations, same)) {
    diagnostics_.error(
        base::code::overlay_invalid_relation,
        fmt::format("{} has a relation {} already.", (*catalog_)[part.table].model_name, field.name.text),
        part.file->span(field.name));
    return;
  }
  auto relation = read_relation(*catalog_, part.table, *part.file, field, model_names_, diagnostics_);
  // What a foreign key gives has its name already.
  if (relation && !foreign_key_of(*catalog_, *relation)) overlay_.relations.push_back(*std::move(relation));
}

void OverlayReader::column(const ModelPart& part, const graphql::FieldDefinition& field) {
  const OverlayFile& file = *part.file;
  const auto column = catalog_->find_field(part.table, field.name.text);
  if (!column) return;  // what is wrong was said when names were given
  const std::string owner = fmt::format("{}.{}", (*catalog_)[part.table].model_name, field.name.text);
  for (std::uint32_t i = 0; i < field.directives.count; ++i) {
    const graphql::Directive& directive = file.document().directives[field.directives.first + i];
    const std::string_view name = directive.name.text;
    if (name == "auth")
      field_rules(part, field, *column, directive);
    else if (name == "default" || name == "primaryKey")
      check_column_directive(*catalog_, file, directive, *column, diagnostics_);
    else if (name == "index")
      diagnostics_.warning(base::code::overlay_invalid_field,
                           fmt::format("@index on {} does nothing: filters and orderBy use what indexes the "
                                       "database has.",
                                       owner),
                           file.span(directive));
    else if (std::ranges::find(column_directives, name) == column_directives.end())
      unknown(file, directive, column_directives);
  }
  if (part.type->extension && field.directives.empty() && (*catalog_)[*column].scalar.empty())
    diagnostics_.error(base::code::overlay_invalid_rule,
                       fmt::format("{} comes from its table, and nothing is added to it.", owner),
                       file.span(field.name), "write @auth(rules: […]) behind it, or leave it out");
}

void OverlayReader::field_rules(const ModelPart& part, const graphql::FieldDefinition& field,
                                catalog::ColumnId column, const graphql::Directive& auth) {
  const RuleSubject subject{.kind = RuleSubject::Kind::field, .catalog = catalog_.get(), .table = part.table};
  auto rules = read_rules(*part.file, auth, subject, diagnostics_);
  policy::ModelRules& all = overlay_.rules[part.table.value];
  if (all.of_field(column) != nullptr) {
    rules.reset();
    diagnostics_.error(
        base::code::overlay_invalid_rule,
        fmt::format("{}.{} has rules already.", (*catalog_)[part.table].model_name, field.name.text),
        part.file->span(auth), "put all rules of a field into one @auth");
  }
  if (rules) mark_identities(*rules);
  if (rules)
    all.fields.push_back({.column = column,
                          .rules = *std::move(rules),
                          .optional = !part.file->type(field).wrappers.starts_with('!')});
}

void OverlayReader::operations() {
  check_own_types(*catalog_, types_, diagnostics_);
  OperationContext context{.catalog = *catalog_,
                           .types = types_,
                           .sources = sources_,
                           .statements = files_.statements,
                           .operations = overlay_.operations,
                           .diagnostics = diagnostics_};
  for (const Root& root : roots_) read_operations(context, *root.file, *root.type, root.kind);
}

NamedOverlay OverlayReader::read() {
  const std::size_t tables = catalog_->tables.size();
  overlay_.rules.resize(tables);
  seen_.resize(tables);
  closed_.resize(tables);
  disabled_.resize(tables);
  for (const base::SourceId id : files_.definitions)
    if (auto file = OverlayFile::parse(id, sources_.text(id), diagnostics_))
      parsed_.push_back(*std::move(file));
  for (const OverlayFile& file : parsed_) sort_definitions(file);
  std::vector<bool> broken(tables);
  apply_models(*catalog_, types_, parts_, broken, diagnostics_);
  models();
  add_enums(*catalog_, types_);
  operations();
  for (std::uint32_t i = 0; i < tables; ++i) {
    if (closed_[i] || broken[i]) overlay_.rules[i] = {};
    overlay_.access.push_back(access_of(overlay_.rules[i]).without(disabled_[i]));
  }
  // Those of operations, which nobody reaches as such.
  overlay_.rules.resize(catalog_->tables.size());
  overlay_.access.resize(catalog_->tables.size());
  overlay_.scalars = std::move(types_.scalars);
  overlay_.types = std::move(types_.types);
  return {.catalog = std::move(catalog_), .overlay = std::move(overlay_)};
}

}  // namespace

const OverlayScalar* Overlay::find_scalar(std::string_view name) const {
  const auto found = std::ranges::find(scalars, name, &OverlayScalar::name);
  return found == scalars.end() ? nullptr : &*found;
}

NamedOverlay read_overlay(const catalog::Catalog& catalog, const base::SourceSet& sources,
                          const OverlayFiles& files, base::Diagnostics& diagnostics) {
  return OverlayReader(catalog, sources, files, diagnostics).read();
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
        base::code::model_unreachable, fmt::format("{} has no rules: the API does not show it.", name), {},
        fmt::format("to open it, write in api/*.graphql: extend type {} @auth(rules: [{{ allow: "
                    "public }}])",
                    name));
  }
}

}  // namespace tenon::api
