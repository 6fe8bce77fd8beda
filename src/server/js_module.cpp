#include "server/js_module.h"

#include <filesystem>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/limits.h"
#include "server/js_tokens.h"

namespace tenon::server {

namespace {

using Kind = JsValue::Kind;

bool opens(const JsToken& token) { return token.is("(") || token.is("[") || token.is("{"); }
bool closes(const JsToken& token) { return token.is(")") || token.is("]") || token.is("}"); }

class ModuleReader {
 public:
  ModuleReader(const base::SourceSet& sources, base::SourceId source)
      : source_(source), tokens_(tokenize_js(sources.text(source))) {}

  JsModule run() {
    for (const JsToken& token : tokens_)
      if (token.kind == JsTokenKind::broken && !module_.broken) {
        module_.broken = true;
        module_.broken_at = {source_, token.begin, token.end()};
      }
    while (!at_end()) statement();
    return std::move(module_);
  }

 private:
  const JsToken& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool at_end() const { return peek().kind == JsTokenKind::end; }
  bool sees(std::initializer_list<std::string_view> words) const {
    std::size_t ahead = 0;
    for (const std::string_view word : words)
      if (!peek(ahead++).is(word)) return false;
    return true;
  }
  bool take(std::string_view word) {
    if (!peek().is(word)) return false;
    ++at_;
    return true;
  }
  base::Span span_from(std::size_t first) const {
    const JsToken& last = tokens_[at_ > first ? at_ - 1 : first];
    return {source_, tokens_[first].begin, last.end()};
  }

  // Moves behind one token, or behind everything between it and what closes it.
  void skip() {
    std::size_t depth = 0;
    do {
      if (opens(peek())) ++depth;
      if (closes(peek()) && depth > 0) --depth;
      ++at_;
    } while (depth > 0 && !at_end());
    at_ = std::min(at_, tokens_.size() - 1);
  }

  // Moves to the comma, bracket or semicolon that ends an expression.
  void skip_expression() {
    while (!at_end() && !peek().is(",") && !peek().is(";") && !closes(peek())) skip();
  }

  JsValue dynamic(std::size_t first, std::string what) const {
    return {.kind = Kind::dynamic, .text = std::move(what), .span = span_from(first)};
  }

  // --- statements
  // -------------------------------------------------------------------------------------------

  void statement() {
    if (sees({"import"})) return import();
    if (sees({"export", "default"})) {
      at_ += 2;
      module_.exported = expression(0);
    } else if (sees({"export", "="})) {
      at_ += 2;
      module_.exported = expression(0);
    } else if (sees({"module", ".", "exports", "="}) || sees({"exports", ".", "default", "="})) {
      at_ += 4;
      module_.exported = expression(0);
    } else if (peek().is("const")) {
      ++at_;
      constant();
    } else if (loads_dotenv()) {
      load_dotenv();
    } else {
      skip();
    }
  }

  // import "x"; import a, { b } from "x"; the names do not matter, what is loaded for its effect does.
  void import() {
    ++at_;
    while (!at_end() && peek().kind != JsTokenKind::string && !peek().is(";") && !peek().is("import") &&
           !peek().is("export") && !peek().is("const"))
      skip();
    if (peek().kind == JsTokenKind::string) imported(decode_js_string(tokens_[at_++].text));
  }

  void imported(const std::string& name) {
    if (name == "dotenv/config") module_.dotenv_files.emplace_back(".env");
    if (name == "dotenv") has_dotenv_ = true;
  }

  // const NAME[: Type] = expression
  void constant() {
    if (peek().kind != JsTokenKind::name) return;
    const std::string name(tokens_[at_++].text);
    if (take(":")) skip_type();
    if (take("=")) constants_.insert_or_assign(name, expression(0));
  }

  bool loads_dotenv() const {
    if (sees({"process", ".", "loadEnvFile", "("})) return true;
    if (sees({"require", "("})) return peek(2).kind == JsTokenKind::string && peek(3).is(")");
    return sees({"dotenv", ".", "config", "("}) || (has_dotenv_ && sees({"config", "("}));
  }

