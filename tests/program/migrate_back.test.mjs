// The way back (`tenon migrate down`) and several migrations as one (`tenon migrate squash`), as people do it, on either engine.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Deployments } from './support/deployments.mjs';
import { either, engine, onMariadb, Project, until } from './support/project.mjs';

let project;
before(async () => { project = await Project.create({ on: engine }); });
after(() => project.remove());

const run = (...args) => project.run(['migrate', ...args]);
function expect(result, status, pattern = /(?:)/) {
  assert.equal(result.status, status, result.stdout + result.stderr);
  assert.match(result.stderr + result.stdout, pattern);
  return result;
}
const migration = (name, sql, file = 'migration.sql') => project.write(`prisma/migrations/${name}/${file}`, sql);
const folders = () => readdirSync(join(project.dir, 'prisma/migrations')).filter(f => !f.endsWith('.toml')).sort();
// Those whose rows count, and with `back` those that only have had one.
const rows = () => project.sql("SELECT migration_name, MAX(CASE WHEN rolled_back_at IS NULL THEN 1 ELSE 0 END) FROM _prisma_migrations GROUP BY migration_name ORDER BY migration_name")
  .split('\n').map(line => line.replace(/[|\t]1$/, '').replace(/[|\t]0$/, ' back')).join(', ');
