#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/resolve_attributes.h"
#include "psl/check/values.h"

namespace tenon::psl {

namespace {

class FieldListReader {
 public:
  FieldListReader(Resolving& resolving, ModelId model, const base::Span& attribute_span, FieldListForm form)
      : resolving_(resolving), model_(model), attribute_span_(attribute_span), form_(form) {}

  FieldList run(const Expression& list) {
    const std::vector<const Expression*> items = items_of(list);
    for (const Expression* item : items) check_kind(*item);
    if (found_.failed) return std::move(found_);
    for (const Expression* item : items) {
      if (item->text.find('.') != std::string::npos)
        path(*item);
      else
        name(*item);
      if (found_.failed) break;
    }
    return std::move(found_);
  }

 private:
  void check_kind(const Expression& item) {
    using enum Expression::Kind;
    if (item.kind == constant || (item.kind == function && form_ != FieldListForm::plain)) return;
    report_mismatch(form_ == FieldListForm::plain ? "constant" : "constant literal", item,
                    resolving_.diagnostics);
    found_.failed = true;
  }

  void name(const Expression& item) {
    const Resolved& resolved = resolving_.resolved;
    if (const std::optional<ScalarFieldId> field = resolved.find_scalar_field(model_, item.text))
      add(*field, {}, item, item.text);
    else if (resolved[model_].field_names.contains(item.text))
      found_.relations.push_back(item.text);
    else
      found_.unknown.push_back(item.text);
  }

  // `address.street`: a field of a composite type.
  void path(const Expression& item) {
    std::vector<std::string_view> parts;
    std::string_view rest = item.text;
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      parts.push_back(rest.substr(0, dot));
      rest.remove_prefix(dot + 1);
    }
    parts.push_back(rest);
    const Resolved& resolved = resolving_.resolved;
    const std::optional<ScalarFieldId> field = resolved.find_scalar_field(model_, parts[0]);
    const CompositeTypeId* composite = field && form_ == FieldListForm::with_paths
                                           ? std::get_if<CompositeTypeId>(&resolved[*field].type)
                                           : nullptr;
    if (composite == nullptr) {
      not_composite(item, parts[0], field.has_value());
      return;
    }
    const CompositeType* type = &resolved[*composite];
    std::string shown;  // in messages: the last field and the type that has it
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto next = std::ranges::find(type->fields, parts[i],
                                          [](const CompositeField& each) { return each.field->name.text; });
      const CompositeTypeId* inner =
          next != type->fields.end() ? std::get_if<CompositeTypeId>(&next->type) : nullptr;
      if (next == type->fields.end() || (inner == nullptr && i + 1 < parts.size())) {
        found_.unknown.push_back(fmt::format("{} in type {}", parts[i], type->name()));
        return;
      }
      shown = fmt::format("{} in type {}", parts[i], type->name());
      if (inner != nullptr) type = &resolved[*inner];
    }
    parts.erase(parts.begin());
    add(*field, std::move(parts), item, shown);
  }

  // A path whose first field has no fields of its own.
  void not_composite(const Expression& item, std::string_view first, bool is_scalar) {
    const bool is_relation = resolving_.resolved[model_].field_names.contains(first);
    if (form_ != FieldListForm::with_paths || is_scalar)
      found_.unknown.push_back(item.text);
    else if (is_relation)
      found_.relations.push_back(first);
    else
      found_.unknown.emplace_back(first);
  }

  void add(ScalarFieldId field, std::vector<std::string_view> path, const Expression& item,
           std::string_view shown) {
    if (!seen_.insert(item.text).second) {
      // Prisma says "unique" for every kind of list.
      resolving_.error(fmt::format("Error validating model \"{}\": The unique index definition refers to the "
                                   "field {} multiple times.",
                                   resolving_.resolved[model_].name(), shown),
                       attribute_span_);
      found_.failed = true;
      return;
    }
    found_.fields.push_back(field);
    found_.paths.push_back(std::move(path));
  }

  Resolving& resolving_;
  ModelId model_;
  base::Span attribute_span_;
  FieldListForm form_;
  std::unordered_set<std::string_view> seen_;
  FieldList found_;
};

}  // namespace

FieldList read_field_list(Resolving& resolving, const Expression& list, ModelId model,
                          const base::Span& attribute_span, FieldListForm form) {
  return FieldListReader(resolving, model, attribute_span, form).run(list);
}

}  // namespace tenon::psl
