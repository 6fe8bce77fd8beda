// A step of a program with its arrays written out: how many `?` there are, and what stands for each.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sql/mysql/program.h"
#include "sql/mysql/result.h"
#include "sql/mysql/values.h"

namespace tenon::sql::mysql {

// Written for one run at a time: `next_run` goes to the first, then to the next part of a step that is too
// large for one statement.
class Expansion {
 public:
  // `rows` are those of the steps before; a null pointer is a step without rows. Fails when an array is
  // malformed or arrays of one repeat differ in size. Refers to all of its arguments.
  static DatabaseResult<Expansion> make(const Step& step, std::span<const Parameter> parameters,
                                        std::span<const std::unique_ptr<RowSet>> rows);

  // False when there is nothing left to run; fails when the server would not take so many values.
  DatabaseResult<bool> next_run();
  bool is_last_run() const;

  // Of the current run. The same hash means the same text, and is known without writing it.
  const base::Hash128& hash() const { return hash_; }
  std::string text() const;
  std::span<const BoundValue> values() const { return values_; }

 private:
  using Elements = std::vector<Parameter>;
  // A repeat with its elements, and those inside of it.
  struct Part {
    const Repeat* repeat = nullptr;
    std::vector<Elements> arrays;  // by argument of the repeat; empty for those that are no elements
    std::size_t elements = 0;
    std::size_t first = 0;        // the first element of this run
    std::size_t count = 0;        // elements of this run
    std::size_t repetitions = 0;  // with padding
    std::vector<Part> inner;
  };
  // Where in a repeat a value is written.
  struct Place {
    const Part* part = nullptr;
    std::size_t repetition = 0;
  };

  Expansion(const Step& step, std::span<const Parameter> parameters,
            std::span<const std::unique_ptr<RowSet>> rows)
      : step_(&step), parameters_(parameters), rows_(rows) {}

  DatabaseResult<Elements> elements_of(const Parameter& array);
  DatabaseResult<Part> make_part(const Repeat& repeat);
  std::size_t values_of(const std::vector<Part>& parts, std::size_t arguments) const;
  void write_values(std::size_t begin, std::size_t end, const std::vector<Part>& parts, Place place);
  BoundValue value_of(const Argument& argument, std::size_t index, Place place) const;
  void write_text(std::string& out, std::size_t begin, std::size_t end, const std::vector<Part>& parts) const;
  void hash_shape();

  const Step* step_;
  std::span<const Parameter> parameters_;
  std::span<const std::unique_ptr<RowSet>> rows_;
  std::vector<Part> parts_;
  std::optional<std::size_t> shared_;  // of parts_: the one whose elements runs may share
  bool started_ = false;
  base::Hash128 hash_;
  std::vector<BoundValue> values_;
  std::deque<std::string> unescaped_;  // elements that do not stand in their array as they are
};

}  // namespace tenon::sql::mysql
