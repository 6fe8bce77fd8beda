#include "psl/names.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "psl/model_facts.h"
#include "psl/native_types.h"
#include "psl/order.h"

namespace tenon::psl {

using namespace catalog;

namespace {

constexpr std::array<std::string_view, 48> reserved_names{
    "PrismaClient", "async",      "await",     "break",  "case",     "catch", "class",      "const",
    "continue",     "debugger",   "default",   "delete", "do",       "else",  "enum",       "export",
    "extends",      "false",      "finally",   "for",    "function", "if",    "implements", "import",
    "in",           "instanceof", "interface", "let",    "new",      "null",  "package",    "private",
    "protected",    "public",     "return",    "super",  "switch",   "this",  "throw",      "true",
    "try",          "typeof",     "using",     "var",    "void",     "while", "with",       "yield"};

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Names in use; a name that is taken gets a number.
class Taken {
 public:
  std::string claim(const std::string& wanted) {
    if (names_.insert(wanted).second) return wanted;
    std::size_t& next = numbers_[wanted];
    for (next = std::max<std::size_t>(next + 1, 2);; ++next) {
      std::string name = fmt::format("{}_{}", wanted, next);
      if (names_.insert(name).second) return name;
    }
  }

 private:
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

// An unordered pair of tables.
using TablePair = std::pair<TableId, TableId>;
TablePair pair_of(TableId a, TableId b) { return {std::min(a, b), std::max(a, b)}; }

class Namer {
 public:
  explicit Namer(Catalog& catalog) : catalog_(catalog), tables_(ordered_tables(catalog)) {}

  void run() {
    clear();
    for (const TableId id : tables_) catalog_[id].implicit_link = looks_like_link_table(catalog_, id);
    count_names();
    // MySQL's enums have no names of their own: there the tables keep theirs.
    if (catalog_.engine == Engine::mysql) name_tables();
    name_enums();
    if (catalog_.engine != Engine::mysql) name_tables();
    reject_misordered_links();
    find_ambiguous();
    for (const TableId id : tables_) catalog_[id].implicit_link ? name_link(id) : name_foreign_keys(id);
  }

 private:
  void clear() {
    for (Table& table : catalog_.tables) table.model_name.clear();
    for (Column& column : catalog_.columns) column.field_name.clear();
    for (Enum& row : catalog_.enums) row.enum_name.clear();
    for (ForeignKey& key : catalog_.foreign_keys) {
      key.relation_name.clear();
      key.field_name.clear();
      key.back_field_name.clear();
    }
  }

  // How often each sanitised name occurs among models, views and enums of all schemas.
  void count_names() {
    for (const Table& table : catalog_.tables)
      if (!table.implicit_link && is_pulled(table)) ++counts_[sanitized_name(table.name)];
    for (const Enum& row : catalog_.enums) ++counts_[sanitized_name(row.name)];
  }

  std::string top_level_name(const std::string& name, NamespaceId schema) {
    const auto count = counts_.find(sanitized_name(name));
    std::string exposed;
    if (catalog_.engine == Engine::postgresql && count != counts_.end() && count->second > 1)
      exposed = sanitized_name(catalog_[schema].name + "_" + name);
    else if (is_reserved_name(name))
      exposed = "Renamed" + name;
    else
      exposed = sanitized_name(name);
    if (exposed.empty()) exposed = "Renamed";
    return top_level_.claim(exposed);
  }

  void name_enums() {
    for (const EnumId id : ordered_enums(catalog_)) {
      Enum& row = catalog_[id];
      row.enum_name = top_level_name(row.name, row.schema);
      name_values(row);
    }
  }

  static void name_values(Enum& row) {
    Taken taken;
    bool any_named = false;
    for (EnumValue& value : row.values) {
      const std::string name = value.label.empty() ? "EMPTY_ENUM_VALUE" : sanitized_name(value.label);
      value.value_name = name.empty() ? std::string() : taken.claim(name);
      any_named = any_named || !name.empty();
    }
    if (any_named) return;
    // Prisma comments such values out. An enum needs one, though: '1', '2' become value_1, value_2.
    for (EnumValue& value : row.values)
      value.value_name = taken.claim(sanitized_name("value_" + value.label));
  }

  void name_tables() {
    // What `db pull` lists comes first, so that the rest cannot change its names.
    for (const bool pulled : {true, false})
      for (const TableId id : tables_) {
        Table& table = catalog_[id];
        if (is_pulled(table) == pulled && !table.implicit_link && !is_internal(catalog_, id))
          name_table(table);
      }
  }

  void name_table(Table& table) {
    table.model_name = top_level_name(table.name, table.schema);
    Taken taken;
    for (const ColumnId id : table.columns) {
      const std::string name = sanitized_name(catalog_[id].name);
      if (!name.empty()) catalog_[id].field_name = taken.claim(name);
    }
    fields_[table.model_name] = std::move(taken);
  }

  // Column A belongs to the model that is first in the alphabet. When changed names have another order than
  // the tables' own, the implicit relation would join the wrong columns.
  void reject_misordered_links() {
    for (const TableId id : tables_) {
      if (!catalog_[id].implicit_link) continue;
      const LinkKeys keys = *link_keys(catalog_, id);
      const std::string& a = catalog_[catalog_[keys.a].target].model_name;
      const std::string& b = catalog_[catalog_[keys.b].target].model_name;
      if (!a.empty() && !b.empty() && a <= b) continue;
      catalog_[id].implicit_link = false;
      name_table(catalog_[id]);
    }
  }

