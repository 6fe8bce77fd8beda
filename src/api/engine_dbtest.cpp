// The engine over a real database: every operator, pages, relations of every kind, writes and what the
// database refuses.
#include <gtest/gtest.h>

#include "api/engine_fixture.h"

namespace tenon::api {
namespace {

constexpr std::string_view tables = R"sql(
pg| CREATE TYPE mood AS ENUM ('happy', 'so-so', 'sad');
CREATE TABLE author (
  id int PRIMARY KEY, email {text} NOT NULL, name {text} NOT NULL, rank int,
pg|   mood mood, labels text[] NOT NULL DEFAULT '{}',
my|   mood enum('happy', 'so-so', 'sad'), labels json NOT NULL DEFAULT '[]',
  born date, boss_id int, uid {uuid},
  code char(3) NOT NULL DEFAULT 'abc', amount numeric(10,2), active boolean NOT NULL DEFAULT true,
  CONSTRAINT author_email_key UNIQUE (email),
  CONSTRAINT author_boss_id_fkey FOREIGN KEY (boss_id) REFERENCES author (id));
CREATE TABLE profile (id int PRIMARY KEY, author_id int NOT NULL UNIQUE REFERENCES author (id), bio {text});
CREATE TABLE book (
  id {serial} PRIMARY KEY, author_id int NOT NULL, title {text} NOT NULL, stars int, published {instant},
  CONSTRAINT book_author_id_fkey FOREIGN KEY (author_id) REFERENCES author (id), CONSTRAINT book_stars_check CHECK (stars BETWEEN 1 AND 5));
CREATE TABLE seat (hall int, place {text}, price numeric(6,2), PRIMARY KEY (hall, place));
CREATE TABLE booking (
  id {serial} PRIMARY KEY, hall int NOT NULL, place {text} NOT NULL, who {text} NOT NULL,
  FOREIGN KEY (hall, place) REFERENCES seat (hall, place));
pg| CREATE TABLE note (id text PRIMARY KEY, body text NOT NULL, touched timestamp(3) NOT NULL);
my| CREATE TABLE note (id varchar(191) PRIMARY KEY, body varchar(191) NOT NULL, touched datetime(3) NOT NULL);
CREATE TABLE square (
  id int PRIMARY KEY, side int NOT NULL, "the ""area""" int GENERATED ALWAYS AS (side * side) STORED);
INSERT INTO author (id, email, name, rank, mood, born, boss_id, uid, code, amount, active) VALUES
  (1, 'ada@x', 'Ada "A" 100%', 10, 'happy', '1815-12-10', NULL,
   '11111111-1111-4111-8111-111111111111', 'abc', 10.50, true),
  (2, 'bob@x', 'Bob_b', NULL, 'so-so', NULL, 1, NULL, 'xy', 99.99, true),
  (3, 'cy@x', 'cy\n', 10, NULL, '2000-01-01', 1, '22222222-2222-4222-8222-222222222222', 'abc', NULL, false),
  (4, 'di@x', 'Di', 7, 'sad', '2001-02-03', 2, NULL, 'abc', 0.01, true);
pg| UPDATE author SET labels = '{red,"light blue",NULL}' WHERE id = 1;
pg| UPDATE author SET labels = '{blue}' WHERE id = 3;
pg| UPDATE author SET labels = '{red}' WHERE id = 4;
my| UPDATE author SET labels = '["red","light blue",null]' WHERE id = 1;
my| UPDATE author SET labels = '["blue"]' WHERE id = 3;
my| UPDATE author SET labels = '["red"]' WHERE id = 4;
INSERT INTO profile VALUES (1, 2, 'about bob'), (2, 4, NULL);
INSERT INTO book (author_id, title, stars, published) VALUES
  (1, 'a1', 5, '2020-01-01'), (1, 'a2', 4, '2020-01-02'), (1, 'a3', NULL, NULL), (1, 'a4', 1, '2020-01-04'),
  (2, 'b1', 3, '2020-01-03');
INSERT INTO seat VALUES (1, 'A"1', 9.50), (1, 'B,2', NULL), (2, 'A"1', 7);
INSERT INTO booking (hall, place, who) VALUES (1, 'A"1', 'x'), (1, 'A"1', 'y'), (2, 'A"1', 'z');
)sql";

constexpr std::string_view models = R"prisma(
datasource db {
  provider = "postgresql"
}
model author {
  id           Int      @id
  email        String   @unique
  name         String
  rank         Int?
  mood         mood?
pg|   labels       String[] @default([])
my|   labels       Json     @default("[]")
  born         DateTime? @db.Date
  boss_id      Int?
  uid          String?  @db.Uuid
  code         String   @default("abc") @db.Char(3)
  amount       Decimal? @db.Decimal(10, 2)
  active       Boolean  @default(true)
  author       author?  @relation("authorToauthor", fields: [boss_id], references: [id])
  other_author author[] @relation("authorToauthor")
  profile      profile?
  book         book[]
}
model profile {
  id        Int     @id
  author_id Int     @unique
  bio       String?
  author    author  @relation(fields: [author_id], references: [id])
}
model book {
  id        Int       @id @default(autoincrement())
  author_id Int
  title     String
  stars     Int?
  published DateTime? @db.Timestamptz(6)
  author    author    @relation(fields: [author_id], references: [id])
}
model seat {
  hall    Int
  place   String
  price   Decimal?  @db.Decimal(6, 2)
  booking booking[]
  @@id([hall, place])
}
model booking {
  id    Int    @id @default(autoincrement())
  hall  Int
  place String
  who   String
  seat  seat   @relation(fields: [hall, place], references: [hall, place])
}
model note {
  id      String   @id
  body    String
  touched DateTime @updatedAt
}
model square {
  id   Int @id
  side Int
  area Int @default(dbgenerated("(side * side)")) @map("the \"area\"")
}
enum mood {
  happy
  so_so @map("so-so")
  sad
}
)prisma";

