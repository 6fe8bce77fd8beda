// Random aggregates through the API beside straightforward SQL over the same rows: groups at the root, and
// aggregates, groups and counts of children.
//   SEED=…        the operations of an earlier run; every run prints its seed; with CI set it is 1
//   OPERATIONS=…  how many (300)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project, onMariadb, root } from './support/project.mjs';

const seed = Number(process.env.SEED ?? (process.env.CI ? 1 : Math.floor(Math.random() * 2 ** 31)));
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

// Each kind: the functions it has, with their GraphQL scalar; how SQL writes what the API answers is in `show`.
const texts = { min: 'String', max: 'String' };
const kinds = {
  int: { sum: 'BigInt', avg: 'Float', min: 'Int', max: 'Int' },
  bigint: { sum: 'Decimal', avg: 'Decimal', min: 'BigInt', max: 'BigInt' },
  decimal: { sum: 'Decimal', avg: 'Decimal', min: 'Decimal', max: 'Decimal' },
  float: { sum: 'Float', avg: 'Float', min: 'Float', max: 'Float' },
  text: texts, bool: {}, uuid: {}, state: { min: 'State', max: 'State' }, date: { min: 'Date', max: 'Date' }, time: { min: 'DateTime', max: 'DateTime' },
};
const own = { int: 'Int', bigint: 'BigInt', decimal: 'Decimal', float: 'Float', text: 'String', bool: 'Boolean', uuid: 'ID', state: 'State', date: 'Date', time: 'DateTime' };
const show = {
  BigInt: c => `(${c})::text`, Decimal: c => `(${c})::text`, State: c => `replace((${c})::text, '-', '_')`,
  DateTime: c => `to_char((${c}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || 'Z'`,
  Float: c => `CASE WHEN (${c})::float8 = 'NaN' THEN to_json('NaN'::text) ELSE to_json((${c})::float8) END`,
};
const shown = (scalar, sql) => (show[scalar] ?? (c => c))(sql);
const values = {
  Int: () => { const n = below(60) - 5; return [n, String(n)]; }, BigInt: () => { const n = below(5000) - 50; return [chance(0.5) ? n : String(n), String(n)]; },
  Decimal: () => { const n = (below(4000) / 100).toFixed(2); return [n, n]; }, Float: () => { const n = below(300) / 4; return [n, `${n}::float8`]; },
  String: () => { const t = pick(['Post number 1', 'm', 'Author 1', '']); return [t, `'${t}'`]; },
  Date: () => { const d = new Date(below(2200) * 864e5).toISOString().slice(0, 10); return [d, `date '${d}'`]; },
  DateTime: () => { const t = new Date(Date.UTC(2024, 5, 1, 12, below(200))).toISOString(); return [t, `timestamptz '${t}'`]; },
  State: () => { const s = pick(['draft', 'in_review', 'published']); return [s, `'${s.replace('_', '-')}'::post_state`]; },
};
const cuts = ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY'], clockCuts = ['HOUR', 'MINUTE'];
const numbers = { QUARTER_OF_YEAR: 'quarter', MONTH_OF_YEAR: 'month', WEEK_OF_YEAR: 'week', DAY_OF_YEAR: 'doy', DAY_OF_MONTH: 'day', DAY_OF_WEEK: 'isodow' }, clockNumbers = { HOUR_OF_DAY: 'hour', MINUTE_OF_HOUR: 'minute' };

const tables = {
  author: { type: 'Author', list: 'Authors', columns: { id: 'int', email: 'text', name: 'text', bio: 'text', born: 'date', created_at: 'time' },
    children: { post: ['post', (p, c) => `${c}.author_id = ${p}.id`], comment: ['comment', (p, c) => `${c}.author_id = ${p}.id`] } },
  post: { type: 'Post', list: 'Posts', columns: { id: 'bigint', author_id: 'int', title: 'text', state: 'state', rating: 'decimal', views: 'bigint', score: 'float', is_pinned: 'bool', published_at: 'time' },
    children: { comment: ['comment', (p, c) => `${c}.post_id = ${p}.id`], post_label: ['post_label', (p, c) => `${c}.post_id = ${p}.id`], labels: ['label', (p, c) => `${c}.id IN (SELECT label_id FROM post_label WHERE post_id = ${p}.id)`] } },
  label: { type: 'Label', list: 'Labels', columns: { id: 'uuid', name: 'text' }, children: { posts: ['post', (p, c) => `${c}.id IN (SELECT post_id FROM post_label WHERE label_id = ${p}.id)`] } },
  comment: { type: 'Comment', list: 'Comments', columns: { post_id: 'bigint', seq: 'int', reply_to: 'int', author_id: 'int', body: 'text' },
    children: { other_comment: ['comment', (p, c) => `${c}.post_id = ${p}.post_id AND ${c}.reply_to = ${p}.seq`] } },
  post_label: { type: 'Post_label', list: 'Post_labels', columns: { post_id: 'bigint', added_at: 'time' }, children: {} },
};

