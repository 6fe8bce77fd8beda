// MariaDB as a person uses it: `tenon db` with provider = "mysql", `tenon pull` judged by Prisma's own validator,
// and `tenon dev` on what was pulled.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { mysql8 } from './support/mysql8.mjs';
import { Project, root, until } from './support/project.mjs';

const folder = join(root, 'tests/databases/mysql');
const validator = join(root, 'tests/npm/validate-prisma.mjs');
const datasource = 'datasource db {\n  provider = "mysql"\n}\n';
let project;
before(async () => {
  project = await Project.create({ database: false, files: { 'tenon.toml': '[database]\nprovider = "mysql"\n' } });
});
after(() => project.remove());
const status = () => JSON.parse(project.check('db', 'status', '--json'));
// SQL in the local database, or in another one of its server; the first column without a heading.
function sql(text, database) {
  const r = project.run(['db', 'shell', '--', '-N', '--default-character-set=utf8mb4', ...(database ? ['--database', database] : [])], { input: text });
  if (r.status !== 0) throw new Error(r.stderr);
  return r.stdout.trim();
}
function urlOf(database) {
  const url = new URL(project.check('db', 'url').trim());
  url.pathname = '/' + database;
  return url.href;
}
const gone = pid => { try { process.kill(pid, 0); return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')); } catch { return true; } };

test('the provider of tenon.toml, or of the datasource, says which server tenon db starts', async () => {
  assert.equal(status().state, 'absent');
  project.check('db', 'start');
  assert.equal(status().server, 'MariaDB');
  assert.ok(existsSync(join(project.dir, '.tenon/mariadb')));
  assert.ok(!existsSync(join(project.dir, '.tenon/postgres')));
  assert.match(project.check('db', 'url'), /^mysql:\/\/root:[0-9a-f]{32}@127\.0\.0\.1:\d+\/app\n$/);
  assert.doesNotMatch(project.check('db', 'status'), new RegExp(new URL(project.check('db', 'url')).password));
  const other = await Project.create({ database: false, files: { 'prisma/schema.prisma': datasource } });
  try {
    assert.equal(JSON.parse(other.check('db', 'start', '--json')).url.split(':')[0], 'mysql');
  } finally {
    await other.remove();
  }
});
test('a wrong provider is named', () => {
  const toml = project.read('tenon.toml');
  project.write('tenon.toml', '[database]\nprovider = "oracle"\n');
  const r = project.run(['db', 'status']);
  assert.match(r.stderr, /TN1001.*"postgresql" or "mysql"/);
  project.write('tenon.toml', toml);
});
test('a second start finds it running; data survives stop, start and kill -9', async () => {
  sql('CREATE TABLE kept (n int PRIMARY KEY); INSERT INTO kept VALUES (7)');
  const { pid, url } = status();
  project.check('db', 'start');
  assert.equal(status().pid, pid);
  project.check('db', 'stop');
  assert.equal(status().state, 'stopped');
  project.check('db', 'start');
  assert.equal(status().url, url);
  const again = status().pid;
  process.kill(again, 'SIGKILL');
  await until('the server is gone', () => gone(again));
  project.check('db', 'start');
  assert.notEqual(status().pid, again);
  assert.equal(sql('SELECT n FROM kept'), '7');
});
test('kill -9 of tenon while it makes the data folder: the next start finishes', async () => {
  const fresh = await Project.create({ database: false, files: { 'tenon.toml': '[database]\nprovider = "mysql"\n' } });
  try {
    for (const delay of [20, 100, 300]) {
      const half = fresh.start(['db', 'start']);
      await new Promise(done => setTimeout(done, delay));
      half.process.kill('SIGKILL');
    }
    fresh.check('db', 'start');
    assert.equal(fresh.check('db', 'shell', '--', '-N', '-e', 'SELECT 1').trim(), '1');
  } finally {
    await fresh.remove();
  }
});

for (const file of readdirSync(folder).filter(f => f.endsWith('.sql')).sort()) {
  test(`${file}: pulled schema is accepted by the official validator, twice the same`, () => {
    const name = 'pull_' + file.replace(/\W/g, '_');
    sql(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
    sql(readFileSync(join(folder, file), 'utf8'), name);
    project.check('pull', '--url', urlOf(name), '--out', name);
    const first = project.read(`${name}/schema.prisma`);
    const checked = spawnSync('node', [validator, join(project.dir, name, 'schema.prisma')], { encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr + '\n' + first);
    project.check('schema', 'validate', '--schema', name);
    project.check('pull', '--url', urlOf(name), '--out', name);
    assert.equal(project.read(`${name}/schema.prisma`), first);
  });
}
test('errors of the way to the database have Prisma codes and never the password', () => {
  const url = new URL(project.check('db', 'url').trim());
  for (const [target, code] of [
    [Object.assign(new URL(url), { pathname: '/missing' }), /P1003/],
    [Object.assign(new URL(url), { password: 'wrong' }), /P1000/],
    [Object.assign(new URL(url), { port: '1' }), /P1001/],
  ]) {
    const r = project.run(['pull', '--url', target.href]);
    assert.notEqual(r.status, 0);
    assert.match(r.stderr, code);
    assert.ok(!r.stderr.includes(url.password));
  }
});
// As far as can be without a MySQL: the exchange of its default way to authenticate.
for (const knows of [true, false])
  test(`caching_sha2_password: ${knows ? 'what the server knows is proved' : 'a server that does not know it yet is shown it, encrypted with its key'}`, async () => {
    const server = await mysql8({ password: 'sésame', knows });
    try {
      const pulled = project.start(['pull', '--print', '--url', `mysql://someone:s%C3%A9same@127.0.0.1:${server.port}/app?sslmode=disable`]);
      await pulled.process.ended();
      assert.ok(server.proved);
      assert.equal(server.shown, knows ? null : 'sésame');
      assert.match(pulled.output, /no statements here/);
    } finally {
      server.close();
    }
  });
test('there are no schemas within a database to choose from', () => {
  const r = project.run(['pull', '--url', urlOf('app'), '--schema', 'public', '--print']);
  assert.notEqual(r.status, 0);
  assert.match(r.stderr, /TN1006.*no schemas/);
});
test('pull without anything named uses the local database; check and dev work on what it wrote', async () => {
  sql(`DROP TABLE IF EXISTS kept;
    CREATE TABLE author (id int AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL, mood enum('glad', 'sad'), since datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3));
    CREATE TABLE post (id bigint AUTO_INCREMENT PRIMARY KEY, author_id int NOT NULL, title varchar(200) NOT NULL, tags json,
      CONSTRAINT post_author_id_fkey FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE ON UPDATE CASCADE);
    INSERT INTO author (name, mood) VALUES ('Ada', 'glad'), ('Bo', NULL);
    INSERT INTO post (author_id, title, tags) VALUES (1, 'Hello', '["a"]'), (1, 'Again', NULL), (2, 'Hi', NULL);`);
  project.check('pull');
  assert.match(project.read('prisma/schema.prisma'), /enum author_mood \{\n {2}glad\n {2}sad\n\}/);
  project.check('check');
  const server = await project.dev();
  const { json } = await server.graphql(
    '{ listAuthors(orderBy: [{ id: ASC }]) { items { name mood post(orderBy: [{ id: ASC }]) { items { title } } } } }');
  assert.deepEqual(json, { data: { listAuthors: { items: [
    { name: 'Ada', mood: 'glad', post: { items: [{ title: 'Hello' }, { title: 'Again' }] } },
    { name: 'Bo', mood: null, post: { items: [{ title: 'Hi' }] } }] } } });
  await server.stop();
});
test('reset gives an empty database', () => {
  const before = project.check('db', 'url');
  assert.equal(project.run(['db', 'reset']).status, 2);
  project.check('db', 'reset', '--yes');
  assert.notEqual(project.check('db', 'url'), before);
  assert.equal(sql('SHOW TABLES'), '');
});
