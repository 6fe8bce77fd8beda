// The formatter: schema text laid out as Prisma's formatter does, from the syntax tree alone. Lines that do
// not parse are kept as they are, so text that is half written can be formatted too.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "psl/tree.h"

namespace tenon::psl {

struct FormatOptions {
  // Byte for byte what Prisma's formatter writes, which drops what follows `{` on its line (a comment,
  // mostly) and the `=` of a property without a value. Else such text is kept.
  bool prisma_compat = false;
};

// The text of a tree as `parse` made it. Formatting the result again gives the same text.
std::string format_tree(const base::SourceSet& sources, const Tree& tree, const FormatOptions& options = {});

// The text of every file of one schema, with what the relations between its models miss (missing_relations.h)
// added first when its names, types and attributes are without error.
std::vector<std::string> format_schema(const base::SourceSet& sources, std::span<const base::SourceId> files,
                                       const FormatOptions& options = {});

// One file alone, nothing added. Text larger than a schema file may be comes back unchanged.
std::string format_text(std::string_view text, const FormatOptions& options = {});

}  // namespace tenon::psl
