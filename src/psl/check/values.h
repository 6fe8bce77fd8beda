// Values in attributes and configuration blocks: what they are called in messages, and reading one as the
// kind that is wanted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "psl/tree.h"

namespace tenon::psl {

// "numeric", "string", "literal", "functional", "array" or "object".
std::string_view kind_word(const Expression& value);

// The value as messages quote it: `"a"`, `env("X")`, `[1,2]`. Depth is that of the parser, which is bounded.
std::string to_text(const Expression& value);

// `Expected a string value, but received numeric value `101`.`
void report_mismatch(std::string_view expected, const Expression& value, base::Diagnostics& diagnostics);

// The text of a string; anything else is an error and nullptr.
const std::string* expect_string(const Expression& value, base::Diagnostics& diagnostics);

// The values of an array, else the one value that stands without its brackets.
std::vector<const Expression*> items_of(const Expression& list);

}  // namespace tenon::psl
