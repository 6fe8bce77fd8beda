// Batches beside transactions of others, on a real MariaDB.
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "migrate/apply_fixture.h"
#include "migrate/batch.h"
#include "migrate/plan.h"
#include "tests/support/mariadb.h"

namespace tenon::migrate::test {
namespace {

using tenon::test::create_mariadb_database;

constexpr std::string_view items =
    "CREATE TABLE item (id int PRIMARY KEY, a int NOT NULL, b int, KEY (b));"
    "INSERT INTO item SELECT seq, seq, NULL FROM seq_1_to_100";
constexpr std::string_view fill_b = "UPDATE item SET b = a WHERE b IS NULL";

class Batches : public testing::Test {
 protected:
  void make(std::string_view sql, std::string statement, std::uint32_t rows = 10) {
    const std::string url = create_mariadb_database(sql);
    own_ = open(url_of(url));
    other_ = open(url_of(url));
    auto read = read_batch(catalog::Engine::mysql, statement);
    ASSERT_TRUE(read.has_value());
    walk_ = mysql_batches({.statement = std::move(statement), .read = std::move(*read), .rows = rows});
  }
  // As the runner does it, until all rows are done or there is nothing to go on with at once. The number of
  // transactions that were committed.
  int run() {
    for (int committed = 0;;) {
      const auto begun = walk_->begin(own_->session);
      EXPECT_TRUE(begun.has_value()) << begun.error().message;
      if (!begun) return committed;
      const auto done = walk_->next(own_->session);
      if (!done) {
        own_->session.roll_back();
        EXPECT_TRUE(lock_timed_out(done.error())) << done.error().message;
        ended_ = false;
        if (!walk_->refused() || !lock_timed_out(done.error())) return committed;
        continue;
      }
      EXPECT_EQ(done->unchanged_condition, 0U);
      EXPECT_TRUE(own_->session.commit().has_value());
      walk_->kept(*done);
      ++committed;
      ended_ = done->last;
      if (ended_) return committed;
    }
  }
  std::string count(std::string_view where) {
    return ask(own_->session, "SELECT COUNT(*) FROM item WHERE " + std::string(where));
  }
  void other(std::string_view sql) {
    const auto done = other_->session.run(sql);
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }

