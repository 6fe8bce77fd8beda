// An overlay as Amplify's transform writes one: whole models under other names, relations, enums, statements of the
// owner's. The unmodified client of aws-amplify, with the introspection that belongs to it, reads and writes through it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, root } from './support/project.mjs';

const require = createRequire(join(root, 'tests/npm/package.json'));
const { Amplify } = require('aws-amplify');
const { generateClient } = require('aws-amplify/api');

const key = 'test-key';
const tables = `
CREATE TYPE book_state AS ENUM ('DRAFT', 'PRINTED');
CREATE TABLE books (id serial PRIMARY KEY, title varchar(200) NOT NULL, state book_state DEFAULT 'DRAFT', rating numeric(4,2),
  tags text[], meta jsonb, printed_on date, "createdAt" timestamp DEFAULT '2024-01-31 12:30:00', "1shelf mark" text, secret text);
CREATE TABLE reviews (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), book_id integer NOT NULL REFERENCES books(id), content text NOT NULL);
CREATE TABLE places (id serial PRIMARY KEY, name text NOT NULL, lat double precision, long double precision);
INSERT INTO books (title, state, rating, tags, meta, printed_on, "1shelf mark") VALUES
  ('One', 'PRINTED', 4.50, '{a,"b c"}', '{"pages": 3}', '2020-02-01', 'A1'), ('Two', 'DRAFT', NULL, NULL, NULL, NULL, NULL);
INSERT INTO reviews (id, book_id, content) VALUES ('00000000-0000-4000-8000-000000000001', 1, 'good');
INSERT INTO places (name, lat, long) VALUES ('North', 60, 10), ('South', -10, 20);
`;
const sdl = `
enum BookState { DRAFT PRINTED }
type Book @model(timestamps: null) @auth(rules: [{ allow: public, provider: apiKey }]) @refersTo(name: "books") {
  id: Int! @primaryKey @default
  title: String!
  state: BookState
  rating: Float
  tags: [String]
  meta: AWSJSON
  printed_on: AWSDate
  createdAt: AWSDateTime
  shelf_mark: String
  reviews: [Review] @hasMany(references: ["book_id"])
}
type Review @model(timestamps: null, mutations: { delete: null }) @auth(rules: [{ allow: public, provider: apiKey }]) @refersTo(name: "reviews") {
  id: ID! @primaryKey @default
  book_id: Int!
  content: String!
  book: Book @belongsTo(references: ["book_id"])
}
type Place @aws_iam @aws_api_key { id: Int! name: String lat: Float long: Float }
type CountsReturnType @aws_api_key { state: String total: Int }
scalar Word @constraint(pattern: "[A-Za-z]+", maxLength: 8)
input BoxInput { south: Float!, names: [String] }
type Query {
  allPlaces: [Place] @sql(statement: "SELECT id, name, lat, \\"long\\" FROM places ORDER BY id") @auth(rules: [{ allow: public }])
  placesFrom(minLat: Float!, maxLat: Float, names: [String]): [Place]
    @sql(statement: "SELECT * FROM places WHERE lat >= :minLat AND lat <= coalesce(:maxLat, 90::float8) AND (:names::text[] IS NULL OR name = ANY(:names)) ORDER BY id") @auth(rules: [{ allow: public }])
  booksCalled(title: String!): [Book] @sql(reference: "./booksCalled.sql") @auth(rules: [{ allow: public }])
  counts: CountsReturnType @sql(statement: "SELECT state::text AS state, count(*)::int AS total FROM books GROUP BY state ORDER BY state DESC") @auth(rules: [{ allow: public }])
  total: Int @sql(statement: "SELECT count(*)::int FROM books") @auth(rules: [{ allow: public }])
  titles: [String!]! @sql(statement: "SELECT title FROM books ORDER BY id") @auth(rules: [{ allow: public }])
  nothing: Place @sql(statement: "SELECT * FROM places WHERE false") @auth(rules: [{ allow: public }])
  quoted(word: Word): String @sql(statement: "SELECT ':word' || ':' || :word -- :not") @auth(rules: [{ allow: public }])
  inside(box: BoxInput!): [AWSJSON] @sql(statement: "SELECT name, lat FROM places WHERE lat >= (:box::jsonb->>'south')::float8") @auth(rules: [{ allow: public }])
  forOthers: Int @sql(statement: "SELECT 1") @auth(rules: [{ allow: groups, groups: ["Admins"] }])
}
type Mutation {
  addPlace(name: String!, lat: Float!, long: Float!): [AWSJSON] @sql(reference: "./addPlace.sql") @auth(rules: [{ allow: public }])
}
`;
let project, server;
before(async () => {
  project = await Project.create({ sql: tables, files: {
    'api/schema.graphql': sdl,
    'api/booksCalled.sql': '-- by their title\nSELECT id, title, state, "createdAt" FROM books WHERE title = :title;\n',
    'api/addPlace.sql': 'INSERT INTO places (name, lat, long) VALUES (:name, :lat, :long) RETURNING id, name, lat;\n',
  } });
  server = await project.serve({ key });
});
after(() => project.remove());

