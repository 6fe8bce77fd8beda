// Who may come in: API keys, tokens, the custom authorizer, signed requests, guests, and secrets kept for them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SigningKey, WebServer, hmacToken, now, startIssuer, unsignedToken } from './support/issuer.mjs';
import { Project, root, until } from './support/project.mjs';

const require = createRequire(join(root, 'tests/npm/package.json'));
const { Amplify } = require('aws-amplify');
const { generateClient } = require('aws-amplify/api');
const { createClient } = require('graphql-ws');
const WebSocket = require('ws');
const { signRequest } = require('@aws-amplify/core/internals/aws-client-utils');

const key = new SigningKey('k1', 'RS256');
const query = '{ getAuthor(id: 3) { name } }';
const answer = { data: { getAuthor: { name: 'Author 3' } } };
// Everybody who comes in may read.
const overlay = `extend type author @auth(rules: [{ allow: public }, { allow: private }, { allow: private, provider: oidc }, { allow: custom },
  { allow: public, provider: identityPool }, { allow: private, provider: identityPool }])`;
const sha256 = text => createHash('sha256').update(text).digest('hex');
let project, server, pool, oidc, authorizer;

before(async () => {
  pool = await startIssuer([key]);
  oidc = await startIssuer([new SigningKey('e1', 'EdDSA')]);
  authorizer = await WebServer.start({ '/authorize': request => ({ isAuthorized: /^open (sesame|partly)$/.test(request.authorizationToken), resolverContext: { sub: 'ali' }, ttlOverride: 60,
    deniedFields: request.authorizationToken === 'open partly' ? ['arn:aws:appsync:us-east-1:1:apis/x/types/author/fields/bio', 'Query.listAuthors'] : undefined }) });
  project = await Project.create({
    sql: readFileSync(join(root, 'tests/databases/blog.sql'), 'utf8'),
    files: { 'api/blog.graphql': overlay },
  });
  const set = (name, value) => assert.equal(project.run(['secret', 'set', name], { input: value + '\n' }).status, 0);
  set('SERVICE_SECRET', 'service-secret-value');
  set('WEB_KEY', 'web-key-value');
  project.write('tenon.toml', `
[api]
keys = ["env:FIRST_KEY"]
[auth]
[[auth.api_keys]]
name = "web"
key = "secret:WEB_KEY"
[[auth.api_keys]]
name = "hashed"
sha256 = "${sha256('hashed-key-value')}"
expires = 2999-12-31
[[auth.api_keys]]
name = "old"
sha256 = "${sha256('old-key-value')}"
expires = "2020-01-01"
[auth.user_pools]
issuer = "${pool.url}"
client_id = "app-[0-9]+"
[auth.oidc.other]
issuer = "${oidc.url}"
audience = "shop"
[auth.function]
url = "${authorizer.url}/authorize"
timeout = "60 s"
[auth.services.worker]
access_key_id = "AKIAWORKER"
secret = "secret:SERVICE_SECRET"
[auth.services.visitor]
access_key_id = "ASIAVISITOR"
secret = "env:VISITOR_SECRET"
session_token = "env:VISITOR_SESSION"
role = "guest"
`);
  server = project.start(['serve', '--url', project.databaseUrl, '--port', '0'], { env: { FIRST_KEY: 'first-key-value', VISITOR_SECRET: 'visitor-secret-value', VISITOR_SESSION: 'visitor-session-value' } });
  await server.ready();
});
after(async () => {
  await project?.remove();
  for (const each of [pool, oidc, authorizer]) await each?.stop();
});

const ask = headers => server.graphql(query, {}, { headers, key: null });
const poolToken = (changes, header) => key.token(pool.claims({ client_id: 'app-1', token_use: 'access', ...changes }), header);
async function letsIn(headers) {
  const { status, json } = await ask(headers);
  assert.deepEqual([status, json], [200, answer]);
}
let refusals = 0;
async function refuses(headers, cause, by = server) {
  const id = `refusal-${++refusals}`;
  const { status, json, headers: received } = await by.graphql(query, {}, { headers: { ...headers, 'x-request-id': id }, key: null });
  assert.equal(status, 401);
  const message = Object.keys(headers).length ? 'You are not authorized to make this call.' : 'Valid authorization header not provided.';
  assert.deepEqual(json.errors, [{ message, errorType: 'UnauthorizedException', extensions: { code: 'UNAUTHENTICATED', errorType: 'UnauthorizedException' } }]);
  assert.equal(received.get('x-amzn-errortype'), 'UnauthorizedException');
  const line = await until('the refusal is logged', () => by.output.split('\n').find(text => text.includes(`"${id}"`) && text.endsWith('}')));
  assert.deepEqual([JSON.parse(line).outcome, JSON.parse(line).cause], ['unauthorized', cause]);
}

