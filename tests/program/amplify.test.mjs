// A project of Amplify Data as its transform writes it: the directives unchanged, every kind of rule, SQL of its own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SigningKey, WebServer, startIssuer } from './support/issuer.mjs';
import { Project, root } from './support/project.mjs';

const folder = join(root, 'tests/program/amplify');
const key = new SigningKey('k1');
let project, server, pool, oidc, authorizer;
before(async () => {
  pool = await startIssuer([key]);
  oidc = await startIssuer([key]);
  authorizer = await WebServer.start({ '/authorize': { isAuthorized: true } });
  project = await Project.create({
    sql: readFileSync(join(root, 'tests/databases/notes.sql'), 'utf8'),
    files: {
      'api/schema.graphql': readFileSync(join(folder, 'schema.graphql'), 'utf8'),
      'api/createNewLocationWithLongLat.sql': readFileSync(join(folder, 'createNewLocationWithLongLat.sql'), 'utf8'),
      'tenon.toml': `[auth]\nguests = true\n[auth.user_pools]\nissuer = "${pool.url}"\n[auth.oidc.idp]\nissuer = "${oidc.url}"\n[auth.function]\nurl = "${authorizer.url}/authorize"\n`,
    },
  });
  project.sql(`INSERT INTO event (name, address, lat, "long") VALUES ('fair', 'Street 1', 1.5, 2.5), ('show', 'Street 2', 3, 4);
    INSERT INTO notes (title, owner, status) VALUES ('ada 1', 'u1::ada', 'DRAFT'), ('bo 1', 'u2::bo', 'PUBLISHED'), ('ada 2', 'ada', 'DRAFT');
    INSERT INTO comments (id, note_id, author, content) VALUES ('5ac1a6d4-5bd5-4a8e-9ae1-0c7a1f6c6d01', 1, 'ada@example.test', 'by ada'), ('5ac1a6d4-5bd5-4a8e-9ae1-0c7a1f6c6d02', 1, 'bo@example.test', 'by bo');
    INSERT INTO post (title, slug, content, group_name, editors) VALUES ('first', 'it''s :slug', 'text', 'Writers', '{u2::bo}'), ('second', 'two', NULL, 'Admins', '{}');
    INSERT INTO profile (id, note_id, email) VALUES ('p', 1, 'a@example.test')`);
  server = await project.serve();
});
after(async () => { await project?.remove(); await pool?.stop(); await oidc?.stop(); await authorizer?.stop(); });

const user = (sub, username, more = {}) => ({ key: null, headers: { authorization: key.token(pool.claims({ token_use: 'access', sub, username, ...more })) } });
const callers = {
  apiKey: () => ({}),
  guest: () => ({ key: null }),
  ada: () => user('u1', 'ada', { email: 'ada@example.test' }),
  bo: () => user('u2', 'bo'),
  admin: () => user('u3', 'root', { 'cognito:groups': ['Admins'] }),
  writer: () => user('u4', 'wim', { 'cognito:groups': ['Writers'] }),
  oidc: () => ({ key: null, headers: { authorization: key.token(oidc.claims({ sub: 'o1' })) } }),
  custom: () => ({ key: null, headers: { authorization: 'anything' } }),
};
const ask = async (who, query, variables) => (await server.graphql(query, variables, callers[who]())).json;
// Who gets data, and who the refusal with the words of AppSync.
async function open(field, type, query, who) {
  for (const caller of Object.keys(callers)) {
    const { data, errors } = await ask(caller, query);
    if (who.includes(caller)) assert.ok(data[field] !== null && !errors, `${caller}: ${JSON.stringify(errors)}`);
    else {
      assert.deepEqual(data, { [field]: null }, caller);
      assert.deepEqual(errors.map(e => [e.message, e.errorType, e.path]), [[`Not Authorized to access ${field} on type ${type}`, 'Unauthorized', [field]]], caller);
    }
  }
}

