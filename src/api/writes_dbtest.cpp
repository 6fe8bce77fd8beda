// Nested writes, writes of many rows and upserts over a real database, undisturbed and with every statement
// failing in turn.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "api/writes_fixture.h"

namespace tenon::api {
namespace {

using testing::HasSubstr;

// --- nested creates

constexpr std::string_view whole_team = R"(mutation {
  createPerson(input: {
    email: "eve@x", name: "Eve"
    country: {connectOrCreate: {where: {code: "IT"}, create: {code: "IT", name: "Italy"}}}
    boss: {create: {email: "max@x", name: "Max", country: {connect: {code: "FR"}}}}
    badge: {create: {label: "new"}}
    tasks: {
      create: [{title: "n1"}, {title: "n2", points: 5}, {title: "n3", steps: {create: [{id: 1, what: "x"}, {id: 2, what: "y"}]}}]
      connect: [{title: "t1"}, {title: "t4"}]
      connectOrCreate: [{where: {title: "t2"}, create: {title: "t2"}}, {where: {title: "n4"}, create: {title: "n4"}}]
    }
    seats: {connect: [{venue: "opera", hall_no: 1, place: "A"}]}
  }) {
    name country { name } boss { name country { code } } badge { label }
    tasks(orderBy: [{title: ASC}]) { items { title points steps { items { id what } } } totalCount }
    seats { items { place hall { name } } }
  }
})";
constexpr std::string_view whole_team_answer =
    R"({"data":{"createPerson":{"name":"Eve","country":{"name":"Italy"},"boss":{"name":"Max","country":{"code":"FR"}},)"
    R"("badge":{"label":"new"},"tasks":{"items":[{"title":"n1","points":1,"steps":{"items":[]}},)"
    R"({"title":"n2","points":5,"steps":{"items":[]}},)"
    R"({"title":"n3","points":1,"steps":{"items":[{"id":1,"what":"x"},{"id":2,"what":"y"}]}},)"
    R"({"title":"n4","points":1,"steps":{"items":[]}},{"title":"t1","points":1,"steps":{"items":[]}},)"
    R"({"title":"t2","points":1,"steps":{"items":[]}},{"title":"t4","points":1,"steps":{"items":[]}}],"totalCount":7},)"
    R"("seats":{"items":[{"place":"A","hall":{"name":"big"}}]}}}})";

TEST_F(WritesTest, EverythingOfANestedCreateIsThereAndReadBack) {
  EXPECT_EQ(body(whole_team), whole_team_answer);
  EXPECT_EQ(tasks_of(ada), "");
  EXPECT_EQ(sql("SELECT count(*) FROM person WHERE touched > now() - interval '1' minute"), "2");
}

