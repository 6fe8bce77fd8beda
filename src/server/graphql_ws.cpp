#include "server/graphql_ws.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "graphql/json.h"
#include "identity/signed_request.h"
#include "net/websocket.h"

namespace tenon::server {

namespace asio = boost::asio;
using graphql::JsonKind;
using graphql::JsonValue;

namespace {

constexpr std::string_view protocol = "graphql-transport-ws";
// What a credential comes as: headers of the upgrade request, or members of connection_init's payload.
constexpr std::string_view credential_names[] = {"x-api-key", "authorization"};

// Close codes of the subprotocol.
constexpr std::uint16_t bad_message = 4400;
constexpr std::uint16_t unauthorized = 4401;
constexpr std::uint16_t forbidden = 4403;
constexpr std::uint16_t init_timed_out = 4408;
constexpr std::uint16_t subscriber_exists = 4409;
constexpr std::uint16_t too_many_inits = 4429;
// A close frame's reason holds 123 bytes.
constexpr std::size_t reason_id_bytes_max = 80;

bool offers_protocol(const net::Request& request) {
  for (const net::Header& header : request.headers) {
    if (!net::equal_ignoring_case(header.name, "sec-websocket-protocol")) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t comma = rest.find(',');
      std::string_view offer = rest.substr(0, comma);
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
      while (offer.starts_with(' ')) offer.remove_prefix(1);
      while (offer.ends_with(' ')) offer.remove_suffix(1);
      if (offer == protocol) return true;
    }
  }
  return false;
}

std::string message(std::string_view type, std::string_view id = {}, std::string_view payload = {}) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object();
  if (!id.empty()) json.member("id", id);
  json.member("type", type);
  if (!payload.empty()) json.key("payload").raw(payload);
  json.end_object();
  return out;
}

bool names_credential(std::string_view name) {
  return std::ranges::any_of(credential_names,
                             [&](std::string_view known) { return net::equal_ignoring_case(name, known); });
}

bool is_one_of(JsonValue value, std::initializer_list<JsonKind> kinds) {
  if (!value) return true;
  for (const JsonKind kind : kinds) {
    if (value.kind() == kind) return true;
  }
  return value.is_null();
}

bool is_request(JsonValue payload) {
  if (!payload || payload.kind() != JsonKind::object) return false;
  const JsonValue query = payload.member("query");
  const bool has_id = payload.member("documentId") || payload.member("extensions");
  return (query ? query.kind() == JsonKind::string : has_id) &&
         is_one_of(payload.member("documentId"), {JsonKind::string}) &&
         is_one_of(payload.member("operationName"), {JsonKind::string}) &&
         is_one_of(payload.member("variables"), {JsonKind::object}) &&
         is_one_of(payload.member("extensions"), {JsonKind::object});
}

// The list of errors inside a response without data.
std::string errors_of(std::string_view body) {
  std::string out;
  if (const auto json = graphql::parse_json(body)) {
    const JsonValue response(*json);
    if (const JsonValue errors = response.member("errors")) graphql::append_json(out, errors);
  }
  return out.empty() ? "[]" : out;
}

