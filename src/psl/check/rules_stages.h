// The rules by subject; rules.cpp calls them in the order in which Prisma's validator reports.
#pragma once

#include "psl/check/constraint_namespace.h"
#include "psl/check/rules_context.h"

namespace tenon::psl {

// rules_datasource.cpp, rules_composite_types.cpp
void check_datasource(const RuleContext& context);
void check_composite_types(const RuleContext& context);

// rules_models.cpp, rules_views.cpp
void check_model_database_names(const RuleContext& context);
void check_model(const RuleContext& context, const ConstraintNamespace& names, ModelId id);
// What holds for views alone.
void check_view(const RuleContext& context, ModelId id);

// rules_index_types.cpp: which types can be in which index
void check_indexed_types(const RuleContext& context, const Model& model);
void check_length_types(const RuleContext& context, const ModelIndex& index);

// rules_operator_classes.cpp
void check_operator_classes(const RuleContext& context, const ModelIndex& index);

// rules_defaults.cpp
void check_unknown_default_functions(const RuleContext& context);
void check_autoincrement(const RuleContext& context, const Model& model);
void check_default(const RuleContext& context, const ScalarField& field);

// rules_fields.cpp, rules_native_types.cpp
void check_scalar_field(const RuleContext& context, const ConstraintNamespace& names,
                        const ScalarField& field);
void check_client_name(const RuleContext& context, const ConstraintNamespace& names, const Model& model,
                       std::string_view field_name);
void check_native_type(const RuleContext& context, const ScalarFieldType& type,
                       const std::optional<NativeTypeUse>& use);
void check_unsupported_type(const RuleContext& context, const ScalarField& field);

// rules_indexes.cpp
void check_index(const RuleContext& context, const ConstraintNamespace& names, ModelIndexId id);
void check_name_length(const RuleContext& context, const Model& model, const Attribute& attribute,
                       std::string_view at, const std::optional<std::string>& map);

// rules_relation_fields.cpp. False when the relations of the model are ambiguous, after which nothing
// sensible can be said about any.
bool check_relation_fields(const RuleContext& context, const ConstraintNamespace& names, const Model& model);

// rules_enums.cpp
void check_enums(const RuleContext& context);

// rules_relations.cpp, rules_one_to_one.cpp, rules_one_to_many.cpp, rules_many_to_many.cpp
void check_relations(const RuleContext& context, const ConstraintNamespace& names);
// A relation of one field only.
void check_opposite(const RuleContext& context, const Relation& relation);
void check_one_to_one(const RuleContext& context, const Relation& relation);
void check_one_to_many(const RuleContext& context, const Relation& relation);
void check_many_to_many(const RuleContext& context, const Relation& relation);

// rules_own.cpp: what Prisma does not check.
void check_own_rules(const RuleContext& context);

}  // namespace tenon::psl
