#include "migrate/expansion.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "migrate/ddl.h"
#include "migrate/directive.h"
#include "migrate/edit.h"

namespace tenon::migrate {

using namespace catalog;
using Kind = Expansion::Kind;

namespace {

// PostgreSQL cuts names at 63 bytes.
constexpr std::size_t name_bytes_max = 63;

struct Words {
  Kind kind;
  std::string_view what;
  bool has_column;
  std::string_view before_new_name;  // empty: there is none
};
constexpr std::array<Words, 6> all_words{{{Kind::rename_column, "column", true, "to"},
                                          {Kind::change_type, "type", true, "by"},
                                          {Kind::rename_table, "table", false, "to"},
                                          {Kind::drop_column, "drop-column", true, ""},
                                          {Kind::drop_table, "drop-table", false, ""},
                                          {Kind::drop_enum, "drop-enum", false, ""}}};

std::string quoted_name(std::string_view name) { return quote_name(Engine::postgresql, name); }

// Reads words and quoted names from the front of a text.
class CommentReader {
 public:
  explicit CommentReader(std::string_view text) : text_(text) {}

  bool word(std::string_view wanted) {
    skip_blank();
    if (!text_.starts_with(wanted)) return false;
    const std::string_view rest = text_.substr(wanted.size());
    if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return false;
    text_ = rest;
    return true;
  }
  std::optional<std::string> name() {
    skip_blank();
    if (!text_.starts_with('"')) return std::nullopt;
    std::string name;
    for (std::size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] != '"') {
        name += text_[i];
      } else if (text_.substr(i + 1).starts_with('"')) {
        name += text_[i++];
      } else {
        text_.remove_prefix(i + 1);
        return name.empty() ? std::nullopt : std::optional(std::move(name));
      }
    }
    return std::nullopt;
  }
  std::vector<std::string> path() {
    std::vector<std::string> names;
    do {
      auto next = name();
      if (!next) return {};
      names.push_back(std::move(*next));
    } while (take('.'));
    return names;
  }
  bool done() {
    skip_blank();
    return text_.empty();
  }

 private:
  void skip_blank() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t"), text_.size())); }
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view text_;
};

const Words& words_of(Kind kind) { return *std::ranges::find(all_words, kind, &Words::kind); }

}  // namespace

std::string to_string(const Expansion& expansion) {
  const Words& words = words_of(expansion.kind);
  std::string text = std::string(words.what) + " ";
  if (!expansion.schema.empty()) text += quoted_name(expansion.schema) + ".";
  text += quoted_name(expansion.table);
  if (words.has_column) text += "." + quoted_name(expansion.column);
  if (!words.before_new_name.empty())
    text += fmt::format(" {} {}", words.before_new_name, quoted_name(expansion.to));
  return text;
}

std::optional<Expansion> read_expansion(std::string_view text) {
  CommentReader reader(text);
  const auto words =
      std::ranges::find_if(all_words, [&](const Words& each) { return reader.word(each.what); });
  if (words == all_words.end()) return std::nullopt;
  std::vector<std::string> path = reader.path();
  const std::size_t shortest = words->has_column ? 2 : 1;
  if (path.size() != shortest && path.size() != shortest + 1) return std::nullopt;
  Expansion read{.kind = words->kind};
  if (words->has_column) {
    read.column = std::move(path.back());
    path.pop_back();
  }
  read.table = std::move(path.back());
  if (path.size() == 2) read.schema = std::move(path.front());
  if (!words->before_new_name.empty()) {
    if (!reader.word(words->before_new_name)) return std::nullopt;
    auto name = reader.name();
    if (!name) return std::nullopt;
    read.to = std::move(*name);
  }
  return reader.done() ? std::optional(std::move(read)) : std::nullopt;
}

std::vector<Expansion> open_expansions(const std::vector<const Migration*>& migrations) {
  std::vector<Expansion> open;
  for (const Migration* migration : migrations) {
    if (!migration->text) continue;
    for (const Line& line : lines_of(*migration->text, 0, migration->text->size())) {
      const auto said = directive_in(line.text);
      if (!said || (said->verb != "expand" && said->verb != "contract")) continue;
      auto expansion = read_expansion(said->rest);
      if (!expansion) continue;
      if (said->verb == "contract")
        std::erase(open, *expansion);
      else if (std::ranges::find(open, *expansion) == open.end())
        open.push_back(std::move(*expansion));
    }
  }
  return open;
}

bool speaks_of_expansions(std::string_view script) {
  return std::ranges::any_of(lines_of(script, 0, script.size()), [](const Line& line) {
    const auto said = directive_in(line.text);
    return said && (said->verb == "expand" || said->verb == "contract") && read_expansion(said->rest);
  });
}

