// The rules of @auth as values: who may do what with the rows of a model, with one of its fields, or with an
// operation of the owner's own. Rules are or-ed; the rules of a field replace those of its model; what no
// rule allows is refused (Amplify's vocabulary, see docs/authorization.md).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "catalog/catalog.h"

namespace tenon::policy {

// How the holder of a credential was recognised.
enum class Provider : std::uint8_t {
  api_key,
  user_pools,     // a JWT of a Cognito user pool
  oidc,           // … of any other issuer
  identity_pool,  // AWS_IAM: a signed request, or a guest
  function,       // the custom authorizer let it pass
};
inline constexpr std::size_t provider_count = 5;

// The word for it in a rule: apiKey, userPools, oidc, identityPool, function. `iam` is read as identityPool.
std::string_view name(Provider provider);
std::optional<Provider> parse_provider(std::string_view text);

enum class Allow : std::uint8_t {
  everyone,   // `public`: holders of the API key, guests
  signed_in,  // `private`
  owner,
  groups,
  custom,
};

enum class Operation : std::uint8_t { get, list, listen, create, update, remove };
inline constexpr std::size_t operation_count = 6;

// A set of operations.
class Operations {
 public:
  constexpr Operations() = default;
  static constexpr Operations all() { return Operations((1u << operation_count) - 1); }
  static constexpr Operations read() {
    Operations read;
    read.add(Operation::get);
    read.add(Operation::list);
    read.add(Operation::listen);
    return read;
  }
  constexpr void add(Operation operation) { bits_ |= bit(operation); }
  constexpr void add(Operations other) { bits_ |= other.bits_; }
  constexpr bool has(Operation operation) const { return (bits_ & bit(operation)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr Operations operator&(Operations a, Operations b) {
    return Operations(static_cast<std::uint32_t>(a.bits_ & b.bits_));
  }
  friend constexpr bool operator==(Operations, Operations) = default;

 private:
  constexpr explicit Operations(std::uint32_t bits) : bits_(static_cast<std::uint8_t>(bits)) {}
  static constexpr std::uint8_t bit(Operation operation) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(operation));
  }
  std::uint8_t bits_ = 0;
};

// A claim that a rule compares with.
struct NeededClaim {
  std::string name;
  bool single = false;  // exactly one value; otherwise at least one
  friend auto operator<=>(const NeededClaim&, const NeededClaim&) = default;
};

// A condition on rows as it stands in an overlay: a filter object of the model (as list's `filter`), in which
// `{claim: "name"}` stands for a value. api/ compiles it when the filters of the model are known.
struct RowCondition {
  std::string text;       // the object, as GraphQL writes values
  base::SourceId source;  // where it stands, for diagnostics
  std::uint32_t offset = 0;
  // The claims it names; api/ finds them. The rule is for those who have all of them: nothing is compared
  // with a claim that is not there.
  std::vector<NeededClaim> claims = {};

  // `{}`: it is met by every row.
  bool is_empty() const { return text.find_first_not_of("{}, \t\r\n") == std::string::npos; }
  friend bool operator==(const RowCondition& a, const RowCondition& b) { return a.text == b.text; }
};

struct Rule {
  Allow allow = Allow::everyone;
  Provider provider = Provider::api_key;
  Operations operations = Operations::all();
  // owner, and groups with `groupsField`: the column with the owner's identity or the group's name, or an
  // array (a JSON array where the engine has none) of such.
  std::optional<catalog::ColumnId> field;
  // owner: the claims whose values, joined with `::`, are an identity. Empty: Amplify's default, which is
  // sub and username (section 4.3 of its contract).
  std::vector<std::string> identity_claims;
  std::vector<std::string> groups;  // groups without `field`
  std::string group_claim = "cognito:groups";
  // Beyond Amplify: rows the rule is about, and what rows must be like after a create or update. Without
  // `check` that is `where`, and the owner or group.
  std::optional<RowCondition> where;
  std::optional<RowCondition> check;
  base::SourceId source;
  std::uint32_t offset = 0;  // of the rule in its file

  // It looks at the row.
  bool is_dynamic() const { return field.has_value() || where.has_value() || check.has_value(); }
};

struct FieldRules {
  catalog::ColumnId column;
  std::vector<Rule> rules;
  // The overlay declares the field without `!`: answers have null for who may not read it, although the
  // column is never NULL.
  bool optional = false;
};

// Of one model. No rules: nobody.
struct ModelRules {
  std::vector<Rule> rules;
  std::vector<FieldRules> fields;  // of columns with rules of their own

  const std::vector<Rule>* of_field(catalog::ColumnId column) const;
};

}  // namespace tenon::policy
