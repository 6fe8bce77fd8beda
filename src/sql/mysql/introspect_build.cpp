// The answers of introspection as a Catalog.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "sql/mysql/default.h"
#include "sql/mysql/introspect.h"
#include "sql/mysql/introspect_queries.h"
#include "sql/mysql/introspect_types.h"
#include "sql/mysql/script_words.h"
#include "sql/row_reader.h"

namespace tenon::sql::mysql {

namespace {

using namespace catalog;

// A table and something in it.
using Place = std::pair<std::string, std::string>;

ReferentialAction action_of(std::string_view rule) {
  if (rule == "RESTRICT") return ReferentialAction::restrict;
  if (rule == "CASCADE") return ReferentialAction::cascade;
  if (rule == "SET NULL") return ReferentialAction::set_null;
  if (rule == "SET DEFAULT") return ReferentialAction::set_default;
  return ReferentialAction::no_action;
}

// Nothing for what is no table: MariaDB's sequences.
std::optional<TableKind> kind_of_table(std::string_view type, std::string_view options) {
  if (type == "VIEW") return TableKind::view;
  if (type == "SYSTEM VERSIONED") return TableKind::versioned_table;
  if (type != "BASE TABLE") return std::nullopt;
  return options.find("partitioned") == options.npos ? TableKind::table : TableKind::partitioned_table;
}

// A view's text names its own database everywhere, and means the same without it in another one.
std::string without_database(std::string_view text, std::string_view database) {
  std::string without;
  std::size_t copied = 0;
  ScriptWords words(text);
  words.set_delimiter("");
  for (ScriptWord word = words.next(); word.kind != ScriptWord::Kind::end; word = words.next()) {
    const bool qualifies = word.kind == ScriptWord::Kind::name && !word.member &&
                           text.substr(word.end).starts_with('.') && unquoted_name(word.in(text)) == database;
    if (!qualifies) continue;
    without += text.substr(copied, word.begin - copied);
    copied = word.end + 1;
  }
  return without += text.substr(copied);
}

// But for the case of ASCII letters.
bool same_letter(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return lower(a) == lower(b);
}

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  return !std::ranges::search(text, word, same_letter).empty();
}

// `on update current_timestamp(3)` of EXTRA, the same from every server.
std::string on_update_of(std::string_view extra) {
  constexpr std::string_view lead = "on update ";
  const auto found = std::ranges::search(extra, lead, same_letter);
  if (found.empty()) return {};
  extra.remove_prefix(static_cast<std::size_t>(found.end() - extra.begin()));
  std::string call(extra.substr(0, extra.find_first_of(" ,")));
  std::ranges::transform(call, call.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  if (call.ends_with("()")) call.resize(call.size() - 2);
  return call;
}

// The columns between backquotes in an expression.
std::set<std::string> names_in(std::string_view expression) {
  std::set<std::string> names;
  for (;;) {
    const auto open = expression.find('`');
    if (open == expression.npos) return names;
    const auto close = expression.find('`', open + 1);
    if (close == expression.npos) return names;
    names.emplace(expression.substr(open + 1, close - open - 1));
    expression.remove_prefix(close + 1);
  }
}

struct ColumnRow {
  std::uint32_t position = 0;
  std::string name;
  TypeText type;
  bool nullable = true;
  std::optional<std::string> default_text;
  std::string extra;
  std::string generation;
  std::string collation;
  std::string comment;
};

class Builder {
 public:
  Builder(const Results& answers, const Capabilities& server) : answers_(answers), server_(server) {}

  Catalog build() {
    catalog_.engine = Engine::mysql;
    auto database = rows(query::database);
    catalog_.schemas.push_back({.name = database.next() ? database.text(0) : std::string()});
    read_tables();
    read_checks();
    read_columns();
    add_enums();
    for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i) add_columns(TableId{i});
    add_checks();
    read_indexes();
    read_foreign_keys();
    return std::move(catalog_);
  }

 private:
  RowReader rows(query::Answer answer) const { return RowReader(*answers_[answer]); }

  std::optional<TableId> table(const std::string& name) const {
    const auto found = table_ids_.find(name);
    return found == table_ids_.end() ? std::nullopt : std::optional(found->second);
  }
  // MySQL keeps the columns of a key as the statement spelled them, in whatever case.
  std::optional<ColumnId> column(const std::string& table_name, const std::string& name) const {
    if (const auto found = column_ids_.find({table_name, name}); found != column_ids_.end())
      return found->second;
    const auto owner = table(table_name);
    if (!owner) return std::nullopt;
    for (const ColumnId id : catalog_[*owner].columns)
      if (std::ranges::equal(catalog_[id].name, name, same_letter)) return id;
    return std::nullopt;
  }

  void read_tables() {
    std::map<std::string, std::string> views, partitions;
    const std::string& database = catalog_.schemas.front().name;
    for (auto row = rows(query::views); row.next();)
      views[row.text(0)] = without_database(row.text(1), database);
    for (auto row = rows(query::partitions); row.next();)
      partitions[row.text(0)] = fmt::format("{} ({})", row.text(1), row.text(2));
    for (auto row = rows(query::tables); row.next();) {
      const auto kind = kind_of_table(row.text(1), row.text(5));
      if (!kind) continue;
      const std::string name = row.text(0), engine = row.text(2);
      const bool is_view = *kind == TableKind::view;
      catalog_.tables.push_back({.schema = {0},
                                 .name = name,
                                 .kind = *kind,
                                 .definition = views[name],
                                 .partition_key = partitions[name],
                                 .storage_engine = engine == "InnoDB" ? "" : engine,
                                 .collation = row.text(4),
                                 .estimated_rows = row.is_null(3) ? -1 : row.number<double>(3),
                                 .comment = is_view ? "" : row.text(6)});
    }
    std::ranges::sort(catalog_.tables, {}, &Table::name);
    for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i)
      table_ids_[catalog_.tables[i].name] = TableId{i};
  }

