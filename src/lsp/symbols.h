// Every name that a set of schema files declares, and every place that means it. Made from the syntax trees
// alone, so it also works on files that are half written.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/source.h"
#include "psl/tree.h"

namespace tenon::lsp {

using SymbolId = base::Id<struct SymbolTag>;

enum class SymbolKind : std::uint8_t { block, field, enum_value };

struct Symbol {
  SymbolKind kind = SymbolKind::block;
  const psl::Block* block = nullptr;  // itself, or what holds it
  const psl::Field* field = nullptr;
  const psl::EnumMember* member = nullptr;

  const psl::Name& name() const {
    return field != nullptr ? field->name : member != nullptr ? member->name : block->name;
  }
  base::Span span() const {
    return field != nullptr ? field->span : member != nullptr ? member->span : block->span;
  }
  const std::vector<psl::Attribute>& attributes() const {
    return field != nullptr ? field->attributes : member != nullptr ? member->attributes : block->attributes;
  }
  const std::string& documentation() const {
    return field != nullptr    ? field->documentation
           : member != nullptr ? member->documentation
                               : block->documentation;
  }
};

struct Occurrence {
  base::Span span;
  SymbolId symbol;
  bool declares = false;
};

class SymbolTable {
 public:
  SymbolTable() = default;
  // The trees must stay where they are.
  explicit SymbolTable(std::span<const psl::Tree> trees);

  const Symbol& operator[](SymbolId id) const { return symbols_[id.value]; }

  // What the name at `offset` (or ending there) means.
  const Occurrence* at(base::SourceId source, std::uint32_t offset) const;
  // In the order of the files.
  std::vector<Occurrence> occurrences_of(SymbolId symbol) const;

  // A model, view, type or enum; of several with one name the first.
  std::optional<SymbolId> find_block(std::string_view name) const;
  std::optional<SymbolId> find_datasource(std::string_view name) const;
  // A field of a model or a value of an enum.
  std::optional<SymbolId> find_child(const psl::Block* block, std::string_view name) const;

 private:
  friend class SymbolCollector;
  using Names = std::unordered_map<std::string_view, SymbolId>;

  std::vector<Symbol> symbols_;
  std::vector<Occurrence> occurrences_;  // sorted by place
  Names blocks_;
  Names datasources_;
  std::unordered_map<const psl::Block*, Names> children_;
};

// The field names of `expression`: [a, b(sort: Desc)], with their spans.
std::vector<psl::Name> names_in_list(const psl::Expression& expression);

// The value of the argument with that name, or else, when `positional`, of the first one without a name.
const psl::Expression* find_argument(const psl::Attribute& attribute, std::string_view name,
                                     bool positional = false);
const psl::Attribute* find_attribute(const std::vector<psl::Attribute>& attributes, std::string_view name);

}  // namespace tenon::lsp
