// People and their tasks, for tests of writes on a real database.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/engine_fixture.h"
#include "api/sabotage.h"

namespace tenon::api {

inline constexpr std::string_view people_tables = R"sql(
CREATE TABLE country (code char(2) PRIMARY KEY, name text NOT NULL);
CREATE TABLE person (
  id uuid PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, country_code char(2) REFERENCES country,
  boss_id uuid REFERENCES person, score int NOT NULL DEFAULT 0, rate numeric(6,2), tags text[] DEFAULT '{}',
  touched timestamptz NOT NULL);
CREATE TABLE badge (id serial PRIMARY KEY, person_id uuid UNIQUE REFERENCES person, label text NOT NULL);
CREATE TABLE task (
  id serial PRIMARY KEY, owner_id uuid REFERENCES person, title text NOT NULL UNIQUE, points int NOT NULL DEFAULT 1);
CREATE TABLE hall (venue text, no int, name text NOT NULL, PRIMARY KEY (venue, no));
CREATE TABLE seat (
  venue text, hall_no int, place text, holder_id uuid REFERENCES person, kinds text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (venue, hall_no, place), FOREIGN KEY (venue, hall_no) REFERENCES hall (venue, no) ON DELETE CASCADE);
CREATE TABLE step (
  id int PRIMARY KEY, task_id int NOT NULL REFERENCES task DEFERRABLE INITIALLY DEFERRED, what text NOT NULL);
CREATE TABLE skill (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE "_personToskill" ("A" uuid NOT NULL REFERENCES person ON DELETE CASCADE, "B" int NOT NULL REFERENCES skill ON DELETE CASCADE);
CREATE UNIQUE INDEX "_personToskill_AB_unique" ON "_personToskill" ("A", "B");
INSERT INTO skill (name) VALUES ('read'), ('write'), ('sing');
INSERT INTO country VALUES ('DE', 'Germany'), ('FR', 'France');
INSERT INTO person VALUES
  ('00000000-0000-4000-8000-000000000001', 'ada@x', 'Ada', 'DE', NULL, 5, 1.50, '{a,b}', '2000-01-01Z'),
  ('00000000-0000-4000-8000-000000000002', 'bob@x', 'Bob', NULL, NULL, 0, NULL, NULL, '2000-01-01Z');
INSERT INTO "_personToskill" VALUES ('00000000-0000-4000-8000-000000000001', 1);
INSERT INTO task (owner_id, title) VALUES
  ('00000000-0000-4000-8000-000000000001', 't1'), ('00000000-0000-4000-8000-000000000001', 't2'),
  ('00000000-0000-4000-8000-000000000002', 't3'), (NULL, 't4');
INSERT INTO badge (person_id, label) VALUES ('00000000-0000-4000-8000-000000000002', 'gold'), (NULL, 'free');
INSERT INTO hall VALUES ('opera', 1, 'big'), ('opera', 2, 'small');
INSERT INTO seat (venue, hall_no, place) VALUES ('opera', 1, 'A'), ('opera', 1, 'B'), ('opera', 2, 'A');
)sql";

inline constexpr std::string_view people_models = R"prisma(
datasource db {
  provider = "postgresql"
}
model country {
  code   String   @id @db.Char(2)
  name   String
  people person[]
}
model person {
  id           String   @id @db.Uuid
  email        String   @unique
  name         String
  country_code String?  @db.Char(2)
  boss_id      String?  @db.Uuid
  score        Int      @default(0)
  rate         Decimal? @db.Decimal(6, 2)
  tags         String[] @default([])
  touched      DateTime @updatedAt @db.Timestamptz(6)
  country      country? @relation(fields: [country_code], references: [code])
  boss         person?  @relation("team", fields: [boss_id], references: [id])
  team         person[] @relation("team")
  badge        badge?
  tasks        task[]
  seats        seat[]
  skills       skill[]
}
model skill {
  id     Int      @id @default(autoincrement())
  name   String   @unique
  people person[]
}
model badge {
  id        Int     @id @default(autoincrement())
  person_id String? @unique @db.Uuid
  label     String
  person    person? @relation(fields: [person_id], references: [id])
}
model task {
  id       Int     @id @default(autoincrement())
  owner_id String? @db.Uuid
  title    String  @unique
  points   Int     @default(1)
  owner    person? @relation(fields: [owner_id], references: [id])
  steps    step[]
}
model step {
  id      Int    @id
  task_id Int
  what    String
  task    task   @relation(fields: [task_id], references: [id])
}
model hall {
  venue String
  no    Int
  name  String
  seats seat[]
  @@id([venue, no])
}
model seat {
  venue     String
  hall_no   Int
  place     String
  holder_id String?  @db.Uuid
  kinds     String[] @default([])
  hall      hall     @relation(fields: [venue, hall_no], references: [venue, no])
  holder    person?  @relation(fields: [holder_id], references: [id])
  @@id([venue, hall_no, place])
}
)prisma";

inline constexpr std::string_view ada = "00000000-0000-4000-8000-000000000001";
inline constexpr std::string_view bob = "00000000-0000-4000-8000-000000000002";

class WritesPgTest : public DatabaseEngineTest {
 protected:
  explicit WritesPgTest(const EngineOptions& options = {})
      : DatabaseEngineTest(people_tables, people_models, options) {}

  // Everything that is in the database.
  std::string state() {
    return sql(R"(SELECT jsonb_agg(r ORDER BY r::text) FROM (
      SELECT to_jsonb(t) FROM country t UNION ALL SELECT to_jsonb(t) - 'touched' FROM person t
      UNION ALL SELECT to_jsonb(t) FROM badge t UNION ALL SELECT to_jsonb(t) FROM task t
      UNION ALL SELECT to_jsonb(t) FROM hall t UNION ALL SELECT to_jsonb(t) FROM seat t
      UNION ALL SELECT to_jsonb(t) FROM step t UNION ALL SELECT to_jsonb(t) FROM skill t
      UNION ALL SELECT to_jsonb(t) FROM "_personToskill" t) AS all_rows (r))");
  }
  std::string tasks_of(std::string_view person) {
    return sql(fmt::format(
        "SELECT coalesce(string_agg(title, ' ' ORDER BY title), '') FROM task WHERE owner_id = '{}'",
        person));
  }
  std::string update_tasks(std::string_view operations) {
    return body(fmt::format(
        "mutation {{ updatePerson(input: {{id: \"{}\", tasks: {{{}}}}}) {{ tasks(orderBy: [{{title: "
        "ASC}}]) {{ items {{ title }} }} }} }}",
        ada, operations));
  }
};

}  // namespace tenon::api
