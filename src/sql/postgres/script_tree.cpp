#include "sql/postgres/script_tree.h"

#include <algorithm>
#include <array>

#include "sql/postgres/parse_tree.h"
#include "sql/postgres/script_actions.h"

namespace tenon::sql::postgres {

namespace json = boost::json;

namespace {

using Actions = std::vector<ScriptAction>;

// Functions that have one value for a whole statement, so that a new column's value is kept once.
constexpr std::array<std::string_view, 7> stable_functions{
    "now",        "transaction_timestamp", "statement_timestamp", "current_setting", "timezone",
    "date_trunc", "current_schema"};

std::string last_name(const json::array& parts) { return name_of_parts(parts).name; }

// Whether some function below may have another value in each row. Walks without recursion.
bool may_differ(const json::value& expression) {
  std::vector<const json::value*> open{&expression};
  while (!open.empty()) {
    const json::value& value = *open.back();
    open.pop_back();
    if (const json::array* const list = value.if_array())
      for (const json::value& each : *list) open.push_back(&each);
    const json::object* const object = value.if_object();
    if (object == nullptr) continue;
    if (const json::object* const call = object_of(*object, "FuncCall")) {
      const std::string name = last_name(list_of(*call, "funcname"));
      if (std::ranges::find(stable_functions, name) == stable_functions.end()) return true;
    }
    for (const auto& member : *object) open.push_back(&member.value());
  }
  return false;
}

std::int64_t constant(const json::value& value) {
  const json::object* const constant = inner(value, "A_Const");
  const json::object* const number = constant != nullptr ? object_of(*constant, "ival") : nullptr;
  return number != nullptr ? number_of(*number, "ival") : 0;
}

// As pg_attribute.atttypmod packs the numbers in the brackets of a type.
int typmod_of(std::string_view name, const json::array& modifiers) {
  constexpr std::int64_t offset = 4;
  if (modifiers.empty()) return -1;
  const std::int64_t first = std::clamp<std::int64_t>(constant(modifiers.front()), 0, 1 << 24);
  if (name == "varchar" || name == "bpchar") return static_cast<int>(first + offset);
  if (name != "numeric") return static_cast<int>(first);
  const std::int64_t scale = modifiers.size() > 1 ? constant(modifiers[1]) : 0;
  return static_cast<int>(((first & 0x7fff) << 16) + (scale & 0x7ff) + offset);
}

catalog::ColumnType type_of(const json::object& type) {
  const std::string name = last_name(list_of(type, "names"));
  return plain_type(name, typmod_of(name, list_of(type, "typmods")), !list_of(type, "arrayBounds").empty());
}

// USING "c"::type says no more than the plain statement does.
bool only_casts(const json::object& definition) {
  const json::object* expression = object_of(definition, "raw_default");
  while (expression != nullptr) {
    if (expression->contains("ColumnRef")) return true;
    const json::object* const cast = object_of(*expression, "TypeCast");
    expression = cast != nullptr ? object_of(*cast, "arg") : nullptr;
  }
  return !definition.contains("raw_default");
}

// x for CHECK (x IS NOT NULL).
std::string proved_column(const json::object& constraint) {
  const json::object* const expression = object_of(constraint, "raw_expr");
  const json::object* const test = expression != nullptr ? object_of(*expression, "NullTest") : nullptr;
  const json::object* const argument = test != nullptr ? object_of(*test, "arg") : nullptr;
  const json::object* const column = argument != nullptr ? object_of(*argument, "ColumnRef") : nullptr;
  if (column == nullptr || text_of(*test, "nulltesttype") != "IS_NOT_NULL") return {};
  return last_name(list_of(*column, "fields"));
}

class AlterReader {
 public:
  AlterReader(ObjectName table, Actions& actions) : table_(std::move(table)), actions_(actions) {}

  void read(const json::object& command) {
    const std::string subtype = text_of(command, "subtype");
    const json::object* const definition = object_of(command, "def");
    const std::string name = text_of(command, "name");
    if (subtype == "AT_AddColumn" && definition != nullptr) return add_column(*definition);
    if (subtype == "AT_AddConstraint" && definition != nullptr) return add_constraint(*definition);
    if (subtype == "AT_AlterColumnType" && definition != nullptr) return alter_type(name, *definition);
    if (subtype == "AT_DropColumn")
      add({.act = Act::drop_column, .name = name, .cascade = text_of(command, "behavior") == "DROP_CASCADE"});
    if (subtype == "AT_SetNotNull") add({.act = Act::set_not_null, .name = name});
    if (subtype == "AT_ColumnDefault" && definition == nullptr) add({.act = Act::drop_default, .name = name});
    if (subtype == "AT_ValidateConstraint") add({.act = Act::validate_constraint, .name = name});
    if (subtype == "AT_EnableRowSecurity") add({.act = Act::enable_row_security});
    if (subtype == "AT_SetLogged" || subtype == "AT_SetUnLogged" || subtype == "AT_SetTableSpace" ||
        subtype == "AT_SetAccessMethod")
      add({.act = Act::rewrite_table});
    if (subtype == "AT_AttachPartition") partition(Act::attach_partition, definition);
    if (subtype == "AT_DetachPartition") partition(Act::detach_partition, definition);
  }