test('API keys: by reference, by secret, by hash; unknown and expired ones are refused', async () => {
  for (const value of ['first-key-value', 'web-key-value', 'hashed-key-value']) await letsIn({ 'x-api-key': value });
  await refuses({ 'x-api-key': 'old-key-value' }, 'API key expired');
  await refuses({ 'x-api-key': sha256('hashed-key-value') }, 'unknown API key');
  await refuses({}, 'no credential');
});
test('tokens of the user pool', async () => {
  await letsIn({ authorization: poolToken() });
  await letsIn({ authorization: `Bearer ${poolToken({ token_use: 'id' })}` });
  await refuses({ authorization: poolToken({ client_id: 'app-x' }) }, 'token for another client');
  await refuses({ authorization: poolToken({ token_use: 'refresh' }) }, 'token of another use');
  await refuses({ authorization: poolToken({ exp: now() - 60 }) }, 'token expired');
  await refuses({ authorization: poolToken({ nbf: now() + 60 }) }, 'token not yet valid');
  await refuses({ authorization: poolToken({}, { kid: '../../k1' }) }, 'token signed with an unknown key');
  await refuses({ authorization: new SigningKey('k1').token(pool.claims({ client_id: 'app-1', token_use: 'access' })) }, 'token with a wrong signature');
  await refuses({ authorization: unsignedToken(pool.claims({ client_id: 'app-1' })) }, 'token with a refused algorithm');
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
  await refuses({ authorization: hmacToken(pool.claims({ client_id: 'app-1', token_use: 'access' }), pem, 'k1') }, 'token with a refused algorithm');
});
test('tokens of another issuer, with EdDSA, and not of each other', async () => {
  const ed = new SigningKey('e2', 'EdDSA');
  oidc.rotate([ed]);
  const wanted = ed.token(oidc.claims({ aud: 'shop' }));
  await until('the new key is fetched', async () => (await ask({ authorization: wanted })).status === 200);
  await refuses({ authorization: ed.token(oidc.claims({ aud: 'shopping' })) }, 'token for another audience');
  await refuses({ authorization: key.token(oidc.claims({ aud: 'shop' })) }, 'token signed with an unknown key');
});
test('while the issuer is down its keys stay good', async () => {
  const requests = pool.requests.length;
  pool.answers = {};
  await letsIn({ authorization: poolToken({ sub: 'later' }) });
  pool.rotate([key]);
  assert.equal(pool.requests.length, requests);
});
test('the custom authorizer decides about everything else', async () => {
  await letsIn({ authorization: 'open sesame' });
  await letsIn({ authorization: 'open sesame' });
  assert.equal(authorizer.requests.length, 1);
  assert.equal(JSON.parse(authorizer.requests[0].body).requestContext.queryString, query);
  await refuses({ authorization: 'open barley' }, 'refused by the authorizer');
  await refuses({ authorization: key.token({ iss: 'https://elsewhere.example', sub: 'x', exp: now() + 60 }) }, 'refused by the authorizer');
});
test('an authorizer that takes too long lets nobody in', async () => {
  const other = await Project.create({ database: false, files: { 'api/blog.graphql': overlay, 'tenon.toml': `[auth.function]\nurl = "${authorizer.url}/authorize"\ntimeout = "200 ms"\n` } });
  authorizer.stalled = true;
  try {
    const running = await other.start(['serve', '--url', project.databaseUrl, '--port', '0']).ready();
    await refuses({ authorization: 'open sesame' }, 'the authorizer failed', running);
  } finally {
    authorizer.stalled = false;
    await other.remove();
  }
});
test('fields that the custom authorizer denies are null, with the error that AppSync gives', async () => {
  const partly = query => server.graphql(query, {}, { headers: { authorization: 'open partly' }, key: null });
  const refusal = (field, type, path, column) => ({ message: `Not Authorized to access ${field} on type ${type}`, locations: [{ line: 1, column }], path, data: null,
    errorType: 'Unauthorized', errorInfo: null, extensions: { code: 'UNAUTHORIZED' } });
  const { json } = await partly('{ getAuthor(id: 3) { name bio } listAuthors { items { id } } }');
  assert.deepEqual(json.data, { getAuthor: { name: 'Author 3', bio: null }, listAuthors: null });
  assert.deepEqual(json.errors.sort((a, b) => a.path.length - b.path.length), [refusal('listAuthors', 'Query', ['listAuthors'], 33), refusal('bio', 'author', ['getAuthor', 'bio'], 27)]);
  const shown = (await partly('{ author: __type(name: "author") { fields { name } } root: __type(name: "Query") { fields { name } } }')).json.data;
  assert.ok(!shown.author.fields.some(field => field.name === 'bio') && !shown.root.fields.some(field => field.name === 'listAuthors'));
});

