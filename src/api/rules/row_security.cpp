#include "api/rules/row_security.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/rules/condition_text.h"
#include "api/rules/row_security_text.h"

namespace tenon::api {

namespace {

using policy::Operation;

struct Command {
  std::string_view name;
  std::vector<Operation> operations;
  bool rows;   // USING
  bool after;  // WITH CHECK
};

const std::array<Command, 4>& commands() {
  static const std::array<Command, 4> all{{{"SELECT", {Operation::get, Operation::list}, true, false},
                                           {"INSERT", {Operation::create}, false, true},
                                           {"UPDATE", {Operation::update}, true, true},
                                           {"DELETE", {Operation::remove}, true, false}}};
  return all;
}

class RowSecurityWriter {
 public:
  RowSecurityWriter(const Schema& schema, const RowSecurityOptions& options)
      : schema_(schema), catalog_(*schema.catalog), options_(options), role_(quoted_name(options.role)) {}

  RowSecurity write() {
    const std::string start = preamble(options_);
    for (std::uint32_t i = 0; i < catalog_.tables.size(); ++i) {
      const catalog::TableId table{i};
      if (catalog_[table].implicit_link)
        link(table);
      else if (!catalog_[table].model_name.empty())
        model(table);
    }
    std::string text = start;
    if (!refusals_.empty()) {
      text += "\n-- Not expressed, and therefore closed to this role:\n";
      for (const std::string& refusal : refusals_) text += "--   " + refusal + "\n";
    }
    return {.script = text + body_, .refusals = std::move(refusals_)};
  }

 private:
  std::string table_name(catalog::TableId table) const {
    return quoted_name(catalog_[catalog_[table].schema].name) + "." + quoted_name(catalog_[table].name);
  }
  void refuse(std::string text) {
    if (std::ranges::find(refusals_, text) == refusals_.end()) refusals_.push_back(std::move(text));
  }

  void close(catalog::TableId table) {
    body_ +=
        fmt::format("\n-- {0}\nALTER TABLE {1} ENABLE ROW LEVEL SECURITY;\nREVOKE ALL ON {1} FROM {2};\n",
                    catalog_[table].model_name.empty() ? catalog_[table].name : catalog_[table].model_name,
                    table_name(table), role_);
  }

  void model(catalog::TableId table) {
    close(table);
    const policy::ModelRoles& rules = schema_.policy->roles.models[table.value];
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < rules.roles.size(); ++i)
      for (const Command& command : commands()) rule(table, i, command, number);
    privileges(table);
  }

  // Operations that the role has on whole rows; what the rules of single fields open is told apart.
  policy::Operations operations(catalog::TableId table, std::size_t index) const {
    const policy::ModelRoles& rules = schema_.policy->roles.models[table.value];
    const policy::ModelRole& role = rules.roles[index];
    policy::Operations all = rules.all_own ? rules.every(role) : role.operations;
    return all;
  }

  void rule(catalog::TableId table, std::size_t index, const Command& command, std::uint32_t& number) {
    const policy::ModelRoles& rules = schema_.policy->roles.models[table.value];
    const policy::ModelRole& role = rules.roles[index];
    const std::string who = policy::describe(catalog_, schema_.policy->roles.roles[role.role], role.test);
    const auto has = [&](policy::Operations set) {
      return std::ranges::any_of(command.operations, [&](Operation one) { return set.has(one); });
    };
    const bool removes = command.operations.front() == Operation::remove;
    if (!has(removes ? rules.every(role) : operations(table, index))) {
      if (!removes && has(rules.some(role)))
        refuse(fmt::format("{}: {} of single fields for {}", catalog_[table].model_name, command.name, who));
      return;
    }
    const RoleChecks& checks = schema_.policy->models[table.value][index];
    const auto rows = condition(table, checks.rows);
    const auto news = condition(table, checks.news);
    if ((command.rows && !rows) || (command.after && !news))
      return refuse(fmt::format("{}: {} for {}, whose condition has no form for sessions",
                                catalog_[table].model_name, command.name, who));
    const std::string held = role_condition(schema_.policy->roles.roles[role.role], options_);
    body_ +=
        fmt::format("CREATE POLICY {} ON {} FOR {} TO {}", quoted_name(fmt::format("tenon {}", ++number)),
                    table_name(table), command.name, role_);
    const auto with = [&](const std::string& text) {
      return text.empty() ? held : fmt::format("{} AND ({})", held, text);
    };
    if (command.rows) body_ += fmt::format("\n  USING ({})", with(*rows));
    if (command.after) body_ += fmt::format("\n  WITH CHECK ({})", with(*news));
    body_ += fmt::format(";  -- {}\n", who);
  }

