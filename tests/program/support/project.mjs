// A user's project for whole-program tests: a folder, its project-local PostgreSQL, and `tenon` run in it
// exactly as a person would.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const tenonPath = process.env.TENON ?? join(root, 'build/tenon');
// The engine of the project's database: postgresql, or mariadb. What holds for both is one test, run twice.
export const engine = process.env.TENON_TEST_ENGINE ?? 'postgresql';
export const onMariadb = engine === 'mariadb';
const differences = new Set(readFileSync(join(root, 'src/sql/differences.h'), 'utf8').match(/enum class Difference[^}]*/)[0].match(/\b[a-z_]+(?=,)/g));
// Whether the engine of this run has or does it as src/sql/differences.h says of MySQL and MariaDB: what a test expects
// of one engine alone stands behind this question, so that nothing differs without a name.
export function differs(name) {
  if (!differences.has(name)) throw new Error(`${name} is no difference of src/sql/differences.h`);
  return onMariadb;
}
// SQL of a database that is there for both: tests/databases/NAME.sql, and mysql/NAME.sql beside it.
export const databaseSql = name => readFileSync(join(root, 'tests/databases', onMariadb ? 'mysql' : '.', `${name}.sql`), 'utf8');
// As tenon.toml and schema files say it, and what tenon.toml of such a project begins with.
export const provider = onMariadb ? 'mysql' : 'postgresql';
export const engineToml = onMariadb ? '[database]\nprovider = "mysql"\n' : '';
// What is written otherwise on the two.
export const either = (postgres, mariadb) => (onMariadb ? mariadb : postgres);
export const sleep = ms => new Promise(done => setTimeout(done, ms));
// A file that hangs fails by its name, and the ones behind it still run.
setTimeout(() => { console.error('gave up: twenty minutes'); process.exit(1); }, 1_200_000).unref();

// What has not come by then never comes, however slow the machine.
const patience = 90_000;

export async function until(what, condition, ms = patience) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`gave up waiting: ${what}`);
    await sleep(30);
  }
}

// Until it holds twenty times in a row: each worker has pools of its own, and tries a database again after a pause of its own.
export function steadily(what, condition) {
  let inRow = 0;
  return until(what, async () => (inRow = (await condition()) ? inRow + 1 : 0) >= 20);
}

// A port that nobody listens at, and that the system gives to nobody who asks for any.
export async function quietPort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000), server = createServer();
    const free = await new Promise(done => server.on('error', () => done(false)).listen(port, '127.0.0.1', () => done(true)));
    if (!free) continue;
    await new Promise(done => server.close(done));
    return port;
  }
}

// A running `tenon serve` or `tenon dev`.
export class Server {
  constructor(process, cwd) {
    this.process = process; this.cwd = cwd; this.output = ''; this.exit = null;
    process.stdout.on('data', d => (this.output += d));
    process.stderr.on('data', d => (this.output += d));
    process.on('exit', (code, signal) => (this.exit = { code, signal }));
  }
  async ready() {
    const match = await until('the server listens', () => {
      if (this.exit) throw new Error(`tenon ended: ${JSON.stringify(this.exit)}\n${this.output}`);
      return /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(this.output);
    });
    this.url = match[1] + '/graphql'; this.origin = match[1];
    await until('the server is ready', async () => (await fetch(this.origin + '/readyz').catch(() => null))?.ok);
    return this;
  }
  // One GraphQL request; returns { status, json, headers }.
  async graphql(query, variables, { headers = {}, key = this.key, ...rest } = {}) {
    const response = await fetch(this.url, { method: 'POST', body: JSON.stringify({ query, variables, ...rest }),
      headers: { 'content-type': 'application/json', accept: 'application/json', ...(key ? { 'x-api-key': key } : {}), ...headers } });
    const text = await response.text();
    let json; try { json = JSON.parse(text); } catch { json = undefined; }
    return { status: response.status, json, text, headers: response.headers };
  }
  async stop(signal = 'SIGTERM') {
    if (this.exit) return this.exit;
    this.process.kill(signal);
    return until('the server ends', () => this.exit);
  }
}

