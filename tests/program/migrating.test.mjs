// Migrations on either engine, from outside: a session with schema files, deployments and how they end, kill -9 at
// every statement. What only one engine can do is in migrate.test.mjs and migrate_mariadb.test.mjs.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Deployments } from './support/deployments.mjs';
import { engine, onMariadb, Project, until } from './support/project.mjs';

let project, d;
before(async () => { project = await Project.create({ on: engine }); d = new Deployments(project); });
after(() => project.remove());
beforeEach(() => d.fresh());

const { expect } = Deployments;
const provider = onMariadb ? 'mysql' : 'postgresql';
const q = name => (onMariadb ? `\`${name}\`` : `"${name}"`);
const schema = models => `datasource db {\n  provider = "${provider}"\n}\n\n${models}\n`;
const user = fields => `model User {\n  id Int @id @default(autoincrement())\n${fields}}\n`;
const setSchema = models => project.write('prisma/schema.prisma', schema(models));
const migrations = () => readdirSync(join(project.dir, 'prisma/migrations')).filter(f => !f.endsWith('.toml')).sort();
const newest = () => project.read(`prisma/migrations/${migrations().at(-1)}/migration.sql`);
const sha256 = text => createHash('sha256').update(text).digest('hex');

test('a session: from an empty folder to a second database', () => {
  setSchema(user('  email String @unique\n'));
  expect(d.run('migrate', 'dev', '--name', 'Init it!'), 0, /migration\.sql is written and applied/);
  assert.match(migrations()[0], /^\d{14}_init_it$/);
  assert.match(newest(), new RegExp(`^-- CreateTable\nCREATE TABLE ${q('User')} \\(`));
  assert.match(project.read('prisma/migrations/migration_lock.toml'), new RegExp(`provider = "${provider}"\n$`));
  expect(d.run('migrate', 'dev'), 0, /Nothing has changed/);
  expect(d.run('migrate', 'status', '--drift'), 0, /up to date/);

  d.sql(`INSERT INTO ${q('User')} (email) VALUES ('a'), ('b')`);
  setSchema(user('  email String @unique\n  name String?\n'));
  assert.match(JSON.parse(expect(d.run('migrate', 'dev', '--name', 'name', '--json'), 0).stdout).created, /_name$/);
  assert.match(newest(), /ADD COLUMN/);
  const first = d.url;
  d.another();
  expect(d.run('migrate', 'deploy'), 0, /2 migrations applied/);
  expect(project.run(['migrate', 'diff', '--from-url', first, '--to-url', d.url, '--exit-code']), 0, /No difference/);
  expect(project.run(['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-url', d.url, '--exit-code']), 0, /No difference/);
  expect(d.run('migrate', 'reset', '--force'), 0, /as its migrations make it/);
  assert.equal(d.sql(`SELECT count(*) FROM ${q('User')}`), '0');
});

test('what the rows do not allow, what would lose them, and a rename', () => {
  setSchema(user('  email String @unique\n  name String?\n'));
  expect(d.run('migrate', 'dev', '--name', 'init'), 0);
  d.sql(`INSERT INTO ${q('User')} (email, name) VALUES ('a', 'x'), ('b', 'x')`);
  setSchema(user('  email String @unique\n  name String?\n  age Int\n'));
  expect(d.run('migrate', 'dev', '--name', 'age'), 1, /TN6005[^]*required column `age`[^]*There are 2 rows/);
  setSchema(user('  email String @unique\n'));
  expect(d.run('migrate', 'dev', '--name', 'drop'), 1, /TN6004[^]*non-null values[^]*--accept-data-loss/);
  setSchema(user('  email String @unique\n  title String?\n'));
  expect(d.run('migrate', 'dev', '--name', 'title', '--rename', 'User.name=User.title'), 0);
  assert.match(newest(), /RENAME COLUMN/);
  assert.equal(d.sql(`SELECT count(title) FROM ${q('User')}`), '2');
  setSchema(user('  email String @unique\n'));
  expect(d.run('migrate', 'dev', '--name', 'drop', '--accept-data-loss'), 0, /applied/);
});

