// Request bodies and everything that is made of them up to the operation: whatever the bytes, preparing ends
// without harm, and JSON that was read survives its own round trip.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "graphql/operation.h"
#include "graphql/parser.h"
#include "graphql/request.h"
#include "graphql/schema_builder.h"

namespace {

using namespace tenon;

constexpr std::string_view sdl = R"(
  type Query { post(id: ID!): Post posts(filter: Filter, limit: Int = 10, order: [Order!]): [Post!] raw(j: Any): Int }
  type Mutation { touch(post: Post_): Post }
  interface Node { id: ID! }
  type Post implements Node { id: ID! score(min: Float): Float author: Person }
  type Person implements Node { id: ID! posts(limit: Int): [Post] }
  union Found = Post | Person
  input Filter { title: Text and: [Filter!] limit: Int = 5 flag: Boolean }
  input Text { eq: String in: [[String!]] }
  input Post_ { id: ID! score: Float = 1 kind: Direction! = ASC any: Any }
  input Order @oneOf { id: Direction title: Direction }
  enum Direction { ASC DESC }
  scalar Any
)";

void expect(bool holds) {
  if (!holds) std::abort();
}

void json(std::string_view text) {
  const auto read = graphql::parse_json(text);
  if (!read) return;
  std::string once;
  graphql::append_json(once, graphql::JsonValue(*read));
  const auto again = graphql::parse_json(once);
  expect(again.has_value());
  std::string twice;
  graphql::append_json(twice, graphql::JsonValue(*again));
  expect(once == twice);
  graphql::show_json(graphql::JsonValue(*read));
}

// The document is not validated first: what validation would refuse must be an error here, not a crash.
void execute(const std::shared_ptr<const graphql::Schema>& schema, const graphql::Request& request) {
  auto parsed = graphql::parse(std::string(request.query), {});
  if (!parsed) return;
  const graphql::ValidDocument document{schema,
                                        std::make_shared<const graphql::Document>(std::move(*parsed))};
  const auto selected = graphql::select_operation(*document.document, request.operation_name);
  if (!selected) return;
  const auto variables = graphql::coerce_variables(document, *selected, request.variables());
  if (!variables) {
    graphql::error_response(variables.error());
    return;
  }
  const auto operation = graphql::collect(document, *selected, *variables);
  if (!operation) return;
  graphql::describe(*operation);
  for (std::uint32_t i = 0; i < operation->input.nodes.size(); ++i)
    variables->find(operation->input.origin(operation->input[i]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const graphql::Schema> schema = graphql::build_schema(sdl).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  json(text);
  const auto request = graphql::parse_request(text);
  if (request) execute(schema, *request);
  return 0;
}