// MariaDB orders NULL before everything else.
const ordered = (sql, way) => `${sql} ${way}${onMariadb ? (way === 'ASC' ? ' NULLS FIRST' : ' NULLS LAST') : ''}`;

class Query {
  variables = {}; declared = []; aliases = 0;
  variable(type, value) {
    const name = `v${this.declared.length}`;
    this.declared.push(`$${name}: ${type}`); this.variables[name] = value;
    return `$${name}`;
  }
  alias() { return `t${++this.aliases}`; }
  filter(table, alias) {
    const [column, kind] = pick(Object.entries(tables[table].columns).filter(([, k]) => values[own[k]] && (k !== 'text' || table === 'label')));
    const [v, s] = values[own[kind]](), [name, sign] = pick([['gt', '>'], ['le', '<='], ['ne', 'IS DISTINCT FROM']]);
    return [{ [column]: { [name === 'ne' || kind !== 'state' ? name : 'ne']: v } }, `${alias}.${column} ${kind === 'state' ? 'IS DISTINCT FROM' : sign} ${s}`];
  }
  // [member, column, SQL, scalar] of a random function.
  term(table, alias) {
    const { columns } = tables[table];
    if (chance(0.2)) return ['count', null, 'count(*)', 'Int'];
    const [column, kind] = pick(Object.entries(columns)), place = `${alias}.${column}`;
    const choices = [['countDistinct', column, `count(DISTINCT ${place})`, 'Int'],
      ...Object.entries(kinds[kind]).map(([f, scalar]) => [f, column, `${f}(${place})${f === 'avg' && scalar === 'Float' ? '::float8' : ''}`, scalar])];
    return pick(choices);
  }
  having(table, alias, depth = 2) {
    if (depth > 0 && chance(0.4)) {
      if (chance(0.3)) { const [i, s] = this.having(table, alias, depth - 1); return [{ not: i }, `(NOT (${s}))`]; }
      const parts = Array.from({ length: below(3) }, () => this.having(table, alias, depth - 1)), or = chance(0.5);
      return [{ [or ? 'or' : 'and']: parts.map(p => p[0]) }, parts.length ? `(${parts.map(p => `(${p[1]})`).join(or ? ' OR ' : ' AND ')})` : String(!or)];
    }
    const [member, column, sql, scalar] = this.term(table, alias);
    let input, text;
    if (chance(0.15)) { const exists = chance(0.5); input = { attributeExists: exists }; text = `${sql} IS ${exists ? 'NOT ' : ''}NULL`; }
    else {
      const [v, s] = values[scalar](), [name, sign] = pick([['eq', '='], ['ne', 'IS DISTINCT FROM'], ['lt', '<'], ['le', '<='], ['gt', '>'], ['ge', '>=']]);
      input = { [name]: v }; text = `${sql} ${sign} ${s}`;
    }
    return [{ [member]: column ? { [column]: input } : input }, text];
  }
  groupBy(table, alias) {
    const { columns } = tables[table], groups = [];
    for (const [column, kind] of some(Object.entries(columns)).slice(0, 2)) {
      const place = `${alias}.${column}`, timed = kind === 'time';
      if (kind !== 'date' && !timed || chance(0.2)) { groups.push({ input: { field: column }, column, sql: place, scalar: own[kind] }); continue; }
      if (chance(0.5)) {
        const part = pick(timed ? [...cuts, ...clockCuts] : cuts);
        groups.push({ input: { field: column, part }, column, part, scalar: own[kind], sql: timed ? `date_trunc('${part}', ${place}, 'UTC')` : `date_trunc('${part}', ${place}::timestamp)::date` });
      } else {
        const [part, field] = pick(Object.entries(timed ? { ...numbers, ...clockNumbers } : numbers));
        groups.push({ input: { field: column, part }, column, part, number: true, scalar: 'Int', sql: `extract(${field} FROM ${place}${timed ? ` AT TIME ZONE 'UTC'` : ''})::int` });
      }
    }
    return groups;
  }
  // A selection of one group: the text, and an SQL expression with the same answer.
  selection(table, alias, groups) {
    const text = [], pairs = [], byMember = {};
    for (const [i, group] of groups.entries()) {
      if (group.number) { text.push(`g${i}: datePart(field: ${group.column}, part: ${group.part})`); pairs.push(`'g${i}', ${group.sql}`); }
      else { text.push(`g${i}: group { v: ${group.column}${group.part ? `(part: ${group.part})` : ''} }`); pairs.push(`'g${i}', json_build_object('v', ${shown(group.scalar, group.sql)})`); }
    }
    for (let i = 0; i < 1 + below(5); i++) {
      const [member, column, sql, scalar] = this.term(table, alias);
      byMember[member] ??= {};
      byMember[member][column] = shown(scalar, sql);
    }
    for (const [member, columns] of Object.entries(byMember)) {
      text.push(member === 'count' ? 'count' : `${member} { ${Object.keys(columns).join(' ')} }`);
      pairs.push(`'${member}', ${member === 'count' ? columns.null : `json_build_object(${Object.entries(columns).map(([c, s]) => `'${c}', ${s}`).join(', ')})`}`);
    }
    return [text.join(' '), `json_build_object(${pairs.join(', ')})`];
  }
  // Arguments and selection of a list of groups: [text, SQL for the JSON array].
  groups(table, where, alias, extra = []) {
    const groups = chance(0.9) ? this.groupBy(table, alias) : [], args = [...extra], order = [], orderSql = [];
    const { type } = tables[table];
    if (groups.length) args.push(`groupBy: ${this.variable(`[Model${type}GroupByInput!]`, groups.map(g => g.input))}`);
    let having = 'true';
    if (chance(0.5)) { const [input, sql] = this.having(table, alias); args.push(`having: ${this.variable(`Model${type}HavingInput`, input)}`); having = sql; }
    for (let i = 0; i < below(3); i++) {
      const [member, column, sql] = this.term(table, alias), way = pick(['ASC', 'DESC']);
      order.push({ [member]: column ? { [column]: way } : way }); orderSql.push(ordered(sql, way));
    }
    if (groups.length && chance(0.4)) {
      const { column } = pick(groups), way = pick(['ASC', 'DESC']);
      order.push({ group: { [column]: way } });
      for (const g of groups) if (g.column === column) orderSql.push(ordered(g.sql, way));
    }
    if (order.length) args.push(`orderBy: ${this.variable(`[Model${type}AggregateOrderByInput!]`, order)}`);
    orderSql.push(...groups.map(g => ordered(g.sql, 'ASC')));
    const limit = 1 + below(30), offset = groups.length && chance(0.3) ? below(4) : 0;
    args.push(`limit: ${limit}`); if (offset) args.push(`offset: ${offset}`);
    const [inner, object] = this.selection(table, alias, groups);
    return [`(${args.join(', ')}) { ${inner} }`, `SELECT coalesce(json_agg(o), '[]') FROM (SELECT ${object} AS o FROM ${table} ${alias} WHERE ${where}` +
      `${groups.length ? ` GROUP BY ${groups.map(g => g.sql).join(', ')}` : ''} HAVING ${having}${orderSql.length ? ` ORDER BY ${orderSql.join(', ')}` : ''} LIMIT ${limit} OFFSET ${offset}) x`];
  }
  root(table) {
    const alias = 't0', [filter, where] = chance(0.5) ? this.filter(table, alias) : [null, 'true'];
    const extra = filter ? [`filter: ${this.variable(`Model${tables[table].type}FilterInput`, filter)}`] : [];
    const [text, sql] = this.groups(table, where, alias, extra);
    return [`aggregate${tables[table].list}${text}`, sql];
  }
  // A connection without its rows.
  connection(table, where, alias) {
    const text = [], pairs = [], [filter, sql] = chance(0.5) ? this.filter(table, alias) : [null, 'true'];
    const args = filter ? `(filter: ${this.variable(`Model${tables[table].type}FilterInput`, filter)})` : '';
    const rows = `(${where}) AND (${sql})`;
    if (chance(0.7)) { const [inner, object] = this.selection(table, alias, []); text.push(`aggregate { ${inner} }`); pairs.push(`'aggregate', (SELECT ${object} FROM ${table} ${alias} WHERE ${rows})`); }
    if (chance(0.5) || !text.length) { const [inner, list] = this.groups(table, rows, alias); text.push(`groups${inner}`); pairs.push(`'groups', (${list})`); }
    if (chance(0.3)) { const n = 1 + below(9); text.push(`some: totalCount(atMost: ${n})`); pairs.push(`'some', (SELECT least(count(*), ${n}) FROM ${table} ${alias} WHERE ${rows})`); }
    return [`${args} { ${text.join(' ')} }`, `json_build_object(${pairs.join(', ')})`];
  }
  parents(table) {
    const text = [], pairs = [], key = Object.keys(tables[table].columns)[0], limit = 1 + below(20);
    const order = { comment: '"t0".post_id, "t0".seq' }[table] ?? '"t0".id';
    for (const [name, [child, on]] of some(Object.entries(tables[table].children))) {
      const alias = this.alias(), [inner, sql] = this.connection(child, on('t0', alias), alias);
      text.push(`${name}${inner}`); pairs.push(`'${name}', ${sql}`);
    }
    return [`list${tables[table].list}(limit: ${limit}) { items { k: ${key} ${text.join(' ')} } }`,
      `SELECT json_build_object('items', coalesce(json_agg(o), '[]')) FROM (SELECT json_build_object('k', ${shown(own[tables[table].columns[key]], `t0.${key}`)}, ${pairs.join(', ')}) AS o FROM ${table} t0 ORDER BY ${order} LIMIT ${limit}) x`];
  }
}

