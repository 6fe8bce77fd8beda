#include "api/schema/exposure.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "api/schema/aggregate_types.h"
#include "api/schema/relation_filters.h"
#include "api/values/scalars.h"
#include "base/english.h"
#include "graphql/name.h"

namespace tenon::api {

namespace {

constexpr auto own_types = std::to_array<std::string_view>({
    "Query",
    "Mutation",
    "Subscription",
    "Int",
    "Float",
    "String",
    "Boolean",
    "ID",
    "ModelSortDirection",
    "ModelAttributeTypes",
    "ModelSizeInput",
    "ModelPresenceInput",
    "ModelDatePart",
    "ModelSearchableStringInput",
    "TransactionIsolation",
});

constexpr auto builtin_scalars = std::to_array<std::string_view>({"Int", "Float", "String", "Boolean", "ID"});

bool is_valid_name(std::string_view name) {
  return graphql::is_name(name) && !graphql::is_reserved_name(name);
}

std::string table_name(const catalog::Catalog& catalog, const catalog::Table& table) {
  const std::string& schema = catalog[table.schema].name;
  return schema.empty() ? table.name : fmt::format("{}.{}", schema, table.name);
}

class Exposer {
 public:
  Exposer(const catalog::Catalog& catalog, const Overlay& overlay, base::Diagnostics& diagnostics)
      : catalog_(catalog), overlay_(overlay), diagnostics_(diagnostics), enum_shown_(catalog.enums.size()) {
    reserve_own_names();
  }

  Exposure run();

 private:
  void reserve_own_names();
  void show_enum(catalog::EnumId id);
  bool enum_is_usable(const catalog::Enum& type);
  std::optional<Model> model(catalog::TableId id);
  std::vector<catalog::ColumnId> columns(catalog::TableId id);
  bool claim(const std::vector<std::string>& names, const std::string& owner, std::string_view remedy);
  void left_out(base::Code why, std::string message, std::string help) {
    diagnostics_.warning(why, std::move(message), {}, std::move(help));
  }

