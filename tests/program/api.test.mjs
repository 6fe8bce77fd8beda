// The API over real rows, as its documentation tells it, in one project with everything open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project, databaseSql, differs, engine, onMariadb } from './support/project.mjs';

let project, server;
before(async () => {
  project = await Project.create({ sql: databaseSql('blog'), on: engine });
  server = await project.dev();
});
after(() => project.remove());
const ask = async (query, variables) => { const { json } = await server.graphql(query, variables); assert.ok(!json.errors, JSON.stringify(json.errors)); return json.data; };
const fails = async (query, variables) => { const { json } = await server.graphql(query, variables); assert.ok(json.errors, JSON.stringify(json)); return json.errors[0]; };
const column = async (sql) => project.sql(sql).split('\n').filter(Boolean);

test('get, and get of nothing', async () => {
  assert.deepEqual(await ask('{ getPost(id: "7") { id title views rating tags state is_pinned slug } nothing: getPost(id: "100000") { id } }'),
    { getPost: { id: '7', title: 'Post number 7', views: '9007199254741000', rating: '7.25', tags: ['tag0', 'näive', null], state: 'in_review', is_pinned: false, slug: 'post-number-7' }, nothing: null });
});
test('composite key', async () => {
  assert.deepEqual(await ask('{ getComment(post_id: "3", seq: 2) { body reply_to comment { seq } } }'), { getComment: { body: 'Comment 2 on 3', reply_to: 1, comment: { seq: 1 } } });
});
// The few words of the conditions below that MariaDB spells differently.
const inMariadb = sql => sql.replace(/(\S+) IS DISTINCT FROM (\S+)/g, 'NOT $1 <=> $2').replaceAll('length(', 'char_length(').replace(/(\w+) ILIKE (\S.*)/g, 'lower($1) LIKE lower($2)')
  .replace("'tag3' = ANY (tags)", `JSON_CONTAINS(tags, '"tag3"')`).replace("13:00+00'", "13:00'");

