#include "api/overlay/operations.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "api/overlay/fields.h"
#include "api/overlay/rules.h"
#include "base/suggestion.h"
#include "graphql/name.h"
#include "graphql/value_text.h"
#include "sql/named_parameters.h"

namespace tenon::api {

namespace {

using graphql::FieldDefinition;
using graphql::Value;
using graphql::ValueKind;
using Result = OverlayOperation::Result;

// Names of the types that a value of the API may have, for suggestions.
std::vector<std::string_view> output_names(const OperationContext& context) {
  std::vector<std::string_view> names{"Int", "Float", "String", "Boolean", "ID", "AWSJSON", "JSON"};
  for (const OverlayType& type : context.types.types)
    if (!type.is_input) names.push_back(type.name);
  for (const catalog::Table& table : context.catalog.tables)
    if (!table.model_name.empty()) names.push_back(table.model_name);
  return names;
}

std::size_t list_depth(std::string_view wrappers) {
  return static_cast<std::size_t>(std::ranges::count(wrappers, '['));
}

class OperationReader {
 public:
  OperationReader(OperationContext& context, const OverlayFile& file, const FieldDefinition& field,
                  graphql::OperationKind kind)
      : context_(context), file_(file), document_(file.document()), field_(field) {
    operation_.kind = kind;
    operation_.span = file.span(field.name);
    operation_.field = {.name = std::string(field.name.text),
                        .type = graphql::type_text(file.type(field)),
                        .description = std::string(field.description),
                        .span = file.span(file.type(field))};
  }

  void read();

 private:
  bool check_name();
  bool check_directives();
  bool rules();
  bool statement();
  bool find_database(const graphql::Directive& sql);
  bool find_text(const graphql::Directive& sql);
  bool find_file(const Value& reference);
  bool parameters();
  base::Span place(std::uint32_t offset) const;
  bool arguments();
  bool argument(const graphql::InputValueDefinition& argument);
  bool result();
  void add_table();
  catalog::ColumnId add_column(const OverlayField& field, const graphql::TypeNode& type);
  void add_type_columns(const OverlayType& type);

  bool error(const base::Span& place, std::string message, std::string help = {},
             base::Code code = base::code::overlay_invalid_operation) {
    context_.diagnostics.error(code, std::move(message), place, std::move(help));
    return false;
  }
  bool is_mysql() const { return context_.catalog.engine_of(database_) == catalog::Engine::mysql; }