class EngineTest : public DatabaseEngineTest {
 protected:
  explicit EngineTest(const EngineOptions& options = {}) : DatabaseEngineTest(tables, models, options) {}

  // The ids a filter finds, as JSON text: "1,2".
  std::string ids(const std::string& filter, std::string_view more = "") {
    const std::string found =
        body("{ l: listAuthors(filter: " + filter + std::string(more) + ") { items { id } } }");
    std::string list;
    for (std::size_t at = found.find("\"id\":"); at != std::string::npos; at = found.find("\"id\":", at + 1))
      list += (list.empty() ? "" : ",") + found.substr(at + 5, found.find('}', at) - at - 5);
    return found.find("errors") == std::string::npos ? list : found;
  }
};

TEST_F(EngineTest, EveryOperatorFindsItsRows) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{id: {eq: 2}}", "2"},
      {"{rank: {ne: 10}}", "2,4"},
      {"{rank: {eq: null}}", "2"},
      {"{rank: {ne: null}}", "1,3,4"},
      {"{rank: {lt: 10}}", "4"},
      {"{rank: {le: 10}}", "1,3,4"},
      {"{id: {gt: 2}}", "3,4"},
      {"{id: {ge: 2}}", "2,3,4"},
      {"{id: {gt: null}}", ""},
      {"{id: {between: [2, 3]}}", "2,3"},
      {"{id: {in: [1, 4, 9]}}", "1,4"},
      {"{id: {in: []}}", ""},
      {"{id: {notIn: [1, 4]}}", "2,3"},
      {"{name: {contains: \"00%\"}}", "1"},
      {"{name: {contains: \"_\"}}", "2"},
      {"{name: {contains: \"\\\\\"}}", "3"},
      {"{name: {notContains: \"b\"}}", "1,3,4"},
      {"{name: {beginsWith: \"Bob_\"}}", "2"},
      {"{name: {beginsWith: \"B%\"}}", ""},
      {"{name: {like: \"%b\"}}", "2"},
      {"{name: {notLike: \"%b\"}}", "1,3,4"},
      {"{name: {ilike: \"bOB%\"}}", "2"},
      {"{name: {notIlike: \"bOB%\"}}", "1,3,4"},
      {"{name: {icontains: \"B_B\"}}", "2"},
      {"{name: {size: {eq: 2}}}", "4"},
      {"{name: {size: {between: [4, 5]}}}", "2,3"},
      {"{name: {eq: \"Ada \\\"A\\\" 100%\"}}", "1"},
      {"{born: {attributeExists: true}}", "1,3,4"},
      {"{born: {attributeExists: false}}", "2"},
      {"{rank: {attributeType: number}}", "1,3,4"},
      {"{rank: {attributeType: _null}}", "2"},
      {"{rank: {attributeType: string}}", ""},
      {"{mood: {eq: so_so}}", "2"},
      {"{mood: {ne: so_so}}", "1,3,4"},
      {"{mood: {in: [happy, sad]}}", "1,4"},
      {"{uid: {eq: \"11111111-1111-4111-8111-111111111111\"}}", "1"},
      {"{uid: {beginsWith: \"2222\"}}", "3"},
      {"{code: {in: [\"xy\", \"zz\"]}}", "2"},
      {"{code: {eq: \"xy\"}}", "2"},
      {"{amount: {in: [\"10.5\", 0.01]}}", "1,4"},
      {"{amount: {in: [\"10.504\"]}}", ""},
      {"{amount: {between: [\"0.005\", \"10.50\"]}}", "1,4"},
      {"{born: {lt: \"1900-01-01\"}}", "1"},
      {"{active: {eq: false}}", "3"},
      {"{and: [{id: {gt: 1}}, {id: {lt: 4}}]}", "2,3"},
      {"{or: [{id: {eq: 1}}, {id: {eq: 4}}]}", "1,4"},
      {"{or: []}", ""},
      {"{and: []}", "1,2,3,4"},
      {"{or: [{}]}", "1,2,3,4"},
      {"{not: {id: {gt: 1}}}", "1"},
      {"{id: {gt: 1}, or: [{rank: {eq: 10}}, {not: {active: {eq: true}}}]}", "3"},
      {"{name: null}", "1,2,3,4"},
  };
  for (const auto& [filter, expected] : cases) EXPECT_EQ(ids(filter), expected) << filter;
}

