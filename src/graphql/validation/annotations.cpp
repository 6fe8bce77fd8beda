#include "graphql/validation/annotations.h"

namespace tenon::graphql::validation {

namespace {

DirectiveLocation location_of(OperationKind kind) {
  switch (kind) {
    case OperationKind::query:
      return DirectiveLocation::query;
    case OperationKind::mutation:
      return DirectiveLocation::mutation;
    case OperationKind::subscription:
      return DirectiveLocation::subscription;
  }
  return DirectiveLocation::query;
}

// Where a value stands.
struct ValuePlace {
  std::optional<TypeReference> type;
  bool has_default = false;
  std::optional<TypeId> one_of;
};

class Walk {
 public:
  Walk(const Schema& schema, const Document& document) : schema_(schema), document_(document) {}

  Annotations run() {
    out_.selections.resize(document_.selections.size());
    out_.directives.resize(document_.directives.size());
    out_.arguments.resize(document_.arguments.size());
    out_.variables.resize(document_.variables.size());
    for (std::uint32_t i = 0; i < document_.fragments.size(); ++i) {
      out_.fragment_by_name.insert_or_assign(document_.fragments[i].name.text, i);
    }
    for (const OperationDefinition& operation : document_.operations) visit(operation);
    for (const FragmentDefinition& fragment : document_.fragments) visit(fragment);
    return std::move(out_);
  }

 private:
  // Selections of one definition end with its own top level ones, since children are written first.
  template <class Body>
  Scope scope(Range top_level, Body body) {
    Scope result;
    const std::uint32_t first_use = row_count(out_.variable_uses);
    const std::uint32_t first_spread = row_count(out_.spreads);
    first_row_ = top_level.first;
    body();
    result.selections = {first_row_, top_level.first + top_level.count - first_row_};
    result.variable_uses = {first_use, row_count(out_.variable_uses) - first_use};
    result.spreads = {first_spread, row_count(out_.spreads) - first_spread};
    return result;
  }

  void visit(const OperationDefinition& operation) {
    const Scope result = scope(operation.selections, [&] {
      for (std::uint32_t i = 0; i < operation.variables.count; ++i) variable(operation.variables.first + i);
      directives(operation.directives, location_of(operation.kind), operation.offset);
      selections(operation.selections, schema_.root(operation.kind), 0);
    });
    out_.operations.push_back(result);
  }

  void visit(const FragmentDefinition& fragment) {
    const std::optional<TypeId> condition = schema_.find_type(fragment.condition.text);
    out_.fragment_conditions.push_back(condition);
    const Scope result = scope(fragment.selections, [&] {
      directives(fragment.directives, DirectiveLocation::fragment_definition, fragment.offset);
      selections(fragment.selections, composite(condition), 0);
    });
    out_.fragments.push_back(result);
  }

  void variable(std::uint32_t row) {
    const VariableDefinition& definition = document_.variables[row];
    out_.variables[row] = schema_.resolve(document_.types[definition.type]);
    directives(definition.directives, DirectiveLocation::variable_definition, definition.offset);
  }

  std::optional<TypeId> composite(std::optional<TypeId> type) const {
    return type && schema_[*type].is_composite() ? type : std::nullopt;
  }

  void selections(Range range, std::optional<TypeId> parent, std::uint32_t depth) {
    if (range.count > 0 && range.first < first_row_) first_row_ = range.first;
    for (std::uint32_t row = range.first; row < range.first + range.count; ++row) {
      const Selection& selection = document_.selections[row];
      out_.selections[row].parent = parent;
      switch (selection.kind) {
        case SelectionKind::field:
          field(row, selection, parent, depth + 1);
          break;
        case SelectionKind::inline_fragment:
          inline_fragment(row, selection, parent, depth);
          break;
        case SelectionKind::fragment_spread:
          spread(row, selection, depth);
          break;
      }
    }
  }

  void field(std::uint32_t row, const Selection& selection, std::optional<TypeId> parent,
             std::uint32_t depth) {
    SelectionTypes& types = out_.selections[row];
    types.depth = depth;
    if (parent) types.field = find_field(*parent, selection.name.text);
    std::optional<TypeId> named;
    if (types.field) {
      types.type = schema_[*types.field].type;
      named = types.type->named();
    }
    for (std::uint32_t i = 0; i < selection.arguments.count; ++i) {
      const std::uint32_t at = selection.arguments.first + i;
      const Argument& argument = document_.arguments[at];
      argument_at(at, types.field ? schema_.find_argument(*types.field, argument.name.text) : std::nullopt);
    }
    directives(selection.directives, DirectiveLocation::field, selection.offset);
    selections(selection.selections, composite(named), depth);
  }

