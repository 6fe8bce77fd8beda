#include "api/schema/enum_names.h"

#include <set>
#include <string>

#include "graphql/name.h"

namespace tenon::api {

namespace {

bool is_usable(const std::string& name) {
  const bool word = name == "true" || name == "false" || name == "null";
  return graphql::is_name(name) && !graphql::is_reserved_name(name) && !word;
}

std::string made_of(const std::string& label) {
  std::string name = "value_";
  for (const char c : label) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += kept ? c : '_';
  }
  return name;
}

void name_values(catalog::Enum& type) {
  std::set<std::string> taken;
  for (const catalog::EnumValue& value : type.values) taken.insert(value.value_name);
  std::set<std::string> used;
  for (catalog::EnumValue& value : type.values) {
    if (is_usable(value.value_name) && used.insert(value.value_name).second) continue;
    const std::string plain = made_of(value.label);
    std::string name = plain;
    for (int n = 2; !taken.insert(name).second; ++n) name = plain + "_" + std::to_string(n);
    used.insert(name);
    value.value_name = std::move(name);
  }
}

}  // namespace

void name_enum_values(catalog::Catalog& catalog) {
  for (catalog::Enum& type : catalog.enums) name_values(type);
}

}  // namespace tenon::api