  OperationContext& context_;
  const OverlayFile& file_;
  const graphql::Document& document_;
  const FieldDefinition& field_;
  OverlayOperation operation_;
  catalog::DatabaseId database_;
  // Where the statement's text begins, when a place in it is one in a file.
  std::optional<base::Span> text_;
  base::Span statement_;  // otherwise: of the whole of it
};

bool OperationReader::check_name() {
  const std::string& name = operation_.field.name;
  if (graphql::is_reserved_name(name))
    return error(operation_.span, fmt::format("{} is no name for a field.", name));
  const auto same = [&](const OverlayOperation& one) {
    return one.kind == operation_.kind && one.field.name == name;
  };
  if (std::ranges::none_of(context_.operations, same)) return true;
  return error(operation_.span, fmt::format("There is an operation {} already.", name));
}

bool OperationReader::check_directives() {
  constexpr auto known = std::to_array<std::string_view>({"sql", "auth"});
  bool good = true;
  for (std::uint32_t i = 0; i < field_.directives.count; ++i) {
    const graphql::Directive& directive = document_.directives[field_.directives.first + i];
    const std::string_view name = directive.name.text;
    if (std::ranges::find(known, name) != known.end() || is_mode_directive(name)) {
      if (file_.directive(field_.directives, name) != &directive)
        good = error(file_.span(directive), fmt::format("@{} is given twice.", name));
      continue;
    }
    const bool planned = name == "function" || name == "http";
    good = error(file_.span(directive),
                 planned ? fmt::format("@{} is not supported yet: {} can only be a statement.", name,
                                       operation_.field.name)
                         : fmt::format("There is no directive @{} on an operation.", name),
                 planned ? "write @sql(statement: \"…\")" : base::did_you_mean(name, known),
                 planned ? base::code::overlay_invalid_operation : base::code::overlay_unknown_directive);
  }
  return good;
}

bool OperationReader::rules() {
  const graphql::Directive* auth = file_.directive(field_.directives, "auth");
  if (auth == nullptr) {
    context_.diagnostics.warning(
        base::code::model_unreachable,
        fmt::format("{} has no rules: the API does not show it.", operation_.field.name), operation_.span,
        "to open it, write behind it: @auth(rules: [{ allow: public }])");
    return false;
  }
  auto rules = read_rules(file_, *auth, {.kind = RuleSubject::Kind::operation, .catalog = &context_.catalog},
                          context_.diagnostics);
  if (rules) operation_.rules = *std::move(rules);
  return rules.has_value();
}

bool OperationReader::find_database(const graphql::Directive& sql) {
  const Value* name = file_.argument(sql, "database");
  const std::vector<catalog::Database>& databases = context_.catalog.databases;
  if (name == nullptr) {
    if (databases.size() < 2) return true;
    return error(file_.span(sql), "There are several databases: @sql has to name one of them.",
                 fmt::format("write: database: \"{}\"", databases.front().name));
  }
  const auto found = std::ranges::find(databases, name->text, &catalog::Database::name);
  if (name->kind == ValueKind::string && found != databases.end()) {
    database_ = catalog::DatabaseId{static_cast<std::uint32_t>(found - databases.begin())};
    return true;
  }
  std::vector<std::string_view> names;
  for (const catalog::Database& one : databases) names.push_back(one.name);
  return error(
      file_.span(*name), fmt::format("There is no database {}.", name->text),
      databases.empty() ? "leave database out: there is only one" : base::did_you_mean(name->text, names));
}

// A statement in a file beside the overlay's.
bool OperationReader::find_file(const Value& reference) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(context_.sources.path(file_.source())).parent_path();
  const std::string wanted = (folder / fs::path(reference.text)).lexically_normal().string();
  std::vector<std::string_view> paths;
  for (const base::SourceId id : context_.statements) {
    paths.push_back(context_.sources.path(id));
    if (paths.back() != wanted) continue;
    operation_.statement = context_.sources.text(id);
    text_ = base::Span{id, 0, 0};
    return true;
  }
  return error(file_.span(reference), fmt::format("There is no file {}.", wanted),
               paths.empty() ? "statements are in *.sql beside the overlay's files"
                             : base::did_you_mean(wanted, paths));
}

bool OperationReader::find_text(const graphql::Directive& sql) {
  const Value* statement = file_.argument(sql, "statement");
  const Value* reference = file_.argument(sql, "reference");
  if ((statement == nullptr) == (reference == nullptr))
    return error(file_.span(sql), "@sql has either a statement or a reference to a file with one.",
                 "write: @sql(statement: \"select …\"), or @sql(reference: \"./name.sql\")");
  const Value& given = statement != nullptr ? *statement : *reference;
  statement_ = file_.span(given);
  if (given.kind != ValueKind::string) return error(statement_, "Expected a text in quotes.");
  if (reference != nullptr) return find_file(given);
  operation_.statement = given.text;
  // Without escapes and indentation what is written is what is meant.
  const std::string_view written = context_.sources.text(file_.source()).substr(given.offset);
  if (!given.block_string && written.substr(1).starts_with(given.text)) text_ = file_.at(given.offset + 1, 0);
  return true;
}

base::Span OperationReader::place(std::uint32_t offset) const {
  if (!text_) return statement_;
  return {text_->source, text_->begin + offset, text_->begin + offset + 1};
}

bool OperationReader::parameters() {
  const auto found = sql::find_named_parameters(operation_.statement, context_.catalog.engine_of(database_));
  if (!found)
    return error(place(found.error().offset), found.error().message,
                 "a statement has its values by name, as in :id, and no semicolon before its end");
  if (std::string_view(operation_.statement).substr(0, found->end).find_first_not_of(" \t\r\n") ==
      std::string_view::npos)
    return error(statement_, "The statement is empty.");
  bool good = true;
  std::vector<std::string_view> names;
  for (const OverlayField& one : operation_.arguments) names.push_back(one.name);
  for (const sql::NamedParameter& one : found->found) {
    const auto argument = std::ranges::find(names, one.name);
    if (argument == names.end()) {
      base::Span span = place(one.begin);
      if (text_) span.end = text_->begin + one.end;
      good = error(span, fmt::format("{} has no argument {}.", operation_.field.name, one.name),
                   base::did_you_mean(one.name, names));
      continue;
    }
    operation_.places.push_back({.begin = one.begin,
                                 .end = one.end,
                                 .argument = static_cast<std::uint32_t>(argument - names.begin())});
  }
  operation_.statement.resize(found->end);
  return good;
}

bool OperationReader::statement() {
  const graphql::Directive* sql = file_.directive(field_.directives, "sql");
  if (sql == nullptr)
    return error(operation_.span, fmt::format("Nothing answers {}.", operation_.field.name),
                 "write behind it: @sql(statement: \"select …\")");
  return check_arguments(file_, *sql, {"statement", "reference", "database"},
                         base::code::overlay_invalid_operation, context_.diagnostics) &&
         find_database(*sql) && find_text(*sql) && parameters();
}

bool OperationReader::argument(const graphql::InputValueDefinition& argument) {
  const graphql::TypeNode& type = document_.types[argument.type];
  const OverlayType* input = context_.types.find_type(type.name.text);
  if (!is_leaf(context_.catalog, context_.types, type.name.text) && (input == nullptr || !input->is_input))
    return error(file_.span(type), fmt::format("{} is no type for an argument.", type.name.text),
                 "an argument is a scalar, an enum, an input of the overlay's, or a list of such");
  if (list_depth(type.wrappers) > 1)
    return error(file_.span(type), "An argument is a list of plain values at most.");
  if (!argument.directives.empty())
    return error(file_.span(document_.directives[argument.directives.first]),
                 "An argument has no directives.");
  OverlayField out{.name = std::string(argument.name.text),
                   .type = graphql::type_text(type),
                   .description = std::string(argument.description),
                   .span = file_.span(type)};
  if (argument.has_default)
    graphql::append_value(out.default_value, document_, argument.default_value,
                          graphql::BlockStrings::as_strings);
  operation_.arguments.push_back(std::move(out));
  return true;
}

bool OperationReader::arguments() {
  bool good = true;
  for (std::uint32_t i = 0; i < field_.arguments.count; ++i)
    good = argument(document_.input_values[field_.arguments.first + i]) && good;
  return good;
}

bool OperationReader::result() {
  const graphql::TypeNode& type = file_.type(field_);
  const std::size_t depth = list_depth(type.wrappers);
  const std::string_view name = type.name.text;
  if (depth > 1) return error(file_.span(type), "An operation gives a list of rows at most.");
  const OverlayType* own = context_.types.find_type(name);
  const auto model = context_.catalog.find_model(name);
  if (model || (own != nullptr && !own->is_input)) {
    operation_.result = depth == 1 ? Result::objects : Result::object;
    operation_.model = model;
    return true;
  }
  if (!is_leaf(context_.catalog, context_.types, name))
    return error(file_.span(type), fmt::format("There is no type {} that rows could have.", name),
                 base::did_you_mean(name, output_names(context_)));
  const bool json = name == "AWSJSON" || name == "JSON";
  operation_.result =
      depth == 1 ? (json ? Result::jsons : Result::values) : (json ? Result::json : Result::value);
  return true;
}

catalog::ColumnId OperationReader::add_column(const OverlayField& field, const graphql::TypeNode& type) {
  const std::string_view name = type.name.text;
  const OverlayScalar* scalar = context_.types.find_scalar(name);
  const OverlayType* input = context_.types.find_type(name);
  catalog::Column column = column_like(context_.catalog, name);
  if (scalar != nullptr && scalar->is_number()) column.type.kind = catalog::TypeKind::float64;
  const bool is_list = list_depth(type.wrappers) > 0;
  if (input != nullptr || (is_list && is_mysql())) {
    column.type = {.kind = catalog::TypeKind::json};
  } else if (is_list) {
    column.type.array_dimensions = 1;
  }
  column.table = operation_.table;
  column.name = column.field_name = field.name;
  column.nullable = !type.wrappers.starts_with('!');
  context_.catalog.columns.push_back(std::move(column));
  return catalog::ColumnId{static_cast<std::uint32_t>(context_.catalog.columns.size() - 1)};
}

void OperationReader::add_type_columns(const OverlayType& type) {
  for (const OverlayField& field : type.fields) {
    const std::size_t begin = std::min(field.type.find_first_not_of('['), field.type.size());
    const std::size_t end = std::min(field.type.find_first_of("!]", begin), field.type.size());
    graphql::TypeNode node{.name = {.text = std::string_view(field.type).substr(begin, end - begin)}};
    if (field.type.ends_with('!')) node.wrappers += '!';
    if (begin > 0) node.wrappers += '[';
    operation_.columns.push_back(add_column(field, node));
  }
}

void OperationReader::add_table() {
  catalog::Catalog& catalog = context_.catalog;
  operation_.table = catalog::TableId{static_cast<std::uint32_t>(catalog.tables.size())};
  catalog::Table table;
  const auto schema = std::ranges::find(catalog.schemas, database_, &catalog::Namespace::database);
  table.schema = catalog::NamespaceId{static_cast<std::uint32_t>(schema - catalog.schemas.begin())};
  if (schema == catalog.schemas.end()) catalog.schemas.push_back({.name = {}, .database = database_});
  table.name = operation_.field.name;
  table.ignored = true;
  catalog.tables.push_back(table);
  const auto first = static_cast<std::uint32_t>(catalog.columns.size());
  for (std::uint32_t i = 0; i < field_.arguments.count; ++i)
    operation_.argument_columns.push_back(add_column(
        operation_.arguments[i], document_.types[document_.input_values[field_.arguments.first + i].type]));
  if (const OverlayType* type = context_.types.find_type(file_.type(field_).name.text)) {
    add_type_columns(*type);
  } else if (!operation_.model) {
    graphql::TypeNode item = file_.type(field_);
    item.wrappers.clear();
    operation_.columns.push_back(add_column(operation_.field, item));
  }
  catalog[operation_.table].columns = {first, static_cast<std::uint32_t>(catalog.columns.size()) - first};
}

void OperationReader::read() {
  // Each says what it finds.
  const bool named = check_name();
  const bool directed = check_directives();
  const bool taking = arguments();
  const bool giving = result();
  const bool good = named && directed && taking && giving;
  if (!good || !statement() || !rules()) return;
  add_table();
  context_.operations.push_back(std::move(operation_));
}

}  // namespace

