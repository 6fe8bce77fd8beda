#!/usr/bin/env node
// Lists in lists with many round trips and with one: what a client waits, and what the database works, for
// each request. A proxy that delays stands for the distance; without one there is none between.
// usage: node bench/far.mjs --url URL [--delay MS (each way)] [--requests N] [operation …]
// URL is a TCP address of the sample shop (bench/run.sh loads one); the database's work is measured when it
// runs on this machine.
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { proxy } from '../tests/program/support/proxy.mjs';
import { body, doc, loadOps, root } from './bin/lib.mjs';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: {
  url: { type: 'string' }, delay: { type: 'string', default: '2' }, requests: { type: 'string', default: '200' }, tenon: { type: 'string', default: join(root, '../build/tenon') } } });
if (!options.url) { console.error('usage: node bench/far.mjs --url URL [--delay MS] [--requests N] [operation …]'); process.exit(2); }
const wanted = positionals.length > 0 ? positionals : ['r04_tree', 'r05_deep', 'r06_m2m', 'r10_nested_aggregate', 'r12_page_count'];
const requests = Number(options.requests), delay = Number(options.delay);
const operations = (await loadOps(root)).filter(op => wanted.includes(op.name));
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const url = new URL(options.url);
const between = await proxy({ host: url.hostname, port: Number(url.port || 5432) });

const started = [];
process.on('exit', () => { for (const { child, folder } of started) { child.kill(); rmSync(folder, { recursive: true, force: true }); } });
async function serve(roundTrips, at, name) {
  const folder = mkdtempSync(join(tmpdir(), 'tenon-far-'));
  writeFileSync(join(folder, 'tenon.toml'), `[database]\nschemas = ["bench"]\nround_trips = "${roundTrips}"\n`);
  mkdirSync(join(folder, 'api'));
  for (const model of ['country', 'customer', 'category', 'tag', 'product', 'product_tag', 'orders', 'order_line', 'room', 'message'])
    writeFileSync(join(folder, `api/${model}.graphql`), `extend type ${model} @auth(rules: [{ allow: public }])\n`);
  const target = new URL(at);
  target.searchParams.set('application_name', name);
  const child = spawn(options.tenon, ['serve', '--url', target.href, '--port', '0', '--threads', '1', '--api-key', 'env:KEY'], { cwd: folder, env: { ...process.env, KEY: 'k' } });
  started.push({ child, folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', d => (output += d));
  for (let i = 0; i < 400; i++) {
    const port = /http:\/\/127\.0\.0\.1:(\d+)\/graphql/.exec(output)?.[1];
    if (port) return { port, name };
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error(output);
}
const ask = (server, text) => new Promise((done, fail) => {
  const request = http.request({ agent, host: '127.0.0.1', port: server.port, path: '/graphql', method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': 'k' } }, answer => {
    let got = '';
    answer.on('data', piece => (got += piece)).on('end', () => (got.includes('"errors"') ? fail(new Error(got.slice(0, 500))) : done(got)));
  });
  request.on('error', fail).end(text);
});

// CPU microseconds of the database's processes that serve this server.
function databaseTime(server) {
  const pids = spawnSync('psql', ['-XAtq', options.url, '-c', `SELECT pid FROM pg_stat_activity WHERE application_name = '${server.name}'`], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
  try { return pids.reduce((sum, pid) => sum + Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000, 0); } catch { return NaN; }
}
// What the fastest tenth takes: a machine that is busy with other things adds to the others.
const fast = list => list.sort((a, b) => a - b)[Math.floor(list.length / 10)];

// In turns, so that both meet the same moments of the machine; of the work the least of a few turns.
async function measure(servers, bodies) {
  const times = servers.map(() => []), work = servers.map(() => Infinity), turns = 8;
  for (let turn = 0; turn <= turns; turn++)
    for (const [s, server] of servers.entries()) {
      const before = databaseTime(server), each = Math.ceil(requests / turns);
      for (let i = 0; i < each; i++) {
        const start = performance.now();
        await ask(server, bodies[i % bodies.length]);
        if (turn > 0) times[s].push(performance.now() - start);
      }
      if (turn > 0) work[s] = Math.min(work[s], (databaseTime(server) - before) / each);
    }
  return servers.map((_, s) => ({ ms: fast(times[s]), us: work[s] }));
}

const through = new URL(options.url);
through.hostname = '127.0.0.1';
through.port = between.port;
const near = [await serve('many', options.url, 'near-many'), await serve('one', options.url, 'near-one')];
const far = [await serve('many', through.href, 'far-many'), await serve('one', through.href, 'far-one')];
console.log(`| operation            | near, many: ms | one: ms | db µs, many | one |    ÷ | ${2 * delay} ms away, many: ms | one: ms |\n| -------------------- | -------------: | ------: | ----------: | --: | ---: | --------------------: | ------: |`);
for (const op of operations) {
  const bodies = op.vars.map(v => body(doc(root, 'tenon', op.name), v));
  for (const text of bodies) {
    const answers = await Promise.all([...near, ...far].map(server => ask(server, text)));
    if (new Set(answers).size !== 1) throw new Error(`${op.name}: the answers differ`);
  }
  between.delay = 0;
  const [a, b] = await measure(near, bodies);
  between.delay = delay;
  const [c, d] = await measure(far, bodies);
  between.delay = 0;
  console.log(`| ${op.name.padEnd(20)} | ${a.ms.toFixed(2)} | ${b.ms.toFixed(2)} | ${a.us.toFixed(0)} | ${b.us.toFixed(0)} | ${(b.us / a.us).toFixed(2)} | ${c.ms.toFixed(2)} | ${d.ms.toFixed(2)} |`);
}
between.close();
process.exit(0);
