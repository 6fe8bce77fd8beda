// What a server lets anybody ask: cost, rates, operations of the project, automatic persisted queries, origins.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, databaseSql, engine, engineToml, root, until } from './support/project.mjs';

const require = createRequire(join(root, 'tests/npm/package.json'));
const { Client: UrqlClient, fetchExchange, gql } = require('@urql/core');
const { persistedExchange } = require('@urql/exchange-persisted');
const { createClient: createSocketClient } = require('graphql-ws');
const WebSocket = require('ws');

const sha256 = text => createHash('sha256').update(text).digest('hex');
const persisted = hash => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
let project;
const start = engineToml;  // what tenon.toml begins with
before(async () => {
  project = await Project.create({ sql: databaseSql('blog'), on: engine, files: {
    'api/blog.graphql': ['author', 'post', 'comment'].map(m => `extend type ${m} @auth(rules: [{ allow: public }])\n`).join(''),
    'operations/authors.graphql': 'query AuthorNames($n: Int) { listAuthors(limit: $n) { items { ...Name } } }\n',
    'operations/fragments.graphql': 'fragment Name on author { id name }\n',
  } });
});
after(() => project.remove());

// A server with more in tenon.toml, while `use` runs.
async function served(toml, use) {
  project.write('tenon.toml', start + toml);
  const server = await project.serve();
  try { return await use(server); } finally { await server.stop(); project.write('tenon.toml', start); }
}
const lines = (server, message) => server.output.split('\n').filter(l => l.startsWith('{')).map(l => JSON.parse(l)).filter(l => l.message === message);

test('an operation that may cost too much is refused before anything is asked of the database', () =>
  served('[limits.operation]\ncost_max = 1000\n[telemetry]\nserver_timing = true\n', async server => {
    const cheap = await server.graphql('{ listAuthors(limit: 20) { items { id post(limit: 10) { items { id } } } } }');
    assert.equal(cheap.json.errors, undefined);
    assert.match(cheap.headers.get('server-timing'), /, cost;desc="220"$/);
    const { status, json } = await server.graphql('{ listAuthors(limit: 20) { items { id post(limit: 50) { items { id } } } } }');
    assert.equal(status, 200);
    assert.equal(json.errors[0].extensions.code, 'OPERATION_TOO_COSTLY');
    assert.match(json.errors[0].message, /may cost 1020, and 1000 is allowed; ask for fewer rows/);
    assert.ok(!('data' in json));
    const variables = await server.graphql('query ($n: Int) { listAuthors(limit: 20) { items { post(limit: $n) { items { id } } } } }', { n: 50 });
    assert.equal(variables.json.errors[0].extensions.code, 'OPERATION_TOO_COSTLY');
  }));

test('explain shows the cost, and refuses alike', () => {
  project.write('q.graphql', '{ listAuthors(limit: 7) { items { id } } }');
  const url = ['--url', project.databaseUrl];
  assert.match(project.check('explain', 'q.graphql', '--stop-after=plan', ...url), /^cost 7 of 1000000000$/m);
  project.write('tenon.toml', start + '[limits.operation]\ncost_max = 6\n');
  const r = project.run(['explain', 'q.graphql', ...url]);
  project.write('tenon.toml', start);
  assert.equal(r.status, 1);
  assert.match(r.stderr, /OPERATION_TOO_COSTLY/);
});

test('a principal that asks too often waits', () =>
  served('[limits.rate]\nrequests_per_second = 1\nburst = 3\n', async server => {
    const began = Date.now();
    const atOnce = options => Promise.all(Array.from({ length: 20 }, () => server.graphql('{ __typename }', {}, options)));
    const answers = await atOnce();
    const all = answers.filter(a => a.status === 429), [refused] = all, passed = answers.length - all.length;
    assert.ok(passed >= 3 && passed <= 4 + (Date.now() - began) / 1000, `${passed} passed`);
    assert.deepEqual(answers.filter(a => a.status !== 429).map(a => a.status), Array(passed).fill(200));
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.equal(refused.json.errors[0].extensions.code, 'RATE_LIMITED');
    // Amplify's client would send a 429 again at once and hide the reason.
    const amplify = await atOnce({ headers: { 'x-amz-user-agent': 'aws-amplify/6.22.1' } });
    assert.ok(amplify.every(a => a.status === 200));
    const limited = amplify.filter(a => a.json.errors);
    assert.ok(limited.length > 0);
    for (const { json, headers } of limited) {
      assert.equal(json.errors[0].extensions.code, 'RATE_LIMITED');
      assert.ok(headers.get('retry-after'));
    }
    const count = all.length + limited.length;
    const logged = await until('the log', () => { const found = lines(server, 'request failed'); return found.length >= count && found; });
    for (const line of logged) {
      assert.equal(line.code, 'RATE_LIMITED');
      assert.match(line.principal, /^key:/);
    }
    const metrics = await (await fetch(server.origin + '/metrics')).text();
    assert.match(metrics, new RegExp(`tenon_graphql_requests_total\\{outcome="too_often"\\} ${count}\\n`));
    await until('a token is there again', async () => (await server.graphql('{ __typename }')).status === 200);
  }));