  void load_dotenv() {
    if (peek().is("require")) {
      const std::string name = decode_js_string(peek(2).text);
      imported(name);
      at_ += 4;
      if (name != "dotenv" || !sees({".", "config", "("})) return;
      at_ += 2;
    } else {
      at_ += peek().is("config") ? 1 : 3;
    }
    const JsValue argument = first_argument(0);
    const JsValue* path = argument.is(Kind::object) ? argument.find("path") : &argument;
    if (path == nullptr || path->is(Kind::undefined))
      module_.dotenv_files.emplace_back(".env");
    else if (path->is(Kind::string))
      module_.dotenv_files.push_back(path->text);
    else if (path->is(Kind::array))
      for (const JsValue& item : path->items)
        if (item.is(Kind::string)) module_.dotenv_files.push_back(item.text);
  }

  // --- types, which say nothing
  // -----------------------------------------------------------------------------

  // A | B<C>[] & { … }
  void skip_type() {
    do {
      while (sees({"typeof"}) || sees({"readonly"}) || sees({"keyof"})) ++at_;
      if (at_end() || closes(peek()) || peek().is(",") || peek().is(";") || peek().is("=")) return;
      skip();
      while (sees({"."})) at_ += 2;
      if (peek().is("<")) skip_type_arguments();
      while (sees({"[", "]"})) at_ += 2;
    } while (take("|") || take("&"));
  }

  void skip_type_arguments() {
    std::size_t depth = 0;
    while (!at_end()) {
      if (peek().is("<")) ++depth;
      if (peek().is(">")) --depth;
      if (peek().is(";") || closes(peek())) return;
      skip();
      if (depth == 0) return;
    }
  }

  // --- expressions
  // ------------------------------------------------------------------------------------------

  JsValue expression(std::uint32_t depth) {
    const std::size_t first = at_;
    JsValue value = depth > base::SchemaLimits{}.nesting_max ? JsValue() : operand(depth);
    if (depth > base::SchemaLimits{}.nesting_max) {
      skip_expression();
      return dynamic(first, "nested too deeply");
    }
    for (;;) {
      const bool coalesces = peek().is("??") || peek().is("||");
      if (!coalesces && !peek().is("+")) break;
      ++at_;
      const JsValue right = operand(depth);
      value =
          coalesces ? alternative(std::move(value), right, first) : joined(std::move(value), right, first);
    }
    if (ends_expression()) return value;
    skip_expression();
    return dynamic(first, "an expression");
  }

  // Without semicolons the next line may begin the next statement.
  bool ends_expression() const {
    const JsToken& token = peek();
    return at_end() || token.is(",") || token.is(";") || closes(token) ||
           (token.kind == JsTokenKind::name && !token.is("instanceof") && !token.is("in"));
  }

  JsValue alternative(JsValue left, const JsValue& right, std::size_t first) const {
    if (left.is(Kind::undefined)) return right;
    if (!left.is(Kind::environment)) return left.is(Kind::dynamic) ? dynamic(first, left.text) : left;
    if (right.is(Kind::undefined)) return left;
    if (!right.is(Kind::string) && !right.is(Kind::environment)) return dynamic(first, "an expression");
    if (left.names.size() + right.names.size() > base::config_variables_max)
      return dynamic(first, "an expression");
    left.names.insert(left.names.end(), right.names.begin(), right.names.end());
    left.text = right.text;
    left.span = span_from(first);
    return left;
  }

  JsValue joined(JsValue left, const JsValue& right, std::size_t first) const {
    const bool texts = left.is(Kind::string) && right.is(Kind::string);
    if (!texts || left.text.size() + right.text.size() > base::config_text_bytes_max)
      return dynamic(first, "an expression");
    left.text += right.text;
    left.span = span_from(first);
    return left;
  }

