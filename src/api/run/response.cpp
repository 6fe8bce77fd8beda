#include "api/run/response.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/errors.h"
#include "api/plan/page_token.h"
#include "api/run/own_rows.h"
#include "api/values/scalars.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "base/text_buffer.h"

namespace tenon::api {

using sql::Cell;

namespace {

constexpr std::size_t errors_max = base::DocumentLimits{}.errors_reported_max;
constexpr std::string_view utc_offset = "+00";

bool begins_with_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

// `YYYY-MM-DD hh:mm:ss…+00`, as opposed to infinity, long years and years BC.
bool is_utc_timestamp(std::string_view text) {
  return text.size() >= 22 && text[10] == ' ' && text[4] == '-' && begins_with_digit(text) &&
         text.ends_with(utc_offset);
}

// As an engine writes a condition's value, or PostgreSQL the text of it.
bool is_true(std::string_view cell) { return cell == "t" || cell == "1" || cell == "true"; }

class ResponseWriter {
 public:
  ResponseWriter(const Plan& plan, const PlanRows& rows, std::size_t bytes_max)
      : plan_(plan), rows_(rows), bytes_max_(bytes_max), out_(expected_size()) {
    cells_.resize(plan.levels.size());
    for (std::size_t i = 0; i < plan.levels.size(); ++i) cells_[i].resize(plan.levels[i].width);
  }

  WrittenResponse write();

 private:
  // A step of the path to the value being written; the steps before it are on the stack as well.
  struct Step {
    const Step* before = nullptr;
    const std::string* key = nullptr;
    std::uint32_t index = 0;
  };
  // The path has one step more while it lives.
  class Deeper {
   public:
    Deeper(ResponseWriter& writer, const std::string* key, std::uint32_t index)
        : writer_(writer), step_{.before = writer.path_, .key = key, .index = index} {
      writer.path_ = &step_;
    }
    ~Deeper() { writer_.path_ = step_.before; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    ResponseWriter& writer_;
    Step step_;
  };

  std::size_t expected_size() const;
  bool root();
  bool root_field(std::uint32_t index);
  // Each writes one value and returns true, or returns false when null came where none may be; the caller
  // then drops what was written and is null itself, if it may. When the answer is too large, every one
  // returns false up to the root field.
  bool object(const OutputField& object, LevelIndex level);
  bool field(const OutputField& field, LevelIndex level);
  bool value(const OutputField& field, LevelIndex level);
  bool is_shown(const OutputField& field, LevelIndex level);
  bool row(const OutputField& field, std::uint32_t group);
  // A field that leads from the parent's row at hand to another level.
  bool below(const OutputField& field, LevelIndex parent);
  bool connection(const OutputField& field, std::uint32_t group);
  bool connection_field(const OutputField& field, std::uint32_t group);
  bool items(const OutputField& field, std::uint32_t group);
  bool next_token(const OutputField& field, std::uint32_t group);
  bool group(const OutputField& field);
  bool count(const OutputField& field, const Cell& cell);
  bool connection_count(const OutputField& field);
  bool results(const OutputField& field);
  bool result_item(const OutputField& field, std::uint32_t row);
  bool result(const OutputField& field, const Cell& cell);
  bool null(const OutputField& field);
  void write_cell(const OutputField& field, std::string_view text);

  void read_row(LevelIndex level, std::uint32_t row);
  bool too_large() const { return out_.size() > bytes_max_; }
  std::uint32_t group_of(const OutputField& connection, LevelIndex parent) const;
  // The group of a field's level that belongs to the row at hand of its parent; the only one at the root.
  std::uint32_t group_of(const OutputField& field) const;
  void add_error(const OutputField& field, graphql::Error error);
  const FieldFailure* failure_of(std::uint32_t field) const;

