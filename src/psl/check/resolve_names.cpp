#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "psl/check/resolve.h"
#include "psl/names.h"

namespace tenon::psl {

using base::code::schema_invalid;

void Resolving::error(std::string message, const base::Span& span, std::string help) const {
  diagnostics.error(schema_invalid, std::move(message), span, std::move(help));
}

void Resolving::validation_error(std::string_view message, const base::Span& span, std::string help) const {
  error(fmt::format("Error validating: {}", message), span, std::move(help));
}

void Resolving::model_error(const Model& model, std::string_view message, const base::Span& span,
                            std::string help) const {
  error(fmt::format("Error validating {} \"{}\": {}", block_word(model.block->kind), model.name(), message),
        span, std::move(help));
}

std::string_view block_word(BlockKind kind) {
  switch (kind) {
    case BlockKind::model:
      return "model";
    case BlockKind::view:
      return "view";
    case BlockKind::composite_type:
      return "composite type";
    case BlockKind::enumeration:
      return "enum";
    case BlockKind::datasource:
      return "source";
    case BlockKind::generator:
      return "generator";
  }
  return {};
}

namespace {

// Of the generated client's language. Names of scalars have a message of their own.
bool is_reserved_word(std::string_view name) { return is_reserved_name(name) && !find_scalar(name); }

class NameResolver {
 public:
  explicit NameResolver(Resolving& resolving) : resolving_(resolving), resolved_(resolving.resolved) {}

  void block(const Block& block) {
    if (find_scalar(block.name.text))
      resolving_.error(
          fmt::format("\"{}\" is a reserved scalar type name and cannot be used.", block.name.text),
          block.name.span);
    switch (block.kind) {
      case BlockKind::model:
      case BlockKind::view:
        model(block);
        break;
      case BlockKind::enumeration:
        enumeration(block);
        break;
      case BlockKind::composite_type:
        composite_type(block);
        break;
      case BlockKind::datasource:
        properties(block);
        declare(sources_, block);
        break;
      case BlockKind::generator:
        properties(block);
        declare(generators_, block);
        break;
    }
  }

 private:
  using Blocks = std::unordered_map<std::string_view, const Block*>;

  // Of blocks with one name the last one counts; the others are still checked.
  void declare(Blocks& blocks, const Block& block) {
    const auto [place, is_new] = blocks.try_emplace(block.name.text, &block);
    if (!is_new)
      resolving_.error(
          fmt::format("The {} \"{}\" cannot be defined because a {} with that name already exists.",
                      block_word(block.kind), block.name.text, block_word(place->second->kind)),
          block.name.span);
    place->second = &block;
  }

  void identifier(const Name& name, std::string_view what) {
    if (name.text.empty()) return;
    if (name.text[0] >= '0' && name.text[0] <= '9')
      resolving_.validation_error(fmt::format("The name of a {} must not start with a number.", what),
                                  name.span);
    else if (name.text.find('-') != std::string_view::npos)
      resolving_.validation_error(fmt::format("The character `-` is not allowed in {} names.", what),
                                  name.span);
  }

  void attribute_names(const std::vector<Attribute>& attributes) {
    for (const Attribute& attribute : attributes) identifier(attribute.name, "Attribute");
  }

  void properties(const Block& block) {
    std::unordered_set<std::string_view> seen;
    for (const Property& property : block.properties)
      if (!seen.insert(property.key.text).second)
        resolving_.error(fmt::format("Key \"{}\" is already defined in {} \"{}\".", property.key.text,
                                     block_word(block.kind), block.name.text),
                         property.key.span);
  }

  void model(const Block& block) {
    const bool is_view = block.kind == BlockKind::view;
    identifier(block.name, is_view ? "view" : "Model");
    if (is_reserved_word(block.name.text))
      resolving_.error(
          fmt::format("Error validating model \"{0}\": The {1} name `{0}` is invalid. It is a reserved name. "
                      "Please change it. Read more at https://pris.ly/d/naming-models",
                      block.name.text, block_word(block.kind)),
          block.span);
    attribute_names(block.attributes);
    fields(block, is_view ? "field" : "Field");
    declare(tops_, block);
    resolved_.names.insert_or_assign(block.name.text,
                                     ModelId{static_cast<std::uint32_t>(resolved_.models.size())});
    Model& model = resolved_.models.emplace_back();
    model.block = &block;
  }

  void fields(const Block& block, std::string_view what) {
    std::unordered_set<std::string_view> seen;
    for (const Field& field : block.fields) {
      if (field.is_refused) continue;
      if (block.kind != BlockKind::composite_type) {
        identifier(field.name, what);
        attribute_names(field.attributes);
      }
      if (!seen.insert(field.name.text).second)
        resolving_.error(fmt::format("Field \"{}\" is already defined on {} \"{}\".", field.name.text,
                                     block_word(block.kind), block.name.text),
                         field.name.span);
    }
  }

  void enumeration(const Block& block) {
    identifier(block.name, "Enum");
    if (is_reserved_word(block.name.text))
      resolving_.error(
          fmt::format("Error validating enum `{0}`: The enum name `{0}` is invalid. It is a reserved name. "
                      "Please change it. Read more at "
                      "https://www.prisma.io/docs/reference/tools-and-interfaces/prisma-schema/"
                      "data-model#naming-enums",
                      block.name.text),
          block.span);
    attribute_names(block.attributes);
    std::unordered_set<std::string_view> seen;
    for (const EnumMember& member : block.members) {
      identifier(member.name, "Enum Value");
      attribute_names(member.attributes);
      if (!seen.insert(member.name.text).second)
        resolving_.error(
            fmt::format("Value \"{}\" is already defined on enum \"{}\".", member.name.text, block.name.text),
            member.line_span);
    }
    declare(tops_, block);
    resolved_.names.insert_or_assign(block.name.text,
                                     EnumerationId{static_cast<std::uint32_t>(resolved_.enums.size())});
    Enumeration& row = resolved_.enums.emplace_back();
    row.block = &block;
    for (const EnumMember& member : block.members) {
      row.value_ids.try_emplace(member.name.text, static_cast<std::uint32_t>(row.values.size()));
      row.values.push_back({.member = &member, .map = {}});
    }
  }

  void composite_type(const Block& block) {
    identifier(block.name, "Composite type");
    fields(block, "Field");
    declare(tops_, block);
    resolved_.names.insert_or_assign(
        block.name.text, CompositeTypeId{static_cast<std::uint32_t>(resolved_.composite_types.size())});
    resolved_.composite_types.push_back({.block = &block, .fields = {}});
  }

  Resolving& resolving_;
  Resolved& resolved_;
  Blocks tops_;
  Blocks sources_;
  Blocks generators_;
};

}  // namespace

void resolve_names(Resolving& resolving) {
  NameResolver resolver(resolving);
  for (const Tree& tree : resolving.trees)
    for (const Block& block : tree.blocks) resolver.block(block);
}

}  // namespace tenon::psl