const columns = table => project.sql(`SELECT column_name FROM information_schema.columns WHERE table_name = '${table}' AND table_schema = ${either('current_schema()', 'DATABASE()')} ORDER BY ordinal_position`).split('\n').join(',');
const values = () => project.sql(either('SELECT enum_range(NULL::status)', "SELECT column_type FROM information_schema.columns WHERE table_name = 'person' AND column_name = 'state'")).replace(/^enum|[{}()']/g, '');

test('the last migration is undone, and pending again', () => {
  project.write('prisma/migrations/migration_lock.toml', `provider = "${either('postgresql', 'mysql')}"\n`);
  migration('20260101000000_init', either("CREATE TYPE status AS ENUM ('new', 'old');\nCREATE TABLE person (id int PRIMARY KEY, name text NOT NULL, state status);\n",
    "CREATE TABLE person (id int PRIMARY KEY, name varchar(50) NOT NULL, state enum('new', 'old'));\n"));
  migration('20260102000000_more', `ALTER TABLE person ADD COLUMN email varchar(50);\nCREATE UNIQUE INDEX person_email_key ON person(email);\nALTER TABLE person ${either('ALTER COLUMN name DROP NOT NULL', 'MODIFY name varchar(50)')};\n`);
  migration('20260103000000_team', "CREATE TABLE team (id int PRIMARY KEY);\nALTER TABLE person ADD COLUMN team_id int;\nALTER TABLE person ADD CONSTRAINT person_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id);\n" +
    either("ALTER TYPE status ADD VALUE 'gone';\n", "ALTER TABLE person MODIFY state enum('new', 'old', 'gone');\n"));
  expect(run('deploy'), 0);
  expect(run('down'), 0, /20260103000000_team is undone, and pending again/);
  assert.equal(rows(), '20260101000000_init, 20260102000000_more, 20260103000000_team back');
  assert.equal(columns('team'), '');
  assert.equal(values(), 'new,old');
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
  assert.equal(columns('person'), 'id,name,state');
  expect(run('deploy'), 0, /2 migrations applied/);
});

const made = either('CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER stamp BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION stamp();\n',
  'CREATE FUNCTION stamp() RETURNS int DETERMINISTIC RETURN 1;\nCREATE TRIGGER stamp BEFORE INSERT ON person FOR EACH ROW BEGIN SET NEW.id = NEW.id * stamp(); END;\n');
const unmade = `DROP TRIGGER stamp${either(' ON person', '')};\nDROP FUNCTION stamp${either('()', '')};\n`;
test('a script of one\'s own is tried out first', () => {
  migration('20260104000000_stamp', made + 'ALTER TABLE person ADD COLUMN at timestamp(3) NULL;\n');
  expect(run('deploy'), 0);
  expect(run('down', '--create-only'), 0, /migration\.sql:1:1[^]*migration\.sql:2:1[^]*stamp\/down\.sql is written/);
  assert.match(project.read('prisma/migrations/20260104000000_stamp/down.sql'), /DROP COLUMN ["`]at["`]/);
  migration('20260104000000_stamp', unmade.split('\n')[0] + '\n', 'down.sql');
  expect(run('down'), 1, /TN6005[^]*does not lead back[^]*at/);
  migration('20260104000000_stamp', unmade + 'ALTER TABLE person DROP COLUMN at;\n', 'down.sql');
  expect(run('down'), 1, /TN6004/);
  migration('20260104000000_stamp', unmade + '-- tenon: approve drop-column\nALTER TABLE person DROP COLUMN at;\n', 'down.sql');
  expect(run('down'), 0, /is undone/);
  assert.equal(project.sql("SELECT count(*) FROM information_schema.routines WHERE routine_name = 'stamp'"), '0');
  expect(run('deploy'), 0);
});

test('several become one, which databases that have them take over', () => {
  expect(run('squash', '--from', '20260102000000_more', '--to', '20260104000000_stamp', '--name', 'Spring'), 0, /20260104000000_spring stands for 3 migrations/);
  assert.deepEqual(folders(), ['20260101000000_init', '20260104000000_spring']);
  const text = project.read('prisma/migrations/20260104000000_spring/migration.sql');
  assert.match(text, /^-- tenon: squashes 20260102000000_more\n-- tenon: squashes 20260103000000_team\n-- tenon: squashes 20260104000000_stamp\n\n/);
  assert.match(text, /CREATE FUNCTION stamp[^]*CREATE TRIGGER stamp/);
  assert.match(text, /ALTER TABLE ["`]person["`] [^;]*email[^;]*team_id[^;]*at/);
  expect(run('deploy'), 0, /Nothing is pending/);
  assert.match(rows(), /^\S+_init, \S+_more back, \S+_team back, \S+_spring, \S+_stamp back$/);
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

// ---- ways back that are interrupted; each test in a database and a folder of its own

function deployments() {
  const d = new Deployments(project);
  d.count = 100 * ++deployments.count;
  d.fresh();
  return d;
}
deployments.count = 0;

test('the way back is killed at each of its statements: status names the one in doubt, and nothing runs twice', async () => {
  const d = deployments(), steps = [1, 2, 3, 4, 5, 6], name = step => `t${step}`;
  d.write('1_init', steps.map(step => `CREATE TABLE ${name(step)} (id int);`).join('\n'));
  d.write('2_steps', steps.map(step => `ALTER TABLE ${name(step)} ADD x int;`).join('\n'));
  project.write('prisma/migrations/2_steps/down.sql', either('-- tenon: no-transaction\n', '-- each commits by itself\n') + steps.map(step => `ALTER TABLE ${name(step)} DROP COLUMN x;`).join('\n'));
  expect(d.run('migrate', 'deploy'), 0);
  expect(d.run('migrate', 'down', '--resume'), 0, /No way back was interrupted/);
  for (const step of steps) {
    const reader = await d.session(onMariadb ? 'START TRANSACTION;' : 'BEGIN;', `SELECT count(*) FROM ${name(step)};`);
    const down = d.start('migrate', 'down', '--lock-timeout', '30s', ...(step > 1 ? ['--resume'] : []));
    const waiting = await until(`statement ${step} to wait: ${down.output}`, () => d.waiting());
    // MySQL: every second time the statement takes effect, and its end is not noted.
    const effect = onMariadb && step % 2 === 0;
    let keeper;
    if (effect) {
      keeper = await d.session('START TRANSACTION;', `SELECT count(*) FROM _tenon_migration_steps WHERE step = ${step - 1} FOR UPDATE;`);
      await reader.close();
      await until('the statement to take effect', () => d.lines(`SHOW COLUMNS FROM ${name(step)}`).length === 1);
      await until('the note to wait', () => d.waitingForRow());
    }
    down.child.kill('SIGKILL');
    await down.ended();
    d.end(waiting);
    await until('the session to end', () => !d.lives(waiting));
    await (keeper ?? reader).close();
    assert.match(expect(d.run('migrate', 'status'), 1, /2_steps +failed/).stdout, new RegExp(`${step === 1 ? 'No statement' : `${step - 1} of 6 statements`} of its way back (is|are) done; `
      + `statement ${step} \\(.*2_steps/down\\.sql:${step + 1}:1: ALTER TABLE ${name(step)} .*its end was not seen${either('', effect ? ': it took effect' : ': it has not taken effect')}`));
    expect(d.run('migrate', 'deploy'), 1, /P3009.*way back of the migration 2_steps[^]*migrate down --resume[^]*resolve --rolled-back 2_steps/);
    expect(d.run('migrate', 'down'), 1, /P3009/);
  }
  expect(d.run('migrate', 'deploy', '--resume'), 1, /P3009[^]*migrate down --resume/);
  expect(d.run('migrate', 'down', '--resume'), 0, /2_steps is undone/);
  for (const step of steps) assert.equal(d.lines(`SELECT column_name FROM information_schema.columns WHERE table_name = '${name(step)}' AND table_schema = ${either("'public'", 'DATABASE()')}`).length, 1);
  // To Prisma it was applied, then failed, and is rolled back.
  assert.deepEqual([...new Set(d.history())].sort(), ['1_init|applied|1', '2_steps|rolled back|0', '2_steps|rolled back|1']);
  assert.ok(!d.tables().includes('_tenon_migration_steps'));
  expect(d.run('migrate', 'deploy'), 0, /1 migration applied/);
  expect(d.run('migrate', 'status', '--drift'), 0, /up to date/);
});

test('a way back that fails is gone on with when the rows or its script are corrected', () => {
  const d = deployments(), down = join(project.dir, 'prisma/migrations/2_less/down.sql');
  d.write('1_init', 'CREATE TABLE a (id int PRIMARY KEY, n int);\nCREATE UNIQUE INDEX a_n_key ON a(n);');
  d.write('2_less', `DROP INDEX a_n_key${either('', ' ON a')};\nALTER TABLE a ADD COLUMN x int;`);
  expect(d.run('migrate', 'deploy'), 0);
  d.sql('INSERT INTO a (id, n) VALUES (1, 1), (2, 1)');
  expect(d.run('migrate', 'down', '--accept-data-loss'), 1, onMariadb ? /P3018.*2_less\/down\.sql:\d+:1.*Duplicate entry[^]*is undone; correct the rest, then: tenon migrate down --resume/ : /P3018.*could not create unique index/);
  if (!onMariadb) {  // one transaction: nothing of it happened, and nothing is to be gone on with
    assert.deepEqual(d.history(), ['1_init|applied|1', '2_less|applied|1']);
    assert.ok(!existsSync(down));
    return;
  }
  assert.deepEqual(d.history(), ['1_init|applied|1', '2_less|rolled back|1', '2_less|failed|0']);
  assert.match(expect(d.run('migrate', 'status'), 1).stdout, /1 of 2 statements of its way back are done; statement 2 \(.*down\.sql:\d+:1: CREATE UNIQUE INDEX.*failed/);
  expect(d.run('migrate', 'down', '--resume'), 1, /P3018.*Duplicate entry/);
  // What was made lies there while it runs; elsewhere it is made again, the same.
  assert.match(project.read('prisma/migrations/2_less/down.sql'), /^-- Made by tenon migrate down/);
  rmSync(down);
  d.sql('UPDATE a SET n = id');
  expect(d.run('migrate', 'down', '--resume'), 0, /2_less is undone/);
  assert.ok(!existsSync(down));
  assert.deepEqual(d.history().slice(1), ['2_less|rolled back|1', '2_less|rolled back|0', '2_less|rolled back|0', '2_less|rolled back|0']);
  expect(d.run('migrate', 'status'), 1, /2_less +pending/);
});

test('a way back that stopped is settled by hand', () => {
  const d = deployments();
  d.write('1_init', 'CREATE TABLE a (id int);');
  d.write('2_more', 'CREATE TABLE b (id int);\nCREATE TABLE c (id int);');
  project.write('prisma/migrations/2_more/down.sql', `${either('-- tenon: no-transaction\n', '')}DROP TABLE b;\nDROP TABLE c;\n`);
  expect(d.run('migrate', 'deploy'), 0);
  const stop = () => {
    d.sql('DROP TABLE c');
    expect(d.run('migrate', 'down'), 1, /P3018.*down\.sql:\d+:1/);
  };
  stop();
  expect(d.run('migrate', 'resolve', '--rolled-back', '2_more'), 0);
  expect(d.run('migrate', 'down', '--resume'), 0, /No way back was interrupted/);
  expect(d.run('migrate', 'deploy'), 0, /1 migration applied/);
  stop();
  d.sql('CREATE TABLE b (id int); CREATE TABLE c (id int);');
  expect(d.run('migrate', 'resolve', '--applied', '2_more'), 0);
  expect(d.run('migrate', 'status', '--drift'), 0, /up to date/);
});
