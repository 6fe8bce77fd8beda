// Writers that never stop while `--online` migrations run beside them: nobody waits longer than a statement of
// a migration may wait for its locks (3 s), also when somebody else holds the table.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project, until } from './support/project.mjs';
import { Load } from './support/writers.mjs';

let project, load;
before(async () => {
  project = await Project.create();
  project.write('prisma/schema.prisma', schema(''));
  project.check('migrate', 'dev', '--name', 'init');
  project.sql("INSERT INTO shelf SELECT g, 'shelf ' || g FROM generate_series(1, 1000) g;\n" +
    "INSERT INTO item (id, title, shelf_id, n) SELECT g, 'item ' || g, 1 + g % 1000, g FROM generate_series(1, 300000) g; ANALYZE");
  load = new Load(project);
});
after(() => project.remove());

function schema(more, n = 'Int?', shelf = '') {
  return `datasource db {\n  provider = "postgresql"\n}\n\nmodel shelf {\n  id Int @id\n  name String\n${shelf}}\n\n` +
    `model item {\n  id Int @id @default(autoincrement())\n  title String?\n  shelf_id Int?\n  n ${n}\n${more}}\n`;
}

const writes = i => [`UPDATE item SET n = n + 1 WHERE id = ${1 + (i * 13) % 300000}`, `INSERT INTO item (id, title, shelf_id, n) VALUES (${i}, 'new', ${1 + i % 1000}, 0)`];
const start = name => project.start(['migrate', 'dev', '--online', '--name', name, '--accept-data-loss']);
async function migrate(name) {
  const run = start(name);
  assert.equal(await run.process.ended(), 0, run.output);
}

const steps = [
  ['index', '  @@index([n])\n', 'Int?'],
  ['unique', '  @@index([n])\n  @@unique([id, title])\n', 'Int?'],
  ['required', '  @@index([n])\n  @@unique([id, title])\n', 'Int'],
  ['column', '  added String @default("x")\n  @@index([n])\n  @@unique([id, title])\n', 'Int'],
  ['key', '  added String @default("x")\n  shelf shelf? @relation(fields: [shelf_id], references: [id])\n  @@index([n])\n  @@unique([id, title])\n', 'Int', '  items item[]\n'],
  ['gone', '  added String @default("x")\n  shelf shelf? @relation(fields: [shelf_id], references: [id])\n', 'Int', '  items item[]\n'],
];
for (const [name, ...change] of steps)
  test(`nobody waits for an online migration: ${name}`, async t => {
    project.write('prisma/schema.prisma', schema(...change));
    await load.during(t, [writes, writes], () => migrate(name));
  });

test('a reader that does not end holds the migration up, and not the writers', async t => {
  project.write('prisma/schema.prisma', schema('  later Int?\n' + steps[5][1], 'Int', steps[5][3]));
  const reader = await project.session(['BEGIN;', 'SELECT count(*) FROM item;']);
  await load.during(t, [writes, writes], async () => {
    const run = start('later');
    await until('the migration lets others go first', () => /waits for process \d+[^]*trying again/.test(run.output));
    await load.goOn();
    await until('it waits again', () => /trying again[^]*trying again/.test(run.output));
    await reader.close();
    assert.equal(await run.process.ended(), 0, run.output);
  });
});
