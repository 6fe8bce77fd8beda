// What clients, slow ones and hostile ones, can do to the HTTP server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { exchange, get, memoryKb, open, openFiles, post, sleep, start, status, until } from './support.mjs';

const close = 'Connection: close\r\n';
// Nobody is cut off because the machine stood still; whoever is meant to be asks a server of its own.
const patient = { header_ms: 600_000, body_ms: 600_000, idle_ms: 600_000, write_ms: 600_000, drain_ms: 600_000 };
let server;
let port;
before(async () => ({ port } = server = await start('tenon_net_server', { ...patient, header_bytes: 4096, body_bytes: 100_000, threads: 2 })));
after(() => server.stop());
async function impatient(options, use) {
  const own = await start('tenon_net_server', { ...patient, ...options });
  await use(own);
  assert.equal((await own.stop()).code, 0);
}

const alive = async () => assert.match(await exchange(port, get('/hello', close)), /Hello, world!$/);

test('answers, with date, length and request id', async () => {
  const text = await exchange(port, get('/hello', close));
  assert.match(text, /^HTTP\/1\.1 200 OK\r\ndate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\r\n/);
  assert.match(text, /\r\ncontent-length: 13\r\n/);
  assert.match(text, /\r\nx-request-id: [0-9a-f]{16}-[0-9a-f]+\r\n/);
  assert.match(text, /\r\nconnection: close\r\n/);
});

test('a sane request id comes back, another is replaced', async () => {
  assert.match(await exchange(port, get('/hello', close + 'X-Request-Id: abc.1-2\r\n')), /x-request-id: abc\.1-2\r\n/);
  assert.match(await exchange(port, get('/hello', close + 'X-Request-Id: a b"<>\r\n')), /x-request-id: [0-9a-f]{16}-/);
  assert.match(await exchange(port, get('/hello', close + `X-Request-Id: ${'x'.repeat(200)}\r\n`)), /x-request-id: [0-9a-f]{16}-/);
});

test('twenty pipelined requests are answered in order', async () => {
  const paths = Array.from({ length: 20 }, (_, i) => `/path?n=${i}`);
  const client = open(port).send(paths.map((p) => get(p)).join(''));
  await client.until((c) => c.text.includes('n=19'));
  assert.deepEqual([...client.text.matchAll(/\/path\?n=(\d+)/g)].map((m) => Number(m[1])), paths.map((_, i) => i));
  client.destroy();
});

test('pipelined behind a slow one, still in order', async () => {
  const client = open(port).send(get('/slow?ms=200') + get('/hello', close));
  await client.end();
  assert.match(client.text, /slept[^]*Hello, world!$/);
});

test('a body in one byte pieces, and in chunks', async () => {
  const client = open(port);
  client.socket.setNoDelay();
  for (const c of post('/echo', 'piecemeal', close)) {
    client.send(c);
    await sleep(1);
  }
  await client.end();
  assert.match(client.text, /piecemeal$/);
  const chunked = `POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n${close}\r\n4\r\nwiki\r\n5;ext=1\r\npedia\r\n0\r\nTrailer: x\r\n\r\n`;
  assert.match(await exchange(port, chunked), /\r\n\r\nwikipedia$/);
});

test('a large body arrives whole', async () => {
  const body = 'abcdefghij'.repeat(9_000);
  assert.ok((await exchange(port, post('/echo', body, close))).endsWith(body));
});

test('bad chunks are refused', async () => {
  const head = 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  for (const body of ['zz\r\n', '-1\r\n', '5\r\nabcdeXX\r\n\r\n', '\r\n', 'ffffffffffffffffff\r\n']) {
    assert.equal(status(await exchange(port, head + body)), 400, body);
  }
});

test('Expect: 100-continue', async () => {
  const head = `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n${close}\r\n`;
  const client = open(port).send(head);
  await client.until((c) => c.text === 'HTTP/1.1 100 Continue\r\n\r\n');
  client.send('hello');
  await client.end();
  assert.match(client.text, /hello$/);
  const large = head.replace('5', '100001');
  assert.equal(status(await exchange(port, large)), 413, 'refused before it is sent');
});

