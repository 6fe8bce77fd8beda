// What is special about one statement for a query on a real PostgreSQL: each query here is run both ways, and
// the answers have to be the same (engine_fixture.h).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/engine_fixture.h"

namespace tenon::api {
namespace {

// Values that a cast to text writes differently from the engine's answers, or not at all.
constexpr std::string_view tables = R"sql(
CREATE DOMAIN truth AS boolean;
CREATE TABLE odd (
  id int PRIMARY KEY, yes boolean, truly truth, padded char(5), host inet, net cidr, doc xml, at timestamptz,
  price numeric, real4 real, flags boolean[], hosts inet[], pads char(3)[], bits bit(3), payload bytea,
  during interval, settings jsonb);
INSERT INTO odd VALUES
  (1, true, false, 'ab', '10.0.0.1', '10.0.0.0/8', '<?xml version="1.0" encoding="UTF-8"?><a/>',
   'infinity', 1.50, 0.1, '{t,f,NULL}', '{10.0.0.1,10.1.0.0/16}', '{a,bc}', '101', '\x00ff', '1 mon 2 days', '{"a": 1}'),
  (2, false, NULL, '', '::1', '::/0', '<b/>', '0044-03-15 BC', 'NaN', '-0', '{}', '{}', '{}', '000', '', '0', 'null'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE odd_child (id int PRIMARY KEY, odd_id int REFERENCES odd (id), yes boolean, host inet);
INSERT INTO odd_child VALUES (1, 1, true, '10.0.0.1'), (2, 1, NULL, '10.0.0.0/8'), (3, NULL, false, NULL);

-- keys: equal numbers of two texts, collations at odds, padding, a boolean
CREATE TABLE price (id numeric PRIMARY KEY, label text);
CREATE TABLE offer (id int PRIMARY KEY, price_id numeric REFERENCES price (id));
INSERT INTO price VALUES (1.0, 'one'), (2.50, 'two');
INSERT INTO offer VALUES (1, 1.00), (2, 1), (3, 1.0), (4, 2.5), (5, NULL);
CREATE TABLE word (id text COLLATE "C" PRIMARY KEY);
CREATE TABLE use_of (id int PRIMARY KEY, word_id text COLLATE "POSIX" REFERENCES word (id));
INSERT INTO word VALUES ('a'), ('B');
INSERT INTO use_of VALUES (1, 'a'), (2, 'a'), (3, 'B');
CREATE TABLE tag (code char(3) PRIMARY KEY);
CREATE TABLE tagged (id int PRIMARY KEY, code varchar(3) NOT NULL);
INSERT INTO tag VALUES ('x'), ('xyz');
INSERT INTO tagged VALUES (1, 'x'), (2, 'xyz');
CREATE TABLE seat (hall int, open boolean, PRIMARY KEY (hall, open));
CREATE TABLE guest (id int PRIMARY KEY, hall int, open boolean, FOREIGN KEY (hall, open) REFERENCES seat);
INSERT INTO seat VALUES (1, true), (1, false), (2, true);
INSERT INTO guest VALUES (1, 1, true), (2, 1, false), (3, 1, true), (4, NULL, true), (5, NULL, NULL);
)sql";

constexpr std::string_view models = R"prisma(
datasource db {
  provider = "postgresql"
}
model odd {
  id        Int       @id
  yes       Boolean?
  truly     Boolean?
  padded    String?   @db.Char(5)
  host      String?   @db.Inet
  doc       String?   @db.Xml
  at        DateTime? @db.Timestamptz(6)
  price     Decimal?
  real4     Float?    @db.Real
  flags     Boolean[]
  hosts     String[]  @db.Inet
  pads      String[]  @db.Char(3)
  bits      String?   @db.Bit(3)
  payload   Bytes?
  settings  Json?
  odd_child odd_child[]
}
model odd_child {
  id     Int      @id
  odd_id Int?
  yes    Boolean?
  host   String?  @db.Inet
  odd    odd?     @relation(fields: [odd_id], references: [id])
}
model price {
  id    Decimal @id @db.Decimal
  label String?
  offer offer[]
}
model offer {
  id       Int      @id
  price_id Decimal? @db.Decimal
  price    price?   @relation(fields: [price_id], references: [id])
}
model word {
  id     String   @id
  use_of use_of[]
}
model use_of {
  id      Int     @id
  word_id String?
  word    word?   @relation(fields: [word_id], references: [id])
}
model tag {
  code   String   @id @db.Char(3)
  tagged tagged[]
}
model tagged {
  id   Int    @id
  code String @db.VarChar(3)
  tag  tag    @relation(fields: [code], references: [code])
}
model seat {
  hall  Int
  open  Boolean
  guest guest[]

  @@id([hall, open])
}
model guest {
  id   Int      @id
  hall Int?
  open Boolean?
  seat seat?    @relation(fields: [hall, open], references: [hall, open])
}
)prisma";

class SingleStatementPgTest : public DatabaseEngineTest {
 protected:
  explicit SingleStatementPgTest(const EngineOptions& options = {})
      : DatabaseEngineTest(tables, models, options) {}
};

TEST_F(SingleStatementPgTest, ValuesAreThoseOfTheirOwnTypes) {
  const std::string answer = body(
      "{ listOdds { items { id yes truly padded host doc at price real4 flags hosts pads bits payload "
      "settings "
      "odd_child { items { yes host } totalCount aggregate { count max { host } } "
      "groups(groupBy: [{field: yes}]) { group { yes } count } } } } }");
  EXPECT_NE(answer.find(R"("yes":true,"truly":false,"padded":"ab   ","host":"10.0.0.1")"), std::string::npos)
      << answer;
}

TEST_F(SingleStatementPgTest, EqualNumbersOfTwoTexts) {
  EXPECT_EQ(body("{ listPrices { items { offer { items { id } } } } }"),
            R"({"data":{"listPrices":{"items":[{"offer":{"items":[{"id":1},{"id":2},{"id":3}]}},)"
            R"({"offer":{"items":[{"id":4}]}}]}}})");
  // By 1.00, 1 and 1.0 to the price, and from there on to the offers.
  body("{ listOffers { items { id price_id price { offer { items { id } } } } } }");
}

// A to-one relation is a join of the two columns, which PostgreSQL itself refuses here.
TEST_F(SingleStatementPgTest, CollationsAtOdds) {
  EXPECT_EQ(body("{ listWords { items { id use_of { items { id } totalCount } } } }"),
            R"({"data":{"listWords":{"items":[{"id":"B","use_of":{"items":[{"id":3}],"totalCount":1}},)"
            R"({"id":"a","use_of":{"items":[{"id":1},{"id":2}],"totalCount":2}}]}}})");
}

TEST_F(SingleStatementPgTest, PaddedAndComposedKeys) {
  body("{ listTags { items { code tagged { items { id } totalCount } } } }");
  EXPECT_EQ(
      body("{ listSeats { items { hall open guest(limit: 1) { items { id } totalCount nextToken } } } }")
          .find("errors"),
      std::string::npos);
  body("{ listGuests { items { id seat { guest { items { id } } } } } }");
}

// Every way to have a page, at two depths.
TEST_F(SingleStatementPgTest, PagesInPages) {
  for (const int outer : {0, 1, 2, 5})
    for (const int inner : {0, 1, 3})
      for (const char* order : {"ASC", "DESC"}) {
        const std::string query = fmt::format(
            "{{ listSeats(limit: {0}, offset: 1) {{ nextToken items {{ hall guest(limit: {1}, orderBy: "
            "[{{id: {2}}}]) {{ "
            "nextToken totalCount items {{ id seat {{ guest(limit: {1}, offset: 1) {{ nextToken items {{ id "
            "}} }} }} }} "
            "}} }} }} }}",
            outer, inner, order);
        EXPECT_EQ(body(query).find("\"errors\""), std::string::npos) << query;
      }
}

EngineOptions six_rows() {
  EngineOptions options;
  options.operation.rows_answer_max = 6;
  return options;
}
class LimitedSingleStatementPgTest : public SingleStatementPgTest {
 protected:
  LimitedSingleStatementPgTest() : SingleStatementPgTest(six_rows()) {}
};

TEST_F(LimitedSingleStatementPgTest, AsManyRowsAsTheOtherWay) {
  for (int outer = 0; outer < 5; ++outer)
    for (int inner = 0; inner < 5; ++inner)
      for (const char* token : {"", "nextToken "}) {
        body(fmt::format(
            "{{ listPrices(limit: {0}) {{ {2}items {{ offer(limit: {1}) {{ {2}items {{ id price {{ offer {{ "
            "items {{ id }} totalCount }} }} }} }} }} }} }}",
            outer, inner, token));
      }
}

}  // namespace
}  // namespace tenon::api