const field = (name, type, isRequired = false, more = {}) => [name, { name, isArray: false, type, isRequired, attributes: [], ...more }];
const fields = (...list) => Object.fromEntries(list);
const key_info = { isCustomPrimaryKey: false, primaryKeyFieldName: 'id', sortKeyFieldNames: [] };
const attributes = [{ type: 'model', properties: { timestamps: null } }];
const introspection = {
  version: 1, enums: { BookState: { name: 'BookState', values: ['DRAFT', 'PRINTED'] } },
  nonModels: { Place: { name: 'Place', fields: fields(field('id', 'Int', true), field('name', 'String'), field('lat', 'Float'), field('long', 'Float')) } },
  models: {
    Book: { name: 'Book', pluralName: 'Books', syncable: true, attributes, primaryKeyInfo: key_info, fields: fields(
      field('id', 'Int', true), field('title', 'String', true), field('state', { enum: 'BookState' }), field('rating', 'Float'),
      field('tags', 'String', false, { isArray: true, isArrayNullable: true }), field('meta', 'AWSJSON'), field('printed_on', 'AWSDate'),
      field('createdAt', 'AWSDateTime'), field('shelf_mark', 'String'),
      field('reviews', { model: 'Review' }, false, { isArray: true, isArrayNullable: true, association: { connectionType: 'HAS_MANY', associatedWith: ['book_id'] } })) },
    Review: { name: 'Review', pluralName: 'Reviews', syncable: true, attributes, primaryKeyInfo: key_info, fields: fields(
      field('id', 'ID', true), field('book_id', 'Int', true), field('content', 'String', true),
      field('book', { model: 'Book' }, false, { association: { connectionType: 'BELONGS_TO', targetNames: ['book_id'] } })) },
  },
  queries: {
    allPlaces: { name: 'allPlaces', isArray: true, type: { nonModel: 'Place' }, isRequired: false, isArrayNullable: true },
    placesFrom: { name: 'placesFrom', isArray: true, type: { nonModel: 'Place' }, isRequired: false, isArrayNullable: true, arguments: {
      minLat: { name: 'minLat', isArray: false, type: 'Float', isRequired: true }, maxLat: { name: 'maxLat', isArray: false, type: 'Float', isRequired: false },
      names: { name: 'names', isArray: true, type: 'String', isRequired: false, isArrayNullable: true } } },
    booksCalled: { name: 'booksCalled', isArray: true, type: { model: 'Book' }, isRequired: false, isArrayNullable: true, arguments: { title: { name: 'title', isArray: false, type: 'String', isRequired: true } } },
    total: { name: 'total', isArray: false, type: 'Int', isRequired: false },
  },
  mutations: {
    addPlace: { name: 'addPlace', isArray: true, type: 'AWSJSON', isRequired: false, isArrayNullable: true, arguments: {
      name: { name: 'name', isArray: false, type: 'String', isRequired: true }, lat: { name: 'lat', isArray: false, type: 'Float', isRequired: true },
      long: { name: 'long', isArray: false, type: 'Float', isRequired: true } } },
  },
};
const amplify = () => {
  Amplify.configure({ version: '1.4', data: { url: server.url, aws_region: 'eu-central-1', api_key: key, default_authorization_type: 'API_KEY', authorization_types: [], model_introspection: introspection } });
  return generateClient();
};

test('aws-amplify: a model under another name, with the types its overlay gives', async () => {
  const client = amplify();
  const { data, errors } = await client.models.Book.get({ id: 1 });
  assert.equal(errors, undefined);
  assert.deepEqual({ ...data, reviews: undefined }, { id: 1, title: 'One', state: 'PRINTED', rating: 4.5, tags: ['a', 'b c'], meta: '{"pages": 3}',
    printed_on: '2020-02-01', createdAt: '2024-01-31T12:30:00Z', shelf_mark: 'A1', reviews: undefined });
  assert.deepEqual((await data.reviews()).data.map(r => r.content), ['good']);
  const made = await client.models.Book.create({ title: 'Three', state: 'PRINTED', rating: 1.25, tags: ['x'], meta: '{"a":[1]}', createdAt: '2024-05-01T10:00:00+02:00' });
  assert.equal(made.errors, undefined);
  assert.deepEqual([made.data.meta, made.data.rating, made.data.createdAt], ['{"a": [1]}', 1.25, '2024-05-01T08:00:00Z']);
  const review = await client.models.Review.create({ book_id: made.data.id, content: 'short' });
  assert.equal(review.errors, undefined);
  assert.equal((await review.data.book()).data.title, 'Three');
  const listed = await client.models.Book.list({ filter: { state: { eq: 'PRINTED' } }, selectionSet: ['title', 'reviews.content'] });
  assert.deepEqual(listed.data.map(b => [b.title, b.reviews.length]).sort(), [['One', 1], ['Three', 1]]);
});

