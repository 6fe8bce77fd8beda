// HTTP/1.x requests out of bytes, however the bytes are cut. A state machine without a socket: the connection
// feeds it, tests and the fuzzer do the same. Boost.Beast's grammar, with our limits and our view of what is
// too ambiguous to serve.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "net/http_message.h"

namespace tenon::net {

class RequestParser {
 public:
  enum class State : std::uint8_t {
    start,     // nothing of a request seen
    header,    // some of it
    body,      // the header is complete
    complete,  // request() is valid until reset()
    failed,    // failure() says how to answer; the connection cannot go on
  };
  struct Failure {
    unsigned status = 400;
    std::string_view reason;  // a sentence for the client
  };

  explicit RequestParser(const base::HttpLimits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Takes what it can from the front and says how much. Stops behind a complete request.
  std::size_t feed(std::string_view bytes);

  State state() const { return state_; }
  const Failure& failure() const { return failure_; }
  // The client waits for "100 Continue" before it sends its body.
  bool awaits_continue() const;
  Request& request() { return request_; }

  // Ready for the next request; keeps the memory unless a large body used it.
  void reset();

 private:
  class Grammar;
  friend class Grammar;

  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct HeaderRange {
    Range name;
    Range value;
  };

  Range keep(std::string_view text);
  std::string_view text(Range range) const { return std::string_view(text_).substr(range.begin, range.size); }
  void add_header(std::string_view name, std::string_view value);
  void finish_header();
  void split_target();
  void check_header();
  void fail(unsigned status, std::string_view reason);

  const base::HttpLimits& limits_;
  std::unique_ptr<Grammar> grammar_;
  State state_ = State::start;
  Failure failure_;
  bool header_done_ = false;
  std::size_t header_bytes_ = 0;
  bool chunk_line_pending_ = false;  // the last feed ended inside a chunk's line or the trailer
  // Request line and header as they came; ranges until it no longer grows, views after.
  std::string text_;
  Range target_;
  std::vector<HeaderRange> headers_;
  std::string body_;
  Request request_;
};

}  // namespace tenon::net
