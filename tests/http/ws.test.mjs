// graphql-transport-ws as honest and as hostile clients see it, frame by frame.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { memoryKb, open, openFiles, start, status, until } from './support.mjs';

let server;
before(async () => (server = await start('tenon_api_server', { init_ms: 600_000 })));
after(() => server.stop());

const handshake = (headers) =>
  `GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${headers}\r\n`;
const protocol = 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n';
const withKey = 'X-Api-Key: first-key\r\n' + protocol;

function frame(opcode, payload, { masked = true } = {}) {
  const data = Buffer.from(payload);
  const length = data.length < 126 ? [data.length] : data.length < 65536 ? [126, data.length >> 8, data.length & 255] : [127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((s) => (data.length >> s) & 255)];
  length[0] |= masked ? 128 : 0;
  return Buffer.concat([Buffer.from([128 | opcode, ...length]), Buffer.alloc(masked ? 4 : 0), data]).toString('latin1');
}

// Complete frames in what came behind the handshake: [{opcode, text}].
function frames(text) {
  const data = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1');
  const out = [];
  for (let at = 0; at + 2 <= data.length; ) {
    let size = data[at + 1] & 127;
    let begin = at + 2;
    if (size === 126) [size, begin] = [data.readUInt16BE(begin), begin + 2];
    else if (size === 127) [size, begin] = [Number(data.readBigUInt64BE(begin)), begin + 8];
    if (begin + size > data.length) break;
    out.push({ opcode: data[at] & 15, data: data.subarray(begin, begin + size) });
    at = begin + size;
  }
  return out;
}
const messages = (client) => frames(client.text).filter((f) => f.opcode === 1).map((f) => JSON.parse(f.data));
const closeCode = (client) => frames(client.text).find((f) => f.opcode === 8)?.data.readUInt16BE(0);

async function connect(headers = withKey, { init = true, port = server.port } = {}) {
  const client = open(port).send(handshake(headers));
  await client.until((c) => c.text.includes('\r\n\r\n'));
  assert.equal(status(client.text), 101, client.text);
  client.message = (value) => client.send(frame(1, typeof value === 'string' ? value : JSON.stringify(value)));
  client.run = (id, query) => client.message({ id, type: 'subscribe', payload: { query } });
  client.expect = (type, id) => client.until((c) => messages(c).some((m) => m.type === type && m.id === id));
  if (init) {
    client.message({ type: 'connection_init' });
    await client.expect('connection_ack');
  }
  return client;
}
const closed = async (client, code) => {
  await client.until((c) => closeCode(c) !== undefined);
  assert.equal(closeCode(client), code);
  client.destroy();
};

test('a query: next, then complete', async () => {
  const client = await connect();
  client.run('1', '{ a }');
  await client.expect('complete', '1');
  assert.deepEqual(messages(client).slice(1), [
    { id: '1', type: 'next', payload: { data: { __typename: 'Query', received: { query: '{ a }' } } } },
    { id: '1', type: 'complete' },
  ]);
  client.destroy();
});

test('a refused document: error with the list, and nothing after it', async () => {
  const client = await connect();
  client.run('1', '{ broken');
  client.message({ type: 'ping' });
  await client.expect('pong');
  assert.deepEqual(messages(client).map((m) => m.type), ['connection_ack', 'error', 'pong']);
  assert.equal(messages(client)[1].payload[0].extensions.code, 'GRAPHQL_PARSE_FAILED');
  client.destroy();
});

test('handshakes that are refused', async () => {
  for (const headers of ['', 'Sec-WebSocket-Protocol: graphql-ws\r\n', 'Sec-WebSocket-Protocol: xgraphql-transport-ws\r\n']) {
    const client = open(server.port).send(handshake(headers));
    await client.until((c) => c.text.includes('\r\n\r\n'));
    assert.equal(status(client.text), 400, headers);
    client.destroy();
  }
});

test('the key may come in connection_init, which decides when it has one', async () => {
  const init = async (headers, payload) => {
    const client = await connect(headers, { init: false });
    client.message({ type: 'connection_init', payload });
    return client;
  };
  await (await init(protocol, { 'x-api-key': 'second-key' })).expect('connection_ack');
  await closed(await init(protocol, {}), 4403);
  await closed(await init(protocol, { 'x-api-key': 'wrong' }), 4403);
  await closed(await init(withKey, { 'x-api-key': 'wrong' }), 4403);
  await closed(await init(withKey, { 'x-api-key': { first: 'key' } }), 4403);
});

test('no connection_init in time', async () => {
  const impatient = await start('tenon_api_server', { init_ms: 300 });
  await closed(await connect(withKey, { init: false, port: impatient.port }), 4408);
  await impatient.stop();
});

