#include "net/http_client.h"

#include <algorithm>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <fmt/format.h>

#include "base/codes.h"

namespace tenon::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

std::string HttpUrl::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

bool HttpUrl::is_loopback() const { return host == "localhost" || host == "127.0.0.1" || host == "::1"; }

base::Result<HttpUrl> parse_http_url(std::string_view text, std::string_view what) {
  const auto wrong = [&](std::string_view why) {
    return base::fail(base::code::config_invalid, fmt::format("The {} {}.", what, why),
                      "write https://HOST/PATH");
  };
  HttpUrl url{.tls = text.starts_with("https://")};
  if (!url.tls && !text.starts_with("http://")) return wrong("begins neither with https:// nor with http://");
  text.remove_prefix(url.tls ? 8 : 7);
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  const std::string_view target = text.substr(end);
  if (authority.find('@') != std::string_view::npos) return wrong("holds a user");
  if (target.find('#') != std::string_view::npos) return wrong("has a fragment");
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }))
    return wrong("has blanks or control characters");
  const bool bracketed = authority.starts_with('[');
  const std::size_t name_end =
      bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (name_end == std::string_view::npos) return wrong("has an unfinished address");
  url.host = authority.substr(bracketed ? 1 : 0, bracketed ? name_end - 1 : name_end);
  std::string_view rest = authority.substr(name_end + (bracketed ? 1 : 0));
  url.port = url.tls ? "443" : "80";
  if (rest.starts_with(':'))
    url.port = rest.substr(1);
  else if (!rest.empty())
    return wrong("has no usable host");
  const bool digits = std::ranges::all_of(url.port, [](char c) { return c >= '0' && c <= '9'; });
  if (url.host.empty()) return wrong("has no host");
  if (url.port.empty() || url.port.size() > 5 || !digits) return wrong("has no usable port");
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  return url;
}

namespace {

TlsTrust make_context() {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1);
  context->set_verify_mode(asio::ssl::verify_peer);
  return context;
}

}  // namespace

base::Result<TlsTrust> trust_system() {
  TlsTrust context = make_context();
  error_code error;
  context->set_default_verify_paths(error);
  if (error)
    return base::fail(
        base::code::config_invalid,
        fmt::format("The system's certificate authorities cannot be read: {}.", error.message()));
  return context;
}

base::Result<TlsTrust> trust_only(std::string_view pem) {
  TlsTrust context = make_context();
  error_code error;
  context->add_certificate_authority(asio::buffer(pem), error);
  if (error)
    return base::fail(base::code::config_invalid, "The certificate authority is no certificate in PEM.",
                      "it begins with -----BEGIN CERTIFICATE-----");
  return context;
}

namespace {

using Stream = beast::ssl_stream<beast::tcp_stream>;

// What an exchange holds while it runs. A timer ends it by closing its socket.
struct Exchange {
  Exchange(const asio::any_io_executor& executor, asio::ssl::context& context)
      : resolver(executor), stream(executor, context), timer(executor) {}

  asio::ip::tcp::resolver resolver;
  Stream stream;
  asio::steady_timer timer;
  bool over = false;
};

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

template <class ByteStream>
asio::awaitable<error_code> talk(ByteStream& stream, const http::request<http::string_body>& request,
                                 std::size_t answer_bytes_max, ClientAnswer& answer) {
  if (auto [error, written] = co_await http::async_write(stream, request, tuple); error) co_return error;
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(answer_bytes_max);
  if (auto [error, read] = co_await http::async_read(stream, buffer, parser, tuple); error) co_return error;
  answer.status = parser.get().result_int();
  answer.body = std::move(parser.get().body());
  co_return error_code();
}

asio::awaitable<error_code> open(Exchange& exchange, const HttpUrl& url) {
  auto [unresolved, addresses] = co_await exchange.resolver.async_resolve(url.host, url.port, tuple);
  if (unresolved) co_return unresolved;
  if (exchange.over) co_return asio::error::operation_aborted;
  beast::tcp_stream& socket = beast::get_lowest_layer(exchange.stream);
  auto [unconnected, address] = co_await socket.async_connect(addresses, tuple);
  if (unconnected || !url.tls) co_return unconnected;
  error_code not_a_name;
  asio::ip::make_address(url.host, not_a_name);
  if (not_a_name) SSL_set_tlsext_host_name(exchange.stream.native_handle(), url.host.c_str());
  exchange.stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
  auto [refused] = co_await exchange.stream.async_handshake(asio::ssl::stream_base::client, tuple);
  co_return refused;
}

http::request<http::string_body> message_of(const HttpUrl& url, ClientRequest& request) {
  const bool post = request.method == Method::post;
  http::request<http::string_body> message(post ? http::verb::post : http::verb::get, url.target, 11);
  message.set(http::field::host, url.authority());
  message.set(http::field::user_agent, "tenon");
  message.set(http::field::accept, "application/json");
  message.set(http::field::connection, "close");
  for (const auto& [name, value] : request.headers) message.set(name, value);
  message.body() = std::move(request.body);
  message.prepare_payload();
  return message;
}

}  // namespace

asio::awaitable<base::Result<ClientAnswer>> http_exchange(HttpUrl url, ClientRequest request,
                                                          TlsTrust trust) {
  const auto executor = co_await asio::this_coro::executor;
  const auto exchange = std::make_shared<Exchange>(executor, *trust);
  exchange->timer.expires_after(request.timeout);
  exchange->timer.async_wait([weak = std::weak_ptr(exchange)](error_code error) {
    const auto running = weak.lock();
    if (error || !running) return;
    running->over = true;
    running->resolver.cancel();
    beast::get_lowest_layer(running->stream).close();
  });
  const auto message = message_of(url, request);
  ClientAnswer answer;
  error_code error = co_await open(*exchange, url);
  if (!error && url.tls) error = co_await talk(exchange->stream, message, request.answer_bytes_max, answer);
  if (!error && !url.tls)
    error =
        co_await talk(beast::get_lowest_layer(exchange->stream), message, request.answer_bytes_max, answer);
  exchange->timer.cancel();
  if (!error) co_return answer;
  co_return base::fail(base::code::http_request_failed,
                       fmt::format("{} did not answer: {}.", url.authority(),
                                   exchange->over ? "it took too long" : error.message()));
}

}  // namespace tenon::net