 private:
  void add(ScriptAction action) {
    action.object = table_;
    actions_.push_back(std::move(action));
  }

  void partition(Act act, const json::object* definition) {
    const json::object* const command =
        definition != nullptr ? object_of(*definition, "PartitionCmd") : nullptr;
    if (command != nullptr)
      add({.act = act,
           .to = relation_of(*command, "name").name,
           .concurrently = flag_of(*command, "concurrent")});
  }

  void alter_type(const std::string& name, const json::object& wrapped) {
    const json::object* const definition = object_of(wrapped, "ColumnDef");
    const json::object* const type = definition != nullptr ? object_of(*definition, "typeName") : nullptr;
    if (type == nullptr) return;
    add({.act = Act::alter_type,
         .name = name,
         .at = place(*definition),
         .writes_rows = !only_casts(*definition),
         .type = type_of(*type)});
  }

  void add_constraint(const json::object& wrapped) {
    if (const json::object* const constraint = object_of(wrapped, "Constraint")) {
      const std::string kind = text_of(*constraint, "contype");
      ScriptAction action{.name = text_of(*constraint, "conname"),
                          .to = relation_of(*constraint, "pktable").name,
                          .at = place(*constraint),
                          .not_valid = flag_of(*constraint, "skip_validation"),
                          .using_index = constraint->contains("indexname"),
                          .proves_not_null = proved_column(*constraint)};
      if (const auto act = act_of(kind)) {
        action.act = *act;
        add(std::move(action));
      }
    }
  }

  static std::optional<Act> act_of(std::string_view kind) {
    if (kind == "CONSTR_FOREIGN") return Act::add_foreign_key;
    if (kind == "CONSTR_CHECK") return Act::add_check;
    if (kind == "CONSTR_UNIQUE") return Act::add_unique;
    if (kind == "CONSTR_PRIMARY") return Act::add_primary_key;
    if (kind == "CONSTR_EXCLUSION") return Act::add_exclusion;
    return std::nullopt;
  }

  void add_column(const json::object& wrapped) {
    const json::object* const definition = object_of(wrapped, "ColumnDef");
    if (definition == nullptr) return;
    ScriptAction action{
        .act = Act::add_column, .name = text_of(*definition, "colname"), .at = place(*definition)};
    const json::object* const type = object_of(*definition, "typeName");
    const std::string type_name = type != nullptr ? last_name(list_of(*type, "names")) : std::string();
    bool has_value = type_name.ends_with("serial") || type_name.starts_with("serial");
    action.writes_rows = has_value;
    bool not_null = false;
    std::vector<const json::object*> constraints;
    for (const json::value& each : list_of(*definition, "constraints"))
      if (const json::object* const constraint = inner(each, "Constraint")) constraints.push_back(constraint);
    for (const json::object* const constraint : constraints) {
      const std::string kind = text_of(*constraint, "contype");
      not_null = not_null || kind == "CONSTR_NOTNULL" || kind == "CONSTR_PRIMARY";
      const bool computed = kind == "CONSTR_GENERATED" || kind == "CONSTR_IDENTITY";
      has_value = has_value || computed || kind == "CONSTR_DEFAULT";
      const json::value* const value = constraint->if_contains("raw_expr");
      action.writes_rows = action.writes_rows || computed ||
                           (kind == "CONSTR_DEFAULT" && value != nullptr && may_differ(*value));
    }
    action.required = not_null && !has_value;
    add(std::move(action));
    // A new column that is NULL everywhere names nothing, so there is nothing to be checked.
    for (const json::object* const constraint : constraints)
      if (has_value || text_of(*constraint, "contype") != "CONSTR_FOREIGN")
        add_constraint({{"Constraint", *constraint}});
  }

  static std::uint32_t place(const json::object& node) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(number_of(node, "location"), 0));
  }

  ObjectName table_;
  Actions& actions_;
};

}  // namespace

ObjectName name_of(const json::object& range) {
  return {.schema = text_of(range, "schemaname"), .name = text_of(range, "relname")};
}

ObjectName relation_of(const json::object& node, std::string_view key) {
  const json::object* const range = object_of(node, key);
  return range != nullptr ? name_of(*range) : ObjectName();
}

ObjectName name_of_parts(const json::array& parts) {
  ObjectName name;
  for (const json::value& part : parts)
    if (const json::object* const word = inner(part, "String")) {
      name.schema = std::move(name.name);
      name.name = text_of(*word, "sval");
    }
  return name;
}

ObjectName name_in(const json::value& wrapped) {
  const auto node = node_in(wrapped);
  if (!node) return {};
  if (node->kind == "List") return name_of_parts(list_of(*node->body, "items"));
  if (node->kind == "TypeName") return name_of_parts(list_of(*node->body, "names"));
  if (node->kind == "ObjectWithArgs") return name_of_parts(list_of(*node->body, "objname"));
  return {.name = text_of(*node->body, "sval")};
}

void read_alter_table(const json::object& node, Actions& actions) {
  if (text_of(node, "objtype") != "OBJECT_TABLE") return;
  AlterReader reader(relation_of(node, "relation"), actions);
  for (const json::value& each : list_of(node, "cmds"))
    if (const json::object* const command = inner(each, "AlterTableCmd")) reader.read(*command);
}

}  // namespace tenon::sql::postgres
