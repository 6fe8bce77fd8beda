#include "api/schema/inputs.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "api/schema/nested_inputs.h"
#include "api/schema/relation_filters.h"
#include "api/schema/types.h"
#include "api/values/identifiers.h"
#include "api/values/scalars.h"
#include "catalog/text_search.h"

namespace tenon::api {

namespace {

using catalog::TypeKind;
using Input = InputBinding::Kind;

constexpr std::string_view size_input = "ModelSizeInput";
constexpr std::string_view presence_input = "ModelPresenceInput";
constexpr std::string_view searchable_input = "ModelSearchableStringInput";
constexpr std::string_view attribute_types = "ModelAttributeTypes";

// What an operator's value is.
enum class Operand : std::uint8_t { value, values, pair, text, texts, boolean, size, attribute_type };

struct Operator {
  std::string_view name;
  FilterOperator filter;
  Operand operand;
};

constexpr Operator ne{"ne", FilterOperator::ne, Operand::value};
constexpr Operator eq{"eq", FilterOperator::eq, Operand::value};
constexpr Operator le{"le", FilterOperator::le, Operand::value};
constexpr Operator lt{"lt", FilterOperator::lt, Operand::value};
constexpr Operator ge{"ge", FilterOperator::ge, Operand::value};
constexpr Operator gt{"gt", FilterOperator::gt, Operand::value};
constexpr Operator contains{"contains", FilterOperator::contains, Operand::value};
constexpr Operator not_contains{"notContains", FilterOperator::not_contains, Operand::value};
constexpr Operator between{"between", FilterOperator::between, Operand::pair};
constexpr Operator begins_with{"beginsWith", FilterOperator::begins_with, Operand::value};
constexpr Operator attribute_exists{"attributeExists", FilterOperator::attribute_exists, Operand::boolean};
constexpr Operator attribute_type{"attributeType", FilterOperator::attribute_type, Operand::attribute_type};
constexpr Operator size{"size", FilterOperator::size, Operand::size};
constexpr Operator in{"in", FilterOperator::in, Operand::values};
constexpr Operator not_in{"notIn", FilterOperator::not_in, Operand::values};
constexpr Operator like{"like", FilterOperator::like, Operand::value};
constexpr Operator not_like{"notLike", FilterOperator::not_like, Operand::value};
constexpr Operator ilike{"ilike", FilterOperator::ilike, Operand::value};
constexpr Operator not_ilike{"notIlike", FilterOperator::not_ilike, Operand::value};
constexpr Operator icontains{"icontains", FilterOperator::icontains, Operand::value};
constexpr Operator eqi{"eqi", FilterOperator::eqi, Operand::value};
constexpr Operator has_every{"hasEvery", FilterOperator::has_every, Operand::values};
constexpr Operator has_some{"hasSome", FilterOperator::has_some, Operand::values};
constexpr Operator is_empty{"isEmpty", FilterOperator::is_empty, Operand::boolean};
constexpr Operator search{"search", FilterOperator::search, Operand::text};
constexpr Operator path{"path", FilterOperator::json_path, Operand::texts};
constexpr Operator text_begins_with{"beginsWith", FilterOperator::begins_with, Operand::text};
constexpr Operator text_like{"like", FilterOperator::like, Operand::text};
constexpr Operator text_ilike{"ilike", FilterOperator::ilike, Operand::text};
constexpr Operator text_icontains{"icontains", FilterOperator::icontains, Operand::text};

// Amplify's operators first, in its order; then ours.
constexpr auto string_operators = std::to_array<Operator>({ne,
                                                           eq,
                                                           le,
                                                           lt,
                                                           ge,
                                                           gt,
                                                           contains,
                                                           not_contains,
                                                           between,
                                                           begins_with,
                                                           attribute_exists,
                                                           attribute_type,
                                                           size,
                                                           in,
                                                           not_in,
                                                           like,
                                                           not_like,
                                                           ilike,
                                                           not_ilike,
                                                           icontains,
                                                           eqi});
constexpr auto id_operators =
    std::to_array<Operator>({ne, eq, le, lt, ge, gt, contains, not_contains, between, begins_with,
                             attribute_exists, attribute_type, size, in, not_in});
constexpr auto ordered_operators =
    std::to_array<Operator>({ne, eq, le, lt, ge, gt, between, attribute_exists, attribute_type, in, not_in});
constexpr auto search_operators = std::to_array<Operator>({search});
constexpr auto boolean_operators = std::to_array<Operator>({ne, eq, attribute_exists, attribute_type});
constexpr auto json_operators =
    std::to_array<Operator>({ne, eq, attribute_exists, attribute_type, path, le, lt, ge, gt, contains,
                             not_contains, text_begins_with, text_like, text_ilike, text_icontains});
constexpr auto bytes_operators =
    std::to_array<Operator>({ne, eq, attribute_exists, attribute_type, size, in, not_in});
constexpr auto enum_operators = std::to_array<Operator>({eq, ne, attribute_exists, in, not_in});
constexpr auto list_operators = std::to_array<Operator>(
    {eq, ne, contains, not_contains, attribute_exists, size, has_every, has_some, is_empty});
constexpr auto presence_operators = std::to_array<Operator>({attribute_exists});
constexpr auto key_operators = std::to_array<Operator>({eq, le, lt, ge, gt, between});
constexpr auto string_key_operators = std::to_array<Operator>({eq, le, lt, ge, gt, between, begins_with});
constexpr auto comparison_operators = std::to_array<Operator>({ne, eq, le, lt, ge, gt, attribute_exists});
constexpr auto size_operators = std::to_array<Operator>({ne, eq, le, lt, ge, gt, between});

bool is_scalar(std::string_view leaf) {
  const bool builtin =
      leaf == "Int" || leaf == "Float" || leaf == "String" || leaf == "Boolean" || leaf == "ID";
  return builtin ||
         std::ranges::any_of(custom_scalars(), [&](const CustomScalar& s) { return s.name == leaf; });
}

std::span<const Operator> operators_of(std::string_view leaf) {
  if (leaf == "String") return string_operators;
  if (leaf == "ID") return id_operators;
  if (leaf == "Boolean") return boolean_operators;
  if (leaf == "JSON") return json_operators;
  if (leaf == "Bytes") return bytes_operators;
  return is_scalar(leaf) ? std::span<const Operator>(ordered_operators) : enum_operators;
}

std::string operand_type(const Operator& op, std::string_view leaf, bool list) {
  switch (op.operand) {
    case Operand::value: {
      const bool whole = list && (op.filter == FilterOperator::eq || op.filter == FilterOperator::ne);
      return whole ? "[" + std::string(leaf) + "]" : std::string(leaf);
    }
    case Operand::values:
      return "[" + std::string(leaf) + "!]";
    case Operand::pair:
      return "[" + std::string(leaf) + "]";
    case Operand::text:
      return "String";
    case Operand::texts:
      return "[String!]";
    case Operand::boolean:
      return "Boolean";
    case Operand::size:
      return std::string(size_input);
    case Operand::attribute_type:
      return std::string(attribute_types);
  }
  return std::string(leaf);
}

void append_operators(std::vector<DraftInput>& fields, std::span<const Operator> operators,
                      std::string_view leaf, bool list) {
  for (const Operator& op : operators) {
    const bool shapes = op.operand == Operand::boolean || op.operand == Operand::attribute_type;
    fields.push_back(
        {.name = std::string(op.name),
         .type = operand_type(op, leaf, list),
         .binding = {.kind = Input::filter_operator, .filter = op.filter, .shapes_statement = shapes}});
  }
}

void add_operators(SchemaDraft& draft, const std::string& name, std::span<const Operator> operators,
                   std::string_view leaf, bool list = false) {
  std::vector<DraftInput> fields;
  append_operators(fields, operators, leaf, list);
  draft.add_input(name, std::move(fields));
}

std::string filter_title(const std::string& leaf) { return is_scalar(leaf) ? leaf : enum_title(leaf); }

// The type of a filter's member for a column.
std::string filter_type(const catalog::Catalog& catalog, catalog::ColumnId id, SchemaDraft& draft) {
  const catalog::Column& column = catalog[id];
  // PostgreSQL compares json as jsonb, but has nothing to compare arrays of json with.
  const bool opaque = comparability(column.type) == Comparability::nothing ||
                      (column.type.kind == TypeKind::json && column.type.is_array());
  if (opaque) return draft.use_filter(std::string(presence_input));
  const std::string leaf = draft.use_leaf(scalar_name(catalog, column));
  if (catalog::text_search(catalog, id)) return draft.use_filter(std::string(searchable_input));
  return draft.use_filter("Model" + filter_title(leaf) + (column.type.is_array() ? "ListInput" : "Input"));
}

void add_filter(SchemaDraft& draft, const std::string& name, const Model& model, const Exposure& exposure,
                const catalog::Catalog& catalog, bool with_key) {
  std::vector<DraftInput> fields;
  for (const catalog::ColumnId id : model.columns) {
    const catalog::Column& column = catalog[id];
    const std::string& field = column.field_name;
    // These three combine conditions; a column of that name can be read but not filtered by.
    if (field == "and" || field == "or" || field == "not") continue;
    if (!with_key && model.is_key(id)) continue;
    fields.push_back({.name = field,
                      .type = filter_type(catalog, id, draft),
                      .binding = {.kind = Input::filter_column, .column = id}});
  }
  append_relation_filters(fields, model, exposure, catalog);
  fields.push_back({.name = "and", .type = "[" + name + "]", .binding = {.kind = Input::filter_and}});
  fields.push_back({.name = "or", .type = "[" + name + "]", .binding = {.kind = Input::filter_or}});
  fields.push_back({.name = "not", .type = name, .binding = {.kind = Input::filter_not}});
  draft.add_input(name, std::move(fields));
}

void add_order(SchemaDraft& draft, const Model& model, const Exposure& exposure,
               const catalog::Catalog& catalog) {
  std::vector<DraftInput> fields;
  for (const catalog::ColumnId id : orderable_columns(model, catalog))
    fields.push_back({.name = catalog[id].field_name,
                      .type = "ModelSortDirection",
                      .binding = {.kind = Input::order_column, .column = id, .shapes_statement = true}});
  if (fields.empty()) return;
  for (const ModelRelation& member : model.relations) {
    const Relation& relation = exposure.relations[member.relation];
    const Model& to = *exposure.find(relation.to);
    if (relation.many || relation.crosses || !to.access.list || orderable_columns(to, catalog).empty())
      continue;
    fields.push_back({.name = member.field,
                      .type = "Model" + to.title + "OrderByInput",
                      .binding = {.kind = Input::order_to_one, .relation = member.relation}});
  }
  draft.add_input("Model" + model.title + "OrderByInput", std::move(fields), true);
}

// `"schema"."name"`, as ColumnType::domain writes it.
std::string qualified(const catalog::Catalog& catalog, const catalog::Domain& domain) {
  const auto quoted = [](std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
      out += c;
      if (c == '"') out += c;
    }
    return out + '"';
  };
  return quoted(catalog[domain.schema].name) + "." + quoted(domain.name);
}

bool domain_has_default(const catalog::Catalog& catalog, const std::string& name) {
  return !name.empty() && std::ranges::any_of(catalog.domains, [&](const catalog::Domain& domain) {
    return !domain.default_expression.empty() && qualified(catalog, domain) == name;
  });
}

// Whether a create must give the column. A key called `id` that holds text or a UUID is filled by the API.
bool is_required(const catalog::Catalog& catalog, const Model& model, catalog::ColumnId id) {
  const catalog::Column& column = catalog[id];
  if (column.nullable || column.default_value.kind != catalog::Default::Kind::none) return false;
  if (column.identity != catalog::Identity::none || column.updated_at) return false;
  if (column.client_default.kind != catalog::ClientDefault::Kind::none) return false;
  if (domain_has_default(catalog, column.type.domain)) return false;
  if (std::ranges::find(model.owners, id) != model.owners.end() || is_time_of_change(column)) return false;
  const TypeKind kind = column.type.kind;
  const bool holds_identifier = kind == TypeKind::text || kind == TypeKind::varchar || kind == TypeKind::uuid;
  const bool filled = model.key.size() == 1 && model.is_key(id) && column.field_name == "id" &&
                      holds_identifier && !column.type.is_array();
  return !filled;
}

}  // namespace