test('every operator gives the rows that plain SQL gives', async () => {
  const cases = [
    ['{ rating: { eq: "4.25" } }', 'rating = 4.25'], ['{ rating: { ne: "4.25" } }', 'rating IS DISTINCT FROM 4.25'],
    ['{ rating: { lt: "3" } }', 'rating < 3'], ['{ rating: { le: "3.25" } }', 'rating <= 3.25'], ['{ rating: { gt: "8" } }', 'rating > 8'], ['{ rating: { ge: "8.25" } }', 'rating >= 8.25'],
    ['{ rating: { between: ["2", "4"] } }', 'rating BETWEEN 2 AND 4'], ['{ rating: { attributeExists: false } }', 'rating IS NULL'], ['{ rating: { attributeExists: true } }', 'rating IS NOT NULL'],
    ['{ title: { contains: "r 1" } }', `title LIKE '%r 1%'`], ['{ title: { notContains: "1" } }', `title NOT LIKE '%1%'`], ['{ title: { beginsWith: "Post number 2" } }', `title LIKE 'Post number 2%'`],
    ['{ title: { like: "%9" } }', `title LIKE '%9'`], ['{ title: { ilike: "post%1_" } }', `title ILIKE 'post%1_'`], ['{ title: { icontains: "NUMBER 5" } }', `title ILIKE '%number 5%'`],
    ['{ title: { in: ["Post number 1", "Post number 2", "nope"] } }', `title IN ('Post number 1', 'Post number 2')`], ['{ title: { size: { gt: 12 } } }', 'length(title) > 12'],
    ['{ state: { eq: published } }', `state = 'published'`], ['{ state: { ne: in_review } }', `state <> 'in-review'`], ['{ state: { in: [draft, published] } }', `state IN ('draft', 'published')`],
    ['{ is_pinned: { eq: true } }', 'is_pinned'], ['{ tags: { contains: "tag3" } }', `'tag3' = ANY (tags)`], ['{ views: { ge: "9007199254741100" } }', 'views >= 9007199254741100'],
    ['{ published_at: { gt: "2024-06-01T13:00:00Z" } }', `published_at > '2024-06-01 13:00+00'`], ['{ published_at: { lt: "2024-06-01T15:00:00+02:00" } }', `published_at < '2024-06-01 13:00+00'`],
    ['{ score: { lt: 2.5 } }', 'score < 2.5'], ['{ or: [{ rating: { lt: "1" } }, { rating: { gt: "9" } }] }', 'rating < 1 OR rating > 9'],
    ['{ and: [{ rating: { gt: "1" } }, { or: [{ state: { eq: draft } }, { not: { is_pinned: { eq: false } } }] }] }', `rating > 1 AND (state = 'draft' OR is_pinned)`],
    ['{ not: { state: { eq: draft } } }', `NOT state = 'draft'`], ['{ rating: { gt: "2", lt: "5" }, is_pinned: { eq: false } }', 'rating > 2 AND rating < 5 AND NOT is_pinned'],
    ['{ or: [] }', 'false'], ['{ and: [] }', 'true'], ['{}', 'true'],
  ];
  for (const [filter, sql] of cases) {
    const where = onMariadb ? inMariadb(sql) : sql;
    const { listPosts } = await ask(`{ listPosts(filter: ${filter}, orderBy: [{ id: ASC }], limit: 1000) { items { id } totalCount } }`);
    const want = await column(`SELECT id FROM post WHERE ${where} ORDER BY id`);
    assert.deepEqual(listPosts.items.map(p => p.id), want, filter);
    assert.equal(listPosts.totalCount, want.length, filter);
  }
});
test('the same filters from variables', async () => {
  const query = 'query ($f: ModelpostFilterInput, $o: [ModelpostOrderByInput!], $l: Int) { listPosts(filter: $f, orderBy: $o, limit: $l) { items { id } } }'.replaceAll('Modelpost', 'ModelPost');
  for (const [f, where] of [[{ rating: { gt: '8' } }, 'rating > 8'], [{ rating: { gt: 8 } }, 'rating > 8'], [{ or: [{ title: { eq: 'Post number 1' } }, { state: { eq: 'draft' } }] }, `title = 'Post number 1' OR state = 'draft'`], [null, 'true']])
    assert.deepEqual((await ask(query, { f, o: [{ id: 'DESC' }], l: 1000 })).listPosts.items.map(p => p.id), await column(`SELECT id FROM post WHERE ${where} ORDER BY id DESC`));
});
test('relations in every direction, each list with its own arguments', async () => {
  const data = await ask(`{ listAuthors(orderBy: [{ id: ASC }], limit: 3) { items { id profile { homepage }
    post(orderBy: [{ id: DESC }], limit: 2, filter: { state: { ne: draft } }) { items { id author { id } comment(limit: 1, offset: 1, orderBy: [{ seq: ASC }]) { items { seq } totalCount } } totalCount } } } }`);
  for (const author of data.listAuthors.items) {
    const ids = await column(`SELECT id FROM post WHERE author_id = ${author.id} AND state <> 'draft' ORDER BY id DESC`);
    assert.deepEqual(author.post.items.map(p => p.id), ids.slice(0, 2));
    assert.equal(author.post.totalCount, ids.length);
    for (const post of author.post.items) assert.deepEqual([post.author.id, post.comment], [author.id, { items: [{ seq: 2 }], totalCount: 3 }]);
    assert.equal(author.profile?.homepage ?? null, author.id % 2 ? `https://example.test/${author.id}` : null);
  }
});
test('a relation whose key is null is null', async () => {
  assert.deepEqual(await ask('{ getComment(post_id: "1", seq: 2) { author { id } comment { seq } } }'), { getComment: { author: null, comment: { seq: 1 } } });
});
test('pages by nextToken are complete and do not overlap, whatever the order', async () => {
  for (const order of ['[{ rating: ASC }]', '[{ rating: DESC }]', '[{ state: DESC }, { views: ASC }]', '[{ published_at: DESC }]', '[]']) {
    const seen = []; let token = null, rounds = 0;
    do {
      const { listPosts } = await ask(`query ($t: String) { listPosts(orderBy: ${order}, limit: 23, nextToken: $t) { items { id } nextToken } }`, { t: token });
      seen.push(...listPosts.items.map(p => p.id)); token = listPosts.nextToken;
      assert.ok(++rounds < 20);
    } while (token);
    assert.equal(new Set(seen).size, 200, order);
    assert.equal(seen.length, 200, order);
  }
});
test('a token of another ordering is refused', async () => {
  const { listPosts } = await ask('{ listPosts(orderBy: [{ rating: ASC }], limit: 3) { nextToken } }');
  const error = await fails('query ($t: String) { listPosts(orderBy: [{ views: ASC }], limit: 3, nextToken: $t) { items { id } } }', { t: listPosts.nextToken });
  assert.equal(error.extensions.code, 'BAD_USER_INPUT');
  assert.match(error.message, /nextToken/);
});
test('create, update, delete, with relations read back', async () => {
  const { createPost: made } = await ask('mutation ($i: CreatePostInput!) { createPost(input: $i) { id title state views author { name } comment { items { seq } } } }',
    { i: { author_id: 2, title: 'Made here', tags: ['a"b', 'c\\d', null], rating: 1.5, state: 'in_review', published_at: '2024-02-30T00:00:00Z'.replace('30', '28') } });
  assert.deepEqual({ ...made, id: 0 }, { id: 0, title: 'Made here', state: 'in_review', views: '0', author: { name: 'Author 2' }, comment: { items: [] } });
  const { updatePost } = await ask('mutation ($i: UpdatePostInput!) { updatePost(input: $i, condition: { state: { eq: in_review } }) { title rating tags author { id } } }', { i: { id: made.id, title: 'Changed', rating: null, author_id: 3 } });
  assert.deepEqual(updatePost, { title: 'Changed', rating: null, tags: ['a"b', 'c\\d', null], author: { id: 3 } });
  const missed = await fails('mutation ($i: UpdatePostInput!) { updatePost(input: $i, condition: { state: { eq: draft } }) { title } }', { i: { id: made.id, title: 'No' } });
  assert.equal(missed.extensions.code, 'CONDITION_FAILED');
  const { deletePost } = await ask('mutation ($i: DeletePostInput!) { deletePost(input: $i) { title author { name } } }', { i: { id: made.id } });
  assert.deepEqual(deletePost, { title: 'Changed', author: { name: 'Author 3' } });
  assert.equal((await fails('mutation ($i: DeletePostInput!) { deletePost(input: $i) { title } }', { i: { id: made.id } })).extensions.code, 'NOT_FOUND');
});
test('mutations of one request run in order', async () => {
  const data = await ask('mutation { a: createLabel(input: { name: "ordered" }) { id name } b: createLabel(input: { name: "ordered 2" }) { name } }');
  assert.match(data.a.id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(Object.keys(data), ['a', 'b']);
  const { json } = await server.graphql('mutation { a: createLabel(input: { name: "third" }) { name } b: createLabel(input: { name: "third" }) { name } c: createLabel(input: { name: "fourth" }) { name } }');
  assert.deepEqual(json.data, { a: { name: 'third' }, b: null, c: { name: 'fourth' } });
  assert.deepEqual(json.errors.map(e => [e.path, e.extensions.code]), [[['b'], 'UNIQUE_VIOLATION']]);
});
test('constraint errors say which field', async () => {
  const cases = [
    ['mutation { createPost(input: { author_id: 999, title: "x" }) { id } }', 'FOREIGN_KEY_VIOLATION', ['author_id']],
    ['mutation { createPost(input: { author_id: 1, title: "x", rating: "11" }) { id } }', 'CHECK_VIOLATION', ['rating']],
    ['mutation { createLabel(input: { name: "label 1" }) { id } }', 'UNIQUE_VIOLATION', ['name']],
    ['mutation { updatePost(input: { id: "1", title: null }) { id } }', 'NOT_NULL_VIOLATION', ['title']],
  ];
  for (const [query, code, fields] of cases) {
    const error = await fails(query);
    assert.deepEqual([error.extensions.code, error.extensions.fields], [code, fields], JSON.stringify(error));
  }
  const long = await fails('mutation ($t: String!) { createPost(input: { author_id: 1, title: $t }) { id } }', { t: 'x'.repeat(121) });
  assert.match(long.extensions.code, /DATA_EXCEPTION|BAD_USER_INPUT/);
});
test('values that do not fit are refused before the database sees them', async () => {
  for (const [query, variables] of [['query ($d: Date) { listAuthors(filter: { born: { eq: $d } }) { items { id } } }', { d: 'yesterday' }], ['{ getPost(id: "abc") { id } }', {}], ['{ getLabel(id: "not-a-uuid") { id } }', {}], ['{ listPosts(filter: { rating: { eq: "ten" } }) { items { id } } }', {}]])
    assert.equal((await fails(query, variables)).extensions.code, 'BAD_USER_INPUT', query);
});
test('bytes, JSON and dates round-trip', async () => {
  const { updateAuthor } = await ask('mutation ($s: JSON) { updateAuthor(input: { id: 1, settings: $s, born: "2000-02-29" }) { settings born created_at } }', { s: { deep: [1, 2.50, { 'ключ': null }], big: 'text' } });
  assert.deepEqual(updateAuthor, { settings: { deep: [1, 2.5, { 'ключ': null }], big: 'text' }, born: '2000-02-29', created_at: `2024-01-01T01:00:00${differs('fractions') ? '.000000' : ''}Z` });
  assert.deepEqual((await ask('{ getProfile(id: 1) { avatar } }')).getProfile, { avatar: Buffer.from('00ff1001', 'hex').toString('base64') });
});
test('descriptions come from comments', async () => {
  const { __type } = await ask('{ __type(name: "author") { description fields { name description } } }');
  assert.equal(__type.description, 'People who write.');
  assert.equal(__type.fields.find(f => f.name === 'email').description, 'Unique address, used to sign in.');
});