test('HTTP/1.0: closes, unless asked to keep alive', async () => {
  assert.match(await exchange(port, 'GET /hello HTTP/1.0\r\n\r\n'), /connection: close[^]*Hello, world!$/);
  const client = open(port).send('GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
  await client.until((c) => c.text.endsWith('world!'));
  assert.match(client.text, /connection: keep-alive/);
  client.send('GET /path HTTP/1.0\r\n\r\n');
  await client.end();
  assert.match(client.text, /\/path$/);
});

test('HEAD has the length and no body', async () => {
  const text = await exchange(port, get('/hello', close).replace('GET', 'HEAD'));
  assert.match(text, /content-length: 13\r\n[^]*\r\n\r\n$/);
});

test('an oversized header is 431, an oversized body 413, and both clients get to read it', async () => {
  assert.equal(status(await exchange(port, get('/hello', `X: ${'x'.repeat(5000)}\r\n`))), 431);
  assert.equal(status(await exchange(port, 'GET /' + 'x'.repeat(50_000))), 431);
  assert.equal(status(await exchange(port, post('/echo', 'x'.repeat(2_000_000)))), 413);
  const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
  assert.equal(status(await exchange(port, `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}`)), 413);
});

test('what two servers may read differently is refused', async () => {
  for (const headers of ['Content-Length: 1\r\nContent-Length: 2', 'Content-Length: 1\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 1', 'Transfer-Encoding: gzip, chunked', 'Content-Length: 1x', 'Content-Length : 1', 'Host: b']) {
    const text = await exchange(port, `POST /echo HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 (400|501) /, headers);
    assert.doesNotMatch(text, /world/, headers);
  }
});

test('garbage is refused and harms nobody', async () => {
  let seed = 42;
  const random = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 8;
  const garbage = Array.from({ length: 50 }, () => Array.from({ length: 20 + (random() % 200) }, () => String.fromCharCode(random() & 255)).join('') + '\r\n\r\n');
  const tls = '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03' + '\x00'.repeat(160) + '\r\n';
  await Promise.all([tls, ...garbage].map(async (bytes) => assert.ok(status(await exchange(port, bytes)) >= 400)));
  await alive();
});

test('an exception of a handler is a 500', async () => assert.equal(status(await exchange(port, get('/throw'))), 500));

test('slow loris: a header in drops is cut off', () =>
  impatient({ header_ms: 300 }, async ({ port }) => {
    const client = open(port).send('GET / HTTP/1.1\r\n');
    const drops = setInterval(() => client.socket.writable && client.send('X: y\r\n'), 50);
    await client.until((c) => c.ended).finally(() => clearInterval(drops));
    client.destroy();
    assert.equal(status(client.text), 408);
  }));

test('a body that stops coming is cut off', () =>
  impatient({ body_ms: 300 }, async ({ port }) => {
    assert.equal(status(await exchange(port, 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')), 408);
  }));

test('an idle connection is closed without a word, also one that never spoke', () =>
  impatient({ idle_ms: 500 }, async ({ port }) => {
    assert.equal(await exchange(port, ''), '');
    // Where the machine stood still in the wrong moment, the question comes too late.
    const answer = await until('an answer in time', () => exchange(port, get('/hello')));
    assert.match(answer, /world!$/);
  }));

test('a reader that does not read is dropped, and holds no more than its answer', () =>
  impatient({ write_ms: 400 }, async ({ port, pid }) => {
    const [before, files] = [memoryKb(pid).now, openFiles(pid)];
    const clients = Array.from({ length: 4 }, () => open(port, { paused: true }).send(get('/big?bytes=30000000')));
    await until('all are dropped', () => clients.every((c) => c.socket.bytesRead > 0) && openFiles(pid) === files);
    for (const client of clients) {
      client.socket.resume();
      await client.until((c) => c.ended);
      assert.ok(client.socket.bytesRead < 20_000_000, 'cut off');
      client.destroy();
    }
    assert.ok(memoryKb(pid).peak - before < 4 * 30_000 + 20_000, `${memoryKb(pid).peak} kB at most`);
    await until('the answers are gone', () => memoryKb(pid).now - before < 40_000);
  }));

test('a reader that is slow but reads gets everything', async () => {
  const bytes = 30_000_000;
  // It takes longer than a reader may stand still. Where the machine stands still for so long, that has to be longer.
  const attempt = (write_ms) =>
    impatient({ write_ms }, async ({ port }) => {
      const client = open(port, { paused: true }).send(get(`/big?bytes=${bytes}`, close));
      const begin = Date.now();
      received = 0;
      client.socket.on('data', (data) => {
        received += data.length;
        const early = (write_ms * 1.5 * received) / bytes - (Date.now() - begin);
        if (early <= 0) return;
        client.socket.pause();
        setTimeout(() => client.socket.resume(), early);
      });
      await client.until((c) => c.ended);
      client.destroy();
      assert.ok(received < bytes || Date.now() - begin > write_ms);
    });
  let received = 0;
  for (const write_ms of [600, 3000, 12_000]) if (received < bytes) await attempt(write_ms);
  assert.ok(received > bytes, `${received}`);
});

test('a client that has shut down its sending side is answered', async () => {
  const client = open(port);
  client.socket.end(get('/hello'));
  await client.until((c) => c.ended);
  assert.match(client.text, /world!$/);
});

const counts = async () => (await exchange(port, get('/counts', close))).match(/(\d+) (\d+)$/).slice(1).map(Number);

test('a client that leaves cancels its request', async () => {
  const [started, cancelled] = await counts();
  for (const [i, leave] of [(s) => s.destroy(), (s) => s.resetAndDestroy?.() ?? s.destroy(), (s) => s.end()].entries()) {
    const client = open(port).send(get('/slow'));
    await until('it runs', async () => (await counts())[0] === started + i + 1);
    leave(client.socket);
    await until('it is cancelled', async () => (await counts())[1] === cancelled + i + 1);
  }
  assert.deepEqual(await counts(), [started + 3, cancelled + 3]);
});

test('a client that leaves behind a pipelined request cancels too', async () => {
  const [started, cancelled] = await counts();
  const client = open(port).send(get('/slow') + get('/hello'));
  await until('it runs', async () => (await counts())[0] === started + 1);
  client.destroy();
  await until('it is cancelled', async () => (await counts())[1] === cancelled + 1);
});

test('two thousand connections at once', async () => {
  const clients = Array.from({ length: 2000 }, () => open(port).send(get('/slow?ms=300', close)));
  await Promise.all(clients.map((client) => client.until((c) => c.text.includes('slept'))));
  clients.forEach((client) => client.destroy());
  await alive();
});

test('connections over the cap are told so', async () => {
  const small = await start('tenon_net_server', { connections: 2 });
  const held = [open(small.port).send(get('/hello')), open(small.port).send(get('/hello'))];
  await Promise.all(held.map((c) => c.until((x) => x.text.includes('world!'))));
  assert.equal(status(await exchange(small.port, get('/hello'))), 503);
  held.forEach((c) => c.destroy());
  await until('there is room again', async () => status(await exchange(small.port, get('/hello', close))) === 200);
  await small.stop();
});

test('gzip for who asks, when it is worth it', async () => {
  const always = await start('tenon_net_server', { compression: 2 });
  const fetchRaw = async (path, headers) => {
    const chunks = [];
    const client = open(always.port, { paused: true }).send(get(path, close + headers));
    client.socket.on('data', (data) => chunks.push(data));
    await client.until((c) => c.ended);
    const all = Buffer.concat(chunks);
    const cut = all.indexOf('\r\n\r\n');
    client.destroy();
    return [all.subarray(0, cut).toString(), all.subarray(cut + 4)];
  };
  const [head, body] = await fetchRaw('/big?bytes=5000', 'Accept-Encoding: br, gzip\r\n');
  assert.match(head, /content-encoding: gzip\r\nvary: accept-encoding/);
  assert.equal(gunzipSync(body).toString(), 'x'.repeat(5000));
  assert.doesNotMatch((await fetchRaw('/big?bytes=5000', ''))[0], /content-encoding/);
  assert.doesNotMatch((await fetchRaw('/big?bytes=100', 'Accept-Encoding: gzip\r\n'))[0], /content-encoding/);
  await always.stop();
  assert.doesNotMatch(await exchange(port, get('/big?bytes=5000', close + 'Accept-Encoding: gzip\r\n')), /content-encoding/, 'not on loopback');
});

test('a port in use is refused with a reason', async () => {
  await assert.rejects(start('tenon_net_server', { port }), /TN5001.*in use/);
});

const running = (port) => until('the request runs', async () => /\b1 0$/.test(await exchange(port, get('/counts', close))));

test('drain: requests in flight finish, idle connections close, new ones are refused', async () => {
  const draining = await start('tenon_net_server', { ...patient, threads: 2 });
  const idle = open(draining.port).send(get('/hello'));
  await idle.until((c) => c.text.includes('world!'));
  const busy = open(draining.port).send(get('/slow'));
  await running(draining.port);
  const ended = draining.stop();
  await idle.until((c) => c.ended);
  // The other worker may only now close the socket it listens on, or what it has just accepted.
  for (let refused; refused?.error?.code !== 'ECONNREFUSED'; refused.destroy()) {
    refused = open(draining.port);
    await refused.until((c) => c.ended);
    assert.equal(refused.text, '');
  }
  await busy.until((c) => c.text.includes('slept'));
  assert.match(busy.text, /connection: close/);
  busy.destroy();
  idle.destroy();
  assert.equal((await ended).code, 0);
});

test('drain: an answer that began before it arrives whole, and nothing is waited for behind it', async () => {
  const draining = await start('tenon_net_server', patient);
  const client = open(draining.port, { paused: true }).send(get('/big?bytes=30000000'));
  await until('the answer begins', () => client.socket.bytesRead > 0);
  const ended = draining.stop();
  await until('it drains', async () => {
    const late = await open(draining.port).until((c) => c.ended);
    return late.error?.code === 'ECONNREFUSED';
  });
  client.socket.resume();
  await client.until((c) => c.ended);
  assert.ok(client.socket.bytesRead > 30_000_000);
  client.destroy();
  assert.equal((await ended).code, 0);
});

test('drain: what takes too long is cancelled', async () => {
  const draining = await start('tenon_net_server', { ...patient, drain_ms: 300 });
  const busy = open(draining.port).send(get('/slow?ms=600000'));
  await running(draining.port);
  const { code, output } = await draining.stop();
  assert.equal(code, 0);
  assert.match(output, /open=0 /);
  busy.destroy();
});
