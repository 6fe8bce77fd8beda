#include "lsp/hover.h"

#include <algorithm>

#include <fmt/format.h>

#include "lsp/vocabulary.h"
#include "lsp/wire.h"
#include "psl/parser_words.h"

namespace tenon::lsp {

using psl::BlockKind;

namespace {

// What @map or @@map says, or the name itself.
std::string_view database_name(const Symbol& symbol) {
  const psl::Attribute* map = find_attribute(symbol.attributes(), "map");
  const psl::Expression* name = map != nullptr ? find_argument(*map, "name", true) : nullptr;
  return name != nullptr ? std::string_view(name->text) : symbol.name().text;
}

std::string source_line(const Analysis& analysis, const base::Span& span) {
  const std::string_view text = analysis.sources.text(span);
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
  return std::string(line);
}

std::string_view words_for(psl::RelationKind kind) {
  switch (kind) {
    case psl::RelationKind::one_to_one:
      return "one to one";
    case psl::RelationKind::one_to_many:
      return "one to many";
    case psl::RelationKind::implicit_many_to_many:
    case psl::RelationKind::embedded_many_to_many:
      return "many to many";
  }
  return "";
}

// The relation that a field is a side of, once relations could be paired.
std::string relation_text(const Analysis& analysis, const psl::Field& field) {
  const psl::Resolved& resolved = analysis.schema.resolved;
  const auto found = std::ranges::find(resolved.relation_fields, &field, &psl::RelationField::field);
  if (found == resolved.relation_fields.end() || !found->relation) return "";
  const psl::Relation& relation = resolved[*found->relation];
  std::string text =
      fmt::format("relation `{}`: {}, `{}` → `{}`", resolved.relation_name(relation),
                  words_for(relation.kind), resolved[relation.from].name(), resolved[relation.to].name());
  const psl::RelationFieldId id{static_cast<std::uint32_t>(found - resolved.relation_fields.begin())};
  if (const auto opposite = resolved.opposite(id))
    text += fmt::format("; the other side is `{}.{}`", resolved[resolved[*opposite].model].name(),
                        resolved[*opposite].name_of_field());
  const bool has_key = relation.kind != psl::RelationKind::implicit_many_to_many &&
                       relation.kind != psl::RelationKind::embedded_many_to_many;
  if (has_key)
    text += fmt::format("; on delete `{}`, on update `{}`", psl::to_string(resolved.on_delete(relation)),
                        psl::to_string(resolved.on_update(relation)));
  return text;
}

std::string place_in_database(const Symbol& symbol) {
  const bool list = symbol.kind == SymbolKind::block && symbol.block->kind == BlockKind::enumeration;
  const std::string_view what = symbol.kind == SymbolKind::field        ? "column"
                                : symbol.kind == SymbolKind::enum_value ? "label"
                                : list                                  ? "enum"
                                : symbol.block->kind == BlockKind::view ? "view"
                                                                        : "table";
  return fmt::format("{} `{}` in the database", what, database_name(symbol));
}

bool is_relation(const Analysis& analysis, const Symbol& symbol) {
  if (symbol.kind != SymbolKind::field) return false;
  const auto type = analysis.symbols.find_block(symbol.field->type.name.text);
  return type && analysis.symbols[*type].block->kind != BlockKind::enumeration;
}

std::string describe(const Analysis& analysis, const Symbol& symbol) {
  std::string text = "```prisma\n";
  if (symbol.kind == SymbolKind::block)
    text += fmt::format("{} {}", psl::keyword_of(symbol.block->kind), symbol.block->name.text);
  else
    text += source_line(analysis, symbol.span());
  text += "\n```";
  const bool settings =
      symbol.block->kind == BlockKind::datasource || symbol.block->kind == BlockKind::generator;
  std::string facts;
  if (is_relation(analysis, symbol))
    facts = relation_text(analysis, *symbol.field);
  else if (!settings && symbol.block->kind != BlockKind::composite_type)
    facts = place_in_database(symbol);
  if (symbol.kind != SymbolKind::block)
    facts = fmt::format("in {} `{}`{}{}", psl::keyword_of(symbol.block->kind), symbol.block->name.text,
                        facts.empty() ? "" : "; ", facts);
  if (!facts.empty()) text += "\n\n" + facts;
  if (!symbol.documentation().empty()) text += "\n\n---\n\n" + symbol.documentation();
  return text;
}

std::string find_word(std::span<const Word> words, std::string_view text) {
  const auto found = std::ranges::find(words, text, &Word::text);
  return found != words.end() ? std::string(found->explanation) : "";
}

// Attributes and scalar types, which no schema declares.
std::string explain_word(const Place& place, const psl::Token& token, std::string_view word) {
  const auto& tokens = place.analysis.tree_of(place.source).tokens;
  const psl::Token* before = &token == tokens.data() ? nullptr : &token - 1;
  if (before != nullptr && before->kind == psl::TokenKind::at)
    return find_word(field_attribute_words(), word);
  if (before != nullptr && before->kind == psl::TokenKind::at_at)
    return find_word(model_attribute_words(), word);
  const bool native = before != nullptr && place.analysis.sources.text(place.source)[before->begin] == '.';
  return native ? find_word(field_attribute_words(), "db") : find_word(scalar_words(), word);
}

}  // namespace

std::string hover(const Place& place) {
  const Analysis& analysis = place.analysis;
  std::string content;
  base::Span span{place.source, place.offset, place.offset};
  if (const Occurrence* found = place.occurrence()) {
    content = describe(analysis, analysis.symbols[found->symbol]);
    span = found->span;
  } else {
    const auto& tokens = analysis.tree_of(place.source).tokens;
    const auto token = std::ranges::find_if(tokens, [&](const psl::Token& each) {
      return each.kind == psl::TokenKind::identifier && each.begin <= place.offset &&
             place.offset <= each.end;
    });
    if (token == tokens.end()) return "null";
    span = {place.source, token->begin, token->end};
    content = explain_word(place, *token, analysis.sources.text(span));
  }
  if (content.empty()) return "null";
  std::string text;
  base::JsonWriter json(text);
  json.begin_object()
      .key("contents")
      .begin_object()
      .member("kind", "markdown")
      .member("value", content)
      .end_object();
  json.key("range");
  write_range(json, range_of(analysis, span));
  json.end_object();
  return text;
}

}  // namespace tenon::lsp
