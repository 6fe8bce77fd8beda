// The differential test: what the API answers to somebody is what plain SQL gives in a session of theirs
// under the row security made of the same rules, for random rules, principals and queries.
#include "api/rules/row_security_fixture.h"

namespace tenon::api {
namespace {

std::string ids_of(std::string_view body) {
  std::string ids;
  for (std::size_t at = body.find("\"id\":"); at != std::string_view::npos;
       at = body.find("\"id\":", at + 1)) {
    const std::size_t start = at + 5;
    ids += std::string(ids.empty() ? "" : "\n") +
           std::string(body.substr(start, body.find_first_not_of("0123456789", start) - start));
  }
  return ids;
}

// Values of an answer in their order, without the names of members; null is empty, as in a row.
std::string values_of(const std::string& body, std::string_view root) {
  std::string values;
  std::size_t at = body.find(fmt::format("\"{}\":", root));
  if (at == std::string::npos) return body;
  bool first = true;
  const auto add = [&](std::string_view value) {
    if (!first) values += '|';
    first = false;
    values += value == "null" ? "" : value;
  };
  for (at += root.size() + 3; at < body.size() && body.substr(at, 9) != ",\"errors\"";) {
    const char c = body[at];
    if (c == '"') {
      const std::size_t end = body.find('"', at + 1);
      const bool is_name = body[end + 1] == ':';
      if (!is_name) add(std::string_view(body).substr(at + 1, end - at - 1));
      at = end + 1;
    } else if (std::string_view("{}[],:").find(c) != std::string_view::npos) {
      ++at;
    } else {
      const std::size_t end = body.find_first_of("{}[],:", at);
      add(std::string_view(body).substr(at, end - at));
      at = end;
    }
  }
  return values;
}

std::string in_one_line(std::string rows) {
  std::ranges::replace(rows, '\n', '|');
  return rows;
}

// Null and a list of nothing are both nothing.
std::string without_gaps(const std::string& values) {
  std::string kept;
  for (std::size_t at = 0; at <= values.size();) {
    const std::size_t end = std::min(values.find('|', at), values.size());
    if (end > at) kept += values.substr(at, end - at) + "|";
    at = end + 1;
  }
  return kept;
}

// A model of which nothing is seen is closed, which is an error in the API.
constexpr std::string_view sees_both = "SELECT EXISTS (SELECT FROM note) AND EXISTS (SELECT FROM folder)";

// Runs a statement as whoever asks, says how many rows it concerned, and undoes it.
constexpr std::string_view attempt_function = R"sql(
CREATE FUNCTION attempt(command text) RETURNS text LANGUAGE plpgsql AS $attempt$
DECLARE concerned bigint;
BEGIN
  EXECUTE command;
  GET DIAGNOSTICS concerned = ROW_COUNT;
  RAISE EXCEPTION USING ERRCODE = 'TN001', MESSAGE = concerned::text;
EXCEPTION
  WHEN SQLSTATE 'TN001' THEN RETURN SQLERRM;
  WHEN insufficient_privilege THEN RETURN 'refused';
END $attempt$;
)sql";

std::string random_overlay(Chance& chance) {
  constexpr std::string_view folders[] = {"", "", R"(, where: { title: { eq: "first" } })",
                                          R"(, where: { owner: { eq: { claim: "identity" } } })"};
  return fmt::format("extend type Note @auth(rules: {})\n", chance.rules()) +
         open_to_all("Folder", chance.of(folders)) + open_to_all("Tag") + open_to_all("Remark");
}

// A document and the SQL that says the same, with {0} for a filter and a condition about `note`.
struct Question {
  std::string_view root;
  std::string_view document;
  std::string_view sql;
};

constexpr Question reads[] = {
    {"listNotes", "{{ listNotes(filter: {0}) {{ items {{ id }} }} }}",
     "SELECT id FROM note WHERE {0} ORDER BY id"},
    {"listNotes", "{{ listNotes(filter: {0}, limit: 1) {{ totalCount }} }}",
     "SELECT count(*) FROM note WHERE {0}"},
    {"aggregateNotes",
     "{{ aggregateNotes(filter: {0}) {{ count sum {{ grade }} min {{ id }} max {{ title }} countDistinct {{ "
     "status }} }} }}",
     "SELECT count(*), sum(grade), min(id), max(title COLLATE \"C\"), count(DISTINCT status) FROM note WHERE "
     "{0}"},
    {"aggregateNotes",
     "{{ aggregateNotes(filter: {0}, groupBy: [{{ field: status }}]) {{ group {{ status }} count max {{ "
     "grade }} }} }}",
     "SELECT status, count(*), max(grade) FROM note WHERE {0} GROUP BY status ORDER BY status"},
    {"aggregateNotes",
     "{{ aggregateNotes(filter: {0}, groupBy: [{{ field: folder_id }}], having: {{ count: {{ gt: 1 }} }}) {{ "
     "group {{ folder_id }} count }} }}",
     "SELECT folder_id, count(*) FROM note WHERE {0} GROUP BY folder_id HAVING count(*) > 1 ORDER BY "
     "folder_id"},
    {"listFolders",
     "{{ listFolders {{ items {{ id notes(filter: {0}) {{ items {{ id grade }} totalCount }} }} }} }}",
     "SELECT id, (SELECT string_agg(id || '|' || grade, '|' ORDER BY id) FROM note WHERE folder_id = "
     "folder.id AND ({0})), (SELECT "
     "count(*) FROM note WHERE folder_id = folder.id AND ({0})) FROM folder ORDER BY id"},
    {"listFolders",
     "{{ listFolders {{ items {{ id notes(filter: {0}) {{ aggregate {{ count sum {{ grade }} }} }} }} }} }}",
     "SELECT id, (SELECT count(*) FROM note WHERE folder_id = folder.id AND ({0})), (SELECT sum(grade) FROM "
     "note "
     "WHERE folder_id = folder.id AND ({0})) FROM folder ORDER BY id"},
    {"listFolders", "{{ listFolders(filter: {{ notes: {{ some: {0} }} }}) {{ items {{ id }} }} }}",
     "SELECT id FROM folder WHERE EXISTS (SELECT FROM note WHERE folder_id = folder.id AND ({0})) ORDER BY "
     "id"},
    {"listFolders", "{{ listFolders(filter: {{ notes: {{ none: {0} }} }}) {{ items {{ id }} }} }}",
     "SELECT id FROM folder WHERE NOT EXISTS (SELECT FROM note WHERE folder_id = folder.id AND ({0})) ORDER "
     "BY id"},
    {"listRemarks", "{{ listRemarks {{ items {{ id note {{ id }} }} }} }}",
     "SELECT r.id, note.id FROM remark r LEFT JOIN note ON note.id = r.note_id ORDER BY r.id"},
    {"listRemarks",
     "{{ listRemarks(filter: {{ note: {0} }}) {{ items {{ id note {{ grade folder {{ id }} }} }} }} }}",
     "SELECT r.id, n.grade, (SELECT f.id FROM folder f WHERE f.id = n.folder_id) FROM remark r, LATERAL "
     "(SELECT grade, folder_id FROM note WHERE note.id = r.note_id AND ({0})) n ORDER BY r.id"},
    {"listNotes",
     "{{ listNotes(filter: {0}) {{ items {{ id folder {{ id title }} tags {{ items {{ name }} }} }} }} }}",
     "SELECT id, (SELECT f.id FROM folder f WHERE f.id = note.folder_id), (SELECT title FROM folder WHERE "
     "folder.id = note.folder_id), (SELECT "
     "string_agg(name, '|' ORDER BY tag.id) FROM "
     "\"_NoteToTag\" l JOIN tag ON tag.id = l.\"B\" WHERE l.\"A\" = note.id) FROM note WHERE {0} ORDER BY "
     "note.id"},
};

// The rows that are affected; or `refused`, when one would not be as it may be.
constexpr Question writes[] = {
    {"updateNotes",
     "mutation {{ updateNotes(filter: {0}, input: {{ body: \"changed\" }}) {{ affectedCount }} }}",
     "UPDATE note SET body = 'changed' WHERE {0}"},
    {"updateNotes",
     "mutation {{ updateNotes(filter: {0}, input: {{ status: \"open\" }}) {{ affectedCount }} }}",
     "UPDATE note SET status = 'open' WHERE {0}"},
    {"updateNotes",
     "mutation {{ updateNotes(filter: {0}, input: {{ owner: \"s2::bob\", team: \"green\" }}) {{ "
     "affectedCount }} }}",
     "UPDATE note SET owner = 's2::bob', team = 'green' WHERE {0}"},
    {"updateNotes",
     "mutation {{ updateNotes(filter: {0}, input: {{ tenant: \"t1\" }}) {{ affectedCount }} }}",
     "UPDATE note SET tenant = 't1' WHERE {0}"},
    {"deleteNotes",
     "mutation {{ deleteNotes(filter: {{ and: [{0}, {{ id: {{ in: [2, 4, 5] }} }}] }}) {{ affectedCount }} "
     "}}",
     "DELETE FROM note WHERE ({0}) AND id IN (2, 4, 5)"},
};

TEST_F(RowSecurityTest, AnswersAreThoseOfPlainSql) {
  if (test::on_mariadb()) GTEST_SKIP() << "there is no row security";
  const std::uint32_t seed = random_seed();
  SCOPED_TRACE(fmt::format("TENON_SEED={}", seed));
  Chance chance(seed);
  std::size_t seen = 0;
  for (int round = 0; round < 40; ++round) {
    const std::string overlay = fmt::format("extend type Note @auth(rules: {})\n", chance.rules()) +
                                open_to_all("Folder") + open_to_all("Tag") + open_to_all("Remark");
    ASSERT_NO_FATAL_FAILURE(rule(overlay));
    for (int asked = 0; asked < 12; ++asked) {
      const std::string claims = chance.claims();
      const policy::Principal principal = somebody(chance, claims);
      const Condition condition = chance.condition();
      const std::string body =
          database_
              .attack(fmt::format("{{ listNotes(filter: {}) {{ items {{ id }} }} }}", condition.filter),
                      principal)
              .body;
      // A claim that has not the form of what it is compared with is an error here, and no row there.
      if (body.find("has not the form") != std::string::npos) continue;
      const std::string rows =
          as(principal, claims, fmt::format("SELECT id FROM note WHERE {} ORDER BY id", condition.sql));
      seen += rows.empty() ? 0 : 1;
      const bool closed = body.find("Not Authorized to access listNotes") != std::string::npos;
      EXPECT_EQ(closed ? "" : ids_of(body), rows) << overlay << claims << '\n'
                                                  << condition.filter << '\n'
                                                  << body << '\n'
                                                  << script_;
    }
  }
  EXPECT_GT(seen, 20);
}

// Everything else that reads: counts, sums, groups, relations either way, filters along them, rows by their
// key.
TEST_F(RowSecurityTest, EveryReadIsThatOfPlainSql) {
  if (test::on_mariadb()) GTEST_SKIP() << "there is no row security";
  const std::uint32_t seed = random_seed();
  SCOPED_TRACE(fmt::format("TENON_SEED={}", seed));
  Chance chance(seed);
  std::size_t seen = 0;
  for (int round = 0; round < 15; ++round) {
    const std::string overlay = random_overlay(chance);
    ASSERT_NO_FATAL_FAILURE(rule(overlay));
    for (int asked = 0; asked < 5; ++asked) {
      const std::string claims = chance.claims();
      const policy::Principal principal = somebody(chance, claims);
      const auto say = [&](std::string_view sql) { return in_one_line(as(principal, claims, sql)); };
      const bool sees_some = say(sees_both) == "t";
      for (const Question& question : reads) {
        const Condition condition = chance.condition();
        const std::string body =
            database_.attack(fmt::format(fmt::runtime(question.document), condition.filter), principal).body;
        if (body.find("has not the form") != std::string::npos) continue;
        if (body.find("\"errors\"") != std::string::npos) {
          EXPECT_FALSE(sees_some) << body << overlay << claims;
          continue;
        }
        seen += sees_some ? 1 : 0;
        EXPECT_EQ(without_gaps(values_of(body, question.root)),
                  without_gaps(say(fmt::format(fmt::runtime(question.sql), condition.sql))))
            << overlay << claims << '\n'
            << question.document << condition.filter << '\n'
            << body;
      }
      for (int id = 1; id <= 6; ++id) {
        const std::string body =
            database_.attack(fmt::format("{{ getNote(id: {}) {{ id }} }}", id), principal).body;
        if (body.find("has not the form") != std::string::npos) continue;
        EXPECT_EQ(values_of(body, "getNote"), say(fmt::format("SELECT id FROM note WHERE id = {}", id)))
            << overlay << claims << body;
      }
    }
  }
  EXPECT_GT(seen, 30);
}

// Page after page, in whatever order: nothing twice, nothing left out, nothing of others.
TEST_F(RowSecurityTest, PagesAreThoseOfPlainSql) {
  if (test::on_mariadb()) GTEST_SKIP() << "there is no row security";
  const std::uint32_t seed = random_seed();
  SCOPED_TRACE(fmt::format("TENON_SEED={}", seed));
  Chance chance(seed);
  constexpr std::pair<std::string_view, std::string_view> orders[] = {
      {"{ title: DESC }", "title COLLATE \"C\" DESC, id"},
      {"{ grade: ASC }", "grade, id"},
      {"{ status: ASC }, { grade: DESC }", "status COLLATE \"C\", grade DESC, id"},
      {"{ folder_id: DESC }", "folder_id DESC, id DESC"},
      {"{ id: DESC }", "id DESC"},
  };
  std::size_t pages = 0;
  for (int round = 0; round < 20; ++round) {
    const std::string overlay = random_overlay(chance);
    ASSERT_NO_FATAL_FAILURE(rule(overlay));
    for (int asked = 0; asked < 6; ++asked) {
      const std::string claims = chance.claims();
      const policy::Principal principal = somebody(chance, claims);
      const Condition condition = chance.condition();
      const auto& [order, sql_order] = chance.of(orders);
      const std::size_t limit = 1 + chance.below(2);
      std::string ids, token;
      bool said = true, compares = true;
      for (int page = 0; page < 10; ++page) {
        const std::string body =
            database_
                .attack(fmt::format("{{ listNotes(filter: {}, orderBy: [{}], limit: {}{}) {{ items {{ id }} "
                                    "nextToken }} }}",
                                    condition.filter, order, limit,
                                    token.empty() ? "" : fmt::format(", nextToken: \"{}\"", token)),
                        principal)
                .body;
        said = body.find("\"errors\"") == std::string::npos;
        compares = body.find("has not the form") == std::string::npos;
        const std::string more = ids_of(body);
        if (!more.empty()) ids += (ids.empty() ? "" : "\n") + more;
        const std::size_t at = body.find("\"nextToken\":\"");
        if (at == std::string::npos) break;
        token = body.substr(at + 13, body.find('"', at + 13) - at - 13);
        ++pages;
      }
      if (!compares) continue;
      if (!said)
        EXPECT_NE(as(principal, claims, sees_both), "t") << overlay << claims << condition.filter;
      else
        EXPECT_EQ(ids, as(principal, claims,
                          fmt::format("SELECT id FROM note WHERE {} ORDER BY {}", condition.sql, sql_order)))
            << overlay << claims << condition.filter << order;
    }
  }
  EXPECT_GT(pages, 3);
}

// A write concerns the rows that row security lets through, and is refused where it refuses.
TEST_F(RowSecurityTest, WritesAreThoseOfPlainSql) {
  if (test::on_mariadb()) GTEST_SKIP() << "there is no row security";
  const std::uint32_t seed = random_seed();
  SCOPED_TRACE(fmt::format("TENON_SEED={}", seed));
  Chance chance(seed);
  test::run_engine_sql(database_.url(), attempt_function);
  std::size_t changed = 0, refused = 0;
  for (int round = 0; round < 10; ++round) {
    const std::string overlay = random_overlay(chance);
    ASSERT_NO_FATAL_FAILURE(rule(overlay));
    for (int asked = 0; asked < 4; ++asked) {
      const std::string claims = chance.claims();
      const policy::Principal principal = somebody(chance, claims);
      for (const Question& question : writes) {
        const Condition condition = chance.condition();
        const std::string expected = as(principal, claims,
                                        fmt::format("SELECT attempt($sql${}$sql$)",
                                                    fmt::format(fmt::runtime(question.sql), condition.sql)));
        const std::string body =
            database_.attack(fmt::format(fmt::runtime(question.document), condition.filter), principal).body;
        database_.reset();
        if (body.find("has not the form") != std::string::npos) continue;
        if (body.find("GRAPHQL_VALIDATION_FAILED") != std::string::npos) {
          EXPECT_NE(as(principal, claims, sees_both), "t") << body << overlay << claims;
          continue;
        }
        const bool failed = body.find("\"errors\"") != std::string::npos;
        changed += !failed && expected != "0" ? 1 : 0;
        refused += expected == "refused" ? 1 : 0;
        EXPECT_TRUE(failed ? expected == "refused" || expected == "0"
                           : values_of(body, question.root) == expected)
            << expected << '\n'
            << overlay << claims << '\n'
            << question.document << condition.filter << '\n'
            << body;
      }
    }
  }
  EXPECT_GT(changed + refused, 3);
}

}  // namespace
}  // namespace tenon::api