std::string name_beside(const std::string& name, std::string_view ending) {
  std::size_t size = std::min(name.size(), name_bytes_max - ending.size());
  while (size > 0 && size < name.size() && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80U) --size;
  return name.substr(0, size) + std::string(ending);
}

namespace {

class Settler {
 public:
  Settler(Catalog catalog, const std::vector<Expansion>& expansions, const std::string& default_schema)
      : catalog_(std::move(catalog)), expansions_(expansions), default_schema_(default_schema) {}

  Catalog run() {
    name_copies();
    for (const Expansion& each : expansions_) settle(each);
    for (const Expansion& each : expansions_)
      if (each.kind == Kind::drop_enum) settle_enum(each);
    return std::move(catalog_);
  }

 private:
  struct Beside {
    ColumnId was;
    ColumnId is;
  };

  // Indexes and keys that stand beside those of old columns get the names of these.
  void name_copies() {
    std::vector<Beside> columns;
    for (const Expansion& each : expansions_) {
      if (each.kind != Kind::rename_column && each.kind != Kind::change_type) continue;
      const auto table = table_of(catalog_, each, default_schema_);
      if (!table) continue;
      const auto was = catalog_.find_column(*table, each.column);
      const auto is = catalog_.find_column(*table, each.to);
      if (was && is) columns.push_back({*was, *is});
    }
    for (Index& index : catalog_.indexes) name_copy(index, columns);
    for (ForeignKey& key : catalog_.foreign_keys) name_copy(key, columns);
  }

  static ColumnId after(const std::vector<Beside>& columns, ColumnId column) {
    const auto found = std::ranges::find(columns, column, &Beside::was);
    return found == columns.end() ? column : found->is;
  }

  void name_copy(const Index& old, const std::vector<Beside>& columns) {
    for (Index& copy : catalog_.indexes) {
      if (copy.table != old.table || copy.parts.size() != old.parts.size() ||
          copy.name != name_beside(old.name, "_new"))
        continue;
      const bool same =
          std::ranges::equal(copy.parts, old.parts, [&](const IndexPart& one, const IndexPart& other) {
            return one.column && other.column && *one.column == after(columns, *other.column);
          });
      if (same) copy.name = old.name;
    }
  }

  void name_copy(const ForeignKey& old, const std::vector<Beside>& columns) {
    for (ForeignKey& copy : catalog_.foreign_keys) {
      if (copy.table != old.table || copy.name != name_beside(old.name, "_new")) continue;
      const bool same = std::ranges::equal(copy.columns, old.columns, [&](ColumnId one, ColumnId other) {
        return one == after(columns, other);
      });
      if (same) copy.name = old.name;
    }
  }

  void settle_enum(const Expansion& expansion) {
    const std::string& schema = expansion.schema.empty() ? default_schema_ : expansion.schema;
    if (const auto found = catalog_.find_enum(schema, expansion.table)) remove_unused_enum(catalog_, *found);
  }

  void settle(const Expansion& expansion) {
    if (expansion.kind == Kind::drop_enum) return;
    if (expansion.kind == Kind::rename_table) return remove_old_view(expansion);
    const auto table = table_of(catalog_, expansion, default_schema_);
    if (!table) return;
    if (expansion.kind == Kind::drop_table) return remove_table(catalog_, *table);
    const auto was = catalog_.find_column(*table, expansion.column);
    if (!was) return;
    if (expansion.kind != Kind::drop_column) {
      const auto is = catalog_.find_column(*table, expansion.to);
      if (!is) return;
      // The old column's default serves both until the end.
      if (expansion.kind == Kind::rename_column)
        catalog_[*is].default_value = catalog_[*was].default_value;
      else
        catalog_[*is].name = expansion.column;
    }
    remove_column(catalog_, *was);
  }

  void remove_old_view(const Expansion& expansion) {
    const auto found = table_of(catalog_, expansion, default_schema_);
    if (found && catalog_[*found].is_view()) remove_table(catalog_, *found);
  }

  Catalog catalog_;
  const std::vector<Expansion>& expansions_;
  const std::string& default_schema_;
};

}  // namespace

Catalog settled(Catalog catalog, const std::vector<Expansion>& expansions,
                const std::string& default_schema) {
  if (expansions.empty()) return catalog;
  return Settler(std::move(catalog), expansions, default_schema).run();
}

std::optional<TableId> table_of(const Catalog& catalog, const Expansion& expansion,
                                const std::string& default_schema) {
  const std::string& schema = expansion.schema.empty() ? default_schema : expansion.schema;
  for (std::uint32_t i = 0; i < catalog.tables.size(); ++i) {
    const Table& table = catalog.tables[i];
    const bool here = catalog.engine == Engine::mysql || catalog[table.schema].name == schema;
    if (here && table.name == expansion.table) return TableId{i};
  }
  return std::nullopt;
}

}  // namespace tenon::migrate
