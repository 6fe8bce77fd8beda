// Behind the real PgBouncer in transaction mode: two server sessions for many connections, each transaction
// on whichever is free.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, quietPort, root, until } from './support/project.mjs';

let project, bouncer, direct, port, log = '';
before(async () => {
  project = await Project.create({ sql: readFileSync(join(root, 'tests/databases/blog.sql'), 'utf8'), files: { 'api/a.graphql': 'extend type author @auth(rules: [{ allow: public }])\nextend type post @auth(rules: [{ allow: public }])\n' } });
  direct = new URL(project.databaseUrl);
  port = await quietPort();
  const host = direct.searchParams.get('host') ?? direct.hostname;
  const parts = [`host=${host}`, direct.port && `port=${direct.port}`, `dbname=${direct.pathname.slice(1)}`, `user=${direct.username}`, direct.password && `password=${decodeURIComponent(direct.password)}`];
  writeFileSync(join(project.dir, 'bouncer.ini'), `[databases]\nblog = ${parts.filter(Boolean).join(' ')}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 200\n`);
  const user = process.getuid() === 0 ? ['-u', 'nobody'] : [];
  bouncer = spawn('/usr/sbin/pgbouncer', [...user, join(project.dir, 'bouncer.ini')], { stdio: ['ignore', 'ignore', 'pipe'] });
  bouncer.stderr.on('data', d => (log += d));
  await until('pgbouncer listens', () => /process up/.test(log) || (bouncer.exitCode !== null && assert.fail(log)));
});
after(async () => { bouncer?.kill('SIGKILL'); await project.remove(); });

const at = (more = '') => `postgresql://any@127.0.0.1:${port}/blog${more}`;
const query = n => `query Q${n} { listPosts(limit: ${n % 7 + 1}) { items { id published_at author { name posts: post(limit: ${n % 5 + 1}) { items { id title } totalCount } } } } }`;
// Many operations at once over few sessions, with texts enough that names would collide.
async function mixed(server, rounds) {
  const want = new Map();
  for (let i = 0; i < 35; i++) want.set(i, (await server.graphql(query(i))).text);
  for (const text of want.values()) assert.ok(!text.includes('errors'), text.slice(0, 500));
  for (let r = 0; r < rounds; r++)
    await Promise.all([...want].map(async ([n, text]) => assert.equal((await server.graphql(query(n))).text, text)));
  return want;
}

for (const [name, more, config] of [['named in tenon.toml', '', '[database]\npooler = "transaction"\n'], ['named in the URL', '?pgbouncer=true', ''], ['noticed', '', '']])
  test(`a pooler that is ${name}`, async () => {
    project.write('tenon.toml', config);
    const plain = await project.serve();
    const expected = await mixed(plain, 0);
    await plain.stop();
    const url = project.databaseUrl;
    project.databaseUrl = at(more);
    try {
      const server = await project.serve({ args: ['--threads', '2'] });
      assert.deepEqual(await mixed(server, 6), expected);
      const write = id => server.graphql('mutation ($i: UpdateAuthorInput!) { updateAuthor(input: $i) { id bio created_at post(limit: 2) { items { id } } } }', { i: { id, bio: `b${id}` } });
      const written = await Promise.all([1, 2, 3, 4, 5].map(write));
      for (const [i, { json }] of written.entries()) assert.equal(json.data?.updateAuthor.bio, `b${i + 1}`, JSON.stringify(json));
      const failed = await Promise.all(Array.from({ length: 20 }, () => server.graphql('mutation { createAuthor(input: {email: "author1@example.test", name: "n"}) { id } }')));
      for (const { json } of failed) assert.equal(json.errors[0].extensions.code, 'UNIQUE_VIOLATION', JSON.stringify(json));
      assert.deepEqual((await mixed(server, 1)).size, 35);
      await server.stop();
    } finally { project.databaseUrl = url; }
  });

test('nothing stays behind in the sessions of the pooler', async () => {
  const psql = sql => { const r = spawnSync('psql', ['-XAtq', at()], { input: sql, encoding: 'utf8' }); assert.equal(r.status, 0, r.stderr); return r.stdout.trim(); };
  const settings = "current_setting('TimeZone'), current_setting('IntervalStyle'), current_setting('statement_timeout'), current_setting('jit')";
  const wanted = project.sql(`SELECT 0, ${settings}`);
  for (let i = 0; i < 8; i++) assert.equal(psql(`SELECT count(*), ${settings} FROM pg_prepared_statements`), wanted);
});