// On MariaDB an average has other digits behind the last that matter.
const rounded = text => (onMariadb && /^-?\d+\.\d+$/.test(text) ? Number(Number(text).toPrecision(14)) : text);

// The same instant is written with or without the zeros that end its fraction; a sum of doubles depends on
// the order of its rows in its last digits.
const plain = value => {
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  if (typeof value === 'number') return Number(value.toPrecision(12));
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) ? value.replace(/(\.\d*?)0*Z$/, (_, digits) => (digits === '.' ? '' : digits) + 'Z') : typeof value === 'string' ? rounded(value) : value;
};

// On MariaDB the same rows are asked for, and PostgreSQL's SQL says what the answers are.
let project, server, asked;
before(async () => {
  project = await Project.create({ sql: readFileSync(join(root, 'tests/databases/blog.sql'), 'utf8') });
  if (onMariadb) asked = await Project.create({ on: 'mariadb', sql: readFileSync(join(root, 'tests/databases/mysql/blog.sql'), 'utf8') });
  server = await (asked ?? project).dev();
});
after(async () => { await asked?.remove(); await project.remove(); });

test(`${count} random aggregates, SEED=${seed}`, async () => {
  console.log(`# SEED=${seed} OPERATIONS=${count}`);
  const cases = Array.from({ length: count }, () => {
    const query = new Query(), table = pick(Object.keys(tables));
    const [text, sql] = chance(0.5) || !Object.keys(tables[table].children).length ? query.root(table) : query.parents(table);
    return { text: `query ${query.declared.length ? `(${query.declared.join(', ')})` : ''} { r: ${text} }`, variables: query.variables, sql };
  });
  const expected = project.sql(cases.map(c => `SELECT (${c.sql})::jsonb;`).join('\n')).split('\n').map(line => JSON.parse(line));
  const wrong = [];
  for (const [i, { text, variables, sql }] of cases.entries()) {
    const { json } = await server.graphql(text, variables);
    try {
      assert.deepEqual(json.errors, undefined);
      assert.deepEqual(plain(json.data.r), plain(expected[i]));
    } catch (error) {
      wrong.push({ size: text.length + JSON.stringify(variables).length, report: `operation ${i}\n${text}\n${JSON.stringify(variables)}\n${sql}\n${error.message}` });
    }
  }
  // The smallest is the one to read.
  wrong.sort((a, b) => a.size - b.size);
  assert.equal(wrong.length, 0, `${wrong.length} of ${count} differ, SEED=${seed}; the smallest:\n${wrong[0]?.report}`);
});

test('aggregates under many names are refused before anything runs', async () => {
  const many = (n, make) => Array.from({ length: n }, (_, i) => make(i)).join(' ');
  const bomb = `fragment G on ModelPostConnection { ${many(50, i => `g${i}: groups(limit: ${i + 1}) { count sum { views } }`)} }
    fragment P on author { ${many(50, i => `p${i}: post(limit: ${i + 1}) { ...G }`)} }
    { ${many(15, i => `l${i}: listAuthors { items { ...P } }`)} }`;
  const start = Date.now();
  const { json } = await server.graphql(bomb);
  assert.ok(Date.now() - start < 20_000, `${Date.now() - start} ms`);
  const codes = new Set((json.errors ?? []).map(e => e.extensions.code));
  assert.deepEqual([...codes], ['QUERY_TOO_COMPLEX'], JSON.stringify(json).slice(0, 500));
  const { json: next } = await server.graphql('{ aggregateAuthors { count } }');
  assert.equal(next.errors, undefined);
});