test('changes made by hand, edited migrations and such that fail on an empty database', () => {
  setSchema(user(''));
  expect(d.run('migrate', 'dev', '--name', 'init'), 0);
  d.sql('CREATE TABLE rogue (id int PRIMARY KEY)');
  expect(d.run('migrate', 'status', '--drift'), 1, /\[\+\] Added tables\n {2}- rogue/);
  expect(d.run('migrate', 'dev', '--name', 'x'), 130, /TN6002[^]*rogue[^]*--adopt-drift/);
  setSchema(user('') + '\nmodel rogue {\n  id Int @id\n}\n');
  expect(d.run('migrate', 'dev', '--adopt-drift'), 0, /holds what was changed by hand/);
  assert.match(newest(), new RegExp(`CREATE TABLE ${q('rogue')}`));
  expect(d.run('migrate', 'dev'), 0, /Nothing has changed/);

  const first = `prisma/migrations/${migrations()[0]}/migration.sql`, text = project.read(first);
  project.write(first, text + '-- later\n');
  expect(d.run('migrate', 'dev', '--name', 'x'), 130, /TN6001[^]*bring the folder back/);
  project.write(first, text.replaceAll('\n', '\r\n'));
  expect(d.run('migrate', 'dev'), 0, /Nothing has changed/);

  d.write('20990101000000_bad', '-- needs rows\nUPDATE nowhere SET a = 1;\n');
  expect(d.run('migrate', 'dev'), 1, /P3006.*20990101000000_bad\/migration\.sql:2:/);
  assert.equal(d.databases('tenon_shadow_').length, 0);
});

test('what schema files have no words for is told, and never dropped', () => {
  const trigger = (name, table) => (onMariadb ? `CREATE TRIGGER ${name} BEFORE INSERT ON ${table} FOR EACH ROW SET NEW.id = NEW.id + 0;`
    : `CREATE TRIGGER ${name} BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION nothing();`);
  const body = onMariadb ? '' : 'CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;';
  setSchema('model a {\n  id Int @id\n  n Int?\n}\n');
  d.write('20200101000000_init', `CREATE TABLE a (id INTEGER NOT NULL, n INTEGER, ${onMariadb ? '' : 'CONSTRAINT a_pkey '}PRIMARY KEY (id));\nCREATE VIEW v AS SELECT id FROM a WHERE n > 1;\n${body}\n${trigger('kept', 'a')}\n`
    + (onMariadb ? '' : 'ALTER TABLE a ENABLE ROW LEVEL SECURITY;\nCREATE POLICY everything ON a USING (true);\n') + 'ALTER TABLE a ADD CONSTRAINT positive CHECK (n > 0);\n');
  expect(d.run('migrate', 'deploy'), 0);
  expect(d.run('migrate', 'status', '--drift'), 0, /up to date/);
  expect(d.run('migrate', 'dev', '--name', 'nothing'), 0, /Nothing has changed/);

  const first = d.url;
  d.sql(trigger('rogue', 'a'));
  d.sql(onMariadb ? 'CREATE FUNCTION extra(a int) RETURNS int DETERMINISTIC RETURN a' : 'CREATE FUNCTION extra(a int) RETURNS int LANGUAGE sql RETURN a');
  if (!onMariadb) d.sql('ALTER POLICY everything ON a USING (n > 0)');
  const place = onMariadb ? '' : 'public.';
  const status = expect(d.run('migrate', 'status', '--drift'), 1, new RegExp(`\\[\\+\\] Added triggers\n  - ${place}a\\.rogue`)).stdout;
  assert.match(status, onMariadb ? /\[\+\] Added functions\n {2}- extra/ : /\[\+\] Added functions\n {2}- public\.extra\(a integer\)[^]*\[\*\] Changed policies\n {2}- public\.a\.everything/);
  expect(d.run('migrate', 'dev'), 0, /Nothing has changed[^]*warning\[TN6002\][^]*a\.rogue/);
  d.another();
  expect(d.run('migrate', 'deploy'), 0);
  expect(project.run(['migrate', 'diff', '--from-url', d.url, '--to-url', first, '--exit-code']), 0, /note\[TN6002\][^]*a\.rogue/);
  expect(project.run(['migrate', 'diff', '--from-url', first, '--to-url', d.url]), 0, /\[-\] Removed triggers\n {5}- .*a\.rogue|Removed triggers[^]*a\.rogue/);

  d.url = first;
  d.sql('CREATE VIEW seen AS SELECT 1 AS one');
  expect(d.run('migrate', 'dev', '--name', 'x'), 130, /TN6002[^]*seen/);
  d.sql('DROP VIEW seen');
  setSchema('model a {\n  id Int @id\n  n Int?\n  more Int?\n}\n');
  expect(d.run('migrate', 'dev', '--name', 'more', '--ignore-drift'), 0);
  assert.doesNotMatch(newest(), /DROP/);
  expect(d.run('migrate', 'status', '--drift'), 1, /a\.rogue/);
  assert.equal(d.lines(onMariadb ? 'SHOW TRIGGERS' : "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").length, 2);
});

