#include "api/overlay/models.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "api/overlay/fields.h"
#include "api/overlay/relations.h"
#include "api/values/scalars.h"
#include "base/suggestion.h"
#include "graphql/value_text.h"

namespace tenon::api {

namespace {

using catalog::ColumnId;
using catalog::TableId;
using graphql::FieldDefinition;

class ModelApplier {
 public:
  ModelApplier(catalog::Catalog& catalog, OwnTypes& own, base::Diagnostics& diagnostics)
      : catalog_(catalog), own_(own), diagnostics_(diagnostics), listed_(catalog.columns.size()) {}

  void run(std::vector<ModelPart>& parts, std::vector<bool>& broken);

 private:
  bool find_table(ModelPart& part);
  std::optional<TableId> table_called(std::string_view name) const;
  void rename(const ModelPart& part);
  void fields(const ModelPart& part);
  void column(const ModelPart& part, const FieldDefinition& field);
  std::optional<ColumnId> column_called(TableId table, std::string_view name) const;
  std::optional<ColumnId> find_column(const ModelPart& part, const FieldDefinition& field);
  void set_type(const ModelPart& part, const FieldDefinition& field, ColumnId column);
  bool set_scalar(const ModelPart& part, const FieldDefinition& field, ColumnId column);
  bool set_enum(const ModelPart& part, const FieldDefinition& field, OverlayEnum& own,
                catalog::Column& column);
  bool hide_relation(const ModelPart& part, const FieldDefinition& field);
  void adopt_relations(const ModelPart& part);
  void hide_rest(const ModelPart& part);

  void error(const base::Code& code, const base::Span& place, std::string message, std::string help = {}) {
    diagnostics_.error(code, std::move(message), place, std::move(help));
  }
  std::vector<std::string_view> model_names() const;
  std::vector<std::string_view> column_names(TableId table) const;
  const std::string& model(const ModelPart& part) const { return catalog_[part.table].model_name; }

