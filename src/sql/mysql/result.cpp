#include "sql/mysql/result.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>

namespace tenon::sql::mysql {

namespace {

constexpr std::uint32_t fraction_digits_max = 6;
constexpr unsigned int binary_charset = 63;

// Little endian, as everything in the protocol. False when the packet ends before.
template <class T>
bool take(std::string_view& packet, T& value) {
  if (packet.size() < sizeof value) return false;
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(&value, packet.data(), sizeof value);
  packet.remove_prefix(sizeof value);
  return true;
}

// An integer of one to nine bytes: small ones stand for themselves, larger ones behind a byte that tells
// their size.
bool take_length(std::string_view& packet, std::uint64_t& length) {
  std::uint8_t first = 0;
  if (!take(packet, first)) return false;
  std::size_t bytes = 0;
  switch (first) {
    case 0xfc:
      bytes = 2;
      break;
    case 0xfd:
      bytes = 3;
      break;
    case 0xfe:
      bytes = 8;
      break;
    case 0xfb:
    case 0xff:
      return false;
    default:
      length = first;
      return true;
  }
  if (packet.size() < bytes) return false;
  length = 0;
  std::memcpy(&length, packet.data(), bytes);
  packet.remove_prefix(bytes);
  return true;
}

bool take_bytes(std::string_view& packet, std::string_view& bytes) {
  std::uint64_t length = 0;
  if (!take_length(packet, length) || length > packet.size()) return false;
  bytes = packet.substr(0, length);
  packet.remove_prefix(length);
  return true;
}

template <class T>
void append_number(std::string& out, T value) {
  char digits[40];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end);
}

template <class T>
bool append_taken(std::string& out, std::string_view& packet) {
  T value{};
  if (!take(packet, value)) return false;
  append_number(out, value);
  return true;
}

template <class Signed>
bool append_integer(std::string& out, std::string_view& packet, bool is_unsigned) {
  return is_unsigned ? append_taken<std::make_unsigned_t<Signed>>(out, packet)
                     : append_taken<Signed>(out, packet);
}

void append_padded(std::string& out, std::uint32_t value, std::size_t digits) {
  char text[16];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  const auto size = static_cast<std::size_t>(end - text);
  if (size < digits) out.append(digits - size, '0');
  out.append(text, size);
}

// .ffffff with as many digits as the column has.
void append_fraction(std::string& out, std::uint32_t micros, std::uint32_t decimals) {
  const bool unknown = decimals > fraction_digits_max;
  if (decimals == 0 || (unknown && micros == 0)) return;
  out += '.';
  append_padded(out, micros, fraction_digits_max);
  if (!unknown) out.resize(out.size() - (fraction_digits_max - decimals));
}

void append_clock(std::string& out, std::uint32_t hours, std::uint8_t minutes, std::uint8_t seconds) {
  append_padded(out, hours, 2);
  out += ':';
  append_padded(out, minutes, 2);
  out += ':';
  append_padded(out, seconds, 2);
}

// 0, 4, 7 or 11 bytes: what is zero at the end is left out.
bool append_datetime(std::string& out, std::string_view bytes, bool date_only, std::uint32_t decimals) {
  std::uint16_t year = 0;
  std::uint8_t month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::uint32_t micros = 0;
  if (!bytes.empty() && (!take(bytes, year) || !take(bytes, month) || !take(bytes, day))) return false;
  if (!bytes.empty() && (!take(bytes, hour) || !take(bytes, minute) || !take(bytes, second))) return false;
  if (!bytes.empty() && !take(bytes, micros)) return false;
  append_padded(out, year, 4);
  out += '-';
  append_padded(out, month, 2);
  out += '-';
  append_padded(out, day, 2);
  if (date_only) return true;
  out += ' ';
  append_clock(out, hour, minute, second);
  append_fraction(out, micros, decimals);
  return true;
}

// 0, 8 or 12 bytes. Up to 838 hours: days are hours here.
bool append_time(std::string& out, std::string_view bytes, std::uint32_t decimals) {
  std::uint8_t negative = 0, hour = 0, minute = 0, second = 0;
  std::uint32_t days = 0, micros = 0;
  if (!bytes.empty() && (!take(bytes, negative) || !take(bytes, days) || !take(bytes, hour) ||
                         !take(bytes, minute) || !take(bytes, second)))
    return false;
  if (!bytes.empty() && !take(bytes, micros)) return false;
  if (negative != 0) out += '-';
  append_clock(out, days * 24 + hour, minute, second);
  append_fraction(out, micros, decimals);
  return true;
}

// Big endian, up to 64 bits.
bool append_bits(std::string& out, std::string_view bytes) {
  if (bytes.size() > sizeof(std::uint64_t)) return false;
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  append_number(out, value);
  return true;
}

// A value that comes as bytes behind their length.
bool append_bytes(std::string& out, const ResultColumn& column, std::string_view bytes) {
  switch (column.type) {
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
      return append_datetime(out, bytes, true, 0);
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
      return append_datetime(out, bytes, false, column.decimals);
    case MYSQL_TYPE_TIME:
      return append_time(out, bytes, column.decimals);
    case MYSQL_TYPE_BIT:
      return append_bits(out, bytes);
    default:
      out += bytes;
      return true;
  }
}

}  // namespace

