// Operations that are valid and ask for too much: each is refused with its code, soon, whether the database is
// near or far, and the server goes on. What is just within a limit is answered.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Project, databaseSql, engine, onMariadb, provider } from './support/project.mjs';

let project;
const servers = [];
before(async () => {
  project = await Project.create({ sql: databaseSql('blog'), on: engine });
  const [numbers, analyze] = onMariadb ? ['(SELECT seq AS i FROM seq_0_to_119999)', 'ANALYZE TABLE'] : ['generate_series(0, 119999)', 'ANALYZE'];
  project.sql(`INSERT INTO comment (post_id, seq, body) SELECT 1 + i % 200, 10 + floor(i / 200), 'more' FROM ${numbers} AS ${onMariadb ? 'n' : 'i'}; ${analyze} comment`);
  // The other limits hold without that of the cost (limits.test.mjs).
  const config = way => `[database]\nprovider = "${provider}"\nround_trips = "${way}"\n[limits.operation]\ncost_max = 1000000000000000\n`;
  project.write('tenon.toml', config('many'));
  servers.push(await project.dev(), await project.beside(config('one')));
});
after(() => project.remove());

const many = (n, make) => Array.from({ length: n }, (_, i) => make(i)).join(' ');
const nested = depth => (depth === 0 ? '{ title }' : `{ title author { post(limit: 1) { items ${nested(depth - 1)} } } }`);
const bytes = depth => (depth === 0 ? many(25, i => `b${i}: body`) : `author { post { items { ${bytes(depth - 1)} } } }`);
const groups = n => many(n, i => `g${i}: groups(limit: ${i + 1}) { count sum { views } }`);
const bomb = (lists, posts) => `fragment G on ModelPostConnection { ${groups(posts)} } fragment P on author { ${many(posts, i => `p${i}: post(limit: ${i + 1}) { ...G }`)} }
  { ${many(lists, i => `l${i}: listAuthors(limit: 2) { items { ...P } }`)} }`;

// [what, refused, its code, what is within the limit]
const cases = [
  ['deep', `{ listPosts(limit: 1) { items ${nested(5)} } }`, 'QUERY_TOO_DEEP', `{ listPosts(limit: 1) { items ${nested(4)} } }`],
  ['deep by fragments', `{ listPosts(limit: 1) { ...C } } fragment C on ModelPostConnection { items ${nested(5)} }`, 'QUERY_TOO_DEEP', `{ listPosts(limit: 1) { ...C } } fragment C on ModelPostConnection { items ${nested(4)} }`],
  ['aliased', `{ listPosts(limit: 1) { items { ${many(51, i => `a${i}: title`)} } } }`, 'TOO_MANY_ALIASES', `{ listPosts(limit: 1) { items { ${many(50, i => `a${i}: title`)} } } }`],
  ['wide at the root', `{ ${many(26, i => `a${i}: listPosts(limit: 1) { items { id } } b${i}: listAuthors(limit: 1) { items { id } }`)} }`, 'QUERY_TOO_COMPLEX', `{ ${many(25, i => `a${i}: listPosts(limit: 1) { items { id } } b${i}: listAuthors(limit: 1) { items { id } }`)} }`],
  ['a huge page', '{ listPosts(limit: 10001) { items { id } } }', 'BAD_USER_INPUT', '{ listPosts(limit: 10000) { items { id } } }'],
  ['huge pages in each other', '{ listPosts(limit: 10000) { items { comment(limit: 10000) { items { seq } } } } }', 'QUERY_TOO_COMPLEX', '{ listPosts(limit: 10000) { items { comment(limit: 100) { items { seq } } } } }'],
  ['an answer of too many bytes', `{ listPosts(limit: 200) { items { ${bytes(4)} } } }`, 'QUERY_TOO_COMPLEX', `{ listPosts(limit: 20) { items { ${bytes(1)} } } }`],
  ['aggregates under many names', bomb(15, 50), 'QUERY_TOO_COMPLEX', bomb(1, 5)],
];

for (const [what, refused, code, answered] of cases)
  test(`${what}: ${code}`, async () => {
    const within = [];
    for (const server of servers) {
      const started = performance.now();
      const { status, json } = await server.graphql(refused);
      const codes = new Set((json.errors ?? []).map(e => e.extensions.code));
      assert.deepEqual([...codes], [code], JSON.stringify(json.errors?.[0]));
      assert.ok(status === 200 || status === 400, String(status));
      assert.ok(performance.now() - started < 20_000, `refused after ${performance.now() - started} ms`);
      assert.ok(Object.values(json.data ?? {}).every(value => value === null), 'nothing is answered in part');
      const { json: fine, text } = await server.graphql(answered);
      assert.equal(fine.errors, undefined, JSON.stringify(fine.errors?.[0]));
      within.push(text);
    }
    assert.equal(within[0], within[1]);
  });

test('the servers go on, in bounds', async () => {
  for (const server of servers) {
    assert.equal((await server.graphql('{ getAuthor(id: 3) { name } }')).text, '{"data":{"getAuthor":{"name":"Author 3"}}}');
    const memory = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))[1]) / 1024;
    assert.ok(memory < 600, `${memory} MB`);
  }
});