DraftInput value_field(SchemaDraft& draft, const catalog::Catalog& catalog, catalog::ColumnId id,
                       bool required) {
  return {.name = catalog[id].field_name,
          .type = column_type(catalog, catalog[id], draft).append(required ? "!" : ""),
          .binding = {.kind = Input::input_column, .column = id}};
}

bool is_writable(const catalog::Column& column) {
  return column.generated.empty() && column.identity != catalog::Identity::always;
}

bool needs_value(const catalog::Column& column) {
  return !column.nullable && column.default_value.kind == catalog::Default::Kind::none &&
         column.identity == catalog::Identity::none && column.generated.empty() &&
         column.client_default.kind == catalog::ClientDefault::Kind::none && !column.updated_at &&
         column.type.domain.empty();
}

std::vector<catalog::ColumnId> changeable_columns(const Model& model, const catalog::Catalog& catalog) {
  std::vector<catalog::ColumnId> found;
  for (const catalog::ColumnId id : model.columns)
    if (!model.is_key(id) && is_writable(catalog[id])) found.push_back(id);
  return found;
}

std::string comparison_input(const std::string& leaf) {
  return "Model" + filter_title(leaf) + "ComparisonInput";
}

std::vector<catalog::ColumnId> orderable_columns(const Model& model, const catalog::Catalog& catalog) {
  std::vector<catalog::ColumnId> found;
  for (const catalog::ColumnId id : model.columns)
    if (!catalog[id].type.is_array() && comparability(catalog[id].type) == Comparability::order)
      found.push_back(id);
  return found;
}

