// tenon explain --analyze: the database's own plans of an operation that leaves nothing behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project } from './support/project.mjs';

let project;
before(async () => {
  project = await Project.create({ sql: 'CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL UNIQUE); CREATE TABLE part (id int PRIMARY KEY, item_id int NOT NULL REFERENCES item (id)); INSERT INTO item VALUES (1, \'a\'), (2, \'b\'); INSERT INTO part VALUES (1, 1), (2, 1), (3, 2)' });
});
after(() => project.remove());
const explain = (text, ...args) => { project.write('q.graphql', text); return project.run(['explain', 'q.graphql', '--analyze', ...args]); };
const rows = () => project.sql('SELECT string_agg(id || name, \',\' ORDER BY id) FROM item');

test('each statement has its rows, its time and its plan, with the values of this run', () => {
  const r = explain('query ($n: Int) { listItems(limit: $n) { items { name part { items { id } aggregate { count } } } } }', '--variables', '{"n": 1}');
  assert.equal(r.status, 0, r.stderr);
  const analysis = r.stdout.slice(r.stdout.indexOf('── analysis'));
  assert.match(analysis, /statement 1: 1 rows in \d+\.\d\d ms\nSELECT t0."name".* LIMIT 1;\n {2}Limit .*actual time=/);
  assert.match(analysis, /statement 2: 2 rows in .*\nSELECT .*"part"/);
  assert.match(analysis, /statement 3: 1 rows in .*\nSELECT .*count\(\*\)/);
  assert.match(analysis, /Buffers: shared/);
  assert.match(analysis, /Execution Time: /);
  assert.match(analysis, /Everything was rolled back\./);
});

test('as for a database that is far away it is one statement', () => {
  const text = 'query ($n: Int) { listItems(limit: $n) { items { name part { items { id } aggregate { count } } } } }';
  const r = explain(text, '--far', '--variables', '{"n": 1}');
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stdout, /── plan \none statement of 3 parts\n/);
  const analysis = r.stdout.slice(r.stdout.indexOf('── analysis'));
  assert.match(analysis, /statement 1: 4 rows in .*\nWITH q0\(.* LIMIT \d+;\n {2}Limit .*actual time=/);
  assert.ok(!analysis.includes('statement 2'));
  assert.match(analysis, /A round trip to the database takes \d+\.\d\d ms; from 0\.5 ms on a query is one statement/);
  project.write('tenon.toml', '[database]\nround_trips = "one"\n');
  assert.match(explain(text).stdout, /one statement of 3 parts/);
  project.write('tenon.toml', '');
});

test('writes are run and undone', () => {
  const r = explain('mutation { createItem(input: {id: 7, name: "new"}) { id part { items { id } } } deleteItem(input: {id: 7}) { name } }');
  assert.equal(r.status, 0, r.stderr + r.stdout);
  assert.match(r.stdout, /INSERT INTO .*;\n {2}Insert on item/);
  assert.match(r.stdout, /DELETE FROM .*;\n {2}Delete on item/);
  assert.equal(rows(), '1a,2b');
});

test('what the database refuses is said, and nothing stays either', () => {
  const r = explain('mutation { updateItem(input: {id: 1, name: "c"}) { id } createItem(input: {id: 9, name: "b"}) { id } }');
  assert.equal(r.status, 1);
  assert.match(r.stderr, /error\[UNIQUE_VIOLATION\]/);
  assert.match(r.stdout, /UPDATE .*;\n {2}Update on item/);
  assert.equal(rows(), '1a,2b');
});

test('without --analyze nothing is run, and a database that is away is said', () => {
  project.write('q.graphql', '{ listItems { items { id } } }');
  assert.ok(!project.check('explain', 'q.graphql').includes('analysis'));
  const both = explain('{ listItems { items { id } } }', '--stop-after=plan');
  assert.equal(both.status, 2, both.stdout);
  project.check('pull');
  const r = explain('{ listItems { items { id } } }', '--url', 'postgresql://x@127.0.0.1:1/x');
  assert.equal(r.status, 1);
  assert.match(r.stderr, /P1001/);
});
