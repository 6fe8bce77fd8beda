#include "api/overlay/relations.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "api/schema/unique_keys.h"
#include "base/suggestion.h"
#include "graphql/name.h"

namespace tenon::api {

namespace {

using graphql::Value;
using graphql::ValueKind;
using RelationKind = OverlayRelation::Kind;

struct DirectiveName {
  std::string_view name;
  RelationKind kind;
};
constexpr auto directives = std::to_array<DirectiveName>({{"hasOne", RelationKind::has_one},
                                                          {"hasMany", RelationKind::has_many},
                                                          {"belongsTo", RelationKind::belongs_to}});

const DirectiveName* find_directive(std::string_view name) {
  const auto* found = std::ranges::find(directives, name, &DirectiveName::name);
  return found == directives.end() ? nullptr : &*found;
}

class RelationReader {
 public:
  RelationReader(const catalog::Catalog& catalog, catalog::TableId table, const OverlayFile& file,
                 const graphql::FieldDefinition& field, base::Diagnostics& diagnostics)
      : catalog_(catalog),
        file_(file),
        document_(file.document()),
        field_(field),
        diagnostics_(diagnostics),
        relation_{.table = table, .field = std::string(field.name.text)} {}

  std::optional<OverlayRelation> read(const std::vector<std::string_view>& models);

 private:
  const graphql::Directive* directive();
  bool check_name();
  bool check_type(const std::vector<std::string_view>& models);
  const Value* references(const graphql::Directive& directive);
  bool find_columns(const graphql::Directive& directive);
  bool find_column(const Value& name);
  bool check_key(const Value& references);

  catalog::TableId holder() const {
    return relation_.kind == RelationKind::belongs_to ? relation_.table : relation_.to;
  }
  catalog::TableId target() const {
    return relation_.kind == RelationKind::belongs_to ? relation_.to : relation_.table;
  }
  const std::string& model(catalog::TableId table) const { return catalog_[table].model_name; }

  template <class Node>
  bool error(const Node& node, std::string message, std::string help = {},
             base::Code code = base::code::overlay_invalid_relation) {
    diagnostics_.error(code, std::move(message), file_.span(node), std::move(help));
    return false;
  }

