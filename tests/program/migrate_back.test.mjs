// The way back (`tenon migrate down`) and several migrations as one (`tenon migrate squash`), as people do it.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project } from './support/project.mjs';

let project;
before(async () => { project = await Project.create(); });
after(() => project.remove());

const run = (...args) => project.run(['migrate', ...args]);
function expect(result, status, pattern = /(?:)/) {
  assert.equal(result.status, status, result.stdout + result.stderr);
  assert.match(result.stderr + result.stdout, pattern);
  return result;
}
const migration = (name, sql, file = 'migration.sql') => project.write(`prisma/migrations/${name}/${file}`, sql);
const folders = () => readdirSync(join(project.dir, 'prisma/migrations')).filter(f => !f.endsWith('.toml')).sort();
const rows = () => project.sql("SELECT string_agg(migration_name || CASE WHEN rolled_back_at IS NULL THEN '' ELSE ' back' END, ', ' ORDER BY started_at, migration_name) FROM _prisma_migrations");

test('the last migration is undone, and pending again', () => {
  project.write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n');
  migration('20260101000000_init', "CREATE TYPE status AS ENUM ('new', 'old');\nCREATE TABLE person (id int PRIMARY KEY, name text NOT NULL, state status);\n");
  migration('20260102000000_more', 'ALTER TABLE person ADD COLUMN email varchar(50);\nCREATE UNIQUE INDEX person_email_key ON person(email);\nALTER TABLE person ALTER COLUMN name DROP NOT NULL;\n');
  migration('20260103000000_team', "CREATE TABLE team (id int PRIMARY KEY);\nALTER TABLE person ADD COLUMN team_id int REFERENCES team(id);\nALTER TYPE status ADD VALUE 'gone';\n");
  expect(run('deploy'), 0);
  expect(run('down'), 0, /20260103000000_team is undone, and pending again/);
  assert.equal(rows(), '20260101000000_init, 20260102000000_more, 20260103000000_team back');
  assert.equal(project.sql("SELECT to_regclass('team'), enum_range(NULL::status)"), '|{new,old}');
  expect(run('status', '--drift'), 1, /20260103000000_team +pending/);
  expect(run('deploy'), 0, /1 migration applied/);
  expect(run('status', '--drift'), 0, /up to date/);
});

test('values are not lost without a word', () => {
  project.sql("INSERT INTO person (id, email) VALUES (1, 'a@b.c')");
  expect(run('down', '--steps', '2'), 1, /drop-column[^]*TN6004/);
  assert.equal(project.sql('SELECT email FROM person'), 'a@b.c');
  expect(run('down', '--to', '20260109000000_none'), 1, /P3017/);
  project.sql("UPDATE person SET email = NULL, name = 'x'");
  expect(run('down', '--to', '20260101000000_init', '--accept-data-loss'), 0, /_team is undone[^]*_more is undone/);
  assert.equal(project.sql("SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'person'::regclass AND attnum > 0 AND NOT attisdropped"), 'id,name,state');
  expect(run('deploy'), 0, /2 migrations applied/);
});

test('a script of one\'s own is tried out first', () => {
  migration('20260104000000_stamp', "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER stamp BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION stamp();\nALTER TABLE person ADD COLUMN at timestamp(3);\n");
  expect(run('deploy'), 0);
  expect(run('down', '--create-only'), 0, /migration\.sql:1:1[^]*migration\.sql:2:1[^]*stamp\/down\.sql is written/);
  assert.match(project.read('prisma/migrations/20260104000000_stamp/down.sql'), /DROP COLUMN "at"/);
  migration('20260104000000_stamp', 'DROP TRIGGER stamp ON person;\n', 'down.sql');
  expect(run('down'), 1, /TN6005[^]*does not lead back[^]*at/);
  migration('20260104000000_stamp', 'DROP TRIGGER stamp ON person;\nDROP FUNCTION stamp();\nALTER TABLE person DROP COLUMN at;\n', 'down.sql');
  expect(run('down'), 1, /TN6004/);
  migration('20260104000000_stamp', 'DROP TRIGGER stamp ON person;\nDROP FUNCTION stamp();\n-- tenon: approve drop-column\nALTER TABLE person DROP COLUMN at;\n', 'down.sql');
  expect(run('down'), 0, /is undone/);
  assert.equal(project.sql("SELECT count(*) FROM pg_proc WHERE proname = 'stamp'"), '0');
  expect(run('deploy'), 0);
});

test('several become one, which databases that have them take over', () => {
  expect(run('squash', '--from', '20260102000000_more', '--to', '20260104000000_stamp', '--name', 'Spring'), 0, /20260104000000_spring stands for 3 migrations/);
  assert.deepEqual(folders(), ['20260101000000_init', '20260104000000_spring']);
  const text = project.read('prisma/migrations/20260104000000_spring/migration.sql');
  assert.match(text, /^-- tenon: squashes 20260102000000_more\n-- tenon: squashes 20260103000000_team\n-- tenon: squashes 20260104000000_stamp\n\n/);
  assert.match(text, /CREATE FUNCTION stamp[^]*CREATE TRIGGER stamp/);
  assert.equal(text.match(/ALTER TABLE "person" /g).length, 2, text);
  expect(run('deploy'), 0, /Nothing is pending/);
  assert.match(rows(), /_init, .*_more back.*_spring$/);
  expect(run('status', '--drift'), 0, /up to date/);
  const other = new URL(project.databaseUrl); other.pathname = '/elsewhere';
  expect(run('deploy', '--url', other.href), 0, /2 migrations applied/);
  expect(run('diff', '--from-url', project.databaseUrl, '--to-url', other.href, '--exit-code'), 0);
});

test('a database that has some of them is not guessed about', () => {
  const third = new URL(project.databaseUrl); third.pathname = '/third';
  migration('20260105000000_a', 'CREATE TABLE a (id int PRIMARY KEY);\n');
  expect(run('deploy', '--url', third.href), 0);
  migration('20260106000000_b', 'INSERT INTO a VALUES (1);\n');
  expect(run('deploy'), 0);
  expect(run('squash', '--from', '20260105000000_a'), 0, /statements are kept/);
  assert.match(project.read('prisma/migrations/20260106000000_squashed/migration.sql'), /-- 20260105000000_a\n\nCREATE TABLE a[^]*INSERT INTO a/);
  expect(run('deploy', '--url', third.href), 1, /TN6001[^]*stands for 2 migrations, and the database has 1 of them/);
  expect(run('deploy'), 0, /Nothing is pending/);
  expect(run('squash', '--from', '20260106000000_squashed'), 1, /TN1006/);
});
