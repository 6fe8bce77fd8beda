// What a credential says about its holder: the members of a token's payload, or what an authorizer answered.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tenon::policy {

class Claims {
 public:
  Claims() = default;
  explicit Claims(boost::json::object members) : members_(std::move(members)) {}

  // The claim of this name; where there is none, `a.b` is member b of the object a. nullptr: not there, or
  // null.
  const boost::json::value* find(std::string_view name) const;
  // The claim as a list of texts: a text, number or boolean is a list of one, an array those of its members
  // that are such; everything else is an empty list.
  std::vector<std::string> texts(std::string_view name) const;
  // The one text that the claim is; empty when it is not exactly one.
  std::string text(std::string_view name) const;

 private:
  boost::json::object members_;
};

}  // namespace tenon::policy
