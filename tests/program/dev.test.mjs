// `tenon dev`: everything locally, reloading.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, databaseSql, differs, engine, engineToml, root, until } from './support/project.mjs';

let project, server;
before(async () => {
  project = await Project.create({ sql: databaseSql('blog'), on: engine });
  server = await project.dev();
});
after(() => project.remove());
const names = async () => (await server.graphql('{ __schema { queryType { fields { name } } } }')).json.data.__schema.queryType.fields.map(f => f.name).sort();

test('without an overlay everything is served to the printed key, and that is said', async () => {
  assert.match(server.output, /overlay/i);
  assert.ok(server.output.includes(server.key));
  assert.ok((await names()).includes('listComments'));
  assert.equal((await server.graphql('{ __typename }', {}, { key: 'no' })).status, 401);
});
test('what the engine does not have is said at the start', () => {
  const told = /note\[TN4010\]: MariaDB [\d.]+ does not have: (.*)\./.exec(server.output);
  if (!differs('list_columns')) return assert.equal(told, null);
  const page = readFileSync(join(root, 'docs/engines.md'), 'utf8');
  const missing = [.../## What MySQL[^#]*/.exec(page)[0].matchAll(/^\| (.*?) \| /gm)].map(m => m[1].replaceAll('`', '')).slice(2);
  assert.deepEqual(told[1].split('; '), missing);
});
test('the key file is private', () => {
  assert.equal(statSync(join(project.dir, '.tenon/dev-key')).mode & 0o077, 0);
});
test('it listens on loopback only', () => {
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:/);
});
test('a table without a primary key is reported with the remedy', () => {
  assert.match(server.output, /import_log/);
  assert.match(server.output, /primary key/i);
});
test('GraphiQL is embedded: no other origin is asked for anything', async () => {
  const page = await (await fetch(server.origin + '/')).text();
  assert.match(page, /graphiql/i);
  assert.doesNotMatch(page, /(src|href)="https?:/);
});
test('an overlay written while it runs closes what it does not open', async () => {
  project.write('api/blog.graphql', 'extend type author @auth(rules: [{ allow: public }])\n');
  await until('the overlay is in force', async () => !(await names()).includes('listComments'));
  assert.deepEqual(await names(), ['aggregateAuthors', 'getAuthor', 'listAuthors']);
});
test('a broken overlay is reported at its line, and the old one keeps serving', async () => {
  project.write('api/blog.graphql', 'extend type authr @auth(rules: [{ allow: public }])\n');
  await until('the mistake is shown', () => /TN4002/.test(server.output));
  assert.match(server.output, /api\/blog\.graphql:1:\d+/);
  assert.match(server.output, /did you mean "author"/i);
  assert.deepEqual(await names(), ['aggregateAuthors', 'getAuthor', 'listAuthors']);
});
test('limits of tenon.toml are reloaded; what needs a restart is said', async () => {
  const page = async () => (await server.graphql('{ listAuthors(limit: 10) { items { id } } }')).json;
  assert.equal((await page()).data.listAuthors.items.length, 10);
  project.write('api/blog.graphql', 'extend type author @auth(rules: [{ allow: public }])\n');
  project.write('tenon.toml', engineToml + '[limits.operation]\npage_rows_max = 5\n');
  await until('the limit is in force', async () => (await page()).errors?.[0].extensions.code === 'BAD_USER_INPUT');
  project.write('tenon.toml', engineToml + '[limits.operation]\npage_rows_max = 5\n\n[server]\nthreads = 1\n');
  await until('the restart is asked for', () => /start it again/.test(server.output));
  project.write('tenon.toml', engineToml);
  await until('the limit is gone', async () => (await page()).data?.listAuthors?.items.length === 10);
});
test('no request is lost while it reloads', async () => {
  let stop = false, answered = 0;
  const load = Promise.all(Array.from({ length: 4 }, async () => {
    while (!stop) {
      const { status, json } = await server.graphql('{ getAuthor(id: 1) { email } }');
      assert.equal(status, 200);
      assert.equal(json.data.getAuthor.email, 'author1@example.test');
      answered++;
    }
  }));
  load.catch(() => (stop = true));
  for (let i = 1; i < 6; i++) {
    project.write('api/blog.graphql', `extend type author @auth(rules: [{ allow: public }])\n${i % 2 ? 'extend type post @auth(rules: [{ allow: public }])\n' : ''}`);
    await until('the overlay is in force', async () => stop || (await names()).includes('listPosts') === Boolean(i % 2));
    const before = answered;
    await until('requests are answered', () => stop || answered > before + 10);
  }
  stop = true;
  await load;
});
test('schema files take over when they appear, and changes in them are served', async () => {
  project.check('pull');
  project.write('api/blog.graphql', 'extend type author @auth(rules: [{ allow: public }])\n');
  await until('files are read', () => /prisma/.test(server.output));
  const text = project.read('prisma/schema.prisma');
  project.write('prisma/schema.prisma', text.replace(/^(\s+)bio .*$/m, '$1about String? @map("bio")'));
  await until('the renamed field is served', async () => (await server.graphql('{ getAuthor(id: 1) { about } }')).json.data?.getAuthor.about === 'Bio 1');
});