  std::optional<FieldId> find_field(TypeId parent, std::string_view name) const {
    if (name.starts_with("__")) {
      if (name == "__typename") return schema_.typename_field();
      const bool is_query_root = schema_.root(OperationKind::query) == parent;
      if (is_query_root && name == "__schema") return schema_.schema_field();
      if (is_query_root && name == "__type") return schema_.type_field();
    }
    return schema_.find_field(parent, name);
  }

  void inline_fragment(std::uint32_t row, const Selection& selection, std::optional<TypeId> parent,
                       std::uint32_t depth) {
    std::optional<TypeId> type = parent;
    if (!selection.condition.text.empty()) type = schema_.find_type(selection.condition.text);
    out_.selections[row].depth = depth;
    if (type) out_.selections[row].type = TypeReference(*type);
    directives(selection.directives, DirectiveLocation::inline_fragment, selection.offset);
    selections(selection.selections, composite(type), depth);
  }

  void spread(std::uint32_t row, const Selection& selection, std::uint32_t depth) {
    out_.selections[row].depth = depth;
    const auto found = out_.fragment_by_name.find(selection.name.text);
    out_.spreads.push_back(row);
    out_.spread_targets.push_back(found == out_.fragment_by_name.end() ? std::nullopt
                                                                       : std::optional(found->second));
    directives(selection.directives, DirectiveLocation::fragment_spread, selection.offset);
  }

  void directives(Range range, DirectiveLocation location, Offset parent) {
    for (std::uint32_t row = range.first; row < range.first + range.count; ++row) {
      const Directive& directive = document_.directives[row];
      DirectiveUse& use = out_.directives[row];
      use = {
          .definition = schema_.find_directive(directive.name.text), .location = location, .parent = parent};
      for (std::uint32_t i = 0; i < directive.arguments.count; ++i) {
        const std::uint32_t at = directive.arguments.first + i;
        const std::string_view name = document_.arguments[at].name.text;
        argument_at(at, use.definition ? schema_.find_argument(*use.definition, name) : std::nullopt);
      }
    }
  }

  void argument_at(std::uint32_t row, std::optional<InputValueId> definition) {
    out_.arguments[row] = definition;
    ValuePlace place;
    if (definition) {
      place = {.type = schema_[*definition].type,
               .has_default = schema_[*definition].default_value.has_value()};
    }
    value(document_.arguments[row].value, place);
  }

  void value(ValueId id, const ValuePlace& place) {
    const Value& node = document_.values[id];
    if (node.kind == ValueKind::variable) {
      out_.variable_uses.push_back(
          {.value = id, .type = place.type, .has_default = place.has_default, .one_of = place.one_of});
    } else if (node.kind == ValueKind::list) {
      // A value that is no list stands for a list of one, so items may also meet the type itself.
      std::optional<TypeReference> item = place.type;
      if (item) item = item->nullable();
      if (item && item->is_list()) item = item->inner();
      for (std::uint32_t i = 0; i < node.children.count; ++i) {
        value(document_.list_items[node.children.first + i], {.type = item});
      }
    } else if (node.kind == ValueKind::object) {
      for (std::uint32_t i = 0; i < node.children.count; ++i) {
        object_field(document_.object_fields[node.children.first + i], place.type);
      }
    }
  }

  void object_field(const ObjectField& field, std::optional<TypeReference> object) {
    ValuePlace place;
    if (object && schema_[object->named()].kind == TypeKind::input_object) {
      const TypeId type = object->named();
      if (const std::optional<InputValueId> definition = schema_.find_input_field(type, field.name.text)) {
        place.type = schema_[*definition].type;
        place.has_default = schema_[*definition].default_value.has_value();
        if (schema_[type].one_of) place.one_of = type;
      }
    }
    value(field.value, place);
  }

  const Schema& schema_;
  const Document& document_;
  Annotations out_;
  std::uint32_t first_row_ = 0;  // the lowest row of the scope at hand
};

}  // namespace

Annotations annotate(const Schema& schema, const Document& document) { return Walk(schema, document).run(); }

}  // namespace tenon::graphql::validation
