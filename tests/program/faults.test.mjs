// What goes wrong in real life, done on purpose: the server answers with a clear error, leaks nothing and
// goes on.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Project, databaseSql, differs, engine, engineToml, sleep, steadily, until } from './support/project.mjs';
import { proxy } from './support/proxy.mjs';

let project, server, between;
const overlay = 'extend type author @auth(rules: [{ allow: public }])\nextend type post @auth(rules: [{ allow: public }])\n';
before(async () => {
  project = await Project.create({ sql: databaseSql('blog'), on: engine, files: { 'api/blog.graphql': overlay } });
  server = await project.serve({ args: ['--threads', '2'] });
});
after(() => { between?.close(); return project.remove(); });

const point = '{ getAuthor(id: 1) { email } }';
const works = async s => (await s.graphql(point)).json?.data?.getAuthor?.email === 'author1@example.test';
const openFiles = s => readdirSync(`/proc/${s.process.pid}/fd`).length;
const connections = () => project.connections();

test('the database is stopped: a clear error; it comes back: the server goes on by itself', async () => {
  project.check('db', 'stop');
  const { status, json } = await server.graphql(point);
  assert.ok([200, 503].includes(status), `status ${status}`);
  assert.equal(json.errors[0].extensions.code, 'DATABASE_UNAVAILABLE');
  assert.equal((await fetch(server.origin + '/readyz')).status, 503);
  assert.equal((await fetch(server.origin + '/healthz')).status, 200);
  project.check('db', 'start');
  await until('the API answers again', () => works(server));
});

test('the database is killed under load: errors are errors, answers are right, then all is well', async () => {
  const { pid } = JSON.parse(project.check('db', 'status', '--json'));
  let stop = false; const seen = { ok: 0, failed: 0 };
  const load = Promise.all(Array.from({ length: 16 }, async () => {
    while (!stop) {
      const { json } = await server.graphql(point);
      if (json.data?.getAuthor) { assert.equal(json.data.getAuthor.email, 'author1@example.test'); seen.ok++; }
      else { assert.match(json.errors[0].extensions.code, /^(DATABASE_UNAVAILABLE|TIMEOUT|INTERNAL)$/); seen.failed++; await sleep(5); }
    }
  }));
  load.catch(() => (stop = true));
  await until('answers', () => stop || seen.ok > 20);
  process.kill(pid, 'SIGKILL');
  await until('failures', () => stop || seen.failed > 0);
  project.check('db', 'start');
  await until('the API answers again', () => works(server));
  stop = true; await load;
  await steadily('every worker answers again', () => works(server));
});

test('the connection to the database is cut in the middle of a row, at many places', async () => {
  const url = new URL(project.databaseUrl);
  between = await proxy({ host: '127.0.0.1', port: Number(url.port) });
  url.port = between.port;
  const through = project.start(['serve', '--url', url.href, '--port', '0', '--api-key', 'env:K'], { env: { K: 'k' } });
  through.key = 'k';
  await through.ready();
  const list = '{ listPosts(limit: 100) { items { id title body tags } } }';
  for (let cut = 400; cut < 30_000; cut = Math.ceil(cut * 1.35)) {
    between.cutAfter = cut; between.cut();
    const { json } = await through.graphql(list);
    if (json.errors) assert.match(json.errors[0].extensions.code, /^(DATABASE_UNAVAILABLE|INTERNAL|TIMEOUT)$/);
    else assert.equal(json.data.listPosts.items.length, 100);
  }
  between.cutAfter = Infinity; between.cut();
  await until('the API answers again', () => works(through));
  await through.stop();
});

test('a client that leaves: its statement is cancelled and its connection comes back', async () => {
  // Nothing but the client ends these statements.
  const toml = '[limits.operation]\nstatement_timeout = "600 s"\nrequest_timeout = "600 s"\n';
  const patient = await Project.create({ database: false, files: { 'tenon.toml': engineToml + toml, 'api/blog.graphql': overlay } });
  patient.databaseUrl = project.databaseUrl;
  project.neighbour = patient;
  const server = await patient.serve();
  project.slowPosts(300, 'slow');
  const gone = new AbortController();
  const requests = Array.from({ length: 3 }, () => fetch(server.url, { method: 'POST', signal: gone.signal, headers: { 'content-type': 'application/json', 'x-api-key': server.key },
    body: JSON.stringify({ query: 'mutation { createPost(input: { author_id: 1, title: "slow" }) { id } }' }) }).catch(() => {}));
  await until('three statements run', () => project.sleeping() === 3);
  gone.abort(); await Promise.all(requests);
  await until('they are cancelled', () => project.sleeping() === 0);
  assert.equal(project.sql("SELECT count(*) FROM post WHERE title = 'slow'"), '0');
  assert.ok(await works(server));
  await server.stop();
});

test('a client that does not read does not hold memory or other clients', async () => {
  const u = new URL(server.url), body = JSON.stringify({ query: '{ listPosts(limit: 200) { items { id title body tags author { name email bio } } } }' });
  const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nx-api-key: ${server.key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))[1]);
  const before = rss();
  const slow = Array.from({ length: 20 }, () => { const s = connect(Number(u.port), '127.0.0.1'); s.on('error', () => {}); s.pause(); s.write(head.repeat(200)); return s; });
  await sleep(1500);
  assert.ok(await works(server));
  assert.ok(rss() - before < 100_000, `grew by ${rss() - before} kB`);
  for (const s of slow) s.destroy();
  await until('their files are closed', () => openFiles(server) < 100);
});

