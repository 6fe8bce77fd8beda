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
CREATE TABLE country (code char(2) PRIMARY KEY, name {text} NOT NULL);
CREATE TABLE person (
  id {uuid} PRIMARY KEY, email {text} NOT NULL UNIQUE, name {text} NOT NULL,
  country_code char(2) REFERENCES country (code), boss_id {uuid} REFERENCES person (id),
  score int NOT NULL DEFAULT 0, rate numeric(6,2),
pg|   tags text[] DEFAULT '{}',
my|   tags json DEFAULT '[]',
  touched {instant} NOT NULL);
CREATE TABLE badge (id {serial} PRIMARY KEY, person_id {uuid} UNIQUE REFERENCES person (id), label {text} NOT NULL);
CREATE TABLE task (
  id {serial} PRIMARY KEY, owner_id {uuid} REFERENCES person (id), title {text} NOT NULL,
  points int NOT NULL DEFAULT 1, CONSTRAINT task_title_key UNIQUE (title));
CREATE TABLE hall (venue {text}, no int, name {text} NOT NULL, PRIMARY KEY (venue, no));
CREATE TABLE seat (
  venue {text}, hall_no int, place {text}, holder_id {uuid} REFERENCES person (id),
pg|   kinds text[] NOT NULL DEFAULT '{}',
my|   kinds json NOT NULL DEFAULT '[]',
  PRIMARY KEY (venue, hall_no, place), FOREIGN KEY (venue, hall_no) REFERENCES hall (venue, no) ON DELETE CASCADE);
CREATE TABLE step (
  id int PRIMARY KEY, what {text} NOT NULL,
pg|   task_id int NOT NULL REFERENCES task (id) DEFERRABLE INITIALLY DEFERRED);
my|   task_id int NOT NULL REFERENCES task (id));
CREATE TABLE skill (id {serial} PRIMARY KEY, name {text} NOT NULL UNIQUE);
CREATE TABLE "_personToskill" (
  "A" {uuid} NOT NULL REFERENCES person (id) ON DELETE CASCADE, "B" int NOT NULL REFERENCES skill (id) ON DELETE CASCADE);
CREATE UNIQUE INDEX "_personToskill_AB_unique" ON "_personToskill" ("A", "B");
INSERT INTO skill (name) VALUES ('read'), ('write'), ('sing');
INSERT INTO country VALUES ('DE', 'Germany'), ('FR', 'France');
INSERT INTO person (id, email, name, country_code, score, rate, touched) VALUES
  ('00000000-0000-4000-8000-000000000001', 'ada@x', 'Ada', 'DE', 5, 1.50, '2000-01-01'),
  ('00000000-0000-4000-8000-000000000002', 'bob@x', 'Bob', NULL, 0, NULL, '2000-01-01');
pg| UPDATE person SET tags = CASE name WHEN 'Ada' THEN '{a,b}'::text[] END;
my| UPDATE person SET tags = CASE name WHEN 'Ada' THEN '["a","b"]' END;
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
pg|   id           String   @id @db.Uuid
my|   id           String   @id @default(uuid()) @db.Char(36)
  email        String   @unique
  name         String
  country_code String?  @db.Char(2)
  boss_id      String?  @db.Uuid
  score        Int      @default(0)
  rate         Decimal? @db.Decimal(6, 2)
pg|   tags         String[] @default([])
my|   tags         Json?    @default("[]")
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
pg|   kinds     String[] @default([])
my|   kinds     Json     @default("[]")
  hall      hall     @relation(fields: [venue, hall_no], references: [venue, no])
  holder    person?  @relation(fields: [holder_id], references: [id])
  @@id([venue, hall_no, place])
}
)prisma";

inline constexpr std::string_view ada = "00000000-0000-4000-8000-000000000001";
inline constexpr std::string_view bob = "00000000-0000-4000-8000-000000000002";

class WritesTest : public DatabaseEngineTest {
 protected:
  explicit WritesTest(const EngineOptions& options = {})
      : DatabaseEngineTest(people_tables, people_models, options) {}

  // Everything that is in the database, but when it was touched.
  std::string state() {
    std::string all;
    for (const std::string_view rows :
         {"country ORDER BY code", "badge ORDER BY id", "task ORDER BY id", "hall ORDER BY venue, no",
          "seat ORDER BY venue, hall_no, place", "step ORDER BY id", "skill ORDER BY id"})
      all += sql(fmt::format("SELECT * FROM {}", rows)) + "\n\n";
    all += sql("SELECT id, email, name, country_code, boss_id, score, rate, tags FROM person ORDER BY id");
    return all + "\n\n" + sql("SELECT * FROM " + quoted("_personToskill") + " ORDER BY 1, 2");
  }
  static std::string quoted(std::string_view name) {
    return fmt::format("{0}{1}{0}", test::on_mariadb() ? '`' : '"', name);
  }
  // The aggregate of all values of a column, in order.
  static std::string joined(std::string_view column) {
    return test::on_mariadb() ? fmt::format("group_concat({0} ORDER BY {0} SEPARATOR ' ')", column)
                              : fmt::format("string_agg({0}, ' ' ORDER BY {0})", column);
  }
  std::string tasks_of(std::string_view person) {
    return sql(
        fmt::format("SELECT coalesce({}, '') FROM task WHERE owner_id = '{}'", joined("title"), person));
  }
  std::string update_tasks(std::string_view operations) {
    return body(fmt::format(
        "mutation {{ updatePerson(input: {{id: \"{}\", tasks: {{{}}}}}) {{ tasks(orderBy: [{{title: "
        "ASC}}]) {{ items {{ title }} }} }} }}",
        ada, operations));
  }
};

}  // namespace tenon::api
