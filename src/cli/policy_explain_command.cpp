// tenon policy explain: what the rules give somebody, and the conditions they become.

#include <algorithm>
#include <array>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "api/rules/condition_text.h"
#include "api/rules/rights.h"
#include "base/json_writer.h"
#include "base/suggestion.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/policy_schema.h"

namespace tenon::cli {

namespace {

using policy::Operation;
using policy::Rows;

struct ExplainPolicyOptions : PolicyOptions {
  std::string model;
  PrincipalOptions principal;
  bool json = false;
};

constexpr std::array<std::pair<Operation, std::string_view>, policy::operation_count> operations{{
    {Operation::get, "get"},
    {Operation::list, "list"},
    {Operation::listen, "listen"},
    {Operation::create, "create"},
    {Operation::update, "update"},
    {Operation::remove, "delete"},
}};
// The rules of a field know one way of reading.
constexpr std::array<std::pair<Operation, std::string_view>, 3> field_operations{
    {{Operation::get, "read"}, {Operation::create, "create"}, {Operation::update, "update"}}};

// What an operation may do: with which rows, and what rows must be like afterwards.
struct Answer {
  std::string_view operation;
  std::string_view rows;  // none, all, some
  std::optional<api::ConditionText> where;
  std::optional<api::ConditionText> check;
};

class PolicyExplanation {
 public:
  PolicyExplanation(const api::Schema& schema, const policy::Principal& principal, catalog::TableId table)
      : schema_(schema),
        catalog_(*schema.catalog),
        principal_(principal),
        table_(table),
        rights_(api::make_rights(schema, schema.policy->roles.of(principal))) {}

  std::string text();
  std::string json() const;

 private:
  Answer answer(std::string_view name, Operation operation, const Rows& rows) const {
    Answer answer{.operation = name, .rows = rows.none() ? "none" : rows.all() ? "all" : "some"};
    if (answer.rows != "some") return answer;
    const bool writes = operation == Operation::create || operation == Operation::update;
    if (operation != Operation::create) answer.where = api::rows_text(schema_, table_, rows);
    if (writes) answer.check = api::news_text(schema_, table_, rows);
    return answer;
  }
  std::vector<Answer> answers() const {
    std::vector<Answer> all;
    for (const auto& [operation, name] : operations)
      all.push_back(answer(name, operation, rights_->rows(table_, operation)));
    return all;
  }
  std::vector<Answer> answers(catalog::ColumnId column) const {
    std::vector<Answer> all;
    for (const auto& [operation, name] : field_operations)
      all.push_back(answer(name, operation, rights_->access.column(table_, column, operation)));
    return all;
  }
  std::vector<catalog::ColumnId> own_columns() const {
    std::vector<catalog::ColumnId> columns;
    for (const catalog::ColumnId column : catalog_[table_].columns)
      if (!catalog_[column].field_name.empty() && rights_->access.has_own_rules(table_, column))
        columns.push_back(column);
    return columns;
  }
  std::size_t number(const api::ConditionText& condition) {
    const auto found = std::ranges::find(conditions_, condition);
    if (found != conditions_.end()) return static_cast<std::size_t>(found - conditions_.begin()) + 1;
    conditions_.push_back(condition);
    return conditions_.size();
  }
  std::string line(const Answer& answer) {
    if (answer.rows == "none") return fmt::format("  {:<8} nothing\n", answer.operation);
    if (answer.rows == "all") return fmt::format("  {:<8} all rows\n", answer.operation);
    std::string line = fmt::format("  {:<8} ", answer.operation);
    const bool where = answer.where && !answer.where->text.empty();
    const bool check = answer.check && !answer.check->text.empty();
    if (answer.where) line += where ? fmt::format("rows of condition {}", number(*answer.where)) : "all rows";
    if (!answer.check || answer.check == answer.where) return line + (check ? ", before and after\n" : "\n");
    if (answer.where)
      line += ", which afterwards ";
    else
      line += "rows that ";
    return line + (check ? fmt::format("meet condition {}\n", number(*answer.check)) : "may be anything\n");
  }
  void write(base::JsonWriter& json, const std::vector<Answer>& answers) const;
  void write(base::JsonWriter& json, const api::ConditionText& condition) const;

