// The names of all constraints of a schema, those that Prisma makes included, counted by the scopes in which
// the database wants them to be different.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "psl/check/rules_context.h"

namespace tenon::psl {

enum class ConstraintKind : std::uint8_t { index, relation, field_default, primary_key };

class ConstraintNamespace {
 public:
  explicit ConstraintNamespace(const RuleContext& context);

  // The scopes in which a constraint of that model and name is not the only one, in words: "global for
  // foreign keys".
  std::vector<std::string> clashes(const Model& model, ConstraintKind kind, std::string_view name) const;
  // The attributes that give the client name to a key of the model: "@@unique", "@@id".
  std::vector<std::string_view> keys_with_client_name(const Model& model, std::string_view name) const;
  // Whether two keys of the model have the client name.
  bool has_client_name_twice(const Model& model, std::string_view name) const;

 private:
  struct ClientName {
    std::uint32_t count = 0;
    bool of_index = false;
    bool of_unique = false;
    bool of_id = false;
  };

  const ClientName* find_client_name(const Model& model, std::string_view name) const;
  void count_model(const RuleContext& context, const Model& model, ConstraintScope scope);
  void count_relations(const RuleContext& context, ConstraintScope scope);
  void count_defaults(const RuleContext& context, const Model& model, ConstraintScope scope);
  void count_client_name(const Model& model, const ModelIndex& index);
  void count(const Model& model, ConstraintScope scope, std::string_view name);
  static std::string key(const Model& model, ConstraintScope scope, std::string_view name);

  std::unordered_map<std::string, std::uint32_t> counts_;
  std::unordered_map<std::string, ClientName> client_names_;
};

// Names in the database: those of `map:`, else the default ones. A primary key has none where the database
// does not name it.
std::string constraint_name(const RuleContext& context, const ModelIndex& index);
std::string constraint_name(const RuleContext& context, const Relation& relation);
std::string default_constraint_name(const RuleContext& context, const ScalarField& field);

}  // namespace tenon::psl
