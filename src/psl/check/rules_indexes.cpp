#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/rules_stages.h"

namespace tenon::psl {

namespace {

using catalog::IndexKind;

class IndexRules {
 public:
  IndexRules(const RuleContext& context, const ConstraintNamespace& names, const ModelIndex& index)
      : context_(context),
        names_(names),
        index_(index),
        model_(context.resolved[index.model]),
        span_(index.attribute->span) {}

  void run(ModelIndexId id) {
    if (index_.fields.empty())
      error("The list of fields in an index cannot be empty. Please specify at least one field.");
    check_names();
    check_client_name();
    if (!context_.has(Capability::index_length) && has_length(index_))
      error("The length argument is not supported in an index definition with the current connector");
    check_algorithm();
    if (index_.kind == IndexKind::fulltext) check_fulltext();
    check_name_length(context_, model_, *index_.attribute, index_.is_on_field() ? "@" : "@@", index_.map);
    check_clustering(id);
    if (index_.kind != IndexKind::normal && has_operator_class(index_))
      error("Operator classes can only be defined to fields in an @@index attribute.");
    check_composite();
    check_where();
    check_length_types(context_, index_);
  }

 private:
  void error(std::string_view message) { error(message, span_); }
  void error(std::string_view message, const base::Span& span) {
    context_.attribute_error(attribute_name(index_), message, span);
  }

  void check_names() {
    const std::string name = constraint_name(context_, index_);
    for (const std::string& scope : names_.clashes(model_, ConstraintKind::index, name))
      error(fmt::format("The given constraint name `{}` has to be unique in the following namespace: {}. "
                        "Please provide a different name using the `map` argument.",
                        name, scope),
            argument_span(*index_.attribute, "map", argument_span(*index_.attribute, "name", span_)));
  }

  // The client calls an index of several fields by their names.
  void check_client_name() {
    if (index_.is_unique() && index_.fields.size() > 1) {
      std::vector<std::string> parts;
      for (const IndexField& part : index_.fields)
        parts.push_back(fmt::format("{}", fmt::join(part.path, "_")));
      const std::string joined = fmt::format("{}", fmt::join(parts, "_"));
      if (context_.resolved.find_scalar_field(index_.model, joined)) {
        const std::string attribute = attribute_name(index_);
        context_.model_error(model_,
                             fmt::format("The field `{}` clashes with the `{}` name. Please resolve the "
                                         "conflict by providing a custom id name: `{}([...], name: "
                                         "\"custom_name\")`",
                                         joined, attribute, attribute),
                             span_);
      }
    }
    if (index_.client_name && names_.has_client_name_twice(model_, *index_.client_name))
      error(
          fmt::format("The given custom name `{}` has to be unique on the model. Please provide a different "
                      "name for the `name` argument.",
                      *index_.client_name),
          argument_span(*index_.attribute, "name", span_));
  }

  bool is_supported(IndexAlgorithm algorithm) const {
    const auto& known = context_.connector.index_types;
    return std::ranges::find(known, to_string(algorithm)) != known.end();
  }

  void check_algorithm() {
    if (!index_.algorithm) return;
    if (!is_supported(*index_.algorithm))
      error("The given index type is not supported with the current connector",
            argument_span(*index_.attribute, "type", span_));
    else if (index_.algorithm == IndexAlgorithm::hash && has_sort(index_))
      error("Hash type does not support sort option.");
  }

  void check_fulltext() {
    if (!context_.has(Capability::fulltext_index)) {
      error("Defining fulltext indexes is not supported with the current connector.");
      return;
    }
    if (has_length(index_)) error("The length argument is not supported in a @@fulltext attribute.");
    if (!context_.has(Capability::fulltext_sort)) {
      if (has_sort(index_))
        error("The sort argument is not supported in a @@fulltext attribute in the current connector.");
      return;
    }
    // Fields without a sort order are the text; they stand side by side.
    const auto is_text = [](const IndexField& part) { return !part.sort; };
    const auto first = std::ranges::find_if(index_.fields, is_text);
    const auto after = std::find_if_not(first, index_.fields.end(), is_text);
    if (std::any_of(after, index_.fields.end(), is_text))
      error("All index fields must be listed adjacently in the fields argument.");
  }

  void check_clustering(ModelIndexId id) {
    if (!context_.has(Capability::clustering)) {
      if (index_.clustered) error("Defining clustering is not supported in the current connector.");
      return;
    }
    if (index_.clustered != true) return;
    if (model_.id && context_.resolved[*model_.id].clustered != false)
      error("A model can only hold one clustered index or key.");
    const bool other = std::ranges::any_of(model_.indexes, [&](ModelIndexId found) {
      return found != id && !context_.resolved[found].is_primary() &&
             context_.resolved[found].clustered == true;
    });
    if (other) error("A model can only hold one clustered index.");
  }

  void check_composite() {
    if (index_.fields.size() < 2) return;
    for (const IndexField& part : index_.fields) {
      const ScalarField& field = context_.resolved[part.field];
      if (!std::holds_alternative<CompositeTypeId>(field.type) || part.path.size() > 1) continue;
      error(
          fmt::format("Prisma does not currently support composite types in compound indices, please remove "
                      "\"{}\" from the index. See https://pris.ly/d/mongodb-composite-compound-indices for "
                      "more details",
                      field.name()));
      return;
    }
  }

  void check_where() {
    if (index_.where == nullptr) return;
    const base::Span span = argument_span(*index_.attribute, "where", span_);
    if (!context_.has(PreviewFeature::partial_indexes))
      error(
          "Partial indexes are a preview feature. Add \"partialIndexes\" to previewFeatures in your "
          "generator block.",
          span);
    else if (!context_.has(Capability::partial_indexes))
      error("Partial indexes (with a `where` clause) are not supported by the current connector.", span);
  }

  const RuleContext& context_;
  const ConstraintNamespace& names_;
  const ModelIndex& index_;
  const Model& model_;
  const base::Span& span_;
};

}  // namespace

void check_index(const RuleContext& context, const ConstraintNamespace& names, ModelIndexId id) {
  IndexRules(context, names, context.resolved[id]).run(id);
}

void check_name_length(const RuleContext& context, const Model& model, const Attribute& attribute,
                       std::string_view at, const std::optional<std::string>& map) {
  if (!map || map->size() <= context.connector.longest_name) return;
  context.error(fmt::format("Error validating model \"{}\": The constraint name '{}' specified in the `map` "
                            "argument for the `{}{}` constraint is too long for your chosen provider. The "
                            "maximum allowed length is {} bytes.",
                            model.name(), *map, at, attribute.name.text, context.connector.longest_name),
                attribute.span);
}

}  // namespace tenon::psl