  const api::Schema& schema_;
  const catalog::Catalog& catalog_;
  const policy::Principal& principal_;
  catalog::TableId table_;
  std::shared_ptr<const api::Rights> rights_;
  std::vector<api::ConditionText> conditions_;
};

std::string PolicyExplanation::text() {
  std::string text = fmt::format("{} for {}\n", catalog_[table_].model_name, principal_.name);
  for (const Answer& one : answers()) text += line(one);
  for (const catalog::ColumnId column : own_columns()) {
    text += fmt::format("\n{}.{}, which has rules of its own\n", catalog_[table_].model_name,
                        catalog_[column].field_name);
    for (const Answer& one : answers(column)) text += line(one);
  }
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    text += fmt::format("\ncondition {}\n  {}\n", i + 1, conditions_[i].text);
    for (std::size_t p = 0; p < conditions_[i].parameters.size(); ++p) {
      const api::ParameterSource& source = conditions_[i].parameters[p];
      text += fmt::format("  parameter {}: {} = {}\n", p + 1, api::source_text(schema_, source),
                          api::value_text(schema_, source, principal_.claims));
    }
  }
  return text;
}

void PolicyExplanation::write(base::JsonWriter& json, const api::ConditionText& condition) const {
  json.begin_object().member("sql", condition.text.empty() ? "true" : condition.text);
  json.key("parameters").begin_array();
  for (const api::ParameterSource& source : condition.parameters)
    json.begin_object()
        .member("source", api::source_text(schema_, source))
        .member("value", api::value_text(schema_, source, principal_.claims))
        .end_object();
  json.end_array().end_object();
}

void PolicyExplanation::write(base::JsonWriter& json, const std::vector<Answer>& answers) const {
  json.begin_object();
  for (const Answer& one : answers) {
    json.key(one.operation).begin_object().member("rows", one.rows);
    if (one.where) write(json.key("where"), *one.where);
    if (one.check) write(json.key("check"), *one.check);
    json.end_object();
  }
  json.end_object();
}

std::string PolicyExplanation::json() const {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().member("model", catalog_[table_].model_name);
  json.member("provider", policy::name(principal_.provider));
  write(json.key("operations"), answers());
  json.key("fields").begin_object();
  for (const catalog::ColumnId column : own_columns())
    write(json.key(catalog_[column].field_name), answers(column));
  json.end_object().end_object();
  return out + "\n";
}

void explain_policy(Context& context, const ExplainPolicyOptions& options) {
  const auto principal = read_principal(context, options.principal);
  if (!principal) {
    context.exit = fail(context, principal.error());
    return;
  }
  const auto opened = open_policy_project(context, options, false);
  if (!opened) return;
  const catalog::Catalog& catalog = *opened->schema->catalog;
  const auto table = catalog.find_model(options.model);
  if (!table) {
    std::vector<std::string_view> names;
    for (const catalog::Table& one : catalog.tables)
      if (!one.model_name.empty()) names.push_back(one.model_name);
    context.exit = fail_usage(context, fmt::format("There is no model {}.", options.model),
                              base::did_you_mean(options.model, names));
    return;
  }
  PolicyExplanation explanation(*opened->schema, *principal, *table);
  context.out << (options.json ? explanation.json() : explanation.text());
}

}  // namespace

void add_policy_explain_command(CLI::App& policy, Context& context) {
  CLI::App* command =
      policy.add_subcommand("explain", "What somebody may do with a model, and the conditions in SQL");
  const auto options = std::make_shared<ExplainPolicyOptions>();
  command->add_option("MODEL", options->model, "A model of the API")->required()->type_name("MODEL");
  add_principal_options(*command, options->principal);
  command->add_flag("--json", options->json, "As JSON");
  add_policy_schema_options(*command, *options);
  command->footer(
      "tenon policy explain Note --as ada.json             # a user of the user pool\n"
      "tenon policy explain Note --provider apiKey --json\n"
      "tenon policy explain Note --guest");
  command->callback([&context, options] { explain_policy(context, *options); });
}

}  // namespace tenon::cli
