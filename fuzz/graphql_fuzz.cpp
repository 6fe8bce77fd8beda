// GraphQL documents: whatever the bytes, parsing, printing and validation end without harm; what was parsed
// prints to the same text again and again, and stays valid or invalid when it is printed.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "graphql/parser.h"
#include "graphql/printer.h"
#include "graphql/schema_builder.h"
#include "graphql/validation.h"

namespace {

using namespace tenon;

constexpr std::string_view sdl = R"(
  type Query { book(id: ID!): Book books(first: Int = 10, order: [Order!], where: Where, near: Place): [Book!]! node(id: ID!): Node found: [Found] }
  type Mutation { add(book: Where!): Book }
  type Subscription { added: Book removed: ID }
  interface Node { id: ID! }
  type Book implements Node { id: ID! title(lang: String): String author: Person similar: [Book] }
  type Person implements Node { id: ID! name: String! books: [Book] }
  union Found = Book | Person
  enum Order { TITLE YEAR }
  input Where { title: String and: [Where!] year: Int! = 1 any: Any }
  input Place @oneOf { shelf: ID room: String }
  scalar Any
  directive @tag(name: String!) repeatable on FIELD | QUERY | FRAGMENT_DEFINITION
)";

void expect(bool holds) {
  if (!holds) std::abort();
}

graphql::Document parse_again(const std::string& printed) {
  // Printing spreads nothing out but comments' and commas' places, so only bytes can grow.
  base::DocumentLimits limits;
  limits.bytes_max = UINT32_MAX;
  auto document = graphql::parse(printed, limits);
  expect(document.has_value());
  return *std::move(document);
}

void check(const graphql::Schema& schema, const graphql::Document& document) {
  const std::string printed = graphql::print(document);
  const graphql::Document again = parse_again(printed);
  expect(graphql::print(again) == printed);

  const graphql::Errors before = graphql::validate(schema, document, {});
  const graphql::Errors after = graphql::validate(schema, again, {});
  expect(before.size() == after.size());
  for (const graphql::Error& error : before) expect(!error.message.empty() && !error.code.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const graphql::Schema> schema = graphql::build_schema(sdl).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto document = graphql::parse(std::string(text), {})) check(*schema, *document);
  if (const auto built = graphql::build_schema(text, true)) graphql::print_schema(**built);
  return 0;
}