  const catalog::Catalog& catalog_;
  const OverlayFile& file_;
  const graphql::Document& document_;
  const graphql::FieldDefinition& field_;
  base::Diagnostics& diagnostics_;
  OverlayRelation relation_;
};

// The one directive that says what the field is.
const graphql::Directive* RelationReader::directive() {
  const graphql::Directive* found = nullptr;
  for (std::uint32_t i = 0; i < field_.directives.count; ++i) {
    const graphql::Directive& one = document_.directives[field_.directives.first + i];
    const DirectiveName* known = find_directive(one.name.text);
    if (known == nullptr) {
      error(one.name, fmt::format("@{} is not supported on a relation.", one.name.text));
      return nullptr;
    }
    if (found != nullptr) {
      error(one.name, "A field is one relation only.", "keep one of @hasOne, @hasMany and @belongsTo");
      return nullptr;
    }
    found = &one;
    relation_.kind = known->kind;
  }
  return found;
}

bool RelationReader::check_name() {
  const std::string& name = relation_.field;
  const std::string owner = model(relation_.table);
  if (graphql::is_reserved_name(name))
    return error(field_.name, fmt::format("{} is no name for a field.", name), "begin it with a letter");
  const auto taken = [&](std::string_view by) {
    return error(field_.name, fmt::format("{} has a field {} already: {}.", owner, name, by),
                 "give the relation another name");
  };
  if (catalog_.find_field(relation_.table, name)) return taken("a column");
  const auto own = foreign_key_of(catalog_, relation_);
  for (std::uint32_t i = 0; i < catalog_.foreign_keys.size(); ++i) {
    const catalog::ForeignKey& key = catalog_.foreign_keys[i];
    if (own != catalog::ForeignKeyId{i} && ((key.table == relation_.table && key.field_name == name) ||
                                            (key.target == relation_.table && key.back_field_name == name)))
      return taken(fmt::format("the foreign key {} gives it", key.name));
  }
  if (field_.arguments.empty()) return true;
  return error(document_.input_values[field_.arguments.first].name,
               "A relation is written without arguments.",
               "lists have filter, orderBy, limit and the others by themselves");
}

bool RelationReader::check_type(const std::vector<std::string_view>& models) {
  const graphql::TypeNode& type = document_.types[field_.type];
  const auto to = catalog_.find_model(type.name.text);
  if (!to || std::ranges::find(models, type.name.text) == models.end())
    return error(type, fmt::format("There is no model {}.", type.name.text),
                 base::did_you_mean(type.name.text, models), base::code::overlay_unknown_model);
  relation_.to = *to;
  const auto lists = std::ranges::count(type.wrappers, '[');
  const bool many = relation_.kind == RelationKind::has_many;
  if (!many && type.wrappers.starts_with('!'))
    diagnostics_.warning(
        base::code::overlay_invalid_relation,
        fmt::format("{} may be null: rules can hide the row that it leads to.", relation_.field),
        file_.span(type), fmt::format("write {}, without the !", type.name.text));
  if (lists == (many ? 1 : 0)) return true;
  const std::string wanted = many ? fmt::format("write [{}]", type.name.text)
                                  : fmt::format("write {}, or use @hasMany", type.name.text);
  return error(type.name,
               many ? "@hasMany is a list." : "@hasOne and @belongsTo lead to one row, not to a list.",
               wanted);
}

const Value* RelationReader::references(const graphql::Directive& directive) {
  const Value* found = nullptr;
  for (std::uint32_t i = 0; i < directive.arguments.count; ++i) {
    const graphql::Argument& argument = document_.arguments[directive.arguments.first + i];
    if (argument.name.text != "references") {
      error(argument.name, fmt::format("@{} has no argument {}.", directive.name.text, argument.name.text),
            "its one argument is references: the fields that hold the key");
      return nullptr;
    }
    if (found != nullptr) {
      error(argument.name, "references is given twice.");
      return nullptr;
    }
    found = &document_.values[argument.value];
  }
  if (found == nullptr)
    error(directive.name, fmt::format("@{} needs references.", directive.name.text),
          fmt::format("name the fields of {} that hold the key of {}: references: [\"…\"]", model(holder()),
                      model(target())));
  return found;
}

bool RelationReader::find_column(const Value& name) {
  if (name.kind != ValueKind::string) return error(name, "A reference is the name of a field, in quotes.");
  const auto column = catalog_.find_field(holder(), name.text);
  if (column && !catalog_[*column].ignored) {
    relation_.columns.push_back(*column);
    return true;
  }
  std::vector<std::string_view> fields;
  for (const catalog::ColumnId id : catalog_[holder()].columns)
    if (!catalog_[id].field_name.empty() && !catalog_[id].ignored) fields.push_back(catalog_[id].field_name);
  return error(name, fmt::format("{} has no field {} that could hold a key.", model(holder()), name.text),
               base::did_you_mean(name.text, fields));
}

// One pair of columns for each part of the other side's key.
bool RelationReader::check_key(const Value& references) {
  relation_.target_columns = key_columns(catalog_, target());
  const std::string& owner = model(target());
  if (relation_.target_columns.empty())
    return error(references, fmt::format("{} has no primary key that its rows could be told by.", owner),
                 "add one to the table");
  if (relation_.columns.size() != relation_.target_columns.size())
    return error(references,
                 fmt::format("The key of {} has {} parts, and references names {}.", owner,
                             relation_.target_columns.size(), relation_.columns.size()),
                 "name one field for each part, in the order of the key");
  for (std::size_t i = 0; i < relation_.columns.size(); ++i) {
    if (are_comparable(catalog_, relation_.columns[i], relation_.target_columns[i])) continue;
    const catalog::Column& from = catalog_[relation_.columns[i]];
    const catalog::Column& to = catalog_[relation_.target_columns[i]];
    return error(references,
                 fmt::format("{}.{} ({}) cannot be compared with {}.{} ({}).", model(holder()),
                             from.field_name, from.type.native, owner, to.field_name, to.type.native),
                 "both must be integers, or text, or identifiers of one form (uuid; char(36) or text)");
  }
  if (relation_.kind == RelationKind::has_one && !catalog_.is_unique(holder(), relation_.columns))
    return error(references,
                 fmt::format("Several rows of {} may hold the same key, so there is not one that {} has.",
                             model(holder()), owner),
                 "make the columns unique in the database, or use @hasMany");
  return true;
}

bool RelationReader::find_columns(const graphql::Directive& directive) {
  const Value* references = this->references(directive);
  if (references == nullptr) return false;
  if (references->kind != ValueKind::list) {
    if (!find_column(*references)) return false;
  } else {
    for (std::uint32_t i = 0; i < references->children.count; ++i)
      if (!find_column(document_.values[document_.list_items[references->children.first + i]])) return false;
  }
  return check_key(*references);
}

std::optional<OverlayRelation> RelationReader::read(const std::vector<std::string_view>& models) {
  const graphql::Directive* directive = this->directive();
  if (directive == nullptr || !check_type(models) || !find_columns(*directive) || !check_name())
    return std::nullopt;
  return std::move(relation_);
}

// Columns of one family hold values that are equal when their texts are.
enum class Family : std::uint8_t { none, integer, text, uuid };

Family family_of(const catalog::ColumnType& type) {
  using catalog::TypeKind;
  if (type.is_array()) return Family::none;
  switch (type.kind) {
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
      return Family::integer;
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
      return Family::text;
    case TypeKind::uuid:
      return Family::uuid;
    default:
      return Family::none;
  }
}

constexpr std::uint32_t uuid_length = 36;

bool holds_uuid_text(const catalog::ColumnType& type) {
  return family_of(type) == Family::text && type.length.value_or(uuid_length) >= uuid_length;
}

}  // namespace

std::optional<catalog::ForeignKeyId> foreign_key_of(const catalog::Catalog& catalog,
                                                    const OverlayRelation& relation) {
  const bool forward = relation.kind == RelationKind::belongs_to;
  for (std::uint32_t i = 0; i < catalog.foreign_keys.size(); ++i) {
    const catalog::ForeignKey& key = catalog.foreign_keys[i];
    const bool same_tables = forward ? key.table == relation.table && key.target == relation.to
                                     : key.table == relation.to && key.target == relation.table;
    if (same_tables && key.columns == relation.columns && key.target_columns == relation.target_columns &&
        !catalog[key.table].implicit_link)
      return catalog::ForeignKeyId{i};
  }
  return std::nullopt;
}

bool is_relation_directive(std::string_view name) { return find_directive(name) != nullptr; }

bool are_comparable(const catalog::Catalog& catalog, catalog::ColumnId a, catalog::ColumnId b) {
  const catalog::ColumnType& one = catalog[a].type;
  const catalog::ColumnType& other = catalog[b].type;
  const bool one_database = catalog.database_of(catalog[a].table) == catalog.database_of(catalog[b].table);
  if (one_database)
    return one.kind == other.kind ? one.native == other.native || family_of(one) != Family::none
                                  : family_of(one) != Family::none && family_of(one) == family_of(other);
  const Family family = family_of(one);
  if (family == Family::uuid) return family_of(other) == Family::uuid || holds_uuid_text(other);
  if (family_of(other) == Family::uuid) return holds_uuid_text(one);
  return family != Family::none && family == family_of(other);
}

std::optional<OverlayRelation> read_relation(const catalog::Catalog& catalog, catalog::TableId table,
                                             const OverlayFile& file, const graphql::FieldDefinition& field,
                                             const std::vector<std::string_view>& models,
                                             base::Diagnostics& diagnostics) {
  return RelationReader(catalog, table, file, field, diagnostics).read(models);
}

}  // namespace tenon::api