test('aws-amplify: statements of the owner', async () => {
  const client = amplify();
  const all = await client.queries.allPlaces();
  assert.deepEqual(all.data, [{ id: 1, name: 'North', lat: 60, long: 10 }, { id: 2, name: 'South', lat: -10, long: 20 }]);
  // An argument that is not given is NULL.
  assert.deepEqual((await client.queries.placesFrom({ minLat: 0 })).data.map(p => p.name), ['North']);
  assert.deepEqual((await client.queries.placesFrom({ minLat: -90, names: ['South', 'East'] })).data.map(p => p.name), ['South']);
  assert.equal((await client.queries.total()).data, Number(project.sql('select count(*) from books')));
  const [book] = (await client.queries.booksCalled({ title: 'One' })).data;
  assert.deepEqual([book.id, book.title, book.state, book.createdAt, book.rating], [1, 'One', 'PRINTED', '2024-01-31T12:30:00Z', null]);
  const added = await client.mutations.addPlace({ name: 'O\'East "x"', lat: 1.5, long: 2 });
  assert.equal(added.errors, undefined);
  assert.deepEqual(added.data.map(row => JSON.parse(row)), [{ id: 3, name: 'O\'East "x"', lat: 1.5 }]);
  project.sql('delete from places where id = 3');
});

test('a statement gives one object, values, and rows as JSON', async () => {
  const { json } = await server.graphql('{ counts { state total __typename } titles nothing { id } quoted(word: "abc") inside(box: { south: 0 }) }');
  assert.equal(json.errors, undefined);
  assert.deepEqual(json.data.counts, { state: 'PRINTED', total: 2, __typename: 'CountsReturnType' });
  assert.deepEqual(json.data.titles.slice(0, 2), ['One', 'Two']);
  assert.equal(json.data.nothing, null);
  assert.equal(json.data.quoted, ':word:abc');
  assert.deepEqual(json.data.inside.map(row => JSON.parse(row)), [{ name: 'North', lat: 60 }]);
  const byVariable = await server.graphql('query ($b: BoxInput!) { inside(box: $b) }', { b: { south: -20, names: ['x'] } });
  assert.equal(byVariable.json.data.inside.length, 2);
});

test('values of a scalar are checked, with the name of the argument', async () => {
  for (const send of [w => server.graphql(`{ quoted(word: ${JSON.stringify(w)}) }`), w => server.graphql('query ($w: Word) { quoted(word: $w) }', { w })]) {
    const { json } = await send('no digits 1');
    assert.match(json.errors[0].message, /word: "no digits 1" is no Word/);
    assert.match((await send('abcdefghi')).json.errors[0].message, /more than 8 characters/);
    assert.equal((await send('fine')).json.data.quoted, ':word:fine');
  }
});

test('what an overlay leaves out is not there', async () => {
  const { json } = await server.graphql('{ __type(name: "Book") { fields { name } } m: __schema { mutationType { fields { name } } } }');
  const names = json.data.__type.fields.map(f => f.name);
  assert.ok(!names.includes('secret'));
  assert.ok(names.includes('shelf_mark') && names.includes('reviews'));
  const mutations = json.data.m.mutationType.fields.map(f => f.name);
  assert.ok(mutations.includes('createReview') && !mutations.includes('deleteReview') && mutations.includes('deleteBook'));
});

test('statements are compared with the database when the server starts', async () => {
  const check = (files) => {
    const other = new Project(project.dir);
    for (const [name, text] of Object.entries(files)) other.write(name, text);
    const result = other.run(['serve', '--url', project.databaseUrl, '--port', '0', '--api-key', 'env:K'], { env: { K: 'k' } });
    return result.stdout + result.stderr;
  };
  const op = text => ({ 'api/schema.graphql': sdl + `extend type Query { wrong(n: Int): ${text} @auth(rules: [{ allow: public }]) }\n` });
  try {
    assert.match(check(op('[Place] @sql(statement: "SELECT name, lat, long FROM places")')), /TN4013[\s\S]*wrong promises id, and the statement has no column of that name/);
    assert.match(check(op('Int @sql(statement: "SELECT name FROM places")')), /TN4013[\s\S]*first column name is text/);
    assert.match(check(op('Int @sql(statement: "SELECT 1 FROM nowhere")')), /TN4013[\s\S]*refuses the statement of wrong/);
    assert.match(check(op('Int @sql(statement: "SELECT :m")')), /TN4012[\s\S]*wrong has no argument m/);
  } finally {
    project.write('api/schema.graphql', sdl);
  }
});
