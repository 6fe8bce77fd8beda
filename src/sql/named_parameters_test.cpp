#include "sql/named_parameters.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tenon::sql {
namespace {

using catalog::Engine;

// The names with their places, or the problem.
std::string scan(std::string_view text, Engine engine) {
  const auto found = find_named_parameters(text, engine);
  if (!found) return fmt::format("!{} {}", found.error().offset, found.error().message);
  std::string out;
  for (const NamedParameter& one : found->found) {
    out += fmt::format("{}{}", out.empty() ? "" : " ", one.name);
    EXPECT_EQ(text.substr(one.begin, one.end - one.begin), fmt::format(":{}", one.name)) << text;
  }
  if (found->end != text.size()) out += fmt::format(" ;{}", found->end);
  return out;
}

struct Case {
  std::string_view text;
  std::string_view postgres;
  std::string_view mysql;
};

TEST(NamedParameters, AreFoundInCodeAlone) {
  const Case cases[] = {
      {"select :a, :b_2 + :a", "a b_2 a", "a b_2 a"},
      {"select ':a' || \":a\" , :b", "b", "b"},
      {"select 'it''s :a', :b", "b", "b"},
      {"select x::int, :a::text, :b", "a b", "a b"},
      {"select :a::text[]", "a", "a"},
      {"set @x := :a", "a", "a"},
      {"select f(x => :a, y := :b)", "a b", "a b"},
      {"select 1 -- :a\n, :b", "b", "b"},
      {"select 1 /* :a */, :b", "b", "b"},
      {"select /* /* :a */ :b */ :c", "c", "b c"},
      {"select 1 --:a\n, :b", "b", "a b"},
      {"select 1 # :a\n, :b", "a b", "b"},
      {"select `:a`, :b", "a b", "b"},
      {"select '\\':a', :b", "!12 The quote ' is not closed.", "b"},
      {"select E'\\':a', :b", "b", "b"},
      {"select name'x', :b", "b", "b"},
      {"select $$:a$$, :b", "b", "a b"},
      {"select $t$ :a $$ $u$ :a $t$, :b", "b", "a a b"},
      {"select a$b$:c", "c", "c"},
      {"select a[1:2], a[:x :y]", "x y", "x y"},
      {"select '12:30'::time, x:y", "y", "y"},
      {"select :é", "", ""},
      {"select :1", "", ""},
      {"select 1;", " ;8", " ;8"},
      {"select :a ; -- done\n", "a ;10", "a ;10"},
      {"select ';' ; ;", " ;11", " ;11"},
      {"a ? b", "", "!2 A ? has no name here."},
      {"", "", ""},
      {":a", "a", "a"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(scan(one.text, Engine::postgresql), one.postgres) << one.text;
    EXPECT_EQ(scan(one.text, Engine::mysql), one.mysql) << one.text;
  }
}

TEST(NamedParameters, RefusesWhatItCannotBind) {
  const Case cases[] = {
      {"select :a:", "!7 A name cannot be passed to the statement: :a: would write a value as SQL.", ""},
      {"select $1", "!7 A parameter has a name here, not a number.", "select"},
      {"select 'x", "!7 The quote ' is not closed.", ""},
      {"select \"x", "!7 The quote \" is not closed.", ""},
      {"select $q$x", "!7 The quote $q$ is not closed.", "select"},
      {"/* x", "!0 The comment is not closed.", ""},
      {"select 1; select 2", "!10 The text holds a second statement.", ""},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(scan(one.text, Engine::postgresql), one.postgres) << one.text;
    if (one.mysql.empty()) {
      EXPECT_EQ(scan(one.text, Engine::mysql), one.postgres) << one.text;
    } else {
      EXPECT_EQ(scan(one.text, Engine::mysql), "") << one.text;
    }
  }
  EXPECT_EQ(scan(std::string_view("a\0b", 3), Engine::postgresql),
            "!1 The statement holds the character U+0000.");
  EXPECT_EQ(scan("select `a", Engine::mysql), "!7 The quote ` is not closed.");
}

}  // namespace
}  // namespace tenon::sql
