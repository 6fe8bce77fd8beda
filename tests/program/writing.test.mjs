// Writing through the program: the examples of docs/api.md as they stand there, and many clients at once.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, engine, onMariadb, root } from './support/project.mjs';

const tables = onMariadb ? `
CREATE TABLE Account (id int PRIMARY KEY, balance int NOT NULL);
CREATE TABLE User (id int AUTO_INCREMENT PRIMARY KEY, email varchar(200) NOT NULL UNIQUE, name text NOT NULL, logins int NOT NULL DEFAULT 0);
CREATE TABLE Post (id int AUTO_INCREMENT PRIMARY KEY, title text NOT NULL, author_id int NOT NULL, FOREIGN KEY (author_id) REFERENCES User (id));
CREATE TABLE Comment (id int AUTO_INCREMENT PRIMARY KEY, text text NOT NULL, post_id int NOT NULL, author_id int,
  FOREIGN KEY (post_id) REFERENCES Post (id), FOREIGN KEY (author_id) REFERENCES User (id));
CREATE TABLE Tag (id int AUTO_INCREMENT PRIMARY KEY, name varchar(200) NOT NULL UNIQUE);
CREATE TABLE _PostToTag (A int NOT NULL, B int NOT NULL, PRIMARY KEY (A, B), KEY _PostToTag_B_index (B),
  FOREIGN KEY (A) REFERENCES Post (id) ON DELETE CASCADE, FOREIGN KEY (B) REFERENCES Tag (id) ON DELETE CASCADE);
INSERT INTO Account VALUES (1, 1000), (2, 1000);
INSERT INTO User (email, name) VALUES ('ada@example.com', 'A'), ('bob@example.com', 'B'), ('eve@example.com', 'E');
` : `
CREATE TABLE "Account" (id int PRIMARY KEY, balance int NOT NULL);
CREATE TABLE "User" (id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, logins int NOT NULL DEFAULT 0);
CREATE TABLE "Post" (id serial PRIMARY KEY, title text NOT NULL, author_id int NOT NULL REFERENCES "User");
CREATE TABLE "Comment" (id serial PRIMARY KEY, text text NOT NULL, post_id int NOT NULL REFERENCES "Post", author_id int REFERENCES "User");
CREATE TABLE "Tag" (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE "_PostToTag" ("A" int NOT NULL REFERENCES "Post" ON DELETE CASCADE, "B" int NOT NULL REFERENCES "Tag" ON DELETE CASCADE,
  CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A", "B"));
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag" ("B");
INSERT INTO "Account" VALUES (1, 1000), (2, 1000);
INSERT INTO "User" (email, name) VALUES ('ada@example.com', 'A'), ('bob@example.com', 'B'), ('eve@example.com', 'E');
`;

let project, server;
before(async () => {
  project = await Project.create({ sql: tables, on: engine });
  server = await project.dev();
});
after(() => project.remove());

const run = async (query, variables) => (await server.graphql(query, variables)).json;

// Names in the documents are those of a schema with these renames.
const adapted = example => example.replaceAll('author:', 'User:').replaceAll('author {', 'User {').replaceAll('comments', 'Comment');

test('the examples of docs/api.md run', async () => {
  const text = readFileSync(join(root, 'docs/api.md'), 'utf8');
  const writes = text.slice(text.indexOf('## Writes'), text.indexOf('## Types'));
  const examples = [...writes.matchAll(/```graphql\n([\s\S]*?)```/g)].map(m => m[1]);
  assert.equal(examples.length, 3);
  const answers = [];
  for (const example of examples) answers.push(await run(adapted(example)));
  assert.deepEqual(answers[0], { data: { take: { balance: 990 }, give: { balance: 1010 } } });
  assert.deepEqual(answers[1], { data: { upsertUser: { id: 1, name: 'Ada L.' } } });
  assert.deepEqual(answers[2].data?.createPost, { id: 1, User: { name: 'Ada L.' }, Comment: { items: [{ text: 'first' }, { text: 'second' }] } }, JSON.stringify(answers[2]));
});

test('the directive and its levels are in the schema', async () => {
  const { data } = await run('{ __schema { directives { name locations args { name type { ofType { name } } defaultValue } } } }');
  assert.deepEqual(data.__schema.directives.find(d => d.name === 'transaction'), { name: 'transaction', locations: ['MUTATION'],
    args: [{ name: 'isolation', type: { ofType: { name: 'TransactionIsolation' } }, defaultValue: 'READ_COMMITTED' }] });
});

const transfer = `mutation @transaction(isolation: SERIALIZABLE) {
  a: updateAccount(input: { id: 1 }, increment: { balance: -1 }) { balance }
  b: updateAccount(input: { id: 2 }, increment: { balance: 1 }) { balance } }`;
// In the same order of rows: each deadlock would take the database a second to see.
const opposite = transfer.replace('balance: -1', 'balance: x').replace('balance: 1', 'balance: -1').replace('balance: x', 'balance: 1');

test('many clients in each other\'s way lose and gain nothing', async () => {
  const total = async () => (await run('{ aggregateAccounts { sum { balance } } }')).data.aggregateAccounts[0].sum.balance;
  const before = await total();
  const balance = async id => (await run(`{ getAccount(id: ${id}) { balance } }`)).data.getAccount.balance;
  const start = await balance(1);
  let down = 0, up = 0, lost = 0;
  await Promise.all(Array.from({ length: 40 }, async (_, i) => {
    const answer = await run(i % 2 ? transfer : opposite);
    if (answer.errors) {
      lost++;
      assert.deepEqual(answer.data, { a: null, b: null });
      for (const e of answer.errors) assert.match(e.extensions.code, /^(SERIALIZATION_FAILURE|DEADLOCK|ROLLED_BACK)$/, e.message);
    } else if (i % 2) down++; else up++;
  }));
  assert.equal(await balance(1), start - down + up);
  assert.equal(await total(), before);
  assert.ok(down + up > 10, `${lost} of 40 lost five times`);
});

test('many clients that connect or create the same row all succeed', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => run(`mutation { createPost(input: { title: "p${i}", author_id: 1,
    tags: { connectOrCreate: [{ where: { name: "shared" }, create: { name: "shared" } }] } }) { tags { items { name } } } }`)));
  for (const answer of answers) assert.deepEqual(answer, { data: { createPost: { tags: { items: [{ name: 'shared' }] } } } });
  assert.deepEqual(await run('{ listTags(filter: {name: {eq: "shared"}}) { totalCount } }'), { data: { listTags: { totalCount: 1 } } });
});
