// The GraphQL schema as the holders of some roles see it: what they may not do is not shown, and columns that
// they may not use in conditions and orders are not there.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "api/rules/policy.h"
#include "api/rules/rights.h"
#include "api/schema/exposure.h"
#include "api/schema/relation_filters.h"
#include "api/schema/unique_keys.h"

namespace tenon::api {

using graphql::EnumValueId;
using graphql::FieldId;
using graphql::InputValueId;
using graphql::TypeId;
using policy::Operation;

namespace {

class SchemaView {
 public:
  SchemaView(const Schema& schema, const Rights& rights)
      : schema_(schema), types_(*schema.graphql), catalog_(*schema.catalog), rights_(rights) {
    hidden_.types.resize(types_.type_count());
    hidden_.fields.resize(types_.field_count());
    hidden_.absent_fields.resize(types_.field_count());
    hidden_.input_values.resize(types_.input_value_count());
    hidden_.absent_input_values.resize(types_.input_value_count());
    hidden_.enum_values.resize(types_.enum_value_count());
    hidden_.absent_enum_values.resize(types_.enum_value_count());
  }

  graphql::HiddenElements make() {
    for (std::uint32_t i = 0; i < schema_.outputs.size(); ++i) output(FieldId{i}, schema_.outputs[i]);
    for (std::uint32_t i = 0; i < schema_.inputs.size(); ++i) input(InputValueId{i}, schema_.inputs[i]);
    for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i) enums(catalog::TableId{i});
    while (hide_empty()) {
    }
    hide_unreachable();
    return std::move(hidden_);
  }

 private:
  bool has(catalog::TableId table, Operation operation) const {
    return !rights_.rows(table, operation).none();
  }
  bool reads(catalog::TableId table) const {
    return has(table, Operation::get) || has(table, Operation::list);
  }
  bool reads(catalog::ColumnId column) const {
    const catalog::TableId table = catalog_[column].table;
    return !rights_.access.column(table, column, Operation::get).none() ||
           !rights_.access.column(table, column, Operation::list).none();
  }
  // By an operation of the owner's own, whose rows are of the column's model.
  bool is_given(catalog::ColumnId column) const {
    const catalog::TableId table = catalog_[column].table;
    const auto& operations = schema_.overlay.operations;
    for (std::size_t i = 0; i < operations.size(); ++i)
      if (operations[i].model == table && rights_.access.operation(i) &&
          !rights_.access.has_own_rules(table, column))
        return true;
    return false;
  }
  bool writes(catalog::ColumnId column) const {
    const catalog::TableId table = catalog_[column].table;
    const auto key = key_columns(catalog_, table);
    if (std::ranges::find(key, column) != key.end() &&
        (has(table, Operation::update) || has(table, Operation::remove)))
      return true;
    return !rights_.access.column(table, column, Operation::create).none() ||
           !rights_.access.column(table, column, Operation::update).none();
  }

  void output(FieldId id, const OutputBinding& binding) {
    using Kind = OutputBinding::Kind;
    bool hidden = std::ranges::binary_search(rights_.denied, id);
    switch (binding.kind) {
      case Kind::get:
        hidden = hidden || !has(binding.table, Operation::get);
        break;
      case Kind::list:
      case Kind::aggregate_list:
        hidden = hidden || !has(binding.table, Operation::list);
        break;
      case Kind::create:
      case Kind::create_many:
        hidden = hidden || !has(binding.table, Operation::create);
        break;
      case Kind::upsert:
        hidden = hidden || !has(binding.table, Operation::create) || !has(binding.table, Operation::update);
        break;
      case Kind::update:
      case Kind::update_many:
        hidden = hidden || !has(binding.table, Operation::update);
        break;
      case Kind::remove:
      case Kind::remove_many:
        hidden = hidden || !has(binding.table, Operation::remove);
        break;
      case Kind::own:
        hidden = hidden || !rights_.access.operation(binding.operation);
        break;
      case Kind::column:
        hidden = hidden || !(reads(binding.column) || is_given(binding.column));
        break;
      case Kind::to_one:
      case Kind::to_many:
        hidden = hidden || !rights_.leads_on(schema_, schema_.relations[binding.relation]);
        break;
      case Kind::aggregate_column:
        hidden = !rights_.is_usable(catalog_, binding.column);
        hidden_.absent_fields[id.value] = hidden && reads(catalog_[binding.column].table);
        break;
      default:
        break;
    }
    hidden_.fields[id.value] = hidden;
  }

