// Reading through the program: link tables that a schema language made, keys of three columns, full text, labels
// that are no names, pages under writes, and operations that ask for too much.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project, differs, engine, onMariadb, sleep } from './support/project.mjs';

const postgresTables = `
CREATE TYPE size AS ENUM ('extra large', '2XL', 'small', 'true');
CREATE TABLE "Post" (id int PRIMARY KEY, title text NOT NULL, size size, sizes size[] NOT NULL DEFAULT '{}');
CREATE TABLE "Topic" (id text PRIMARY KEY);
CREATE TABLE "_PostToTopic" ("A" int NOT NULL REFERENCES "Post" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "B" text NOT NULL REFERENCES "Topic" (id) ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT "_PostToTopic_AB_pkey" PRIMARY KEY ("A", "B"));
CREATE INDEX "_PostToTopic_B_index" ON "_PostToTopic" ("B");
CREATE TABLE "_Similar" ("A" int NOT NULL REFERENCES "Post" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "B" int NOT NULL REFERENCES "Post" (id) ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT "_Similar_AB_pkey" PRIMARY KEY ("A", "B"));
CREATE INDEX "_Similar_B_index" ON "_Similar" ("B");
INSERT INTO "Post" (id, title, size, sizes) VALUES (1, 'one', 'extra large', '{"2XL",small}'), (2, 'two', '2XL', '{}'), (3, 'three', NULL, '{true}');
INSERT INTO "Topic" VALUES ('red'), ('blue'), ('none');
INSERT INTO "_PostToTopic" VALUES (1, 'red'), (1, 'blue'), (2, 'red');
INSERT INTO "_Similar" VALUES (1, 2), (1, 3), (3, 3);

CREATE TABLE ticket (venue text, row_no int, seat_no text, holder text, PRIMARY KEY (venue, row_no, seat_no));
INSERT INTO ticket SELECT v, r, s || r, 'h' || r FROM unnest(ARRAY['hall', 'yard']) v, generate_series(1, 4) r, unnest(ARRAY['a', 'b', 'c']) s;

CREATE TABLE article (id int PRIMARY KEY, title varchar(80), body text, plain text,
  words tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(title, '') || ' ' || coalesce(body, ''))) STORED);
CREATE INDEX ON article USING gin (to_tsvector('english', body));
CREATE INDEX ON article USING gin (to_tsvector('simple', coalesce(title, '')));
INSERT INTO article (id, title, body) VALUES (1, 'Running shoes', 'They ran quickly over the hills'), (2, NULL, 'A cat sleeps'), (3, 'Cats', 'Dogs and cats running');

CREATE TABLE tick (id int PRIMARY KEY, grade int NOT NULL, kept boolean NOT NULL DEFAULT true);
CREATE INDEX ON tick (grade, id);
INSERT INTO tick SELECT i, i % 7 FROM generate_series(1, 3000) i;
CREATE TABLE tick_group (id int PRIMARY KEY);
CREATE TABLE tick_member (group_id int REFERENCES tick_group, tick_id int REFERENCES tick ON DELETE CASCADE, PRIMARY KEY (group_id, tick_id));
INSERT INTO tick_group VALUES (1), (2);
INSERT INTO tick_member SELECT 1 + i % 2, i FROM generate_series(1, 3000) i WHERE i % 3 > 0;
`;