// A list of JSON is asked as any JSON is.
TEST_F(EngineTest, OperatorsOfListsFindTheirRows) {
  EXPECT_EQ(ids("{labels: {contains: \"red\"}}"), "1,4");
  EXPECT_EQ(ids("{labels: {contains: \"light blue\"}}"), "1");
  EXPECT_EQ(ids("{labels: {notContains: \"red\"}}"), "2,3");
  EXPECT_EQ(ids("{labels: {eq: [\"blue\"]}}"), "3");
  for (const auto& [filter, expected] :
       {std::pair{"{labels: {size: {eq: 3}}}", "1"}, std::pair{"{labels: {hasSome: [\"blue\"]}}", "3"},
        std::pair{"{labels: {isEmpty: true}}", "2"}}) {
    if (differs(sql::Difference::list_columns))
      EXPECT_NE(ids(filter).find("GRAPHQL_VALIDATION_FAILED"), std::string::npos) << filter;
    else
      EXPECT_EQ(ids(filter), expected) << filter;
  }
}

TEST_F(EngineTest, VariablesStandAnywhereInAFilter) {
  const std::string_view query =
      "query($f: ModelAuthorFilterInput, $a: Int, $in: [Int!], $range: [Int], $s: String) { "
      "listAuthors(filter: {and: "
      "[$f, {id: {gt: $a, in: $in, between: $range}}, {name: {contains: $s}}]}) { items { id } } }";
  EXPECT_EQ(body(query, R"({"f":{"rank":{"eq":10}},"a":0,"in":[1,3],"range":[0,2],"s":"%"})"),
            R"({"data":{"listAuthors":{"items":[{"id":1}]}}})");
  EXPECT_EQ(body(query, R"({"f":{"rank":{"eq":10}},"a":1,"in":[1,2,3],"range":[0,9],"s":"c"})"),
            R"({"data":{"listAuthors":{"items":[{"id":3}]}}})");
  EXPECT_EQ(body(query), R"({"data":{"listAuthors":{"items":[{"id":1},{"id":2},{"id":3},{"id":4}]}}})");
  EXPECT_NE(body(query, R"({"range":[1]})").find("BAD_USER_INPUT"), std::string::npos);
  EXPECT_NE(body(query, R"({"range":[1,2,3]})").find("BAD_USER_INPUT"), std::string::npos);
}

