// The attributes of one field or block, taken one after the other by name, and the arguments of the one that
// is being read. What nobody took is reported at the end as unknown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.h"
#include "psl/tree.h"

namespace tenon::psl {

class AttributeVisitor {
 public:
  AttributeVisitor(const std::vector<Attribute>& attributes, base::Diagnostics& diagnostics);

  // Makes the attribute of that name the current one, if there is one. One that is there more than once is
  // an error, and none of them is read; nor is one that has an argument without a value.
  bool visit(std::string_view name);
  // The same for an attribute that may stand several times: the next of them.
  bool visit_next(std::string_view name);
  // The first attribute with a dot in its name, such as @db.Text; its arguments are not checked.
  const Attribute* take_native_type();
  // Whether there is one of that name, read or not.
  bool has(std::string_view name) const;
  // Reports the attributes that were not visited.
  void finish();

  // Of the current attribute:

  const Attribute& current() const { return *current_; }
  // An argument by its name; nullptr when it is not given.
  const Expression* argument(std::string_view name);
  // The argument that may stand without its name. An error when it is given in both ways.
  const Expression* default_argument(std::string_view name);
  // The same, an error too when it is not given.
  const Expression* required_argument(std::string_view name);
  // An argument of a type; a value of another type is an error.
  std::optional<std::string> string(std::string_view name);
  std::optional<std::string> constant(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::uint32_t> integer(std::string_view name);
  // A string that must not be empty.
  std::optional<std::string> nonempty_string(std::string_view name);
  // Reports the arguments that nobody asked for.
  void finish_arguments();
  // `Error parsing attribute "@id": message`, at the whole attribute.
  // `help` says what to do, where the message does not.
  void error(std::string_view message, std::string help = {});
  void error(std::string_view message, const base::Span& span);

 private:
  bool enter(std::size_t index);
  void check_arguments();
  bool report_incomplete(const std::vector<Argument>& arguments, const std::optional<base::Span>& comma);
  // An argument that was not taken yet; the empty name is that of the one without a name.
  const Argument* take(std::string_view name);
  void report(std::string message, const base::Span& span, std::string help = {});

  const std::vector<Attribute>& attributes_;
  base::Diagnostics& diagnostics_;
  std::vector<bool> visited_;
  std::size_t next_ = 0;  // where visit_next goes on, for
  std::string_view next_name_;
  const Attribute* current_ = nullptr;
  // Of the current attribute: its arguments, nullptr for those that were taken, and their places by name.
  std::vector<const Argument*> arguments_;
  std::unordered_map<std::string_view, std::size_t> places_;
  // The names that were asked for, of attributes here and of arguments of the current one.
  std::vector<std::string_view> known_;
  std::vector<std::string_view> known_arguments_;
};

// The value as a whole number that is not negative; an error and nothing for other values. Too large ones are
// nothing without an error, as Prisma has it.
std::optional<std::uint32_t> expect_integer(const Expression& value, base::Diagnostics& diagnostics);
// The word, such as Cascade.
std::optional<std::string> expect_constant(const Expression& value, base::Diagnostics& diagnostics);

}  // namespace tenon::psl