void read_operations(OperationContext& context, const OverlayFile& file,
                     const graphql::TypeSystemDefinition& root, graphql::OperationKind kind) {
  for (std::uint32_t i = 0; i < root.directives.count; ++i) {
    const graphql::Directive& directive = file.document().directives[root.directives.first + i];
    context.diagnostics.error(base::code::overlay_unknown_directive,
                              fmt::format("@{} is not known on {}.", directive.name.text, root.name.text),
                              file.span(directive), "rules stand behind each field");
  }
  for (std::uint32_t i = 0; i < root.fields.count; ++i) {
    const FieldDefinition& field = file.document().fields[root.fields.first + i];
    if (kind != graphql::OperationKind::subscription) {
      OperationReader(context, file, field, kind).read();
      continue;
    }
    context.diagnostics.warning(
        base::code::overlay_invalid_operation,
        fmt::format("The subscription {} is left out: those of an overlay are not served yet.",
                    field.name.text),
        file.span(field.name));
  }
}

void check_own_types(const catalog::Catalog& catalog, const OwnTypes& types, base::Diagnostics& diagnostics) {
  for (const OverlayType& type : types.types) {
    if (catalog.find_model(type.name))
      diagnostics.error(base::code::overlay_invalid_type,
                        fmt::format("There is a model {} already.", type.name),
                        type.fields.empty() ? std::optional<base::Span>() : type.fields.front().span,
                        "choose another name");
    for (const OverlayField& field : type.fields) {
      const std::size_t begin = std::min(field.type.find_first_not_of('['), field.type.size());
      const std::string_view name =
          std::string_view(field.type).substr(begin, field.type.find_first_of("!]", begin) - begin);
      const OverlayType* other = types.find_type(name);
      if (is_leaf(catalog, types, name) || (type.is_input && other != nullptr && other->is_input)) continue;
      diagnostics.error(
          base::code::overlay_invalid_type,
          fmt::format("{}.{}: {} is no scalar or enum.", type.name, field.name, name), field.span,
          type.is_input ? "" : "a field of a result is a column: return JSON for what is nested");
    }
  }
}

}  // namespace tenon::api