// Reads all pages and gives the ids in order.
class PagingTest : public EngineTest {
 protected:
  struct Page {
    std::string ids;
    std::string next;  // "null" or a token with its quotes
  };
  Page page(const std::string& arguments, const std::string& token) {
    const std::string text =
        body("{ l: listAuthors(" + arguments + ", nextToken: " + token + ") { items { id } nextToken } }");
    Page result;
    for (std::size_t at = text.find("\"id\":"); at != std::string::npos; at = text.find("\"id\":", at + 1))
      result.ids += text.substr(at + 5, text.find('}', at) - at - 5);
    const std::size_t start = text.find("\"nextToken\":");
    if (start == std::string::npos) {
      ADD_FAILURE() << text;
      return {.ids = {}, .next = "null"};
    }
    result.next = text.substr(start + 12, text.find('}', start) - start - 12);
    return result;
  }
  std::string all(const std::string& arguments) {
    std::string found;
    std::string token = "null";
    for (int i = 0; i < 20; ++i) {
      const Page one = page(arguments, token);
      found += one.ids;
      if (one.next == "null") return found;
      token = one.next;
    }
    return "endless";
  }
};

TEST_F(PagingTest, PagesCoverEveryOrderOnce) {
  const bool nulls_first = differs(sql::Difference::null_order);
  for (const std::string limit : {"1", "2", "3", "4", "9"}) {
    const auto with = [&](const std::string& order) { return "limit: " + limit + order; };
    EXPECT_EQ(all(with("")), "1234");
    EXPECT_EQ(all(with(", sortDirection: DESC")), "4321");
    EXPECT_EQ(all(with(", orderBy: [{rank: ASC}]")), nulls_first ? "2413" : "4132");
    EXPECT_EQ(all(with(", orderBy: [{rank: DESC}]")), nulls_first ? "3142" : "2314");
    EXPECT_EQ(all(with(", orderBy: [{rank: DESC}, {id: ASC}]")), nulls_first ? "1342" : "2134");
    EXPECT_EQ(all(with(", orderBy: [{rank: ASC}, {id: DESC}]")), nulls_first ? "2431" : "4312");
    EXPECT_EQ(all(with(", orderBy: [{active: ASC}, {name: DESC}]")), "3421");
    EXPECT_EQ(all(with(", orderBy: [{code: DESC}, {born: ASC}]")), "2134");
    EXPECT_EQ(all(with(", orderBy: [{mood: DESC}]")), nulls_first ? "4213" : "3421");
    EXPECT_EQ(all(with(", filter: {id: {ne: 3}}")), "124");
  }
}

TEST_F(PagingTest, RowsThatComeInBetweenShiftNothing) {
  const Page first = page("limit: 2", "null");
  EXPECT_EQ(first.ids, "12");
  test::run_engine_sql(url_, "INSERT INTO author (id, email, name) VALUES (0, 'n', 'n'), (-5, 'm', 'm')");
  EXPECT_EQ(page("limit: 2", first.next).ids, "34");
}

TEST_F(EngineTest, OffsetAndTotalCount) {
  EXPECT_EQ(
      body("{ listAuthors(limit: 1, offset: 2, filter: {rank: {ne: null}}) { totalCount items { id } } }"),
      R"({"data":{"listAuthors":{"totalCount":3,"items":[{"id":4}]}}})");
}

TEST_F(EngineTest, NestedListsHaveLimitsOffsetsCountsAndTokensForEachParent) {
  EXPECT_EQ(
      body("{ listAuthors(limit: 3) { items { id book(limit: 2, offset: 1, orderBy: [{id: DESC}]) { "
           "totalCount "
           "items { title } } } } }"),
      R"({"data":{"listAuthors":{"items":[{"id":1,"book":{"totalCount":4,"items":[{"title":"a3"},{"title":"a2"}]}},)"
      R"({"id":2,"book":{"totalCount":1,"items":[]}},{"id":3,"book":{"totalCount":0,"items":[]}}]}}})");
  const std::string first = body("{ getAuthor(id: 1) { book(limit: 3) { items { id } nextToken } } }");
  const std::size_t start = first.find("nextToken\":") + 11;
  const std::string token = first.substr(start, first.find('}', start) - start);
  EXPECT_EQ(
      body("{ getAuthor(id: 1) { book(limit: 3, nextToken: " + token + ") { items { title } nextToken } } }"),
      R"({"data":{"getAuthor":{"book":{"items":[{"title":"a4"}],"nextToken":null}}}})");
  EXPECT_EQ(body("{ listAuthors { items { book(filter: {stars: {ge: 4}}) { totalCount } } } }"),
            R"({"data":{"listAuthors":{"items":[{"book":{"totalCount":2}},{"book":{"totalCount":0}},)"
            R"({"book":{"totalCount":0}},{"book":{"totalCount":0}}]}}})");
}

