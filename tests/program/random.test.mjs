// Random operations through the API beside straightforward SQL over the same rows; and once more with one
// statement for each query.
//   SEED=…        the operations of an earlier run; every run prints its seed; with CI set it is 1
//   OPERATIONS=…  how many (10000)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, onMariadb, root } from './support/project.mjs';
import { Generator, differences, kindsOf, list, one, randomness, sqlText } from './support/random.mjs';

const seed = Number(process.env.SEED ?? (process.env.CI ? 1 : Math.floor(Math.random() * 2 ** 31)));
const count = Number(process.env.OPERATIONS ?? 10000);
const random = randomness(seed);

const states = { draft: 'draft', in_review: 'in-review', published: 'published' };
const words = ['Post number 1', 'Post', 'number 2', '1', '0', 'er 1', 'ost number 19', '%', '_', '\\', 'Comment 1 on 7', 'Author 1', 'AUTHOR', 'Bio 4', 'author2@example.test', "it's", '', 'tag3', 'label 2', 'näive'];
const kinds = {
  ...kindsOf(random, words),
  state: { value: () => { const s = random.pick(Object.keys(states)); return [s, `${sqlText(states[s])}::post_state`]; }, family: 'member', json: c => `replace(${c}::text, '-', '_')` },
};
// p: the alias of the parent's row, c: of the related row.
const tables = {
  author: {
    key: ['id'], list: 'listAuthors', type: 'Author',
    columns: { id: 'int', email: 'text', name: 'text', bio: 'text', born: 'date', settings: 'json', created_at: 'time' },
    relations: { post: list('post', (p, c) => `${c}.author_id = ${p}.id`), comment: list('comment', (p, c) => `${c}.author_id = ${p}.id`), profile: one('profile', (p, c) => `${c}.author_id = ${p}.id`) },
    compare: [['email', 'name', 'bio']],
  },
  profile: { key: ['id'], list: 'listProfiles', type: 'Profile', columns: { id: 'int', author_id: 'int', homepage: 'text' }, relations: { author: one('author', (p, c) => `${c}.id = ${p}.author_id`) }, compare: [['id', 'author_id']] },
  post: {
    key: ['id'], list: 'listPosts', type: 'Post',
    columns: { id: 'bigint', author_id: 'int', title: 'text', state: 'state', rating: 'decimal', views: 'bigint', score: 'float', is_pinned: 'bool', tags: 'texts', published_at: 'time', slug: 'text' },
    relations: {
      author: one('author', (p, c) => `${c}.id = ${p}.author_id`), comment: list('comment', (p, c) => `${c}.post_id = ${p}.id`), post_label: list('post_label', (p, c) => `${c}.post_id = ${p}.id`),
      labels: list('label', (p, c) => `${c}.id IN (SELECT label_id FROM post_label WHERE post_id = ${p}.id)`),
    },
    compare: [['id', 'author_id', 'rating', 'views', 'score'], ['title', 'body', 'slug']],
  },
  comment: {
    key: ['post_id', 'seq'], list: 'listComments', type: 'Comment', columns: { post_id: 'bigint', seq: 'int', reply_to: 'int', author_id: 'int', body: 'text' },
    relations: {
      author: one('author', (p, c) => `${c}.id = ${p}.author_id`), post: one('post', (p, c) => `${c}.id = ${p}.post_id`),
      comment: one('comment', (p, c) => `${c}.post_id = ${p}.post_id AND ${c}.seq = ${p}.reply_to`), other_comment: list('comment', (p, c) => `${c}.post_id = ${p}.post_id AND ${c}.reply_to = ${p}.seq`),
    },
    compare: [['post_id', 'seq', 'reply_to', 'author_id']],
  },
  label: {
    key: ['id'], list: 'listLabels', type: 'Label', columns: { id: 'uuid', name: 'text' },
    relations: { posts: list('post', (p, c) => `${c}.id IN (SELECT post_id FROM post_label WHERE label_id = ${p}.id)`), post_label: list('post_label', (p, c) => `${c}.label_id = ${p}.id`) },
  },
  post_label: {
    key: ['post_id', 'label_id'], list: 'listPost_labels', type: 'Post_label', columns: { post_id: 'bigint', label_id: 'uuid', added_at: 'time' },
    relations: { post: one('post', (p, c) => `${c}.id = ${p}.post_id`), label: one('label', (p, c) => `${c}.id = ${p}.label_id`) },
  },
};
const generator = new Generator({ random, tables, kinds, nullsSmallest: onMariadb });