export class Project {
  // sql: text run in the fresh database. files: { 'api/blog.graphql': '…' }. on: its engine.
  static async create({ sql = '', files = {}, database = true, on = 'postgresql' } = {}) {
    const project = new Project(mkdtempSync(join(tmpdir(), 'tenon-test-')));
    project.engine = on;
    if (on === 'mariadb') project.write('tenon.toml', '[database]\nprovider = "mysql"\n');
    for (const [name, text] of Object.entries(files)) project.write(name, text);
    if (database) {
      project.check('db', 'start');
      project.databaseUrl = project.check('db', 'url').trim();
      if (sql) project.sql(sql);
    }
    return project;
  }
  // Open to the account that runs the server when the tests run as root, so that all data lies in the folder.
  constructor(dir) { chmodSync(dir, 0o755); this.dir = dir; this.servers = []; this.children = new Set(); }

  // At once: whoever watches the file never sees it empty.
  write(name, text) {
    mkdirSync(dirname(join(this.dir, name)), { recursive: true });
    writeFileSync(join(this.dir, '.unfinished'), text);
    renameSync(join(this.dir, '.unfinished'), join(this.dir, name));
  }
  read(name) { return readFileSync(join(this.dir, name), 'utf8'); }
  // Runs tenon to its end: { status, stdout, stderr }.
  run(args, { env = {}, input } = {}) {
    return spawnSync(tenonPath, args, { cwd: this.dir, encoding: 'utf8', input, timeout: 300_000, env: { ...process.env, NO_COLOR: '1', ...env }, maxBuffer: 1 << 28 });
  }
  // The same, but failure is an exception.
  check(...args) {
    const r = this.run(args);
    if (r.status !== 0) throw new Error(`tenon ${args.join(' ')} ended with ${r.status ?? r.signal}\n${r.stdout}${r.stderr}`);
    return r.stdout;
  }
  sql(text, url = this.databaseUrl) {
    if (this.engine === 'mariadb') {
      const database = url === this.databaseUrl ? [] : [new URL(url).pathname.slice(1)];
      const r = this.run(['db', 'shell', '--', '-N', '--raw', '--default-character-set=utf8mb4', ...database], { input: text });
      if (r.status !== 0) throw new Error(r.stderr);
      return r.stdout.trim();
    }
    const r = spawnSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', url], { input: text, encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' }, maxBuffer: 1 << 28 });
    if (r.status !== 0) throw new Error(r.stderr);
    return r.stdout.trim();
  }
  // A process that ends with the project at the latest: one that a failed test leaves behind would keep its file from ending.
  // `ended` waits until all its output is here, and is its exit code or the signal.
  spawn(command, args, options) {
    const child = spawn(command, args, { cwd: this.dir, env: { ...process.env, NO_COLOR: '1' }, ...options });
    let end;
    this.children.add(child);
    child.on('close', (code, signal) => { this.children.delete(child); end = { status: signal ?? code }; });
    child.stdin?.on('error', () => {});
    child.ended = async () => (await until(`the end of ${command} ${args.join(' ')}`, () => end, 300_000)).status;
    return child;
  }
  // The engine's own client, which takes statements one by one and answers each at once.
  shell(url = this.databaseUrl) {
    const database = url === this.databaseUrl ? [] : [new URL(url).pathname.slice(1)];
    const [command, ...args] = this.engine === 'mariadb' ? [tenonPath, 'db', 'shell', '--', '-N', '--unbuffered', ...database] : ['psql', '-XAtq', url];
    return this.spawn(command, args);
  }
  // The same, when these statements are done.
  async session(statements, url) {
    const child = this.shell(url);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', data => { output += data; });
    child.stdin.write([...statements, "SELECT 'ready';"].join('\n') + '\n');
    await until(`a session: ${statements}`, () => output.includes('ready') || (child.exitCode !== null && assert.fail(output)));
    return { close() { child.stdin.end(); return child.ended(); } };
  }
  // From now on inserting a post takes a while, where its title is `title` if one is given; how many wait so.
  slowPosts(seconds, title) {
    if (this.engine === 'mariadb')
      return this.sql(`CREATE OR REPLACE TRIGGER slow BEFORE INSERT ON post FOR EACH ROW SET @slept = ${title ? `IF(NEW.title = '${title}', SLEEP(${seconds}), 0)` : `SLEEP(${seconds})`}`);
    return this.sql(`CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(${seconds}); RETURN NEW; END $$;
      CREATE OR REPLACE TRIGGER slow BEFORE INSERT ON post FOR EACH ROW ${title ? `WHEN (NEW.title = '${title}')` : ''} EXECUTE FUNCTION slow()`);
  }
  // Until the session with these statements ends, the rows of a table are read and not written; how many sessions wait for that.
  lockTable(name) { return this.engine === 'mariadb' ? [`LOCK TABLES ${name} READ;`] : ['BEGIN;', `LOCK TABLE ${name} IN SHARE MODE;`]; }
  waiting() {
    return Number(this.sql(this.engine === 'mariadb' ? "SELECT count(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'"
      : "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"));
  }
  sleeping() {
    return Number(this.sql(this.engine === 'mariadb' ? "SELECT count(*) FROM information_schema.processlist WHERE state = 'User sleep'"
      : "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"));
  }
  // Connections of others than whoever asks.
  connections() {
    return Number(this.sql(this.engine === 'mariadb' ? "SELECT count(*) FROM information_schema.processlist WHERE command <> 'Daemon' AND id <> connection_id()"
      : "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tenon%' AND state IS NOT NULL AND backend_type = 'client backend'"));
  }
  // One statement with one line of result each, over a few connections at a time.
  async sqlLines(statements, url = this.databaseUrl) {
    const share = Math.ceil(statements.length / 4), parts = [];
    for (let i = 0; i < statements.length; i += share) parts.push(statements.slice(i, i + share));
    const run = part => new Promise((done, fail) => {
      const psql = this.spawn('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', url]);
      let out = '', err = '';
      psql.stdout.setEncoding('utf8').on('data', d => (out += d)); psql.stderr.on('data', d => (err += d));
      psql.on('close', code => (code === 0 ? done(out.trimEnd().split('\n')) : fail(new Error(err))));
      psql.stdin.end(part.join('\n'));
    });
    return (await Promise.all(parts.map(run))).flat();
  }
  start(args, { env = {} } = {}) {
    const server = new Server(this.spawn(tenonPath, args, { env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] }), this.dir);
    this.servers.push(server);
    return server;
  }
  async serve({ args = [], env = {}, key = 'test-key' } = {}) {
    const server = this.start(['serve', '--url', this.databaseUrl, '--port', '0', '--api-key', 'env:TENON_TEST_KEY', ...args], { env: { TENON_TEST_KEY: key, ...env } });
    server.key = key;
    return server.ready();
  }
  async dev({ args = [], env = {} } = {}) {
    const server = await this.start(['dev', '--port', '0', ...args], { env }).ready();
    server.key = this.read('.tenon/dev-key').trim();
    return server;
  }
  // A second server over the same database, in a folder of its own with this tenon.toml.
  async beside(toml) {
    this.neighbour = await Project.create({ database: false, files: { 'tenon.toml': toml } });
    return this.neighbour.dev({ args: ['--url', this.databaseUrl] });
  }
  async remove() {
    await this.neighbour?.remove();
    for (const child of this.children) child.kill('SIGKILL');
    for (const server of this.servers) await server.stop('SIGKILL').catch(() => {});
    this.run(['db', 'stop']);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
