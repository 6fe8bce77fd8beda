// Aggregates over a real database: every type's sums and extremes, empty sets, NULL groups, parts of dates,
// children, counts, and what is refused.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/engine_fixture.h"

namespace tenon::api {
namespace {

constexpr std::string_view measured_tables = R"sql(
pg| CREATE TYPE mood AS ENUM ('low', 'so-so', 'high');
CREATE TABLE owner (id int PRIMARY KEY, code char(3) UNIQUE, name {text} NOT NULL);
CREATE TABLE thing (
  id int PRIMARY KEY, owner_id int REFERENCES owner (id), owner_code char(3) REFERENCES owner (code),
  small smallint, num int, big bigint, dbl double precision, label {text}, short varchar(5), fixed char(4),
  flag boolean, uid {uuid}, day date, clock time, at {instant}, docb {json},
pg|   exact numeric, single real, mood mood, local timestamp, raw bytea, cash money, gap interval, ip inet,
pg|   doc json, tags text[]);
my|   exact decimal(10, 2), single float, mood enum('low', 'so-so', 'high'), local datetime(6), raw blob);
INSERT INTO owner VALUES (1, 'a', 'Ann'), (2, 'bb', 'Bo'), (3, 'ccc', 'Cy');
INSERT INTO thing (id, owner_id, owner_code, small, num, big, exact, single, dbl, label, short, fixed, mood, flag,
  uid, day, clock, at, local, docb) VALUES
  (1, 1, 'a', 1, 2147483647, 9223372036854775807, 0.10, 0.1, 0.1, 'b', 'b', 'b', 'low', true,
   '11111111-1111-4111-8111-111111111111', '2024-02-29', '10:30', '2024-03-01 00:30', '2024-02-29 23:30', '{"a": 1}'),
  (2, 1, 'a', 2, 2147483647, 9223372036854775807, 0.20, 0.2, 0.2, 'a', 'a', 'a', 'so-so', true,
   '22222222-2222-4222-8222-222222222222', '2024-03-01', '09:15', '2024-03-04 00:00', '2024-03-04 00:00', '{"a": 1}');
INSERT INTO thing (id, owner_id, owner_code) VALUES (3, 2, 'bb');
INSERT INTO thing (id, num, mood, flag) VALUES (4, 5, 'high', false);
pg| UPDATE thing SET raw = '\x01', cash = 12.30, ip = '10.0.0.1', gap = '1 day', doc = '{"a": 1}', tags = '{x}' WHERE id = 1;
pg| UPDATE thing SET raw = '\x02', cash = 0.70, ip = '10.0.0.2', gap = '2 hours', doc = '{"a":1}', tags = '{x}' WHERE id = 2;
pg| UPDATE thing SET dbl = 'NaN' WHERE id = 3;
pg| UPDATE thing SET dbl = 'Infinity', day = 'infinity', at = 'infinity' WHERE id = 4;
my| UPDATE thing SET raw = char(id) WHERE id < 3;
CREATE TABLE pair (a int, b {text}, n int, PRIMARY KEY (a, b));
CREATE TABLE part (id int PRIMARY KEY, a int, b {text}, weight int, FOREIGN KEY (a, b) REFERENCES pair (a, b));
INSERT INTO pair VALUES (1, 'x', 1), (1, 'y', 2), (2, 'x', 3);
INSERT INTO part VALUES (1, 1, 'x', 10), (2, 1, 'x', 20), (3, 2, 'x', 5);
)sql";

