// The words of the schema language with a sentence on each: what hovers explain and completion offers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "psl/check/connector.h"
#include "psl/native_types.h"

namespace tenon::lsp {

struct Word {
  std::string_view text;
  std::string_view insert;  // a snippet with $1 …; empty: the text itself
  std::string_view explanation;
};

std::span<const Word> block_words();            // model, enum, …
std::span<const Word> scalar_words();           // Int, String, …
std::span<const Word> field_attribute_words();  // without the @
std::span<const Word> model_attribute_words();  // without the @@
std::span<const Word> enum_attribute_words();
std::span<const Word> enum_value_attribute_words();
std::span<const Word> datasource_words();
std::span<const Word> generator_words();
std::span<const Word> default_words(psl::Scalar scalar);  // functions and literals of @default
// Names of arguments; `attribute` is "relation" for @relation, "@index" for @@index.
std::span<const Word> argument_words(std::string_view attribute);
std::span<const Word> action_words();

// Names of native types that go with the scalar, with their placeholder for arguments.
std::span<const Word> native_type_words(psl::Provider provider, psl::Scalar scalar);

}  // namespace tenon::lsp
