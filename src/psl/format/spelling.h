// How the formatter spells the parts of a line: attributes and values with the spaces they should have, and
// comments with one star a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "psl/tree.h"

namespace tenon::psl::format {

// Strings, numbers and names are taken from the source as they are written.
void append_expression(std::string& out, const base::SourceSet& sources, const Expression& expression);

// `db.VarChar(10)`, without the @.
void append_attribute(std::string& out, const base::SourceSet& sources, const Attribute& attribute);

// `Int?`, `Post[]`.
std::string field_type_text(const base::SourceSet& sources, const FieldType& type);

// Appends the lines of a comment, without indentation.
void append_comment_lines(std::vector<std::string>& lines, std::string_view comment);

// Where an attribute belongs among those of its field or block; those of one rank stay in written order.
std::size_t attribute_rank(std::string_view name);

}  // namespace tenon::psl::format