  void input(InputValueId id, const InputBinding& binding) {
    using Kind = InputBinding::Kind;
    bool usable = true;
    switch (binding.kind) {
      case Kind::filter_column:
      case Kind::order_column:
      case Kind::aggregate_column:
      case Kind::compare_column:
      case Kind::sort_key_column:
      case Kind::unique_column:
        usable = rights_.is_usable(catalog_, binding.column);
        hidden_.absent_input_values[id.value] = !usable && reads(catalog_[binding.column].table);
        break;
      case Kind::filter_to_one:
      case Kind::filter_to_many:
      case Kind::order_to_one: {
        const Relation& relation = schema_.relations[binding.relation];
        usable = rights_.follows(schema_, relation);
        hidden_.absent_input_values[id.value] = !usable && reads(relation.from);
        break;
      }
      case Kind::input_column:
        usable = writes(binding.column);
        break;
      case Kind::relation: {
        const Relation& relation = schema_.relations[binding.relation];
        usable =
            reads(relation.to) || has(relation.to, Operation::create) || has(relation.to, Operation::update);
        break;
      }
      default:
        break;
    }
    hidden_.input_values[id.value] = !usable;
  }

  // Names of columns and of keys as values.
  void enums(catalog::TableId table) {
    if (catalog_[table].model_name.empty()) return;
    const std::string title = upper_first(catalog_[table].model_name);
    const auto hide = [&](TypeId type, std::string_view name) {
      const auto value = types_.find_enum_value(type, name);
      if (!value) return;
      hidden_.enum_values[value->value] = true;
      hidden_.absent_enum_values[value->value] = reads(table);
    };
    const auto columns = catalog_[table].columns;
    std::vector<std::string> names = compare_type_names(title, {columns.begin(), columns.end()}, catalog_);
    names.push_back("Model" + title + "GroupByField");
    for (const std::string& name : names) {
      const auto type = types_.find_type(name);
      if (!type || types_[*type].kind != graphql::TypeKind::enum_) continue;
      for (const catalog::ColumnId column : columns)
        if (!rights_.is_usable(catalog_, column)) hide(*type, catalog_[column].field_name);
    }
    const auto keys = types_.find_type(title + "UniqueKey");
    if (!keys) return;
    const auto primary = key_columns(catalog_, table);
    for (const UniqueKey& key : unique_keys(catalog_, table))
      if (key.columns != primary && std::ranges::any_of(key.columns, [&](catalog::ColumnId column) {
            return !rights_.is_usable(catalog_, column);
          }))
        hide(*keys, key.name);
  }
  bool is_empty(TypeId id) const {
    const graphql::Type& type = types_[id];
    const auto none = [&](const auto& rows, const std::vector<bool>& hidden) {
      return std::ranges::all_of(rows, [&](const auto row) { return hidden[row.value]; });
    };
    switch (type.kind) {
      case graphql::TypeKind::object:
        return none(type.fields, hidden_.fields);
      case graphql::TypeKind::input_object:
        return none(type.input_fields, hidden_.input_values);
      case graphql::TypeKind::enum_:
        return none(type.enum_values, hidden_.enum_values);
      default:
        return false;
    }
  }

