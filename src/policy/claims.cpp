#include "policy/claims.h"

#include <optional>

#include <boost/json/serialize.hpp>

namespace tenon::policy {

namespace {

std::optional<std::string> scalar_text(const boost::json::value& value) {
  if (value.is_string()) return std::string(std::string_view(value.get_string()));
  if (value.is_number() || value.is_bool()) return boost::json::serialize(value);
  return std::nullopt;
}

}  // namespace

const boost::json::value* Claims::find(std::string_view name) const {
  const boost::json::object* object = &members_;
  while (true) {
    if (const auto* found = object->if_contains(name)) return found->is_null() ? nullptr : found;
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return nullptr;
    const auto* inner = object->if_contains(name.substr(0, dot));
    if (inner == nullptr || !inner->is_object()) return nullptr;
    object = &inner->get_object();
    name.remove_prefix(dot + 1);
  }
}

std::vector<std::string> Claims::texts(std::string_view name) const {
  std::vector<std::string> result;
  const boost::json::value* claim = find(name);
  if (claim == nullptr) return result;
  if (auto whole = scalar_text(*claim)) {
    result.push_back(*std::move(whole));
  } else if (claim->is_array()) {
    for (const boost::json::value& member : claim->get_array())
      if (auto text = scalar_text(member)) result.push_back(*std::move(text));
  }
  return result;
}

std::string Claims::text(std::string_view name) const {
  std::vector<std::string> all = texts(name);
  return all.size() == 1 ? std::move(all.front()) : std::string();
}

}  // namespace tenon::policy