test('statements of the project answer', async () => {
  assert.deepEqual(await ask('apiKey', `{ listEventsWithDecodedLatLong { id name lat long } eventsNear(minLat: 1, maxLat: 2, names: ["x"]) { name }
    getPostBySlug(slug: "it's :slug") { id title content updated_at } noteStatusCounts { status } }`), { data: {
    listEventsWithDecodedLatLong: [{ id: 1, name: 'fair', lat: 1.5, long: 2.5 }, { id: 2, name: 'show', lat: 3, long: 4 }],
    eventsNear: [{ name: 'fair' }], getPostBySlug: [{ id: 1, title: 'first', content: 'text', updated_at: null }],
    noteStatusCounts: { status: project.sql('SELECT status FROM notes GROUP BY status').split('\n')[0] } } });
  // An argument that is left out is NULL, and nothing is at most that.
  assert.deepEqual(await ask('apiKey', '{ eventsNear(minLat: 1) { id } }'), { data: { eventsNear: [] } });
  const { data } = await ask('apiKey', `mutation { createNewLocationWithLongLat(lat: 9, long: 8, name: "new", address: "'; DROP TABLE event; --") }`);
  assert.deepEqual(JSON.parse(data.createNewLocationWithLongLat[0]), { id: 3, name: 'new' });
  assert.equal(project.sql('SELECT address FROM event WHERE id = 3'), "'; DROP TABLE event; --");
});

test('operations of the project are open to whom their rules name', async () => {
  await open('listEventsWithDecodedLatLong', 'Query', '{ listEventsWithDecodedLatLong { id } }', ['apiKey', 'guest']);
  await open('eventsNear', 'Query', '{ eventsNear(minLat: 1) { id } }', ['apiKey']);
  await open('getPostBySlug', 'Query', '{ getPostBySlug(slug: "no") { id } }', ['apiKey', 'ada', 'bo', 'admin', 'writer']);
  await open('noteStatusCounts', 'Query', '{ noteStatusCounts { total } }', ['apiKey', 'admin']);
});

test('models are open to whom their rules name', async () => {
  await open('listEvents', 'Query', '{ listEvents { items { id } } }', ['apiKey', 'guest', 'ada', 'bo', 'admin', 'writer']);
  await open('listSeats', 'Query', '{ listSeats { items { venue } } }', ['apiKey', 'admin']);
  await open('listProfiles', 'Query', '{ listProfiles { items { id } } }', ['apiKey']);
  await open('deleteEvent', 'Mutation', 'mutation { deleteEvent(input: { id: 99 }) { id } }', []); // address is not to be deleted by anybody
});

test('a field with rules of its own', async () => {
  const query = '{ getEvent(id: 1) { name address } }';
  for (const who of ['apiKey', 'admin']) assert.deepEqual(await ask(who, query), { data: { getEvent: { name: 'fair', address: 'Street 1' } } });
  for (const who of ['guest', 'ada']) {
    const { data, errors } = await ask(who, query);
    assert.deepEqual(data, { getEvent: { name: 'fair', address: null } });
    assert.deepEqual(errors.map(e => [e.message, e.path]), [['Not Authorized to access address on type Event', ['getEvent', 'address']]]);
  }
  const create = address => `mutation { createEvent(input: { name: "e"${address} }) { name address } }`;
  assert.deepEqual(await ask('apiKey', create('')), { data: { createEvent: { name: 'e', address: null } } });
  assert.equal((await ask('apiKey', create(', address: "a"'))).errors[0].message, 'Not Authorized to access createEvent on type Mutation');
  assert.deepEqual(await ask('admin', create(', address: "a"')), { data: { createEvent: { name: 'e', address: null } } });
});

