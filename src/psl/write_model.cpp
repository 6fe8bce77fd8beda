// Model, view and enum blocks.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "psl/layout.h"
#include "psl/lexer.h"
#include "psl/model_facts.h"
#include "psl/names.h"
#include "psl/order.h"
#include "psl/spelling.h"
#include "psl/write_blocks.h"

namespace tenon::psl {

using namespace catalog;

namespace {

std::string map_attribute(std::string_view at, const std::string& name) {
  return fmt::format("{}map({})", at, encode_string(name));
}

class ModelBlock {
 public:
  ModelBlock(const Catalog& catalog, TableId id, const BlockStyle& style)
      : catalog_(catalog), id_(id), table_(catalog[id]), style_(style) {}

  std::string text() {
    for (const ColumnId id : table_.columns) scalar_field(id);
    relation_fields();
    const std::vector<std::string> attributes = block_attributes();
    if (!attributes.empty() && !rows_.empty()) rows_.push_back({});
    for (const std::string& attribute : attributes) rows_.push_back({.cells = {attribute}, .is_plain = true});

    std::string out;
    for (const std::string& comment : model_comments(catalog_, id_)) out += fmt::format("/// {}\n", comment);
    std::string body = fmt::format("{} {} {{\n", table_.is_view() ? "view" : "model", table_.model_name);
    append_rows(body, rows_);
    body += "}\n";
    return out + (has_fields(catalog_, id_) ? body : commented_out(body));
  }

 private:
  // Without fields there is no model; Prisma leaves it as a comment.
  static std::string commented_out(const std::string& body) {
    std::string out;
    for (std::size_t begin = 0; begin < body.size();) {
      const std::size_t end = body.find('\n', begin);
      std::string_view line = std::string_view(body).substr(begin, end - begin);
      while (line.starts_with(' ')) line.remove_prefix(1);
      if (!line.empty()) out += fmt::format("// {}\n", line);
      begin = end + 1;
    }
    return out;
  }

  void scalar_field(ColumnId id) {
    const Column& column = catalog_[id];
    std::vector<std::string> attributes;
    if (const Index* primary = field_index(id, IndexKind::primary))
      attributes.push_back(spell_field_index(catalog_, *primary));
    if (const Index* unique = field_index(id, IndexKind::unique))
      attributes.push_back(spell_field_index(catalog_, *unique));
    if (const std::string value = spell_default(catalog_, column); !value.empty())
      attributes.push_back(fmt::format("@default({})", value));
    if (column.updated_at) attributes.emplace_back("@updatedAt");
    if (column.field_name != column.name) attributes.push_back(map_attribute("@", column.name));
    if (column.ignored) attributes.emplace_back("@ignore");
    if (const std::string native = spell_native_type(catalog_, column); !native.empty())
      attributes.push_back(fmt::format("@{}.{}", style_.datasource_name, native));
    std::string joined = fmt::format("{}", fmt::join(attributes, " "));
    std::string type = spell_field_type(catalog_, column);
    if (!column.field_name.empty()) {
      rows_.push_back({.cells = {column.field_name, std::move(type), std::move(joined)}});
      return;
    }
    plain(
        "/// This field was commented out because of an invalid name. Please provide a valid one that "
        "matches "
        "[a-zA-Z][a-zA-Z0-9_]*");
    plain(fmt::format("// {} {}{}{}", column.name, type, joined.empty() ? "" : " ", joined));
  }

  void plain(std::string text) { rows_.push_back({.cells = {std::move(text)}, .is_plain = true}); }

  // The first index of this kind over the column alone.
  const Index* field_index(ColumnId id, IndexKind kind) const {
    for (const IndexId index_id : ordered_indexes(catalog_, id_)) {
      const Index& index = catalog_[index_id];
      if (index.kind == kind && is_expressible(catalog_, index) && index_columns(index) == std::vector{id})
        return &index;
    }
    return nullptr;
  }

  void relation_fields() {
    for (const TableId other : ordered_tables(catalog_)) {
      if (catalog_[other].implicit_link) continue;
      for (const ForeignKeyId key_id : ordered_foreign_keys(catalog_, other)) {
        const ForeignKey& key = catalog_[key_id];
        if (key.table == id_ && !key.field_name.empty()) forward_field(key);
        if (key.target == id_ && !key.back_field_name.empty()) back_field(key);
      }
    }
    for (const TableId link : ordered_tables(catalog_)) {
      if (!catalog_[link].implicit_link) continue;
      const std::optional<LinkKeys> keys = link_keys(catalog_, link);
      if (!keys) continue;
      if (catalog_[keys->a].target == id_) list_field(catalog_[keys->a], catalog_[keys->b]);
      if (catalog_[keys->b].target == id_) list_field(catalog_[keys->b], catalog_[keys->a]);
    }
  }