  JsValue operand(std::uint32_t depth) {
    JsValue value = primary(depth);
    for (;;) {
      if (take("!")) continue;
      if (!peek().is("as") && !peek().is("satisfies")) return value;
      ++at_;
      skip_type();
    }
  }

  JsValue primary(std::uint32_t depth) {
    const std::size_t first = at_;
    const JsToken& token = peek();
    const auto literal = [&](Kind kind, std::string text) {
      ++at_;
      return JsValue{.kind = kind, .text = std::move(text), .span = span_from(first)};
    };
    switch (token.kind) {
      case JsTokenKind::string:
      case JsTokenKind::template_text:
        return literal(Kind::string, decode_js_string(token.text));
      case JsTokenKind::number:
        return literal(Kind::number, std::string(token.text));
      case JsTokenKind::template_code:
        ++at_;
        return dynamic(first, "a template with ${…}");
      case JsTokenKind::name:
        if (token.is("true") || token.is("false")) return literal(Kind::boolean, std::string(token.text));
        if (token.is("undefined") || token.is("null")) return literal(Kind::undefined, "");
        return named(depth);
      default:
        break;
    }
    if (token.is("{")) return object(depth);
    if (token.is("[")) return array(depth);
    if (take("(")) {
      JsValue inner = expression(depth + 1);
      const bool grouped = take(")") && !peek().is("=>");
      if (grouped) return inner;
    }
    skip_expression();
    return dynamic(first, "an expression");
  }

  // `a.b.c`, with the text of ["x"] as a name too.
  std::vector<std::string> path() {
    std::vector<std::string> names{std::string(tokens_[at_++].text)};
    for (;;) {
      if ((peek().is(".") || peek().is("?.")) && peek(1).kind == JsTokenKind::name) {
        names.emplace_back(peek(1).text);
        at_ += 2;
      } else if (peek().is("[") && peek(1).kind == JsTokenKind::string && peek(2).is("]")) {
        names.push_back(decode_js_string(peek(1).text));
        at_ += 3;
      } else {
        return names;
      }
    }
  }

  JsValue named(std::uint32_t depth) {
    const std::size_t first = at_;
    for (const std::string_view word : {"async", "function", "class", "new", "await", "typeof"})
      if (peek().is(word)) {
        skip_expression();
        return dynamic(first, fmt::format("{} …", word));
      }
    const std::vector<std::string> names = path();
    if (peek().is("=>")) {
      skip_expression();
      return dynamic(first, "a function");
    }
    if (peek().is("<") && (names.back() == "env" || names.back() == "defineConfig")) skip_type_arguments();
    if (peek().is("(")) return call(names, first, depth);
    if (names.size() == 3 && names[0] == "process" && names[1] == "env") return variable(names[2], first);
    if (names == std::vector<std::string>{"__dirname"} ||
        names == std::vector<std::string>{"import", "meta", "dirname"})
      return {.kind = Kind::string, .text = ".", .span = span_from(first)};
    if (const auto known = constants_.find(names.front()); known != constants_.end() && names.size() == 1)
      return copied(known->second, first);
    std::string shown = names.front();
    for (std::size_t i = 1; i < names.size(); ++i) shown += "." + names[i];
    return dynamic(first, shown);
  }

  // Constants made of constants multiply.
  JsValue copied(const JsValue& constant, std::size_t first) {
    const std::size_t values = count(constant);
    if (values > copies_left_) return dynamic(first, "constants of constants");
    copies_left_ -= values;
    return constant;
  }
  static std::size_t count(const JsValue& value) {
    std::size_t sum = 1;
    for (const JsValue& item : value.items) sum += count(item);
    for (const JsMember& member : value.members) sum += count(member.value);
    return sum;
  }

  JsValue variable(std::string name, std::size_t first) const {
    return {.kind = Kind::environment, .names = {std::move(name)}, .span = span_from(first)};
  }

  // Moves behind the call; its first argument, if any.
  JsValue first_argument(std::uint32_t depth) {
    const std::vector<JsValue> all = arguments(depth);
    return all.empty() ? JsValue() : all.front();
  }

