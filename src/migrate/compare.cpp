#include "migrate/compare.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/json.hpp>

#include "migrate/cast.h"
#include "migrate/expression_text.h"
#include "psl/expressible.h"
#include "psl/model_facts.h"
#include "psl/native_types.h"

namespace tenon::migrate {

using namespace catalog;

namespace {

bool is_time(TypeKind kind) {
  constexpr std::array kinds{TypeKind::timestamp, TypeKind::timestamptz, TypeKind::date, TypeKind::time,
                             TypeKind::timetz};
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool is_number(TypeKind kind) {
  constexpr std::array kinds{TypeKind::int8,    TypeKind::int16,   TypeKind::int24,   TypeKind::int32,
                             TypeKind::int64,   TypeKind::float32, TypeKind::float64, TypeKind::decimal,
                             TypeKind::boolean, TypeKind::year};
  return std::ranges::find(kinds, kind) != kinds.end();
}

std::string_view bit_of(std::string_view text) {
  if (text == "true") return "1";
  return text == "false" ? "0" : text;
}

bool same_json(const std::string& one, const std::string& other) {
  boost::system::error_code error;
  const boost::json::value a = boost::json::parse(one, error);
  if (error) return one == other;
  const boost::json::value b = boost::json::parse(other, error);
  return !error && a == b;
}

// What remains of a moment in a column of the type.
std::int64_t kept(TypeKind kind, std::int64_t moment) {
  constexpr std::int64_t day = 86'400'000'000;
  const std::int64_t of_day = ((moment % day) + day) % day;
  if (kind == TypeKind::date) return moment - of_day;
  return kind == TypeKind::time || kind == TypeKind::timetz ? of_day : moment;
}

bool is_automatic(const Column& column) {
  return column.identity != Identity::none || column.default_value.kind == Default::Kind::autoincrement;
}

std::string default_text(const Catalog& catalog, const Column& column) {
  const Default value = psl::expressible_default(catalog, column);
  // In MySQL the current time of a date is an expression.
  if (value.kind == Default::Kind::now && catalog.engine == Engine::mysql &&
      column.type.kind == TypeKind::date)
    return "current_date";
  if (value.kind == Default::Kind::now && catalog.engine == Engine::mysql &&
      column.type.kind == TypeKind::time)
    return "current_time";
  if (value.kind == Default::Kind::now) return "current_timestamp";
  const std::string text = value.kind == Default::Kind::literal ? "'" + value.text + "'" : value.text;
  return canonical_expression(text);
}

// The operator class that PostgreSQL takes when none is named, for those that the language has words for.
bool is_default_class(const std::string& method, const std::string& name, TypeKind kind) {
  if (method == "gin") return name == "array_ops" || (name == "jsonb_ops" && kind == TypeKind::jsonb);
  if (method == "spgist") return name == "text_ops" || name == "inet_ops";
  if (method == "brin") return name.ends_with("_minmax_ops") || name == "inet_inclusion_ops";
  return false;
}

}  // namespace

ColumnChange Comparison::columns(Pair<ColumnId> columns) const {
  const Column& before = before_[columns.before];
  const Column& after = after_[columns.after];
  ColumnChange change{.columns = columns};
  compare_types(before, after, change);
  change.arity_changed = before.type.is_array() != after.type.is_array();
  // The schema language has no NOT NULL for lists.
  const bool lists = before.type.is_array() && after.type.is_array();
  change.nullability_changed = before.nullable != after.nullable && (exact() || !lists);
  if (after.type.is_array() && !exact()) change.nullability_changed = false;
  if (before.generated.empty() && after.generated.empty()) {
    change.autoincrement_changed =
        is_automatic(before) != is_automatic(after) || (exact() && before.identity != after.identity);
    change.default_changed = !change.autoincrement_changed && !same_default(before, after);
  }
  if (exact()) {
    change.generated_changed =
        canonical_expression(before.generated) != canonical_expression(after.generated) ||
        (!before.generated.empty() && before.generated_stored != after.generated_stored);
    change.comment_changed = before.comment != after.comment;
    change.collation_changed = before.collation != after.collation || before.on_update != after.on_update;
    // A column that becomes generated cannot keep its values.
    if (change.generated_changed) change.cast = Cast::impossible;
  }
  return change;
}

void Comparison::compare_types(const Column& before, const Column& after, ColumnChange& change) const {
  const Pair<const ColumnType*> types{&before.type, &after.type};
  const bool was_enum = before.type.kind == TypeKind::enumeration;
  const bool is_enum = after.type.kind == TypeKind::enumeration;
  const bool same = was_enum && is_enum ? same_enum(before.type, after.type)
                                        : was_enum == is_enum && same_type(before_.engine, types, exact());
  // Prisma takes BOOLEAN for the TINYINT it is made of.
  if (same ||
      (options_.compat == Compat::prisma && before_.engine == Engine::mysql && !was_enum && !is_enum &&
       native_word(before_.engine, before.type) == native_word(after_.engine, after.type)))
    return;
  const bool unsupported = !was_enum && !is_enum && before.type.is_array() == after.type.is_array() &&
                           !psl::spell_type(before_.engine, before.type).scalar &&
                           !psl::spell_type(after_.engine, after.type).scalar;
  // Prisma does not look at types that it has no words for.
  if (unsupported && options_.compat == Compat::prisma) return;
  change.type_changed = true;
  change.cast = was_enum && is_enum && before_.engine == Engine::mysql
                    ? enum_cast_mysql(before.type, after.type, change)
                    : cast_of(before_.engine, types, options_.compat);
}

bool Comparison::same_enum(const ColumnType& before, const ColumnType& after) const {
  if (before.is_array() != after.is_array() || !before.enum_id || !after.enum_id) return false;
  if (before_.engine == Engine::postgresql)
    return matches_.enum_after[before.enum_id->value] == after.enum_id;
  std::vector<std::string> one;
  std::vector<std::string> other;
  for (const EnumValue& value : before_[*before.enum_id].values) one.push_back(value.label);
  for (const EnumValue& value : after_[*after.enum_id].values) other.push_back(value.label);
  if (!options_.enum_order && !exact()) {
    std::ranges::sort(one);
    std::ranges::sort(other);
  }
  return one == other;
}

// A label that is gone is another label of the same value when the schema files keep the value's name.
Cast Comparison::enum_cast_mysql(const ColumnType& before, const ColumnType& after,
                                 ColumnChange& change) const {
  const std::vector<EnumValue>& was = before_[*before.enum_id].values;
  const std::vector<EnumValue>& is = after_[*after.enum_id].values;
  Cast cast = Cast::safe;
  for (const EnumValue& value : was) {
    if (std::ranges::find(is, value.label, &EnumValue::label) != is.end()) continue;
    const std::string& name = value.value_name.empty() ? value.label : value.value_name;
    const auto renamed = std::ranges::find_if(is, [&](const EnumValue& next) {
      return next.value_name == name && std::ranges::find(was, next.label, &EnumValue::label) == was.end();
    });
    if (renamed == is.end() || options_.compat == Compat::prisma)
      cast = Cast::risky;
    else
      change.renamed_values.push_back({value.label, renamed->label});
  }
  return cast;
}

bool Comparison::same_default(const Column& before, const Column& after) const {
  const Default& one = before.default_value;
  const Default& other = after.default_value;
  using enum Default::Kind;
  if (is_automatic(before) && is_automatic(after)) return true;
  // dbgenerated() without a text: whatever the database has.
  if (other.kind == expression && other.text.empty()) return true;
  if (one.kind == expression && one.text.empty() && options_.origins.before == Origin::schema_files)
    return other.kind == none && before_.engine == Engine::postgresql && options_.compat == Compat::tenon;
  if (has_no_default_mysql(before, after)) return true;
  if (one.kind == none || other.kind == none) return one.kind == other.kind;
  if (one.kind == literal && other.kind == literal) return same_literal(before, after);
  if (one.kind == now && other.kind == now) return true;
  if (options_.compat == Compat::prisma && one.kind != other.kind) return false;
  return default_text(before_, before) == default_text(after_, after);
}

// JSON and bytes have no literal defaults in MySQL; Tenon gives the values itself.
bool Comparison::has_no_default_mysql(const Column& before, const Column& after) const {
  if (before_.engine != Engine::mysql || options_.compat == Compat::prisma) return false;
  const TypeKind kind = after.type.kind;
  if (kind != TypeKind::json && kind != TypeKind::bytes && kind != TypeKind::bit) return false;
  const auto is_value = [](const Column& column) {
    return column.default_value.kind == Default::Kind::none ||
           column.default_value.kind == Default::Kind::literal;
  };
  return is_value(before) && is_value(after);
}

bool Comparison::same_literal(const Column& before, const Column& after) const {
  const Default& one = before.default_value;
  const Default& other = after.default_value;
  if (one.is_array != other.is_array) return false;
  if (!one.is_array) return same_value(before, after, one.text, other.text);
  if (one.items.size() != other.items.size()) return false;
  for (std::size_t i = 0; i < one.items.size(); ++i)
    if (!same_value(before, after, one.items[i], other.items[i])) return false;
  return true;
}

bool Comparison::same_value(const Column& before, const Column& after, const std::string& one,
                            const std::string& other) const {
  const TypeKind kind = after.type.kind;
  if (kind == TypeKind::enumeration && before.type.enum_id && before_.engine == Engine::postgresql)
    return matches_.renamed_value(*before.type.enum_id, one) == other;
  // Between an enum, a number and a text the same letters are the same default.
  if (is_number(before.type.kind) && is_number(kind))
    return plain_number(bit_of(one)) == plain_number(bit_of(other));
  if (is_number(before.type.kind) != is_number(kind)) return false;
  if (kind == TypeKind::json || kind == TypeKind::jsonb)
    return before_.engine == Engine::mysql || same_json(one, other);
  if (is_time(kind) && is_time(before.type.kind)) {
    if (options_.compat == Compat::prisma) return true;
    const std::optional<std::int64_t> was = moment_of(one);
    const std::optional<std::int64_t> is = moment_of(other);
    if (was && is) return kept(kind, *was) == kept(kind, *is);
  }
  return one == other;
}

bool Comparison::is_known(const Index& before) const {
  if (options_.origins.after == Origin::database) return true;
  if (before.has_expressions() || before.kind == IndexKind::spatial) return false;
  const bool has_names = std::ranges::all_of(
      before.parts, [&](const IndexPart& part) { return is_nameable(options_, before_[*part.column].name); });
  return has_names && (!psl::method_name(before.method).empty() || before.kind == IndexKind::fulltext);
}

// A unique constraint and a unique index are the same but for whether the key may be looked at late.
bool Comparison::same_index(const Index& before, const Index& after) const {
  if (before.kind != after.kind) return false;
  const bool has_method = before.kind == IndexKind::normal && before_.engine == Engine::postgresql;
  if (has_method && before.method != after.method) return false;
  if (canonical_expression(before.predicate) != canonical_expression(after.predicate)) return false;
  if (exact() &&
      (before.nulls_not_distinct != after.nulls_not_distinct || before.deferrable != after.deferrable))
    return false;
  return same_parts(before, after);
}

bool Comparison::same_parts(const Index& before, const Index& after) const {
  if (before.has_expressions() || after.has_expressions() || exact()) {
    if (before.parts.size() != after.parts.size() || !same_columns(before.included, after.included))
      return false;
  } else if (!same_columns(psl::index_columns(before), psl::index_columns(after))) {
    return false;
  }
  for (std::size_t i = 0; i < std::min(before.parts.size(), after.parts.size()); ++i) {
    const IndexPart& one = before.parts[i];
    const IndexPart& other = after.parts[i];
    if (one.column.has_value() != other.column.has_value()) return false;
    if (one.column && matches_.column_after[one.column->value] != other.column) return false;
    if (canonical_expression(one.expression) != canonical_expression(other.expression)) return false;
    if (one.descending != other.descending || one.length != other.length) return false;
    if (exact() && (one.nulls != other.nulls || one.collation != other.collation)) return false;
    const auto named_class = [&](const Catalog& catalog, const Index& index, const IndexPart& part) {
      const TypeKind kind = part.column ? catalog[*part.column].type.kind : TypeKind::other;
      return is_default_class(index.method, part.operator_class, kind) ? "" : part.operator_class;
    };
    if (before.kind == IndexKind::normal &&
        named_class(before_, before, one) != named_class(after_, after, other))
      return false;
  }
  return true;
}

bool Comparison::same_columns(const std::vector<ColumnId>& before, const std::vector<ColumnId>& after) const {
  return std::ranges::equal(
      before, after, [&](ColumnId one, ColumnId other) { return matches_.column_after[one.value] == other; });
}

bool Comparison::same_foreign_key(const ForeignKey& before, const ForeignKey& after) const {
  if (matches_.table_after[before.target.value] != after.target) return false;
  if (!same_columns(before.columns, after.columns) ||
      !same_columns(before.target_columns, after.target_columns))
    return false;
  const auto same_action = [&](ReferentialAction one, ReferentialAction other) {
    // InnoDB takes both for the same and shows either.
    const auto plain = [&](ReferentialAction action) {
      return before_.engine == Engine::mysql && options_.origins.before == Origin::database &&
                     action == ReferentialAction::no_action
                 ? ReferentialAction::restrict
                 : action;
    };
    return plain(one) == plain(other);
  };
  if (!same_action(before.on_delete, after.on_delete) || !same_action(before.on_update, after.on_update))
    return false;
  return !exact() ||
         (before.deferrable == after.deferrable && before.initially_deferred == after.initially_deferred);
}

}  // namespace tenon::migrate
