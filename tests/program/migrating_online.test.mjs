// Changes in two steps (`migrate dev --online`, then `--contract`) under load, on either engine: writers that know the
// old shape go on during and after the first step, those that know the new one work behind it, no write waits longer than
// a statement of a migration may wait for its locks, nothing is lost, and in the end the schema is what was asked for.
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { engine, onMariadb, Project, until } from './support/project.mjs';
import { Load } from './support/writers.mjs';

const rows = 100_000;
let project, load;
const fields = {
  id: 'Int @id @default(autoincrement())', title: 'String @default("none")', code: 'String? @unique', amount: 'Int', note: 'String?',
  gone: 'Int', shelf: 'shelf? @relation(fields: [shelf_id], references: [id])', shelf_id: 'Int?',
};
const about = { model: 'item', index: 'title' };
function setSchema({ model = about.model, index = about.index, ...changed } = {}) {
  Object.assign(fields, changed);
  Object.assign(about, { model, index });
  const lines = Object.entries(fields).filter(([, type]) => type).map(([name, type]) => `  ${name} ${type}\n`);
  project.write('prisma/schema.prisma', `datasource db {\n  provider = "${onMariadb ? 'mysql' : 'postgresql'}"\n}\n\n` +
    `model shelf {\n  id Int @id\n  items ${model}[]\n}\n\nmodel ${model} {\n${lines.join('')}\n  @@index([${index}, amount])\n}\n`);
}

before(async () => {
  project = await Project.create({ on: engine });
  setSchema();
  project.check('migrate', 'dev', '--name', 'init');
  const [numbers, g] = onMariadb ? [`seq_1_to_${rows}`, 'seq'] : [`generate_series(1, ${rows}) g`, 'g'];
  project.sql(`INSERT INTO shelf VALUES (1), (2);\nINSERT INTO item (title, code, amount, gone, shelf_id) SELECT concat('item ', ${g}), concat('c', ${g}), ${g}, 1, 1 FROM ${numbers};\n` +
    (onMariadb ? 'ANALYZE TABLE item;' : 'ANALYZE;'));
  load = new Load(project);
});
after(() => project.remove());

async function dev(...args) {
  const run = project.start(['migrate', 'dev', ...args]);
  assert.equal(await run.process.ended(), 0, run.output);
}
const nothing = () => load.goOn();
const migrations = () => readdirSync(join(project.dir, 'prisma/migrations')).filter(f => !f.endsWith('.toml')).sort();
const newest = () => project.read(`prisma/migrations/${migrations().at(-1)}/migration.sql`);
const one = text => project.sql(text).split('\n')[0];
const row = i => 1 + (i * 7919) % rows;

// What was asked for is what there is, and nothing else.
function expectSettled() {
  const diff = project.run(['migrate', 'diff', '--from-database', '--to-schema', 'prisma', '--exit-code']);
  assert.equal(diff.status, 0, diff.stdout + diff.stderr);
  const status = project.run(['migrate', 'status', '--drift']);
  assert.equal(status.status, 0, status.stdout + status.stderr);
  assert.doesNotMatch(status.stdout, /not ended/);
  const left = onMariadb ? "SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    : "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal) + (SELECT count(*) FROM pg_proc WHERE proname LIKE '%tenon%')";
  assert.equal(one(left), '0');
}

// Large as the table is, deploy refuses nothing of what is written.
function expectDeployable() {
  const lint = project.run(['migrate', 'lint']);
  assert.equal(lint.status, 0, lint.stdout + lint.stderr);
}

// Open: the schema agrees, and so does the folder with the database.
function expectOpen(what) {
  const again = project.run(['migrate', 'dev']);
  assert.match(again.stdout + again.stderr, /Nothing has changed[^]*not ended:[^]*--contract/);
  const status = project.run(['migrate', 'status', '--drift']);
  assert.equal(status.status, 0, status.stdout + status.stderr);
  assert.match(status.stdout, what);
  const diff = project.run(['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma', '--exit-code']);
  assert.equal(diff.status, 0, diff.stdout + diff.stderr);
}