TEST_F(WritesTest, NothingStaysBehindWhenAnyStatementFails) {
  const std::string before = state();
  Sabotage sabotage;
  SabotagedPool pool(*pool_, sabotage);
  Engine engine(engine_.schema(), pool, {});
  std::size_t failed = 0;
  // An error, and a connection that goes.
  const std::array pg{"SELECT 1/0", "SELECT pg_terminate_backend(pg_backend_pid())"};
  const std::array my{"SELECT no_such_function()", "KILL CONNECTION_ID()"};
  for (const std::string_view bad : test::on_mariadb() ? my : pg) {
    for (std::size_t at = 0;; ++at) {
      sabotage = {.at = at, .statement = std::string(bad)};
      const Response response = run_on(engine, whole_team);
      if (sabotage.times > 0) break;  // there is no such statement: it went through
      ++failed;
      EXPECT_THAT(response.body, HasSubstr(R"({"data":{"createPerson":null},"errors":)")) << at;
      ASSERT_EQ(state(), before) << bad << " as statement " << at;
      EXPECT_EQ(sql(test::on_mariadb()
                        ? "SELECT count(*) FROM information_schema.innodb_trx"
                        : "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                          "state LIKE 'idle in transaction%'"),
                "0");
    }
    EXPECT_NE(state(), before);
    test::run_engine_sql(
        url_,
        "DELETE FROM step; DELETE FROM seat WHERE holder_id IS NOT NULL; DELETE FROM task WHERE title LIKE "
        "'n%'");
    test::run_engine_sql(
        url_,
        "UPDATE task SET owner_id = NULL; DELETE FROM badge WHERE label = 'new'; DELETE FROM person WHERE "
        "email = "
        "'eve@x'; DELETE FROM person WHERE email = 'max@x'; DELETE FROM country WHERE code = 'IT'");
    test::run_engine_sql(url_, fmt::format("UPDATE task SET owner_id = '{}' WHERE title IN ('t1', 't2'); "
                                           "UPDATE task SET owner_id = '{}' WHERE "
                                           "title = 't3'",
                                           ada, bob));
    sql("INSERT INTO seat (venue, hall_no, place) VALUES ('opera', 1, 'A')");
    ASSERT_EQ(state(), before);
  }
  EXPECT_GT(failed, 30u);
}

TEST_F(WritesTest, MissingTargetsAreNamedAndUndoEverything) {
  const std::string before = state();
  const std::string text = body(R"(mutation { createPerson(input: {email: "e@x", name: "E",
    tasks: {create: [{title: "n"}], connect: [{title: "t1"}, {title: "nowhere"}]}}) { id } })");
  EXPECT_THAT(
      text,
      HasSubstr(
          R"("message":"There is no task as `input.tasks.connect[1]` asks for; nothing was changed.")"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"("path":["createPerson"],"extensions":{"code":"NOT_FOUND","inputPath":"input.tasks.connect[1]"})"));
  EXPECT_THAT(
      body(R"(mutation { createTask(input: {title: "n", owner: {connect: {email: "nobody"}}}) { id } })"),
      HasSubstr(R"("inputPath":"input.owner.connect")"));
  EXPECT_THAT(
      body(
          R"(mutation { createPerson(input: {email: "e@x", name: "E", tasks: {create: [{title: "n"}, {title: "t1"}]}}) { id } })"),
      HasSubstr(
          R"("code":"UNIQUE_VIOLATION","constraint":"task_title_key","model":"task","fields":["title"],"inputPath":"input.tasks.create[0]")"));
  EXPECT_EQ(state(), before);
}

TEST_F(WritesTest, CompositeKeysAreConnectedAndCreated) {
  EXPECT_EQ(body(R"(mutation { createHall(input: {venue: "arena", no: 3, name: "new",
      seats: {create: [{place: "A", kinds: ["soft", "a,b"]}, {place: "B", kinds: []}, {place: "C", holder: {connect: {email: "bob@x"}}}]}})
      { seats { items { venue hall_no place kinds holder { name } } } } })"),
            R"({"data":{"createHall":{"seats":{"items":[)"
            R"({"venue":"arena","hall_no":3,"place":"A","kinds":["soft","a,b"],"holder":null},)"
            R"({"venue":"arena","hall_no":3,"place":"B","kinds":[],"holder":null},)"
            R"({"venue":"arena","hall_no":3,"place":"C","kinds":[],"holder":{"name":"Bob"}}]}}}})");
  EXPECT_EQ(
      body(
          R"(mutation { createSeat(input: {place: "Z", hall: {connect: {venue: "opera", no: 2}}}) { venue hall_no hall { name } } })"),
      R"({"data":{"createSeat":{"venue":"opera","hall_no":2,"hall":{"name":"small"}}}})");
  // One column of the key is given beside the relation: it must be that row's.
  EXPECT_EQ(
      body(
          R"(mutation { createSeat(input: {place: "Y", venue: "opera", hall: {connect: {venue: "opera", no: 2}}}) { hall_no } })"),
      R"({"data":{"createSeat":{"hall_no":2}}})");
  EXPECT_THAT(
      body(
          R"(mutation { createSeat(input: {place: "X", venue: "arena", hall: {connect: {venue: "opera", no: 2}}}) { hall_no } })"),
      HasSubstr("NOT_FOUND"));
}

// --- nested updates

