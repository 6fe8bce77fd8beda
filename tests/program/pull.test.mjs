// `tenon pull`, judged by Prisma's own validator.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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
