// Unmodified client libraries of others, from npm, against `tenon serve`.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, databaseSql, engine, root } from './support/project.mjs';

const require = createRequire(join(root, 'tests/npm/package.json'));
const { Amplify } = require('aws-amplify');
const { generateClient } = require('aws-amplify/api');
const { createClient: createSocketClient } = require('graphql-ws');
const { Client, fetchExchange, gql } = require('@urql/core');
const WebSocket = require('ws');

const key = 'test-key';
let project, server;
before(async () => {
  const open = ['author', 'post', 'label'].map(model => `extend type ${model} @auth(rules: [{ allow: public }])\n`).join('');
  project = await Project.create({ sql: databaseSql('blog'), on: engine, files: { 'api/blog.graphql': open } });
  server = await project.serve({ key });
});
after(() => project.remove());

// What `npx ampx` writes beside an Amplify application, for the model `author` alone.
const field = (name, type, isRequired) => [name, { name, isArray: false, type, isRequired, attributes: [] }];
const outputs = () => ({
  version: '1.4',
  data: {
    url: server.url, aws_region: 'eu-central-1', api_key: key, default_authorization_type: 'API_KEY', authorization_types: [],
    model_introspection: {
      version: 1, enums: {}, nonModels: {},
      models: {
        author: {
          name: 'author', pluralName: 'authors', syncable: true,
          fields: Object.fromEntries([field('id', 'Int', true), field('email', 'String', true), field('name', 'String', true), field('bio', 'String', false)]),
          attributes: [{ type: 'model', properties: { timestamps: null } }],
          primaryKeyInfo: { isCustomPrimaryKey: false, primaryKeyFieldName: 'id', sortKeyFieldNames: [] },
        },
      },
    },
  },
});
const amplify = () => { Amplify.configure(outputs()); return generateClient(); };

test('aws-amplify: get and a filtered list by pages', async () => {
  const client = amplify();
  const { data, errors } = await client.graphql({ query: 'query ($id: Int!) { getAuthor(id: $id) { id name } }', variables: { id: 3 } });
  assert.equal(errors, undefined);
  assert.deepEqual(data, { getAuthor: { id: 3, name: 'Author 3' } });
  const query = 'query ($filter: ModelAuthorFilterInput, $limit: Int, $nextToken: String) { listAuthors(filter: $filter, limit: $limit, nextToken: $nextToken) { items { id } nextToken } }';
  const seen = [];
  let nextToken = null, pages = 0;
  do {
    const { listAuthors } = (await client.graphql({ query, variables: { filter: { id: { gt: 5 } }, limit: 4, nextToken } })).data;
    seen.push(...listAuthors.items.map(a => a.id));
    nextToken = listAuthors.nextToken;
    assert.ok(++pages < 10);
  } while (nextToken);
  assert.deepEqual(seen.sort((a, b) => a - b), Array.from({ length: 15 }, (_, i) => i + 6));
});

test('aws-amplify: create, update and delete', async () => {
  const client = amplify();
  const run = async (query, input) => (await client.graphql({ query, variables: { input } })).data;
  const { createAuthor: made } = await run('mutation ($input: CreateAuthorInput!) { createAuthor(input: $input) { id name } }', { email: 'amplify@example.test', name: 'Amplify' });
  assert.equal(made.name, 'Amplify');
  assert.deepEqual(await run('mutation ($input: UpdateAuthorInput!) { updateAuthor(input: $input) { id name } }', { id: made.id, name: 'Changed' }), { updateAuthor: { id: made.id, name: 'Changed' } });
  assert.equal(project.sql(`SELECT name FROM author WHERE id = ${made.id}`), 'Changed');
  assert.deepEqual(await run('mutation ($input: DeleteAuthorInput!) { deleteAuthor(input: $input) { name } }', { id: made.id }), { deleteAuthor: { name: 'Changed' } });
  assert.equal(project.sql(`SELECT count(*) FROM author WHERE id = ${made.id}`), '0');
});

test('aws-amplify: errors arrive as the client raises them', async () => {
  const client = amplify();
  await assert.rejects(client.graphql({ query: 'mutation { createAuthor(input: { email: "author1@example.test", name: "x" }) { id } }' }),
    raised => { assert.equal(raised.errors[0].extensions.code, 'UNIQUE_VIOLATION'); assert.deepEqual(raised.data, { createAuthor: null }); return true; });
  await assert.rejects(client.graphql({ query: '{ getAuthor(id: 1) { nothing } }' }),
    raised => { assert.match(raised.errors[0].message, /nothing/); return true; });
  await assert.rejects(client.graphql({ query: '{ getAuthor(id: 1) { id } }', apiKey: 'wrong', authMode: 'apiKey' }),
    raised => { assert.ok(raised.errors.length > 0); return true; });
});

