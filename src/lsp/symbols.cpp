#include "lsp/symbols.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace tenon::lsp {

using psl::Attribute;
using psl::Block;
using psl::BlockKind;
using psl::Expression;

namespace {

auto place(const base::Span& span) { return std::tuple(span.source.value, span.begin, span.end); }

psl::Name name_of(const Expression& expression) {
  // A function's span covers its arguments, a path's all of its names.
  const auto size = std::min(expression.text.find('.'), expression.text.size());
  const auto end = expression.span.begin + static_cast<std::uint32_t>(size);
  return {.text = std::string_view(expression.text).substr(0, size),
          .span = {expression.span.source, expression.span.begin, end}};
}

bool is_name(const Expression& expression) {
  return expression.kind == Expression::Kind::constant || expression.kind == Expression::Kind::function;
}

}  // namespace

std::vector<psl::Name> names_in_list(const Expression& expression) {
  std::vector<psl::Name> names;
  if (is_name(expression)) names.push_back(name_of(expression));
  for (const Expression& item : expression.items)
    if (is_name(item)) names.push_back(name_of(item));
  return names;
}

const Expression* find_argument(const Attribute& attribute, std::string_view name, bool positional) {
  for (const psl::Argument& argument : attribute.arguments)
    if (argument.value && (argument.name ? argument.name->text == name : positional)) return &*argument.value;
  return nullptr;
}

const Attribute* find_attribute(const std::vector<Attribute>& attributes, std::string_view name) {
  const auto found =
      std::ranges::find_if(attributes, [&](const Attribute& each) { return each.name.text == name; });
  return found != attributes.end() ? &*found : nullptr;
}

// Declarations first, then the places that mean them.
class SymbolCollector {
 public:
  SymbolCollector(SymbolTable& table, std::span<const psl::Tree> trees) : table_(table), trees_(trees) {}

  void run() {
    for (const psl::Tree& tree : trees_)
      for (const Block& block : tree.blocks) declare(block);
    for (const psl::Tree& tree : trees_)
      for (const Block& block : tree.blocks) refer(block);
    std::ranges::sort(table_.occurrences_, {}, [](const Occurrence& each) { return place(each.span); });
  }

 private:
  SymbolId add(Symbol symbol) {
    const SymbolId id{static_cast<std::uint32_t>(table_.symbols_.size())};
    table_.symbols_.push_back(symbol);
    table_.occurrences_.push_back({.span = symbol.name().span, .symbol = id, .declares = true});
    return id;
  }

  void declare(const Block& block) {
    const SymbolId id = add({.kind = SymbolKind::block, .block = &block});
    if (block.kind == BlockKind::datasource)
      table_.datasources_.emplace(block.name.text, id);
    else if (block.kind != BlockKind::generator)
      table_.blocks_.emplace(block.name.text, id);
    SymbolTable::Names& children = table_.children_[&block];
    for (const psl::Field& field : block.fields)
      children.emplace(field.name.text, add({.kind = SymbolKind::field, .block = &block, .field = &field}));
    for (const psl::EnumMember& member : block.members)
      children.emplace(member.name.text,
                       add({.kind = SymbolKind::enum_value, .block = &block, .member = &member}));
  }

  void mean(const psl::Name& name, std::optional<SymbolId> symbol) {
    if (symbol) table_.occurrences_.push_back({.span = name.span, .symbol = *symbol});
  }

  void mean_all(const Expression* list, const Block* block) {
    if (list == nullptr || block == nullptr) return;
    for (const psl::Name& name : names_in_list(*list)) mean(name, table_.find_child(block, name.text));
  }

  void refer(const Block& block) {
    for (const psl::Field& field : block.fields) {
      const auto type = field.type.is_unsupported ? std::nullopt : table_.find_block(field.type.name.text);
      mean(field.type.name, type);
      for (const Attribute& attribute : field.attributes) {
        native_type(attribute);
        of_field(attribute, block, type ? table_[*type].block : nullptr);
      }
    }
    constexpr std::array<std::string_view, 5> keys{"id", "unique", "index", "fulltext", "shardKey"};
    for (const Attribute& attribute : block.attributes) {
      if (std::ranges::find(keys, attribute.name.text) == keys.end()) continue;
      mean_all(find_argument(attribute, "fields", true), &block);
      members(find_argument(attribute, "where"), block);
    }
  }

  void of_field(const Attribute& attribute, const Block& block, const Block* type) {
    if (attribute.name.text == "relation") {
      mean_all(find_argument(attribute, "fields"), &block);
      mean_all(find_argument(attribute, "references"), type);
    } else if (attribute.name.text == "default" && type != nullptr && type->kind == BlockKind::enumeration) {
      mean_all(find_argument(attribute, "value", true), type);
    } else if (attribute.name.text == "unique") {
      members(find_argument(attribute, "where"), block);
    }
  }

  // { field: value } of a partial index.
  void members(const Expression* predicate, const Block& block) {
    if (predicate == nullptr || predicate->kind != Expression::Kind::object) return;
    for (const psl::Argument& member : predicate->arguments)
      if (member.name) mean(*member.name, table_.find_child(&block, member.name->text));
  }

  // The `db` of @db.Text
  void native_type(const Attribute& attribute) {
    const auto dot = attribute.name.text.find('.');
    if (dot == std::string_view::npos) return;
    const std::string_view prefix = attribute.name.text.substr(0, dot);
    const base::Span& span = attribute.name.span;
    mean({.text = prefix, .span = {span.source, span.begin, span.begin + static_cast<std::uint32_t>(dot)}},
         table_.find_datasource(prefix));
  }

  SymbolTable& table_;
  std::span<const psl::Tree> trees_;
};

SymbolTable::SymbolTable(std::span<const psl::Tree> trees) { SymbolCollector(*this, trees).run(); }

const Occurrence* SymbolTable::at(base::SourceId source, std::uint32_t offset) const {
  // The last one that begins at or before the offset; two that touch cannot both be names.
  const auto after = std::ranges::upper_bound(
      occurrences_, std::pair(source.value, offset), {},
      [](const Occurrence& each) { return std::pair(each.span.source.value, each.span.begin); });
  if (after == occurrences_.begin()) return nullptr;
  const Occurrence& found = *(after - 1);
  return found.span.source == source && offset <= found.span.end ? &found : nullptr;
}

std::vector<Occurrence> SymbolTable::occurrences_of(SymbolId symbol) const {
  std::vector<Occurrence> found;
  std::ranges::copy_if(occurrences_, std::back_inserter(found),
                       [&](const Occurrence& each) { return each.symbol == symbol; });
  return found;
}

namespace {

std::optional<SymbolId> look_up(const std::unordered_map<std::string_view, SymbolId>& names,
                                std::string_view name) {
  const auto found = names.find(name);
  return found != names.end() ? std::optional(found->second) : std::nullopt;
}

}  // namespace

std::optional<SymbolId> SymbolTable::find_block(std::string_view name) const {
  return look_up(blocks_, name);
}
std::optional<SymbolId> SymbolTable::find_datasource(std::string_view name) const {
  return look_up(datasources_, name);
}
std::optional<SymbolId> SymbolTable::find_child(const Block* block, std::string_view name) const {
  const auto names = children_.find(block);
  return names != children_.end() ? look_up(names->second, name) : std::nullopt;
}

}  // namespace tenon::lsp