test('operations of a WebSocket count too', () =>
  served('[limits.rate]\nrequests_per_second = 1\nburst = 2\n', async server => {
    const socket = createSocketClient({ url: server.url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: { 'x-api-key': 'test-key' }, retryAttempts: 0 });
    const ask = () => new Promise((done, fail) => { let value; socket.subscribe({ query: '{ __typename }' }, { next: v => (value = v), error: fail, complete: () => done(value) }); });
    const refused = (await Promise.allSettled(Array.from({ length: 20 }, ask))).filter(r => r.status === 'rejected');
    assert.ok(refused.length > 0 && refused.length <= 18, `${refused.length} of 20 were refused`);
    for (const { reason } of refused) assert.equal(reason[0].extensions.code, 'RATE_LIMITED');
    await socket.dispose();
  }));

test('an address whose credentials are refused too often is not looked at for a while', () =>
  served('[limits.rate]\nrefusals_per_minute = 3\n', async server => {
    for (let i = 0; i < 3; ++i) assert.equal((await server.graphql('{ __typename }', {}, { key: `wrong-${i}` })).status, 401);
    const { status, headers, json } = await server.graphql('{ __typename }');
    assert.equal(status, 429);
    assert.ok(Number(headers.get('retry-after')) >= 1);
    assert.equal(json.errors[0].extensions.code, 'RATE_LIMITED');
  }));

test('credentials of WebSockets are counted with the others', () =>
  served('[limits.rate]\nrefusals_per_minute = 2\n', async server => {
    for (let i = 0; i < 2; ++i) {
      const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws');
      const code = await new Promise(done => { socket.on('open', () => socket.send('{"type":"connection_init","payload":{"x-api-key":"wrong"}}')); socket.on('close', done); });
      assert.equal(code, 4403);
    }
    assert.equal((await server.graphql('{ __typename }')).status, 429);
  }));

test('an operation of the project is asked for by its name or its hash', () =>
  served('[api]\noperations = "operations"\n', async server => {
    const byName = await server.graphql(undefined, { n: 1 }, { documentId: 'AuthorNames' });
    assert.deepEqual(byName.json, { data: { listAuthors: { items: [{ id: 1, name: 'Author 1' }] } } });
    const unknown = await server.graphql(undefined, {}, { documentId: 'Nothing' });
    assert.equal(unknown.json.errors[0].extensions.code, 'PERSISTED_QUERY_NOT_FOUND');
    const other = await server.graphql('{ getAuthor(id: 1) { id } }');
    assert.deepEqual(other.json, { data: { getAuthor: { id: 1 } } });
  }));

test('with operations_only nothing else is answered', () =>
  served('[api]\noperations = "operations"\noperations_only = true\n', async server => {
    // As a client sends it: its own layout, fragments behind, __typename for its cache.
    const sent = 'query AuthorNames($n:Int){listAuthors(limit:$n){items{...Name __typename}__typename}} fragment Name on author{id name __typename}';
    const known = await server.graphql(sent, { n: 1 });
    assert.equal(known.json.data.listAuthors.items[0].name, 'Author 1');
    assert.equal((await server.graphql(undefined, { n: 1 }, { documentId: 'AuthorNames' })).json.data.listAuthors.items.length, 1);
    for (const text of ['{ getAuthor(id: 1) { id } }', '{ __schema { types { name } } }', '{ __typename }', sent.replace('name __typename', 'name email __typename'), 'not GraphQL']) {
      const { json } = await server.graphql(text);
      assert.equal(json.errors[0].extensions.code, 'OPERATION_NOT_ALLOWED', text);
      assert.ok(!('data' in json));
      const hashed = await server.graphql(text, {}, persisted(sha256(text)));
      assert.equal(hashed.json.errors[0].extensions.code, 'OPERATION_NOT_ALLOWED', text);
    }
  }));