// The modes of Amplify's own client.
function amplify(authMode, { tokens, credentials } = {}) {
  Amplify.configure({ API: { GraphQL: { endpoint: server.url, region: 'us-east-1', apiKey: 'first-key-value', defaultAuthMode: authMode } } }, {
    Auth: {
      tokenProvider: { getTokens: async () => tokens && { accessToken: { toString: () => tokens, payload: {} } } },
      credentialsProvider: { getCredentialsAndIdentityId: async () => credentials && { credentials, identityId: 'us-east-1:1' }, clearCredentialsAndIdentityId() {} },
    },
  });
  return generateClient({ authMode, authToken: authMode === 'lambda' ? 'open sesame' : undefined });
}
const viaAmplify = async (...given) => (await amplify(...given).graphql({ query })).data;
test('aws-amplify: apiKey, userPool, oidc, lambda', async () => {
  assert.deepEqual(await viaAmplify('apiKey'), answer.data);
  assert.deepEqual(await viaAmplify('userPool', { tokens: poolToken() }), answer.data);
  assert.deepEqual(await viaAmplify('oidc', { tokens: poolToken({ sub: 'bob' }) }), answer.data);
  assert.deepEqual(await viaAmplify('lambda'), answer.data);
});
test('aws-amplify: iam, with a lasting key and with a temporary one', async () => {
  assert.deepEqual(await viaAmplify('iam', { credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'service-secret-value' } }), answer.data);
  assert.deepEqual(await viaAmplify('identityPool', { credentials: { accessKeyId: 'ASIAVISITOR', secretAccessKey: 'visitor-secret-value', sessionToken: 'visitor-session-value' } }), answer.data);
  for (const credentials of [
    { accessKeyId: 'AKIAWORKER', secretAccessKey: 'wrong' },
    { accessKeyId: 'AKIAOTHER', secretAccessKey: 'service-secret-value' },
    { accessKeyId: 'AKIAWORKER', secretAccessKey: 'service-secret-value', sessionToken: 'any' },
    { accessKeyId: 'ASIAVISITOR', secretAccessKey: 'visitor-secret-value', sessionToken: 'another' },
    { accessKeyId: 'ASIAVISITOR', secretAccessKey: 'visitor-secret-value' },
  ])
    await assert.rejects(viaAmplify('iam', { credentials }), e => /Unauthorized/.test(JSON.stringify(e.errors ?? e.message)));
});
test('WebSocket: the same credentials in connection_init', async () => {
  const once = connectionParams => new Promise((done, fail) => {
    const client = createClient({ url: server.url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
    let result;
    client.subscribe({ query }, { next: value => (result = value), error: fail, complete: () => { client.dispose(); done(result); } });
  });
  for (const params of [{ 'x-api-key': 'web-key-value' }, { Authorization: poolToken() }, { authorization: 'Bearer ' + poolToken() }, { Authorization: 'open sesame' }])
    assert.deepEqual(await once(params), answer);
  for (const params of [{}, { 'x-api-key': 'wrong' }, { Authorization: poolToken({ exp: now() - 60 }) }])
    await assert.rejects(once(params), event => event.code === 4403);
});
// By Amplify's own signer, as its client signs the start of a socket: the headers are the payload.
const signed = (credentials, { method = 'POST', path = '/connect', body = '{}', date = new Date() } = {}) => {
  const headers = method === 'POST' ? { accept: 'application/json, text/javascript', 'content-encoding': 'amz-1.0', 'content-type': 'application/json; charset=UTF-8' } : {};
  return signRequest({ method, url: new URL(server.url + path), headers, body }, { credentials, signingDate: date, signingRegion: 'us-east-1', signingService: 'appsync' }).headers;
};
const worker = { accessKeyId: 'AKIAWORKER', secretAccessKey: 'service-secret-value' };
const visitor = { accessKeyId: 'ASIAVISITOR', secretAccessKey: 'visitor-secret-value', sessionToken: 'visitor-session-value' };
const overSocket = (connectionParams, headers = {}) => new Promise((done, fail) => {
  class Socket extends WebSocket { constructor(url, protocols) { super(url, protocols, { headers }); } }
  const client = createClient({ url: server.url.replace('http', 'ws'), webSocketImpl: Socket, connectionParams, retryAttempts: 0 });
  let result;
  client.subscribe({ query }, { next: value => (result = value), error: fail, complete: () => { client.dispose(); done(result); } });
});
test('WebSocket: a signature, in connection_init and of the upgrade request', async () => {
  for (const credentials of [worker, visitor]) {
    assert.deepEqual(await overSocket(signed(credentials)), answer);
    assert.deepEqual(await overSocket(undefined, signed(credentials, { method: 'GET', path: '', body: '' })), answer);
  }
  const late = new Date(Date.now() - 10 * 60_000);
  for (const params of [
    signed({ ...worker, secretAccessKey: 'wrong' }), signed({ ...worker, accessKeyId: 'AKIAOTHER' }), signed({ ...visitor, sessionToken: 'another' }),
    signed(worker, { path: '' }), signed(worker, { body: '{"a":1}' }), signed(worker, { method: 'GET', body: '' }), signed(worker, { date: late }),
    { ...signed(worker), host: 'elsewhere.example' }, { ...signed(visitor), 'x-amz-security-token': undefined }, { authorization: signed(worker).authorization },
  ])
    await assert.rejects(overSocket(params), event => event.code === 4403, JSON.stringify(params));
  for (const headers of [signed({ ...worker, secretAccessKey: 'wrong' }, { method: 'GET', path: '', body: '' }), signed(worker, { method: 'GET', body: '' })])
    await assert.rejects(overSocket(undefined, headers));
});
test('WebSocket: API keys and tokens of every kind, of the upgrade request', async () => {
  for (const headers of [{ 'x-api-key': 'hashed-key-value' }, { authorization: poolToken() }, { authorization: `Bearer ${poolToken({ token_use: 'id' })}` }, { authorization: 'open sesame' }])
    assert.deepEqual(await overSocket(undefined, headers), answer);
  for (const headers of [{ 'x-api-key': 'old-key-value' }, { authorization: poolToken({ client_id: 'app-x' }) }, {}])
    await assert.rejects(overSocket(undefined, headers));
  // What the payload says replaces what the upgrade said.
  await assert.rejects(overSocket({ 'x-api-key': 'wrong' }, { 'x-api-key': 'hashed-key-value' }), event => event.code === 4403);
  assert.deepEqual(await overSocket({ 'x-api-key': 'hashed-key-value' }, { 'x-api-key': 'wrong' }), answer);
});
test('a socket outlives its token, and does nothing more', async () => {
  let client;
  const run = () => new Promise((done, fail) => { let got; client.subscribe({ query }, { next: value => (got = value), error: fail, complete: () => done(got) }); });
  // Good for so many seconds, with the clock's skew, of which a slow machine may need some to come in.
  for (const seconds of [4, 16, 64]) {
    const end = now() + seconds;
    client = createClient({ url: server.url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: { authorization: poolToken({ exp: end - 30 }) }, lazy: false, retryAttempts: 0 });
    const first = await run().catch(error => error);
    if (now() < end || first.data) { assert.deepEqual(first, answer); break; }
    client.dispose();
  }
  const refused = await until('the token is over', () => run().then(() => null, errors => errors));
  assert.equal(refused[0].extensions.code, 'UNAUTHENTICATED');
  client.dispose();
});
test('failed requests are logged with who asked, and no secret or token is', async () => {
  const token = poolToken({ sub: 'carol' });
  await server.graphql('query Named { nope }', {}, { headers: { authorization: token }, key: null });
  const line = await until('it is logged', () => server.output.split('\n').find(text => text.includes('user:carol')));
  assert.deepEqual([JSON.parse(line).principal, JSON.parse(line).code], ['user:carol', 'GRAPHQL_VALIDATION_FAILED']);
  for (const secret of ['service-secret-value', 'web-key-value', 'first-key-value', 'hashed-key-value', 'visitor-s', 'open sesame', token, token.split('.')[2]])
    assert.ok(!server.output.includes(secret), secret);
});

test('an issuer over TLS is believed with its authority alone', async () => {
  const folder = project.dir;
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(folder, 'tls.key'), '-out', join(folder, 'tls.crt')]);
  assert.equal(made.status, 0, String(made.stderr));
  const issuer = await startIssuer([key], { tls: { key: project.read('tls.key'), cert: project.read('tls.crt') } });
  const neighbours = [];
  try {
    for (const [ca, status] of [['ca = "file:tls.crt"', 200], ['', 401]]) {
      const other = await Project.create({ database: false, files: { 'tls.crt': project.read('tls.crt'), 'api/blog.graphql': overlay, 'tenon.toml': `[auth.oidc.tls]\nissuer = "${issuer.url}"\n${ca}\n` } });
      neighbours.push(other);
      const running = other.start(['serve', '--url', project.databaseUrl, '--port', '0']);
      await running.ready();
      const got = await running.graphql(query, {}, { headers: { authorization: key.token(issuer.claims()) }, key: null });
      assert.equal(got.status, status, running.output);
      if (status === 401) await until('why is logged', () => /"code":"TN5003"/.test(running.output));
    }
  } finally {
    for (const other of neighbours) await other.remove();
    await issuer.stop();
  }
});
test('guests come in without anything, where they may', async () => {
  const other = await Project.create({ database: false, files: { 'api/blog.graphql': overlay, 'tenon.toml': '[auth]\nguests = true\n' } });
  try {
    const running = await other.start(['serve', '--url', project.databaseUrl, '--port', '0']).ready();
    assert.equal((await running.graphql(query, {}, { key: null })).status, 200);
    assert.equal((await running.graphql(query, {}, { key: 'wrong' })).status, 401);
  } finally { await other.remove(); }
});

