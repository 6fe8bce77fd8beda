// tenon explain --analyze: the database's own plans of an operation that leaves nothing behind.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, differs, engine } from './support/project.mjs';

let project;
before(async () => {
  project = await Project.create({ on: engine, sql: 'CREATE TABLE item (id int PRIMARY KEY, name varchar(50) NOT NULL UNIQUE); CREATE TABLE part (id int PRIMARY KEY, item_id int NOT NULL REFERENCES item (id)); INSERT INTO item VALUES (1, \'a\'), (2, \'b\'); INSERT INTO part VALUES (1, 1), (2, 1), (3, 2)' });
});
after(() => project.remove());
const explain = (text, ...args) => { project.write('q.graphql', text); return project.run(['explain', 'q.graphql', '--analyze', ...args]); };
const rows = () => project.sql('SELECT concat(id, name) FROM item ORDER BY id');
const analysisOf = r => r.stdout.slice(r.stdout.indexOf('── analysis'));
// The beginning of the database's own plan: of a read, and of a write.
const planOf = differs('write_analysis') ? { read: '\\{\\n[^]*?"r_total_time_ms"', write: '\\{\\n[^]*?"query_block"' } : { read: 'Limit .*actual time=', write: '(Insert|Update|Delete) on item' };

test('each statement has its rows, its time and its plan, with the values of this run', () => {
  const r = explain('query ($n: Int) { listItems(limit: $n) { items { name part { items { id } aggregate { count } } } } }', '--variables', '{"n": 1}');
  assert.equal(r.status, 0, r.stderr);
  const analysis = analysisOf(r);
  assert.match(analysis, new RegExp(`statement 1: 1 rows in \\d+\\.\\d\\d ms\nSELECT t0.["\`]name["\`].* LIMIT 1;\n {2}${planOf.read}`));
  assert.match(analysis, /statement 2: 2 rows in .*\n.*SELECT .*["`]part["`]/);
  assert.match(analysis, /statement 3: 1 rows in .*\n.*SELECT .*count\(\*\)/);
  // The key of the one parent, 1, is bound.
  if (differs('write_analysis')) assert.match(analysis, /"attached_condition": "t0.item_id <=> 1"/);
  else assert.match(analysis, /Buffers: shared[^]*Execution Time: /);
  assert.match(analysis, /Everything was rolled back\./);
});

test('as for a database that is far away it is one statement', () => {
  const text = 'query ($n: Int) { listItems(limit: $n) { items { name part { items { id } aggregate { count } } } } }';
  const r = explain(text, '--far', '--variables', '{"n": 1}');
  assert.equal(r.status, 0, r.stderr);
  const analysis = analysisOf(r);
  if (differs('one_statement')) {
    assert.match(analysis, /A round trip to the database takes \d+\.\d\d ms; this engine has no statement for all levels of a query \(docs\/engines\.md\)\./);
    assert.ok(analysis.includes('statement 3'));
    assert.doesNotMatch(explain(text).stdout, /--far/);
    return;
  }
  assert.match(r.stdout, /── plan \none statement of 3 parts\n/);
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
  for (const verb of ['INSERT INTO', 'DELETE FROM']) assert.match(analysisOf(r), new RegExp(`${verb} .*;\n {2}${planOf.write}`));
  assert.equal(rows(), '1a\n2b');
});

test('what the database refuses is said, and nothing stays either', () => {
  const r = explain('mutation { updateItem(input: {id: 1, name: "c"}) { id } createItem(input: {id: 9, name: "b"}) { id } }');
  assert.equal(r.status, 1);
  assert.match(r.stderr, /error\[UNIQUE_VIOLATION\]/);
  assert.match(analysisOf(r), new RegExp(`UPDATE .*;\n {2}${planOf.write}`));
  assert.equal(rows(), '1a\n2b');
});

test('the statement of an owner, with values and without, and inserts that may find their rows there', () => {
  project.write('api/items.graphql', `extend type item @auth(rules: [{ allow: public }])
    extend type Query {
      items: [item] @sql(statement: "SELECT id, name FROM item ORDER BY id") @auth(rules: [{ allow: public }])
      named(name: String!): [item] @sql(statement: "SELECT id, name FROM item WHERE name = :name") @auth(rules: [{ allow: public }])
    }`);
  for (const [text, count] of [['{ items { name } }', 2], ['{ named(name: "b") { name } }', 1]]) {
    const r = explain(text);
    assert.equal(r.status, 0, r.stdout + r.stderr);
    assert.match(analysisOf(r), new RegExp(`statement 1: ${count} rows in .*\nSELECT id, name FROM item.*;\n {2}${differs('write_analysis') ? planOf.read : '.*actual time='}`));
  }
  const r = explain('mutation { createItems(input: [{id: 1, name: "a"}, {id: 8, name: "h"}], skipDuplicates: true) { affectedCount } }');
  assert.equal(r.status, 0, r.stdout + r.stderr);
  assert.match(analysisOf(r), new RegExp(`INSERT INTO [^]*;\n {2}${planOf.write}`));
  assert.equal(rows(), '1a\n2b');
  rmSync(join(project.dir, 'api'), { recursive: true });
});

test('without --analyze nothing is run, and a database that is away is said', () => {
  project.write('q.graphql', '{ listItems { items { id } } }');
  assert.ok(!project.check('explain', 'q.graphql').includes('analysis'));
  const both = explain('{ listItems { items { id } } }', '--stop-after=plan');
  assert.equal(both.status, 2, both.stdout);
  project.check('pull');
  const r = explain('{ listItems { items { id } } }', '--url', `${new URL(project.databaseUrl).protocol}//x@127.0.0.1:1/x`);
  assert.equal(r.status, 1);
  assert.match(r.stderr, /P1001/);
});
