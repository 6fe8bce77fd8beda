// Each rule of section 5 on documents of its own: what is valid, and what is not with the places and the
// message. Messages are those of graphql-js 16.
#include "graphql/validation.h"

#include <gtest/gtest.h>

#include "graphql/parser.h"
#include "graphql/schema_builder.h"

namespace tenon::graphql {
namespace {

constexpr std::string_view validated_sdl = R"(
  type Query {
    book(id: ID!): Book
    books(first: Int = 10, order: [Order!], where: Where, near: Place): [Book!]!
    node(id: ID!): Node
    search(text: String!): [Found]
    price(amount: Float, exact: Boolean, raw: Any): Int
  }
  type Mutation { addBook(data: NewBook!): Book }
  type Subscription { bookAdded: Book bookRemoved: ID }
  interface Node { id: ID! }
  type Book implements Node { id: ID! title(lang: String): String pages: Int author: Person similar: [Book] }
  type Person implements Node { id: ID! name: String! pages: String books: [Book] }
  type Shelf { label: String books: [Book] }
  union Found = Book | Person
  enum Order { TITLE YEAR }
  input Where { title: String and: [Where!] year: Int }
  input NewBook { title: String! year: Int = 2000 tags: [String!] }
  input Place @oneOf { shelf: ID room: String }
  scalar Any
  directive @tag(name: String!) repeatable on FIELD | QUERY
  directive @once on FIELD | VARIABLE_DEFINITION
)";

struct Case {
  std::string query;
  std::vector<std::string> errors;  // "line:column, line:column message"
};

std::vector<std::string> errors_of(const Schema& schema, const std::string& query) {
  const auto document = parse(query, {});
  if (!document) return {"does not parse: " + document.error().message};
  std::vector<std::string> texts;
  for (const Error& error : validate(schema, *document, {})) {
    EXPECT_EQ(error.code, code::validation_failed) << error.message;
    std::string& text = texts.emplace_back();
    for (const base::LineColumn& at : error.locations)
      text += (text.empty() ? "" : ", ") + std::to_string(at.line) + ":" + std::to_string(at.column);
    text += " " + error.message;
  }
  return texts;
}

void expect(const std::vector<Case>& cases) {
  const auto schema = build_schema(validated_sdl);
  ASSERT_TRUE(schema) << schema.error().message;
  for (const Case& c : cases) EXPECT_EQ(errors_of(**schema, c.query), c.errors) << c.query;
}

// Section 5.1.1.
TEST(Validation, ExecutableDefinitions) {
  expect({
      {"{ price }", {}},
      {"type A { b: Int }", {R"(1:1 The "A" definition is not executable.)"}},
      {R"({ price } extend schema @tag(name: "x"))", {"1:11 The schema definition is not executable."}},
      {"{ price } schema { query: Query }", {"1:11 The schema definition is not executable."}},
  });
}

// Section 5.2.1.
TEST(Validation, OperationNames) {
  expect({
      {"query A { price } query B { price }", {}},
      {R"(query A { price } mutation A { addBook(data: {title: "x"}) { id } })",
       {R"(1:7, 1:28 There can be only one operation named "A".)"}},
      {"{ price } query B { price }", {"1:1 This anonymous operation must be the only defined operation."}},
      {"{ price } { price }",
       {"1:1 This anonymous operation must be the only defined operation.",
        "1:11 This anonymous operation must be the only defined operation."}},
      {"{ price } fragment F on Query { price }", {R"(1:11 Fragment "F" is never used.)"}},
  });
}

// Section 5.2.3.
TEST(Validation, SingleFieldSubscriptions) {
  expect({
      {"subscription { bookAdded { id } }", {}},
      {"subscription { bookAdded { id } bookRemoved }",
       {"1:33 Anonymous Subscription must select only one top level field."}},
      {"subscription S { bookAdded { id } bookAdded { title } }", {}},
      {"subscription S { ...F } fragment F on Subscription { bookAdded { id } again: bookRemoved }",
       {R"(1:71 Subscription "S" must select only one top level field.)"}},
      {"subscription { __typename }",
       {"1:16 Anonymous Subscription must not select an introspection top level field."}},
      {"subscription { bookAdded @skip(if: true) { id } }",
       {"1:26 Anonymous Subscription must not use `@skip` or `@include` directives in the top level "
        "selection."}},
      {"subscription { ... @include(if: true) { bookAdded { id } } }",
       {"1:20 Anonymous Subscription must not use `@skip` or `@include` directives in the top level "
        "selection."}},
  });
}

// Section 5.3.1.
TEST(Validation, FieldsExist) {
  expect({
      {"{ books { id title author { name } } __typename }", {}},
      {"{ bokos { id } }",
       {R"(1:3 Cannot query field "bokos" on type "Query". Did you mean "books" or "book"?)"}},
      {"{ book(id: 1) { titel } }",
       {R"(1:17 Cannot query field "titel" on type "Book". Did you mean "title"?)"}},
      {"{ node(id: 1) { title } }",
       {R"(1:17 Cannot query field "title" on type "Node". Did you mean to use an inline fragment on "Book"?)"}},
      {R"({ search(text: "x") { name } })",
       {R"(1:23 Cannot query field "name" on type "Found". Did you mean to use an inline fragment on "Person"?)"}},
      {R"({ search(text: "x") { __typename ... on Book { title } } })", {}},
      {"{ books { __schema { types { name } } } }",
       {R"(1:11 Cannot query field "__schema" on type "Book".)"}},
      {"{ nothing { at { all } } }", {R"(1:3 Cannot query field "nothing" on type "Query".)"}},
      {R"({ __type(name: "Book") { name kindd } })",
       {R"(1:31 Cannot query field "kindd" on type "__Type". Did you mean "kind"?)"}},
  });
}

// Section 5.3.3.
TEST(Validation, LeafsHaveNoSelections) {
  expect({
      {"{ price }", {}},
      {"{ price { amount } }",
       {R"(1:9 Field "price" must not have a selection since type "Int" has no subfields.)"}},
      {"{ books }",
       {R"(1:3 Field "books" of type "[Book!]!" must have a selection of subfields. Did you mean "books { ... }"?)"}},
      {R"({ search(text: "x") })",
       {R"(1:3 Field "search" of type "[Found]" must have a selection of subfields. Did you mean "search { ... }"?)"}},
      {"{ books { author } }",
       {R"(1:11 Field "author" of type "Person" must have a selection of subfields. Did you mean "author { ... }"?)"}},
  });
}

// Section 5.3.2.
TEST(Validation, FieldsMerge) {
  expect({
      {"{ books { id id } books { title } }", {}},
      {"{ a: price a: books { id } }",
       {R"(1:3, 1:12 Fields "a" conflict because "price" and "books" are different fields. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {R"({ books { title(lang: "en") title(lang: "de") } })",
       {R"(1:11, 1:29 Fields "title" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {R"({ books { title title(lang: "de") } })",
       {R"(1:11, 1:17 Fields "title" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {R"({ a: books(where: {title: "x", year: 1}) { id } a: books(where: {year: 1, title: "x"}) { id } })",
       {}},
      {R"({ search(text: "x") { ... on Book { pages } ... on Person { pages } } })",
       {R"(1:37, 1:61 Fields "pages" conflict because they return conflicting types "Int" and "String". Use different aliases on the fields to fetch both if this was intentional.)"}},
      {R"({ search(text: "x") { ... on Book { pages } ... on Person { p: pages } } })", {}},
      {R"({ search(text: "x") { ... on Book { x: title } ... on Person { x: name } } })",
       {R"(1:37, 1:64 Fields "x" conflict because they return conflicting types "String" and "String!". Use different aliases on the fields to fetch both if this was intentional.)"}},
      {R"({ search(text: "x") { ... on Book { x: author { name } } ... on Person { x: books { id } } } })",
       {R"(1:37, 1:74 Fields "x" conflict because they return conflicting types "Person" and "[Book]". Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"{ books { author { a: id } } books { author { a: name } } }",
       {R"(1:3, 1:11, 1:20, 1:30, 1:38, 1:47 Fields "books" conflict because subfields "author" conflict because subfields "a" conflict because "id" and "name" are different fields. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"{ ...F ...G } fragment F on Query { x: price } fragment G on Query { x: price(amount: 1) }",
       {R"(1:37, 1:70 Fields "x" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"{ books { ...F similar { ...F } } } fragment F on Book { x: id ...G } fragment G on Book { x: title "
       "}",
       {R"(1:58, 1:92 Fields "x" conflict because "id" and "title" are different fields. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"{ books { ... on Book { x: id } ... { x: title } } }",
       {R"(1:25, 1:39 Fields "x" conflict because "id" and "title" are different fields. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"query ($v: Float) { x: price(amount: $v) x: price(amount: $v) }", {}},
      {"query ($v: Float, $w: Float) { x: price(amount: $v) x: price(amount: $w) }",
       {R"(1:32, 1:53 Fields "x" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"{ x: price(raw: [1, {a: 2}]) x: price(raw: [1, {a: 3}]) }",
       {R"(1:3, 1:30 Fields "x" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"{ x: price(raw: [1, {a: 2}]) x: price(raw: [1, {a: 2}]) }", {}},
  });
}

// Section 5.4.
TEST(Validation, Arguments) {
  expect({
      {"{ book(id: 1) { id } }", {}},
      {R"({ book(id: 1, name: "x") { id } })", {R"(1:15 Unknown argument "name" on field "Query.book".)"}},
      {"{ books(fist: 1) { id } }",
       {R"(1:9 Unknown argument "fist" on field "Query.books". Did you mean "first"?)"}},
      {"{ book { id } }",
       {R"(1:3 Field "book" argument "id" of type "ID!" is required, but it was not provided.)"}},
      {"{ book(id: null) { id } }", {R"(1:12 Expected value of type "ID!", found null.)"}},
      {"{ book(id: 1, id: 2) { id } }", {R"(1:8, 1:15 There can be only one argument named "id".)"}},
      {"{ price @tag }",
       {R"(1:9 Directive "@tag" argument "name" of type "String!" is required, but it was not provided.)"}},
      {R"({ price @tag(name: "x", nam: "y") })",
       {R"(1:25 Unknown argument "nam" on directive "@tag". Did you mean "name"?)"}},
      {R"({ price @tag(name: "x", name: "y") })",
       {R"(1:14, 1:25 There can be only one argument named "name".)"}},
      {"{ price @skip }",
       {R"(1:9 Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided.)"}},
      {"mutation { addBook { id } }",
       {R"(1:12 Field "addBook" argument "data" of type "NewBook!" is required, but it was not provided.)"}},
  });
}

// Section 5.5.
TEST(Validation, Fragments) {
  expect({
      {"{ ...F } fragment F on Query { price }", {}},
      {"{ ...F } fragment F on Query { price } fragment F on Query { price }",
       {R"(1:19, 1:49 There can be only one fragment named "F".)"}},
      {"{ ...F }", {R"(1:6 Unknown fragment "F".)"}},
      {"{ price } fragment F on Query { price }", {R"(1:11 Fragment "F" is never used.)"}},
      {"{ price } fragment F on Query { ...G } fragment G on Query { price }",
       {R"(1:11 Fragment "F" is never used.)", R"(1:40 Fragment "G" is never used.)"}},
      {"{ ...F } fragment F on Order { price }",
       {R"(1:24 Fragment "F" cannot condition on non composite type "Order".)"}},
      {"{ ... on String { price } }", {R"(1:10 Fragment cannot condition on non composite type "String".)"}},
      {"{ books { ... on Where { id } } }",
       {R"(1:18 Fragment cannot condition on non composite type "Where".)"}},
      {"{ books { ... on Shelf { label } } }",
       {R"(1:11 Fragment cannot be spread here as objects of type "Book" can never be of type "Shelf".)"}},
      {R"({ books { ... on Node { id } } node(id: 1) { ... on Book { id } ... on Shelf { label } } search(text: "x") { ... on Node { id } } })",
       {R"(1:65 Fragment cannot be spread here as objects of type "Node" can never be of type "Shelf".)"}},
      {"{ books { ...F } } fragment F on Person { name }",
       {R"(1:11 Fragment "F" cannot be spread here as objects of type "Book" can never be of type "Person".)"}},
      {"{ ...F } fragment F on Query { ...F }", {R"(1:32 Cannot spread fragment "F" within itself.)"}},
      {"{ ...F } fragment F on Query { ...G } fragment G on Query { ...H ...F } fragment H on Query { ...G "
       "price }",
       {R"(1:32, 1:66 Cannot spread fragment "F" within itself via "G".)",
        R"(1:61, 1:95 Cannot spread fragment "G" within itself via "H".)"}},
      {"{ books { ... on Found { __typename } } }", {}},
  });
}

// Section 5.5.1.2 and 5.8.2.
TEST(Validation, TypesExist) {
  expect({
      {"query ($v: Int) { price(amount: $v) }",
       {R"(1:8, 1:33 Variable "$v" of type "Int" used in position expecting type "Float".)"}},
      {"query ($v: Itn) { price(amount: $v) }", {R"(1:12 Unknown type "Itn". Did you mean "Int" or "ID"?)"}},
      {"{ ... on Qeury { price } }", {R"(1:10 Unknown type "Qeury". Did you mean "Query"?)"}},
      {"{ ...F } fragment F on Nothing { price }",
       {R"(1:24 Unknown type "Nothing". Did you mean "String"?)"}},
      {"query ($v: [Strin!]) { price(raw: $v) }", {R"(1:13 Unknown type "Strin". Did you mean "String"?)"}},
  });
}

// Section 5.6.
TEST(Validation, Values) {
  expect({
      {R"({ price(amount: 1, exact: true) books(first: 2, order: [TITLE], where: {title: "x", and: [{year: 1}]}) { id } })",
       {}},
      {R"({ books(first: "1") { id } })", {R"(1:16 Int cannot represent non-integer value: "1")"}},
      {"{ books(first: 1.5) { id } }", {"1:16 Int cannot represent non-integer value: 1.5"}},
      {"{ books(first: 3000000000) { id } }",
       {"1:16 Int cannot represent non 32-bit signed integer value: 3000000000"}},
      {R"({ price(amount: "1") })", {R"(1:17 Float cannot represent non numeric value: "1")"}},
      {"{ price(exact: 1) }", {"1:16 Boolean cannot represent a non boolean value: 1"}},
      {"{ price(exact: TRUE) }", {"1:16 Boolean cannot represent a non boolean value: TRUE"}},
      {"{ book(id: 1.5) { id } }", {"1:12 ID cannot represent a non-string and non-integer value: 1.5"}},
      {R"({ book(id: "a") { id } })", {}},
      {"{ books { title(lang: EN) } }", {"1:23 String cannot represent a non string value: EN"}},
      {"{ books(order: TITLE) { id } }", {}},
      {"{ books(order: [TITEL]) { id } }",
       {R"(1:17 Value "TITEL" does not exist in "Order" enum. Did you mean the enum value "TITLE"?)"}},
      {R"({ books(order: "TITLE") { id } })",
       {R"(1:16 Enum "Order" cannot represent non-enum value: "TITLE". Did you mean the enum value "TITLE"?)"}},
      {"{ books(order: [null]) { id } }", {R"(1:17 Expected value of type "Order!", found null.)"}},
      {"{ books(where: [1]) { id } }", {R"(1:16 Expected value of type "Where", found [1].)"}},
      {R"({ books(where: {titel: "x"}) { id } })",
       {R"(1:17 Field "titel" is not defined by type "Where". Did you mean "title"?)"}},
      {R"({ books(where: {and: [{year: "x"}, {yaer: 1}]}) { id } })",
       {R"(1:30 Int cannot represent non-integer value: "x")",
        R"(1:37 Field "yaer" is not defined by type "Where". Did you mean "year"?)"}},
      {"{ books(where: {year: 1, year: 2}) { id } }",
       {R"(1:17, 1:26 There can be only one input field named "year".)"}},
      {"mutation { addBook(data: {year: 1}) { id } }",
       {R"(1:26 Field "NewBook.title" of required type "String!" was not provided.)"}},
      {"mutation { addBook(data: {title: null}) { id } }",
       {R"(1:34 Expected value of type "String!", found null.)"}},
      {R"(mutation { addBook(data: {title: "x", tags: "y"}) { id } })", {}},
      {R"(mutation { addBook(data: {title: "x", tags: ["y", 1]}) { id } })",
       {"1:51 String cannot represent a non string value: 1"}},
      {R"({ price(raw: {a: [1, "x", {b: null, b: 1}]}) })",
       {R"(1:28, 1:37 There can be only one input field named "b".)"}},
      {R"(query ($v: Int = "x") { price(amount: $v) })",
       {R"(1:8, 1:39 Variable "$v" of type "Int" used in position expecting type "Float".)",
        R"(1:18 Int cannot represent non-integer value: "x")"}},
      {"query ($v: Int! = null) { books(first: $v) { id } }",
       {R"(1:19 Expected value of type "Int!", found null.)"}},
  });
}

// Section 5.6.5 and 5.8.5.
TEST(Validation, OneOf) {
  expect({
      {"{ books(near: {shelf: 1}) { id } }", {}},
      {R"({ books(near: {shelf: 1, room: "x"}) { id } })",
       {R"(1:15 OneOf Input Object "Place" must specify exactly one key.)"}},
      {"{ books(near: {}) { id } }", {R"(1:15 OneOf Input Object "Place" must specify exactly one key.)"}},
      {"{ books(near: {shelf: null}) { id } }", {R"(1:15 Field "Place.shelf" must be non-null.)"}},
      {"query ($v: ID!) { books(near: {shelf: $v}) { id } }", {}},
      {"query ($v: ID) { books(near: {shelf: $v}) { id } }",
       {R"(1:8, 1:38 Variable "$v" is of type "ID" but must be non-nullable to be used for OneOf Input Object "Place".)"}},
  });
}

// Section 5.7.
TEST(Validation, Directives) {
  expect({
      {R"(query @tag(name: "x") { price @tag(name: "a") @tag(name: "b") @once })", {}},
      {"{ price @nothing }", {R"(1:9 Unknown directive "@nothing".)"}},
      {"query @once { price }", {R"(1:7 Directive "@once" may not be used on QUERY.)"}},
      {"{ price @once @once }",
       {R"(1:9, 1:15 The directive "@once" can only be used once at this location.)"}},
      {"{ books @include(if: true) @skip(if: false) { id @deprecated } }",
       {R"(1:50 Directive "@deprecated" may not be used on FIELD.)"}},
      {R"(query ($v: Int @once @tag(name: "x")) { price(amount: $v) })",
       {R"(1:8, 1:55 Variable "$v" of type "Int" used in position expecting type "Float".)",
        R"(1:22 Directive "@tag" may not be used on VARIABLE_DEFINITION.)"}},
      {R"(fragment F on Query @tag(name: "x") { price } { ...F @skip(if: true) ... @once { price } })",
       {R"(1:21 Directive "@tag" may not be used on FRAGMENT_DEFINITION.)",
        R"(1:74 Directive "@once" may not be used on INLINE_FRAGMENT.)"}},
  });
}

// Section 5.8.
TEST(Validation, Variables) {
  expect({
      {"query ($v: Float, $w: Boolean!) { price(amount: $v, exact: $w) }", {}},
      {"query ($v: Float, $v: Float) { price(amount: $v) }",
       {R"(1:9, 1:20 There can be only one variable named "$v".)"}},
      {"query ($v: Book) { price(raw: $v) }",
       {R"(1:8, 1:31 Variable "$v" of type "Book" used in position expecting type "Any".)",
        R"(1:12 Variable "$v" cannot be non-input type "Book".)"}},
      {"query ($v: [Found!]) { price(raw: $v) }",
       {R"(1:8, 1:35 Variable "$v" of type "[Found!]" used in position expecting type "Any".)",
        R"(1:12 Variable "$v" cannot be non-input type "[Found!]".)"}},
      {"{ price(amount: $v) }", {R"(1:17, 1:1 Variable "$v" is not defined.)"}},
      {"query Q { ...F } fragment F on Query { price(amount: $v) }",
       {R"(1:54, 1:1 Variable "$v" is not defined by operation "Q".)"}},
      {"query A($v: Float) { ...F } query B { ...F } fragment F on Query { price(amount: $v) }",
       {R"(1:82, 1:29 Variable "$v" is not defined by operation "B".)"}},
      {"query ($v: Float) { price }", {R"(1:8 Variable "$v" is never used.)"}},
      {"query Q($v: Float, $w: Float) { price(amount: $w) }",
       {R"(1:9 Variable "$v" is never used in operation "Q".)"}},
      {"query ($v: Float) { ...F } fragment F on Query { price(amount: $v) }", {}},
      {"query ($v: Int) { book(id: $v) { id } }",
       {R"(1:8, 1:28 Variable "$v" of type "Int" used in position expecting type "ID!".)"}},
      {"query ($v: ID) { book(id: $v) { id } }",
       {R"(1:8, 1:27 Variable "$v" of type "ID" used in position expecting type "ID!".)"}},
      {R"(query ($v: ID = "x") { book(id: $v) { id } })", {}},
      {"query ($v: ID = null) { book(id: $v) { id } }",
       {R"(1:8, 1:34 Variable "$v" of type "ID" used in position expecting type "ID!".)"}},
      {"query ($v: Int) { books(where: {and: [{year: $v}]}) { id } }", {}},
      {"query ($v: [Where]) { books(where: {and: $v}) { id } }",
       {R"(1:8, 1:42 Variable "$v" of type "[Where]" used in position expecting type "[Where!]".)"}},
      {"query ($v: Where!) { books(where: {and: [$v]}) { id } }", {}},
      {"query ($v: String) { ...F } fragment F on Query { price(amount: $v) }",
       {R"(1:8, 1:65 Variable "$v" of type "String" used in position expecting type "Float".)"}},
      {"query ($v: Boolean) { price @skip(if: $v) }",
       {R"(1:8, 1:39 Variable "$v" of type "Boolean" used in position expecting type "Boolean!".)"}},
      {"query ($v: Int!) { price(raw: {a: [$v]}) }", {}},
      {"query ($v: Order) { books(order: [$v]) { id } }",
       {R"(1:8, 1:35 Variable "$v" of type "Order" used in position expecting type "Order!".)"}},
      {"query ($v: Int) { mutation: price(amount: $v) }",
       {R"(1:8, 1:43 Variable "$v" of type "Int" used in position expecting type "Float".)"}},
  });
}

}  // namespace
}  // namespace tenon::graphql