RowSet::RowSet(std::vector<ResultColumn> columns) : names_(std::move(columns)) { columns_ = names_.size(); }

void RowSet::reserve(std::size_t rows, std::size_t bytes) {
  cells_.reserve(rows * columns_);
  text_.reserve(bytes);
}

bool RowSet::append_value(const ResultColumn& column, std::string_view& packet) {
  switch (column.type) {
    case MYSQL_TYPE_TINY:
      return append_integer<std::int8_t>(text_, packet, column.is_unsigned);
    case MYSQL_TYPE_SHORT:
      return append_integer<std::int16_t>(text_, packet, column.is_unsigned);
    case MYSQL_TYPE_YEAR: {
      std::uint16_t year = 0;
      if (!take(packet, year)) return false;
      append_padded(text_, year, 4);
      return true;
    }
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
      return append_integer<std::int32_t>(text_, packet, column.is_unsigned);
    case MYSQL_TYPE_LONGLONG:
      return append_integer<std::int64_t>(text_, packet, column.is_unsigned);
    case MYSQL_TYPE_FLOAT:
      return append_taken<float>(text_, packet);
    case MYSQL_TYPE_DOUBLE:
      return append_taken<double>(text_, packet);
    default: {
      std::string_view bytes;
      return take_bytes(packet, bytes) && append_bytes(text_, column, bytes);
    }
  }
}