test('operations that the schema does not allow are found by check, and a broken file by serve', () => {
  const toml = start + '[api]\noperations = "operations"\n';
  project.write('tenon.toml', toml);
  project.write('operations/bad.graphql', 'query Bad { listAuthors { items { nope } } }');
  const checked = project.run(['check', '--url', project.databaseUrl]);
  assert.equal(checked.status, 3, checked.stdout + checked.stderr);
  assert.match(checked.stdout, /TN5005.*operations\/bad\.graphql: Bad: .*nope/);
  project.write('operations/bad.graphql', 'query Bad {');
  const served = project.run(['serve', '--url', project.databaseUrl, '--port', '0', '--api-key', 'env:K'], { env: { K: 'k' } });
  assert.equal(served.status, 1);
  assert.match(served.stderr, /TN5005.*operations\/bad\.graphql:1:12/);
  project.write('operations/bad.graphql', '');
  project.write('tenon.toml', start);
});

test('a client registers an operation by its hash (automatic persisted queries)', () =>
  served('', async server => {
    const text = '{ getAuthor(id: 2) { name } }';
    const hash = sha256(text);
    const first = await server.graphql(undefined, {}, persisted(hash));
    assert.equal(first.status, 200);
    assert.deepEqual(first.json.errors.map(e => [e.message, e.extensions.code]), [['PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND']]);
    const forged = await server.graphql('{ getAuthor(id: 9) { name } }', {}, persisted(hash));
    assert.equal(forged.status, 400);
    assert.deepEqual((await server.graphql(text, {}, persisted(hash))).json, { data: { getAuthor: { name: 'Author 2' } } });
    assert.deepEqual((await server.graphql(undefined, {}, persisted(hash))).json, { data: { getAuthor: { name: 'Author 2' } } });
    const get = await fetch(`${server.url}?extensions=${encodeURIComponent(JSON.stringify(persisted(hash).extensions))}`, { headers: { 'x-api-key': 'test-key' } });
    assert.deepEqual(await get.json(), { data: { getAuthor: { name: 'Author 2' } } });
    const without = await server.graphql(undefined, {}, { ...persisted(hash), key: 'wrong' });
    assert.equal(without.status, 401);
    // What is no operation of the schema is not kept.
    const bad = '{ nope }';
    await server.graphql(bad, {}, persisted(sha256(bad)));
    assert.equal((await server.graphql(undefined, {}, persisted(sha256(bad)))).json.errors[0].message, 'PersistedQueryNotFound');
  }));

test("urql's persisted exchange works as it is", () =>
  served('', async server => {
    const sent = [];
    const client = new UrqlClient({
      url: server.url, preferGetMethod: false,
      exchanges: [persistedExchange({ preferGetForPersistedQueries: false, generateHash: async text => sha256(text) }), fetchExchange],
      fetchOptions: { headers: { 'x-api-key': 'test-key' } },
      fetch: (url, options) => { sent.push(JSON.parse(options.body)); return fetch(url, options); },
    });
    const query = gql`query One { getAuthor(id: 3) { name } }`;
    for (let i = 0; i < 2; ++i) {
      const { data, error } = await client.query(query, {}, { requestPolicy: 'network-only' }).toPromise();
      assert.equal(error, undefined, String(error));
      assert.equal(data.getAuthor.name, 'Author 3');
    }
    assert.deepEqual(sent.map(body => 'query' in body && !!body.query), [false, true, false]);
  }));

test("Apollo's persisted query link works as it is", () =>
  served('', async server => {
    const { ApolloClient, HttpLink, InMemoryCache, gql: apolloGql } = require('@apollo/client/core');
    const { PersistedQueryLink } = require('@apollo/client/link/persisted-queries');
    const sent = [];
    const http = new HttpLink({ uri: server.url, headers: { 'x-api-key': 'test-key' }, fetch: (url, options) => { sent.push(JSON.parse(options.body)); return fetch(url, options); } });
    const client = new ApolloClient({ cache: new InMemoryCache(), link: new PersistedQueryLink({ sha256: async text => sha256(text) }).concat(http) });
    const query = apolloGql`query One { getAuthor(id: 4) { id name } }`;
    for (let i = 0; i < 2; ++i) {
      const { data } = await client.query({ query, fetchPolicy: 'network-only' });
      assert.equal(data.getAuthor.name, 'Author 4');
    }
    assert.deepEqual(sent.map(body => 'query' in body), [false, true, false]);
    client.stop();
  }));