  void read_checks() {
    for (auto row = rows(query::checks); row.next();) {
      const std::string table_name = row.text(0), clause = expression_text(row.text(2), server_);
      const auto id = table(table_name);
      if (!id) continue;
      // What MariaDB makes of the type JSON. The check is called like the column, but not like one that was
      // renamed since.
      constexpr std::string_view lead = "json_valid(`";
      if (!server_.json_type && clause.starts_with(lead) && clause.ends_with("`)")) {
        json_columns_.insert({table_name, clause.substr(lead.size(), clause.size() - lead.size() - 2)});
        continue;
      }
      checks_.push_back({.table = *id,
                         .name = row.text(1),
                         .definition = fmt::format("CHECK ({})", clause),
                         .validated = row.text(3) != "NO"});
    }
    std::ranges::sort(checks_, {},
                      [](const CheckConstraint& check) { return std::pair(check.table.value, check.name); });
  }

  void add_checks() {
    for (CheckConstraint& check : checks_) {
      const std::set<std::string> names = names_in(check.definition);
      for (const ColumnId id : catalog_[check.table].columns)
        if (names.contains(catalog_[id].name)) check.columns.push_back(id);
    }
    catalog_.checks = std::move(checks_);
  }

  void read_columns() {
    column_rows_.resize(catalog_.tables.size());
    for (auto row = rows(query::columns); row.next();) {
      const auto id = table(row.text(0));
      if (!id) continue;
      column_rows_[id->value].push_back(
          {.position = row.number(1),
           .name = row.text(2),
           .type = parse_type_text(row.text(3)),
           .nullable = row.text(4) == "YES",
           .default_text = row.is_null(5) ? std::nullopt : std::optional(row.text(5)),
           .extra = row.text(6),
           .generation = row.text(7),
           .collation = row.text(8),
           .comment = row.text(9)});
    }
    for (auto& of_table : column_rows_) std::ranges::sort(of_table, {}, &ColumnRow::position);
  }