  const Plan& plan_;
  const PlanRows& rows_;
  const std::size_t bytes_max_;
  base::TextBuffer out_;
  std::string converted_;
  std::vector<std::vector<Cell>> cells_;  // the current row of each level
  std::vector<std::uint32_t> current_row_ = std::vector<std::uint32_t>(plan_.levels.size(), 0);
  const Step* path_ = nullptr;
  graphql::Errors errors_;
};

void ResponseWriter::add_error(const OutputField& field, graphql::Error error) {
  if (errors_.size() >= errors_max) return;
  if (error.locations.empty()) error.locations = {field.location};
  for (const Step* step = path_; step != nullptr; step = step->before) {
    if (step->key != nullptr)
      error.path.emplace_back(*step->key);
    else
      error.path.emplace_back(step->index);
  }
  std::ranges::reverse(error.path);
  errors_.push_back(std::move(error));
}

bool ResponseWriter::null(const OutputField& field) {
  if (!field.non_null) {
    out_.append("null");
    return true;
  }
  add_error(field,
            {.message = "The database holds no value where one was promised.", .code = code::internal});
  return false;
}

void ResponseWriter::write_cell(const OutputField& field, std::string_view text) {
  switch (field.copy) {
    case CellCopy::as_it_is:
      return out_.append(text);
    case CellCopy::quoted:
      return out_.append_quoted(text);
    case CellCopy::escaped:
      return out_.append_json_string(text);
    case CellCopy::number:
      if (!begins_with_digit(text)) break;
      return out_.append(text);
    case CellCopy::boolean:
      return out_.append(text == "t" || text == "1" ? std::string_view("true") : "false");
    case CellCopy::utc:
      if (!is_utc_timestamp(text)) break;
      out_.append('"');
      out_.append(text.substr(0, 10));
      out_.append('T');
      out_.append(text.substr(11, text.size() - 11 - utc_offset.size()));
      return out_.append("Z\"");
    case CellCopy::converted:
      break;
  }
  converted_.clear();
  append_output(converted_, plan_.catalog(), plan_.catalog()[field.column], field.format, text);
  out_.append(converted_);
}

void ResponseWriter::read_row(LevelIndex level, std::uint32_t row) {
  rows_.levels[level].rows->read(row, cells_[level]);
  current_row_[level] = row;
}

std::uint32_t ResponseWriter::group_of(const OutputField& connection, LevelIndex parent) const {
  const LevelRows& rows = rows_.levels[connection.level];
  const std::uint32_t row = current_row_[parent];
  return row < rows.group_of_parent_row.size() ? rows.group_of_parent_row[row] : LevelRows::no_group;
}

std::uint32_t ResponseWriter::group_of(const OutputField& field) const {
  const std::optional<LevelIndex> parent = plan_.levels[field.level].parent;
  return parent ? group_of(field, *parent) : 0;
}

// Without a row, in the group of what has none, there are none to count.
bool ResponseWriter::count(const OutputField& field, const Cell& cell) {
  if (cell.is_null() && !field.non_null) return null(field);
  out_.append(cell.is_null() ? std::string_view("0") : cell.text());
  return true;
}

bool ResponseWriter::group(const OutputField& field) {
  const LevelRows& rows = rows_.levels[field.level];
  const std::uint32_t group = group_of(field);
  if (group != LevelRows::no_group && rows.size(group) > 0)
    read_row(field.level, rows.row(group, 0));
  else
    std::ranges::fill(cells_[field.level], Cell{});
  return object(field, field.level);
}

bool ResponseWriter::connection_count(const OutputField& field) {
  const LevelRows& rows = rows_.levels[field.level];
  const std::uint32_t group = group_of(field);
  if (group == LevelRows::no_group || rows.size(group) == 0) {
    out_.append('0');
    return true;
  }
  read_row(field.level, rows.row(group, 0));
  return count(field, cells_[field.level][field.cell]);
}

bool ResponseWriter::value(const OutputField& field, LevelIndex level) {
  switch (field.kind) {
    case OutputField::Kind::column: {
      // What is not NULL was written by object(), save where it is guarded.
      const Cell& cell = cells_[level][field.cell];
      if (cell.is_null()) return null(field);
      write_cell(field, cell.text());
      return true;
    }
    case OutputField::Kind::type_name:
    case OutputField::Kind::raw:
      out_.append(field.text);
      return true;
    case OutputField::Kind::denied:
      add_error(field, unauthorized_error(field.text));
      return false;
    case OutputField::Kind::object:
      if (cells_[level][field.cell].is_null()) return null(field);
      return object(field, level);
    case OutputField::Kind::row:
    case OutputField::Kind::connection:
      return below(field, level);
    case OutputField::Kind::part:
      return object(field, level);
    case OutputField::Kind::result:
      return result(field, cells_[level][field.cell]);
    case OutputField::Kind::count:
      return count(field, cells_[level][field.cell]);
    default:
      return null(field);
  }
}

bool ResponseWriter::is_shown(const OutputField& field, LevelIndex level) {
  if (!field.guarded) return true;
  const Cell& guard = cells_[level][field.guard];
  if (!guard.is_null() && is_true(guard.text())) return true;
  add_error(field, unauthorized_error(field.text));
  return false;
}

// A value that a statement of the owner's gave.
bool ResponseWriter::result(const OutputField& field, const Cell& cell) {
  if (cell.is_null()) return null(field);
  converted_.clear();
  const catalog::Column& column = plan_.catalog()[field.column];
  if (append_result(converted_, plan_.catalog(), column, field.format, cell.text())) {
    out_.append(converted_);
    return true;
  }
  add_error(field, {.message = fmt::format("The statement gives a value that is no {}.",
                                           shown_scalar(plan_.catalog(), column)),
                    .code = code::internal});
  return false;
}

// A row of such a statement, in the form that is wanted.
bool ResponseWriter::result_item(const OutputField& field, std::uint32_t row) {
  switch (plan_.levels[field.level].own->form) {
    case OwnRows::Form::objects:
      read_row(field.level, row);
      return object(field, field.level);
    case OwnRows::Form::value:
      read_row(field.level, row);
      return result(field, cells_[field.level].front());
    case OwnRows::Form::json:
    case OwnRows::Form::json_text:
      break;
  }
  converted_.clear();
  append_row_json(converted_, *rows_.levels[field.level].rows, row);
  if (plan_.levels[field.level].own->form == OwnRows::Form::json)
    out_.append(converted_);
  else
    out_.append_json_string(converted_);
  return true;
}

bool ResponseWriter::results(const OutputField& field) {
  const LevelRows& rows = rows_.levels[field.level];
  const std::uint32_t count = rows.size(0);
  if (field.kind == OutputField::Kind::result_row) return count == 0 ? null(field) : result_item(field, 0);
  OutputField item = field;
  item.non_null = field.item_non_null;
  out_.append('[');
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0) out_.append(',');
    const std::size_t start = out_.size();
    const Deeper step(*this, nullptr, i);
    const bool done = result_item(item, i);
    if (too_large()) return false;
    if (done) continue;
    if (item.non_null) return false;
    out_.truncate(start);
    out_.append("null");
  }
  out_.append(']');
  return true;
}

// A value that failed below is replaced by null where the field may be null.
bool ResponseWriter::field(const OutputField& field, LevelIndex level) {
  const std::size_t start = out_.size();
  const Deeper step(*this, &field.key, 0);
  const bool done = is_shown(field, level) && value(field, level);
  if (too_large()) return false;
  if (done) return true;
  if (field.non_null) return false;
  out_.truncate(start);
  out_.append("null");
  return true;
}

bool ResponseWriter::object(const OutputField& object, LevelIndex level) {
  out_.append('{');
  for (std::uint32_t i = 0; i < object.child_count; ++i) {
    const OutputField& child = plan_.fields[object.first_child + i];
    out_.append(std::string_view(child.literal).substr(i == 0 ? 1 : 0));
    if (child.kind == OutputField::Kind::column && !child.guarded) {
      // Nearly all there is to write: a value that cannot fail needs no path.
      if (const Cell& cell = cells_[level][child.cell]; !cell.is_null()) {
        write_cell(child, cell.text());
        continue;
      }
    }
    if (!field(child, level)) return false;
  }
  out_.append('}');
  return !too_large();
}

bool ResponseWriter::items(const OutputField& field, std::uint32_t group) {
  const Level& level = plan_.levels[field.level];
  const LevelRows& rows = rows_.levels[field.level];
  const std::uint32_t count = group == LevelRows::no_group ? 0 : shown(level, rows, group);
  out_.append('[');
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0) out_.append(',');
    const std::size_t start = out_.size();
    const Deeper step(*this, nullptr, i);
    read_row(field.level, rows.row(group, i));
    const bool done = object(field, field.level);
    if (too_large()) return false;
    if (done) continue;
    if (field.item_non_null) return false;
    out_.truncate(start);
    out_.append("null");
  }
  out_.append(']');
  return true;
}

