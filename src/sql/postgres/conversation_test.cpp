#include "sql/postgres/conversation.h"

#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "sql/postgres/messages.h"

namespace tenon::sql::postgres {
namespace {

using StepKind = Step::Kind;
using State = Conversation::State;

std::string number_16(std::uint16_t number) {
  return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xFFU)};
}
std::string number_32(std::uint32_t number) {
  return number_16(static_cast<std::uint16_t>(number >> 16U)) +
         number_16(static_cast<std::uint16_t>(number & 0xFFFFU));
}
std::string message(char type, const std::string& body = {}) {
  return type + number_32(static_cast<std::uint32_t>(body.size() + 4)) + body;
}
std::string text(std::string_view text) { return std::string(text) + '\0'; }

std::string description(std::initializer_list<const char*> names) {
  std::string body = number_16(static_cast<std::uint16_t>(names.size()));
  for (const char* name : names) body += text(name) + std::string(18, '\0');
  return message('T', body);
}
std::string row(std::initializer_list<const char*> values) {
  std::string body = number_16(static_cast<std::uint16_t>(values.size()));
  for (const char* value : values)
    body += value == nullptr ? number_32(0xFFFFFFFFU)
                             : number_32(static_cast<std::uint32_t>(std::strlen(value))) + value;
  return message('D', body);
}
std::string error(const char* state) {
  return message('E', text(std::string("C") + state) + text("Mno") + text("nt_pkey") + '\0');
}
const std::string prepared = message('1') + message('t', number_16(0));
const std::string bound = message('2');
const std::string ready = message('Z', "I");
std::string done(std::string_view tag) { return message('C', text(tag)); }

Prepared statement(const char* name = "s") {
  return std::make_shared<PreparedStatement>(
      PreparedStatement{.hash = base::hash128(name), .name = name, .columns = nullptr});
}

// Puts bytes into an inbox in pieces of `step` and reads after each.
State feed(Conversation& conversation, Inbox& inbox, std::string_view bytes, std::size_t step) {
  State state = conversation.read(inbox);
  for (std::size_t at = 0; at < bytes.size() && state == State::hungry;) {
    const std::span<char> room = inbox.room();
    const std::size_t size = std::min({step, bytes.size() - at, room.size()});
    std::memcpy(room.data(), bytes.data() + at, size);
    inbox.add(size);
    at += size;
    state = conversation.read(inbox);
  }
  return state;
}

std::string cells(const ResultSet& rows) {
  std::string out;
  std::vector<Cell> values(rows.column_count());
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    rows.read(i, values);
    for (const Cell& value : values) out.append(value.is_null() ? "NULL" : value.text()).append(" ");
  }
  return out;
}

struct Talk {
  Conversation conversation;
  Inbox inbox;

  explicit Talk(std::initializer_list<Step> steps) {
    for (const Step& step : steps) conversation.expect(step);
  }
  State feed(std::string_view bytes, std::size_t step = std::numeric_limits<std::size_t>::max()) {
    return postgres::feed(conversation, inbox, bytes, step);
  }
};

