// GraphQL over WebSocket: the subprotocol graphql-transport-ws
// (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). Queries and mutations; a subscription is
// refused by validation as long as the schema has none.
#pragma once

#include <chrono>
#include <cstdint>

#include <boost/asio/awaitable.hpp>

#include "identity/authenticator.h"
#include "net/http_message.h"
#include "server/operation_runner.h"

namespace tenon::server {

struct GraphqlWebSocketOptions {
  std::chrono::milliseconds init_timeout{3'000};  // from the opening to connection_init
  std::uint32_t operations_max = 100;             // at once on one socket
};

// One for each worker.
class GraphqlWebSocket {
 public:
  GraphqlWebSocket(identity::Authenticator& authenticator, OperationRunner& runner,
                   const GraphqlWebSocketOptions& options)
      : authenticator_(authenticator), runner_(runner), options_(options) {}

  // The answer to an upgrade request: a refusal, or a response that becomes the socket. The credential comes
  // as headers of that request or, since browsers cannot set any, as members of connection_init's payload:
  // the same names, "x-api-key" and "authorization", which win.
  boost::asio::awaitable<net::Response> answer(const net::Request& request);

 private:
  identity::Authenticator& authenticator_;
  OperationRunner& runner_;
  const GraphqlWebSocketOptions& options_;
};

}  // namespace tenon::server
