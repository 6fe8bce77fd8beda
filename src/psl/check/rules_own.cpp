// What Prisma's validator lets pass and the database then refuses, or takes for something else.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/rules_stages.h"
#include "psl/constraint_names.h"
#include "psl/native_types.h"

namespace tenon::psl {

namespace {

using base::code::schema_invalid;

class OwnRules {
 public:
  explicit OwnRules(const RuleContext& context)
      : context_(context), resolved_(context.resolved), engine_(context.datasource->engine) {}

  void run() {
    for (const Enumeration& enumeration : resolved_.enums) {
      check_map(enumeration.map);
      check_labels(enumeration);
    }
    for (const Model& model : resolved_.models) check_map(model.map);
    for (const ScalarField& field : resolved_.scalar_fields) {
      check_map(field.map);
      if (engine_ == catalog::Engine::mysql) check_fraction(field);
    }
    check_link_tables();
    if (engine_ == catalog::Engine::mysql && context_.relation_mode == RelationMode::foreign_keys)
      for (const Relation& relation : resolved_.relations) check_foreign_key(relation);
  }

 private:
  void error(std::string message, const base::Span& span, std::string help) {
    context_.diagnostics.error(schema_invalid, std::move(message), span, std::move(help));
  }

  void check_map(const std::optional<MappedName>& map) {
    if (map && map->text.empty())
      error("Error validating: A name in the database cannot be empty.", map->attribute->span,
            "Write the name, or leave the attribute out when both names are the same.");
  }

  // An empty label is one like any other.
  void check_labels(const Enumeration& enumeration) {
    std::map<std::string_view, std::string_view> seen;
    for (const EnumerationValue& value : enumeration.values) {
      const auto [holder, is_new] = seen.emplace(value.database_name(), value.name());
      if (is_new) continue;
      error(fmt::format("Error validating enum `{}`: The values `{}` and `{}` are both \"{}\" in the "
                        "database.",
                        enumeration.name(), holder->second, value.name(), value.database_name()),
            value.member->line_span, "Give one of them another name with @map.");
    }
  }

  // MySQL keeps at most microseconds.
  void check_fraction(const ScalarField& field) {
    if (!field.native_type || field.scalar() != Scalar::date_time) return;
    const auto type =
        native_type(engine_, Scalar::date_time, field.native_type->name, field.native_type->arguments);
    if (!type || type->precision.value_or(0) <= 6) return;
    error(
        fmt::format("Argument M is out of range for native type `{}({})` of MySQL: M can range from 0 to 6.",
                    field.native_type->name, *type->precision),
        field.native_type->attribute->span, "Use 6 for microseconds or 3 for milliseconds.");
  }

  // The table of an implicit many-to-many relation may not be that of a model.
  void check_link_tables() {
    std::map<std::string_view, const Model*> tables;
    for (const Model& model : resolved_.models) tables.emplace(model.database_name(), &model);
    for (const Relation& relation : resolved_.relations) {
      if (relation.kind != RelationKind::implicit_many_to_many) continue;
      const std::string table = link_table_name(engine_, resolved_.relation_name(relation));
      const auto found = tables.find(table);
      if (found == tables.end()) continue;
      error(fmt::format("Error validating: The table \"{}\" of the many-to-many relation between `{}` and "
                        "`{}` is also that of the model `{}`.",
                        table, resolved_[relation.from].name(), resolved_[relation.to].name(),
                        found->second->name()),
            resolved_[*relation.forward].field->line_span,
            "Give the relation another name with @relation(\"name\") on both fields.");
    }
  }

  // InnoDB finds the row by an index that begins with the referenced columns in their order, and compares
  // integers only of the same size and sign.
  void check_foreign_key(const Relation& relation) {
    if (!relation.forward) return;
    const RelationField& forward = resolved_[*relation.forward];
    if (!forward.fields || !forward.references) return;
    const auto& references = *forward.references;
    const Model& target = resolved_[relation.to];
    if (!context_.keys.has_prefix(relation.to, references)) {
      std::vector<std::string_view> names;
      for (const ScalarFieldId field : references) names.push_back(resolved_[field].name());
      error(fmt::format("Error parsing attribute \"@relation\": No index of the model `{}` begins with the "
                        "fields {} in this order, which a foreign key of MySQL needs.",
                        target.name(), fmt::join(names, ", ")),
            forward.field->line_span,
            "List `references`, and `fields` with them, in the order of the id or unique index.");
    }
    check_integers(forward);
  }

  void check_integers(const RelationField& forward) {
    const std::size_t count = std::min(forward.fields->size(), forward.references->size());
    for (std::size_t i = 0; i < count; ++i) {
      const ScalarField& from = resolved_[(*forward.fields)[i]];
      const ScalarField& to = resolved_[(*forward.references)[i]];
      const auto from_type = integer_type(from);
      const auto to_type = integer_type(to);
      if (!from_type || !to_type ||
          (from_type->kind == to_type->kind && from_type->is_unsigned == to_type->is_unsigned))
        continue;
      error(
          fmt::format("Error parsing attribute \"@relation\": The field `{}` is {} and the referenced field "
                      "`{}` of the model `{}` is {}, which a foreign key of MySQL cannot compare.",
                      from.name(), from_type->native, to.name(), resolved_[to.model].name(), to_type->native),
          forward.field->line_span, "Give both fields the same native type.");
    }
  }

  std::optional<catalog::ColumnType> integer_type(const ScalarField& field) {
    const std::optional<Scalar> scalar = field.scalar();
    if (scalar != Scalar::integer && scalar != Scalar::big_int) return std::nullopt;
    if (!field.native_type) return default_type(engine_, *scalar);
    const auto type = native_type(engine_, *scalar, field.native_type->name, field.native_type->arguments);
    return type ? std::optional(*type) : std::nullopt;
  }

  const RuleContext& context_;
  const Resolved& resolved_;
  catalog::Engine engine_;
};

}  // namespace

void check_own_rules(const RuleContext& context) {
  if (context.datasource != nullptr) OwnRules(context).run();
}

}  // namespace tenon::psl