test('a column gets another name', async t => {
  const old = i => [`UPDATE item SET title = 'old ${i}' WHERE id = ${row(i)}`, `INSERT INTO item (title, amount, gone) VALUES ('new by old ${i}', ${i}, 1)`, `INSERT INTO item (amount, gone) VALUES (${i}, 1)`];
  const next = i => [`UPDATE item SET headline = 'NEW ${i}' WHERE id = ${row(i)}`, `INSERT INTO item (headline, amount, gone) VALUES ('new by new ${i}', ${i}, 1)`, `INSERT INTO item (amount, gone) VALUES (${i}, 1)`];
  setSchema({ title: '', headline: 'String @default("none")', index: 'headline' });
  await load.during(t, [old], () => dev('--online', '--name', 'headline', '--rename', 'item.title=headline'));
  assert.match(newest(), /^-- tenon: expand column "item"\."title" to "headline"\n/);
  expectOpen(/column "item"\."title" to "headline"/);
  await load.during(t, [old, next], nothing);
  assert.equal(one('SELECT count(*) FROM item WHERE title <> headline OR headline IS NULL'), '0');
  assert.equal(one(`SELECT count(*) FROM item WHERE headline = 'none' AND id > ${rows}`) > 10, true);
  project.sql("UPDATE item SET title = 'x', headline = 'y' WHERE id = 1");
  assert.equal(one('SELECT title FROM item WHERE id = 1'), 'y');
  project.sql("UPDATE item SET headline = 'Y' WHERE id = 1");
  assert.equal(one('SELECT title FROM item WHERE id = 1'), 'Y');
  const count = one('SELECT count(*) FROM item WHERE headline IS NOT NULL');
  await load.during(t, [next], () => dev('--contract'));
  assert.match(newest(), /-- tenon: contract column "item"\."title" to "headline"\n/);
  assert.ok(Number(one('SELECT count(*) FROM item WHERE headline IS NOT NULL')) >= Number(count));
  expectSettled();
});

test('a column gets another type', async t => {
  const both = i => [`UPDATE item SET amount = ${i} WHERE id = ${row(i)}`, `INSERT INTO item (headline, amount, gone) VALUES ('typed', ${i}, 1)`];
  setSchema({ amount: 'BigInt' });
  await dev('--online', '--name', 'amount', '--create-only');
  expectDeployable();
  await load.during(t, [both], () => dev());
  expectOpen(/type "item"\."amount" by "amount_new"/);
  assert.equal(one('SELECT count(*) FROM item WHERE amount <> amount_new OR amount_new IS NULL'), '0');
  const sum = one(`SELECT sum(amount) FROM item`);
  await dev('--contract', '--create-only');
  expectDeployable();
  await dev();
  assert.equal(one(`SELECT sum(amount) FROM item`), sum);
  project.sql('UPDATE item SET amount = 5000000000 WHERE id = 1');
  expectSettled();
});

test('what is begun has to be ended before it is changed, and can be undone', async () => {
  setSchema({ code: '', number: 'String? @unique' });
  await dev('--online', '--name', 'number', '--rename', 'item.code=number');
  setSchema({ number: 'String?' });
  const refused = project.run(['migrate', 'dev', '--name', 'more']);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /TN6005[^]*column "item"\."code" to "number"[^]*first: tenon migrate dev --contract/);
  const down = project.run(['migrate', 'down']);
  assert.equal(down.status, 0, down.stdout + down.stderr);
  setSchema({ code: 'String? @unique', number: '' });
  project.sql("INSERT INTO item (headline, code, amount, gone) VALUES ('after all', 'after all', 1, 1)");
  assert.equal(one(`SELECT count(code) FROM item WHERE id <= ${rows}`), String(rows));
  rmSync(join(project.dir, 'prisma/migrations', migrations().at(-1)), { recursive: true });
  project.sql("DELETE FROM _prisma_migrations WHERE migration_name LIKE '%number'");
  expectSettled();
});

test('values in batches: what becomes required, and what is new in each row', async t => {
  const writer = i => [`UPDATE item SET amount = ${i} WHERE id = ${row(i)}`, `INSERT INTO item (headline, amount, gone) VALUES ('batched', ${i}, 1)`];
  setSchema({ note: 'String @default("-")', ...(onMariadb ? {} : { token: 'String @default(dbgenerated("md5(random()::text)"))' }) });
  await load.during(t, [writer], () => dev('--online', '--name', 'values'));
  assert.match(newest(), /-- tenon: batch \d+\nUPDATE .item. SET .note. = '-' WHERE .note. IS NULL;/);
  assert.equal(one("SELECT count(*) FROM item WHERE note <> '-' OR note IS NULL"), '0');
  if (!onMariadb) assert.equal(one('SELECT count(DISTINCT token) = count(*) FROM item'), 't');
  expectSettled();
});

test('a required column goes', async t => {
  const old = i => [`INSERT INTO item (headline, amount, gone) VALUES ('with', ${i}, 1)`, `UPDATE item SET gone = 2 WHERE id = ${row(i)}`];
  const next = i => [`INSERT INTO item (headline, amount) VALUES ('without', ${i})`];
  setSchema({ gone: '' });
  await load.during(t, [old], () => dev('--online', '--name', 'gone'));
  expectOpen(/drop-column "item"\."gone"/);
  await load.during(t, [old, next], nothing);
  const refused = project.run(['migrate', 'dev', '--contract']);
  assert.match(refused.stderr, /TN6004/);
  await load.during(t, [next], () => dev('--contract', '--accept-data-loss'));
  expectSettled();
});