const mariadbTables = `
CREATE TABLE Post (id int PRIMARY KEY, title text NOT NULL, size enum('extra large', '2XL', 'small', 'true'));
CREATE TABLE Topic (id varchar(191) PRIMARY KEY);
CREATE TABLE _PostToTopic (A int NOT NULL, B varchar(191) NOT NULL, PRIMARY KEY (A, B), KEY _PostToTopic_B_index (B),
  FOREIGN KEY (A) REFERENCES Post (id) ON DELETE CASCADE ON UPDATE CASCADE, FOREIGN KEY (B) REFERENCES Topic (id) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE _Similar (A int NOT NULL, B int NOT NULL, UNIQUE KEY _Similar_AB_unique (A, B), KEY _Similar_B_index (B),
  FOREIGN KEY (A) REFERENCES Post (id) ON DELETE CASCADE ON UPDATE CASCADE, FOREIGN KEY (B) REFERENCES Post (id) ON DELETE CASCADE ON UPDATE CASCADE);
INSERT INTO Post VALUES (1, 'one', 'extra large'), (2, 'two', '2XL'), (3, 'three', NULL);
INSERT INTO Topic VALUES ('red'), ('blue'), ('none');
INSERT INTO _PostToTopic VALUES (1, 'red'), (1, 'blue'), (2, 'red');
INSERT INTO _Similar VALUES (1, 2), (1, 3), (3, 3);

CREATE TABLE ticket (venue varchar(20), row_no int, seat_no varchar(20), holder text, PRIMARY KEY (venue, row_no, seat_no));
INSERT INTO ticket SELECT v, r.seq, concat(s, r.seq), concat('h', r.seq) FROM (SELECT 'hall' AS v UNION SELECT 'yard') AS v, seq_1_to_4 AS r, (SELECT 'a' AS s UNION SELECT 'b' UNION SELECT 'c') AS s;

CREATE TABLE article (id int PRIMARY KEY, title varchar(80), body text, plain text, FULLTEXT (title), FULLTEXT (body));
INSERT INTO article (id, title, body) VALUES (1, 'Running shoes', 'They ran quickly over the hills'), (2, NULL, 'A cat sleeps'), (3, 'Cats', 'Dogs and cats running');

CREATE TABLE tick (id int PRIMARY KEY, grade int NOT NULL, kept boolean NOT NULL DEFAULT true, KEY (grade, id));
INSERT INTO tick (id, grade) SELECT seq, seq % 7 FROM seq_1_to_3000;
CREATE TABLE tick_group (id int PRIMARY KEY);
CREATE TABLE tick_member (group_id int, tick_id int, PRIMARY KEY (group_id, tick_id),
  FOREIGN KEY (group_id) REFERENCES tick_group (id), FOREIGN KEY (tick_id) REFERENCES tick (id) ON DELETE CASCADE);
INSERT INTO tick_group VALUES (1), (2);
INSERT INTO tick_member SELECT 1 + seq % 2, seq FROM seq_1_to_3000 WHERE seq % 3 > 0;
`;

let project, server;
before(async () => { project = await Project.create({ sql: onMariadb ? mariadbTables : postgresTables, on: engine }); server = await project.dev(); });
after(() => project.remove());

const ask = async (query, variables) => {
  const { json } = await server.graphql(query, variables);
  assert.equal(json.errors, undefined, JSON.stringify(json.errors));
  return json.data;
};
const ids = connection => connection.items.map(item => item.id);

test('link tables of the schema language are lists, to the same table as well', async () => {
  const data = await ask(`{
    listPosts { items { id Topic(orderBy: [{id: ASC}]) { items { id } totalCount } Post_A { items { id } } Post_B(limit: 1) { items { id } nextToken totalCount } } }
    red: listPosts(filter: {Topic: {some: {id: {eq: "red"}}, none: {id: {eq: "blue"}}}}) { items { id } }
    all: listPosts(filter: {Topic: {every: {id: {eq: "red"}}}}) { items { id } }
    self: listPosts(filter: {Post_A: {some: {title: {eqi: "ONE"}}}}) { items { id } }
  }`);
  assert.deepEqual(data.listPosts.items.map(post => [ids(post.Topic), post.Topic.totalCount]), [[['blue', 'red'], 2], [['red'], 1], [[], 0]]);
  const similar = data.listPosts.items.map(post => [ids(post.Post_A), post.Post_B.totalCount]);
  // One side has those that a row names, the other those that name it.
  const named = [[[2, 3], 0], [[], 1], [[3], 2]], naming = [[[], 2], [[1], 0], [[1, 3], 1]];
  assert.ok([named, naming].some(side => JSON.stringify(side) === JSON.stringify(similar)), JSON.stringify(similar));
  assert.deepEqual([ids(data.red), ids(data.all)], [[2], [2, 3]]);
});

