#!/usr/bin/env node
// How long from starting the server until the first answer with a row in it, in milliseconds; the median.
// usage: start.mjs TENON URL QUERY [runs]
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createServer } from 'node:net';

const [tenon, url, query, runs = '9'] = process.argv.slice(2);
const key = 'bench-key';
const server = createServer();
const port = await new Promise(done => server.listen(0, '127.0.0.1', () => done(server.address().port)));
server.close();

const ask = () => new Promise(done => {
  const headers = { 'content-type': 'application/json', 'x-api-key': key };
  const request = http.request({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers }, answer => {
    let body = '';
    answer.on('data', piece => { body += piece; });
    answer.on('end', () => done(body));
  });
  request.on('error', () => done(null));
  request.end(JSON.stringify({ query }));
});

const times = [];
for (let run = 0; run < Number(runs); run++) {
  const begin = performance.now();
  const env = { ...process.env, BENCH_KEY: key };
  const child = spawn(tenon, ['serve', '--url', url, '--port', String(port), '--api-key', 'env:BENCH_KEY'], { env, stdio: 'ignore' });
  let answer = null;
  while ((answer = await ask()) === null) await new Promise(done => setTimeout(done, 1));
  times.push(performance.now() - begin);
  if (!answer.startsWith('{"data":')) throw new Error(answer);
  child.kill();
  await new Promise(done => child.on('exit', done));
}
console.log(times.sort((a, b) => a - b)[times.length >> 1].toFixed(0));
