// `tenon doctor`: each thing that can stand between here and the database, caused and then found.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, databaseSql, engine, onMariadb, until } from './support/project.mjs';

let project;
before(async () => {
  project = await Project.create({ sql: databaseSql('blog'), on: engine });
});
after(() => project.remove());

// The findings of one run: { status, of(check), all }.
function examine(...args) {
  const r = project.run(['doctor', '--json', ...args]);
  assert.notEqual(r.stdout, '', r.stderr);
  const report = JSON.parse(r.stdout);
  const all = report.databases.flatMap(d => d.findings);
  assert.equal(report.healthy, r.status === 0);
  return { status: r.status, all, of: check => all.find(f => f.check === check), every: check => all.filter(f => f.check === check), text: r.stdout };
}
// The project's URL with another user, host or port.
function url(change) { const parsed = new URL(project.databaseUrl); change(parsed); return parsed.toString(); }

test('a healthy database has nothing in the way', () => {
  const found = examine();
  assert.equal(found.status, 0, found.text);
  for (const check of ['port', 'tls', 'credentials', 'version', 'distance', 'clock', 'connections', 'privileges'])
    assert.ok(found.of(check), `${check} is missing in ${found.text}`);
  assert.equal(found.of('credentials').verdict, 'good');
  assert.equal(found.of('privileges').verdict, 'good');
  assert.equal(found.of('clock').verdict, 'good');
  assert.match(found.of('version').text, onMariadb ? /MariaDB/ : /PostgreSQL/);
});
test('the table for people has a mark for each line and says how it ends', () => {
  const r = project.run(['doctor']);
  assert.equal(r.status, 0, r.stdout + r.stderr);
  assert.match(r.stdout, /^ {2}✓ credentials {3}\S+ is let in\.$/m);
  assert.match(r.stdout, /^✓ Nothing stands in the way/m);
});
test('a name that leads nowhere', () => {
  const found = examine('--url', url(u => (u.host = 'no-such-host.invalid:5999')));
  assert.equal(found.status, 3);
  assert.equal(found.of('name').verdict, 'bad');
  assert.match(found.of('name').remedy, /DNS/);
  assert.equal(found.of('credentials').verdict, 'skipped');
});
test('a port at which nobody listens', () => {
  const found = examine('--url', url(u => { u.host = '127.0.0.1:1'; u.search = ''; }));
  assert.equal(found.of('name').verdict, 'good');
  assert.equal(found.of('port').verdict, 'bad');
  assert.match(found.of('port').text, /Connection refused/);
});
test('a port at which something else listens', async () => {
  // Answers in a process of its own, as the run blocks this one.
  const other = project.spawn(process.execPath, ['-e', `require('node:net').createServer(s => s.end('HTTP/1.1 400 Bad Request\\r\\n\\r\\n')).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise(done => other.stdout.once('data', d => done(String(d).trim())));
  const found = examine('--url', url(u => { u.host = `127.0.0.1:${port}`; u.search = ''; }));
  assert.equal(found.of('port').verdict, 'good');
  assert.equal(found.of('tls').verdict, 'bad', found.text);
  assert.equal(found.of('credentials').verdict, 'bad');
});
test('a reference that leads nowhere', () => {
  const found = examine('--url', 'env:TENON_NO_SUCH_URL');
  assert.equal(found.of('configuration').verdict, 'bad');
  assert.match(found.of('configuration').text, /TN1002/);
});
test('a password that is wrong is found and not repeated', { skip: onMariadb }, () => {
  project.sql("CREATE ROLE doctor_login LOGIN PASSWORD 'right-one'");
  const found = examine('--url', url(u => { u.username = 'doctor_login'; u.password = 'hunter2'; }));
  assert.equal(found.of('credentials').verdict, 'bad', found.text);
  assert.match(found.of('credentials').text, /P1000/);
  assert.doesNotMatch(found.text, /hunter2/);
});
test('privileges that are missing are named, table by table, with the GRANT', () => {
  if (onMariadb) {
    project.sql("CREATE USER doctor_reader IDENTIFIED BY 'x1'; GRANT SELECT ON *.* TO doctor_reader; GRANT INSERT, UPDATE, DELETE ON post TO doctor_reader");
  } else {
    project.sql("CREATE ROLE doctor_reader LOGIN PASSWORD 'x1'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO doctor_reader; GRANT INSERT, UPDATE, DELETE ON post TO doctor_reader");
  }
  const found = examine('--url', url(u => { u.username = 'doctor_reader'; u.password = 'x1'; }));
  assert.equal(found.status, 3, found.text);
  const author = found.every('privileges').find(f => f.text.startsWith('author '));
  assert.match(author.text, /INSERT, UPDATE, DELETE/);
  assert.match(author.remedy, /^GRANT INSERT, UPDATE, DELETE ON .*author.* TO .doctor_reader.;$/);
  assert.ok(!found.every('privileges').some(f => f.text.startsWith('post ')), found.text);
  assert.equal(project.sql('SELECT count(*) FROM author WHERE name IS NULL'), '0');
});
test('nothing is changed by looking', () => {
  const before = project.sql('SELECT count(*) FROM author');
  examine();
  assert.equal(project.sql('SELECT count(*) FROM author'), before);
});
test('a table without a primary key is named with the statement that gives it one', () => {
  project.sql('CREATE TABLE doctor_keyless (a int)');
  const found = examine();
  project.sql('DROP TABLE doctor_keyless');
  const key = found.every('keys').find(f => f.text.includes('doctor_keyless'));
  assert.equal(key.verdict, 'warning');
  assert.match(key.remedy, /ADD .*PRIMARY KEY/);
  assert.equal(found.status, 0);
});
test('pools that are larger than what the server allows', () => {
  project.write('tenon.toml', (onMariadb ? '[database]\nprovider = "mysql"\n' : '') + '[server]\nthreads = 100\n[limits.pool]\nconnections_max = 100\n');
  const found = examine();
  project.write('tenon.toml', onMariadb ? '[database]\nprovider = "mysql"\n' : '');
  assert.equal(found.of('connections').verdict, 'bad');
  assert.match(found.of('connections').text, /up to 10000 wanted/);
});
test('a table that the schema files have and the database lacks', { skip: onMariadb }, () => {
  project.write('prisma/schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\nmodel doctor_missing {\n  id Int @id\n}\n');
  const found = examine('--url', project.databaseUrl);
  project.write('prisma/schema.prisma', '');
  assert.equal(found.of('tables').verdict, 'bad', found.text);
  assert.match(found.of('tables').remedy, /tenon migrate deploy/);
});
test('several databases are several tables', { skip: onMariadb }, () => {
  project.write('tenon.toml', `[databases.shop]\nurl = "${project.databaseUrl}"\n[databases.gone]\nurl = "postgresql://u@127.0.0.1:1/x"\n`);
  const r = project.run(['doctor', '--json']);
  project.write('tenon.toml', '');
  assert.equal(r.status, 3);
  const { databases } = JSON.parse(r.stdout);
  const [gone, shop] = databases;
  assert.deepEqual([gone.name, shop.name], ['gone', 'shop']);
  assert.equal(shop.findings.find(f => f.check === 'credentials').verdict, 'good');
  assert.equal(gone.findings.find(f => f.check === 'port').verdict, 'bad');
});

// A certificate for localhost, for so many days, in the server and beside it.
function certify(days) {
  const [key, cert] = ['server.key', 'server.pem'].map(name => join(project.dir, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', days, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const { uid, gid } = statSync(project.sql('SHOW data_directory'));
  chownSync(key, uid, gid);
  chmodSync(key, 0o600);
  project.sql(`ALTER SYSTEM SET ssl_key_file = '${key}'`);
  project.sql(`ALTER SYSTEM SET ssl_cert_file = '${cert}'`);
  project.sql('ALTER SYSTEM SET ssl = on');
  project.sql('SELECT pg_reload_conf()');
  return cert;
}
test('certificates are judged by what the URL asks for', { skip: onMariadb }, async () => {
  const port = new URL(project.databaseUrl).port || project.sql('SHOW port');
  const at = (host, search) => url(u => { u.host = `${host}:${port}`; u.search = search; });
  assert.match(examine('--url', at('localhost', 'sslmode=verify-full')).of('tls').text, /does not offer it/);
  let cert = certify('365');
  const look = (host, search) => examine('--url', at(host, search)).of('tls');
  await until('the server offers TLS', () => !/does not offer/.test(look('localhost', 'sslmode=require').text));
  assert.equal(look('localhost', `sslmode=verify-full&sslrootcert=${cert}`).verdict, 'good');
  assert.match(look('localhost', `sslmode=verify-full&sslrootcert=${cert}`).text, /^TLSv1\.3, CN=localhost, until 20\d\d-\d\d-\d\d\.$/);
  const unknown = look('localhost', 'sslmode=verify-full');
  assert.equal(unknown.verdict, 'bad');
  assert.match(unknown.text, /self-signed certificate/);
  const other = look('127.0.0.1', `sslmode=verify-full&sslrootcert=${cert}`);
  assert.equal(other.verdict, 'bad');
  assert.match(other.text, /the certificate is not for 127\.0\.0\.1/);
  assert.equal(look('localhost', 'sslmode=require').verdict, 'warning');
  cert = certify('9');
  const ending = await until('the new certificate', () => { const tls = look('localhost', `sslmode=verify-full&sslrootcert=${cert}`); return /days are left/.test(tls.text) && tls; });
  assert.equal(ending.verdict, 'warning');
});