bool ResponseWriter::next_token(const OutputField& field, std::uint32_t group) {
  const Level& level = plan_.levels[field.level];
  const LevelRows& rows = rows_.levels[field.level];
  const std::uint32_t count = group == LevelRows::no_group ? 0 : shown(level, rows, group);
  if (count == 0 || count == rows.size(group)) return null(field);
  read_row(field.level, rows.row(group, count - 1));
  PageToken token{.ordering = level.ordering, .values = {}};
  for (std::size_t i = 0; i < level.order_cells.size(); ++i) {
    const Cell& value = cells_[field.level][level.order_cells[i]];
    std::optional<std::string>& kept = token.values.emplace_back();
    if (value.is_null()) continue;
    const catalog::ColumnId column = level.select.order[i].column.column;
    kept = is_raw_binary(*plan_.schema->catalog, column) ? base::encode_base64(value.text())
                                                         : std::string(value.text());
  }
  out_.append('"');
  out_.append(encode(token));
  out_.append('"');
  return true;
}

bool ResponseWriter::connection_field(const OutputField& field, std::uint32_t group) {
  switch (field.kind) {
    case OutputField::Kind::items:
      return items(field, group);
    case OutputField::Kind::next_token:
      return next_token(field, group);
    case OutputField::Kind::total_count: {
      char digits[24];
      const std::uint64_t count = rows_.levels[field.level].count(group);
      out_.append({digits, std::to_chars(digits, digits + sizeof digits, count).ptr});
      return true;
    }
    case OutputField::Kind::group:
      return this->group(field);
    case OutputField::Kind::groups:
      return items(field, group_of(field));
    case OutputField::Kind::count:
      return connection_count(field);
    default:
      out_.append(field.text);
      return true;
  }
}

