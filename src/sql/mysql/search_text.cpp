#include "sql/mysql/search_text.h"

#include <vector>

namespace tenon::sql::mysql {

namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
// Letters, in whatever script, digits and the underscore, as the index has it.
constexpr bool is_searched(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

// A word or phrase, in the mode's form without the sign in front.
struct Term {
  std::string text;
  bool excluded = false;
  bool or_next = false;
};

// The words of a text, by single spaces.
std::string words_of(std::string_view text) {
  std::string words;
  for (const char c : text) {
    if (is_searched(c))
      words += c;
    else if (!words.empty() && words.back() != ' ')
      words += ' ';
  }
  if (words.ends_with(' ')) words.pop_back();
  return words;
}

bool is_or(std::string_view word) { return word == "or" || word == "OR" || word == "Or" || word == "oR"; }

std::vector<Term> terms_of(std::string_view typed) {
  std::vector<Term> terms;
  while (true) {
    while (!typed.empty() && is_space(typed.front())) typed.remove_prefix(1);
    if (typed.empty()) return terms;
    Term term;
    if (typed.starts_with('-')) {
      term.excluded = true;
      typed.remove_prefix(1);
    }
    const bool quoted = typed.starts_with('"');
    if (quoted) typed.remove_prefix(1);
    std::size_t end = 0;
    while (end < typed.size() && (quoted ? typed[end] != '"' : !is_space(typed[end]))) ++end;
    const std::string_view piece = typed.substr(0, end);
    typed.remove_prefix(quoted && end < typed.size() ? end + 1 : end);
    if (!quoted && !term.excluded && is_or(piece)) {
      if (!terms.empty()) terms.back().or_next = true;
      continue;
    }
    // A word such as e-mail is a phrase to the index.
    term.text = words_of(piece);
    if (term.text.empty()) continue;
    if (quoted || term.text.contains(' ')) term.text = "\"" + term.text + "\"";
    terms.push_back(std::move(term));
  }
}

}  // namespace

std::string boolean_search(std::string_view typed) {
  const std::vector<Term> terms = terms_of(typed);
  std::string out;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (!out.empty()) out += ' ';
    const auto joins = [&](std::size_t at) {
      return terms[at].or_next && at + 1 < terms.size() && !terms[at].excluded && !terms[at + 1].excluded;
    };
    if (!joins(i)) {
      out += (terms[i].excluded ? '-' : '+') + terms[i].text;
      continue;
    }
    out += "+(" + terms[i].text;
    for (; joins(i); ++i) out += " " + terms[i + 1].text;
    out += ')';
  }
  return out;
}

}  // namespace tenon::sql::mysql
