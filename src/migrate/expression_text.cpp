#include "migrate/expression_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "base/limits.h"

namespace tenon::migrate {

namespace {

enum class TokenKind : std::uint8_t { word, quoted, number, string, sign, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  // words in lower case, strings with their quotes
};

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) > 127;
}
using base::is_digit;
using base::lower;

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  // nullopt when a quote is not closed.
  std::optional<std::vector<Token>> run() {
    std::vector<Token> tokens;
    while (true) {
      while (at_ < text_.size() && std::string_view(" \t\r\n").contains(text_[at_])) ++at_;
      if (at_ == text_.size()) break;
      std::optional<Token> token = next();
      if (!token) return std::nullopt;
      // MySQL shows the character set of every string: _utf8mb4'x'.
      if (token->kind == TokenKind::string && !tokens.empty() && tokens.back().kind == TokenKind::word &&
          (tokens.back().text.starts_with('_') || tokens.back().text == "e"))
        tokens.pop_back();
      tokens.push_back(*std::move(token));
    }
    tokens.push_back({});
    return tokens;
  }

 private:
  std::optional<Token> next() {
    const char c = text_[at_];
    if (c == '\'') return quoted(c, TokenKind::string);
    if (c == '"' || c == '`') return quoted(c, TokenKind::quoted);
    if (is_letter(c)) return word();
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number();
    return sign();
  }

  std::optional<Token> quoted(char quote, TokenKind kind) {
    std::string inner;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != quote) {
          ++at_;
          if (kind == TokenKind::string) return Token{kind, "'" + inner + "'"};
          return Token{plain(inner) ? TokenKind::word : TokenKind::quoted, inner};
        }
        ++at_;
      }
      inner += text_[at_];
    }
    return std::nullopt;
  }

  // Whether the name is the same without its quotes.
  static bool plain(std::string_view name) {
    if (name.empty() || is_digit(name[0])) return false;
    for (const char c : name)
      if ((!is_letter(c) && !is_digit(c)) || lower(c) != c) return false;
    return true;
  }

  Token word() {
    std::string word;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '$'))
      word += lower(text_[at_++]);
    return {TokenKind::word, word};
  }

  Token number() {
    std::string number;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.' || is_letter(text_[at_])))
      number += lower(text_[at_++]);
    return {TokenKind::number, number};
  }

  Token sign() {
    constexpr std::string_view operators = "+-*/<>=~!@#%^&|?";
    const char c = text_[at_];
    if (text_.substr(at_).starts_with("::")) {
      at_ += 2;
      return {TokenKind::sign, "::"};
    }
    std::string sign(1, c);
    ++at_;
    if (!operators.contains(c)) return {TokenKind::sign, sign};
    while (at_ < text_.size() && operators.contains(text_[at_])) {
      // `=-1`: the minus belongs to the number.
      if ((text_[at_] == '-' || text_[at_] == '+') && sign.find_first_of("~!@#%^&|?") == std::string::npos)
        break;
      sign += text_[at_++];
    }
    return {TokenKind::sign, sign == "!=" ? "<>" : sign};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct Binary {
  int level;
  std::string_view sign;
};

// Levels as in PostgreSQL's grammar, loosest first.
constexpr int or_level = 1;
constexpr int and_level = 2;
constexpr int not_level = 3;
constexpr int is_level = 4;
constexpr int comparison_level = 5;
constexpr int like_level = 6;
constexpr int other_level = 7;
constexpr int sum_level = 8;
constexpr int product_level = 9;

// Every value printed in full parentheses, casts left out. `failed_` once something was not understood.
class ExpressionReader {
 public:
  explicit ExpressionReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::optional<std::string> run() {
    std::string text = expression(or_level);
    if (failed_ || peek().kind != TokenKind::end) return std::nullopt;
    return text;
  }

 private:
  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool is(std::string_view text, std::size_t ahead = 0) const {
    const Token& token = peek(ahead);
    return (token.kind == TokenKind::word || token.kind == TokenKind::sign) && token.text == text;
  }
  bool take(std::string_view text) {
    if (!is(text)) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view text) {
    if (!take(text)) failed_ = true;
  }
  std::string fail() {
    failed_ = true;
    return {};
  }

  static std::optional<int> level_of(const Token& token) {
    if (token.kind == TokenKind::word) {
      if (token.text == "or") return or_level;
      if (token.text == "and") return and_level;
      return std::nullopt;
    }
    if (token.kind != TokenKind::sign) return std::nullopt;
    static constexpr std::array<Binary, 10> known{{{comparison_level, "="},
                                                   {comparison_level, "<"},
                                                   {comparison_level, ">"},
                                                   {comparison_level, "<="},
                                                   {comparison_level, ">="},
                                                   {comparison_level, "<>"},
                                                   {sum_level, "+"},
                                                   {sum_level, "-"},
                                                   {product_level, "*"},
                                                   {product_level, "/"}}};
    for (const Binary& each : known)
      if (each.sign == token.text) return each.level;
    if (std::string_view("+-*/<>=~!@#%^&|?").contains(token.text[0]))
      return token.text == "%" ? product_level : other_level;
    return std::nullopt;
  }

  std::string expression(int level) {
    if (++depth_ > base::expression_nesting_max) return fail();
    std::string left;
    if (level <= not_level && take("not"))
      left = fmt::format("(not {})", expression(not_level));
    else
      left = unary();
    while (!failed_) {
      if (std::optional<std::string> longer = word_operator(left, level)) {
        left = *std::move(longer);
        continue;
      }
      const std::optional<int> found = level_of(peek());
      if (!found || *found < level) break;
      const std::string sign = tokens_[at_++].text;
      left = fmt::format("({} {} {})", left, sign, right_side(*found + 1));
    }
    --depth_;
    return left;
  }

  // `ANY (ARRAY[…])`, or any operand.
  std::string right_side(int level) {
    if (!is("any") && !is("all") && !is("some")) return expression(level);
    const std::string word = tokens_[at_++].text;
    expect("(");
    std::string inside = expression(or_level);
    expect(")");
    return fmt::format("{}({})", word, inside);
  }

  // IS NULL, IN, LIKE and BETWEEN behind `left`; nullopt when there is none of them.
  std::optional<std::string> word_operator(const std::string& left, int level) {
    if (level <= is_level && take("is")) {
      const std::string negation = take("not") ? "not " : "";
      if (peek().kind != TokenKind::word) return fail();
      return fmt::format("({} is {}{})", left, negation, tokens_[at_++].text);
    }
    if (level > like_level) return std::nullopt;
    const bool negated = is("not") && (is("in", 1) || is("like", 1) || is("ilike", 1) || is("between", 1));
    if (negated) ++at_;
    if (take("in")) return in_list(left, negated);
    for (const auto& [word, sign, opposite] :
         {std::array<std::string_view, 3>{"like", "~~", "!~~"}, {"ilike", "~~*", "!~~*"}})
      if (take(word))
        return fmt::format("({} {} {})", left, negated ? opposite : sign, expression(other_level));
    if (!take("between")) return std::nullopt;
    const std::string low = expression(other_level);
    expect("and");
    const std::string high = expression(other_level);
    return negated ? fmt::format("(({0} < {1}) or ({0} > {2}))", left, low, high)
                   : fmt::format("(({0} >= {1}) and ({0} <= {2}))", left, low, high);
  }

  std::string in_list(const std::string& left, bool negated) {
    expect("(");
    const std::vector<std::string> items = list(")");
    return fmt::format("({} {}(array[{}]))", left, negated ? "<> all" : "= any", fmt::join(items, ", "));
  }

  std::vector<std::string> list(std::string_view close) {
    std::vector<std::string> items;
    if (take(close)) return items;
    do items.push_back(expression(or_level));
    while (!failed_ && take(","));
    expect(close);
    return items;
  }

  std::string unary() {
    if (take("-")) {
      if (peek().kind == TokenKind::number) return suffixes("-" + tokens_[at_++].text);
      return fmt::format("(- {})", unary_operand());
    }
    if (take("+")) return unary_operand();
    return suffixes(primary());
  }
  std::string unary_operand() {
    if (++depth_ > base::expression_nesting_max) return fail();
    std::string operand = unary();
    --depth_;
    return operand;
  }

  // `::type` is dropped, `[1]` and `.name` kept.
  std::string suffixes(std::string value) {
    while (!failed_) {
      if (take("::")) {
        // '-1'::integer is how PostgreSQL shows -1.
        if (peek().kind == TokenKind::word && is_number_type(peek().text) && value.starts_with('\''))
          value = value.substr(1, value.size() - 2);
        skip_type();
      } else if (take("[")) {
        value = fmt::format("{}[{}]", value, fmt::join(list("]"), ":"));
      } else if (is("collate") && peek(1).kind != TokenKind::end) {
        ++at_;
        value += " collate " + tokens_[at_++].text;
      } else if (is("at") && is("time", 1) && is("zone", 2)) {
        at_ += 3;
        value = fmt::format("({} at time zone {})", value, suffixes(primary()));
      } else {
        break;
      }
    }
    return value;
  }

  static bool is_number_type(std::string_view word) {
    static constexpr std::array<std::string_view, 6> types{"smallint", "integer", "bigint",
                                                           "numeric",  "real",    "double"};
    return std::ranges::find(types, word) != types.end();
  }

  void skip_type() {
    if (peek().kind != TokenKind::word && peek().kind != TokenKind::quoted) {
      failed_ = true;
      return;
    }
    ++at_;
    while (take(".")) ++at_;
    while (is("varying") || is("precision")) ++at_;
    if (take("(")) list(")");
    if ((is("with") || is("without")) && is("time", 1) && is("zone", 2)) at_ += 3;
    while (is("[") && is("]", 1)) at_ += 2;
  }

  std::string primary() {
    if (++depth_ > base::expression_nesting_max) return fail();
    std::string value = primary_inside();
    --depth_;
    return value;
  }

  std::string primary_inside() {
    if (take("(")) {
      const std::vector<std::string> items = list(")");
      if (items.size() == 1) return items[0];
      return fmt::format("({})", fmt::join(items, ", "));
    }
    const Token token = peek();
    if (token.kind == TokenKind::end || token.kind == TokenKind::sign) return fail();
    ++at_;
    if (token.kind == TokenKind::string || token.kind == TokenKind::number) return token.text;
    if (token.kind == TokenKind::word && token.text == "case") return case_expression();
    if (token.kind == TokenKind::word && token.text == "array" && take("["))
      return fmt::format("array[{}]", fmt::join(list("]"), ", "));
    if (token.kind == TokenKind::word && token.text == "cast" && take("(")) return cast_call();
    return name(token);
  }

  std::string cast_call() {
    std::string value = expression(or_level);
    expect("as");
    skip_type();
    expect(")");
    return value;
  }

  static std::string spelled(const Token& token) {
    return token.kind == TokenKind::quoted ? fmt::format("\"{}\"", token.text) : token.text;
  }

  // Of functions that databases show under another name than they were given.
  static std::string usual_name(const std::string& name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{
        {{"now", "current_timestamp"},
         {"curdate", "current_date"},
         {"curtime", "current_time"},
         {"lcase", "lower"},
         {"ucase", "upper"},
         {"substr", "substring"}}};
    const auto found = std::ranges::find(names, name, &std::pair<std::string_view, std::string_view>::first);
    return found == names.end() ? name : std::string(found->second);
  }

  std::string name(const Token& first) {
    std::string path = spelled(first);
    while (take(".")) {
      if (peek().kind != TokenKind::word && peek().kind != TokenKind::quoted) return fail();
      path = path == "pg_catalog" ? "" : path + ".";
      path += spelled(tokens_[at_++]);
    }
    if (take("(")) {
      if (take("*")) {
        expect(")");
        return path + "(*)";
      }
      const std::vector<std::string> arguments = list(")");
      path = usual_name(path);
      if (path.starts_with("current_") && arguments.empty()) return path;
      return fmt::format("{}({})", path, fmt::join(arguments, ", "));
    }
    // `interval '1 day'`, `date '2020-01-01'`: a literal of a type.
    if (peek().kind == TokenKind::string && first.kind == TokenKind::word) return tokens_[at_++].text;
    return path;
  }

  std::string case_expression() {
    std::string text = "case";
    if (!is("when")) text += " " + expression(or_level);
    while (!failed_ && take("when")) {
      const std::string condition = expression(or_level);
      expect("then");
      text += fmt::format(" when {} then {}", condition, expression(or_level));
    }
    if (take("else")) text += " else " + expression(or_level);
    expect("end");
    return text + " end";
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

std::string canonical_expression(std::string_view text) {
  std::optional<std::vector<Token>> tokens = Lexer(text).run();
  if (!tokens) return std::string(text);
  std::string plain;
  for (const Token& token : *tokens) plain += (plain.empty() ? "" : " ") + token.text;
  return ExpressionReader(*std::move(tokens)).run().value_or(plain);
}

}  // namespace tenon::migrate
