// The words of the parser: which keyword begins a block, and what it says of a line that it cannot read.
#pragma once

#include <string_view>
#include <utility>

#include "psl/tree.h"

namespace tenon::psl {

struct Keyword {
  std::string_view text;
  BlockKind kind;
};
inline constexpr Keyword keywords[] = {
    {"model", BlockKind::model},           {"view", BlockKind::view},
    {"type", BlockKind::composite_type},   {"enum", BlockKind::enumeration},
    {"datasource", BlockKind::datasource}, {"generator", BlockKind::generator},
};

// The word that begins a block of that kind.
std::string_view keyword_of(BlockKind kind);

inline constexpr std::string_view no_keyword =
    "Error validating: This line is invalid. It does not start with any known Prisma schema keyword.";

inline constexpr std::string_view blocks_help =
    "a block begins with model, enum, view, datasource or generator, a name and {, and the line ends there";

// Of a line within a block that follows no rule of the grammar; and what such a line may be.
std::string_view not_valid(BlockKind kind);
std::string_view definition_of(BlockKind kind);
// Why a composite type cannot have an attribute.
std::string_view refusal_of(std::string_view attribute);

}  // namespace tenon::psl
