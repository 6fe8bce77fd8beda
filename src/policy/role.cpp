#include "policy/role.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tenon::policy {

namespace {

// The claim as one text; `username` may be called as Cognito calls it in identity tokens.
std::string identity_part(const Claims& claims, const std::string& name) {
  std::string text = claims.text(name);
  if (text.empty() && name == "username") text = claims.text("cognito:username");
  return text;
}

bool is_provider(Allow allow, Provider provider, const Principal& principal) {
  if (provider != principal.provider) return false;
  if (provider != Provider::identity_pool) return true;
  return principal.authenticated == (allow != Allow::everyone);
}

}  // namespace

std::vector<std::string> identities(const Claims& claims, const std::vector<std::string>& identity_claims) {
  if (identity_claims.empty()) {
    const std::string sub = identity_part(claims, "sub");
    const std::string username = identity_part(claims, "username");
    if (sub.empty() || username.empty()) {
      if (sub.empty() && username.empty()) return {};
      return {sub.empty() ? username : sub};
    }
    std::vector<std::string> all{sub + "::" + username, sub};
    if (username != sub) all.push_back(username);
    return all;
  }
  std::vector<std::string> parts;
  for (const std::string& name : identity_claims) {
    parts.push_back(identity_part(claims, name));
    if (parts.back().empty()) return {};
  }
  return {fmt::format("{}", fmt::join(parts, "::"))};
}

bool Role::held_by(const Principal& principal) const {
  if (!is_provider(allow, provider, principal)) return false;
  for (const NeededClaim& claim : claims) {
    const std::size_t values = principal.claims.texts(claim.name).size();
    if (values == 0 || (claim.single && values > 1)) return false;
  }
  switch (allow) {
    case Allow::everyone:
    case Allow::signed_in:
    case Allow::custom:
      return true;
    case Allow::owner:
      return !identities(principal.claims, identity_claims).empty();
    case Allow::groups: {
      const std::vector<std::string> groups = principal.claims.texts(group_claim);
      return group.empty() ? !groups.empty() : std::ranges::find(groups, group) != groups.end();
    }
  }
  return false;
}

std::string RoleSet::key() const {
  if (unrestricted_) return "*";
  std::string text(reinterpret_cast<const char*>(words_.data()), words_.size() * sizeof(std::uint64_t));
  for (const std::string& field : denied_fields) text += field + "\n";
  return text;
}

