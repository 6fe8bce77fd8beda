// Random operations through the API beside straightforward SQL over the same rows.
//   SEED=…        the operations of an earlier run; every run prints its seed
//   OPERATIONS=…  how many (300)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, root } from './support/project.mjs';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const count = Number(process.env.OPERATIONS ?? 300);

// mulberry32: small, and the same everywhere.
let state = seed;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const below = n => Math.floor(random() * n);
const chance = p => random() < p;
const pick = list => list[below(list.length)];
const some = (list, least = 1) => { const kept = list.filter(() => chance(0.4)); return kept.length >= least ? kept : [pick(list)]; };
const many = (n, make) => Array.from({ length: n }, make);

const sqlText = value => `'${String(value).replaceAll("'", "''")}'`;
const states = { draft: 'draft', in_review: 'in-review', published: 'published' };
const words = ['Post number 1', 'Post', 'number 2', '1', '0', 'er 1', 'ost number 19', '%', '_', '\\', 'Comment 1 on 7', 'Author 1', 'AUTHOR', 'Bio 4', 'author2@example.test', "it's", ''];
const utc = column => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || 'Z'`;

// Each kind: a random value as [GraphQL, SQL], its operators' family, and how SQL writes what the API answers.
const kinds = {
  int: { value: () => { const n = below(25) - 2; return [n, String(n)]; }, family: 'number' },
  bigint: { value: () => { const n = chance(0.5) ? String(below(205)) : String(9007199254740993n + BigInt(below(210))); return [n, n]; }, family: 'number', json: c => `${c}::text` },
  decimal: { value: () => { const n = `${below(11)}.${pick(['25', '00', '5'])}`; return [n, n]; }, family: 'number', json: c => `${c}::text` },
  float: { value: () => { const n = below(70) / 2; return [n, String(n)]; }, family: 'number' },
  text: { value: () => { const t = pick(words); return [t, sqlText(t)]; }, family: 'text' },
  bool: { value: () => { const b = chance(0.5); return [b, String(b)]; }, family: 'equal' },
  state: { value: () => { const s = pick(Object.keys(states)); return [s, `${sqlText(states[s])}::post_state`]; }, family: 'member', json: c => `replace(${c}::text, '-', '_')` },
  date: { value: () => { const d = new Date(below(2200) * 864e5).toISOString().slice(0, 10); return [d, `date '${d}'`]; }, family: 'number' },
  time: { value: () => { const t = new Date(Date.UTC(2024, 5, 1, 12, below(200))).toISOString(); return [t, `timestamptz '${t}'`]; }, family: 'number', json: utc },
};
const one = (table, on) => ({ table, on, many: false });
const list = (table, on) => ({ table, on, many: true });
// p: the alias of the parent's row, c: of the related row.
const tables = {
  author: {
    key: ['id'], list: 'listAuthors', type: 'Author',
    columns: { id: 'int', email: 'text', name: 'text', bio: 'text', born: 'date', created_at: 'time' },
    relations: { post: list('post', (p, c) => `${c}.author_id = ${p}.id`), comment: list('comment', (p, c) => `${c}.author_id = ${p}.id`), profile: one('profile', (p, c) => `${c}.author_id = ${p}.id`) },
  },
  profile: { key: ['id'], list: 'listProfiles', type: 'Profile', columns: { id: 'int', author_id: 'int', homepage: 'text' }, relations: { author: one('author', (p, c) => `${c}.id = ${p}.author_id`) } },
  post: {
    key: ['id'], list: 'listPosts', type: 'Post',
    columns: { id: 'bigint', author_id: 'int', title: 'text', state: 'state', rating: 'decimal', views: 'bigint', score: 'float', is_pinned: 'bool', published_at: 'time', slug: 'text' },
    relations: { author: one('author', (p, c) => `${c}.id = ${p}.author_id`), comment: list('comment', (p, c) => `${c}.post_id = ${p}.id`), post_label: list('post_label', (p, c) => `${c}.post_id = ${p}.id`) },
  },
  comment: {
    key: ['post_id', 'seq'], list: 'listComments', type: 'Comment', columns: { post_id: 'bigint', seq: 'int', reply_to: 'int', author_id: 'int', body: 'text' },
    relations: {
      author: one('author', (p, c) => `${c}.id = ${p}.author_id`), post: one('post', (p, c) => `${c}.id = ${p}.post_id`),
      comment: one('comment', (p, c) => `${c}.post_id = ${p}.post_id AND ${c}.seq = ${p}.reply_to`), other_comment: list('comment', (p, c) => `${c}.post_id = ${p}.post_id AND ${c}.reply_to = ${p}.seq`),
    },
  },
  post_label: { key: ['post_id', 'label_id'], list: 'listPost_labels', type: 'Post_label', columns: { post_id: 'bigint', added_at: 'time' }, relations: { post: one('post', (p, c) => `${c}.id = ${p}.post_id`) } },
};

// One operator on one column: [input, SQL].
function operator(kind, column) {
  const { value, family } = kinds[kind];
  const [v, s] = value(), [w, t] = value();
  const choices = [
    () => [{ eq: v }, `${column} = ${s}`],
    () => [{ ne: v }, `${column} IS DISTINCT FROM ${s}`],
    () => [{ eq: null }, `${column} IS NULL`],
    () => [{ ne: null }, `${column} IS NOT NULL`],
    () => { const exists = chance(0.5); return [{ attributeExists: exists }, `${column} IS ${exists ? 'NOT ' : ''}NULL`]; },
  ];
  if (family !== 'equal') {
    const values = many(below(4), value), sql = values.map(x => x[1]).join(', ');
    choices.push(() => [{ in: values.map(x => x[0]) }, values.length ? `${column} IN (${sql})` : 'false']);
  }
  if (family === 'number' || family === 'text') {
    for (const [name, sign] of [['lt', '<'], ['le', '<='], ['gt', '>'], ['ge', '>=']]) choices.push(() => [{ [name]: v }, `${column} ${sign} ${s}`]);
    choices.push(() => [{ between: [v, w] }, `${column} BETWEEN ${s} AND ${t}`], () => [{ ge: v, lt: w }, `(${column} >= ${s} AND ${column} < ${t})`]);
  }
  if (family === 'text') {
    choices.push(
      () => [{ contains: v }, `strpos(${column}, ${s}) > 0`], () => [{ beginsWith: v }, `starts_with(${column}, ${s})`],
      () => [{ icontains: v }, `strpos(lower(${column}), lower(${s})) > 0`],
      () => { const n = below(16); return [{ size: { gt: n } }, `length(${column}) > ${n}`]; });
    if (v !== '\\') choices.push(() => [{ like: `%${v}` }, `${column} LIKE '%' || ${s}`], () => [{ ilike: `${v}%` }, `${column} ILIKE ${s} || '%'`]);
  }
  return pick(choices)();
}
function filterOf(table, alias, depth = 3) {
  if (depth > 0 && chance(0.45)) {
    if (chance(0.3)) {
      const [inner, sql] = filterOf(table, alias, depth - 1);
      return [{ not: inner }, `(NOT (${sql}))`];
    }
    const parts = many(below(4), () => filterOf(table, alias, depth - 1)), or = chance(0.5);
    const sql = parts.map(x => `(${x[1]})`).join(or ? ' OR ' : ' AND ');
    return [{ [or ? 'or' : 'and']: parts.map(x => x[0]) }, parts.length ? `(${sql})` : String(!or)];
  }
  const input = {}, sql = [];
  for (const [column, kind] of some(Object.entries(tables[table].columns)).slice(0, 2)) {
    const [one, text] = operator(kind, `${alias}.${column}`);
    input[column] = one; sql.push(`(${text})`);
  }
  return [input, sql.join(' AND ')];
}
// A total order: random columns, then what is left of the key in the last one's direction, as the API completes it.
function orderOf(table, alias) {
  const { columns, key } = tables[table];
  const by = some(Object.keys(columns)).slice(0, 2).map(column => [column, pick(['ASC', 'DESC'])]);
  const rest = key.filter(column => !by.some(([name]) => name === column)).map(column => [column, by.at(-1)[1]]);
  return [by.map(([column, way]) => ({ [column]: way })), by.concat(rest).map(([column, way]) => `${alias}.${column} ${way}`).join(', ')];
}

// One query: the text with its variables, and an SQL expression with the same answer as JSON.
class Query {
  variables = {}; declared = []; aliases = 0;
  variable(type, value) {
    const name = `v${this.declared.length}`;
    this.declared.push(`$${name}: ${type}`); this.variables[name] = value;
    return `$${name}`;
  }
  selection(table, alias, depth) {
    const { columns, relations } = tables[table];
    const text = [], pairs = [];
    for (const [column, kind] of some(Object.entries(columns))) {
      const place = `${alias}.${column}`;
      text.push(column); pairs.push(`'${column}', ${kinds[kind].json?.(place) ?? place}`);
    }
    for (const [name, relation] of depth > 0 ? Object.entries(relations).filter(() => chance(0.4)) : []) {
      const child = `t${++this.aliases}`, on = relation.on(alias, child);
      if (relation.many) {
        const [inner, sql] = this.connection(relation.table, child, on, depth - 1);
        text.push(`${name}${inner}`); pairs.push(`'${name}', (${sql})`);
      } else {
        const [inner, object] = this.selection(relation.table, child, depth - 1);
        text.push(`${name} { ${inner} }`); pairs.push(`'${name}', (SELECT ${object} FROM ${relation.table} ${child} WHERE ${on})`);
      }
    }
    return [text.join(' '), `json_build_object(${pairs.join(', ')})`];
  }
  connection(table, alias, on, depth) {
    const args = [], limit = 1 + below(12), offset = chance(0.3) ? below(6) : 0;
    const [order, orderSql] = orderOf(table, alias);
    args.push(`orderBy: ${this.variable(`[Model${tables[table].type}OrderByInput!]`, order)}`, `limit: ${this.variable('Int', limit)}`);
    if (offset) args.push(`offset: ${offset}`);
    let where = on;
    if (chance(0.6)) {
      const [filter, sql] = filterOf(table, alias);
      args.push(`filter: ${this.variable(`Model${tables[table].type}FilterInput`, filter)}`);
      where = `(${on}) AND (${sql})`;
    }
    const [inner, object] = this.selection(table, alias, depth), total = chance(0.4);
    const items = `SELECT coalesce(json_agg(o), '[]') FROM (SELECT ${object} AS o FROM ${table} ${alias} WHERE ${where} ORDER BY ${orderSql} LIMIT ${limit} OFFSET ${offset}) x`;
    return [`(${args.join(', ')}) { items { ${inner} }${total ? ' totalCount' : ''} }`,
      `SELECT json_build_object('items', (${items})${total ? `, 'totalCount', (SELECT count(*) FROM ${table} ${alias} WHERE ${where})` : ''})`];
  }
}

// The same instant is written with or without the zeros that end its fraction.
const plain = value => {
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) ? value.replace(/(\.\d*?)0*Z$/, (_, digits) => (digits === '.' ? '' : digits) + 'Z') : value;
};

let project, server;
before(async () => {
  project = await Project.create({ sql: readFileSync(join(root, 'tests/databases/blog.sql'), 'utf8') });
  server = await project.dev();
});
after(() => project.remove());

test(`${count} random queries, SEED=${seed}`, async () => {
  console.log(`# SEED=${seed} OPERATIONS=${count}`);
  const cases = many(count, () => {
    const table = pick(Object.keys(tables)), query = new Query();
    const [text, sql] = query.connection(table, 't0', 'true', 2);
    return { text: `query (${query.declared.join(', ')}) { r: ${tables[table].list}${text} }`, variables: query.variables, sql };
  });
  // One psql for all: a process for each would be most of the time.
  const expected = project.sql(cases.map(c => `SELECT (${c.sql})::jsonb;`).join('\n')).split('\n').map(line => JSON.parse(line));
  const wrong = [];
  for (const [i, { text, variables, sql }] of cases.entries()) {
    const { json } = await server.graphql(text, variables);
    try {
      assert.deepEqual(json.errors, undefined);
      assert.deepEqual(plain(json.data.r), plain(expected[i]));
    } catch (error) {
      wrong.push({ i, size: text.length + JSON.stringify(variables).length, report: `operation ${i}\n${text}\n${JSON.stringify(variables)}\n${sql}\n${error.message}` });
    }
  }
  // The smallest is the one to read.
  wrong.sort((a, b) => a.size - b.size);
  assert.equal(wrong.length, 0, `${wrong.length} of ${count} differ, SEED=${seed}; the smallest:\n${wrong[0]?.report}`);
});