TEST_F(WritesTest, ListsOfARowAreChangedInAllWays) {
  EXPECT_EQ(
      update_tasks(R"(connect: [{title: "t3"}, {id: 4}])"),
      R"({"data":{"updatePerson":{"tasks":{"items":[{"title":"t1"},{"title":"t2"},{"title":"t3"},{"title":"t4"}]}}}})");
  EXPECT_EQ(update_tasks(R"(set: [{title: "t2"}, {title: "t4"}])"),
            R"({"data":{"updatePerson":{"tasks":{"items":[{"title":"t2"},{"title":"t4"}]}}}})");
  EXPECT_EQ(update_tasks(R"(disconnect: [{title: "t2"}, {title: "t3"}])"),
            R"({"data":{"updatePerson":{"tasks":{"items":[{"title":"t4"}]}}}})");
  EXPECT_EQ(
      update_tasks(
          R"(update: [{where: {title: "t4"}, data: {title: "u4", steps: {create: [{id: 9, what: "w"}]}}}])"),
      R"({"data":{"updatePerson":{"tasks":{"items":[{"title":"u4"}]}}}})");
  EXPECT_EQ(sql("SELECT what FROM step WHERE id = 9"), "w");
  // Only rows that belong to this one are changed or deleted.
  const std::string before = state();
  EXPECT_THAT(update_tasks(R"(update: [{where: {title: "t3"}, data: {points: 7}}])"),
              HasSubstr("input.tasks.update[0]"));
  EXPECT_THAT(update_tasks(R"(delete: [{title: "t3"}])"), HasSubstr("input.tasks.delete[0]"));
  EXPECT_EQ(state(), before);
  EXPECT_EQ(update_tasks(R"(set: [], create: [{title: "n1"}])"),
            R"({"data":{"updatePerson":{"tasks":{"items":[{"title":"n1"}]}}}})");
  EXPECT_EQ(update_tasks(R"(delete: [{title: "n1"}], create: [{title: "n1", points: 3}])"),
            R"({"data":{"updatePerson":{"tasks":{"items":[{"title":"n1"}]}}}})");
  EXPECT_EQ(sql("SELECT points FROM task WHERE title = 'n1'"), "3");
}

TEST_F(WritesTest, LinkTablesAreWrittenFromBothSides) {
  const auto update = [&](std::string_view operations) {
    return body(fmt::format(
        "mutation {{ updatePerson(input: {{id: \"{}\", skills: {{{}}}}}) {{ skills(orderBy: [{{name: "
        "ASC}}]) {{ items {{ name }} }} }} }}",
        ada, operations));
  };
  const auto names = [](std::string_view list) {
    return fmt::format(R"({{"data":{{"updatePerson":{{"skills":{{"items":[{}]}}}}}}}})", list);
  };
  EXPECT_EQ(update(R"(connect: [{name: "write"}, {id: 1}], create: [{name: "fly"}])"),
            names(R"({"name":"fly"},{"name":"read"},{"name":"write"})"));
  EXPECT_EQ(update(R"(disconnect: [{name: "read"}, {name: "sing"}, {name: "nothing"}])"),
            names(R"({"name":"fly"},{"name":"write"})"));
  EXPECT_EQ(update(R"(set: [{name: "write"}, {name: "sing"}])"),
            names(R"({"name":"sing"},{"name":"write"})"));
  EXPECT_EQ(
      update(
          R"(connectOrCreate: [{where: {name: "fly"}, create: {name: "fly"}}, {where: {name: "run"}, create: {name: "run"}}])"),
      names(R"({"name":"fly"},{"name":"run"},{"name":"sing"},{"name":"write"})"));
  EXPECT_EQ(update(R"(update: [{where: {name: "run"}, data: {name: "race"}}], delete: [{name: "fly"}])"),
            names(R"({"name":"race"},{"name":"sing"},{"name":"write"})"));
  const std::string before = state();
  EXPECT_THAT(update(R"(update: [{where: {name: "read"}, data: {name: "x"}}])"),
              HasSubstr("input.skills.update[0]"));
  EXPECT_THAT(update(R"(delete: [{name: "read"}])"), HasSubstr("input.skills.delete[0]"));
  EXPECT_THAT(update(R"(connect: [{name: "nothing"}])"), HasSubstr("input.skills.connect[0]"));
  EXPECT_EQ(state(), before);
  EXPECT_EQ(
      body(
          R"(mutation { createSkill(input: {name: "cook", people: {connect: [{email: "bob@x"}, {email: "ada@x"}]}}) { people(orderBy: [{name: ASC}]) { items { name } } } })"),
      R"({"data":{"createSkill":{"people":{"items":[{"name":"Ada"},{"name":"Bob"}]}}}})");
  EXPECT_EQ(sql("SELECT count(*) FROM skill"), "5");
}