bool RowSet::end_cell(std::size_t begin) {
  if (text_.size() > std::numeric_limits<std::uint32_t>::max() ||
      text_.size() - begin > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    return false;
  cells_.push_back(
      {.begin = static_cast<std::uint32_t>(begin), .size = static_cast<std::int32_t>(text_.size() - begin)});
  return true;
}

bool RowSet::append_binary(std::string_view packet) { return append_row(packet) && packet.empty(); }

bool RowSet::append_first_of(std::string_view packets) { return append_row(packets); }

bool RowSet::append_row(std::string_view& packet) {
  // A header byte, then one bit for each column (two reserved ones in front) that is NULL.
  const std::size_t null_bytes = (columns_ + 9) / 8;
  if (packet.size() < 1 + null_bytes) return false;
  const std::string_view nulls = packet.substr(1, null_bytes);
  packet.remove_prefix(1 + null_bytes);
  for (std::size_t i = 0; i < columns_; ++i) {
    const std::size_t bit = i + 2;
    if ((static_cast<unsigned char>(nulls[bit / 8]) >> (bit % 8) & 1) != 0 ||
        names_[i].type == MYSQL_TYPE_NULL) {
      cells_.emplace_back();
      continue;
    }
    const std::size_t begin = text_.size();
    if (!append_value(names_[i], packet) || !end_cell(begin)) return false;
  }
  ++rows_;
  return true;
}

bool RowSet::append_text(const char* const* values, const unsigned long* lengths) {
  for (std::size_t i = 0; i < columns_; ++i) {
    if (values[i] == nullptr) {
      cells_.emplace_back();
      continue;
    }
    const std::size_t begin = text_.size();
    const std::string_view value(values[i], lengths[i]);
    if (names_[i].type == MYSQL_TYPE_BIT) {
      if (!append_bits(text_, value)) return false;
    } else {
      text_ += value;
    }
    if (!end_cell(begin)) return false;
  }
  ++rows_;
  return true;
}

bool RowSet::append(const RowSet& other) {
  affected_ += other.affected_;
  if (text_.size() + other.text_.size() > std::numeric_limits<std::uint32_t>::max()) return false;
  const auto shift = static_cast<std::uint32_t>(text_.size());
  text_ += other.text_;
  for (const Span& span : other.cells_) cells_.push_back({.begin = span.begin + shift, .size = span.size});
  rows_ += other.rows_;
  return true;
}

Cell RowSet::cell(std::size_t row, std::size_t column) const {
  const Span span = cells_[row * columns_ + column];
  return {.data = text_.data() + span.begin, .size = span.size};
}

void RowSet::read(std::size_t row, std::span<Cell> cells) const {
  const std::size_t count = std::min(cells.size(), columns_);
  for (std::size_t i = 0; i < count; ++i) cells[i] = cell(row, i);
}

// MariaDB calls a JSON column a text.
ValueType value_type(const ResultColumn& column) {
  using catalog::TypeKind;
  switch (column.type) {
    case MYSQL_TYPE_TINY:
      return {.kind = TypeKind::int8};
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
      return {.kind = TypeKind::int16};
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
      return {.kind = column.is_unsigned ? TypeKind::int64 : TypeKind::int32};
    case MYSQL_TYPE_LONGLONG:
      return {.kind = TypeKind::int64};
    case MYSQL_TYPE_FLOAT:
      return {.kind = TypeKind::float32};
    case MYSQL_TYPE_DOUBLE:
      return {.kind = TypeKind::float64};
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
      return {.kind = TypeKind::decimal};
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
      return {.kind = TypeKind::date};
    case MYSQL_TYPE_TIME:
      return {.kind = TypeKind::time};
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
      return {.kind = TypeKind::timestamp};
    case MYSQL_TYPE_JSON:
      return {.kind = TypeKind::json};
    case MYSQL_TYPE_BIT:
      return {.kind = TypeKind::bit};
    case MYSQL_TYPE_NULL:  // also a parameter, before it has a value
      return {};
    default:
      return {.kind = column.is_binary ? TypeKind::bytes : TypeKind::text};
  }
}

std::vector<ResultColumn> columns_of(const MYSQL_FIELD* fields, unsigned int count) {
  std::vector<ResultColumn> columns;
  columns.reserve(count);
  for (unsigned int i = 0; i < count; ++i)
    columns.push_back({.name = std::string(fields[i].name, fields[i].name_length),
                       .type = fields[i].type,
                       .is_unsigned = (fields[i].flags & UNSIGNED_FLAG) != 0,
                       .is_binary = fields[i].charsetnr == binary_charset,
                       .decimals = fields[i].decimals});
  return columns;
}

std::unique_ptr<RowSet> take_rows(const MYSQL_DATA& stored, const MYSQL_FIELD* fields, unsigned int count) {
  auto rows = std::make_unique<RowSet>(columns_of(fields, count));
  std::size_t bytes = 0;
  for (const MYSQL_ROWS* row = stored.data; row != nullptr; row = row->next) bytes += row->length;
  // Digits of a number are more than its bytes, as a rule not twice as many.
  rows->reserve(stored.rows, bytes * 2);
  for (const MYSQL_ROWS* row = stored.data; row != nullptr; row = row->next)
    if (!rows->append_binary({reinterpret_cast<const char*>(row->data), row->length})) return nullptr;
  return rows;
}

std::unique_ptr<RowSet> take_rows(MYSQL_RES* result) {
  auto rows = std::make_unique<RowSet>(columns_of(mysql_fetch_fields(result), mysql_num_fields(result)));
  while (const MYSQL_ROW row = mysql_fetch_row(result))
    if (!rows->append_text(row, mysql_fetch_lengths(result))) return nullptr;
  return rows;
}

}  // namespace tenon::sql::mysql