test(`random walks by nextToken, SEED=${seed}`, async () => {
  for (let i = 0; i < Math.ceil(count / 30); i++) {
    const table = pick(Object.keys(tables)), { list: field, type, key } = tables[table];
    const [filter, where] = filterOf(table, 't', 1), [orderBy, orderSql] = orderOf(table, 't');
    const keys = key.filter(column => column in tables[table].columns);
    const want = project.sql(`SELECT concat_ws(' ', ${keys.map(k => `t.${k}`).join(', ')}) FROM ${table} t WHERE ${where} ORDER BY ${orderSql}`).split('\n').filter(Boolean);
    const query = `query ($f: Model${type}FilterInput, $o: [Model${type}OrderByInput!], $l: Int, $t: String) { r: ${field}(filter: $f, orderBy: $o, limit: $l, nextToken: $t) { items { ${keys.join(' ')} } nextToken } }`;
    const seen = [], limit = Math.max(1, Math.ceil(want.length / (1 + below(9)))), label = JSON.stringify({ table, filter, orderBy, limit });
    let nextToken = null;
    do {
      const { json } = await server.graphql(query, { f: filter, o: orderBy, l: limit, t: nextToken });
      assert.equal(json.errors, undefined, `${label} ${JSON.stringify(json.errors)}`);
      seen.push(...json.data.r.items.map(item => keys.map(k => item[k]).join(' ')));
      nextToken = json.data.r.nextToken;
      assert.ok(seen.length <= want.length, label);
    } while (nextToken);
    assert.deepEqual(seen, want, label);
  }
});
