// What one call becomes on an engine that has neither array parameters nor RETURNING for every write: a few
// statements in a row, made by the dialect, run by the connection in one transaction. Whoever calls sees one
// statement with parameters and one result set, as everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "sql/connection.h"

namespace tenon::sql::mysql {

// How a text is bound. The engine compares a number with a text as floating point, so numbers and times must
// not go as text.
enum class BindType : std::uint8_t {
  text,
  integer,           // also true and false; digits beyond 64 bits go as decimal
  unsigned_integer,  // the same
  decimal,
  float64,
  date,      // YYYY-MM-DD
  time,      // [-]hhh:mm:ss[.ffffff]
  datetime,  // YYYY-MM-DD hh:mm:ss[.ffffff], T instead of the blank too
  bytes,     // as they are
};

// Where the value of a `?` comes from.
struct Argument {
  enum class Source : std::uint8_t {
    parameter,  // parameter `index` of the call
    element,    // of the array in parameter `index`, the element of this repetition (Repeat)
    cell,       // column `index` of the only row of step `step`
    cells,      // of this repetition's row of step `step`, column `index` (Repeat)
  };
  Source source = Source::parameter;
  std::uint32_t index = 0;
  std::uint32_t step = 0;
  BindType type = BindType::text;
};

// A part of a step's text, with its `?`s, that is written once for each element of its arrays (or row of a
// step). Arrays of one repeat have the same number of elements. Without any element `empty` is written
// instead.
struct Repeat {
  enum class Padding : std::uint8_t {
    none,  // as many repetitions as elements: each number is a text of its own
    null,  // up to a power of two with NULLs, which match nothing
    last,  // … with the last element again
  };
  std::uint32_t begin = 0;  // bytes of the step's text
  std::uint32_t end = 0;
  std::uint32_t first_argument = 0;  // of Step::arguments: those inside, a nested repeat's included
  std::uint32_t argument_count = 0;
  std::string separator;  // ", " or " UNION ALL "
  std::string empty;      // "NULL"
  Padding padding = Padding::none;
  // The step may be run several times instead, each time with some of the elements; its rows are then those
  // of all runs, one behind the other. For when there are more elements than a statement may have `?`s.
  bool may_split = false;
};

struct Step {
  std::string text;  // with `?`
  base::Hash128 hash;
  std::vector<Argument> arguments;  // in the order of the `?`s
  // In the order of their beginnings. One may lie inside of another, once: an array in a condition that is
  // written for each key. It is then written whole in each repetition of the outer one.
  std::vector<Repeat> repeats;
  // Skipped, with no rows, when that earlier step gave no row.
  std::optional<std::uint32_t> when_rows;
};

struct Program : sql::Program {
  std::vector<Step> steps;
  std::uint32_t result_step = 0;  // whose rows are the call's
  // Whose count is: the rows of its result set, if it gives one (a SELECT, RETURNING); otherwise the rows
  // that the server says it matched (CLIENT_FOUND_ROWS).
  std::uint32_t affected_step = 0;
};

}  // namespace tenon::sql::mysql
