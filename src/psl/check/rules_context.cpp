#include "psl/check/rules_context.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tenon::psl {

using base::code::schema_invalid;

RuleContext::RuleContext(const CheckedSchema& schema, const CheckOptions& options,
                         base::Diagnostics& diagnostics_to_use)
    : resolved(schema.resolved),
      configuration(schema.configuration),
      connector(configuration.connector()),
      datasource(configuration.datasource ? &*configuration.datasource : nullptr),
      relation_mode(configuration.relation_mode()),
      compat(options.compat),
      diagnostics(diagnostics_to_use),
      keys(resolved, options.compat != PrismaCompat::none),
      errors_before_(diagnostics.error_count()) {
  if (datasource != nullptr) schemas_.insert(datasource->schemas.begin(), datasource->schemas.end());
}

void RuleContext::error(std::string message, const base::Span& span, std::string help) const {
  diagnostics.error(schema_invalid, std::move(message), span, std::move(help));
}

void RuleContext::warning(std::string message, const base::Span& span) const {
  diagnostics.warning(schema_invalid, std::move(message), span);
}

void RuleContext::validation_error(std::string_view message, const base::Span& span) const {
  error(fmt::format("Error validating: {}", message), span);
}

void RuleContext::attribute_error(std::string_view attribute, std::string_view message,
                                  const base::Span& span) const {
  error(fmt::format("Error parsing attribute \"{}\": {}", attribute, message), span);
}

void RuleContext::model_error(const Model& model, std::string_view message, const base::Span& span) const {
  error(fmt::format("Error validating {} \"{}\": {}", container_word(model), model.name(), message), span);
}

void RuleContext::field_error(const Model& model, const Field& field, std::string_view message,
                              std::string help) const {
  error(fmt::format("Error validating field `{}` in {} `{}`: {}", field.name.text, container_word(model),
                    model.name(), message),
        field.line_span, std::move(help));
}

std::string_view container_word(const Model& model) { return model.is_view() ? "view" : "model"; }

std::string attribute_name(const ModelIndex& index) {
  return fmt::format("{}{}", index.is_on_field() ? "@" : "@@", index.attribute->name.text);
}

bool has_length(const ModelIndex& index) {
  return std::ranges::any_of(index.fields, [](const IndexField& part) { return part.length.has_value(); });
}

bool has_sort(const ModelIndex& index) {
  return std::ranges::any_of(index.fields, [](const IndexField& part) { return part.sort.has_value(); });
}

bool has_operator_class(const ModelIndex& index) {
  return std::ranges::any_of(index.fields,
                             [](const IndexField& part) { return part.operator_class.has_value(); });
}

std::string_view to_string(IndexAlgorithm algorithm) {
  static constexpr std::array<std::string_view, 6> words{"BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"};
  return words[static_cast<std::size_t>(algorithm)];
}

base::Span argument_span(const Attribute& attribute, std::string_view name, const base::Span& otherwise) {
  const auto found = std::ranges::find_if(attribute.arguments, [&](const Argument& argument) {
    return argument.name && argument.name->text == name;
  });
  return found == attribute.arguments.end() ? otherwise : found->span;
}

std::string quoted_list(const std::vector<std::string_view>& names, std::string_view last_separator) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? last_separator : ", ";
    list += fmt::format("`{}`", names[i]);
  }
  return list;
}

}  // namespace tenon::psl
