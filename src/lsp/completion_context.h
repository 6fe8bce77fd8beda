// Where in a schema file the cursor stands, read from the tokens before it: text that is being written does
// not parse.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "psl/tree.h"

namespace tenon::lsp {

struct CompletionContext {
  enum class Kind : std::uint8_t {
    nothing,          // a new name, a number, a comment
    block,            // the first word of a block
    property,         // the first word of a line in a datasource or generator
    property_value,   // behind its =, in quotes or not
    type,             // of a field
    field_attribute,  // behind @, or where one may begin
    native_type,      // behind @db.
    block_attribute,  // behind @@, or the beginning of a line in a model or enum
    argument,         // between the brackets of an attribute
    field_name,       // in a list of fields of this model
    target_field,     // in a list of fields of the model that the field refers to
  };
  Kind kind = Kind::nothing;
  std::string_view block_keyword;  // of the block around; empty outside
  std::string_view block_name;
  std::string_view field_type;   // of the field on the line
  std::string_view attribute;    // "relation", "@index"
  std::string_view argument;     // `onDelete` of `onDelete: |`; empty before a name
  std::string_view property;     // of property_value
  bool at_sign_written = false;  // of attributes: @ or @@ stands before the cursor
  bool in_string = false;
};

// `text` is that of the tree.
CompletionContext completion_context(std::string_view text, const std::vector<psl::Token>& tokens,
                                     std::uint32_t offset);

}  // namespace tenon::lsp
