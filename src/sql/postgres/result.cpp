#include "sql/postgres/result.h"

#include <algorithm>
#include <charconv>

namespace tenon::sql::postgres {

namespace {

constexpr std::size_t count_bytes = 2;
constexpr std::size_t length_bytes = 4;
constexpr std::size_t column_bytes = 18;  // of a RowDescription, behind each name

}  // namespace

RowSet::RowSet(std::shared_ptr<const Received> bytes, std::shared_ptr<const ColumnNames> columns)
    : bytes_(std::move(bytes)), names_(std::move(columns)) {
  columns_ = names_ ? names_->size() : 0;
}

bool RowSet::add_row(const Message& row) {
  const std::string_view body = row.body;
  if (!names_ || body.size() < count_bytes || read_16(body.data()) != columns_) return false;
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

std::shared_ptr<const ColumnNames> column_names(std::string_view body) {
  if (body.size() < count_bytes) return nullptr;
  auto names = std::make_shared<ColumnNames>(read_16(body.data()));
  body.remove_prefix(count_bytes);
  for (std::string& name : *names) {
    const std::size_t end = body.find('\0');
    if (end == std::string_view::npos || body.size() - end - 1 < column_bytes) return nullptr;
    name = body.substr(0, end);
    body.remove_prefix(end + 1 + column_bytes);
  }
  return body.empty() ? names : nullptr;
}

}  // namespace tenon::sql::postgres
