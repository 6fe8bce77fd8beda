#include "lsp/completion.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lsp/completion_context.h"
#include "lsp/vocabulary.h"
#include "lsp/wire.h"

namespace tenon::lsp {

using Kind = CompletionContext::Kind;
using psl::BlockKind;

namespace {

// CompletionItemKind of the protocol
enum class ItemKind : std::uint8_t {
  function = 3,
  field = 5,
  class_kind = 7,
  property = 10,
  value = 12,
  enum_kind = 13,
  keyword = 14,
  enum_member = 20
};

constexpr std::array<std::string_view, 10> preview_features{"fullTextSearchPostgres",
                                                            "nativeDistinct",
                                                            "partialIndexes",
                                                            "postgresqlExtensions",
                                                            "relationJoins",
                                                            "schemaEngineDriverAdapters",
                                                            "shardKeys",
                                                            "strictUndefinedChecks",
                                                            "typedSql",
                                                            "views"};

class Completer {
 public:
  Completer(const Place& place, const CompletionContext& context, bool snippets)
      : place_(place), context_(context), snippets_(snippets), json_(out_) {}

  std::string run() {
    json_.begin_array();
    offer();
    json_.end_array();
    return std::move(out_);
  }

 private:
  const Analysis& analysis() const { return place_.analysis; }

  void item(std::string_view label, ItemKind kind, std::string_view explanation = {},
            std::string_view insert = {}) {
    json_.begin_object().member("label", label).member("kind", static_cast<int>(kind));
    if (!explanation.empty()) json_.member("documentation", explanation);
    if (!insert.empty() && snippets_) json_.member("insertText", insert).member("insertTextFormat", 2);
    json_.end_object();
  }

  void words(std::span<const Word> all, ItemKind kind, std::string_view prefix = {}) {
    for (const Word& word : all) {
      const std::string insert = word.insert.empty() ? "" : fmt::format("{}{}", prefix, word.insert);
      item(fmt::format("{}{}", prefix, word.text), kind, word.explanation, insert);
    }
  }

  void offer() {
    switch (context_.kind) {
      case Kind::nothing:
        return;
      case Kind::block:
        return words(block_words(), ItemKind::keyword);
      case Kind::property:
        return words(context_.block_keyword == "datasource" ? datasource_words() : generator_words(),
                     ItemKind::property);
      case Kind::property_value:
        return property_value();
      case Kind::type:
        return types();
      case Kind::field_attribute:
        return words(
            context_.block_keyword == "enum" ? enum_value_attribute_words() : field_attribute_words(),
            ItemKind::property, context_.at_sign_written ? "" : "@");
      case Kind::native_type:
        return native_types();
      case Kind::block_attribute:
        return words(context_.block_keyword == "enum" ? enum_attribute_words() : model_attribute_words(),
                     ItemKind::property, context_.at_sign_written ? "" : "@@");
      case Kind::argument:
        return argument();
      case Kind::field_name:
        return fields_of(context_.block_name);
      case Kind::target_field:
        return fields_of(context_.field_type);
    }
  }

  void texts(std::span<const std::string_view> all) {
    for (const std::string_view text : all)
      item(context_.in_string ? std::string(text) : fmt::format("\"{}\"", text), ItemKind::value);
  }

  void property_value() {
    static constexpr std::array<std::string_view, 2> providers{"postgresql", "mysql"};
    static constexpr std::array<std::string_view, 2> modes{"foreignKeys", "prisma"};
    static constexpr std::array<std::string_view, 2> clients{"prisma-client", "prisma-client-js"};
    const bool datasource = context_.block_keyword == "datasource";
    if (context_.property == "provider") return datasource ? texts(providers) : texts(clients);
    if (context_.property == "relationMode") return texts(modes);
    if (context_.property == "previewFeatures") return texts(preview_features);
    if (context_.property.ends_with("rl") && !context_.in_string)
      item("env", ItemKind::function, "The variable that holds it.", "env(\"${1:DATABASE_URL}\")");
  }

  void types() {
    words(scalar_words(), ItemKind::keyword);
    for (const psl::Tree& tree : analysis().schema.trees)
      for (const psl::Block& block : tree.blocks) {
        if (block.kind == BlockKind::datasource || block.kind == BlockKind::generator) continue;
        item(block.name.text,
             block.kind == BlockKind::enumeration ? ItemKind::enum_kind : ItemKind::class_kind,
             block.documentation);
      }
  }

  void native_types() {
    const auto scalar = psl::find_scalar(context_.field_type);
    const auto& datasource = analysis().schema.configuration.datasource;
    if (scalar && datasource)
      words(native_type_words(datasource->connector->provider, *scalar), ItemKind::value);
  }

  // Those that can be part of a key: no relations.
  void fields_of(std::string_view model) {
    const auto block = analysis().symbols.find_block(model);
    if (!block) return;
    for (const psl::Field& field : analysis().symbols[*block].block->fields) {
      const auto type = analysis().symbols.find_block(field.type.name.text);
      const bool relation = type && analysis().symbols[*type].block->kind != BlockKind::enumeration;
      if (!relation) item(field.name.text, ItemKind::field, field.documentation);
    }
  }

  void argument() {
    static constexpr std::array<Word, 2> orders{{{"Asc", "", ""}, {"Desc", "", ""}}};
    if (context_.argument == "onDelete" || context_.argument == "onUpdate")
      return words(action_words(), ItemKind::enum_member);
    if (context_.argument == "sort") return words(orders, ItemKind::enum_member);
    if (context_.argument == "type") return index_types();
    if (!context_.argument.empty() || context_.in_string) return schema_names();
    if (context_.attribute == "default") default_values();
    words(argument_words(context_.attribute), ItemKind::property);
  }

  void index_types() {
    const auto& datasource = analysis().schema.configuration.datasource;
    if (!datasource) return;
    for (const std::string_view type : datasource->connector->index_types) item(type, ItemKind::enum_member);
  }

  // In the quotes of @@schema("…")
  void schema_names() {
    const auto& datasource = analysis().schema.configuration.datasource;
    if (context_.attribute != "@schema" || !context_.in_string || !datasource) return;
    for (const std::string& name : datasource->schemas) item(name, ItemKind::value);
  }

  void default_values() {
    if (const auto scalar = psl::find_scalar(context_.field_type))
      return words(default_words(*scalar), ItemKind::function);
    const auto type = analysis().symbols.find_block(context_.field_type);
    if (!type) return;
    for (const psl::EnumMember& member : analysis().symbols[*type].block->members)
      item(member.name.text, ItemKind::enum_member, member.documentation);
  }

  const Place& place_;
  const CompletionContext& context_;
  bool snippets_;
  std::string out_;
  base::JsonWriter json_;
};

}  // namespace

std::string completion(const Place& place, bool snippets) {
  const std::string_view text = place.analysis.sources.text(place.source);
  const CompletionContext context =
      completion_context(text, place.analysis.tree_of(place.source).tokens, place.offset);
  return Completer(place, context, snippets).run();
}

}  // namespace tenon::lsp
