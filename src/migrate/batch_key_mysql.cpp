#include "migrate/batch_key_mysql.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "migrate/ddl.h"

namespace tenon::migrate {

namespace {

constexpr std::string_view columns_of_key =
    "SELECT s.COLUMN_NAME, c.DATA_TYPE FROM information_schema.STATISTICS s"
    " JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME"
    " AND c.COLUMN_NAME = s.COLUMN_NAME"
    " WHERE s.TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND s.TABLE_NAME = ?"
    " AND s.INDEX_NAME = 'PRIMARY' ORDER BY s.SEQ_IN_INDEX";

constexpr std::array<std::string_view, 8> text_key_types{"varchar",  "char",      "uuid", "date",
                                                         "datetime", "timestamp", "time", "year"};
constexpr std::array<std::string_view, 2> bytes_key_types{"varbinary", "binary"};

}  // namespace

std::optional<BatchKey::Column::Kind> BatchKey::kind_of(std::string_view type) {
  if (type.ends_with("int") || type == "decimal") return Column::Kind::number;
  if (std::ranges::find(text_key_types, type) != text_key_types.end()) return Column::Kind::text;
  if (std::ranges::find(bytes_key_types, type) != bytes_key_types.end()) return Column::Kind::bytes;
  return std::nullopt;
}

sql::DatabaseResult<std::optional<BatchKey>> BatchKey::read(Session& session, const sql::ObjectName& table) {
  const auto rows = session.query(std::string(columns_of_key), {table.schema, table.name});
  if (!rows) return std::unexpected(rows.error());
  std::vector<Column> columns;
  for (const Row& row : *rows) {
    const auto kind = kind_of(row[1].value_or(""));
    if (!kind) return std::nullopt;
    columns.push_back({.name = quote_name(catalog::Engine::mysql, row[0].value_or("")), .kind = *kind});
  }
  if (columns.empty()) return std::nullopt;
  return BatchKey(std::move(columns));
}

BatchKey::BatchKey(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (const Column& column : columns_) {
    if (!selected_.empty()) selected_ += ", ";
    selected_ += column.kind == Column::Kind::bytes ? fmt::format("HEX({})", column.name) : column.name;
  }
}

std::string BatchKey::order(std::string_view direction) const {
  std::string text;
  for (const Column& column : columns_)
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", column.name, direction);
  return text;
}

std::string BatchKey::literal(const Row& key, std::size_t column) const {
  const std::string& value = *key[column];
  switch (columns_[column].kind) {
    case Column::Kind::number:
      return value;
    case Column::Kind::bytes:
      return "x'" + value + "'";
    case Column::Kind::text:
      break;
  }
  return quote_text(catalog::Engine::mysql, value);
}

std::string BatchKey::behind(const Row& key) const { return compared(key, ">", ">"); }
std::string BatchKey::up_to(const Row& key) const { return compared(key, "<", "<="); }

std::string BatchKey::compared(const Row& key, std::string_view before_last, std::string_view last) const {
  std::string text;
  std::string equal;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const bool is_last = i + 1 == columns_.size();
    const std::string value = literal(key, i);
    text += fmt::format("{}({}{} {} {})", text.empty() ? "" : " OR ", equal, columns_[i].name,
                        is_last ? last : before_last, value);
    equal += fmt::format("{} = {} AND ", columns_[i].name, value);
  }
  return "(" + text + ")";
}

std::string BatchKey::one_of(std::span<const Row> keys) const {
  std::string list;
  for (const Row& key : keys) {
    std::string values;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      values += fmt::format("{}{}", values.empty() ? "" : ", ", literal(key, i));
    list += fmt::format("{}{}{}{}", list.empty() ? "" : ", ", columns_.size() > 1 ? "(" : "", values,
                        columns_.size() > 1 ? ")" : "");
  }
  return fmt::format("({}) IN ({})", ascending(), list);
}

}  // namespace tenon::migrate
