// GraphQL over WebSocket: the subprotocol graphql-transport-ws
// (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). Queries and mutations; a subscription is
// refused by validation as long as the schema has none.
#pragma once

#include <chrono>
#include <cstdint>

#include "net/http_message.h"
#include "server/api_keys.h"
#include "server/operation_runner.h"

namespace tenon::server {

struct GraphqlWebSocketOptions {
  std::chrono::milliseconds init_timeout{3'000};  // from the opening to connection_init
  std::uint32_t operations_max = 100;             // at once on one socket
};

// One for each worker.
class GraphqlWebSocket {
 public:
  GraphqlWebSocket(const ApiKeys& api_keys, OperationRunner& runner, const GraphqlWebSocketOptions& options)
      : api_keys_(api_keys), runner_(runner), options_(options) {}

  // The answer to an upgrade request: a refusal, or a response that becomes the socket. The API key comes as
  // the header x-api-key or, since browsers cannot set one, as "x-api-key" in connection_init's payload.
  net::Response answer(const net::Request& request);

 private:
  const ApiKeys& api_keys_;
  OperationRunner& runner_;
  const GraphqlWebSocketOptions& options_;
};

}  // namespace tenon::server