bool ResponseWriter::connection(const OutputField& connection, std::uint32_t group) {
  out_.append('{');
  for (std::uint32_t i = 0; i < connection.child_count; ++i) {
    const OutputField& child = plan_.fields[connection.first_child + i];
    out_.append(std::string_view(child.literal).substr(i == 0 ? 1 : 0));
    const std::size_t start = out_.size();
    const Deeper step(*this, &child.key, 0);
    const bool done = connection_field(child, group);
    if (too_large()) return false;
    if (done) continue;
    if (child.non_null) return false;
    out_.truncate(start);
    out_.append("null");
  }
  out_.append('}');
  return true;
}

bool ResponseWriter::row(const OutputField& field, std::uint32_t group) {
  const LevelRows& rows = rows_.levels[field.level];
  if (group == LevelRows::no_group || rows.size(group) == 0) {
    if (field.text.empty() || field.guarded) return null(field);
    add_error(field, unauthorized_error(field.text));
    return false;
  }
  read_row(field.level, rows.row(group, 0));
  return object(field, field.level);
}

bool ResponseWriter::below(const OutputField& field, LevelIndex parent) {
  const std::uint32_t group = group_of(field, parent);
  if (!rows_.level_failures.empty() && group != LevelRows::no_group) {
    const auto failure = std::ranges::find(rows_.level_failures, field.level, &LevelFailure::level);
    if (failure != rows_.level_failures.end()) {
      add_error(field, failure->error);
      return false;
    }
  }
  return field.kind == OutputField::Kind::row ? row(field, group) : connection(field, group);
}

