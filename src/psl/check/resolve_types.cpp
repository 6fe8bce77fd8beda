#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "psl/check/advice.h"
#include "psl/check/resolve.h"

namespace tenon::psl {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

class TypeResolver {
 public:
  explicit TypeResolver(Resolving& resolving) : resolving_(resolving), resolved_(resolving.resolved) {}

  void run() {
    std::size_t model = 0;
    std::size_t composite = 0;
    for (const Tree& tree : resolving_.trees)
      for (const Block& block : tree.blocks) {
        if (block.kind == BlockKind::model || block.kind == BlockKind::view)
          fields_of_model(ModelId{static_cast<std::uint32_t>(model++)});
        else if (block.kind == BlockKind::composite_type)
          fields_of_composite(resolved_.composite_types[composite++]);
        else if (block.kind == BlockKind::enumeration && block.members.empty())
          resolving_.validation_error("An enum must have at least one value.", block.span);
      }
  }

 private:
  using Found = std::variant<std::monostate, ModelId, ScalarFieldType>;

  Found find(const FieldType& type) const {
    if (type.is_unsupported) return ScalarFieldType{UnsupportedType{}};
    if (const std::optional<Scalar> scalar = find_scalar(type.name.text)) return ScalarFieldType{*scalar};
    const auto found = resolved_.names.find(type.name.text);
    if (found == resolved_.names.end()) return {};
    if (const ModelId* model = std::get_if<ModelId>(&found->second)) return *model;
    if (const EnumerationId* row = std::get_if<EnumerationId>(&found->second)) return ScalarFieldType{*row};
    return ScalarFieldType{std::get<CompositeTypeId>(found->second)};
  }

  void fields_of_model(ModelId id) {
    Model& model = resolved_.models[id.value];
    model.scalar_fields.first = static_cast<std::uint32_t>(resolved_.scalar_fields.size());
    model.relation_fields.first = static_cast<std::uint32_t>(resolved_.relation_fields.size());
    for (const Field& field : model.block->fields) {
      if (field.is_refused) continue;
      const Found found = find(field.type);
      if (const ModelId* target = std::get_if<ModelId>(&found)) {
        model.field_names.insert_or_assign(
            field.name.text, RelationFieldId{static_cast<std::uint32_t>(resolved_.relation_fields.size())});
        RelationField& row = resolved_.relation_fields.emplace_back();
        row.model = id;
        row.target = *target;
        row.field = &field;
      } else if (const ScalarFieldType* type = std::get_if<ScalarFieldType>(&found)) {
        model.field_names.insert_or_assign(
            field.name.text, ScalarFieldId{static_cast<std::uint32_t>(resolved_.scalar_fields.size())});
        ScalarField& row = resolved_.scalar_fields.emplace_back();
        row.model = id;
        row.field = &field;
        row.type = *type;
      } else {
        model.field_names.insert_or_assign(field.name.text, std::monostate());
        unknown(field.type);
      }
    }
    model.scalar_fields.count =
        static_cast<std::uint32_t>(resolved_.scalar_fields.size()) - model.scalar_fields.first;
    model.relation_fields.count =
        static_cast<std::uint32_t>(resolved_.relation_fields.size()) - model.relation_fields.first;
  }

  void fields_of_composite(CompositeType& composite) {
    for (const Field& field : composite.block->fields) {
      if (field.is_refused) continue;
      const Found found = find(field.type);
      if (const ScalarFieldType* type = std::get_if<ScalarFieldType>(&found)) {
        CompositeField& row = composite.fields.emplace_back();
        row.field = &field;
        row.type = *type;
      } else if (std::holds_alternative<ModelId>(found)) {
        resolving_.error(
            fmt::format("Error validating composite type \"{}\": {} refers to a model, making this a "
                        "relation field. Relation fields inside composite types are not supported.",
                        composite.name(), field.type.name.text),
            field.type.name.span);
      } else {
        unknown(field.type);
      }
    }
  }

  void unknown(const FieldType& type) {
    const std::string similar = similar_name(type.name.text);
    resolving_.error(
        fmt::format("Type \"{}\" is neither a built-in type, nor refers to another model, composite type, or "
                    "enum.{}",
                    type.name.text, similar.empty() ? "" : fmt::format(" Did you mean \"{}\"?", similar)),
        type.name.span, similar.empty() ? misspelled(type.name.text) : std::string());
  }

  std::string misspelled(std::string_view name) {
    std::vector<std::string_view> names;
    names.reserve(by_lower_.size());
    for (const auto& [lower, known] : by_lower_) names.push_back(known);
    std::ranges::sort(names);
    return similar_name_advice(name, names, resolving_.diagnostics);
  }

  // A block or scalar spelled with other capitals; empty when there is none. The table is only made when
  // there is an unknown type to look up in it.
  std::string similar_name(std::string_view name) {
    if (by_lower_.empty()) {
      for (const Tree& tree : resolving_.trees)
        for (const Block& block : tree.blocks)
          if (block.kind != BlockKind::datasource && block.kind != BlockKind::generator)
            by_lower_.try_emplace(lower(block.name.text), block.name.text);
      for (const std::string_view scalar :
           {"Int", "BigInt", "Float", "Decimal", "Boolean", "String", "DateTime", "Json", "Bytes"})
        by_lower_.try_emplace(lower(scalar), scalar);
    }
    const auto found = by_lower_.find(lower(name));
    return found == by_lower_.end() ? std::string() : std::string(found->second);
  }

  Resolving& resolving_;
  Resolved& resolved_;
  std::unordered_map<std::string, std::string_view> by_lower_;
};

}  // namespace

void resolve_types(Resolving& resolving) { TypeResolver(resolving).run(); }

}  // namespace tenon::psl