std::optional<std::size_t> ModelRoles::own(catalog::ColumnId column) const {
  const auto found = std::ranges::find(columns, column);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

Operations ModelRoles::operations(const ModelRole& role, catalog::ColumnId column) const {
  const auto index = own(column);
  return index ? role.own[*index] : role.operations;
}

Operations ModelRoles::some(const ModelRole& role) const {
  Operations result;
  if (!all_own) result = role.operations;
  for (const Operations own : role.own) result.add(own);
  return result;
}

Operations ModelRoles::every(const ModelRole& role) const {
  Operations result = all_own ? Operations::all() : role.operations;
  for (const Operations own : role.own) result = result & own;
  return result;
}

Operations ModelRoles::rows(const ModelRole& role) const {
  Operations keys = Operations::all();
  for (const catalog::ColumnId column : key) keys = keys & operations(role, column);
  Operations writes;
  writes.add(Operation::create);
  writes.add(Operation::update);
  Operations removes;
  removes.add(Operation::remove);
  Operations result = some(role) & keys & Operations::read();
  result.add(some(role) & writes);
  result.add(every(role) & removes);
  return result;
}

RoleSet Roles::of(const Principal& principal) const {
  if (principal.unrestricted) return RoleSet::everything();
  RoleSet set(roles.size());
  for (RoleIndex i = 0; i < roles.size(); ++i)
    if (roles[i].held_by(principal)) set.add(i);
  set.denied_fields = principal.denied_fields;
  std::ranges::sort(set.denied_fields);
  const auto twice = std::ranges::unique(set.denied_fields);
  set.denied_fields.erase(twice.begin(), twice.end());
  return set;
}

namespace {

// A rule is about one role, or about one for each of its groups.
std::vector<Role> roles_of(const Rule& rule) {
  Role role{.allow = rule.allow, .provider = rule.provider};
  if (rule.allow == Allow::owner) role.identity_claims = rule.identity_claims;
  if (rule.allow == Allow::groups) role.group_claim = rule.group_claim;
  for (const auto* condition : {&rule.where, &rule.check})
    if (*condition)
      role.claims.insert(role.claims.end(), (*condition)->claims.begin(), (*condition)->claims.end());
  std::ranges::sort(role.claims);
  const auto twice = std::ranges::unique(role.claims);
  role.claims.erase(twice.begin(), twice.end());
  if (rule.allow != Allow::groups || rule.field) return {role};
  std::vector<Role> all;
  for (const std::string& group : rule.groups) {
    role.group = group;
    all.push_back(role);
  }
  return all;
}

RowTest test_of(const Rule& rule) {
  RowTest test{.where = rule.where, .check = rule.check};
  if (!rule.field) return test;
  test.allow = rule.allow;
  test.field = rule.field;
  if (rule.allow == Allow::owner) test.identity_claims = rule.identity_claims;
  if (rule.allow == Allow::groups) test.group_claim = rule.group_claim;
  return test;
}

class RoleMaker {
 public:
  RoleMaker(const catalog::Catalog& catalog, Roles& made, base::Diagnostics& diagnostics)
      : catalog_(catalog), made_(made), diagnostics_(diagnostics) {}

  void model(catalog::TableId table, const ModelRules& rules) {
    ModelRoles& model = made_.models[table.value];
    for (const FieldRules& field : rules.fields) model.columns.push_back(field.column);
    if (const auto key = catalog_.primary_key(table))
      for (const catalog::IndexPart& part : catalog_[*key].parts)
        if (part.column) model.key.push_back(*part.column);
    const auto has_own = [&](catalog::ColumnId id) { return model.own(id).has_value(); };
    model.all_own = std::ranges::all_of(catalog_[table].columns, has_own);
    const std::string& name = catalog_[table].model_name;
    for (const Rule& rule : rules.rules)
      grant(model, rule, name, [](ModelRole& role) -> Operations& { return role.operations; });
    for (std::size_t i = 0; i < rules.fields.size(); ++i)
      for (const Rule& rule : rules.fields[i].rules)
        grant(model, rule, name + "." + catalog_[rules.fields[i].column].field_name,
              [i](ModelRole& role) -> Operations& { return role.own[i]; });
  }

  RoleIndex index(Role role) {
    const auto found = std::ranges::find(made_.roles, role);
    if (found != made_.roles.end()) return static_cast<RoleIndex>(found - made_.roles.begin());
    made_.roles.push_back(std::move(role));
    return static_cast<RoleIndex>(made_.roles.size() - 1);
  }

 private:
  template <class Place>
  void grant(ModelRoles& model, const Rule& rule, const std::string& where, Place place) {
    for (Role& role : roles_of(rule)) {
      ModelRole& granted = find(model, index(role), test_of(rule));
      Operations& operations = place(granted);
      if (!operations.empty())
        diagnostics_.error(
            base::code::overlay_invalid_rule,
            fmt::format("@auth {} already exists for {}", describe(catalog_, role, granted.test), where),
            base::Span{rule.source, rule.offset, rule.offset + 1}, "join the operations of both in one rule");
      operations.add(rule.operations);
    }
  }

  ModelRole& find(ModelRoles& model, RoleIndex role, RowTest test) {
    const auto same = [&](const ModelRole& one) { return one.role == role && one.test == test; };
    const auto found = std::ranges::find_if(model.roles, same);
    if (found != model.roles.end()) return *found;
    return model.roles.emplace_back(ModelRole{
        .role = role, .test = std::move(test), .own = std::vector<Operations>(model.columns.size())});
  }

  const catalog::Catalog& catalog_;
  Roles& made_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

Roles make_roles(const catalog::Catalog& catalog, const std::vector<ModelRules>& models,
                 const std::vector<std::vector<Rule>>& operations, base::Diagnostics& diagnostics) {
  Roles made;
  made.models.resize(catalog.tables.size());
  RoleMaker maker(catalog, made, diagnostics);
  for (std::uint32_t i = 0; i < models.size(); ++i) maker.model(catalog::TableId{i}, models[i]);
  for (const std::vector<Rule>& rules : operations) {
    std::vector<RoleIndex>& any = made.operations.emplace_back();
    for (const Rule& rule : rules)
      for (Role& role : roles_of(rule)) any.push_back(maker.index(std::move(role)));
  }
  return made;
}

void check_required_columns(const catalog::Catalog& catalog, const std::vector<ModelRules>& rules,
                            const Roles& roles, const std::function<bool(catalog::ColumnId)>& required,
                            base::Diagnostics& diagnostics) {
  const auto reads = [](Operations operations) {
    return operations.has(Operation::get) || operations.has(Operation::list) ||
           operations.has(Operation::listen);
  };
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    const ModelRoles& model = roles.models[i];
    if (model.columns.empty()) continue;
    std::vector<std::string> missing;
    for (const catalog::ColumnId column : catalog.tables[i].columns) {
      const auto own = model.own(column);
      const bool is_key = std::ranges::find(model.key, column) != model.key.end();
      if (!required(column) || !own || (rules[i].fields[*own].optional && !is_key)) continue;
      const auto lacks = [&](const ModelRole& role) {
        return reads(is_key ? model.some(role) : model.rows(role)) && !reads(role.own[*own]);
      };
      if (std::ranges::any_of(model.roles, lacks)) missing.push_back(catalog[column].field_name);
    }
    if (missing.empty()) continue;
    const auto& place = rules[i].fields.front().rules;
    std::optional<base::Span> span;
    if (!place.empty())
      span = base::Span{place.front().source, place.front().offset, place.front().offset + 1};
    diagnostics.error(
        base::code::overlay_invalid_rule,
        fmt::format("When using field-level authorization rules you need to add rules to all of the model's "
                    "required fields with at least read permissions. Found model \"{}\" with required fields "
                    "[\"{}\"] missing field-level authorization rules.",
                    catalog.tables[i].model_name, fmt::join(missing, "\",\"")),
        span,
        "let every role that reads the model read them, or declare the field without `!`: it is then "
        "null for those who may not");
  }
}

std::string describe(const catalog::Catalog& catalog, const Role& role, const RowTest& test) {
  const std::string provider(name(role.provider));
  std::string text;
  switch (role.allow) {
    case Allow::everyone:
      text = provider + ":public";
      break;
    case Allow::signed_in:
      text = provider + ":private";
      break;
    case Allow::custom:
      text = provider + ":custom";
      break;
    case Allow::owner: {
      const std::string claims = role.identity_claims.empty()
                                     ? "sub::username"
                                     : fmt::format("{}", fmt::join(role.identity_claims, "::"));
      text =
          fmt::format("{}:owner:{}:{}", provider, test.field ? catalog[*test.field].field_name : "", claims);
      break;
    }
    case Allow::groups:
      text = test.field ? fmt::format("{}:dynamicGroup:{}:{}", provider, catalog[*test.field].field_name,
                                      role.group_claim)
                        : fmt::format("{}:staticGroup:{}:{}", provider, role.group, role.group_claim);
      break;
  }
  if (test.where) text += " where " + test.where->text;
  return text;
}

}  // namespace tenon::policy
