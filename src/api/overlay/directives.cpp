// Directives of models and columns that say what to leave out, or what the table has to be like.
#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "api/overlay/models.h"
#include "api/schema/unique_keys.h"
#include "base/suggestion.h"

namespace tenon::api {

namespace {

using graphql::Value;
using graphql::ValueKind;

struct Switch {
  std::string_view name;
  bool ModelAccess::* operation;  // nullptr: of a subscription, which has rules alone
};
constexpr auto queries = std::to_array<Switch>({{"get", &ModelAccess::get}, {"list", &ModelAccess::list}});
constexpr auto mutations = std::to_array<Switch>(
    {{"create", &ModelAccess::create}, {"update", &ModelAccess::update}, {"delete", &ModelAccess::remove}});
constexpr auto subscriptions = std::to_array<Switch>(
    {{"onCreate", nullptr}, {"onUpdate", nullptr}, {"onDelete", nullptr}, {"level", nullptr}});

class ModelDirective {
 public:
  ModelDirective(const OverlayFile& file, ModelAccess& disabled, base::Diagnostics& diagnostics)
      : file_(file), disabled_(disabled), diagnostics_(diagnostics) {}

  void read(const graphql::Directive& model);

 private:
  void group(const Value& value, std::string_view name, std::span<const Switch> switches);
  void member(const graphql::ObjectField& field, std::string_view group, std::span<const Switch> switches);
  void error(const base::Span& place, std::string message, std::string help = {}) {
    diagnostics_.error(base::code::overlay_invalid_rule, std::move(message), place, std::move(help));
  }

  const OverlayFile& file_;
  ModelAccess& disabled_;
  base::Diagnostics& diagnostics_;
};

void ModelDirective::member(const graphql::ObjectField& field, std::string_view group,
                            std::span<const Switch> switches) {
  const Value& value = file_.value(field.value);
  const auto found = std::ranges::find(switches, field.name.text, &Switch::name);
  if (found == switches.end()) {
    std::vector<std::string_view> names;
    for (const Switch& one : switches) names.push_back(one.name);
    return error(file_.span(field.name), fmt::format("{} of @model has no {}.", group, field.name.text),
                 base::did_you_mean(field.name.text, names));
  }
  const bool off = value.kind == ValueKind::null || (found->name == "level" && value.text == "off");
  if (!off)
    return error(file_.span(value),
                 fmt::format("{} cannot have another name; it can be left out.", found->name),
                 fmt::format("write: {}: {{ {}: null }}", group, found->name));
  if (found->operation != nullptr) disabled_.*(found->operation) = true;
}

void ModelDirective::group(const Value& value, std::string_view name, std::span<const Switch> switches) {
  if (value.kind == ValueKind::null) {
    for (const Switch& one : switches)
      if (one.operation != nullptr) disabled_.*(one.operation) = true;
    return;
  }
  if (value.kind != ValueKind::object)
    return error(file_.span(value), fmt::format("{} is null, or an object such as {{ {}: null }}.", name,
                                                switches.front().name));
  for (std::uint32_t i = 0; i < value.children.count; ++i)
    member(file_.document().object_fields[value.children.first + i], name, switches);
}

void ModelDirective::read(const graphql::Directive& model) {
  if (!check_arguments(file_, model, {"timestamps", "queries", "mutations", "subscriptions"},
                       base::code::overlay_invalid_rule, diagnostics_))
    return;
  if (const Value* value = file_.argument(model, "queries")) group(*value, "queries", queries);
  if (const Value* value = file_.argument(model, "mutations")) group(*value, "mutations", mutations);
  if (const Value* value = file_.argument(model, "subscriptions"))
    group(*value, "subscriptions", subscriptions);
  const Value* timestamps = file_.argument(model, "timestamps");
  if (timestamps != nullptr && timestamps->kind != ValueKind::null)
    error(file_.span(*timestamps), "Columns with times cannot be added to a table from here.",
          "write timestamps: null; @updatedAt in the schema file fills a column");
}

void check_primary_key(const catalog::Catalog& catalog, const OverlayFile& file,
                       const graphql::Directive& directive, catalog::ColumnId column,
                       base::Diagnostics& diagnostics) {
  if (!check_arguments(file, directive, {"sortKeyFields", "queryField"}, base::code::overlay_invalid_field,
                       diagnostics))
    return;
  std::vector<std::string_view> wanted{catalog[column].field_name};
  if (const Value* fields = file.argument(directive, "sortKeyFields"))
    for (const Value* field : file.items(*fields)) wanted.push_back(field->text);
  std::vector<std::string_view> actual;
  for (const catalog::ColumnId id : key_columns(catalog, catalog[column].table))
    actual.push_back(catalog[id].field_name);
  // Amplify names the columns of a key as the database does.
  bool same = wanted.size() == actual.size();
  for (std::size_t i = 0; same && i < wanted.size(); ++i) {
    const auto found = catalog.find_field(catalog[column].table, actual[i]);
    same = wanted[i] == actual[i] || (found && wanted[i] == catalog[*found].name);
  }
  if (same) return;
  diagnostics.error(
      base::code::overlay_invalid_field,
      fmt::format("The primary key of {} is {}, not {}.", catalog[catalog[column].table].model_name,
                  actual.empty() ? "missing" : fmt::format("{}", fmt::join(actual, ", ")),
                  fmt::join(wanted, ", ")),
      file.span(directive), "name the columns of the table's primary key in their order");
}

}  // namespace

void read_model_directive(const OverlayFile& file, const graphql::Directive& model, ModelAccess& disabled,
                          base::Diagnostics& diagnostics) {
  ModelDirective(file, disabled, diagnostics).read(model);
}

void check_column_directive(const catalog::Catalog& catalog, const OverlayFile& file,
                            const graphql::Directive& directive, catalog::ColumnId id,
                            base::Diagnostics& diagnostics) {
  if (directive.name.text == "primaryKey")
    return check_primary_key(catalog, file, directive, id, diagnostics);
  const catalog::Column& column = catalog[id];
  if (!check_arguments(file, directive, {}, base::code::overlay_invalid_field, diagnostics)) return;
  if (column.default_value.kind != catalog::Default::Kind::none || !column.generated.empty() ||
      column.identity != catalog::Identity::none ||
      column.client_default.kind != catalog::ClientDefault::Kind::none)
    return;
  diagnostics.error(base::code::overlay_invalid_field,
                    fmt::format("The column {} has no default in the database.", column.name),
                    file.span(directive), "give it one there, or leave @default out");
}

}  // namespace tenon::api