  // The condition over the table's own columns; nullopt when it has none. What looks into other tables is a
  // function of the owner's: rules see rows that the caller does not.
  std::optional<std::string> condition(catalog::TableId table, const RowCheck& check) {
    const ConditionText rendered = condition_text(schema_, table, check);
    std::vector<std::string> values;
    for (const ParameterSource& source : rendered.parameters) {
      auto value = session_value(schema_, source, options_);
      if (!value) return std::nullopt;
      values.push_back(*std::move(value));
    }
    const std::string text = with_values(rendered.text, values);
    if (text.find("SELECT") == std::string::npos) return without_alias(text);
    const auto known = std::ranges::find(functions_, std::pair{table, text});
    const auto number = static_cast<std::size_t>(known - functions_.begin()) + 1;
    const std::string name = quoted_name(options_.functions) + fmt::format(".rule_{}", number);
    if (known == functions_.end()) {
      functions_.emplace_back(table, text);
      body_ += fmt::format(
          "CREATE OR REPLACE FUNCTION {0}(t0 {1}) RETURNS boolean\n  LANGUAGE sql STABLE SECURITY DEFINER "
          "SET "
          "search_path = pg_catalog, pg_temp\n  AS $rule$ SELECT {2} $rule$;\n"
          "REVOKE ALL ON FUNCTION {0}({1}) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION {0}({1}) TO {3};\n",
          name, table_name(table), text, role_);
    }
    return fmt::format("{}({})", name, quoted_name(catalog_[table].name));
  }

  // Every role of the model has the operation on this column as on the others.
  bool is_plain(catalog::TableId table, catalog::ColumnId column, Operation operation) const {
    const policy::ModelRoles& rules = schema_.policy->roles.models[table.value];
    for (std::size_t i = 0; i < rules.roles.size(); ++i)
      if (operations(table, i).has(operation) && !rules.operations(rules.roles[i], column).has(operation))
        return false;
    return true;
  }
  bool anybody(catalog::TableId table, Operation operation) const {
    const policy::ModelRoles& rules = schema_.policy->roles.models[table.value];
    for (std::size_t i = 0; i < rules.roles.size(); ++i)
      if (operations(table, i).has(operation)) return true;
    return false;
  }
  bool somebody(catalog::TableId table, catalog::ColumnId column, Operation operation) const {
    const policy::ModelRoles& rules = schema_.policy->roles.models[table.value];
    return std::ranges::any_of(rules.roles, [&](const policy::ModelRole& role) {
      return rules.operations(role, column).has(operation);
    });
  }

  void privileges(catalog::TableId table) {
    constexpr std::pair<Operation, std::string_view> all[] = {{Operation::list, "SELECT"},
                                                              {Operation::get, "SELECT"},
                                                              {Operation::create, "INSERT"},
                                                              {Operation::update, "UPDATE"}};
    std::string granted;  // last: get and list mostly agree
    for (const auto& [operation, name] : all) {
      if (!anybody(table, operation)) continue;
      std::vector<std::string> columns;
      for (const catalog::ColumnId column : catalog_[table].columns) {
        if (is_plain(table, column, operation))
          columns.push_back(quoted_name(catalog_[column].name));
        else if (somebody(table, column, operation))
          refuse(fmt::format("{}.{}: {} for some of those who have the row", catalog_[table].model_name,
                             catalog_[column].field_name, name));
      }
      if (columns.empty()) continue;
      std::string grant = fmt::format("GRANT {} ({}) ON {} TO {};\n", name, fmt::join(columns, ", "),
                                      table_name(table), role_);
      if (grant != granted) body_ += grant;
      granted = std::move(grant);
    }
    const policy::ModelRoles& rules = schema_.policy->roles.models[table.value];
    if (std::ranges::any_of(rules.roles, [&](const policy::ModelRole& role) {
          return rules.every(role).has(Operation::remove);
        }))
      body_ += fmt::format("GRANT DELETE ON {} TO {};\n", table_name(table), role_);
  }

  // Rows of a link table that is no model are seen by who sees the rows on both sides.
  void link(catalog::TableId table) {
    close(table);
    std::string sides;
    for (const catalog::ForeignKey& key : catalog_.foreign_keys) {
      if (key.table != table) continue;
      std::string pairs;
      for (std::size_t i = 0; i < key.columns.size(); ++i)
        pairs += fmt::format("{}far.{} = {}.{}", i == 0 ? "" : " AND ",
                             quoted_name(catalog_[key.target_columns[i]].name),
                             quoted_name(catalog_[table].name), quoted_name(catalog_[key.columns[i]].name));
      sides += fmt::format("{}EXISTS (SELECT FROM {} AS far WHERE {})", sides.empty() ? "" : " AND ",
                           table_name(key.target), pairs);
    }
    if (sides.empty()) return refuse(fmt::format("{}: its two sides are not known", catalog_[table].name));
    body_ += fmt::format(
        "CREATE POLICY \"tenon 1\" ON {0} FOR SELECT TO {1}\n  USING ({2});\nGRANT SELECT ON "
        "{0} TO {1};\n",
        table_name(table), role_, sides);
    refuse(fmt::format("{}: writing links", catalog_[table].name));
  }

  const Schema& schema_;
  const catalog::Catalog& catalog_;
  const RowSecurityOptions& options_;
  std::string role_;
  std::string body_;
  std::vector<std::string> refusals_;
  std::vector<std::pair<catalog::TableId, std::string>> functions_;
};

}  // namespace

base::Result<RowSecurity> make_row_security(const Schema& schema, const RowSecurityOptions& options) {
  for (const auto& dialect : schema.dialects)
    if (dialect->name() != "postgresql")
      return base::fail(base::code::overlay_invalid_rule, "Row security is PostgreSQL's alone.",
                        "with several databases, --database says which one is meant");
  return RowSecurityWriter(schema, options).write();
}

}  // namespace tenon::api
