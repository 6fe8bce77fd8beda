// What every rule works with, and the forms of their messages; for rules_*.cpp.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "psl/check/check.h"
#include "psl/check/key_lookup.h"

namespace tenon::psl {

class RuleContext {
 public:
  RuleContext(const CheckedSchema& schema, const CheckOptions& options, base::Diagnostics& diagnostics);

  const Resolved& resolved;
  const Configuration& configuration;
  const Connector& connector;
  const Datasource* datasource;  // nullptr when the schema has none
  RelationMode relation_mode;
  PrismaCompat compat;
  base::Diagnostics& diagnostics;
  const KeyLookup keys;

  bool has(Capability capability) const { return connector.has(capability); }
  bool has(PreviewFeature feature) const { return configuration.preview_features.has(feature); }
  // Whether the datasource lists the schema.
  bool lists_schema(std::string_view name) const { return schemas_.contains(name); }
  // Whether no rule was broken so far. Some rules say nothing sensible after others.
  bool clean() const { return diagnostics.error_count() == errors_before_; }

  void error(std::string message, const base::Span& span, std::string help = {}) const;
  void warning(std::string message, const base::Span& span) const;
  // `Error validating: message`
  void validation_error(std::string_view message, const base::Span& span) const;
  // `Error parsing attribute "@@id": message`
  void attribute_error(std::string_view attribute, std::string_view message, const base::Span& span) const;
  // `Error validating model "M": message`
  void model_error(const Model& model, std::string_view message, const base::Span& span) const;
  // `Error validating field `f` in model `M`: message`, at the field
  void field_error(const Model& model, const Field& field, std::string_view message,
                   std::string help = {}) const;

 private:
  std::size_t errors_before_;
  std::set<std::string_view> schemas_;
};

// "model" or "view"
std::string_view container_word(const Model& model);
// "@id", "@@unique" …
std::string attribute_name(const ModelIndex& index);
// Whether some field of the index has the argument.
bool has_length(const ModelIndex& index);
bool has_sort(const ModelIndex& index);
bool has_operator_class(const ModelIndex& index);
// "BTree", "SpGist" …
std::string_view to_string(IndexAlgorithm algorithm);
// Of the argument `name:` of an attribute; `otherwise` when there is no such argument.
base::Span argument_span(const Attribute& attribute, std::string_view name, const base::Span& otherwise);
// `a`, `b` and `c`
std::string quoted_list(const std::vector<std::string_view>& names, std::string_view last_separator = ", ");

}  // namespace tenon::psl