  // Every column of such a type has an enum of its own, named after the table and the column.
  void add_enums() {
    std::set<std::string> taken;
    std::map<std::string, Place> by_name;
    std::map<std::string, const ColumnRow*> found;
    for (std::uint32_t i = 0; i < column_rows_.size(); ++i)
      for (const ColumnRow& row : column_rows_[i]) {
        if (row.type.name != "enum") continue;
        const std::string& owner = catalog_.tables[i].name;
        const std::string wanted = owner + "_" + row.name;
        std::string name = wanted;
        for (int n = 2; !taken.insert(name).second; ++n) name = fmt::format("{}_{}", wanted, n);
        by_name[name] = {owner, row.name};
        found[name] = &row;
      }
    for (const auto& [name, place] : by_name) {
      enum_ids_[place] = EnumId{static_cast<std::uint32_t>(catalog_.enums.size())};
      Enum made{.schema = {0}, .name = name};
      for (const std::string& label : found[name]->type.labels) made.values.push_back({.label = label});
      catalog_.enums.push_back(std::move(made));
    }
  }

  void add_columns(TableId id) {
    const std::vector<ColumnRow>& of_table = column_rows_[id.value];
    catalog_[id].columns = {.first = static_cast<std::uint32_t>(catalog_.columns.size()),
                            .count = static_cast<std::uint32_t>(of_table.size())};
    for (const ColumnRow& row : of_table) {
      column_ids_[{catalog_[id].name, row.name}] =
          ColumnId{static_cast<std::uint32_t>(catalog_.columns.size())};
      catalog_.columns.push_back(make_column(id, row));
    }
  }

  ColumnType make_type(TableId owner, const ColumnRow& row) const {
    const std::string value = row.default_text.value_or("0");
    const bool is_number = value.find_first_not_of("-0123456789") == value.npos;
    const bool is_boolean = !is_number || value == "0" || value == "1";
    const Place place{catalog_[owner].name, row.name};
    ColumnType type = column_type(
        row.type,
        {.is_boolean = is_boolean, .is_json = row.type.name == "longtext" && json_columns_.contains(place)});
    if (const auto found = enum_ids_.find(place); found != enum_ids_.end()) type.enum_id = found->second;
    return type;
  }

  Column make_column(TableId owner, const ColumnRow& row) const {
    const Table& of = catalog_[owner];
    Column made{.table = owner, .name = row.name, .type = make_type(owner, row), .nullable = row.nullable};
    made.on_update = on_update_of(row.extra);
    made.invisible = contains_ignoring_case(row.extra, "invisible");
    made.comment = row.comment;
    if (!of.is_view() && made.type.kind != TypeKind::json && row.collation != of.collation)
      made.collation = row.collation;
    if (!row.generation.empty()) {
      made.generated = expression_text(row.generation, server_);
      made.generated_stored = !contains_ignoring_case(row.extra, "virtual");
    } else if (contains_ignoring_case(row.extra, "auto_increment")) {
      made.default_value.kind = Default::Kind::autoincrement;
    } else {
      made.default_value = parse_default(
          row.default_text, contains_ignoring_case(row.extra, "default_generated"), made.type, server_);
    }
    return made;
  }

  struct PartRow {
    std::uint32_t position = 0;
    IndexPart part;
  };
  struct IndexRow {
    Index index;
    std::vector<PartRow> parts;
  };

  static Index start_index(TableId table, const RowReader& row) {
    Index index{.table = table, .name = row.text(1)};
    const std::string type = row.text(7);
    if (index.name == "PRIMARY") {
      index.kind = IndexKind::primary;
      index.is_constraint = true;
    } else if (row.text(3) == "0") {
      index.kind = IndexKind::unique;
    } else if (type == "FULLTEXT") {
      index.kind = IndexKind::fulltext;
    } else if (type == "SPATIAL" || type == "RTREE") {
      index.kind = IndexKind::spatial;
    }
    if (type != "BTREE" && (index.kind == IndexKind::normal || index.kind == IndexKind::unique)) {
      index.method = type;
      for (char& c : index.method) c = static_cast<char>(c | 0x20);
    }
    return index;
  }