test('labels that are no names are mapped in both directions', async () => {
  const { Post } = await ask('{ Post: __type(name: "Post") { fields { name type { name } } } }'), sizeType = Post.fields.find(f => f.name === 'size').type.name;
  const { __type: type } = await ask(`{ __type(name: "${sizeType}") { enumValues { name } } }`);
  const names = type?.enumValues.map(value => value.name);
  assert.equal(names?.length, 4, 'the enum is shown with all its labels');
  const [large, xl, small, truth] = names;
  const data = await ask(`query($in: [${sizeType}!]) {
    listPosts { items { size } }
    in: listPosts(filter: {size: {in: $in}}) { items { id } }
    eq: listPosts(filter: {size: {eq: ${xl}}}) { items { id } }
  }`, { in: [large, small] });
  assert.deepEqual(data.listPosts.items, [{ size: large }, { size: xl }, { size: null }]);
  assert.deepEqual([data.in, data.eq].map(ids), [[1], [2]]);
  if (differs('list_columns')) assert.ok(Post.fields.every(f => f.name !== 'sizes'));
  else {
    const lists = await ask(`{ listPosts { items { sizes } }
      every: listPosts(filter: {sizes: {hasEvery: [${xl}, ${small}]}}) { items { id } }
      some: listPosts(filter: {sizes: {hasSome: [${truth}, ${large}]}}) { items { id } } }`);
    assert.deepEqual(lists.listPosts.items, [{ sizes: [xl, small] }, { sizes: [] }, { sizes: [truth] }]);
    assert.deepEqual([lists.every, lists.some].map(ids), [[1], [3]]);
  }
  const updated = await ask(`mutation($s: ${sizeType}) { updatePost(input: {id: 2, size: $s}) { size } }`, { s: truth });
  assert.equal(updated.updatePost.size, truth);
  assert.equal(project.sql(`SELECT size FROM ${onMariadb ? 'Post' : '"Post"'} WHERE id = 2`), 'true');
});

test('a sort key of two columns is compared as one value', async () => {
  const seats = async (condition, rest = '') => {
    const data = await ask(`query($c: ModelTicketPrimaryCompositeKeyConditionInput) { listTickets(venue: "hall", row_noSeat_no: $c${rest}) { items { row_no seat_no } nextToken } }`, { c: condition });
    return data.listTickets.items.map(item => item.seat_no).join(' ');
  };
  assert.equal(await seats({ eq: { row_no: 2, seat_no: 'b2' } }), 'b2');
  assert.equal(await seats({ eq: { row_no: 2 } }), 'a2 b2 c2');
  assert.equal(await seats({ gt: { row_no: 3, seat_no: 'b3' } }), 'c3 a4 b4 c4');
  assert.equal(await seats({ le: { row_no: 1, seat_no: 'b1' } }), 'a1 b1');
  assert.equal(await seats({ lt: { row_no: 2 } }), 'a1 b1 c1');
  assert.equal(await seats({ between: [{ row_no: 1, seat_no: 'c1' }, { row_no: 2, seat_no: 'a2' }] }), 'c1 a2');
  assert.equal(await seats({ beginsWith: { row_no: 4, seat_no: 'c' } }), 'c4');
  assert.equal(await seats({ ge: { row_no: 4 } }, ', sortDirection: DESC'), 'c4 b4 a4');
  const { json } = await server.graphql('{ listTickets(venue: "hall", row_noSeat_no: {eq: {seat_no: "a1"}}) { items { row_no } } }');
  assert.match(json.errors[0].message, /"seat_no" needs every field before it/);
  assert.equal(json.errors[0].extensions.code, 'BAD_USER_INPUT');
  assert.equal((await ask('{ getTicket(venue: "yard", row_no: 3, seat_no: "b3") { holder } }')).getTicket.holder, 'h3');
});

