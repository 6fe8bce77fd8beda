#include "api/errors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "api/rules/rights.h"
#include "base/json_writer.h"

namespace tenon::api {

namespace {

// What the broken constraint is about, in the API's names. Columns that are not exposed stay unnamed.
struct Subject {
  std::optional<catalog::TableId> table;
  std::vector<std::string> fields;
  std::vector<catalog::ColumnId> columns;  // of `fields`
  std::optional<catalog::ForeignKeyId> foreign_key;
  bool hidden = false;  // something of it is not for the caller to know
};

bool is_known(const policy::Access& access, catalog::TableId table) {
  using policy::Operation;
  return std::ranges::any_of(
      std::array{Operation::get, Operation::list, Operation::create, Operation::update},
      [&](Operation operation) { return !access.rows(table, operation).none(); });
}

bool is_known(const policy::Access& access, catalog::TableId table, catalog::ColumnId column) {
  using policy::Operation;
  return std::ranges::any_of(
      std::array{Operation::get, Operation::list, Operation::create, Operation::update},
      [&](Operation operation) { return !access.column(table, column, operation).none(); });
}

// Leaves nothing that the caller may neither read nor write.
void hide(Subject& subject, const catalog::Catalog& catalog, const policy::Access& access) {
  if (!subject.table || access.unrestricted()) return;
  const bool key_known = !subject.foreign_key || is_known(access, catalog[*subject.foreign_key].target);
  const bool columns_known = std::ranges::all_of(
      subject.columns, [&](catalog::ColumnId column) { return is_known(access, *subject.table, column); });
  if (is_known(access, *subject.table) && key_known && columns_known) return;
  subject = {.hidden = true};
}

void add_field(Subject& subject, const catalog::Catalog& catalog, catalog::ColumnId column) {
  subject.columns.push_back(column);
  if (!catalog[column].field_name.empty()) subject.fields.push_back(catalog[column].field_name);
}

Subject find_subject(const catalog::Catalog& catalog, const sql::DatabaseError& error,
                     const WriteTarget* write) {
  Subject subject{.table = write == nullptr ? catalog.find_table(error.schema, error.table)
                                            : catalog.find_table(catalog.database_of(write->table),
                                                                 error.schema, error.table)};
  // MySQL does not always say which table, and nobody does so for this failure.
  const bool unsaid =
      error.failure == sql::Failure::generated_column ||
      (error.table.empty() && write != nullptr && catalog.engine_of(write->table) == catalog::Engine::mysql);
  if (unsaid && write != nullptr) subject.table = write->table;
  if (!subject.table) return subject;
  const catalog::Table& table = catalog[*subject.table];
  if (error.constraint.empty()) {
    if (const auto column = catalog.find_column(*subject.table, error.column))
      add_field(subject, catalog, *column);
    return subject;
  }
  for (const catalog::IndexId id : table.indexes) {
    if (catalog[id].name != error.constraint) continue;
    for (const catalog::IndexPart& part : catalog[id].parts)
      if (part.column) add_field(subject, catalog, *part.column);
  }
  for (const catalog::ForeignKeyId id : table.foreign_keys) {
    if (catalog[id].name != error.constraint) continue;
    subject.foreign_key = id;
    for (const catalog::ColumnId column : catalog[id].columns) add_field(subject, catalog, column);
  }
  for (const catalog::CheckConstraint& check : catalog.checks)
    if (check.table == *subject.table && check.name == error.constraint)
      for (const catalog::ColumnId column : check.columns) add_field(subject, catalog, column);
  return subject;
}

std::string model_name(const catalog::Catalog& catalog, const std::optional<catalog::TableId>& table) {
  if (!table || catalog[*table].model_name.empty()) return "row";
  return catalog[*table].model_name;
}

// "A customer", "An order".
std::string with_article(const std::string& model) {
  const bool vowel = std::string_view("aeiouAEIOU").find(model.front()) != std::string_view::npos;
  return (vowel ? "An " : "A ") + model;
}

// "email", "room_id and customer_id", "a, b and c"
std::string enumerate(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

std::string unique_message(const catalog::Catalog& catalog, const Subject& subject) {
  const std::string model = with_article(model_name(catalog, subject.table));
  if (subject.fields.empty()) return model + " with these values already exists.";
  return fmt::format("{} with this {} already exists.", model, enumerate(subject.fields));
}

std::string foreign_key_message(const catalog::Catalog& catalog, const Subject& subject,
                                const WriteTarget* write) {
  if (!subject.foreign_key) return "A row that this one refers to, or is referred to by, is in the way.";
  const catalog::ForeignKey& key = catalog[*subject.foreign_key];
  const std::string target = model_name(catalog, key.target);
  const bool writes_the_target =
      write != nullptr && write->table == key.target && (write->removes || key.table != key.target);
  if (writes_the_target)
    return fmt::format("Rows of {1} still refer to this {0}; remove or change them first.", target,
                       model_name(catalog, key.table));
  if (subject.fields.empty()) return fmt::format("The {} referred to does not exist.", target);
  return fmt::format("There is no {} with this {}.", target, enumerate(subject.fields));
}

std::string not_null_message(const catalog::Catalog& catalog, const Subject& subject) {
  if (subject.fields.empty())
    return with_article(model_name(catalog, subject.table)) + " misses a value that it cannot be without.";
  return fmt::format("{} of {} must have a value.", subject.fields.front(),
                     model_name(catalog, subject.table));
}

std::string generated_message(const catalog::Catalog& catalog, const Subject& subject) {
  if (subject.fields.empty()) return "The database itself makes a value that was given; leave it out.";
  return fmt::format("The database itself makes {} of {}; leave it out of the input.", subject.fields.front(),
                     model_name(catalog, subject.table));
}

struct CodeAndMessage {
  std::string_view code;
  std::string message;
};

CodeAndMessage explain(const catalog::Catalog& catalog, const Subject& subject,
                       const sql::DatabaseError& error, const WriteTarget* write) {
  using sql::Failure;
  const std::string model = model_name(catalog, subject.table);
  switch (error.failure) {
    case Failure::unique_violation:
      return {code::unique_violation, unique_message(catalog, subject)};
    case Failure::foreign_key_violation:
      return {code::foreign_key_violation, foreign_key_message(catalog, subject, write)};
    case Failure::not_null_violation:
      return {code::not_null_violation, not_null_message(catalog, subject)};
    case Failure::check_violation:
      if (subject.hidden) return {code::check_violation, "The values break a rule of the database."};
      return {code::check_violation,
              fmt::format("The values break a rule of {}: \"{}\".", model, error.constraint)};
    case Failure::exclusion_violation:
      if (subject.hidden) return {code::exclusion_violation, "The values collide with another row."};
      return {code::exclusion_violation,
              fmt::format("The values collide with another {} (rule \"{}\").", model, error.constraint)};
    case Failure::generated_column:
      return {graphql::code::bad_user_input, generated_message(catalog, subject)};
    case Failure::invalid_value:
      return {code::data_exception, "A value does not fit the type of its column, or a computation failed."};
    case Failure::permission_denied:
      return {code::forbidden, "The server's database user may not do this."};
    case Failure::serialization:
      return {code::serialization_failure, "Another change came in between; send the request again."};
    case Failure::deadlock:
      return {code::deadlock, "Another change was waiting for this one and this for it; send it again."};
    case Failure::raised:
      return {code::raised, error.message};
    case Failure::timeout:
      return {code::timeout, "The database did not answer in time."};
    case Failure::overloaded:
      return {code::database_unavailable, "All database connections are busy; try again soon."};
    case Failure::too_large:
      return {
          graphql::code::query_too_complex,
          fmt::format("The statement gives {}; ask for less with its arguments, or write a LIMIT into it.",
                      error.message)};
    case Failure::unreachable:
    case Failure::connection_lost:
    case Failure::authentication:
      return {code::database_unavailable, "The database cannot be reached now; try again soon."};
    case Failure::other:
      break;
  }
  return {code::internal, "Error processing the request. Check the logs for more details."};
}

void add_subject(graphql::Error& result, const catalog::Catalog& catalog, const Subject& subject,
                 const sql::DatabaseError& error) {
  if (!error.constraint.empty() && !subject.hidden)
    result.extensions.push_back({"constraint", base::json_string(error.constraint)});
  if (subject.table && !catalog[*subject.table].model_name.empty())
    result.extensions.push_back({"model", base::json_string(catalog[*subject.table].model_name)});
  if (subject.fields.empty()) return;
  std::string fields;
  base::JsonWriter json(fields);
  json.begin_array();
  for (const std::string& field : subject.fields) json.string(field);
  json.end_array();
  result.extensions.push_back({"fields", std::move(fields)});
}

void add_debug(graphql::Error& result, const sql::DatabaseError& error) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object();
  if (!error.sqlstate.empty()) json.member("sqlstate", error.sqlstate);
  json.member("message", error.message);
  if (!error.detail.empty()) json.member("detail", error.detail);
  if (!error.hint.empty()) json.member("hint", error.hint);
  json.end_object();
  result.extensions.push_back({"debug", std::move(text)});
}

}  // namespace

graphql::Error to_error(const sql::DatabaseError& error, const Plan& plan, const WriteTarget* write,
                        bool debug) {
  const catalog::Catalog& catalog = plan.catalog();
  Subject subject = find_subject(catalog, error, write);
  hide(subject, catalog, plan.rights->access);
  CodeAndMessage explained = explain(catalog, subject, error, write);
  graphql::Error result{.message = std::move(explained.message), .code = explained.code};
  switch (error.failure) {
    case sql::Failure::unique_violation:
    case sql::Failure::foreign_key_violation:
    case sql::Failure::not_null_violation:
    case sql::Failure::check_violation:
    case sql::Failure::exclusion_violation:
    case sql::Failure::generated_column:
      add_subject(result, catalog, subject, error);
      break;
    case sql::Failure::raised:
      result.extensions.push_back({"sqlstate", base::json_string(error.sqlstate)});
      break;
    default:
      break;
  }
  if (write != nullptr && !write->input_path.empty())
    result.extensions.push_back(input_path_extension(write->input_path));
  if (debug) add_debug(result, error);
  return result;
}

std::string unauthorized_message(std::string_view field, std::string_view type) {
  return fmt::format("Not Authorized to access {} on type {}", field, type);
}

graphql::Error unauthorized_error(std::string message) {
  return {.message = std::move(message), .code = code::unauthorized, .type = "Unauthorized"};
}

graphql::Error not_found_error(const Schema& schema, const Write& write) {
  return {.message = fmt::format("There is no {} with this key.", model_name(*schema.catalog, write.table)),
          .code = code::not_found};
}

graphql::Extension input_path_extension(std::string_view path) {
  return {"inputPath", base::json_string(path)};
}

graphql::Error target_missing_error(const Schema& schema, const WriteStep& step) {
  graphql::Error error{.message = fmt::format("There is no {} as `{}` asks for; nothing was changed.",
                                              model_name(*schema.catalog, step.table()), step.input_path),
                       .code = code::not_found};
  error.extensions.push_back(input_path_extension(step.input_path));
  return error;
}

graphql::Error transaction_across_databases_error(const Schema& schema, const Plan& plan) {
  std::string fields;
  for (const Write& write : plan.writes) {
    const catalog::DatabaseId database = schema.catalog->database_of(write.table);
    fields += fmt::format("{}{} to {}", fields.empty() ? "" : ", ", plan.fields[write.field].key,
                          schema.catalog->databases[database.value].name);
  }
  return {
      .message = fmt::format("One transaction cannot write to several databases: {}. Send the fields of each "
                             "database in a mutation of their own.",
                             fields),
      .code = code::transaction_across_databases};
}

graphql::Error rolled_back_error(std::string_view failed_key) {
  return {.message = fmt::format("Undone, because \"{}\" of the same transaction failed.", failed_key),
          .code = code::rolled_back};
}

graphql::Error too_many_rows_error(const base::OperationLimits& limits, bool undone) {
  return {.message =
              fmt::format("The answer would have more than {} rows in all its lists together; ask for fewer "
                          "with a smaller `limit`, above all on nested lists.{}",
                          limits.rows_answer_max, undone ? " Nothing was changed." : ""),
          .code = graphql::code::query_too_complex};
}

graphql::Error answer_too_large_error(std::size_t bytes_max, graphql::OperationKind kind) {
  const std::string_view subject =
      kind == graphql::OperationKind::mutation ? "The change was made, but its answer" : "The answer";
  return {
      .message = fmt::format("{} has more than {} bytes; ask for fewer fields, or fewer rows with a smaller "
                             "`limit`.",
                             subject, bytes_max),
      .code = graphql::code::query_too_complex};
}

graphql::Error condition_error(const Schema& schema, const Write& write) {
  return {.message = fmt::format("The {} does not meet the condition; nothing was changed.",
                                 model_name(*schema.catalog, write.table)),
          .code = code::condition_failed};
}

}  // namespace tenon::api
