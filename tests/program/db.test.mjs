// `tenon db`: the project-local PostgreSQL, as a person uses it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, sleep, until } from './support/project.mjs';

let project;
before(async () => { project = await Project.create({ database: false }); });
after(() => project.remove());
const status = () => JSON.parse(project.check('db', 'status', '--json'));

test('status before anything exists', () => {
  assert.equal(status().state, 'absent');
});
test('url and shell without a server say what to do', () => {
  const r = project.run(['db', 'url']);
  assert.notEqual(r.status, 0);
  assert.match(r.stderr, /TN2004/);
  assert.match(r.stderr, /tenon db start/);
});
test('start creates a cluster; a second start finds it running', () => {
  project.check('db', 'start');
  const first = status();
  assert.equal(first.state, 'running');
  project.check('db', 'start');
  assert.equal(status().pid, first.pid);
  assert.equal(project.sql('SELECT 1', project.check('db', 'url').trim()), '1');
});
test('the url works only with its password', () => {
  const url = new URL(project.check('db', 'url').trim());
  assert.ok(url.password.length >= 16);
  url.password = 'wrong';
  assert.throws(() => project.sql('SELECT 1', url.href), /password authentication failed/);
});
test('data survives stop and start', () => {
  project.sql('CREATE TABLE kept (n int PRIMARY KEY); INSERT INTO kept VALUES (7)', project.check('db', 'url').trim());
  project.check('db', 'stop');
  assert.equal(status().state, 'stopped');
  project.check('db', 'start');
  assert.equal(project.sql('SELECT n FROM kept', project.check('db', 'url').trim()), '7');
});
test('kill -9 of the server: the next start recovers', async () => {
  const { pid } = status();
  process.kill(pid, 'SIGKILL');
  await until('the server is gone', () => { try { process.kill(pid, 0); return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')); } catch { return true; } });
  project.check('db', 'start');
  assert.notEqual(status().pid, pid);
  assert.equal(project.sql('SELECT n FROM kept', project.check('db', 'url').trim()), '7');
});
test('kill -9 of tenon while it creates a cluster: the next start finishes', async () => {
  const fresh = await Project.create({ database: false });
  try {
    for (const delay of [50, 200, 500, 900]) {
      const half = fresh.start(['db', 'start']);
      await new Promise(done => setTimeout(done, delay));
      half.process.kill('SIGKILL');
    }
    fresh.check('db', 'start');
    assert.equal(fresh.sql('SELECT 1', fresh.check('db', 'url').trim()), '1');
  } finally { await fresh.remove(); }
});
test('no PostgreSQL installed: the message names the package', async () => {
  const fresh = await Project.create({ database: false });
  const r = fresh.run(['db', 'start'], { env: { TENON_POSTGRES_BIN: '/nonexistent', PATH: '/nonexistent' } });
  await fresh.remove();
  assert.notEqual(r.status, 0);
  assert.match(r.stderr, /TN2001/);
  assert.match(r.stderr, /postgresql/);
});
test('the server does not run as root', { skip: process.getuid() !== 0 }, () => {
  const owner = /Uid:\s+(\d+)/.exec(readFileSync(`/proc/${status().pid}/status`, 'utf8'))[1];
  assert.notEqual(owner, '0');
});
test('shell runs psql', () => {
  const r = project.run(['db', 'shell'], { input: 'SELECT 6 * 7 AS answer;\n' });
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stdout, /42/);
});
test('reset gives an empty database', () => {
  project.check('db', 'reset', '--yes');
  assert.equal(project.sql("SELECT to_regclass('kept') IS NULL", project.check('db', 'url').trim()), 't');
});
test('nothing secret is readable by others', () => {
  const r = project.run(['db', 'status']);
  assert.doesNotMatch(r.stdout + r.stderr, new RegExp(new URL(project.check('db', 'url').trim()).password));
});

// Where the cluster lies: beside the project's other files, or where the server's account can enter.
function clusterHome(dir) {
  const folder = join(dir, '.tenon/postgres');
  return existsSync(join(folder, 'location')) ? readFileSync(join(folder, 'location'), 'utf8').trim() : folder;
}
test('processes of a dead server that cannot be ended are TN2005', async () => {
  const other = await Project.create();
  try {
    other.check('db', 'stop');
    const file = join(clusterHome(other.dir), 'running');
    const holder = spawn('flock', [file, 'sleep', '600'], { cwd: '/', detached: true, stdio: 'ignore' });
    try {
      await until('the lock is held', () => spawnSync('flock', ['--nonblock', file, 'true']).status !== 0);
      const r = other.run(['db', 'start']);
      assert.equal(r.status, 1);
      assert.match(r.stderr, /TN2005/);
    } finally {
      process.kill(-holder.pid);
    }
    await until('the lock is free', () => other.run(['db', 'start']).status === 0);
  } finally {
    await other.remove();
  }
});
test('root without an account for the server is TN2006', { skip: process.getuid() !== 0 && 'only root can be without one' }, async () => {
  const other = await Project.create({ database: false });
  mkdirSync(join(other.dir, '.tenon/postgres/data'), { recursive: true });
  chownSync(join(other.dir, '.tenon/postgres/data'), 54321, 54321); // nobody's
  const r = other.run(['db', 'start']);
  assert.equal(r.status, 1);
  assert.match(r.stderr, /TN2006/);
  await other.remove();
});
