// What the server sent, cut into messages. Pure: bytes are put in by whoever reads the socket. Rows are not
// taken out of it: their sets keep the bytes of their exchange alive and read them where they lie.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace tenon::sql::postgres {

// The bytes of one exchange. Grows without being filled with zeros first.
struct Received {
  Received() = default;
  Received(const Received&) = delete;
  Received& operator=(const Received&) = delete;
  ~Received();

  char* data = nullptr;
  std::size_t size = 0;
  std::size_t capacity = 0;
};

// A message of the server (protocol 3.0, "Message Formats"): its type and what follows its length.
struct Message {
  char type = 0;
  std::string_view body;   // valid until the inbox is given more room
  std::size_t offset = 0;  // of the body in Received
};

class Inbox {
 public:
  enum class Next : std::uint8_t {
    message,
    incomplete,
    malformed,  // no message of the protocol, or more than database_answer_bytes_max
  };
  Next next(Message& message);

  // Where to put what arrives next, then how much of it did. Never empty.
  std::span<char> room();
  void add(std::size_t size) { bytes_->size += size; }

  // Another exchange begins: bytes that were taken are left to the rows that lie in them.
  void start();
  // The exchange is over: what it needed beyond the usual is not kept until the next.
  void rest();
  std::shared_ptr<const Received> bytes() const { return bytes_; }
  bool empty() const { return taken_ == bytes_->size; }
  // Of the message that is not whole yet, as far as is known.
  std::size_t awaited() const { return wanted_ > taken_ ? wanted_ - taken_ : 0; }

 private:
  void replace(std::size_t capacity);

  std::shared_ptr<Received> bytes_ = std::make_shared<Received>();
  std::size_t taken_ = 0;
  std::size_t expected_ = 0;
  std::size_t wanted_ = 0;  // bytes up to the end of a message that is not whole yet
};

// Numbers of the protocol are big-endian. `at` has room for them.
template <class Number>
Number read_number(const char* at) {
  Number number{};
  std::memcpy(&number, at, sizeof number);
  return std::endian::native == std::endian::little ? std::byteswap(number) : number;
}
inline std::uint16_t read_16(const char* at) { return read_number<std::uint16_t>(at); }
inline std::int32_t read_32(const char* at) { return read_number<std::int32_t>(at); }

}  // namespace tenon::sql::postgres