TEST_F(EngineTest, RelationsOfEveryKind) {
  // To itself in both directions, one to one from both sides, and lists below single rows.
  EXPECT_EQ(
      body("{ getAuthor(id: 2) { author { id author { id } } other_author { items { id } } profile { bio "
           "author { id } } book { items { author { profile { id } } } } } a: getAuthor(id: 1) { author { id "
           "book { items { id } } } profile { id } } }"),
      R"({"data":{"getAuthor":{"author":{"id":1,"author":null},"other_author":{"items":[{"id":4}]},)"
      R"("profile":{"bio":"about bob","author":{"id":2}},"book":{"items":[{"author":{"profile":{"id":1}}}]}},)"
      R"("a":{"author":null,"profile":null}}})");
  EXPECT_EQ(
      body("{ listAuthors { items { author { book(limit: 1) { items { title } } } } } }"),
      R"({"data":{"listAuthors":{"items":[{"author":null},{"author":{"book":{"items":[{"title":"a1"}]}}},)"
      R"({"author":{"book":{"items":[{"title":"a1"}]}}},{"author":{"book":{"items":[{"title":"b1"}]}}}]}}})");
}

TEST_F(EngineTest, CompositeKeys) {
  EXPECT_EQ(
      body(
          R"({ getSeat(hall: 1, place: "A\"1") { price booking(limit: 1) { totalCount items { who seat { hall place } } } } })"),
      R"({"data":{"getSeat":{"price":"9.50","booking":{"totalCount":2,"items":[{"who":"x","seat":{"hall":1,"place":"A\"1"}}]}}}})");
  EXPECT_EQ(
      body(R"({ listSeats { items { place booking { items { who } } } } })"),
      R"({"data":{"listSeats":{"items":[{"place":"A\"1","booking":{"items":[{"who":"x"},{"who":"y"}]}},)"
      R"({"place":"B,2","booking":{"items":[]}},{"place":"A\"1","booking":{"items":[{"who":"z"}]}}]}}})");
  EXPECT_EQ(body(R"(mutation { updateSeat(input: {hall: 1, place: "B,2", price: 3}) { price } })"),
            R"({"data":{"updateSeat":{"price":"3.00"}}})");
}

TEST_F(EngineTest, CreateFillsDefaultsAndReadsRelations) {
  EXPECT_EQ(
      body(
          R"(mutation { createBook(input: {author_id: 2, title: "new \"q\""}) { id title stars author { name } } })"),
      R"({"data":{"createBook":{"id":6,"title":"new \"q\"","stars":null,"author":{"name":"Bob_b"}}}})");
  EXPECT_EQ(
      body(
          R"(mutation($i: CreateAuthorInput!) { createAuthor(input: $i) { labels code mood amount active born } })",
          R"({"i":{"id":9,"email":"e","name":"n","mood":"so_so","labels":["a b","c\"d",""],"amount":"1.5","born":"1999-12-31"}})"),
      R"({"data":{"createAuthor":{"labels":["a b","c\"d",""],"code":"abc","mood":"so_so","amount":"1.50",)"
      R"("active":true,"born":"1999-12-31"}}})");
  const std::string note = body(R"(mutation { createNote(input: {body: "b"}) { id touched } })");
  EXPECT_EQ(note.find("errors"), std::string::npos) << note;
  EXPECT_EQ(note.find("\"touched\":\"20"), note.find("\"touched\":\"")) << note;
}

TEST_F(EngineTest, UpdateSetsWhatIsGivenAndNullsWhatIsNull) {
  EXPECT_EQ(body("mutation($i: UpdateAuthorInput!) { updateAuthor(input: $i) { rank name born } }",
                 R"({"i":{"id":1,"rank":null,"name":"Ada"}})"),
            R"({"data":{"updateAuthor":{"rank":null,"name":"Ada","born":"1815-12-10"}}})");
  EXPECT_EQ(body("mutation { updateAuthor(input: {id: 1}) { name book(limit: 1) { items { title } } } }"),
            R"({"data":{"updateAuthor":{"name":"Ada","book":{"items":[{"title":"a1"}]}}}})");
  EXPECT_NE(body("mutation { updateAuthor(input: {id: 77, name: \"x\"}) { id } }").find("NOT_FOUND"),
            std::string::npos);
  EXPECT_NE(body("mutation { updateAuthor(input: {id: 77}) { id } }").find("NOT_FOUND"), std::string::npos);
  EXPECT_NE(body("mutation { updateAuthor(input: {id: 1, name: \"x\"}, condition: {name: {eq: \"y\"}}) { id "
                 "author { id } } }")
                .find("CONDITION_FAILED"),
            std::string::npos);
  EXPECT_EQ(ids("{name: {eq: \"x\"}}"), "");
}