test('messages out of turn or out of shape close with their codes', async () => {
  const early = await connect(withKey, { init: false });
  early.run('1', '{ a }');
  await closed(early, 4401);
  const twice = await connect();
  twice.message({ type: 'connection_init' });
  await closed(twice, 4429);
  for (const message of ['{', '1', '[]', '{}', '{"type":1}', '{"type":"start"}', '{"type":"subscribe","payload":{"query":"{ a }"}}', '{"id":1,"type":"subscribe","payload":{"query":"{ a }"}}', '{"id":"1","type":"subscribe"}', '{"id":"1","type":"subscribe","payload":{"query":1}}', '{"id":"1","type":"subscribe","payload":{"query":"","variables":[]}}', '{"type":"complete"}', '['.repeat(100_000)]) {
    const client = await connect();
    client.message(message);
    await closed(client, 4400);
  }
  const binary = await connect();
  binary.send(frame(2, '{"type":"ping"}'));
  await closed(binary, 4400);
});

test('an id in use closes with 4409, a finished one may be used again', async () => {
  const client = await connect();
  for (let i = 0; i < 3; ++i) {
    client.run('same', '{ a }');
    await client.until((c) => messages(c).filter((m) => m.type === 'complete').length === i + 1);
  }
  client.run('same', '{ held }');
  client.run('same', '{ held }');
  await closed(client, 4409);
});

const metric = async (name) => Number((await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text()).match(new RegExp(`^${name} (\\d+)$`, 'm'))[1]);
const cancelled = () => metric('tenon_graphql_requests_total\\{outcome="cancelled"\\}');
const inFlight = (count) => until(`${count} are in flight`, async () => (await metric('tenon_graphql_requests_in_flight')) === count);

test('complete from the client cancels the operation, and so does leaving', async () => {
  await inFlight(0);
  const count = await cancelled();
  const client = await connect();
  client.run('1', '{ held }').message({ id: '1', type: 'complete' });
  client.run('1', '{ a }');
  await client.expect('complete', '1');
  assert.equal(messages(client).filter((m) => m.type === 'next').length, 1);
  await inFlight(0);
  assert.equal(await cancelled(), count + 1);
  client.run('2', '{ held }').run('3', '{ held }');
  await inFlight(2);
  client.destroy();
  await inFlight(0);
  assert.equal(await cancelled(), count + 3);
});

test('more operations than allowed are refused one by one', async () => {
  const client = await connect();
  for (let i = 0; i < 105; ++i) client.run(`s${i}`, '{ held }');
  await client.until((c) => messages(c).filter((m) => m.type === 'error').length === 5);
  const other = await connect();
  other.run('1', '{ release }');
  await client.until((c) => messages(c).filter((m) => m.type === 'complete').length === 100);
  assert.equal(messages(client).filter((m) => m.type === 'error').length, 5);
  client.destroy();
  other.destroy();
});

test('frames that break the protocol end the connection', async () => {
  const large = '\x81\xff\x00\x00\x00\x00\x7f\xff\xff\xff' + '\x00\x00\x00\x00' + 'x'.repeat(1000);
  for (const bytes of [frame(1, '{"type":"ping"}', { masked: false }), frame(3, 'x'), large, '\xf1\x80\x00\x00\x00\x00', frame(1, Buffer.from([0xff, 0xfe]))]) {
    const client = await connect();
    client.send(bytes);
    await client.until((c) => c.ended || closeCode(c) !== undefined);
    client.destroy();
  }
});

test('a client that does not read is cut off, and costs no more than its queue', async () => {
  const own = await start('tenon_api_server', { init_ms: 600_000 });
  const [before, files] = [memoryKb(own.pid).now, openFiles(own.pid)];
  const client = await connect(withKey, { port: own.port });
  client.socket.pause();
  for (let i = 0; i < 99; ++i) client.run(`b${i}`, '{ big }');
  await until('it is cut off', () => openFiles(own.pid) === files);
  assert.ok(memoryKb(own.pid).peak - before < 20_000, `${memoryKb(own.pid).peak - before} kB`);
  client.socket.resume();
  await client.until((c) => c.ended);
  client.destroy();
  await own.stop();
});

test('drain closes with 1001', async () => {
  const draining = await start('tenon_api_server', { drain_ms: 600_000 });
  const client = await connect(withKey, { port: draining.port });
  const ended = draining.stop();
  await client.until((c) => closeCode(c) === 1001);
  client.send(frame(8, Buffer.from([3, 233])));
  await client.until((c) => c.ended);
  client.destroy();
  assert.equal((await ended).code, 0);
});
