// Histories of dbmate, Flyway and Alembic: taken over, or gone on with by the tool itself, on either engine.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { either, engine, Project, root } from './support/project.mjs';

let project;
before(async () => { project = await Project.create({ on: engine }); });
after(() => project.remove());

const run = (...args) => project.run(['migrate', ...args]);
function expect(result, status, pattern = /(?:)/) {
  assert.equal(result.status, status, result.stdout + result.stderr);
  assert.match(result.stderr + result.stdout, pattern);
  return result;
}
// A database of its own for each tool.
function database(name) {
  project.sql(`CREATE DATABASE ${name}`);
  const url = new URL(project.databaseUrl); url.pathname = '/' + name;
  return url.href;
}
// PostgreSQL: a statement that no transaction holds.
const concurrently = either('CONCURRENTLY ', '');
const folders = path => readdirSync(join(project.dir, path)).filter(f => !f.endsWith('.toml')).sort();
const history = url => project.sql('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1', url);

test('dbmate: files, their ways back, and what is applied', () => {
  const url = database('dbmate');
  project.write('db/migrations/20260101000000_users.sql', '-- migrate:up\nCREATE TABLE users (id int PRIMARY KEY, mail varchar(50));\n\n-- migrate:down\nDROP TABLE users;\n');
  project.write('db/migrations/20260102000000_mail.sql', `-- migrate:up transaction:false\nCREATE INDEX ${concurrently}mail ON users(mail);\n\n-- migrate:down\nDROP INDEX mail${either('', ' ON users')};\n`);
  const dbmate = join(root, 'bench/migrations/node_modules/.bin/dbmate');
  if (existsSync(dbmate)) {
    const made = spawnSync(dbmate, ['--url', url + either('?sslmode=disable', ''), '--no-dump-schema', 'up'], { cwd: project.dir, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
  } else {  // what it leaves behind
    project.sql('CREATE TABLE users (id int PRIMARY KEY, mail varchar(50)); CREATE INDEX mail ON users(mail); CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);' +
      "INSERT INTO schema_migrations VALUES ('20260101000000'), ('20260102000000')", url);
  }
  project.write('db/migrations/20260103000000_team.sql', '-- migrate:up\nCREATE TABLE team (id int PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE team;\n');
  const place = ['--url', url, '--migrations', 'from_dbmate'];
  expect(run('import', '--from', 'dbmate', ...place), 0, /3 migrations in from_dbmate; 2 recorded as applied/);
  assert.equal(history(url), '20260101000000_users\n20260102000000_mail');
  expect(run('deploy', ...place), 0, /1 migration applied/);
  expect(run('status', '--drift', ...place), 0, /up to date/);
  expect(run('down', ...place), 0, /_team is undone/);
  expect(run('import', '--from', 'dbmate', ...place), 1, /TN1006.*has migrations already/);
  const fresh = database('dbmate_fresh');
  expect(run('deploy', '--url', fresh, '--migrations', 'from_dbmate'), 0, /3 migrations applied/);
});

test('flyway: versions in their order, undo scripts, repeatable ones', () => {
  const url = database('flyway');
  project.sql('CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL);' +
    "INSERT INTO flyway_schema_history VALUES (1, '1.9', 'a', 'SQL', 'V1.9__a.sql', 1, 'x', now(), 1, true), (2, '1.10', 'b', 'SQL', 'V1_10__b.sql', 1, 'x', now(), 1, true)", url);
  project.write('sql/V1.9__a.sql', 'CREATE TABLE a (id int PRIMARY KEY);\n');
  project.write('sql/V1_10__b.sql', 'ALTER TABLE a ADD COLUMN b int;\n');
  project.write('sql/U1.10__b.sql', '-- tenon: approve drop-column\nALTER TABLE a DROP COLUMN b;\n');
  project.write('sql/R__views.sql', 'CREATE OR REPLACE VIEW v AS SELECT id FROM a;\n');
  const place = ['--url', url, '--migrations', 'from_flyway'];
  expect(run('import', '--from', 'flyway', ...place), 0, /3 migrations in from_flyway; 2 recorded/);
  assert.deepEqual(folders('from_flyway'), ['0001_v1_9_a', '0002_v1_10_b', '0003_r_views']);
  expect(run('deploy', ...place), 0, /1 migration applied/);
  expect(run('down', '--steps', '2', ...place), 0, /0003_r_views is undone[^]*0002_v1_10_b is undone/);
  project.write('sql/bad.sql', '');
  expect(run('import', '--from', 'flyway', '--url', url, '--migrations', 'other'), 1, /P3008|TN1006/);
  expect(run('import', '--from', 'liquibase', ...place), 2, /TN1006/);
});

// Alembic itself where it has a driver; else a program that leaves in the database what it would.
const driven = spawnSync('/usr/bin/python3', ['-c', `import alembic, sqlalchemy, ${either('psycopg2', 'pymysql')}`]).status === 0;
const player = `
import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
const url = new URL(process.env.DATABASE_URL);
const run = sql => {
  const r = url.protocol === 'mysql:' ? spawnSync('mariadb', ['-N', '-h', url.hostname, '-P', url.port || '3306', '-u', url.username, '-p' + decodeURIComponent(url.password), url.pathname.slice(1)], { input: sql, encoding: 'utf8' })
    : spawnSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', url.href], { input: sql, encoding: 'utf8' });
  if (r.status !== 0) { process.stderr.write(r.stderr); process.exit(1); }
  return r.stdout.trim();
};
run('CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) PRIMARY KEY)');
for (const file of readdirSync('alembic/versions').filter(f => f.endsWith('.py')).sort()) {
  const id = file.slice(0, -3);
  if (id <= run('SELECT max(version_num) FROM alembic_version').replace('NULL', '')) continue;
  run(/"""(.*)"""/s.exec(readFileSync('alembic/versions/' + file, 'utf8'))[1]);
  run("DELETE FROM alembic_version; INSERT INTO alembic_version VALUES ('" + id + "')");
}
`;
test('alembic: it migrates under our lock, and its database becomes a baseline', () => {
  const url = database('alembic');
  const revision = (id, down, up) => project.write(`alembic/versions/${id}.py`, `from alembic import op\nrevision = "${id}"\ndown_revision = ${down}\ndef upgrade():\n    op.execute("""${up}""")\n`);
  project.write('alembic.ini', '[alembic]\nscript_location = alembic\n');
  project.write('alembic/env.py', 'import os\nfrom alembic import context\nfrom sqlalchemy import create_engine\nwith create_engine(os.environ["DATABASE_URL"].replace("mysql:", "mysql+pymysql:")).connect() as connection:\n    context.configure(connection=connection)\n    with context.begin_transaction():\n        context.run_migrations()\n');
  project.write('alembic/player.mjs', player);
  const deploy = (...args) => run('deploy', '--with', 'alembic', '--url', url, ...args, ...(driven ? [] : ['--command', 'node alembic/player.mjs']));
  revision('r1', 'None', 'CREATE TABLE place (id int PRIMARY KEY)');
  expect(deploy(), 0, /is at r1/);
  assert.equal(history(url), 'alembic:r1');
  expect(deploy(), 0, /Nothing is pending: .* is at r1/);
  revision('r2', '"r1"', 'CREATE TABLE broken (');
  expect(deploy(), 1, /P3018.* ended with exit code \d/);
  expect(run('status', '--url', url), 1, /alembic:upgrade +failed/);
  revision('r2', '"r1"', 'CREATE TABLE town (id int PRIMARY KEY)');
  expect(deploy(...(driven ? ['--command', 'alembic upgrade +1'] : [])), 0, /is at r2/);
  expect(run('status', '--url', url), 0, /alembic:r1 +applied[^]*alembic:r2 +applied/);
  expect(run('deploy', '--with', 'sqitch', '--url', url), 2, /TN1006/);
  const place = ['--url', url, '--migrations', 'from_alembic'];
  expect(run('import', '--from', 'alembic', ...place), 0, /1 migration in from_alembic; 1 recorded as applied/);
  expect(run('status', '--drift', ...place), 0, /up to date/);
  const fresh = database('alembic_fresh');
  expect(run('deploy', '--url', fresh, '--migrations', 'from_alembic'), 0, /1 migration applied/);
  assert.equal(project.sql(`SELECT table_name FROM information_schema.tables WHERE table_schema = ${either("'public'", 'DATABASE()')} AND table_name NOT LIKE '%migrations' ORDER BY 1`, fresh), 'place\ntown');
});