test('tenon secret: kept encrypted, for the owner alone, opened by its key alone', () => {
  assert.equal(project.check('secret', 'list'), 'SERVICE_SECRET\nWEB_KEY\n');
  for (const file of ['.tenon/secrets', '.tenon/secrets.key']) assert.equal(statSync(join(project.dir, file)).mode & 0o777, 0o600);
  assert.ok(!project.read('.tenon/secrets').includes('WEB_KEY') && !project.read('.tenon/secrets').includes('value'));
  const wrong = project.run(['secret', 'list'], { env: { TENON_SECRET_KEY: 'another' } });
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /TN1007/);
  assert.equal(project.run(['secret', 'set', 'a b'], { input: 'x' }).status, 2);
  assert.equal(project.run(['secret', 'set', 'EMPTY'], { input: '' }).status, 2);
  assert.match(project.run(['secret', 'remove', 'NONE']).stderr, /TN1002/);
  assert.equal(project.run(['secret', 'set', 'GONE'], { input: 'x' }).status, 0);
  project.check('secret', 'remove', 'GONE');
  assert.equal(project.check('secret', 'list'), 'SERVICE_SECRET\nWEB_KEY\n');
});
test('tenon auth key: the hash it prints lets the key in', async () => {
  const made = project.run(['auth', 'key', 'create', '--name', 'mobile', '--days', '30']);
  assert.equal(made.status, 0);
  assert.ok(made.stderr.includes(`sha256 = "${sha256(made.stdout.trim())}"`));
  const other = await Project.create({ database: false, files: { 'api/blog.graphql': overlay, 'tenon.toml': made.stderr.slice(made.stderr.indexOf('[[auth')) } });
  try {
    assert.match(other.check('auth', 'key', 'list'), /mobile +SHA-256 +\d{4}-\d\d-\d\d/);
    const running = await other.start(['serve', '--url', project.databaseUrl, '--port', '0']).ready();
    assert.equal((await running.graphql(query, {}, { key: made.stdout.trim() })).status, 200);
  } finally { await other.remove(); }
});
test('tenon check names what is wrong in [auth], and no secret', async () => {
  const other = await Project.create({ database: false });
  try {
    for (const [toml, wanted] of [
      ['[auth.oidc.a]\nissuer = "http://issuer.example"', /TN1001.*http:\/\/ is for this machine only/],
      ['[auth.oidc.a]\nissuer = "https://issuer.example"\nclient_id = "(("', /TN1001.*regular expression/],
      ['[auth.oidc.a]', /TN1001.*has no issuer/],
      ['[auth.services.a]\naccess_key_id = "A"\nsecret = "hunter2"', /TN1001.*holds a secret itself/],
      ['[[auth.api_keys]]\nname = "a"\nkey = "secret:NONE"', /TN1002.*no secret NONE/],
      ['[[auth.api_keys]]\nname = "a"\nsha256 = "hunter2"', /TN1001.*neither a key nor a SHA-256/],
      ['[[auth.api_keys]]\nname = "a"\nsha256 = "00"\nexpires = "soon"', /TN1001.*a day such as/],
      ['[auth]\nguest = true', /TN1001.*Unknown key guest/],
    ]) {
      other.write('tenon.toml', toml + '\n');
      const result = other.run(['check', '--url', project.databaseUrl]);
      const text = (result.stdout + result.stderr).replace(/\n/g, ' ');
      assert.match(text, wanted);
      assert.ok(!text.includes('hunter2') || toml.includes('sha256'), text);
    }
  } finally { await other.remove(); }
});