  std::vector<JsValue> arguments(std::uint32_t depth) {
    std::vector<JsValue> found;
    ++at_;
    while (!at_end() && !peek().is(")")) {
      found.push_back(expression(depth + 1));
      if (!take(",") && !peek().is(")")) skip();
    }
    take(")");
    return found;
  }

  JsValue call(const std::vector<std::string>& names, std::size_t first, std::uint32_t depth) {
    const std::string& function = names.back();
    std::vector<JsValue> given = arguments(depth);
    if (function == "defineConfig" && given.size() == 1) return std::move(given.front());
    if (function == "env" && names.size() == 1 && given.size() == 1 && given.front().is(Kind::string))
      return variable(given.front().text, first);
    if (names == std::vector<std::string>{"process", "cwd"})
      return {.kind = Kind::string, .text = ".", .span = span_from(first)};
    const bool of_path = names.size() == 1 || (names.size() == 2 && names[0] == "path");
    if (of_path && (function == "join" || function == "resolve"))
      if (auto all = joined_path(given)) {
        all->span = span_from(first);
        return std::move(*all);
      }
    return dynamic(first, fmt::format("a call of {}", function));
  }

  // Relative paths stay relative to the module's folder.
  static std::optional<JsValue> joined_path(const std::vector<JsValue>& parts) {
    std::filesystem::path path;
    for (const JsValue& part : parts) {
      if (!part.is(Kind::string) || path.native().size() > base::config_text_bytes_max) return std::nullopt;
      path /= part.text;
    }
    return JsValue{.kind = Kind::string, .text = path.lexically_normal().string()};
  }

  JsValue array(std::uint32_t depth) {
    const std::size_t first = at_++;
    JsValue value{.kind = Kind::array};
    while (!at_end() && !peek().is("]")) {
      const std::size_t before = at_;
      value.items.push_back(expression(depth + 1));
      if (!take(",") && (at_ == before || !peek().is("]"))) skip();
    }
    take("]");
    value.span = span_from(first);
    return value;
  }

  JsValue object(std::uint32_t depth) {
    const std::size_t first = at_++;
    JsValue value{.kind = Kind::object};
    while (!at_end() && !peek().is("}")) {
      value.members.push_back(member(depth));
      if (!take(",") && !peek().is("}")) skip();
    }
    take("}");
    value.span = span_from(first);
    return value;
  }

  JsMember member(std::uint32_t depth) {
    const std::size_t first = at_;
    if (take("...")) {
      skip_expression();
      return {.name = {}, .value = dynamic(first, "...other"), .name_span = span_from(first)};
    }
    const JsToken& key = peek();
    const bool is_name = key.kind == JsTokenKind::name || key.kind == JsTokenKind::number;
    const bool is_string = key.kind == JsTokenKind::string;
    JsMember found{.name = is_string ? decode_js_string(key.text) : is_name ? std::string(key.text) : ""};
    skip();
    found.name_span = span_from(first);
    if (take(":")) {
      found.value = expression(depth + 1);
    } else if (is_name && (peek().is(",") || peek().is("}"))) {  // { schema } stands for { schema: schema }
      at_ = first;
      found.value = expression(depth + 1);
    } else {
      skip_expression();
      found.value = dynamic(first, "a function");
    }
    return found;
  }

  base::SourceId source_;
  std::vector<JsToken> tokens_;
  std::size_t at_ = 0;
  std::map<std::string, JsValue, std::less<>> constants_;
  std::size_t copies_left_ = base::config_values_copied_max;
  bool has_dotenv_ = false;
  JsModule module_;
};

}  // namespace

const JsValue* JsValue::find(std::string_view name) const {
  const JsValue* found = nullptr;
  for (const JsMember& member : members)
    if (member.name == name) found = &member.value;
  return found;
}

JsModule read_js_module(const base::SourceSet& sources, base::SourceId source) {
  return ModuleReader(sources, source).run();
}

}  // namespace tenon::server