TEST_F(WritesTest, ARelationToOneRowIsChangedInAllWays) {
  const auto update = [&](std::string_view who, std::string_view members) {
    return body(
        fmt::format("mutation {{ updatePerson(input: {{id: \"{}\", {}}}) {{ country {{ code name }} badge {{ "
                    "label }} }} }}",
                    who, members));
  };
  EXPECT_EQ(update(ada, R"(country: {update: {name: "D"}})"),
            R"({"data":{"updatePerson":{"country":{"code":"DE","name":"D"},"badge":null}}})");
  EXPECT_EQ(update(ada, R"(country: {disconnect: true})"),
            R"({"data":{"updatePerson":{"country":null,"badge":null}}})");
  EXPECT_EQ(update(ada, R"(country: {disconnect: false})"),
            R"({"data":{"updatePerson":{"country":null,"badge":null}}})");
  EXPECT_THAT(update(ada, R"(country: {update: {name: "D"}})"), HasSubstr("input.country.update"));
  EXPECT_EQ(
      update(ada, R"(country: {create: {code: "PT", name: "Portugal"}}, badge: {connect: {id: 2}})"),
      R"({"data":{"updatePerson":{"country":{"code":"PT","name":"Portugal"},"badge":{"label":"free"}}}})");
  EXPECT_EQ(update(ada, R"(country: {delete: true}, badge: {update: {label: "own"}})"),
            R"({"data":{"updatePerson":{"country":null,"badge":{"label":"own"}}}})");
  EXPECT_EQ(sql("SELECT count(*) FROM country WHERE code = 'PT'"), "0");
  EXPECT_EQ(update(bob, R"(badge: {disconnect: true, create: {label: "next"}})"),
            R"({"data":{"updatePerson":{"country":null,"badge":{"label":"next"}}}})");
  EXPECT_EQ(update(bob, R"(badge: {delete: true})"),
            R"({"data":{"updatePerson":{"country":null,"badge":null}}})");
  EXPECT_THAT(update(bob, R"(badge: {delete: true})"), HasSubstr("input.badge.delete"));
  EXPECT_EQ(sql("SELECT " + joined("label") + " FROM badge"), "gold own");
}

TEST_F(WritesTest, AnUpdateOfRelationsAloneIsOne) {
  EXPECT_EQ(
      body(
          R"(mutation { updateCountry(input: {code: "FR", people: {connect: [{email: "bob@x"}]}}) { people { items { name } } } })"),
      R"({"data":{"updateCountry":{"people":{"items":[{"name":"Bob"}]}}}})");
  EXPECT_EQ(body(R"(mutation { updateCountry(input: {code: "FR", people: null}) { name } })"),
            R"({"data":{"updateCountry":{"name":"France"}}})");
}

TEST_F(WritesTest, ARowThatDeletesItselfIsLeftAsItWas) {
  test::run_engine_sql(
      url_, fmt::format("UPDATE person SET boss_id = id WHERE id = '{}'; DELETE FROM task; DELETE FROM badge",
                        bob));
  const std::string before = state();
  EXPECT_THAT(
      body(fmt::format(
          R"(mutation {{ updatePerson(input: {{id: "{}", team: {{delete: [{{email: "bob@x"}}]}}}}) {{ id }} }})",
          bob)),
      HasSubstr(differs(sql::Difference::checks_at_commit) ? "FOREIGN_KEY_VIOLATION" : "NOT_FOUND"));
  EXPECT_EQ(state(), before);
}

TEST_F(WritesTest, RelationsDoNotGoWithSkippedDuplicates) {
  const std::string before = state();
  EXPECT_THAT(
      body(
          R"(mutation { createTasks(input: [{title: "t1", steps: {create: [{id: 1, what: "x"}]}}], skipDuplicates: true) { affectedCount } })"),
      HasSubstr("leave relations out"));
  EXPECT_EQ(state(), before);
}