test('aws-amplify: models', async () => {
  const { author } = amplify().models;
  const got = await author.get({ id: 2 });
  assert.equal(got.errors, undefined);
  assert.deepEqual(got.data, { id: 2, email: 'author2@example.test', name: 'Author 2', bio: 'Bio 2' });
  const first = await author.list({ filter: { id: { le: 5 } }, limit: 3, selectionSet: ['id', 'name'] });
  assert.equal(first.errors, undefined);
  const second = await author.list({ filter: { id: { le: 5 } }, limit: 3, nextToken: first.nextToken, selectionSet: ['id', 'name'] });
  assert.deepEqual([...first.data, ...second.data].map(a => a.name).sort(), [1, 2, 3, 4, 5].map(i => `Author ${i}`));
  assert.equal(second.nextToken ?? null, null);

  const made = await author.create({ email: 'models@example.test', name: 'Model' });
  assert.equal(made.errors, undefined);
  assert.deepEqual({ ...made.data, id: 0 }, { id: 0, email: 'models@example.test', name: 'Model', bio: null });
  assert.equal((await author.update({ id: made.data.id, bio: 'New' })).data.bio, 'New');
  assert.equal((await author.delete({ id: made.data.id })).data.bio, 'New');
  assert.equal((await author.get({ id: made.data.id })).data, null);
  const twice = await author.create({ email: 'author1@example.test', name: 'x' });
  assert.equal(twice.data, null);
  assert.equal(twice.errors[0].extensions.code, 'UNIQUE_VIOLATION');
});

test('graphql-ws: query and mutation over one socket', async () => {
  class SocketWithKey extends WebSocket {
    constructor(url, protocols) { super(url, protocols, { headers: { 'x-api-key': key } }); }
  }
  const client = createSocketClient({ url: server.url.replace('http', 'ws'), webSocketImpl: SocketWithKey, connectionParams: { 'x-api-key': key }, retryAttempts: 0 });
  const all = async payload => { const results = []; for await (const result of client.iterate(payload)) results.push(result); return results; };
  try {
    assert.deepEqual(await all({ query: 'query ($id: BigInt!) { getPost(id: $id) { title author { name } } }', variables: { id: '7' } }),
      [{ data: { getPost: { title: 'Post number 7', author: { name: 'Author 8' } } } }]);
    assert.deepEqual(await all({ query: 'mutation { createLabel(input: { name: "by socket" }) { name } }' }), [{ data: { createLabel: { name: 'by socket' } } }]);
    assert.equal(project.sql(`SELECT count(*) FROM label WHERE name = 'by socket'`), '1');
    const many = await Promise.all(Array.from({ length: 20 }, (_, i) => all({ query: `{ getPost(id: ${i + 1}) { id } }` })));
    assert.deepEqual(many.map(([r]) => r.data.getPost.id), Array.from({ length: 20 }, (_, i) => String(i + 1)));
    await assert.rejects(all({ query: '{ nothing }' }), errors => { assert.match(errors[0].message, /nothing/); return true; });
  } finally {
    await client.dispose();
  }
});

test('urql: query and mutation with variables', async () => {
  const client = new Client({ url: server.url, exchanges: [fetchExchange], preferGetMethod: false, fetchOptions: { headers: { 'x-api-key': key } } });
  const list = await client.query(gql`query Best($filter: ModelPostFilterInput) { listPosts(filter: $filter, orderBy: [{ id: ASC }], limit: 2) { items { id state author { __typename name } } totalCount } }`,
    { filter: { rating: { gt: 8 }, state: { ne: 'draft' } } }).toPromise();
  assert.equal(list.error, undefined);
  assert.equal(String(list.data.listPosts.totalCount), project.sql(`SELECT count(*) FROM post WHERE rating > 8 AND state <> 'draft'`));
  assert.equal(list.data.listPosts.items[0].author.__typename, 'author');
  const change = await client.mutation(gql`mutation ($input: UpdatePostInput!) { updatePost(input: $input) { id title } }`, { input: { id: '5', title: 'By urql' } }).toPromise();
  assert.equal(change.error, undefined);
  assert.equal(change.data.updatePost.title, 'By urql');
  const bad = await client.query(gql`{ nothing }`, {}).toPromise();
  assert.match(bad.error.graphQLErrors[0].message, /nothing/);
});