TEST(Conversation, ReadsRowsWhereverTheBytesAreCut) {
  const std::string big(9'000, 'x');
  const std::string answer = prepared + description({"id", "name"}) + bound + row({"1", nullptr}) +
                             message('N', text("Mhello")) + row({"", big.c_str()}) + done("SELECT 2") +
                             bound + done("UPDATE 7") + ready;
  for (const std::size_t step : {1UL, 2UL, 7UL, 4096UL, answer.size()}) {
    const Prepared select = statement();
    Talk talk({{StepKind::prepare, select},
               {StepKind::call, select},
               {StepKind::call, statement("u")},
               {StepKind::sync}});
    EXPECT_EQ(talk.feed(answer, step), State::answered) << step;
    Results results = std::move(talk.conversation.results());
    ASSERT_EQ(results.size(), 2);
    talk.inbox.start();  // the rows keep what they lie in
    EXPECT_EQ(cells(*results[0]), "1 NULL  " + big + " ");
    EXPECT_EQ(results[0]->column_name(1), "name");
    EXPECT_EQ(results[1]->affected(), 7);
    EXPECT_EQ(talk.conversation.readiness(), Readiness::idle);
    EXPECT_TRUE(talk.inbox.empty());
  }
}

TEST(Conversation, LeavesToTheNextExchangeWhatIsBehindItsOwn) {
  const Prepared insert = statement();
  Talk talk({{StepKind::call, insert}, {StepKind::sync}});
  EXPECT_EQ(talk.feed(bound + done("INSERT 0 1") + ready + message('S', text("TimeZone") + text("UTC"))),
            State::answered);
  EXPECT_FALSE(talk.inbox.empty());
  const Results first = std::move(talk.conversation.results());
  talk.inbox.start();
  talk.conversation.start();
  talk.conversation.expect({StepKind::call, insert});
  EXPECT_EQ(talk.feed(bound + done("INSERT 0 2")), State::answered);
  EXPECT_EQ(first.front()->affected(), 1);
  EXPECT_EQ(talk.conversation.results().front()->affected(), 2);
}

// A call whose result has limits, and one behind it.
Talk limited(ResultLimits limits) {
  const Prepared select = statement();
  return Talk({{StepKind::prepare, select},
               {.kind = StepKind::call, .statement = select, .limits = limits},
               {StepKind::call, statement("u")},
               {StepKind::sync}});
}

TEST(Conversation, SaysOnceWhenAResultIsMoreThanItsLimits) {
  const std::string start = prepared + description({"id"}) + bound;
  for (const std::size_t step : {1UL, 4096UL}) {
    Talk talk = limited({.rows_max = 2});
    EXPECT_EQ(talk.feed(start + row({"1"}) + row({"2"}), step), State::hungry);
    EXPECT_EQ(talk.feed(row({"3"}), step), State::overfull);
    EXPECT_EQ(talk.feed(row({"4"}) + row({"5"}), step), State::hungry);
    EXPECT_EQ(talk.feed(error("57014") + ready, step), State::answered);
    ASSERT_TRUE(talk.conversation.failure());
    EXPECT_EQ(talk.conversation.failure()->failure, Failure::too_large);
    EXPECT_EQ(talk.conversation.failure()->message, "more than 2 rows");
    EXPECT_EQ(talk.conversation.failure()->call, 0u);
  }
  Talk whole = limited({.rows_max = 2});
  EXPECT_EQ(whole.feed(start + row({"1"}) + row({"2"}) + done("SELECT 2") + bound + done("UPDATE 1") + ready),
            State::answered);
  EXPECT_FALSE(whole.conversation.overfull());
}

TEST(Conversation, CountsTheBytesOfAResult) {
  const std::string start = prepared + description({"id"}) + bound;
  const std::string fifty(50, 'x');
  Talk talk = limited({.bytes_max = 120});
  EXPECT_EQ(talk.feed(start + row({fifty.c_str()}) + row({fifty.c_str()})), State::hungry);
  EXPECT_EQ(talk.feed(row({fifty.c_str()})), State::overfull);
  EXPECT_EQ(talk.conversation.failure()->message, "more than 120 bytes");
  // The cancel request came too late: what ends is not the result.
  EXPECT_EQ(talk.feed(row({"1"}) + done("SELECT 4") + bound + done("UPDATE 1") + ready), State::answered);
  EXPECT_TRUE(talk.conversation.overfull());
}

TEST(Conversation, DoesNotWaitForARowThatIsTooLarge) {
  Talk talk = limited({.bytes_max = 1'000});
  EXPECT_EQ(talk.feed(prepared + description({"id"}) + bound), State::hungry);
  EXPECT_EQ(talk.feed('D' + number_32(500'000'000)), State::broken);
  EXPECT_EQ(talk.conversation.failure()->failure, Failure::too_large);
}

TEST(Conversation, AnErrorSkipsToTheNextSync) {
  const Prepared second = statement("second");
  const Prepared old = statement("old");
  Talk talk({{StepKind::call, statement("first")},
             {StepKind::prepare, second},
             {StepKind::call, second},
             {StepKind::close, old},
             {StepKind::sync}});
  EXPECT_EQ(talk.feed(bound + done("INSERT 0 1") + error("23505") + ready), State::answered);
  ASSERT_TRUE(talk.conversation.failure());
  EXPECT_EQ(talk.conversation.failure()->failure, Failure::unique_violation);
  EXPECT_EQ(talk.conversation.failure()->constraint, "t_pkey");
  EXPECT_EQ(talk.conversation.failure()->call, 1);
  const std::vector<Step> undone = talk.conversation.take_undone();
  ASSERT_EQ(undone.size(), 3);
  EXPECT_EQ(undone[0].statement, second);
  EXPECT_EQ(undone[2].statement, old);
  EXPECT_TRUE(talk.conversation.heard());
}

TEST(Conversation, WithoutASyncAnErrorIsTheLastWord) {
  Talk talk({{StepKind::call, statement()}, {StepKind::call, statement()}});
  EXPECT_FALSE(talk.conversation.sync_expected());
  EXPECT_EQ(talk.feed(error("57P01")), State::answered);
  EXPECT_EQ(talk.conversation.failure()->failure, Failure::connection_lost);
  EXPECT_FALSE(talk.conversation.heard());
}

TEST(Conversation, KnowsWhetherTheUnitWasCommitted) {
  for (const char* tag : {"COMMIT", "ROLLBACK"}) {
    Talk talk({{StepKind::transaction, statement()}, {StepKind::close, statement()}, {StepKind::sync}});
    EXPECT_EQ(talk.feed(bound + done(tag) + error("XX000") + ready), State::answered);
    EXPECT_EQ(talk.conversation.committed(), tag[0] == 'C');
    EXPECT_TRUE(talk.conversation.failure());
  }
}

TEST(Conversation, TheCommitOfASyncMayFail) {
  Talk talk({{StepKind::call, statement()}, {StepKind::sync}});
  EXPECT_EQ(talk.feed(bound + done("INSERT 0 1") + error("23503") + ready), State::answered);
  EXPECT_EQ(talk.conversation.failure()->call, 1);
}

TEST(Conversation, ReadsSeveralStatementsOfText) {
  Talk talk({{StepKind::text}});
  EXPECT_EQ(talk.feed(done("BEGIN") + description({"a"}) + row({"1"}) + done("SELECT 1") + message('I') +
                      error("42P01") + message('Z', "E")),
            State::answered);
  ASSERT_EQ(talk.conversation.results().size(), 3);
  EXPECT_EQ(cells(*talk.conversation.results()[1]), "1 ");
  EXPECT_EQ(talk.conversation.readiness(), Readiness::in_transaction);
}

TEST(Conversation, BreaksWhereTheServerBreaksTheProtocol) {
  const auto cell = [](std::uint32_t size) { return number_16(1) + number_32(size) + "abc"; };
  const std::string broken[] = {
      row({"1"}),                                 // not bound
      ready,                                      // not answered
      done("SELECT 1"),                           // not bound
      message('3'),                               // nothing was to be closed
      prepared,                                   // nor prepared
      message('n'),                               //
      description({"a"}),                         //
      bound + row({"1", "2"}),                    // more values than columns
      bound + message('D', number_16(1)),         // fewer
      bound + message('D', {}),                   //
      bound + message('D', cell(4)),              // a value beyond its row
      bound + message('D', cell(2)),              // and short of it
      bound + message('D', cell(0x7FFFFFFFU)),    //
      message('?'),                               // unknown
      "D" + number_32(3),                         // shorter than its own length
      "D" + number_32(0xFFFFFFFFU),               //
      "D" + number_32(0x7FFFFFFFU),               // larger than any answer may be
      bound + message('H', number_16(0) + "\0"),  // COPY
  };
  for (const std::string& bytes : broken) {
    const Prepared select = statement();
    select->columns = std::make_shared<ResultColumns>(ResultColumns{{.name = "a", .type = {}}});
    Talk talk({{StepKind::call, select}, {StepKind::sync}});
    EXPECT_EQ(talk.feed(bytes), State::broken) << bytes;
    EXPECT_TRUE(talk.conversation.failure());
  }
  for (const std::string& body :
       {std::string("\0", 1), number_16(1) + "a", number_16(1) + text("a"), number_16(0) + "x"}) {
    Talk talk({{StepKind::prepare, statement()}});
    EXPECT_EQ(talk.feed(message('T', body)), State::broken);
  }
}

TEST(Inbox, MakesRoomForWhatIsToComeAndKeepsNoMoreThanUsual) {
  Inbox inbox;
  Message message_read;
  const std::string large = message('D', std::string(300'000, 'y'));
  std::size_t at = 0;
  int reads = 0;
  while (at < large.size()) {
    const std::span<char> room = inbox.room();
    const std::size_t size = std::min(room.size(), large.size() - at);
    std::memcpy(room.data(), large.data() + at, size);
    inbox.add(size);
    at += size;
    ++reads;
    EXPECT_EQ(inbox.next(message_read), at == large.size() ? Inbox::Next::message : Inbox::Next::incomplete);
  }
  EXPECT_LE(reads, 2) << "the length of a message says how much room it needs";
  EXPECT_EQ(message_read.body.size(), 300'000);
  const auto rows = inbox.bytes();
  inbox.rest();
  EXPECT_EQ(rows.use_count(), 1);
  EXPECT_LE(inbox.room().size(), 65'536);
}

TEST(Messages, AreThoseOfTheProtocol) {
  std::string out;
  const std::vector<Parameter> parameters{"ab", std::nullopt, ""};
  append_bind(out, "s1", parameters);
  EXPECT_EQ(out, message('B', text("") + text("s1") + number_16(0) + number_16(3) + number_32(2) + "ab" +
                                  number_32(0xFFFFFFFFU) + number_32(0) + number_16(0)));
  out.clear();
  append_parse(out, "s1", "select 1");
  append_describe_statement(out, "s1");
  append_execute(out);
  append_close_statement(out, "s1");
  append_flush(out);
  append_sync(out);
  append_query(out, "begin");
  EXPECT_EQ(out, message('P', text("s1") + text("select 1") + number_16(0)) + message('D', "S" + text("s1")) +
                     message('E', text("") + number_32(0)) + message('C', "S" + text("s1")) + message('H') +
                     message('S') + message('Q', text("begin")));
}

TEST(Messages, RefuseMoreParametersThanAMessageHolds) {
  const std::vector<Parameter> most(65'535);
  const std::vector<Parameter> more(65'536);
  EXPECT_TRUE(fits(most));
  EXPECT_FALSE(fits(more));
  const std::string large(200'000'000, 'x');
  const std::vector<Parameter> long_ones(6, Parameter(large));
  EXPECT_FALSE(fits(long_ones));
}

}  // namespace
}  // namespace tenon::sql::postgres