test('a thousand broken clients leave nothing behind', async () => {
  const files = openFiles(server), u = new URL(server.url);
  for (let round = 0; round < 10; round++)
    await Promise.all(Array.from({ length: 100 }, (_, i) => new Promise(done => {
      const s = connect(Number(u.port), '127.0.0.1', () => { s.write(['GET / HT', 'POST /graphql HTTP/1.1\r\nContent-Length: 1000\r\n\r\n{', '\x16\x03\x01', '\r\n\r\n\r\n', 'A'.repeat(20_000)][i % 5]); setTimeout(() => s.destroy(), 10); });
      s.on('error', () => {}).on('close', done);
    })));
  assert.ok(await works(server));
  await until('files are closed', () => openFiles(server) <= files + 5);
});

// What is executed, or takes time that grows faster than the document, takes until the request's own end, or for ever.
const quickly = 20_000;
test('hostile documents are answered, not executed, and quickly', async () => {
  const nested = '{ getAuthor(id: 1) '.repeat(5000) + '}'.repeat(5000);
  const cases = [
    nested, '[', '{'.repeat(100_000), '{ ' + '__typename '.repeat(20_000) + '}', '{ getAuthor(id: ' + '['.repeat(5000) + ') { id } }',
    '{ ' + Array.from({ length: 1000 }, (_, i) => `a${i}: listPosts { items { id } }`).join(' ') + ' }',
    '{ listPosts(limit: 100000000) { items { id } } }', '{ listPosts(limit: -1) { items { id } } }', '{ listPosts(offset: -5) { items { id } } }', '{ listPosts(nextToken: "AAAA") { items { id } } }',
    '{ listPosts(filter: ' + '{ not: '.repeat(500) + '{}' + ' }'.repeat(500) + ') { items { id } } }',
    '{ getAuthor(id: 1) { post { items { author { post { items { author { post { items { author { post { items { author { post { items { author { post { items { author { post { items { id } } } } } } } } } } } } } } } } } } } } } } }',
    '\u0000', '{ getAuthor(id: 99999999999999) { id } }', `{ getAuthor(id: "1'; DROP TABLE author; --") { id } }`,
  ];
  for (const query of cases) {
    const started = Date.now(), { json } = await server.graphql(query);
    assert.ok(json?.errors?.length, query.slice(0, 80) + ' → ' + JSON.stringify(json)?.slice(0, 200));
    assert.ok(Date.now() - started < quickly, query.slice(0, 80));
  }
  // Fragments that double 200 times are a valid way to ask for one field.
  const doubling = 'query { ...F0 } ' + Array.from({ length: 200 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ') + ' fragment F200 on Query { __typename }';
  const started = Date.now();
  assert.deepEqual((await server.graphql(doubling)).json, { data: { __typename: 'Query' } });
  assert.ok(Date.now() - started < quickly);
  assert.ok(await works(server));
});

test('text from outside is a value, whatever it looks like', async () => {
  // Lists are JSON where a column cannot be one.
  const listType = differs('list_columns') ? 'JSON!' : 'String!';
  for (const text of [`'; DROP TABLE author; --`, '\\', '$1', '%', '_', '"', "''", '\\\'; SELECT pg_sleep(10) --', 'a\u0000b', '\ud83c\udf89', '{1,2}', 'NULL']) {
    const { json } = await server.graphql(`query ($t: String!, $l: ${listType}) { a: listAuthors(filter: { name: { contains: $t } }) { items { id } } b: listAuthors(filter: { name: { eq: $t } }) { items { id } } c: listPosts(filter: { tags: { contains: $l } }) { items { id } } }`, { t: text, l: text });
    if (text.includes('\u0000')) { assert.equal(json.errors[0].extensions.code, 'BAD_USER_INPUT'); continue; }
    assert.deepEqual(json, { data: { a: { items: [] }, b: { items: [] }, c: { items: [] } } }, text);
  }
  assert.equal(project.sql('SELECT count(*) FROM author'), '20');
});

test('the pool is never exceeded and never leaks', async () => {
  await Promise.all(Array.from({ length: 300 }, () => server.graphql('{ listPosts(limit: 50) { items { id author { name } comment: author_id } } }')));
  assert.ok(connections() <= 20, `${connections()} connections`);
  assert.ok(await works(server));
});

test('a full disk at start-up is a clear error', { skip: process.getuid() !== 0 && 'needs root to mount a small file system' }, async t => {
  const { spawnSync } = await import('node:child_process');
  const small = await Project.create({ database: false });
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=755', 'tmpfs', small.dir]).status !== 0) return t.skip('mounting is not allowed here');
    const r = small.run(['db', 'start']);
    assert.notEqual(r.status, 0);
    assert.match(r.stderr, /TN2002|TN1004/);
    assert.match(r.stderr, /space|full/i);
    assert.ok(!/Segmentation|terminate/.test(r.stderr));
  } finally {
    spawnSync('umount', ['-l', small.dir]);
    await small.remove();
  }
});
