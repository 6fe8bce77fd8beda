#include "sql/mysql/expansion.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "base/limits.h"
#include "sql/array_text.h"

namespace tenon::sql::mysql {

namespace {

using Source = Argument::Source;
using Rows = std::span<const std::unique_ptr<RowSet>>;

DatabaseError malformed(std::string message) {
  return {.failure = Failure::other, .message = std::move(message)};
}

Parameter cell_of(Rows rows, const Argument& argument, std::size_t row) {
  const RowSet* step = argument.step < rows.size() ? rows[argument.step].get() : nullptr;
  if (step == nullptr || row >= step->row_count() || argument.index >= step->column_count())
    return std::nullopt;
  const Cell cell = step->cell(row, argument.index);
  return cell.is_null() ? Parameter() : Parameter(cell.text());
}

Parameter parameter_of(std::span<const Parameter> parameters, const Argument& argument) {
  return argument.index < parameters.size() ? parameters[argument.index] : std::nullopt;
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace

DatabaseResult<Expansion> Expansion::make(const Step& step, std::span<const Parameter> parameters,
                                          Rows rows) {
  Expansion expansion(step);
  const auto add_single = [&](std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end; ++i) {
      const Argument& argument = step.arguments[i];
      expansion.values_.push_back({.type = argument.type,
                                   .text = argument.source == Source::cell
                                               ? cell_of(rows, argument, 0)
                                               : parameter_of(parameters, argument)});
    }
  };
  std::uint32_t next = 0;
  for (const Repeat& repeat : step.repeats) {
    add_single(next, repeat.first_argument);
    if (auto added = expansion.add_repeat(repeat, parameters, rows); !added)
      return std::unexpected(std::move(added.error()));
    next = repeat.first_argument + repeat.argument_count;
  }
  add_single(next, static_cast<std::uint32_t>(step.arguments.size()));
  if (expansion.values_.size() > base::mysql_parameters_max)
    return std::unexpected(
        DatabaseError{.failure = Failure::invalid_value,
                      .message = fmt::format("a statement would have {} parameters, and the server takes {} "
                                             "at most: ask for fewer at a time",
                                             expansion.values_.size(), base::mysql_parameters_max)});
  expansion.hash_shape();
  return expansion;
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

// More repetitions than elements, so that lists of many sizes share few texts; never more than the server
// takes when the elements themselves would fit.
std::size_t Expansion::padded(const Repeat& repeat, std::size_t count) const {
  if (repeat.padding == Repeat::Padding::none || count == 0) return count;
  const std::size_t each = std::max<std::size_t>(repeat.argument_count, 1);
  const std::size_t others = values_.size() + step_->arguments.size();
  const std::size_t fit =
      others < base::mysql_parameters_max ? (base::mysql_parameters_max - others) / each : 0;
  return std::max(count, std::min(std::bit_ceil(count), fit));
}

DatabaseResult<void> Expansion::add_repeat(const Repeat& repeat, std::span<const Parameter> parameters,
                                           Rows rows) {
  const std::span<const Argument> arguments =
      std::span(step_->arguments).subspan(repeat.first_argument, repeat.argument_count);
  std::vector<Elements> arrays(arguments.size());
  std::optional<std::size_t> count;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::size_t size = 0;
    if (arguments[i].source == Source::element) {
      auto elements = elements_of(parameter_of(parameters, arguments[i]));
      if (!elements) return std::unexpected(std::move(elements.error()));
      arrays[i] = std::move(*elements);
      size = arrays[i].size();
    } else if (arguments[i].source == Source::cells) {
      const bool known = arguments[i].step < rows.size() && rows[arguments[i].step];
      size = known ? rows[arguments[i].step]->row_count() : 0;
    } else {
      continue;
    }
    if (count && *count != size) return std::unexpected(malformed("arrays of one list differ in size"));
    count = size;
  }
  const std::size_t elements = count.value_or(0);
  const std::size_t repetitions = padded(repeat, elements);
  counts_.push_back(repetitions);
  if (repetitions * arguments.size() > base::mysql_parameters_max) {
    // Counted, not made: the caller refuses it.
    values_.resize(repetitions * arguments.size());
    return {};
  }
  for (std::size_t at = 0; at < repetitions; ++at) {
    const bool is_padding = at >= elements;
    const std::size_t row = is_padding ? elements - 1 : at;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      Value value{.type = arguments[i].type, .text = std::nullopt};
      const bool repeated = arguments[i].source == Source::element || arguments[i].source == Source::cells;
      if (is_padding && repeated && repeat.padding == Repeat::Padding::null) {
        values_.push_back(value);
        continue;
      }
      switch (arguments[i].source) {
        case Source::element:
          value.text = arrays[i][row];
          break;
        case Source::cells:
          value.text = cell_of(rows, arguments[i], row);
          break;
        case Source::cell:
          value.text = cell_of(rows, arguments[i], 0);
          break;
        case Source::parameter:
          value.text = parameter_of(parameters, arguments[i]);
          break;
      }
      values_.push_back(value);
    }
  }
  return {};
}

void Expansion::hash_shape() {
  hash_ = step_->hash;
  if (counts_.empty()) return;
  std::string shape(reinterpret_cast<const char*>(&step_->hash), sizeof step_->hash);
  const auto add = [&shape](std::uint64_t number) {
    shape.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    add(step_->repeats[i].begin);
    add(step_->repeats[i].end);
    add(counts_[i]);
  }
  hash_ = base::hash128(shape);
}

std::string Expansion::text() const {
  const std::string_view text = step_->text;
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const Repeat& repeat = step_->repeats[i];
    const std::string_view part = text.substr(repeat.begin, repeat.end - repeat.begin);
    out += text.substr(next, repeat.begin - next);
    if (counts_[i] == 0) out += repeat.empty;
    out.reserve(out.size() + counts_[i] * (part.size() + repeat.separator.size()));
    for (std::size_t at = 0; at < counts_[i]; ++at) {
      if (at > 0) out += repeat.separator;
      out += part;
    }
    next = repeat.end;
  }
  out += text.substr(next);
  return out;
}

}  // namespace tenon::sql::mysql