  // Relations with ignored models must be ignored, except inside one.
  std::string ignore_attribute(TableId other) const {
    return !is_ignored(catalog_, id_) && is_ignored(catalog_, other) ? " @ignore" : "";
  }

  void forward_field(const ForeignKey& key) {
    const bool optional =
        std::ranges::any_of(key.columns, [&](ColumnId id) { return catalog_[id].nullable; });
    rows_.push_back({.cells = {key.field_name, catalog_[key.target].model_name + (optional ? "?" : ""),
                               spell_relation(catalog_, key) + ignore_attribute(key.target)}});
  }

  static std::string relation_attribute(const ForeignKey& key) {
    return key.relation_name.empty() ? "" : fmt::format("@relation({})", encode_string(key.relation_name));
  }

  void back_field(const ForeignKey& key) {
    std::string attributes = relation_attribute(key) + ignore_attribute(key.table);
    if (attributes.starts_with(' ')) attributes.erase(0, 1);
    rows_.push_back({.cells = {key.back_field_name,
                               catalog_[key.table].model_name + (is_one_to_one(catalog_, key) ? "?" : "[]"),
                               std::move(attributes)}});
  }

  void list_field(const ForeignKey& own, const ForeignKey& other) {
    rows_.push_back(
        {.cells = {own.back_field_name, catalog_[other.target].model_name + "[]", relation_attribute(own)}});
  }

  std::vector<std::string> block_attributes() const {
    std::vector<std::string> attributes;
    const auto add_indexes = [&](IndexKind kind, std::size_t columns_min) {
      for (const IndexId index_id : ordered_indexes(catalog_, id_)) {
        const Index& index = catalog_[index_id];
        if (index.kind == kind && is_expressible(catalog_, index) &&
            index_columns(index).size() >= columns_min)
          attributes.push_back(spell_block_index(catalog_, index));
      }
    };
    add_indexes(IndexKind::primary, 2);
    add_indexes(IndexKind::unique, 2);
    add_indexes(IndexKind::normal, 1);
    add_indexes(IndexKind::fulltext, 1);
    if (table_.model_name != table_.name) attributes.push_back(map_attribute("@@", table_.name));
    if (is_ignored(catalog_, id_)) attributes.emplace_back("@@ignore");
    if (style_.names_schemas)
      attributes.push_back(fmt::format("@@schema({})", encode_string(catalog_[table_.schema].name)));
    return attributes;
  }

  const Catalog& catalog_;
  TableId id_;
  const Table& table_;
  const BlockStyle& style_;
  std::vector<Row> rows_;
};

}  // namespace

std::string model_block(const Catalog& catalog, TableId table, const BlockStyle& style) {
  return ModelBlock(catalog, table, style).text();
}

std::string enum_block(const Catalog& catalog, EnumId id, const BlockStyle& style) {
  const Enum& row = catalog[id];
  std::vector<Row> rows;
  for (const EnumValue& value : row.values) {
    std::string map = value.value_name != value.label ? map_attribute("@", value.label) : "";
    if (value.value_name.empty())
      rows.push_back({.cells = {fmt::format("// {} {}", value.label, map)}, .is_plain = true});
    else
      rows.push_back({.cells = {value.value_name, std::move(map)}});
  }
  std::vector<std::string> attributes;
  if (row.enum_name != row.name) attributes.push_back(map_attribute("@@", row.name));
  if (style.names_schemas)
    attributes.push_back(fmt::format("@@schema({})", encode_string(catalog[row.schema].name)));
  if (!attributes.empty()) rows.push_back({});
  for (const std::string& attribute : attributes) rows.push_back({.cells = {attribute}, .is_plain = true});

  std::string out;
  if (!row.comment.empty())
    out +=
        "/// This enum is commented in the database, and requires an additional setup for migrations: Read "
        "more: "
        "https://pris.ly/d/database-comments\n";
  out += fmt::format("enum {} {{\n", row.enum_name);
  append_rows(out, rows);
  return out + "}\n";
}

}  // namespace tenon::psl