TEST_F(EngineTest, DeleteGivesTheOldRowWithItsRelations) {
  EXPECT_EQ(body("mutation { deleteBook(input: {id: 5}) { title author { name book { totalCount } } } }"),
            R"({"data":{"deleteBook":{"title":"b1","author":{"name":"Bob_b","book":{"totalCount":1}}}}})");
  EXPECT_NE(body("mutation { deleteBook(input: {id: 5}) { title } }").find("NOT_FOUND"), std::string::npos);
  EXPECT_NE(body("mutation { deleteBook(input: {id: 5}) { author { id } } }").find("NOT_FOUND"),
            std::string::npos);
  EXPECT_EQ(body("mutation { deleteProfile(input: {id: 1}) { bio } }"),
            R"({"data":{"deleteProfile":{"bio":"about bob"}}})");
}

TEST_F(EngineTest, EachWriteIsATransactionOfItsOwn) {
  const std::string text = body(
      "mutation { a: createBook(input: {author_id: 1, title: \"one\"}) { title } b: createBook(input: "
      "{author_id: 99, "
      "title: \"two\"}) { title } c: createBook(input: {author_id: 1, title: \"three\"}) { title } }");
  EXPECT_TRUE(text.starts_with(R"({"data":{"a":{"title":"one"},"b":null,"c":{"title":"three"}},"errors":)"))
      << text;
}

TEST_F(EngineTest, ConstraintsAreToldInTheApisNames) {
  const auto error = [&](std::string_view mutation) {
    const std::string text = body(mutation);
    const std::size_t start = text.find("\"message\":");
    return start == std::string::npos ? text : text.substr(start);
  };
  EXPECT_EQ(
      error(R"(mutation { createAuthor(input: {id: 5, email: "ada@x", name: "n"}) { id } })"),
      R"("message":"An author with this email already exists.","locations":[{"line":1,"column":12}],"path":["createAuthor"],)"
      R"("extensions":{"code":"UNIQUE_VIOLATION","constraint":"author_email_key","model":"author","fields":["email"]}}]})");
  EXPECT_NE(error(R"(mutation { createBook(input: {author_id: 99, title: "t"}) { id } })")
                .find(R"("message":"There is no author with this author_id.")"),
            std::string::npos);
  EXPECT_NE(error("mutation { deleteAuthor(input: {id: 2}) { id } }").find("still refer to this author"),
            std::string::npos);
  EXPECT_NE(error(R"(mutation { createBook(input: {author_id: 1, title: "t", stars: 9}) { id } })")
                .find(R"("code":"CHECK_VIOLATION","constraint":"book_stars_check")"),
            std::string::npos);
  EXPECT_NE(error("mutation { updateAuthor(input: {id: 1, name: null}) { id } }")
                .find(R"("message":"name of author must have a value.")"),
            std::string::npos);
  EXPECT_NE(error(R"(mutation { updateAuthor(input: {id: 1, amount: "123456789012"}) { id } })")
                .find("DATA_EXCEPTION"),
            std::string::npos);
}