test('columns with a full text index are searched by words', async () => {
  const found = async filter => ids((await ask('query($f: ModelArticleFilterInput) { listArticles(filter: $f) { items { id } } }', { f: filter })).listArticles);
  // Whole words on one, their stems on the other.
  const stems = !differs('word_search');
  assert.deepEqual(await found({ body: { search: 'run' } }), stems ? [3] : []);
  assert.deepEqual(await found({ body: { search: 'running' } }), [3]);
  assert.deepEqual(await found({ body: { search: 'cat -dog' } }), [2]);
  assert.deepEqual(await found({ body: { search: 'cats dogs' } }), [3]);
  assert.deepEqual(await found({ title: { search: 'shoes or cats' } }), [1, 3]);
  assert.deepEqual(await found({ body: { search: "') || 1/0 --" } }), []);
  const { json } = await server.graphql('{ listArticles(filter: {plain: {search: "x"}}) { items { id } } }');
  assert.match(json.errors[0].message, /search/);
  if (!stems) return assert.deepEqual(await found({ body: { search: '"ran quickly"' } }), [1]);
  assert.deepEqual(await found({ body: { search: '"quickly over"' } }), [1]);
  assert.deepEqual(await found({ words: { search: 'shoe' } }), [1]);
  // The expression is the index's own.
  const explain = project.sql(`SET enable_seqscan = off; EXPLAIN SELECT id FROM article AS t0 WHERE to_tsvector('english'::regconfig, t0."body") @@ websearch_to_tsquery('english'::regconfig, 'run')`);
  assert.match(explain, /Bitmap Index Scan/);
});

test('pages neither lose nor repeat rows while others write', async () => {
  let writing = true, writes = 0;
  // Rows that do not stay: they come and go, before and after every position.
  const writer = (async () => {
    while (writing) {
      const n = 10_000 + (writes++ % 500);
      await server.graphql(`mutation { a: createTick(input: {id: ${n}, grade: ${n % 7}, kept: false}) { id } b: deleteTick(input: {id: ${n - 3}}) { id } c: updateTick(input: {id: ${n - 1}, grade: ${(n * 3) % 7}}) { id } }`);
      await sleep(1);
    }
  })();
  const walk = async (query, list) => {
    const seen = [];
    let token = null;
    do {
      const page = list(await ask(query, { t: token }));
      seen.push(...page.items.filter(item => item.kept).map(item => item.id));
      token = page.nextToken;
    } while (token);
    return seen;
  };
  try {
    const stay = Array.from({ length: 3000 }, (_, i) => i + 1), by = order => stay.toSorted(order);
    for (let round = 0; round < 2 || writes <= 40; round++) {
      assert.deepEqual(await walk('query($t: String) { r: listTicks(limit: 23, nextToken: $t) { items { id kept } nextToken } }', d => d.r), stay);
      assert.deepEqual(await walk('query($t: String) { r: listTicks(limit: 31, orderBy: [{grade: DESC}, {id: ASC}], nextToken: $t) { items { id kept } nextToken } }', d => d.r), by((a, b) => b % 7 - a % 7 || a - b));
      assert.deepEqual(await walk('query($t: String) { getTick_group(id: 1) { ticks(limit: 17, orderBy: [{grade: ASC}], nextToken: $t) { items { id kept } nextToken } } }', d => d.getTick_group.ticks), by((a, b) => a % 7 - b % 7 || a - b).filter(i => i % 3 > 0 && i % 2 === 0));
    }
  } finally {
    writing = false;
    await writer;
  }
});

