#include "psl/describe/diagram.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include <fmt/format.h>

namespace tenon::psl {

namespace {

std::string type_text(const ScalarField& field) {
  std::string text(field.is_unsupported() ? field.field->type.unsupported : field.field->type.name.text);
  if (field.is_list()) text += "[]";
  if (field.is_optional()) text += '?';
  return text;
}

class Drawing {
 public:
  explicit Drawing(const Resolved& resolved) : resolved_(resolved) {}

  Diagram run() {
    for (const ModelId id : resolved_.all_models()) add_model(id);
    for (const Enumeration& enumeration : resolved_.enums) add_enum(enumeration);
    for (const Relation& relation : resolved_.relations) add_edge(relation);
    return std::move(diagram_);
  }

 private:
  void add_model(ModelId id) {
    const Model& model = resolved_[id];
    DiagramBox box{.kind = model.is_view() ? BoxKind::view : BoxKind::model,
                   .name = std::string(model.name()),
                   .database_name = {},
                   .documentation = model.block->documentation,
                   .rows = {}};
    if (model.database_name() != model.name()) box.database_name = model.database_name();
    for (const ScalarFieldId field : model.scalar_fields)
      box.rows.push_back({.name = std::string(resolved_[field].name()), .type = type_text(resolved_[field])});
    for (const ModelIndexId id_of_index : model.indexes) {
      const ModelIndex& index = resolved_[id_of_index];
      for (const IndexField& field : index.fields) {
        DiagramRow& row = box.rows[row_of(field.field)];
        row.is_primary |= index.is_primary();
        row.is_unique |= index.is_unique() && index.fields.size() == 1 && index.where == nullptr;
      }
    }
    for (const RelationFieldId relation : model.relation_fields)
      if (resolved_[relation].fields)
        for (const ScalarFieldId field : *resolved_[relation].fields)
          box.rows[row_of(field)].is_foreign = true;
    diagram_.boxes.push_back(std::move(box));
  }

  void add_enum(const Enumeration& enumeration) {
    DiagramBox box{.kind = BoxKind::enumeration,
                   .name = std::string(enumeration.name()),
                   .database_name = {},
                   .documentation = enumeration.block->documentation,
                   .rows = {}};
    for (const EnumerationValue& value : enumeration.values)
      box.rows.push_back({.name = std::string(value.name()), .type = {}});
    diagram_.boxes.push_back(std::move(box));
  }

  std::uint32_t row_of(ScalarFieldId field) const {
    return field.value - resolved_[resolved_[field].model].scalar_fields.first;
  }

  std::optional<std::uint32_t> first_row(const std::optional<std::vector<ScalarFieldId>>& fields) const {
    if (!fields || fields->empty()) return {};
    return row_of(fields->front());
  }

  void add_edge(const Relation& relation) {
    if (!relation.forward) return;
    const RelationField& forward = resolved_[*relation.forward];
    DiagramEdge edge{.child = {.box = relation.from.value, .row = first_row(forward.fields)},
                     .parent = {.box = relation.to.value, .row = first_row(forward.references)},
                     .label = std::string(forward.name_of_field())};
    switch (relation.kind) {
      case RelationKind::one_to_one:
        edge.child.cardinality = Cardinality::optional;
        edge.parent.cardinality = forward.is_optional() ? Cardinality::optional : Cardinality::one;
        break;
      case RelationKind::one_to_many:
        edge.child.cardinality = Cardinality::many;
        edge.parent.cardinality = forward.is_optional() ? Cardinality::optional : Cardinality::one;
        break;
      case RelationKind::implicit_many_to_many:
      case RelationKind::embedded_many_to_many:
        edge.child.cardinality = edge.parent.cardinality = Cardinality::many;
        break;
    }
    diagram_.edges.push_back(std::move(edge));
  }

  const Resolved& resolved_;
  Diagram diagram_;
};

// Words of Mermaid begin with small letters, so only names with a capital are safe without quotes.
std::string entity_name(std::string_view name) {
  const bool is_plain =
      !name.empty() && name.front() >= 'A' && name.front() <= 'Z' && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      });
  return is_plain ? std::string(name) : fmt::format("\"{}\"", name);
}

// Types of databases (`bit varying`, `"x".y`) can have characters that Mermaid's types cannot.
std::string type_name(std::string_view type) {
  if (type.ends_with('?')) type.remove_suffix(1);
  std::string out;
  for (const char c : type) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          static_cast<unsigned char>(c) >= 0x80 || std::string_view("-_[]()").contains(c);
    out += is_plain ? c : '_';
  }
  return out.empty() ? "unsupported" : out;
}

std::string_view left_mark(Cardinality cardinality) {
  switch (cardinality) {
    case Cardinality::one:
      return "||";
    case Cardinality::optional:
      return "|o";
    case Cardinality::many:
      return "}o";
  }
  return {};
}

std::string_view right_mark(Cardinality cardinality) {
  switch (cardinality) {
    case Cardinality::one:
      return "||";
    case Cardinality::optional:
      return "o|";
    case Cardinality::many:
      return "o{";
  }
  return {};
}

std::string key_marks(const DiagramRow& row) {
  std::string marks;
  const auto add = [&](bool has, std::string_view mark) {
    if (has) (marks += marks.empty() ? " " : ", ") += mark;
  };
  add(row.is_primary, "PK");
  add(row.is_foreign, "FK");
  add(row.is_unique, "UK");
  return marks;
}

}  // namespace

Diagram diagram_of(const Resolved& resolved) { return Drawing(resolved).run(); }

std::string mermaid_text(const Diagram& diagram) {
  std::string out = "erDiagram\n";
  for (const DiagramBox& box : diagram.boxes) {
    if (box.kind == BoxKind::enumeration) continue;
    out += fmt::format("  {} {{\n", entity_name(box.name));
    for (const DiagramRow& row : box.rows)
      out += fmt::format("    {} {}{}{}\n", type_name(row.type), row.name, key_marks(row),
                         row.type.ends_with('?') ? " \"optional\"" : "");
    out += "  }\n";
  }
  for (const DiagramEdge& edge : diagram.edges)
    out += fmt::format("  {} {}--{} {} : {}\n", entity_name(diagram.boxes[edge.parent.box].name),
                       left_mark(edge.parent.cardinality), right_mark(edge.child.cardinality),
                       entity_name(diagram.boxes[edge.child.box].name), entity_name(edge.label));
  return out;
}

}  // namespace tenon::psl