// Schema files cannot say that a column is generated.
TEST_F(EngineTest, GeneratedColumnOfASchemaFileIsNamed) {
  EXPECT_EQ(body("mutation { createSquare(input: {id: 1, side: 3}) { area } }"),
            R"({"data":{"createSquare":{"area":9}}})");
  for (const std::string_view mutation :
       {"mutation { createSquare(input: {id: 2, side: 3, area: 9}) { id } }",
        "mutation { updateSquare(input: {id: 1, area: 9}) { id } }"}) {
    const std::string text = body(mutation);
    EXPECT_NE(
        text.find(R"("message":"The database itself makes area of square; leave it out of the input.")"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find(R"("extensions":{"code":"BAD_USER_INPUT","model":"square","fields":["area"]})"),
              std::string::npos)
        << text;
  }
}

EngineOptions five_rows() {
  EngineOptions options;
  options.operation.rows_answer_max = 5;
  return options;
}

class EngineRowsTest : public EngineTest {
 protected:
  EngineRowsTest() : EngineTest(five_rows()) {}
  std::string books() { return body("{ listBooks(limit: 1) { totalCount } }"); }
};

TEST_F(EngineRowsTest, AnswerOfTooManyRowsIsAnErrorAndTheConnectionGoesOn) {
  const std::string_view query =
      "query($n: Int) { listAuthors(limit: 2) { items { book(limit: $n) { items { id } } } } }";
  const std::string few =
      R"({"data":{"listAuthors":{"items":[{"book":{"items":[{"id":1},{"id":2}]}},{"book":{"items":[{"id":5}]}}]}}})";
  EXPECT_EQ(body(query, R"({"n":2})"), few);
  const Response response = run(query, R"({"n":10000})");
  EXPECT_EQ(response.codes, std::vector<std::string_view>{"QUERY_TOO_COMPLEX"}) << response.body;
  EXPECT_EQ(body(query, R"({"n":2})"), few);
  EXPECT_EQ(run("{ listAuthors(limit: 4) { items { book { items { author { id } author_id } } } } }").codes,
            std::vector<std::string_view>{"QUERY_TOO_COMPLEX"});
  EXPECT_EQ(pool_->statistics().open, 1u);
}

TEST_F(EngineRowsTest, WriteWhoseAnswerIsTooLongIsUndone) {
  const std::string before = books();
  const std::string_view create =
      "mutation($n: Int) { createBook(input: {author_id: 1, title: \"t\"}) { author { book(limit: $n) { "
      "items { "
      "author { book(limit: $n) { items { id } } } } } } } }";
  const Response refused = run(create, R"({"n":100})");
  EXPECT_EQ(refused.codes, std::vector<std::string_view>{"QUERY_TOO_COMPLEX"}) << refused.body;
  EXPECT_EQ(books(), before);
  EXPECT_TRUE(run(create, R"({"n":1})").codes.empty());
  EXPECT_NE(books(), before);
  EXPECT_EQ(
      run("mutation { deleteAuthor(input: {id: 1}) { book { items { author { book { items { id } } } } } } }")
          .codes,
      std::vector<std::string_view>{"QUERY_TOO_COMPLEX"});
  EXPECT_EQ(pool_->statistics().open, 1u);
}

TEST_F(EngineTest, ForgedTokenIsRefusedOrBound) {
  const std::string token = "eyJvIjoieCIsInYiOlsiMSJdfQ";  // {"o":"x","v":["1"]}
  EXPECT_NE(body("{ listAuthors(nextToken: \"" + token + "\") { items { id } } }").find("BAD_USER_INPUT"),
            std::string::npos);
}

TEST_F(EngineTest, TextsOfUsersNeverBecomeSql) {
  EXPECT_EQ(body("query($s: String!) { listAuthors(filter: {or: [{name: {eq: $s, contains: $s}}, {name: {in: "
                 "[$s]}}]}) { items { id } } }",
                 R"({"s":"'; DROP TABLE author; -- \\ \" { } %"})"),
            R"({"data":{"listAuthors":{"items":[]}}})");
  EXPECT_EQ(ids("{id: {gt: 0}}"), "1,2,3,4");
}

// Whatever the rows are: the database would refuse it only where a text leads the pattern to its end.
TEST_F(EngineTest, APatternDoesNotEndInAnEscape) {
  const std::string_view query =
      "query($p: String!) { listAuthors(filter: {name: {like: $p}}) { items { id } } }";
  EXPECT_NE(body(query, R"({"p":"zzz\\"})").find("BAD_USER_INPUT"), std::string::npos);
  EXPECT_EQ(body(query, R"({"p":"zzz\\\\"})"), R"({"data":{"listAuthors":{"items":[]}}})");
}

TEST_F(EngineTest, PlansSurviveDdl) {
  const std::string_view query = "{ getAuthor(id: 1) { id rank } }";
  EXPECT_EQ(body(query), R"({"data":{"getAuthor":{"id":1,"rank":10}}})");
  test::run_engine_sql(url_,
                       "pg| ALTER TABLE author ALTER COLUMN rank TYPE bigint\nmy| ALTER TABLE author MODIFY "
                       "COLUMN rank bigint");
  EXPECT_EQ(body(query), R"({"data":{"getAuthor":{"id":1,"rank":10}}})");
}

}  // namespace
}  // namespace tenon::api