TEST_F(WritesTest, AFailedConditionUndoesWhatCameBefore) {
  const std::string before = state();
  const std::string text = body(fmt::format(
      R"(mutation {{ updatePerson(input: {{id: "{}", country: {{create: {{code: "PT", name: "P"}}}}}}, condition: {{score: {{gt: 100}}}}) {{ id }} }})",
      ada));
  EXPECT_THAT(text, HasSubstr("CONDITION_FAILED"));
  EXPECT_THAT(
      body(
          R"(mutation { updatePerson(input: {id: "00000000-0000-4000-8000-00000000000f", tasks: {set: []}}) { id } })"),
      HasSubstr("NOT_FOUND"));
  EXPECT_EQ(state(), before);
}

// --- many rows, upserts, operators

TEST_F(WritesTest, ManyRowsAreCreatedInTheirOrder) {
  EXPECT_EQ(
      body(
          R"(mutation($rows: [CreateTaskInput!]!) { createTasks(input: $rows) { affectedCount items { title points owner { name } } } })",
          R"({"rows": [{"title": "z"}, {"title": "y", "points": 4}, {"title": "x"}, {"title": "w", "owner": {"connect": {"email": "ada@x"}}}, {"title": "v", "points": null}]})"),
      R"({"data":{"createTasks":{"affectedCount":5,"items":[{"title":"z","points":1,"owner":null},{"title":"y","points":4,"owner":null},)"
      R"({"title":"x","points":1,"owner":null},{"title":"w","points":1,"owner":{"name":"Ada"}},{"title":"v","points":1,"owner":null}]}}})");
  EXPECT_EQ(
      body(
          R"(mutation { createTasks(input: [{title: "z"}, {title: "q"}], skipDuplicates: true) { affectedCount items { title } } })"),
      R"({"data":{"createTasks":{"affectedCount":1,"items":[{"title":"q"}]}}})");
  EXPECT_EQ(body("mutation { createTasks(input: []) { affectedCount items { title owner { id } } } }"),
            R"({"data":{"createTasks":{"affectedCount":0,"items":[]}}})");
  const std::string before = state();
  EXPECT_THAT(body(R"(mutation { createTasks(input: [{title: "r"}, {title: "z"}]) { affectedCount } })"),
              HasSubstr("UNIQUE_VIOLATION"));
  EXPECT_EQ(state(), before);
}

TEST_F(WritesTest, ManyRowsAreChangedAndDeleted) {
  EXPECT_EQ(
      body(
          R"(mutation { updateTasks(filter: {title: {in: ["t1", "t3"]}}, input: {points: 3}) { affectedCount items { title points owner { name } } } })"),
      R"({"data":{"updateTasks":{"affectedCount":2,"items":[{"title":"t1","points":3,"owner":{"name":"Ada"}},{"title":"t3","points":3,"owner":{"name":"Bob"}}]}}})");
  EXPECT_EQ(body("mutation { updateTasks(filter: {points: {eq: 3}}, increment: {points: 2}) { affectedCount "
                 "items { points } } }"),
            R"({"data":{"updateTasks":{"affectedCount":2,"items":[{"points":5},{"points":5}]}}})");
  EXPECT_EQ(
      body("mutation { deleteTasks(filter: {points: {eq: 5}}) { affectedCount items { title owner { name } } "
           "} }"),
      R"({"data":{"deleteTasks":{"affectedCount":2,"items":[{"title":"t1","owner":{"name":"Ada"}},{"title":"t3","owner":{"name":"Bob"}}]}}})");
  EXPECT_EQ(body("mutation { deleteTasks(filter: {title: {eq: \"t1\"}}) { affectedCount items { title owner "
                 "{ name } } } }"),
            R"({"data":{"deleteTasks":{"affectedCount":0,"items":[]}}})");
  EXPECT_EQ(body("mutation { deleteTasks(filter: {}, all: true) { affectedCount } }"),
            R"({"data":{"deleteTasks":{"affectedCount":2}}})");
  EXPECT_EQ(
      body(
          R"(mutation { deleteSeats(filter: {hall_no: {eq: 1}}) { affectedCount items { place hall { name } } } })"),
      R"({"data":{"deleteSeats":{"affectedCount":2,"items":[{"place":"A","hall":{"name":"big"}},{"place":"B","hall":{"name":"big"}}]}}})");
}

