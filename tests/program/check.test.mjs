// `tenon check` against real projects, with and without schema files.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, differs, engine, engineToml } from './support/project.mjs';

let project;
before(async () => {
  project = await Project.create({ on: engine, sql: `
    CREATE TABLE post (id int PRIMARY KEY, title text NOT NULL);
    CREATE TABLE draft (id int PRIMARY KEY, post_id int REFERENCES post (id));
    CREATE TABLE log (line text);` });
});
after(() => project.remove());

const open = model => `extend type ${model} @auth(rules: [{ allow: public }])\n`;
const check = (...args) => project.run(['check', ...args]);
const json = (...args) => JSON.parse(check('--json', ...args).stdout);
const codes = findings => findings.filter(f => f.severity !== 'note').map(f => f.code).sort();
const clear = () => { for (const name of ['api', 'prisma', 'tenon.toml']) rmSync(join(project.dir, name), { recursive: true, force: true }); if (engineToml) project.write('tenon.toml', engineToml); };

test('without schema files the database is checked: a table without key, and no overlay', () => {
  clear();
  const r = check();
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stdout, /warning\[TN3001\].*log/);
  assert.match(r.stdout, /warning\[TN4007\]/);
  assert.match(r.stdout, /No errors, 2 warnings\./);
  assert.match(r.stdout, /^post +get, list, create, update, delete$/m);
});
test('what the engine does not have is a note, and no warning', () => {
  clear();
  const notes = json().findings.filter(f => f.severity === 'note');
  assert.deepEqual(notes.map(f => f.code), differs('list_columns') ? ['TN4010'] : []);
  if (notes.length) assert.match(notes[0].message, /^MySQL and MariaDB do not have: lists of values in a column; /);
});
test('--url and --schema name what is read', () => {
  clear();
  if (differs('schemas')) {
    const refused = check('--url', project.databaseUrl, '--schema', 'side');
    assert.equal(refused.status, 1);
    return assert.match(refused.stderr, /TN1006.*no schemas/);
  }
  project.sql('CREATE SCHEMA IF NOT EXISTS side; CREATE TABLE IF NOT EXISTS side.thing (id int PRIMARY KEY)');
  const r = check('--url', project.databaseUrl, '--schema', 'side');
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stdout, /^thing +get/m);
  assert.doesNotMatch(r.stdout, /^post /m);
});
test('with an overlay, models that nobody reaches are named', () => {
  clear();
  project.write('api/post.graphql', open('post'));
  const found = json();
  assert.equal(found.errors, 0);
  assert.deepEqual(codes(found.findings), ['TN3001', 'TN4006']);
  assert.match(found.findings.find(f => f.code === 'TN4006').message, /^draft /);
});
test('a pulled schema is checked without the database', () => {
  clear();
  project.check('pull');
  project.write('api/all.graphql', open('post') + open('draft'));
  project.check('db', 'stop');
  const r = check();
  assert.equal(r.status, 0, r.stdout + r.stderr);
  assert.match(r.stdout, /^draft +get, list, create, update, delete$/m);
  project.check('db', 'start');
  project.databaseUrl = project.check('db', 'url').trim();
});
test('errors have place, line and exit code 3', () => {
  clear();
  project.write('api/post.graphql', '\n' + open('pst'));
  const r = check();
  assert.equal(r.status, 3);
  assert.match(r.stdout, /error\[TN4002\]/);
  assert.match(r.stdout, /api\/post\.graphql:2:13/);
  assert.match(r.stdout, /2 \| extend type pst/);
  assert.match(r.stdout, /did you mean "post"/);
  assert.match(r.stdout, /1 error, 0 warnings\./);
  const found = json();
  assert.equal(found.errors, 1);
  assert.deepEqual([found.findings[0].file, found.findings[0].line, found.findings[0].column], ['api/post.graphql', 2, 13]);
});
test('tenon.toml, its references and the overlay are reported together', () => {
  clear();
  project.write('tenon.toml', engineToml + '[api]\nkeys = ["env:NO_SUCH_KEY"]\n');
  project.write('api/post.graphql', open('pst'));
  const found = json();
  assert.deepEqual(codes(found.findings), ['TN1002', 'TN4002']);
  assert.equal(found.errors, 2);
  assert.equal(project.run(['check', '--json'], { env: { NO_SUCH_KEY: 'k' } }).status, 3);
});
test('an overlay that opens nothing to read is an error', () => {
  clear();
  project.write('api/post.graphql', 'extend type post @auth(rules: [{ allow: public, operations: [create] }])\n');
  assert.equal(check().status, 3);
  assert.deepEqual(codes(json().findings.filter(f => f.severity === 'error')), ['TN4007']);
});
test('a database that does not answer is an error of its own, without the password', () => {
  clear();
  const url = Object.assign(new URL(project.databaseUrl), { port: '1' });
  const r = check('--url', url.href);
  assert.equal(r.status, 1);
  assert.match(r.stderr, /P1001/);
  assert.ok(!r.stderr.includes(url.password));
});
test('neither schema files nor a database: says what to do', async () => {
  const empty = await Project.create({ database: false });
  const r = empty.run(['check'], { env: { DATABASE_URL: '' } });
  assert.equal(r.status, 1);
  assert.match(r.stderr, /TN1005/);
  await empty.remove();
});
