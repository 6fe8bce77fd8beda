// Looks up the arguments of one attribute and reports those that it does not take.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "psl/tree.h"

namespace tenon::psl {

class AttributeReader {
 public:
  // `at` is "@" or "@@"; `names` are the arguments that the attribute takes, the first of which stands for
  // one without a name.
  AttributeReader(const Attribute& attribute, std::string_view at,
                  std::initializer_list<std::string_view> names, base::Diagnostics& diagnostics);
  // The same for an attribute whose arguments have been checked before; none may stand without its name.
  AttributeReader(const Attribute& attribute, std::string_view at, base::Diagnostics& diagnostics)
      : attribute_(attribute), at_(at), diagnostics_(diagnostics) {}

  // The value of an argument; nullptr when it is not given.
  const Expression* find(std::string_view name) const;
  // The same for a string; anything else in its place is an error.
  std::optional<std::string> string(std::string_view name);
  // The same for a word, such as Cascade.
  std::optional<std::string> constant(std::string_view name);

  const base::Span& span() const { return attribute_.span; }
  // `Error parsing attribute "@id": message`.
  void error(std::string_view message, std::optional<base::Span> span = {});

 private:
  const Attribute& attribute_;
  std::string_view at_;
  std::string_view first_;
  base::Diagnostics& diagnostics_;
};

// `text` of an expression as messages quote it: strings with their quotes, functions with (…).
std::string describe(const Expression& expression);

}  // namespace tenon::psl
