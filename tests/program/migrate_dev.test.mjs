// A user's session with `tenon migrate dev`, from an empty folder on; without a terminal where none is said.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, tenonPath } from './support/project.mjs';

let project;
before(async () => { project = await Project.create(); });
after(() => project.remove());

const schema = models => `datasource db {\n  provider = "postgresql"\n}\n\n${models}\n`;
const user = fields => `model User {\n  id Int @id @default(autoincrement())\n${fields}}\n`;
const migrations = () => readdirSync(join(project.dir, 'prisma/migrations')).filter(f => !f.endsWith('.toml')).sort();
const newest = () => project.read(`prisma/migrations/${migrations().at(-1)}/migration.sql`);
const run = (...args) => project.run(args);
function expect(result, status, pattern = /(?:)/) {
  assert.equal(result.status, status, result.stdout + result.stderr);
  assert.match(result.stdout + result.stderr, pattern);
  return result;
}

test('the first migration', () => {
  project.write('prisma/schema.prisma', schema(user('  email String @unique\n')));
  expect(run('migrate', 'dev', '--name', 'Init it!'), 0, /migration\.sql is written and applied/);
  assert.match(migrations()[0], /^\d{14}_init_it$/);
  assert.match(newest(), /^-- CreateTable\nCREATE TABLE "User" \(\n {4}"id" SERIAL NOT NULL,\n {4}"email" TEXT NOT NULL,\n\n {4}CONSTRAINT "User_pkey" PRIMARY KEY \("id"\)\n\);\n\n-- CreateIndex\n/);
  assert.match(project.read('prisma/migrations/migration_lock.toml'), /^# Please do not edit[^]*provider = "postgresql"\n$/);
  expect(run('migrate', 'dev'), 0, /Nothing has changed/);
  expect(run('migrate', 'status', '--drift'), 0, /up to date/);
});

test('a schema that is not valid changes nothing', () => {
  project.write('prisma/schema.prisma', schema(user('  x Nope\n')));
  expect(run('migrate', 'dev'), 1, /P1012/);
  assert.equal(migrations().length, 1);
});

test('the second change, and both on another database', () => {
  project.sql('INSERT INTO "User" (email) VALUES (\'a\'), (\'b\')');
  project.write('prisma/schema.prisma', schema(user('  email String @unique\n  name String?\n')));
  const json = JSON.parse(expect(run('migrate', 'dev', '--name', 'name', '--json'), 0).stdout);
  assert.match(json.created, /_name$/);
  assert.match(newest(), /ADD COLUMN {5}"name" TEXT;/);
  const other = new URL(project.databaseUrl); other.pathname = '/elsewhere';
  expect(run('migrate', 'deploy', '--url', other.href), 0, /2 migrations applied/);
  expect(run('migrate', 'diff', '--from-url', project.databaseUrl, '--to-url', other.href, '--exit-code'), 0, /No difference/);
});

test('what the rows do not allow, and what would lose them', () => {
  project.write('prisma/schema.prisma', schema(user('  email String @unique\n  name String?\n  age Int\n')));
  expect(run('migrate', 'dev', '--name', 'age'), 1, /TN6005[^]*required column `age`[^]*There are 2 rows/);
  assert.equal(migrations().length, 2);
  expect(run('migrate', 'dev', '--name', 'age', '--create-only'), 0, /not applied/);
  assert.match(newest(), /Warnings:[^]*required column `age`/);
  writeFileSync(join(project.dir, 'prisma/migrations', migrations().at(-1), 'migration.sql'), 'ALTER TABLE "User" ADD COLUMN "age" INTEGER;\nUPDATE "User" SET age = 1;\nALTER TABLE "User" ALTER COLUMN "age" SET NOT NULL;\n');
  expect(run('migrate', 'dev'), 0, /_age/);
  project.sql('UPDATE "User" SET name = \'x\'');
  project.write('prisma/schema.prisma', schema(user('  email String @unique\n  age Int\n')));
  expect(run('migrate', 'dev', '--name', 'drop'), 1, /TN6004[^]*non-null values[^]*--accept-data-loss/);
  expect(run('migrate', 'dev', '--name', 'drop', '--accept-data-loss'), 0, /applied/);
  assert.match(newest(), /DROP COLUMN "name"/);
});

test('a rename keeps the data', () => {
  project.write('prisma/schema.prisma', schema(user('  email String @unique\n  years Int\n')));
  expect(run('migrate', 'dev', '--name', 'years', '--rename', 'nonsense'), 1, /TN1006/);
  expect(run('migrate', 'dev', '--name', 'years', '--rename', 'User.age=User.years'), 0);
  assert.match(newest(), /RENAME COLUMN "age" TO "years"/);
  assert.equal(project.sql('SELECT sum(years) FROM "User"'), '2');
});

test('changes made by hand are told, and taken into the history', () => {
  project.sql('CREATE TABLE rogue (id int PRIMARY KEY)');
  const before = migrations().length;
  expect(run('migrate', 'status', '--drift'), 1, /\[\+\] Added tables\n {2}- rogue/);
  expect(run('migrate', 'dev', '--name', 'x'), 130, /TN6002[^]*rogue[^]*--adopt-drift/);
  assert.equal(migrations().length, before);
  project.write('prisma/schema.prisma', project.read('prisma/schema.prisma') + '\nmodel rogue {\n  id Int @id\n}\n');
  expect(run('migrate', 'dev', '--adopt-drift'), 0, /holds what was changed by hand/);
  assert.match(newest(), /CREATE TABLE "rogue"/);
  expect(run('migrate', 'dev'), 0, /Nothing has changed/);
  expect(run('migrate', 'status', '--drift'), 0);
});

test('an edited migration stops it, with ways out that keep the data', () => {
  const first = `prisma/migrations/${migrations()[0]}/migration.sql`, text = project.read(first);
  project.write(first, text + '-- later\n');
  expect(run('migrate', 'dev', '--name', 'x'), 130, /TN6001[^]*bring the folder back/);
  project.write(first, text.replaceAll('\n', '\r\n'));
  expect(run('migrate', 'dev'), 0, /Nothing has changed/);
  project.write(first, text);
});

test('a migration that fails on an empty database is told with its place', () => {
  project.write('prisma/migrations/20990101000000_bad/migration.sql', '-- needs rows\nSELECT 1 / (SELECT count(*) FROM "User" WHERE id > 0);\n');
  expect(run('migrate', 'dev'), 1, /P3006.*20990101000000_bad\/migration\.sql:2:1/);
  rmSync(join(project.dir, 'prisma/migrations/20990101000000_bad'), { recursive: true });
  const databases = project.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'tenon_shadow_%'");
  assert.equal(databases, '0');
});

test('a shadow database of one\'s own is emptied, and never the main one', () => {
  const shadow = new URL(project.databaseUrl); shadow.pathname = '/shadow';
  expect(run('migrate', 'dev', '--shadow-url', shadow.href), 0, /Nothing has changed/);
  project.write('tenon.toml', `[database]\nshadow_url = "env:SHADOW"\n`);
  const same = project.run(['migrate', 'dev'], { env: { SHADOW: project.databaseUrl } });
  expect(same, 1, /P3014/);
  rmSync(join(project.dir, 'tenon.toml'));
});

test('differences as summary, script, exit code and file', () => {
  project.write('a.prisma', schema(user('  email String @unique\n')));
  project.write('b.prisma', schema(user('  email String\n')));
  expect(run('migrate', 'diff', '--from-schema', 'a.prisma', '--to-schema', 'b.prisma'), 0, /Removed unique index on columns \(email\)/);
  assert.equal(expect(run('migrate', 'diff', '--from-schema', 'a.prisma', '--to-schema', 'b.prisma', '--script', '--exit-code'), 2).stdout,
    '-- DropIndex\nDROP INDEX "User_email_key";\n');
  assert.equal(expect(run('migrate', 'diff', '--from-schema', 'a.prisma', '--to-schema', 'a.prisma', '--exit-code', '--script'), 0).stdout, '-- This is an empty migration.\n');
  expect(run('migrate', 'diff', '--from-empty', '--to-schema', 'a.prisma', '--script', '-o', 'out.sql'), 0);
  assert.match(project.read('out.sql'), /CREATE TABLE "User"/);
  expect(run('migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-database', '--exit-code'), 0);
  expect(run('migrate', 'diff', '--from-empty'), 2, /TN1006/);
  // Of another engine, without any database of it.
  project.write('m.prisma', 'datasource db {\n  provider = "mysql"\n}\nmodel A {\n  id Int @id\n}\n');
  assert.match(expect(run('migrate', 'diff', '--from-empty', '--to-schema', 'm.prisma', '--script'), 0).stdout, /^-- CreateTable\nCREATE TABLE `A` \(\n/);
  assert.match(expect(run('migrate', 'diff', '--from-schema', 'm.prisma', '--to-empty', '--script'), 0).stdout, /DROP TABLE `A`;/);
  expect(run('migrate', 'diff', '--from-schema', 'a.prisma', '--to-schema', 'm.prisma'), 1, /TN1006/);
});

test('a database is pushed to without migrations', () => {
  const sketch = new URL(project.databaseUrl); sketch.pathname = '/sketch';
  const push = (...args) => run('db', 'push', '--url', sketch.href, ...args);
  expect(push(), 0, /is what the schema says now/);
  expect(push(), 0, /already/);
  project.sql('INSERT INTO "User" (email, years) VALUES (\'a\', 1)', sketch.href);
  project.write('prisma/schema.prisma', schema(user('  email String @unique\n')));
  expect(push(), 1, /TN6004/);
  expect(push('--accept-data-loss'), 0);
  project.write('prisma/schema.prisma', schema(user('  email String @unique\n  must Int\n')));
  expect(push(), 1, /TN6005/);
  expect(push('--force-reset', '--accept-data-loss'), 0);
  assert.equal(project.sql('SELECT count(*) FROM "User"', sketch.href), '0');
});

test('at a terminal it asks whether something has a new name', async () => {
  const other = await Project.create();
  try {
    const has = field => other.write('prisma/schema.prisma', schema(user(`  ${field} String?\n`)));
    const dev = (name, input) => spawnSync('script', ['-qec', `${tenonPath} migrate dev --accept-data-loss --name ${name}`, '/dev/null'], { cwd: other.dir, input, encoding: 'utf8', env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' } });
    has('title');
    other.check('migrate', 'dev', '--name', 'init');
    other.sql('INSERT INTO "User" (title) VALUES (\'kept\')');
    has('headline');
    const yes = dev('yes', 'y\n');
    assert.match(yes.stdout, /User\.title goes and User\.headline comes\. Is it a new name for the same\? \[y\/N\]/);
    assert.equal(yes.status, 0, yes.stdout);
    assert.equal(other.sql('SELECT headline FROM "User"'), 'kept');
    has('caption');
    const no = dev('no', 'n\n');
    assert.equal(no.status, 0, no.stdout);
    assert.equal(other.sql('SELECT count(caption) FROM "User"'), '0');
  } finally { await other.remove(); }
});