std::vector<catalog::ColumnId> create_columns(const Model& model, const catalog::Catalog& catalog) {
  std::vector<catalog::ColumnId> found;
  for (const catalog::ColumnId id : model.columns)
    if (is_writable(catalog[id])) found.push_back(id);
  return found;
}

std::optional<DraftInput> sort_key_argument(SchemaDraft& draft, const Model& model,
                                            const catalog::Catalog& catalog) {
  if (model.key.size() > 2) return composite_sort_key_argument(model, catalog);
  if (model.key.size() != 2) return std::nullopt;
  const catalog::ColumnId id = model.key[1];
  const catalog::Column& column = catalog[id];
  const std::string leaf = scalar_name(catalog, column);
  if (column.type.is_array() || leaf == "Boolean" || !is_scalar(leaf) ||
      comparability(column.type) != Comparability::order)
    return std::nullopt;
  return DraftInput{.name = column.field_name,
                    .type = draft.use_filter("Model" + draft.use_leaf(leaf) + "KeyConditionInput"),
                    .binding = {.kind = Input::key, .column = id}};
}

void add_model_inputs(SchemaDraft& draft, const Model& model, const Exposure& exposure,
                      const catalog::Catalog& catalog, NestedInputs& nested) {
  const ModelAccess& access = model.access;
  if (access.list) {
    add_filter(draft, "Model" + model.title + "FilterInput", model, exposure, catalog, true);
    add_order(draft, model, exposure, catalog);
    add_relation_filter_types(draft, model, exposure);
    add_composite_sort_key_types(draft, model, catalog);
  }
  const auto creatable = create_columns(model, catalog);
  const bool creates = access.create && !creatable.empty();
  if (creates || access.update || access.remove)
    add_filter(draft, "Model" + model.title + "ConditionInput", model, exposure, catalog, false);
  if (access.list || creates || access.update || access.remove) add_compare_types(draft, model, catalog);
  if (creates) {
    std::vector<DraftInput> fields;
    for (const catalog::ColumnId id : creatable)
      fields.push_back(value_field(draft, catalog, id, is_required(catalog, model, id) && !nested.gives(id)));
    for (DraftInput& member : nested.create_members(model)) fields.push_back(std::move(member));
    draft.add_input("Create" + model.title + "Input", std::move(fields));
  }
  if (access.update) {
    std::vector<DraftInput> fields;
    for (const catalog::ColumnId id : model.columns)
      if (model.is_key(id) || is_writable(catalog[id]))
        fields.push_back(value_field(draft, catalog, id, model.is_key(id)));
    for (DraftInput& member : nested.update_members(model)) fields.push_back(std::move(member));
    draft.add_input("Update" + model.title + "Input", std::move(fields));
  }
  if (access.remove) {
    std::vector<DraftInput> fields;
    for (const catalog::ColumnId id : model.key) fields.push_back(value_field(draft, catalog, id, true));
    draft.add_input("Delete" + model.title + "Input", std::move(fields));
  }
}

