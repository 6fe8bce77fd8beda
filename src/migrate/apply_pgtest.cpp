// Applying migrations to a real PostgreSQL: all or nothing where it can be, a journal where it cannot, locks
// of others, and going on after every kind of interruption.
#include <algorithm>
#include <chrono>
#include <thread>

#include "migrate/apply.h"
#include "migrate/apply_fixture.h"
#include "migrate/lock.h"
#include "migrate/shadow.h"
#include "migrate/state.h"

namespace tenon::migrate {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::migration;

// Waits until this query gives `wanted`, and says whether it came to that.
bool eventually(Target& target, const std::string& query, const std::string& wanted) {
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  while (ask(target.session, query) != wanted) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

class Applying : public ::testing::Test {
 protected:
  Applying() : url(test::url_of(tenon::test::create_database())), target(test::open(url)) {
    EXPECT_TRUE(create_history(target).has_value());
  }

  std::string rows() {
    return ask(target.session,
               "SELECT migration_name, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, logs IS NULL,"
               " applied_steps_count FROM _prisma_migrations ORDER BY started_at, id");
  }
  std::string tables() {
    return ask(target.session,
               "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
               " AND relname <> '_prisma_migrations' ORDER BY 1");
  }
  base::Result<void> apply(const std::string& text, const std::string& name = "1_m") {
    return apply_migration(target, migration(name, text), patient);
  }
  HistoryRow row(const std::string& name = "1_m") {
    const auto history = read_history(target);
    for (const HistoryRow& each : **history)
      if (each.name == name && each.failed()) return each;
    return {};
  }
  Interruption seen(const std::string& text) { return *examine(target, migration("1_m", text), row()); }
  base::Result<void> resume(const std::string& text) {
    return resume_migration(target, migration("1_m", text), row(), patient);
  }

  sql::DatabaseUrl url;
  Target target;
  ApplyOptions patient{.lock_wait_max = 60s, .report = {}};
};

TEST_F(Applying, WritesTheRowThatPrismaWrites) {
  ASSERT_TRUE(apply("CREATE TABLE a (id int); CREATE TABLE b (id int);"));
  EXPECT_EQ(rows(), "1_m|t|f|t|1");
  EXPECT_EQ(tables(), "a, b");
  EXPECT_EQ(
      ask(target.session, "SELECT length(id), checksum, started_at <= finished_at FROM _prisma_migrations"),
      "36|" + checksum("CREATE TABLE a (id int); CREATE TABLE b (id int);") + "|t");
  EXPECT_EQ(ask(target.session, "SELECT to_regclass('_tenon.migration_steps')"), "-") << "no journal needed";
}
TEST_F(Applying, UndoesAllOfWhatFails) {
  const auto failed = apply("CREATE TABLE a (id int);\n\n  SELECT nope FROM a;");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::code::migration_failed);
  EXPECT_EQ(failed.error().place, "migrations/1_m/migration.sql:3:10");
  EXPECT_EQ(failed.error().message,
            "The migration 1_m failed at statement 2 of 2: column \"nope\" does not exist [SQLSTATE 42703]");
  EXPECT_EQ(rows(), "1_m|f|f|f|0");
  EXPECT_EQ(tables(), "");
  EXPECT_EQ(seen("").certainty, Interruption::Certainty::nothing_applied);
}
TEST_F(Applying, GoesOnWithACorrectedScript) {
  ASSERT_FALSE(apply("CREATE TABLE a (id int); SELECT nope;"));
  ASSERT_TRUE(resume("CREATE TABLE a (id int);"));
  EXPECT_EQ(rows(), "1_m|f|t|f|0, 1_m|t|f|t|1");
  EXPECT_EQ(tables(), "a");
}
TEST_F(Applying, TellsADeferredConstraintThatFailsAtTheCommit) {
  const auto failed =
      apply("CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO a VALUES (1), (1);");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::code::migration_failed) << failed.error().message;
  EXPECT_EQ(tables(), "");
}
TEST_F(Applying, RunsAloneWhatMustAndKeepsAJournalMeanwhile) {
  ASSERT_TRUE(
      apply("CREATE TABLE a (id int); CREATE INDEX CONCURRENTLY i ON a (id); ALTER TABLE a ADD b int;"));
  EXPECT_EQ(rows(), "1_m|t|f|t|1");
  EXPECT_EQ(ask(target.session, "SELECT count(*) FROM _tenon.migration_steps"), "0");
  EXPECT_EQ(ask(target.session, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"), "t");
}
TEST_F(Applying, KnowsHowFarItCame) {
  const std::string script =
      "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1);\n"
      "CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);\nALTER TABLE a ADD b int;";
  ASSERT_FALSE(apply(script));
  EXPECT_EQ(rows(), "1_m|f|f|f|0");
  const Interruption state = seen(script);
  EXPECT_EQ(state.certainty, Interruption::Certainty::in_doubt);
  EXPECT_EQ(state.statement, 2U);
  EXPECT_EQ(state.place, "migrations/1_m/migration.sql:2:1");
  // The index was left invalid; its rows are corrected, and it is made anew.
  EXPECT_EQ(ask(target.session, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"), "f");
  EXPECT_EQ(ask(target.session, "DELETE FROM a"), "");
  const auto resumed = resume(script);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(rows(), "1_m|f|t|f|0, 1_m|t|f|t|1");
  EXPECT_EQ(ask(target.session, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"), "t");
  EXPECT_EQ(ask(target.session, "SELECT count(*) FROM _tenon.migration_steps"), "0");
}
TEST_F(Applying, RefusesToGoOnWhenWhatIsDoneReadsOtherwise) {
  const std::string rest = "CREATE UNIQUE INDEX CONCURRENTLY i ON a (nope);";
  ASSERT_FALSE(apply("CREATE TABLE a (id int);" + rest));
  const auto refused = resume("CREATE TABLE a (id bigint);" + rest);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::code::resume_impossible);
  EXPECT_TRUE(resume("CREATE TABLE a (id int); CREATE UNIQUE INDEX CONCURRENTLY i ON a (id)"));
}
TEST_F(Applying, RefusesToGoOnWithWhatPrismaLeft) {
  EXPECT_EQ(ask(target.session,
                "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '1_m')"),
            "");
  EXPECT_EQ(seen("SELECT 1").certainty, Interruption::Certainty::unknown);
  EXPECT_EQ(resume("SELECT 1").error().code, base::code::resume_impossible);
}
TEST_F(Applying, UsesANewEnumValueAtOnce) {
  ASSERT_TRUE(apply("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (c e);", "0_m"));
  const auto applied = apply("ALTER TYPE e ADD VALUE 'b'; ALTER TABLE t ALTER c SET DEFAULT 'b';");
  EXPECT_TRUE(applied) << applied.error().message;
}
TEST_F(Applying, DoesNotLetAScriptChangeTheSessionForTheNext) {
  ASSERT_TRUE(
      apply("SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE public.a (id int);"));
  ASSERT_TRUE(apply("CREATE TABLE b (id int);", "2_m"));
  EXPECT_EQ(tables(), "a, b");
}
TEST_F(Applying, SetsTheSessionAgainWhenItGoesOn) {
  const std::string script =
      "CREATE SCHEMA s; SET search_path = s; CREATE TABLE a (id int); VACUUM a; VACUUM nope; CREATE TABLE b "
      "(id int)";
  ASSERT_FALSE(apply(script));
  EXPECT_EQ(ask(target.session, "RESET ALL"), "");
  ASSERT_FALSE(resume(script));
  EXPECT_EQ(ask(target.session, "CREATE TABLE s.nope ()"), "");
  EXPECT_EQ(ask(target.session, "RESET ALL"), "");
  const auto resumed = resume(script);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(ask(target.session, "SELECT to_regclass('s.b')"), "s.b");
}
TEST_F(Applying, TriesAgainWhileATableIsLockedAndNamesWhoHoldsIt) {
  ASSERT_TRUE(apply("CREATE TABLE a (id int);", "0_m"));
  Target other = test::open(url, {.purpose = "somebody"});
  ASSERT_TRUE(other.session.begin());
  ASSERT_EQ(ask(other.session, "LOCK TABLE a"), "");
  const std::string holder = process_of(other.session);
  std::vector<std::string> reports;
  ApplyOptions options{.lock_wait_max = 1s,
                       .report = [&](const std::string& text) { reports.push_back(text); }};
  const auto was_told = [&] {
    return std::ranges::any_of(reports,
                               [](const auto& text) { return text.starts_with("waits for process"); });
  };
  const Migration alters = migration("1_m", "ALTER TABLE a ADD b int");
  auto failed = apply_migration(target, alters, options);
  // A busy machine may need several attempts until it is seen who is in the way.
  for (; !failed && !was_told() && options.lock_wait_max < 60s; options.lock_wait_max *= 4)
    failed = resume_migration(target, alters, row(), options);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("it waited for process " + holder + " (somebody, user "),
            std::string::npos)
      << failed.error().message;
  EXPECT_TRUE(was_told());
  bool released = false;
  options.lock_wait_max = 60s;
  options.report = [&](const std::string& text) {
    if (released || !text.ends_with("trying again")) return;
    released = true;
    other.session.roll_back();
  };
  const auto resumed = resume_migration(target, alters, row(), options);
  EXPECT_TRUE(released);
  EXPECT_TRUE(resumed) << resumed.error().message;
}
TEST_F(Applying, SaysSoWhenTheServerEndsTheSession) {
  Target other = test::open(url);
  const std::string process = process_of(target.session);
  std::thread killer([&] {
    EXPECT_TRUE(eventually(
        other, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = " + process,
        "1"));
    ask(other.session, "SELECT pg_terminate_backend(" + process + ")");
  });
  const auto failed = apply("CREATE TABLE a (id int); SELECT pg_sleep(600);");
  killer.join();
  ASSERT_FALSE(failed);
  target = test::open(url);
  EXPECT_EQ(tables(), "");
  EXPECT_EQ(rows(), "") << "nothing remained, so the next deployment just runs it";
}

TEST_F(Applying, BehindAPoolerLeavesToAnotherWhatThatHasApplied) {
  Target other = test::open(url);
  target = test::open(url, {.purpose = "test", .pooled = true});
  EXPECT_TRUE(take_lock(target, {.wait_max = 0ms}));
  EXPECT_EQ(ask(other.session, "SELECT pg_try_advisory_lock(72707369)"), "t")
      << "no session lock is left behind";
  std::thread release([&] {
    EXPECT_TRUE(
        eventually(other, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", "1"));
    EXPECT_TRUE(apply_migration(other, migration("1_m", "CREATE TABLE a (id int)"), patient));
    EXPECT_EQ(ask(other.session, "SELECT pg_advisory_unlock(72707369)"), "t");
  });
  EXPECT_TRUE(apply("CREATE TABLE a (id int)")) << "it waits, and sees that it is done";
  release.join();
  EXPECT_EQ(rows(), "1_m|t|f|t|1");
}
TEST_F(Applying, RefusesAScriptWithNul) {
  const auto failed = apply(std::string("SELECT 1;\0SELECT 2", 18));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::code::migration_failed);
}

TEST_F(Applying, TakesOneLockWithPrisma) {
  ASSERT_TRUE(take_lock(target, {.wait_max = 1s}));
  Target other = test::open(url, {.purpose = "another"});
  EXPECT_EQ(ask(other.session, "SELECT pg_try_advisory_lock(72707369)"), "f");
  std::vector<std::string> holders;
  LockOptions options{.wait_max = 300ms,
                      .waits_for = [&](const OtherSession& one) { holders.push_back(one.application); }};
  const auto refused = take_lock(other, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::code::database_timeout);
  EXPECT_EQ(holders, std::vector<std::string>{"test"});
  target = test::open(url);  // the holder ends, and so does its lock
  options.wait_max = 60s;
  EXPECT_TRUE(take_lock(other, options));
}

TEST(ShadowDatabase, IsReplayedReadAndDropped) {
  const sql::DatabaseUrl server = test::url_of(tenon::test::create_database());
  Target observer = test::open(server);
  const std::string count = "SELECT count(*) FROM pg_database WHERE datname LIKE 'tenon_shadow_%'";
  ASSERT_EQ(ask(observer.session, "CREATE DATABASE tenon_shadow_left_over"), "");
  {
    auto shadow = Shadow::create(server);
    ASSERT_TRUE(shadow) << shadow.error().message;
    EXPECT_EQ(ask(observer.session, count), "1") << "the left-over is gone, the new one is there";
    const Migration first = migration("1_a", "CREATE TABLE a (id int PRIMARY KEY)");
    const Migration second = migration("2_b", "SELECT 1;\nDROP TABLE nope");
    ASSERT_TRUE(shadow->replay({&first}, {}));
    const auto catalog = shadow->read({"public"});
    ASSERT_TRUE(catalog);
    ASSERT_EQ(catalog->tables.size(), 1U);
    EXPECT_EQ(catalog->tables[0].name, "a");
    const auto failed = shadow->replay({&second}, {});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, base::code::migration_fails_on_shadow);
    EXPECT_EQ(failed.error().place, "migrations/2_b/migration.sql:2:1");
  }
  EXPECT_EQ(ask(observer.session, count), "0");
}
TEST(ShadowDatabase, IsNeverTheMainOne) {
  const sql::DatabaseUrl main = test::url_of(tenon::test::create_database());
  EXPECT_EQ(Shadow::use(main, main, {"public"}).error().code, base::code::shadow_database_failed);
}
TEST(Target, IsMadeWithItsSchemaWhenItIsMissing) {
  sql::DatabaseUrl url = test::url_of(tenon::test::create_database());
  url.database += "_new";
  url.schemas = {"Some Schema"};
  EXPECT_EQ(open_target(url, {.purpose = "test"}).error().code, base::code::database_missing);
  Target target = test::open(url, {.purpose = "test", .create_missing = true});
  EXPECT_TRUE(target.created);
  EXPECT_EQ(target.schema, "Some Schema");
  EXPECT_EQ(has_tables(target, {"Some Schema"}), false);
  EXPECT_EQ(ask(target.session, "CREATE TABLE a (id int)"), "");
  EXPECT_EQ(has_tables(target, {"Some Schema"}), true);
  EXPECT_TRUE(clear_schemas(target, {"Some Schema"}));
  EXPECT_EQ(has_tables(target, {"Some Schema"}), false);
}

}  // namespace
}  // namespace tenon::migrate