  std::optional<Target> own_;
  std::optional<Target> other_;
  std::unique_ptr<BatchWalk> walk_;
  bool ended_ = false;
};

TEST_F(Batches, GoOverTheTableUntilNothingIsLeft) {
  make(items, std::string(fill_b));
  EXPECT_EQ(run(), 20);
  EXPECT_TRUE(ended_);
  EXPECT_EQ(count("b <=> a"), "100");
}

TEST_F(Batches, LeaveRowsThatOthersHaveLockedForLater) {
  make(items, std::string(fill_b));
  other("BEGIN");
  other("UPDATE item SET a = -a WHERE id IN (7, 55)");
  run();
  EXPECT_FALSE(ended_);
  EXPECT_EQ(count("b <=> a"), "98");
  EXPECT_EQ(count("b IS NULL"), "2");
  other("COMMIT");
  run();
  EXPECT_TRUE(ended_);
  EXPECT_EQ(count("b <=> a"), "100");
}

// The entry of the index is found before its row, and locked first.
TEST_F(Batches, LeaveRowsWhoseIndexOthersHaveLockedForLater) {
  make(items, "UPDATE item SET b = -1 WHERE b > 0");
  other("UPDATE item SET b = a");
  other("BEGIN");
  other("SELECT b FROM item FORCE INDEX (b) WHERE b = 33 LOCK IN SHARE MODE");  // not its row: it has all
  run();
  EXPECT_FALSE(ended_);
  EXPECT_EQ(count("b = -1"), "99");
  other("COMMIT");
  run();
  EXPECT_TRUE(ended_);
  EXPECT_EQ(count("b = -1"), "100");
}

TEST_F(Batches, DoNotWaitForRowsOfOtherTables) {
  make(std::string(items) +
           ";CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent VALUES (0), (1);"
           "ALTER TABLE item ADD FOREIGN KEY (b) REFERENCES parent (id)",
       "UPDATE item SET b = a = 50 WHERE b IS NULL");
  other("BEGIN");
  other("SELECT * FROM parent WHERE id = 1 FOR UPDATE");
  run();
  EXPECT_FALSE(ended_);
  EXPECT_EQ(count("b = 0"), "99");
  other("COMMIT");
  run();
  EXPECT_TRUE(ended_);
  EXPECT_EQ(count("b = 1"), "1");
}

TEST_F(Batches, DoNotWaitForTheTable) {
  make(items, std::string(fill_b));
  other("LOCK TABLES item WRITE");
  EXPECT_EQ(run(), 0);
  EXPECT_FALSE(ended_);
  other("UNLOCK TABLES");
  run();
  EXPECT_TRUE(ended_);
}

// Each would wait for what the other has.
TEST_F(Batches, AreNoPartOfADeadlock) {
  make(items, std::string(fill_b));
  other("SET innodb_lock_wait_timeout = 20");
  other("BEGIN");
  other("UPDATE item SET a = -7 WHERE id = 7");
  ASSERT_TRUE(walk_->begin(own_->session).has_value());
  const auto outcome = walk_->next(own_->session);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->changed, 9U);
  std::thread waits([&] { other("UPDATE item SET a = -3 WHERE id = 3"); });
  EXPECT_TRUE(own_->session.commit().has_value());
  waits.join();
  walk_->kept(*outcome);
  other("COMMIT");
  run();
  EXPECT_TRUE(ended_);
  EXPECT_EQ(count("b <=> a"), "99");
  EXPECT_EQ(count("id = 3 AND b = 3 AND a = -3"), "1");
}

TEST_F(Batches, LetOthersInsertBetweenTheirRows) {
  make(items, std::string(fill_b));
  other("DELETE FROM item WHERE id IN (4, 5)");
  ASSERT_TRUE(walk_->begin(own_->session).has_value());
  const auto outcome = walk_->next(own_->session);
  ASSERT_TRUE(outcome.has_value());
  other("SET innodb_lock_wait_timeout = 1");
  other("INSERT INTO item VALUES (4, 4, NULL)");
  EXPECT_TRUE(own_->session.commit().has_value());
}

TEST_F(Batches, FollowKeysOfSeveralColumnsAndTypes) {
  make(
      "CREATE TABLE item (a varbinary(20), b varchar(20), c decimal(9,2), d datetime(3), done int,"
      " PRIMARY KEY (a, b, c, d));"
      "INSERT INTO item SELECT unhex(md5(seq MOD 7)), concat('it''s\\\\', seq MOD 11), seq / 4,"
      " '2026-01-01' + INTERVAL seq SECOND, NULL FROM seq_1_to_3000",
      "UPDATE item SET done = COALESCE(done, 0) + 1 WHERE done IS NULL", 700);
  EXPECT_EQ(run(), 10);
  EXPECT_TRUE(ended_);
  EXPECT_EQ(count("done = 1"), "3000");
}

TEST_F(Batches, TakeWhateverComesWithoutAKey) {
  make("CREATE TABLE item (id int, b int); INSERT INTO item SELECT seq, NULL FROM seq_1_to_100",
       "DELETE FROM item WHERE id > 30");
  other("BEGIN");
  other("UPDATE item SET b = 1 WHERE id = 90");
  run();
  EXPECT_FALSE(ended_);
  other("COMMIT");
  run();
  EXPECT_TRUE(ended_);
  EXPECT_EQ(count("1"), "30");
}

TEST_F(Batches, TellAStatementThatComesToNoEnd) {
  make(items, "UPDATE item SET a = a + 1 WHERE a > 0");
  ASSERT_TRUE(walk_->begin(own_->session).has_value());
  const auto outcome = walk_->next(own_->session);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->unchanged_condition, 10U);
}

}  // namespace
}  // namespace tenon::migrate::test
