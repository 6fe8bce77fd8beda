#include "api/run/own_rows.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "api/values/scalars.h"
#include "base/json_writer.h"
#include "graphql/json.h"

namespace tenon::api {

namespace {

using catalog::TypeKind;

class PickedRows final : public sql::ResultSet {
 public:
  PickedRows(const OwnRows& own, std::unique_ptr<sql::ResultSet> rows) : rows_of_(std::move(rows)) {
    rows_ = rows_of_->row_count();
    columns_ = own.columns.size();
    affected_ = rows_of_->affected();
    for (const OwnRows::Column& column : own.columns) picked_.push_back(find(column));
  }

  void read(std::size_t row, std::span<sql::Cell> cells) const override {
    std::vector<sql::Cell> all(rows_of_->column_count());
    rows_of_->read(row, all);
    for (std::size_t i = 0; i < std::min(cells.size(), picked_.size()); ++i)
      cells[i] = picked_[i] ? all[*picked_[i]] : sql::Cell{};
  }
  std::string_view column_name(std::size_t column) const override {
    return picked_[column] ? rows_of_->column_name(*picked_[column]) : std::string_view{};
  }

 private:
  std::optional<std::size_t> find(const OwnRows::Column& column) const {
    for (const std::string_view name : {std::string_view(column.name), std::string_view(column.other_name)})
      for (std::size_t i = 0; i < rows_of_->column_count(); ++i)
        if (rows_of_->column_name(i) == name) return i;
    return std::nullopt;
  }

  std::unique_ptr<sql::ResultSet> rows_of_;
  std::vector<std::optional<std::size_t>> picked_;
};

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_number(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem != std::errc::invalid_argument && end == text.data() + text.size();
}

bool is_boolean(std::string_view text) { return text == "t" || text == "f" || text == "0" || text == "1"; }

bool is_int(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc{} && end == text.data() + text.size();
}

// Which kind of time stamp a text is, whatever was declared.
OutputFormat time_format(OutputFormat declared, std::string_view text) {
  if (declared != OutputFormat::timestamp && declared != OutputFormat::timestamptz) return declared;
  const std::size_t time = text.find_first_of(" T");
  const bool has_offset =
      time != std::string_view::npos && text.find_first_of("+-", time) != std::string_view::npos;
  return has_offset ? OutputFormat::timestamptz : OutputFormat::timestamp;
}

bool is_of_format(const catalog::Catalog& catalog, const catalog::Column& column, OutputFormat format,
                  std::string_view text) {
  if (column.type.is_array()) return text.starts_with('{') && text.ends_with('}');
  switch (format) {
    case OutputFormat::integer:
      return is_int(text);
    case OutputFormat::big_integer:
      return is_integer(text);
    case OutputFormat::float_:
    case OutputFormat::decimal:
      return is_number(text);
    case OutputFormat::boolean:
      return is_boolean(text);
    case OutputFormat::json:
      return graphql::parse_json(text).has_value();
    case OutputFormat::enumeration: {
      const auto& values = catalog[*column.type.enum_id].values;
      return std::ranges::find(values, text, &catalog::EnumValue::label) != values.end();
    }
    default:
      return true;
  }
}

// As a column of the kind would be written; a number stays one.
void append_typed(std::string& out, TypeKind kind, std::string_view text) {
  static const catalog::Catalog none;
  catalog::Column column;
  column.type.kind = kind;
  append_output(out, none, column, output_format(column), text);
}

void append_json_cell(std::string& out, sql::ValueType type, std::string_view text) {
  if (type.is_array) return base::append_json_string(out, text);
  switch (type.kind) {
    case TypeKind::int8:
    case TypeKind::int16:
    case TypeKind::int24:
    case TypeKind::int32:
    case TypeKind::int64:
    case TypeKind::oid:
    case TypeKind::float32:
    case TypeKind::float64:
    case TypeKind::decimal:
      if (!is_number(text)) return base::append_json_string(out, text);
      out += text;
      return;
    case TypeKind::boolean:
      out += text == "t" || text == "1" ? "true" : "false";
      return;
    case TypeKind::json:
    case TypeKind::jsonb:
      out += text;
      return;
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return append_typed(out, type.kind, text);
    default:
      return base::append_json_string(out, text);
  }
}

}  // namespace

std::unique_ptr<sql::ResultSet> pick_columns(const OwnRows& own, std::unique_ptr<sql::ResultSet> rows) {
  if (own.form != OwnRows::Form::objects) return rows;
  return std::make_unique<PickedRows>(own, std::move(rows));
}

bool append_result(std::string& out, const catalog::Catalog& catalog, const catalog::Column& column,
                   OutputFormat format, std::string_view text) {
  if (!is_of_format(catalog, column, format, text)) return false;
  append_output(out, catalog, column, time_format(format, text), text);
  return true;
}

void append_row_json(std::string& out, const sql::ResultSet& rows, std::uint32_t row) {
  std::vector<sql::Cell> cells(rows.column_count());
  rows.read(row, cells);
  out += '{';
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    base::append_json_string(out, rows.column_name(i));
    out += ':';
    if (cells[i].is_null())
      out += "null";
    else
      append_json_cell(out, rows.column_type(i), cells[i].text());
  }
  out += '}';
}

}  // namespace tenon::api
