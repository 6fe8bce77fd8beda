// A step of a program with its arrays written out: how many `?` there are, and what stands for each.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sql/mysql/program.h"
#include "sql/mysql/result.h"
#include "sql/mysql/values.h"

namespace tenon::sql::mysql {

class Expansion {
 public:
  // `rows` are those of the steps before; a null pointer is a step without rows. Fails when an array is
  // malformed, arrays of one repeat differ in size, or the server would not take so many values. Refers to
  // all of its arguments.
  static DatabaseResult<Expansion> make(const Step& step, std::span<const Parameter> parameters,
                                        std::span<const std::unique_ptr<RowSet>> rows);

  // The same for the same text: known without writing it.
  const base::Hash128& hash() const { return hash_; }
  std::string text() const;
  std::span<const Value> values() const { return values_; }

 private:
  explicit Expansion(const Step& step) : step_(&step) {}

  using Elements = std::vector<Parameter>;
  DatabaseResult<Elements> elements_of(const Parameter& array);
  DatabaseResult<void> add_repeat(const Repeat& repeat, std::span<const Parameter> parameters,
                                  std::span<const std::unique_ptr<RowSet>> rows);
  std::size_t padded(const Repeat& repeat, std::size_t count) const;
  void hash_shape();

  const Step* step_;
  base::Hash128 hash_;
  std::vector<std::size_t> counts_;  // repetitions of each repeat
  std::vector<Value> values_;
  std::deque<std::string> unescaped_;  // elements that do not stand in their array as they are
};

}  // namespace tenon::sql::mysql
