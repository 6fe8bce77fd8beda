// Server-Timing, the log of slow operations, and traces over OTLP to a small collector.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, engine, onMariadb, provider, sleep, until } from './support/project.mjs';

const overlay = 'extend type Item @auth(rules: [{ allow: public }])\nextend type Part @auth(rules: [{ allow: public }])\n';
const quoted = name => (onMariadb ? `\`${name}\`` : `"${name}"`);
// A busy machine's database is not to be taken for one that is far away: the number of statements is known.
const configure = text => project.write('tenon.toml', `[database]\nprovider = "${provider}"\nround_trips = "many"\n${text}`);
let project, collector, received = [], answer = 200, stalled = false;
before(async () => {
  project = await Project.create({
    sql: `CREATE TABLE ${quoted('Item')} (id int PRIMARY KEY, name text NOT NULL); CREATE TABLE ${quoted('Part')} (id int PRIMARY KEY, item_id int REFERENCES ${quoted('Item')} (id)); INSERT INTO ${quoted('Item')} VALUES (1, 'a'); INSERT INTO ${quoted('Part')} VALUES (1, 1)`,
    on: engine,
    files: { 'api/all.graphql': overlay },
  });
  collector = createServer((request, response) => {
    let text = '';
    request.on('data', d => (text += d));
    request.on('end', () => {
      received.push({ url: request.url, headers: request.headers, body: JSON.parse(text) });
      if (!stalled) response.writeHead(answer).end('{}');
    });
  });
  await new Promise(done => collector.listen(0, '127.0.0.1', done));
});
after(async () => { collector.closeAllConnections(); collector.close(); await project.remove(); });

const endpoint = () => `http://127.0.0.1:${collector.address().port}`;
const spans = () => received.flatMap(r => r.body.resourceSpans.flatMap(s => s.scopeSpans.flatMap(x => x.spans)));
const attribute = (span, key) => { const found = span.attributes.find(a => a.key === key)?.value; return found && (found.stringValue ?? Number(found.intValue)); };
const query = 'query Items { listItems { items { name Part { items { id } } } } }';

test('answers tell the times of their stages when asked to', async () => {
  const server = await project.serve();
  assert.equal((await server.graphql(query)).headers.get('server-timing'), null);
  await server.stop();
  configure('[telemetry]\nserver_timing = true\n');
  const timed = await project.serve();
  const { headers } = await timed.graphql(query);
  assert.match(headers.get('server-timing'), /^parse;dur=\d+\.\d{3}, coerce;dur=[\d.]+, plan;dur=[\d.]+, bind;dur=[\d.]+, queue;dur=[\d.]+, database;dur=[\d.]+, write;dur=[\d.]+, cost;desc="\d+"$/);
  await timed.stop();
});

test('slow operations are logged with their stages and without values', async () => {
  configure('[telemetry]\nslow_operation = "20 ms"\n');
  const server = await project.serve();
  // Slow because somebody holds the table.
  const holder = await project.session(onMariadb ? ['LOCK TABLES `Item` WRITE;'] : ['BEGIN;', 'LOCK TABLE "Item";']);
  const slow = server.graphql('query Slow($id: Int!) { getItem(id: $id) { name } }', { id: 424242 });
  await until('it waits', () => project.waiting() === 1);
  await sleep(20);
  await holder.close();
  await slow;
  const line = await until('the line', () => server.output.split('\n').find(l => l.includes('slow operation')));
  const entry = JSON.parse(line);
  assert.equal(entry.operation, 'Slow');
  assert.equal(entry.level, 'warning');
  assert.match(entry.document, /^[0-9a-f]{16}$/);
  for (const stage of ['ms', 'parse', 'coerce', 'plan', 'bind', 'queue', 'database', 'write']) assert.match(entry[stage], /^\d+\.\d$/, stage);
  assert.ok(!line.includes('424242'), line);
  await server.stop();
});