test('grants are compared when migrations give any', () => {
  const to = onMariadb ? "'reader'@'%'" : 'reader';
  d.write('1_init', 'CREATE TABLE a (id int PRIMARY KEY);');
  expect(d.run('migrate', 'deploy'), 0);
  d.sql(onMariadb ? "CREATE USER reader; GRANT UPDATE ON a TO reader" : 'CREATE ROLE reader; GRANT UPDATE ON a TO reader');
  expect(d.run('migrate', 'status', '--drift'), 0, /up to date/);
  d.write('2_grant', 'GRANT SELECT ON a TO reader;');
  expect(d.run('migrate', 'deploy'), 0);
  const drift = expect(d.run('migrate', 'status', '--drift'), 1, /\[\*\] Changed grants/).stdout;
  assert.ok(drift.includes(`  - ${onMariadb ? '' : 'public.'}a to ${to}\n`), drift);
  d.sql('REVOKE UPDATE ON a FROM reader');
  expect(d.run('migrate', 'status', '--drift'), 0, /up to date/);
});

test('a shadow database of one\'s own is emptied, and never the main one', () => {
  setSchema(user(''));
  const main = d.url;
  const shadow = d.another();
  d.url = main;
  expect(d.run('migrate', 'dev', '--name', 'init', '--shadow-url', shadow), 0);
  expect(d.run('migrate', 'status', '--drift', '--shadow-url', shadow), 0);
  expect(d.run('migrate', 'dev', '--shadow-url', main), 1, /P3014/);
});

test('a folder is deployed, and the rows are what Prisma writes', () => {
  d.write('20260101000000_init', `-- CreateTable\nCREATE TABLE a (\n    id INTEGER NOT NULL,\n\n    PRIMARY KEY (id)\n);\n`);
  d.write('20260102000000_add', 'ALTER TABLE a ADD COLUMN name VARCHAR(20);\n');
  project.write('prisma/migrations/migration_lock.toml', `# Please do not edit this file manually\n# It should be added in your version-control system (e.g., Git)\nprovider = "${provider}"\n`);
  expect(d.run('migrate', 'status'), 1, /P1003/);
  expect(d.run('migrate', 'deploy'), 0, /2 migrations applied/);
  assert.deepEqual(d.history(), ['20260101000000_init|applied|1', '20260102000000_add|applied|1']);
  assert.equal(d.sql("SELECT checksum FROM _prisma_migrations WHERE migration_name LIKE '%add'"), sha256(project.read('prisma/migrations/20260102000000_add/migration.sql')));
  const columns = "SELECT column_name, data_type, is_nullable, character_maximum_length FROM information_schema.columns WHERE table_name = '_prisma_migrations' AND table_schema = ";
  const [time, count] = onMariadb ? ['datetime', 'int'] : ['timestamp with time zone', 'integer'], text = onMariadb ? 'varchar' : 'character varying';
  assert.deepEqual(d.lines(`${columns}${onMariadb ? 'DATABASE()' : "'public'"} ORDER BY ordinal_position`).map(l => l.split('|').slice(0, 3).join(' ')), [
    `id ${text} NO`, `checksum ${text} NO`, `finished_at ${time} YES`, `migration_name ${text} NO`, 'logs text YES', `rolled_back_at ${time} YES`, `started_at ${time} NO`, `applied_steps_count ${count} NO`]);
  expect(d.run('migrate', 'deploy'), 0, /Nothing is pending/);
  const status = JSON.parse(expect(d.run('migrate', 'status', '--json'), 0).stdout);
  assert.deepEqual(status.migrations.map(m => [m.name, m.state]), [['20260101000000_init', 'applied'], ['20260102000000_add', 'applied']]);
  assert.deepEqual(d.tables(), ['_prisma_migrations', 'a'], 'nothing of ours remains');
});

