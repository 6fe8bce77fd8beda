#include "net/request_parser.h"

#include <optional>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/limits.h"

namespace tenon::net {

namespace http = boost::beast::http;
using boost::beast::error_code;

namespace {

// "0", its line end, and the empty line behind it. Any other chunk is longer.
constexpr std::size_t last_chunk_bytes = 5;

// Beast counts the request line and the fields apart when both come at once, so the limit is counted here;
// its own, which ends a header that never does, is so much higher.
constexpr std::uint32_t header_limit_slack = 4;

constexpr std::size_t kept_body_bytes = 64 * 1024;

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::patch:
      return Method::patch;
    case http::verb::delete_:
      return Method::delete_;
    case http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

// Beast's parser, calling us. It cannot be used twice, so each request makes its own; that allocates nothing.
class RequestParser::Grammar {
 public:
  class Parser final : public http::basic_parser<true> {
   public:
    explicit Parser(RequestParser& owner) : owner_(owner) {
      header_limit(static_cast<std::uint32_t>(owner.limits_.header_bytes_max) + header_limit_slack);
      body_limit(owner.limits_.body_bytes_max);
    }

   private:
    void on_request_impl(http::verb verb, boost::beast::string_view, boost::beast::string_view target,
                         int version, error_code&) override {
      owner_.request_.method = method_of(verb);
      owner_.request_.http_1_0 = version == 10;
      owner_.target_ = owner_.keep(view(target));
    }
    void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
    void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                       error_code&) override {
      if (!owner_.header_done_) owner_.add_header(view(name), view(value));  // trailers are dropped
    }
    void on_header_impl(error_code&) override { owner_.finish_header(); }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(boost::beast::string_view bytes, error_code&) override {
      owner_.body_.append(bytes.data(), bytes.size());
      return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view bytes, error_code&) override {
      owner_.body_.append(bytes.data(), bytes.size());
      return bytes.size();
    }
    void on_finish_impl(error_code&) override {}

    RequestParser& owner_;
  };

  std::optional<Parser> parser;
};

RequestParser::RequestParser(const base::HttpLimits& limits)
    : limits_(limits), grammar_(std::make_unique<Grammar>()) {
  reset();
}

RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  grammar_->parser.emplace(*this);
  state_ = State::start;
  header_done_ = false;
  header_bytes_ = 0;
  chunk_line_pending_ = false;
  text_.clear();
  headers_.clear();
  if (body_.capacity() > kept_body_bytes) {
    body_ = std::string();
  } else {
    body_.clear();
  }
  request_.headers.clear();
  request_.body = {};
}

RequestParser::Range RequestParser::keep(std::string_view text) {
  const Range range{.begin = static_cast<std::uint32_t>(text_.size()),
                    .size = static_cast<std::uint32_t>(text.size())};
  text_.append(text);
  return range;
}

void RequestParser::add_header(std::string_view name, std::string_view value) {
  if (headers_.size() == base::http_header_count_max)
    return fail(431, "The request has too many header fields.");
  const Range name_range = keep(name);
  headers_.push_back({.name = name_range, .value = keep(value)});
}

void RequestParser::finish_header() {
  header_done_ = true;
  for (const HeaderRange& header : headers_) {
    request_.headers.push_back({.name = text(header.name), .value = text(header.value)});
  }
  request_.target = text(target_);
  request_.keep_alive = grammar_->parser->keep_alive();
  split_target();
  check_header();
}

void RequestParser::split_target() {
  std::string_view target = request_.target;
  // The absolute form must be accepted of clients that take us for a proxy (RFC 9112, section 3.2.2).
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && target[0] != '/') {
    target.remove_prefix(scheme + 3);
    const std::size_t path = target.find_first_of("/?");
    target = path == std::string_view::npos ? "/" : target.substr(path);
    if (target[0] == '?') return fail(400, "The request target has no path.");
  }
  if (target != "*" && !target.starts_with('/')) return fail(400, "The request target is not a path.");
  const std::size_t question = target.find('?');
  request_.path = target.substr(0, question);
  request_.query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
}

// What two servers in a row may read differently is refused (RFC 9112, sections 3.2 and 6).
void RequestParser::check_header() {
  std::size_t hosts = 0;
  for (const Header& header : request_.headers) {
    if (equal_ignoring_case(header.name, "host")) ++hosts;
    if (equal_ignoring_case(header.name, "transfer-encoding")) {
      if (request_.http_1_0) return fail(400, "HTTP/1.0 has no Transfer-Encoding.");
      if (!equal_ignoring_case(header.value, "chunked")) {
        return fail(501, "The only Transfer-Encoding served is chunked.");
      }
    }
    if (equal_ignoring_case(header.name, "expect") && !equal_ignoring_case(header.value, "100-continue")) {
      return fail(417, "The only expectation served is 100-continue.");
    }
  }
  if (hosts > 1 || (hosts == 0 && !request_.http_1_0)) {
    return fail(400, "A request needs exactly one Host header.");
  }
}

void RequestParser::fail(unsigned status, std::string_view reason) {
  if (state_ == State::failed) return;
  state_ = State::failed;
  failure_ = {.status = status, .reason = reason};
}

bool RequestParser::awaits_continue() const {
  return state_ == State::body && body_.empty() && !request_.http_1_0 && !request_.header("expect").empty();
}

std::size_t RequestParser::feed(std::string_view bytes) {
  std::size_t consumed = 0;
  http::basic_parser<true>& parser = *grammar_->parser;
  if (state_ == State::start) {
    // Some clients send an empty line behind a body (RFC 9112, section 2.2).
    while (bytes.substr(consumed).starts_with("\r\n")) consumed += 2;
    if (bytes.substr(consumed) == "\r") return consumed;
  }
  // Beast asserts that a last chunk which it has seen the line of is never offered shorter than this again.
  if (chunk_line_pending_ && bytes.size() < last_chunk_bytes) return 0;
  while (state_ != State::failed && state_ != State::complete && consumed < bytes.size()) {
    error_code error;
    const std::string_view rest = bytes.substr(consumed);
    const bool in_header = !header_done_;
    const std::size_t taken = parser.put(boost::asio::buffer(rest.data(), rest.size()), error);
    consumed += taken;
    if (in_header) header_bytes_ += taken;
    if (header_bytes_ > limits_.header_bytes_max) fail(431, "The header of the request is too large.");
    if (state_ == State::failed) return consumed;
    state_ = parser.is_header_done() ? State::body : State::header;
    if (parser.is_done()) {
      state_ = State::complete;
      request_.body = body_;
    } else if (error == http::error::need_more) {
      if (state_ == State::body && rest.size() - taken > base::http_chunk_line_bytes_max) {
        fail(400, "A chunk header or trailer is too long.");
      }
      chunk_line_pending_ = state_ == State::body && rest.size() > taken;
      return consumed;
    } else if (error == http::error::header_limit) {
      fail(431, "The header of the request is too large.");
    } else if (error == http::error::body_limit) {
      fail(413, "The body of the request is too large.");
    } else if (error == http::error::bad_version) {
      fail(505, "Only HTTP/1.0 and HTTP/1.1 are served.");
    } else if (error) {
      fail(400, "This is not a well-formed HTTP request.");
    }
  }
  return consumed;
}

}  // namespace tenon::net
