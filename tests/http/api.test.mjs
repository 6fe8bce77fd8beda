// GraphQL over HTTP, health, metrics, GraphiQL's page: what a client sees of server/.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { exchange, get, open, post, start, status, until } from './support.mjs';

const key = { 'x-api-key': 'second-key' };
const json = { 'content-type': 'application/json' };
let server;
let base;
before(async () => {
  server = await start('tenon_api_server', { threads: 2 });
  base = `http://127.0.0.1:${server.port}`;
});
after(() => server.stop());

const send = (body, headers = {}, options = {}) =>
  fetch(`${base}/graphql`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { ...key, ...json, ...headers }, ...options });
const code = async (response) => (await response.json()).errors[0].extensions.code;

test('without a key, or with a wrong one, 401 in the shape that Amplify clients know', async () => {
  for (const headers of [{}, { 'x-api-key': '' }, { 'x-api-key': 'first-key ,' }, { 'x-api-key': 'first-ke' }]) {
    const response = await fetch(`${base}/graphql`, { method: 'POST', headers: { ...json, ...headers }, body: '{"query":"{ a }"}' });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('x-amzn-errortype'), 'UnauthorizedException');
    const message = 'x-api-key' in headers ? 'You are not authorized to make this call.' : 'Valid authorization header not provided.';
    assert.deepEqual(await response.json(), { errors: [{ message, errorType: 'UnauthorizedException', extensions: { code: 'UNAUTHENTICATED', errorType: 'UnauthorizedException' } }] });
  }
  assert.equal((await send({ query: '{ a }' }, { 'x-api-key': 'first-key' })).status, 200);
});

test('media types and statuses', async () => {
  const cases = [
    [undefined, 'application/json', 200, 200],
    ['*/*', 'application/json', 200, 200],
    ['application/json', 'application/json', 200, 200],
    ['application/graphql-response+json', 'application/graphql-response+json', 200, 400],
    ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json', 200, 400],
    ['application/graphql-response+json;q=0.5, application/json', 'application/json', 200, 200],
    ['text/html, application/*;q=0.1', 'application/json', 200, 200],
  ];
  for (const [accept, type, good, bad] of cases) {
    const headers = accept ? { accept } : {};
    const response = await send({ query: '{ a }' }, headers);
    assert.equal(response.status, good, accept);
    assert.equal(response.headers.get('content-type'), `${type}; charset=utf-8`);
    assert.equal((await send({ query: '{ broken' }, headers)).status, bad, accept);
  }
  assert.equal((await send({ query: '{ a }' }, { accept: 'text/csv' })).status, 406);
});

test('what is not a GraphQL request is 400 whatever the media type', async () => {
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    for (const body of ['', ' \n', '{"query":', 'null', '1', '{}', '{"query":1}']) {
      assert.equal((await send(body, { accept })).status, 400, body);
    }
  }
});

test('a batch is refused by name', async () => {
  const response = await send('\n [{"query":"{ a }"}]');
  assert.equal(response.status, 400);
  assert.equal(await code(response), 'BATCHING_NOT_SUPPORTED');
});

test('request content types', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'multipart/form-data; boundary=x']) {
    assert.equal((await send({ query: '{ a }' }, { 'content-type': type })).status, 415, type);
  }
  assert.equal((await send({ query: '{ a }' }, { 'content-type': 'Application/JSON; charset="UTF-8"' })).status, 200);
});

test('GET: queries with parameters, numbers as they were written', async () => {
  const get = (query, headers = key) => fetch(`${base}/graphql?${query}`, { headers });
  const variables = '{"n":12345678901234567890.10,"s":"a&b"}';
  const response = await get(new URLSearchParams({ query: '{ a }', operationName: 'x"y', variables, extensions: '' }));
  assert.equal(await response.text(), `{"data":{"__typename":"Query","received":{"query":"{ a }","operationName":"x\\"y","variables":${variables}}}}`);
  const refused = await get('query=mutation+%7B+a+%7D');
  assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'POST']);
  for (const query of ['', 'query=%zz', 'query=a&query=b', 'query=a&variables=[1]', 'query=a&variables={}%2C"query":"x"', 'query=a&variables={', 'query=a&extensions=1']) {
    assert.equal((await get(query)).status, 400, query);
  }
});

test('other methods are 405 and say what is allowed', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD']) {
    const response = await fetch(`${base}/graphql`, { method, headers: key });
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, POST']);
  }
});

test('failures of the executor', async () => {
  const unavailable = await send({ query: '{ unavailable }' });
  assert.deepEqual([unavailable.status, unavailable.headers.get('retry-after')], [503, '1']);
  const failed = await send({ query: '{ throw }' });
  assert.equal(failed.status, 500);
  assert.equal(await code(failed), 'INTERNAL');
});

test('preflight and cross-origin answers', async () => {
  const ask = (origin) =>
    fetch(`${base}/graphql`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-api-key' } });
  for (const origin of ['http://localhost:3000', 'https://app.localhost', 'http://127.0.0.1:5173', 'http://[::1]:1', 'https://app.example.com']) {
    const response = await ask(origin);
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('access-control-allow-origin'), origin);
    assert.equal(response.headers.get('access-control-allow-headers'), 'content-type,x-api-key');
    assert.ok(Number(response.headers.get('access-control-max-age')) > 0);
    const answer = await send({ query: '{ a }' }, { origin });
    assert.equal(answer.headers.get('access-control-allow-origin'), origin);
    assert.match(answer.headers.get('vary'), /origin/);
  }
  for (const origin of ['http://evil.example', 'http://localhost.evil.example', 'https://app.example.com.evil.example', 'null', 'http://localhost:3000x']) {
    assert.equal((await ask(origin)).headers.get('access-control-allow-origin'), null, origin);
    assert.equal((await send({ query: '{ a }' }, { origin })).headers.get('access-control-allow-origin'), null, origin);
  }
});

