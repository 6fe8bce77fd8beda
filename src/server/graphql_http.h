// GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): what a request must look like, and
// the media type and status of its answer. The operation itself is the executor's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "identity/authenticator.h"
#include "net/http_message.h"
#include "server/graphql_executor.h"
#include "server/operation_runner.h"

namespace tenon::server {

// How the answer is written, from the Accept header.
enum class AnswerType : std::uint8_t {
  json,              // application/json: a well-formed request is 200, whatever its document
  graphql_response,  // application/graphql-response+json: 400 without data
  event_stream,      // text/event-stream: the distinct connections mode of graphql-sse
};

// nullopt: nothing we have is acceptable. What the client names with the higher weight wins; no header or
// wildcards alone mean application/json; an event stream is for those who name it before the others.
std::optional<AnswerType> choose_answer_type(std::string_view accept);

// The request of a GET's query string as the JSON text that a POST would have carried. nullopt when it cannot
// be decoded, has neither a query nor an id of one, or its variables or extensions are not one JSON object
// each.
std::optional<std::string> request_of_query_string(std::string_view query);

class GraphqlHttp {
 public:
  // With `server_timing` answers carry a header with the times of their stages.
  GraphqlHttp(identity::Authenticator& authenticator, OperationRunner& runner, bool server_timing)
      : authenticator_(authenticator), runner_(runner), server_timing_(server_timing) {}

  boost::asio::awaitable<net::Response> answer(const net::Request& request);

 private:
  boost::asio::awaitable<net::Response> run(const net::Request& request, std::string_view json,
                                            AnswerType type,
                                            std::shared_ptr<const policy::Principal> principal);
  // An answer to what never becomes an operation.
  net::Response refuse(const net::Request& request, Outcome outcome, unsigned status,
                       std::string_view message, std::string_view code, std::string_view error_type = {},
                       std::string_view cause = {});
  net::Response refuse(const net::Request& request, identity::Refusal refusal);

  identity::Authenticator& authenticator_;
  OperationRunner& runner_;
  bool server_timing_;
};

}  // namespace tenon::server
