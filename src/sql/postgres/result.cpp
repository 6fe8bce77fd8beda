#include "sql/postgres/result.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tenon::sql::postgres {

namespace {

using catalog::TypeKind;

constexpr std::size_t count_bytes = 2;
constexpr std::size_t length_bytes = 4;
constexpr std::size_t column_bytes = 18;  // of a RowDescription, behind each name

struct TypeIdentifier {
  std::uint32_t scalar;
  std::uint32_t array;
  catalog::TypeKind kind;
};

// The identifiers of built-in types, which are fixed (pg_type.dat).
constexpr auto identifiers = std::to_array<TypeIdentifier>({
    {16, 1000, TypeKind::boolean},       {17, 1001, TypeKind::bytes},       {19, 1003, TypeKind::name},
    {20, 1016, TypeKind::int64},         {21, 1005, TypeKind::int16},       {23, 1007, TypeKind::int32},
    {25, 1009, TypeKind::text},          {26, 1028, TypeKind::oid},         {114, 199, TypeKind::json},
    {142, 143, TypeKind::xml},           {650, 651, TypeKind::cidr},        {700, 1021, TypeKind::float32},
    {701, 1022, TypeKind::float64},      {790, 791, TypeKind::money},       {829, 1040, TypeKind::macaddr},
    {869, 1041, TypeKind::inet},         {1042, 1014, TypeKind::character}, {1043, 1015, TypeKind::varchar},
    {1082, 1182, TypeKind::date},        {1083, 1183, TypeKind::time},      {1114, 1115, TypeKind::timestamp},
    {1184, 1185, TypeKind::timestamptz}, {1186, 1187, TypeKind::interval},  {1266, 1270, TypeKind::timetz},
    {1560, 1561, TypeKind::bit},         {1562, 1563, TypeKind::varbit},    {1700, 1231, TypeKind::decimal},
    {2950, 2951, TypeKind::uuid},        {3802, 3807, TypeKind::jsonb},
});

ValueType value_type(std::uint32_t identifier) {
  for (const TypeIdentifier& type : identifiers)
    if (type.scalar == identifier || type.array == identifier)
      return {.kind = type.kind, .is_array = type.array == identifier};
  return {};
}

}  // namespace

RowSet::RowSet(std::shared_ptr<const Received> bytes, std::shared_ptr<const ResultColumns> columns)
    : bytes_(std::move(bytes)), columns_of_(std::move(columns)) {
  columns_ = columns_of_ ? columns_of_->size() : 0;
}

bool RowSet::add_row(const Message& row) {
  const std::string_view body = row.body;
  if (!columns_of_ || body.size() < count_bytes || read_16(body.data()) != columns_) return false;
  std::size_t at = count_bytes;
  for (std::size_t i = 0; i < columns_; ++i) {
    if (body.size() - at < length_bytes) return false;
    const std::int32_t size = read_32(body.data() + at);
    at += length_bytes;
    if (size <= 0) continue;
    if (body.size() - at < static_cast<std::size_t>(size)) return false;
    at += static_cast<std::size_t>(size);
  }
  if (at != body.size()) return false;
  starts_.push_back(static_cast<std::uint32_t>(row.offset + count_bytes));
  rows_ = starts_.size();
  return true;
}

void RowSet::set_tag(std::string_view tag) {
  const std::string_view count = tag.substr(tag.rfind(' ') + 1);
  std::from_chars(count.data(), count.data() + count.size(), affected_);
}

// add_row has made sure that everything lies within the row.
void RowSet::read(std::size_t row, std::span<Cell> cells) const {
  const char* at = bytes_->data + starts_[row];
  const std::size_t count = std::min(cells.size(), columns_);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t size = read_32(at);
    at += length_bytes;
    cells[i] = {.data = at, .size = size};
    if (size > 0) at += size;
  }
}

// https://www.postgresql.org/docs/current/protocol-message-formats.html: name, then the table's identifier
// (4 bytes) and column (2), the type's identifier (4), and what does not matter here.
std::shared_ptr<const ResultColumns> result_columns(std::string_view body) {
  constexpr std::size_t type_offset = 6;
  if (body.size() < count_bytes) return nullptr;
  auto columns = std::make_shared<ResultColumns>(read_16(body.data()));
  body.remove_prefix(count_bytes);
  for (ResultColumn& column : *columns) {
    const std::size_t end = body.find('\0');
    if (end == std::string_view::npos || body.size() - end - 1 < column_bytes) return nullptr;
    column.name = body.substr(0, end);
    column.type = value_type(static_cast<std::uint32_t>(read_32(body.data() + end + 1 + type_offset)));
    body.remove_prefix(end + 1 + column_bytes);
  }
  return body.empty() ? columns : nullptr;
}

std::optional<std::vector<ValueType>> parameter_types(std::string_view body) {
  if (body.size() < count_bytes) return std::nullopt;
  std::vector<ValueType> types(read_16(body.data()));
  body.remove_prefix(count_bytes);
  if (body.size() != types.size() * length_bytes) return std::nullopt;
  for (std::size_t i = 0; i < types.size(); ++i)
    types[i] = value_type(static_cast<std::uint32_t>(read_32(body.data() + i * length_bytes)));
  return types;
}

}  // namespace tenon::sql::postgres