// One socket. Shared with its operations, which may end after it.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(identity::Authenticator& authenticator, OperationRunner& runner,
          const GraphqlWebSocketOptions& options, const net::Request& request)
      : authenticator_(authenticator),
        runner_(runner),
        options_(options),
        request_id_(request.id),
        remote_address_(request.remote_address),
        path_(std::string(request.path) + "/connect") {}

  // Looks at the credential that the upgrade request carries, if any.
  asio::awaitable<void> open(const net::Request& request) {
    for (const net::Header& header : request.headers)
      if (names_credential(header.name)) credential_.emplace_back(header.name, header.value);
    if (!credential_.empty()) principal_ = co_await authenticator_.authenticate(request);
  }

  asio::awaitable<void> run(net::WebSocket& socket) {
    socket_ = &socket;
    asio::steady_timer init_timer(socket.executor(), options_.init_timeout);
    init_timer.async_wait([session = weak_from_this()](boost::system::error_code error) {
      const auto self = session.lock();
      if (!error && self && self->socket_ && !self->asked_) {
        self->socket_->close(init_timed_out, "Connection initialisation timeout");
      }
    });
    while (auto received = co_await socket.read()) {
      if (received->binary) {
        socket.close(bad_message, "Messages are text.");
      } else if (!closing_) {
        co_await take(received->text);
      }
    }
    socket_ = nullptr;
    for (auto& [id, operation] : operations_) operation.signal->emit(asio::cancellation_type::terminal);
  }

 private:
  struct Operation {
    std::uint64_t number;  // tells a later operation of the same id apart
    std::shared_ptr<asio::cancellation_signal> signal;
  };

  void close(std::uint16_t code, std::string_view reason) {
    closing_ = true;
    socket_->close(code, reason);
  }

  asio::awaitable<void> take(std::string_view text) {
    const auto json = graphql::parse_json(text);
    if (!json || (*json)[0].kind != JsonKind::object)
      co_return close(bad_message, "The message is no JSON object.");
    const JsonValue root(*json);
    const JsonValue type = root.member("type");
    if (!type || type.kind() != JsonKind::string) co_return close(bad_message, "The message has no type.");
    if (type->text == "connection_init") co_return co_await initialise(root);
    if (type->text == "ping") co_return socket_->send(message("pong"));
    if (type->text == "pong") co_return;
    if (type->text == "subscribe") co_return co_await subscribe(root);
    if (type->text == "complete") co_return complete(root);
    close(bad_message, "The message has an unknown type.");
  }

  // As if the credential had come with a request. What Amplify signs for a socket is a POST of {} to
  // <path>/connect (section 8.2 of its contract).
  asio::awaitable<identity::Verdict> authenticate() {
    net::Request request{.method = net::Method::post,
                         .path = path_,
                         .body = "{}",
                         .id = request_id_,
                         .remote_address = remote_address_};
    for (const auto& [name, value] : credential_) request.headers.push_back({name, value});
    co_return co_await authenticator_.authenticate(request);
  }

  // Members of the payload that are texts, as headers, if one of them is a credential.
  bool take_credential(JsonValue payload) {
    if (!payload || payload.kind() != JsonKind::object || payload->size > base::http_header_count_max)
      return false;
    std::vector<std::pair<std::string, std::string>> headers;
    bool given = false;
    for (const JsonValue member : payload) {
      given = given || names_credential(member->key);
      headers.emplace_back(member->key,
                           member.kind() == JsonKind::string ? member->text : std::string_view());
    }
    if (given) credential_ = std::move(headers);
    return given;
  }

  asio::awaitable<void> initialise(JsonValue root) {
    if (asked_) co_return close(too_many_inits, "Too many initialisation requests");
    const JsonValue payload = root.member("payload");
    if (!is_one_of(payload, {JsonKind::object}))
      co_return close(bad_message, "The payload is no JSON object.");
    asked_ = true;
    if (take_credential(payload) || credential_.empty()) principal_ = co_await authenticate();
    if (!principal_) {
      refused();
      co_return close(forbidden, "Forbidden");
    }
    initialised_ = true;
    socket_->send(message("connection_ack"));
  }

  void refused() {
    runner_.count_refusal(request_id_, Outcome::unauthorized, code::unauthenticated,
                          identity::cause(principal_.error()));
    runner_.count_bad_credential(remote_address_);
  }

  // A socket may live longer than its credential. A signature is good for the moment it was made in, and for
  // what it opened.
  bool may_have_expired() const {
    return std::ranges::none_of(credential_, [](const auto& header) {
      return net::equal_ignoring_case(header.first, "authorization") && identity::is_signature(header.second);
    });
  }

  asio::awaitable<void> subscribe(JsonValue root) {
    if (!initialised_) co_return close(unauthorized, "Unauthorized");
    const JsonValue id = root.member("id");
    if (!id || id.kind() != JsonKind::string || id->text.empty())
      co_return close(bad_message, "The message has no id.");
    const JsonValue payload = root.member("payload");
    if (!is_request(payload)) co_return close(bad_message, "The payload is no GraphQL request.");
    if (operations_.contains(id->text)) {
      const bool fits = id->text.size() <= reason_id_bytes_max;
      co_return close(subscriber_exists,
                      fmt::format("Subscriber for {} already exists", fits ? id->text : "this id"));
    }
    const auto refuse = [&](const std::string& body) {
      socket_->send(message("error", id->text, errors_of(body)));
    };
    if (operations_.size() >= options_.operations_max)
      co_return refuse(error_body("Too many operations at once.", "TOO_MANY_OPERATIONS"));
    if (may_have_expired()) principal_ = co_await authenticate();
    if (!principal_) {
      refused();
      co_return refuse(
          error_body(refusal_message(principal_.error()), code::unauthenticated, unauthorized_type));
    }
    std::string request;
    graphql::append_json(request, payload);
    start(std::string(id->text), std::move(request));
  }

  void start(std::string id, std::string request) {
    const auto signal = std::make_shared<asio::cancellation_signal>();
    const std::uint64_t number = next_number_++;
    operations_.emplace(id, Operation{.number = number, .signal = signal});
    asio::co_spawn(socket_->executor(),
                   run_operation(shared_from_this(), std::move(id), number, std::move(request), *principal_),
                   asio::bind_cancellation_slot(signal->slot(), [signal](std::exception_ptr) {}));
  }

  static asio::awaitable<void> run_operation(std::shared_ptr<Session> self, std::string id,
                                             std::uint64_t number, std::string request,
                                             std::shared_ptr<const policy::Principal> principal) {
    co_await asio::this_coro::throw_if_cancelled(false);
    const GraphqlReply reply = co_await self->runner_.run(
        request,
        {.request_id = self->request_id_, .remote_address = self->remote_address_, .principal = principal});
    const auto found = self->operations_.find(id);
    if (found == self->operations_.end() || found->second.number != number) co_return;  // the client is done
    self->operations_.erase(found);
    if (!self->socket_) co_return;
    if (reply.outcome == Outcome::executed || reply.outcome == Outcome::executed_in_part) {
      self->socket_->send(message("next", id, reply.body));
      self->socket_->send(message("complete", id));
    } else {
      self->socket_->send(message("error", id, errors_of(reply.body)));
    }
  }

  void complete(JsonValue root) {
    const JsonValue id = root.member("id");
    if (!id || id.kind() != JsonKind::string || id->text.empty())
      return close(bad_message, "The message has no id.");
    const auto found = operations_.find(id->text);
    if (found == operations_.end()) return;
    const auto signal = found->second.signal;
    operations_.erase(found);
    signal->emit(asio::cancellation_type::terminal);
  }

  identity::Authenticator& authenticator_;
  OperationRunner& runner_;
  const GraphqlWebSocketOptions& options_;
  std::string request_id_;
  std::string remote_address_;
  std::string path_;  // that a signature of connection_init is about
  std::vector<std::pair<std::string, std::string>> credential_;  // and what was signed with it
  identity::Verdict principal_ = std::unexpected(identity::Refusal::credential_missing);
  net::WebSocket* socket_ = nullptr;  // while it is open
  bool asked_ = false;                // connection_init has come
  bool initialised_ = false;
  bool closing_ = false;
  std::uint64_t next_number_ = 0;
  std::map<std::string, Operation, std::less<>> operations_;
};

}  // namespace

asio::awaitable<net::Response> GraphqlWebSocket::answer(const net::Request& request) {
  net::Response response;
  if (!offers_protocol(request)) {
    runner_.count_refusal(request.id, Outcome::bad_request, code::bad_request);
    response.status = 400;
    response.content_type = "application/json; charset=utf-8";
    response.body =
        error_body("The WebSocket subprotocol served is graphql-transport-ws.", code::bad_request);
    co_return response;
  }
  const auto session = std::make_shared<Session>(authenticator_, runner_, options_, request);
  co_await session->open(request);
  response.web_socket_protocol = protocol;
  response.web_socket = [session](net::WebSocket& socket) { return session->run(socket); };
  co_return response;
}

}  // namespace tenon::server
