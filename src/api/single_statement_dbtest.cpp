// What is special about one statement for a query: each query here is run both ways, and the answers have to
// be the same (engine_fixture.h). An engine without such a statement answers in its own way all the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/engine_fixture.h"
#include "api/sabotage.h"

namespace tenon::api {
namespace {

// Values that a cast to text writes differently from the engine's answers, or not at all.
constexpr std::string_view odd_tables = R"sql(
pg| CREATE DOMAIN truth AS boolean;
pg| CREATE TABLE odd (
pg|   id int PRIMARY KEY, yes boolean, truly truth, padded char(5), host inet, net cidr, doc xml, at timestamptz,
pg|   price numeric, real4 real, flags boolean[], hosts inet[], pads char(3)[], bits bit(3), payload bytea,
pg|   during interval, settings jsonb);
pg| INSERT INTO odd VALUES
pg|   (1, true, false, 'ab', '10.0.0.1', '10.0.0.0/8', '<?xml version="1.0" encoding="UTF-8"?><a/>',
pg|    'infinity', 1.50, 0.1, '{t,f,NULL}', '{10.0.0.1,10.1.0.0/16}', '{a,bc}', '101', '\x00ff', '1 mon 2 days', '{"a": 1}'),
pg|   (2, false, NULL, '', '::1', '::/0', '<b/>', '0044-03-15 BC', 'NaN', '-0', '{}', '{}', '{}', '000', '', '0', 'null'),
pg|   (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
my| CREATE TABLE odd (
my|   id int PRIMARY KEY, yes boolean, truly bit(1), padded char(5), host inet6, doc enum('a', 'b'), at datetime(6),
my|   price decimal(6, 2), real4 float, bits bit(3), payload blob, settings json);
my| INSERT INTO odd VALUES
my|   (1, true, 0, 'ab', '::ffff:10.0.0.1', 'a', '9999-12-31 23:59:59.999999', 1.50, 0.1, b'101', x'00ff', '{"a": 1}'),
my|   (2, false, NULL, '', '::1', 'b', '1044-03-15', 0, '-0', b'000', '', 'null'),
my|   (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
pg| CREATE TABLE odd_child (id int PRIMARY KEY, odd_id int REFERENCES odd (id), yes boolean, host inet);
my| CREATE TABLE odd_child (id int PRIMARY KEY, odd_id int REFERENCES odd (id), yes boolean, host inet6);
INSERT INTO odd_child (id, odd_id, yes) VALUES (1, 1, true), (2, 1, NULL), (3, NULL, false);
pg| UPDATE odd_child SET host = ('10.0.0.' || id)::inet WHERE id < 3;
my| UPDATE odd_child SET host = '::ffff:10.0.0.' || id WHERE id < 3;

-- keys: equal numbers of two texts, collations at odds, padding, a boolean
pg| CREATE TABLE price (id numeric PRIMARY KEY, label text);
pg| CREATE TABLE offer (id int PRIMARY KEY, price_id numeric REFERENCES price (id));
my| CREATE TABLE price (id decimal(6, 3) PRIMARY KEY, label varchar(191));
my| CREATE TABLE offer (id int PRIMARY KEY, price_id decimal(6, 3) REFERENCES price (id));
INSERT INTO price VALUES (1.0, 'one'), (2.50, 'two');
INSERT INTO offer VALUES (1, 1.00), (2, 1), (3, 1.0), (4, 2.5), (5, NULL);
pg| CREATE TABLE word (id text COLLATE "C" PRIMARY KEY);
pg| CREATE TABLE use_of (id int PRIMARY KEY, word_id text COLLATE "POSIX" REFERENCES word (id));
my| CREATE TABLE word (id varchar(191) COLLATE utf8mb4_bin PRIMARY KEY);
my| CREATE TABLE use_of (id int PRIMARY KEY, word_id varchar(191) COLLATE utf8mb4_general_ci);
INSERT INTO word VALUES ('a'), ('B');
INSERT INTO use_of VALUES (1, 'a'), (2, 'a'), (3, 'B');
CREATE TABLE tag (code char(3) PRIMARY KEY);
CREATE TABLE tagged (id int PRIMARY KEY, code varchar(3) NOT NULL);
INSERT INTO tag VALUES ('x'), ('xyz');
INSERT INTO tagged VALUES (1, 'x'), (2, 'xyz');
CREATE TABLE seat (hall int, open boolean, PRIMARY KEY (hall, open));
CREATE TABLE guest (id int PRIMARY KEY, hall int, open boolean, FOREIGN KEY (hall, open) REFERENCES seat (hall, open));
INSERT INTO seat VALUES (1, true), (1, false), (2, true);
INSERT INTO guest VALUES (1, 1, true), (2, 1, false), (3, 1, true), (4, NULL, true), (5, NULL, NULL);
)sql";

constexpr std::string_view odd_models = R"prisma(
datasource db {
  provider = "postgresql"
}
model odd {
  id        Int       @id
  yes       Boolean?
  truly     Boolean?
  padded    String?   @db.Char(5)
pg|   host      String?   @db.Inet
pg|   doc       String?   @db.Xml
my|   host      String?   @db.VarChar(45)
my|   doc       letter?
  at        DateTime? @db.Timestamptz(6)
pg|   price     Decimal?
my|   price     Decimal?  @db.Decimal(6, 2)
  real4     Float?    @db.Real
pg|   flags     Boolean[]
pg|   hosts     String[]  @db.Inet
pg|   pads      String[]  @db.Char(3)
pg|   bits      String?   @db.Bit(3)
pg|   payload   Bytes?
my|   payload   Bytes?    @db.Blob
  settings  Json?
  odd_child odd_child[]
}
model odd_child {
  id     Int      @id
  odd_id Int?
  yes    Boolean?
pg|   host   String?  @db.Inet
my|   host   String?  @db.VarChar(45)
  odd    odd?     @relation(fields: [odd_id], references: [id])
}
my| enum letter {
my|   a
my|   b
my| }
model price {
pg|   id    Decimal @id @db.Decimal
my|   id    Decimal @id @db.Decimal(6, 3)
  label String?
  offer offer[]
}
model offer {
  id       Int      @id
pg|   price_id Decimal? @db.Decimal
my|   price_id Decimal? @db.Decimal(6, 3)
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

class SingleStatementTest : public DatabaseEngineTest {
 protected:
  explicit SingleStatementTest(const EngineOptions& options = {})
      : DatabaseEngineTest(odd_tables, odd_models, options) {}
};

TEST_F(SingleStatementTest, ValuesAreThoseOfTheirOwnTypes) {
  const std::string answer = body(fmt::format(
      "{{ listOdds {{ items {{ id yes truly padded host doc at price real4 {}payload settings odd_child {{ "
      "items {{ yes host }} totalCount aggregate {{ count max {{ host }} }} groups(groupBy: [{{field: "
      "yes}}]) "
      "{{ group {{ yes }} count }} }} }} }} }}",
      differs(sql::Difference::list_columns) ? "" : "flags hosts pads bits "));
  EXPECT_NE(answer.find(fmt::format(R"("yes":true,"truly":false,"padded":"{}","host":"{}10.0.0.1")",
                                    differs(sql::Difference::padded_texts) ? "ab" : "ab   ",
                                    differs(sql::Difference::own_types) ? "::ffff:" : "")),
            std::string::npos)
      << answer;
}

TEST_F(SingleStatementTest, EqualNumbersOfTwoTexts) {
  EXPECT_EQ(body("{ listPrices { items { offer { items { id } } } } }"),
            R"({"data":{"listPrices":{"items":[{"offer":{"items":[{"id":1},{"id":2},{"id":3}]}},)"
            R"({"offer":{"items":[{"id":4}]}}]}}})");
  // By 1.00, 1 and 1.0 to the price, and from there on to the offers.
  body("{ listOffers { items { id price_id price { offer { items { id } } } } } }");
}

// A to-one relation is a join of the two columns, which PostgreSQL itself refuses here.
TEST_F(SingleStatementTest, CollationsAtOdds) {
  EXPECT_EQ(body("{ listWords { items { id use_of { items { id } totalCount } } } }"),
            R"({"data":{"listWords":{"items":[{"id":"B","use_of":{"items":[{"id":3}],"totalCount":1}},)"
            R"({"id":"a","use_of":{"items":[{"id":1},{"id":2}],"totalCount":2}}]}}})");
}

TEST_F(SingleStatementTest, IsThereWhereTheEngineHasOne) {
  Sabotage count;
  SabotagedPool pool(*pool_, count);
  Engine engine(engine_.schema(), pool, {.round_trips = RoundTrips::one});
  run_on(engine, "{ listPrices { items { offer { items { id price { label } } } } } }");
  EXPECT_EQ(count.seen, differs(sql::Difference::one_statement) ? 2u : 1u);
}

TEST_F(SingleStatementTest, PaddedAndComposedKeys) {
  body("{ listTags { items { code tagged { items { id } totalCount } } } }");
  EXPECT_EQ(
      body("{ listSeats { items { hall open guest(limit: 1) { items { id } totalCount nextToken } } } }")
          .find("errors"),
      std::string::npos);
  body("{ listGuests { items { id seat { guest { items { id } } } } } }");
}

// Every way to have a page, at two depths.
TEST_F(SingleStatementTest, PagesInPages) {
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
class LimitedSingleStatementTest : public SingleStatementTest {
 protected:
  LimitedSingleStatementTest() : SingleStatementTest(six_rows()) {}
};

TEST_F(LimitedSingleStatementTest, AsManyRowsAsTheOtherWay) {
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