test('a table gets another name', async t => {
  // On MariaDB one statement each: a transaction that has the table open when it is renamed may end as a deadlock.
  const writer = table => i => [`INSERT INTO ${table} (headline, amount) VALUES ('in ${table}', ${i})`, `UPDATE ${table} SET amount = ${i} WHERE id = ${row(i)}`, `DELETE FROM ${table} WHERE id = ${-i}`]
    .flatMap((each, at) => (onMariadb && at > 0 ? ['COMMIT', each] : [each]));
  setSchema({ model: 'thing' });
  await load.during(t, [writer('item')], () => dev('--online', '--name', 'thing', '--rename', 'item=thing'));
  expectOpen(/table "item" to "thing"/);
  await load.during(t, [writer('item'), writer('thing')], nothing);
  assert.equal(one('SELECT count(*) FROM item'), one('SELECT count(*) FROM thing'));
  await load.during(t, [writer('thing')], () => dev('--contract'));
  expectSettled();
});

// Each writer has rows of its own, and takes them in any order, backwards too: none can be in another's way, so whoever
// ends as a deadlock has met the batches. These write an index that the writers write and search too.
test('batches end no transaction of others, and leave no row out', async t => {
  const hot = onMariadb ? 5_000 : 50_000, writers = 6;
  const migration = 'prisma/migrations/20990100000000_marked/migration.sql';
  project.write(migration, `-- tenon: batch 1000\nUPDATE thing SET headline = concat('marked ', headline) WHERE headline NOT LIKE 'marked %' AND id <= ${hot};\n`);
  const pause = onMariadb ? 'DO SLEEP(0.004)' : 'DO $$BEGIN PERFORM pg_sleep(0.004); END$$';
  const writer = number => i => {
    const own = Array.from({ length: 6 }, (_, n) => 1 + number + writers * ((i * 7919 + n * n * 611) % Math.floor(hot / writers - 1)));
    const ordered = i % 2 ? [...new Set(own)].sort((a, b) => b - a) : [...new Set(own)];
    return ordered.flatMap(id => [`UPDATE thing SET amount = amount + 1, note = headline WHERE id = ${id}`, pause]);
  };
  const sum = () => Number(one(`SELECT sum(amount) FROM thing WHERE id <= ${hot}`));
  const before = sum();
  await load.during(t, Array.from({ length: writers }, (_, number) => writer(number)), async () => {
    const run = project.start(['migrate', 'deploy']);
    assert.equal(await run.process.ended(), 0, run.output);
  }, 1);
  assert.equal(one(`SELECT count(*) FROM thing WHERE id <= ${hot} AND headline NOT LIKE 'marked %'`), '0');
  assert.equal(one(`SELECT count(*) FROM thing WHERE headline LIKE 'marked marked %' OR (id > ${hot} AND headline LIKE 'marked %')`), '0');
  assert.ok(sum() > before);
});

test('kill -9 in the middle of batches', async () => {
  project.write('prisma/migrations/20990101000000_batches/migration.sql',
    "-- tenon: batch 100\nUPDATE thing SET note = 'done' WHERE note <> 'done';\n");
  const total = Number(one('SELECT count(*) FROM thing'));
  const done = () => Number(one("SELECT count(*) FROM thing WHERE note = 'done'"));
  // Somewhere in the middle, whatever the order, it waits for a row.
  const middle = one(`SELECT id FROM thing ORDER BY ${onMariadb ? 'id' : 'ctid'} LIMIT 1 OFFSET ${Math.floor(total / 2)}`);
  const holder = await project.session(['BEGIN;', `SELECT id FROM thing WHERE id = ${middle} FOR UPDATE;`]);
  const run = project.start(['migrate', 'deploy']);
  await until('batches', () => done() > 200);
  run.process.kill('SIGKILL');
  await run.process.ended();
  await holder.close();
  assert.ok(done() < total, 'it was killed in the middle');
  assert.match(project.run(['migrate', 'status']).stdout, /statement 1 \(.*20990101000000_batches\/migration\.sql:2:1: UPDATE thing[^]*had begun/);
  const resumed = project.run(['migrate', 'deploy', '--resume']);
  assert.equal(resumed.status, 0, resumed.stdout + resumed.stderr);
  assert.equal(done(), total);

  project.write('prisma/migrations/20990102000000_endless/migration.sql', '-- tenon: batch 100\nUPDATE thing SET amount = amount + 1 WHERE amount > 0;\n');
  const sum = one('SELECT sum(amount) FROM thing');
  const endless = project.run(['migrate', 'deploy']);
  assert.equal(endless.status, 1);
  assert.match(endless.stderr, /P3018[^]*match its WHERE still[^]*batches would come to no end/);
  assert.equal(one('SELECT sum(amount) FROM thing'), sum);
});