TEST_F(WritesTest, FiltersOfManyRowsReachThroughRelations) {
  EXPECT_EQ(
      body(
          R"(mutation { updateTasks(filter: {owner: {name: {eq: "Ada"}}}, input: {points: 7}) { affectedCount items { title } } })"),
      R"({"data":{"updateTasks":{"affectedCount":2,"items":[{"title":"t1"},{"title":"t2"}]}}})");
  EXPECT_EQ(
      body(
          R"(mutation { updatePeople(filter: {or: [{skills: {some: {name: {eq: "read"}}}}, {tasks: {none: {}}}]}, increment: {score: 1}) { items { name score } } })"),
      R"({"data":{"updatePeople":{"items":[{"name":"Ada","score":6}]}}})");
  EXPECT_EQ(
      body(
          R"(mutation { deleteTasks(filter: {owner: {tasks: {some: {title: {eq: "t3"}}}}}) { items { title owner { name } } } })"),
      R"({"data":{"deleteTasks":{"items":[{"title":"t3","owner":{"name":"Bob"}}]}}})");
}

TEST_F(WritesTest, UpsertNamesTheKeyThatDecides) {
  EXPECT_EQ(
      body(R"(mutation { upsertTask(input: {title: "t1", points: 9}, onConflict: title) { id points } })"),
      R"({"data":{"upsertTask":{"id":1,"points":9}}})");
  EXPECT_EQ(
      body(
          R"(mutation { upsertTask(input: {title: "t1", points: 1}, update: {}, onConflict: title) { id points } })"),
      R"({"data":{"upsertTask":{"id":1,"points":9}}})");
  EXPECT_EQ(
      body(
          R"(mutation { upsertTask(input: {title: "t1"}, onConflict: title, increment: {points: 2}, update: {owner_id: null}) { points owner { id } } })"),
      R"({"data":{"upsertTask":{"points":11,"owner":null}}})");
  EXPECT_EQ(
      body(
          R"(mutation { upsertTask(input: {title: "new", owner: {connect: {email: "bob@x"}}, steps: {create: [{id: 4, what: "s"}]}}, onConflict: title) { title owner { name } steps { items { id } } } })"),
      R"({"data":{"upsertTask":{"title":"new","owner":{"name":"Bob"},"steps":{"items":[{"id":4}]}}}})");
  EXPECT_EQ(
      body(
          R"(mutation { upsertSeat(input: {venue: "opera", hall_no: 1, place: "A", kinds: ["k"]}) { kinds } })"),
      R"({"data":{"upsertSeat":{"kinds":["k"]}}})");
}

TEST_F(WritesTest, OperatorsWorkOnTheValueThatIsThere) {
  EXPECT_EQ(
      body(fmt::format(
          R"(mutation {{ updatePerson(input: {{id: "{}", name: "A"}}, increment: {{score: -2}}, multiply: {{rate: "2.5"}}) {{ name score rate }} }})",
          ada)),
      R"({"data":{"updatePerson":{"name":"A","score":3,"rate":"3.75"}}})");
  EXPECT_EQ(
      body(
          fmt::format(
              R"(mutation($by: ModelPersonNumbersInput) {{ updatePerson(input: {{id: "{}"}}, increment: $by) {{ score rate }} }})",
              bob),
          R"({"by": {"score": 4, "rate": "1"}})"),
      R"({"data":{"updatePerson":{"score":4,"rate":null}}})");
}

TEST_F(WritesTest, ListsGrowWhereThereAreLists) {
  const auto push = [&](std::string_view who, std::string_view values) {
    return body(fmt::format(
        R"(mutation {{ updatePerson(input: {{id: "{}"}}, push: {{tags: {}}}) {{ tags }} }})", who, values));
  };
  if (differs(sql::Difference::list_columns)) {
    EXPECT_THAT(push(ada, R"(["c", "d e"])"), HasSubstr(R"(Unknown argument \"push\")"));
    return;
  }
  EXPECT_EQ(push(ada, R"(["c", "d e"])"), R"({"data":{"updatePerson":{"tags":["a","b","c","d e"]}}})");
  EXPECT_EQ(push(bob, R"("x")"), R"({"data":{"updatePerson":{"tags":["x"]}}})");
}

