// `tenon serve`: production. Closed by default, opened by the overlay, stopped without losing a request.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project, databaseSql, differs, engine, until } from './support/project.mjs';

let project, server;
before(async () => {
  project = await Project.create({
    sql: databaseSql('blog'), on: engine,
    files: { 'api/blog.graphql': `
      extend type author @auth(rules: [{ allow: public }])
      extend type post @auth(rules: [{ allow: public, operations: [read, create] }])
    ` },
  });
  server = await project.serve();
});
after(() => project.remove());

test('an opened model answers', async () => {
  const { json } = await server.graphql('{ getAuthor(id: 3) { id email name } }');
  assert.deepEqual(json, { data: { getAuthor: { id: 3, email: 'author3@example.test', name: 'Author 3' } } });
});
test('a model without a rule cannot be named', async () => {
  for (const query of ['{ listComments { items { body } } }', '{ getAuthor(id: 1) { comment { items { body } } } }', '{ __type(name: "comment") { name } }']) {
    const { json } = await server.graphql(query);
    assert.ok(json.errors?.[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED' || json.data.__type === null, JSON.stringify(json));
  }
});
test('an operation that no rule opens does not exist', async () => {
  const { json } = await server.graphql('mutation { deletePost(input: { id: "1" }) { id } }');
  assert.equal(json.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  assert.equal(project.sql('SELECT count(*) FROM post WHERE id = 1'), '1');
});
test('no key and a wrong key are refused alike', async () => {
  for (const key of [null, 'wrong', 'test-ke', 'test-key2']) {
    const { status, json, headers } = await server.graphql('{ __typename }', {}, { key });
    assert.equal(status, 401);
    assert.equal(json.errors[0].extensions.code, 'UNAUTHENTICATED');
    assert.equal(headers.get('x-amzn-errortype'), 'UnauthorizedException');
    assert.ok(!('data' in json));
  }
});
test('there is no GraphiQL in production', async () => {
  assert.equal((await fetch(server.origin + '/')).status, 404);
});
test('health, readiness and metrics', async () => {
  assert.equal((await fetch(server.origin + '/healthz')).status, 200);
  assert.equal((await fetch(server.origin + '/readyz')).status, 200);
  const metrics = await (await fetch(server.origin + '/metrics')).text();
  assert.match(metrics, /^# TYPE tenon_graphql_requests_total counter$/m);
  assert.match(metrics, /^tenon_graphql_requests_total\{[^}]*\} \d+/m);
});
test('logs hold neither keys nor values nor the database password', async () => {
  await server.graphql('{ getAuthor(id: 3) { nope(secretvalue: "hunter2") } }');
  await server.graphql('{ __typename }', {}, { key: 'wrong-key-value' });
  const password = new URL(project.databaseUrl).password;
  await until('the refusal is logged', () => /UNAUTHENTICATED/.test(server.output));
  for (const secret of ['test-key', 'wrong-key-value', 'hunter2', password]) assert.ok(!server.output.includes(secret), `${secret} is in the log`);
});
test('every log line is JSON', () => {
  for (const line of server.output.trim().split('\n').filter(l => l.startsWith('{'))) JSON.parse(line);
});
test('a constraint violation names field and constraint, and no value of others', async () => {
  const { status, json } = await server.graphql('mutation { createAuthor(input: { email: "author1@example.test", name: "x" }) { id } }');
  assert.equal(status, 200);
  const [error] = json.errors;
  assert.equal(error.extensions.code, 'UNIQUE_VIOLATION');
  assert.deepEqual(error.extensions.fields, ['email']);
  assert.equal(error.extensions.constraint, differs('constraint_names') ? 'email' : 'author_email_key');
  assert.deepEqual(error.path, ['createAuthor']);
  assert.doesNotMatch(JSON.stringify(json), /already exists\.\)|author1@example/);
});
test('without a key in the environment serve refuses to start', () => {
  const r = project.run(['serve', '--url', project.databaseUrl, '--port', '0', '--api-key', 'env:TENON_NO_SUCH_KEY']);
  assert.notEqual(r.status, 0);
  assert.match(r.stderr, /TN1002/);
  assert.match(r.stderr, /TENON_NO_SUCH_KEY/);
});
test('without any key and without an overlay serve refuses to start', async () => {
  const bare = await Project.create({ database: false });
  try {
    const r = bare.run(['serve', '--url', project.databaseUrl, '--port', '0']);
    assert.notEqual(r.status, 0);
    assert.match(r.stderr, /TN5002|TN4007/);
  } finally { await bare.remove(); }
});
test('a port in use is a clear error', () => {
  const port = new URL(server.url).port;
  const r = project.run(['serve', '--url', project.databaseUrl, '--port', port, '--api-key', 'env:K'], { env: { K: 'k' } });
  assert.notEqual(r.status, 0);
  assert.match(r.stderr, /TN5001/);
});
test('SIGTERM: the running request is answered, new ones are refused, the exit code is 0', async () => {
  const holder = await project.session(project.lockTable('post'));
  const busy = server.graphql('mutation { createPost(input: { author_id: 1, title: "slow one" }) { title } }');
  await until('the request runs', () => project.waiting() === 1);
  const ended = server.stop('SIGTERM');
  await until('new ones are refused', () => fetch(server.origin + '/healthz').then(() => false, () => true));
  await holder.close();
  const { json } = await busy;
  assert.deepEqual(json, { data: { createPost: { title: 'slow one' } } });
  assert.deepEqual(await ended, { code: 0, signal: null });
});
