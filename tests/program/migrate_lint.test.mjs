// `tenon migrate lint`, and what `deploy` refuses without an approval, as people meet them, on either engine.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { either, engine, Project } from './support/project.mjs';

let project;
before(async () => { project = await Project.create({ on: engine }); });
after(() => project.remove());

const order = either('"order"', '`order`');
// What makes a writer wait: MySQL builds indexes beside writes, and copies a table for a new type.
const blocking = either('CREATE INDEX "order_x_idx" ON "order"("x");', 'ALTER TABLE `order` MODIFY `x` bigint NOT NULL;');
const harmless = either('CREATE INDEX CONCURRENTLY "order_x_idx" ON "order"("x");', 'CREATE INDEX `order_x_idx` ON `order`(`x`);');
const [code, lock] = either(['blocking-index', 'SHARE'], ['table-rewrite', 'SHARE']);
const run = (...args) => project.run(args);
function expect(result, status, pattern = /(?:)/) {
  assert.equal(result.status, status, result.stdout + result.stderr);
  assert.match(result.stderr + result.stdout, pattern);
  return result;
}
const migration = (name, sql) => project.write(`prisma/migrations/${name}/migration.sql`, sql);
const findings = (...args) => JSON.parse(run('migrate', 'lint', '--json', ...args).stdout).findings;

test('an empty database needs no approval, whatever its migrations do', () => {
  project.write('prisma/migrations/migration_lock.toml', `provider = "${either('postgresql', 'mysql')}"\n`);
  migration('1_init', `CREATE TABLE ${order} (id int PRIMARY KEY, at timestamp(6) NULL, note text);\nCREATE TABLE old (id int);\nCREATE INDEX order_at_idx ON ${order}(at);\n`);
  migration('2_gone', `DROP TABLE old;\nALTER TABLE ${order} ADD COLUMN x int NOT NULL;\n`);
  expect(run('migrate', 'lint', '--exit-code'), 0, /2 migrations looked at; deploy would refuse nothing/);
  expect(run('migrate', 'deploy'), 0, /2 migrations applied/);
});

test('data and large tables are not touched without an approval', () => {
  project.sql(`INSERT INTO ${order} (id, x) SELECT ${either('g, g FROM generate_series(1, 120000) g', 'seq, seq FROM seq_1_to_120000')}`);
  migration('3_index', `-- A change\n${blocking}\n`);
  migration('4_drop', `ALTER TABLE ${order}\n  ADD COLUMN y int,\n  DROP COLUMN note;\n`);
  expect(run('migrate', 'lint', '--exit-code'), 2, either(/error\[blocking-index\]: Writes of order wait[^]*more than 100000 rows[^]*3_index\/migration\.sql:2:1[^]*CONCURRENTLY[^]*error\[drop-column\][^]*4_drop\/migration\.sql:3:3/,
    /error\[table-rewrite\]: [^]*row of order[^]*It has about \d+ rows[^]*3_index\/migration\.sql:2:21[^]*gh-ost[^]*error\[drop-column\][^]*4_drop\/migration\.sql:3:3/));
  expect(run('migrate', 'lint'), 0, /✗ 2 migrations looked at: 2 steps would be refused/);
  project.sql(`ANALYZE ${either('', 'TABLE ')}${order}`);
  expect(run('migrate', 'lint', '4_drop'), 0, /1 migration looked at: 1 step/);
  expect(run('migrate', 'lint', 'prisma/migrations/3_index/'), 0, new RegExp(code));
  expect(run('migrate', 'lint', '5_none'), 1, /P3017/);
  assert.deepEqual(findings().filter(f => f.refused).map(f => [f.migration, f.line, f.code, f.rows > 100000, f.lock]),
    [['3_index', 2, code, true, lock], ['4_drop', 3, 'drop-column', true, 'ACCESS EXCLUSIVE']]);
  expect(run('migrate', 'deploy'), 1, /TN6008[^]*2 steps of pending migrations need an approval; nothing is applied/);
  assert.equal(project.sql('SELECT count(*) FROM _prisma_migrations'), '2');
  assert.equal(JSON.parse(run('migrate', 'deploy', '--json').stdout).error.code, 'TN6008');
});

test('an approval is for its statement, and a misspelled one is told', () => {
  migration('4_drop', `-- tenon: approve drop-colum\nALTER TABLE ${order}\n  ADD COLUMN y int,\n  DROP COLUMN note;\n`);
  expect(run('migrate', 'lint'), 0, /TN6009[^]*drop-colum is no code/);
  migration('4_drop', `-- tenon: approve drop-column\nALTER TABLE ${order}\n  ADD COLUMN y int,\n  DROP COLUMN note;\n`);
  expect(run('migrate', 'deploy'), 1, /1 step of pending migrations needs an approval/);
  migration('3_index', `-- CreateIndex\n${harmless}\n`);
  expect(run('migrate', 'deploy'), 0, /2 migrations applied/);
});

test('an approval that is added later is no edit', () => {
  migration('3_index', `-- CreateIndex\n-- tenon: approve blocking-index\n${harmless}\n`);
  expect(run('migrate', 'status'), 0, /up to date/);
  migration('3_index', `-- CreateIndex\n-- changed\n${harmless}\n`);
  expect(run('migrate', 'status'), 1, /edited/);
  migration('3_index', `-- CreateIndex\n${harmless}\n`);
});

test('hand-written SQL is read too, and what cannot be read is said', () => {
  migration('5_hand', either(`UPDATE "order" SET x = 1;\nDO $$ BEGIN DELETE FROM "order"; END $$;\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER t BEFORE INSERT ON "order" FOR EACH ROW EXECUTE FUNCTION f();\n`,
    'UPDATE `order` SET x = 1;\nCALL whatever();\nCREATE TRIGGER t BEFORE INSERT ON `order` FOR EACH ROW BEGIN DELETE FROM old; END;\n'));
  assert.deepEqual(findings().map(f => [f.line, f.code, f.refused]), [[1, 'update-all-rows', true], [2, 'unknown-statement', false]]);
  expect(run('migrate', 'lint', '--url', `${either('postgresql', 'mysql')}://nobody@127.0.0.1:1/none`), 0, /P1001[^]*not known[^]*drop-table[^]*5 migrations looked at/);
});

test('dev says what deploy will ask for', () => {
  migration('5_hand', 'SELECT 1;\n');
  project.write('prisma/schema.prisma', `datasource db {\n  provider = "${either('postgresql', 'mysql')}"\n}\n\nmodel order {\n  id Int @id\n  at DateTime? @db.Timestamp(6)\n  y Int?\n  @@index([at])\n}\n`);
  expect(run('migrate', 'dev', '--name', 'less', '--accept-data-loss'), 0, /warning\[drop-column\][^]*_less\/migration\.sql:\d+[^]*tenon: approve drop-column[^]*written and applied/);
});