  TablePair link_pair(TableId id) const {
    const LinkKeys keys = *link_keys(catalog_, id);
    return pair_of(catalog_[keys.a].target, catalog_[keys.b].target);
  }

  // Pairs of tables with more than one relation between them, or whose relation cannot have the plain name.
  void find_ambiguous() {
    std::map<TablePair, int> links;
    std::map<TablePair, std::set<std::vector<ColumnId>>> keys;
    for (const TableId id : tables_) {
      if (catalog_[id].implicit_link) {
        ++links[link_pair(id)];
        continue;
      }
      for (const ForeignKeyId key_id : catalog_[id].foreign_keys) {
        const ForeignKey& key = catalog_[key_id];
        keys[pair_of(key.table, key.target)].insert(key.columns);
        if (clashes_with_field(key)) ambiguous_.insert(pair_of(key.table, key.target));
      }
    }
    for (const auto& [pair, column_sets] : keys)
      if (column_sets.size() > 1 || links.contains(pair)) ambiguous_.insert(pair);
    for (const auto& [pair, count] : links)
      if (count > 1) ambiguous_.insert(pair);
  }

  bool clashes_with_field(const ForeignKey& key) const {
    const std::string& forward = catalog_[key.target].model_name;
    const std::string back = (key.table == key.target ? "other_" : "") + catalog_[key.table].model_name;
    return catalog_.find_field(key.table, forward) || catalog_.find_field(key.target, back);
  }

  bool repeats_earlier(ForeignKeyId id, const std::vector<ForeignKeyId>& keys) const {
    const ForeignKey& key = catalog_[id];
    for (const ForeignKeyId other : keys) {
      if (other == id) return false;
      if (catalog_[other].columns == key.columns && catalog_[other].target_columns == key.target_columns)
        return true;
    }
    return false;
  }

  bool is_named(const std::vector<ColumnId>& columns) const {
    return std::ranges::none_of(columns, [&](ColumnId id) { return catalog_[id].field_name.empty(); });
  }

  void name_foreign_keys(TableId id) {
    const std::vector<ForeignKeyId> keys = ordered_foreign_keys(catalog_, id);
    for (const ForeignKeyId key_id : keys) {
      ForeignKey& key = catalog_[key_id];
      if (repeats_earlier(key_id, keys) || !is_named(key.columns) || !is_named(key.target_columns)) continue;
      if (catalog_[id].model_name.empty() || catalog_[key.target].model_name.empty()) continue;
      name_foreign_key(key);
    }
  }

  void name_foreign_key(ForeignKey& key) {
    const std::string& model = catalog_[key.table].model_name;
    const std::string& target = catalog_[key.target].model_name;
    const std::string other = key.table == key.target ? "other_" : "";
    if (!ambiguous_.contains(pair_of(key.table, key.target))) {
      if (key.table == key.target) key.relation_name = model + "To" + target;
      key.field_name = fields_[model].claim(target);
      key.back_field_name = fields_[target].claim(other + model);
      return;
    }
    std::string relation = model;
    for (const ColumnId column : key.columns) (relation += '_') += catalog_[column].field_name;
    relation += "To" + target;
    key.relation_name = relations_[pair_of(key.table, key.target)].claim(relation);
    key.field_name = fields_[model].claim(target + "_" + key.relation_name);
    key.back_field_name = fields_[target].claim(other + model + "_" + key.relation_name);
  }

  void name_link(TableId id) {
    const LinkKeys keys = *link_keys(catalog_, id);
    ForeignKey& a = catalog_[keys.a];
    ForeignKey& b = catalog_[keys.b];
    const std::string& model_a = catalog_[a.target].model_name;
    const std::string& model_b = catalog_[b.target].model_name;
    const bool is_self = a.target == b.target;
    const bool is_ambiguous = ambiguous_.contains(link_pair(id));
    const std::string& table = catalog_[id].name;
    std::string relation = table.substr(1);
    if (!is_ambiguous && !is_self && relation == model_a + "To" + model_b) relation.clear();
    const std::string suffix = is_ambiguous ? table : "";
    a.relation_name = b.relation_name = relation;
    a.back_field_name = fields_[model_a].claim(sanitized_name(model_b + suffix + (is_self ? "_A" : "")));
    b.back_field_name = fields_[model_b].claim(sanitized_name(model_a + suffix + (is_self ? "_B" : "")));
  }

  Catalog& catalog_;
  std::vector<TableId> tables_;
  std::unordered_map<std::string, int> counts_;
  Taken top_level_;
  std::unordered_map<std::string, Taken> fields_;  // by model
  std::map<TablePair, Taken> relations_;
  std::set<TablePair> ambiguous_;
};

}  // namespace

bool is_reserved_name(std::string_view name) {
  return std::ranges::find(reserved_names, name) != reserved_names.end() || find_scalar(name).has_value();
}

std::string sanitized_name(std::string_view name) {
  while (!name.empty() && !is_name_start(name.front())) name.remove_prefix(1);
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool is_continuation = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (is_continuation) continue;  // one _ for a character, not for each of its bytes
    out += is_name_start(c) || (c >= '0' && c <= '9') || c == '_' ? c : '_';
  }
  return out;
}

void assign_names(Catalog& catalog) { Namer(catalog).run(); }

}  // namespace tenon::psl