test('server-sent events: one next, one complete', async () => {
  const response = await send({ query: '{ a }' }, { accept: 'text/event-stream' });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(await response.text(), 'event: next\ndata: {"data":{"__typename":"Query","received":{"query":"{ a }"}}}\n\nevent: complete\ndata:\n\n');
});

test('health, readiness, metrics', async () => {
  assert.equal((await fetch(`${base}/healthz`)).status, 200);
  assert.equal((await fetch(`${base}/readyz`)).status, 200);
  await send({ query: '{ a }' });
  const response = await fetch(`${base}/metrics`);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  assert.match(text, /# TYPE tenon_graphql_request_seconds histogram/);
  assert.ok(Number(text.match(/tenon_graphql_requests_total\{outcome="executed"\} (\d+)/)[1]) > 0);
  assert.match(text, /tenon_graphql_request_seconds_bucket\{le="\+Inf"\} [1-9]/);
  assert.match(text, /tenon_graphql_requests_in_flight 0\n/);
  assert.match(text, /tenon_pool_connections 2\n/, 'the sum of both workers');
});

test('a client that leaves is counted as cancelled', async () => {
  const metrics = async () => (await fetch(`${base}/metrics`)).text();
  const controller = new AbortController();
  const pending = send({ query: '{ held }' }, {}, { signal: controller.signal });
  await until('it is in flight', async () => /tenon_graphql_requests_in_flight 1\n/.test(await metrics()));
  controller.abort();
  await assert.rejects(pending);
  await until('it is counted', async () => /tenon_graphql_requests_in_flight 0\n/.test(await metrics()));
  assert.match(await metrics(), /outcome="cancelled"\} 1\n/);
});

test('unknown paths are 404 in JSON', async () => {
  const response = await fetch(`${base}/nothing`);
  assert.equal(response.status, 404);
  assert.equal(await code(response), 'NOT_FOUND');
});

test('GraphiQL: page, policy, assets with ETag', async () => {
  const page = await fetch(base);
  const html = await page.text();
  assert.match(page.headers.get('content-security-policy'), /^default-src 'none'; script-src 'self';/);
  assert.match(html, /"x-api-key":"first-key"/);
  const paths = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((m) => m[1]);
  assert.equal(paths.length, 6);
  assert.doesNotMatch(html, /(src|href)="(https?:)?\/\//);
  for (const path of paths) {
    const asset = await fetch(base + path);
    assert.equal(asset.status, 200);
    assert.match(asset.headers.get('content-type'), path.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
    assert.ok((await asset.text()).length > 300);
    const plain = await fetch(base + path, { headers: { 'accept-encoding': 'identity' } });
    assert.equal(plain.headers.get('content-encoding'), null);
    const again = await fetch(base + path, { headers: { 'if-none-match': asset.headers.get('etag') }, cache: 'no-store' });
    assert.equal(again.status, 304);
  }
});

test('GraphiQL: a page of another name does not get the key', async () => {
  const client = open(server.port).send('GET / HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n');
  await client.end();
  assert.match(client.text, /^HTTP\/1\.1 200 /);
  assert.doesNotMatch(client.text, /first-key/);
});

test('failed requests are logged in one line, without their values', async () => {
  const logged = await start('tenon_api_server', { json: 1 });
  const body = '{"query":"{ broken","variables":{"password":"hunter2"}}';
  const client = open(logged.port).send(post('/graphql', body, 'X-Api-Key: first-key\r\nContent-Type: application/json\r\nX-Request-Id: r-1\r\nConnection: close\r\n'));
  await client.end();
  const { errors } = await logged.stop();
  const lines = errors.trim().split('\n').map((line) => JSON.parse(line));
  const line = lines.find((l) => l.message === 'request failed');
  assert.deepEqual([line.request, line.principal, line.operation, line.code, line.outcome], ['r-1', 'key:first', 'Test', 'GRAPHQL_PARSE_FAILED', 'request_error']);
  assert.ok(Number(line.ms) >= 0);
  assert.doesNotMatch(errors, /hunter2|first-key/);
});

test('drain: readiness turns first, and requests are served meanwhile', async () => {
  const draining = await start('tenon_api_server', { threads: 1, drain_delay_ms: 600_000 });
  // Each over a connection of its own: idle ones are closed at once.
  const ready = () => exchange(draining.port, get('/readyz', 'Connection: close\r\n'));
  assert.equal(status(await ready()), 200);
  draining.stop('SIGINT');
  const answer = await until('readiness turns', async () => [await ready()].find((text) => status(text) === 503));
  assert.match(answer, /draining/);
  const body = '{"query":"{ a }"}';
  assert.equal(status(await exchange(draining.port, post('/graphql', body, 'X-Api-Key: first-key\r\nContent-Type: application/json\r\nConnection: close\r\n'))), 200);
  await draining.stop('SIGKILL');
});

test('drain: behind the delay the server ends', async () => {
  const draining = await start('tenon_api_server', { drain_delay_ms: 300 });
  const begin = Date.now();
  assert.equal((await draining.stop('SIGINT')).code, 0);
  assert.ok(Date.now() - begin > 290);
  await assert.rejects(fetch(`http://127.0.0.1:${draining.port}/readyz`));
});
