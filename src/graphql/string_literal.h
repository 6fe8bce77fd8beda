// String literals of the language (section 2.9.4, "String Value"): from what is written to its value and
// back.
#pragma once

#include <string>
#include <string_view>

namespace tenon::graphql {

// The value of what stands between the quotes of a literal that the lexer accepted.
std::string string_value(std::string_view raw);

// The same for a block string (BlockStringValue of the specification): common indentation and blank first
// and last lines removed, line ends as LF.
std::string block_string_value(std::string_view raw);

// Whether some block string has this value: it holds no control character but tab and LF, no blank first or
// last line, and no indentation that reading would remove.
bool is_printable_as_block_string(std::string_view value);

// A literal with its quotes that reads back as `value`. The block form requires
// is_printable_as_block_string(value).
std::string print_string(std::string_view value);
std::string print_block_string(std::string_view value);

// A description as its literal: a block string wherever that can hold it.
std::string print_description(std::string_view description);

}  // namespace tenon::graphql
