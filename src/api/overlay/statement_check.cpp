#include "api/overlay/statement_check.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "api/values/scalars.h"
#include "base/suggestion.h"

namespace tenon::api {

namespace {

using catalog::TypeKind;
using Result = OverlayOperation::Result;

// Types whose texts can stand for one another. A text can be read as most things, and most things are written
// as a text.
enum class ValueFamily : std::uint8_t {
  unknown,
  boolean,
  integer,
  number,
  text,
  json,
  date,
  time,
  timestamp,
  bytes
};

ValueFamily family_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return ValueFamily::boolean;
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::year:
    case TypeKind::oid:
      return ValueFamily::integer;
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
      return ValueFamily::number;
    case TypeKind::json:
    case TypeKind::jsonb:
      return ValueFamily::json;
    case TypeKind::date:
      return ValueFamily::date;
    case TypeKind::time:
    case TypeKind::timetz:
      return ValueFamily::time;
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return ValueFamily::timestamp;
    case TypeKind::bytes:
      return ValueFamily::bytes;
    case TypeKind::other:
    case TypeKind::enumeration:
      return ValueFamily::unknown;
    default:
      return ValueFamily::text;
  }
}

// What a statement gives, shown as what was declared.
bool gives(catalog::Engine engine, sql::ValueType actual, const catalog::Column& declared) {
  if (declared.type.kind == TypeKind::enumeration) return true;
  const ValueFamily from = family_of(actual.kind);
  const ValueFamily to = family_of(declared.type.kind);
  if (from == ValueFamily::unknown || to == ValueFamily::text) return true;
  if (actual.is_array != declared.type.is_array()) return false;
  if (from == to || (from == ValueFamily::integer && to == ValueFamily::number)) return true;
  // MySQL has neither booleans nor, in MariaDB, JSON.
  if (engine == catalog::Engine::mysql)
    return (from == ValueFamily::integer && to == ValueFamily::boolean) ||
           (from == ValueFamily::text && to == ValueFamily::json) ||
           (from == ValueFamily::number && to == ValueFamily::integer);
  return false;
}

// What is declared, taken by a statement as a value of its own.
bool takes(sql::ValueType wanted, const catalog::Column& declared) {
  if (wanted.is_array != declared.type.is_array()) return wanted.kind == TypeKind::other;
  const ValueFamily to = family_of(wanted.kind);
  const ValueFamily from = family_of(declared.type.kind);
  return to == ValueFamily::unknown || to == ValueFamily::text || from == to || from == ValueFamily::text ||
         from == ValueFamily::unknown || (from == ValueFamily::integer && to == ValueFamily::number);
}

std::string shown(sql::ValueType type) {
  return fmt::format("{}{}", catalog::to_string(type.kind), type.is_array ? "[]" : "");
}

class StatementChecker {
 public:
  StatementChecker(const catalog::Catalog& catalog, const OverlayOperation& operation,
                   const sql::Description& description, base::Diagnostics& diagnostics)
      : catalog_(catalog), operation_(operation), description_(description), diagnostics_(diagnostics) {}

  void run() {
    arguments();
    if (operation_.result == Result::jsons || operation_.result == Result::json) return;
    if (gives_untold_rows()) return;
    if (description_.columns.empty() && operation_.kind == graphql::OperationKind::query)
      return mismatch(operation_.field.span, "The statement gives no rows.", "write a SELECT, or RETURNING");
    if (operation_.result == Result::values || operation_.result == Result::value) return value();
    if (!operation_.model)
      for (const catalog::ColumnId column : operation_.columns) field(catalog_[column]);
  }

 private:
  void arguments() {
    std::vector<std::uint32_t> seen;
    for (const OverlayOperation::Place& place : operation_.places) {
      if (std::ranges::find(seen, place.argument) != seen.end()) continue;
      const std::size_t number = seen.size();
      seen.push_back(place.argument);
      if (number >= description_.parameters.size()) return;
      const sql::ValueType wanted = description_.parameters[number];
      const OverlayField& argument = operation_.arguments[place.argument];
      if (takes(wanted, catalog_[operation_.argument_columns[place.argument]])) continue;
      mismatch(argument.span,
               fmt::format("The statement takes {} as {}, and it is declared as {}.", argument.name,
                           shown(wanted), argument.type),
               fmt::format("write a cast in the statement, such as :{}::text, or declare another type",
                           argument.name));
    }
  }

  void value() {
    if (description_.columns.empty()) return;
    const catalog::Column& declared = catalog_[operation_.columns.front()];
    if (gives(engine(), description_.columns.front().type, declared)) return;
    mismatch(operation_.field.span,
             fmt::format("The statement's first column {} is {}, and {} is declared.",
                         description_.columns.front().name, shown(description_.columns.front().type),
                         operation_.field.type),
             "write a cast in the statement, or declare another type");
  }

  void field(const catalog::Column& declared) {
    const auto found =
        std::ranges::find(description_.columns, declared.field_name, &sql::Description::Column::name);
    if (found == description_.columns.end()) {
      std::vector<std::string_view> names;
      for (const sql::Description::Column& column : description_.columns) names.push_back(column.name);
      const std::string help = base::did_you_mean(declared.field_name, names);
      return mismatch(operation_.field.span,
                      fmt::format("{} promises {}, and the statement has no column of that name.",
                                  operation_.field.name, declared.field_name),
                      help.empty() ? fmt::format("write: … as \"{}\"", declared.field_name) : help);
    }
    if (gives(engine(), found->type, declared)) return;
    mismatch(operation_.field.span,
             fmt::format("{} promises {} as {}, and the statement's column is {}.", operation_.field.name,
                         declared.field_name, declared.scalar, shown(found->type)),
             "write a cast in the statement, or declare another type");
  }

  // MariaDB does not say before it runs a statement what RETURNING gives.
  bool gives_untold_rows() const {
    constexpr std::string_view word = "returning";
    const auto same = [](char a, char b) { return (a | 0x20) == b; };
    return engine() == catalog::Engine::mysql && description_.columns.empty() &&
           !std::ranges::search(operation_.statement, word, same).empty();
  }
  catalog::Engine engine() const { return catalog_.engine_of(operation_.table); }
  void mismatch(const base::Span& place, std::string message, std::string help) {
    diagnostics_.error(base::code::overlay_statement_mismatch, std::move(message), place, std::move(help));
  }

  const catalog::Catalog& catalog_;
  const OverlayOperation& operation_;
  const sql::Description& description_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

sql::Statement render(const catalog::Catalog& catalog, const OverlayOperation& operation,
                      const sql::Dialect& dialect) {
  sql::OwnStatement own{.catalog = &catalog, .table = operation.table, .text = operation.statement};
  std::vector<std::optional<std::uint32_t>> numbers(operation.arguments.size());
  for (const OverlayOperation::Place& place : operation.places) {
    auto& number = numbers[place.argument];
    if (!number) {
      number = static_cast<std::uint32_t>(own.columns.size());
      own.columns.push_back(operation.argument_columns[place.argument]);
    }
    own.places.push_back({.begin = place.begin, .end = place.end, .parameter = {*number}});
  }
  return dialect.render(own);
}

void check_statement(const catalog::Catalog& catalog, const OverlayOperation& operation,
                     const sql::Description& description, base::Diagnostics& diagnostics) {
  StatementChecker(catalog, operation, description, diagnostics).run();
}

}  // namespace tenon::api
