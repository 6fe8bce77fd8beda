// Random operations over described tables, each with straightforward SQL that has the same answer as JSON.
//
// A table: { key, list, type, columns: { name: kind }, relations: { name: one | list }, compare: { group: [column] } }.
// A relation has the related `table`, and `on(p, c)`: the SQL by which the row c belongs to the row p.
import assert from 'node:assert/strict';

export const sqlText = value => `'${String(value).replaceAll("'", "''")}'`;
const utc = column => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || 'Z'`;

// mulberry32: small, and the same everywhere.
export function randomness(seed) {
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
  return { random, below, chance, pick, some, many };
}

export const one = (table, on) => ({ table, on, many: false });
export const list = (table, on) => ({ table, on, many: true });

// Each kind: a random value as [GraphQL, SQL], its operators' family, and how SQL writes what the API answers.
export function kindsOf({ below, chance, pick, many }, words) {
  const text = () => { const t = pick(words); return [t, sqlText(t)]; };
  return {
    int: { value: () => { const n = below(25) - 2; return [n, String(n)]; }, family: 'number' },
    bigint: { value: () => { const n = chance(0.5) ? String(below(205)) : String(9007199254740993n + BigInt(below(210))); return [n, n]; }, family: 'number', json: c => `${c}::text` },
    decimal: { value: () => { const n = `${below(11)}.${pick(['25', '00', '5'])}`; return [n, n]; }, family: 'number', json: c => `${c}::text` },
    float: { value: () => { const n = below(70) / 2; return [n, String(n)]; }, family: 'number' },
    text: { value: text, family: 'text' },
    bool: { value: () => { const b = chance(0.5); return [b, String(b)]; }, family: 'equal' },
    date: { value: () => { const d = new Date(below(2200) * 864e5).toISOString().slice(0, 10); return [d, `date '${d}'`]; }, family: 'number' },
    time: { value: () => { const t = new Date(Date.UTC(2024, 5, 1, 12, below(200))).toISOString(); return [t, `timestamptz '${t}'`]; }, family: 'number', json: utc },
    uuid: { value: () => { const u = `00000000-0000-4000-8000-${String(1 + below(6)).padStart(12, '0')}`; return [u, `uuid '${u}'`]; }, family: 'member' },
    texts: { value: () => { const values = many(below(3), text); return [values.map(v => v[0]), `ARRAY[${values.map(v => v[1]).join(', ')}]::text[]`]; }, element: text, family: 'list' },
    json: { value: () => { const v = pick([{}, { theme: 'dark' }, { theme: 'light', n: [1, 'a'] }, 3, 'dark', [1], { a: { b: below(4) } }, { a: null }]); return [v, `${sqlText(JSON.stringify(v))}::jsonb`]; }, family: 'json' },
  };
}

export class Generator {
  // nullsSmallest: the engine that is asked orders NULL before everything else; PostgreSQL, which has the expected
  // answers, behind.
  constructor({ random, tables, kinds, nullsSmallest = false }) { Object.assign(this, random, { tables, kinds, nullsSmallest, aliases: 0 }); }

  // One operator on one column: [input, SQL].
  operator(kind, column) {
    const { below, chance, pick, many } = this, { value, element, family } = this.kinds[kind];
    if (family === 'json') return this.jsonOperator(kind, column);
    const [v, s] = value(), [w, t] = value();
    const choices = [
      () => [{ eq: v }, `${column} = ${s}`],
      () => [{ ne: v }, `${column} IS DISTINCT FROM ${s}`],
      () => [{ eq: null }, `${column} IS NULL`],
      () => [{ ne: null }, `${column} IS NOT NULL`],
      () => { const exists = chance(0.5); return [{ attributeExists: exists }, `${column} IS ${exists ? 'NOT ' : ''}NULL`]; },
    ];
    if (family === 'list') {
      const [x, e] = element(), empty = chance(0.5);
      choices.push(
        () => [{ contains: x }, `${column} @> ARRAY[${e}]::text[]`], () => [{ notContains: x }, `NOT ${column} @> ARRAY[${e}]::text[]`],
        () => [{ hasEvery: v }, `CASE WHEN ${column} IS NOT NULL THEN NOT EXISTS (SELECT FROM unnest(${s}) x WHERE (x = ANY(${column})) IS NOT TRUE) END`],
        () => [{ hasSome: v }, `CASE WHEN ${column} IS NOT NULL THEN EXISTS (SELECT FROM unnest(${s}) x WHERE x = ANY(${column})) END`],
        () => [{ isEmpty: empty }, `(${column} = '{}') = ${empty}`]);
      return pick(choices)();
    }
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
        () => [{ icontains: v }, `strpos(lower(${column}), lower(${s})) > 0`], () => [{ eqi: v }, `lower(${column}) = lower(${s})`],
        () => { const n = below(16); return [{ size: { gt: n } }, `length(${column}) > ${n}`]; });
      if (v !== '\\') choices.push(() => [{ like: `%${v}` }, `${column} LIKE '%' || ${s}`], () => [{ ilike: `${v}%` }, `${column} ILIKE ${s} || '%'`]);
    }
    return pick(choices)();
  }
  jsonOperator(kind, column) {
    const { pick, below } = this, [v, s] = this.kinds[kind].value();
    const path = pick([null, ['theme'], ['a', 'b'], ['n', '1'], ['n'], []]), n = below(4);
    const at = path ? `(${column} #> ARRAY[${path.map(sqlText).join(', ')}]::text[])` : column, with_ = path ? { path } : {};
    return pick([
      () => [{ ...with_, eq: v }, `${at} = ${s}`], () => [{ ...with_, ne: v }, `${at} IS DISTINCT FROM ${s}`],
      () => [{ ...with_, eq: null }, path ? `coalesce(${at}, 'null') = 'null'` : `${at} IS NULL`],
      () => [{ ...with_, ne: null }, path ? `coalesce(${at}, 'null') <> 'null'` : `${at} IS NOT NULL`],
      () => [{ ...with_, attributeExists: true }, `${at} IS NOT NULL`],
      () => [{ ...with_, contains: v }, `${at} @> ${s}`], () => [{ ...with_, notContains: v }, `NOT ${at} @> ${s}`],
      () => [{ ...with_, ge: n }, `CASE WHEN ${at} IS NULL THEN NULL WHEN jsonb_typeof(${at}) = 'number' THEN ${at}::text::numeric >= ${n} ELSE false END`],
      () => [{ ...with_, beginsWith: 'da' }, `starts_with(${at} #>> '{}', 'da')`],
    ])();
  }
  // A row by what is related to it: [input, SQL].
  relationFilter(table, alias, depth) {
    const { pick } = this, [name, relation] = pick(Object.entries(this.tables[table].relations));
    const child = `f${++this.aliases}`, on = relation.on(alias, child);
    const [inner, sql] = this.filterOf(relation.table, child, depth - 1);
    const exists = (condition, not) => `${not ? 'NOT ' : ''}EXISTS (SELECT FROM ${relation.table} ${child} WHERE ${on} AND (${condition || 'true'}))`;
    if (!relation.many) return [{ [name]: inner }, exists(sql)];
    return pick([
      () => [{ [name]: { some: inner } }, exists(sql)], () => [{ [name]: { none: inner } }, exists(sql, true)],
      () => [{ [name]: { every: inner } }, exists(`(${sql || 'true'}) IS NOT TRUE`, true)],
    ])();
  }
  compareFilter(table, alias) {
    const { pick } = this, [a, b] = this.columnPair(table), [name, sign] = pick([['eq', '='], ['ne', 'IS DISTINCT FROM'], ['lt', '<'], ['le', '<='], ['gt', '>'], ['ge', '>=']]);
    return [{ compare: { [a]: { [name]: b } } }, `${alias}.${a} ${sign} ${alias}.${b}`];
  }
  columnPair(table) {
    const group = this.pick(this.tables[table].compare);
    return [this.pick(group), this.pick(group)];
  }
  filterOf(table, alias, depth = 3) {
    const { chance, many, below, some } = this, { relations, compare, columns } = this.tables[table];
    if (depth > 0 && Object.keys(relations).length && chance(0.25)) return this.relationFilter(table, alias, depth);
    if (compare?.length && chance(0.08)) return this.compareFilter(table, alias);
    if (depth > 0 && chance(0.45)) {
      if (chance(0.3)) {
        const [inner, sql] = this.filterOf(table, alias, depth - 1);
        return [{ not: inner }, `(NOT (${sql}))`];
      }
      const parts = many(below(4), () => this.filterOf(table, alias, depth - 1)), or = chance(0.5);
      const sql = parts.map(x => `(${x[1]})`).join(or ? ' OR ' : ' AND ');
      return [{ [or ? 'or' : 'and']: parts.map(x => x[0]) }, parts.length ? `(${sql})` : String(!or)];
    }
    const input = {}, sql = [];
    for (const [column, kind] of some(Object.entries(columns)).slice(0, 2)) {
      const [one, text] = this.operator(kind, `${alias}.${column}`);
      input[column] = one; sql.push(`(${text})`);
    }
    return [input, sql.join(' AND ')];
  }
  // A total order: random columns, some of rows related to one, then what is left of the key in the last one's direction, as
  // the API completes it.
  orderOf(table, alias) {
    const { key } = this.tables[table], ways = ['ASC', 'DESC'];
    const ordered = name => Object.keys(this.tables[name].columns).filter(c => !['list', 'json'].includes(this.kinds[this.tables[name].columns[c]].family));
    const by = this.some(ordered(table)).slice(0, 2).map(column => ({ column, place: `${alias}.${column}`, input: inner => ({ [column]: inner }), way: this.pick(ways) }));
    const singles = Object.entries(this.tables[table].relations).filter(([, relation]) => !relation.many);
    if (singles.length && this.chance(0.3)) {
      const [name, relation] = this.pick(singles), child = `o${++this.aliases}`, column = this.pick(ordered(relation.table));
      by.splice(this.below(by.length + 1), 0, { place: `(SELECT ${child}.${column} FROM ${relation.table} ${child} WHERE ${relation.on(alias, child)})`, input: inner => ({ [name]: { [column]: inner } }), way: this.pick(ways) });
    }
    const rest = key.filter(column => !by.some(term => term.column === column)).map(column => ({ place: `${alias}.${column}`, way: by.at(-1).way }));
    return [by.map(({ input, way }) => input(way)), by.concat(rest).map(({ place, way }) => `${place} ${way}${this.nullsSmallest ? (way === 'ASC' ? ' NULLS FIRST' : ' NULLS LAST') : ''}`).join(', ')];
  }

  // One query: the text with its variables, and an SQL expression with the same answer as JSON.
  query() {
    this.variables = {}; this.declared = []; this.aliases = 0;
    const table = this.pick(Object.keys(this.tables)), [text, sql] = this.connection(table, 't0', 'true', 2);
    return { text: `query (${this.declared.join(', ')}) { r: ${this.tables[table].list}${text} }`, variables: this.variables, sql };
  }
  variable(type, value) {
    const name = `v${this.declared.length}`;
    this.declared.push(`$${name}: ${type}`); this.variables[name] = value;
    return `$${name}`;
  }
  selection(table, alias, depth) {
    const { columns, relations } = this.tables[table];
    const text = [], pairs = [];
    for (const [column, kind] of this.some(Object.entries(columns))) {
      const place = `${alias}.${column}`;
      text.push(column); pairs.push(`'${column}', ${this.kinds[kind].json?.(place) ?? place}`);
    }
    for (const [name, relation] of depth > 0 ? Object.entries(relations).filter(() => this.chance(0.4)) : []) {
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
    const args = [], limit = 1 + this.below(12), offset = this.chance(0.3) ? this.below(6) : 0, { type } = this.tables[table];
    const [order, orderSql] = this.orderOf(table, alias);
    args.push(`orderBy: ${this.variable(`[Model${type}OrderByInput!]`, order)}`, `limit: ${this.variable('Int', limit)}`);
    if (offset) args.push(`offset: ${offset}`);
    let where = on;
    if (this.chance(0.6)) {
      const [filter, sql] = this.filterOf(table, alias);
      args.push(`filter: ${this.variable(`Model${type}FilterInput`, filter)}`);
      where = `(${on}) AND (${sql})`;
    }
    const [inner, object] = this.selection(table, alias, depth), total = this.chance(0.4);
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

// Runs the queries, some at a time, beside their SQL; what differs, the smallest first. More servers than one
// have to answer with the same bytes.
export async function differences(servers, project, queries) {
  const [first, ...others] = [servers].flat();
  const expected = await project.sqlLines(queries.map(q => `SELECT (${q.sql})::jsonb;`));
  const wrong = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < queries.length; i = next++) {
      const { text, variables, sql } = queries[i];
      const [{ json, text: answer }, ...more] = await Promise.all([first, ...others].map(s => s.graphql(text, variables)));
      try {
        for (const other of more) assert.equal(other.text, answer);
        assert.deepEqual(json.errors, undefined);
        assert.deepEqual(plain(json.data.r), plain(JSON.parse(expected[i])));
      } catch (error) {
        wrong.push({ size: text.length + JSON.stringify(variables).length, report: `operation ${i}\n${text}\n${JSON.stringify(variables)}\n${sql}\n${error.message}` });
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return wrong.sort((a, b) => a.size - b.size);
}
