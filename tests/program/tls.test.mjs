// [database] ca: databases whose certificates an authority of one's own has signed, on both engines.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { engine, onMariadb, Project, until } from './support/project.mjs';

const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
let project, server, port;

// An authority, one in the middle, and a server's certificate for localhost alone.
function certify(folder, name, days = '365') {
  const at = file => join(folder, `${name}-${file}`);
  const names = { authority: `/CN=${name} root`, middle: `/CN=${name} middle`, server: '/CN=localhost' };
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '400', '-subj', names.authority, '-keyout', at('authority.key'), '-out', at('authority.pem'),
    '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=keyCertSign');
  const sign = (what, by, extensions, howLong) => {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', names[what], '-keyout', at(`${what}.key`), '-out', at(`${what}.csr`), ...extensions.flatMap(one => ['-addext', one]));
    openssl('x509', '-req', '-in', at(`${what}.csr`), '-CA', at(`${by}.pem`), '-CAkey', at(`${by}.key`), '-CAcreateserial', '-days', howLong, '-copy_extensions', 'copy', '-out', at(`${what}.pem`));
  };
  sign('middle', 'authority', ['basicConstraints=critical,CA:TRUE', 'keyUsage=keyCertSign'], '400');
  sign('server', 'middle', ['subjectAltName=DNS:localhost'], days);
  project.write(`${name}-chain.pem`, readFileSync(at('server.pem'), 'utf8') + readFileSync(at('middle.pem'), 'utf8'));
  return { authority: `${name}-authority.pem`, chain: at('chain.pem'), key: at('server.key') };
}
// Where the account that runs the server finds them.
function install({ chain, key }) {
  const owner = onMariadb ? 'mysql' : 'postgres';
  const folder = project.dir;
  for (const [from, to] of [[chain, 'tls.crt'], [key, 'tls.key']]) {
    copyFileSync(from, join(folder, to));
    chmodSync(join(folder, to), 0o600);
    if (process.getuid() === 0) execFileSync('chown', [owner, join(folder, to)]);
  }
  return { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
}

before(async () => {
  project = await Project.create({ on: engine, sql: 'CREATE TABLE thing (id int PRIMARY KEY); INSERT INTO thing VALUES (1);', files: { 'api/all.graphql': 'extend type thing @auth(rules: [{ allow: public }])\n' } });
  const made = certify(project.dir, 'ours');
  certify(project.dir, 'theirs');
  const { cert, key } = install(made);
  if (!onMariadb) {
    for (const [name, value] of [['ssl_key_file', key], ['ssl_cert_file', cert], ['ssl', 'on']]) project.sql(`ALTER SYSTEM SET ${name} = '${value}'`);
    project.sql('SELECT pg_reload_conf()');
    port = new URL(project.databaseUrl).port || project.sql('SHOW port');
    return;
  }
  // MariaDB reads certificates when it starts: the same server, with these.
  const pid = project.sql('SELECT @@pid_file');
  const id = readFileSync(pid, 'utf8').trim();
  const [program, ...args] = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').filter(Boolean);
  port = project.sql('SELECT @@port');
  project.check('db', 'stop');
  const { uid, gid } = process.getuid() === 0 ? { uid: Number(execFileSync('id', ['-u', 'mysql'])), gid: Number(execFileSync('id', ['-g', 'mysql'])) } : {};
  server = spawn(program, [...args, `--ssl-cert=${cert}`, `--ssl-key=${key}`], { uid, gid, stdio: 'ignore' });
  await until('the server offers TLS', () => finding('localhost', '') && !/does not offer|refused|not looked/.test(finding('localhost', '').text));
});
after(async () => {
  server?.kill('SIGTERM');
  if (server) await until('the server ends', () => server.exitCode !== null || server.signalCode !== null);
  await project?.remove();
});

const toml = (ca, more = '') => project.write('tenon.toml', `[database]\nurl = "env:DATABASE_URL"\n${onMariadb ? 'provider = "mysql"\n' : ''}${ca ? `ca = "${ca}"\n` : ''}${more}`);
const urlAt = (host, search = '') => { const url = new URL(project.databaseUrl); url.hostname = host; url.port = port; url.search = search; return url.href; };
const env = (host, search) => ({ DATABASE_URL: urlAt(host, search), CA: readFileSync(join(project.dir, 'ours-authority.pem'), 'utf8'), TENON_TEST_KEY: 'k' });
function finding(host, search) {
  const r = project.run(['doctor', '--json'], { env: env(host, search) });
  return JSON.parse(r.stdout).databases[0].findings.find(one => one.check === 'tls');
}

test('with its authority the API is served, from a file and from elsewhere', async () => {
  for (const ca of ['file:ours-authority.pem', 'env:CA']) {
    toml(ca, '[api]\nkeys = ["env:TENON_TEST_KEY"]\n');
    const running = await project.start(['serve', '--port', '0'], { env: env('localhost') }).ready();
    running.key = 'k';
    assert.deepEqual((await running.graphql('{ listThings { items { id } } }')).json, { data: { listThings: { items: [{ id: 1 }] } } });
    await running.stop();
    assert.equal(project.run(['check'], { env: env('localhost') }).status, 0);
  }
});
test('another authority, another host and no authority are refused, with the reason', () => {
  for (const [ca, host, search, reason] of [
    ['file:theirs-authority.pem', 'localhost', '', /certificate|issuer|self-signed|verif/i],
    ['file:ours-authority.pem', '127.0.0.1', '', /127\.0\.0\.1|host ?name|certificate/i],
    ['', 'localhost', '?sslmode=verify-full', /certificate|issuer|self-signed|verif/i],
  ]) {
    toml(ca);
    const r = project.run(['check'], { env: env(host, search) });
    assert.equal(r.status, 1, r.stdout + r.stderr);
    assert.match(r.stderr, /P1011/);
    assert.match(r.stderr, reason);
  }
  toml('file:tenon.toml');
  const none = project.run(['check'], { env: env('localhost') });
  assert.equal(none.status, 1);
  assert.match(none.stderr, /certificate/);
});
test('doctor tells chain and end', () => {
  toml('file:ours-authority.pem');
  assert.equal(finding('localhost').verdict, 'good', JSON.stringify(finding('localhost')));
  assert.match(finding('localhost').text, /^TLSv1\.3, CN=localhost < CN=ours middle, until 20\d\d-\d\d-\d\d\.$/);
  assert.match(finding('127.0.0.1').text, /the certificate is not for 127\.0\.0\.1/);
  toml('file:theirs-authority.pem');
  assert.equal(finding('localhost').verdict, 'bad');
  assert.match(finding('localhost').text, /unable to get (local )?issuer certificate|self-signed certificate in certificate chain/);
});
