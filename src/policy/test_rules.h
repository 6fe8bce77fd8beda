// Rules and principals written down shortly, for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>

#include "policy/principal.h"
#include "policy/rule.h"

namespace tenon::policy {

inline Operations operations(std::initializer_list<Operation> list) {
  Operations result;
  for (const Operation one : list) result.add(one);
  return result;
}

inline Rule everyone(Operations operations = Operations::all()) { return {.operations = operations}; }
inline Rule signed_in(Operations operations = Operations::all()) {
  return {.allow = Allow::signed_in, .provider = Provider::user_pools, .operations = operations};
}
inline Rule owner(catalog::ColumnId column, Operations operations = Operations::all()) {
  return {.allow = Allow::owner, .provider = Provider::user_pools, .operations = operations, .field = column};
}
inline Rule groups(std::vector<std::string> names, Operations operations = Operations::all()) {
  return {.allow = Allow::groups,
          .provider = Provider::user_pools,
          .operations = operations,
          .groups = std::move(names)};
}
inline Rule group_in(catalog::ColumnId column, Operations operations = Operations::all()) {
  return {
      .allow = Allow::groups, .provider = Provider::user_pools, .operations = operations, .field = column};
}

inline Principal key_holder() { return {.name = "key:test"}; }
inline Principal console() { return {.unrestricted = true, .name = "console"}; }
// Of the user pool; `claims` is the payload of the token.
inline Principal user(std::string_view claims) {
  Principal user{.provider = Provider::user_pools, .name = "user:test"};
  user.claims = Claims(boost::json::parse(claims).as_object());
  return user;
}

}  // namespace tenon::policy
