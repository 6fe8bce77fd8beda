#include "sql/mysql/expansion.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "base/limits.h"
#include "sql/array_text.h"

namespace tenon::sql::mysql {

namespace {

using Source = Argument::Source;
using Padding = Repeat::Padding;

DatabaseError malformed(std::string message) {
  return {.failure = Failure::other, .message = std::move(message)};
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

bool lies_in(const Repeat& inner, const Repeat& outer) {
  return inner.begin >= outer.begin && inner.end <= outer.end;
}

// More repetitions than elements, so that lists of many sizes share few texts.
std::size_t padded(Padding padding, std::size_t count) {
  return padding == Padding::none || count == 0 ? count : std::bit_ceil(count);
}

}  // namespace

DatabaseResult<Expansion> Expansion::make(const Step& step, std::span<const Parameter> parameters,
                                          std::span<const std::unique_ptr<RowSet>> rows) {
  Expansion expansion(step, parameters, rows);
  for (const Repeat& repeat : step.repeats) {
    auto part = expansion.make_part(repeat);
    if (!part) return std::unexpected(std::move(part.error()));
    auto& parts = expansion.parts_;
    const bool is_inner = !parts.empty() && lies_in(repeat, *parts.back().repeat);
    (is_inner ? parts.back().inner : parts).push_back(std::move(*part));
    if (!is_inner && repeat.may_split && !expansion.shared_) expansion.shared_ = parts.size() - 1;
  }
  return expansion;
}

DatabaseResult<Expansion::Part> Expansion::make_part(const Repeat& repeat) {
  Part part{.repeat = &repeat, .arrays = std::vector<Elements>(repeat.argument_count)};
  std::optional<std::size_t> count;
  for (std::uint32_t i = 0; i < repeat.argument_count; ++i) {
    const std::uint32_t index = repeat.first_argument + i;
    const Argument& argument = step_->arguments[index];
    // What lies in an inner repeat is that one's.
    const bool is_inner = std::ranges::any_of(step_->repeats, [&](const Repeat& other) {
      return &other != &repeat && lies_in(other, repeat) && index >= other.first_argument &&
             index < other.first_argument + other.argument_count;
    });
    if (is_inner || argument.source == Source::parameter || argument.source == Source::cell) continue;
    std::size_t size = 0;
    if (argument.source == Source::element) {
      auto elements =
          elements_of(argument.index < parameters_.size() ? parameters_[argument.index] : Parameter());
      if (!elements) return std::unexpected(std::move(elements.error()));
      part.arrays[i] = std::move(*elements);
      size = part.arrays[i].size();
    } else if (argument.step < rows_.size() && rows_[argument.step]) {
      size = rows_[argument.step]->row_count();
    }
    if (count && *count != size) return std::unexpected(malformed("arrays of one list differ in size"));
    count = size;
  }
  part.elements = part.count = count.value_or(0);
  part.repetitions = padded(repeat.padding, part.count);
  return part;
}

DatabaseResult<Expansion::Elements> Expansion::elements_of(const Parameter& array) {
  Elements elements;
  if (!array) return elements;
  ArrayReader reader(*array);
  std::uint32_t depth = 0;
  for (;;) {
    switch (reader.next()) {
      case ArrayReader::Token::open:
        if (++depth > 1) return std::unexpected(malformed("an array of arrays cannot be repeated"));
        break;
      case ArrayReader::Token::close:
        break;
      case ArrayReader::Token::null:
        elements.emplace_back();
        break;
      case ArrayReader::Token::element:
        if (lies_in(reader.element(), *array)) {
          elements.emplace_back(reader.element());
        } else {
          elements.emplace_back(unescaped_.emplace_back(reader.element()));
        }
        break;
      case ArrayReader::Token::end:
        return elements;
      case ArrayReader::Token::malformed:
        return std::unexpected(malformed("a parameter is not an array"));
    }
  }
}

// How many values `arguments` are, those in `parts` once for each repetition.
std::size_t Expansion::values_of(const std::vector<Part>& parts, std::size_t arguments) const {
  std::size_t count = arguments;
  for (const Part& part : parts)
    count = count - part.repeat->argument_count +
            part.repetitions * values_of(part.inner, part.repeat->argument_count);
  return count;
}

bool Expansion::is_last_run() const {
  return !shared_ || parts_[*shared_].first + parts_[*shared_].count >= parts_[*shared_].elements;
}

DatabaseResult<bool> Expansion::next_run() {
  constexpr std::size_t most = base::mysql_parameters_max;
  if (started_ && is_last_run()) return false;
  if (shared_) {
    Part& part = parts_[*shared_];
    const std::size_t each = values_of(part.inner, part.repeat->argument_count);
    const std::size_t others = values_of(parts_, step_->arguments.size()) - part.repetitions * each;
    const std::size_t bytes = std::max<std::size_t>(part.repeat->end - part.repeat->begin, 1);
    std::size_t fit = std::min(base::mysql_repetitions_max, base::mysql_repeated_bytes_max / bytes);
    if (others < most) fit = std::min(fit, (most - others) / std::max<std::size_t>(each, 1));
    fit = std::bit_floor(std::max<std::size_t>(fit, 1));  // stays within it when it is padded
    if (started_) part.first += part.count;
    part.count = std::min(part.elements - part.first, fit);
    part.repetitions = padded(part.repeat->padding, part.count);
  }
  started_ = true;
  if (const std::size_t count = values_of(parts_, step_->arguments.size()); count > most)
    return std::unexpected(
        DatabaseError{.failure = Failure::invalid_value,
                      .message = fmt::format("a statement would have {} parameters, and the server takes {} "
                                             "at most: ask for fewer at a time",
                                             count, most)});
  values_.clear();
  write_values(0, step_->arguments.size(), parts_, {});
  hash_shape();
  return true;
}

// The arguments from `begin` to `end`, with what of `parts` lies there.
void Expansion::write_values(std::size_t begin, std::size_t end, const std::vector<Part>& parts,
                             Place place) {
  for (const Part& part : parts) {
    const std::size_t first = part.repeat->first_argument;
    const std::size_t last = first + part.repeat->argument_count;
    for (; begin < first; ++begin) values_.push_back(value_of(step_->arguments[begin], begin, place));
    for (std::size_t i = 0; i < part.repetitions; ++i)
      write_values(first, last, part.inner, {.part = &part, .repetition = i});
    begin = last;
  }
  for (; begin < end; ++begin) values_.push_back(value_of(step_->arguments[begin], begin, place));
}

BoundValue Expansion::value_of(const Argument& argument, std::size_t index, Place place) const {
  BoundValue value{.type = argument.type, .text = std::nullopt};
  const bool repeated = argument.source == Source::element || argument.source == Source::cells;
  std::size_t row = 0;
  if (repeated && place.part != nullptr) {
    const Part& part = *place.part;
    if (place.repetition >= part.count && part.repeat->padding == Padding::null) return value;
    row = part.first + std::min(place.repetition, part.count - 1);
  }
  switch (argument.source) {
    case Source::parameter:
      if (argument.index < parameters_.size()) value.text = parameters_[argument.index];
      break;
    case Source::element:
      if (place.part != nullptr)
        value.text = place.part->arrays[index - place.part->repeat->first_argument][row];
      break;
    case Source::cell:
    case Source::cells: {
      const RowSet* rows = argument.step < rows_.size() ? rows_[argument.step].get() : nullptr;
      if (rows == nullptr || row >= rows->row_count() || argument.index >= rows->column_count()) break;
      const Cell cell = rows->cell(row, argument.index);
      if (!cell.is_null()) value.text = cell.text();
      break;
    }
  }
  return value;
}

void Expansion::hash_shape() {
  hash_ = step_->hash;
  if (parts_.empty()) return;
  std::string shape(reinterpret_cast<const char*>(&step_->hash), sizeof step_->hash);
  const auto add = [&shape](const Part& part) {
    for (const std::uint64_t number : {std::uint64_t{part.repeat->begin}, std::uint64_t{part.repeat->end},
                                       std::uint64_t{part.repetitions}})
      shape.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  for (const Part& part : parts_) {
    add(part);
    std::ranges::for_each(part.inner, add);
  }
  hash_ = base::hash128(shape);
}

void Expansion::write_text(std::string& out, std::size_t begin, std::size_t end,
                           const std::vector<Part>& parts) const {
  const std::string_view text = step_->text;
  for (const Part& part : parts) {
    const Repeat& repeat = *part.repeat;
    out += text.substr(begin, repeat.begin - begin);
    if (part.repetitions == 0) out += repeat.empty;
    for (std::size_t i = 0; i < part.repetitions; ++i) {
      if (i > 0) out += repeat.separator;
      write_text(out, repeat.begin, repeat.end, part.inner);
    }
    begin = repeat.end;
  }
  out += text.substr(begin, end - begin);
}

std::string Expansion::text() const {
  std::string out;
  write_text(out, 0, step_->text.size(), parts_);
  return out;
}

}  // namespace tenon::sql::mysql