  // What leads to a type of which nothing is shown is not shown; true when there was such a thing.
  bool hide_empty() {
    std::vector<bool> empty(types_.type_count());
    for (std::uint32_t i = 0; i < empty.size(); ++i)
      empty[i] = !types_.is_builtin(TypeId{i}) && is_empty(TypeId{i});
    bool found = false;
    const auto hide = [&](std::vector<bool>& hidden, std::uint32_t row, graphql::TypeReference type) {
      if (hidden[row] || !empty[type.named().value]) return;
      hidden[row] = found = true;
    };
    for (std::uint32_t i = 0; i < types_.field_count(); ++i) hide(hidden_.fields, i, types_[FieldId{i}].type);
    for (std::uint32_t i = 0; i < types_.input_value_count(); ++i)
      hide(hidden_.input_values, i, types_[InputValueId{i}].type);
    return found;
  }

  void hide_unreachable() {
    std::vector<bool> reached(types_.type_count());
    std::vector<TypeId> open;
    const auto reach = [&](TypeId type) {
      if (reached[type.value]) return;
      reached[type.value] = true;
      open.push_back(type);
    };
    const auto inputs = [&](const auto& values) {
      for (const InputValueId value : values)
        if (!hidden_.input_values[value.value]) reach(types_[value].type.named());
    };
    for (const graphql::OperationKind kind : {graphql::OperationKind::query, graphql::OperationKind::mutation,
                                              graphql::OperationKind::subscription})
      if (const auto root = types_.root(kind);
          root && (kind == graphql::OperationKind::query || !is_empty(*root)))
        reach(*root);
    for (std::uint32_t i = 0; i < types_.directive_count(); ++i)
      inputs(types_[graphql::DirectiveId{i}].arguments);
    while (!open.empty()) {
      const graphql::Type& type = types_[open.back()];
      open.pop_back();
      inputs(type.input_fields);
      for (const FieldId field : type.fields) {
        if (hidden_.fields[field.value]) continue;
        reach(types_[field].type.named());
        inputs(types_[field].arguments);
      }
    }
    for (std::uint32_t i = 0; i < reached.size(); ++i)
      if (!reached[i] && !types_.is_builtin(TypeId{i})) hide_type(TypeId{i});
    for (std::uint32_t i = 0; i < types_.field_count(); ++i)
      if (hidden_.fields[i]) hide_all(hidden_.input_values, types_[FieldId{i}].arguments);
  }

  // With its members: a document that names it anyway gets no suggestions of theirs.
  void hide_type(TypeId id) {
    hidden_.types[id.value] = true;
    hide_all(hidden_.fields, types_[id].fields);
    hide_all(hidden_.input_values, types_[id].input_fields);
    hide_all(hidden_.enum_values, types_[id].enum_values);
  }
  static void hide_all(std::vector<bool>& hidden, const auto& rows) {
    for (const auto row : rows) hidden[row.value] = true;
  }

  const Schema& schema_;
  const graphql::Schema& types_;
  const catalog::Catalog& catalog_;
  const Rights& rights_;
  graphql::HiddenElements hidden_;
};

// Of `Type.field`, `Query.getPost`: the output fields, and what columns they stand for.
void find_denied(const Schema& schema, const std::vector<std::string>& names, std::vector<FieldId>& fields,
                 std::vector<catalog::ColumnId>& columns) {
  for (const std::string& name : names) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) continue;
    const auto type = schema.graphql->find_type(std::string_view(name).substr(0, dot));
    const auto field =
        type ? schema.graphql->find_field(*type, std::string_view(name).substr(dot + 1)) : std::nullopt;
    if (!field) continue;
    fields.push_back(*field);
    if (schema[*field].kind == OutputBinding::Kind::column) columns.push_back(schema[*field].column);
  }
  std::ranges::sort(fields);
}

}  // namespace

std::shared_ptr<const Rights> make_rights(const Schema& schema, policy::RoleSet roles) {
  auto rights = std::make_shared<Rights>();
  if (roles.unrestricted()) {
    rights->graphql = schema.graphql;
    return rights;
  }
  std::vector<catalog::ColumnId> denied;
  find_denied(schema, roles.denied_fields, rights->denied, denied);
  rights->access = policy::Access(schema.policy->roles, std::move(roles), denied, schema.catalog.get());
  rights->graphql =
      std::make_shared<const graphql::Schema>(schema.graphql, SchemaView(schema, *rights).make());
  return rights;
}

}  // namespace tenon::api