test('a page by the order of related rows goes on, whatever else is selected', async () => {
  const page = (selection, order, t) => server.graphql(`query($t: String) { r: listTick_members(filter: {tick_id: {le: 30}}, orderBy: [${order}], limit: 7, nextToken: $t) { items { tick_id ${selection} } nextToken } }`, { t });
  const seen = [];
  for (let token = null, i = 0; i === 0 || token; i++) {
    const { json } = await page(i % 2 ? 'tick_group { id }' : 'tick { grade }', '{tick: {grade: DESC}}', token);
    assert.equal(json.errors, undefined, JSON.stringify(json.errors));
    seen.push(...json.data.r.items.map(item => item.tick_id));
    if (i === 0) assert.match((await page('', '{tick_group: {id: DESC}}', json.data.r.nextToken)).json.errors[0].message, /does not belong to this list in this order/);
    token = json.data.r.nextToken;
  }
  const joined = onMariadb ? 'group_concat(tick_id' : "string_agg(tick_id::text, ','";
  const want = project.sql(`SELECT ${joined} ORDER BY grade DESC, group_id DESC, tick_id DESC) FROM tick_member JOIN tick ON tick.id = tick_id WHERE tick_id <= 30`);
  assert.equal(seen.join(), want);
});

test('an operation that asks for too much is refused by name', async () => {
  const refused = async (query, message, variables) => {
    const started = Date.now(), { status, json } = await server.graphql(query, variables);
    assert.ok(json.errors?.length > 0, query.slice(0, 200));
    assert.match(json.errors[0].message, message);
    assert.ok(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'QUERY_TOO_DEEP'].includes(json.errors[0].extensions.code), JSON.stringify(json.errors[0]));
    assert.ok(status === 200 || status === 400, String(status));
    assert.ok(Date.now() - started < 20_000, 'refused early');
  };
  const nested = (depth, inner) => (depth === 0 ? inner : { Post_A: { some: nested(depth - 1, inner) } });
  const filtered = 'query($f: ModelPostFilterInput) { listPosts(filter: $f) { items { id } } }';
  await refused(filtered, /nested 10 levels deep at most/, { f: nested(10, { id: { eq: 1 } }) });
  await refused(filtered, /may follow at most 50 relations/, { f: { or: Array.from({ length: 51 }, () => ({ Topic: { some: {} } })) } });
  await refused(`{ ${Array.from({ length: 18 }, (_, i) => `a${i}: listPosts(filter: {Topic: {some: {}}, Post_A: {none: {}}, Post_B: {some: {}}}) { items { id } }`).join(' ')} }`, /may follow at most 50 relations/);
  await refused(filtered, /at most 1000 comparisons/, { f: { and: [{ and: Array.from({ length: 600 }, (_, i) => ({ id: { ne: i } })) }, { and: Array.from({ length: 600 }, (_, i) => ({ id: { ne: i } })) }] } });
  await refused(filtered, /at most 1000 values/, { f: { or: Array.from({ length: 1001 }, () => ({ id: { eq: 1 } })) } });
  await refused(filtered, /at most 1000 values/, { f: { id: { in: Array.from({ length: 1001 }, (_, i) => i) } } });
  await refused('query($p: [String!]) { listPosts(filter: {title: {in: $p}}) { items { id } } }', /at most 1000 values/, { p: Array.from({ length: 1001 }, () => 'x') });
  await refused('{ listPosts(limit: 10001) { items { id } } }', /limit must be between 0 and 10000/);
  const deep = depth => (depth === 0 ? 'id' : `Post_A { items { ${deep(depth - 1)} } }`);
  await refused(`{ listPosts { items { ${deep(9)} } } }`, /deep|nest/i);
  // The fields beside the one refused are answered.
  const { json } = await server.graphql('query($f: ModelPostFilterInput) { bad: listPosts(filter: $f) { items { id } } good: listTopics { totalCount } }', { f: nested(10, {}) });
  assert.deepEqual([json.data.bad, json.data.good, json.errors[0].path], [null, { totalCount: 3 }, ['bad']]);
});
