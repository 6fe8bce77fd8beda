#include "lsp/navigation.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "lsp/wire.h"
#include "psl/lexer.h"
#include "psl/native_types.h"

namespace tenon::lsp {

using psl::BlockKind;

namespace {

constexpr std::string_view nothing_found = "null";

bool is_renamable(const Symbol& symbol) {
  return symbol.block->kind != BlockKind::datasource && symbol.block->kind != BlockKind::generator;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_valid_name(std::string_view name) {
  return !name.empty() && is_letter(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

struct Edit {
  base::Span span;
  std::string text;
};

// Behind everything on the line that belongs to the name. Spans of attributes may end with white space.
Edit map_of_line(const Analysis& analysis, const base::Span& head,
                 const std::vector<psl::Attribute>& attributes, std::string_view old) {
  const base::Span& last = attributes.empty() ? head : attributes.back().span;
  const std::string_view text = analysis.sources.text(last);
  const auto size = static_cast<std::uint32_t>(text.find_last_not_of(" \t\r\n") + 1);
  return {.span = {last.source, last.begin + size, last.begin + size},
          .text = fmt::format(" @map({})", psl::encode_string(old))};
}

// Before the closing brace.
Edit map_of_block(const Analysis& analysis, const psl::Block& block, std::string_view old) {
  const std::string_view text = analysis.sources.text(block.span);
  const auto brace = text.rfind('}');
  const std::uint32_t at =
      brace == std::string_view::npos ? block.span.end : block.span.begin + static_cast<std::uint32_t>(brace);
  return {.span = {block.span.source, at, at},
          .text = fmt::format("\n  @@map({})\n", psl::encode_string(old))};
}

// Whether the name is also that of something in the database: of a column, a table, an enum, a label.
bool names_database_object(const Analysis& analysis, const Symbol& symbol) {
  if (symbol.kind == SymbolKind::field) {
    if (symbol.block->kind == BlockKind::composite_type) return false;
    const auto type = analysis.symbols.find_block(symbol.field->type.name.text);
    return !type || analysis.symbols[*type].block->kind == BlockKind::enumeration;
  }
  return symbol.block->kind != BlockKind::composite_type;
}

std::optional<Edit> keep_database_name(const Analysis& analysis, const Symbol& symbol) {
  if (find_attribute(symbol.attributes(), "map") != nullptr || !names_database_object(analysis, symbol))
    return std::nullopt;
  const std::string_view old = symbol.name().text;
  switch (symbol.kind) {
    case SymbolKind::block:
      return map_of_block(analysis, *symbol.block, old);
    case SymbolKind::field:
      return map_of_line(analysis, symbol.field->type.span, symbol.field->attributes, old);
    case SymbolKind::enum_value:
      return map_of_line(analysis, symbol.member->name.span, symbol.member->attributes, old);
  }
  return std::nullopt;
}

bool is_taken(const Analysis& analysis, const Symbol& symbol, std::string_view name) {
  if (symbol.kind != SymbolKind::block) return analysis.symbols.find_child(symbol.block, name).has_value();
  return analysis.symbols.find_block(name) || psl::find_scalar(name);
}

std::string workspace_edit(const Workspace& workspace, const Analysis& analysis,
                           const std::vector<Edit>& edits) {
  std::map<std::uint32_t, std::vector<const Edit*>> by_file;
  for (const Edit& edit : edits) by_file[edit.span.source.value].push_back(&edit);
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().key("changes").begin_object();
  for (const auto& [file, all] : by_file) {
    json.key(workspace.uri(analysis.paths[file])).begin_array();
    for (const Edit* edit : all) {
      json.begin_object().key("range");
      write_range(json, range_of(analysis, edit->span));
      json.member("newText", edit->text).end_object();
    }
    json.end_array();
  }
  json.end_object().end_object();
  return text;
}

// SymbolKind of the protocol
int protocol_kind(const Symbol& symbol) {
  constexpr int module = 2, class_kind = 5, field = 8, enum_kind = 10, interface = 11, enum_member = 22,
                struct_kind = 23;
  if (symbol.kind == SymbolKind::field) return field;
  if (symbol.kind == SymbolKind::enum_value) return enum_member;
  switch (symbol.block->kind) {
    case BlockKind::model:
      return class_kind;
    case BlockKind::view:
      return interface;
    case BlockKind::composite_type:
      return struct_kind;
    case BlockKind::enumeration:
      return enum_kind;
    case BlockKind::datasource:
    case BlockKind::generator:
      return module;
  }
  return module;
}

// Leaves the object open: children may follow.
void begin_document_symbol(base::JsonWriter& json, const Analysis& analysis, const Symbol& symbol) {
  json.begin_object().member("name", symbol.name().text).member("kind", protocol_kind(symbol));
  if (symbol.kind == SymbolKind::field) json.member("detail", analysis.sources.text(symbol.field->type.span));
  json.key("range");
  write_range(json, range_of(analysis, symbol.span()));
  json.key("selectionRange");
  write_range(json, range_of(analysis, symbol.name().span));
}

}  // namespace

std::string definition(const Workspace& workspace, const Place& place) {
  const Occurrence* found = place.occurrence();
  if (found == nullptr) return std::string(nothing_found);
  std::string text;
  base::JsonWriter json(text);
  write_location(json, workspace, place.analysis, place.analysis.symbols[found->symbol].name().span);
  return text;
}

std::string references(const Workspace& workspace, const Place& place, bool with_declaration) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_array();
  if (const Occurrence* found = place.occurrence())
    for (const Occurrence& each : place.analysis.symbols.occurrences_of(found->symbol))
      if (with_declaration || !each.declares) write_location(json, workspace, place.analysis, each.span);
  json.end_array();
  return text;
}

std::string prepare_rename(const Place& place) {
  const Occurrence* found = place.occurrence();
  if (found == nullptr || !is_renamable(place.analysis.symbols[found->symbol]))
    return std::string(nothing_found);
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().key("range");
  write_range(json, range_of(place.analysis, found->span));
  json.member("placeholder", place.analysis.symbols[found->symbol].name().text).end_object();
  return text;
}

std::expected<std::string, RpcError> rename(const Workspace& workspace, const Place& place,
                                            std::string_view new_name) {
  const auto refuse = [](std::string message) {
    return std::unexpected(RpcError{ErrorCode::request_failed, std::move(message)});
  };
  const Occurrence* found = place.occurrence();
  if (found == nullptr) return refuse("There is no name here that a schema declares.");
  const Symbol& symbol = place.analysis.symbols[found->symbol];
  if (!is_renamable(symbol)) return refuse("A datasource or generator is renamed by hand.");
  if (!is_valid_name(new_name))
    return refuse(fmt::format(
        "\"{}\" is no name: begin with a letter and go on with letters, digits and underscores.", new_name));
  if (new_name == symbol.name().text) return workspace_edit(workspace, place.analysis, {});
  if (is_taken(place.analysis, symbol, new_name))
    return refuse(fmt::format("There is already a {} here.", new_name));
  std::vector<Edit> edits;
  for (const Occurrence& each : place.analysis.symbols.occurrences_of(found->symbol))
    edits.push_back({.span = each.span, .text = std::string(new_name)});
  if (auto map = keep_database_name(place.analysis, symbol)) edits.push_back(std::move(*map));
  return workspace_edit(workspace, place.analysis, edits);
}

std::string outline(const Analysis& analysis, base::SourceId source) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_array();
  for (const psl::Block& block : analysis.tree_of(source).blocks) {
    begin_document_symbol(json, analysis, {.kind = SymbolKind::block, .block = &block});
    json.key("children").begin_array();
    for (const psl::Field& field : block.fields) {
      begin_document_symbol(json, analysis, {.kind = SymbolKind::field, .block = &block, .field = &field});
      json.end_object();
    }
    for (const psl::EnumMember& member : block.members) {
      begin_document_symbol(json, analysis,
                            {.kind = SymbolKind::enum_value, .block = &block, .member = &member});
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  return text;
}

}  // namespace tenon::lsp