  const catalog::Catalog& catalog_;
  const Overlay& overlay_;
  base::Diagnostics& diagnostics_;
  std::vector<bool> enum_shown_;
  std::unordered_map<std::string, std::string> owner_of_;  // type and root field names taken
};

void Exposer::reserve_own_names() {
  const auto reserve = [this](std::string name) { owner_of_.emplace(std::move(name), "API itself"); };
  const auto reserve_scalar = [&](std::string_view name) {
    reserve(std::string(name));
    reserve(fmt::format("Model{}Input", name));
    reserve(fmt::format("Model{}ListInput", name));
    reserve(fmt::format("Model{}KeyConditionInput", name));
    reserve(fmt::format("Model{}ComparisonInput", name));
  };
  for (const std::string_view name : own_types) reserve(std::string(name));
  for (const std::string_view name : builtin_scalars) reserve_scalar(name);
  for (const CustomScalar& scalar : custom_scalars()) reserve_scalar(scalar.name);
}

// Takes all names or, when one is taken already, none.
bool Exposer::claim(const std::vector<std::string>& names, const std::string& owner,
                    std::string_view remedy) {
  for (const std::string& name : names) {
    const auto taken = owner_of_.find(name);
    if (taken == owner_of_.end()) continue;
    left_out(base::code::api_name_collision,
             fmt::format("The {} is left out: the name {} is taken by the {}.", owner, name, taken->second),
             std::string(remedy));
    return false;
  }
  for (const std::string& name : names) owner_of_.emplace(name, owner);
  return true;
}

bool Exposer::enum_is_usable(const catalog::Enum& type) {
  if (is_valid_name(type.enum_name) && !type.values.empty()) return true;
  left_out(base::code::api_name_collision,
           fmt::format("The enum {} is left out with the columns of its type: it has {}.", type.enum_name,
                       type.values.empty() ? "no values" : "no name in GraphQL"),
           type.values.empty() ? "" : "rename the enum in the schema, keeping its database name with @@map");
  return false;
}

void Exposer::show_enum(catalog::EnumId id) {
  const catalog::Enum& type = catalog_[id];
  if (type.enum_name.empty() || !enum_is_usable(type)) return;
  const std::string title = enum_title(type.enum_name);
  enum_shown_[id.value] =
      claim({type.enum_name, "Model" + title + "Input", "Model" + title + "ListInput",
             "Model" + title + "ComparisonInput"},
            "enum " + type.enum_name, "rename the enum in the schema, keeping its database name with @@map");
}

std::vector<catalog::ColumnId> Exposer::columns(catalog::TableId id) {
  const catalog::Table& table = catalog_[id];
  std::vector<catalog::ColumnId> shown;
  std::unordered_set<std::string_view> seen;
  for (const catalog::ColumnId column_id : table.columns) {
    const catalog::Column& column = catalog_[column_id];
    if (column.field_name.empty() || column.ignored) continue;
    if (!is_valid_name(column.field_name) || !seen.insert(column.field_name).second) {
      left_out(
          base::code::api_name_collision,
          fmt::format("The column {} of {} is left out: {} is {}.", column.name, table_name(catalog_, table),
                      column.field_name,
                      is_valid_name(column.field_name) ? "the name of another field" : "no name in GraphQL"),
          "give the field another name in the schema, and the column's with @map");
      continue;
    }
    if (column.type.enum_id && !enum_shown_[column.type.enum_id->value]) continue;
    shown.push_back(column_id);
  }
  return shown;
}

std::optional<Model> Exposer::model(catalog::TableId id) {
  const catalog::Table& table = catalog_[id];
  const ModelAccess& access = overlay_.access[id.value];
  if (table.model_name.empty() || table.ignored || table.implicit_link || !access.any()) return std::nullopt;
  const std::string place = table_name(catalog_, table);
  const std::string owner = fmt::format("model {} (table {})", table.model_name, place);
  if (table.is_view()) {
    left_out(base::code::model_unreachable, fmt::format("{} is a view: views are not shown yet.", place), "");
    return std::nullopt;
  }
  const auto primary = catalog_.primary_key(id);
  if (!primary) {
    left_out(
        base::code::table_without_key,
        fmt::format("The table {} has no primary key, so the API leaves it out.", place),
        fmt::format("add one, for example: ALTER TABLE {} ADD COLUMN id bigint {} PRIMARY KEY", place,
                    catalog_.engine_of(id) == catalog::Engine::mysql ? "AUTO_INCREMENT"
                                                                     : "GENERATED BY DEFAULT AS IDENTITY"));
    return std::nullopt;
  }
  if (!is_valid_name(table.model_name)) {
    left_out(base::code::api_name_collision,
             fmt::format("The {} is left out: its name is no name in GraphQL.", owner),
             "rename the model in the schema, keeping its table with @@map");
    return std::nullopt;
  }

  Model model{.table = id,
              .name = table.model_name,
              .title = upper_first(table.model_name),
              .plural = upper_first(base::plural(table.model_name)),
              .access = access,
              .key = {},
              .columns = columns(id),
              .relations = {}};
  const policy::ModelRules& rules = overlay_.rules[id.value];
  for (const policy::Rule& rule : rules.rules)
    if (rule.allow == policy::Allow::owner && rule.field && rule.operations.has(policy::Operation::create))
      model.owners.push_back(*rule.field);
  for (const policy::FieldRules& field : rules.fields)
    if (field.optional) model.optional.push_back(field.column);
  for (const catalog::IndexPart& part : catalog_[*primary].parts)
    if (part.column) model.key.push_back(*part.column);
  for (const catalog::ColumnId column : model.key) {
    if (std::ranges::find(model.columns, column) != model.columns.end()) continue;
    left_out(base::code::model_unreachable,
             fmt::format("The {} is left out: its key column {} is not shown.", owner, catalog_[column].name),
             "give the key column a field of its own in the schema");
    return std::nullopt;
  }
  const std::string& t = model.title;
  std::vector<std::string> names{model.name,
                                 "Model" + t + "Connection",
                                 "Model" + t + "FilterInput",
                                 "Model" + t + "ConditionInput",
                                 "Model" + t + "RelationFilterInput",
                                 "Model" + t + "PrimaryCompositeKeyInput",
                                 "Model" + t + "PrimaryCompositeKeyConditionInput",
                                 "Model" + t + "OrderByInput",
                                 "Create" + t + "Input",
                                 "Update" + t + "Input",
                                 "Delete" + t + "Input",
                                 "Update" + t + "ValuesInput",
                                 "Update" + t + "NestedInput",
                                 "Model" + t + "UniqueInput",
                                 "Model" + t + "ConnectOrCreateInput",
                                 "Model" + t + "NestedUpdateInput",
                                 "Model" + t + "NumbersInput",
                                 "Model" + t + "ListsInput",
                                 "Model" + t + "WriteResult",
                                 t + "UniqueKey",
                                 "get" + t,
                                 "list" + model.plural};
  if (access.list)
    for (std::string& name : aggregate_names(t, model.plural)) names.push_back(std::move(name));
  for (std::string& name : compare_type_names(t, model.columns, catalog_)) names.push_back(std::move(name));
  const bool unique = claim(names, owner, "rename the model in the schema, keeping its table with @@map");
  return unique ? std::optional(std::move(model)) : std::nullopt;
}

Exposure Exposer::run() {
  Exposure exposure;
  exposure.model_of.resize(catalog_.tables.size());
  for (std::uint32_t i = 0; i < catalog_.enums.size(); ++i) {
    show_enum(catalog::EnumId{i});
    if (enum_shown_[i]) exposure.enums.push_back(catalog::EnumId{i});
  }
  for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i) {
    auto found = model(catalog::TableId{i});
    if (!found) continue;
    exposure.model_of[i] = static_cast<std::uint32_t>(exposure.models.size());
    exposure.models.push_back(*std::move(found));
  }
  return exposure;
}

}  // namespace

bool Model::is_key(catalog::ColumnId column) const { return std::ranges::find(key, column) != key.end(); }

std::string upper_first(std::string name) {
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - ('a' - 'A'));
  return name;
}

std::string enum_title(const std::string& enum_name) {
  std::string title = upper_first(enum_name);
  const bool taken =
      title == "Size" || title == "Presence" ||
      std::ranges::find(builtin_scalars, title) != builtin_scalars.end() ||
      std::ranges::find(custom_scalars(), title, &CustomScalar::name) != custom_scalars().end();
  return taken ? title + "Enum" : title;
}

Exposure expose(const catalog::Catalog& catalog, const Overlay& overlay, base::Diagnostics& diagnostics) {
  return Exposer(catalog, overlay, diagnostics).run();
}

}  // namespace tenon::api
