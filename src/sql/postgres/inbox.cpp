#include "sql/postgres/inbox.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "base/limits.h"

namespace tenon::sql::postgres {

namespace {

constexpr std::size_t header_bytes = 5;  // the type, and the length of itself and the rest
// An answer of a few rows fits the first; a larger one doubles its room as it comes, and the next exchange
// begins with as much as the one before needed.
constexpr std::size_t room_initial = 4'096;
constexpr std::size_t room_min = 1'024;
// A message says how long it will be; that much is made ready at once, but no more than this on its word.
constexpr std::size_t room_ahead = 1'048'576;
constexpr std::size_t room_kept_bytes = 65'536;

}  // namespace

Received::~Received() { std::free(data); }

Inbox::Next Inbox::next(Message& message) {
  const std::size_t left = bytes_->size - taken_;
  if (left < header_bytes) {
    wanted_ = 0;
    return Next::incomplete;
  }
  const char* at = bytes_->data + taken_;
  const std::int32_t length = read_32(at + 1);
  if (length < 4) return Next::malformed;
  const std::size_t whole = static_cast<std::size_t>(length) + 1;
  if (taken_ + whole > base::database_answer_bytes_max) return Next::malformed;
  if (left < whole) {
    wanted_ = taken_ + whole;
    return Next::incomplete;
  }
  message = {.type = *at, .body = {at + header_bytes, whole - header_bytes}, .offset = taken_ + header_bytes};
  taken_ += whole;
  return Next::message;
}

void Inbox::replace(std::size_t capacity) {
  void* larger = std::realloc(bytes_->data, capacity);
  if (larger == nullptr) throw std::bad_alloc();
  bytes_->data = static_cast<char*>(larger);
  bytes_->capacity = capacity;
}

std::span<char> Inbox::room() {
  const std::size_t needed = std::max(bytes_->size + room_min, std::min(wanted_, bytes_->size + room_ahead));
  if (bytes_->capacity < needed) replace(std::max({needed, 2 * bytes_->capacity, expected_}));
  return {bytes_->data + bytes_->size, bytes_->capacity - bytes_->size};
}

void Inbox::start() {
  const std::size_t left = bytes_->size - taken_;
  expected_ = std::clamp(std::bit_ceil(bytes_->size), room_initial, room_kept_bytes);
  if (bytes_.use_count() == 1 && bytes_->capacity <= room_kept_bytes) {
    if (left > 0) std::memmove(bytes_->data, bytes_->data + taken_, left);
  } else {
    const auto before = std::exchange(bytes_, std::make_shared<Received>());
    if (left > 0) {
      replace(left + room_min);
      std::memcpy(bytes_->data, before->data + taken_, left);
    }
  }
  bytes_->size = left;
  taken_ = wanted_ = 0;
}

void Inbox::rest() {
  if (bytes_->capacity > room_kept_bytes) start();
}

}  // namespace tenon::sql::postgres
