// A database that is far away, and comes near again: the server notices, takes one statement for each query
// where it took one for each depth, and answers the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, root, sleep, until } from './support/project.mjs';
import { proxy } from './support/proxy.mjs';

const each_way = 3;
// The shorter a measurement the more it counts: of many, some come through a busy machine undisturbed.
const often = '[limits.pool]\nmeasure_interval = "200 ms"\n';
let project, between, url;
before(async () => {
  project = await Project.create({ sql: readFileSync(join(root, 'tests/databases/blog.sql'), 'utf8'), files: { 'tenon.toml': often } });
  url = new URL(project.databaseUrl);
  between = await proxy({ host: '127.0.0.1', port: Number(url.port) });
  url.port = between.port;
});
after(async () => { between.close(); await project.remove(); });

// A server whose way to the database leads through the proxy.
const serve = async () => {
  const server = await project.start(['dev', '--url', url.href, '--port', '0', '--threads', '1']).ready();
  server.key = project.read('.tenon/dev-key').trim();
  return server;
};
const tree = '{ listAuthors(orderBy: {id: ASC}, limit: 5) { items { id name post(limit: 3) { totalCount nextToken items { id title state rating tags published_at comment(limit: 2) { items { seq body author { name } } } labels { items { id name } } } } } totalCount } }';
const queries = [tree,
  '{ a: listPosts(limit: 3, filter: {author: {name: {eq: "Author 1"}}}) { items { id comment { totalCount aggregate { count } } } nextToken } b: listLabels { items { name posts(limit: 2, orderBy: {title: DESC}) { items { title } nextToken } } } }',
  '{ getPost(id: "1") { title comment { items { body other_comment { items { body } } } } } listProfiles { items { homepage author { post(limit: 1) { items { title } } } } } }'];
const answers = async server => { const texts = []; for (const q of queries) texts.push((await server.graphql(q)).text); return texts; };
const gauge = async (server, name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await fetch(server.origin + '/metrics')).text())?.[1]);
const single = async server => { await server.graphql('{ __typename }'); return gauge(server, 'tenon_workers_single_statement'); };
// So many round trips, and no fewer, are those of one query. Now and then the pool measures meanwhile, which is none of it.
const expectTrips = async (server, ways) => {
  let fewest = Infinity;
  await until(`a query in ${ways} round trips`, async () => {
    for (let i = 0; i < 15; i++) { const before = between.trips; await server.graphql(tree); fewest = Math.min(fewest, between.trips - before); }
    return fewest <= ways;
  });
  assert.equal(fewest, ways);
};

test('the server changes to one statement and back by itself', async () => {
  const server = await serve();
  const expected = await answers(server);
  for (const text of expected) assert.ok(!text.includes('"errors"'), text.slice(0, 300));
  await until('it finds the database near', async () => (await single(server)) === 0);
  assert.deepEqual(await answers(server), expected);

  between.delay = each_way;
  await until('it finds the database far', async () => (await single(server)) === 1);
  assert.deepEqual(await answers(server), expected);
  assert.ok((await gauge(server, 'tenon_database_round_trip_seconds')) > 0.0005);
  await expectTrips(server, 1); // for three depths

  between.delay = 0;
  await until('it finds the database near again', async () => (await single(server)) === 0);
  assert.deepEqual(await answers(server), expected);
  await server.stop();
});

test('the way is measured before the first query', async () => {
  between.delay = each_way;
  const server = await serve();
  await server.graphql(tree);
  assert.equal(await single(server), 1);
  await server.stop();
  between.delay = 0;
});

for (const [mode, ways] of [['many', 3], ['one', 1]])
  test(`round_trips = "${mode}" whatever the way`, async () => {
    project.write('tenon.toml', `[database]\nround_trips = "${mode}"\n${often}`);
    const server = await serve();
    const near = await answers(server);
    between.delay = each_way;
    await sleep(100);
    assert.deepEqual(await answers(server), near);
    await expectTrips(server, ways);
    assert.equal(await single(server), mode === 'one' ? 1 : 0);
    between.delay = 0;
    await server.stop();
  });
