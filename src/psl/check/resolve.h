// The steps that make a Resolved of syntax trees, one file each, in this order. Every step goes on over
// errors, so that all of them are reported at once; what could not be resolved is left out.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "psl/check/resolved.h"
#include "psl/tree.h"

namespace tenon::psl {

struct Resolving {
  std::span<const Tree> trees;
  Resolved& resolved;
  base::Diagnostics& diagnostics;

  // `help` says what to do, where the message does not.
  void error(std::string message, const base::Span& span, std::string help = {}) const;
  // `Error validating: message`.
  void validation_error(std::string_view message, const base::Span& span, std::string help = {}) const;
  // `Error validating model "M": message`.
  void model_error(const Model& model, std::string_view message, const base::Span& span,
                   std::string help = {}) const;
};

// "model", "view", "enum", "composite type", "source" or "generator", as messages call a block.
std::string_view block_word(BlockKind kind);

// Declares models, enums and composite types; duplicate, reserved and malformed names.
void resolve_names(Resolving& resolving);
// What the type of each field is.
void resolve_types(Resolving& resolving);
// Attributes of fields and blocks, with their arguments.
void resolve_attributes(Resolving& resolving);
// Pairs relation fields. Whether each pair makes sense is for the rules.
void resolve_relations(Resolving& resolving);

}  // namespace tenon::psl