const FieldFailure* ResponseWriter::failure_of(std::uint32_t field) const {
  const auto found = std::ranges::find(rows_.failures, field, &FieldFailure::field);
  return found == rows_.failures.end() ? nullptr : &*found;
}

bool ResponseWriter::root_field(std::uint32_t index) {
  const OutputField& field = plan_.fields[index];
  if (const FieldFailure* failure = failure_of(index)) {
    add_error(field, failure->error);
    return false;
  }
  switch (field.kind) {
    case OutputField::Kind::row:
      return row(field, 0);
    case OutputField::Kind::connection:
      return connection(field, 0);
    case OutputField::Kind::groups:
      return items(field, 0);
    case OutputField::Kind::results:
    case OutputField::Kind::result_row:
      return results(field);
    default:
      out_.append(field.text);
      return true;
  }
}

bool ResponseWriter::root() {
  out_.append('{');
  bool whole = true;
  for (std::uint32_t i = 0; i < plan_.root_count; ++i) {
    const OutputField& field = plan_.fields[i];
    out_.append(std::string_view(field.literal).substr(i == 0 ? 1 : 0));
    const std::size_t start = out_.size();
    const Deeper step(*this, &field.key, 0);
    const bool done = root_field(i);
    if (too_large()) add_error(field, answer_too_large_error(bytes_max_, plan_.kind));
    if (done && !too_large()) continue;
    if (field.non_null) whole = false;
    out_.truncate(start);
    out_.append("null");
  }
  out_.append('}');
  return whole;
}

// A guess at the answer's size: each row about as long as its keys and twenty bytes a value.
std::size_t ResponseWriter::expected_size() const {
  std::size_t rows = 1;
  std::size_t cells = plan_.fields.size();
  for (std::size_t i = 0; i < rows_.levels.size(); ++i) {
    if (!rows_.levels[i].rows) continue;
    rows += rows_.levels[i].rows->row_count();
    cells += rows_.levels[i].rows->row_count() * (plan_.levels[i].width + 1);
  }
  return std::min(64 + rows * 16 + cells * 32, bytes_max_);
}

WrittenResponse ResponseWriter::write() {
  out_.append(R"({"data":)");
  const std::size_t start = out_.size();
  if (!root()) {
    out_.truncate(start);
    out_.append("null");
  }
  if (errors_.empty()) {
    out_.append('}');
    return {.body = out_.take(), .codes = {}};
  }
  WrittenResponse response{.body = out_.take(), .codes = {}};
  response.body += R"(,"errors":[)";
  for (std::size_t i = 0; i < errors_.size(); ++i) {
    if (i > 0) response.body += ',';
    base::JsonWriter json(response.body);
    graphql::write(json, errors_[i]);
    response.codes.push_back(errors_[i].code);
  }
  response.body += "]}";
  return response;
}

}  // namespace

WrittenResponse write_response(const Plan& plan, const PlanRows& rows, std::size_t bytes_max) {
  return ResponseWriter(plan, rows, bytes_max).write();
}

WrittenResponse write_request_errors(const graphql::Errors& errors) {
  WrittenResponse response;
  response.body = R"({"errors":[)";
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (i > 0) response.body += ',';
    base::JsonWriter json(response.body);
    graphql::write(json, errors[i]);
    response.codes.push_back(errors[i].code);
  }
  response.body += "]}";
  return response;
}

}  // namespace tenon::api
