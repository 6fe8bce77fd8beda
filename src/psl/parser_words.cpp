#include "psl/parser_words.h"

namespace tenon::psl {

std::string_view keyword_of(BlockKind kind) {
  for (const Keyword& keyword : keywords)
    if (keyword.kind == kind) return keyword.text;
  return {};
}

std::string_view not_valid(BlockKind kind) {
  switch (kind) {
    case BlockKind::datasource:
      return "Error validating: This line is not a valid definition within a datasource.";
    case BlockKind::generator:
      return "Error validating: This line is not a valid definition within a generator.";
    case BlockKind::enumeration:
      return "Error validating: This line is not an enum value definition.";
    default:
      return "Error validating: This line is not a valid field or attribute definition.";
  }
}

std::string_view definition_of(BlockKind kind) {
  switch (kind) {
    case BlockKind::datasource:
    case BlockKind::generator:
      return "a line is `name = value`, or a comment behind //";
    case BlockKind::enumeration:
      return "a line is the name of a value, an attribute behind @@, or a comment behind //";
    default:
      return "a line is `name Type @attributes`, an attribute of the block behind @@, or a comment behind //";
  }
}

std::string_view refusal_of(std::string_view attribute) {
  constexpr std::pair<std::string_view, std::string_view> refusals[] = {
      {"map",
       "The name of a composite type is not persisted in the database, therefore it does not need a mapped "
       "database name."},
      {"unique", "A unique constraint should be defined in the model containing the embed."},
      {"index", "An index should be defined in the model containing the embed."},
      {"fulltext", "A fulltext index should be defined in the model containing the embed."},
      {"id", "A composite type cannot define an id."}};
  for (const auto& [name, refusal] : refusals)
    if (name == attribute) return refusal;
  return "A composite type cannot have block-level attributes.";
}

}  // namespace tenon::psl
