// Writers that never stop while `--online` migrations run beside them: nobody waits longer than a statement of
// a migration may wait for its locks (3 s), also when somebody else holds the table.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { createInterface } from 'node:readline';
import { Project, sleep } from './support/project.mjs';

const lockWait = 3000;  // docs/migrations.md
let project;
before(async () => {
  project = await Project.create();
  project.write('prisma/schema.prisma', schema(''));
  project.check('migrate', 'dev', '--name', 'init');
  project.sql("INSERT INTO shelf SELECT g, 'shelf ' || g FROM generate_series(1, 1000) g;\n" +
    "INSERT INTO item (id, title, shelf_id, n) SELECT g, 'item ' || g, 1 + g % 1000, g FROM generate_series(1, 300000) g; ANALYZE");
});
after(() => project.remove());

function schema(more, n = 'Int?', shelf = '') {
  return `datasource db {\n  provider = "postgresql"\n}\n\nmodel shelf {\n  id Int @id\n  name String\n${shelf}}\n\n` +
    `model item {\n  id Int @id @default(autoincrement())\n  title String?\n  shelf_id Int?\n  n ${n}\n${more}}\n`;
}

// One session that does one small transaction after the other, and how long the slowest took.
class Writer {
  constructor(number) {
    this.slowest = 0; this.count = 0; this.failures = [];
    this.psql = spawn('psql', ['-XAtq', project.databaseUrl]);
    this.psql.stderr.on('data', d => this.failures.push(String(d)));
    this.lines = createInterface({ input: this.psql.stdout })[Symbol.asyncIterator]();
    this.work = this.run(number);
  }
  async run(number) {
    for (let i = 0; !this.stopped; ++i) {
      const began = performance.now();
      this.psql.stdin.write(`BEGIN; UPDATE item SET n = n + 1 WHERE id = ${1 + (number * 7919 + i * 13) % 300000};` +
        ` INSERT INTO item (id, title, shelf_id, n) VALUES (${1_000_000 * (number + 1) + i + this.start}, 'new', ${1 + i % 1000}, 0); COMMIT; SELECT 'done';\n`);
      await this.lines.next();
      this.slowest = Math.max(this.slowest, performance.now() - began);
      ++this.count;
    }
    this.psql.stdin.end();
  }
  start = Writer.round++ * 100_000;
  static round = 0;
}

async function underLoad(work) {
  const writers = [0, 1, 2, 3].map(n => new Writer(n));
  await sleep(300);
  await work();
  await sleep(200);
  for (const writer of writers) writer.stopped = true;
  await Promise.all(writers.map(w => w.work));
  for (const writer of writers) {
    assert.deepEqual(writer.failures, []);
    assert.ok(writer.count > 5, `a writer came to ${writer.count} transactions`);
  }
  return Math.max(...writers.map(w => w.slowest));
}

async function migrate(name) {
  const run = project.start(['migrate', 'dev', '--online', '--name', name, '--accept-data-loss']);
  while (!run.exit) await sleep(20);
  assert.equal(run.exit.code, 0, run.output);
  return run.output;
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
    const slowest = await underLoad(() => migrate(name));
    t.diagnostic(`the slowest write took ${slowest.toFixed(0)} ms`);
    assert.ok(slowest < lockWait, `a write took ${slowest} ms`);
  });

test('a reader that does not end holds the migration up, and not the writers', async t => {
  project.write('prisma/schema.prisma', schema('  later Int?\n' + steps[5][1], 'Int', steps[5][3]));
  const reader = spawn('psql', ['-XAtq', project.databaseUrl]);
  reader.stdin.write('BEGIN; SELECT count(*) FROM item;\n');
  let output = '';
  const slowest = await underLoad(async () => {
    await sleep(300);
    const migration = migrate('later').then(text => { output = text; });
    await sleep(5000);
    reader.stdin.end('COMMIT;\n');
    await migration;
  });
  t.diagnostic(`the slowest write took ${slowest.toFixed(0)} ms`);
  assert.match(output, /waits for process \d+/);
  assert.ok(slowest < lockWait + 1500, `a write took ${slowest} ms`);
});
