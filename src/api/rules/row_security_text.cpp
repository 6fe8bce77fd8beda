#include "api/rules/row_security_text.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/rules/policy.h"
#include "sql/dialect.h"

namespace tenon::api {

namespace {

std::string doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += c;
    out += c;
  }
  return out + quote;
}

// Goes through SQL as our dialect writes it; `replace` gets each place outside of quotes and says how many
// bytes it has taken.
template <class Replace>
std::string rewrite(std::string_view sql, Replace replace) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    if (quote == 0)
      if (const std::size_t taken = replace(i, out); taken > 0) {
        i += taken;
        continue;
      }
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (c == quote)
      quote = 0;
    out += c;
    ++i;
  }
  return out;
}

// `names` is the schema of functions, `setting` the prefix of settings.
constexpr std::string_view functions = R"sql(
CREATE SCHEMA IF NOT EXISTS {names};
GRANT USAGE ON SCHEMA {names} TO {role};
CREATE OR REPLACE FUNCTION {names}.held_by(provider text, signed_in boolean) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(current_setting('{setting}.provider', true), '') = provider
    AND coalesce(current_setting('{setting}.authenticated', true) <> 'false', true) = signed_in $$;
CREATE OR REPLACE FUNCTION {names}.claim(name text) RETURNS jsonb
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(claims -> name, claims #> string_to_array(name, '.'))
  FROM (SELECT coalesce(nullif(current_setting('{setting}.claims', true), ''), '{}')::jsonb AS claims) AS all_claims $$;
CREATE OR REPLACE FUNCTION {names}.texts(name text) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(value #>> '{}') FILTER (WHERE jsonb_typeof(value) IN ('string', 'number', 'boolean')), '{}')
  FROM jsonb_array_elements(CASE jsonb_typeof({names}.claim(name)) WHEN 'array' THEN {names}.claim(name)
    ELSE jsonb_build_array({names}.claim(name)) END) AS value $$;
CREATE OR REPLACE FUNCTION {names}.only(name text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN cardinality({names}.texts(name)) = 1 THEN ({names}.texts(name))[1] END $$;
CREATE OR REPLACE FUNCTION {names}.identities(VARIADIC names text[]) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN cardinality(names) > 0 THEN
      CASE WHEN count(*) = count(nullif(part, '')) THEN ARRAY[string_agg(part, '::' ORDER BY place)] ELSE '{}' END
    ELSE array_remove(ARRAY[nullif({names}.only('sub'), '') || '::' || nullif({names}.username(), ''),
      nullif({names}.only('sub'), ''), nullif({names}.username(), '')], NULL) END
  FROM (SELECT CASE WHEN name = 'username' THEN {names}.username() ELSE {names}.only(name) END AS part, place
        FROM unnest(names) WITH ORDINALITY AS given (name, place)) AS parts $$;
)sql";
constexpr std::string_view username = R"sql(CREATE OR REPLACE FUNCTION {names}.username() RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(nullif({names}.only('username'), ''), {names}.only('cognito:username')) $$;
)sql";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// What texts must look like to be values of the column: claims that are not are left out.
std::optional<std::string_view> form_of(const catalog::ColumnType& type) {
  using catalog::TypeKind;
  switch (type.kind) {
    case TypeKind::text:
    case TypeKind::varchar:
    case TypeKind::character:
    case TypeKind::name:
    case TypeKind::json:
    case TypeKind::jsonb:
      return "";
    case TypeKind::uuid:
      return "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
    case TypeKind::int16:
      return "^-?[0-9]{1,4}$";
    case TypeKind::int32:
      return "^-?[0-9]{1,9}$";
    case TypeKind::int64:
      return "^-?[0-9]{1,18}$";
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string quoted_name(std::string_view name) { return doubled(name, '"'); }

std::string quoted_text(std::string_view text) {
  std::string quoted = doubled(text, '\'');
  if (text.find('\\') == std::string_view::npos) return quoted;
  replace_all(quoted, "\\", "\\\\");
  return "E" + quoted;
}

std::string preamble(const RowSecurityOptions& options) {
  std::string text = fmt::format(
      "-- The rules of the API for sessions of the role {0}: made by `tenon policy rls`.\n"
      "-- A session says who asks: set_config('{1}.provider', 'userPools', true),\n"
      "-- set_config('{1}.claims', '{{\"sub\": \"…\"}}', true).\n"
      "DO $$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {2}) THEN CREATE ROLE {3} NOLOGIN; "
      "END "
      "IF;\nEND $$;\n"
      "DO $$ DECLARE old record; BEGIN\n"
      "  FOR old IN SELECT policyname, schemaname, tablename FROM pg_policies WHERE policyname ~ '^tenon "
      "[0-9]+$' "
      "LOOP\n    EXECUTE format('DROP POLICY %I ON %I.%I', old.policyname, old.schemaname, old.tablename);\n "
      " "
      "END LOOP;\nEND $$;",
      options.role, options.setting, quoted_text(options.role), quoted_name(options.role));
  std::string made = std::string(functions);
  made.insert(made.find("CREATE OR REPLACE FUNCTION {names}.identities"), username);
  replace_all(made, "{names}", quoted_name(options.functions));
  replace_all(made, "{setting}", options.setting);
  replace_all(made, "{role}", quoted_name(options.role));
  return text + made;
}

std::string role_condition(const policy::Role& role, const RowSecurityOptions& options) {
  const std::string names = quoted_name(options.functions);
  const bool guest =
      role.provider == policy::Provider::identity_pool && role.allow == policy::Allow::everyone;
  std::string text = fmt::format("{}.held_by('{}', {})", names, policy::name(role.provider), !guest);
  const auto texts = [&](std::string_view claim) {
    return fmt::format("{}.texts({})", names, quoted_text(claim));
  };
  for (const policy::NeededClaim& claim : role.claims)
    text += fmt::format(" AND cardinality({}) {} ", texts(claim.name), claim.single ? "= 1" : "> 0");
  if (role.allow == policy::Allow::groups && !role.group.empty())
    text += fmt::format(" AND {} = ANY({})", quoted_text(role.group), texts(role.group_claim));
  return text;
}

std::optional<std::string> session_value(const Schema& schema, const ParameterSource& source,
                                         const RowSecurityOptions& options) {
  if (source.kind != ParameterSource::Kind::claim) {
    const graphql::VariableValues none;
    const policy::Claims nobody;
    const base::OperationLimits limits;
    const auto is_claim = [](const ParameterSource& each) {
      return each.kind == ParameterSource::Kind::claim;
    };
    if (std::ranges::any_of(source.elements, is_claim)) return std::nullopt;
    Binder binder(schema, none, nobody, limits, 1);
    const std::vector<ParameterSource> one{source};
    std::vector<sql::Parameter> bound;  // views, of `one` too
    if (!binder.bind(one, bound)) return std::nullopt;
    return bound.front() ? quoted_text(*bound.front()) : "NULL";
  }
  const std::string names = quoted_name(options.functions);
  const ClaimValue& claim = schema.policy->claims[static_cast<std::size_t>(source.origin.variable)];
  const catalog::ColumnType& type = (*schema.catalog)[source.column].type;
  const auto form = form_of(type);
  if (!form) return std::nullopt;
  const std::string name = claim.names.empty() ? "" : quoted_text(claim.names.front());
  if (source.form == ParameterForm::array || source.form == ParameterForm::texts) {
    std::vector<std::string> parts;
    for (const std::string& one : claim.names) parts.push_back(quoted_text(one));
    std::string texts =
        claim.kind == ClaimValue::Kind::identities
            ? fmt::format("{}.identities(VARIADIC ARRAY[{}]::text[])", names, fmt::join(parts, ", "))
            : fmt::format("{}.texts({})", names, name);
    if (form->empty()) return texts;
    return fmt::format("ARRAY(SELECT text FROM unnest({}) AS text WHERE text ~ '{}')", texts, *form);
  }
  if (source.form != ParameterForm::value && source.form != ParameterForm::element) return std::nullopt;
  const std::string text = fmt::format("{}.only({})", names, name);
  if (form->empty()) return text;
  return fmt::format("CASE WHEN {0} ~ '{1}' THEN {0}::{2} END", text, *form,
                     type.kind == catalog::TypeKind::uuid ? "uuid" : "bigint");
}

std::string with_values(std::string_view sql, const std::vector<std::string>& values) {
  return rewrite(sql, [&](std::size_t at, std::string& out) -> std::size_t {
    if (sql[at] != '$') return 0;
    std::size_t end = at + 1;
    std::size_t number = 0;
    while (end < sql.size() && std::isdigit(static_cast<unsigned char>(sql[end])))
      number = number * 10 + static_cast<std::size_t>(sql[end++] - '0');
    if (number == 0 || number > values.size()) return 0;
    out += "(" + values[number - 1] + ")";
    return end - at;
  });
}

std::string without_alias(std::string_view sql) {
  constexpr std::string_view alias = "t0.";
  return rewrite(sql, [&](std::size_t at, std::string&) -> std::size_t {
    const bool starts =
        at == 0 || !(std::isalnum(static_cast<unsigned char>(sql[at - 1])) || sql[at - 1] == '_');
    return starts && sql.substr(at).starts_with(alias) ? alias.size() : 0;
  });
}

}  // namespace tenon::api
