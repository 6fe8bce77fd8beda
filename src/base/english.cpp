#include "base/english.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/ascii.h"

namespace tenon::base {

namespace {

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
using base::lower;
constexpr char upper(char c) { return is_lower(c) ? static_cast<char>(c - ('a' - 'A')) : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
  return out;
}

// Sorted, for binary search.
constexpr auto uncountable = std::to_array<std::string_view>({
    "adulthood",  "advice",         "agenda",      "aid",       "aircraft",    "alcohol",      "ammo",
    "analytics",  "anime",          "athletics",   "audio",     "bison",       "blood",        "bream",
    "buffalo",    "butter",         "carp",        "cash",      "chassis",     "chess",        "clothing",
    "cod",        "commerce",       "cooperation", "corps",     "debris",      "diabetes",     "digestion",
    "elk",        "energy",         "equipment",   "excretion", "expertise",   "firmware",     "flounder",
    "fun",        "gallows",        "garbage",     "graffiti",  "hardware",    "headquarters", "health",
    "herpes",     "highjinks",      "homework",    "housework", "information", "jeans",        "justice",
    "kudos",      "labour",         "literature",  "machinery", "mackerel",    "mail",         "manga",
    "media",      "mews",           "moose",       "mud",       "music",       "news",         "only",
    "personnel",  "pike",           "plankton",    "pliers",    "police",      "pollution",    "premises",
    "rain",       "research",       "rice",        "salmon",    "scissors",    "series",       "sewage",
    "shambles",   "shrimp",         "software",    "species",   "staff",       "swine",        "tennis",
    "traffic",    "transportation", "trout",       "tuna",      "wealth",      "welfare",      "whiting",
    "wildebeest", "wildlife",       "you",
});
static_assert(std::ranges::is_sorted(uncountable));

// Whole words only.
using Irregular = std::pair<std::string_view, std::string_view>;
constexpr auto irregular = std::to_array<Irregular>({
    {"anathema", "anathemata"},
    {"axe", "axes"},
    {"carve", "carves"},
    {"die", "dice"},
    {"dingo", "dingoes"},
    {"dogma", "dogmata"},
    {"eave", "eaves"},
    {"echo", "echoes"},
    {"foot", "feet"},
    {"genus", "genera"},
    {"goose", "geese"},
    {"groove", "grooves"},
    {"has", "have"},
    {"he", "they"},
    {"herself", "themselves"},
    {"himself", "themselves"},
    {"human", "humans"},
    {"i", "we"},
    {"is", "are"},
    {"itself", "themselves"},
    {"lemma", "lemmata"},
    {"looey", "looies"},
    {"me", "us"},
    {"myself", "ourselves"},
    {"ox", "oxen"},
    {"passerby", "passersby"},
    {"pickaxe", "pickaxes"},
    {"proof", "proofs"},
    {"quiz", "quizzes"},
    {"schema", "schemata"},
    {"she", "they"},
    {"stigma", "stigmata"},
    {"stoma", "stomata"},
    {"that", "those"},
    {"them", "them"},
    {"themself", "themselves"},
    {"thief", "thieves"},
    {"this", "these"},
    {"thou", "you"},
    {"tooth", "teeth"},
    {"tornado", "tornadoes"},
    {"torpedo", "torpedoes"},
    {"valve", "valves"},
    {"viscus", "viscera"},
    {"volcano", "volcanoes"},
    {"was", "were"},
    {"yes", "yeses"},
    {"yourself", "yourselves"},
});

// A word that ends in one of `stems` followed by one of `endings` gets `plural` in place of the ending. Lists
// are separated by spaces; `-` is the empty text, [abc] one of these letters, [^abc] any other character, and
// `^` the start of a word.
struct Rule {
  std::string_view stems;
  std::string_view endings;
  std::string_view plural;
};

// The first rule that fits decides.
constexpr auto rules = std::to_array<Rule>({
    // no plural of their own
    {"sheep pox o[iu]s measles fish deer [^aeiou]ese pokemon pok\xc3\xa9mon", "-", ""},
    {"m", "an en", "en"},
    {"eaux", "-", ""},
    {"child", "- ren", "ren"},
    {"pe", "rson ople", "ople"},
    {"^m ^titm ^l", "ice ouse", "ice"},
    {"matr cod mur sil vert ind append", "ix ex", "ices"},
    {"x ch ss sh zz", "-", "es"},
    {"[^ch][ieo][ln]", "ey", "ies"},
    {"[^aeiouy] qu", "y", "ies"},
    {"kni wi li", "fe", "ves"},
    {"ar l ea eo oa hoo", "f", "ves"},
    {"s", "is", "es"},
    {"apheli hyperbat periheli asyndet noumen phenomen criteri organ prolegomen hedr automat", "a on", "a"},
    {"agend addend millenni dat extrem bacteri desiderat strat candelabr errat ov symposi curricul automat "
     "quor",
     "a um", "a"},
    {"her at gr", "o", "oes"},
    {"seraph cherub", "- im", "im"},
    {"alumn alg vertebr", "a ae", "ae"},
    {"alumn syllab vir radi nucle fung cact stimul termin bacill foc uter loc strat", "us i", "i"},
    {"[^l]ias [aeiou]las [ejzr]as [iu]am", "-", ""},
    {"e[mn]u", "- s", "s"},
    {"alias [^aou]us t[lm]as gas ris", "-", "es"},
    {"ax test", "is", "es"},
    {"[^aeiou]ese", "-", ""},
    {"-", "- s", "s"},
});

// Calls `use` with each item of a space-separated list until it returns true.
template <class Use>
bool any_item(std::string_view list, Use use) {
  while (true) {
    const std::size_t space = list.find(' ');
    const std::string_view item = list.substr(0, space);
    if (use(item == "-" ? std::string_view{} : item)) return true;
    if (space == std::string_view::npos) return false;
    list.remove_prefix(space + 1);
  }
}

bool is_word_character(char c) { return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '_'; }

// How many characters at the end of `word` (lower case) the pattern takes; npos when it does not fit.
std::size_t match_end(std::string_view word, std::string_view pattern) {
  std::size_t at = word.size();
  while (!pattern.empty()) {
    if (pattern == "^") {
      if (at > 0 && is_word_character(word[at - 1])) return std::string_view::npos;
      break;
    }
    if (at == 0) return std::string_view::npos;
    --at;
    if (pattern.back() != ']') {
      if (word[at] != pattern.back()) return std::string_view::npos;
      pattern.remove_suffix(1);
      continue;
    }
    const std::size_t open = pattern.rfind('[');
    std::string_view set = pattern.substr(open + 1, pattern.size() - open - 2);
    const bool excluded = set.starts_with('^');
    if (excluded) set.remove_prefix(1);
    if (set.contains(word[at]) == excluded) return std::string_view::npos;
    pattern.remove_suffix(pattern.size() - open);
  }
  return word.size() - at;
}

// `text` in the manner of case of `model`: lower, upper or title case.
std::string restore_case(std::string_view model, std::string_view text) {
  if (model == text) return std::string(text);
  std::string out = lower(text);
  if (std::ranges::none_of(model, is_upper)) return out;
  if (std::ranges::none_of(model, is_lower)) {
    std::ranges::transform(out, out.begin(), [](char c) { return upper(c); });
  } else if (!is_lower(model.front())) {
    out.front() = upper(out.front());
  }
  return out;
}

// Where a rule fits: how long the stem and the ending are. The longest fit counts, because case is restored
// over all of it.
struct Fit {
  std::size_t stem = 0;
  std::size_t ending = 0;
  bool found = false;
};

Fit fit(const Rule& rule, std::string_view word) {
  Fit best;
  any_item(rule.endings, [&](std::string_view ending) {
    if (!word.ends_with(ending)) return false;
    const std::string_view rest = word.substr(0, word.size() - ending.size());
    any_item(rule.stems, [&](std::string_view stem) {
      const std::size_t length = match_end(rest, stem);
      if (length != std::string_view::npos &&
          (!best.found || length + ending.size() > best.stem + best.ending))
        best = {length, ending.size(), true};
      return false;
    });
    return false;
  });
  return best;
}

std::string apply(const Rule& rule, const Fit& at, std::string_view noun) {
  const std::size_t length = at.stem + at.ending;
  const std::string_view kept = noun.substr(0, noun.size() - length);
  const std::string_view match = noun.substr(kept.size());
  std::string result(match.substr(0, at.stem));
  result += rule.plural;
  const std::string_view model = match.empty() ? noun.substr(noun.size() - 1) : match;
  return std::string(kept) + restore_case(model, result);
}

}  // namespace

std::string plural(std::string_view noun) {
  if (noun.empty()) return {};
  const std::string word = lower(noun);
  // A plural that is irregular stays, also where it is the singular of another word.
  if (std::ranges::find(irregular, word, &Irregular::second) != irregular.end())
    return restore_case(noun, word);
  const auto special = std::ranges::find(irregular, word, &Irregular::first);
  if (special != irregular.end()) return restore_case(noun, special->second);
  if (std::ranges::binary_search(uncountable, std::string_view(word))) return std::string(noun);
  if (static_cast<unsigned char>(noun.back()) >= 0x80U) return std::string(noun);
  for (const Rule& rule : rules)
    if (const Fit at = fit(rule, word); at.found) return apply(rule, at, noun);
  return std::string(noun);
}

}  // namespace tenon::base
