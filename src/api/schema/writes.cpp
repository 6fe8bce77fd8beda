#include "api/schema/writes.h"

#include <algorithm>
#include <unordered_set>

#include "api/schema/inputs.h"
#include "api/schema/types.h"
#include "api/schema/unique_keys.h"

namespace tenon::api {

namespace {

using catalog::TypeKind;
using Output = OutputBinding::Kind;
using Input = InputBinding::Kind;

DraftInput write_argument(std::string name, std::string type, Input kind) {
  const bool shapes = kind == Input::conflict_key || kind == Input::skip_duplicates || kind == Input::all;
  return {.name = std::move(name),
          .type = std::move(type),
          .binding = {.kind = kind, .shapes_statement = shapes}};
}

bool is_number(const catalog::ColumnType& type) {
  switch (type.kind) {
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
      return !type.is_array();
    default:
      return false;
  }
}

std::vector<catalog::ColumnId> columns_that(const Model& model, const catalog::Catalog& catalog,
                                            bool (*fits)(const catalog::ColumnType&)) {
  std::vector<catalog::ColumnId> found;
  for (const catalog::ColumnId id : changeable_columns(model, catalog))
    if (fits(catalog[id].type)) found.push_back(id);
  return found;
}

bool is_list(const catalog::ColumnType& type) { return type.is_array(); }

// The keys that a conflict can be about, as far as the model shows them.
std::vector<UniqueKey> shown_keys(const Model& model, const catalog::Catalog& catalog) {
  std::vector<UniqueKey> keys = unique_keys(catalog, model.table);
  std::erase_if(keys, [&](const UniqueKey& key) {
    return !std::ranges::all_of(key.columns, [&](catalog::ColumnId id) {
      return std::ranges::find(model.columns, id) != model.columns.end();
    });
  });
  return keys;
}

bool creates(const Model& model, const catalog::Catalog& catalog) {
  return model.access.create && !create_columns(model, catalog).empty();
}
bool upserts(const Model& model, const catalog::Catalog& catalog) {
  return creates(model, catalog) && model.access.update && !shown_keys(model, catalog).empty();
}
bool changes(const Model& model, const catalog::Catalog& catalog) {
  return model.access.update && !changeable_columns(model, catalog).empty();
}

void add_values(SchemaDraft& draft, const std::string& name, const catalog::Catalog& catalog,
                const std::vector<catalog::ColumnId>& columns) {
  std::vector<DraftInput> fields;
  for (const catalog::ColumnId id : columns) fields.push_back(value_field(draft, catalog, id, false));
  if (!fields.empty()) draft.add_input(name, std::move(fields));
}

std::vector<DraftInput> upsert_arguments(const Model& model, const catalog::Catalog& catalog) {
  std::vector<DraftInput> arguments{write_argument("input", "Create" + model.title + "Input!", Input::input)};
  if (changes(model, catalog))
    arguments.push_back(write_argument("update", "Update" + model.title + "ValuesInput", Input::update));
  arguments.push_back(write_argument("onConflict", model.title + "UniqueKey", Input::conflict_key));
  for (DraftInput& one : operator_arguments(model, catalog)) arguments.push_back(std::move(one));
  return arguments;
}

std::vector<DraftInput> update_arguments(const Model& model, const catalog::Catalog& catalog) {
  std::vector<DraftInput> arguments{
      write_argument("filter", "Model" + model.title + "FilterInput!", Input::filter),
      write_argument("input", "Update" + model.title + "ValuesInput", Input::input)};
  for (DraftInput& one : operator_arguments(model, catalog)) arguments.push_back(std::move(one));
  arguments.push_back(write_argument("all", "Boolean", Input::all));
  return arguments;
}

constexpr std::string_view any_duplicate =
    "A row that holds the values of any unique key is changed, not only of the one in `onConflict`: the "
    "database cannot be told which key is meant.";

// MySQL's ON DUPLICATE KEY UPDATE names no key.
bool changes_any_duplicate(const Model& model, const catalog::Catalog& catalog) {
  if (catalog.engine_of(model.table) != catalog::Engine::mysql || !upserts(model, catalog)) return false;
  return std::ranges::count_if(catalog[model.table].indexes, [&](catalog::IndexId id) {
           const catalog::IndexKind kind = catalog[id].kind;
           return kind == catalog::IndexKind::unique || kind == catalog::IndexKind::primary;
         }) > 1;
}

}  // namespace

void note_engine_limits(const Exposure& exposure, const catalog::Catalog& catalog,
                        base::Diagnostics& diagnostics) {
  std::string names;
  for (const Model& model : exposure.models) {
    if (!changes_any_duplicate(model, catalog)) continue;
    if (!names.empty()) names += ", ";
    names += "upsert" + model.title;
  }
  if (names.empty()) return;
  diagnostics.add({.severity = base::Severity::note,
                   .code = base::code::engine_limit,
                   .message = "On MySQL and MariaDB an upsert changes a row that holds any unique key of its "
                              "table, whatever `onConflict` says: " +
                              names + ".",
                   .help = "docs/engines.md lists what the engines do differently"});
}

std::vector<DraftInput> operator_arguments(const Model& model, const catalog::Catalog& catalog) {
  std::vector<DraftInput> arguments;
  if (!columns_that(model, catalog, is_number).empty()) {
    arguments.push_back(
        write_argument("increment", "Model" + model.title + "NumbersInput", Input::increment));
    arguments.push_back(write_argument("multiply", "Model" + model.title + "NumbersInput", Input::multiply));
  }
  if (!columns_that(model, catalog, is_list).empty())
    arguments.push_back(write_argument("push", "Model" + model.title + "ListsInput", Input::push));
  return arguments;
}

void add_write_mutations(std::vector<DraftField>& fields, const Exposure& exposure,
                         const catalog::Catalog& catalog) {
  std::unordered_set<std::string> names;
  for (const DraftField& field : fields) names.insert(field.name);
  const auto is_taken = [&](const std::string& name) { return names.contains(name); };
  const auto add = [&](std::string name, std::string type, Output kind, const Model& model,
                       std::vector<DraftInput> arguments, std::string description = {}) {
    if (!names.insert(name).second) return;
    fields.push_back({.name = std::move(name),
                      .type = std::move(type),
                      .binding = {.kind = kind, .table = model.table},
                      .arguments = std::move(arguments),
                      .description = std::move(description)});
  };
  for (const Model& model : exposure.models) {
    const std::string result = "Model" + model.title + "WriteResult!";
    const auto many = [&](const std::string& verb) {
      return is_taken(verb + model.plural) ? verb + "Many" + model.plural : verb + model.plural;
    };
    if (upserts(model, catalog))
      add("upsert" + model.title, model.name, Output::upsert, model, upsert_arguments(model, catalog),
          changes_any_duplicate(model, catalog) ? std::string(any_duplicate) : "");
    if (creates(model, catalog))
      add(many("create"), result, Output::create_many, model,
          {write_argument("input", "[Create" + model.title + "Input!]!", Input::input),
           write_argument("skipDuplicates", "Boolean", Input::skip_duplicates)});
    if (changes(model, catalog) && model.access.list)
      add(many("update"), result, Output::update_many, model, update_arguments(model, catalog));
    if (model.access.remove && model.access.list)
      add(many("delete"), result, Output::remove_many, model,
          {write_argument("filter", "Model" + model.title + "FilterInput!", Input::filter),
           write_argument("all", "Boolean", Input::all)});
  }
}

void add_write_types(SchemaDraft& draft, const Model& model, const catalog::Catalog& catalog) {
  if (changes(model, catalog)) {
    add_values(draft, "Update" + model.title + "ValuesInput", catalog, changeable_columns(model, catalog));
    add_values(draft, "Model" + model.title + "NumbersInput", catalog,
               columns_that(model, catalog, is_number));
    add_values(draft, "Model" + model.title + "ListsInput", catalog, columns_that(model, catalog, is_list));
  }
  if (upserts(model, catalog)) {
    std::vector<graphql::EnumValueSpec> names;
    for (const UniqueKey& key : shown_keys(model, catalog)) names.push_back({.name = key.name});
    draft.builder().add_enum(model.title + "UniqueKey", std::move(names));
  }
  const bool many =
      creates(model, catalog) || (model.access.list && (changes(model, catalog) || model.access.remove));
  if (!many) return;
  const auto field = [&](std::string name, std::string type, Output kind) {
    return DraftField{
        .name = std::move(name), .type = std::move(type), .binding = {.kind = kind, .table = model.table}};
  };
  draft.add_object("Model" + model.title + "WriteResult",
                   {field("affectedCount", "Int!", Output::affected_count),
                    field("items", "[" + model.name + "]!", Output::items)});
}

void add_transaction_directive(SchemaDraft& draft) {
  draft.builder().add_enum(
      "TransactionIsolation",
      {{.name = "READ_COMMITTED"}, {.name = "REPEATABLE_READ"}, {.name = "SERIALIZABLE"}});
  draft.builder().add_directive(
      "transaction", {graphql::DirectiveLocation::mutation},
      {{.name = "isolation", .type = "TransactionIsolation!", .default_value = "READ_COMMITTED"}}, false,
      "All fields of the mutation succeed together or change nothing.");
}

}  // namespace tenon::api
