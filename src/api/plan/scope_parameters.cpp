// Where the values of a planned statement come from.
#include <algorithm>

#include "api/plan/scope.h"

namespace tenon::api {

using graphql::InputKind;
using graphql::InputNode;

namespace {

// The other texts are the same for every column.
bool depends_on_column(ParameterForm form) {
  return form == ParameterForm::value || form == ParameterForm::element || form == ParameterForm::array ||
         form == ParameterForm::pair;
}

}  // namespace

sql::ParameterIndex PlannerScope::parameter(Parameters& parameters, const InputNode& node,
                                            catalog::ColumnId column, ParameterForm form,
                                            graphql::Offset offset, std::uint32_t part) {
  ParameterSource source{.form = form, .part = part, .column = column, .offset = offset};
  if (!depends_on_column(form)) source.column = {};
  if (input().origin(node).variable >= 0) {
    source.kind = ParameterSource::Kind::variable;
    source.origin = input().origin(node);
    return parameters.add(std::move(source));
  }
  const auto from_variable = [&](const InputNode& child) { return input().origin(child).variable >= 0; };
  if (node.kind == InputKind::list && std::ranges::any_of(input().children(node), from_variable)) {
    // A list written in the document with variables in it: each element has its own source.
    ParameterForm element_form = ParameterForm::element;
    if (form == ParameterForm::array && !catalog()[column].type.is_array())
      element_form = ParameterForm::value;
    if (form == ParameterForm::texts) element_form = ParameterForm::verbatim;
    source.kind = ParameterSource::Kind::list;
    for (const InputNode& child : input().children(node)) {
      Parameters one;
      parameter(one, child, column, element_form, offset);
      for (ParameterSource& element : one.take()) source.elements.push_back(std::move(element));
    }
    return parameters.add(std::move(source));
  }
  auto text = parameter_text(schema, input(), node, column, form, part, options.limits);
  if (!text) {
    fail(offset, text.error());
    return {};
  }
  source.text = std::move(*text);
  return parameters.add(std::move(source));
}

}  // namespace tenon::api