test('with persisted_queries = false clients are told to send their texts', () =>
  served('[api]\npersisted_queries = false\n', async server => {
    const { json } = await server.graphql(undefined, {}, persisted(sha256('{ __typename }')));
    assert.equal(json.errors[0].message, 'PersistedQueryNotSupported');
    assert.deepEqual((await server.graphql('{ __typename }', {}, persisted(sha256('{ __typename }')))).json, { data: { __typename: 'Query' } });
  }));

test('pages of configured origins may ask, and no others', () =>
  served('[api]\norigins = ["https://app.example.com"]\n', async server => {
    const preflight = origin => fetch(server.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,x-amz-date,x-amz-security-token,x-amz-user-agent,x-api-key' } });
    const allowed = await preflight('https://app.example.com');
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://app.example.com');
    assert.match(allowed.headers.get('access-control-allow-headers'), /x-amz-security-token/);
    assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
    for (const origin of ['https://evil.example', 'https://app.example.com.evil.example', 'http://app.example.com', 'http://localhost:3000', 'null'])
      assert.equal((await preflight(origin)).headers.get('access-control-allow-origin'), null, origin);
    const answer = await server.graphql('{ __typename }', {}, { headers: { origin: 'https://app.example.com' } });
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://app.example.com');
    assert.match(answer.headers.get('vary'), /origin/);
    assert.match(answer.headers.get('access-control-expose-headers'), /retry-after/);
  }));

test('with "*" every origin may ask, and none with cookies', () =>
  served('[api]\norigins = ["*"]\n', async server => {
    const { headers } = await server.graphql('{ __typename }', {}, { headers: { origin: 'https://any.example' } });
    assert.equal(headers.get('access-control-allow-origin'), 'https://any.example');
    assert.equal(headers.get('access-control-allow-credentials'), null);
  }));

test('a request keeps its id, or gets one, in the answer and in the log', () =>
  served('', async server => {
    const mine = await server.graphql('{ nope }', {}, { headers: { 'x-request-id': 'order-4711' } });
    assert.equal(mine.headers.get('x-request-id'), 'order-4711');
    const made = await server.graphql('query Named { getAuthor(id: 1) { secret: nope } }');
    assert.match(made.headers.get('x-request-id'), /^[0-9a-f-]{16,}$/);
    const failed = await until('both lines', () => { const all = lines(server, 'request failed'); return all.length >= 2 && all; });
    assert.deepEqual(failed.map(l => l.request), ['order-4711', made.headers.get('x-request-id')]);
    for (const line of failed) assert.equal(line.code, 'GRAPHQL_VALIDATION_FAILED');
  }));

test("the database's own words are told only in debug mode", async () => {
  const broken = { sql: engine === 'mariadb' ? 'CREATE OR REPLACE VIEW broken AS SELECT 1 AS id' : 'CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1/0; RETURN NEW; END $$; CREATE TRIGGER refuse BEFORE UPDATE ON author FOR EACH ROW EXECUTE FUNCTION refuse()' };
  if (engine === 'mariadb') return;
  project.sql(broken.sql);
  const change = 'mutation { updateAuthor(input: { id: 1, name: "hunter2" }) { id } }';
  await served('', async server => {
    const { json } = await server.graphql(change);
    assert.equal(json.errors[0].extensions.code, 'DATA_EXCEPTION');
    assert.doesNotMatch(JSON.stringify(json), /division|22012/);
    const [line] = await until('the line', () => { const all = lines(server, 'request failed'); return all.length > 0 && all; });
    assert.equal(line.cause, '22012');
    assert.doesNotMatch(server.output, /hunter2/);
  });
  const server = await project.serve({ env: { DEBUG_MODE: 'true' } });
  const { json } = await server.graphql(change);
  assert.match(json.errors[0].extensions.debug.message, /division by zero/);
  await server.stop();
});