test('owners have their rows, and their claim names them', async () => {
  const titles = async who => (await ask(who, '{ listNotes { items { title owner } } }')).data.listNotes.items.map(n => n.title).sort();
  assert.deepEqual(await titles('ada'), ['ada 1', 'ada 2']);
  assert.deepEqual(await titles('bo'), ['bo 1']);
  assert.deepEqual(await titles('writer'), []);
  assert.deepEqual(await titles('apiKey'), ['ada 1', 'ada 2', 'bo 1']);
  assert.equal((await ask('ada', '{ getNote(id: 2) { title } }')).errors[0].message, 'Not Authorized to access getNote on type Query');
  assert.deepEqual((await ask('ada', '{ getNote(id: 1) { owner } }')).data.getNote, { owner: 'ada' });
  assert.equal((await ask('ada', 'mutation { createNote(input: { title: "mine" }) { title } }')).data.createNote.title, 'mine');
  assert.equal(project.sql("SELECT owner FROM notes WHERE title = 'mine'"), 'u1::ada');
  assert.equal((await ask('ada', 'mutation { createNote(input: { title: "his", owner: "u2::bo" }) { title } }')).errors[0].errorType, 'Unauthorized');
  assert.equal((await ask('ada', 'mutation { updateNote(input: { id: 2, title: "taken" }) { id } }')).errors[0].message, 'Not Authorized to access updateNote on type Mutation');
  assert.equal(project.sql("SELECT count(*) FROM notes WHERE title IN ('his', 'taken')"), '0');
  // Another claim: `email`, which bo's token does not have.
  const comments = async who => (await ask(who, '{ listComments { items { content } } }')).data.listComments?.items.map(c => c.content);
  assert.deepEqual(await comments('ada'), ['by ada']);
  assert.equal((await ask('bo', '{ listComments { items { content } } }')).errors[0].message, 'Not Authorized to access listComments on type Query');
  assert.deepEqual((await comments('custom')).sort(), ['by ada', 'by bo']);
});

test('groups and editors that the row names', async () => {
  const titles = async who => (await ask(who, '{ listPosts { items { title } } }')).data.listPosts?.items.map(p => p.title).sort();
  assert.deepEqual(await titles('writer'), ['first']);
  assert.deepEqual(await titles('admin'), ['second']);
  assert.deepEqual(await titles('bo'), ['first']);
  assert.deepEqual(await titles('ada'), []);
  assert.deepEqual(await titles('oidc'), ['first', 'second']);
  assert.equal((await ask('writer', 'mutation { updatePost(input: { id: 1, content: "better" }) { id } }')).data.updatePost.id, 1);
  assert.equal((await ask('writer', 'mutation { updatePost(input: { id: 2, content: "worse" }) { id } }')).errors[0].errorType, 'Unauthorized');
  assert.equal((await ask('writer', 'mutation { deletePost(input: { id: 1 }) { id } }')).errors[0].errorType, 'Unauthorized');
  assert.equal((await ask('oidc', 'mutation { updatePost(input: { id: 1, content: "worse" }) { id } }')).errors[0].errorType, 'Unauthorized');
  assert.equal(project.sql('SELECT content FROM post WHERE id = 1'), 'better');
  assert.equal((await ask('bo', 'mutation { createPost(input: { title: "t", slug: "s" }) { title } }')).data.createPost.title, 't');
  assert.equal(project.sql("SELECT editors FROM post WHERE slug = 's'"), '{u2::bo}');
  assert.deepEqual((await ask('bo', '{ getPost(id: 1) { editors } }')).data, { getPost: { editors: ['bo'] } });
});

test('a relation shows what its own model lets be seen', async () => {
  const query = '{ getNote(id: 1) { comments { items { content } } profile { email } } }';
  assert.deepEqual((await ask('apiKey', query)).data.getNote, { comments: { items: [{ content: 'by ada' }, { content: 'by bo' }] }, profile: { email: 'a@example.test' } });
  const { data, errors } = await ask('ada', query);
  assert.deepEqual(data.getNote, { comments: { items: [{ content: 'by ada' }] }, profile: null });
  assert.deepEqual(errors.map(e => e.message), ['Not Authorized to access profile on type Note']);
});