test('a script that fails is told with its place, corrected and gone on with', () => {
  d.write('1_init', 'CREATE TABLE a (id int);');
  d.write('2_bad', 'CREATE TABLE b (id int);\n\nALTER TABLE nope\n  ADD x int;\n');
  d.write('3_next', 'CREATE TABLE c (id int);');
  expect(d.run('migrate', 'deploy'), 1, /P3018.*prisma\/migrations\/2_bad\/migration\.sql:3:1: .*statement 2 of 2: /);
  assert.deepEqual(d.history(), ['1_init|applied|1', '2_bad|failed|0']);
  assert.deepEqual(d.tables().includes('b'), onMariadb, 'what PostgreSQL undoes, MySQL has committed');
  expect(d.run('migrate', 'deploy'), 1, onMariadb ? /P3009.*2_bad.*1 of 2 statements are done; statement 2 \(.*failed[^]*--resume/ : /P3009.*2_bad.*Nothing of it was applied[^]*--resume/);
  if (onMariadb) {
    d.write('2_bad', 'CREATE TABLE b (id bigint);\nALTER TABLE b ADD x int;\n');
    expect(d.run('migrate', 'deploy', '--resume'), 1, /TN6003.*Statement 1 of 2_bad is done, and reads otherwise/);
  }
  d.write('2_bad', 'CREATE TABLE b (id int);\nALTER TABLE b ADD x int;\n');
  expect(d.run('migrate', 'deploy', '--resume'), 0, /2 migrations applied/);
  assert.deepEqual(d.history(), ['1_init|applied|1', '2_bad|rolled back|0', '2_bad|applied|1', '3_next|applied|1']);
  assert.deepEqual(d.tables(), ['_prisma_migrations', 'a', 'b', 'c']);
});

test('what is left of a migration is looked at before it is gone on with', () => {
  d.write('1_init', 'CREATE TABLE a (id int);');
  expect(d.run('migrate', 'deploy'), 0);
  d.sql('INSERT INTO a VALUES (1)');
  d.write('2_bad', 'CREATE TABLE b (id int);\nALTER TABLE nope ADD x int;');
  expect(d.run('migrate', 'deploy'), 1, /P3018/);
  d.write('2_bad', 'CREATE TABLE b (id int);\nDROP TABLE a;');
  d.write('3_next', 'ALTER TABLE a ADD x int;');
  expect(d.run('migrate', 'deploy', '--resume'), 1, /error\[drop-table\][^]*2_bad\/migration\.sql:2:1[^]*TN6008/);
  assert.equal(d.sql('SELECT count(*) FROM a'), '1');
  if (onMariadb) {  // what the part that is done has made may have rows by now
    d.sql('INSERT INTO b VALUES (1)');
    d.write('2_bad', 'CREATE TABLE b (id int);\nDROP TABLE b;');
    expect(d.run('migrate', 'deploy', '--resume'), 1, /error\[drop-table\]: The table b [^]*TN6008/);
  }
  d.write('2_bad', 'CREATE TABLE b (id int);\n-- tenon: approve drop-table\nDROP TABLE a;');
  d.write('3_next', 'SELECT 1;');
  expect(d.run('migrate', 'deploy', '--resume'), 0, /2 migrations applied/);
  assert.deepEqual(d.tables(), ['_prisma_migrations', 'b']);
});

test('what was done by hand is recorded', () => {
  d.write('1_init', 'CREATE TABLE a (id int);');
  d.write('2_bad', 'CREATE TABLE a (id int);');
  expect(d.run('migrate', 'deploy'), 1, /P3018/);
  expect(d.run('migrate', 'resolve', '--applied', '1_init'), 1, /P3008/);
  expect(d.run('migrate', 'resolve', '--rolled-back', 'nope'), 1, /P3011/);
  expect(d.run('migrate', 'resolve', '--rolled-back', '2_bad'), 0, /rolled back/);
  expect(d.run('migrate', 'deploy'), 1, /P3018/);
  expect(d.run('migrate', 'resolve', '--applied', '2_bad'), 0, /recorded as applied/);
  assert.deepEqual(d.history().slice(1), ['2_bad|rolled back|0', '2_bad|rolled back|0', '2_bad|applied|0']);
  expect(d.run('migrate', 'deploy'), 0, /Nothing is pending/);
  assert.deepEqual(d.tables(), ['_prisma_migrations', 'a']);
});

test('an existing database is taken under migrations, and folders that cannot be used are refused', () => {
  d.make();
  d.sql('CREATE TABLE a (id int)');
  d.write('0_init', 'CREATE TABLE a (id int);');
  expect(d.run('migrate', 'deploy'), 1, /P3005.*tables already[^]*resolve --applied 0_init/);
  expect(d.run('migrate', 'resolve', '--applied', '0_init'), 0);
  expect(d.run('migrate', 'status'), 0, /up to date/);
  project.write('prisma/migrations/migration_lock.toml', `provider = "${onMariadb ? 'postgresql' : 'mysql'}"\n`);
  expect(d.run('migrate', 'deploy'), 1, /P3019/);
});

test('a database is pushed to, scripts are executed, and it is filled', () => {
  setSchema(user('  email String @unique\n  years Int?\n'));
  expect(d.run('db', 'push'), 0, /is what the schema says now/);
  expect(d.run('db', 'push'), 0, /already/);
  d.sql(`INSERT INTO ${q('User')} (email, years) VALUES ('a', 1)`);
  setSchema(user('  email String @unique\n'));
  expect(d.run('db', 'push'), 1, /TN6004/);
  expect(d.run('db', 'push', '--accept-data-loss'), 0);
  setSchema(user('  email String @unique\n  must Int\n'));
  expect(d.run('db', 'push'), 1, /TN6005/);
  expect(d.run('db', 'push', '--force-reset', '--accept-data-loss'), 0);
  assert.equal(d.sql(`SELECT count(*) FROM ${q('User')}`), '0');
  project.write('fix.sql', `INSERT INTO ${q('User')} (email, must) VALUES ('a;', 1);\nINSERT INTO ${q('User')} (email, must) VALUES ('b', 2);`);
  expect(d.run('db', 'execute', '--file', 'fix.sql'), 0);
  const bad = project.run(['db', 'execute', '--stdin', '--url', d.url], { input: `DELETE FROM ${q('User')};\nINSERT INTO nope VALUES (1)` });
  expect(bad, 1, /P2010.*stdin:2:/);
  assert.equal(d.sql(`SELECT count(*) FROM ${q('User')}`), '2', 'the script was one transaction');
  project.write('prisma/seed.sql', `INSERT INTO ${q('User')} (email, must) VALUES ('c', 3);`);
  expect(d.run('db', 'seed'), 0, /filled from prisma\/seed\.sql/);
  assert.equal(d.sql(`SELECT count(*) FROM ${q('User')}`), '3');
});

test('two deployments at once: the second waits, says for whom, and finds nothing left', async () => {
  d.make();
  const gate = onMariadb ? "GET_LOCK('gate', 600)" : 'pg_advisory_xact_lock(1)';
  for (let i = 1; i <= 3; ++i) d.write(`${i}_m`, `CREATE TABLE t${i} (id int); SELECT ${gate};`);
  const holder = await d.session(onMariadb ? "SELECT GET_LOCK('gate', 0);" : 'SELECT pg_advisory_lock(1);');
  const both = [d.start('migrate', 'deploy'), d.start('migrate', 'deploy')];
  await until('one waits for the other', () => both.some(p => /another migration runs/.test(p.output)));
  await holder.close();
  assert.deepEqual(await Promise.all(both.map(p => p.ended())), [0, 0], both.map(p => p.output).join('\n'));
  const outputs = both.map(p => p.output);
  assert.ok(outputs.some(o => /3 migrations applied/.test(o)), outputs.join('\n'));
  assert.ok(outputs.some(o => /another migration runs: process \d+ \(/.test(o) && /Nothing is pending/.test(o)), outputs.join('\n'));
  assert.equal(d.history().length, 3);
});

test('a lock that is not given up is told with its holder', async () => {
  d.make();
  d.write('1_m', 'SELECT 1;');
  const holder = await d.session(onMariadb ? "SELECT GET_LOCK('prisma_migrate', 0);" : 'SELECT pg_advisory_lock(72707369);');
  expect(d.run('migrate', 'deploy', '--lock-timeout', '500ms'), 1, onMariadb ? /P1002.*process \d+ [^]*KILL \d+;/ : /P1002.*process \d+ \(psql, user [^]*pg_terminate_backend/);
  expect(d.run('migrate', 'status'), 1, /runs now: process/);
  assert.equal(project.run(['migrate', 'deploy', '--url', d.url], { env: { PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK: '1' } }).status, 0);
  await holder.close();
});

test('a statement waits for a table that others use, and says for whom', async () => {
  d.write('1_m', 'CREATE TABLE a (id int);');
  expect(d.run('migrate', 'deploy'), 0);
  d.write('2_m', 'ALTER TABLE a ADD b int;');
  const reader = await d.session(onMariadb ? 'START TRANSACTION;' : 'BEGIN;', 'SELECT count(*) FROM a;');
  const deploy = d.start('migrate', 'deploy');
  await until(`the blocker's name: ${deploy.output}`, () => /waits for process \d+ \(.*idle in transaction/.test(deploy.output));
  await until('another attempt', () => /trying again/.test(deploy.output));
  await reader.close();
  assert.equal(await deploy.ended(), 0, deploy.output);
  assert.deepEqual(d.history(), ['1_m|applied|1', '2_m|applied|1']);
});

test('killed at each of 20 statements that stand alone: status names the one in doubt, and nothing runs twice', async () => {
  const count = 20, name = step => `t${String(step).padStart(2, '0')}`;
  const steps = Array.from({ length: count }, (_, i) => i + 1);
  d.write('1_init', steps.map(step => `CREATE TABLE ${name(step)} (id int);`).join('\n'));
  expect(d.run('migrate', 'deploy'), 0);
  d.write('2_steps', (onMariadb ? '-- each commits by itself\n' : '-- tenon: no-transaction\n') + steps.map(step => `ALTER TABLE ${name(step)} ADD x int;`).join('\n'));
  for (const step of steps) {
    const reader = await d.session(onMariadb ? 'START TRANSACTION;' : 'BEGIN;', `SELECT count(*) FROM ${name(step)};`);
    const deploy = d.start('migrate', 'deploy', '--lock-timeout', '30s', ...(step > 1 ? ['--resume'] : []));
    const waiting = await until(`statement ${step} to wait: ${deploy.output}`, () => d.waiting());
    // MySQL: every second time the statement takes effect, and its end is not noted.
    const effect = onMariadb && step % 2 === 0;
    let keeper;
    if (effect) {
      keeper = await d.session('START TRANSACTION;', `SELECT count(*) FROM _tenon_migration_steps WHERE step = ${step - 1} FOR UPDATE;`);
      await reader.close();
      await until('the statement to take effect', () => d.lines(`SHOW COLUMNS FROM ${name(step)}`).length === 2);
      await until('the note to wait', () => d.waitingForRow());
    }
    deploy.child.kill('SIGKILL');
    await deploy.ended();
    d.end(waiting);
    await until('the session to end', () => !d.lives(waiting));
    await (keeper ?? reader).close();
    const status = expect(d.run('migrate', 'status'), 1);
    assert.match(status.stdout, new RegExp(`statement ${step} \\(.*2_steps/migration\\.sql:${step + 1}:1: ALTER TABLE ${name(step)}`));
    assert.match(status.stdout, onMariadb ? (effect ? /its end was not seen: it took effect/ : /its end was not seen: it has not taken effect/) : /its end was not seen/);
    expect(d.run('migrate', 'deploy'), 1, /P3009/);
  }
  expect(d.run('migrate', 'deploy', '--resume'), 0);
  for (const step of steps) assert.equal(d.sql(`SELECT count(x) FROM ${name(step)}`), '0');
  assert.deepEqual(d.history().filter(row => row.includes('|applied|')), ['1_init|applied|1', '2_steps|applied|1']);
  assert.ok(!d.tables().includes('_tenon_migration_steps'));
  expect(d.run('migrate', 'status'), 0);
});