constexpr std::string_view measured_models = R"prisma(
datasource db {
  provider = "postgresql"
}
model owner {
  id            Int     @id
  code          String? @unique @db.Char(3)
  name          String
  thing         thing[] @relation("by_id")
  thing_by_code thing[] @relation("by_code")
}
model thing {
  id         Int       @id
  owner_id   Int?
  owner_code String?   @db.Char(3)
  small      Int?      @db.SmallInt
  num        Int?
  big        BigInt?
pg|   exact      Decimal?  @db.Decimal
my|   exact      Decimal?  @db.Decimal(10, 2)
  single     Float?    @db.Real
  dbl        Float?
pg|   cash       Decimal?  @db.Money
  label      String?
  short      String?   @db.VarChar(5)
  fixed      String?   @db.Char(4)
  mood       mood?
  flag       Boolean?
  uid        String?   @db.Uuid
  day        DateTime? @db.Date
pg|   clock      DateTime? @db.Time(6)
my|   clock      DateTime? @db.Time(0)
  at         DateTime? @db.Timestamptz(6)
  local      DateTime? @db.Timestamp(6)
pg|   gap        Unsupported("interval")?
pg|   ip         String?   @db.Inet
pg|   doc        Json?     @db.Json
  docb       Json?
pg|   tags       String[]
pg|   raw        Bytes?
my|   raw        Bytes?    @db.Blob
  owner      owner?    @relation("by_id", fields: [owner_id], references: [id])
  by_code    owner?    @relation("by_code", fields: [owner_code], references: [code])
}
model pair {
  a    Int
  b    String
  n    Int?
  part part[]
  @@id([a, b])
}
model part {
  id     Int     @id
  a      Int?
  b      String?
  weight Int?
  pair   pair?   @relation(fields: [a, b], references: [a, b])
}
enum mood {
  low
  so_so @map("so-so")
  high
}
)prisma";

class AggregatesTest : public DatabaseEngineTest {
 protected:
  AggregatesTest() : DatabaseEngineTest(measured_tables, measured_models) {}

  // With limits of its own.
  std::string limited(std::string_view query, const EngineOptions& options) {
    Engine engine(engine_.schema(), *pool_, options);
    return run_on(engine, query).body;
  }
  // What is inside {"data":{"r": … }}.
  std::string result(std::string_view query, std::string_view variables = "{}") {
    const std::string text = body(query, variables);
    constexpr std::string_view before = R"({"data":{"r":)";
    if (!text.starts_with(before)) return text;
    return text.substr(before.size(), text.size() - before.size() - 2);
  }
};

TEST_F(AggregatesTest, SumsLoseNothing) {
  EXPECT_EQ(result("{ r: aggregateThings(filter: {id: {le: 2}}) { sum { small num big exact } } }"),
            R"([{"sum":{"small":"3","num":"4294967294","big":"18446744073709551614","exact":"0.30"}}])");
  EXPECT_EQ(
      result("{ r: aggregateThings(filter: {id: {le: 2}}) { avg { small big exact dbl } } }"),
      fmt::format(
          R"([{{"avg":{{"small":1.5,"big":"9223372036854775807{}","exact":"0.15000000000000000000","dbl":0.15000000000000002}}}}])",
          differs(sql::Difference::averages) ? ".00000000000000000000" : ""));
}

TEST_F(AggregatesTest, ExtremesAreOfTheColumnsOwnType) {
  EXPECT_EQ(
      result("{ r: aggregateThings(filter: {id: {le: 3}}) { min { big label short fixed mood day clock "
             "at local } max { mood label } } }"),
      fmt::format(R"([{{"min":{{"big":"9223372036854775807","label":"a","short":"a","fixed":"{0}",)"
                  R"("mood":"low","day":"2024-02-29","clock":"09:15:00","at":"2024-03-01T00:30:00{1}Z",)"
                  R"("local":"2024-02-29T23:30:00{1}Z"}},"max":{{"mood":"so_so","label":"b"}}}}])",
                  differs(sql::Difference::padded_texts) ? "a" : "a   ",
                  differs(sql::Difference::fractions) ? ".000000" : ""));
}

TEST_F(AggregatesTest, TypesOfPostgres) {
  const std::string text =
      result("{ r: aggregateThings(filter: {id: {le: 2}}) { sum { cash } avg { cash } min { cash ip } } }");
  if (differs(sql::Difference::own_types))
    EXPECT_NE(text.find(R"(Cannot query field \"cash\")"), std::string::npos) << text;
  else
    EXPECT_EQ(text, R"([{"sum":{"cash":"13.00"},"avg":{"cash":"6.5000000000000000"},)"
                    R"("min":{"cash":"0.70","ip":"10.0.0.1"}}])");
}