// On MariaDB the same rows are asked for, and PostgreSQL's SQL says what the answers are. What differs is in
// docs/engines.md: no lists, NULL is the smallest value, JSON's containment looks into nested lists.
if (onMariadb) delete tables.post.columns.tags;

let project, server, servers, asked;
before(async () => {
  project = await Project.create({ sql: readFileSync(join(root, 'tests/databases/blog.sql'), 'utf8') });
  if (onMariadb) {
    asked = await Project.create({ on: 'mariadb', sql: readFileSync(join(root, 'tests/databases/mysql/blog.sql'), 'utf8') });
    server = await asked.dev();
    servers = [server];
  } else {
    server = await project.dev();
    servers = [server, await project.beside('[database]\nround_trips = "one"\n')];
  }
});
after(async () => { await asked?.remove(); await project.remove(); });

test(`${count} random queries, SEED=${seed}`, async () => {
  console.log(`# SEED=${seed} OPERATIONS=${count}`);
  const wrong = await differences(servers, project, random.many(count, () => generator.query()));
  assert.equal(wrong.length, 0, `${wrong.length} of ${count} differ, SEED=${seed}; the smallest:\n${wrong[0]?.report}`);
});

// The plans of one document differ by what its variables hold.
test(`random filters of the same documents, SEED=${seed}`, async () => {
  const queries = random.many(Math.ceil(count / 4), () => {
    const table = random.pick(Object.keys(tables)), { list: field, type, key, columns } = tables[table];
    generator.aliases = 0;
    const [filter, where] = generator.filterOf(table, 't', 2), [orderBy, orderSql] = generator.orderOf(table, 't');
    const text = `query ($f: Model${type}FilterInput, $o: [Model${type}OrderByInput!]) { r: ${field}(filter: $f, orderBy: $o, limit: 5) { items { ${key.join(' ')} } totalCount } }`;
    const row = key.map(k => `'${k}', ${kinds[columns[k]].json?.(`t.${k}`) ?? `t.${k}`}`).join(', ');
    const items = `SELECT coalesce(json_agg(o), '[]') FROM (SELECT json_build_object(${row}) AS o FROM ${table} t WHERE ${where || 'true'} ORDER BY ${orderSql} LIMIT 5) x`;
    return { text, variables: { f: filter, o: orderBy }, sql: `SELECT json_build_object('items', (${items}), 'totalCount', (SELECT count(*) FROM ${table} t WHERE ${where || 'true'}))` };
  });
  const wrong = await differences(servers, project, queries);
  assert.equal(wrong.length, 0, `${wrong.length} of ${queries.length} differ, SEED=${seed}; the smallest:\n${wrong[0]?.report}`);
});

test(`random walks by nextToken, SEED=${seed}`, async () => {
  for (let i = 0; i < Math.min(100, Math.ceil(count / 30)); i++) {
    const turn = servers[i % servers.length];
    const table = random.pick(Object.keys(tables)), { list: field, type, key } = tables[table];
    const [filter, where] = generator.filterOf(table, 't', 1), [orderBy, orderSql] = generator.orderOf(table, 't');
    const keys = key.filter(column => column in tables[table].columns);
    const want = project.sql(`SELECT concat_ws(' ', ${keys.map(k => `t.${k}`).join(', ')}) FROM ${table} t WHERE ${where} ORDER BY ${orderSql}`).split('\n').filter(Boolean);
    const query = `query ($f: Model${type}FilterInput, $o: [Model${type}OrderByInput!], $l: Int, $t: String) { r: ${field}(filter: $f, orderBy: $o, limit: $l, nextToken: $t) { items { ${keys.join(' ')} } nextToken } }`;
    const seen = [], limit = Math.max(1, Math.ceil(want.length / (1 + random.below(9)))), label = JSON.stringify({ table, filter, orderBy, limit });
    let nextToken = null;
    do {
      const { json } = await turn.graphql(query, { f: filter, o: orderBy, l: limit, t: nextToken });
      assert.equal(json.errors, undefined, `${label} ${JSON.stringify(json.errors)}`);
      seen.push(...json.data.r.items.map(item => keys.map(k => item[k]).join(' ')));
      nextToken = json.data.r.nextToken;
      assert.ok(seen.length <= want.length, label);
    } while (nextToken);
    assert.deepEqual(seen, want, label);
  }
});
