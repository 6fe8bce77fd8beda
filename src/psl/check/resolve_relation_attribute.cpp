#include <fmt/format.h>
#include <fmt/ranges.h>

#include "psl/check/advice.h"
#include "psl/check/resolve_attributes.h"
#include "psl/check/values.h"

namespace tenon::psl {

namespace {

std::optional<catalog::ReferentialAction> find_action(std::string_view word) {
  using enum catalog::ReferentialAction;
  constexpr std::pair<std::string_view, catalog::ReferentialAction> actions[] = {{"Cascade", cascade},
                                                                                 {"Restrict", restrict},
                                                                                 {"NoAction", no_action},
                                                                                 {"SetNull", set_null},
                                                                                 {"SetDefault", set_default}};
  for (const auto& [name, action] : actions)
    if (name == word) return action;
  return std::nullopt;
}

class RelationAttributes {
 public:
  RelationAttributes(Resolving& resolving, RelationFieldId id)
      : resolving_(resolving),
        field_(resolving.resolved.relation_fields[id.value]),
        visitor_(field_.field->attributes, resolving.diagnostics) {}

  void run() {
    if (visitor_.visit("relation")) {
      relation();
      visitor_.finish_arguments();
    }
    if (visitor_.visit("id"))
      visitor_.error(
          fmt::format("The field `{}` is a relation field and cannot be marked with `@id`. Only scalar "
                      "fields can be declared as id.",
                      field_.name_of_field()));
    if (visitor_.visit("ignore")) {
      field_.is_ignored = true;
      visitor_.finish_arguments();
    }
    if (visitor_.visit("default")) visitor_.error("Cannot set a default value on a relation field.");
    if (visitor_.visit("map")) visitor_.error("The attribute `@map` cannot be used on relation fields.");
    if (visitor_.visit("unique")) refuse_unique();
    visitor_.finish();
  }

 private:
  void relation() {
    field_.attribute = &visitor_.current();
    if (const Expression* list = visitor_.argument("fields")) field_.fields = fields(*list);
    if (const Expression* list = visitor_.argument("references")) field_.references = references(*list);
    name();
    field_.on_delete = action("onDelete");
    field_.on_update = action("onUpdate");
    field_.map = visitor_.nonempty_string("map");
  }

  std::vector<ScalarFieldId> fields(const Expression& list) {
    const FieldList found =
        read_field_list(resolving_, list, field_.model, visitor_.current().span, FieldListForm::plain);
    if (!found.unknown.empty())
      resolving_.validation_error(
          fmt::format("The argument fields must refer only to existing fields. The following fields do not "
                      "exist in this model: {}",
                      fmt::join(found.unknown, ", ")),
          list.span,
          similar_field_advice(found.unknown, resolving_.resolved[field_.model], resolving_.diagnostics));
    if (!found.relations.empty())
      resolving_.validation_error(
          fmt::format("The argument fields must refer only to scalar fields. But it is referencing the "
                      "following relation fields: {}",
                      fmt::join(found.relations, ", ")),
          list.span);
    return is_whole(found) ? found.fields : std::vector<ScalarFieldId>();
  }

  std::vector<ScalarFieldId> references(const Expression& list) {
    const FieldList found =
        read_field_list(resolving_, list, field_.target, visitor_.current().span, FieldListForm::plain);
    const std::string_view target = resolving_.resolved[field_.target].name();
    if (!found.unknown.empty())
      resolving_.validation_error(
          fmt::format("The argument `references` must refer only to existing fields in the related model "
                      "`{}`. The following fields do not exist in the related model: {}",
                      target, fmt::join(found.unknown, ", ")),
          visitor_.current().span,
          similar_field_advice(found.unknown, resolving_.resolved[field_.target], resolving_.diagnostics));
    if (!found.relations.empty())
      resolving_.validation_error(
          fmt::format("The argument `references` must refer only to scalar fields in the related model `{}`. "
                      "But it is referencing the following relation fields: {}",
                      target, fmt::join(found.relations, ", ")),
          visitor_.current().span);
    return is_whole(found) ? found.fields : std::vector<ScalarFieldId>();
  }

  static bool is_whole(const FieldList& list) {
    return !list.failed && list.unknown.empty() && list.relations.empty();
  }

  void name() {
    const Expression* value = visitor_.default_argument("name");
    const std::string* text = value != nullptr ? expect_string(*value, resolving_.diagnostics) : nullptr;
    if (text == nullptr) return;
    if (text->empty())
      visitor_.error("A relation cannot have an empty name.");
    else
      field_.name = *text;
  }

  std::optional<GivenAction> action(std::string_view argument) {
    const Expression* value = visitor_.argument(argument);
    if (value == nullptr) return std::nullopt;
    const std::optional<std::string> word = expect_constant(*value, resolving_.diagnostics);
    if (!word) return std::nullopt;
    if (const std::optional<catalog::ReferentialAction> found = find_action(*word))
      return GivenAction{.action = *found, .span = value->span};
    visitor_.error(fmt::format("Invalid referential action: `{}`", *word), value->span);
    return std::nullopt;
  }

  void refuse_unique() {
    std::vector<std::string_view> columns;
    if (field_.fields)
      for (const ScalarFieldId id : *field_.fields) columns.push_back(resolving_.resolved[id].name());
    std::string suggestion;
    if (columns.size() == 1)
      suggestion = fmt::format(" Did you mean to put it on `{}`?", columns[0]);
    else if (columns.size() > 1)
      suggestion = fmt::format(" Did you mean to provide `@@unique([{}])`?", fmt::join(columns, ", "));
    visitor_.error(
        fmt::format("The field `{}` is a relation field and cannot be marked with `unique`. Only scalar "
                    "fields can be made unique.{}",
                    field_.name_of_field(), suggestion));
  }

  Resolving& resolving_;
  RelationField& field_;
  AttributeVisitor visitor_;
};

}  // namespace

void resolve_relation_field_attributes(Resolving& resolving, RelationFieldId id) {
  RelationAttributes(resolving, id).run();
}

}  // namespace tenon::psl