TEST_F(AggregatesTest, NotANumberAndInfinityAreText) {
  const std::string sums = result("{ r: aggregateThings { sum { dbl } max { dbl day at } } }");
  const std::string filtered = body(R"({ listThings(filter: {at: {eq: "infinity"}}) { items { id } } })");
  if (differs(sql::Difference::infinite_values)) {
    EXPECT_EQ(sums, R"([{"sum":{"dbl":0.30000000000000004},"max":{"dbl":0.2,"day":"2024-03-01",)"
                    R"("at":"2024-03-04T00:00:00.000000Z"}}])");
    EXPECT_NE(filtered.find("BAD_USER_INPUT"), std::string::npos) << filtered;
    return;
  }
  EXPECT_EQ(sums, R"([{"sum":{"dbl":"NaN"},"max":{"dbl":"NaN","day":"infinity","at":"infinity"}}])");
  EXPECT_EQ(filtered, R"({"data":{"listThings":{"items":[{"id":4}]}}})");
  EXPECT_EQ(result("{ r: aggregateThings(filter: {id: {eq: 4}}) { sum { dbl } avg { dbl } } }"),
            R"([{"sum":{"dbl":"Infinity"},"avg":{"dbl":"Infinity"}}])");
}

TEST_F(AggregatesTest, DistinctValuesAreCountedWithoutNulls) {
  EXPECT_EQ(result("{ r: aggregateThings { countDistinct { owner_id num label flag uid docb raw } } }"),
            R"([{"countDistinct":{"owner_id":2,"num":2,"label":2,"flag":2,"uid":2,"docb":1,"raw":2}}])");
}

TEST_F(AggregatesTest, NothingIsOneGroupWithoutValues) {
  const std::string empty =
      R"({"count":0,"countDistinct":{"num":0},"sum":{"num":null},"min":{"label":null}})";
  const std::string selection = "{ count countDistinct { num } sum { num } min { label } }";
  EXPECT_EQ(result("{ r: aggregateThings(filter: {id: {lt: 0}}) " + selection + " }"), "[" + empty + "]");
  EXPECT_EQ(result("{ r: aggregateThings(filter: {id: {lt: 0}}, groupBy: [{field: num}]) { count } }"), "[]");
  // Neither a parent without children nor one whose key is NULL.
  EXPECT_EQ(result("{ r: getOwner(id: 3) { thing { aggregate " + selection +
                   " groups(groupBy: [{field: num}]) "
                   "{ count } } } }"),
            R"({"thing":{"aggregate":)" + empty + R"(,"groups":[]}})");
}

TEST_F(AggregatesTest, NullIsAGroup) {
  const std::string_view query =
      "{ r: aggregateThings(groupBy: [{field: mood}], orderBy: [{group: {mood: "
      "ASC}}]) { group { mood } count } }";
  const std::string some =
      R"({"group":{"mood":"low"},"count":1},{"group":{"mood":"so_so"},"count":1},{"group":{"mood":"high"},"count":1})";
  const std::string none = R"({"group":{"mood":null},"count":1})";
  EXPECT_EQ(result(query), differs(sql::Difference::null_order) ? "[" + none + "," + some + "]"
                                                                : "[" + some + "," + none + "]");
  EXPECT_EQ(
      result("{ r: aggregateThings(groupBy: [{field: flag}], having: {count: {gt: 1}}) { group { flag } } }"),
      R"([{"group":{"flag":true}}])");
}

TEST_F(AggregatesTest, PartsOfDatesAreUtc) {
  // 23:30 at -01 is half past midnight of the next day, a Friday of the next month.
  EXPECT_EQ(
      result(
          "{ r: aggregateThings(filter: {id: {eq: 1}}, groupBy: [{field: at, part: DAY}, {field: at, part: "
          "MONTH}, {field: at, part: DAY_OF_WEEK}, {field: at, part: HOUR_OF_DAY}]) { group { at month: "
          "at(part: MONTH) } w: datePart(field: at, part: DAY_OF_WEEK) h: datePart(field: at, part: "
          "HOUR_OF_DAY) } }"),
      R"([{"group":{"at":"2024-03-01T00:00:00Z","month":"2024-03-01T00:00:00Z"},"w":5,"h":0}])");
  EXPECT_EQ(result("{ r: aggregateThings(filter: {id: {le: 2}}, groupBy: [{field: day, part: WEEK}]) { group "
                   "{ day } count } }"),
            R"([{"group":{"day":"2024-02-26"},"count":2}])");
  if (!differs(sql::Difference::infinite_values))
    EXPECT_EQ(result("{ r: aggregateThings(filter: {id: {ge: 3}}, groupBy: [{field: day, part: WEEK}]) { "
                     "group { day } count } }"),
              R"([{"group":{"day":"infinity"},"count":1},{"group":{"day":null},"count":1}])");
  EXPECT_EQ(
      result("{ r: aggregateThings(filter: {id: {le: 2}}, groupBy: [{field: clock, part: HOUR_OF_DAY}]) "
             "{ datePart(field: clock, part: HOUR_OF_DAY) } }"),
      R"([{"datePart":9},{"datePart":10}])");
}