void add_shared_inputs(SchemaDraft& draft, const Exposure& exposure) {
  const auto& filters = draft.filters();
  bool uses_size = false;
  bool uses_types = false;
  for (const std::string& leaf : draft.leaves()) {
    const std::string title = filter_title(leaf);
    const auto operators = operators_of(leaf);
    if (filters.contains("Model" + title + "Input")) {
      add_operators(draft, "Model" + title + "Input", operators, leaf);
      const auto has = [&](Operand operand) {
        return std::ranges::find(operators, operand, &Operator::operand) != operators.end();
      };
      uses_size = uses_size || has(Operand::size);
      uses_types = uses_types || has(Operand::attribute_type);
    }
    if (filters.contains("Model" + title + "ListInput")) {
      add_operators(draft, "Model" + title + "ListInput", list_operators, leaf, true);
      uses_size = true;
    }
    if (filters.contains(comparison_input(leaf)))
      add_operators(draft, comparison_input(leaf), comparison_operators, leaf);
    if (filters.contains("Model" + title + "KeyConditionInput")) {
      const bool patterns = leaf == "String" || leaf == "ID";
      add_operators(draft, "Model" + title + "KeyConditionInput",
                    patterns ? std::span<const Operator>(string_key_operators) : key_operators, leaf);
    }
  }
  if (filters.contains(std::string(presence_input)))
    add_operators(draft, std::string(presence_input), presence_operators, "Boolean");
  if (filters.contains(std::string(searchable_input))) {
    std::vector<DraftInput> fields;
    append_operators(fields, string_operators, "String", false);
    append_operators(fields, search_operators, "String", false);
    draft.add_input(std::string(searchable_input), std::move(fields));
    uses_size = uses_types = true;
  }
  if (uses_size) add_operators(draft, std::string(size_input), size_operators, "Int");
  if (uses_types)
    draft.builder().add_enum(std::string(attribute_types), {{.name = "binary"},
                                                            {.name = "binarySet"},
                                                            {.name = "bool"},
                                                            {.name = "list"},
                                                            {.name = "map"},
                                                            {.name = "number"},
                                                            {.name = "numberSet"},
                                                            {.name = "string"},
                                                            {.name = "stringSet"},
                                                            {.name = "_null"}});
  if (std::ranges::any_of(exposure.models, [](const Model& model) { return model.access.list; }))
    draft.builder().add_enum("ModelSortDirection", {{.name = "ASC"}, {.name = "DESC"}});
}

}  // namespace tenon::api
