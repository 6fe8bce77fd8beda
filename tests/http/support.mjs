// Starts a test server, speaks to it in raw bytes.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const build = process.env.TENON_BUILD_DIR ?? join(dirname(fileURLToPath(import.meta.url)), '../../build/debug');

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// How long anything may take before it counts as something that never comes, however slow the machine.
const patience = 60_000;

export async function until(what, condition) {
  for (const end = Date.now() + patience; ; await sleep(10)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`gave up waiting: ${what}`);
  }
}

// What a test that failed leaves behind would keep its file from ending.
const children = new Set();
const sockets = new Set();
after(() => {
  children.forEach((child) => child.kill('SIGKILL'));
  sockets.forEach((socket) => socket.destroy());
});

// {port, process, stop(signal) → {code, output}}; options become name=value arguments.
export async function start(program, options = {}) {
  const child = spawn(join(build, 'tests', program), Object.entries(options).map(([k, v]) => `${k}=${v}`));
  children.add(child);
  child.on('exit', () => children.delete(child));
  let output = '';
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, output, errors })));
  const port = await new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => {
      output += data;
      if (output.includes('\n')) resolve(Number(output));
    });
    child.on('error', reject);
    ended.then((end) => reject(new Error(`${program} ended: ${JSON.stringify(end)}`)));
  });
  return {
    port,
    pid: child.pid,
    ended,
    errors: () => errors,
    // One that does not end is killed, and has a signal instead of a code.
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      setTimeout(() => child.kill('SIGKILL'), patience).unref();
      return ended;
    },
  };
}

// Memory of a process in kB, now and at most so far; nothing when it runs under the address sanitizer, which keeps what
// was freed.
export function memoryKb(pid) {
  const read = (name) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${name}:\\s+(\\d+)`))[1]);
  return read('VmSize') > 1e10 ? { now: 0, peak: 0 } : { now: read('VmRSS'), peak: read('VmHWM') };
}

// Sockets and whatever else a process has open.
export const openFiles = (pid) => readdirSync(`/proc/${pid}/fd`).length;

// A socket that collects what it receives.
export function open(port, { allowHalfOpen = true, paused = false } = {}) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
  sockets.add(socket);
  const client = { socket, text: '', ended: false };
  const waiters = new Set();
  const wake = () => waiters.forEach((waiter) => waiter());
  if (!paused) socket.on('data', (data) => ((client.text += data.toString('latin1')), wake()));
  socket.on('end', () => ((client.ended = true), wake()));
  socket.on('error', (error) => (client.error = error));
  socket.on('close', () => (sockets.delete(socket), (client.ended = true), wake()));
  client.send = (data) => (socket.write(data, 'latin1'), client);
  client.until = (condition, ms = patience) =>
    new Promise((resolve, reject) => {
      const check = () => {
        if (!condition(client)) return;
        waiters.delete(check);
        clearTimeout(timer);
        resolve(client);
      };
      const timer = setTimeout(() => reject(new Error(`not within ${ms} ms; received: ${JSON.stringify(client.text.slice(0, 300))}`)), ms);
      waiters.add(check);
      check();
    });
  client.end = () => client.until((c) => c.ended).finally(() => socket.destroy());
  client.destroy = () => socket.destroy();
  return client;
}

// Sends bytes, and resolves to all that came back when the server has closed.
export async function exchange(port, bytes) {
  const client = open(port).send(bytes);
  await client.end();
  return client.text;
}

export const status = (text) => Number(text.match(/^HTTP\/1\.1 (\d{3})/)?.[1]);
export const get = (path, headers = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;
export const post = (path, body, headers = '') =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