TEST_F(AggregatesTest, EveryPartOfEveryKindOfDateIsAnswered) {
  for (const std::string_view part : {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE"})
    for (const std::string_view field : {"at", "local", "day"}) {
      if (field == "day" && (part == "HOUR" || part == "MINUTE")) continue;
      const std::string text = body(fmt::format(
          "{{ r: aggregateThings(groupBy: [{{field: {}, part: {}}}]) {{ group {{ {} }} count }} }}", field,
          part, field));
      EXPECT_EQ(text.find("errors"), std::string::npos) << text;
    }
  for (const std::string_view part : {"QUARTER_OF_YEAR", "MONTH_OF_YEAR", "WEEK_OF_YEAR", "DAY_OF_YEAR",
                                      "DAY_OF_MONTH", "DAY_OF_WEEK", "HOUR_OF_DAY", "MINUTE_OF_HOUR"})
    for (const std::string_view field : {"at", "local"}) {
      const std::string text =
          body(fmt::format("{{ r: aggregateThings(groupBy: [{{field: {0}, part: {1}}}]) {{ datePart(field: "
                           "{0}, part: {1}) }} }}",
                           field, part));
      EXPECT_EQ(text.find("errors"), std::string::npos) << text;
    }
}

TEST_F(AggregatesTest, HavingComparesEveryKindOfValue) {
  const auto moods = [&](const std::string& having, std::string_view declared = "",
                         std::string_view variables = "{}") {
    return result(
        fmt::format("query {} {{ r: aggregateThings(groupBy: [{{field: owner_id}}], having: {}) {{ group {{ "
                    "owner_id }} }} }}",
                    declared, having),
        variables);
  };
  const std::string one = R"([{"group":{"owner_id":1}}])";
  EXPECT_EQ(moods("{count: {ge: 2}}"), one);
  EXPECT_EQ(moods("{sum: {num: {eq: \"4294967294\"}}}"), one);
  EXPECT_EQ(moods("{sum: {num: {eq: $b}}}", "($b: BigInt)", R"({"b": 4294967294})"), one);
  EXPECT_EQ(moods("{sum: {exact: {gt: 0.25, lt: \"0.35\"}}}"), one);
  EXPECT_EQ(moods("{avg: {small: {le: 1.5}}}"), one);
  EXPECT_EQ(moods("{min: {mood: {eq: low}}}"), one);
  EXPECT_EQ(moods("{max: {at: {lt: $d}}}", "($d: DateTime)", R"({"d": "2024-03-04T00:00:01Z"})"), one);
  EXPECT_EQ(moods("{max: {label: {ge: \"b\"}}}"), one);
  EXPECT_EQ(moods("{countDistinct: {label: {eq: 2}}}"), one);
  EXPECT_EQ(moods("{min: {label: {eq: null}}, count: {lt: 2}, not: {max: {num: {attributeExists: true}}}}"),
            R"([{"group":{"owner_id":2}}])");
  EXPECT_EQ(moods("{or: [{sum: {num: {lt: 6}}}, {count: {gt: 1}}]}"),
            differs(sql::Difference::null_order)
                ? R"([{"group":{"owner_id":null}},{"group":{"owner_id":1}}])"
                : R"([{"group":{"owner_id":1}},{"group":{"owner_id":null}}])");
  EXPECT_EQ(moods("{or: []}"), "[]");
}

TEST_F(AggregatesTest, GroupsHaveAnOrderAndPages) {
  const std::string order = "groupBy: [{field: owner_id}], orderBy: [{count: DESC}, {sum: {num: DESC}}]";
  const std::string selection = "{ group { owner_id } }";
  const bool nulls_last = differs(sql::Difference::null_order);
  EXPECT_EQ(result("{ r: aggregateThings(" + order + ") " + selection + " }"),
            nulls_last
                ? R"([{"group":{"owner_id":1}},{"group":{"owner_id":null}},{"group":{"owner_id":2}}])"
                : R"([{"group":{"owner_id":1}},{"group":{"owner_id":2}},{"group":{"owner_id":null}}])");
  EXPECT_EQ(result("{ r: aggregateThings(" + order + ", limit: 1, offset: 1) " + selection + " }"),
            nulls_last ? R"([{"group":{"owner_id":null}}])" : R"([{"group":{"owner_id":2}}])");
  EXPECT_EQ(
      result(
          "{ r: aggregateThings(groupBy: [{field: at, part: YEAR}, {field: at, part: DAY_OF_WEEK}], orderBy: "
          "[{group: {at: DESC}}], filter: {id: {le: 2}}) { datePart(field: at, part: DAY_OF_WEEK) } }"),
      R"([{"datePart":5},{"datePart":1}])");
}

TEST_F(AggregatesTest, ChildrenAreAggregatedByParent) {
  EXPECT_EQ(
      result(
          "{ r: listOwners { items { id thing(filter: {id: {ge: 2}}) { totalCount aggregate { count max { id "
          "} } "
          "groups(groupBy: [{field: label}], orderBy: [{group: {label: DESC}}], limit: 1) { group { label } "
          "count } } } } }"),
      R"({"items":[{"id":1,"thing":{"totalCount":1,"aggregate":{"count":1,"max":{"id":2}},"groups":[{"group":)"
      R"({"label":"a"},"count":1}]}},{"id":2,"thing":{"totalCount":1,"aggregate":{"count":1,"max":{"id":3}},)"
      R"("groups":[{"group":{"label":null},"count":1}]}},{"id":3,"thing":{"totalCount":0,"aggregate":{"count":0,)"
      R"("max":{"id":null}},"groups":[]}}]})");
  // Padded keys come back as the parent wrote them, composite ones as pairs.
  EXPECT_EQ(
      result("{ r: listOwners { items { thing_by_code { aggregate { count } capped: totalCount(atMost: 1) } "
             "} } }"),
      R"({"items":[{"thing_by_code":{"aggregate":{"count":2},"capped":1}},{"thing_by_code":{"aggregate":)"
      R"({"count":1},"capped":1}},{"thing_by_code":{"aggregate":{"count":0},"capped":0}}]})");
  EXPECT_EQ(
      result("{ r: listPairs { items { part { aggregate { sum { weight } } groups(groupBy: [{field: b}]) { "
             "count } } } } }"),
      R"({"items":[{"part":{"aggregate":{"sum":{"weight":"30"}},"groups":[{"count":2}]}},{"part":{"aggregate":)"
      R"({"sum":{"weight":null}},"groups":[]}},{"part":{"aggregate":{"sum":{"weight":"5"}},"groups":[{"count":1}]}}]})");
}

TEST_F(AggregatesTest, CountsStopWhereAsked) {
  EXPECT_EQ(
      result(
          "query ($n: Int) { r: listThings(filter: {id: {gt: 1}}) { totalCount two: totalCount(atMost: $n) "
          "ten: totalCount(atMost: 10) estimatedCount } }",
          R"({"n": 2})"),
      R"({"totalCount":3,"two":2,"ten":3,"estimatedCount":null})");
  const std::string estimate = "{ r: listThings { estimatedCount } }";
  if (!differs(sql::Difference::estimates))
    EXPECT_EQ(result(estimate), R"({"estimatedCount":null})") << "nobody has counted yet";
  test::run_engine_sql(url_, "pg| ANALYZE thing\nmy| ANALYZE TABLE thing");
  EXPECT_EQ(result(estimate), R"({"estimatedCount":4})");
}

TEST_F(AggregatesTest, BombsAreRefused) {
  const std::string query =
      "{ a: listOwners { items { thing { x: groups { count } y: groups { count } } } } b: listOwners { items "
      "{ id } } }";
  const std::string text = limited(query, {.operation = {.statements_max = 3}});
  EXPECT_NE(text.find("QUERY_TOO_COMPLEX"), std::string::npos) << text;
  EXPECT_EQ(limited(query, {.operation = {.statements_max = 5}}).find("errors"), std::string::npos);
  const std::string wide = limited("{ aggregateThings { sum { num big } avg { num } } }",
                                   {.operation = {.aggregate_values_max = 2}});
  EXPECT_NE(wide.find("QUERY_TOO_COMPLEX"), std::string::npos) << wide;
  const std::string rows =
      limited("{ r: listOwners { items { thing { groups(groupBy: [{field: id}]) { count } } } } }",
              {.operation = {.rows_answer_max = 4}});
  EXPECT_NE(rows.find("errors"), std::string::npos) << rows;
}

}  // namespace
}  // namespace tenon::api
