// `tenon pull`, judged by Prisma's own validator.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, root } from './support/project.mjs';

const folder = join(root, 'tests/databases');
const validator = join(root, 'tests/npm/validate-prisma.mjs');
let project;
before(async () => { project = await Project.create(); });
after(() => project.remove());

for (const file of readdirSync(folder).filter(f => f.endsWith('.sql')).sort()) {
  test(`${file}: pulled schema is accepted by the official validator, twice the same`, () => {
    const name = 'pull_' + file.replace(/\W/g, '_');
    project.sql(`CREATE DATABASE ${name}`);
    const url = new URL(project.databaseUrl); url.pathname = '/' + name;
    project.sql(readFileSync(join(folder, file), 'utf8'), url.href);
    project.check('pull', '--url', url.href, '--all-schemas', '--out', name);
    const first = project.read(`${name}/schema.prisma`);
    const checked = spawnSync('node', [validator, join(project.dir, name, 'schema.prisma')], { encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr + '\n' + first);
    project.check('pull', '--url', url.href, '--all-schemas', '--out', name);
    assert.equal(project.read(`${name}/schema.prisma`), first);
  });
}
test('an empty database is a clear error', () => {
  project.sql('CREATE DATABASE nothing');
  const url = new URL(project.databaseUrl); url.pathname = '/nothing';
  const r = project.run(['pull', '--url', url.href]);
  assert.notEqual(r.status, 0);
  assert.match(r.stderr, /P4001/);
});
test('errors of the way to the database have Prisma codes and never the password', () => {
  const url = new URL(project.databaseUrl);
  const cases = [
    [Object.assign(new URL(url), { pathname: '/missing' }), /P1003/],
    [Object.assign(new URL(url), { password: 'wrong' }), /P1000/],
    [Object.assign(new URL(url), { port: '1' }), /P1001/],
    ['postgres://:::bad', /P1013/],
    ['oracle://x/y', /P1013/],
  ];
  for (const [target, code] of cases) {
    const r = project.run(['pull', '--url', String(target.href ?? target)]);
    assert.notEqual(r.status, 0);
    assert.match(r.stderr, code);
    assert.ok(!r.stderr.includes(url.password));
  }
});
test('a hand-written schema is not overwritten', () => {
  project.sql('CREATE TABLE one (id int PRIMARY KEY)');
  project.write('prisma/schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n\n// mine\nmodel one {\n  id Int @id\n}\n');
  const r = project.run(['pull']);
  assert.notEqual(r.status, 0);
  assert.match(r.stderr, /TN3002/);
  assert.match(project.read('prisma/schema.prisma'), /mine/);
  project.check('pull', '--force');
  assert.doesNotMatch(project.read('prisma/schema.prisma'), /mine/);
});

test('what a pull wrote is replaced by the next one, what was edited is not', () => {
  const file = 'prisma/schema.prisma';
  project.sql('CREATE TABLE two (id int PRIMARY KEY)');
  project.check('pull');
  assert.match(project.read(file), /^generator|^datasource/, 'no mark of tenon in the file');
  assert.match(project.read(file), /model two/);
  project.write(file, project.read(file) + '// edited\n');
  const r = project.run(['pull']);
  assert.equal(r.status, 1);
  assert.match(r.stderr, /TN3002.*has been edited since it was pulled/);
  assert.match(project.read(file), /edited/);
  project.check('pull', '--force');
  assert.doesNotMatch(project.read(file), /edited/);
});
test('a fresh clone: the same database is success, another one needs --force', () => {
  const file = 'prisma/schema.prisma';
  project.check('pull');
  const before = project.read(file);
  const clone = join(project.dir, 'clone');
  const inClone = (...args) => project.run(['pull', '--project', 'clone', '--url', project.databaseUrl, ...args]);
  mkdirSync(join(clone, 'prisma'), { recursive: true });
  writeFileSync(join(clone, file), before);
  const same = inClone('--json');
  assert.equal(same.status, 0, same.stderr);
  assert.equal(JSON.parse(same.stdout).changed, false);
  assert.equal(project.read('clone/' + file), before);

  rmSync(join(clone, '.tenon'), { recursive: true });
  project.sql('CREATE TABLE three (id int PRIMARY KEY)');
  const changed = inClone();
  assert.equal(changed.status, 1);
  assert.match(changed.stderr, /TN3002/);
  assert.match(changed.stderr, /no pull of this checkout wrote it/);
  assert.match(changed.stderr, /--force/);
  assert.equal(project.read('clone/' + file), before);
  assert.equal(inClone('--force').status, 0);
  assert.match(project.read('clone/' + file), /model three/);
  project.sql('DROP TABLE three');
  assert.equal(inClone().status, 0, 'from then on the file is known');
  assert.doesNotMatch(project.read('clone/' + file), /model three/);
});
test('a clone that turned the line ends is left alone', () => {
  const file = 'prisma/schema.prisma';
  project.check('pull');
  const windows = project.read(file).replaceAll('\n', '\r\n');
  project.write(file, windows);
  project.check('pull');
  assert.equal(project.read(file), windows);
});
test('--print gives the text of the file and touches nothing', () => {
  project.check('pull');
  const before = project.read('prisma/schema.prisma');
  project.sql('CREATE TABLE four (note text)');
  const printed = project.run(['pull', '--print']);
  assert.equal(printed.status, 0);
  assert.match(printed.stderr, /TN3001/);
  assert.equal(project.read('prisma/schema.prisma'), before);
  project.check('pull');
  assert.equal(printed.stdout, project.read('prisma/schema.prisma'));
});
test('a schema in several files is not touched', () => {
  project.write('split/a.prisma', '// mine\n');
  const r = project.run(['pull', '--force', '--out', 'split']);
  assert.equal(r.status, 1);
  assert.match(r.stderr, /TN3002.*split\/a\.prisma is a schema file too/);
});
test('what the schema language cannot say is a warning, also as JSON', () => {
  project.sql("COMMENT ON TABLE one IS 'the first'");
  const r = project.run(['pull', '--json']);
  assert.equal(r.status, 0, r.stderr);
  assert.ok(JSON.parse(r.stdout).warnings.some(w => w.code === 'TN3005'));
});