test('traces: request, stages and statements under the caller\'s span', async () => {
  configure(`[telemetry]\notlp = "${endpoint()}/"\nservice_name = "shop"\n`);
  received = [];
  const server = await project.serve({ env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-team=a%20b,authorization=Basic x+y' } });
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  await server.graphql(query, undefined, { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
  await until('the spans', () => spans().length >= 10);
  assert.equal(received[0].url, '/v1/traces');
  assert.equal(received[0].headers['x-team'], 'a b');
  assert.equal(received[0].headers.authorization, 'Basic x+y');
  assert.deepEqual(received[0].body.resourceSpans[0].resource.attributes, [{ key: 'service.name', value: { stringValue: 'shop' } }]);
  const all = spans(), root = all.find(s => s.kind === 2);
  assert.equal(root.name, 'query Items');
  assert.equal(root.parentSpanId, '00f067aa0ba902b7');
  assert.ok(all.every(s => s.traceId === trace && /^[0-9a-f]{16}$/.test(s.spanId)));
  assert.equal(new Set(all.map(s => s.spanId)).size, all.length);
  assert.deepEqual(all.filter(s => s.parentSpanId === root.spanId).map(s => s.name), ['parse', 'coerce', 'plan', 'bind', 'queue', 'database', 'write']);
  const database = all.find(s => s.name === 'database'), statements = all.filter(s => s.kind === 3);
  assert.equal(statements.length, 2);
  for (const s of statements) {
    assert.equal(s.parentSpanId, database.spanId);
    assert.match(attribute(s, 'db.query.text'), /SELECT .* FROM (["`])(public|app)\1\.\1(Item|Part)\1/);
    assert.equal(attribute(s, 'db.response.returned_rows'), 1);
  }
  for (const s of all) assert.ok(BigInt(s.startTimeUnixNano) <= BigInt(s.endTimeUnixNano), s.name);
  await until('they are counted', async () => /tenon_trace_spans_exported_total 10\n/.test(await (await fetch(server.origin + '/metrics')).text()));
  // Not sampled by the caller: nothing is told.
  received = [];
  await server.graphql(query, undefined, { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-00` } });
  // A header that is none begins a trace of its own; failures are told too.
  await server.graphql('{ nothing }', undefined, { headers: { traceparent: '00-zz-1-01' } });
  await until('the failure', () => spans().length > 0);
  assert.ok(spans().every(s => s.traceId !== trace));
  assert.equal(attribute(spans().find(s => s.kind === 2), 'error.type'), 'GRAPHQL_VALIDATION_FAILED');
  await server.stop();
});

test('traces go over TLS to a collector whose certificate is trusted', { skip: onMariadb && 'the same on every engine' }, async () => {
  const [key, cert] = [join(project.dir, 'collector.key'), join(project.dir, 'collector.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  let bodies = 0;
  const secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => request.on('end', () => { ++bodies; response.end('{}'); }).resume());
  await new Promise(done => secure.listen(0, '127.0.0.1', done));
  const otlp = `otlp = "https://localhost:${secure.address().port}"`;
  for (const [settings, env] of [[`${otlp}\nca = "file:collector.pem"`, {}], [otlp, { OTEL_EXPORTER_OTLP_CERTIFICATE: cert }]]) {
    configure(`[telemetry]\n${settings}\n`);
    const server = await project.serve({ env });
    const before = bodies;
    await server.graphql(query);
    await until('the spans', () => bodies > before);
    await server.stop();
  }
  configure(`[telemetry]\n${otlp}\n`); // nobody vouches for it
  const server = await project.serve();
  const before = bodies;
  await server.graphql(query);
  await until('the warning', () => /traces are dropped.*certificate/.test(server.output));
  assert.equal(bodies, before);
  await server.stop();
  secure.close();
});

test('a collector that is slow or away costs spans, never requests, and the end is not held up', { skip: onMariadb && 'the same on every engine, and slow' }, async () => {
  configure('');
  stalled = true;
  const server = await project.serve({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(), OTEL_SERVICE_NAME: 'x' } });
  for (let i = 0; i < 1200; i += 40) await Promise.all(Array.from({ length: 40 }, () => server.graphql(query).then(r => assert.equal(r.json.errors, undefined))));
  await until('drops', async () => Number(/tenon_trace_spans_dropped_total (\d+)/.exec(await (await fetch(server.origin + '/metrics')).text())[1]) > 0);
  assert.equal((await server.stop()).code, 0);
  stalled = false; answer = 503; received = [];
  const refused = await project.serve({ env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint() + '/own' } });
  await refused.graphql(query);
  await until('the warning', () => refused.output.includes('traces are dropped'));
  assert.equal(received[0].url, '/own');
  assert.match(refused.output, /status 503/);
  await refused.stop();
});

test('an endpoint that cannot be used is said at the start', () => {
  for (const [otlp, message] of [['x:4318', /OTLP endpoint begins neither/], ['http://x:y', /port/], ['http://a:b@x', /holds a user/]]) {
    configure(`[telemetry]\notlp = "${otlp}"\n`);
    const r = project.run(['serve', '--url', project.databaseUrl, '--port', '0', '--api-key', 'env:K'], { env: { K: 'k' } });
    assert.equal(r.status, 1, r.stderr);
    assert.match(r.stderr, message);
  }
});