  catalog::Catalog& catalog_;
  OwnTypes& own_;
  base::Diagnostics& diagnostics_;
  std::vector<bool> listed_;                                   // by column: a definition names it
  std::unordered_map<std::uint32_t, const ModelPart*> whole_;  // by table
  std::set<std::pair<std::uint32_t, bool>> kept_;  // foreign keys that a definition names, forward or not
};

bool is_shown(const catalog::Table& table) {
  return !table.model_name.empty() && !table.ignored && !table.implicit_link;
}

std::vector<std::string_view> ModelApplier::model_names() const {
  std::vector<std::string_view> names;
  for (const catalog::Table& table : catalog_.tables)
    if (is_shown(table)) names.push_back(table.model_name);
  return names;
}

std::vector<std::string_view> ModelApplier::column_names(TableId table) const {
  std::vector<std::string_view> names;
  for (const ColumnId id : catalog_[table].columns) names.push_back(catalog_[id].field_name);
  return names;
}

// By the model's name, or that of the table, with or without its schema.
std::optional<TableId> ModelApplier::table_called(std::string_view name) const {
  if (const auto found = catalog_.find_model(name)) return found;
  for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i) {
    const catalog::Table& table = catalog_.tables[i];
    if (table.name == name || fmt::format("{}.{}", catalog_[table.schema].name, table.name) == name)
      return TableId{i};
  }
  return std::nullopt;
}

bool ModelApplier::find_table(ModelPart& part) {
  const OverlayFile& file = *part.file;
  const graphql::Directive* refers = file.directive(part.type->directives, "refersTo");
  base::Span place = file.span(part.type->name);
  std::string_view name = part.type->name.text;
  if (refers != nullptr) {
    const auto given = text_argument(file, *refers, "name", base::code::overlay_unknown_model, diagnostics_);
    if (!given || !check_arguments(file, *refers, {"name"}, base::code::overlay_unknown_model, diagnostics_))
      return false;
    name = *given;
    place = file.span(*file.argument(*refers, "name"));
  }
  const bool by_table = refers != nullptr || part.is_whole();
  const auto table = by_table ? table_called(name) : catalog_.find_model(name);
  if (table && is_shown(catalog_[*table])) {
    part.table = *table;
    return true;
  }
  std::string message = fmt::format("There is no {} {}.", refers != nullptr ? "table" : "model", name);
  if (table) message = fmt::format("The model {} is ignored in the schema (@@ignore).", name);
  std::vector<std::string_view> names = model_names();
  if (refers != nullptr)
    for (const catalog::Table& one : catalog_.tables) names.push_back(one.name);
  error(base::code::overlay_unknown_model, place, std::move(message), base::did_you_mean(name, names));
  return false;
}

void ModelApplier::rename(const ModelPart& part) {
  catalog::Table& table = catalog_[part.table];
  const std::string_view name = part.type->name.text;
  const auto [other, added] = whole_.emplace(part.table.value, &part);
  if (part.is_whole() && !added)
    return error(base::code::overlay_unknown_model, part.file->span(part.type->name),
                 fmt::format("The table {} is the model {} already.", table.name, table.model_name),
                 "write extend type for what is added to it");
  if (!part.is_whole() && added) whole_.erase(other);
  if (table.model_name == name) return;
  if (catalog_.find_model(name))
    return error(base::code::overlay_unknown_model, part.file->span(part.type->name),
                 fmt::format("There is a model {} already.", name),
                 "give that one another name too, or choose another");
  table.model_name = name;
}

std::optional<ColumnId> ModelApplier::column_called(TableId table, std::string_view name) const {
  if (const auto found = catalog_.find_field(table, name)) return found;
  if (const auto found = catalog_.find_column(table, name)) return found;
  std::optional<ColumnId> only;
  for (const ColumnId id : catalog_[table].columns) {
    if (amplify_field_name(catalog_[id].name) != name) continue;
    if (only) return std::nullopt;
    only = id;
  }
  return only;
}

std::optional<ColumnId> ModelApplier::find_column(const ModelPart& part, const FieldDefinition& field) {
  const OverlayFile& file = *part.file;
  std::string_view name = field.name.text;
  base::Span place = file.span(field.name);
  if (const graphql::Directive* refers = file.directive(field.directives, "refersTo")) {
    const auto given = text_argument(file, *refers, "name", base::code::overlay_invalid_field, diagnostics_);
    if (!given || !check_arguments(file, *refers, {"name"}, base::code::overlay_invalid_field, diagnostics_))
      return std::nullopt;
    name = *given;
    place = file.span(*file.argument(*refers, "name"));
  }
  if (const auto found = column_called(part.table, name)) return found;
  error(base::code::overlay_invalid_field, place, fmt::format("{} has no field {}.", model(part), name),
        base::did_you_mean(name, column_names(part.table)));
  return std::nullopt;
}

void ModelApplier::fields(const ModelPart& part) {
  for (std::uint32_t i = 0; i < part.type->fields.count; ++i) {
    const FieldDefinition& field = part.file->document().fields[part.type->fields.first + i];
    if (!is_relation(*part.file, field) && !hide_relation(part, field)) column(part, field);
  }
}

void ModelApplier::column(const ModelPart& part, const FieldDefinition& field) {
  const OverlayFile& file = *part.file;
  const auto found = find_column(part, field);
  if (!found) return;
  const std::string name(field.name.text);
  const auto taken = catalog_.find_field(part.table, name);
  if (taken && *taken != *found)
    return error(
        base::code::overlay_invalid_field, file.span(field.name),
        fmt::format("{} has a field {} already: the column {}.", model(part), name, catalog_[*taken].name),
        "choose another name");
  if (!field.arguments.empty())
    return error(base::code::overlay_invalid_field,
                 file.span(file.document().input_values[field.arguments.first].name),
                 "The field of a column has no arguments.");
  catalog_[*found].field_name = name;
  listed_[found->value] = true;
  set_type(part, field, *found);
  if (file.directive(field.directives, "hidden") != nullptr) catalog_[*found].ignored = true;
}

// `author: Author @hidden` takes a relation of the foreign keys' away.
bool ModelApplier::hide_relation(const ModelPart& part, const FieldDefinition& field) {
  if (part.file->directive(field.directives, "hidden") == nullptr) return false;
  bool hidden = false;
  for (catalog::ForeignKey& key : catalog_.foreign_keys) {
    for (auto [table, name] :
         {std::pair(key.table, &key.field_name), std::pair(key.target, &key.back_field_name)}) {
      if (table != part.table || *name != field.name.text) continue;
      name->clear();
      hidden = true;
    }
  }
  return hidden;
}

std::string type_name(const catalog::Column& column, const std::string& scalar) {
  const std::size_t depth = column.type.array_dimensions;
  return std::string(depth, '[') + scalar + std::string(depth, ']');
}

void ModelApplier::set_type(const ModelPart& part, const FieldDefinition& field, ColumnId id) {
  const OverlayFile& file = *part.file;
  const graphql::TypeNode& type = file.type(field);
  const catalog::Column& column = catalog_[id];
  const auto lists = std::ranges::count(type.wrappers, '[');
  if (!set_scalar(part, field, id)) return;
  if (lists != column.type.array_dimensions)
    return error(
        base::code::overlay_invalid_field, file.span(type),
        fmt::format("{}.{} is {}.", model(part), field.name.text,
                    column.type.is_array() ? "a list" : "no list"),
        fmt::format("write: {}: {}", field.name.text, type_name(column, std::string(type.name.text))));
  if (type.wrappers.starts_with('!') && column.nullable)
    diagnostics_.warning(base::code::overlay_invalid_field,
                         fmt::format("{}.{} may be null in the database, so it may be null in the API.",
                                     model(part), field.name.text),
                         file.span(type), "leave the ! out, or make the column NOT NULL");
}

// A scalar of AppSync or of the overlay's own, or another name for the column's enum.
bool ModelApplier::set_scalar(const ModelPart& part, const FieldDefinition& field, ColumnId id) {
  const OverlayFile& file = *part.file;
  const std::string_view name = file.type(field).name.text;
  catalog::Column& column = catalog_[id];
  if (name == scalar_name(catalog_, column)) return true;
  if (own_.find_scalar(name) != nullptr) {
    column.scalar = name;
    return true;
  }
  if (OverlayEnum* own = own_.find_enum(name); own != nullptr && column.type.enum_id)
    return set_enum(part, field, *own, column);
  const ScalarFit fits = fit(catalog_, column, name);
  if (fits.kind == ScalarFit::Kind::impossible) {
    const std::string own = scalar_name(catalog_, column);
    error(base::code::overlay_invalid_field, file.span(file.type(field)),
          fmt::format("{}.{} ({}) cannot be shown as {}: {}.", model(part), field.name.text,
                      column.type.native.empty() ? catalog::to_string(column.type.kind) : column.type.native,
                      name, fits.why),
          fmt::format("write: {}: {}", field.name.text, type_name(column, own)));
    return false;
  }
  if (fits.kind == ScalarFit::Kind::lossy)
    diagnostics_.warning(
        base::code::overlay_invalid_field,
        fmt::format("{}.{} is shown as {}: {}.", model(part), field.name.text, name, fits.why),
        file.span(file.type(field)));
  column.scalar = name;
  return true;
}

// The enum of the column gets the overlay's name. MySQL has an enum for each column: those of the same values
// become one.
bool ModelApplier::set_enum(const ModelPart& part, const FieldDefinition& field, OverlayEnum& own,
                            catalog::Column& column) {
  const catalog::EnumId id = own.of.value_or(*column.type.enum_id);
  catalog::Enum& known = catalog_[*column.type.enum_id];
  const auto has = [&](const std::string& value) {
    return std::ranges::any_of(known.values, [&](const catalog::EnumValue& one) {
      return one.label == value || one.value_name == value;
    });
  };
  for (const std::string& value : own.values) {
    if (has(value)) continue;
    error(base::code::overlay_invalid_type, own.span,
          fmt::format("The enum {} has no value {} in the database.", own.name, value),
          fmt::format("its values are those of {}.{}", model(part), field.name.text));
    return false;
  }
  if (id != *column.type.enum_id && catalog_[id].values != known.values) {
    error(base::code::overlay_invalid_field, part.file->span(part.file->type(field)),
          fmt::format("{} is the enum of another column already, with other values.", own.name),
          "define an enum for each");
    return false;
  }
  own.of = id;
  catalog_[id].enum_name = own.name;
  column.type.enum_id = id;
  return true;
}

// A relation that a foreign key stands for is that key under another name.
void ModelApplier::adopt_relations(const ModelPart& part) {
  const std::vector<std::string_view> names = model_names();
  for (std::uint32_t i = 0; i < part.type->fields.count; ++i) {
    const FieldDefinition& field = part.file->document().fields[part.type->fields.first + i];
    if (!is_relation(*part.file, field)) continue;
    base::Diagnostics unheard;  // what is wrong with it is said when it is read
    const auto relation = read_relation(catalog_, part.table, *part.file, field, names, unheard);
    if (!relation) continue;
    if (const auto key = foreign_key_of(catalog_, *relation)) {
      catalog::ForeignKey& found = catalog_[*key];
      const bool forward = relation->kind == OverlayRelation::Kind::belongs_to;
      (forward ? found.field_name : found.back_field_name) = relation->field;
      kept_.emplace(key->value, forward);
    }
  }
}

// A whole definition shows nothing but what it lists; extensions of it may list more.
void ModelApplier::hide_rest(const ModelPart& part) {
  for (const ColumnId id : catalog_[part.table].columns)
    if (!listed_[id.value]) catalog_[id].ignored = true;
  for (std::uint32_t i = 0; i < catalog_.foreign_keys.size(); ++i) {
    catalog::ForeignKey& key = catalog_.foreign_keys[i];
    if (key.table == part.table && !kept_.contains({i, true})) key.field_name.clear();
    if (key.target == part.table && !kept_.contains({i, false})) key.back_field_name.clear();
  }
}

void ModelApplier::run(std::vector<ModelPart>& parts, std::vector<bool>& broken) {
  std::erase_if(parts, [&](ModelPart& part) { return !find_table(part); });
  const auto each = [&](auto apply) {
    for (const ModelPart& part : parts) {
      const std::size_t before = diagnostics_.error_count();
      (this->*apply)(part);
      if (diagnostics_.error_count() > before) broken[part.table.value] = true;
    }
  };
  each(&ModelApplier::rename);
  each(&ModelApplier::fields);
  each(&ModelApplier::adopt_relations);
  for (const ModelPart& part : parts)
    if (part.is_whole()) hide_rest(part);
}

}  // namespace

bool is_relation(const OverlayFile& file, const FieldDefinition& field) {
  for (std::uint32_t i = 0; i < field.directives.count; ++i)
    if (is_relation_directive(file.document().directives[field.directives.first + i].name.text)) return true;
  return false;
}

bool is_model_definition(const catalog::Catalog& catalog, const OverlayFile& file,
                         const graphql::TypeSystemDefinition& type) {
  return type.kind == graphql::DefinitionKind::object &&
         (type.extension || file.directive(type.directives, "model") != nullptr ||
          file.directive(type.directives, "refersTo") != nullptr || catalog.find_model(type.name.text));
}

void apply_models(catalog::Catalog& catalog, OwnTypes& own, std::vector<ModelPart>& parts,
                  std::vector<bool>& broken, base::Diagnostics& diagnostics) {
  ModelApplier(catalog, own, diagnostics).run(parts, broken);
}

}  // namespace tenon::api