  PartRow read_part(const RowReader& row, IndexKind kind) const {
    PartRow found{.position = row.number(2)};
    found.part.column = row.is_null(4) ? std::nullopt : column(row.text(0), row.text(4));
    if (!found.part.column) found.part.expression = expression_text(row.text(8), server_);
    found.part.descending = row.text(5) == "D";
    if (!row.is_null(6) && kind != IndexKind::spatial) found.part.length = row.number(6);
    return found;
  }

  void read_indexes() {
    // The primary key's name sorts as the empty one.
    std::vector<std::map<std::string, IndexRow>> by_table(catalog_.tables.size());
    for (auto row = rows(query::indexes); row.next();) {
      const auto id = table(row.text(0));
      if (!id) continue;
      const std::string name = row.text(1);
      auto [place, is_new] = by_table[id->value].try_emplace(name == "PRIMARY" ? "" : name);
      if (is_new) place->second.index = start_index(*id, row);
      place->second.parts.push_back(read_part(row, place->second.index.kind));
    }
    for (std::uint32_t i = 0; i < by_table.size(); ++i) {
      catalog_.tables[i].indexes = {.first = static_cast<std::uint32_t>(catalog_.indexes.size()),
                                    .count = static_cast<std::uint32_t>(by_table[i].size())};
      for (auto& [name, row] : by_table[i]) {
        std::ranges::sort(row.parts, {}, &PartRow::position);
        for (PartRow& part : row.parts) row.index.parts.push_back(std::move(part.part));
        catalog_.indexes.push_back(std::move(row.index));
      }
    }
  }

  struct KeyPair {
    std::uint32_t position = 0;
    ColumnId column;
    ColumnId target;
  };

  void read_foreign_keys() {
    std::map<Place, std::vector<KeyPair>> pairs;
    std::map<Place, TableId> targets;
    for (auto row = rows(query::key_columns); row.next();) {
      const Place place{row.text(0), row.text(1)};
      const auto target = table(row.text(4));
      const auto from = column(row.text(0), row.text(3)), to = column(row.text(4), row.text(5));
      if (!target || !from || !to) continue;
      targets[place] = *target;
      pairs[place].push_back({.position = row.number(2), .column = *from, .target = *to});
    }
    std::vector<std::vector<ForeignKey>> by_table(catalog_.tables.size());
    std::map<Place, std::pair<ReferentialAction, ReferentialAction>> actions;
    for (auto row = rows(query::foreign_keys); row.next();)
      actions[{row.text(0), row.text(1)}] = {action_of(row.text(2)), action_of(row.text(3))};
    for (auto& [place, columns] : pairs) {
      std::ranges::sort(columns, {}, &KeyPair::position);
      const TableId owner = table_ids_.at(place.first);
      ForeignKey key{.table = owner, .name = place.second, .target = targets.at(place)};
      for (const KeyPair& pair : columns) {
        key.columns.push_back(pair.column);
        key.target_columns.push_back(pair.target);
      }
      std::tie(key.on_delete, key.on_update) = actions[place];
      by_table[owner.value].push_back(std::move(key));
    }
    for (std::uint32_t i = 0; i < by_table.size(); ++i) {
      catalog_.tables[i].foreign_keys = {.first = static_cast<std::uint32_t>(catalog_.foreign_keys.size()),
                                         .count = static_cast<std::uint32_t>(by_table[i].size())};
      std::ranges::move(by_table[i], std::back_inserter(catalog_.foreign_keys));
    }
  }

  const Results& answers_;
  const Capabilities& server_;
  Catalog catalog_;
  std::unordered_map<std::string, TableId> table_ids_;
  std::map<Place, ColumnId> column_ids_;
  std::map<Place, EnumId> enum_ids_;
  std::set<Place> json_columns_;
  std::vector<CheckConstraint> checks_;
  std::vector<std::vector<ColumnRow>> column_rows_;  // by table
};

}  // namespace

Catalog build_catalog(const Results& answers, const Capabilities& server) {
  return Builder(answers, server).build();
}

}  // namespace tenon::sql::mysql