// --- random

// Random operations on the tasks of two people beside a model of what they mean.
class TaskModel {
 public:
  // Titles of a person's tasks; "" has those of nobody.
  std::map<std::string, std::set<std::string>> owned{{"a", {"t1", "t2"}}, {"b", {"t3"}}, {"", {"t4"}}};

  bool exists(const std::string& title) const {
    return std::ranges::any_of(owned, [&](const auto& one) { return one.second.contains(title); });
  }
  void give(const std::string& title, const std::string& person) {
    for (auto& [who, titles] : owned) titles.erase(title);
    owned[person].insert(title);
  }
  bool connect(const std::string& person, const std::string& title) {
    if (exists(title)) give(title, person);
    return exists(title);
  }
  // The order of operations is that of docs/api.md. False: the whole fails.
  bool apply(const std::string& person, const std::map<std::string, std::vector<std::string>>& wanted) {
    const auto titles = [&](const char* operation) {
      const auto found = wanted.find(operation);
      return found == wanted.end() ? std::vector<std::string>{} : found->second;
    };
    for (const std::string& title : titles("disconnect"))
      if (owned[person].contains(title)) give(title, "");
    for (const std::string& title : titles("delete"))
      if (owned[person].erase(title) == 0) return false;
    if (wanted.contains("set")) {
      const std::vector<std::string> kept = titles("set");
      const std::set<std::string> before = owned[person];
      for (const std::string& title : before)
        if (std::ranges::find(kept, title) == kept.end()) give(title, "");
      for (const std::string& title : kept)
        if (!connect(person, title)) return false;
    }
    for (const std::string& title : titles("connect"))
      if (!connect(person, title)) return false;
    for (const std::string& title : titles("connectOrCreate")) give(title, person);
    for (const std::string& title : titles("create")) {
      if (exists(title)) return false;
      owned[person].insert(title);
    }
    return true;
  }
};

TEST_F(WritesTest, RandomOperationsDoWhatAModelOfThemDoes) {
  // In CI always the same, so that a failure is about the change.
  const unsigned seed = std::getenv("CI") != nullptr ? 1 : std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE(fmt::format("seed {}", seed));
  const auto pick = [&](unsigned count) {
    return std::uniform_int_distribution<unsigned>(0, count - 1)(random);
  };
  const char* operations[] = {"disconnect", "delete", "set", "connect", "connectOrCreate", "create"};
  TaskModel model;
  for (int round = 0; round < 250; ++round) {
    const std::string person = pick(2) == 0 ? "a" : "b";
    std::map<std::string, std::vector<std::string>> wanted;
    std::string text;
    for (const char* operation : operations) {
      if (pick(3) != 0) continue;
      std::vector<std::string>& titles = wanted[operation];
      for (unsigned i = pick(3); i > 0; --i) titles.push_back(fmt::format("t{}", pick(8)));
      text += fmt::format("{}: [", operation);
      for (const std::string& title : titles) {
        const std::string object = fmt::format("{{title: \"{}\"}}", title);
        text += std::string_view(operation) == "connectOrCreate"
                    ? fmt::format("{{where: {0}, create: {0}}}", object)
                    : object;
      }
      text += "] ";
    }
    TaskModel after = model;
    const bool succeeds = after.apply(person, wanted);
    const std::string answer =
        body(fmt::format("mutation {{ updatePerson(input: {{id: \"{}\", tasks: {{{}}}}}) {{ id }} }}",
                         person == "a" ? ada : bob, text));
    EXPECT_EQ(answer.find("errors") == std::string::npos, succeeds) << text << "\n" << answer;
    if (succeeds) model = after;
    const auto list = [](const std::set<std::string>& titles) {
      return fmt::format("{}", fmt::join(titles, " "));
    };
    ASSERT_EQ(tasks_of(ada), list(model.owned["a"])) << text << "\n" << answer;
    ASSERT_EQ(tasks_of(bob), list(model.owned["b"])) << text << "\n" << answer;
  }
}

}  // namespace
}  // namespace tenon::api
